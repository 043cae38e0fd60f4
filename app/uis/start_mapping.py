"""A wish to start a call, put into the vendor's words. What a way does not take is left out. Pure."""

from __future__ import annotations

from typing import TypedDict

from app.domain.call_start import CallStart, FirstCall, StartVia
from app.domain.calls import Direction
from app.domain.spoken_message import SpokenMessage
from app.errors import LinkDown
from app.uis.start_client import (
    EmployeeCallWire,
    EmployeeWire,
    InformerCallWire,
    ScenarioCallWire,
    SimpleCallWire,
    UisStartClient,
    VnumberCallWire,
)
from app.uis.wire import MessageWire


class _Common(TypedDict):
    virtual_phone_number: str
    contact: str
    direction: str
    external_id: str
    dtmf_string: str
    virtual_phone_usage_rule: str


class _Bridging(_Common):
    switch_at_once: bool
    early_switching: bool
    contact_message: MessageWire | None


async def start_by(starts: UisStartClient, start: CallStart) -> int:
    """Send it the way it asks for; gives the new session's id.

    Raises LinkDown "bad_request", with nothing sent, when the way's own addressee is missing; else as the client does.
    """
    match start.via:
        case StartVia.EMPLOYEE:
            return await starts.start_employee_call(employee_call_of(start))
        case StartVia.SCENARIO:
            return await starts.start_scenario_call(scenario_call_of(start))
        case StartVia.VNUMBER:
            return await starts.start_vnumber_call(vnumber_call_of(start))
        case StartVia.INFORMER:
            return await starts.start_informer_call(informer_call_of(start))
        case StartVia.SIMPLE:
            return await starts.start_simple_call(simple_call_of(start))


def employee_call_of(start: CallStart) -> EmployeeCallWire:
    """start.employee_call."""
    if start.employee_id is None:
        raise _incomplete("employee")
    return EmployeeCallWire(
        **_bridging(start),
        first_call=_first_call(start, "employee"),
        employee=EmployeeWire(int(start.employee_id), start.employee_phone),
        media_file_id=start.media_file_id,
        show_virtual_phone_number=start.shows_line_number is not False,
        employee_message=_spoken(start.our_message),
    )


def scenario_call_of(start: CallStart) -> ScenarioCallWire:
    """start.scenario_call."""
    if start.scenario_id is None:
        raise _incomplete("scenario_id")
    return ScenarioCallWire(
        **_bridging(start),
        first_call=_first_call(start, "employee"),
        scenario_id=start.scenario_id,
        employee_message=_spoken(start.our_message),
    )


def vnumber_call_of(start: CallStart) -> VnumberCallWire:
    """start.vnumber_call."""
    return VnumberCallWire(**_bridging(start), first_call=_first_call(start, "employee"))


def informer_call_of(start: CallStart) -> InformerCallWire:
    """start.informer_call."""
    message = _spoken(start.contact_message)
    if message is None:
        raise _incomplete("contact_message")
    return InformerCallWire(**_common(start), contact_message=message, dialing_timeout=start.dialling_timeout_s)


def simple_call_of(start: CallStart) -> SimpleCallWire:
    """start.simple_call."""
    if not start.operator_number:
        raise _incomplete("operator")
    return SimpleCallWire(
        **_bridging(start),
        first_call=_first_call(start, "operator"),
        operator=start.operator_number,
        media_file_id=start.media_file_id,
        show_virtual_phone_number=start.shows_line_number is not False,
        operator_message=_spoken(start.our_message),
        operator_confirmation=start.operator_confirmation,
    )


def _common(start: CallStart) -> _Common:
    return {
        "virtual_phone_number": start.line_number,
        "contact": start.contact,
        "direction": "in" if start.direction is Direction.INBOUND else "out",
        "external_id": start.external_id,
        "dtmf_string": start.dial_tail,
        "virtual_phone_usage_rule": start.line_usage,
    }


def _bridging(start: CallStart) -> _Bridging:
    return {
        **_common(start),
        "switch_at_once": start.switch_at_once,
        "early_switching": start.early_switching,
        "contact_message": _spoken(start.contact_message),
    }


def _first_call(start: CallStart, our_side: str) -> str:
    return "contact" if start.first_call is FirstCall.CONTACT else our_side


def _spoken(message: SpokenMessage | None) -> MessageWire | None:
    return None if message is None else MessageWire(message.kind, message.value)


def _incomplete(field: str) -> LinkDown:
    return LinkDown("bad_request", {"field": field})
