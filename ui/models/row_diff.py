"""What turns one list of keys into another: ranges to remove, then ranges to insert, or a new order. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class RowPlan:
    """`removals` are in old positions, last first; `insertions` in new positions, first first; both inclusive.

    `keeps_order`: the keys in both lists stand in the same order, so that removing and inserting is all there is to do.
    """

    removals: tuple[Range, ...]
    insertions: tuple[Range, ...]
    keeps_order: bool

    @property
    def range_count(self) -> int:
        return len(self.removals) + len(self.insertions)


def plan_rows(old: Sequence[Hashable], new: Sequence[Hashable]) -> RowPlan:
    """Compare two lists of unique keys."""
    kept_in_new = set(old)
    kept_in_old = kept_in_new.intersection(new)
    removals = ranges_of(position for position, key in enumerate(old) if key not in kept_in_old)
    insertions = ranges_of(position for position, key in enumerate(new) if key not in kept_in_new)
    survivors = [key for key in old if key in kept_in_old]
    wanted = [key for key in new if key in kept_in_new]
    return RowPlan(tuple(reversed(removals)), tuple(insertions), survivors == wanted)


def ranges_of(positions: Iterable[int]) -> list[Range]:
    """Ascending positions as inclusive ranges: 1, 2, 3, 7 gives (1, 3), (7, 7)."""
    ranges: list[Range] = []
    first = last = -2
    for position in positions:
        if position == last + 1:
            last = position
            continue
        if first >= 0:
            ranges.append((first, last))
        first = last = position
    if first >= 0:
        ranges.append((first, last))
    return ranges
