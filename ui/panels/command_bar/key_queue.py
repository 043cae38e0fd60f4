"""Keys for a menu at the other end, pressed faster than the PBX takes them: none is lost, none overtakes another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from app.domain.calls import CallSessionId

SendKeys = Callable[[CallSessionId, str], Awaitable[bool]]
"""Sends these keys in order; True when the PBX took them all."""


@dataclass(slots=True)
class _Sequence:
    waiting: str
    sent: int = 0


class KeyQueue:
    """One sequence for each call, until everything pressed so far has been sent or one key was not taken."""

    def __init__(self, send: SendKeys) -> None:
        self._send = send
        self._sequences: dict[CallSessionId, _Sequence] = {}

    def progress(self, call_session_id: CallSessionId, sent: int, total: int) -> tuple[int, int]:
        """Of the whole sequence, when so many of the keys that are under way have been sent."""
        sequence = self._sequences.get(call_session_id)
        if sequence is None:
            return sent, total
        return sequence.sent + sent, sequence.sent + total + len(sequence.waiting)

    async def press(self, call_session_id: CallSessionId, symbols: str) -> None:
        """Send them, after those that were pressed before. What waits behind a key that was not taken is given up:
        whoever pressed it has to look what the menu made of it."""
        sequence = self._sequences.get(call_session_id)
        if sequence is not None:
            sequence.waiting += symbols
            return
        sequence = self._sequences[call_session_id] = _Sequence(symbols)
        try:
            while sequence.waiting:
                keys, sequence.waiting = sequence.waiting, ""
                if not await self._send(call_session_id, keys):
                    return
                sequence.sent += len(keys)
        finally:
            del self._sequences[call_session_id]
