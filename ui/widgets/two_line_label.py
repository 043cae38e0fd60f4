"""A label of one or two lines for sentences from outside: what does not fit into two is cut with an ellipsis."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.widgets.plain_label import PlainLabel, plain_tooltip

_LINES = 2


class TwoLineLabel(PlainLabel):
    """As tall as its words need, at most two lines; the whole text as tooltip where that is not enough."""

    def __init__(self, text: str = "", *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, name=name, parent=parent)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def setText(self, text: str) -> None:  # noqa: N802  Qt's own name
        super().setText(text)
        self._explain_cut()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().height())

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.fontMetrics().height())

    def heightForWidth(self, width: int) -> int:  # noqa: N802  Qt's own name
        return self.fontMetrics().height() * min(_LINES, max(1, len(self._lines(width))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._explain_cut()

    def paintEvent(self, _event: QPaintEvent) -> None:
        room, metrics = self.contentsRect(), self.fontMetrics()
        lines = self._lines(room.width())
        if len(lines) > _LINES:
            rest = "".join(lines[_LINES - 1 :])
            lines = [*lines[: _LINES - 1], metrics.elidedText(rest, Qt.TextElideMode.ElideRight, room.width())]
        painter = QPainter(self)
        top = room.top() + max(0, (room.height() - metrics.height() * len(lines)) // 2)
        for line in lines:
            self.style().drawItemText(
                painter,
                room.adjusted(0, top - room.top(), 0, 0),
                int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop),
                self.palette(),
                self.isEnabled(),
                line.rstrip(),
                self.foregroundRole(),
            )
            top += metrics.height()
        painter.end()

    def _lines(self, width: int) -> list[str]:
        text = self.text().replace("\n", " ")
        layout = QTextLayout(text, self.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        found: list[str] = []
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, width))
            found.append(text[line.textStart() : line.textStart() + line.textLength()])
        layout.endLayout()
        return found

    def _explain_cut(self) -> None:
        is_cut = len(self._lines(self.contentsRect().width())) > _LINES
        tip = plain_tooltip(self.text()) if is_cut else ""
        if tip != self.toolTip():
            self.setToolTip(tip)
