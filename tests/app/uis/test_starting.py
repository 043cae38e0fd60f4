"""Starting calls over real HTTP: what exactly is sent in each of the five ways, to both editions, and never twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from app.domain.call_start import CallStart, FirstCall, StartVia
from app.domain.calls import CallSessionId, Direction, EmployeeId
from app.domain.spoken_message import SpokenMessage
from app.errors import LinkDown, OutcomeUnknown, PultError, Refused
from app.simulator.config import SimulatorConfig
from app.simulator.faults import BlackHole, Fault, HalfReply, HttpError, LoseReply, Mutate, ResetMidReply
from app.simulator.uis_api.methods import METHODS
from app.simulator.uis_api.refusals import COMMON_MNEMONICS
from app.uis.errors import KINDS
from app.uis.rpc import DEADLINE_S
from tests.app.telephony.stack import CONTACT, ME, PbxStack, open_stack

LINE = "74951045771"
TEXT = SpokenMessage("tts", "Соединяем")
MUSIC = SpokenMessage("media", "2561")
COMMON = {"virtual_phone_number": LINE, "contact": CONTACT, "direction": "out"}
MORE = {"external_id": "pult-7", "dtmf_string": "..12#", "direction": "in", "virtual_phone_usage_rule": "random"}


def start_of(via: StartVia, **more: Any) -> CallStart:
    """The least that the way needs, and what the test adds."""
    own: dict[StartVia, dict[str, Any]] = {
        StartVia.EMPLOYEE: {"employee_id": ME},
        StartVia.SCENARIO: {"scenario_id": 5001},
        StartVia.VNUMBER: {},
        StartVia.INFORMER: {"contact_message": MUSIC},
        StartVia.SIMPLE: {"operator_number": "79262444491"},
    }
    return replace(CallStart(via=via, contact=CONTACT, line_number=LINE), **{**own[via], **more})


METHOD = {via: f"start.{via.value}_call" for via in StartVia}
LEAST: Mapping[StartVia, Mapping[str, object]] = {
    StartVia.EMPLOYEE: {"first_call": "employee", "employee": {"id": 2001}},
    StartVia.SCENARIO: {"first_call": "employee", "scenario_id": 5001},
    StartVia.VNUMBER: {"first_call": "employee"},
    StartVia.INFORMER: {"contact_message": {"type": "media", "value": "2561"}},
    StartVia.SIMPLE: {"first_call": "operator", "operator": "79262444491"},
}
EVERYTHING: Mapping[str, Any] = {
    "direction": Direction.INBOUND,
    "external_id": "pult-7",
    "dial_tail": "..12#",
    "line_usage": "random",
    "first_call": FirstCall.OUR_SIDE,
    "switch_at_once": True,
    "early_switching": True,
    "media_file_id": 2562,
    "shows_line_number": False,
    "dialling_timeout_s": 45,
    "employee_phone": "0486101",
    "operator_confirmation": "any",
    "contact_message": MUSIC,
    "our_message": TEXT,
}
"""Every field of a start, whether the way has it or not."""
SPOKEN, PLAYED = {"type": "tts", "value": "Соединяем"}, {"type": "media", "value": "2561"}
BRIDGED = {"switch_at_once": True, "early_switching": True, "contact_message": PLAYED}
MOST: Mapping[StartVia, Mapping[str, object]] = {
    StartVia.EMPLOYEE: {
        **BRIDGED,
        "first_call": "employee",
        "employee": {"id": 2001, "phone_number": "0486101"},
        "media_file_id": 2562,
        "show_virtual_phone_number": False,
        "employee_message": SPOKEN,
    },
    StartVia.SCENARIO: {**BRIDGED, "first_call": "employee", "scenario_id": 5001, "employee_message": SPOKEN},
    StartVia.VNUMBER: {**BRIDGED, "first_call": "employee"},
    StartVia.INFORMER: {"contact_message": PLAYED, "dialing_timeout": 45},
    StartVia.SIMPLE: {
        **BRIDGED,
        "first_call": "operator",
        "operator": "79262444491",
        "media_file_id": 2562,
        "show_virtual_phone_number": False,
        "operator_message": SPOKEN,
        "operator_confirmation": "any",
    },
}


def sent(stack: PbxStack, via: StartVia) -> dict[str, object]:
    """Parameters of the only request of that way, but for the token."""
    (entry,) = stack.simulator.journal.entries_of(METHOD[via])
    return {name: value for name, value in entry.params.items() if name != "access_token"}


@pytest.mark.parametrize("edition", [2017, 2026])
@pytest.mark.parametrize("via", StartVia)
async def test_what_is_not_asked_for_is_not_sent_and_both_editions_take_it(via: StartVia, edition: int) -> None:
    async with open_stack(SimulatorConfig(edition=edition), start=False) as stack:
        call_session_id = await stack.telephony.start_call(start_of(via))
        assert sent(stack, via) == {**COMMON, **LEAST[via]}
        assert stack.simulator.pbx.call(call_session_id).contact == CONTACT
        assert stack.simulator.pbx.call(call_session_id).direction == "out"


@pytest.mark.parametrize("via", StartVia)
async def test_everything_a_way_has_is_sent_and_nothing_else(via: StartVia) -> None:
    async with open_stack(start=False) as stack:
        call_session_id = await stack.telephony.start_call(start_of(via, **EVERYTHING))
        assert sent(stack, via) == {**COMMON, **MORE, **MOST[via]}
        call = stack.simulator.pbx.call(call_session_id)
        assert (call.external_id, call.direction) == ("pult-7", "in")


async def test_a_client_that_sends_defaults_is_refused_by_the_older_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: the newer parameters may not even be there."""
    plain = msgspec.to_builtins
    monkeypatch.setattr(msgspec, "to_builtins", lambda wire: {**plain(wire), "early_switching": False})
    async with open_stack(SimulatorConfig(edition=2017), start=False) as stack:
        with pytest.raises(Refused, match="unexpected_parameters"):
            await stack.telephony.start_call(start_of(StartVia.VNUMBER))


