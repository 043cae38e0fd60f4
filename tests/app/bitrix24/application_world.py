"""A portal that takes applications only, and a Bitrix24 built from settings and secrets. No tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from app.bitrix24.adapter import Bitrix24Crm
from app.clock import SystemClock
from app.crm.port import CardToWrite
from app.domain.calls import Direction
from app.http import HttpSession
from app.integrations import build_bitrix24
from app.oauth import TokenSources
from app.secrets import SecretStore
from app.settings import Settings, parse_settings
from app.simulator.config import SimulatorConfig
from app.simulator.runner import Simulator
from tests.app.oauth.office_world import DictKeyring

CLIENT_SECRET = "planted-client-secret-2"
REFRESH_TOKEN = "planted-refresh-token-2"
OFFICE = "oauth.token"


@dataclass
class ApplicationWorld:
    """A portal, the program's parts that sign in to it, and what they were built from."""

    simulator: Simulator
    settings: Settings
    secrets: SecretStore
    http: HttpSession
    tokens: TokenSources
    crm: Bitrix24Crm

    def card(self, card_key: str = "pult-app-1") -> CardToWrite:
        return CardToWrite(
            card_key=card_key,
            direction=Direction.INBOUND,
            phone_number="79062195047",
            line_number="74951234567",
            started_at=SystemClock().now() - timedelta(minutes=2),
            talk_s=95,
            disposition_code="200",
            crm_user_id=7,
        )

    def asked(self, operation: str) -> int:
        return len(self.simulator.journal.entries_of(operation))


def application_settings(simulator: Simulator) -> Settings:
    portal_url = simulator.webhook_url.partition("/rest/")[0]
    text = f"""
    [bitrix24]
    portal_url = "{portal_url}"
    client_id = "{simulator.config.bitrix_client_id}"
    oauth_url = "{simulator.bitrix24_oauth_url}"
    user_id = 7
    """
    return parse_settings(text.encode())


@asynccontextmanager
async def application_world(*, environment: dict[str, str] | None = None) -> AsyncIterator[ApplicationWorld]:
    """`environment`: other secrets than the right ones."""
    config = SimulatorConfig(
        app_only=True, bitrix_client_secret=CLIENT_SECRET, bitrix_refresh_token=REFRESH_TOKEN, limit_bitrix_rate=False
    )
    given = {"PULT_BITRIX24_CLIENT_SECRET": CLIENT_SECRET, "PULT_BITRIX24_REFRESH_TOKEN": REFRESH_TOKEN}
    async with Simulator(config) as simulator:
        clock = SystemClock()
        settings = application_settings(simulator)
        secrets = SecretStore(
            Path("/data/application"), keyring=DictKeyring(), environment=given if environment is None else environment
        )
        http = HttpSession(user_agent="pult-tests/0", clock=clock)
        tokens = TokenSources(secrets)
        try:
            crm = await build_bitrix24(settings, secrets, http, clock, tokens=tokens)
            assert crm is not None
            yield ApplicationWorld(simulator, settings, secrets, http, tokens, crm)
        finally:
            await tokens.aclose()
            await http.aclose()
            await secrets.aclose()
