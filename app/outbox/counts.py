"""How many cards wait, and which of them for nothing but a recording nobody has yet. In memory; the worker tells it."""

from __future__ import annotations

from collections.abc import Mapping

from app.outbox.chain import Advance
from app.outbox.entry import RECORDING_LANE, CardPhase, OpenChain, OutboxCard, OutboxStep
from app.outbox.reasons import RECORDING_NOT_READY
from app.outbox.timetable import ChainKey, Timetable


class CardCounts:
    """Looks at the worker's timetable and at the cards just handed over (`new`), which are not in it yet."""

    def __init__(self, timetable: Timetable, new: Mapping[str, object]) -> None:
        self._timetable = timetable
        self._new = new
        self._not_saved: set[str] = set()
        self._awaiting: set[ChainKey] = set()

    @property
    def unfinished(self) -> int:
        """Saved cards with a step that is not done, those just handed over included."""
        waiting = self._timetable.card_keys
        begun = sum(card_key in waiting or card_key in self._new for card_key in self._not_saved)
        return len(waiting) + sum(card_key not in waiting for card_key in self._new) - begun

    @property
    def unsent(self) -> int:
        """Those of them that do not merely await their recording."""
        awaiting = {chain.card_key for chain in self._awaiting}
        return self.unfinished - sum(map(self._only_awaits, awaiting))

    def begin(self, card_key: str, *, is_saved: bool) -> None:
        """A card was written, or discarded; `is_saved` False: it does not count."""
        if is_saved:
            self._not_saved.discard(card_key)
        else:
            self._not_saved.add(card_key)

    def found(self, chain: ChainKey, found: OpenChain) -> None:
        """An earlier run left this chain so."""
        if found.phase is not CardPhase.SAVED:
            self._not_saved.add(chain.card_key)
        if found.awaits_recording:
            self._awaiting.add(chain)

    def read(self, entry: OutboxCard) -> None:
        """The card as it is on the disk now."""
        if entry.phase is CardPhase.SAVED:
            self._not_saved.discard(entry.card_key)
        for step in entry.steps:
            if step.lane == RECORDING_LANE and not step.awaits_recording:
                self.move(ChainKey(entry.card_key, step.crm_name, step.lane))

    def advanced(self, chain: ChainKey, step: OutboxStep, advance: Advance) -> None:
        """What came of this step. `step`: as it was before."""
        if chain.lane == RECORDING_LANE and advance.not_yet == RECORDING_NOT_READY and not step.attempts:
            self._awaiting.add(chain)
        elif not advance.is_untried:
            self._awaiting.discard(chain)

    def move(self, chain: ChainKey) -> None:
        """The chain is through, or stands at something else."""
        self._awaiting.discard(chain)

    def _only_awaits(self, card_key: str) -> bool:
        chains = self._timetable.of_card(card_key)
        return bool(chains) and card_key not in self._not_saved and self._awaiting.issuperset(chains)