@pytest.mark.parametrize("via", [via for via in StartVia if via is not StartVia.INFORMER])
async def test_the_contact_may_be_rung_first(via: StartVia) -> None:
    async with open_stack(start=False) as stack:
        await stack.telephony.start_call(start_of(via, first_call=FirstCall.CONTACT))
        assert sent(stack, via)["first_call"] == "contact"


@pytest.mark.parametrize("shown", [None, True])
async def test_showing_the_line_is_the_default_and_not_sent(shown: bool | None) -> None:
    async with open_stack(start=False) as stack:
        await stack.telephony.start_call(start_of(StartVia.EMPLOYEE, shows_line_number=shown))
        assert "show_virtual_phone_number" not in sent(stack, StartVia.EMPLOYEE)


@pytest.mark.parametrize(
    ("via", "missing"),
    [
        (StartVia.EMPLOYEE, {"employee_id": None}),
        (StartVia.SCENARIO, {"scenario_id": None}),
        (StartVia.INFORMER, {"contact_message": None}),
        (StartVia.SIMPLE, {"operator_number": ""}),
    ],
)
async def test_a_start_without_its_addressee_is_not_sent(via: StartVia, missing: Mapping[str, Any]) -> None:
    async with open_stack(start=False) as stack:
        with pytest.raises(LinkDown, match="bad_request"):
            await stack.telephony.start_call(start_of(via, **missing))
        assert stack.simulator.journal.entries == []


def _id_as(value: object) -> Mutate:
    def change(body: bytes) -> bytes:
        reply = json.loads(body)
        reply["result"]["data"]["call_session_id"] = value
        return json.dumps(reply).encode()

    return Mutate(change)


@pytest.mark.parametrize("spelt", [3960098281, "3960098281"])
async def test_an_id_beyond_31_bits_comes_as_a_number_or_as_text(spelt: object) -> None:
    async with open_stack(start=False) as stack:
        stack.simulator.faults.add(_id_as(spelt), operation="start.vnumber_call")
        assert await stack.telephony.start_call(start_of(StartVia.VNUMBER)) == 3960098281


@pytest.mark.parametrize("spelt", [None, "", "soon", 0, -1, {}, True])
async def test_a_start_without_an_id_is_unknown(spelt: object) -> None:
    async with open_stack(start=False) as stack:
        stack.simulator.faults.add(_id_as(spelt), operation="start.vnumber_call")
        with pytest.raises(OutcomeUnknown, match="reply_unexpected"):
            await stack.telephony.start_call(start_of(StartVia.VNUMBER))


