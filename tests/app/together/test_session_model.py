"""A slice of the stateful model (`run.py soak session_model` is the whole of it); planted bugs are its control."""

from __future__ import annotations

import pytest

from tests.helpers.guards import ExpectedLog
from tests.soak import session_model
from tests.soak.planted_bugs import PLANTED_BUGS, PlantedBug, is_found


@pytest.mark.time_limit(90)
def test_commands_other_peoples_acts_polls_and_faults_in_any_order_break_no_invariant(
    expected_log: ExpectedLog,
) -> None:
    expected_log("app.telephony.poller: the link to the PBX broke")
    tally = session_model.run(1500, seed=1)
    assert tally.steps >= 1500
    assert {"talk", "hold", "consult", "consult_ringing", "transfer_pending"} <= set(tally.states)
    assert {"confirmed", "not_visible", "refused"} <= set(tally.phases)


def test_there_are_five_planted_bugs_at_least() -> None:
    assert len(PLANTED_BUGS) >= 5


@pytest.mark.time_limit(120)
@pytest.mark.parametrize("bug", PLANTED_BUGS, ids=lambda bug: bug.path.stem)
def test_a_planted_bug_is_found(bug: PlantedBug) -> None:
    assert is_found(bug, steps=3000)
