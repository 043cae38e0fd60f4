"""The plan of one transfer when answered, step by step. Which calls have one is armed_transfer's.

Every step is taken on a snapshot that shows the step before. Nothing is sent twice, and nothing after the operator has
done something to the call.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.actions import CallAction
from app.domain.calls import CallSessionId, CallState, Leg, LegState
from app.domain.live_call import LiveCall
from app.errors import PultError
from app.services.armed_stage import ArmedOutcome, ArmedStage, ArmedTransfer, OutcomeKind
from app.services.call_follower import CallFollower, Desk, StepFailed, TakenOver
from app.services.command_report import CommandPhase
from app.telephony.port import SpokenMessage

_BACK = frozenset({CallAction.CANCEL_CONSULT, CallAction.RETRIEVE})
_HELD = frozenset({CallState.HOLD, CallState.CONSULT_RINGING, CallState.CONSULT})
# After a hold that was confirmed: how the PBX words the operator's leg meanwhile is nowhere written (uis-notes §5.2).
_DIALLED_FROM = frozenset({CallState.HOLD, CallState.UNKNOWN})


@dataclass(frozen=True, slots=True)
class ArmedWish:
    """What the operator asked for. `back_after_s` None: as long as the colleague rings."""

    call_session_id: CallSessionId
    to_number: str
    to_name: str = ""
    message: SpokenMessage | None = None
    back_after_s: float | None = None
    is_completed_alone: bool = True


class ArmedPlan:
    """`tell` is called at each new stage."""

    def __init__(self, desk: Desk, wish: ArmedWish, tell: Callable[[], None]) -> None:
        self._desk = desk
        self._wish = wish
        self._tell = tell
        self._follower = CallFollower(desk, wish.call_session_id)
        self._stage = ArmedStage.HOLDING
        self._back_at_s: float | None = None
        self._holder: Leg | None = None

    @property
    def shown(self) -> ArmedTransfer:
        """How far it is."""
        wish = self._wish
        return ArmedTransfer(
            wish.call_session_id,
            wish.to_number,
            wish.to_name,
            self._stage,
            self._back_at_s,
            is_completed_alone=wish.is_completed_alone,
        )

    def disarm(self) -> None:
        """Send nothing more."""
        self._follower.take_over()

    async def run(self) -> ArmedOutcome | None:
        """Play it to its end; None when the operator took over in another way than going back."""
        try:
            return await self._play()
        except TakenOver as taken_over:
            return self._outcome(OutcomeKind.BACK_BY_HAND) if taken_over.action in _BACK else None
        except StepFailed as failed:
            wish = self._wish
            return ArmedOutcome(
                wish.call_session_id,
                OutcomeKind.FAILED,
                failed.error,
                failed.why_not,
                wish.to_number,
                wish.to_name,
                self._stage,
            )
        finally:
            await self._follower.aclose()

    async def _play(self) -> ArmedOutcome | None:
        live_call = await self._follower.fresh()
        self._holder = _holder_of(live_call)
        if live_call.call_state not in _HELD:
            await self._hold()
            live_call = await self._follower.fresh()
        if live_call.call_state in _DIALLED_FROM and not await self._dial():
            return await self._go_back()
        return await self._wait_for_answer()

    async def _hold(self) -> None:
        self._reach(ArmedStage.HOLDING)
        control, call_session_id = self._desk.control, self._wish.call_session_id
        under_way = control.latest(call_session_id, CallAction.HOLD)
        if under_way is not None and under_way.phase.is_pending:
            self._follower.adopt(under_way)
            await self._follower.confirmed(under_way)
            return
        report = await self._follower.send(CallAction.HOLD, control.hold(call_session_id))
        await self._follower.confirmed(report)

    async def _dial(self) -> bool:
        """False: rung and refused at once, before any snapshot could show it."""
        self._reach(ArmedStage.DIALLING)
        wish = self._wish
        request = self._desk.control.begin_consult(wish.call_session_id, wish.to_number, wish.message)
        report = await self._follower.send(CallAction.BEGIN_CONSULT, request)
        latest = await self._follower.shown(report)
        if latest.phase is CommandPhase.NOT_VISIBLE and report.phase is CommandPhase.ACCEPTED:
            return False
        await self._follower.confirmed(report)
        return True

    async def _wait_for_answer(self) -> ArmedOutcome | None:
        wish = self._wish
        if wish.back_after_s is not None:
            self._back_at_s = self._desk.clock.monotonic() + wish.back_after_s
        self._reach(ArmedStage.RINGING)
        while True:
            live_call = await self._follower.fresh()
            match live_call.call_state:
                case CallState.CONSULT:
                    return await self._complete() if wish.is_completed_alone else None
                case CallState.TALK:
                    return self._outcome(self._unless_left(live_call, OutcomeKind.BACK_BY_HAND))
                case CallState.TRANSFER_PENDING:
                    raise StepFailed(PultError("operator_left"))
                case CallState.HOLD:
                    return await self._go_back()
            if self._is_over_time(live_call):
                return await self._go_back()
            if self._back_at_s is None and not wish.is_completed_alone:
                return None
            await self._follower.news(self._until_back_s())

    def _is_over_time(self, live_call: LiveCall) -> bool:
        """Nobody answered: said by a snapshot asked for after the time, so that an answer at the last moment counts.
        Who has answered and still hears the message is not cut off."""
        if self._back_at_s is None or not self._has_looked_after(self._back_at_s):
            return False
        return live_call.call_state is not CallState.CONSULT_RINGING or _is_ringing(live_call)

    def _until_back_s(self) -> float | None:
        """How long to wait for news; once the time is over, as long as it takes to look."""
        if self._back_at_s is None:
            return None
        left_s = self._back_at_s - self._desk.clock.monotonic()
        if left_s <= 0 and not self._has_looked_after(self._back_at_s):
            self._desk.poller.refresh_soon()
        return left_s if left_s > 0 else None

    def _has_looked_after(self, moment_s: float) -> bool:
        last_success = self._desk.poller.report.last_success
        return last_success is not None and last_success.monotonic_s >= moment_s

    async def _complete(self) -> ArmedOutcome:
        self._reach(ArmedStage.COMPLETING)
        request = self._desk.control.complete_transfer(self._wish.call_session_id)
        report = await self._follower.send(CallAction.COMPLETE_TRANSFER, request)
        if report.phase is CommandPhase.REFUSED:
            # The colleague may have hung up in this very moment.
            if (await self._follower.next_look()).call_state is CallState.HOLD:
                return await self._go_back()
            raise StepFailed(report.error)
        await self._follower.confirmed(report, needs_link=False)
        return self._outcome(OutcomeKind.DONE)

    async def _go_back(self) -> ArmedOutcome:
        """One command for what the list shows, and the other one if that turns out to be something else."""
        self._reach(ArmedStage.GOING_BACK)
        tried: set[CallAction] = set()
        error: PultError | None = None
        live_call = await self._follower.fresh()
        while live_call.call_state is not CallState.TALK:
            action = _way_back_from(live_call.call_state, tried)
            if action in tried:
                raise StepFailed(error or PultError("effect_not_seen"))
            tried.add(action)
            control = self._desk.control
            way = control.retrieve if action is CallAction.RETRIEVE else control.cancel_consult
            report = await self._follower.send(action, way(self._wish.call_session_id))
            error = report.error
            if report.phase is not CommandPhase.REFUSED:
                latest = await self._follower.shown(report, needs_link=False)
                if latest.phase is CommandPhase.CONFIRMED:
                    return self._outcome(OutcomeKind.BACK_NO_ANSWER)
            live_call = await self._follower.next_look()
        return self._outcome(self._unless_left(live_call, OutcomeKind.BACK_NO_ANSWER))

    def _unless_left(self, live_call: LiveCall, kind: OutcomeKind) -> OutcomeKind:
        """The caller talks: to the operator again, or another console or phone has made the transfer."""
        holder = self._holder
        if holder is None or any(_is_same(holder, leg) for leg in live_call.session.live_legs):
            return kind
        return OutcomeKind.DONE

    def _reach(self, stage: ArmedStage) -> None:
        self._stage = stage
        self._tell()

    def _outcome(self, kind: OutcomeKind) -> ArmedOutcome:
        wish = self._wish
        return ArmedOutcome(
            wish.call_session_id, kind, to_number=wish.to_number, to_name=wish.to_name, stage=self._stage
        )


def _is_ringing(live_call: LiveCall) -> bool:
    return any(
        leg.leg_state is LegState.DIALLING and leg.leg_id not in live_call.coach_leg_ids
        for leg in live_call.session.live_legs
    )


def _way_back_from(call_state: CallState, tried: set[CallAction]) -> CallAction:
    is_tried_in_vain = call_state is CallState.UNKNOWN and CallAction.CANCEL_CONSULT in tried
    return CallAction.RETRIEVE if call_state is CallState.HOLD or is_tried_in_vain else CallAction.CANCEL_CONSULT


def _holder_of(live_call: LiveCall) -> Leg | None:
    """Who has the caller when the plan begins: the oldest leg inside that does not ring."""
    contact = live_call.session.contact_leg
    inside = [
        leg
        for leg in live_call.session.live_legs
        if leg is not contact and leg.leg_state is not LegState.DIALLING and leg.leg_id not in live_call.coach_leg_ids
    ]
    return min(inside, key=lambda leg: leg.leg_id, default=None)


def _is_same(holder: Leg, leg: Leg) -> bool:
    return leg.leg_id == holder.leg_id or (holder.employee_id is not None and leg.employee_id == holder.employee_id)
