"""A slice of the failing disk (`run.py soak disk_trouble` is the whole of it), with its control."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.soak import disk_trouble


@pytest.mark.timeout(120)
def test_whichever_operation_fails_nothing_is_lost_and_every_failure_is_told() -> None:
    outcome = disk_trouble.run(every=11, first=2)
    assert outcome.problems == []
    assert outcome.runs > 100
    places = " ".join(outcome.failed_at)
    assert all(place in places for place in ("write of wal", "sync of wal", "of the file"))
    assert {told.partition(" ")[0] for told in outcome.told} == {"NotSaved", "CommitUnknown"}


@pytest.mark.timeout(120)
def test_where_a_commits_error_is_swallowed_cards_are_lost() -> None:
    """Negative control."""
    assert disk_trouble.run(every=40, manner=replace(disk_trouble.OFTEN, swallows_errors=True)).lost > 0
