"""Writes `config.toml` in one piece: the old file or the new one, never half of either. Comments are not
kept."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from app.settings.declared import Settings, Table
from app.settings.loading import load_settings, parse_settings
from app.settings.shape import keys_of


def save_settings(path: Path, settings: Settings) -> None:
    """Replace the file. Raises SettingsError when the file that is there cannot be read as ours (it is left
    alone) or when the settings hold a value that would not load again; OSError when the disk refuses."""
    text = settings_text(settings).encode()
    parse_settings(text)
    target = path.resolve()
    load_settings(target)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o600
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def settings_text(settings: Settings) -> str:
    """The file's text: what differs from the defaults, in the order of declaration."""
    return "\n".join(_table_lines(settings, "")).strip() + "\n"


def _table_lines(table: Table, path: str) -> Iterator[str]:
    """Plain keys first: in TOML they would otherwise belong to the table before."""
    own, inner = [], []
    for key in keys_of(type(table)):
        value = getattr(table, key.attribute)
        here = f"{path}.{key.name}" if path else key.name
        if isinstance(value, Table):
            inner += list(_table_lines(value, here))
        elif isinstance(value, tuple) and key.item_table is not None:
            for item in value:
                inner += [f"\n[[{here}]]", *_item_lines(item)]
        elif value is not None and value != key.default:
            own.append(f"{key.name} = {_value_text(value)}")
    if own:
        yield f"\n[{path}]"
    yield from own
    yield from inner


def _item_lines(item: Table) -> Iterator[str]:
    for key in keys_of(type(item)):
        value = getattr(item, key.attribute)
        if value is not None:
            yield f"{key.name} = {_value_text(value)}"


def _value_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, tuple):
        return f"[{', '.join(_value_text(item) for item in value)}]"
    # A JSON string is a TOML basic string, but for DEL, which TOML wants escaped.
    return msgspec.json.encode(value).decode().replace("\x7f", "\\u007f")


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable; Windows has no such call and needs none."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
