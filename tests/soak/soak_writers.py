"""The program's own writers towards the soaks' CRMs, and the recordings they send."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.bitrix24.access import WebhookAccess
from app.bitrix24.adapter import Bitrix24Crm, plan_steps
from app.bitrix24.rest import PortalRest
from app.clock import Clock
from app.crm.port import CardProgress, CardToWrite, CardWriter, ProbeResult, Recording, RecordingState, StepReceipt
from app.http import HttpSession, TokenBucket
from app.outbox.entry import PlannedStep


@dataclass(frozen=True, slots=True)
class OneRecording:
    """A shelf on which every card finds the same file."""

    path: Path

    async def recording_of(self, card_key: str) -> Recording:
        return Recording(card_key, RecordingState.READY, path=self.path, size=self.path.stat().st_size)


class NeverProbing:
    """The negative control: believes that every step may simply be sent again."""

    def __init__(self, writer: CardWriter) -> None:
        self._writer = writer
        self.crm_name = writer.crm_name

    def steps_of(self, card: CardToWrite) -> tuple[str, ...]:
        return self._writer.steps_of(card)

    def repeat_is_safe(self, step: str) -> bool:
        return True

    async def perform(self, step: str, card: CardToWrite, progress: CardProgress) -> StepReceipt:
        return await self._writer.perform(step, card, progress)

    async def probe(self, step: str, card: CardToWrite, progress: CardProgress) -> ProbeResult:
        return await self._writer.probe(step, card, progress)


def plan(card: CardToWrite) -> tuple[PlannedStep, ...]:
    """All steps of a card, of both CRMs."""
    return plan_steps(card)


def open_writers(http: HttpSession, webhook: str, clock: Clock, recording: Path) -> list[CardWriter]:
    """One for each CRM, which hold themselves back from nothing: that has soaks of its own."""
    rest = PortalRest(http, WebhookAccess(webhook), TokenBucket(1000.0, 1000, clock), clock)
    return [Bitrix24Crm(rest, shelf=OneRecording(recording))]
