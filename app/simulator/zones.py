"""Time zones by IANA name, with fixed offsets where the system has no zone data (bare containers, Windows)."""

from datetime import timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FIXED_HOURS = {"UTC": 0, "Europe/Kaliningrad": 2, "Europe/Moscow": 3, "Europe/Samara": 4, "Asia/Yekaterinburg": 5}


def zone_of(name: str) -> tzinfo:
    """The zone; raises ZoneInfoNotFoundError when neither the system nor the short table knows it."""
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        if name not in FIXED_HOURS:
            raise
        return timezone(timedelta(hours=FIXED_HOURS[name]), name)
