"""A slice of the soak on lost replies (`run.py soak lost_starts` is the whole of it), with its control."""

from __future__ import annotations

import pytest

from tests.soak import lost_starts


@pytest.mark.time_limit(60)
async def test_no_command_without_a_reply_is_sent_twice_and_each_is_resolved() -> None:
    outcome = await lost_starts.run(120, seed=7)
    assert outcome.sent_twice == []
    assert outcome.problems == []
    assert outcome.doubled_calls == 0
    assert outcome.commands == outcome.shown_unknown == sum(outcome.how.values()) == 120
    ways = {how.partition(" (")[0] for how in outcome.how}
    assert ways >= {
        "start: found in the list",
        "start: found in the report",
        "start: left unknown with a question",
        "begin_consult: confirmed by the legs seen",
        "begin_consult: not_visible by the legs seen",
        "end_call: confirmed by the legs seen",
        "end_call: not_visible by the legs seen",
    }


@pytest.mark.time_limit(60)
async def test_an_adapter_that_tries_again_is_caught() -> None:
    outcome = await lost_starts.run(48, seed=7, retries=True)
    assert len(outcome.sent_twice) == 48
    assert outcome.doubled_calls > 0
