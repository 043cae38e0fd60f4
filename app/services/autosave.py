"""Drafts on their way to the disk: gathered for half a second, written together, tried again until written."""

from __future__ import annotations

import asyncio
import logging

from app.clock import Clock
from app.errors import StorageError
from app.observe import Observable
from app.outbox.drafts import Draft, DraftStore

_logger = logging.getLogger(__name__)

_GATHER_S = 0.5
_RETRY_S = 2.0


class Autosave:
    """`written` publishes the card keys that reached the disk, `failed` the error of a try that did not."""

    def __init__(self, drafts: DraftStore, clock: Clock) -> None:
        self.written: Observable[tuple[str, ...]] = Observable()
        self.failed: Observable[StorageError] = Observable()
        self._drafts = drafts
        self._clock = clock
        self._waiting: dict[str, Draft] = {}
        self._something = asyncio.Event()
        self._writing = asyncio.Lock()

    def take(self, draft: Draft) -> None:
        """Write this draft soon; only the latest of one card counts."""
        self._waiting[draft.draft.card_key] = draft
        self._something.set()

    def waits(self, card_key: str) -> bool:
        """Whether something newer of this card is to be written."""
        return card_key in self._waiting

    def forget(self, card_key: str) -> None:
        """The card is saved: its draft need not be written any more."""
        self._waiting.pop(card_key, None)

    async def run(self) -> None:
        """Write whatever is taken, until cancelled."""
        while True:
            await self._something.wait()
            await self._clock.sleep(_GATHER_S)
            if not await self.flush():
                await self._clock.sleep(_RETRY_S)

    async def flush(self) -> bool:
        """Write what is waiting now; False when the disk refused, and then it still waits."""
        async with self._writing:
            self._something.clear()
            batch, self._waiting = self._waiting, {}
            if not batch:
                return True
            try:
                await self._drafts.keep(tuple(batch.values()), self._clock.now())
            except asyncio.CancelledError:
                # Perhaps it was not even begun; writing it twice does no harm.
                self._waiting = batch | self._waiting
                raise
            except StorageError as error:
                _logger.warning("drafts could not be written", extra={"code": error.code})
                # What was taken meanwhile is newer.
                self._waiting = batch | self._waiting
                self._something.set()
                self.failed.publish(error)
                return False
        self.written.publish(tuple(batch))
        return True
