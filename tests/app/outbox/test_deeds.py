"""What the operator does to a card that is not a change of its content: all rows stay, and the audit tells."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from app.bitrix24.adapter import plan_steps
from app.crm.port import StepReceipt
from app.errors import Refused
from app.outbox.entry import CardPhase, OutboxCard, StepState
from app.outbox.exporting import ExportedCard, as_csv, as_json, card_facts, safe_cell, write_private
from app.outbox.reasons import PARKED_BY_OPERATOR
from app.outbox.store import StepChange, StepKey
from tests.app.outbox.lane_world import NOW, LaneCrm, lane_card, lane_world
from tests.helpers.guards import ExpectedLog
from tests.helpers.waiting import until

KEY = lane_card(1).card_key


async def test_a_discarded_card_sends_nothing_more_stays_and_can_be_restored(tmp_path: Path) -> None:
    crm = LaneCrm()
    crm.answers["register"] = [Refused("crm_user_not_found")]
    async with lane_world(tmp_path, crm) as outbox:
        await outbox.save(lane_card(1))
        await outbox.until_step(KEY, "register", StepState.PARKED)
        assert outbox.delivery.unsent_count == 1
        assert await outbox.delivery.discard(KEY)
        await until(lambda: outbox.delivery.unsent_count == 0, what="the badge")
        assert await outbox.delivery.cards() == ()
        (entry,) = await outbox.delivery.cards(phases=[CardPhase.DISCARDED])
        assert entry.card == lane_card(1)
        assert len(entry.steps) == 4
        assert not await outbox.delivery.discard(KEY)
        await outbox.delivery.retry(KEY)
        await outbox.delivery.retry_all()
        await outbox.until_idle()
        assert crm.sent == []
    async with lane_world(tmp_path, crm) as outbox:
        await outbox.until_idle()
        assert (crm.sent, outbox.delivery.unsent_count) == ([], 0)
        assert await outbox.store.save(lane_card(1), (), NOW) == entry.saved_at
        assert await outbox.delivery.restore(KEY)
        assert not await outbox.delivery.restore(KEY)
        await until(lambda: crm.steps_sent(KEY)[:2] == ["register", "finish"], what="delivery")
        await until(lambda: outbox.delivery.unsent_count == 0, what="the rest")
        deeds = [row.deed for row in await outbox.delivery.audit_of(KEY)]
        assert deeds == ["discarded", "retried", "restored"]


async def test_a_request_under_way_ends_and_nothing_follows_once_its_card_is_discarded(tmp_path: Path) -> None:
    crm = LaneCrm()
    crm.held["register"] = asyncio.Event()
    async with lane_world(tmp_path, crm) as outbox:
        await outbox.save(lane_card(1))
        await crm.begun.wait()
        assert await outbox.delivery.discard(KEY)
        await until(lambda: outbox.delivery.unsent_count == 0, what="the badge")
        crm.held["register"].set()
        await outbox.until_step(KEY, "register", StepState.DONE)
        await outbox.until_idle()
        assert crm.steps_sent(KEY) == ["register"]
        assert (await outbox.step(KEY, "finish")).step_state is StepState.PENDING


async def test_a_claim_that_comes_after_the_discarding_gets_nothing(tmp_path: Path) -> None:
    async with lane_world(tmp_path, begins=False) as outbox:
        await outbox.save(lane_card(1))
        await outbox.store.discard(KEY, NOW)
        assert await outbox.store.claim(StepKey(KEY, "lanes", "register"), NOW) is None


async def test_retry_all_lets_go_what_the_crm_parked_and_not_what_the_operator_did(tmp_path: Path) -> None:
    crm = LaneCrm()
    crm.answers["register"] = [Refused("bad_start_date") for _ in range(2)]
    async with lane_world(tmp_path, crm) as outbox:
        for number in (1, 2):
            await outbox.save(lane_card(number))
            await outbox.until_step(lane_card(number).card_key, "register", StepState.PARKED)
        await outbox.until_idle()
        await outbox.store.unpark(KEY, NOW)
        await outbox.delivery.park(KEY)
        assert await outbox.delivery.retry_all() == 1
        await until(lambda: outbox.delivery.unsent_count == 1, what="the other card")
        assert crm.steps_sent(KEY) == []
        assert (await outbox.step(KEY, "register")).reason == PARKED_BY_OPERATOR


async def test_parking_stops_every_lane_of_the_card(tmp_path: Path) -> None:
    async with lane_world(tmp_path, begins=False) as outbox:
        await outbox.save(lane_card(1))
        await outbox.delivery.park(KEY)
        states = {step.name: step.step_state for step in (await outbox.entry(KEY)).steps}
        assert states == {
            "register": StepState.PARKED,
            "finish": StepState.PENDING,
            "record": StepState.PARKED,
            "note": StepState.PARKED,
        }


async def test_an_unreadable_card_is_parked_counted_and_shown_and_the_others_go_on(
    tmp_path: Path, expected_log: ExpectedLog
) -> None:
    expected_log("a saved card cannot be read")
    crm = LaneCrm()
    async with lane_world(tmp_path, begins=False) as outbox:
        for number in (1, 2):
            await outbox.save(lane_card(number))
        await outbox.database.run(
            lambda raw: raw.execute("UPDATE cards SET content = substr(content, 1, 40) WHERE card_key = ?", (KEY,))
        )
    async with lane_world(tmp_path, crm) as outbox:
        await outbox.until_step(KEY, "register", StepState.PARKED)
        await until(lambda: outbox.worker.unsent_count == 1, what="the other card")
        entry = await outbox.entry(KEY)
        assert not entry.is_readable
        assert (await outbox.step(KEY, "register")).reason == "card_unreadable"
        assert crm.steps_sent(KEY) == []


async def test_the_receipt_names_what_both_crms_gave(tmp_path: Path) -> None:
    async with lane_world(tmp_path, begins=False) as outbox:
        await outbox.save(lane_card(1))
        given = {
            "register": {"call_id": "c", "link": "https://example.test/crm/contact/details/5/"},
            "finish": {"activity_id": "7"},
            "record": {"file_id": "9079"},
            "note": {"amo_note_id": "3", "amo_entity_type": "contacts", "amo_entity_id": "5", "amo_link": "https://a"},
        }
        for name, ids in given.items():
            done = StepChange(StepState.DONE, receipt=StepReceipt(ids, ("careful",) if name == "finish" else ()))
            await outbox.store.change(StepKey(KEY, "lanes", name), done)
        receipt = await outbox.delivery.receipt_of(KEY)
        assert receipt is not None
        assert receipt.is_done
        assert (receipt.activity_id, receipt.file_id, receipt.amo_note_id) == ("7", "9079", "3")
        assert (receipt.link, receipt.amo_link) == ("https://example.test/crm/contact/details/5/", "https://a")
        assert receipt.warnings == ("careful",)


# Export.


async def test_an_export_is_complete_and_in_the_audit(tmp_path: Path) -> None:
    async with lane_world(tmp_path, begins=False) as outbox:
        await outbox.save(lane_card(1, notes="first"), plan_steps(lane_card(1, notes="first")))
        await outbox.delivery.amend(KEY, lane_card(1, notes="second"))
        parked = StepChange(StepState.PARKED, "crm_user_not_found", {"vendor_message": "no such user"})
        await outbox.store.change(StepKey(KEY, "bitrix24", "register"), parked)
        (exported,) = await outbox.delivery.export([KEY, "pult-none"])
        document = json.loads(as_json([card_facts(exported)], NOW))
        (card,) = document["cards"]
        assert (document["format"], document["version"]) == ("pult-cards", 1)
        assert (card["content"]["notes"], card["original"]["notes"]) == ("second", "first")
        assert card["steps"][0]["reason_params"] == {"vendor_message": "no such user"}
        assert [row["deed"] for row in card["audit"]] == ["amended", "exported"]
        header, line, rest = as_csv([card_facts(exported)]).split("\r\n")
        assert rest == ""
        assert header.startswith("\ufeffkey;saved_at;phase;direction;phone_number;")
        assert "second" in line
        assert "bitrix24 register parked: crm_user_not_found" in line
        assert "exported" in line


def test_no_cell_is_a_formula() -> None:
    for begins in ("=1+1", "+7 906 219-50-47", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1"):
        assert safe_cell(begins) == f"'{begins}"
    for harmless in ("Мария = клиент", " =1", "7", ""):
        assert safe_cell(harmless) == harmless
    assert safe_cell(None) == ""
    assert safe_cell(5) == "5"
    assert safe_cell(-5) == "'-5"
    assert safe_cell(True) == "true"


def test_a_card_full_of_formulas_makes_a_harmless_file() -> None:
    """Every field a customer or a colleague can write into, one after another."""
    evil = replace(
        lane_card(1), phone_number="+7", line_number="=cmd()", notes="@evil", failed_reason="\t=1", currency="-x"
    )
    text = as_csv([card_facts(ExportedCard(OutboxCard("=key", NOW, evil, ())))])
    cells = text.removeprefix("\ufeff").split("\r\n")[1].split(";")
    assert not [cell for cell in cells if cell.strip('"').startswith(("=", "+", "-", "@", "\t"))]
    assert "'=key" in cells


def test_the_file_is_whole_and_the_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "cards.json"
    path.write_text("older")
    write_private(path, "ä\r\n")
    assert path.read_bytes() == "ä\r\n".encode()
    assert path.stat().st_mode & 0o777 == 0o600
    assert [found.name for found in tmp_path.iterdir()] == ["cards.json"]


def test_an_export_that_fails_leaves_no_customers_behind(tmp_path: Path) -> None:
    target = tmp_path / "cards.json"
    target.mkdir()
    with pytest.raises(IsADirectoryError if os.name == "posix" else PermissionError):
        write_private(target, "Мария Ивановна")
    assert list(tmp_path.iterdir()) == [target]
