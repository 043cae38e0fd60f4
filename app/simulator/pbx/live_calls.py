"""Which calls are live and how they end. How they come about lives in world.py."""

from collections.abc import Callable

from app.simulator.config import SimulatorConfig
from app.simulator.pbx import transitions
from app.simulator.pbx.call import DIALLING, Call, Leg, LegRole, SessionState
from app.simulator.schedule import Schedule


class NoSuchCallError(LookupError):
    """The call is not live, or was never there."""


class PhoneError(RuntimeError):
    """A phone was told to do what it cannot do now."""


class LiveCalls:
    """The calls of the account by id, and the endings of the diagram."""

    def __init__(self, config: SimulatorConfig, schedule: Schedule) -> None:
        self.finished: list[Call] = []
        self.rings_next: Callable[[Call], bool] = _nobody_else
        """Asked when the last phone of our side stopped ringing: true when another one rings now."""
        self._config = config
        self._schedule = schedule
        self._live: dict[int, Call] = {}

    def add(self, call: Call) -> None:
        """A call begins."""
        self._live[call.call_session_id] = call

    def everything(self) -> list[Call]:
        """Live calls, oldest first."""
        return list(self._live.values())

    def find(self, call_session_id: int) -> Call | None:
        """A live call."""
        return self._live.get(call_session_id)

    def live(self, call_session_id: int) -> Call:
        """A live call; raises NoSuchCallError."""
        call = self._live.get(call_session_id)
        if call is None:
            raise NoSuchCallError(call_session_id)
        return call

    def in_state(self, call_session_id: int, *states: SessionState) -> Call:
        """A live call in one of these states; raises NoSuchCallError or PhoneError."""
        call = self.live(call_session_id)
        if call.session_state not in states:
            raise PhoneError(f"not possible in {call.session_state.value}")
        return call

    def leave(self, call: Call, leg: Leg, how: str) -> None:
        """One party goes, as the diagram says; `how`: ``hung_up``, ``disconnected``, ``declined`` or ``timed_out``."""
        if leg.role is LegRole.CONTACT:
            self.finish(call, f"contact_{how}")
        elif leg.role is LegRole.COACH:
            call.drop(leg)
        elif leg.role is LegRole.CONSULT:
            if call.session_state is SessionState.TRANSFER_PENDING:
                self.finish(call, "lost_on_blind_transfer")
            else:
                transitions.lose_consult(call, leg)
        else:
            self._employee_leaves(call, leg, how)

    def _employee_leaves(self, call: Call, leg: Leg, how: str) -> None:
        consulted = call.leg_in_role(LegRole.CONSULT)
        if consulted is not None:
            transitions.leave_to_consulted(call, consulted)
            return
        if call.session_state is SessionState.SESSION and leg.leg_state == DIALLING:
            call.drop(leg)
            if call.leg_in_role(LegRole.EMPLOYEE) is None and not self.rings_next(call):
                self.finish(call, "no_answer")
            return
        self.finish(call, f"operator_{how}" if call.was_answered else "cancelled_by_operator")

    def finish(self, call: Call, reason: str) -> None:
        """End the call: at once, or after the exchange's own post-processing of a call that was a talk."""
        call.finish_reason = call.finish_reason or reason
        call.ended_at = call.ended_at or self._schedule.wall_now()
        if call.session_state is SessionState.TALK and self._config.post_talk_s > 0:
            transitions.disconnect_everyone(call)
            self._schedule.after(self._config.post_talk_s, lambda: self._remove(call))
        else:
            self._remove(call)

    def _remove(self, call: Call) -> None:
        if self._live.pop(call.call_session_id, None) is not None:
            call.session_state = SessionState.FINISHED
            self.finished.append(call)


def _nobody_else(_: Call) -> bool:
    return False