@pytest.mark.parametrize(
    ("via", "mnemonic"),
    [(via, name) for via in StartVia for name in sorted(METHODS[METHOD[via]].errors | COMMON_MNEMONICS)],
)
async def test_each_error_of_each_way_has_its_type_and_is_not_repeated(via: StartVia, mnemonic: str) -> None:
    async with open_stack(start=False, permanent=True) as stack:
        stack.simulator.account.switches.refuse_next(METHOD[via], mnemonic)
        with pytest.raises(PultError) as raised:
            await stack.telephony.start_call(start_of(via))
        code = mnemonic.replace("opreations", "operations")
        assert (type(raised.value), raised.value.code) == (KINDS[code], code)
        assert raised.value.params["method"] == METHOD[via]
        assert len(stack.simulator.journal.entries_of(METHOD[via])) == 1
        assert stack.simulator.pbx.calls == []


UNANSWERED: list[Fault] = [
    LoseReply(),
    ResetMidReply(),
    HalfReply(),
    BlackHole(before_effect=False),
    HttpError(502, before_effect=False),
]


def _deadline_of(fault: Fault) -> float:
    """Short where nothing would ever come; otherwise a busy machine has time to connect."""
    return 0.5 if isinstance(fault, BlackHole) else DEADLINE_S


@pytest.mark.parametrize("fault", UNANSWERED, ids=lambda fault: fault.name)
@pytest.mark.parametrize("via", StartVia)
async def test_a_start_without_an_answer_is_unknown_and_there_is_one_call(via: StartVia, fault: Fault) -> None:
    async with open_stack(start=False, permanent=True, deadline_s=_deadline_of(fault)) as stack:
        stack.simulator.faults.add(fault, operation=METHOD[via])
        with pytest.raises(OutcomeUnknown):
            await stack.telephony.start_call(start_of(via, external_id="pult-9"))
        assert [call.external_id for call in stack.simulator.pbx.calls] == ["pult-9"]
        (listed,) = (await stack.telephony.list_calls()).calls
        assert listed.external_id == "pult-9"


@pytest.mark.parametrize("via", StartVia)
async def test_a_token_that_ended_is_renewed_and_one_call_begun(via: StartVia) -> None:
    async with open_stack(start=False) as stack:
        await stack.telephony.list_calls()
        stack.simulator.account.tokens.expire_all()
        await stack.telephony.start_call(start_of(via))
        assert len(stack.simulator.pbx.calls) == 1


PROVOKED = [
    ("an unknown employee", start_of(StartVia.EMPLOYEE, employee_id=EmployeeId(1)), "employee_not_found"),
    ("no phone", start_of(StartVia.EMPLOYEE, employee_id=EmployeeId(2006)), "no_active_phone_number"),
    ("an unknown line", start_of(StartVia.VNUMBER, line_number="74950000000"), "virtual_phone_number_not_found"),
    ("a line without scenario", start_of(StartVia.VNUMBER, line_number="74959268686"), "scenario_not_found"),
    ("an unknown scenario", start_of(StartVia.SCENARIO, scenario_id=1), "scenario_not_found"),
    ("own line", start_of(StartVia.EMPLOYEE, contact="74959268686"), "own_virtual_phone_number_not_allowed"),
    ("a plus", start_of(StartVia.EMPLOYEE, contact="+79161234567"), "invalid_parameter_value"),
    ("early alone", start_of(StartVia.EMPLOYEE, early_switching=True), "invalid_parameters_combination"),
    (
        "no such sound",
        start_of(StartVia.INFORMER, contact_message=SpokenMessage("media", "1")),
        "media_file_not_found",
    ),
    (
        "a long text",
        start_of(StartVia.SIMPLE, our_message=SpokenMessage("tts", "а" * 1001)),
        "tts_text_exceeded",
    ),
]


@pytest.mark.parametrize(("start", "code"), [row[1:] for row in PROVOKED], ids=[row[0] for row in PROVOKED])
async def test_refusals_the_pbx_finds_by_itself(start: CallStart, code: str) -> None:
    async with open_stack(start=False, permanent=True) as stack:
        with pytest.raises(Refused, match=code):
            await stack.telephony.start_call(start)
        assert stack.simulator.pbx.calls == []


@pytest.mark.parametrize("via", StartVia)
async def test_a_blocked_contact_is_refused_in_every_way(via: StartVia) -> None:
    """Two codes, one mnemonic (uis-notes §6.7)."""
    async with open_stack(start=False) as stack:
        call_session_id = CallSessionId(stack.simulator.pbx.ring_in(CONTACT, employees=[ME]))
        stack.simulator.pbx.answer(call_session_id, ME)
        await stack.telephony.block_caller(call_session_id)
        with pytest.raises(Refused, match="contact_in_blacklist"):
            await stack.telephony.start_call(start_of(via))
