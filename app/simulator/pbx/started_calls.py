"""Calls that the exchange itself begins on behalf of a start.* method: who rings when, and who is connected with whom
(uis-notes §5.2). Whether the method may begin them is decided by the API's port."""

from app.simulator.config import SimulatorConfig
from app.simulator.pbx import transitions
from app.simulator.pbx.call import DIALLING, TALKING, Call, Leg, LegRole, SessionState
from app.simulator.pbx.directory import Destination, Directory, PhoneBehaviour
from app.simulator.pbx.legs import IdSource
from app.simulator.pbx.live_calls import LiveCalls
from app.simulator.pbx.start_plan import StartPlan
from app.simulator.schedule import Schedule


class StartedCalls:
    """Carries out the plans of started calls; people at the phones pick up as the directory says of them."""

    def __init__(
        self,
        config: SimulatorConfig,
        directory: Directory,
        schedule: Schedule,
        ids: IdSource,
        live_calls: LiveCalls,
    ) -> None:
        self._config = config
        self._directory = directory
        self._schedule = schedule
        self._ids = ids
        self._live_calls = live_calls
        live_calls.rings_next = self._ring_next

    def begin(self, call: Call, plan: StartPlan) -> None:
        """The first phone rings."""
        call.plan = plan
        if plan.rings_contact_first or plan.is_informer:
            self._ring_contact(call, plan)
        else:
            self._ring_own_side(call, plan)

    def ring_employees(self, call: Call, employees: list[int]) -> None:
        """These employees ring for a call that is let into a scenario again, and pick up by themselves."""
        for employee_id in employees:
            employee = self._directory.employees[employee_id]
            if employee.has_active_phone:
                self._ring_own(call, Destination(employee.phone_number, employee), call.contact)
        if call.leg_in_role(LegRole.EMPLOYEE) is None:
            self._live_calls.finish(call, "no_answer")

    def contact_picks_up(self, call: Call, contact: Leg) -> None:
        """The contact has answered; raises LookupError for a call that nobody started."""
        plan = _plan_of(call)
        contact.leg_state = TALKING
        call.dtmf += plan.contact_keys.replace(".", "")
        plan.contact_hears_until_s = self._schedule.now_s() + plan.contact_message_s
        if plan.is_informer:
            self._schedule.after(plan.contact_message_s, lambda: self._end_informer(call))
        elif call.leg_in_role(LegRole.EMPLOYEE) is not None:
            self._connect_when_heard(call, plan)
        else:
            self._ring_own_side(call, plan)

    def own_side_picks_up(self, call: Call, own: Leg) -> None:
        """The employee, or the operator of a simple call, has answered."""
        plan = _plan_of(call)
        own.leg_state = TALKING
        plan.own_phones.clear()
        for leg in [leg for leg in call.legs if leg.role is LegRole.EMPLOYEE and leg is not own]:
            call.drop(leg)
        if call.leg_in_role(LegRole.CONTACT) is not None:
            self._connect_when_heard(call, plan)
        elif plan.own_message_s > 0:
            self._schedule.after(plan.own_message_s, lambda: self._ring_contact_if_wanted(call, own))
        else:
            self._ring_contact(call, plan)

    def _ring_contact_if_wanted(self, call: Call, own: Leg) -> None:
        if call.session_state is SessionState.SESSION and own in call.legs and call.plan is not None:
            self._ring_contact(call, call.plan)

    def _ring_contact(self, call: Call, plan: StartPlan) -> None:
        leg = self._ids.new_employee_leg(
            LegRole.CONTACT, call.virtual_number, plan.contact_called, plan.contact.employee
        )
        call.legs.append(leg)
        behaviour = self._directory.behaviour_at(plan.contact)
        if behaviour == PhoneBehaviour() and plan.contact.employee is None:
            behaviour = PhoneBehaviour(self._contacts_answer_after_s())
        self._expect(call, leg, behaviour, plan.dial_time_s)

    def _contacts_answer_after_s(self) -> float | None:
        configured_s = self._config.contact_answers_after_s
        return self._directory.contact_answers_after_s if configured_s is None else configured_s

    def _ring_own_side(self, call: Call, plan: StartPlan) -> None:
        calling = call.virtual_number if plan.shows_line else call.contact
        ringing = plan.own_phones[:1] if plan.rings_in_turn else list(plan.own_phones)
        del plan.own_phones[: len(ringing)]
        for destination in ringing:
            self._ring_own(call, destination, calling)
        if not ringing:
            self._live_calls.finish(call, "no_answer")

    def _ring_own(self, call: Call, destination: Destination, calling: str) -> None:
        employee = destination.employee
        leg = self._ids.new_employee_leg(LegRole.EMPLOYEE, calling, destination.number, employee)
        leg.is_operator = True
        call.legs.append(leg)
        if employee is not None:
            call.is_recorded = call.is_recorded or employee.call_recording in ("all", call.direction)
        own_dial_time_s = employee.dial_time_s if employee is not None else None
        dial_time_s = call.plan.dial_time_s if call.plan is not None else self._config.dial_time_s
        self._expect(
            call,
            leg,
            self._directory.behaviour_at(destination),
            dial_time_s if own_dial_time_s is None else own_dial_time_s,
        )

    def _ring_next(self, call: Call) -> bool:
        """Nobody of our side rings any more: the next phone in turn does, if there is one."""
        plan = call.plan
        if plan is None or not plan.own_phones:
            return False
        self._ring_own_side(call, plan)
        return True

    def _expect(self, call: Call, leg: Leg, behaviour: PhoneBehaviour, dial_time_s: float) -> None:
        if behaviour.answers_after_s is not None:
            self._schedule.after(behaviour.answers_after_s, lambda: self._pick_up(call, leg))
        elif behaviour.declines_after_s is not None:
            self._schedule.after(behaviour.declines_after_s, lambda: self._reject(call, leg, "declined"))
        self._schedule.after(dial_time_s, lambda: self._reject(call, leg, "timed_out"))

    def _pick_up(self, call: Call, leg: Leg) -> None:
        if not self._still_rings(call, leg):
            return
        if call.plan is None:
            leg.leg_state = TALKING
            transitions.start_talk(call, self._schedule.wall_now())
        elif leg.role is LegRole.CONTACT:
            self.contact_picks_up(call, leg)
        else:
            self.own_side_picks_up(call, leg)

    def _reject(self, call: Call, leg: Leg, how: str) -> None:
        if self._still_rings(call, leg):
            self._live_calls.leave(call, leg, how)

    def _still_rings(self, call: Call, leg: Leg) -> bool:
        return call.session_state is SessionState.SESSION and leg in call.legs and leg.leg_state == DIALLING

    def _connect_when_heard(self, call: Call, plan: StartPlan) -> None:
        wait_s = 0.0
        if not plan.cuts_message:
            wait_s = plan.contact_hears_until_s - self._schedule.now_s()
            wait_s = max(wait_s, plan.own_message_s if plan.rings_contact_first else 0.0)
        if wait_s <= 0:
            self._connect(call)
        else:
            self._schedule.after(wait_s, lambda: self._connect(call))

    def _connect(self, call: Call) -> None:
        own, contact = call.leg_in_role(LegRole.EMPLOYEE), call.leg_in_role(LegRole.CONTACT)
        if call.session_state is not SessionState.SESSION or own is None or contact is None:
            return
        call.plan = None
        transitions.start_talk(call, self._schedule.wall_now())

    def _end_informer(self, call: Call) -> None:
        if call.session_state is SessionState.SESSION:
            self._live_calls.finish(call, "message_played")


def _plan_of(call: Call) -> StartPlan:
    if call.plan is None:
        raise LookupError("nobody started this call")
    return call.plan
