"""The outbox on the disk: every change of a card or of one of its steps is one committed transaction.

What a change means is the worker's; what the operator does to a card is deeds.py's SQL; drafts have a store of their
own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from app.crm.port import CardToWrite, StepReceipt
from app.database import Database
from app.errors import CommitUnknown, StorageError
from app.outbox import deeds, saving
from app.outbox.audit import AuditRow, Deed, read_deeds, write_deed
from app.outbox.entry import CardPhase, OpenChain, OutboxCard, PlannedStep, StepState
from app.outbox.rows import (
    CARD_COLUMNS,
    CardRow,
    encoded_params,
    encoded_receipt,
    entries_of,
    entry_of,
    written_moment,
)
from app.outbox.timetable import ChainKey

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class StepKey:
    """Which step of which card."""

    card_key: str
    crm_name: str
    name: str


@dataclass(frozen=True, slots=True)
class StepChange:
    """A step's next state. `resume_as`: what a parked step becomes when the operator retries it. `sent_by`: the last
    request may have left as late as that. `is_settled`: it is over for sure, whatever it did. `is_uncounted`: after all
    nothing was sent."""

    step_state: StepState
    reason: str | None = None
    reason_params: Mapping[str, object] = field(default_factory=dict)
    next_try_at: datetime | None = None
    receipt: StepReceipt | None = None
    resume_as: StepState = StepState.PENDING
    sent_by: datetime | None = None
    is_settled: bool = False
    is_uncounted: bool = False


class OutboxStore:
    """Cards and steps. Nothing is ever deleted. Raises StorageError; after CommitUnknown the truth is on the disk."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # From the first ring to a saved card.

    async def begin(self, card: CardToWrite, steps: Sequence[PlannedStep], now: datetime) -> bool:
        """Write a card that is registered while its call still runs; False when there is one of that key already.

        Its content counts for those steps only: `save` brings the rest.
        """
        return await _surely(
            self._database,
            lambda connection: saving.begin(connection, card, steps, now),
            lambda connection: True if saving.saved_at(connection, card.card_key, CardPhase.BEGUN) else None,
        )

    async def save(self, card: CardToWrite, steps: Sequence[PlannedStep], now: datetime) -> datetime:
        """Write the card with all its steps and close its draft; gives the moment it was saved at.

        A begun card gets this content and the steps it lacks. One that was saved already stays as it is. Raises
        NotSaved, or CommitUnknown when not even looking again could tell.
        """
        return await _surely(
            self._database,
            lambda connection: saving.save(connection, card, steps, now),
            lambda connection: saving.saved_at(connection, card.card_key, CardPhase.SAVED),
        )

    async def abandon(self, card_key: str, steps: Sequence[PlannedStep], now: datetime) -> bool:
        """No card is due for a begun one: nothing more of it is sent but `steps`, which follow what was done (`hide`).
        False when it is not begun (any more)."""
        return await self._database.run(lambda connection: saving.abandon(connection, card_key, steps, now))

    # What the worker needs.

    async def recover(self, now: datetime) -> int:
        """At the start: what was in flight when the last process ended has an unknown outcome; its request may have
        left just before. Gives how many."""

        def mark(connection: sqlite3.Connection) -> int:
            connection.execute("UPDATE steps SET next_try_at = NULL WHERE step_state <> 'done'")
            return connection.execute(
                "UPDATE steps SET step_state = 'unknown', reason = 'interrupted', reason_params = NULL, claimed_at = ?"
                " WHERE step_state = 'in_flight'",
                (now.isoformat(),),
            ).rowcount

        return await self._database.run(mark)

    async def open_chains(self) -> Mapping[ChainKey, OpenChain]:
        """Chains with a step that is to be sent, oldest card first. Discarded cards have none, and neither have begun
        ones whose draft is gone."""
        return await self._database.run(saving.open_chains)

    async def left_begun(self) -> tuple[str, ...]:
        """Begun cards without an open draft: an earlier run ended before it was known whether a card is due."""
        return await self._database.run(saving.left_begun)

    async def claim(self, step_key: StepKey, now: datetime) -> OutboxCard | None:
        """Before the request: this step is about to be sent; gives the card as it is to be sent. None when the step
        is not pending (any more), or the card discarded."""

        def mark(connection: sqlite3.Connection) -> OutboxCard | None:
            claimed = connection.execute(
                "UPDATE steps SET step_state = 'in_flight', attempts = attempts + 1, claimed_at = ?,"
                " next_try_at = NULL, reason = NULL, reason_params = NULL"
                " WHERE card_key = ? AND crm_name = ? AND name = ? AND step_state = 'pending'"
                " AND EXISTS (SELECT 1 FROM cards WHERE cards.card_key = steps.card_key AND phase <> 'discarded')",
                (now.isoformat(), step_key.card_key, step_key.crm_name, step_key.name),
            ).rowcount
            return entry_of(step_key.card_key, connection) if claimed == 1 else None

        return await self._database.run(mark)

    async def change(self, step_key: StepKey, change: StepChange) -> None:
        """After the answer: the step's new state. A step that is done stays done."""

        def mark(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE steps SET step_state = ?, reason = ?, reason_params = ?, next_try_at = ?, resume_as = ?,"
                " receipt = coalesce(?, receipt), claimed_at = CASE WHEN ? THEN NULL ELSE coalesce(?, claimed_at) END,"
                " attempts = max(0, attempts - ?)"
                " WHERE card_key = ? AND crm_name = ? AND name = ? AND step_state <> 'done'",
                (
                    change.step_state.value,
                    change.reason,
                    encoded_params(change.reason_params),
                    written_moment(change.next_try_at),
                    change.resume_as.value,
                    encoded_receipt(change.receipt),
                    change.is_settled or change.is_uncounted,
                    written_moment(change.sent_by),
                    int(change.is_uncounted),
                    step_key.card_key,
                    step_key.crm_name,
                    step_key.name,
                ),
            )

        await self._database.run(mark)

    # Looking.

    async def card(self, card_key: str) -> OutboxCard | None:
        return await self._database.run(lambda connection: entry_of(card_key, connection))

    async def cards(self, limit: int, phases: Collection[CardPhase] = (CardPhase.SAVED,)) -> tuple[OutboxCard, ...]:
        """The newest cards in one of these phases, those not done before all others."""
        wanted = [phase.value for phase in phases]

        def read(connection: sqlite3.Connection) -> tuple[OutboxCard, ...]:
            rows: list[CardRow] = connection.execute(
                f"SELECT {CARD_COLUMNS} FROM cards"  # noqa: S608  constant columns, as many marks as phases
                f" WHERE phase IN ({', '.join('?' * len(wanted))})"
                " ORDER BY EXISTS (SELECT 1 FROM steps"
                " WHERE steps.card_key = cards.card_key AND step_state <> 'done') DESC, position DESC LIMIT ?",
                (*wanted, limit),
            ).fetchall()
            return entries_of(rows, connection)

        return await self._database.run(read)

    async def card_keys(self, phases: Collection[CardPhase] = tuple(CardPhase)) -> tuple[str, ...]:
        """All cards in one of these phases, oldest first."""
        wanted = [phase.value for phase in phases]

        def read(connection: sqlite3.Connection) -> tuple[str, ...]:
            rows: list[tuple[str]] = connection.execute(
                f"SELECT card_key FROM cards WHERE phase IN ({', '.join('?' * len(wanted))}) ORDER BY position",  # noqa: S608  as many marks as phases
                wanted,
            ).fetchall()
            return tuple(card_key for (card_key,) in rows)

        return await self._database.run(read)

    async def audit_of(self, card_key: str) -> tuple[AuditRow, ...]:
        """What was done to a card by hand, oldest first."""
        return await self._database.run(lambda connection: read_deeds(connection, card_key))

    # What the operator does.

    async def unpark(self, card_key: str, now: datetime) -> int:
        """Parked steps go on: one that may have been sent is probed first. Gives how many."""
        return await self._database.run(lambda connection: deeds.unpark(connection, card_key, now))

    async def unpark_all(self, now: datetime) -> tuple[str, ...]:
        """The same for all saved cards, but for what the operator parked; gives the cards that go on."""
        return await self._database.run(lambda connection: deeds.unpark_all(connection, now))

    async def park(self, card_key: str, reason: str, now: datetime) -> int:
        """The next step of each lane waits for the operator. Gives how many; in_flight ones are left alone."""
        return await self._database.run(lambda connection: deeds.park(connection, card_key, reason, now))

    async def amend(
        self,
        card_key: str,
        card: CardToWrite,
        deed: Deed,
        now: datetime,
        *,
        steps: Sequence[PlannedStep] = (),
    ) -> frozenset[str]:
        """Send this content from now on; what was saved stays beside it. `steps`: all the card needs now, those it
        lacks are added; parked steps that this mends go on. Gives the fields that changed.

        Raises NotFound("no_such_card") and Refused("field_not_amendable") with `fields`: what these say has been sent,
        or may have been. Then nothing is changed.
        """
        return await self._database.run(lambda connection: deeds.amend(connection, card_key, card, deed, now, steps))

    async def discard(self, card_key: str, now: datetime) -> bool:
        """Nothing more of a saved card is sent; all of it stays. False when it is not a saved one."""
        return await self._database.run(
            lambda connection: deeds.set_phase(
                connection, card_key, CardPhase.SAVED, CardPhase.DISCARDED, Deed.DISCARDED, now
            )
        )

    async def restore(self, card_key: str, now: datetime) -> bool:
        """Take a discarded card back. False when it is not discarded."""
        return await self._database.run(
            lambda connection: deeds.set_phase(
                connection, card_key, CardPhase.DISCARDED, CardPhase.SAVED, Deed.RESTORED, now
            )
        )

    async def note_export(self, card_keys: Sequence[str], now: datetime) -> None:
        """The content of these cards is about to leave the outbox as a file."""

        def note(connection: sqlite3.Connection) -> None:
            for card_key in card_keys:
                write_deed(connection, card_key, Deed.EXPORTED, now)

        await self._database.run(note)


async def _surely(
    database: Database,
    write: Callable[[sqlite3.Connection], R],
    look: Callable[[sqlite3.Connection], R | None],
) -> R:
    """Write; after a commit nobody knows of, look before writing once more."""
    try:
        return await database.run(write)
    except CommitUnknown as error:
        try:
            found = await database.run(look)
        except StorageError:
            # Not "nothing was written": that look failed, and the first commit may still be there.
            raise error from None
        return found if found is not None else await database.run(write)
