"""Tags that wait some seconds so that they can be taken back. How a tag is sent is call_control's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial

from app.background import BackgroundTasks
from app.board import BoardChange, CallBoard
from app.clock import Clock
from app.domain.calls import CallSessionId, TagId
from app.domain.live_call import Sighting
from app.errors import OutcomeUnknown, PultError, Refused
from app.observe import Observable, Subscription
from app.services.call_control import CallControl
from app.services.command_report import CommandPhase
from app.telephony.poller import Poller
from app.telephony.waiting import InterruptibleWait

DELAY_S = 4.0
PATIENCE_BEFORE_END_S = 1.0
"""Ending a call waits so long (of real time) for its tags, and not longer: the caller hears us meanwhile."""
PATIENCE_AT_CLOSING_S = 2.0

TagFinished = Callable[[CallSessionId, TagId], Awaitable[None]]
"""Tags a call that is over; raises PultError."""


@dataclass(frozen=True, slots=True)
class CountingTag:
    """A tag that can still be taken back. `name`: what the operator chose, empty when it is not known."""

    call_session_id: CallSessionId
    tag_id: TagId
    name: str
    due_monotonic_s: float


class DelayedTags:
    """Each is sent once: when its time is over, or at once when the call is about to end, is missing from the list, is
    gone, or the console closes."""

    def __init__(self, board: CallBoard, poller: Poller, clock: Clock, control: CallControl) -> None:
        self.changes: Observable[tuple[CountingTag, ...]] = Observable()
        self.counting: tuple[CountingTag, ...] = ()
        self._board = board
        self._poller = poller
        self._clock = clock
        self._control = control
        self._name_of: Callable[[TagId], str] = lambda _: ""
        self._tag_finished: TagFinished | None = None
        self._tasks = BackgroundTasks()
        self._wait = InterruptibleWait(clock)
        self._is_running = False
        self._subscriptions: tuple[Subscription, ...] = (
            poller.polls_done.subscribe(self._look_for_missing),
            board.changes.subscribe(self._look_for_gone),
        )
        control.do_before_end(self._flush_before_end)

    def use(self, name_of: Callable[[TagId], str], tag_finished: TagFinished | None) -> None:
        """What the tags are called, and the way to tag a call that is over (None: there is none)."""
        self._name_of = name_of
        self._tag_finished = tag_finished

    def put(self, call_session_id: CallSessionId, tag_id: TagId) -> None:
        """Begin to count; the same tag for the same call counts once. It runs in the background until `aclose`."""
        if any((one.call_session_id, one.tag_id) == (call_session_id, tag_id) for one in self.counting):
            return
        due_s = self._clock.monotonic() + DELAY_S
        self._count((*self.counting, CountingTag(call_session_id, tag_id, self._name_of(tag_id), due_s)))
        if not self._is_running:
            self._is_running = True
            self._tasks.start(self._run(), name="delayed-tags")
        self._wait.wake()
        if self._board.call(call_session_id) is None:
            self._send(self.counting[-1:])

    def cancel(self) -> bool:
        """Take the newest back; False when none is counting."""
        if not self.counting:
            return False
        self._count(self.counting[:-1])
        return True

    async def flush(self, call_session_id: CallSessionId | None = None) -> None:
        """Send what is counting (of that call) now, and wait until each has its answer."""
        sending = self._send(one for one in self.counting if call_session_id in (None, one.call_session_id))
        if sending:
            await asyncio.wait(sending)

    async def aclose(self) -> None:
        """Send what is counting, then stop; what has no answer in time is left to the PBX."""
        for subscription in self._subscriptions:
            subscription.cancel()
        sending = self._send(self.counting)
        if sending:
            await asyncio.wait(sending, timeout=PATIENCE_AT_CLOSING_S)
        await self._tasks.aclose()
        await self._wait.aclose()

    async def _run(self) -> None:
        while True:
            now_s = self._clock.monotonic()
            self._send(one for one in self.counting if one.due_monotonic_s <= now_s)
            next_s = min((one.due_monotonic_s for one in self.counting), default=None)
            await self._wait.wait(None if next_s is None else next_s - now_s)

    def _look_for_missing(self, _: Sighting) -> None:
        self._send(one for one in self.counting if one.call_session_id in self._poller.missing)

    def _look_for_gone(self, change: BoardChange) -> None:
        gone = {ended.call_session_id for ended in change.ended}
        self._send(one for one in self.counting if one.call_session_id in gone)

    async def _flush_before_end(self, call_session_id: CallSessionId) -> None:
        sending = self._send(one for one in self.counting if one.call_session_id == call_session_id)
        if sending:
            await asyncio.wait(sending, timeout=PATIENCE_BEFORE_END_S)

    def _send(self, due: Iterable[CountingTag]) -> list[asyncio.Task[None]]:
        """Each on its way in a task of its own; none of them counts any longer."""
        leaving = tuple(due)
        if not leaving:
            return []
        sending = [self._tasks.start(self._send_one(one), name="tag") for one in leaving]
        self._count(tuple(one for one in self.counting if one not in leaving))
        return sending

    async def _send_one(self, one: CountingTag) -> None:
        if self._board.call(one.call_session_id) is None:
            await self._send_late(one)
            return
        tag_finished = self._tag_finished
        when_gone = None if tag_finished is None else partial(tag_finished, one.call_session_id, one.tag_id)
        await self._control.tag(one.call_session_id, one.tag_id, name=one.name, when_gone=when_gone)

    async def _send_late(self, one: CountingTag) -> None:
        phase: CommandPhase = CommandPhase.NOT_SENT
        error: PultError | None = PultError("tag_call_gone")
        if self._tag_finished is not None:
            phase, error = await _outcome_of(self._tag_finished(one.call_session_id, one.tag_id))
        detail = {"tag_id": one.tag_id, "name": one.name}
        self._control.tell_late_tag(one.call_session_id, phase, detail, error)

    def _count(self, counting: tuple[CountingTag, ...]) -> None:
        self.counting = counting
        self.changes.publish(counting)


async def _outcome_of(tagging: Awaitable[None]) -> tuple[CommandPhase, PultError | None]:
    try:
        await tagging
    except Refused as error:
        return CommandPhase.REFUSED, error
    except OutcomeUnknown as error:
        return CommandPhase.UNKNOWN, error
    except PultError as error:
        return CommandPhase.NOT_SENT, error
    return CommandPhase.CONFIRMED, None
