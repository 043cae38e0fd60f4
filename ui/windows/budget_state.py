"""What the window *Points* shows: costs, what is left, until when, and why the list is read less often. Without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.telephony.link_report import LinkReport, MethodCost, PointsOutlook


@dataclass(frozen=True, slots=True)
class Purse:
    """One period's points; None where the PBX never told. `resets_at` aware UTC."""

    left: int | None = None
    limit: int | None = None
    resets_at: datetime | None = None

    @property
    def is_told(self) -> bool:
        return self.left is not None


@dataclass(frozen=True, slots=True)
class BudgetState:
    """`interval_s`: what the list is read at now; `reduced_by`: "minute" or "day" where points made it longer.

    `limit_ends_at`: the PBX has refused for want of points until then. `is_without_list`: it lists no calls at all.
    """

    now: datetime
    minute: Purse = Purse()
    day: Purse = Purse()
    reserve: int = 0
    costs: tuple[MethodCost, ...] = ()
    pace_per_hour: float | None = None
    day_runs_out_at: datetime | None = None
    interval_s: float = 0.0
    reduced_by: str | None = None
    limit_ends_at: datetime | None = None
    is_without_list: bool = False


def budget_state(report: LinkReport, outlook: PointsOutlook, now: datetime, *, is_without_list: bool) -> BudgetState:
    """The facts of one moment."""
    left = outlook.left
    return BudgetState(
        now=now,
        minute=Purse(left.minute_remaining, left.minute_limit, _coming(outlook.minute_resets_at, now)),
        day=Purse(left.day_remaining, left.day_limit, _coming(outlook.day_resets_at, now)),
        reserve=outlook.reserve,
        costs=outlook.costs,
        pace_per_hour=outlook.pace_per_hour,
        day_runs_out_at=outlook.day_runs_out_at,
        interval_s=report.interval_s,
        reduced_by=report.reduced_by,
        limit_ends_at=report.limit_ends_at,
        is_without_list=is_without_list,
    )


def _coming(at: datetime | None, now: datetime) -> datetime | None:
    """A reset that is over says nothing of the next one."""
    return None if at is None or at <= now else at
