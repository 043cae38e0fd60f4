"""What the outbox promises of its file: once means once, nothing goes, and a failed commit is looked up."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.bitrix24.adapter import plan_steps
from app.crm.port import CardToWrite, StepReceipt
from app.database import Connect, Database, connect_sqlite
from app.domain.customer import CustomerKind
from app.errors import CommitUnknown, Refused
from app.outbox.audit import Deed
from app.outbox.entry import StepState
from app.outbox.schema import MIGRATIONS
from app.outbox.store import OutboxStore, StepChange, StepKey
from tests.soak.soak_cards import soak_card

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


def card(number: int = 3) -> CardToWrite:
    return replace(soak_card(number, NOW), notes="Заметка", wants_recording=False)


@asynccontextmanager
async def opened(folder: Path, connect: Connect = connect_sqlite) -> AsyncIterator[tuple[OutboxStore, Database]]:
    database = Database(folder / "pult.db", migrations=MIGRATIONS, connect=connect)
    await database.open()
    try:
        yield OutboxStore(database), database
    finally:
        await database.aclose()


async def test_a_card_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    cards = [card(number) for number in range(20)]
    async with opened(tmp_path) as (store, _):
        for each in cards:
            assert await store.save(each, plan_steps(each), NOW) == NOW
    async with opened(tmp_path) as (store, _):
        for each in cards:
            entry = await store.card(each.card_key)
            assert entry is not None
            assert entry.card == each
            assert {step.step_state for step in entry.steps} == {StepState.PENDING}


async def test_a_saved_card_never_changes(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, _):
        first = card()
        await store.save(first, plan_steps(first), NOW)
        later = NOW + timedelta(minutes=1)
        assert await store.save(replace(first, notes="другая"), plan_steps(first), later) == NOW
        entry = await store.card(first.card_key)
        assert entry is not None
        assert entry.card == first
        assert len(entry.steps) == 3


async def test_a_step_is_claimed_once_and_done_for_good(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, _):
        await store.save(card(), plan_steps(card()), NOW)
        step_key = StepKey(card().card_key, "bitrix24", "register")
        assert await store.claim(step_key, NOW)
        assert not await store.claim(step_key, NOW)
        await store.change(step_key, StepChange(StepState.DONE, receipt=StepReceipt({"call_id": "c"}, ("w",))))
        await store.change(step_key, StepChange(StepState.PENDING, "late"))
        entry = await store.card(card().card_key)
        assert entry is not None
        step = entry.step("register", "bitrix24")
        assert step is not None
        assert (step.step_state, step.receipt) == (StepState.DONE, StepReceipt({"call_id": "c"}, ("w",)))


async def test_what_was_in_flight_is_unknown_at_the_next_start(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, _):
        await store.save(card(), plan_steps(card()), NOW)
        await store.claim(StepKey(card().card_key, "bitrix24", "register"), NOW)
    async with opened(tmp_path) as (store, _):
        assert await store.recover(NOW) == 1
        entry = await store.card(card().card_key)
        assert entry is not None
        step = entry.next_step("bitrix24")
        assert step is not None
        assert (step.step_state, step.reason, step.attempts) == (StepState.UNKNOWN, "interrupted", 1)


async def test_a_parked_step_goes_on_as_what_it_was(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, _):
        await store.save(card(), plan_steps(card()), NOW)
        step_key = StepKey(card().card_key, "bitrix24", "register")
        await store.claim(step_key, NOW)
        await store.change(step_key, StepChange(StepState.UNKNOWN, "read_timeout"))
        assert await store.park(card().card_key, "parked_by_operator", NOW) == 1
        assert await store.unpark(card().card_key, NOW) == 1
        entry = await store.card(card().card_key)
        assert entry is not None
        assert [step.step_state for step in entry.steps] == [
            StepState.UNKNOWN,
            StepState.PENDING,
            StepState.PENDING,
        ]


async def test_a_customer_is_chosen_only_for_a_note_that_is_not_sent_yet(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, _):
        steps = [
            replace(step, parked_because="customer_needed" if step.needs_customer else None)
            for step in plan_steps(card())
        ]
        await store.save(card(), steps, NOW)
        chosen = replace(card(), customer_kind=CustomerKind.COMPANY, customer_id=5)
        changed = await store.amend(card().card_key, chosen, Deed.CUSTOMER_CHOSEN, NOW)
        assert changed == {"customer_kind", "customer_id"}
        entry = await store.card(card().card_key)
        assert entry is not None
        assert (entry.card, entry.original) == (chosen, card())
        note = entry.step("note", "bitrix24")
        assert note is not None
        assert (note.step_state, note.reason) == (StepState.PENDING, None)
        await store.change(StepKey(card().card_key, "bitrix24", "note"), StepChange(StepState.DONE))
        with pytest.raises(Refused, match="field_not_amendable"):
            await store.amend(card().card_key, replace(chosen, customer_id=6), Deed.CUSTOMER_CHOSEN, NOW)


@pytest.mark.parametrize(
    ("reason", "was_perhaps_sent", "may_choose"),
    [
        ("customer_not_found", False, True),
        ("customer_not_found", True, True),
        ("customer_access_denied", False, True),
        ("customer_access_denied", True, False),
        ("crm_user_not_found", False, False),
    ],
)
async def test_another_customer_is_taken_where_that_mends_the_card_and_cannot_write_the_note_twice(
    tmp_path: Path, reason: str, was_perhaps_sent: bool, may_choose: bool
) -> None:
    async with opened(tmp_path) as (store, _):
        await store.save(card(), plan_steps(card()), NOW)
        for name in ("register", "finish"):
            done = StepChange(StepState.DONE, receipt=StepReceipt({}))
            await store.change(StepKey(card().card_key, "bitrix24", name), done)
        resume_as = StepState.UNKNOWN if was_perhaps_sent else StepState.PENDING
        parked = StepChange(StepState.PARKED, reason, resume_as=resume_as)
        await store.change(StepKey(card().card_key, "bitrix24", "note"), parked)
        chosen = replace(card(), customer_kind=CustomerKind.LEAD, customer_id=6)
        if may_choose:
            assert await store.amend(card().card_key, chosen, Deed.CUSTOMER_CHOSEN, NOW)
        else:
            with pytest.raises(Refused, match="field_not_amendable"):
                await store.amend(card().card_key, chosen, Deed.CUSTOMER_CHOSEN, NOW)
        entry = await store.card(card().card_key)
        assert entry is not None
        assert entry.card.customer_id == (6 if may_choose else None)
        note = entry.step("note", "bitrix24")
        assert note is not None
        assert note.step_state is (StepState.PENDING if may_choose else StepState.PARKED)


async def test_cards_not_done_are_listed_before_newer_ones_that_are(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, _):
        for number in (1, 2, 3):
            await store.save(card(number), plan_steps(card(number)), NOW)
        for name in ("register", "finish", "note"):
            done = StepChange(StepState.DONE, receipt=StepReceipt({}))
            await store.change(StepKey(card(3).card_key, "bitrix24", name), done)
        listed = [entry.card_key for entry in await store.cards(2)]
        assert listed == [card(2).card_key, card(1).card_key]


async def test_a_card_that_cannot_be_read_is_shown_as_such_and_does_not_stop_the_others(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, database):
        for number in (1, 2):
            await store.save(card(number), plan_steps(card(number)), NOW)
        spoilt = card(1).card_key
        await database.run(lambda raw: raw.execute("UPDATE cards SET content = '{' WHERE card_key = ?", (spoilt,)))
        assert [(entry.card_key, entry.is_readable) for entry in await store.cards(10)] == [
            (card(2).card_key, True),
            (spoilt, False),
        ]


async def test_half_a_receipt_is_told_and_not_taken_for_one(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, database):
        await store.save(card(), plan_steps(card()), NOW)
        done = StepChange(StepState.DONE, receipt=StepReceipt({"call_id": "c"}))
        await store.change(StepKey(card().card_key, "bitrix24", "register"), done)
        await database.run(
            lambda raw: raw.execute("UPDATE steps SET receipt = '{\"ids\":{\"call' WHERE name = 'register'")
        )
        entry = await store.card(card().card_key)
        assert entry is not None
        assert entry.is_readable
        step = entry.step("register", "bitrix24")
        assert step is not None
        assert (step.step_state, step.receipt, step.reason) == (StepState.DONE, None, "receipt_unreadable")


@pytest.mark.parametrize("is_there_all_the_same", [True, False])
async def test_a_commit_that_failed_is_looked_up_before_it_is_written_again(
    tmp_path: Path, is_there_all_the_same: bool
) -> None:
    disk = FailingCommit(is_there_all_the_same=is_there_all_the_same)
    async with opened(tmp_path, disk.connect) as (store, database):
        disk.fails = 1
        assert await store.save(card(), plan_steps(card()), NOW) == NOW
        counted = await database.run(lambda raw: raw.execute("SELECT count(*) FROM steps").fetchone())
        assert counted == (3,)
        assert disk.fails == 0


async def test_a_disk_that_never_commits_says_so(tmp_path: Path) -> None:
    disk = FailingCommit(is_there_all_the_same=False)
    async with opened(tmp_path, disk.connect) as (store, _):
        disk.fails = 10
        with pytest.raises(CommitUnknown):
            await store.save(card(), plan_steps(card()), NOW)
        disk.fails = 0
        assert await store.card(card().card_key) is None


class FailingCommit:
    """A disk whose next commits raise, some of them after having written."""

    def __init__(self, *, is_there_all_the_same: bool) -> None:
        self.fails = 0
        self.is_there_all_the_same = is_there_all_the_same

    def connect(self, path: Path) -> sqlite3.Connection:
        disk = self

        class Connection(sqlite3.Connection):
            def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
                if sql == "COMMIT" and disk.fails > 0:
                    disk.fails -= 1
                    if disk.is_there_all_the_same:
                        super().execute(sql)
                    raise sqlite3.OperationalError("disk I/O error")
                return super().execute(sql, *parameters)

        return sqlite3.connect(path, isolation_level=None, factory=Connection)
