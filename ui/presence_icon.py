"""Pictures of presence: a glyph while somebody is on the phone, else a dot in the colour of the account's status."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap

from ui.icons import icon
from ui.people import PersonRow, Presence
from ui.texts.presence import presence_look
from ui.theme import theme

_DOT, _SIDE = 10, 16


def presence_icon(row: PersonRow) -> QIcon:
    """Goes with `presence_text`, never without it."""
    if row.presence is Presence.STATUS:
        return status_dot(row.status_colour)
    name, tone = presence_look(row)
    return icon(name, tone, _SIDE)


def status_dot(colour: str) -> QIcon:
    """A disc in the status's colour with an edge that shows on any ground; only the edge without a colour."""
    picture = QPixmap(_SIDE * 2, _SIDE * 2)
    picture.setDevicePixelRatio(2.0)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.colours.muted), 1.0))
    ground = QColor(colour) if colour else QColor()
    painter.setBrush(ground if ground.isValid() else Qt.BrushStyle.NoBrush)
    edge = (_SIDE - _DOT) // 2
    painter.drawEllipse(edge, edge, _DOT, _DOT)
    painter.end()
    return QIcon(picture)
