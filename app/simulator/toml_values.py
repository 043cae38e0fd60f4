"""Values of a scenario file by kind; every function raises TypeError for another kind."""

from collections.abc import Mapping


def table(value: object) -> dict[str, object]:
    """A TOML table."""
    if not isinstance(value, dict):
        raise TypeError(f"a table was expected, not {value!r}")
    return dict(value)


def rows(inside: Mapping[str, object], key: str) -> list[dict[str, object]]:
    """An array of tables, empty when it is not there."""
    found = inside.get(key, [])
    if not isinstance(found, list):
        raise TypeError(f"{key} must be an array of tables")
    return [table(row) for row in found]


def integer(value: object) -> int:
    """A whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"a whole number was expected, not {value!r}")
    return value


def seconds(value: object) -> float:
    """A number of seconds."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError(f"a number was expected, not {value!r}")
    return float(value)


def optional_seconds(value: object) -> float | None:
    """A number of seconds, or nothing."""
    return None if value is None else seconds(value)


def span(value: object) -> tuple[float, float]:
    """``[from, to]`` in seconds."""
    if not isinstance(value, list) or len(value) != 2:
        raise TypeError(f"[from, to] was expected, not {value!r}")
    return seconds(value[0]), seconds(value[1])


def integers(value: object) -> tuple[int, ...]:
    """An array of whole numbers."""
    if not isinstance(value, list):
        raise TypeError(f"an array was expected, not {value!r}")
    return tuple(integer(one) for one in value)


def strings(value: object) -> tuple[str, ...]:
    """An array of strings."""
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise TypeError(f"an array of strings was expected, not {value!r}")
    return tuple(value)


def optional_text(value: object) -> str | None:
    """A string, or nothing."""
    return None if value is None else str(value)
