"""How long to wait after trouble, for one chain and for a whole CRM. Pure arithmetic; the worker owns the clock."""

from __future__ import annotations

import random
from dataclasses import dataclass

from app.errors import LimitExceeded, LinkError, PultError


@dataclass(frozen=True, slots=True)
class Pace:
    """Waiting times in seconds. `settle_s`: a request without an answer may still be executed for that long (Bitrix24
    gives one request 60 s, crm-notes 4), so "not there" is believed only after it."""

    base_s: float = 2.0
    cap_s: float = 300.0
    settle_s: float = 65.0
    crashed_s: float = 300.0


class Backoff:
    """Decorrelated jitter: each wait is drawn between the base and three times the last one, up to the cap."""

    def __init__(self, pace: Pace, dice: random.Random) -> None:
        self._pace = pace
        self._dice = dice
        self._last_s = pace.base_s

    def next_s(self) -> float:
        self._last_s = min(self._pace.cap_s, self._dice.uniform(self._pace.base_s, self._last_s * 3))
        return self._last_s

    def reset(self) -> None:
        self._last_s = self._pace.base_s


class CrmGate:
    """One CRM's door: shut for a while after trouble with the link or the rate, for good after a refusal that only a
    person can lift. After trouble a single chain goes first. `link_failures`: how often in a row there was no link."""

    def __init__(self, pace: Pace, dice: random.Random) -> None:
        self._backoff = Backoff(pace, dice)
        self.opens_at_s = 0.0
        self.is_troubled = False
        self.paused_by: PultError | None = None
        self.openings = 0
        self.link_failures = 0
        self.trouble: PultError | None = None
        self._deeds_open_at_s: dict[str, float] = {}

    def pause(self, reason: PultError, openings: int) -> None:
        """A refusal only a person can lift, of a request sent after so many openings. One sent before the operator
        mended the cause says nothing about now."""
        if openings == self.openings:
            self.paused_by = reason

    def shut(self, now_s: float, trouble: PultError) -> float:
        """Trouble with the link or the rate: gives the seconds to wait, at least what the other side asked for."""
        asked_s = trouble.resets_in_s if isinstance(trouble, LimitExceeded) else None
        wait_s = max(self._backoff.next_s(), asked_s or 0.0)
        self.opens_at_s = max(self.opens_at_s, now_s + wait_s)
        self.is_troubled = True
        self.trouble = trouble
        self.link_failures = self.link_failures + 1 if isinstance(trouble, LinkError) else 0
        return self.opens_at_s - now_s

    def shut_for(self, deed: str, now_s: float, wait_s: float) -> None:
        """One kind of request is used up, the others go on."""
        self._deeds_open_at_s[deed] = now_s + wait_s

    def wait_s(self, deed: str, now_s: float) -> float:
        """Seconds until that kind of request may be sent; zero or less: now."""
        return self._deeds_open_at_s.get(deed, now_s) - now_s

    def answered(self) -> None:
        """The other side works again."""
        self._backoff.reset()
        self.is_troubled = False
        self.link_failures = 0
        self.trouble = None

    def open_now(self) -> None:
        """The operator asks: no more waiting, whatever the reason was."""
        self.openings += 1
        self.opens_at_s = 0.0
        self.paused_by = None
        self._deeds_open_at_s.clear()
        self._backoff.reset()
