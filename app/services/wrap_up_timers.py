"""How long each finished card may stay open: one scheduler for all of them. Saving what is over is card_saving's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from app.background import BackgroundTasks
from app.clock import Clock
from app.errors import StorageError
from app.services.card_table import CardTable
from app.services.desk import Desk
from app.services.open_card import OpenCard
from app.telephony.waiting import InterruptibleWait

QUIET_S = 3.0
"""No card is taken from under the fingers: so long after the last letter at least."""
RETRY_S = 15.0
"""After a disk that refused."""


class WrapUpTimers:
    """Each card that is finished, open and not set aside has one; a card that loses it and gets it back begins anew.

    Cards of calls nobody saw come several at a time: each has its whole time, one after another.
    """

    def __init__(
        self, table: CardTable, clock: Clock, desk: Callable[[], Desk], complete: Callable[[str], Awaitable[object]]
    ) -> None:
        """`complete` saves a card as it stands; it raises StorageError."""
        self._table = table
        self._clock = clock
        self._desk = desk
        self._complete = complete
        self._due_at_s: dict[str, float] = {}
        self._edited_at_s: dict[str, float] = {}
        self._ending: set[str] = set()
        self._tasks = BackgroundTasks()
        self._wait = InterruptibleWait(clock)
        self._is_running = False
        self._following = table.changed.subscribe(self._follow)

    def due_at_s(self, card_key: str) -> float | None:
        """When the card's time is over, monotonic; None when it has no timer."""
        return self._due_at_s.get(card_key)

    def extend(self, card_key: str) -> bool:
        """Some more time, as the settings say; False for a card that has no timer."""
        due_at_s = self._due_at_s.get(card_key)
        if due_at_s is None:
            return False
        self._begin(card_key, max(due_at_s, self._clock.monotonic()) + self._desk().rules.extend_s)
        self._table.changed.publish(card_key)
        return True

    def note_edit(self, card_key: str) -> None:
        """The operator types in this card just now."""
        self._edited_at_s[card_key] = self._clock.monotonic()

    async def aclose(self) -> None:
        """Nothing runs out any more."""
        self._following.cancel()
        await self._tasks.aclose()
        await self._wait.aclose()

    def _follow(self, card_key: str) -> None:
        card = self._table.cards.get(card_key)
        wrap_up_s = self._desk().rules.wrap_up_s
        if card is None or card.is_set_aside or not card.draft.facts.is_finished or wrap_up_s <= 0:
            self._due_at_s.pop(card_key, None)
            if card is None:
                self._edited_at_s.pop(card_key, None)
        elif card_key not in self._due_at_s and card_key not in self._ending:
            self._begin(card_key, self._begins_at_s(card) + wrap_up_s)

    def _begins_at_s(self, card: OpenCard) -> float:
        """When the time of the other cards that were offered is over; an own call's card waits for nobody."""
        now_s = self._clock.monotonic()
        if not card.is_offered:
            return now_s
        cards = self._table.cards
        others = [due_at_s for key, due_at_s in self._due_at_s.items() if key in cards and cards[key].is_offered]
        return max(now_s, *others) if others else now_s

    def _begin(self, card_key: str, due_at_s: float) -> None:
        self._due_at_s[card_key] = due_at_s
        if not self._is_running:
            self._is_running = True
            self._tasks.start(self._run(), name="wrap-up timers")
        self._wait.wake()

    async def _run(self) -> None:
        while True:
            now_s = self._clock.monotonic()
            for card_key in [key for key, due_at_s in self._due_at_s.items() if due_at_s <= now_s]:
                self._run_out(card_key, now_s)
            next_s = min(self._due_at_s.values(), default=None)
            await self._wait.wait(None if next_s is None else next_s - now_s)

    def _run_out(self, card_key: str, now_s: float) -> None:
        quiet_at_s = self._edited_at_s.get(card_key, -QUIET_S) + QUIET_S
        if quiet_at_s > now_s:
            self._due_at_s[card_key] = quiet_at_s
            self._table.changed.publish(card_key)
            return
        del self._due_at_s[card_key]
        self._ending.add(card_key)
        self._tasks.start(self._end(card_key), name="wrap-up ends")

    async def _end(self, card_key: str) -> None:
        is_refused = False
        try:
            await self._complete(card_key)
        except StorageError:
            is_refused = True
        finally:
            self._ending.discard(card_key)
        if is_refused and card_key in self._table.cards:
            self._begin(card_key, self._clock.monotonic() + RETRY_S)
            self._table.changed.publish(card_key)
