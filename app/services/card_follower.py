"""From calls on the board to open cards: when one opens, what it learns while the call goes on, when it is due or not.

Saving cards, and what the operator does to them, is wrap_up's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.board import BoardChange, CallBoard
from app.clock import Clock
from app.domain.call_start import CallStart
from app.domain.calls import CallSession, CallSessionId, Direction, EmployeeId, LegId, LegState
from app.domain.live_call import EmployeePart, LiveCall, Sighting
from app.domain.wrap_up import CallFacts, CallKind, CardDraft, CardFields, attempt_key_of, card_key_of
from app.observe import Subscription
from app.outbox.drafts import Draft, PartTrace
from app.services.attempt import attempt_facts
from app.services.card_table import CardTable
from app.services.card_to_write import first_fields
from app.services.desk import Desk
from app.services.open_card import OpenCard
from app.services.part_outcome import PartFate, PartOutcome, outcome_of_part
from app.services.restored_draft import finished_as_seen
from app.telephony.unlisted import is_unlisted

_TRACE_EVERY = timedelta(seconds=10)
_SURELY_OVER_AFTER = timedelta(hours=4)
_POLLS_TO_BE_SURE = 2


@dataclass(frozen=True, slots=True)
class CallOrigins:
    """What else is known of where a call came from: how it was started here, whether a number waits for our call."""

    start_of: Callable[[CallSession], CallStart | None] = lambda _: None
    is_owed: Callable[[str], bool] = lambda _: False


@dataclass(frozen=True, slots=True)
class CardSigns:
    """What the follower tells: a card `opened`, or was `dropped` because none was due."""

    opened: Callable[[str], None]
    dropped: Callable[[str], None]


class CardFollower:
    """Reads the board, writes the table of open cards."""

    def __init__(
        self,
        board: CallBoard,
        table: CardTable,
        clock: Clock,
        *,
        desk: Callable[[], Desk],
        was_ended_by_us: Callable[[CallSessionId], bool],
        signs: CardSigns,
        origins: CallOrigins,
    ) -> None:
        self._board = board
        self._table = table
        self._clock = clock
        self._desk = desk
        self._was_ended_by_us = was_ended_by_us
        self._signs = signs
        self._origins = origins
        self._heard: dict[CallSessionId, Sighting] = {}
        self._restored: dict[str, int] = {}
        self._last_poll: Sighting | None = None

    def follow(self) -> Subscription:
        """Take up the calls on the board and follow it from now on."""
        following = self._board.changes.subscribe(self._on_board)
        for call in tuple(self._board.calls.values()):
            self._follow(call)
        return following

    def restore(self, kept: Draft) -> None:
        """A draft an earlier run left open."""
        now = self._clock.now()
        draft, card_key = kept.draft, kept.draft.card_key
        last_seen_at = kept.trace.last_seen_at or draft.facts.started_at
        if now - last_seen_at > _SURELY_OVER_AFTER:
            draft = finished_as_seen(draft, kept.trace)
        card = OpenCard(
            draft, trace=kept.trace, autosaved_at=now, is_set_aside=kept.is_set_aside, is_offered=kept.is_offered
        )
        self._table.put(card_key, card)
        if not draft.facts.is_finished:
            self._restored[card_key] = 0

    def note_poll(self, seen: Sighting) -> None:
        """A successful look at the PBX: a restored draft whose call is absent from two of them is over."""
        self._last_poll = seen
        for card_key in tuple(self._restored):
            card = self._table.cards.get(card_key)
            if card is None or _part_on(self._board, card) is not None:
                del self._restored[card_key]
                continue
            self._restored[card_key] += 1
            if self._restored[card_key] >= _POLLS_TO_BE_SURE:
                del self._restored[card_key]
                self._table.put(card_key, replace(card, draft=finished_as_seen(card.draft, card.trace)), keep=True)
        for card_key, card in tuple(self._table.cards.items()):
            self._note_alive(card_key, card, seen)

    def open_offered(self, facts: CallFacts) -> bool:
        """A finished card for a call this console did not see; False when that call has a card here, or had one."""
        same_part = (facts.call_session_id, facts.employee_id, facts.leg_id)
        attempt_key = attempt_key_of(self._desk().pbx_host, facts.call_session_id)
        if self._has_card(facts.card_key, same_part) or self._is_known(attempt_key):
            return False
        self._open(facts, is_offered=True)
        return True

    def _on_board(self, change: BoardChange) -> None:
        for call_session_id in (*change.appeared, *change.changed):
            call = self._board.call(call_session_id)
            if call is not None:
                self._follow(call)
                self._note_heard(call)
        for call in change.ended:
            self._follow(call)
            self._open_attempt(call, self._heard.pop(call.call_session_id, None))

    def _follow(self, call: LiveCall) -> None:
        """Every open card of this call, also those of whoever sat here before *Connect* named somebody else."""
        self._open_mine(call)
        for card_key, card in tuple(self._table.cards.items()):
            facts = card.draft.facts
            part = call.part_of(facts.employee_id) if facts.call_session_id == call.call_session_id else None
            if part is None or card.is_offered:
                continue
            if part.leg_id == facts.leg_id:
                self._judge(card_key, card, call, part)
            elif not facts.is_finished:
                self._leave_behind(card_key, card)

    def _open_mine(self, call: LiveCall) -> None:
        desk = self._desk()
        part = call.part_of(desk.me)
        if part is None or part.is_coaching or part.has_left or call.ended is not None:
            return
        if is_unlisted(call.session):
            # Nobody tells whether it was answered or how long it took: a card would be guesswork.
            return
        card_key = card_key_of(desk.pbx_host, call.call_session_id, part.leg_id)
        if self._has_card(card_key, (call.call_session_id, part.employee_id, part.leg_id)):
            return
        facts = CallFacts(
            card_key=card_key,
            call_session_id=call.call_session_id,
            leg_id=part.leg_id,
            employee_id=part.employee_id,
            direction=call.session.direction,
            phone_number=call.session.contact_number,
            line_number=call.session.line_number,
            started_at=call.session.started_at or call.first_seen.at,
            kind=self._kind_of(call, part),
        )
        self._open(facts, last_seen_at=call.last_seen.at)

    def _open_attempt(self, call: LiveCall, heard: Sighting | None) -> None:
        """A call I started that no employee's phone ever came into: nobody answered, or a message was played."""
        desk, start = self._desk(), self._origins.start_of(call.session)
        if start is None or desk.me is None or call.parts or call.ended is None or is_unlisted(call.session):
            return
        card_key = attempt_key_of(desk.pbx_host, call.call_session_id)
        if self._is_known(card_key):
            return
        facts = attempt_facts(
            call,
            start,
            heard,
            card_key=card_key,
            me=desk.me,
            ended_by_us=self._was_ended_by_us(call.call_session_id),
            is_callback=self._origins.is_owed(call.session.contact_number),
        )
        self._open(facts)

    def _note_heard(self, call: LiveCall) -> None:
        """When the contact of a call of mine began to listen, though nobody talks to them."""
        contact = call.session.contact_leg
        is_listening = contact is not None and contact.leg_state is LegState.TALKING and not call.parts
        if is_listening and call.call_session_id not in self._heard and self._origins.start_of(call.session):
            self._heard[call.call_session_id] = call.last_seen

    def _kind_of(self, call: LiveCall, part: EmployeePart) -> CallKind | None:
        """None: the plain one of its direction. It reached me through a colleague when one had talked before I came."""
        if call.session.direction is Direction.OUTBOUND:
            return CallKind.CALLBACK if self._origins.is_owed(call.session.contact_number) else None
        others = [other for other in call.parts if other.employee_id != part.employee_id and not other.is_coaching]
        is_redirected = any(other.talk_began is not None for other in others)
        return CallKind.INCOMING_REDIRECTED if is_redirected else None

    def _is_known(self, card_key: str) -> bool:
        return self._table.is_closed(card_key) or card_key in self._table.cards

    def _has_card(self, card_key: str, same_part: tuple[CallSessionId, EmployeeId, LegId]) -> bool:
        return self._is_known(card_key) or any(_part_key_of(card) == same_part for card in self._table.cards.values())

    def _open(self, facts: CallFacts, *, last_seen_at: datetime | None = None, is_offered: bool = False) -> None:
        fields: CardFields = first_fields(self._desk().defaults)
        card = OpenCard(CardDraft(facts, fields), trace=PartTrace(last_seen_at=last_seen_at), is_offered=is_offered)
        self._table.put(facts.card_key, card, keep=True)
        self._signs.opened(facts.card_key)

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
            self.drop(card_key)
            return
        facts = _learnt(card, part, outcome)
        if facts != card.draft.facts:
            self._table.put(card_key, replace(card, draft=replace(card.draft, facts=facts)), keep=True)
        elif card.trace.talk_began_at != self._table.cards[card_key].trace.talk_began_at:
            self._table.put_quietly(card_key, card)

    def _leave_behind(self, card_key: str, card: OpenCard) -> None:
        """I came back on another leg. A first part that never talked makes no card; a talk is never thrown away."""
        if card.trace.talk_began_at is None:
            self.drop(card_key)
            return
        self._table.put(card_key, replace(card, draft=finished_as_seen(card.draft, card.trace)), keep=True)

    def drop(self, card_key: str) -> None:
        """No card is due after all."""
        self._table.drop(card_key)
        self._signs.dropped(card_key)

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


def _learnt(card: OpenCard, part: EmployeePart, outcome: PartOutcome) -> CallFacts:
    """The card's facts with what the call tells now."""
    talk_s = outcome.talk_s
    if talk_s is not None and part.talk_began is not None and card.trace.talk_began_at is not None:
        talk_s += max(0, round((part.talk_began.at - card.trace.talk_began_at).total_seconds()))
    return replace(card.draft.facts, talk_s=talk_s, proposed=outcome.proposed, ended_at=outcome.ended_at)


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
