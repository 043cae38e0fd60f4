"""Between the drafts on the disk and the line of notes without a card."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.errors import PultError
from ui.bridge import bridge
from ui.panels.call_card.kept_notes import KeptNotesLine
from ui.panels.call_card.kept_notes_state import kept_notes_of
from ui.tasks import TaskScope

if TYPE_CHECKING:
    from app.bootstrap import Services

_log = logging.getLogger(__name__)
_ON_THE_DISK_WITHIN_MS = 1500


class KeptNotesPresenter(QObject):
    """Reads at the start, and after each card that went: drafts reach the disk some moments later."""

    def __init__(self, view: KeptNotesLine, services: Services, scope: TaskScope) -> None:
        super().__init__(view)
        self._view = view
        self._services = services
        self._scope = scope
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_ON_THE_DISK_WITHIN_MS)
        self._soon.timeout.connect(self._read)
        bridge(services.wrap_up.changed, self._cards_changed, view)
        self._read()

    def _cards_changed(self, card_keys: list[str]) -> None:
        if any(card_key not in self._services.wrap_up.cards for card_key in card_keys):
            self._soon.start()

    def _read(self) -> None:
        self._scope.start(self._load(), name="read kept notes")

    async def _load(self) -> None:
        try:
            drafts = await self._services.wrap_up.kept_drafts()
        except PultError as error:
            _log.warning("kept notes could not be read", extra={"code": error.code})
            return
        self._view.show_state(kept_notes_of(drafts, self._services.clock.now()))
