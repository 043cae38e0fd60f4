"""Numbers for redial: what was dialled here, and whom I had on the phone."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.errors import NotSaved
from app.services.dialled_numbers import KEPT_NUMBERS, DialledNumber
from tests.app.services.starts import CONTACT, OTHER_CONTACT, next_run, open_desk, to_me
from tests.app.telephony.stack import COLLEAGUE, ME
from tests.helpers.clock import DEFAULT_START
from tests.helpers.guards import ExpectedLog


async def test_the_latest_number_comes_first_and_the_usual_one_is_known(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        for minute, number in enumerate(("+7 916 123-45-67", "89161234567", OTHER_CONTACT)):
            await desk.dialled.note(number, DEFAULT_START + timedelta(minutes=minute))
        latest = DialledNumber(OTHER_CONTACT, DEFAULT_START + timedelta(minutes=2), 1)
        usual = DialledNumber(CONTACT, DEFAULT_START + timedelta(minutes=1), 2)
        assert await desk.dialled.recent(10) == (latest, usual)
        assert await desk.dialled.recent(1) == (latest,)
        assert await desk.dialled.frequent(10) == (usual, latest)
        assert desk.dialled.last == OTHER_CONTACT


async def test_redial_survives_the_end_of_the_program(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.dialled.note(CONTACT, DEFAULT_START)
        async with next_run(desk, tmp_path) as reopened:
            assert reopened.dialled.last == CONTACT


async def test_a_started_call_counts_once_and_is_redialled(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.starts.start(to_me())
        await desk.stack.poll()
        assert [(found.number, found.times) for found in await desk.dialled.recent(10)] == [(CONTACT, 1)]
        assert desk.dialled.last == CONTACT


async def test_a_refused_number_is_not_offered_again(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.starts.start(replace(to_me(), line_number="74950000000"))
        assert await desk.dialled.recent(10) == ()
        assert desk.dialled.last is None


async def test_whoever_calls_me_is_kept_and_redial_stays_what_i_dialled(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.dialled.note(CONTACT, DEFAULT_START)
        call_session_id = desk.stack.simulator.pbx.ring_in(OTHER_CONTACT, employees=[ME])
        await desk.stack.poll()
        desk.stack.simulator.pbx.answer(call_session_id, ME)
        await desk.stack.poll()
        assert [found.number for found in await desk.dialled.recent(10)] == [OTHER_CONTACT, CONTACT]
        assert [found.times for found in await desk.dialled.recent(10)] == [1, 1]
        assert desk.dialled.last == CONTACT


async def test_what_others_talk_about_is_nobodys_business_here(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        desk.stack.simulator.pbx.ring_in(OTHER_CONTACT, employees=[COLLEAGUE])
        desk.stack.simulator.pbx.ring_in("anonymous", employees=[ME])
        await desk.stack.poll()
        assert len(desk.stack.board.calls) == 2
        assert await desk.dialled.recent(10) == ()


async def test_only_so_many_numbers_are_kept(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:

        def fill(connection: sqlite3.Connection) -> None:
            at = DEFAULT_START.isoformat()
            rows = [(f"7916{place:07}", at, at, 1) for place in range(KEPT_NUMBERS)]
            connection.executemany("INSERT INTO dialled_numbers VALUES (?, ?, ?, ?)", rows)

        await desk.database.run(fill)
        await desk.dialled.note(CONTACT, DEFAULT_START + timedelta(minutes=1))
        kept = await desk.dialled.recent(2 * KEPT_NUMBERS)
        assert len(kept) == KEPT_NUMBERS
        assert kept[0].number == CONTACT
        assert f"7916{KEPT_NUMBERS - 1:07}" not in {found.number for found in kept}


async def test_only_numbers_are_kept(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        columns = await desk.database.run(
            lambda connection: connection.execute("PRAGMA table_info(dialled_numbers)").fetchall()
        )
        assert [name for _, name, *_ in columns] == ["number", "last_at", "dialled_at", "times"]


async def test_a_disk_in_trouble_keeps_nobody_from_calling(tmp_path: Path, expected_log: ExpectedLog) -> None:
    expected_log("a start will not be known to the next run")
    expected_log("the next run will look for a start that is known")
    expected_log("a number could not be noted for redial")
    async with open_desk(tmp_path) as desk:
        await desk.database.aclose()
        report = await desk.starts.start(to_me())
        assert report.error is None
        assert len(desk.effects()) == 1
        with pytest.raises(NotSaved, match="database_closed"):
            await desk.dialled.note(CONTACT, DEFAULT_START)
