"""Numbers we owe a call: callers nobody answered or who were lost in a transfer, until somebody talks to them."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.board import BoardChange, CallBoard
from app.clock import Clock
from app.domain.calls import Direction
from app.domain.phone_number import parse_phone_number
from app.observe import Observable
from app.services.transfer_watch import LostCaller

_OWED_FOR = timedelta(hours=24)
_REMEMBERED = 2000


class CallsToReturn:
    """What this run has seen; nothing is kept on the disk."""

    def __init__(self, board: CallBoard, clock: Clock, lost: Observable[tuple[LostCaller, ...]]) -> None:
        self._clock = clock
        self._owed: dict[str, datetime] = {}
        self._subscriptions = (board.changes.subscribe(self._look), lost.subscribe(self._note_lost))

    def close(self) -> None:
        """Follow nothing any longer."""
        for subscription in self._subscriptions:
            subscription.cancel()

    def is_owed(self, number: str) -> bool:
        """Would a call to this number return one?"""
        owed_since = self._owed.get(_key_of(number))
        return owed_since is not None and self._clock.now() - owed_since <= _OWED_FOR

    def _look(self, change: BoardChange) -> None:
        for call in change.ended:
            if call.was_answered:
                self._owed.pop(_key_of(call.session.contact_number), None)
            elif call.session.direction is Direction.INBOUND:
                self._note(call.session.contact_number)

    def _note_lost(self, lost: tuple[LostCaller, ...]) -> None:
        for caller in lost:
            self._note(caller.contact_number)

    def _note(self, number: str) -> None:
        key = _key_of(number)
        if not key:
            return
        self._owed.pop(key, None)
        self._owed[key] = self._clock.now()
        while len(self._owed) > _REMEMBERED:
            del self._owed[next(iter(self._owed))]


def _key_of(number: str) -> str:
    """What numbers are compared by; empty when the caller hides theirs."""
    return parse_phone_number(number).digits
