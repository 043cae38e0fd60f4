"""The CRMs as the worker sees them: who is connected, who may be asked now, and by how many chains at once."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence

from app.crm.port import CardWriter
from app.errors import PultError, RightsMissing
from app.outbox.pace import CrmGate, Pace
from app.outbox.timetable import NEVER, ChainKey, LaneKey

# Of one lane of one CRM: a CRM that answers slowly holds up nobody else, and long uploads hold up no call.
_SIDE_BY_SIDE = 4
_SIDE_BY_SIDE_IN_OTHER_LANES = 2
# So often in a row without a link, and there is none for now.
_LINK_IS_GONE_AFTER = 3


class Doors:
    """One gate per CRM, connected or not."""

    def __init__(self, writers: Sequence[CardWriter], pace: Pace, dice: random.Random) -> None:
        self._writers = {writer.crm_name: writer for writer in writers}
        self._gates: dict[str, CrmGate] = {}
        self._pace = pace
        self._dice = dice

    @property
    def lost_links(self) -> Mapping[str, PultError]:
        """CRMs that could not be reached several times in a row, with the last reason."""
        return {
            crm_name: gate.trouble
            for crm_name, gate in self._gates.items()
            if gate.trouble is not None and gate.link_failures >= _LINK_IS_GONE_AFTER
        }

    def use(self, writers: Sequence[CardWriter]) -> None:
        """Other connections from now on."""
        self._writers = {writer.crm_name: writer for writer in writers}

    def writer(self, crm_name: str) -> CardWriter | None:
        return self._writers.get(crm_name)

    def gate(self, crm_name: str) -> CrmGate:
        return self._gates.setdefault(crm_name, CrmGate(self._pace, self._dice))

    def open_now(self) -> None:
        """Pauses and waiting times are forgotten."""
        for gate in self._gates.values():
            gate.open_now()

    def pauses(self, crm_names: Sequence[str]) -> Mapping[str, PultError]:
        """Which of these CRMs get nothing at all, and why: a refusal only a person can lift, or nobody has connected
        it."""
        found: dict[str, PultError] = {}
        for crm_name in crm_names:
            paused_by = self.gate(crm_name).paused_by
            if crm_name not in self._writers:
                found[crm_name] = RightsMissing("crm_not_connected", {"crm_name": crm_name})
            elif paused_by is not None:
                found[crm_name] = paused_by
        return found

    def opens_at_s(self, lane: LaneKey, running: Collection[ChainKey]) -> float:
        """When the next chain of that lane may start beside those; NEVER before one of them ends or a person acts."""
        gate = self.gate(lane.crm_name)
        if lane.crm_name not in self._writers or gate.paused_by is not None:
            return NEVER
        beside = [chain for chain in running if chain.crm_name == lane.crm_name]
        if gate.is_troubled and beside:
            return NEVER
        most = _SIDE_BY_SIDE_IN_OTHER_LANES if lane.lane else _SIDE_BY_SIDE
        if sum(chain.lane == lane.lane for chain in beside) >= most:
            return NEVER
        return gate.opens_at_s
