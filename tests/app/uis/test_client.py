"""Every operation over real HTTP: what it does, every error it can meet, and never twice."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import pytest

from app.domain.calls import CallSessionId
from app.errors import LinkDown, OutcomeUnknown, PultError, Refused, SignInRefused
from app.http import HttpReply
from app.simulator.config import SimulatorConfig
from app.simulator.faults import (
    BlackHole,
    DropBefore,
    Fault,
    HalfReply,
    HtmlPage,
    HttpError,
    HugeBody,
    LoseReply,
    Mutate,
    ResetMidReply,
    Status200Error,
)
from app.simulator.pbx.call import SessionState
from app.simulator.uis_api.methods import METHODS
from app.simulator.uis_api.refusals import COMMON_MNEMONICS
from app.uis.client import UisClient
from app.uis.errors import KINDS
from app.uis.rpc import DEADLINE_S, JsonRpc
from app.uis.sign_in import RENEWABLE_REFUSALS
from app.uis.wire import MessageWire
from tests.app.telephony.stack import CONTACT, ME, MOSCOW, PbxStack, open_stack
from tests.helpers.guards import ExpectedLog

MUSIC = MessageWire("media", "2561")


@dataclass(frozen=True)
class Operation:
    """One typed method, the state it needs, and how to see that it was done."""

    method: str
    send: Callable[[UisClient, int, int], Awaitable[object]]
    needs: SessionState = SessionState.TALK
    is_done: Callable[[PbxStack, int], bool] = lambda _, __: True


def _state(*states: SessionState) -> Callable[[PbxStack, int], bool]:
    return lambda stack, call_session_id: stack.simulator.pbx.call(call_session_id).session_state in states


S = SessionState
COMMANDS = [
    Operation("hold.call", lambda c, call, _: c.hold_call(call, MUSIC), S.TALK, _state(S.HOLD)),
    Operation("unhold.call", lambda c, call, _: c.unhold_call(call), S.HOLD, _state(S.TALK)),
    Operation("make.call", lambda c, call, _: c.make_call(call, "102", MUSIC), S.HOLD, _state(S.DIALING)),
    Operation("transfer.talk", lambda c, call, _: c.transfer_talk(call), S.OPERATOR_TALK, _state(S.TALK)),
    Operation("restore.talk", lambda c, call, _: c.restore_talk(call), S.OPERATOR_TALK, _state(S.TALK)),
    Operation(
        "tag.call",
        lambda c, call, _: c.tag_call(call, 254),
        is_done=lambda stack, call: [tag.tag_id for tag in stack.simulator.pbx.call(call).tags] == [254],
    ),
    Operation(
        "record.call",
        lambda c, call, _: c.record_call(call, "on"),
        is_done=lambda stack, call: stack.simulator.pbx.call(call).is_recorded,
    ),
    Operation(
        "send.dtmf",
        lambda c, call, _: c.send_dtmf(call, "#"),
        is_done=lambda stack, call: stack.simulator.pbx.call(call).dtmf == "#",
    ),
    Operation(
        "add.coach",
        lambda c, call, _: c.add_coach(call),
        is_done=lambda stack, call: len(stack.simulator.pbx.call(call).legs) == 3,
    ),
    Operation(
        "disconnect.leg", lambda c, call, leg: c.disconnect_leg(call, leg), is_done=_state(S.FINISHED, S.POST_TALK)
    ),
    Operation("release.call", lambda c, call, _: c.release_call(call), is_done=_state(S.FINISHED)),
    Operation(
        "block.contact",
        lambda c, call, _: c.block_contact(call),
        is_done=lambda stack, _: stack.simulator.pbx.directory.is_blocked(CONTACT),
    ),
    Operation(
        "call.talk_option",
        lambda c, call, _: c.call_talk_option(call, "1"),
        is_done=lambda stack, call: [tag.tag_id for tag in stack.simulator.pbx.call(call).tags] == [254],
    ),
]
READS = [
    Operation("list.calls", lambda c, _, __: c.list_calls({}, MOSCOW)),
    Operation("list.talk_options", lambda c, _, __: c.list_talk_options()),
]
ERRORS = [
    (operation, mnemonic)
    for operation in COMMANDS + READS
    for mnemonic in sorted(METHODS[operation.method].errors | COMMON_MNEMONICS)
]
UNANSWERED: list[Fault] = [
    LoseReply(),
    ResetMidReply(),
    HalfReply(),
    BlackHole(before_effect=False),
    HttpError(500, before_effect=False),
    HtmlPage(before_effect=False),
    Status200Error(before_effect=False),
    Mutate(lambda body: body.replace(b'"true"', b'"yes"')),
    HugeBody(3 * 1024 * 1024),
]


async def ready_call(stack: PbxStack, state: SessionState) -> tuple[CallSessionId, int]:
    """A call in that state and my leg in it; made on the simulator's side."""
    pbx, commands = stack.simulator.pbx, stack.simulator.account.commands
    call_session_id = pbx.ring_in(CONTACT, employees=[ME])
    pbx.answer(call_session_id, ME)
    call = pbx.call(call_session_id)
    if state is not S.TALK:
        commands.hold(call, ("media", "2561"))
    if state is S.OPERATOR_TALK:
        commands.call_third_party(call, "102", None)
        pbx.colleague_answers(call_session_id)
    leg = call.leg_of_employee(ME)
    assert leg is not None
    return CallSessionId(call_session_id), leg.leg_id


