"""A slice of the power cuts (`run.py soak power_loss` is the whole of it), with their controls."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from app import database
from tests.soak import power_loss
from tests.soak.recorded_disk import Operation, PowerCuts, What

SELDOM = (0, 0, 0, 0, 1)


@pytest.mark.timeout(120)
def test_after_a_power_cut_everything_acknowledged_is_there() -> None:
    outcome = power_loss.run(1_200, seed=1, at_each=SELDOM)
    assert outcome.is_clean, outcome.examples
    assert outcome.images == 1_200
    assert outcome.operations > 3_000, "a fresh file and one of an older version"


@pytest.mark.timeout(120)
def test_without_a_sync_at_each_commit_the_same_power_cuts_lose_cards() -> None:
    """Negative control."""
    assert power_loss.run(200, seed=1, synchronous="NORMAL", at_each=SELDOM).lost > 20


@pytest.mark.timeout(120)
def test_a_backup_whose_name_was_not_synced_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: the old version's log is there already, so nothing else syncs the folder."""
    monkeypatch.setattr(database, "_sync_folder", lambda _folder: None)
    assert power_loss.run(200, seed=2, at_each=SELDOM).without_backup > 0


def test_an_image_holds_what_was_synced_and_any_part_of_the_rest() -> None:
    cuts = PowerCuts()
    written = tuple((offset, b"x" * 512) for offset in range(0, 5_120, 512))
    for operation in (
        Operation(What.CREATE, 1, "file"),
        Operation(What.WRITE, 1, "file", pieces=((0, b"safe"),)),
        Operation(What.SYNC, 1, "file"),
        Operation(What.SYNC_FOLDER),
        Operation(What.WRITE, 1, "file", pieces=written),
        Operation(What.RENAME, 1, "file", "other"),
    ):
        cuts.pass_by(operation)
    dice = random.Random(1)
    images = [cuts.image(dice) for _ in range(200)]
    assert {Path(name).name for image in images for name in image} == {"file", "other"}
    contents = [next(iter(image.values())) for image in images]
    assert b"safe" in contents
    assert b"x" * 5_120 in contents
    assert any(0 < content.count(b"x") < 5_120 for content in contents)
