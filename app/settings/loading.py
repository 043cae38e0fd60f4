"""Reads `config.toml`. Whatever is wrong becomes one SettingsError with the key's path; nothing is guessed or
skipped."""

from __future__ import annotations

import os
import re
import stat
import tomllib
import zoneinfo
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from app.addresses import address_problem
from app.errors import SettingsError
from app.settings.declared import Settings, Table
from app.settings.shape import Key, keys_of

_SIZE_CAP = 1_000_000
_SECRET_KEY = re.compile(r"passw|token|secret|webhook|api_?key|private_?key", re.IGNORECASE)
# A webhook's address, or a JSON web token.
_SECRET_VALUE = re.compile(r"/rest/\d+/\w+|\beyJ[\w-]{8,}\.[\w-]{8,}\.")
_TOML_PLACE = re.compile(r"at line (\d+), column (\d+)")


def load_settings(path: Path | None, *, must_exist: bool = False) -> Settings:
    """The settings in that file; the defaults when there is no path or no file yet.

    Raises SettingsError: "unreadable", "not_toml", "unknown_key" (params: nearest), "wrong_type",
    "bad_value", "missing_key", "insecure_url", "secret_in_config".
    """
    if path is None:
        return Settings()
    try:
        with path.open("rb") as file:
            raw = file.read(_SIZE_CAP + 1)
            mode = os.fstat(file.fileno()).st_mode
    except FileNotFoundError:
        if must_exist:
            raise SettingsError("", "unreadable", {"file": str(path), "cause": "FileNotFoundError"}) from None
        return Settings()
    except OSError as error:
        raise SettingsError("", "unreadable", {"file": str(path), "cause": type(error).__name__}) from None
    if len(raw) > _SIZE_CAP:
        raise SettingsError("", "unreadable", {"file": str(path), "cause": "too_large"})
    return parse_settings(raw, is_world_readable=os.name == "posix" and bool(mode & stat.S_IROTH))


def parse_settings(raw: bytes, *, is_world_readable: bool = False) -> Settings:
    """The settings in the bytes of a file. Raises SettingsError as `load_settings` does."""
    document = _decode(raw)
    for path in _secrets_in(document, ""):
        raise SettingsError(path, "secret_in_config", {"is_world_readable": is_world_readable})
    _check_table(Settings, document, "")
    return msgspec.convert(document, Settings)


def _decode(raw: bytes) -> dict[str, object]:
    try:
        # Notepad begins files with a byte order mark.
        return tomllib.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SettingsError("", "not_toml", {"byte": error.start}) from None
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.search(str(error))
        params = {"line": int(place[1]), "column": int(place[2])} if place else {}
        raise SettingsError("", "not_toml", params) from None
    except RecursionError:
        raise SettingsError("", "not_toml", {"cause": "nesting"}) from None


def _secrets_in(value: object, path: str) -> Iterator[str]:
    """Paths of keys that are called like a secret, or hold something that looks like one."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            inner_path = _joined(path, name)
            if _SECRET_KEY.search(name):
                yield inner_path
            yield from _secrets_in(inner, inner_path)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _secrets_in(inner, f"{path}[{index}]")
    elif isinstance(value, str) and _SECRET_VALUE.search(value):
        yield path


def _check_table(table: type[Table], document: object, path: str) -> None:
    """Finds the first key that is unknown, missing or wrong. What passes here converts without an error."""
    if not isinstance(document, dict):
        raise SettingsError(path, "wrong_type", {"expected": "table"})
    keys = {key.name: key for key in keys_of(table)}
    for name in document:
        if name not in keys:
            raise SettingsError(_joined(path, name), "unknown_key", {"nearest": _nearest(name, list(keys), path)})
    for name, key in keys.items():
        if name in document:
            _check_key(key, document[name], _joined(path, name))
        elif key.is_required:
            raise SettingsError(_joined(path, name), "missing_key")


def _check_key(key: Key, value: object, path: str) -> None:
    if key.table is not None:
        _check_table(key.table, value, path)
    elif key.item_table is not None:
        if not isinstance(value, list):
            raise SettingsError(path, "wrong_type", {"expected": "array of tables"})
        for index, item in enumerate(value):
            _check_table(key.item_table, item, f"{path}[{index}]")
    else:
        _check_value(key, value, path)


def _check_value(key: Key, value: object, path: str) -> None:
    try:
        msgspec.convert(value, key.annotation)
    except msgspec.ValidationError as error:
        code = "wrong_type" if ", got `" in str(error) else "bad_value"
        raise SettingsError(path, code, {"expected": key.type_name, **key.bounds}) from None
    if key.kind == "address" and isinstance(value, str):
        problem = address_problem(value)
        if problem is not None:
            raise SettingsError(path, "insecure_url" if problem == "insecure_url" else "bad_value")
    if key.kind == "time_zone" and isinstance(value, str) and not _is_time_zone(value):
        raise SettingsError(path, "bad_value", {"expected": "a name like Europe/Moscow"})


def _is_time_zone(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        # Windows without the tzdata package knows no zone at all; that is not the admin's mistake.
        return not zoneinfo.available_timezones()
    return True


def _nearest(name: str, siblings: list[str], path: str) -> str | None:
    """The known key meant, as a full path: a sibling that is spelled alike, else the same name in another
    table."""
    import difflib

    alike = difflib.get_close_matches(name, siblings, n=1)
    if alike:
        return _joined(path, alike[0])
    everywhere = {known.rpartition(".")[2]: known for known in _plain_paths(Settings, "")}
    elsewhere = difflib.get_close_matches(name, list(everywhere), n=1, cutoff=0.8)
    return everywhere[elsewhere[0]] if elsewhere else None


def _plain_paths(table: type[Table], path: str) -> Iterator[str]:
    for key in keys_of(table):
        here = _joined(path, key.name)
        yield here
        if key.table is not None:
            yield from _plain_paths(key.table, here)


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
