"""What a wish to start a call is told before it is sent, held against what the PBX then says to it over real HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.domain.call_start import (
    LINE_USAGE_RULES,
    CallStart,
    FirstCall,
    StartFault,
    StartVia,
    fields_of,
    problems_of,
)
from app.domain.calls import Direction, EmployeeId
from app.domain.spoken_message import SpokenMessage
from app.simulator.config import SimulatorConfig
from app.simulator.runner import Simulator
from tests.simulator.pbx_client import PbxDesk

V, F = StartVia, StartFault
CONTACT, LINE, PHONE = "79161234567", "74951045771", "0486101"
LONGEST_TEXT = 20
SPOKEN = SpokenMessage("tts", "Соединяем")
PLAYED = SpokenMessage("media", "2561")

PLAIN = {
    V.EMPLOYEE: CallStart(via=V.EMPLOYEE, contact=CONTACT, line_number=LINE, employee_id=EmployeeId(2001)),
    V.SCENARIO: CallStart(via=V.SCENARIO, contact=CONTACT, line_number=LINE, scenario_id=0),
    V.VNUMBER: CallStart(via=V.VNUMBER, contact=CONTACT, line_number=LINE),
    V.INFORMER: CallStart(via=V.INFORMER, contact=CONTACT, line_number=LINE, contact_message=SPOKEN),
    V.SIMPLE: CallStart(via=V.SIMPLE, contact=CONTACT, line_number=LINE, operator_number="79262444491"),
}
SAMPLES: dict[str, object] = {
    "first_call": FirstCall.CONTACT,
    "switch_at_once": True,
    "early_switching": True,
    "media_file_id": 2561,
    "shows_line_number": False,
    "dialling_timeout_s": 30,
    "employee_id": EmployeeId(2001),
    "employee_phone": PHONE,
    "scenario_id": 401,
    "operator_number": "79262444491",
    "operator_confirmation": "1",
    "contact_message": PLAYED,
    "our_message": PLAYED,
}

REFUSED: list[tuple[StartVia, dict[str, Any], str, StartFault]] = [
    *((via, {"contact": ""}, "contact", F.MISSING) for via in V),
    *((via, {"line_number": ""}, "line_number", F.MISSING) for via in V),
    (V.EMPLOYEE, {"employee_id": None}, "employee_id", F.MISSING),
    (V.SCENARIO, {"scenario_id": None}, "scenario_id", F.MISSING),
    (V.INFORMER, {"contact_message": None}, "contact_message", F.MISSING),
    (V.SIMPLE, {"operator_number": ""}, "operator_number", F.MISSING),
    *((via, {"contact": "+79161234567"}, "contact", F.NOT_DIGITS) for via in V),
    (V.VNUMBER, {"contact": "7916123456７"}, "contact", F.NOT_DIGITS),
    *((via, {"line_number": "+74951045771"}, "line_number", F.NOT_DIGITS) for via in V),
    (V.EMPLOYEE, {"employee_phone": "0486 101"}, "employee_phone", F.NOT_DIGITS),
    (V.SIMPLE, {"operator_number": "+79262444491"}, "operator_number", F.NOT_DIGITS),
    (V.EMPLOYEE, {"contact": "102"}, "contact", F.TOO_SHORT),
    (V.EMPLOYEE, {"contact": "04861"}, "contact", F.TOO_SHORT),
    (V.EMPLOYEE, {"contact": "7" * 16}, "contact", F.TOO_LONG),
    *((via, {"contact": LINE}, "contact", F.OWN_LINE) for via in V),
    *((via, {"dial_tail": "12a"}, "dial_tail", F.BAD_KEYS) for via in V),
    (V.SIMPLE, {"operator_confirmation": "12"}, "operator_confirmation", F.BAD_KEYS),
    *((via, {"direction": Direction.UNKNOWN}, "direction", F.NO_DIRECTION) for via in V),
    *((via, {"line_usage": "cheapest"}, "line_usage", F.UNKNOWN_RULE) for via in V),
    (V.INFORMER, {"dialling_timeout_s": 0}, "dialling_timeout_s", F.OUT_OF_RANGE),
    (V.INFORMER, {"dialling_timeout_s": 121}, "dialling_timeout_s", F.OUT_OF_RANGE),
    *(
        (
            via,
            {"early_switching": True, "switch_at_once": True, "first_call": FirstCall.CONTACT},
            "early_switching",
            F.NEEDS_OUR_SIDE_FIRST,
        )
        for via in V
        if via is not V.INFORMER
    ),
    *(
        (via, {"early_switching": True}, "early_switching", F.NEEDS_SWITCH_AT_ONCE)
        for via in V
        if via is not V.INFORMER
    ),
    *((via, {"contact_message": SpokenMessage("song", "1")}, "contact_message", F.NEITHER_TTS_NOR_MEDIA) for via in V),
    *((via, {"contact_message": SpokenMessage("tts", "")}, "contact_message", F.EMPTY_TEXT) for via in V),
    *((via, {"contact_message": SpokenMessage("tts", "я" * 21)}, "contact_message", F.TEXT_TOO_LONG) for via in V),
    *((via, {"contact_message": SpokenMessage("media", "музыка")}, "contact_message", F.NOT_A_MEDIA_FILE) for via in V),
    *(
        (via, {"our_message": SpokenMessage("tts", "я" * 21)}, "our_message", F.TEXT_TOO_LONG)
        for via in (V.EMPLOYEE, V.SCENARIO, V.SIMPLE)
    ),
    *(
        (via, {name: sample}, name, F.NOT_IN_THIS_WAY)
        for via in V
        for name, sample in SAMPLES.items()
        # The document's example of start.vnumber_call sends show_virtual_phone_number, its table does not know it.
        if name not in fields_of(via) and (via, name) != (V.VNUMBER, "shows_line_number")
    ),
]

TAKEN: list[tuple[StartVia, dict[str, Any]]] = [
    *((via, {}) for via in V),
    *((via, {"dial_tail": ".12.1..4*#", "direction": Direction.INBOUND, "external_id": "а-1"}) for via in V),
    *((via, {"line_usage": rule}) for via in V for rule in LINE_USAGE_RULES),
    *((via, {"contact": "0486102"}) for via in V),
    *((via, {"contact": "123456789012345"}) for via in V),
    *((via, {"first_call": FirstCall.CONTACT}) for via in V if via is not V.INFORMER),
    *((via, {"early_switching": True, "switch_at_once": True}) for via in V if via is not V.INFORMER),
    *((via, {"contact_message": message}) for via in V for message in (SPOKEN, PLAYED, SpokenMessage("tts", "я" * 20))),
    *((via, {"our_message": SPOKEN}) for via in (V.EMPLOYEE, V.SCENARIO, V.SIMPLE)),
    *((via, {"media_file_id": 2561, "shows_line_number": False}) for via in (V.EMPLOYEE, V.SIMPLE)),
    *((V.INFORMER, {"dialling_timeout_s": seconds}) for seconds in (1, 120)),
    (V.EMPLOYEE, {"employee_phone": PHONE}),
    *((V.SIMPLE, {"operator_confirmation": key}) for key in ("0", "*", "#", "any")),
    *((V.SIMPLE, {"operator_number": number}) for number in ("9" * 10, "442079460958", "7" * 15)),
]

OURS_ALONE: list[tuple[StartVia, dict[str, Any], str, StartFault]] = [
    *(
        (V.SIMPLE, {"operator_number": number}, "operator_number", F.TOO_SHORT)
        for number in ("102", "0486101", "9" * 9)
    ),
    (V.SIMPLE, {"operator_number": "7" * 16}, "operator_number", F.TOO_LONG),
]
"""What the PBX takes, and then rings nobody."""

HINTED: list[tuple[StartVia, dict[str, Any], str, StartFault]] = [
    (via, {"switch_at_once": True, "contact_message": SPOKEN}, "switch_at_once", F.NO_EFFECT_WITH_TTS)
    for via in V
    if via is not V.INFORMER
]


def wish(via: StartVia, changes: dict[str, Any], simulator: Simulator) -> CallStart:
    scenario = next(one for one in simulator.pbx.directory.scenarios.values() if LINE in one.numbers)
    plain = replace(PLAIN[via], scenario_id=scenario.scenario_id) if via is V.SCENARIO else PLAIN[via]
    return replace(plain, **changes)


async def asked(simulator: Simulator, start: CallStart) -> str | None:
    """Send every attribute that is set, whether the way has it or not; the mnemonic of the refusal, if it is one."""
    reply = await PbxDesk(simulator).call(f"start.{start.via.value}_call", **params_of(start))
    return str(reply["error"]["data"]["mnemonic"]) if "error" in reply else None


def params_of(start: CallStart) -> dict[str, object]:
    ours = "operator" if start.via is V.SIMPLE else "employee"
    first_call = "contact" if start.first_call is FirstCall.CONTACT else ours
    employee: dict[str, object] | None = None if start.employee_id is None else {"id": start.employee_id}
    if start.employee_phone:
        employee = {**(employee or {}), "phone_number": start.employee_phone}
    spelt: dict[str, object] = {
        "virtual_phone_number": start.line_number,
        "contact": start.contact,
        "external_id": start.external_id,
        "dtmf_string": start.dial_tail,
        "direction": start.direction.value,
        "virtual_phone_usage_rule": start.line_usage,
        "switch_at_once": start.switch_at_once,
        "early_switching": start.early_switching,
        "media_file_id": start.media_file_id,
        "show_virtual_phone_number": start.shows_line_number,
        "employee": employee,
        "scenario_id": start.scenario_id,
        "operator": start.operator_number,
        "operator_confirmation": start.operator_confirmation,
        "contact_message": message_of(start.contact_message),
        f"{ours}_message": message_of(start.our_message),
        "dialing_timeout": start.dialling_timeout_s,
    }
    params = {
        name: value
        for name, value in spelt.items()
        if not (value is None or value == "" or (value is False and name != "show_virtual_phone_number"))
    }
    if start.via is not V.INFORMER or start.first_call is FirstCall.CONTACT:
        params["first_call"] = first_call
    return params


def message_of(message: SpokenMessage | None) -> dict[str, str] | None:
    return None if message is None else {"type": message.kind, "value": message.value}


def simulated() -> Simulator:
    return Simulator(SimulatorConfig(tts_max_length=LONGEST_TEXT))


async def test_what_we_refuse_the_pbx_refuses_too() -> None:
    async with simulated() as simulator:
        for via, changes, name, fault in REFUSED:
            start = wish(via, changes, simulator)
            problems = problems_of(start, tts_max_length=LONGEST_TEXT)
            found = [problem for problem in problems if (problem.field, problem.reason) == (name, fault)]
            assert found, (via, changes, problems)
            assert not found[0].is_hint
            assert await asked(simulator, start) is not None, (via, changes)
        assert not simulator.pbx.calls


async def test_our_phone_has_to_be_a_whole_number_though_the_pbx_does_not_say_so() -> None:
    async with simulated() as simulator:
        for via, changes, name, fault in OURS_ALONE:
            start = wish(via, changes, simulator)
            problems = problems_of(start, tts_max_length=LONGEST_TEXT)
            assert [(problem.field, problem.reason) for problem in problems] == [(name, fault)], changes
            assert await asked(simulator, start) is None, "else it belongs to REFUSED"


async def test_what_we_let_pass_the_pbx_takes() -> None:
    async with simulated() as simulator:
        for via, changes in TAKEN:
            start = wish(via, changes, simulator)
            assert problems_of(start, tts_max_length=LONGEST_TEXT) == (), (via, changes)
            assert await asked(simulator, start) is None, (via, changes)
        assert len(simulator.pbx.calls) + len(simulator.pbx.finished) == len(TAKEN)


async def test_what_has_no_effect_is_taken_and_hinted_at() -> None:
    async with simulated() as simulator:
        for via, changes, name, fault in HINTED:
            start = wish(via, changes, simulator)
            problems = problems_of(start, tts_max_length=LONGEST_TEXT)
            assert [(hint.field, hint.reason, hint.is_hint) for hint in problems] == [(name, fault, True)]
            assert await asked(simulator, start) is None


def test_every_fault_is_in_the_table() -> None:
    shown = {fault for *_, fault in REFUSED} | {fault for *_, fault in HINTED}
    assert shown == set(StartFault)


@pytest.mark.parametrize("via", V)
def test_every_attribute_belongs_to_all_ways_or_is_known_to_some(via: StartVia) -> None:
    in_all_ways = {"via", "contact", "line_number", "external_id", "dial_tail", "direction", "line_usage"}
    assert fields_of(via) <= SAMPLES.keys()
    assert SAMPLES.keys() | in_all_ways == set(CallStart.__slots__)


def test_lengths_are_told() -> None:
    start = replace(PLAIN[V.INFORMER], contact_message=SpokenMessage("tts", "я" * 21), dialling_timeout_s=500)
    told = {problem.reason: problem.params for problem in problems_of(start, tts_max_length=LONGEST_TEXT)}
    assert told == {F.TEXT_TOO_LONG: {"length": 21, "max": 20}, F.OUT_OF_RANGE: {"low": 1, "high": 120}}
