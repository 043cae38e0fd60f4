"""Every method with each error of its own list once, over real HTTP, with the method's own code and the filled text."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from app.simulator.config import SimulatorConfig
from app.simulator.pbx.directory import CallScenario, TalkOption
from app.simulator.uis_api.methods import METHODS, methods_of
from tests.simulator.pbx_client import (
    CALLER,
    COACH,
    HOLD_MESSAGE,
    LINE,
    ME,
    RECORDED,
    START_ARGUMENTS,
    PbxDesk,
    pbx_desk,
)

Prepare = Callable[[PbxDesk], Awaitable[dict[str, object]]]
NOT_MEDIA: dict[str, object] = {"contact_message": {"type": "media", "value": "1"}}
TOO_LONG: dict[str, object] = {"contact_message": {"type": "tts", "value": "ш" * 11}}
BAD_BYTES = "bad bytes"
MESSAGE = "contact_message.value"
NOT_UTF_8 = "The character encoding must be UTF-8"


@dataclass(frozen=True)
class Refusal:
    """What has to be sent, in which world, and what comes back."""

    code: int
    text: str
    sent: dict[str, object] = field(default_factory=dict)
    prepare: Prepare | None = None
    named: str | None = None


async def blocked(desk: PbxDesk) -> dict[str, object]:
    desk.world.directory.block(CALLER, desk.simulator.clock.now(), "test")
    return {}


async def no_scenario(desk: PbxDesk) -> dict[str, object]:
    desk.world.directory.scenarios[5001] = CallScenario(5001, "Без номера", (), (ME,))
    return {}


async def talking(desk: PbxDesk) -> dict[str, object]:
    return {"call_session_id": desk.talk()}


async def talking_recorded(desk: PbxDesk) -> dict[str, object]:
    return {"call_session_id": desk.talk(employee_id=RECORDED)}


async def talking_without_coach(desk: PbxDesk) -> dict[str, object]:
    return {"call_session_id": desk.talk(employee_id=COACH)}


async def tagged(desk: PbxDesk) -> dict[str, object]:
    call = desk.talk()
    await desk.data("tag.call", call_session_id=call, tag_id=254)
    return {"call_session_id": call}


async def recorded(desk: PbxDesk) -> dict[str, object]:
    call = desk.talk()
    await desk.data("record.call", call_session_id=call, action="on")
    return {"call_session_id": call}


async def talking_to_blocked(desk: PbxDesk) -> dict[str, object]:
    call = desk.talk()
    await blocked(desk)
    return {"call_session_id": call}


async def ringing(desk: PbxDesk) -> dict[str, object]:
    return {"call_session_id": desk.world.ring_in(CALLER, employees=[ME])}


async def held(desk: PbxDesk) -> dict[str, object]:
    return {"call_session_id": await desk.held()}


async def broken_option(desk: PbxDesk) -> dict[str, object]:
    desk.world.directory.talk_options.append(TalkOption("9", "tag_call", "Тег, которого нет", 999, "?"))
    return {"call_session_id": desk.talk()}


def start_errors(blacklist_code: int) -> dict[str, Refusal]:
    return {
        "tts_text_exceeded": Refusal(
            -32602,
            "The maximum length of Text-to-Speech message is 10. The length of your message is 11",
            TOO_LONG,
            named=MESSAGE,
        ),
        "media_file_not_found": Refusal(-32602, "The media file with id 1 not found", NOT_MEDIA, named=MESSAGE),
        "virtual_phone_number_not_found": Refusal(
            -32007,
            "Virtual phone number 74950000000 not found. It is not your virtual phone number.",
            {"virtual_phone_number": "74950000000"},
            named="virtual_phone_number",
        ),
        "own_virtual_phone_number_not_allowed": Refusal(
            -32602, "Parameter `contact` can not contain own virtual phone number", {"contact": LINE}, named="contact"
        ),
        "contact_in_blacklist": Refusal(
            blacklist_code, f"The contact {CALLER} has been found in the blacklist", {}, blocked, "contact"
        ),
        "character_encoding_not_allowed": Refusal(-32602, NOT_UTF_8, {"external_id": BAD_BYTES}),
    }


COMBINATION = Refusal(
    -32602, "The combination of parameters is not permitted", {"early_switching": True}, named="early_switching"
)
WRONG_STATE = Refusal(-32004, "This method can not be called in this state", prepare=ringing)
NO_PHONE = "The phone number does not exist or inactive"
OWN_ERRORS: dict[str, dict[str, Refusal]] = {
    "login.user": {"auth_error": Refusal(-32001, "Login or password is wrong", {"login": "x", "password": "y"})},
    "logout.user": {},
    "list.calls": {},
    "list.talk_options": {},
    "send.dtmf": {},
    "release.call": {},
    "start.employee_call": {
        **start_errors(-32002),
        "employee_not_found": Refusal(
            -32602,
            "Employee with id 7 not found. It is not your employee.",
            {"employee": {"id": 7}},
            named="employee.id",
        ),
        "no_active_phone_number": Refusal(-32602, NO_PHONE, {"employee": {"id": 2006}}, named="employee.id"),
        "invalid_parameters_combination": COMBINATION,
    },
    "start.scenario_call": {
        **start_errors(-32602),
        "scenario_not_found": Refusal(-32602, "Scenario with id 7 not found", {"scenario_id": 7}, named="scenario_id"),
        "invalid_parameters_combination": COMBINATION,
    },
    "start.vnumber_call": {
        **start_errors(-32602),
        "scenario_not_found": Refusal(
            -32007, "Virtual phone number does not have a scenario", {}, no_scenario, "virtual_phone_number"
        ),
        "invalid_parameters_combination": COMBINATION,
    },
    "start.informer_call": start_errors(-32602),
    "start.simple_call": {**start_errors(-32002), "invalid_parameters_combination": COMBINATION},
    "hold.call": {
        "invalid_state": Refusal(WRONG_STATE.code, WRONG_STATE.text, {"contact_message": HOLD_MESSAGE}, ringing),
        "media_file_not_found": Refusal(-32602, "The media file with id 1 not found", NOT_MEDIA, talking, MESSAGE),
        "tts_text_exceeded": Refusal(
            -32602,
            "The maximum length of Text-to-Speech message is 10. The length of your message is 11",
            TOO_LONG,
            talking,
            MESSAGE,
        ),
        "character_encoding_not_allowed": Refusal(
            -32602,
            NOT_UTF_8,
            {"contact_message": {"type": "tts", "value": BAD_BYTES}},
            talking,
        ),
    },
    "unhold.call": {"invalid_state": WRONG_STATE},
    "transfer.talk": {"invalid_state": WRONG_STATE},
    "restore.talk": {"invalid_state": WRONG_STATE},
    "make.call": {
        "invalid_state": Refusal(WRONG_STATE.code, WRONG_STATE.text, {"to": "102"}, ringing),
        "no_active_phone_number": Refusal(-32602, NO_PHONE, {"to": "106"}, held, "to"),
        "character_encoding_not_allowed": Refusal(-32602, NOT_UTF_8, {"to": BAD_BYTES}, held),
    },
    "tag.call": {
        "tag_not_found": Refusal(-32602, "Tag with 999 not found", {"tag_id": 999}, talking, "tag_id"),
        "duplicate_tag": Refusal(-32602, "Duplicate tag", {"tag_id": 254}, tagged, "tag_id"),
    },
    "disconnect.leg": {"leg_not_found": Refusal(-32602, "The call's leg not found", {"leg_id": 1}, talking, "leg_id")},
    "add.coach": {
        "coach_not_found": Refusal(-32602, "The coach not found in your settings", {}, talking_without_coach),
        "no_active_phone_number": Refusal(-32602, NO_PHONE, {"phone_number": "106"}, talking, "phone_number"),
    },
    "record.call": {
        "forbidden": Refusal(-32003, "Permission denied", {"action": "off"}, talking_recorded, "action"),
        "record_already_started": Refusal(
            -32602, "The call record is already started", {"action": "on"}, recorded, "action"
        ),
        "record_already_stopped": Refusal(
            -32602, "The call record is not enabled", {"action": "off"}, talking, "action"
        ),
    },
    "block.contact": {
        "duplicate_contact": Refusal(
            -32602, f"The contact with phone number {CALLER} already exists", {}, talking_to_blocked
        )
    },
    "call.talk_option": {
        "invalid_state": Refusal(WRONG_STATE.code, WRONG_STATE.text, {"button": "1"}, ringing),
        "internal_error": Refusal(
            -32603, "Internal error, contact the support service", {"button": "9"}, broken_option
        ),
        "forbidden": Refusal(-32003, "Permission denied", {"button": "2"}, talking_recorded),
        "call_session_not_found": Refusal(
            -32602, "Call session not found", {"button": "1", "call_session_id": 77}, named="call_session_id"
        ),
        "talk_option_not_found": Refusal(-32602, "Talk option not found", {"button": "8"}, talking, "button"),
    },
}


async def refused_with(desk: PbxDesk, method: str, refusal: Refusal) -> Any:
    """The whole reply to what the refusal says has to be sent."""
    params = {**START_ARGUMENTS.get(method, {}), **refusal.sent}
    if refusal.prepare is not None:
        params |= await refusal.prepare(desk)
    if method == "login.user":
        return await desk.call_with(method, params)
    if BAD_BYTES not in str(params):
        return await desk.call(method, **params)
    reply = await desk.call(method, **params)
    assert "error" not in reply or reply["error"]["data"]["mnemonic"] != "character_encoding_not_allowed"
    named = {"access_token": desk.simulator.config.permanent_token, **params}
    body = desk.encoded(method, named).replace(BAD_BYTES.encode(), b"\xff\xfe")
    return (await desk.post(body)).body


def test_the_table_has_every_error_of_every_method() -> None:
    assert {method: set(refusals) for method, refusals in OWN_ERRORS.items()} == {
        method: set(row.errors) for method, row in METHODS.items()
    }


@pytest.mark.parametrize(
    ("method", "mnemonic"), [(method, mnemonic) for method, errors in OWN_ERRORS.items() for mnemonic in sorted(errors)]
)
async def test_each_method_refuses_with_each_of_its_own_errors(method: str, mnemonic: str) -> None:
    refusal = OWN_ERRORS[method][mnemonic]
    async with pbx_desk(SimulatorConfig(tts_max_length=10 if mnemonic == "tts_text_exceeded" else 1000)) as desk:
        reply = await refused_with(desk, method, refusal)
        error = reply["error"]
        assert (error["data"]["mnemonic"], error["code"], error["message"]) == (mnemonic, refusal.code, refusal.text)
        assert error["data"].get("field") == refusal.named
        assert not desk.simulator.journal.entries[-1].effects


@pytest.mark.parametrize("method", sorted(START_ARGUMENTS))
async def test_without_the_cause_the_same_start_succeeds(method: str) -> None:
    async with pbx_desk() as desk:
        assert await desk.mnemonic(method, **START_ARGUMENTS[method]) == "ok"


@pytest.mark.parametrize("edition", [2017, 2026])
async def test_a_planned_refusal_has_the_methods_own_code_too(edition: int) -> None:
    async with pbx_desk(SimulatorConfig(edition=edition)) as desk:
        codes = {}
        for method, row in methods_of(edition).items():
            if "contact_in_blacklist" in row.errors:
                desk.simulator.account.switches.refuse_next(method, "contact_in_blacklist", {"contact": CALLER})
                reply = await desk.call(method, **START_ARGUMENTS[method])
                codes[method] = reply["error"]["code"]
        assert codes == {
            "start.employee_call": -32002,
            "start.simple_call": -32002,
            "start.scenario_call": -32602,
            "start.vnumber_call": -32602,
            "start.informer_call": -32602,
        }


@pytest.mark.parametrize(
    ("first_call", "switch_at_once", "expected"),
    [
        ("employee", True, "ok"),
        ("employee", False, "invalid_parameters_combination"),
        ("contact", True, "invalid_parameters_combination"),
        ("contact", False, "invalid_parameters_combination"),
    ],
)
async def test_early_switching_needs_our_side_first_and_switching_at_once(
    first_call: str, switch_at_once: bool, expected: str
) -> None:
    async with pbx_desk() as desk:
        for method in ("start.employee_call", "start.simple_call", "start.scenario_call", "start.vnumber_call"):
            word = "operator" if first_call == "employee" and method == "start.simple_call" else first_call
            sent = {"first_call": word, "switch_at_once": switch_at_once, "early_switching": True}
            assert await desk.mnemonic(method, **{**START_ARGUMENTS[method], **sent}) == expected
            assert await desk.mnemonic(method, **{**START_ARGUMENTS[method], **sent, "early_switching": False}) == "ok"


async def test_a_start_needs_its_own_component() -> None:
    needed = {
        "start.employee_call": "base",
        "start.vnumber_call": "base",
        "start.simple_call": "base",
        "start.scenario_call": "scenario",
        "start.informer_call": "informer",
    }
    async with pbx_desk() as desk:
        for component in ("base", "control", "scenario", "informer"):
            desk.simulator.account.switches.disabled_components = {component}
            for method, own in needed.items():
                expected = "component_disabled" if own == component else "ok"
                assert await desk.mnemonic(method, **START_ARGUMENTS[method]) == expected
