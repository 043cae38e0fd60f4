"""`call start NUMBER …`: every way and every parameter of starting a call; sent once, looked for by its mark."""

from __future__ import annotations

import argparse
import secrets
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from app.commands.call_result import CallPhase, CallResult, WrongUsageError, failed
from app.commands.call_watch import PbxDesk, listed
from app.commands.typed import message_from, message_of, number_to_call, own_number
from app.domain.call_start import (
    LINE_USAGE_RULES,
    CallStart,
    FirstCall,
    StartFault,
    StartProblem,
    StartVia,
    problems_of,
)
from app.domain.calls import CallSessionId, Direction, EmployeeId
from app.errors import OutcomeUnknown, PultError
from app.services.usual_start import usual_start
from app.settings import Settings
from app.telephony.port import CallsSnapshot

_FIRST = {"contact": FirstCall.CONTACT, "employee": FirstCall.OUR_SIDE, "operator": FirstCall.OUR_SIDE}
_CLOCKS_DIFFER_BY = timedelta(hours=1)
OPTIONS: Mapping[str, str] = {
    "contact": "NUMBER",
    "line_number": "--line",
    "external_id": "--external-id",
    "dial_tail": "--dtmf",
    "direction": "--direction",
    "first_call": "--first",
    "switch_at_once": "--switch-at-once",
    "early_switching": "--early-switching",
    "media_file_id": "--waiting-media",
    "shows_line_number": "--show-line",
    "dialling_timeout_s": "--dialling-timeout",
    "employee_id": "--employee",
    "employee_phone": "--employee-phone",
    "scenario_id": "--scenario",
    "operator_number": "--operator",
    "operator_confirmation": "--operator-confirmation",
    "contact_message": "--message or --media",
    "our_message": "--our-message or --our-media",
    "line_usage": "--line-usage",
}
"""Attribute of CallStart -> what it is called on the command line."""
_SETTINGS = {
    "line_number": "pbx.virtual_phone_number",
    "employee_id": "pbx.employee_id",
    "scenario_id": "pbx.start_scenario_id",
    "operator_number": "pbx.operator_number",
}
FAULTS: Mapping[StartFault, str] = {
    StartFault.MISSING: "{option} is missing for --via {via}. Give it{setting}.",
    StartFault.NOT_DIGITS: "{option} takes a phone number, digits only.",
    StartFault.TOO_SHORT: "{option} is too short. Give it whole.",
    StartFault.TOO_LONG: "{option} is too long: {max} are allowed.",
    StartFault.OWN_LINE: "{option} is the account's own line. Give another number.",
    StartFault.BAD_KEYS: "{option} takes keys only: 0-9, *, #.",
    StartFault.NO_DIRECTION: "{option} takes in or out.",
    StartFault.UNKNOWN_RULE: "{option} takes one of: {rules}.",
    StartFault.NOT_IN_THIS_WAY: "{option} does not exist for --via {via}. Leave it out.",
    StartFault.NEEDS_OUR_SIDE_FIRST: "{option} works only when our side is called first. Leave out --first contact.",
    StartFault.NEEDS_SWITCH_AT_ONCE: "{option} works only with --switch-at-once. Add it.",
    StartFault.NO_EFFECT_WITH_TTS: "{option} has no effect while the contact hears a spoken text.",
    StartFault.OUT_OF_RANGE: "{option} takes {low} to {high}.",
    StartFault.NEITHER_TTS_NOR_MEDIA: "{option} takes a text or a media file.",
    StartFault.EMPTY_TEXT: "{option} is empty. Give the text, or leave the option out.",
    StartFault.TEXT_TOO_LONG: "{option} has {length} characters, {max} are allowed (pbx.tts_max_length).",
    StartFault.NOT_A_MEDIA_FILE: "{option} takes the number of a media file.",
}


def start_of(arguments: argparse.Namespace, settings: Settings) -> CallStart:
    """What the command line asks for, completed from the settings. What the PBX would ignore is told on stderr.

    Raises WrongUsageError for what it would refuse.
    """
    via = arguments.via or settings.pbx.start_via
    pbx = msgspec.structs.replace(settings.pbx, start_via=via)
    contact, tail = _contact_and_tail(arguments, settings)
    start = usual_start(contact, arguments.dtmf or tail, msgspec.structs.replace(settings, pbx=pbx))
    start = _with_options(start, arguments, settings)
    problems = problems_of(start, tts_max_length=settings.pbx.tts_max_length)
    for problem in problems:
        if problem.is_hint:
            print(problem_sentence(problem, start.via), file=sys.stderr)
    faults = [problem for problem in problems if not problem.is_hint]
    if faults:
        sentences = "\n".join(problem_sentence(problem, start.via) for problem in faults)
        raise WrongUsageError(f"start_{faults[0].reason.value}", sentences)
    return start


