"""Whose turn comes when: chains in order of their due times, per lane of each CRM. No clock, no sending, no disk.

Thousands of chains wait here during an outage, so nothing that happens once per step looks at all of them.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, KeysView
from dataclasses import dataclass, field
from itertools import count

NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class ChainKey:
    """The steps of one card towards one CRM that go in order; chains go side by side."""

    card_key: str
    crm_name: str
    lane: str = ""


@dataclass(frozen=True, slots=True)
class LaneKey:
    """All chains of one lane of one CRM."""

    crm_name: str
    lane: str = ""


@dataclass(slots=True)
class _Lane:
    """`heap` holds (due, order, chain); an entry whose due time is not the chain's any more is skipped."""

    due_at_s: dict[ChainKey, float] = field(default_factory=dict)
    heap: list[tuple[float, int, ChainKey]] = field(default_factory=list)


class Timetable:
    """Chains that are not through. One that was taken is not offered again until it is put back; being woken meanwhile
    is not forgotten."""

    def __init__(self) -> None:
        self._lanes: dict[LaneKey, _Lane] = {}
        self._order: dict[ChainKey, int] = {}
        self._count = count()
        self._of_card: dict[str, set[ChainKey]] = {}
        self._taken: set[ChainKey] = set()
        self._woken: set[ChainKey] = set()
        self._nudged: set[ChainKey] = set()

    @property
    def card_keys(self) -> KeysView[str]:
        """Cards with a chain that is not through."""
        return self._of_card.keys()

    @property
    def lanes(self) -> tuple[LaneKey, ...]:
        """Lanes in which something is not through."""
        return tuple(key for key, lane in self._lanes.items() if lane.due_at_s)

    @property
    def crm_names(self) -> tuple[str, ...]:
        return tuple(sorted({key.crm_name for key in self.lanes}))

    def chains(self) -> Iterator[tuple[ChainKey, float]]:
        """Every chain with its due time."""
        for lane in self._lanes.values():
            yield from lane.due_at_s.items()

    def of_card(self, card_key: str) -> tuple[ChainKey, ...]:
        return tuple(self._of_card.get(card_key, ()))

    def due_at_s(self, chain: ChainKey) -> float:
        """Raises KeyError for a chain that is not here."""
        return self._lanes[_lane_of(chain)].due_at_s[chain]

    def put(self, chain: ChainKey, due_at_s: float) -> None:
        """Its turn comes then; NEVER: when somebody puts it again. A chain that was taken stays taken."""
        lane = self._lanes.setdefault(_lane_of(chain), _Lane())
        lane.due_at_s[chain] = due_at_s
        if chain not in self._order:
            self._order[chain] = next(self._count)
            self._of_card.setdefault(chain.card_key, set()).add(chain)
        if due_at_s != NEVER and chain not in self._taken:
            self._push(lane, chain, due_at_s)

    def keep(self, card_key: str, open_lanes: Collection[tuple[str, str]]) -> None:
        """These lanes (CRM, lane) of a card go on now; its others, unless taken, are through."""
        for crm_name, lane in open_lanes:
            self.wake(ChainKey(card_key, crm_name, lane))
        for chain in self.of_card(card_key):
            if (chain.crm_name, chain.lane) not in open_lanes and chain not in self._taken:
                self.drop(chain)

    def wake(self, chain: ChainKey) -> None:
        """Its turn comes now; of a taken one, as soon as it is put back."""
        if chain in self._taken:
            self._woken.add(chain)
        else:
            self.put(chain, 0.0)

    def wake_sleepers_beside(self, chain: ChainKey) -> None:
        """Wake the other lanes of the same card and CRM that sleep, or fall asleep right now."""
        for other in self.of_card(chain.card_key):
            if other.crm_name != chain.crm_name or other == chain:
                continue
            if other in self._taken:
                self._nudged.add(other)
            elif self.due_at_s(other) == NEVER:
                self.put(other, 0.0)

    def look(self, chain: ChainKey) -> None:
        """Whoever took it looks at the disk now: what woke it before is seen by that."""
        self._woken.discard(chain)
        self._nudged.discard(chain)

    def put_back(self, chain: ChainKey) -> None:
        """Offer a taken chain again, at the due time it has by now, or at once if it was woken."""
        self._taken.discard(chain)
        due_at_s = self.due_at_s(chain) if chain in self._order else None
        if chain in self._woken or (chain in self._nudged and due_at_s == NEVER):
            due_at_s = 0.0
        self.look(chain)
        if due_at_s is not None:
            self.put(chain, due_at_s)

    def drop(self, chain: ChainKey) -> None:
        """The chain is through. A taken one that is woken meanwhile comes back."""
        if chain not in self._order:
            return
        self._lanes[_lane_of(chain)].due_at_s.pop(chain, None)
        del self._order[chain]
        chains = self._of_card[chain.card_key]
        chains.discard(chain)
        if not chains:
            del self._of_card[chain.card_key]

    def next_due_at_s(self, key: LaneKey) -> float:
        """When the next chain of that lane is due; NEVER when none is."""
        lane = self._lanes.get(key)
        if lane is None:
            return NEVER
        while lane.heap:
            due_at_s, order, chain = lane.heap[0]
            is_valid = lane.due_at_s.get(chain) == due_at_s and self._order.get(chain) == order
            if is_valid and chain not in self._taken:
                return due_at_s
            heapq.heappop(lane.heap)
        return NEVER

    def take(self, key: LaneKey, now_s: float) -> ChainKey | None:
        """The chain of that lane whose turn it is, the oldest of those due at the same time."""
        if self.next_due_at_s(key) > now_s:
            return None
        _, _, chain = heapq.heappop(self._lanes[key].heap)
        self._taken.add(chain)
        return chain

    def _push(self, lane: _Lane, chain: ChainKey, due_at_s: float) -> None:
        if len(lane.heap) > 2 * len(lane.due_at_s) + 64:
            lane.heap = [
                (due, self._order[each], each)
                for each, due in lane.due_at_s.items()
                if due != NEVER and each not in self._taken
            ]
            heapq.heapify(lane.heap)
            return
        heapq.heappush(lane.heap, (due_at_s, self._order[chain], chain))


def _lane_of(chain: ChainKey) -> LaneKey:
    return LaneKey(chain.crm_name, chain.lane)
