"""Both simulated token offices on real ports, a keyring that lasts over restarts, and token sources. No tests."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.clock import SystemClock
from app.errors import SecretsLocked
from app.http import HttpSession
from app.oauth import AmocrmOffice, Bitrix24Office, RefreshingToken, TokenOffice, TokenSources
from app.secrets import AMOCRM_REFRESH_TOKEN, BITRIX24_REFRESH_TOKEN, SecretStore
from app.simulator.clock import VirtualClock
from app.simulator.config import SimulatorConfig
from app.simulator.oauth import TokenDesk
from app.simulator.runner import Simulator

SEED = {"bitrix24": "planted-bitrix-seed-1", "amocrm": "planted-amocrm-seed-1"}
CLIENT_SECRET = "planted-client-secret-1"
SECRET_NAMES = {"bitrix24": BITRIX24_REFRESH_TOKEN, "amocrm": AMOCRM_REFRESH_TOKEN}
OPERATIONS = {"bitrix24": "oauth.token", "amocrm": "POST oauth2/access_token"}
VENDORS = ("bitrix24", "amocrm")


class DictKeyring:
    """A keyring that keeps everything, or nothing while it is locked."""

    name = "test"

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self.is_locked = False
        self.is_writing = False
        self.holds_writes = threading.Event()
        self.holds_writes.set()
        self.writes = 0

    def read(self, service: str, entry: str) -> str | None:
        return self.entries.get((service, entry))

    def write(self, service: str, entry: str, value: str) -> None:
        if self.is_locked:
            raise SecretsLocked("keyring_locked")
        self.is_writing = True
        self.holds_writes.wait(4)
        self.writes += 1
        self.entries[service, entry] = value

    def remove(self, service: str, entry: str) -> None:
        self.entries.pop((service, entry), None)


@dataclass
class OfficeWorld:
    """One vendor's office, and runs of the program that ask it."""

    vendor: str
    simulator: Simulator
    http: HttpSession
    keyring: DictKeyring = field(default_factory=DictKeyring)

    @property
    def desk(self) -> TokenDesk:
        return self.simulator.bitrix24.desk if self.vendor == "bitrix24" else self.simulator.amocrm.desk

    @property
    def operation(self) -> str:
        return OPERATIONS[self.vendor]

    @property
    def secret_name(self) -> str:
        return SECRET_NAMES[self.vendor]

    @property
    def asked(self) -> int:
        return len(self.simulator.journal.entries_of(self.operation))

    def office(self, *, client_secret: str = CLIENT_SECRET) -> TokenOffice:
        config = self.simulator.config
        if self.vendor == "bitrix24":
            return Bitrix24Office(self.http, self.simulator.bitrix24_oauth_url, config.bitrix_client_id, client_secret)
        return AmocrmOffice(
            self.http, self.simulator.amocrm_url, config.amocrm_client_id, client_secret, config.amocrm_redirect_uri
        )

    @asynccontextmanager
    async def run(
        self, environment_token: str | None = None, *, office: TokenOffice | None = None
    ) -> AsyncIterator[tuple[RefreshingToken, SecretStore]]:
        """One run of the program: a store over the lasting keyring, and its token source."""
        variable = f"PULT_{self.secret_name.upper()}"
        environment = {} if environment_token is None else {variable: environment_token}
        secrets = SecretStore(Path("/data/oauth"), keyring=self.keyring, environment=environment)
        sources = TokenSources(secrets)
        try:
            yield sources.refreshing(self.secret_name, office or self.office()), secrets
        finally:
            await sources.aclose()
            await secrets.aclose()


@asynccontextmanager
async def office_world(vendor: str) -> AsyncIterator[OfficeWorld]:
    config = SimulatorConfig(
        bitrix_client_secret=CLIENT_SECRET,
        bitrix_refresh_token=SEED["bitrix24"],
        amocrm_client_secret=CLIENT_SECRET,
        amocrm_refresh_token=SEED["amocrm"],
    )
    async with Simulator(config, VirtualClock()) as simulator:
        http = HttpSession(user_agent="pult-tests/0", clock=SystemClock())
        try:
            yield OfficeWorld(vendor, simulator, http)
        finally:
            await http.aclose()
