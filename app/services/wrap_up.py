"""My calls' cards from the first ring to *Save card*: what the operator does to them, and saving each of them once.

Which calls make a card is card_follower's, when a card's time is over wrap_up_timers'; delivering a saved card is the
outbox's; what a card may hold is the domain's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace

from app.board import CallBoard
from app.clock import Clock
from app.crm.matching import first_choice
from app.domain.calls import CallSessionId
from app.domain.customer import CustomerDecision
from app.domain.live_call import Sighting
from app.domain.phone_number import parse_phone_number
from app.domain.wrap_up import CallFacts, CardDraft, CardFields, CardProblem, card_problems
from app.errors import PultError, StorageError
from app.observe import Observable, Subscription
from app.outbox.drafts import DraftStore
from app.outbox.entry import StepPlan
from app.outbox.store import OutboxStore
from app.services.card_follower import CardFollower, CardSigns
from app.services.card_table import CardTable
from app.services.card_to_write import card_to_write, planned_steps
from app.services.desk import CardRules, Desk
from app.services.open_card import CardSaved, OpenCard
from app.services.screen_pop import Found, ScreenPop

__all__ = ["CardRules", "CardSaved", "Desk", "OpenCard", "WrapUp"]


class WrapUp:
    """Open cards, oldest first. `changed` publishes the card_key of a card that was opened, whose facts, matches or
    save state changed, or that is gone (saved or dropped); `saved` each card that was saved."""

    def __init__(
        self,
        *,
        board: CallBoard,
        screen_pop: ScreenPop,
        store: OutboxStore,
        drafts: DraftStore,
        plan: StepPlan,
        clock: Clock,
        desk: Desk,
        was_ended_by_us: Callable[[CallSessionId], bool],
        hand_over: Callable[[str], None],
    ) -> None:
        """`hand_over` is told the card_key of each saved card: the outbox takes it from there."""
        self._table = CardTable(drafts, clock)
        self.changed: Observable[str] = self._table.changed
        self.saved: Observable[CardSaved] = Observable()
        self.cards: Mapping[str, OpenCard] = self._table.cards
        self._follower = CardFollower(
            board,
            self._table,
            clock,
            desk=lambda: self._desk,
            was_ended_by_us=was_ended_by_us,
            signs=CardSigns(opened=self._opened, dropped=self._dropped),
        )
        self._screen_pop = screen_pop
        self._store = store
        self._drafts = drafts
        self._plan = plan
        self._clock = clock
        self._desk = desk
        self._hand_over = hand_over
        self._saved: dict[str, CardSaved] = {}
        self._saving = asyncio.Lock()
        self._subscriptions: list[Subscription] = []

    async def start(self) -> None:
        """Take up the drafts of an earlier run, then follow the board. Raises StorageError."""
        for left_open in await self._table.start():
            self._follower.restore(left_open)
        self._subscriptions = [self._screen_pop.found.subscribe(self._on_found)]
        for card_key, card in self.cards.items():
            self._screen_pop.look_up(card_key, card.draft.facts.phone_number)
        self._subscriptions.append(self._follower.follow())

    async def aclose(self) -> None:
        """Stop following; what is typed goes to the disk first."""
        for subscription in self._subscriptions:
            subscription.cancel()
        await self._table.aclose()

    def use_desk(self, desk: Desk) -> None:
        """Other settings from now on; open cards stay as they are."""
        self._desk = desk

    def note_poll(self, seen: Sighting) -> None:
        """A successful look at the PBX: a restored draft whose call is absent from two of them is over."""
        self._follower.note_poll(seen)

    def offer(self, facts: CallFacts) -> bool:
        """A finished card for a call this console did not see; False when that call has a card here, or had one.

        Raises ValueError for a call that is not over.
        """
        if not facts.is_finished:
            raise ValueError("only a call that is over can be offered")
        return self._follower.open_offered(facts)

    def edit(self, card_key: str, fields: CardFields) -> None:
        """What the operator typed; on the disk within a second. Raises KeyError for a card that is not open.

        An untouched customer choice does not undo the one that was found meanwhile.
        """
        card = self.cards[card_key]
        if card.save == "saving" or fields == card.draft.fields:
            return
        if fields.customer.decision is CustomerDecision.UNDECIDED:
            fields = replace(fields, customer=card.draft.fields.customer)
        draft = replace(card.draft, fields=fields)
        card = replace(card, draft=draft, save="editing", save_error=None)
        self._table.put_edited(card_key, card)

    async def save(self, card_key: str) -> tuple[CardProblem, ...] | CardSaved:
        """Put the card into the outbox: when this returns CardSaved, it is on the disk. Problems: nothing was done.

        Raises StorageError (the draft stays and says so) and KeyError for a card that is not open.
        """
        async with self._saving:
            saved = self._saved.get(card_key)
            if saved is not None:
                return saved
            problems = self.problems_of(card_key)
            if problems:
                return problems
            saved = await self._write(card_key, is_automatic=False)
        self._tell_saved(saved)
        return saved

    def problems_of(self, card_key: str) -> tuple[CardProblem, ...]:
        """What keeps *Save card* from saving it now. Raises KeyError for a card that is not open."""
        return card_problems(self.cards[card_key].draft, self._desk.rules.required)

    def look_up_again(self, card_key: str) -> None:
        """Ask the CRM once more who called, after a look-up that failed."""
        card = self.cards[card_key]
        self._table.put(card_key, replace(card, lookup="pending", lookup_error=None))
        self._screen_pop.look_up(card_key, card.draft.facts.phone_number)

    def look_up_failed_again(self) -> None:
        """A CRM was connected: who called before is asked for now."""
        for card_key, card in tuple(self.cards.items()):
            if card.lookup == "failed":
                self.look_up_again(card_key)

    async def kept_drafts(self) -> tuple[CardDraft, ...]:
        """Drafts no card was due for, in which something had been typed. Raises StorageError."""
        return tuple(kept.draft for kept in await self._drafts.kept_drafts())

    async def _write(self, card_key: str, *, is_automatic: bool) -> CardSaved:
        """One commit. Raises StorageError; the draft stays then."""
        card = replace(self.cards[card_key], save="saving", save_error=None)
        self._table.put(card_key, card)
        to_write = card_to_write(card.draft, self._desk.defaults, is_automatic=is_automatic)
        steps = planned_steps(self._plan, card.draft, to_write)
        try:
            saved_at = await self._store.save(to_write, steps, self._clock.now())
        except StorageError as error:
            self._table.put(card_key, replace(self.cards[card_key], save="not_saved", save_error=error))
            raise
        except asyncio.CancelledError:
            # It may be written all the same: saving once more finds it.
            self._table.put(card_key, replace(self.cards[card_key], save="editing"))
            raise
        saved = self._saved[card_key] = CardSaved(card_key, saved_at, is_automatic)
        self._screen_pop.cancel(card_key)
        self._table.close(card_key)
        return saved

    def _tell_saved(self, saved: CardSaved) -> None:
        self._hand_over(saved.card_key)
        self.saved.publish(saved)
        self.changed.publish(saved.card_key)

    def _opened(self, card_key: str) -> None:
        self._screen_pop.look_up(card_key, self.cards[card_key].draft.facts.phone_number)

    def _dropped(self, card_key: str) -> None:
        self._screen_pop.cancel(card_key)

    def _on_found(self, answer: tuple[str, Found]) -> None:
        card_key, found = answer
        card = self.cards.get(card_key)
        if card is None:
            return
        if isinstance(found, PultError):
            self._table.put(card_key, replace(card, lookup="failed", lookup_error=found))
            return
        draft = card.draft
        if draft.fields.customer.decision is CustomerDecision.UNDECIDED:
            is_hidden = parse_phone_number(draft.facts.phone_number).is_hidden
            create_unknown = self._desk.defaults.create_unknown and not is_hidden
            choice = first_choice(found, create_unknown=create_unknown)
            draft = replace(draft, fields=replace(draft.fields, customer=choice))
        self._table.put(
            card_key, replace(card, draft=draft, matches=found, lookup="done", lookup_error=None), keep=True
        )
