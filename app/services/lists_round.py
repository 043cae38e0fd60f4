"""One round of reading the account's lists: which of them, what a refusal means for the others, when to come again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from app.account.lists import LIST_NAMES, ReadLists
from app.account.port import AccountPort
from app.clock import Clock
from app.domain.calls import EmployeeId
from app.errors import LimitExceeded, LinkError, PultError, RightsMissing, SignInRefused

REFRESH_AFTER_S = 3600.0
FIRST_RETRY_S = 60.0
_STALE_AFTER = timedelta(seconds=REFRESH_AFTER_S - 60)
# Refusals that say nothing of the one list asked for.
_OF_THE_WHOLE_ACCOUNT = frozenset({"account_inactive", "ip_not_whitelisted"})

Reader = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class RoundOutcome:
    """`again_in_s` None: not before somebody asks, because the account refuses this user altogether."""

    has_news: bool
    again_in_s: float | None


class ListsRound:
    """Keeps what was read and what was refused. A list that this user may not read is not asked for again before
    `forget_refusals`; what failed otherwise is, after a pause that doubles."""

    def __init__(self, lists: ReadLists) -> None:
        self.lists = lists
        self.trouble: dict[str, str] = {}
        self._wanted: set[str] = set()
        self._without_rights: set[str] = set()
        self._retry_s = FIRST_RETRY_S

    def forget_refusals(self) -> None:
        """Read everything in the next round."""
        self._without_rights.clear()
        self._wanted = set(LIST_NAMES)
        self._retry_s = FIRST_RETRY_S

    def fresh_for_s(self, now: datetime) -> float:
        """How long nothing need be read; 0 when something is missing, old, or said to be of the future."""
        if set(LIST_NAMES) != set(self.lists.read_at):
            return 0.0
        age_s = (now - min(self.lists.read_at.values())).total_seconds()
        return max(0.0, REFRESH_AFTER_S - age_s) if age_s >= 0 else 0.0

    def note_status(self, employee_id: EmployeeId, status_id: int | None) -> None:
        """The account says, or has taken, that this employee has that status."""
        colleagues = self.lists.colleagues
        if colleagues is not None:
            changed = tuple(
                replace(one, status_id=status_id) if one.employee_id == employee_id else one for one in colleagues
            )
            self.lists = replace(self.lists, colleagues=changed)

    async def read(self, port: AccountPort, clock: Clock) -> RoundOutcome:
        """Read what is due, one list after another."""
        has_news = has_failed = False
        readers = _readers(port)
        due = [name for name in LIST_NAMES if self._is_due(name, clock.now())]
        for place, name in enumerate(due):
            if not port.can_spare():
                return RoundOutcome(has_news, self._next_retry_s())
            # Wanted again while it is read: what comes may be from before.
            was_wanted = name in self._wanted
            self._wanted.discard(name)
            try:
                found = await readers[name]()
            except PultError as error:
                self.trouble[name] = error.code
                self._wanted |= {name} if was_wanted else set()
                if _ends_the_round(error):
                    self.trouble.update(dict.fromkeys(due[place:], error.code))
                    return RoundOutcome(has_news, self._again_after(error))
                if isinstance(error, RightsMissing):
                    has_news |= self._drop(name)
                else:
                    has_failed = True
                continue
            self._keep(name, found, clock.now())
            has_news = True
        if has_failed:
            return RoundOutcome(has_news, self._next_retry_s())
        self._retry_s = FIRST_RETRY_S
        return RoundOutcome(has_news, REFRESH_AFTER_S)

    def _is_due(self, name: str, now: datetime) -> bool:
        if name in self._without_rights:
            return False
        read_at = self.lists.read_at.get(name)
        return read_at is None or name in self._wanted or not timedelta(0) <= now - read_at < _STALE_AFTER

    def _keep(self, name: str, found: object, now: datetime) -> None:
        news: Mapping[str, Any] = {name: found, "read_at": {**self.lists.read_at, name: now}}
        self.lists = replace(self.lists, **news)
        self.trouble.pop(name, None)

    def _drop(self, name: str) -> bool:
        """This user may not see the list (any more); True when it was there."""
        self._without_rights.add(name)
        self._wanted.discard(name)
        if name not in self.lists.read_at:
            return False
        read_at = {other: at for other, at in self.lists.read_at.items() if other != name}
        news: Mapping[str, Any] = {name: None, "read_at": read_at}
        self.lists = replace(self.lists, **news)
        return True

    def _again_after(self, error: PultError) -> float | None:
        if isinstance(error, LimitExceeded):
            return max(error.resets_in_s or 0.0, self._next_retry_s())
        return self._next_retry_s() if isinstance(error, LinkError) else None

    def _next_retry_s(self) -> float:
        """A minute, then twice as long each time, an hour at most."""
        retry_s, self._retry_s = self._retry_s, min(2 * self._retry_s, REFRESH_AFTER_S)
        return retry_s


def _ends_the_round(error: PultError) -> bool:
    if isinstance(error, RightsMissing):
        return error.code in _OF_THE_WHOLE_ACCOUNT or error.params.get("method") == "login.user"
    return isinstance(error, LinkError | SignInRefused | LimitExceeded)


def _readers(port: AccountPort) -> Mapping[str, Reader]:
    return {
        "time_zone": port.read_time_zone,
        "colleagues": port.read_colleagues,
        "groups": port.read_groups,
        "tags": port.read_tags,
        "lines": port.read_lines,
        "scenarios": port.read_scenarios,
        "media_files": port.read_media_files,
        "statuses": port.read_statuses,
    }
