"""Until when a held caller was promised to be back with somebody. What is played on hold is call_control's."""

from __future__ import annotations

from dataclasses import dataclass

from app.board import BoardChange, CallBoard
from app.domain.actions import CallAction
from app.domain.calls import CallSessionId, CallState
from app.observe import Observable, Subscription
from app.services.command_report import CommandPhase, CommandReport
from app.telephony.port import SpokenMessage

_NOT_HELD = frozenset(
    {CallState.TALK, CallState.RINGING, CallState.QUEUED, CallState.TRANSFER_PENDING, CallState.ENDED}
)


@dataclass(frozen=True, slots=True)
class HoldPreset:
    """A reason to hold: its name for the operator, the message for the caller, the seconds that message promises."""

    name: str
    message: SpokenMessage
    promised_s: int | None = None


@dataclass(frozen=True, slots=True)
class HoldPromise:
    """`due_monotonic_s`: when the promise is over; it began when the list showed the hold."""

    name: str
    promised_s: int
    due_monotonic_s: float

    def overdue_s(self, now_monotonic_s: float) -> float:
        """Seconds the caller has waited longer than promised; 0 while the promise holds."""
        return max(0.0, now_monotonic_s - self.due_monotonic_s)


class HoldPromises:
    """The promises of calls held from this console. One lasts through a consultation: the caller still waits."""

    def __init__(
        self, board: CallBoard, reports: Observable[CommandReport], presets: tuple[HoldPreset, ...] = ()
    ) -> None:
        self.presets = presets
        self._board = board
        self._promises: dict[CallSessionId, HoldPromise] = {}
        self._subscriptions: tuple[Subscription, ...] = (
            board.changes.subscribe(self._forget_retrieved),
            reports.subscribe(self._note_hold),
        )

    def use(self, presets: tuple[HoldPreset, ...]) -> None:
        """Other reasons to choose from; promises given stay."""
        self.presets = presets

    def close(self) -> None:
        """Follow nothing any longer."""
        for subscription in self._subscriptions:
            subscription.cancel()

    def promise(self, call_session_id: CallSessionId) -> HoldPromise | None:
        """What the caller on hold was promised; None when nothing was, or the caller is held no longer."""
        return self._promises.get(call_session_id)

    def _note_hold(self, report: CommandReport) -> None:
        if report.action is not CallAction.HOLD or report.phase is not CommandPhase.CONFIRMED:
            return
        live_call = self._board.call(report.call_session_id)
        promised_s = report.detail.get("promised_s")
        if live_call is None or not isinstance(promised_s, int):
            return
        name = str(report.detail.get("preset", ""))
        due_s = live_call.state_since.monotonic_s + promised_s
        self._promises[report.call_session_id] = HoldPromise(name, promised_s, due_s)

    def _forget_retrieved(self, change: BoardChange) -> None:
        for call_session_id in (*change.changed, *(ended.call_session_id for ended in change.ended)):
            live_call = self._board.call(call_session_id)
            if live_call is None or live_call.call_state in _NOT_HELD:
                self._promises.pop(call_session_id, None)
