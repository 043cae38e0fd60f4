"""One call of the exchange and its legs, with the leg states spelt as list.calls spells them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum

from app.simulator.pbx.directory import Tag
from app.simulator.pbx.start_plan import StartPlan

DIALLING = "Дозвон"
TALKING = "Разговор"
QUEUED = "На очереди"
DISCONNECTED = "Разъединено"
OPERATORS_TALKING = "Разговор операторов"
HELD = "На удержании"
TRANSFERRING = "Перевод вызова"
SENDING_DTMF = "Отправка dtmf"
RECEIVING_FAX = "Получение факса"
FAX_RECEIVED = "Факс получен"


class SessionState(Enum):
    """States of the diagram (uis-notes §5.2); HOLD stands for HOLD and WAITING_INPUT together."""

    SESSION = "session"
    TALK = "talk"
    HOLD = "hold"
    DIALING = "dialing"
    OPERATOR_TALK = "operator_talk"
    TRANSFER_PENDING = "transfer_pending"
    POST_TALK = "post_talk"
    FINISHED = "finished"


class LegRole(Enum):
    """Whose leg: A, B, C or K of the diagram."""

    CONTACT = "contact"
    EMPLOYEE = "employee"
    CONSULT = "consult"
    COACH = "coach"


@dataclass(slots=True)
class Leg:
    """One party's connection."""

    leg_id: int
    role: LegRole
    calling: str
    called: str
    leg_state: str
    is_operator: bool = False
    employee_id: int | None = None
    employee_full_name: str | None = None
    began_at: datetime | None = None
    talk_began_at: datetime | None = None
    """When it got through to the other side."""
    left_at: datetime | None = None
    """When it left before the call ended."""


def _nobodys_time() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Call:
    """One call session, live or finished."""

    call_session_id: int
    direction: str
    """``in`` or ``out``."""
    started_at: datetime
    virtual_number: str
    contact: str
    external_id: str | None = None
    source: str = "va"
    """How it came about, as the Data API spells it: ``va``, ``callapi``, ``callapi_scenario_call`` …"""
    plan: StartPlan | None = None
    """What is still to be done for a start.* method before both sides talk."""
    legs: list[Leg] = field(default_factory=list)
    past_legs: list[Leg] = field(default_factory=list)
    """Legs that left before the call ended, as they were."""
    tags: list[Tag] = field(default_factory=list)
    session_state: SessionState = SessionState.SESSION
    is_recorded: bool = False
    dtmf: str = ""
    """Symbols received by send.dtmf, in order."""
    hold_message: tuple[str, str] | None = None
    """Type and value of the message the held caller hears."""
    consult_message_s: float = 0.0
    """How long the consulted party listens to a message before the operators talk."""
    talk_started_at: datetime | None = None
    ended_at: datetime | None = None
    finish_reason: str | None = None
    was_answered: bool = False
    now: Callable[[], datetime] = _nobodys_time
    """The exchange's clock."""

    def leg(self, leg_id: int) -> Leg | None:
        """The leg with that id."""
        return next((leg for leg in self.legs if leg.leg_id == leg_id), None)

    def leg_of_employee(self, employee_id: int) -> Leg | None:
        """The leg of that employee."""
        return next((leg for leg in self.legs if leg.employee_id == employee_id), None)

    def leg_in_role(self, role: LegRole) -> Leg | None:
        """The first leg in that role."""
        return next((leg for leg in self.legs if leg.role is role), None)

    def drop(self, leg: Leg) -> None:
        """Take the leg out; it is never listed again, but reports have it."""
        leg.left_at = self.now()
        self.legs.remove(leg)
        self.past_legs.append(leg)
