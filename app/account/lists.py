"""All lists of the account at one time, and how those of the settings complete them. Pure; reads and keeps nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import Enum
from types import MappingProxyType
from typing import Annotated, TypeVar

from msgspec import Meta

from app.account.port import (
    AccountLine,
    AccountMediaFile,
    AccountScenario,
    AccountTag,
    Colleague,
    EmployeeGroup,
    OperatorStatus,
)
from app.domain.calls import EmployeeId, TagId
from app.settings import Settings

E = TypeVar("E")
AwareTime = Annotated[datetime, Meta(tz=True)]
_NO_TROUBLE: Mapping[str, str] = MappingProxyType({})


class ListsOrigin(Enum):
    """Where the best of the lists come from."""

    CONFIG = "config"
    CACHE = "cache"
    DATA_API = "data_api"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLists:
    """`read_at`: when the oldest list was read from the account, None when none was. `trouble`: code of the error by
    the name of each list that could not be read the last time; it then shows what was read before, or the settings'.

    `time_zone` is the account's own word, None when it is not known; the settings decide all the same.
    """

    time_zone: str | None = None
    colleagues: tuple[Colleague, ...] = ()
    groups: tuple[EmployeeGroup, ...] = ()
    tags: tuple[AccountTag, ...] = ()
    lines: tuple[AccountLine, ...] = ()
    scenarios: tuple[AccountScenario, ...] = ()
    media_files: tuple[AccountMediaFile, ...] = ()
    statuses: tuple[OperatorStatus, ...] = ()
    read_at: datetime | None = None
    origin: ListsOrigin = ListsOrigin.CONFIG
    trouble: Mapping[str, str] = field(default_factory=lambda: _NO_TROUBLE)

    @property
    def always_recorded(self) -> frozenset[EmployeeId]:
        """Whose recording nobody may stop."""
        return frozenset(one.employee_id for one in self.colleagues if one.is_always_recorded)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLists:
    """What the account has told so far; None: that list never. `read_at` by the name of the list."""

    time_zone: str | None = None
    colleagues: tuple[Colleague, ...] | None = None
    groups: tuple[EmployeeGroup, ...] | None = None
    tags: tuple[AccountTag, ...] | None = None
    lines: tuple[AccountLine, ...] | None = None
    scenarios: tuple[AccountScenario, ...] | None = None
    media_files: tuple[AccountMediaFile, ...] | None = None
    statuses: tuple[OperatorStatus, ...] | None = None
    read_at: dict[str, AwareTime] = field(default_factory=dict)


LIST_NAMES: tuple[str, ...] = tuple(field.name for field in fields(ReadLists) if field.name != "read_at")
"""In the order in which they are read: the cheapest first, then what matters most on a call."""


def lists_of(settings: Settings) -> AccountLists:
    """What `config.toml` names."""
    pbx = settings.pbx
    return AccountLists(
        colleagues=tuple(Colleague(EmployeeId(one.employee_id), one.name, one.extension) for one in pbx.employees),
        tags=tuple(AccountTag(TagId(one.tag_id), one.name) for one in pbx.tags),
        lines=tuple(AccountLine(one.number, one.name) for one in pbx.virtual_numbers),
        scenarios=tuple(AccountScenario(one.scenario_id, one.name) for one in pbx.scenarios),
        media_files=tuple(AccountMediaFile(one.media_file_id, one.name) for one in pbx.media_files),
    )


def completed(config: AccountLists, read: ReadLists, origin: ListsOrigin, trouble: Mapping[str, str]) -> AccountLists:
    """The account's lists; what `config.toml` names stands first, in its order and under its names, and fills in
    where the account told nothing."""
    if not read.read_at:
        return replace(config, trouble=trouble)
    return AccountLists(
        time_zone=read.time_zone,
        colleagues=_joined(config.colleagues, read.colleagues, lambda one: one.employee_id, _colleague),
        groups=read.groups or (),
        tags=_joined(config.tags, read.tags, lambda one: one.tag_id, _named),
        lines=_joined(config.lines, read.lines, lambda one: one.number, _named),
        scenarios=_joined(config.scenarios, read.scenarios, lambda one: one.scenario_id, _named),
        media_files=_joined(config.media_files, read.media_files, lambda one: one.media_file_id, _named),
        statuses=read.statuses or (),
        read_at=min(read.read_at.values()),
        origin=origin,
        trouble=trouble,
    )


def _joined(
    config: tuple[E, ...], read: Iterable[E] | None, key: Callable[[E], object], both: Callable[[E, E], E]
) -> tuple[E, ...]:
    left = {key(one): one for one in read or ()}
    first = [both(named, found) if (found := left.pop(key(named), None)) is not None else named for named in config]
    return (*first, *left.values())


N = TypeVar("N", AccountTag, AccountLine, AccountScenario, AccountMediaFile)


def _named(named: N, found: N) -> N:
    return replace(found, name=named.name or found.name)


def _colleague(named: Colleague, found: Colleague) -> Colleague:
    return replace(found, name=named.name, extension=named.extension or found.extension)
