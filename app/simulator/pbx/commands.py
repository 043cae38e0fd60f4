"""What the Call API's commands do to a live call. Parameters are valid already; refusals carry a mnemonic."""

from app.simulator.pbx import transitions
from app.simulator.pbx.call import SENDING_DTMF, TALKING, Call, Leg, LegRole, SessionState
from app.simulator.pbx.colleagues import Colleagues
from app.simulator.pbx.directory import Destination
from app.simulator.pbx.messages import message_s
from app.simulator.pbx.world import PbxWorld


class CommandRefusedError(Exception):
    """The exchange will not do it; `params` fill the vendor's message template."""

    def __init__(self, mnemonic: str, *, field: str | None = None, **params: object) -> None:
        super().__init__(mnemonic)
        self.mnemonic = mnemonic
        self.field = field
        self.params = params


class CallCommands:
    """Commands on one world. Every method raises CommandRefusedError before it changes anything."""

    def __init__(self, world: PbxWorld) -> None:
        self._world = world
        self._colleagues = Colleagues(world)

    def hold(self, call: Call, message: tuple[str, str]) -> None:
        """TALK -> HOLD; the contact hears `message` (type, value)."""
        _require(call, SessionState.TALK)
        call.hold_message = message
        transitions.hold(call)

    def retrieve(self, call: Call) -> None:
        """HOLD -> TALK."""
        _require(call, SessionState.HOLD)
        transitions.resume_talk(call)

    def call_third_party(self, call: Call, to: str, message: tuple[str, str] | None) -> Leg:
        """HOLD -> DIALING; returns the ringing leg."""
        _require(call, SessionState.HOLD)
        destination = self._reach(to, "to")
        consulted = self._new_leg(LegRole.CONSULT, call, destination)
        call.consult_message_s = message_s(self._world.directory, message)
        transitions.dial_consult(call, consulted)
        self._colleagues.expect_answer(call, consulted, destination)
        return consulted

    def transfer(self, call: Call) -> None:
        """The employee leaves the contact to the third party, answered or still ringing."""
        _require(call, SessionState.DIALING, SessionState.OPERATOR_TALK)
        consulted = call.leg_in_role(LegRole.CONSULT)
        if consulted is None:
            raise CommandRefusedError("invalid_state")
        transitions.leave_to_consulted(call, consulted)

    def restore(self, call: Call) -> None:
        """Back to the contact; the third party goes."""
        _require(call, SessionState.DIALING, SessionState.OPERATOR_TALK)
        transitions.resume_talk(call)

    def tag(self, call: Call, tag_id: int | float) -> None:
        """Put a tag on the call."""
        tag = next((tag for tag in self._world.directory.tags.values() if tag.tag_id == tag_id), None)
        if tag is None:
            raise CommandRefusedError("tag_not_found", field="tag_id", tag_id=tag_id)
        if tag in call.tags:
            raise CommandRefusedError("duplicate_tag", field="tag_id")
        call.tags.append(tag)

    def set_recording(self, call: Call, *, is_on: bool) -> None:
        """Switch the recording of this call."""
        if is_on and call.is_recorded:
            raise CommandRefusedError("record_already_started", field="action")
        if not is_on and self._is_always_recorded(call):
            raise CommandRefusedError("forbidden", field="action")
        if not is_on and not call.is_recorded:
            raise CommandRefusedError("record_already_stopped", field="action")
        call.is_recorded = is_on

    def send_dtmf(self, call: Call, symbol: str) -> None:
        """One symbol towards the contact's side."""
        call.dtmf += symbol
        employee = call.leg_in_role(LegRole.EMPLOYEE)
        shown_s = self._world.config.dtmf_shown_s
        if call.session_state is SessionState.TALK and employee is not None and shown_s > 0:
            employee.leg_state = SENDING_DTMF
            self._world.schedule.after(shown_s, lambda: _talk_again(employee))

    def add_coach(self, call: Call, phone_number: str | None) -> Leg:
        """Ring a coach who will listen; by default the one from the employee's settings."""
        destination = self._coach_of(call) if phone_number is None else self._reach(phone_number, "phone_number")
        coach = self._new_leg(LegRole.COACH, call, destination)
        call.legs.append(coach)
        self._colleagues.expect_answer(call, coach, destination)
        return coach

    def block_contact(self, call: Call, *, by: str) -> None:
        """The contact's number goes into the blacklist; the call itself goes on."""
        if self._world.directory.is_blocked(call.contact):
            raise CommandRefusedError("duplicate_contact", contact_phone_number=call.contact)
        self._world.directory.block(call.contact, self._world.schedule.wall_now(), by)

    def drop_leg(self, call: Call, leg_id: int | float) -> None:
        """Disconnect one party; the contact's end is the call's end."""
        leg = next((leg for leg in call.legs if leg.leg_id == leg_id), None)
        if leg is None:
            raise CommandRefusedError("leg_not_found", field="leg_id")
        self._world.live_calls.leave(call, leg, "disconnected")

    def release(self, call: Call) -> None:
        """End the call for everybody."""
        self._world.live_calls.finish(call, "released")

    def _reach(self, dialled: str, field: str) -> Destination:
        destination = self._world.directory.resolve(dialled)
        if destination is None:
            raise CommandRefusedError("no_active_phone_number", field=field)
        return destination

    def _coach_of(self, call: Call) -> Destination:
        employees = self._world.directory.employees
        for leg in call.legs:
            employee = employees.get(leg.employee_id) if leg.is_operator and leg.employee_id else None
            coach = employees.get(employee.coach_id) if employee is not None and employee.coach_id else None
            if coach is not None:
                return self._reach(coach.phone_number, "phone_number")
        raise CommandRefusedError("coach_not_found")

    def _is_always_recorded(self, call: Call) -> bool:
        employees = self._world.directory.employees
        in_call = (employees.get(leg.employee_id) for leg in call.legs if leg.is_operator and leg.employee_id)
        return any(employee is not None and employee.call_recording != "off" for employee in in_call)

    def _new_leg(self, role: LegRole, call: Call, destination: Destination) -> Leg:
        return self._world.ids.new_employee_leg(role, call.virtual_number, destination.number, destination.employee)


def _require(call: Call, *states: SessionState) -> None:
    if call.session_state not in states:
        raise CommandRefusedError("invalid_state")


def _talk_again(leg: Leg) -> None:
    if leg.leg_state == SENDING_DTMF:
        leg.leg_state = TALKING
