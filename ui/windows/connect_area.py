"""What *Connect* shows above its buttons: as high as what it holds, and scrolled where the screen is too low."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

_WIDTH = 620
_TITLE_BAR = 48


class ConnectArea(QScrollArea):
    """Holds the sections one below the other. No field or answer is ever squashed: a long answer makes the dialog
    higher, as far as the screen goes; after that it scrolls."""

    def __init__(self, parts: Sequence[QWidget], dialog: QWidget) -> None:
        super().__init__(dialog)
        self._dialog = dialog
        self.setObjectName("connect_area")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._inside = QWidget()
        self._inside.setObjectName("connect_inside")
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        for part in parts:
            self._column.addWidget(part)
        self._column.addStretch(1)
        self.setWidget(self._inside)
        # A scroll area paints its own ground; here it lies on the dialog's.
        self._inside.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow_focus)

    def sizeHint(self) -> QSize:
        return QSize(max(_WIDTH, self._narrowest()), self._wanted_height(max(_WIDTH, self._narrowest())))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._narrowest(), 120)

    def make_room(self) -> None:
        """Grow the dialog for what is shown now; it never shrinks under the operator's hand."""
        self.updateGeometry()
        if not self._dialog.isVisible():
            return
        missing = self._wanted_height(self.viewport().width()) - self.viewport().height()
        if missing <= 0:
            return
        frame = self._dialog.frameGeometry()
        room = self._dialog.screen().availableGeometry()
        height = min(self._dialog.height() + missing, self._highest())
        self._dialog.resize(self._dialog.width(), max(height, self._dialog.height()))
        below = frame.top() + height + _TITLE_BAR - room.bottom()
        if below > 0:
            self._dialog.move(frame.left(), max(room.top(), frame.top() - below))

    def reveal(self, widget: QWidget | None) -> None:
        """Scroll until that part can be seen."""
        if widget is not None and self._inside.isAncestorOf(widget):
            self.ensureWidgetVisible(widget, 0, 12)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)

    def _follow_focus(self, _: QWidget | None, focused: QWidget | None) -> None:
        self.reveal(focused)

    def _narrowest(self) -> int:
        return self._inside.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()

    def _wanted_height(self, width: int) -> int:
        self._column.activate()
        # While nothing in it wraps it has no height for a width.
        return max(self._column.totalHeightForWidth(width), self._column.totalSizeHint().height())

    def _highest(self) -> int:
        return self._dialog.screen().availableGeometry().height() - _TITLE_BAR
