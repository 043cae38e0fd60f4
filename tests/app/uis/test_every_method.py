"""A table over real HTTP: every method with each error of its own and each common one once, and each of its parameters
missing, of a wrong type and besides an unknown one. What comes out is our error: class, code, vendor's code, facts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import msgspec
import pytest

from app.errors import LimitExceeded, PultError, Refused
from app.http import HttpSession, PointsLimits
from app.simulator.pbx.call import SessionState as S
from app.simulator.uis_api.methods import METHODS
from app.uis import rpc
from app.uis.errors import KINDS, refusal_of
from app.uis.rpc import BODY_CAP
from app.uis.wire import ErrorWire, read_reply
from tests.app.telephony.stack import ME, PbxStack, open_stack
from tests.app.uis.every_method import (
    COMMON,
    CONTACT,
    GOOD,
    NEEDS,
    OWN_ERRORS,
    PARAMETERS,
    PROVOKED,
    TOLD,
    WRONG_TYPE,
    Provoked,
    with_value,
    without,
)

EVERY_METHOD = sorted(PARAMETERS)
SPELLINGS = {"batch_opreations_not_supported": "batch_operations_not_supported"}


@dataclass(frozen=True)
class Bench:
    """One account with a call in some state, and a good request of each method."""

    stack: PbxStack
    call_session_id: int
    leg_id: int

    def good(self, method: str) -> dict[str, object]:
        """Every parameter of the method, also the optional ones."""
        config = self.stack.simulator.config
        own = {
            "access_token": config.permanent_token,
            "call_session_id": self.call_session_id,
            "leg_id": self.leg_id,
            "login": config.login,
            "password": config.password,
            "first_call": "operator" if method == "start.simple_call" else "employee",
            "direction": "in" if method == "list.calls" else "out",
        }
        names = {dotted.partition(".")[0] for dotted in PARAMETERS[method]}
        return {name: own.get(name, GOOD.get(name)) for name in sorted(names)}

    async def ask(self, method: str, params: Mapping[str, object]) -> object:
        """The decoded `data`; raises what our client raises."""
        return msgspec.json.decode(await self.stack.client.signed_in.rpc.exchange(method, params))

    async def ask_with_a_bad_byte(self, method: str, params: Mapping[str, object]) -> None:
        """As `ask`, with a byte in the contact or the number that is no UTF-8. Our own encoder would refuse."""
        http = HttpSession(user_agent="pult-tests", clock=self.stack.clock)
        request = {"jsonrpc": "2.0", "id": "t1", "method": method, "params": {**params, "external_id": "BAD"}}
        body = msgspec.json.encode(request).replace(b"BAD", b"\xff\xfe")
        try:
            reply = await http.post_json(self.stack.simulator.pbx_url, body, deadline_s=5.0, body_cap=BODY_CAP)
            self.stack.client.signed_in.rpc.take(method, read_reply(reply.body, reply.http_status))
        finally:
            await http.aclose()

    async def error_of(self, method: str, params: Mapping[str, object]) -> PultError:
        with pytest.raises(PultError) as raised:
            await self.ask(method, params)
        return raised.value


@asynccontextmanager
async def bench(state: S = S.TALK, employee_id: int = ME) -> AsyncIterator[Bench]:
    async with open_stack(start=False, permanent=True) as stack:
        pbx, commands = stack.simulator.pbx, stack.simulator.account.commands
        call = pbx.call(pbx.ring_in(CONTACT, employees=[employee_id]))
        pbx.answer(call.call_session_id, employee_id)
        if state is not S.TALK:
            commands.hold(call, ("media", "2561"))
        if state is S.OPERATOR_TALK:
            commands.call_third_party(call, "102", None)
            pbx.colleague_answers(call.call_session_id)
        leg = call.leg_of_employee(employee_id)
        assert leg is not None
        pbx.directory.block("79990001122", stack.simulator.pbx.schedule.wall_now(), "tests")
        yield Bench(stack, call.call_session_id, leg.leg_id)


def expect(error: PultError, method: str, mnemonic: str, code: int, told: Mapping[str, object]) -> None:
    """Our error says everything that the PBX said."""
    known = SPELLINGS.get(mnemonic, mnemonic)
    assert (type(error), error.code) == (KINDS[known], known)
    if isinstance(error, Refused):
        assert error.vendor_code == code
        assert error.vendor_message
    assert error.params.items() >= {"method": method, **told}.items()


def test_the_table_has_every_method_and_every_error() -> None:
    assert set(PARAMETERS) == set(OWN_ERRORS) == set(METHODS)
    assert len(PARAMETERS) == 22
    provoked: dict[str, set[str]] = {method: set() for method in OWN_ERRORS}
    for row in PROVOKED:
        provoked[row.method].add(row.mnemonic)
    assert provoked == {method: set(own) for method, own in OWN_ERRORS.items()}


@pytest.mark.parametrize("method", EVERY_METHOD)
async def test_a_good_request_with_every_parameter_is_taken(method: str) -> None:
    async with bench(NEEDS.get(method, S.TALK)) as desk:
        data = await desk.ask(method, desk.good(method))
        assert (
            data if method.startswith(("start.", "login", "list")) else data in ({"success": "true"}, {"success": True})
        )


@pytest.mark.parametrize("row", PROVOKED, ids=lambda row: f"{row.method} {row.mnemonic}")
async def test_each_own_error_brought_about_for_real(row: Provoked) -> None:
    async with bench(row.state, row.employee_id) as desk:
        given = {**desk.good(row.method), **row.changed}
        if row.mnemonic == "invalid_parameters_combination":
            given["first_call"] = "contact"
        params = {name: value for name, value in given.items() if value is not None}
        if row.twice:
            await desk.ask(row.method, params)
        if row.is_raw:
            with pytest.raises(PultError) as raised:
                await desk.ask_with_a_bad_byte(row.method, params)
            error = raised.value
        else:
            error = await desk.error_of(row.method, params)
        expect(error, row.method, row.mnemonic, row.code, row.told)
        assert len(desk.stack.simulator.journal.entries_of(row.method)) == (2 if row.twice else 1)


@pytest.mark.parametrize("mnemonic", sorted(COMMON))
@pytest.mark.parametrize("method", EVERY_METHOD)
async def test_each_common_error_of_each_method(method: str, mnemonic: str) -> None:
    async with bench(NEEDS.get(method, S.TALK)) as desk:
        desk.stack.simulator.account.switches.refuse_next(method, mnemonic, TOLD.get(mnemonic))
        error = await desk.error_of(method, desk.good(method))
        told = {name: str(value) for name, value in TOLD.get(mnemonic, {}).items()}
        expect(error, method, mnemonic, COMMON[mnemonic], told)
        assert isinstance(error, LimitExceeded) is (mnemonic == "limit_exceeded")
        if isinstance(error, LimitExceeded):
            assert error.resets_in_s is not None
        assert [entry.outcome for entry in desk.stack.simulator.journal.entries] == [f"error:{mnemonic}"]


@pytest.mark.parametrize("method", EVERY_METHOD)
async def test_each_required_parameter_missing_once(method: str) -> None:
    async with bench(NEEDS.get(method, S.TALK)) as desk:
        good = desk.good(method)
        for dotted, (_, is_required) in PARAMETERS[method].items():
            if is_required:
                error = await desk.error_of(method, without(good, dotted))
                expect(error, method, "required_parameter_missed", -32602, {"field": dotted})


@pytest.mark.parametrize("method", EVERY_METHOD)
async def test_each_parameter_of_a_wrong_type_once(method: str) -> None:
    async with bench(NEEDS.get(method, S.TALK)) as desk:
        good = desk.good(method)
        for dotted, (kind, _) in PARAMETERS[method].items():
            error = await desk.error_of(method, with_value(good, dotted, WRONG_TYPE[kind]))
            expect(error, method, "data_type_error", -32602, {"field": dotted})


@pytest.mark.parametrize("method", EVERY_METHOD)
async def test_a_parameter_too_many_at_each_place_once(method: str) -> None:
    async with bench(NEEDS.get(method, S.TALK)) as desk:
        good = desk.good(method)
        places = ["", *(name for name, (kind, _) in PARAMETERS[method].items() if kind == "object")]
        for place in places:
            dotted = f"{place}.colour".lstrip(".")
            error = await desk.error_of(method, with_value(good, dotted, "red"))
            expect(error, method, "unexpected_parameters", -32602, {"field": dotted})
        assert desk.stack.simulator.journal.entries_of(method)[-1].effects == ()


async def test_a_client_that_goes_by_the_code_alone_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: a code is only a group, and the table above goes red."""

    def by_code(error: ErrorWire, limits: PointsLimits | None, method: str) -> PultError:
        return refusal_of(msgspec.structs.replace(error, mnemonic=""), limits, method)

    monkeypatch.setattr(rpc, "refusal_of", by_code)
    async with bench() as desk:
        error = await desk.error_of("tag.call", {**desk.good("tag.call"), "tag_id": 9})
        with pytest.raises(AssertionError):
            expect(error, "tag.call", "tag_not_found", -32602, {"tag_id": "9"})
