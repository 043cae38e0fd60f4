"""What the people at the called phones do by themselves: pick up, or not, in their own time."""

from app.simulator.pbx.call import DIALLING, TALKING, Call, Leg, LegRole
from app.simulator.pbx.directory import Destination
from app.simulator.pbx.world import PbxWorld


class Colleagues:
    """Employees who are called for advice or as coaches behave as the directory says of them."""

    def __init__(self, world: PbxWorld) -> None:
        self._world = world

    def expect_answer(self, call: Call, leg: Leg, destination: Destination) -> None:
        """The phone behind this leg has begun to ring."""
        behaviour = self._world.directory.behaviour_at(destination)
        if behaviour.answers_after_s is not None:
            self._world.schedule.after(behaviour.answers_after_s, lambda: self._pick_up(call, leg))
        elif behaviour.declines_after_s is not None:
            self._world.schedule.after(behaviour.declines_after_s, lambda: self._reject(call, leg))

    def _pick_up(self, call: Call, leg: Leg) -> None:
        if not self._still_rings(call, leg):
            return
        if leg.role is LegRole.COACH:
            leg.leg_state = TALKING
        else:
            self._world.colleague_answers(call.call_session_id)

    def _reject(self, call: Call, leg: Leg) -> None:
        if self._still_rings(call, leg):
            self._world.live_calls.leave(call, leg, "declined")

    def _still_rings(self, call: Call, leg: Leg) -> bool:
        is_live = self._world.live_calls.find(call.call_session_id) is not None
        return is_live and leg in call.legs and leg.leg_state == DIALLING
