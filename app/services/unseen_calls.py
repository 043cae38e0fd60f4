"""Calls this console did not see, found in the account's reports and offered as cards: at start and every few minutes.
Cards of which it saw the beginning only are corrected by them.

Whose card a call is, the domain says; what an offered card looks like is wrap_up's.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.account.reports import CallReports
from app.background import BackgroundTasks
from app.board import CallBoard
from app.clock import Clock
from app.domain.calls import CallSessionId, Direction, EmployeeId, LegId
from app.domain.reported_call import ReportedCall, ReportedLeg, ReportedPart, parts_due
from app.domain.wrap_up import CallFacts, card_key_of
from app.errors import LimitExceeded, LinkError, OutcomeUnknown, PultError, Refused, RightsMissing, StorageError
from app.observe import Observable
from app.services.guessed_cards import GuessedCards
from app.services.known_parts import KnownPart, KnownParts, has_card
from app.services.unseen_memory import UnseenMemory
from app.telephony.waiting import InterruptibleWait

_OVERLAP = timedelta(hours=4)
"""Longer than any call lasts, and than any comes late into the reports: they list calls by when they began."""
_YOUNG = timedelta(minutes=1)
"""So soon after a call the list of calls may still finish its card."""
_COMES_WITHIN = timedelta(minutes=10)
"""So soon after its end nearly every call is in the reports."""
_RETRY_S = 60.0
_LONGEST_RETRY_S = 3600.0
_REMEMBERED_CALLS = 4096

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class UnseenDesk:
    """Whose calls are looked for, how often (0: never) and how far back."""

    pbx_host: str = ""
    me: EmployeeId | None = None
    every_s: float = 0.0
    look_back: timedelta = timedelta(hours=24)


class UnseenCalls:
    """`trouble`: what keeps calls from being looked for; `trouble_changed` publishes it once, None when it is over."""

    def __init__(
        self,
        known: KnownParts,
        memory: UnseenMemory,
        board: CallBoard,
        clock: Clock,
        *,
        offer: Callable[[CallFacts], bool],
        guessed: GuessedCards,
    ) -> None:
        """`offer` opens a card of a call that is over; False when there is one already. `guessed`: open cards that the
        report may correct."""
        self.trouble: PultError | None = None
        self.trouble_changed: Observable[PultError | None] = Observable()
        self.looked_at: datetime | None = None
        self._known = known
        self._memory = memory
        self._board = board
        self._clock = clock
        self._offer = offer
        self._guessed = guessed
        self._reports: CallReports | None = None
        self._desk = UnseenDesk()
        self._settled: dict[CallSessionId, None] = {}
        self._due_s: float | None = None
        self._retry_s = _RETRY_S
        self._wait = InterruptibleWait(clock)
        self._tasks = BackgroundTasks()

    def start(self) -> None:
        """Begin to look."""
        self._tasks.start(self._run(), name="unseen calls")

    async def aclose(self) -> None:
        await self._tasks.aclose()
        await self._wait.aclose()

    def use(self, reports: CallReports | None, desk: UnseenDesk) -> None:
        """Another account, employee or settings from now on: what was refused is asked for again."""
        self._reports, self._desk = reports, desk
        self._settled.clear()
        self._retry_s = _RETRY_S
        self._tell(None)
        self.look_soon()

    def look_soon(self) -> None:
        """Look now, for whoever asks."""
        self._due_s = self._clock.monotonic()
        self._wait.wake()

    async def _run(self) -> None:
        while True:
            if self._due_s is not None and self._clock.monotonic() >= self._due_s:
                self._due_s = None
                again_in_s = await self._look_once()
                if again_in_s is not None and self._due_s is None:
                    self._due_s = self._clock.monotonic() + again_in_s
            await self._wait.wait(None if self._due_s is None else self._due_s - self._clock.monotonic())

    async def _look_once(self) -> float | None:
        """One look; seconds until the next one, None when it would be refused again."""
        reports, desk = self._reports, self._desk
        if desk.me is None or desk.every_s <= 0:
            return None
        try:
            # From now on its calls are this console's, whether or not anybody can be asked.
            await self._memory.read(_key_of(desk, desk.me), self._clock.now())
            if reports is None:
                return None
            if not reports.can_spare():
                return _RETRY_S
            await self._look(reports, desk, desk.me)
        except (PultError, StorageError) as error:
            if reports is not self._reports:
                return None
            _logger.info("calls nobody saw cannot be looked for: %s", error.code)
            self._tell(error)
            return self._again_after(error)
        self._retry_s = _RETRY_S
        self._tell(None)
        return min(_RETRY_S, desk.every_s) if self._is_guess_young(desk.me) else desk.every_s

    async def _look(self, reports: CallReports, desk: UnseenDesk, me: EmployeeId) -> None:
        now = self._clock.now()
        so_far = await self._memory.read(_key_of(desk, me), now)
        since = max(so_far.first_at, so_far.read_until - _OVERLAP, now - desk.look_back)
        legs = await reports.legs_of(me, since - _OVERLAP, now)
        lately = {one: own for one, own in legs.items() if self._may_be_unseen(one, own, since)}
        known = await self._known.of_calls(desk.pbx_host, lately)
        guessed = self._guessed.of(me)
        unclear = [one for one, own in lately.items() if one in guessed or not _all_known(own, known.get(one, ()), me)]
        offered = False
        if unclear:
            begin = min(leg.began_at for one in unclear for leg in legs[one])
            calls = await reports.finished_calls(unclear, min(begin, since) - _OVERLAP, now)
            if reports is not self._reports or desk != self._desk:
                return
            for call in calls:
                if since <= call.ended_at <= now - _YOUNG:
                    offered |= self._judge(call, known.get(call.call_session_id, ()), desk, me)
        self.looked_at = now
        if not offered:
            # A card just offered is not on the disk yet: what was read counts once the next look finds it there.
            await self._memory.keep(_key_of(desk, me), replace(so_far, read_until=now))

    def _may_be_unseen(self, call_session_id: CallSessionId, own: tuple[ReportedLeg, ...], since: datetime) -> bool:
        if call_session_id in self._settled or self._board.call(call_session_id) is not None:
            return False
        return any(leg.ended_at >= since and not leg.is_coach for leg in own)

    def _judge(self, call: ReportedCall, known: tuple[KnownPart, ...], desk: UnseenDesk, me: EmployeeId) -> bool:
        """True when a card was offered."""
        my_leg_ids = frozenset(leg.leg_id for leg in call.legs if leg.employee_id == me)
        parts, offered = parts_due(call, me), False
        for facts in self._guessed.of(me).get(call.call_session_id, ()):
            self._correct(facts, parts, my_leg_ids)
        for part in parts:
            if not has_card(part, my_leg_ids, known, me):
                offered |= self._offer(_facts_of(call, part, desk, me))
        if not offered:
            self._settle(call.call_session_id)
        return offered

    def _correct(self, facts: CallFacts, parts: tuple[ReportedPart, ...], my_leg_ids: frozenset[LegId]) -> None:
        """An outgoing call is its caller's, whoever talked; an incoming one is not mine when the report says so."""
        own = KnownPart(facts.leg_id, facts.employee_id, facts.started_at, facts.ended_at or facts.started_at)
        part = next((part for part in parts if has_card(part, my_leg_ids, (own,), facts.employee_id)), None)
        if part is not None or (facts.leg_id in my_leg_ids and facts.direction is not Direction.OUTBOUND):
            self._guessed.correct(facts.card_key, part)

    def _is_guess_young(self, me: EmployeeId) -> bool:
        """A card is saved as it stands before the usual next look: its call is asked for sooner."""
        since = self._clock.now() - _COMES_WITHIN
        guesses = (facts for one, facts in self._guessed.of(me).items() if one not in self._settled)
        return any((one.ended_at or one.started_at) >= since for facts in guesses for one in facts)

    def _settle(self, call_session_id: CallSessionId) -> None:
        """The call needs no card of mine (any more): it is not asked for again."""
        self._settled[call_session_id] = None
        if len(self._settled) > _REMEMBERED_CALLS:
            del self._settled[next(iter(self._settled))]

    def _again_after(self, error: PultError) -> float | None:
        """A minute, then twice as long each time, an hour at most; None after refusals that only a person can lift."""
        if isinstance(error, RightsMissing):
            return None
        retry_s, self._retry_s = self._retry_s, min(2 * self._retry_s, _LONGEST_RETRY_S)
        if isinstance(error, LimitExceeded):
            return max(error.resets_in_s or 0.0, retry_s)
        is_passing = error.is_retryable or isinstance(error, LinkError | OutcomeUnknown | StorageError)
        return retry_s if is_passing or not isinstance(error, Refused) else _LONGEST_RETRY_S

    def _tell(self, trouble: PultError | None) -> None:
        if (trouble and trouble.code) != (self.trouble and self.trouble.code):
            self.trouble = trouble
            self.trouble_changed.publish(trouble)


def _all_known(own: tuple[ReportedLeg, ...], known: tuple[KnownPart, ...], me: EmployeeId) -> bool:
    """Every leg of mine is one of a card or draft of mine, by its number."""
    leg_ids: set[LegId | None] = {one.leg_id for one in known if one.employee_id in (None, me)}
    return all(leg.leg_id in leg_ids for leg in own if not leg.is_coach)


def _facts_of(call: ReportedCall, part: ReportedPart, desk: UnseenDesk, me: EmployeeId) -> CallFacts:
    return CallFacts(
        card_key=card_key_of(desk.pbx_host, call.call_session_id, part.leg_id),
        call_session_id=call.call_session_id,
        leg_id=part.leg_id,
        employee_id=me,
        direction=call.direction,
        phone_number=call.phone_number,
        line_number=call.line_number,
        started_at=call.began_at,
        talk_s=part.talk_s,
        proposed=part.proposed,
        kind=part.kind,
        ended_at=part.ended_at,
    )


def _key_of(desk: UnseenDesk, me: EmployeeId) -> str:
    return f"{desk.pbx_host} {me}"
