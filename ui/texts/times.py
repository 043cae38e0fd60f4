"""Lengths of time as a person reads them."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication, QLocale


def duration_text(seconds: float) -> str:
    """m:ss, with hours from one hour on: 0:07, 12:34, 1:02:03. Never negative."""
    whole = int(seconds) if seconds > 0 else 0
    minutes, second = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}:{second:02d}"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{second:02d}"


def wait_text(seconds: float) -> str:
    """How long something still takes, begun seconds counted: `3 s` below a minute, then m:ss."""
    whole = math.ceil(seconds) if seconds > 0 else 0
    if whole < 60:
        return QCoreApplication.translate("Times", "{seconds} s").format(seconds=whole)
    return duration_text(whole)


def age_text(seconds: float) -> str:
    """How old data is: tenths below ten seconds, whole seconds below two minutes, then m:ss."""
    if seconds < 9.95:
        return QCoreApplication.translate("Times", "{seconds} s").format(
            seconds=QLocale().toString(max(0.0, seconds), "f", 1)
        )
    if seconds < 120:
        return QCoreApplication.translate("Times", "{seconds} s").format(seconds=int(seconds))
    return duration_text(seconds)
