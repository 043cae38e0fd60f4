"""The open cards, each kept on the disk as it changes. When one opens or closes is wrap_up's decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

from app.background import BackgroundTasks
from app.clock import Clock
from app.errors import StorageError
from app.observe import Observable
from app.outbox.drafts import Draft, DraftState, DraftStore
from app.services.autosave import Autosave
from app.services.open_card import OpenCard

_CLOSED_LATELY = timedelta(days=32)
"""Longer than calls this console did not see are looked for."""


class CardTable:
    """Open cards, oldest first. A card that was closed never opens again, not even after a restart."""

    def __init__(self, drafts: DraftStore, clock: Clock) -> None:
        self.changed: Observable[str] = Observable()
        self._cards: dict[str, OpenCard] = {}
        self.cards: Mapping[str, OpenCard] = MappingProxyType(self._cards)
        self._drafts = drafts
        self._clock = clock
        self._autosave = Autosave(drafts, clock)
        self._closed: set[str] = set()
        self._edited: set[str] = set()
        self._tasks = BackgroundTasks()

    async def start(self) -> tuple[Draft, ...]:
        """Begin writing; gives the drafts an earlier run left open. Raises StorageError."""
        self._closed |= await self._drafts.closed_keys(self._clock.now(), _CLOSED_LATELY)
        left_open = await self._drafts.open_drafts()
        self._autosave.written.subscribe(self._on_autosaved)
        self._autosave.failed.subscribe(self._on_autosave_failed)
        self._tasks.start(self._autosave.run(), name="autosave")
        return left_open

    async def aclose(self) -> None:
        """What is typed goes to the disk first."""
        await self._tasks.aclose()
        await self._autosave.flush()

    def is_closed(self, card_key: str) -> bool:
        """Saved or dropped, now or lately."""
        return card_key in self._closed

    def put(self, card_key: str, card: OpenCard, *, keep: bool = False) -> None:
        """The card as it is now; `keep`: its draft changed and goes to the disk."""
        if keep:
            self.put_quietly(card_key, card)
        else:
            self._cards[card_key] = card
        self.changed.publish(card_key)

    def put_quietly(self, card_key: str, card: OpenCard) -> None:
        """A change nobody has to be told of: it came from the face, or does not show."""
        self._cards[card_key] = card
        self._autosave.take(Draft(card.draft, card.trace, is_set_aside=card.is_set_aside, is_offered=card.is_offered))

    def put_edited(self, card_key: str, card: OpenCard) -> None:
        """What the operator typed: he is told when it is on the disk."""
        self._edited.add(card_key)
        self.put_quietly(card_key, card)

    def close(self, card_key: str) -> None:
        """The card was saved: its draft needs no writing any more."""
        self._cards.pop(card_key, None)
        self._closed.add(card_key)
        self._edited.discard(card_key)
        self._autosave.forget(card_key)

    def drop(self, card_key: str) -> None:
        """No card is due. What was typed stays among the drafts."""
        card = self._cards[card_key]
        self.close(card_key)
        typed = bool(card.draft.fields.notes.strip())
        self._autosave.take(Draft(card.draft, card.trace, DraftState.KEPT if typed else DraftState.DROPPED))
        self.changed.publish(card_key)

    def _on_autosaved(self, card_keys: tuple[str, ...]) -> None:
        now = self._clock.now()
        for card_key in card_keys:
            card = self._cards.get(card_key)
            if card is None:
                continue
            save_error = None if card.save == "editing" else card.save_error
            autosaved_at = card.autosaved_at
            if card_key in self._edited and not self._autosave.waits(card_key):
                self._edited.discard(card_key)
                autosaved_at = now
            if (autosaved_at, save_error) != (card.autosaved_at, card.save_error):
                self.put(card_key, replace(card, autosaved_at=autosaved_at, save_error=save_error))

    def _on_autosave_failed(self, error: StorageError) -> None:
        for card_key, card in tuple(self._cards.items()):
            if card.save == "editing":
                self.put(card_key, replace(card, save_error=error))
