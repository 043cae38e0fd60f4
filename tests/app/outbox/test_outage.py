"""A short outage in virtual time (`run.py soak outage` is eight hours of it), with its control."""

from __future__ import annotations

import pytest

from tests.soak import outage


@pytest.mark.time_limit(90)
async def test_after_an_outage_every_call_is_written_once_in_order_and_at_full_speed() -> None:
    outcome = await outage.run(90, hours=0.5)
    assert outage.problems_of(outcome) == []
    assert outcome.drained.keys() == {"bitrix24", "amocrm"}


@pytest.mark.time_limit(90)
async def test_without_limiters_the_crms_refuse() -> None:
    """Negative control."""
    assert (await outage.run(60, hours=0.2, rates=outage.UNLIMITED)).refusals.keys() == {"bitrix24", "amocrm"}
