"""The row of talk options under the commands. Hidden where the account has none."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette, QPixmap, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.actions import CallAction
from ui.actions import OPTION_KEYS, key_of, native_key
from ui.icons import pixmap
from ui.panels.command_bar.view import MARKS
from ui.panels.command_bar.view_state import ButtonPhase
from ui.panels.talk_options.view_state import OptionState, TalkOptionsState
from ui.texts.calls import reason_text
from ui.texts.commands import option_tip, phase_text, talk_options_title
from ui.theme import theme
from ui.widgets.button_rows import ButtonRows
from ui.widgets.option_button import OptionButton
from ui.widgets.panel import Panel
from ui.widgets.plain_label import PlainLabel, plain
from ui.widgets.reason_button import ButtonLook

_WIDE = 800


class TalkOptionsView(Panel):
    """Signals out: `option_requested(str)` with the phone key, also of one that is off; `explained(str)` as the row of
    commands has it."""

    option_requested = Signal(str)
    explained = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("talk_options", parent)
        self._state = TalkOptionsState()
        self.rows = ButtonRows("talk_option_rows", stretches=False)
        self._buttons: dict[str, OptionButton] = {}
        title = PlainLabel(talk_options_title(), name="talk_options_title")
        title.setWordWrap(False)
        self.reason = PlainLabel(elide=True, name="talk_options_reason")
        for muted in (title, self.reason):
            muted.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._head = QWidget()
        self._head.setObjectName("talk_options_head")
        head = QHBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(10)
        head.addWidget(title)
        head.addWidget(self.reason, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 5, 10, 8)
        layout.setSpacing(4)
        layout.addWidget(self._head)
        layout.addWidget(self.rows)
        self.hide()
        theme.changed.connect(self._dress)

    @property
    def state(self) -> TalkOptionsState:
        return self._state

    def button(self, phone_key: str) -> OptionButton | None:
        """The button of an option."""
        return self._buttons.get(phone_key)

    def show_state(self, state: TalkOptionsState) -> None:
        """Show the row. Buttons are made anew only when the account's options became others."""
        if state == self._state:
            return
        before, self._state = self._state, state
        if [(one.button, one.name) for one in state.options] != [(one.button, one.name) for one in before.options]:
            self._make_buttons()
        self._dress()
        self.setVisible(bool(state.options))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a narrow screen the buttons take two rows or three; the reason is in their tooltips, too."""
        super().resizeEvent(event)
        self._head.setVisible(event.size().width() >= _WIDE)

    def _make_buttons(self) -> None:
        for gone in self._buttons.values():
            gone.hide()
            gone.deleteLater()
        self._buttons = {}
        for option in self._state.options:
            button = OptionButton(f"talk_option_{option.button}", plain(option.name), option.button)
            button.pressed_on.connect(partial(self.option_requested.emit, option.button))
            button.pressed_while_off.connect(partial(self.option_requested.emit, option.button))
            button.explained.connect(partial(self._explain, option.button))
            self._buttons[option.button] = button
        self.rows.set_buttons(list(self._buttons.values()))
        for button in self._buttons.values():
            button.show()

    def _dress(self) -> None:
        common = self._state.common_refusal
        self.reason.setText("" if common is None else reason_text(common, key_of))
        for option in self._state.options:
            self._dress_button(self._buttons[option.button], option)

    def _dress_button(self, button: OptionButton, option: OptionState) -> None:
        reason = "" if option.why_not is None else reason_text(option.why_not, key_of)
        done = phase_text(CallAction.USE_TALK_OPTION, option.phase, name=option.name)
        key = native_key(OPTION_KEYS[int(option.digit) - 1]) if option.digit else ""
        button.explain(option_tip(option.name, key, reason), " ".join(part for part in (reason, done) if part))
        button.setProperty("phase", option.phase.value)
        button.show_toggle(option.is_on)
        button.set_look(_look_of(option))
        button.set_on(option.why_not is None)

    def _explain(self, phone_key: str, is_here: bool) -> None:
        option = next((one for one in self._state.options if one.button == phone_key), None)
        if not is_here or option is None or option.why_not is None:
            self.explained.emit("")
        else:
            self.explained.emit(f"{option.name}: {reason_text(option.why_not, key_of)}")


def _look_of(option: OptionState) -> ButtonLook:
    colours = theme.colours
    ink = colours.tone("text" if option.why_not is None else "muted")
    ground = colours.talk_fill if option.is_on else ""
    if option.phase is not ButtonPhase.IDLE:
        mark, tone = MARKS[option.phase]
        return ButtonLook(QPixmap(), pixmap(mark, tone, 16), ink, colours.tone(tone), ground)
    if option.is_on:
        return ButtonLook(QPixmap(), pixmap("check", "talk", 16), ink, colours.talk, ground)
    return ButtonLook(QPixmap(), QPixmap(), ink)
