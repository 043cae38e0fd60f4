"""What the corner with my own status shows. Pure and without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.calls import EmployeeId

if TYPE_CHECKING:
    from app.account.lists import AccountLists


@dataclass(frozen=True, slots=True)
class StatusItem:
    """`colour` is the account's own, "#rrggbb" or empty; the name always stands beside it."""

    status_id: int
    name: str
    colour: str = ""


@dataclass(frozen=True, slots=True)
class MyStatusState:
    """`current` None: not known. `choices` empty: it cannot be changed from here. `setting`: the name of the one asked
    for, until the PBX has answered. `why_not`: a sentence once it was refused."""

    is_shown: bool = False
    current: StatusItem | None = None
    choices: tuple[StatusItem, ...] = ()
    setting: str = ""
    why_not: str = ""


def my_status_state(
    lists: AccountLists, my_status_id: int | None, me: EmployeeId | None, *, setting: int | None, why_not: str
) -> MyStatusState:
    """Shown where the account tells the statuses and it is known who sits here."""
    items = {status.status_id: StatusItem(status.status_id, status.name, status.colour) for status in lists.statuses}
    if not items or me is None:
        return MyStatusState()
    choices = tuple(items[status.status_id] for status in lists.statuses if status.is_selectable)
    current = None if my_status_id is None else items.get(my_status_id)
    asked = items.get(setting) if setting is not None else None
    return MyStatusState(True, current, () if why_not else choices, "" if asked is None else asked.name, why_not)
