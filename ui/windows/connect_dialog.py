"""The dialog *Connect*: where the PBX and Bitrix24 are, who I am. It shows and collects; the presenter decides."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QDialog, QWidget


class ConnectDialog(QDialog):
    """Signals out: `check_pbx_requested`, `check_bitrix24_requested`, `save_requested`, `sign_out_requested`."""

    check_pbx_requested = Signal()
    check_bitrix24_requested = Signal()
    save_requested = Signal()
    sign_out_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("connect_dialog")
        self.setWindowTitle(QCoreApplication.translate("Connect", "Connect"))
