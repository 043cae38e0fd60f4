"""A Bitrix24 portal and an amoCRM account on real ports in virtual time, and a bare HTTP client to ask them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from app.simulator.amocrm_api.account import AmoAccount
from app.simulator.amocrm_api.face import AmoFace
from app.simulator.bitrix24_api.face import Bitrix24Face
from app.simulator.bitrix24_api.portal import BitrixPortal
from app.simulator.clock import VirtualClock
from app.simulator.config import SimulatorConfig
from app.simulator.faults import FaultPlan
from app.simulator.journal import Journal
from app.simulator.server import FaceServer

SECRET = "plantedwebhooksecret"
AMO_TOKEN = "planted-amocrm-token"
USER_ID = 7


@dataclass(frozen=True)
class Answer:
    """One HTTP reply; `body` is the decoded JSON, None when there is none."""

    http_status: int
    body: Any
    content_type: str
    raw: bytes


@dataclass
class CrmWorld:
    """Both simulated CRMs and what a test needs to drive them."""

    portal: BitrixPortal
    account: AmoAccount
    clock: VirtualClock
    journal: Journal
    faults: FaultPlan
    bitrix_port: int
    amo_port: int

    async def rest(self, method: str, params: object = None, **named: object) -> Answer:
        """Call a REST method by webhook with a JSON body."""
        body = json.dumps(params if params is not None else named).encode()
        return await ask(self.bitrix_port, "POST", f"/rest/{USER_ID}/{SECRET}/{method}", body)

    async def result(self, method: str, params: object = None, **named: object) -> Any:
        """`result` of a call that has to succeed."""
        answer = await self.rest(method, params, **named)
        assert answer.http_status == 200, answer.body
        return answer.body["result"]

    async def amo(self, method: str, path: str, items: object = None, *, token: str = AMO_TOKEN) -> Answer:
        """Call amoCRM under /api/v4/."""
        body = b"" if items is None else json.dumps(items).encode()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        return await ask(self.amo_port, method, f"/api/v4/{path}", body, headers)


@asynccontextmanager
async def crm_world(*, app_only: bool = False, limit_bitrix_rate: bool = True) -> AsyncIterator[CrmWorld]:
    """Two listening faces, one operator, one contact; closed at the end."""
    clock, journal, faults = VirtualClock(), Journal(), FaultPlan(1)
    config = SimulatorConfig(
        webhook_secret=SECRET,
        bitrix_user_id=USER_ID,
        amocrm_token=AMO_TOKEN,
        app_only=app_only,
        limit_bitrix_rate=limit_bitrix_rate,
    )
    portal, account = BitrixPortal(config, clock), AmoAccount(config, clock)
    portal.add_user(USER_ID, "Анна Петрова", "101")
    portal.add_contact("CONTACT", 797, "Мария Ивановна", "+7 906 219-50-47", USER_ID)
    account.add_contact("CONTACT", 11070881, "Мария Ивановна", "+7 906 219-50-47", 9_000_001)
    servers = [
        FaceServer(face, clock=clock, journal=journal, faults=faults, catch_up=lambda: None)
        for face in (Bitrix24Face(portal), AmoFace(account))
    ]
    try:
        for server in servers:
            await server.start()
        yield CrmWorld(portal, account, clock, journal, faults, servers[0].port, servers[1].port)
    finally:
        faults.release()
        for server in servers:
            await server.aclose()


async def ask(
    port: int, method: str, target: str, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> Answer:
    """One request on a connection of its own. Raises ConnectionError when no whole head comes back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    fields = {"Content-Type": "application/json", **(headers or {})}
    fields |= {"Host": f"127.0.0.1:{port}", "Content-Length": str(len(body)), "Connection": "close"}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    try:
        writer.write(f"{method} {target} HTTP/1.1\r\n{head}\r\n".encode() + body)
        received = await reader.read()
    finally:
        writer.close()
    top, separator, raw = received.partition(b"\r\n\r\n")
    if not separator:
        raise ConnectionError("no reply")
    first, *lines = top.decode("latin-1").split("\r\n")
    content_type = next((line.split(": ", 1)[1] for line in lines if line.lower().startswith("content-type:")), "")
    decoded = json.loads(raw) if "json" in content_type else None
    return Answer(int(first.split(" ")[1]), decoded, content_type, raw)
