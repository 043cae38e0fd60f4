"""A simulated amoCRM account on a real port, a client for it, a shelf of recordings and a card to write. No tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

from app.amocrm.adapter import AmocrmCrm, AmocrmHabits
from app.amocrm.client import AmocrmClient
from app.amocrm.errors import TOKEN_REFUSED
from app.clock import Clock, SystemClock
from app.crm.port import CardProgress, CardToWrite, Recording, RecordingState, StepReceipt
from app.domain.calls import Direction
from app.domain.wrap_up import UnknownNumberChoice
from app.http import HttpSession, TokenBucket
from app.oauth import StaticToken, TokenSource
from app.simulator.amocrm_api.account import AmoAccount
from app.simulator.amocrm_api.face import AmoFace
from app.simulator.config import SimulatorConfig
from app.simulator.faults import FaultPlan
from app.simulator.journal import Journal
from app.simulator.server import FaceServer

TOKEN = "planted-amocrm-token"
USER_ID = 9_000_001
MARIA_ID = 11070881
MARIA_NUMBER = "79062195047"
STRANGER_NUMBER = "79991112233"
CARD_KEY = "pult-callapi.example.test-3960098281-5550001"
NO_PROGRESS = CardProgress()


class Shelf:
    """Recordings as a test puts them there."""

    def __init__(self) -> None:
        self.recording_state = RecordingState.NOT_YET
        self.link = ""
        self.asked = 0

    async def recording_of(self, card_key: str) -> Recording:
        self.asked += 1
        return Recording(card_key, self.recording_state, self.link)


@dataclass
class AccountWorld:
    """The account with its knobs, and our client of it."""

    clock: Clock
    account: AmoAccount
    journal: Journal
    faults: FaultPlan
    server: FaceServer
    http: HttpSession
    client: AmocrmClient
    crm: AmocrmCrm
    shelf: Shelf = field(default_factory=Shelf)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    def card(
        self,
        *,
        card_key: str = CARD_KEY,
        phone_number: str = MARIA_NUMBER,
        notes: str = "Просила перезвонить",
        choice: UnknownNumberChoice = UnknownNumberChoice.ASK,
        age: timedelta = timedelta(minutes=2),
        direction: Direction = Direction.INBOUND,
    ) -> CardToWrite:
        started_at = self.clock.now() - age
        return CardToWrite(
            card_key=card_key,
            direction=direction,
            phone_number=phone_number,
            line_number="74951234567",
            started_at=started_at,
            talk_s=95,
            disposition_code="200",
            crm_user_id=7,
            notes=notes,
            ended_at=started_at + timedelta(seconds=100),
            unknown_number=choice,
            second_user_id=USER_ID,
        )

    def with_habits(self, habits: AmocrmHabits) -> AmocrmCrm:
        return AmocrmCrm(self.client, self.clock, habits=habits, shelf=self.shelf)

    def with_tokens(self, tokens: TokenSource) -> AmocrmClient:
        return account_client(self.http, self.url, self.clock, tokens)

    def sent(self, operation: str) -> int:
        """How many requests of that method reached the account or were cut off before it."""
        return len(self.journal.entries_of(operation))

    async def write(self, card: CardToWrite) -> dict[str, StepReceipt]:
        """The steps of a card as the outbox takes them, without trouble."""
        receipts: dict[str, StepReceipt] = {}
        for step in self.crm.steps_of(card):
            receipts[step] = await self.crm.perform(step, card, CardProgress(dict(receipts)))
        return receipts


def chosen(card: CardToWrite, choice: UnknownNumberChoice) -> CardToWrite:
    """The card as the operator amended it after it was parked."""
    return replace(card, unknown_number=choice)


def account_client(http: HttpSession, url: str, clock: Clock, tokens: TokenSource | None = None) -> AmocrmClient:
    """One that does not hold itself back: that has tests of its own."""
    limiter = TokenBucket(1000.0, 1000, clock)
    return AmocrmClient(http, url, tokens or StaticToken(TOKEN, refusal=TOKEN_REFUSED), limiter, write_deadline_s=5.0)


@asynccontextmanager
async def account_world(*, clock: Clock | None = None, limit_rate: bool = False) -> AsyncIterator[AccountWorld]:
    """One account with one operator and one contact; closed at the end."""
    clock = clock or SystemClock()
    config = SimulatorConfig(amocrm_token=TOKEN, amocrm_user_id=USER_ID)
    account, journal, faults = AmoAccount(config, clock), Journal(), FaultPlan(1)
    account.switches.limit_rate = limit_rate
    account.add_contact("CONTACT", MARIA_ID, "Мария Ивановна", "+7 906 219-50-47", USER_ID)
    server = FaceServer(AmoFace(account), clock=clock, journal=journal, faults=faults, catch_up=lambda: None)
    http = HttpSession(user_agent="pult-tests/0", clock=clock)
    try:
        await server.start()
        client = account_client(http, f"http://127.0.0.1:{server.port}", clock)
        yield AccountWorld(clock, account, journal, faults, server, http, client, AmocrmCrm(client, clock))
    finally:
        faults.clear()
        await http.aclose()
        await server.aclose()
