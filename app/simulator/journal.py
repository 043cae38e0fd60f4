"""What was asked of the simulator, what it did and what it answered. Secrets never reach it."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

SECRET_KEYS = frozenset(
    {
        "access_token",
        "auth",
        "authorization",
        "client_secret",
        "code",
        "password",
        "refresh_token",
        "secret",
        "token",
    }
)


def mask_secrets(params: Mapping[str, object]) -> dict[str, object]:
    """Copy with the value of every secret key replaced by ``***``, at any depth."""
    return {key: "***" if key.lower() in SECRET_KEYS else _masked(value) for key, value in params.items()}


def _masked(value: object) -> object:
    if isinstance(value, Mapping):
        return mask_secrets({str(key): item for key, item in value.items()})
    if isinstance(value, list):
        return [_masked(item) for item in value]
    return value


@dataclass(frozen=True)
class JournalEntry:
    """One request and its end."""

    sequence: int
    at: datetime
    face: str
    operation: str
    params: Mapping[str, object]
    request_id: str | None
    effects: tuple[str, ...]
    outcome: str
    """``ok``, ``error:<mnemonic or code>`` or ``fault:<name>``."""


class Journal:
    """Append-only list of entries, in the order the requests ended."""

    def __init__(self) -> None:
        self.entries: list[JournalEntry] = []
        self._next_sequence = 1
        self._waiting: list[tuple[Callable[[JournalEntry], bool], asyncio.Future[JournalEntry]]] = []

    def add(
        self,
        *,
        at: datetime,
        face: str,
        operation: str,
        params: Mapping[str, object],
        request_id: str | None,
        effects: tuple[str, ...],
        outcome: str,
    ) -> JournalEntry:
        """Append one entry and wake whoever waits for it."""
        journal_entry = JournalEntry(
            self._next_sequence, at, face, operation, mask_secrets(params), request_id, effects, outcome
        )
        self._next_sequence += 1
        self.entries.append(journal_entry)
        for waiter in list(self._waiting):
            predicate, answer = waiter
            if not answer.done() and predicate(journal_entry):
                answer.set_result(journal_entry)
        return journal_entry

    def entries_of(self, operation: str) -> list[JournalEntry]:
        """Entries of one vendor method, oldest first."""
        return [entry for entry in self.entries if entry.operation == operation]

    async def wait_for(self, predicate: Callable[[JournalEntry], bool], timeout_s: float = 5.0) -> JournalEntry:
        """First matching entry, past or future; raises TimeoutError after `timeout_s` real seconds."""
        for entry in self.entries:
            if predicate(entry):
                return entry
        found: asyncio.Future[JournalEntry] = asyncio.get_running_loop().create_future()
        waiter = (predicate, found)
        self._waiting.append(waiter)
        try:
            async with asyncio.timeout(timeout_s):
                return await found
        finally:
            self._waiting.remove(waiter)

    def clear(self) -> None:
        """Forget the entries; sequence numbers go on."""
        self.entries.clear()
