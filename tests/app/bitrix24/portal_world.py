"""A simulated Bitrix24 portal on a real port, a client for it, and a card to write. No tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from app.bitrix24.access import PortalAccess, WebhookAccess
from app.bitrix24.adapter import Bitrix24Crm, PortalHabits
from app.bitrix24.client import Bitrix24Client
from app.bitrix24.directory import Bitrix24Directory
from app.bitrix24.rest import PortalRest
from app.clock import Clock, SystemClock
from app.crm.port import CardToWrite, RecordingShelf
from app.domain.calls import Direction
from app.http import HttpSession, TokenBucket
from app.simulator.bitrix24_api.face import Bitrix24Face
from app.simulator.bitrix24_api.portal import BitrixPortal
from app.simulator.config import SimulatorConfig
from app.simulator.faults import FaultPlan
from app.simulator.journal import Journal
from app.simulator.server import FaceServer

SECRET = "plantedwebhooksecret"
USER_ID = 7
MARIA_ID = 797
MARIA_NUMBER = "79062195047"
STRANGER_NUMBER = "79991112233"
CARD_KEY = "pult-callapi.example.test-3960098281-5550001"


@dataclass
class PortalWorld:
    """The portal with its knobs, and our client of it."""

    clock: Clock
    portal: BitrixPortal
    journal: Journal
    faults: FaultPlan
    server: FaceServer
    http: HttpSession
    rest: PortalRest
    client: Bitrix24Client
    directory: Bitrix24Directory
    crm: Bitrix24Crm

    @property
    def webhook_url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}/rest/{USER_ID}/{SECRET}/"

    def card(
        self,
        *,
        card_key: str = CARD_KEY,
        phone_number: str = MARIA_NUMBER,
        notes: str = "Просила перезвонить",
        age: timedelta = timedelta(minutes=2),
        crm_create: bool = False,
        direction: Direction = Direction.INBOUND,
    ) -> CardToWrite:
        return CardToWrite(
            card_key=card_key,
            direction=direction,
            phone_number=phone_number,
            line_number="74951234567",
            started_at=self.clock.now() - age,
            talk_s=95,
            disposition_code="200",
            crm_user_id=USER_ID,
            notes=notes,
            crm_create=crm_create,
        )

    def sent(self, operation: str) -> int:
        """How many requests of that method reached the portal or were cut off before it."""
        return len(self.journal.entries_of(operation))


def unhurried_rest(
    http: HttpSession, access: PortalAccess, clock: Clock, *, write_deadline_s: float = 5.0
) -> PortalRest:
    """One that does not hold itself back: that has tests of its own."""
    return PortalRest(http, access, TokenBucket(1000.0, 1000, clock), clock, write_deadline_s=write_deadline_s)


@asynccontextmanager
async def portal_world(
    *,
    clock: Clock | None = None,
    app_only: bool = False,
    limit_bitrix_rate: bool = False,
    write_deadline_s: float = 5.0,
    habits: PortalHabits | None = None,
    shelf: RecordingShelf | None = None,
) -> AsyncIterator[PortalWorld]:
    """One portal with one operator and one contact; closed at the end."""
    clock = clock or SystemClock()
    config = SimulatorConfig(
        webhook_secret=SECRET, bitrix_user_id=USER_ID, app_only=app_only, limit_bitrix_rate=limit_bitrix_rate
    )
    portal, journal, faults = BitrixPortal(config, clock), Journal(), FaultPlan(1)
    portal.add_contact("CONTACT", MARIA_ID, "Мария Ивановна", MARIA_NUMBER, USER_ID)
    face = Bitrix24Face(portal)
    server = FaceServer(face, clock=clock, journal=journal, faults=faults, catch_up=lambda: None)
    http = HttpSession(user_agent="pult-tests/0", clock=clock)
    try:
        await server.start()
        url = f"http://127.0.0.1:{server.port}/rest/{USER_ID}/{SECRET}/"
        rest = unhurried_rest(http, WebhookAccess(url), clock, write_deadline_s=write_deadline_s)
        client, directory = Bitrix24Client(rest), Bitrix24Directory(rest)
        crm = Bitrix24Crm(rest, habits=habits, shelf=shelf)
        yield PortalWorld(clock, portal, journal, faults, server, http, rest, client, directory, crm)
    finally:
        faults.clear()
        await http.aclose()
        await server.aclose()