def _names(value: object) -> str:
    return value.method if isinstance(value, Operation) else str(value)


@pytest.mark.parametrize("operation", COMMANDS, ids=_names)
async def test_each_command_is_done_once(operation: Operation) -> None:
    async with open_stack(start=False) as stack:
        call_session_id, leg_id = await ready_call(stack, operation.needs)
        await operation.send(stack.client, call_session_id, leg_id)
        assert operation.is_done(stack, call_session_id)
        (entry,) = stack.simulator.journal.entries_of(operation.method)
        assert entry.outcome == "ok"
        assert re.fullmatch(rf"2001-[0-9a-z]+-\d+-{re.escape(operation.method)}", entry.request_id or "")


@pytest.mark.parametrize(("operation", "mnemonic"), ERRORS, ids=_names)
async def test_each_error_of_each_method_has_its_type_and_is_not_repeated(operation: Operation, mnemonic: str) -> None:
    async with open_stack(start=False, permanent=True) as stack:
        call_session_id, leg_id = await ready_call(stack, operation.needs)
        stack.simulator.account.switches.refuse_next(operation.method, mnemonic)
        with pytest.raises(PultError) as raised:
            await operation.send(stack.client, call_session_id, leg_id)
        code = mnemonic.replace("opreations", "operations")
        assert (type(raised.value), raised.value.code) == (KINDS[code], code)
        assert raised.value.params["method"] == operation.method
        assert len(stack.simulator.journal.entries_of(operation.method)) == 1


def _deadline_of(fault: Fault) -> float:
    """Short where nothing would ever come; otherwise a busy machine has time to connect."""
    return 0.5 if isinstance(fault, BlackHole) else DEADLINE_S


@pytest.mark.parametrize("fault", UNANSWERED, ids=lambda fault: fault.name)
@pytest.mark.parametrize("operation", COMMANDS, ids=_names)
async def test_a_command_without_an_answer_is_unknown_and_sent_once(operation: Operation, fault: Fault) -> None:
    async with open_stack(start=False, permanent=True, deadline_s=_deadline_of(fault)) as stack:
        call_session_id, leg_id = await ready_call(stack, operation.needs)
        stack.simulator.faults.add(fault, operation=operation.method)
        with pytest.raises(OutcomeUnknown):
            await operation.send(stack.client, call_session_id, leg_id)
        assert len(stack.simulator.journal.entries_of(operation.method)) == 1
        assert operation.is_done(stack, call_session_id)


