"""A slice of the kill -9 soak (`run.py soak card_delivery` is the whole of it), with its control."""

from __future__ import annotations

import pytest

from tests.soak import __main__ as soak_command
from tests.soak import card_delivery
from tests.soak.chain_table import STEPS


@pytest.mark.time_limit(90)
async def test_killed_anywhere_in_the_chain_no_card_is_lost_or_written_twice() -> None:
    outcome = await card_delivery.run(45, seed=1)
    assert outcome.problems == []
    assert outcome.kills == 45
    assert outcome.acknowledged >= 20
    places = " ".join(outcome.hits)
    assert all(f"{step.crm_name} {step.name}" in places for step in STEPS)


@pytest.mark.time_limit(90)
@pytest.mark.parametrize("crm_name", ["bitrix24", "amocrm"])
async def test_without_probes_the_same_kills_write_cards_twice(monkeypatch: pytest.MonkeyPatch, crm_name: str) -> None:
    places = tuple(place for place in card_delivery.EFFECTS if crm_name in place and place.endswith("after"))
    monkeypatch.setattr(card_delivery, "DECK", places)
    outcome = await card_delivery.run(8, seed=1, probes=False)
    assert outcome.duplicates(crm_name) > 0


def test_places_that_were_hit_too_seldom_are_named() -> None:
    outcome = card_delivery.Outcome()
    outcome.hits.update(dict.fromkeys((*card_delivery.COMMITS, *card_delivery.EFFECTS), 100))
    assert outcome.seldom_hit(100) == []
    outcome.hits["save before"] -= 1
    assert outcome.seldom_hit(100) == ["save before"]


def test_the_soak_is_found_by_its_name() -> None:
    assert soak_command.soaks()[card_delivery.NAME] is card_delivery


def test_an_unknown_soak_is_refused_with_the_known_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert soak_command.main(["no_such_soak"]) == 2
    assert card_delivery.NAME in capsys.readouterr().err
