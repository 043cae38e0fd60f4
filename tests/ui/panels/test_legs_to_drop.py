"""The menu of *Drop participant*: the customer is never the entry that a careless Enter takes."""

from __future__ import annotations

from app.domain.calls import LegState
from app.domain.live_call import observe_call
from tests.app.domain.calls import COLLEAGUE, ME, call_of, contact_leg, employee_leg, seen
from ui.panels.command_bar.prompts import legs_to_drop


def test_colleagues_come_first_and_the_customer_last() -> None:
    talking = LegState.TALKING
    legs = call_of(contact_leg(talking, 10), employee_leg(talking, ME, 11), employee_leg(talking, COLLEAGUE, 12))
    assert [leg.leg_id for leg in legs.live_legs] == [10, 11, 12]
    assert [leg.leg_id for leg in legs_to_drop(observe_call(None, legs, seen(0)), ME)] == [12, 11, 10]
