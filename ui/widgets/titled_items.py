"""Rows of a list with a title on the left and a quiet detail on the right; screen readers hear both."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPalette
from PySide6.QtWidgets import QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.widgets.plain_label import plain

TITLE = Qt.ItemDataRole.UserRole + 1
DETAIL = Qt.ItemDataRole.UserRole + 2
_ICON, _PADDING, _GAP = 16, 6, 12
_DETAIL_SHARE = 0.6

_Index = QModelIndex | QPersistentModelIndex


def titled_item(title: str, detail: str, picture: QIcon) -> QListWidgetItem:
    """An item for `TitledItems`; the caller adds what it stands for as `UserRole`."""
    item = QListWidgetItem(picture, plain(f"{title} · {detail}" if detail else title))
    item.setData(TITLE, plain(title))
    item.setData(DETAIL, plain(detail))
    return item


def dress_item(item: QListWidgetItem, like: QListWidgetItem) -> None:
    """Give an item in a list the words and the picture of another; nothing moves."""
    for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.DecorationRole, TITLE, DETAIL):
        item.setData(role, like.data(role))


class TitledItems(QStyledItemDelegate):
    """Draws them; the detail may take at most three fifths of the row, and both are cut with an ellipsis."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)

    def sizeHint(self, option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return QSize(0, option.fontMetrics.height() + 12)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_chosen:
            painter.fillRect(option.rect, option.palette.color(QPalette.ColorRole.Highlight))
        room = option.rect.adjusted(_PADDING, 0, -_PADDING, 0)
        picture = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(picture, QIcon):
            picture.paint(painter, QRect(room.left(), room.center().y() - _ICON // 2 + 1, _ICON, _ICON))
        room.setLeft(room.left() + _ICON + _PADDING)
        metrics = option.fontMetrics
        detail = metrics.elidedText(
            str(index.data(DETAIL) or ""), Qt.TextElideMode.ElideRight, int(room.width() * _DETAIL_SHARE)
        )
        detail_width = metrics.horizontalAdvance(detail)
        title_room = room.adjusted(0, 0, -(detail_width + _GAP if detail else 0), 0)
        title = metrics.elidedText(str(index.data(TITLE) or ""), Qt.TextElideMode.ElideRight, title_room.width())
        ink = QPalette.ColorRole.HighlightedText if is_chosen else QPalette.ColorRole.Text
        flags = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setPen(option.palette.color(ink))
        painter.drawText(title_room, flags | int(Qt.AlignmentFlag.AlignLeft), title)
        painter.setPen(option.palette.color(ink if is_chosen else QPalette.ColorRole.PlaceholderText))
        painter.drawText(room, flags | int(Qt.AlignmentFlag.AlignRight), detail)
