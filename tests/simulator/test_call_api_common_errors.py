"""Every method with each error of the common list once, over real HTTP and by its real cause."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from app.simulator.config import SimulatorConfig
from app.simulator.uis_api.methods import METHODS
from app.simulator.uis_api.refusals import COMMON_MNEMONICS, ERRORS
from tests.simulator.pbx_client import PbxDesk, pbx_desk
from tests.simulator.test_call_api_parameters import good_params

Message = dict[str, Any]


def without_id(message: Message) -> object:
    return {name: value for name, value in message.items() if name != "id"}


def with_params(**changed: object) -> Callable[[Message], object]:
    return lambda message: {**message, "params": {**message["params"], **changed}}


def without_first_parameter(message: Message) -> object:
    first = next(iter(message["params"]))
    return {**message, "params": {name: value for name, value in message["params"].items() if name != first}}


def first_of_wrong_type(message: Message) -> object:
    first = next(name for name in reversed(message["params"]))
    return {**message, "params": {**message["params"], first: None}}


SPOILT: dict[str, Callable[[Message], object]] = {
    "invalid_request": lambda message: {**message, "jsonrpc": "1.0"},
    "batch_opreations_not_supported": lambda message: [message],
    "notifications_not_supported": without_id,
    "required_parameter_missed": without_first_parameter,
    "unexpected_parameters": with_params(colour="red"),
    "data_type_error": first_of_wrong_type,
    "access_token_invalid": with_params(access_token="made-up"),
    "method_not_found": lambda message: {**message, "method": message["method"] + "s"},
}
PLANNED = frozenset({"internal_error", "invalid_parameter_value", "call_session_not_found", "auth_error"})
"""No single cause that every method has: asked for by the switch."""


def prepare(desk: PbxDesk, method: str, mnemonic: str) -> None:
    account = desk.simulator.account
    switches = account.switches
    if mnemonic in PLANNED:
        switches.refuse_next(method, mnemonic)
    elif mnemonic == "limit_exceeded":
        account.points.weights[method] = 5
    elif mnemonic == "component_disabled":
        switches.disabled_components = {METHODS[method].component}
    elif mnemonic == "forbidden":
        switches.forbidden_methods = {method}
    elif mnemonic == "ip_not_whitelisted":
        switches.is_ip_whitelisted = False
    elif mnemonic == "account_inactive":
        switches.is_account_active = False
    elif mnemonic == "access_token_expired":
        account.tokens.permanent_is_expired = True
    elif mnemonic == "access_token_blocked":
        account.tokens.permanent_is_blocked = True


def applies(method: str, mnemonic: str) -> bool:
    return method != "login.user" or not mnemonic.startswith("access_token")


async def reply_to(desk: PbxDesk, method: str, mnemonic: str | None) -> Any:
    """What the method answers to good parameters after the cause of the error came about; None: no cause."""
    message: Message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": good_params(desk, method)}
    if mnemonic is None:
        return await desk.send(message)
    prepare(desk, method, mnemonic)
    if mnemonic == "parse_error":
        return (await desk.post(json.dumps(message).encode()[:-1])).body
    return await desk.send(SPOILT[mnemonic](message) if mnemonic in SPOILT else message)


@pytest.mark.parametrize("mnemonic", sorted(COMMON_MNEMONICS))
async def test_each_method_refuses_with_each_common_error(mnemonic: str) -> None:
    for method in (name for name in METHODS if applies(name, mnemonic)):
        async with pbx_desk(SimulatorConfig(minute_limit=4)) as desk:
            error = (await reply_to(desk, method, mnemonic))["error"]
            seen = (method, error["data"]["mnemonic"], error["code"])
            assert seen == (method, mnemonic, ERRORS[mnemonic].code)


async def test_without_a_cause_no_method_answers_with_a_common_error() -> None:
    for method in METHODS:
        async with pbx_desk(SimulatorConfig(minute_limit=4)) as desk:
            reply = await reply_to(desk, method, None)
            mnemonic = reply["error"]["data"]["mnemonic"] if "error" in reply else "ok"
            assert mnemonic in ("ok", "call_session_not_found"), (method, mnemonic)
