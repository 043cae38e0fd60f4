"""Dialogs that are awaited. A nested event loop would stop every other task for good, so nothing here calls exec."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QMessageBox, QPushButton, QWidget

from ui.widgets.plain_label import plain


async def show_dialog(dialog: QDialog) -> int:
    """Open the dialog and wait until it is closed; its result code. Cancelling the wait closes the dialog."""
    outcome: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def finish(code: int) -> None:
        if not outcome.done():
            outcome.set_result(code)

    dialog.finished.connect(finish)
    dialog.open()
    try:
        return await outcome
    finally:
        dialog.finished.disconnect(finish)
        if dialog.isVisible():
            dialog.reject()


async def confirm(
    parent: QWidget | None,
    *,
    title: str,
    text: str,
    confirm_text: str,
    cancel_text: str | None = None,
    is_calm: bool = False,
) -> bool:
    """Ask once; True only when the operator chose `confirm_text`. Return and Escape both mean *Cancel*. `is_calm`:
    nothing is at stake."""
    box = QMessageBox(parent)
    box.setObjectName("confirm_dialog")
    box.setIcon(QMessageBox.Icon.Information if is_calm else QMessageBox.Icon.Warning)
    box.setWindowTitle(plain(title))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(plain(text))
    agree = _add_button(box, confirm_text, QMessageBox.ButtonRole.AcceptRole, "confirm_button")
    refuse_text = cancel_text or QCoreApplication.translate("Dialogs", "Cancel")
    refuse = _add_button(box, refuse_text, QMessageBox.ButtonRole.RejectRole, "cancel_button")
    box.setDefaultButton(refuse)
    box.setEscapeButton(refuse)
    try:
        await show_dialog(box)
        return box.clickedButton() is agree
    finally:
        box.deleteLater()


def _add_button(box: QMessageBox, text: str, role: QMessageBox.ButtonRole, name: str) -> QPushButton:
    button = box.addButton(plain(text).replace("&", "&&"), role)
    button.setObjectName(name)
    button.setAccessibleName(plain(text))
    button.setAutoDefault(False)
    return button
