"""My calls' cards from the first ring to *Save card*, and what the operator does to them.

Which calls make a card is card_follower's, saving it card_saving's, when its time is over wrap_up_timers'; delivering a
saved card is the outbox's; what a card may hold is the domain's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from app.board import CallBoard
from app.clock import Clock
from app.domain.calls import CallSessionId
from app.domain.customer import CustomerDecision
from app.domain.live_call import Sighting
from app.domain.wrap_up import CallFacts, CardDraft, CardFields, CardProblem
from app.errors import StorageError
from app.observe import Observable, Subscription
from app.outbox.drafts import DraftStore
from app.outbox.entry import StepPlan
from app.outbox.store import OutboxStore
from app.services.card_follower import CallOrigins, CardFollower, CardSigns
from app.services.card_lookup import CardLookup
from app.services.card_saving import CardSaving
from app.services.card_table import CardTable
from app.services.desk import CardRules, Desk
from app.services.early_registration import EarlyPlans, EarlyRegistration
from app.services.guessed_cards import GuessedCards
from app.services.open_card import CardSaved, OpenCard
from app.services.screen_pop import ScreenPop
from app.services.wrap_up_timers import WrapUpTimers

__all__ = ["CardRules", "CardSaved", "Desk", "OpenCard", "WrapUp"]


class WrapUp:
    """Open cards, oldest first. `changed` publishes the card_key of a card that was opened, whose facts, matches, time
    or save state changed, or that is gone (saved or dropped); `saved` each card that was saved. `guessed`: those of
    calls whose end nobody saw."""

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
        my_crm_user: Callable[[], int | None] = lambda: None,
        early: EarlyPlans | None = None,
        origins: CallOrigins | None = None,
    ) -> None:
        """`hand_over` is told the card_key of each saved card: the outbox takes it from there. `my_crm_user`: whom the
        connection belongs to, where the settings name nobody. `early`: what is done at the first ring.
        `origins`: where calls came from."""

        def desk_for_cards() -> Desk:
            return self._desk.with_user(my_crm_user())

        self._table = table = CardTable(drafts, clock)
        self.changed: Observable[str] = table.changed
        self.cards: Mapping[str, OpenCard] = table.cards
        self._desk = desk
        self._drafts = drafts
        self._lookup = CardLookup(table, screen_pop, lambda: self._desk)
        self._saving = CardSaving(table, store, plan, clock, desk_for_cards)
        self.saved: Observable[CardSaved] = self._saving.saved
        self._early = EarlyRegistration(table, store, clock, desk_for_cards, early or EarlyPlans())
        self._timers = WrapUpTimers(table, clock, lambda: self._desk, self._saving.complete)
        self._follower = CardFollower(
            board,
            table,
            clock,
            desk=lambda: self._desk,
            was_ended_by_us=was_ended_by_us,
            signs=CardSigns(opened=self._lookup.begin, dropped=self._dropped),
            origins=origins or CallOrigins(),
        )
        self.guessed = GuessedCards(table, self._follower.drop)
        self._hand_over = hand_over
        self._subscriptions: list[Subscription] = [self.saved.subscribe(self._pass_on)]

    async def start(self) -> None:
        """Take up the drafts of an earlier run, then follow the board. Raises StorageError."""
        for left_open in await self._table.start():
            self._follower.restore(left_open)
        await self._early.start()
        self._subscriptions.append(self._lookup.follow())
        for card_key in self.cards:
            self._lookup.begin(card_key)
        self._subscriptions.append(self._follower.follow())

    async def aclose(self) -> None:
        """Stop following; what is typed goes to the disk first."""
        for subscription in self._subscriptions:
            subscription.cancel()
        await self._timers.aclose()
        await self._early.aclose()
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
        """What the operator typed; on the disk within a second, also when the card is being saved just now. Raises
        KeyError for a card that is not open.

        An untouched customer choice does not undo the one that was found meanwhile.
        """
        card = self.cards[card_key]
        if fields == card.draft.fields:
            return
        if fields.customer.decision is CustomerDecision.UNDECIDED:
            fields = replace(fields, customer=card.draft.fields.customer)
        card = replace(card, draft=replace(card.draft, fields=fields))
        if card.save != "saving":
            card = replace(card, save="editing", save_error=None)
        self._timers.note_edit(card_key)
        self._table.put_edited(card_key, card)

    def problems_of(self, card_key: str) -> tuple[CardProblem, ...]:
        """What keeps *Save card* from saving it now. Raises KeyError for a card that is not open."""
        return self._saving.problems_of(card_key)

    async def save(self, card_key: str) -> tuple[CardProblem, ...] | CardSaved:
        """Put the card into the outbox: when this returns CardSaved, it is on the disk. Problems: nothing was done.

        Raises StorageError (the draft stays and says so) and KeyError for a card that is not open.
        """
        return await self._saving.save(card_key)

    async def complete_all(self) -> tuple[CardSaved, ...]:
        """The console closes: save every finished card as it stands. Cards set aside, and those of calls still running,
        stay drafts. Raises StorageError when one is not saved; the others are all the same."""
        saved, refusal = [], None
        for card_key in tuple(self.cards):
            try:
                saved.append(await self._saving.complete(card_key))
            except StorageError as error:
                refusal = error
        if refusal is not None:
            raise refusal
        return tuple(card for card in saved if card is not None)

    # How long a card may stay open.

    def due_at_s(self, card_key: str) -> float | None:
        """When the card is saved as it stands, monotonic; None when it has no timer."""
        return self._timers.due_at_s(card_key)

    def extend(self, card_key: str) -> bool:
        """Give the card some more time; False for one that has no timer."""
        return self._timers.extend(card_key)

    @property
    def set_aside_count(self) -> int:
        """Cards to be written later."""
        return sum(card.is_set_aside for card in self.cards.values())

    def set_aside(self, card_key: str) -> bool:
        """*Later*: the card stays a draft, without a timer, until it is taken up; False while its call runs or it is
        being saved. Raises KeyError for a card that is not open."""
        card = self.cards[card_key]
        if card.save == "saving" or not card.draft.facts.is_finished:
            return False
        self._table.put(card_key, replace(card, is_set_aside=True), keep=True)
        return True

    def take_up(self, card_key: str) -> None:
        """Go on with a card set aside; its time begins anew. Raises KeyError for a card that is not open."""
        card = self.cards[card_key]
        if card.is_set_aside:
            self._table.put(card_key, replace(card, is_set_aside=False), keep=True)

    # Who called.

    def look_up_again(self, card_key: str) -> None:
        """Ask the CRM once more who called, after a look-up that failed."""
        self._lookup.again(card_key)

    def look_up_failed_again(self) -> None:
        """A CRM was connected: who called before is asked for now."""
        self._lookup.failed_again()

    async def kept_drafts(self) -> tuple[CardDraft, ...]:
        """Drafts no card was due for, in which something had been typed. Raises StorageError."""
        return tuple(kept.draft for kept in await self._drafts.kept_drafts())

    def _dropped(self, card_key: str) -> None:
        self._lookup.end(card_key)
        self._early.dropped(card_key)

    def _pass_on(self, saved: CardSaved) -> None:
        self._lookup.end(saved.card_key)
        self._hand_over(saved.card_key)
