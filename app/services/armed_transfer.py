"""Transfer when answered: holds the caller, rings a colleague, and leaves the two to each other once they talk.

The plan of one call is armed_plan's.
"""

from __future__ import annotations

from app.background import BackgroundTasks
from app.board import CallBoard
from app.clock import Clock
from app.domain.calls import CallSessionId
from app.observe import Observable
from app.services.armed_plan import ArmedPlan, ArmedWish
from app.services.armed_stage import ArmedOutcome, ArmedStage, ArmedTransfer, OutcomeKind
from app.services.call_control import CallControl
from app.services.call_follower import Desk
from app.telephony.poller import Poller
from app.telephony.port import SpokenMessage

__all__ = ["ArmedOutcome", "ArmedStage", "ArmedTransfer", "ArmedTransfers", "OutcomeKind"]


class ArmedTransfers:
    """At most one plan a call. `changes`: a plan came, got on or is over; `ended`: with which outcome."""

    def __init__(
        self, board: CallBoard, poller: Poller, clock: Clock, control: CallControl, *, back_after_s: float = 30.0
    ) -> None:
        self.changes: Observable[CallSessionId] = Observable()
        self.ended: Observable[ArmedOutcome] = Observable()
        self._desk = Desk(board, poller, clock, control)
        self._back_after_s = back_after_s
        self._tasks = BackgroundTasks()
        self._plans: dict[CallSessionId, ArmedPlan] = {}

    def use(self, *, back_after_s: float) -> None:
        """The time after which callers come back, for plans to come."""
        self._back_after_s = back_after_s

    async def aclose(self) -> None:
        """End every plan where it is; nothing more is sent."""
        await self._tasks.aclose()

    def arm(
        self,
        call_session_id: CallSessionId,
        to_number: str,
        *,
        to_name: str = "",
        message: SpokenMessage | None = None,
        back_after_s: float | None = None,
        is_completed_alone: bool = True,
    ) -> None:
        """Begin, from a talk, from hold or from a consultation that rings already. `message`: what the colleague hears
        first. Without `back_after_s` the configured time counts. Not `is_completed_alone`: the operator talks to the
        colleague first, so the plan is over then, and without a `back_after_s` as soon as the colleague rings. A call
        whose plan goes on gets no second one."""
        if call_session_id in self._plans:
            return
        if back_after_s is None and is_completed_alone:
            back_after_s = self._back_after_s
        wish = ArmedWish(call_session_id, to_number, to_name, message, back_after_s, is_completed_alone)
        plan = ArmedPlan(self._desk, wish, lambda: self.changes.publish(call_session_id))
        self._plans[call_session_id] = plan
        self._tasks.start(self._play(call_session_id, plan), name="armed-transfer")
        self.changes.publish(call_session_id)

    def disarm(self, call_session_id: CallSessionId) -> None:
        """The operator takes over at the stage reached: nothing more is sent, and what is under way stays so."""
        plan = self._plans.pop(call_session_id, None)
        if plan is not None:
            plan.disarm()
            self.changes.publish(call_session_id)

    def of(self, call_session_id: CallSessionId) -> ArmedTransfer | None:
        """How far the plan of that call is; None when there is none (any more)."""
        plan = self._plans.get(call_session_id)
        return None if plan is None else plan.shown

    async def _play(self, call_session_id: CallSessionId, plan: ArmedPlan) -> None:
        outcome: ArmedOutcome | None = None
        try:
            outcome = await plan.run()
        finally:
            is_current = self._plans.get(call_session_id) is plan
            if is_current:
                del self._plans[call_session_id]
                self.changes.publish(call_session_id)
        if outcome is not None and is_current:
            self.ended.publish(outcome)
