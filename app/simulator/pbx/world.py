"""The exchange at work: calls arrive, phones are answered and hung up.

What the API commands do to a call lives in commands.py; how a state changes the legs in transitions.py; how calls end
in live_calls.py.
"""

import random

from app.simulator.clock import SimulatorClock
from app.simulator.config import SimulatorConfig
from app.simulator.pbx import transitions
from app.simulator.pbx.call import DIALLING, QUEUED, TALKING, Call, Leg, LegRole, SessionState
from app.simulator.pbx.directory import Directory
from app.simulator.pbx.legs import IdSource
from app.simulator.pbx.live_calls import LiveCalls, NoSuchCallError, PhoneError
from app.simulator.pbx.office import default_directory
from app.simulator.pbx.recordings import Recordings
from app.simulator.pbx.start_plan import StartPlan
from app.simulator.pbx.started_calls import StartedCalls
from app.simulator.schedule import Schedule


class CallerBlockedError(PhoneError):
    """The caller is in the blacklist: no call comes about."""


class PbxWorld:
    """All calls of the account. Every method changes the world at once, at the schedule's present moment."""

    def __init__(self, config: SimulatorConfig, clock: SimulatorClock, directory: Directory | None = None) -> None:
        self.config = config
        self.directory = directory if directory is not None else default_directory()
        self.schedule = Schedule(clock)
        self.dice = random.Random(config.seed)
        self.ids = IdSource(self.dice, self.schedule.wall_now)
        self.live_calls = LiveCalls(config, self.schedule)
        self.recordings = Recordings(config, self.schedule)
        self.saved_numbers: list[str] = []
        """Numbers that the talk option save_numa kept."""
        self.started = StartedCalls(config, self.directory, self.schedule, self.ids, self.live_calls)

    @property
    def calls(self) -> list[Call]:
        """Live calls, oldest first."""
        self.schedule.catch_up()
        return self.live_calls.everything()

    @property
    def finished(self) -> list[Call]:
        """Ended calls with their `finish_reason`, in the order they ended."""
        self.schedule.catch_up()
        return self.live_calls.finished

    def call(self, call_session_id: int) -> Call:
        """A live or finished call; raises NoSuchCallError."""
        for known in (*reversed(self.finished), *self.calls):
            if known.call_session_id == call_session_id:
                return known
        raise NoSuchCallError(call_session_id)

    def ring_in(
        self,
        contact: str,
        *,
        employees: list[int],
        virtual_number: str | None = None,
        contact_hears_greeting: bool = False,
    ) -> int:
        """A customer calls and every named employee's phone rings; returns the call session id.

        Raises CallerBlockedError for a number in the blacklist.
        """
        _let_in(self.directory, contact)
        call = self._new_call("in", contact, virtual_number)
        state = TALKING if contact_hears_greeting else DIALLING
        call.legs.append(self.ids.new_leg(LegRole.CONTACT, contact, call.virtual_number, state))
        self.ring_employees(call.call_session_id, employees)
        return call.call_session_id

    def queue_in(self, contact: str, *, virtual_number: str | None = None) -> int:
        """A customer calls and waits in the queue; see `ring_employees`. Raises CallerBlockedError."""
        _let_in(self.directory, contact)
        call = self._new_call("in", contact, virtual_number)
        call.legs.append(self.ids.new_leg(LegRole.CONTACT, contact, call.virtual_number, QUEUED))
        return call.call_session_id

    def ring_employees(self, call_session_id: int, employees: list[int]) -> None:
        """The phones of these employees ring for a call that nobody has answered."""
        call = self._in_state(call_session_id, SessionState.SESSION)
        for employee_id in employees:
            self._add_employee(call, employee_id, call.contact, DIALLING)

    def ring_out(
        self, employee_id: int, contact: str, *, virtual_number: str | None = None, dtmf_tail: str = ""
    ) -> int:
        """An employee dials a customer from the phone; the customer's phone rings. `dtmf_tail` like ``...9.2.3``."""
        call = self._new_call("out", contact, virtual_number)
        self._add_employee(call, employee_id, call.virtual_number, TALKING)
        call.legs.append(self.ids.new_leg(LegRole.CONTACT, call.virtual_number, contact + dtmf_tail))
        return call.call_session_id

    def start_call(
        self,
        plan: StartPlan,
        *,
        direction: str,
        virtual_number: str,
        source: str = "callapi",
        external_id: str | None = None,
    ) -> Call:
        """A start.* method begins a call of its own; the first phone rings."""
        call = self._new_call(direction, plan.contact.number, virtual_number)
        call.source, call.external_id = source, external_id
        self.started.begin(call, plan)
        return call

    def answer(self, call_session_id: int, employee_id: int) -> None:
        """That employee's ringing phone is picked up."""
        call = self._in_state(call_session_id, SessionState.SESSION)
        leg = call.leg_of_employee(employee_id)
        if leg is None or leg.leg_state != DIALLING:
            raise PhoneError(f"the phone of {employee_id} does not ring")
        self._pick_up(call, leg)

    def operator_answers(self, call_session_id: int) -> None:
        """The ringing phone of our side is picked up, whoever it belongs to; meant for start.simple_call."""
        call = self._in_state(call_session_id, SessionState.SESSION)
        leg = next((leg for leg in call.legs if leg.role is LegRole.EMPLOYEE and leg.leg_state == DIALLING), None)
        if leg is None:
            raise PhoneError("no phone of our side rings")
        self._pick_up(call, leg)

    def contact_answers(self, call_session_id: int) -> None:
        """The customer picks up an outgoing call, or one that a start.* method began."""
        call = self._in_state(call_session_id, SessionState.SESSION)
        contact = call.leg_in_role(LegRole.CONTACT)
        is_called = call.direction == "out" or call.plan is not None
        if contact is None or contact.leg_state != DIALLING or not is_called:
            raise PhoneError("the customer's phone does not ring")
        if call.plan is not None:
            self.started.contact_picks_up(call, contact)
        else:
            transitions.start_talk(call, self.schedule.wall_now())

    def colleague_answers(self, call_session_id: int) -> None:
        """The consulted party picks up and, after the message meant for it, talks."""
        call = self._in_state(call_session_id, SessionState.DIALING, SessionState.TRANSFER_PENDING)
        consulted = _consulted(call)
        if consulted.leg_state != DIALLING:
            raise PhoneError("the consulted party has answered already")
        if call.consult_message_s <= 0:
            transitions.connect_consulted(call, consulted)
            return
        consulted.leg_state = TALKING
        message_s, call.consult_message_s = call.consult_message_s, 0.0
        self.schedule.after(message_s, lambda: transitions.connect_consulted(call, consulted))

    def colleague_declines(self, call_session_id: int) -> None:
        """The consulted party does not pick up, is busy or rejects."""
        call = self._in_state(call_session_id, SessionState.DIALING, SessionState.TRANSFER_PENDING)
        self.live_calls.leave(call, _consulted(call), "declined")

    def coach_answers(self, call_session_id: int) -> None:
        """The coach's phone is picked up."""
        coach = self.call(call_session_id).leg_in_role(LegRole.COACH)
        if coach is None:
            raise PhoneError("no coach was called")
        coach.leg_state = TALKING

    def hang_up(self, call_session_id: int, who: str | int) -> None:
        """``contact`` (or another role), an employee id or a leg id puts the phone down."""
        self.schedule.catch_up()
        call = self.live_calls.live(call_session_id)
        leg = _leg_of(call, who)
        if leg is None:
            raise PhoneError(f"{who} is not in the call")
        self.live_calls.leave(call, leg, "hung_up")

    def _pick_up(self, call: Call, own: Leg) -> None:
        own.leg_state = TALKING
        if call.plan is not None:
            self.started.own_side_picks_up(call, own)
        else:
            transitions.start_talk(call, self.schedule.wall_now())

    def _new_call(self, direction: str, contact: str, virtual_number: str | None) -> Call:
        self.schedule.catch_up()
        line = virtual_number or self.directory.virtual_numbers[0].number
        call = self.ids.new_call(direction, self.schedule.wall_now(), line, contact)
        self.live_calls.add(call)
        return call

    def _add_employee(self, call: Call, employee_id: int, calling: str, state: str) -> None:
        employee = self.directory.employees[employee_id]
        leg = self.ids.new_employee_leg(LegRole.EMPLOYEE, calling, employee.phone_number, employee, state)
        leg.is_operator = True
        call.legs.append(leg)
        call.is_recorded = call.is_recorded or employee.call_recording in ("all", call.direction)

    def _in_state(self, call_session_id: int, *states: SessionState) -> Call:
        self.schedule.catch_up()
        return self.live_calls.in_state(call_session_id, *states)


def _let_in(directory: Directory, contact: str) -> None:
    if directory.is_blocked(contact):
        raise CallerBlockedError(contact)


def _leg_of(call: Call, who: str | int) -> Leg | None:
    if isinstance(who, str):
        return call.leg_in_role(LegRole(who))
    return call.leg(who) or call.leg_of_employee(who)


def _consulted(call: Call) -> Leg:
    consulted = call.leg_in_role(LegRole.CONSULT)
    if consulted is None:
        raise PhoneError("nobody is consulted")
    return consulted
