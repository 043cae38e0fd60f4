"""Between the talk options and their row: which are on, which are off and why, what became of each press."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.actions import CallAction, Reason, WhyNot
from app.domain.calls import CallSessionId
from app.services.call_control import CommandReport
from ui.actions import OPTION_KEYS, key_of
from ui.bridge import bridge
from ui.call_choice import CallChoice
from ui.panels.command_bar.presenter import phase_of
from ui.panels.command_bar.runner import CommandRunner
from ui.panels.command_bar.view_state import RUNNING_PHASES, ButtonPhase
from ui.panels.talk_options.view import TalkOptionsView
from ui.panels.talk_options.view_state import OptionState, TalkOptionsState
from ui.texts.calls import reason_text
from ui.texts.commands import no_such_option_text
from ui.widgets.second_tick import SecondTick

if TYPE_CHECKING:
    from app.bootstrap import Services

_MARK_MS = 4000


class TalkOptionsPresenter(QObject):
    """`options_changed(tuple[str, …])` with the names, for the menu. `guard`: says why and gives True when a press was
    meant for a call that is not the current one any more."""

    options_changed = Signal(object)

    def __init__(
        self,
        view: TalkOptionsView,
        services: Services,
        choice: CallChoice,
        runner: CommandRunner,
        *,
        tick: SecondTick,
        say: Callable[[str, str], None],
        guard: Callable[[], bool],
    ) -> None:
        super().__init__(view)
        self._view = view
        self._services = services
        self._choice = choice
        self._runner = runner
        self._say = say
        self._guard = guard
        self.names: tuple[str, ...] = ()
        self._phases: dict[tuple[CallSessionId, str], tuple[int, ButtonPhase]] = {}
        view.option_requested.connect(self.request)
        bridge(services.talk_options.changes, lambda _: self.refresh(), view)
        bridge(services.board.changes, lambda _: self.refresh(), view)
        bridge(services.poller.link, lambda _: self.refresh(), view)
        bridge(services.call_control.reports, self._reported, view)
        bridge(choice.changed, lambda _: self.refresh(), view)
        tick.ticked.connect(self._tick)
        self.refresh()

    def request(self, phone_key: str) -> None:
        """A button: do it, or say why not."""
        option = self._services.talk_options.option(phone_key)
        if option is None or self._guard():
            return
        self.refresh()
        refusal = self._refusal(phone_key)
        if refusal is not None:
            self._say(f"{option.name}: {reason_text(refusal, key_of)}", "held")
        elif self._choice.current is not None:
            self._runner.use_option(self._choice.current, phone_key)

    def request_by_key(self, key: str) -> None:
        """Alt+1 and so on."""
        digit = str(OPTION_KEYS.index(key) + 1)
        if self._services.talk_options.options and self._services.talk_options.option(digit) is None:
            self._say(no_such_option_text(digit), "held")
            return
        self.request(digit)

    def request_by_position(self, position: int) -> None:
        """An entry of the menu; the first one is number 1."""
        self.request(self._services.talk_options.options[position - 1].button)

    def refresh(self) -> None:
        """Show the row for what is known now."""
        current = self._choice.current
        talk_options = self._services.talk_options
        options = tuple(
            OptionState(
                option.button,
                option.name,
                None if current is None else talk_options.is_on(current, option.button),
                self._refusal(option.button),
                ButtonPhase.IDLE if current is None else self._phase(current, option.button),
            )
            for option in talk_options.options
        )
        self._view.show_state(TalkOptionsState(current, options))
        names = tuple(option.name for option in options)
        if names != self.names:
            self.names = names
            self.options_changed.emit(names)

    def _refusal(self, phone_key: str) -> WhyNot | None:
        current = self._choice.current
        refusal = self._services.talk_options.why_not(current, phone_key)
        if refusal is not None and refusal.reason is Reason.NO_CALL and current is not None:
            return WhyNot(Reason.CALL_ENDED)
        return refusal

    def _phase(self, call_session_id: CallSessionId, phone_key: str) -> ButtonPhase:
        return self._phases.get((call_session_id, phone_key), (0, ButtonPhase.IDLE))[1]

    def _tick(self) -> None:
        """The first half minute of an outgoing call counts down in the reason."""
        if any(option.why_not is not None for option in self._view.state.options):
            self.refresh()

    def _reported(self, reports: list[CommandReport]) -> None:
        for report in reports:
            phone_key = report.detail.get("button")
            if report.action is not CallAction.USE_TALK_OPTION or not isinstance(phone_key, str):
                continue
            key = (report.call_session_id, phone_key)
            before = self._phase(*key)
            phase = phase_of(report, before)
            if phase is ButtonPhase.NOT_SENT and before in RUNNING_PHASES:
                continue
            self._phases[key] = (report.sequence, phase)
            if phase not in RUNNING_PHASES:
                self._forget_later(key, report.sequence)
        self.refresh()

    def _forget_later(self, key: tuple[CallSessionId, str], sequence: int) -> None:
        def forget() -> None:
            if self._phases.get(key, (0, ButtonPhase.IDLE))[0] == sequence:
                self._phases.pop(key, None)
                self.refresh()

        # A timer of its own, not QTimer.singleShot: that one's timer has no parent and outlives the window.
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(forget)
        timer.timeout.connect(timer.deleteLater)
        timer.start(_MARK_MS)
