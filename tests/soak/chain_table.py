"""The chain of a card as the soaks know it: a step more is a line more here. And the CRMs it is written to."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from app.crm.port import CardToWrite
from app.simulator.bitrix24_api.face import Bitrix24Face
from app.simulator.bitrix24_api.portal import BitrixPortal
from app.simulator.bitrix24_api.rows import StatisticsRow
from app.simulator.clock import SimulatorClock
from app.simulator.config import SimulatorConfig
from app.simulator.exchange import Face
from app.simulator.faults import FaultPlan
from app.simulator.journal import Journal
from app.simulator.server import FaceServer
from tests.helpers.waiting import until
from tests.soak.soak_cards import KNOWN_NUMBERS, USER_ID

SECRET = "soakwebhooksecret"


@dataclass(frozen=True, slots=True)
class ChainStep:
    """A step of the outbox. `operation`: the request that has its effect, as the simulator's journal names it."""

    crm_name: str
    name: str
    operation: str


STEPS = (
    ChainStep("bitrix24", "register", "telephony.externalCall.register"),
    ChainStep("bitrix24", "finish", "telephony.externalCall.finish"),
    ChainStep("bitrix24", "note", "crm.timeline.comment.add"),
    ChainStep("bitrix24", "record", "upload"),
)
# Requests without an effect of their own, at which a process may die as well.
READS = (
    ("bitrix24", "telephony.externalCall.attachRecord"),
    ("bitrix24", "crm.activity.list"),
    ("bitrix24", "crm.timeline.comment.list"),
)


@dataclass(frozen=True, slots=True)
class Crms:
    """Both CRMs on their ports, with one journal and one plan of faults."""

    portal: BitrixPortal
    journal: Journal
    faults: FaultPlan
    servers: dict[str, FaceServer]

    @property
    def webhook(self) -> str:
        return f"http://127.0.0.1:{self.servers['bitrix24'].port}/rest/{USER_ID}/{SECRET}/"

    async def until_quiet(self) -> None:
        """What a dead console has sent is executed and its connections are gone."""
        await until(lambda: not any(server._open for server in self.servers.values()), 10.0, what="quiet CRMs")

    def differences(self, cards: Iterator[tuple[CardToWrite, bool]]) -> list[str]:
        """Every way in which the CRMs' books differ from the cards; each with whether it was acknowledged."""
        problems: list[str] = []
        known = set()
        for card, is_acknowledged in cards:
            known.add(card.card_key)
            problems += self._portal_differences(card, is_acknowledged)
        problems += [f"nobody saved {row.external_call_id}" for row in self._strangers(known)]
        leads = Counter(lead.phone_number for lead in self.portal.leads)
        problems += [f"customer {phone} was made {times} times" for phone, times in leads.items() if times > 1]
        return problems

    def _strangers(self, known: set[str]) -> list[StatisticsRow]:
        return [row for row in self.portal.statistics if row.external_call_id not in known]

    def _portal_differences(self, card: CardToWrite, is_acknowledged: bool) -> Iterator[str]:
        portal, key = self.portal, card.card_key
        rows, comments = portal.finished_calls_of(key), portal.comments_of(key)
        activities = [row for row in portal.activities if row.external_call_id == key]
        if not rows:
            if is_acknowledged:
                yield f"{key} is lost"
            return
        for what, found in (("finished", rows), ("commented", comments), ("in activities", activities)):
            if len(found) > 1:
                yield f"{key} is {what} {len(found)} times"
        if bool(card.notes.strip()) != bool(comments):
            yield f"{key} has {len(comments)} notes"
        if comments and not comments[0].comment.startswith(card.notes):
            yield f"{key} has another note"
        row = rows[0]
        if card.wants_recording != (row.record_file_id is not None):
            yield f"{key} has the recording {row.record_file_id}"
        written = (row.phone_number, row.duration_s, row.failed_code, row.started_at, row.vote, row.cost)
        cost = float(card.cost) if card.cost is not None else 0.0
        wanted = (card.phone_number, card.talk_s, card.disposition_code, card.started_at, card.rating, cost)
        if written != wanted:
            yield f"{key} differs: {written} instead of {wanted}"


@asynccontextmanager
async def open_crms(clock: SimulatorClock, *, limits_rate: bool = False) -> AsyncIterator[Crms]:
    """Fresh CRMs that know KNOWN_NUMBERS."""
    config = SimulatorConfig(webhook_secret=SECRET, bitrix_user_id=USER_ID, limit_bitrix_rate=limits_rate)
    journal, faults = Journal(), FaultPlan(1)
    portal = BitrixPortal(config, clock)
    for phone_number, entity_id in KNOWN_NUMBERS.items():
        portal.add_contact("CONTACT", entity_id, f"Клиент {entity_id}", phone_number, USER_ID)
    faces: tuple[Face, ...] = (Bitrix24Face(portal),)
    servers = {
        face.name: FaceServer(face, clock=clock, journal=journal, faults=faults, catch_up=lambda: None)
        for face in faces
    }
    try:
        for server in servers.values():
            await server.start()
        yield Crms(portal, journal, faults, servers)
    finally:
        faults.clear()
        for server in servers.values():
            await server.aclose()
