"""`outbox` for administrators: parking, exporting and draining, with and without a console."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from app.bitrix24.adapter import plan_steps
from app.bootstrap import DATABASE_FILE
from app.crm.port import CardToWrite
from app.database import Database
from app.domain.calls import Direction
from app.outbox.entry import PlannedStep
from app.outbox.schema import MIGRATIONS
from app.outbox.store import OutboxStore
from app.simulator.faults import HoldUntilReleased
from tests.app.commands.shell import CALLER, PASSWORD, command_shell
from tests.helpers.services import open_console

KEY = "pult-host-1-1"


def _card(number: int = 1, **changed: object) -> CardToWrite:
    given: dict[str, object] = {
        "card_key": f"pult-host-{number}-1",
        "direction": Direction.INBOUND,
        "phone_number": CALLER,
        "line_number": "74951234567",
        "started_at": datetime.now(UTC),
        "talk_s": 95,
        "disposition_code": "200",
        "crm_user_id": 1,
        "notes": "=HYPERLINK(1)",
        **changed,
    }
    return CardToWrite(**given)  # type: ignore[arg-type]


async def _put(data: Path, *cards: CardToWrite, steps: Sequence[PlannedStep] | None = None) -> None:
    database = Database(data / DATABASE_FILE, migrations=MIGRATIONS)
    await database.open()
    try:
        for card in cards:
            await OutboxStore(database).save(card, plan_steps(card) if steps is None else steps, datetime.now(UTC))
    finally:
        await database.aclose()


async def test_drain_delivers_without_a_console_and_says_what_it_sent(tmp_path: Path) -> None:
    async with command_shell(tmp_path) as (simulator, shell):
        user_id = simulator.config.bitrix_user_id
        cards = [_card(number, crm_user_id=user_id, notes="Заметка") for number in range(3)]
        await _put(shell.data, *cards)
        ended = await shell.run("outbox", "drain", "--json")
        again = await shell.run("outbox", "drain")
        assert ended.code == 0, ended.err
        assert sorted(ended.json["sent"]) == sorted(card.card_key for card in cards)
        assert (ended.json["parked"], ended.json["waiting"], ended.json["paused"]) == ([], [], {})
        assert (again.code, again.out) == (0, "Cards sent: 0, not yet: 0.\n")
        for card in cards:
            assert len(simulator.bitrix24.finished_calls_of(card.card_key)) == 1
        # It never asked the PBX anything.
        assert not [entry for entry in simulator.journal.entries if entry.face == "pbx"]


async def test_drain_names_what_is_parked_and_why(tmp_path: Path) -> None:
    async with command_shell(tmp_path) as (_, shell):
        await _put(shell.data, _card(crm_user_id=999))
        in_words = await shell.run("outbox", "drain")
        as_json = await shell.run("outbox", "drain", "--json")
    assert (in_words.code, as_json.code) == (1, 1)
    assert f"parked  {KEY}  bitrix24 register: " in in_words.out
    assert "Cards sent: 0, not yet: 1." in in_words.out
    (parked,) = as_json.json["parked"]
    assert (parked["key"], parked["step"], parked["reason"]) == (KEY, "register", "crm_user_not_found")


async def test_drain_gives_up_without_a_link_and_ends_with_5(tmp_path: Path) -> None:
    async with command_shell(tmp_path) as (simulator, shell):
        await _put(shell.data, _card())
        simulator.set_down("bitrix24", True)
        ended = await shell.run("outbox", "drain", "--json")
    assert ended.code == 5
    assert ended.json["no_link"] == {"bitrix24": "connect"}
    (waiting,) = ended.json["waiting"]
    assert (waiting["state"], waiting["reason"]) == ("pending", "connect")


async def test_drain_without_any_crm_says_so(tmp_path: Path) -> None:
    async with command_shell(tmp_path, PULT_BITRIX24_WEBHOOK="") as (_, shell):
        await _put(shell.data, _card())
        ended = await shell.run("outbox", "drain", "--json")
    assert ended.code == 1
    assert ended.json["paused"] == {"bitrix24": "crm_not_connected"}


async def test_drain_leaves_recordings_that_are_not_here_to_the_console(tmp_path: Path) -> None:
    async with command_shell(tmp_path) as (simulator, shell):
        user_id = simulator.config.bitrix_user_id
        card = _card(crm_user_id=user_id, notes="", wants_recording=True, call_session_id=5, employee_id=1)
        await _put(shell.data, card)
        ended = await shell.run("outbox", "drain")
        assert ended.code == 1
        assert f"waits   {KEY}  bitrix24 record" in ended.out
        assert "left to the console" in ended.out
        assert len(simulator.bitrix24.finished_calls_of(KEY)) == 1


async def test_drain_stops_in_time_and_waits_for_the_request_under_way(tmp_path: Path) -> None:
    async with command_shell(tmp_path) as (simulator, shell):
        user_id = simulator.config.bitrix_user_id
        await _put(shell.data, _card(crm_user_id=user_id, notes=""))
        held = simulator.faults.add(HoldUntilReleased(), face="bitrix24", operation="telephony.externalCall.register")
        process = await shell.start("outbox", "drain", "--timeout", "1", "--json", *shell.places)
        assert process.stderr is not None
        await held.wait_held(10.0)
        async with asyncio.timeout(20):
            assert b"Time is up" in await process.stderr.readline()
        held.release()
        out, _ = await process.communicate()
        (waiting,) = json.loads(out)["waiting"]
    assert process.returncode == 1
    assert (waiting["step"], waiting["state"]) == ("finish", "pending")


async def test_drain_leaves_the_work_to_a_running_console(tmp_path: Path) -> None:
    async with command_shell(tmp_path) as (simulator, shell), open_console(simulator, shell.data):
        ended = await shell.run("outbox", "drain")
        as_json = await shell.run("outbox", "drain", "--json")
    assert (ended.code, as_json.code) == (0, 0)
    assert "close it first" in ended.err
    assert as_json.json == {"console": {"unsent": 0}}


async def test_a_card_is_parked_and_retried_from_outside(tmp_path: Path) -> None:
    async with command_shell(tmp_path) as (simulator, shell):
        user_id = simulator.config.bitrix_user_id
        await _put(shell.data, _card(crm_user_id=user_id, notes=""))
        parked = await shell.run("outbox", "park", KEY, "--json")
        assert parked.json["card"]["steps"][0]["reason"] == "parked_by_operator"
        left = await shell.run("outbox", "drain", "--json")
        assert (left.code, left.json["sent"]) == (1, [])
        retried = await shell.run("outbox", "retry", KEY, "--json")
        assert retried.json["card"]["steps"][0]["state"] == "pending"
        done = await shell.run("outbox", "drain", "--json")
        assert (done.code, done.json["sent"]) == (0, [KEY])
        missing = await shell.run("outbox", "park")
        unknown = await shell.run("outbox", "park", "pult-none")
    assert (missing.code, unknown.code) == (2, 1)


async def test_an_export_is_the_same_with_and_without_a_console(tmp_path: Path) -> None:
    async with command_shell(tmp_path) as (simulator, shell):
        await _put(shell.data, *(_card(number, crm_user_id=999) for number in range(60)), steps=())
        alone = await shell.run("outbox", "export", "--json")
        async with open_console(simulator, shell.data):
            served = await shell.run("outbox", "export", "--json")
            unknown = await shell.run("outbox", "export", "pult-none")
    first, second = alone.json["cards"], served.json["cards"]
    assert len(first) == len(second) == 60
    assert [card["content"] for card in first] == [card["content"] for card in second]
    assert [len(card["audit"]) for card in second] == [2] * 60
    assert (alone.code, served.code, unknown.code) == (0, 0, 1)


async def test_an_export_for_a_spreadsheet_is_private_and_harmless(tmp_path: Path) -> None:
    async with command_shell(tmp_path) as (_, shell):
        await _put(shell.data, _card(), _card(2))
        target = tmp_path / "cards.csv"
        ended = await shell.run("outbox", "export", KEY, "--csv", "--out", str(target))
        nowhere = await shell.run("outbox", "export", "--out", str(tmp_path / "absent" / "cards.json"))
    assert (ended.code, ended.out, nowhere.code) == (0, "", 1)
    assert target.stat().st_mode & 0o777 == 0o600
    (row,) = csv.DictReader(io.StringIO(target.read_text("utf-8-sig")), delimiter=";")
    assert row["key"] == KEY
    assert row["notes"] == "'=HYPERLINK(1)"
    assert json.loads(row["steps"])[0]["name"] == "register"
    assert PASSWORD not in target.read_text("utf-8")
