"""One participant of the current call: who, in which state, and a button to take them out."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.calls import LegId
from ui.icons import icon, pixmap
from ui.looks import LEG_LOOKS
from ui.panels.current_call.view_state import LegLine
from ui.texts.calls import hidden_number_text, leg_state_text
from ui.texts.current import customer_role_text, drop_this_text, me_role_text, participant_role_text, unknown_state_hint
from ui.theme import theme
from ui.widgets.plain_label import PlainLabel, plain_tooltip
from ui.widgets.press_once import PressOnceButton
from ui.widgets.state_pill import StatePill

_LOOK_FIRST_MS = 700


class LegRow(QWidget):
    """`drop_requested(LegId)` when its button was pressed, for the participant who stood there as it went down."""

    drop_requested = Signal(object)

    def __init__(self, position: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"leg_{position}")
        self._line: LegLine | None = None
        self._why_no_drop = ""
        self._pressed_for: LegId | None = None
        self._newcomer = QElapsedTimer()
        self.who = PlainLabel(elide=True, name=f"leg_{position}_who")
        self.role = PlainLabel(elide=True, name=f"leg_{position}_role")
        self.role.setForegroundRole(self.role.palette().ColorRole.PlaceholderText)
        self.pill = StatePill(f"leg_{position}_state")
        self.drop = PressOnceButton()
        self.drop.setFlat(True)
        self.drop.setFixedSize(30, 28)
        self.drop.setObjectName(f"leg_{position}_drop")
        self.drop.setAccessibleName(drop_this_text())
        self.drop.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.drop.pressed.connect(self._note_press)
        self.drop.clicked.connect(self._tell_drop)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 1, 0, 2)
        layout.setVerticalSpacing(0)
        layout.setColumnStretch(0, 1)
        layout.addWidget(self.who, 0, 0, 1, 2)
        layout.addWidget(self.role, 1, 0)
        layout.addWidget(self.pill, 1, 1)
        layout.addWidget(self.drop, 0, 2, 2, 1)

    def show_line(self, line: LegLine, why_no_drop: str) -> None:
        """Show the participant; a reason in `why_no_drop` switches the button off."""
        if self._line is not None and line.leg_id != self._line.leg_id:
            self._newcomer.start()
        if (line, why_no_drop) != (self._line, self._why_no_drop):
            self._line, self._why_no_drop = line, why_no_drop
            self.dress()

    def dress(self) -> None:
        """Draw it again, in the colours of the theme in use."""
        line = self._line
        if line is None:
            return
        self.who.setText(line.name or line.number or hidden_number_text())
        role = participant_role_text()
        if line.is_customer:
            role = customer_role_text()
        elif line.is_me:
            role = me_role_text()
        self.role.setText(
            " · ".join(part for part in (role, "" if line.is_customer or not line.name else line.number) if part)
        )
        look = LEG_LOOKS[line.leg_state]
        picture = pixmap(look.icon_name, look.tone, 16)
        colours = theme.colours
        self.pill.show_state(leg_state_text(line.leg_state), picture, colours.tone(look.tone), colours.tone(look.fill))
        self.pill.setToolTip(plain_tooltip(unknown_state_hint(line.raw_state)) if line.raw_state else "")
        self.drop.setIcon(icon("user-round-minus", "text", 18))
        self.drop.setIconSize(QSize(18, 18))
        if not self.drop.hasFocus() or not self._why_no_drop:
            self.drop.setEnabled(not self._why_no_drop)
        tip = f"{drop_this_text()}: {self.who.text()}"
        self.drop.setToolTip(plain_tooltip("\n".join(part for part in (tip, self._why_no_drop) if part)))
        self.drop.setAccessibleDescription(" ".join(part for part in (self.who.text(), self._why_no_drop) if part))

    def _note_press(self) -> None:
        self._pressed_for = self._line.leg_id if self._line is not None else None

    def _tell_drop(self) -> None:
        """Somebody else may have moved up into this line under the operator's hand: he is not taken out for that."""
        pressed_for, self._pressed_for = self._pressed_for, None
        is_new = self._newcomer.isValid() and self._newcomer.elapsed() < _LOOK_FIRST_MS
        if self._line is not None and pressed_for == self._line.leg_id and not is_new:
            self.drop_requested.emit(pressed_for)
