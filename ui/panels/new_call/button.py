"""The button *New call* of the first paint. Loads nothing of the window it opens."""

from __future__ import annotations

from PySide6.QtCore import Qt

from ui.actions import UserAction, key_text, user_action_text
from ui.icons import icon
from ui.panels.call_card.fields import PrimaryButton
from ui.theme import theme
from ui.widgets.plain_label import plain_tooltip


class NewCallButton(PrimaryButton):
    """`clicked` opens it; a click does not take the cursor out of the notes."""

    def __init__(self) -> None:
        super().__init__(user_action_text(UserAction.NEW_CALL), "new_call_button")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(plain_tooltip(f"{self.text()} ({key_text(UserAction.NEW_CALL)})"))
        self._tint()
        theme.changed.connect(self._tint)

    def _tint(self) -> None:
        self.setIcon(icon("phone-outgoing", "accent_text", 16))
