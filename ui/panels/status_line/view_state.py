"""What the bottom line shows: link, age, points, unsent cards. Pure and without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class LinkLight(Enum):
    """The link to the PBX, named as the poller's health; the last two are answers that say no."""

    STARTING = "starting"
    UP = "up"
    TROUBLE = "trouble"
    DOWN = "down"
    SIGN_IN_NEEDED = "sign_in_needed"
    NO_LIST = "no_list"
    NO_POINTS = "no_points"
    NOT_ALLOWED = "not_allowed"


@dataclass(frozen=True, slots=True)
class PointsLeft:
    """Points of the account; None where the PBX never told."""

    minute_remaining: int | None = None
    minute_limit: int | None = None
    day_remaining: int | None = None
    day_limit: int | None = None

    @property
    def is_told(self) -> bool:
        return self.minute_remaining is not None or self.day_remaining is not None


@dataclass(frozen=True, slots=True)
class StatusLineState:
    """`seen_monotonic_s`: when the data shown was read, None before the first time."""

    link: LinkLight = LinkLight.STARTING
    seen_monotonic_s: float | None = None
    points: PointsLeft = PointsLeft()
    reduced_to_s: float | None = None
    unsent_cards: int = 0
    set_aside_cards: int = 0
    is_delivery_paused: bool = False
    secrets_note: str = ""
