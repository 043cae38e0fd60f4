"""The reference of all keys, taken from their declaration, so that a manual cannot drift from the program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.settings.declared import Settings, Table
from app.settings.shape import keys_of


@dataclass(frozen=True, slots=True)
class SettingDoc:
    """One key: where it stands, what it takes, what it is without being given (None: nothing), what it
    means."""

    path: str
    type_name: str
    default: object
    is_required: bool
    meaning: str


def describe_settings() -> list[SettingDoc]:
    """Every key in the order of the file; keys of an array of tables as `pbx.tags[].id`."""
    return list(_described(Settings, ""))


def _described(table: type[Table], path: str) -> Iterator[SettingDoc]:
    for key in keys_of(table):
        here = f"{path}.{key.name}" if path else key.name
        if key.table is not None:
            yield from _described(key.table, here)
        elif key.item_table is not None:
            yield from _described(key.item_table, f"{here}[]")
        else:
            yield SettingDoc(here, key.type_name, key.default, key.is_required, key.meaning)
