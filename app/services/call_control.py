"""Commands on live calls, one method each. Nothing here changes a call: the PBX does, and the board shows it.

Commands without rules of their own are call_commands'; how one is sent and followed is command_sender's.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from app.board import CallBoard
from app.clock import Clock
from app.domain.actions import CallAction, Situation
from app.domain.calls import CallSessionId, EmployeeId, TagId
from app.errors import NotFound, PultError
from app.observe import Observable
from app.services.call_commands import CallCommands
from app.services.command_report import CommandPhase, CommandReport
from app.services.command_sender import BeforeEnd, CommandSender
from app.services.hold_promises import HoldPreset
from app.telephony.poller import Poller
from app.telephony.port import SpokenMessage, TalkOption, TelephonyPort

__all__ = ["CallControl", "CommandPhase", "CommandReport"]

END_AGAIN_AFTER_S = 1.0
_GONE = "call_session_not_found"
DTMF_SYMBOLS = frozenset("0123456789*#")


class CallControl(CallCommands):
    """The console's commands. Each returns the phase its request ended in and raises no PultError; what becomes of an
    accepted one is told by `reports`."""

    def __init__(
        self,
        board: CallBoard,
        poller: Poller,
        clock: Clock,
        *,
        hold_message: SpokenMessage,
        telephony: TelephonyPort | None = None,
        me: EmployeeId | None = None,
    ) -> None:
        super().__init__(CommandSender(board, poller, clock))
        self._clock = clock
        self._option_of: Callable[[str], TalkOption | None] = lambda _: None
        self.reports: Observable[CommandReport] = self._sender.ledger.reports
        self._end_pressed_s: dict[CallSessionId, float] = {}
        self.use(telephony, me=me, hold_message=hold_message)

    def use(self, telephony: TelephonyPort | None, *, me: EmployeeId | None, hold_message: SpokenMessage) -> None:
        """Another account, employee or message on hold from now on."""
        self._sender.use(telephony, me)
        self._hold_message = hold_message

    def know_talk_options(self, option_of: Callable[[str], TalkOption | None]) -> None:
        """What a phone key means on this account decides what the list shows of its use."""
        self._option_of = option_of

    def do_before_end(self, before_end: BeforeEnd) -> None:
        """What must have had its chance before a command of ours ends a call. It raises nothing and takes no long."""
        self._sender.before_end = before_end

    def use_enforced_recording(self, employees: frozenset[EmployeeId]) -> None:
        """Whose recording nobody may stop, known before it is tried."""
        self._sender.use_enforced_recording(employees)

    def close(self) -> None:
        """Follow the list no longer."""
        self._sender.close()

    def pending(self, call_session_id: CallSessionId) -> frozenset[CallAction]:
        """Actions sent for this call that are neither confirmed nor given up."""
        return self._sender.ledger.pending(call_session_id)

    def latest(self, call_session_id: CallSessionId, action: CallAction) -> CommandReport | None:
        """The last report of that action on a live call."""
        return self._sender.ledger.latest(call_session_id, action)

    def was_ended_by_us(self, call_session_id: CallSessionId) -> bool:
        """Did the PBX take (or may it have taken) an end of this call from this console?"""
        return self._sender.ledger.was_ended_by_us(call_session_id)

    def situation(self, call_session_id: CallSessionId | None) -> Situation:
        """All that decides which actions are on for this call now."""
        return self._sender.situation(call_session_id)

    async def hold(
        self, call_session_id: CallSessionId, message: SpokenMessage | None = None, preset: HoldPreset | None = None
    ) -> CommandReport:
        """Put the caller on hold with that message, the preset's, or the configured one."""
        spoken = message or (preset.message if preset is not None else self._hold_message)
        detail = {} if preset is None else {"preset": preset.name, "promised_s": preset.promised_s}
        return await self._sender.send(
            call_session_id, CallAction.HOLD, lambda pbx: pbx.hold(call_session_id, spoken), detail
        )

    async def tag(
        self,
        call_session_id: CallSessionId,
        tag_id: TagId,
        *,
        name: str = "",
        when_gone: Callable[[], Awaitable[None]] | None = None,
    ) -> CommandReport:
        """Put a tag on the call. `when_gone`: the other way to do it, taken when the PBX says that the call is over."""
        detail: dict[str, object] = {"tag_id": tag_id, "name": name} if name else {"tag_id": tag_id}

        async def put(pbx: TelephonyPort) -> bool:
            try:
                await pbx.tag(call_session_id, tag_id)
            except NotFound as error:
                if when_gone is None or error.code != _GONE:
                    raise
            else:
                return True
            await when_gone()
            return False

        return await self._sender.send(call_session_id, CallAction.TAG, put, detail)

    def tell_late_tag(
        self, call_session_id: CallSessionId, phase: CommandPhase, detail: Mapping[str, object], error: PultError | None
    ) -> CommandReport:
        """What became of a tag for a call that is no longer on the board."""
        return self._sender.ledger.tell(call_session_id, CallAction.TAG, phase, detail, error)

    async def use_talk_option(self, call_session_id: CallSessionId, button: str) -> CommandReport:
        """Press that key of the account's talk options. Never repeated: pressed again, some undo what they did."""
        option = self._option_of(button)
        detail: dict[str, object] = {"button": button}
        if option is not None:
            detail |= {"mnemonic": option.mnemonic, "value": option.value}
        return await self._sender.send(
            call_session_id,
            CallAction.USE_TALK_OPTION,
            lambda pbx: pbx.use_talk_option(call_session_id, button),
            detail,
        )

    async def stop_recording(self, call_session_id: CallSessionId) -> CommandReport:
        """Record no longer. Where the account records an employee always, the PBX forbids it; that is remembered."""
        report = await self._sender.send(
            call_session_id, CallAction.STOP_RECORDING, lambda pbx: pbx.set_recording(call_session_id, on=False)
        )
        if report.error is not None and report.error.code == "forbidden":
            self._sender.remember_enforced_recording(call_session_id)
        return report

    async def send_dtmf(self, call_session_id: CallSessionId, symbols: str) -> CommandReport:
        """Press these keys in order, one request each; the first that is not accepted ends the sequence."""
        detail: dict[str, object] = {"sent": 0, "total": len(symbols)}
        if not symbols or not DTMF_SYMBOLS.issuperset(symbols):
            error = PultError("bad_dtmf")
            return self._sender.ledger.not_sent(call_session_id, CallAction.SEND_DTMF, detail, error)

        async def press_all(pbx: TelephonyPort) -> None:
            for sent, symbol in enumerate(symbols, 1):
                await pbx.send_dtmf_symbol(call_session_id, symbol)
                self._sender.ledger.progress(call_session_id, CallAction.SEND_DTMF, {**detail, "sent": sent})

        return await self._sender.send(call_session_id, CallAction.SEND_DTMF, press_all, detail)

    async def end_call(self, call_session_id: CallSessionId) -> CommandReport:
        """End the call for everybody. A second press within a second sends nothing and gives the first report."""
        now_s = self._clock.monotonic()
        before = self._sender.ledger.latest(call_session_id, CallAction.END_CALL)
        if before is not None and now_s - self._end_pressed_s.get(call_session_id, float("-inf")) < END_AGAIN_AFTER_S:
            return before
        self._end_pressed_s = {call_session_id: now_s}
        return await self._sender.send(call_session_id, CallAction.END_CALL, lambda pbx: pbx.end_call(call_session_id))
