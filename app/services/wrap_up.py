"""My calls' cards from the first ring to *Save card*: opening, following the call, autosave, saving once.

Delivering a saved card is the outbox's; what a card may hold is the domain's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.board import BoardChange, CallBoard
from app.clock import Clock
from app.crm.matching import first_choice
from app.domain.calls import CallSessionId, EmployeeId, LegId
from app.domain.customer import CustomerDecision
from app.domain.live_call import EmployeePart, LiveCall, Sighting
from app.domain.phone_number import parse_phone_number
from app.domain.wrap_up import CallFacts, CardDraft, CardFields, CardProblem, card_key_of, card_problems
from app.errors import PultError, StorageError
from app.observe import Observable, Subscription
from app.outbox.drafts import Draft, DraftStore, PartTrace
from app.outbox.entry import StepPlan
from app.outbox.store import OutboxStore
from app.services.card_table import CardTable
from app.services.card_to_write import CardDefaults, card_to_write, planned_steps
from app.services.open_card import CardSaved, OpenCard
from app.services.part_outcome import PartFate, outcome_of_part
from app.services.restored_draft import finished_as_seen
from app.services.screen_pop import Found, ScreenPop
from app.telephony.unlisted import is_unlisted

_TRACE_EVERY = timedelta(seconds=10)
_SURELY_OVER_AFTER = timedelta(hours=4)
_POLLS_TO_BE_SURE = 2

__all__ = ["CardSaved", "Desk", "OpenCard", "WrapUp"]


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose cards these are: the PBX's host, my employee there (None: no cards), and what a new card starts with."""

    pbx_host: str = ""
    me: EmployeeId | None = None
    defaults: CardDefaults = field(default_factory=CardDefaults)


