"""Reads a scenario file of resources/demo: people, numbers, customers, what happens when. Plays nothing."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.simulator.pbx.directory import Directory
from app.simulator.pbx.office import default_directory
from app.simulator.scenario_office import directory_of
from app.simulator.toml_values import integer, rows, seconds, span, table

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "demo"


class ScenarioError(ValueError):
    """The file cannot be read, or a key in it is missing, unknown or of the wrong kind."""


@dataclass(frozen=True)
class Customer:
    """A customer in both CRMs."""

    entity_type: str
    """CONTACT, COMPANY, LEAD or DEAL."""
    entity_id: int
    name: str
    phone: str


@dataclass(frozen=True)
class Happening:
    """One line of the timeline: an action of the exchange's phones on a call known by a label."""

    at_s: float
    action: str
    call: str
    args: Mapping[str, object]


@dataclass(frozen=True)
class Background:
    """The random load: how many calls at a time, whom they ring and how they go. Ranges are (from, to) seconds."""

    employees: tuple[int, ...]
    min_live: int
    max_live: int
    arrival_every_s: float
    answer_s: tuple[float, float]
    talk_s: tuple[float, float]
    hold_s: tuple[float, float]
    outgoing_share: float = 0.3
    lost_share: float = 0.1
    hold_share: float = 0.2
    consult_share: float = 0.15
    warm_up_s: float = 0.0
    """How long the load has been going on when the world begins."""


@dataclass(frozen=True)
class Scenario:
    """A whole file."""

    directory: Directory = field(default_factory=default_directory)
    customers: tuple[Customer, ...] = ()
    timeline: tuple[Happening, ...] = ()
    repeat_every_s: float | None = None
    background: Background | None = None


def find_scenario(name: str) -> Path:
    """The file for a name in resources/demo, with or without .toml, or for a path; raises ScenarioError."""
    for candidate in (FOLDER / f"{name}.toml", FOLDER / name, Path(name)):
        if candidate.is_file():
            return candidate
    raise ScenarioError(f"no scenario {name!r}")


def load_scenario(name: str | None) -> Scenario:
    """The named scenario, or the default office without customers; raises ScenarioError."""
    if name is None:
        return Scenario()
    path = find_scenario(name)
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        return _scenario_of(tables)
    except (KeyError, TypeError, ValueError) as error:
        raise ScenarioError(f"{path.name}: {error!r}") from error


def _scenario_of(tables: Mapping[str, object]) -> Scenario:
    unknown = set(tables) - {"title", "repeat_every_s", "office", "crm", "timeline", "background"}
    if unknown:
        raise ScenarioError(f"unknown tables {sorted(unknown)}")
    background = tables.get("background")
    repeat_every_s = tables.get("repeat_every_s")
    return Scenario(
        directory_of(table(tables["office"])),
        tuple(_customer_of(row) for row in rows(table(tables.get("crm", {})), "contacts")),
        tuple(_happening_of(row) for row in rows(tables, "timeline")),
        float(str(repeat_every_s)) if repeat_every_s is not None else None,
        _background_of(table(background)) if background is not None else None,
    )


def _customer_of(row: Mapping[str, object]) -> Customer:
    return Customer(str(row["type"]), integer(row["id"]), str(row["name"]), str(row["phone"]))


def _happening_of(row: Mapping[str, object]) -> Happening:
    args = {key: value for key, value in row.items() if key not in ("at_s", "action", "call")}
    return Happening(seconds(row["at_s"]), str(row["action"]), str(row["call"]), args)


def _background_of(row: Mapping[str, object]) -> Background:
    employees = row["employees"]
    if not isinstance(employees, list):
        raise TypeError("background.employees must be an array")
    shares = {
        name: seconds(row[name])
        for name in ("outgoing_share", "lost_share", "hold_share", "consult_share", "warm_up_s")
        if name in row
    }
    return Background(
        tuple(integer(employee) for employee in employees),
        integer(row["min_live"]),
        integer(row["max_live"]),
        seconds(row["arrival_every_s"]),
        span(row["answer_s"]),
        span(row["talk_s"]),
        span(row["hold_s"]),
        **shares,
    )
