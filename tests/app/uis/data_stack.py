"""The Data API's side of the console against a running simulator."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from app.http import HttpSession, PointsBudget
from app.simulator.config import SimulatorConfig
from app.simulator.runner import Simulator
from app.uis.data_adapter import UisAccount
from app.uis.data_client import UisDataClient
from app.uis.rpc import DEADLINE_S, Correlation
from app.uis.sign_in import UisSignIn
from tests.app.telephony.stack import ME, MOSCOW, credentials_of
from tests.helpers.clock import FakeClock


@dataclass
class DataStack:
    """From the wire to the account's port."""

    simulator: Simulator
    clock: FakeClock
    points: PointsBudget
    client: UisDataClient
    account: UisAccount

    def asked(self, method: str) -> int:
        """How often the simulator got that method."""
        return len(self.simulator.journal.entries_of(method))


@asynccontextmanager
async def open_data_stack(
    config: SimulatorConfig | None = None, *, permanent: bool = True, deadline_s: float = DEADLINE_S
) -> AsyncIterator[DataStack]:
    """Nothing is sent before the test does."""
    clock = FakeClock()
    http = HttpSession(user_agent="pult-tests", clock=clock)
    async with Simulator(config, clock) as simulator:
        points = PointsBudget(clock)
        sign_in = UisSignIn(credentials_of(simulator, permanent=permanent), clock)
        client = UisDataClient(
            http, simulator.data_api_url, sign_in, Correlation(ME, clock), points=points, deadline_s=deadline_s
        )
        try:
            yield DataStack(simulator, clock, points, client, UisAccount(client, MOSCOW, clock, points))
        finally:
            await http.aclose()