class WrapUp:
    """Open cards, oldest first. `changed` publishes the card_key of a card that was opened, whose facts, matches or
    save state changed, or that is gone (saved or dropped)."""

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
        self.cards: Mapping[str, OpenCard] = self._table.cards
        self._board = board
        self._screen_pop = screen_pop
        self._store = store
        self._drafts = drafts
        self._plan = plan
        self._clock = clock
        self._desk = desk
        self._was_ended_by_us = was_ended_by_us
        self._hand_over = hand_over
        self._saved: dict[str, CardSaved] = {}
        self._restored: dict[str, int] = {}
        self._last_poll: Sighting | None = None
        self._saving = asyncio.Lock()
        self._subscriptions: list[Subscription] = []

    async def start(self) -> None:
        """Take up the drafts of an earlier run, then follow the board. Raises StorageError."""
        for left_open in await self._table.start():
            self._restore(left_open, self._clock.now())
        self._subscriptions = [
            self._board.changes.subscribe(self._on_board),
            self._screen_pop.found.subscribe(self._on_found),
        ]
        for card_key, card in self.cards.items():
            self._screen_pop.look_up(card_key, card.draft.facts.phone_number)
        for call in tuple(self._board.calls.values()):
            self._follow(call)

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
        self._last_poll = seen
        for card_key in tuple(self._restored):
            card = self.cards.get(card_key)
            if card is None or _part_on(self._board, card) is not None:
                del self._restored[card_key]
                continue
            self._restored[card_key] += 1
            if self._restored[card_key] >= _POLLS_TO_BE_SURE:
                del self._restored[card_key]
                self._table.put(card_key, replace(card, draft=finished_as_seen(card.draft, card.trace)), keep=True)
        for card_key, card in tuple(self.cards.items()):
            self._note_alive(card_key, card, seen)

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
            card = self.cards[card_key]
            problems = card_problems(card.draft)
            if problems:
                return problems
            card = replace(card, save="saving", save_error=None)
            self._table.put(card_key, card)
            to_write = card_to_write(card.draft, self._desk.defaults)
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
            saved = self._saved[card_key] = CardSaved(card_key, saved_at)
            self._screen_pop.cancel(card_key)
            self._table.close(card_key)
        self._hand_over(card_key)
        self.changed.publish(card_key)
        return saved

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

    # Following my calls.

    def _on_board(self, change: BoardChange) -> None:
        for call_session_id in (*change.appeared, *change.changed):
            call = self._board.call(call_session_id)
            if call is not None:
                self._follow(call)
        for call in change.ended:
            self._follow(call)

    def _follow(self, call: LiveCall) -> None:
        """Every open card of this call, also those of whoever sat here before *Connect* named somebody else."""
        self._open_mine(call)
        for card_key, card in tuple(self.cards.items()):
            facts = card.draft.facts
            part = call.part_of(facts.employee_id) if facts.call_session_id == call.call_session_id else None
            if part is None:
                continue
            if part.leg_id == facts.leg_id:
                self._judge(card_key, card, call, part)
            elif not facts.is_finished:
                self._leave_behind(card_key, card)

    def _open_mine(self, call: LiveCall) -> None:
        part = call.part_of(self._desk.me)
        if part is None or part.is_coaching or part.has_left or call.ended is not None:
            return
        if is_unlisted(call.session):
            # Nobody tells whether it was answered or how long it took: a card would be guesswork.
            return
        card_key = card_key_of(self._desk.pbx_host, call.call_session_id, part.leg_id)
        same_part = (call.call_session_id, part.employee_id, part.leg_id)
        if self._table.is_closed(card_key) or any(_part_key_of(card) == same_part for card in self.cards.values()):
            return
        self._open(card_key, call, part)

    def _open(self, card_key: str, call: LiveCall, part: EmployeePart) -> None:
        facts = CallFacts(
            card_key=card_key,
            call_session_id=call.call_session_id,
            leg_id=part.leg_id,
            employee_id=part.employee_id,
            direction=call.session.direction,
            phone_number=call.session.contact_number,
            line_number=call.session.line_number,
            started_at=call.session.started_at or call.first_seen.at,
        )
        defaults = self._desk.defaults
        fields = CardFields(crm_user_id=defaults.crm_user_id, add_to_chat=defaults.add_to_chat)
        card = OpenCard(CardDraft(facts, fields), trace=PartTrace(last_seen_at=call.last_seen.at))
        self._table.put(card_key, card, keep=True)
        self._screen_pop.look_up(card_key, facts.phone_number)

    def _judge(self, card_key: str, card: OpenCard, call: LiveCall, part: EmployeePart) -> None:
        card = replace(card, trace=_traced(card.trace, part, call))
        ended_by_us = self._was_ended_by_us(call.call_session_id)
        outcome = outcome_of_part(call, part, ended_by_us=ended_by_us, last_poll=self._last_poll)
        if outcome.fate is not PartFate.FINISHED and card.trace.talk_began_at is not None and part.talk_began is None:
            # The talk was seen by an earlier run of the console, this one saw only its end.
            if part.has_left or call.ended is not None:
                self._table.put(card_key, replace(card, draft=finished_as_seen(card.draft, card.trace)), keep=True)
            return
        if outcome.fate is PartFate.NO_CARD:
            self._drop(card_key)
            return
        talk_s = outcome.talk_s
        if talk_s is not None and part.talk_began is not None and card.trace.talk_began_at is not None:
            talk_s += max(0, round((part.talk_began.at - card.trace.talk_began_at).total_seconds()))
        facts = replace(card.draft.facts, talk_s=talk_s, proposed=outcome.proposed)
        if facts != card.draft.facts:
            self._table.put(card_key, replace(card, draft=replace(card.draft, facts=facts)), keep=True)
        elif card.trace.talk_began_at != self.cards[card_key].trace.talk_began_at:
            self._table.put_quietly(card_key, card)

    def _leave_behind(self, card_key: str, card: OpenCard) -> None:
        """I came back on another leg. A first part that never talked makes no card; a talk is never thrown away."""
        if card.trace.talk_began_at is None:
            self._drop(card_key)
            return
        self._table.put(card_key, replace(card, draft=finished_as_seen(card.draft, card.trace)), keep=True)

    def _drop(self, card_key: str) -> None:
        self._screen_pop.cancel(card_key)
        self._table.drop(card_key)

    def _restore(self, kept: Draft, now: datetime) -> None:
        draft, card_key = kept.draft, kept.draft.card_key
        last_seen_at = kept.trace.last_seen_at or draft.facts.started_at
        if now - last_seen_at > _SURELY_OVER_AFTER:
            draft = finished_as_seen(draft, kept.trace)
        self._table.put(card_key, OpenCard(draft, trace=kept.trace, autosaved_at=now))
        if not draft.facts.is_finished:
            self._restored[card_key] = 0

    def _note_alive(self, card_key: str, card: OpenCard, seen: Sighting) -> None:
        if card.draft.facts.is_finished:
            return
        part = _part_on(self._board, card)
        if part is None or part.gone is not None:
            return
        last_seen_at = card.trace.last_seen_at
        if last_seen_at is None or seen.at - last_seen_at >= _TRACE_EVERY:
            card = replace(card, trace=replace(card.trace, last_seen_at=seen.at))
            self._table.put_quietly(card_key, card)

    # Answers from the CRM and the disk.

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


def _part_on(board: CallBoard, card: OpenCard) -> EmployeePart | None:
    """The part on the board this card is about."""
    facts = card.draft.facts
    call = board.call(facts.call_session_id)
    part = call.part_of(facts.employee_id) if call else None
    return part if part is not None and part.leg_id == facts.leg_id else None


def _part_key_of(card: OpenCard) -> tuple[CallSessionId, EmployeeId, LegId]:
    facts = card.draft.facts
    return facts.call_session_id, facts.employee_id, facts.leg_id


def _traced(trace: PartTrace, part: EmployeePart, call: LiveCall) -> PartTrace:
    """What was known of my part, and what this sight of the call adds."""
    began_at = trace.talk_began_at
    if began_at is None and part.talk_began is not None:
        began_at = part.talk_began.at
    if part.gone is not None or call.ended is not None:
        return PartTrace(began_at, trace.last_seen_at)
    return PartTrace(began_at, max(call.last_seen.at, trace.last_seen_at or call.last_seen.at))
