"""Starting a call: the five ways, everything that can be asked of them, and which combinations the PBX refuses."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from app.domain.calls import Direction, EmployeeId
from app.domain.spoken_message import SpokenMessage


class StartVia(Enum):
    """Whom the PBX connects the contact with."""

    EMPLOYEE = "employee"
    SCENARIO = "scenario"
    VNUMBER = "vnumber"
    INFORMER = "informer"
    SIMPLE = "simple"


class FirstCall(Enum):
    """Whose phone rings first: the contact's, or the one on our side."""

    CONTACT = "contact"
    OUR_SIDE = "our_side"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStart:
    """One wish to start a call. Numbers are digits without a plus; what a way does not have stays at its default.

    `contact`: an outside number, or an employee's SIP number; extensions are not allowed. `line_number`: the account's
    number that is shown and charged. `external_id`: our mark, by which the call is found again. `dial_tail`: keys sent
    after the answer, a dot is a pause of one second. `line_usage` and `operator_confirmation`, `employee_message` of a
    scenario: the 2026 edition only. `our_message`: what the employee (or the operator of SIMPLE) hears before.
    """

    via: StartVia
    contact: str
    line_number: str
    external_id: str = ""
    dial_tail: str = ""
    direction: Direction = Direction.OUTBOUND
    first_call: FirstCall = FirstCall.OUR_SIDE
    switch_at_once: bool = False
    early_switching: bool = False
    media_file_id: int | None = None
    shows_line_number: bool | None = None
    dialling_timeout_s: int | None = None
    employee_id: EmployeeId | None = None
    employee_phone: str = ""
    scenario_id: int | None = None
    operator_number: str = ""
    operator_confirmation: str = ""
    contact_message: SpokenMessage | None = None
    our_message: SpokenMessage | None = None
    line_usage: str = ""
