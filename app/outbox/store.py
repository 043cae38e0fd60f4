"""The outbox on the disk: every change of a saved card or of one of its steps is one committed transaction.

What a change means is the worker's; drafts have a store of their own.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.crm.port import CardToWrite, StepReceipt
from app.database import Database
from app.domain.customer import CustomerKind
from app.errors import CommitUnknown, StorageError
from app.outbox.drafts import DraftState, close_draft
from app.outbox.entry import CUSTOMER_REASONS, OutboxCard, PlannedStep, StepState
from app.outbox.rows import (
    CARD_COLUMNS,
    CardRow,
    encoded_card,
    encoded_params,
    encoded_receipt,
    entries_of,
    written_moment,
)


@dataclass(frozen=True, slots=True)
class StepKey:
    """Which step of which card."""

    card_key: str
    crm_name: str
    name: str


@dataclass(frozen=True, slots=True)
class ChainKey:
    """The steps of one card towards one CRM: they go in order, chains go side by side."""

    card_key: str
    crm_name: str


@dataclass(frozen=True, slots=True)
class StepChange:
    """A step's next state. `resume_as`: what a parked step becomes when the operator retries it. `is_settled`: the last
    request is over for sure, whatever it did."""

    step_state: StepState
    reason: str | None = None
    reason_params: Mapping[str, object] = field(default_factory=dict)
    next_try_at: datetime | None = None
    receipt: StepReceipt | None = None
    resume_as: StepState = StepState.PENDING
    is_settled: bool = False


class OutboxStore:
    """Cards and steps. Nothing is ever deleted. Raises StorageError; after CommitUnknown the truth is on the disk."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, card: CardToWrite, steps: Sequence[PlannedStep], now: datetime) -> datetime:
        """Write the card with all its steps and close its draft; gives the moment it was saved at.

        A card that is there already stays as it is. Raises NotSaved, or CommitUnknown when not even looking again
        could tell.
        """
        try:
            return await self._database.run(lambda connection: _insert(connection, card, steps, now))
        except CommitUnknown as error:
            try:
                found = await self._database.run(lambda connection: _saved_at(connection, card.card_key))
            except StorageError:
                # Not "nothing was written": that look failed, and the first commit may still be there.
                raise error from None
            if found is not None:
                return found
            return await self._database.run(lambda connection: _insert(connection, card, steps, now))

    async def recover(self) -> int:
        """At the start: what was in flight when the last process ended has an unknown outcome. Gives how many."""

        def mark(connection: sqlite3.Connection) -> int:
            connection.execute("UPDATE steps SET next_try_at = NULL WHERE step_state <> 'done'")
            return connection.execute(
                "UPDATE steps SET step_state = 'unknown', reason = 'interrupted', reason_params = NULL"
                " WHERE step_state = 'in_flight'"
            ).rowcount

        return await self._database.run(mark)

    async def open_chains(self) -> tuple[ChainKey, ...]:
        """Chains with a step that is not done, oldest card first."""

        def read(connection: sqlite3.Connection) -> tuple[ChainKey, ...]:
            rows = connection.execute(
                "SELECT DISTINCT cards.position, steps.card_key, steps.crm_name FROM steps"
                " JOIN cards USING (card_key) WHERE step_state <> 'done' ORDER BY cards.position, steps.crm_name"
            )
            return tuple(ChainKey(card_key, crm_name) for _, card_key, crm_name in rows)

        return await self._database.run(read)

    async def card(self, card_key: str) -> OutboxCard | None:
        def read(connection: sqlite3.Connection) -> OutboxCard | None:
            rows: list[CardRow] = connection.execute(
                f"SELECT {CARD_COLUMNS} FROM cards WHERE card_key = ?",  # noqa: S608  constant columns
                (card_key,),
            ).fetchall()
            return next(iter(entries_of(rows, connection)), None)

        return await self._database.run(read)

    async def cards(self, limit: int) -> tuple[OutboxCard, ...]:
        """The newest cards, those not done before all others."""

        def read(connection: sqlite3.Connection) -> tuple[OutboxCard, ...]:
            rows: list[CardRow] = connection.execute(
                f"SELECT {CARD_COLUMNS} FROM cards ORDER BY EXISTS (SELECT 1 FROM steps"  # noqa: S608  constant columns
                " WHERE steps.card_key = cards.card_key AND step_state <> 'done') DESC, position DESC LIMIT ?",
                (limit,),
            ).fetchall()
            return entries_of(rows, connection)

        return await self._database.run(read)

    async def claim(self, step_key: StepKey, now: datetime) -> bool:
        """Before the request: this step is about to be sent. False when it is not pending (any more)."""

        def mark(connection: sqlite3.Connection) -> bool:
            return (
                connection.execute(
                    "UPDATE steps SET step_state = 'in_flight', attempts = attempts + 1, claimed_at = ?,"
                    " next_try_at = NULL, reason = NULL, reason_params = NULL"
                    " WHERE card_key = ? AND crm_name = ? AND name = ? AND step_state = 'pending'",
                    (now.isoformat(), step_key.card_key, step_key.crm_name, step_key.name),
                ).rowcount
                == 1
            )

        return await self._database.run(mark)

    async def change(self, step_key: StepKey, change: StepChange) -> None:
        """After the answer: the step's new state. A step that is done stays done."""

        def mark(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE steps SET step_state = ?, reason = ?, reason_params = ?, next_try_at = ?, resume_as = ?,"
                " receipt = coalesce(?, receipt), claimed_at = CASE WHEN ? THEN NULL ELSE claimed_at END"
                " WHERE card_key = ? AND crm_name = ? AND name = ? AND step_state <> 'done'",
                (
                    change.step_state.value,
                    change.reason,
                    encoded_params(change.reason_params),
                    written_moment(change.next_try_at),
                    change.resume_as.value,
                    encoded_receipt(change.receipt),
                    change.is_settled,
                    step_key.card_key,
                    step_key.crm_name,
                    step_key.name,
                ),
            )

        await self._database.run(mark)

    async def unpark(self, card_key: str) -> int:
        """Parked steps go on: one that may have been sent is probed first. Gives how many."""

        def mark(connection: sqlite3.Connection) -> int:
            connection.execute(
                "UPDATE steps SET next_try_at = NULL WHERE card_key = ? AND step_state <> 'done'", (card_key,)
            )
            return connection.execute(
                "UPDATE steps SET step_state = resume_as, reason = NULL, reason_params = NULL"
                " WHERE card_key = ? AND step_state = 'parked'",
                (card_key,),
            ).rowcount

        return await self._database.run(mark)

    async def park(self, card_key: str, reason: str) -> int:
        """The next step of each chain waits for the operator. Gives how many; in_flight ones are left alone."""

        def mark(connection: sqlite3.Connection) -> int:
            return connection.execute(
                "UPDATE steps SET resume_as = step_state, step_state = 'parked', reason = ?, reason_params = NULL"
                " WHERE card_key = ? AND step_state IN ('pending', 'unknown') AND position ="
                " (SELECT min(position) FROM steps AS other WHERE other.card_key = steps.card_key"
                " AND other.crm_name = steps.crm_name AND other.step_state <> 'done')",
                (reason, card_key),
            ).rowcount

        return await self._database.run(mark)

    async def choose_customer(self, card_key: str, kind: CustomerKind, crm_entity_id: int) -> bool:
        """Give the parked note of a card its customer and let it go on; False when none is parked for that.

        A note that may have been sent goes on only if its customer is gone: then nobody can have it.
        """

        def mark(connection: sqlite3.Connection) -> bool:
            unparked = connection.execute(
                "UPDATE steps SET step_state = 'pending', reason = NULL, reason_params = NULL, next_try_at = NULL"
                " WHERE card_key = ? AND step_state = 'parked'"
                " AND (resume_as = 'pending' OR reason = 'customer_not_found')"
                " AND reason IN (SELECT value FROM json_each(?))",
                (card_key, json.dumps(CUSTOMER_REASONS)),
            ).rowcount
            if unparked:
                connection.execute(
                    "UPDATE cards SET chosen_kind = ?, chosen_id = ? WHERE card_key = ?",
                    (kind.value, crm_entity_id, card_key),
                )
            return unparked > 0

        return await self._database.run(mark)


def _insert(connection: sqlite3.Connection, card: CardToWrite, steps: Sequence[PlannedStep], now: datetime) -> datetime:
    inserted = connection.execute(
        "INSERT INTO cards (card_key, saved_at, content) VALUES (?, ?, ?) ON CONFLICT (card_key) DO NOTHING",
        (card.card_key, now.isoformat(), encoded_card(card)),
    ).rowcount
    if not inserted:
        return _saved_at(connection, card.card_key) or now
    connection.executemany(
        "INSERT INTO steps (card_key, position, crm_name, name, step_state, reason) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (
                card.card_key,
                position,
                step.crm_name,
                step.name,
                (StepState.PENDING if step.parked_because is None else StepState.PARKED).value,
                step.parked_because,
            )
            for position, step in enumerate(steps)
        ],
    )
    close_draft(connection, card.card_key, DraftState.SAVED, now)
    return now


def _saved_at(connection: sqlite3.Connection, card_key: str) -> datetime | None:
    row = connection.execute("SELECT saved_at FROM cards WHERE card_key = ?", (card_key,)).fetchone()
    return None if row is None else datetime.fromisoformat(row[0])
