"""One line of the report of `doctor`."""

from __future__ import annotations

from dataclasses import dataclass

OK, WARN, FAIL = "ok", "warn", "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """`level` is ok, warn or fail; `code` never changes its meaning."""

    level: str
    code: str
    text: str
