"""`call start` against the real simulator: every way, every parameter, numbers as people write them, sent once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import pytest

from app.commands.start import FAULTS, OPTIONS, problem_sentence
from app.commands.typed import DIAL_SENTENCES
from app.domain.call_start import CallStart, StartFault, StartProblem, StartVia
from app.domain.dialling import DialProblem
from app.simulator.config import SimulatorConfig
from app.simulator.faults import HttpError, LoseReply
from tests.app.commands.keypad import LINE, KeyPad, key_pad

OpenPad = Callable[..., AbstractAsyncContextManager[KeyPad]]
CONTACT = "79161234567"
TEXT = {"type": "tts", "value": "Перезваниваем по заявке"}
SETTINGS = (
    f'virtual_phone_number = "{LINE}"\noperator_number = "79262444491"\nstart_scenario_id = 5001\n'
    'virtual_numbers = [{ number = "74959268686", name = "Поддержка" }]\n'
)


@pytest.fixture
def open_pad(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> OpenPad:
    def opened(config: SimulatorConfig | None = None, **options: Any) -> AbstractAsyncContextManager[KeyPad]:
        return key_pad(tmp_path, capsys, monkeypatch, config or SimulatorConfig(), **{"settings": SETTINGS, **options})

    return opened


@dataclass(frozen=True)
class Start:
    """One command line after NUMBER and what the PBX must have been asked."""

    name: str
    words: tuple[str, ...]
    method: str
    sent: Mapping[str, object] = field(default_factory=dict)


STARTS = [
    Start("usual way", (), "start.employee_call", {"employee": {"id": 2001}, "first_call": "employee"}),
    Start(
        "employee with everything",
        (
            *("--via", "employee", "--line", "+7 495 926-86-86", "--employee", "2002", "--employee-phone", "0486102"),
            *("--first", "employee", "--switch-at-once", "--early-switching", "--waiting-media", "2701"),
            *("--show-line", "no", "--media", "2561", "--our-message", "Перезваниваем по заявке", "--dtmf", "..5.1"),
            *("--direction", "in", "--line-usage", "regional_random", "--external-id", "order 7"),
        ),
        "start.employee_call",
        {
            "virtual_phone_number": "74959268686",
            "employee": {"id": 2002, "phone_number": "0486102"},
            "first_call": "employee",
            "switch_at_once": True,
            "early_switching": True,
            "media_file_id": 2701,
            "show_virtual_phone_number": False,
            "contact_message": {"type": "media", "value": "2561"},
            "employee_message": TEXT,
            "dtmf_string": "..5.1",
            "direction": "in",
            "virtual_phone_usage_rule": "regional_random",
            "external_id": "order 7",
        },
    ),
    Start(
        "contact first",
        ("--first", "contact", "--message", "Перезваниваем по заявке"),
        "start.employee_call",
        {"first_call": "contact", "contact_message": TEXT},
    ),
    Start("scenario of the settings", ("--via", "scenario"), "start.scenario_call", {"scenario_id": 5001}),
    Start(
        "another scenario",
        ("--via", "scenario", "--scenario", "5002", "--our-media", "2561"),
        "start.scenario_call",
        {"scenario_id": 5002, "employee_message": {"type": "media", "value": "2561"}},
    ),
    Start("number's scenario", ("--via", "vnumber"), "start.vnumber_call", {"virtual_phone_number": LINE}),
    Start(
        "informer",
        ("--via", "informer", "--message", "Перезваниваем по заявке", "--dialling-timeout", "40"),
        "start.informer_call",
        {"contact_message": TEXT, "dialing_timeout": 40},
    ),
    Start(
        "simple",
        ("--via", "simple", "--first", "operator", "--operator-confirmation", "any"),
        "start.simple_call",
        {"operator": "79262444491", "first_call": "operator", "operator_confirmation": "any"},
    ),
    Start(
        "simple with another phone",
        ("--via", "simple", "--operator", "7 926 244-44-92"),
        "start.simple_call",
        {"operator": "79262444492"},
    ),
]
every_start = pytest.mark.parametrize("start", STARTS, ids=lambda start: start.name)


@every_start
async def test_each_way_reaches_the_pbx_with_what_was_given(start: Start, open_pad: OpenPad) -> None:
    async with open_pad() as pad:
        ended = await pad.call("start", CONTACT, *start.words, "--wait", "--json")
        assert (ended.code, ended.json["phase"], ended.json["error"]) == (0, "confirmed", None), ended.err
        (call,) = pad.simulator.pbx.calls
        assert ended.json["call_session_id"] == call.call_session_id
        assert ended.json["external_id"] == call.external_id
        assert pad.commands == [start.method]
        (entry,) = pad.simulator.journal.entries_of(start.method)
        assert dict(entry.params).items() >= {"contact": CONTACT, "direction": "out", **start.sent}.items()


def test_every_parameter_of_a_start_has_an_option() -> None:
    assert set(OPTIONS) == {one.name for one in fields(CallStart)} - {"via"}
    used = {word for start in STARTS for word in start.words if word.startswith("--")}
    named = {word for text in OPTIONS.values() for word in re.findall(r"--[a-z-]+", text)}
    assert named <= used


@pytest.mark.parametrize(
    ("typed", "contact", "tail"),
    [
        ("8 (916) 123-45-67", CONTACT, None),
        ("+7 916 123 45 67", CONTACT, None),
        ("tel:+79161234567", CONTACT, None),
        ("9161234567", CONTACT, None),
        ("8 (916) 123-45-67 доб. 12", CONTACT, "...12"),
        ("+44 20 7946 0958", "442079460958", None),
    ],
)
async def test_numbers_are_taken_as_people_write_them(
    typed: str, contact: str, tail: str | None, open_pad: OpenPad
) -> None:
    async with open_pad() as pad:
        ended = await pad.call("start", typed, "--json")
        assert (ended.code, ended.json["number"]) == (0, contact), ended.err
        (entry,) = pad.simulator.journal.entries_of("start.employee_call")
        assert (entry.params["contact"], entry.params.get("dtmf_string")) == (contact, tail)


async def test_a_sip_number_goes_as_it_stands(open_pad: OpenPad) -> None:
    async with open_pad() as pad:
        ended = await pad.call("start", "0486103", "--as-is")
        assert ended.code == 0, ended.err
        assert pad.asked[-1].params["contact"] == "0486103"


async def test_a_lost_reply_names_the_mark_and_is_not_repeated(open_pad: OpenPad) -> None:
    async with open_pad() as pad:
        pad.simulator.faults.add(LoseReply(), face="pbx", operation="start.employee_call", times=None)
        ended = await pad.call("start", CONTACT, "--json")
        assert (ended.code, ended.json["phase"], ended.json["call_session_id"]) == (4, "unknown", None)
        (call,) = pad.simulator.pbx.calls
        assert ended.json["external_id"] == call.external_id
        assert str(call.external_id) in ended.err
        assert pad.commands == ["start.employee_call"]


async def test_with_wait_a_lost_reply_is_looked_up_by_its_mark(open_pad: OpenPad) -> None:
    async with open_pad() as pad:
        pad.live()
        pad.simulator.faults.add(LoseReply(), face="pbx", operation="start.employee_call", times=None)
        ended = await pad.call("start", CONTACT, "--json", "--wait")
        (call,) = [call for call in pad.simulator.pbx.calls if call.contact == CONTACT]
        assert (ended.code, ended.json["phase"]) == (0, "confirmed")
        assert ended.json["call_session_id"] == call.call_session_id
        assert pad.commands == ["start.employee_call"]


async def test_a_lost_start_that_is_over_already_is_found_in_the_report(open_pad: OpenPad) -> None:
    async with open_pad() as pad:
        pad.configure(f'{SETTINGS}data_api_url = "{pad.simulator.data_api_url}"\n')
        pad.simulator.faults.add(LoseReply(), face="pbx", operation="start.employee_call", times=None)
        pad.simulator.account.switches.refuse_next("list.calls", "component_disabled", times=9)
        ended = await pad.call("start", CONTACT, "--json", "--wait")
        (call,) = pad.simulator.pbx.calls
        assert (ended.code, ended.json["phase"], ended.json["found_in"]) == (0, "confirmed", "report")
        assert ended.json["call_session_id"] == call.call_session_id
        assert pad.commands.count("start.employee_call") == 1


async def test_without_the_right_to_reports_it_stays_unknown(open_pad: OpenPad) -> None:
    """Negative control of the test above."""
    async with open_pad(SimulatorConfig(data_rights=frozenset({"get.calls_report"}))) as pad:
        pad.configure(f'{SETTINGS}data_api_url = "{pad.simulator.data_api_url}"\n')
        pad.simulator.faults.add(LoseReply(), face="pbx", operation="start.employee_call", times=None)
        pad.simulator.account.switches.refuse_next("list.calls", "component_disabled", times=9)
        ended = await pad.call("start", CONTACT, "--json", "--wait")
        assert (ended.code, ended.json["phase"]) == (4, "unknown")


async def test_what_was_never_started_stays_unknown(open_pad: OpenPad) -> None:
    """A call of somebody else to the same number proves nothing: negative control of the look by the mark."""
    async with open_pad() as pad:
        pad.simulator.pbx.ring_out(2002, CONTACT)
        fault = HttpError(502, before_effect=True)
        pad.simulator.faults.add(fault, face="pbx", operation="start.employee_call", times=None)
        ended = await pad.call("start", CONTACT, "--json", "--wait", "--wait-time", "1")
        assert (ended.code, ended.json["phase"], ended.json["call_session_id"]) == (4, "unknown", None)
        assert pad.commands == ["start.employee_call"]


async def test_accepted_and_not_listed_in_time_is_exit_4(open_pad: OpenPad) -> None:
    async with open_pad() as pad:
        pad.simulator.account.switches.refuse_next("list.calls", "component_disabled", times=9)
        ended = await pad.call("start", CONTACT, "--json", "--wait", "--wait-time", "1")
        assert (ended.code, ended.json["phase"]) == (4, "not_visible")
        assert ended.json["call_session_id"] is not None


@pytest.mark.parametrize(
    ("words", "mnemonic"),
    [
        ((CONTACT, "--employee", "9"), "employee_not_found"),
        ((CONTACT, "--employee", "2006"), "no_active_phone_number"),
        ((CONTACT, "--line", "74999999999"), "virtual_phone_number_not_found"),
        ((CONTACT, "--via", "scenario", "--scenario", "9"), "scenario_not_found"),
        ((CONTACT, "--via", "vnumber", "--line", "74959268686"), "scenario_not_found"),
        ((CONTACT, "--media", "1"), "media_file_not_found"),
        (("79990001122",), "contact_in_blacklist"),
        (("74959268686", "--as-is"), "own_virtual_phone_number_not_allowed"),
    ],
)
async def test_refused_is_exit_3_and_says_what_to_do(words: tuple[str, ...], mnemonic: str, open_pad: OpenPad) -> None:
    async with open_pad() as pad:
        pad.simulator.pbx.directory.block("79990001122", pad.simulator.pbx.schedule.wall_now(), "tests")
        ended = await pad.call("start", *words, "--json", "--wait")
        assert (ended.code, ended.json["phase"], ended.json["error"]["code"]) == (3, "refused", mnemonic)
        assert "It did not work" not in ended.err
        assert len(pad.commands) == 1


async def test_no_link_is_exit_5(open_pad: OpenPad) -> None:
    async with open_pad() as pad:
        pad.simulator.set_down("pbx", True)
        ended = await pad.call("start", CONTACT, "--json", "--wait")
        assert (ended.code, ended.json["phase"]) == (5, "not_sent")


WRONG = [
    ("102",),
    ("",),
    ("нет номера",),
    ("8 916 123-45-67, 8 916 123-45-68",),
    ("74959268686",),
    (LINE,),
    ("8 916 123-45-67 доб. 5", "--dtmf", "6"),
    (CONTACT, "--via", "informer"),
    (CONTACT, "--via", "teleport"),
    (CONTACT, "--scenario", "5001"),
    (CONTACT, "--via", "scenario", "--show-line", "yes"),
    (CONTACT, "--first", "contact", "--switch-at-once", "--early-switching"),
    (CONTACT, "--early-switching"),
    (CONTACT, "--via", "informer", "--message", "x", "--dialling-timeout", "121"),
    (CONTACT, "--dtmf", "12a"),
    (CONTACT, "--message", "а" * 1001),
    (CONTACT, "--message", "x", "--media", "1"),
    (CONTACT, "--line", "нет"),
    (CONTACT, "--line-usage", "cheapest"),
    (CONTACT, "--via", "simple", "--operator-confirmation", "12"),
    (CONTACT, "--via", "simple", "--operator", "102"),
    (CONTACT, "--via", "simple", "--operator", "0486101"),
]


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
async def test_wrong_usage_is_exit_2_and_nothing_is_sent(words: tuple[str, ...], open_pad: OpenPad) -> None:
    async with open_pad() as pad:
        ended = await pad.call("start", *words)
        assert ended.code == 2
        assert ended.err.strip()
        assert "Traceback" not in ended.err
        assert pad.simulator.journal.entries == []


async def test_an_option_of_another_way_is_told_to_be_left_out_and_nothing_else(open_pad: OpenPad) -> None:
    async with open_pad() as pad:
        ended = await pad.call("start", CONTACT, "--via", "informer", "--message", "x", "--early-switching")
        assert ended.code == 2
        assert ended.err.splitlines() == ["--early-switching does not exist for --via informer. Leave it out."]


async def test_without_a_line_or_an_employee_the_settings_to_fill_in_are_named(open_pad: OpenPad) -> None:
    async with open_pad(settings="") as pad:
        pad.config.write_text(pad.config.read_text("utf-8").replace("employee_id = 2001\n", ""), "utf-8")
        ended = await pad.call("start", CONTACT, "--json")
        assert ended.code == 2
        assert "pbx.virtual_phone_number" in ended.err
        assert "pbx.employee_id" in ended.err


async def test_what_has_no_effect_is_told_and_sent(open_pad: OpenPad) -> None:
    async with open_pad() as pad:
        ended = await pad.call("start", CONTACT, "--message", "Перезваниваем", "--switch-at-once")
        assert ended.code == 0, ended.err
        assert "no effect" in ended.err


def test_every_problem_has_a_sentence() -> None:
    assert set(FAULTS) == set(StartFault)
    assert set(DIAL_SENTENCES) == set(DialProblem)
    params = {"length": 3, "max": 2, "low": 1, "high": 9}
    for fault in StartFault:
        for name in OPTIONS:
            sentence = problem_sentence(StartProblem(name, fault, params), StartVia.SIMPLE)
            assert sentence.endswith(".")
            assert "{" not in sentence
