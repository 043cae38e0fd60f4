"""Cards into a file of the operator's choice: asks where, writes it as a whole, says where it is."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QStandardPaths
from PySide6.QtWidgets import QFileDialog

from app.background import run_on_daemon_thread
from app.outbox.exporting import as_csv, as_json, card_facts, write_private
from ui import dialogs
from ui.texts.queue import (
    export_filters,
    export_title,
    exported_text,
    not_exported_text,
    replace_button,
    replace_question,
)

if TYPE_CHECKING:
    from app.services.delivery import Delivery
    from ui.windows.queue_presenter import Confirm
    from ui.windows.queue_window import QueueWindow

_log = logging.getLogger(__name__)
_SUFFIXES = ("csv", "json")


async def export_cards(
    window: QueueWindow, delivery: Delivery, card_keys: Sequence[str], now: datetime, confirm: Confirm
) -> None:
    """Ask for a file and write these cards to it. Raises StorageError."""
    path = await _ask_where(window, now)
    if path is None:
        return
    if path.exists() and not await confirm(
        window, title=export_title(), text=replace_question(path.name), confirm_text=replace_button()
    ):
        return
    facts = [card_facts(card) for card in await delivery.export(card_keys)]

    def write() -> None:
        write_private(path, as_json(facts, now) if path.suffix.lower() == ".json" else as_csv(facts))

    try:
        await run_on_daemon_thread(write, name="export cards")
    except OSError as error:
        _log.warning("cards could not be exported", extra={"cause": type(error).__name__})
        window.say(not_exported_text(error.strerror or type(error).__name__), "alert")
        return
    window.say(exported_text(len(facts), QDir.toNativeSeparators(str(path))), "talk")


async def _ask_where(window: QueueWindow, now: datetime) -> Path | None:
    dialog = QFileDialog(window, export_title())
    dialog.setObjectName("queue_export_dialog")
    # Its own question would run a loop of its own.
    dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(export_filters()))
    dialog.setDefaultSuffix(_SUFFIXES[0])
    dialog.setDirectory(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    dialog.selectFile(f"pult-{now.astimezone():%Y-%m-%d-%H%M}")
    names = list(export_filters())
    dialog.filterSelected.connect(lambda name: dialog.setDefaultSuffix(_SUFFIXES[names.index(name)]))
    try:
        accepted = await dialogs.show_dialog(dialog)
        chosen = dialog.selectedFiles()
    finally:
        dialog.deleteLater()
    return Path(chosen[0]) if accepted and chosen else None
