"""The operator's usual way to call somebody, from the settings. What it lacks `call_start.problems_of` names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.call_start import CallStart, StartVia
from app.domain.calls import EmployeeId

if TYPE_CHECKING:
    from app.account.lists import AccountLists
    from app.settings import Settings


def usual_start(contact: str, dial_tail: str, settings: Settings, lists: AccountLists | None = None) -> CallStart:
    """By `pbx.start_via`. The line: the configured one, else the first of the account that fits the way."""
    pbx = settings.pbx
    via = StartVia(pbx.start_via)
    employee_id = EmployeeId(pbx.employee_id) if pbx.employee_id is not None and via is StartVia.EMPLOYEE else None
    return CallStart(
        via=via,
        contact=contact,
        line_number=pbx.virtual_phone_number or _first_line(via, settings, lists),
        dial_tail=dial_tail,
        employee_id=employee_id,
        scenario_id=pbx.start_scenario_id if via is StartVia.SCENARIO else None,
        operator_number=(pbx.operator_number or "") if via is StartVia.SIMPLE else "",
    )


def _first_line(via: StartVia, settings: Settings, lists: AccountLists | None) -> str:
    for line in lists.lines if lists is not None else ():
        if line.has_scenario or via is not StartVia.VNUMBER:
            return line.number
    return settings.pbx.virtual_numbers[0].number if settings.pbx.virtual_numbers else ""
