"""The account's talk options: which there are, which are on, which may be used now. Using one is call_control's."""

from __future__ import annotations

from app.background import BackgroundTasks
from app.board import CallBoard
from app.clock import Clock
from app.domain.actions import CallAction, Reason, WhyNot, why_not
from app.domain.calls import CallSessionId
from app.domain.live_call import Sighting
from app.errors import OutcomeUnknown, PultError
from app.observe import Observable
from app.services.call_control import CallControl
from app.telephony.poller import Poller
from app.telephony.port import TalkOption, TelephonyPort

_FIRST_RETRY_S = 5.0
_LONGEST_RETRY_S = 300.0


class TalkOptions:
    """Read once after the first successful poll. A broken link is tried again after some later poll, a refusal not."""

    def __init__(self, board: CallBoard, poller: Poller, clock: Clock, control: CallControl) -> None:
        self.changes: Observable[tuple[TalkOption, ...]] = Observable()
        self.options: tuple[TalkOption, ...] = ()
        self._board = board
        self._clock = clock
        self._control = control
        self._tasks = BackgroundTasks()
        self._telephony: TelephonyPort | None = None
        self._is_wanted = False
        self._is_reading = False
        self._retry_s = _FIRST_RETRY_S
        self._due_s = float("-inf")
        self._looking = poller.polls_done.subscribe(self._look)
        control.know_talk_options(self.option)

    def use(self, telephony: TelephonyPort | None) -> None:
        """Another account from now on; its options are read after the next successful poll."""
        self._telephony = telephony
        self._is_wanted = telephony is not None
        self._retry_s, self._due_s = _FIRST_RETRY_S, float("-inf")
        self._take(())

    async def aclose(self) -> None:
        """Read no more."""
        self._looking.cancel()
        await self._tasks.aclose()

    def option(self, button: str) -> TalkOption | None:
        """The option on that key."""
        return next((option for option in self.options if option.button == button), None)

    def is_on(self, call_session_id: CallSessionId, button: str) -> bool | None:
        """Is that toggle on? None for options that are no toggles, or whose effect the list of calls does not show."""
        option, live_call = self.option(button), self._board.call(call_session_id)
        if option is None or live_call is None:
            return None
        if option.mnemonic == "record_talk":
            return live_call.session.is_recorded
        if option.mnemonic == "call_coach":
            return bool(live_call.coach_legs)
        return None

    def why_not(self, call_session_id: CallSessionId | None, button: str) -> WhyNot | None:
        """Why that option is off now; None when it may be used."""
        situation = self._control.situation(call_session_id)
        refusal = why_not(CallAction.USE_TALK_OPTION, situation)
        option = self.option(button)
        if refusal is None and option is not None and option.mnemonic == "record_talk":
            stopping = why_not(CallAction.STOP_RECORDING, situation)
            if stopping is not None and stopping.reason is Reason.RECORDING_ENFORCED:
                return stopping
        return refusal

    def _look(self, _: Sighting) -> None:
        telephony = self._telephony
        if not self._is_wanted or self._is_reading or telephony is None or self._clock.monotonic() < self._due_s:
            return
        self._is_reading = True
        self._tasks.start(self._read(telephony), name="talk-options")

    async def _read(self, telephony: TelephonyPort) -> None:
        try:
            options = await telephony.list_talk_options()
        except PultError as error:
            if telephony is self._telephony:
                self._is_wanted = error.is_retryable or isinstance(error, OutcomeUnknown)
                self._due_s = self._clock.monotonic() + self._retry_s
                self._retry_s = min(_LONGEST_RETRY_S, self._retry_s * 2)
        else:
            if telephony is self._telephony:
                self._is_wanted = False
                self._take(options)
        finally:
            self._is_reading = False

    def _take(self, options: tuple[TalkOption, ...]) -> None:
        if options != self.options:
            self.options = options
            self.changes.publish(options)
