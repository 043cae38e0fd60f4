"""A stack with armed transfers, and what has become of them so far."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from app.domain.calls import CallSessionId
from app.services.armed_transfer import ArmedOutcome, ArmedStage, ArmedTransfers, OutcomeKind
from app.simulator.config import SimulatorConfig
from app.telephony.port import SpokenMessage
from tests.app.telephony.stack import PbxStack, open_stack

S = ArmedStage
K = OutcomeKind
BROKE = "the link to the PBX broke"
BACK_AFTER_S = 8.0
SENT_AT = {
    S.HOLDING: "hold.call",
    S.DIALLING: "make.call",
    S.COMPLETING: "transfer.talk",
    S.GOING_BACK: "restore.talk",
}
COMMANDS = ("hold.call", "unhold.call", "make.call", "transfer.talk", "restore.talk", "release.call", "disconnect.leg")


@dataclass
class Rig:
    """The stack with armed transfers; stages and outcomes so far."""

    stack: PbxStack
    armed: ArmedTransfers
    stages: list[ArmedStage] = field(default_factory=list)
    outcomes: list[ArmedOutcome] = field(default_factory=list)

    @property
    def sent(self) -> dict[str, int]:
        counted = {method: len(self.stack.simulator.journal.entries_of(method)) for method in COMMANDS}
        return {method: count for method, count in counted.items() if count}

    def note_stage(self, call_session_id: CallSessionId) -> None:
        armed = self.armed.of(call_session_id)
        if armed is not None and self.stages[-1:] != [armed.stage]:
            self.stages.append(armed.stage)

    def arm(
        self,
        call_session_id: CallSessionId,
        *,
        message: SpokenMessage | None = None,
        back_after_s: float | None = BACK_AFTER_S,
        is_completed_alone: bool = True,
    ) -> None:
        self.armed.arm(
            call_session_id,
            "102",
            to_name="Гусев",
            message=message,
            back_after_s=back_after_s,
            is_completed_alone=is_completed_alone,
        )

    async def reach(self, call_session_id: CallSessionId, stage: ArmedStage) -> None:
        await self.stack.let_pass(lambda: stage in self.stages, stage.value)

    async def outcome(self) -> ArmedOutcome:
        await self.stack.let_pass(lambda: self.outcomes, "an outcome")
        return self.outcomes[0]

    async def settle(self) -> None:
        """Some more polls: whatever would be sent still, is sent."""
        for _ in range(3):
            await self.stack.poll()
            await self.stack.clock.pass_time(1)


@asynccontextmanager
async def open_rig(config: SimulatorConfig | None = None) -> AsyncIterator[Rig]:
    async with open_stack(config, base_interval_s=2.0) as stack:
        armed = ArmedTransfers(stack.board, stack.poller, stack.clock, stack.control)
        rig = Rig(stack, armed)
        armed.changes.subscribe(rig.note_stage)
        armed.ended.subscribe(rig.outcomes.append)
        try:
            yield rig
        finally:
            await armed.aclose()
