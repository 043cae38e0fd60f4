"""An outbox of an earlier version is taken up as it was: no row lost, nothing sent again, choices kept."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from app.database import Database
from app.domain.customer import CustomerKind
from app.outbox.entry import CardPhase, StepState
from app.outbox.schema import MIGRATIONS
from app.outbox.store import OutboxStore
from tests.app.outbox.lane_world import LaneCrm, lane_world
from tests.helpers.waiting import until

# As version 2 wrote it: none of the fields that came later.
_CARD = {
    "direction": "in",
    "phone_number": "79062195047",
    "line_number": "74951234567",
    "started_at": "2026-03-02T06:00:00Z",
    "talk_s": 95,
    "disposition_code": "200",
    "crm_user_id": 7,
    "notes": "Просила перезвонить",
    "cost": "12.35",
    "currency": "RUB",
    "rating": 5,
}
# card_key, choice; step, state, resume_as, attempts, reason, receipt
_CARDS = {
    "pult-done": (None, None),
    "pult-half": (None, None),
    "pult-chosen": ("company", 5),
    "pult-flying": (None, None),
}
_STEPS = [
    ("pult-done", 0, "register", "done", "pending", 1, None, {"ids": {"call_id": "c1"}}),
    ("pult-done", 1, "finish", "done", "pending", 2, None, {"ids": {"activity_id": "7"}, "warnings": ["w"]}),
    ("pult-half", 0, "register", "done", "pending", 1, None, {"ids": {"call_id": "c2"}}),
    ("pult-half", 1, "finish", "unknown", "pending", 1, "read_timeout", None),
    ("pult-half", 2, "note", "pending", "pending", 0, None, None),
    ("pult-chosen", 0, "register", "done", "pending", 1, None, {"ids": {"call_id": "c3"}}),
    ("pult-chosen", 1, "finish", "done", "pending", 1, None, {"ids": {}}),
    ("pult-chosen", 2, "note", "parked", "unknown", 3, "customer_access_denied", None),
    ("pult-flying", 0, "register", "in_flight", "pending", 1, None, None),
    ("pult-flying", 1, "finish", "pending", "pending", 0, None, None),
]


def _second_version(path: Path) -> None:
    connection = sqlite3.connect(path)
    for version, script in MIGRATIONS[:2]:
        connection.executescript(f"{script};PRAGMA user_version={version};")
    for card_key, (kind, crm_entity_id) in _CARDS.items():
        connection.execute(
            "INSERT INTO cards (card_key, saved_at, content, chosen_kind, chosen_id) VALUES (?, ?, ?, ?, ?)",
            (
                card_key,
                "2026-03-02T06:05:00+00:00",
                json.dumps({"card_key": card_key, **_CARD}).encode(),
                kind,
                crm_entity_id,
            ),
        )
    for card_key, position, name, step_state, resume_as, attempts, reason, receipt in _STEPS:
        connection.execute(
            "INSERT INTO steps (card_key, position, crm_name, name, step_state, resume_as, attempts, reason, receipt,"
            " claimed_at) VALUES (?, ?, 'bitrix24', ?, ?, ?, ?, ?, ?, '2026-03-02T06:05:01+00:00')",
            (
                card_key,
                position,
                name,
                step_state,
                resume_as,
                attempts,
                reason,
                None if receipt is None else json.dumps(receipt).encode(),
            ),
        )
    connection.commit()
    connection.close()


async def test_every_card_and_step_of_version_2_is_there_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "pult.db"
    _second_version(path)
    database = Database(path, migrations=MIGRATIONS)
    report = await database.open()
    try:
        assert (report.from_version, report.to_version) == (2, MIGRATIONS[-1][0])
        assert report.backup is not None
        assert report.backup.name.startswith("pult.db.backup-v2")
        store = OutboxStore(database)
        entries = {entry.card_key: entry for entry in await store.cards(10)}
        assert set(entries) == set(_CARDS)
        found = [
            (
                entry.card_key,
                position,
                step.name,
                step.step_state.value,
                step.resume_as.value,
                step.attempts,
                step.reason,
            )
            for entry in entries.values()
            for position, step in enumerate(entry.steps)
        ]
        assert sorted(found) == sorted(row[:7] for row in _STEPS)
        for entry in entries.values():
            assert (entry.phase, entry.is_readable) == (CardPhase.SAVED, True)
            assert (entry.card.talk_s, entry.card.notes, entry.card.wants_recording) == (95, _CARD["notes"], False)
            assert {(step.lane, step.requires) for step in entry.steps} == {("", None)}
        receipt = entries["pult-done"].steps[1].receipt
        assert receipt is not None
        assert (receipt.ids, receipt.warnings) == ({"activity_id": "7"}, ("w",))
        chosen = entries["pult-chosen"]
        assert (chosen.card.customer_kind, chosen.card.customer_id) == (CustomerKind.COMPANY, 5)
        assert chosen.original is not None
        assert chosen.original.customer_id is None
        dangling = await database.run(lambda raw: raw.execute("PRAGMA foreign_key_check").fetchall())
        assert dangling == []
    finally:
        await database.aclose()


async def test_an_outbox_of_version_2_goes_on_where_it_was(tmp_path: Path) -> None:
    _second_version(tmp_path / "pult.db")
    crm = LaneCrm("bitrix24")
    crm.sent.append(("pult-half", "finish"))
    async with lane_world(tmp_path, crm) as outbox:
        await until(lambda: outbox.worker.unsent_count == 1, what="all but the parked one")
        # Probed and found done, not sent again.
        assert crm.steps_sent("pult-half") == ["finish", "note"]
        assert crm.steps_sent("pult-done") == []
        assert crm.steps_sent("pult-flying") == ["register", "finish"]
        assert (await outbox.step("pult-chosen", "note", "bitrix24")).step_state is StepState.PARKED
