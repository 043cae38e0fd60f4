"""The row of command buttons. Says what was pressed; what it may show and when is decided in the view state."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QPalette, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.actions import CallAction
from ui.actions import ACTIONS, UserAction, key_of, key_text
from ui.icons import pixmap
from ui.panels.command_bar.view_state import (
    PLACES,
    SLOTS,
    ButtonPhase,
    CommandBarState,
    CommandButtonState,
)
from ui.texts.calls import action_text, reason_text
from ui.texts.commands import (
    button_tip,
    caller_lost_warning,
    hold_reasons_tip,
    phase_text,
    transfer_purpose_text,
    transfer_text,
)
from ui.theme import theme
from ui.widgets.button_rows import ButtonRows
from ui.widgets.command_button import CommandButton
from ui.widgets.panel import Panel
from ui.widgets.plain_label import PlainLabel
from ui.widgets.reason_button import ButtonLook

MARKS: dict[ButtonPhase, tuple[str, str]] = {
    ButtonPhase.SENDING: ("loader", "ringing"),
    ButtonPhase.ACCEPTED: ("send", "ringing"),
    ButtonPhase.CONFIRMED: ("circle-check", "talk"),
    ButtonPhase.NOT_VISIBLE: ("circle-question-mark", "held"),
    ButtonPhase.NEVER_KNOWN: ("circle-question-mark", "held"),
    ButtonPhase.REFUSED: ("circle-alert", "alert"),
    ButtonPhase.UNKNOWN: ("circle-question-mark", "held"),
    ButtonPhase.NOT_SENT: ("circle-alert", "alert"),
}
_TONES: dict[CallAction, str] = {CallAction.END_CALL: "alert", CallAction.TRANSFER_BLIND: "held"}


class CommandBarView(Panel):
    """Signals out: `command_requested(CallAction)`, `reason_requested(CallAction)` for a press of a button that is off,
    `explained(str)` with the line for the status bar while the mouse or the focus is on a button ("" when it left),
    `hold_reasons_requested()` from the small arrow on *Hold*."""

    command_requested = Signal(object)
    reason_requested = Signal(object)
    explained = Signal(str)
    hold_reasons_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("command_bar", parent)
        self._state: CommandBarState | None = None
        self.rows = ButtonRows("command_rows", spacing=5)
        self._buttons = {action: self._make_button(action) for action in CallAction}
        self._buttons[CallAction.HOLD].menu_requested.connect(self.hold_reasons_requested)
        complete = self._buttons[CallAction.COMPLETE_TRANSFER]
        complete.keep_room_for(complete.text(), transfer_text())
        self.rows.set_places([[self._buttons[action] for action in place] for place in PLACES])
        self._laid_out: tuple[CallAction, ...] = ()
        self._explained: CallAction | None = None
        self._warning_icon = PlainLabel(name="caller_lost_icon")
        self._warning = PlainLabel(caller_lost_warning(), elide=True, name="caller_lost_warning")
        self._warning_line = QWidget()
        self._warning_line.setObjectName("caller_lost_line")
        warning_layout = QHBoxLayout(self._warning_line)
        warning_layout.setContentsMargins(4, 0, 4, 0)
        for part in (self._warning_icon, self._warning):
            # Its line stays: nothing is moved when the colleague rings.
            room = part.sizePolicy()
            room.setRetainSizeWhenHidden(True)
            part.setSizePolicy(room)
        warning_layout.addWidget(self._warning_icon)
        warning_layout.addWidget(self._warning, 1)
        self._show_warning(is_shown=False)
        self._dress_warning()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 4)
        layout.setSpacing(3)
        layout.addWidget(self.rows)
        layout.addWidget(self._warning_line)
        theme.changed.connect(self._retint)

    def button(self, action: CallAction) -> CommandButton:
        """The button of an action, shown or not; menus open under it."""
        return self._buttons[action]

    def offer_hold_reasons(self, are_there: bool) -> None:
        """Whether there is more than one message for a held caller."""
        if self._buttons[CallAction.HOLD].has_menu is not are_there:
            self._buttons[CallAction.HOLD].set_has_menu(are_there)
            self._retint()

    def show_state(self, state: CommandBarState) -> None:
        """Show the row. Nothing moves and nothing loses the focus unless the call's state asks for other buttons."""
        before, self._state = self._state, state
        if state == before:
            return
        shown = tuple(button.action for button in state.buttons)
        focused = next((action for action in CallAction if self._buttons[action].hasFocus()), None)
        if shown != self._laid_out:
            self._lay_out(shown)
        dressed = {} if before is None else {button.action: button for button in before.buttons}
        for button_state in state.buttons:
            if dressed.get(button_state.action) != button_state:
                self._dress(button_state)
        if focused is not None and focused not in shown:
            self._hand_focus_on(focused, shown)
        for action, button in self._buttons.items():
            # Said again to a button that knows, it would lay out the row again.
            if button.isHidden() is (action in shown):
                button.setVisible(action in shown)
        self._show_warning(is_shown=state.warns_caller_lost)
        if before is not None and self._explained is not None:
            was, is_now = before.verdicts.get(self._explained), state.verdicts.get(self._explained)
            if was != is_now:
                self._explain(self._explained, is_here=True)

    def _retint(self) -> None:
        self._dress_warning()
        if self._state is not None:
            for button_state in self._state.buttons:
                self._dress(button_state)

    def _make_button(self, action: CallAction) -> CommandButton:
        key = key_text(UserAction(action.value))
        button = CommandButton(f"command_{action.value}", action_text(action), key, self.rows)
        button.hide()
        button.pressed_on.connect(lambda chosen=action: self.command_requested.emit(chosen))
        button.pressed_while_off.connect(lambda chosen=action: self.reason_requested.emit(chosen))
        button.explained.connect(lambda is_here, chosen=action: self._explain(chosen, is_here))
        return button

    def _lay_out(self, shown: tuple[CallAction, ...]) -> None:
        self.rows.set_buttons([self._buttons[action] for action in shown])
        self._laid_out = shown

    def _hand_focus_on(self, focused: CallAction, shown: tuple[CallAction, ...]) -> None:
        """The focused button makes way: the focus goes to the one that takes its place, not to another panel."""
        slot = next(slot for slot in SLOTS if focused in slot)
        heir = next((action for action in slot if action in shown), shown[0])
        self._buttons[heir].setVisible(True)
        self._buttons[heir].setEnabled(True)
        self._buttons[heir].setFocus()
        self._buttons[heir].set_on(self._buttons[heir].is_on)

    def _dress(self, state: CommandButtonState) -> None:
        button = self._buttons[state.action]
        reason = "" if state.why_not is None else reason_text(state.why_not, key_of)
        done = phase_text(state.action, state.phase)
        key = key_text(UserAction(state.action.value))
        if state.action is CallAction.COMPLETE_TRANSFER:
            button.set_label(transfer_text() if state.opens_picker else action_text(state.action))
        purpose = transfer_purpose_text() if state.opens_picker else ""
        tip = button_tip(state.action, key, reason, label=button.text(), purpose=purpose)
        if button.has_menu:
            tip = f"{tip}\n{hold_reasons_tip(key_text(UserAction.HOLD_WITH_REASON))}"
        button.explain(tip, " ".join(part for part in (reason, done) if part))
        button.setProperty("phase", state.phase.value)
        button.set_look(self._look_of(state))
        button.set_on(state.is_allowed)

    @staticmethod
    def _look_of(state: CommandButtonState) -> ButtonLook:
        own_tone = _TONES.get(state.action, "text")
        tone = own_tone if state.is_allowed else "muted"
        picture = pixmap(ACTIONS[UserAction(state.action.value)].icon_name, tone, 20)
        colours = theme.colours
        if state.phase is ButtonPhase.IDLE:
            return ButtonLook(picture, QPixmap(), colours.tone(tone))
        mark_name, mark_tone = MARKS[state.phase]
        ground = colours.tone(f"{mark_tone}_fill") if state.phase is ButtonPhase.CONFIRMED else ""
        return ButtonLook(
            picture, pixmap(mark_name, mark_tone, 16), colours.tone(tone), colours.tone(mark_tone), ground
        )

    def _show_warning(self, *, is_shown: bool) -> None:
        for part in (self._warning_icon, self._warning):
            part.setVisible(is_shown)

    def _dress_warning(self) -> None:
        self._warning_icon.setPixmap(pixmap("triangle-alert", "held", 16))
        palette = self._warning.palette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor(theme.colours.held))
        self._warning.setPalette(palette)

    def _explain(self, action: CallAction, is_here: bool) -> None:
        self._explained = action if is_here else None
        if not is_here or self._state is None:
            self.explained.emit("")
            return
        why_not = self._state.verdicts.get(action)
        label = self._buttons[action].text()
        self.explained.emit("" if why_not is None else f"{label}: {reason_text(why_not, key_of)}")
