"""A slice of the soak of mutated replies, and the proof that it can go red."""

from __future__ import annotations

import random

import msgspec
import pytest

from app.uis import client, rpc, wire
from tests.helpers.guards import ExpectedLog
from tests.soak import mutated_replies, mutations
from tests.soak.mutated_replies import run

SEED = 2026


@pytest.fixture(autouse=True)
def said_on_the_way(expected_log: ExpectedLog) -> None:
    for words in ("without a readable id", "unknown state", "will be switched off", "^asyncio: "):
        expected_log(words, optional=True)


@pytest.mark.time_limit(90)
async def test_a_thousand_mutated_replies_break_nothing() -> None:
    report = await run(1000, SEED)
    assert report.faults == []
    assert sum(report.outcomes.values()) == 1000
    codes = {code for _, code in report.outcomes}
    assert {"ok", "unknown:reply_undecodable", "unknown:connection_lost", "unknown:reply_too_large"} <= codes


async def test_uncaught_recursion_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: decoding that catches DecodeError alone."""
    monkeypatch.setattr(wire, "DECODE_ERRORS", (msgspec.DecodeError,))
    monkeypatch.setattr(mutated_replies, "pick_fault", lambda dice: ("deep JSON", mutations._deep(dice)))
    report = await run(40, SEED)
    assert any("RecursionError" in crash for crash in report.crashes)


@pytest.mark.time_limit(60)
async def test_a_missing_body_cap_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: caps so high that they cap nothing."""
    monkeypatch.setattr(rpc, "BODY_CAP", 2**40)
    monkeypatch.setattr(client, "CALLS_BODY_CAP", 2**40)
    monkeypatch.setattr(mutated_replies, "WORKERS", 1)
    monkeypatch.setattr(mutated_replies, "DEADLINE_S", 20.0)
    monkeypatch.setattr(mutated_replies, "pick_fault", lambda dice: ("gzip bomb", mutations._gzip_bomb(dice)))
    report = await run(2, SEED)
    assert report.oversized


def test_the_same_seed_makes_the_same_faults() -> None:
    first, second = ([mutations.pick_fault(random.Random(seed))[0] for seed in range(50)] for _ in range(2))
    assert first == second
    assert set(first) > {"bytes flipped", "odd HTTP"}
