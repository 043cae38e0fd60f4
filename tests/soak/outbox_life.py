"""A scripted life of the outbox and its drafts, deed by deed, and what must be on the disk after each."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from app.bitrix24.adapter import plan_steps
from app.crm.port import CardToWrite, StepReceipt
from app.database import Database
from app.domain.calls import CallSessionId, EmployeeId, LegId
from app.domain.wrap_up import CallFacts, CardDraft, CardFields
from app.outbox.drafts import Draft, DraftStore
from app.outbox.entry import StepState
from app.outbox.store import OutboxStore, StepChange, StepKey
from tests.soak.soak_cards import soak_card

BEGAN_AT = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)

Content = dict[str, list[tuple[object, ...]]]

# What a person would miss; columns that every version of the schema has.
TABLES = {
    "cards": "card_key, saved_at, content, chosen_kind, chosen_id",
    "steps": "card_key, crm_name, name, step_state, resume_as, attempts, next_try_at, reason, receipt",
    "drafts": "card_key, draft_state, content",
}


@dataclass(frozen=True, slots=True)
class Stores:
    """The program's own stores on one file."""

    outbox: OutboxStore
    drafts: DraftStore

    @classmethod
    def on(cls, database: Database) -> Stores:
        return cls(OutboxStore(database), DraftStore(database))


@dataclass(frozen=True, slots=True)
class Deed:
    """One call of a store's method, with a name for reports."""

    name: str
    do: Callable[[Stores], Awaitable[object]]


def deeds_of_a_life(cards: int, seed: int) -> list[Deed]:
    """Cards typed, saved, sent and parked, several at a time; each card's deeds in their order."""
    dice = random.Random(seed)
    waiting = [_deeds_of_a_card(soak_card(seed * 1000 + number, BEGAN_AT), dice) for number in range(cards)]
    deeds = []
    while waiting:
        turn = dice.choice(waiting[:4])
        deeds.append(turn.pop(0))
        if not turn:
            waiting.remove(turn)
    return deeds


def content_of(connection: sqlite3.Connection) -> Content:
    """All rows that count; a table that is not there yet is empty."""
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return {
        table: connection.execute(f"SELECT {columns} FROM {table} ORDER BY 1, 2, 3").fetchall()
        if table in there
        else []
        for table, columns in TABLES.items()
    }


def _deeds_of_a_card(card: CardToWrite, dice: random.Random) -> list[Deed]:
    now = BEGAN_AT + timedelta(minutes=1)
    deeds = [
        Deed("draft", partial(_keep_draft, card, text, now))
        for text in ("", card.notes[:7], card.notes)[: dice.choice((1, 3))]
    ]
    deeds.append(Deed("save", partial(_save, card, now)))
    for step in plan_steps(card):
        step_key = StepKey(card.card_key, step.crm_name, step.name)
        deeds.append(Deed(f"claim {step.name}", partial(_claim, step_key, now)))
        way = dice.random()
        if way < 0.2:
            unknown = StepChange(StepState.UNKNOWN, "read_timeout", next_try_at=now + timedelta(minutes=5))
            deeds += [
                Deed(f"unknown {step.name}", partial(_change, step_key, unknown)),
                Deed(f"again {step.name}", partial(_change, step_key, StepChange(StepState.PENDING))),
                Deed(f"claim {step.name}", partial(_claim, step_key, now)),
            ]
        if way > 0.85:
            parked = StepChange(StepState.PARKED, "crm_user_not_found", {"vendor_message": "нет такого"})
            deeds.append(Deed(f"park {step.name}", partial(_change, step_key, parked)))
            return deeds
        done = StepChange(
            StepState.DONE, receipt=StepReceipt({"call_id": f"externalCall.{dice.getrandbits(128):032x}"})
        )
        deeds.append(Deed(f"receipt {step.name}", partial(_change, step_key, done)))
    return deeds


async def _save(card: CardToWrite, now: datetime, stores: Stores) -> None:
    await stores.outbox.save(card, plan_steps(card), now)


async def _claim(step_key: StepKey, now: datetime, stores: Stores) -> None:
    await stores.outbox.claim(step_key, now)


async def _change(step_key: StepKey, change: StepChange, stores: Stores) -> None:
    await stores.outbox.change(step_key, change)


async def _keep_draft(card: CardToWrite, typed: str, now: datetime, stores: Stores) -> None:
    facts = CallFacts(
        card.card_key,
        CallSessionId(1),
        LegId(2),
        EmployeeId(3),
        card.direction,
        card.phone_number,
        card.line_number,
        card.started_at,
    )
    draft = CardDraft(facts, replace(CardFields(), notes=typed))
    await stores.drafts.keep([Draft(draft)], now)
