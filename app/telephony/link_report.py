"""What the poll loop says of the link to the PBX. Facts only; the loop is in `poller`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Literal

from app.domain.live_call import Sighting
from app.errors import LimitExceeded, PultError
from app.http import MethodCost, PointsOutlook, PointsView

__all__ = ["LinkHealth", "LinkReport", "MethodCost", "PointsOutlook", "PointsView", "limit_ends_at", "limit_ends_in_s"]

_LIMIT_WAIT_S = 60.0


class LinkHealth(Enum):
    """TROUBLE: the last poll failed and the data is younger than three intervals; DOWN: older, or there is none.
    NO_LIST: the account's plan has neither a list of calls nor commands on them; starts and ends are possible."""

    STARTING = "starting"
    UP = "up"
    TROUBLE = "trouble"
    DOWN = "down"
    SIGN_IN_NEEDED = "sign_in_needed"
    NO_LIST = "no_list"


@dataclass(frozen=True, slots=True)
class LinkReport:
    """How the link to the PBX is. `last_success`: when the newest snapshot was asked for, so its age is never less.

    `reduced_by`: which purse of points makes polls rare (None: the interval is the one of the settings).
    `limit_ends_at`: after a refusal for want of points, when they come back, aware UTC.
    """

    health: LinkHealth
    last_success: Sighting | None = None
    interval_s: float = 0.0
    error: PultError | None = None
    points: PointsView | None = None
    calls_seen: int = 0
    polls_failed_in_row: int = 0
    is_reduced: bool = False
    reduced_by: Literal["minute", "day"] | None = None
    limit_ends_at: datetime | None = None
    is_version_deprecated: bool = False


def limit_ends_in_s(error: LimitExceeded) -> float:
    """Seconds until points are there again; a minute when it was not told."""
    return _LIMIT_WAIT_S if error.resets_in_s is None else error.resets_in_s


def limit_ends_at(before: LinkReport, error: PultError | None, now: datetime) -> datetime | None:
    """When points are there again after such a refusal; told once, it stays, however often it is said again."""
    if not isinstance(error, LimitExceeded):
        return None
    if error is before.error and before.limit_ends_at is not None:
        return before.limit_ends_at
    return now + timedelta(seconds=limit_ends_in_s(error))
