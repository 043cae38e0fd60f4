"""Fair samples: all variants in every round, in random order, the first round thrown away."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Plan:
    """How thoroughly to measure. `rounds` excludes the warm-up; `window_s` is one idle observation."""

    rounds: int
    window_s: float
    polls: int
    seed: int

    def dice(self) -> random.Random:
        return random.Random(self.seed)


def rounds_of(variants: Iterable[V], rounds: int, dice: random.Random) -> Iterator[tuple[bool, V]]:
    """Every variant once a round in random order; the flag is False in the warm-up round."""
    all_variants = list(variants)
    for turn in range(rounds + 1):
        yield from ((turn > 0, variant) for variant in dice.sample(all_variants, len(all_variants)))


def interleave(
    variants: Mapping[str, Callable[[], float | None]], rounds: int, dice: random.Random
) -> dict[str, list[float]]:
    """Measure all variants; those that gave None once are left out, for they cannot be measured here."""
    samples: dict[str, list[float]] = {name: [] for name in variants}
    for counts, name in rounds_of(variants, rounds, dice):
        if name not in samples:
            continue
        sample = variants[name]()
        if sample is None:
            del samples[name]
        elif counts:
            samples[name].append(sample)
    return samples


def medians(samples: dict[str, list[float]]) -> dict[str, float]:
    return {name: median(values) for name, values in samples.items() if values}


def spread(values: Sequence[float]) -> tuple[float, float]:
    return min(values), max(values)
