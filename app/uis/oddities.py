"""What is strange in the replies of list.calls goes to the log: once each, and not for ever."""

from __future__ import annotations

import logging

from app.uis.snapshot import DecodedCalls

_REMEMBERED = 200
_logger = logging.getLogger(__name__)


class Oddities:
    """Remembers what it told: a PBX that goes mad must not fill the log."""

    def __init__(self) -> None:
        self._told: set[str | bytes] = set()

    def tell(self, decoded: DecodedCalls) -> None:
        """Entries without an id, and states nobody knows."""
        for beginning in decoded.skipped:
            if self._is_news(beginning):
                _logger.warning("the PBX lists a call without a readable id", extra={"skipped": len(decoded.skipped)})
        for text in decoded.unknown_states:
            if self._is_news(text):
                _logger.warning("the PBX shows an unknown state of a participant: %s", text[:50])

    def _is_news(self, oddity: str | bytes) -> bool:
        if oddity in self._told or len(self._told) >= _REMEMBERED:
            return False
        self._told.add(oddity)
        return True
