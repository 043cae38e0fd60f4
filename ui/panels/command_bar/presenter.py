"""Between call control and the row of commands: what is on, what is off and why, what became of each press."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QMenu

from app.domain.actions import CallAction, Reason, WhyNot
from app.domain.calls import CallSessionId, LegId
from app.services.armed_transfer import ArmedStage
from app.services.call_control import CommandReport
from ui.actions import key_of
from ui.bridge import bridge
from ui.call_choice import CallChoice, meant_for_a_call
from ui.errors import text_of
from ui.panels.active_calls.view_state import shown_number
from ui.panels.command_bar.runner import CommandRunner
from ui.panels.command_bar.view import CommandBarView
from ui.panels.command_bar.view_state import (
    RUNNING_PHASES,
    ButtonPhase,
    action_for_key,
    bar_state,
    gives_way,
    verdict,
    visible_actions,
)
from ui.texts.calls import action_text, reason_text
from ui.texts.commands import another_call_text, named_tag_text, phase_text, transfer_text
from ui.texts.in_hand import armed_text

if TYPE_CHECKING:
    from app.bootstrap import Services

_FLASH_MS = 1500
_HANDOVER_MS = 600
_TROUBLE_MS = 4000
_ENDED_JUST_NOW_S = 2.0
LOOK_FIRST_S = 1.0
"""A press this soon after another call came up by itself was meant for the one before."""
_TONES: dict[ButtonPhase, str] = {
    ButtonPhase.CONFIRMED: "talk",
    ButtonPhase.REFUSED: "alert",
    ButtonPhase.NOT_SENT: "alert",
    ButtonPhase.NOT_VISIBLE: "held",
    ButtonPhase.NEVER_KNOWN: "held",
    ButtonPhase.UNKNOWN: "held",
}
_STAGE_AFTER = {CallAction.HOLD: ArmedStage.DIALLING, CallAction.BEGIN_CONSULT: ArmedStage.RINGING}
"""What a transfer when answered comes to once the list shows one of its steps."""
_NOTHING_TO_GO_BACK_FROM = frozenset({Reason.NO_CALL, Reason.CALL_ENDED, Reason.NOT_TALKING_YET, Reason.CONSULT_FIRST})

Say = Callable[[str, str], None]
"""Puts a line into the status bar: text and tone."""


class CommandBarPresenter(QObject):
    """`verdicts_changed(Mapping[CallAction, WhyNot | None])` for the menu, whenever it became another one."""

    verdicts_changed = Signal(object)

    def __init__(
        self, view: CommandBarView, services: Services, choice: CallChoice, runner: CommandRunner, say: Say
    ) -> None:
        super().__init__(view)
        self._view = view
        self._services = services
        self._choice = choice
        self._runner = runner
        self._say = say
        self._verdicts: Mapping[CallAction, WhyNot | None] = {}
        self._phases: dict[tuple[CallSessionId, CallAction], tuple[int, ButtonPhase]] = {}
        self._looked_at = choice.current
        self._came_up_s = float("-inf")
        self._menu_opened_on: CallSessionId | None = None
        self._menu_closed = QTimer(self)
        self._menu_closed.setSingleShot(True)
        self._menu_closed.timeout.connect(self._forget_menu)
        view.command_requested.connect(self.request)
        view.reason_requested.connect(self.request)
        view.hold_reasons_requested.connect(self.request_hold_reason)
        bridge(services.board.changes, lambda _: self.refresh(), view)
        bridge(services.poller.link, lambda _: self.refresh(), view)
        bridge(services.call_control.reports, self._reported, view)
        bridge(services.armed.changes, lambda _: self.refresh(), view)
        bridge(choice.changed, lambda _: self.refresh(), view)
        # Not bridged: a key may come before the next turn of the loop.
        noticing = choice.changed.subscribe(self._note_choice)
        view.destroyed.connect(lambda *_: noticing.cancel())
        self.refresh()

    def request(self, action: CallAction) -> None:
        """A button, menu item or key: do it, or say why not."""
        if self.is_meant_for_another_call():
            return
        self.refresh()
        if not self._says_why_not(action) and self._choice.current is not None:
            self._runner.start(self._choice.current, action)

    def request_by_key(self, actions: tuple[CallAction, ...]) -> None:
        """A key that several actions share means the one that can be done now. Escape is pressed for a hundred
        reasons: it says nothing where there is nothing to go back from."""
        self.refresh()
        going_back = self._verdicts.get(CallAction.CANCEL_CONSULT)
        if actions == (CallAction.CANCEL_CONSULT,) and going_back and going_back.reason in _NOTHING_TO_GO_BACK_FROM:
            return
        call = self._services.board.call(self._choice.current) if self._choice.current is not None else None
        self.request(action_for_key(actions, self._verdicts, visible_actions(call)))

    def request_tag(self, position: int) -> None:
        """Ctrl+1 and so on: the tag at that place of the settings."""
        if self.is_meant_for_another_call():
            return
        self.refresh()
        if not self._says_why_not(CallAction.TAG) and self._choice.current is not None:
            self._runner.tag_by_position(self._choice.current, position)

    def request_hold_reason(self, position: int = 0) -> None:
        """Hold with the reason at that position of the list; 0 asks which."""
        if self.is_meant_for_another_call():
            return
        self.refresh()
        if self._says_why_not(CallAction.HOLD) or self._choice.current is None:
            return
        if position:
            self._runner.hold_for(self._choice.current, position)
        else:
            self._runner.ask_hold_reason(self._choice.current)

    def request_on(self, call_session_id: CallSessionId, action: CallAction) -> None:
        """A button on a strip, which stands for one call whichever is the current one."""
        situation = self._services.call_control.situation(call_session_id)
        is_armed = self._services.armed.of(call_session_id) is not None
        refusal = verdict(action, situation, is_armed=is_armed)
        if refusal is None:
            self._runner.start(call_session_id, action)
        else:
            self._say(f"{action_text(action)}: {reason_text(meant_for_a_call(refusal), key_of)}", "held")

    def drop(self, call_session_id: CallSessionId, leg_id: LegId) -> None:
        """The small button on a participant's line."""
        if call_session_id != self._choice.current or self.is_meant_for_another_call():
            return
        self._runner.start_drop(call_session_id, leg_id)

    def follow_menu(self, menu: QMenu) -> None:
        """An item of an open menu is meant for the call that was the current one as it opened."""
        menu.aboutToShow.connect(self._note_menu)
        # Qt hides a menu first and tells the chosen item afterwards.
        menu.aboutToHide.connect(lambda: self._menu_closed.start(0))

    def refresh(self) -> None:
        """Show the row for what is known now."""
        current = self._choice.current
        shown_call = self._choice.shown_call(self._services.board.calls)
        situation = replace(self._services.call_control.situation(current), call=shown_call)
        phases = {action: phase for (call_id, action), (_, phase) in self._phases.items() if call_id == current}
        is_armed = current is not None and self._services.armed.of(current) is not None
        state = bar_state(situation, phases, is_armed=is_armed)
        self._view.offer_hold_reasons(bool(self._services.hold_promises.presets))
        self._view.show_state(state)
        if state.verdicts != self._verdicts:
            self._verdicts = state.verdicts
            self.verdicts_changed.emit(state.verdicts)

    def _says_why_not(self, action: CallAction) -> bool:
        refusal = self._verdicts.get(action)
        if refusal is not None:
            self._say(f"{self._view.button(action).text()}: {reason_text(refusal, key_of)}", "held")
        return refusal is not None

    def _note_choice(self, current: CallSessionId | None) -> None:
        """Did the next call come up under the operator's hand, just as the one he looked at ended?"""
        before, self._looked_at = self._looked_at, current
        now_s, left = self._services.clock.monotonic(), self._choice.ended_call
        self._came_up_s = float("-inf")
        if self._choice.is_by_hand or left is None or left.ended is None or left.call_session_id != before:
            return
        if now_s - left.ended.monotonic_s < _ENDED_JUST_NOW_S:
            self._came_up_s = now_s

    def _note_menu(self) -> None:
        self._menu_closed.stop()
        self._menu_opened_on = self._choice.current

    def _forget_menu(self) -> None:
        self._menu_opened_on = None

    def is_meant_for_another_call(self) -> bool:
        """F8 pressed twice must not end the next call, too: a press has to come after a look at it. Says so."""
        has_looked = self._services.clock.monotonic() - self._came_up_s >= LOOK_FIRST_S
        if has_looked and self._menu_opened_on in (None, self._choice.current):
            return False
        self._say(another_call_text(), "held")
        return True

    def _reported(self, reports: list[CommandReport]) -> None:
        for report in reports:
            key = (report.call_session_id, report.action)
            before = self._phases.get(key, (0, ButtonPhase.IDLE))[1]
            phase = phase_of(report, before)
            # What is under way keeps its mark: a press that was not sent changes nothing about it.
            if phase is not ButtonPhase.NOT_SENT or before not in RUNNING_PHASES:
                self._phases[key] = (report.sequence, phase)
                if phase not in RUNNING_PHASES:
                    self._forget_later(key, report.sequence, phase)
            self._tell(report, phase)
        self.refresh()

    def _tell(self, report: CommandReport, phase: ButtonPhase) -> None:
        reason = report.detail.get("why_not")
        sentence = text_of(report.error) if report.error is not None else ""
        if isinstance(reason, WhyNot):
            sentence = reason_text(meant_for_a_call(reason), key_of)
        line = phase_text(report.action, phase, sentence, name=self._name_in(report))
        armed = self._services.armed.of(report.call_session_id)
        if armed is not None and armed.is_completed_alone and phase is ButtonPhase.CONFIRMED:
            # One step of several: what was asked for is the whole transfer.
            stage = _STAGE_AFTER.get(report.action)
            to = armed.to_name or shown_number(armed.to_number) or armed.to_number
            line = line if stage is None else armed_text(to, stage.value, None)
        self._say(line, _TONES.get(phase, "text"))

    def _name_in(self, report: CommandReport) -> str:
        """The talk option or the tag that the report is about; empty for the other commands."""
        if report.action is CallAction.USE_TALK_OPTION:
            option = self._services.talk_options.option(str(report.detail.get("button", "")))
            return "" if option is None else option.name
        if report.action is CallAction.BEGIN_CONSULT:
            armed = self._services.armed.of(report.call_session_id)
            return transfer_text().rstrip("…") if armed is not None and armed.is_completed_alone else ""
        name = report.detail.get("name")
        return named_tag_text(name) if report.action is CallAction.TAG and isinstance(name, str) else ""

    def _forget_later(self, key: tuple[CallSessionId, CallAction], sequence: int, phase: ButtonPhase) -> None:
        def forget() -> None:
            if self._phases.get(key, (0, phase))[0] == sequence:
                self._phases.pop(key, None)
                self.refresh()

        # A timer of its own, not QTimer.singleShot: that one's timer has no parent and outlives the window.
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(forget)
        timer.timeout.connect(timer.deleteLater)
        if phase is not ButtonPhase.CONFIRMED:
            timer.start(_TROUBLE_MS)
        else:
            timer.start(_HANDOVER_MS if gives_way(key[1]) else _FLASH_MS)


def phase_of(report: CommandReport, before: ButtonPhase) -> ButtonPhase:
    phase = ButtonPhase(report.phase.value)
    was_answered = report.error is None and before is not ButtonPhase.UNKNOWN
    return ButtonPhase.NEVER_KNOWN if phase is ButtonPhase.NOT_VISIBLE and not was_answered else phase