async def test_a_client_that_repeats_would_press_the_key_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: with a retry of lost replies the count above is not one."""
    post_once = JsonRpc.post

    async def post(rpc: JsonRpc, method: str, params: Mapping[str, object], body_cap: int) -> HttpReply:
        try:
            return await post_once(rpc, method, params, body_cap)
        except OutcomeUnknown:
            return await post_once(rpc, method, params, body_cap)

    monkeypatch.setattr(JsonRpc, "post", post)
    async with open_stack(start=False, permanent=True) as stack:
        call_session_id, _ = await ready_call(stack, S.TALK)
        stack.simulator.faults.add(LoseReply(), operation="send.dtmf")
        await stack.client.send_dtmf(call_session_id, "5")
        assert stack.simulator.pbx.call(call_session_id).dtmf == "55"
        assert len(stack.simulator.journal.entries_of("send.dtmf")) == 2


async def test_a_command_that_cannot_leave_is_not_sent() -> None:
    async with open_stack(start=False, permanent=True) as stack:
        call_session_id, _ = await ready_call(stack, S.TALK)
        stack.simulator.set_down("pbx", True)
        with pytest.raises(LinkDown):
            await stack.client.release_call(call_session_id)
        with pytest.raises(LinkDown):
            await stack.client.hold_call(call_session_id, MessageWire("tts", "half a pair \ud800"))
        assert stack.simulator.journal.entries == []


PROVOKED: list[tuple[str, SessionState, Callable[[UisClient, int], Awaitable[object]], str]] = [
    ("hold twice", S.HOLD, lambda c, call: c.hold_call(call, MUSIC), "invalid_state"),
    ("retrieve in talk", S.TALK, lambda c, call: c.unhold_call(call), "invalid_state"),
    ("consult before hold", S.TALK, lambda c, call: c.make_call(call, "102"), "invalid_state"),
    ("transfer in talk", S.TALK, lambda c, call: c.transfer_talk(call), "invalid_state"),
    ("restore in talk", S.TALK, lambda c, call: c.restore_talk(call), "invalid_state"),
    ("no such music", S.TALK, lambda c, call: c.hold_call(call, MessageWire("media", "1")), "media_file_not_found"),
    ("a long text", S.TALK, lambda c, call: c.hold_call(call, MessageWire("tts", "а" * 1001)), "tts_text_exceeded"),
    ("nobody there", S.HOLD, lambda c, call: c.make_call(call, "999"), "no_active_phone_number"),
    ("a plus", S.HOLD, lambda c, call: c.make_call(call, "+79161234568"), "invalid_parameter_value"),
    ("no such tag", S.TALK, lambda c, call: c.tag_call(call, 1), "tag_not_found"),
    ("not recorded", S.TALK, lambda c, call: c.record_call(call, "off"), "record_already_stopped"),
    ("no such leg", S.TALK, lambda c, call: c.disconnect_leg(call, 1), "leg_not_found"),
    ("two keys at once", S.TALK, lambda c, call: c.send_dtmf(call, "12"), "invalid_parameter_value"),
    ("no such call", S.TALK, lambda c, call: c.release_call(call + 1), "call_session_not_found"),
    ("no such option", S.TALK, lambda c, call: c.call_talk_option(call, "9"), "talk_option_not_found"),
    ("an option on hold", S.HOLD, lambda c, call: c.call_talk_option(call, "1"), "invalid_state"),
    ("no such coach", S.TALK, lambda c, call: c.add_coach(call, "999"), "no_active_phone_number"),
]


@pytest.mark.parametrize(("state", "send", "code"), [row[1:] for row in PROVOKED], ids=[row[0] for row in PROVOKED])
async def test_errors_the_pbx_finds_by_itself(
    state: SessionState, send: Callable[[UisClient, int], Awaitable[object]], code: str
) -> None:
    async with open_stack(start=False, permanent=True) as stack:
        call_session_id, _ = await ready_call(stack, state)
        with pytest.raises(Refused) as raised:
            await send(stack.client, call_session_id)
        assert raised.value.code == code
        assert raised.value.vendor_message


async def test_doing_twice_what_is_done_is_refused() -> None:
    async with open_stack(start=False, permanent=True) as stack:
        call_session_id, _ = await ready_call(stack, S.TALK)
        await stack.client.tag_call(call_session_id, 254)
        with pytest.raises(Refused, match="duplicate_tag"):
            await stack.client.tag_call(call_session_id, 254)
        await stack.client.record_call(call_session_id, "on")
        with pytest.raises(Refused, match="record_already_started"):
            await stack.client.record_call(call_session_id, "on")
        await stack.client.record_call(call_session_id, "off")
        await stack.client.block_contact(call_session_id)
        with pytest.raises(Refused, match="duplicate_contact"):
            await stack.client.block_contact(call_session_id)


async def test_talk_options_come_as_they_are() -> None:
    async with open_stack(start=False) as stack:
        options = await stack.telephony.list_talk_options()
        shown = [(option.button, option.mnemonic, option.value) for option in options]
        assert shown[:2] == [("1", "tag_call", "Целевой"), ("2", "record_talk", "")]


async def test_the_body_cap_of_lists_is_larger_than_that_of_commands(expected_log: ExpectedLog) -> None:
    async with open_stack(start=False) as stack:
        spaces = Mutate(lambda body: body + b" " * (3 * 1024 * 1024))
        stack.simulator.faults.add(spaces, operation="list.calls")
        assert (await stack.telephony.list_calls()).calls == ()
        stack.simulator.faults.add(spaces, operation="list.talk_options")
        with pytest.raises(OutcomeUnknown, match="reply_too_large"):
            await stack.telephony.list_talk_options()
        stack.simulator.faults.add(HugeBody(17 * 1024 * 1024), operation="list.calls")
        with pytest.raises(OutcomeUnknown, match="reply_too_large"):
            await stack.telephony.list_calls()


async def test_a_thousand_calls_are_read_on_a_thread_and_keep_their_identity() -> None:
    async with open_stack(start=False) as stack:
        for number in range(1000):
            stack.simulator.pbx.ring_in(f"7916{number:07}", employees=[ME])
        first = (await stack.telephony.list_calls()).calls
        second = (await stack.telephony.list_calls()).calls
        assert len(first) == 1000
        assert all(before is after for before, after in zip(first, second, strict=True))


async def test_limits_of_replies_reach_the_budget_and_so_does_exhaustion() -> None:
    async with open_stack(SimulatorConfig(minute_limit=2, weights={"tag.call": 1}), start=False) as stack:
        call_session_id, _ = await ready_call(stack, S.TALK)
        await stack.client.tag_call(call_session_id, 254)
        assert stack.points.remaining.minute_remaining == 1
        await stack.client.tag_call(call_session_id, 255)
        with pytest.raises(Refused) as raised:
            await stack.client.tag_call(call_session_id, 256)
        assert dict(raised.value.params) | {"method": ""} == {
            "method": "",
            "limit_type": "minute",
            "limit_max_value": "2",
        }
        assert not stack.points.can_spend("command")


async def test_a_deprecated_version_is_told_once(expected_log: ExpectedLog) -> None:
    expected_log("will be switched off")
    async with open_stack(start=False) as stack:
        stack.simulator.account.switches.is_version_deprecated = True
        for _ in range(3):
            await stack.telephony.list_calls()
    told = [record for record in expected_log.records if "switched off" in record.message]
    assert len(told) == 1


async def test_null_ids_in_errors_do_not_matter() -> None:
    async with open_stack(start=False) as stack:
        stack.simulator.account.switches.has_null_error_ids = True
        with pytest.raises(Refused, match="call_session_not_found"):
            await stack.client.release_call(5)


async def test_a_drop_before_the_request_was_read_is_unknown_too() -> None:
    """From here it looks like a lost reply, so it must be treated as one."""
    async with open_stack(start=False, permanent=True) as stack:
        call_session_id, _ = await ready_call(stack, S.TALK)
        stack.simulator.faults.add(DropBefore(), operation="release.call")
        with pytest.raises(OutcomeUnknown):
            await stack.client.release_call(call_session_id)
        assert stack.simulator.pbx.call(call_session_id).session_state is S.TALK


@pytest.mark.parametrize("mnemonic", sorted(RENEWABLE_REFUSALS))
@pytest.mark.parametrize("operation", COMMANDS, ids=_names)
async def test_a_token_that_ended_mid_call_is_renewed_and_the_command_done_once(
    operation: Operation, mnemonic: str
) -> None:
    async with open_stack(start=False) as stack:
        call_session_id, leg_id = await ready_call(stack, operation.needs)
        await stack.client.list_talk_options()
        stack.simulator.account.switches.refuse_next(operation.method, mnemonic)
        await operation.send(stack.client, call_session_id, leg_id)
        outcomes = [entry.outcome for entry in stack.simulator.journal.entries_of(operation.method)]
        assert outcomes == [f"error:{mnemonic}", "ok"]
        assert len(stack.simulator.journal.entries_of("login.user")) == 2
        assert operation.is_done(stack, call_session_id)


async def test_a_token_refused_twice_is_not_tried_a_third_time() -> None:
    async with open_stack(start=False) as stack:
        call_session_id, _ = await ready_call(stack, S.TALK)
        stack.simulator.account.switches.refuse_next("release.call", "access_token_invalid", times=5)
        with pytest.raises(SignInRefused, match="access_token_invalid"):
            await stack.client.release_call(call_session_id)
        assert len(stack.simulator.journal.entries_of("release.call")) == 2
        assert len(stack.simulator.journal.entries_of("login.user")) == 2
