"""The program's own writers towards the soaks' CRMs, and the recordings they send."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.amocrm.adapter import AmocrmCrm
from app.amocrm.adapter import plan_steps as amocrm_steps
from app.amocrm.client import AmocrmClient
from app.amocrm.errors import TOKEN_REFUSED
from app.bitrix24.access import WebhookAccess
from app.bitrix24.adapter import Bitrix24Crm
from app.bitrix24.adapter import plan_steps as bitrix24_steps
from app.bitrix24.rest import PortalRest
from app.clock import Clock
from app.crm.port import CardProgress, CardToWrite, CardWriter, ProbeResult, Recording, RecordingState, StepReceipt
from app.http import HttpSession, TokenBucket
from app.oauth import StaticToken
from app.outbox.entry import PlannedStep
from tests.soak.chain_table import AMO_TOKEN, Addresses

_UNHURRIED = (1000.0, 1000)


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
    return bitrix24_steps(card) + amocrm_steps(card)


@dataclass(frozen=True, slots=True)
class Rates:
    """How fast the writers may ask, as (requests a second, burst); as fast as they can where it is None. And how long
    they wait for an answer to what they write."""

    bitrix24: tuple[float, int] | None = None
    amocrm: tuple[float, int] | None = None
    deadline_s: float = 30.0


def open_writers(
    http: HttpSession, addresses: Addresses, clock: Clock, recording: Path, rates: Rates | None = None
) -> list[CardWriter]:
    """One for each CRM."""
    rates = rates or Rates()
    portal_rate, account_rate = (TokenBucket(*rate or _UNHURRIED, clock) for rate in (rates.bitrix24, rates.amocrm))
    access = WebhookAccess(addresses.webhook)
    rest = PortalRest(http, access, portal_rate, clock, write_deadline_s=rates.deadline_s)
    token = StaticToken(AMO_TOKEN, refusal=TOKEN_REFUSED)
    account = AmocrmClient(http, addresses.amocrm, token, account_rate, write_deadline_s=rates.deadline_s)
    return [Bitrix24Crm(rest, shelf=OneRecording(recording)), AmocrmCrm(account, clock)]
