"""What a declared key looks like to the code that walks the tables: its type without decoration, its kind,
its meaning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Literal, Union, get_args, get_origin

from msgspec import NODEFAULT, Meta
from msgspec.structs import fields

from app.settings.declared import Table


@dataclass(frozen=True, slots=True)
class Key:
    """One declared key. `table` is set for a table, `item_table` for an array of tables, neither for a plain
    value."""

    name: str
    attribute: str
    annotation: object
    default: object
    is_required: bool
    type_name: str
    bounds: dict[str, int | float]
    meaning: str
    kind: str
    table: type[Table] | None
    item_table: type[Table] | None


def keys_of(table: type[Table]) -> Iterator[Key]:
    """The keys of a table in the order of their declaration."""
    for field in fields(table):
        bare, metas = _undecorated(field.type)
        item = get_args(bare)[0] if get_origin(bare) is tuple else None
        yield Key(
            name=field.encode_name,
            attribute=field.name,
            annotation=field.type,
            default=None if field.default is NODEFAULT else field.default,
            is_required=field.required,
            type_name=_type_name(bare),
            bounds=_bounds(metas),
            meaning=next((meta.description for meta in metas if meta.description), ""),
            kind=next((meta.extra["kind"] for meta in metas if meta.extra), ""),
            table=_as_table(bare),
            item_table=_as_table(item),
        )


def _undecorated(annotation: object) -> tuple[object, list[Meta]]:
    if get_origin(annotation) is Annotated:
        bare, *metas = get_args(annotation)
        return bare, [meta for meta in metas if isinstance(meta, Meta)]
    return annotation, []


def _as_table(annotation: object) -> type[Table] | None:
    return annotation if isinstance(annotation, type) and issubclass(annotation, Table) else None


def _type_name(annotation: object) -> str:
    """How TOML calls it, or the choices; that a key may be left out is not told here."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return " | ".join(f'"{choice}"' for choice in parts)
    if origin in (Annotated, Union, UnionType):
        return _type_name(parts[0])
    names: dict[object, str] = {str: "string", int: "integer", float: "float", bool: "boolean"}
    if origin is tuple and _as_table(parts[0]) is None:
        return f"array of {_type_name(parts[0])}"
    return names.get(annotation, "table" if origin is None else "array of tables")


def _bounds(metas: list[Meta]) -> dict[str, int | float]:
    found = {"min": [meta.ge for meta in metas], "max": [meta.le for meta in metas]}
    return {name: value for name, values in found.items() for value in values if value is not None}