async def run_start(desk: PbxDesk, start: CallStart) -> CallResult:
    """Send it once. With --wait the list is asked for the call, after a lost answer by the mark, then the report."""
    facts: dict[str, object] = {"call_session_id": None, "external_id": start.external_id, "number": start.contact}
    sent_at = desk.clock.now()
    try:
        call_session_id = await desk.telephony.start_call(start)
    except OutcomeUnknown as error:
        lost = failed("start", error, facts)
        return await _look_for_lost(desk, lost, start.external_id, sent_at - _CLOCKS_DIFFER_BY)
    except PultError as error:
        return failed("start", error, facts)
    result = CallResult("start", CallPhase.ACCEPTED, None, {**facts, "call_session_id": call_session_id})
    if desk.wait_time_s is None:
        return result
    is_seen = await desk.sees(lambda snapshot: listed(snapshot, call_session_id) is not None)
    return replace(result, phase=CallPhase.CONFIRMED if is_seen else CallPhase.NOT_VISIBLE)


async def _look_for_lost(desk: PbxDesk, lost: CallResult, external_id: str, since: datetime) -> CallResult:
    """By its mark: in the list of calls, then in the report, where also a call that is over stands."""
    if desk.wait_time_s is None:
        return lost
    found: list[CallSessionId] = []

    def is_there(snapshot: CallsSnapshot) -> bool:
        found.extend(call.call_session_id for call in snapshot.calls if call.external_id == external_id)
        return bool(found)

    how = "list" if await desk.sees(is_there) else "report"
    call_session_id = found[0] if found else await _in_the_report(desk, external_id, since)
    if call_session_id is None:
        return lost
    facts = {**lost.facts, "call_session_id": call_session_id, "found_in": how}
    return CallResult("start", CallPhase.CONFIRMED, None, facts)


async def _in_the_report(desk: PbxDesk, external_id: str, since: datetime) -> CallSessionId | None:
    if desk.account is None:
        return None
    try:
        return await desk.account.find_started_call(external_id, since)
    except PultError:
        # Without the right to reports it stays unknown, which is what is told.
        return None


def problem_sentence(problem: StartProblem, via: StartVia) -> str:
    """What to do about it, in the words of the command line."""
    setting = _SETTINGS.get(problem.field)
    return FAULTS[problem.reason].format(
        option=OPTIONS[problem.field],
        via=via.value,
        setting=f", or set {setting}" if setting else "",
        rules=", ".join(LINE_USAGE_RULES),
        **problem.params,
    )


def _contact_and_tail(arguments: argparse.Namespace, settings: Settings) -> tuple[str, str]:
    if arguments.as_is:
        return arguments.number.strip(), ""
    dialled = number_to_call(arguments.number, frozenset(line.number for line in settings.pbx.virtual_numbers))
    if arguments.dtmf and dialled.dial_tail:
        raise WrongUsageError("two_tails", "Keys are given twice: after NUMBER and by --dtmf. Give them once.")
    return dialled.number, dialled.dial_tail


def _with_options(start: CallStart, arguments: argparse.Namespace, settings: Settings) -> CallStart:
    """What was said on the command line goes before the settings."""
    line, operator = arguments.line, arguments.operator
    return replace(
        start,
        direction=Direction.INBOUND if arguments.direction == "in" else Direction.OUTBOUND,
        external_id=arguments.external_id or f"pult-{secrets.token_hex(16)}",
        line_number=start.line_number if line is None else own_number(line, "--line"),
        first_call=start.first_call if arguments.first is None else _FIRST[arguments.first],
        switch_at_once=arguments.switch_at_once,
        early_switching=arguments.early_switching,
        media_file_id=arguments.waiting_media,
        shows_line_number=None if arguments.show_line is None else arguments.show_line == "yes",
        dialling_timeout_s=arguments.dialling_timeout,
        employee_id=start.employee_id if arguments.employee is None else EmployeeId(arguments.employee),
        employee_phone=arguments.employee_phone,
        scenario_id=start.scenario_id if arguments.scenario is None else arguments.scenario,
        operator_number=start.operator_number if operator is None else own_number(operator, "--operator"),
        operator_confirmation=arguments.operator_confirmation,
        contact_message=message_of(arguments, settings),
        our_message=message_from(arguments.our_message, arguments.our_media, settings, "--our-message"),
        line_usage=arguments.line_usage,
    )
