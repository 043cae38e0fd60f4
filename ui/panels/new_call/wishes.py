"""From the account's lists and the settings to what the details offer. Pure and without Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.call_start import StartVia
from app.domain.phone_number import parse_phone_number
from ui.panels.active_calls.view_state import shown_number
from ui.panels.new_call.view_state import Choices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.account.lists import AccountLists
    from app.domain.calls import EmployeeId
    from app.domain.live_call import LiveCall
    from app.settings.declared import PbxSettings


def lines_for(via: StartVia, lists: AccountLists, usual: str | None) -> tuple[tuple[str, str], ...]:
    """Our numbers with their labels, the usual one first. A number's scenario needs one that has a scenario, unless
    nothing is known of scenarios."""
    lines = list(lists.lines)
    if via is StartVia.VNUMBER and any(line.has_scenario for line in lines):
        lines = [line for line in lines if line.has_scenario]
    labels = {line.number: _line_label(line.number, line.name) for line in lines}
    if usual:
        first = {usual: labels.get(usual, _line_label(usual, ""))}
        labels = first | {number: label for number, label in labels.items() if number != usual}
    return tuple(labels.items())


def choices_of(lists: AccountLists, pbx: PbxSettings, my_label: Callable[[str], str]) -> Choices:
    """Employees with me first; `my_label` marks my own name."""
    me = pbx.employee_id
    names = {int(one.employee_id): f"{one.name} · {one.extension}".rstrip(" ·") for one in lists.colleagues}
    mine = [] if me is None else [(me, my_label(names.pop(me, str(me))))]
    return Choices(
        employees=(*mine, *sorted(names.items(), key=lambda one: one[1].casefold())),
        scenarios=tuple((one.scenario_id, one.name) for one in lists.scenarios),
        media_files=tuple((one.media_file_id, one.name) for one in lists.media_files),
        tts_max_length=pbx.tts_max_length,
    )


def calls_with(number: str, calls: Iterable[LiveCall], me: EmployeeId | None) -> tuple[LiveCall, ...]:
    """Calls of others with that number."""
    return tuple(
        call
        for call in calls
        if parse_phone_number(call.session.contact_number).digits == number and call.session.leg_of(me) is None
    )


def _line_label(number: str, name: str) -> str:
    return " · ".join(part for part in (shown_number(number) or number, name) if part)
