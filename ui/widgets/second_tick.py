"""One tick a second for everything that shows a running time."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal


class SecondTick(QObject):
    """`ticked` once a second while it runs. One timer for the whole window: each wake-up costs."""

    ticked = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.ticked)

    def start(self) -> None:
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
