"""The button *New call* of the first paint. Loads nothing of the window it opens."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap

from ui.actions import UserAction, key_text, user_action_text
from ui.icons import pixmap
from ui.panels.call_card.fields import PrimaryButton
from ui.theme import theme
from ui.widgets.plain_label import plain_tooltip

_ICON, _GAP = 16, 5


class NewCallButton(PrimaryButton):
    """`clicked` opens it; a click does not take the cursor out of the notes."""

    def __init__(self) -> None:
        super().__init__(user_action_text(UserAction.NEW_CALL), "new_call_button")
        self.setIconSize(QSize(_ICON + _GAP, _ICON))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(plain_tooltip(f"{self.text()} ({key_text(UserAction.NEW_CALL)})"))
        self._tint()
        theme.changed.connect(self._tint)

    def _tint(self) -> None:
        self.setIcon(QIcon(_with_gap(pixmap("phone-outgoing", "accent_text", _ICON))))


def _with_gap(picture: QPixmap) -> QPixmap:
    """The picture with air on its right: a style sheet draws the text of a button right beside the icon."""
    scale = picture.devicePixelRatio()
    canvas = QPixmap(picture.width() + round(_GAP * scale), picture.height())
    canvas.setDevicePixelRatio(scale)
    canvas.fill(Qt.GlobalColor.transparent)
    painter = QPainter(canvas)
    painter.drawPixmap(0, 0, picture)
    painter.end()
    return canvas
