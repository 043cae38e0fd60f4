"""The chain of a card as the soaks know it: a step more is a line more here. And the CRMs it is written to."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import NamedTuple

from app.crm.port import CardToWrite
from app.simulator.amocrm_api.account import AmoAccount, tail_of
from app.simulator.amocrm_api.face import AmoFace
from app.simulator.bitrix24_api.face import Bitrix24Face
from app.simulator.bitrix24_api.operating import OperatingLedger
from app.simulator.bitrix24_api.portal import BitrixPortal
from app.simulator.clock import SimulatorClock
from app.simulator.config import SimulatorConfig
from app.simulator.exchange import Face
from app.simulator.faults import FaultPlan
from app.simulator.journal import Journal
from app.simulator.server import FaceServer
from tests.helpers.waiting import until
from tests.soak.soak_cards import AMO_USER_ID, KNOWN_NUMBERS, USER_ID

SECRET = "soakwebhooksecret"
_LONG_AGO_S = 1_700_000_000
AMO_TOKEN = "soak-amocrm-token"


class Addresses(NamedTuple):
    """Where a console finds the CRMs."""

    webhook: str
    amocrm: str


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
    ChainStep("amocrm", "contact", "POST contacts"),
    ChainStep("amocrm", "call", "POST calls"),
)
CRMS = ("bitrix24", "amocrm")
# Other requests at which a process may die: those without an effect, and the ways a call goes that is not just added.
OTHERS = (
    ("bitrix24", "telephony.externalCall.attachRecord"),
    ("bitrix24", "crm.activity.list"),
    ("bitrix24", "crm.timeline.comment.list"),
    ("amocrm", "POST leads/unsorted/sip"),
    ("amocrm", "POST contacts/notes"),
    ("amocrm", "GET contacts"),
    ("amocrm", "GET contacts/notes"),
)


@dataclass(frozen=True, slots=True)
class Crms:
    """Both CRMs on their ports, with one journal and one plan of faults."""

    portal: BitrixPortal
    account: AmoAccount
    journal: Journal
    faults: FaultPlan
    servers: dict[str, FaceServer]

    @property
    def addresses(self) -> Addresses:
        portal, account = (f"http://127.0.0.1:{self.servers[name].port}" for name in ("bitrix24", "amocrm"))
        return Addresses(f"{portal}/rest/{USER_ID}/{SECRET}/", account)

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
            problems += self._account_differences(card, is_acknowledged)
        written = [str(row.external_call_id) for row in self.portal.statistics]
        written += [str(note.params.get("uniq")) for note in self.account.calls]
        problems += [f"nobody saved {key}" for key in written if key not in known]
        customers = Counter(("bitrix24", lead.phone_number) for lead in self.portal.leads)
        customers += Counter(("amocrm", tail_of(contact.phone)) for contact in self.account.contacts)
        problems += [f"customer {who} was made {times} times" for who, times in customers.items() if times > 1]
        return problems

    def _account_differences(self, card: CardToWrite, is_acknowledged: bool) -> Iterator[str]:
        notes = self.account.calls_of(card.card_key)
        inbox = [row.metadata for row in self.account.unsorted if row.metadata.get("uniq") == card.card_key]
        times = len(notes) + len(inbox)
        if times == 0 and is_acknowledged:
            yield f"{card.card_key} is lost in amocrm"
        if times > 1:
            yield f"{card.card_key} is called {times} times in amocrm"
        for note in notes[:1]:
            is_attached = card.second_id is None or note.entity_id == card.second_id
            said = str(note.params.get("call_result"))
            if not is_attached or note.params.get("duration") != card.talk_s or not said.endswith(card.notes):
                yield f"{card.card_key} differs in amocrm: {note}"
        for metadata in inbox[:1]:
            if (metadata.get("duration"), metadata.get("from")) != (card.talk_s, card.phone_number):
                yield f"{card.card_key} differs in amocrm: {metadata}"

    def _portal_differences(self, card: CardToWrite, is_acknowledged: bool) -> Iterator[str]:
        portal, key = self.portal, card.card_key
        rows, comments = portal.finished_calls_of(key), portal.comments_of(key)
        activities = [row for row in portal.activities if row.external_call_id == key]
        if not rows:
            if is_acknowledged:
                yield f"{key} is lost in bitrix24"
            return
        for what, found in (("finished", rows), ("commented", comments), ("in activities", activities)):
            if len(found) > 1:
                yield f"{key} is {what} {len(found)} times in bitrix24"
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


class _Tireless(OperatingLedger):
    """Records take two seconds of a portal's ten minutes each: kills would use them up."""

    def charge(self, method: str, effects: Sequence[str]) -> None:
        pass


@asynccontextmanager
async def open_crms(clock: SimulatorClock, *, limits_rate: bool = False) -> AsyncIterator[Crms]:
    """Fresh CRMs that know KNOWN_NUMBERS."""
    config = SimulatorConfig(
        webhook_secret=SECRET,
        bitrix_user_id=USER_ID,
        limit_bitrix_rate=limits_rate,
        amocrm_token=AMO_TOKEN,
        amocrm_user_id=AMO_USER_ID,
    )
    journal, faults = Journal(), FaultPlan(1)
    portal, account = BitrixPortal(config, clock), AmoAccount(config, clock)
    account.switches.limit_rate = limits_rate
    if not limits_rate:
        portal.operating = _Tireless(clock)
    for phone_number, entity_id in KNOWN_NUMBERS.items():
        portal.add_contact("CONTACT", entity_id, f"Клиент {entity_id}", phone_number, USER_ID)
        account.add_contact("CONTACT", entity_id, f"Клиент {entity_id}", phone_number, AMO_USER_ID)
        # Older than any call: a contact that came after a call may be that unsorted call, accepted.
        account.entities["contacts", entity_id].created_at = _LONG_AGO_S
    faces: tuple[Face, ...] = (Bitrix24Face(portal), AmoFace(account))
    servers = {
        face.name: FaceServer(face, clock=clock, journal=journal, faults=faults, catch_up=lambda: None)
        for face in faces
    }
    try:
        for server in servers.values():
            await server.start()
        yield Crms(portal, account, journal, faults, servers)
    finally:
        faults.clear()
        for server in servers.values():
            await server.aclose()
