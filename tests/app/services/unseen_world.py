"""Whole consoles of several employees on one simulated PBX, switched on and off, all on one virtual clock. No tests."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from app.bootstrap import Services, open_services
from app.paths import find_folders
from app.services.open_card import OpenCard
from app.simulator.config import SimulatorConfig
from app.simulator.runner import Simulator
from tests.helpers.clock import FakeClock
from tests.helpers.services import secrets_for, settings_for
from tests.helpers.waiting import until
from tests.simulator.pbx_client import CALLER

ME, COLLEAGUE, THIRD = 2001, 2002, 2003
EVERY_S = 300
POLL_S = 30.0


@dataclass
class Office:
    """One PBX and a clock for everybody."""

    simulator: Simulator
    clock: FakeClock
    folder: Path
    time_zone: str

    @asynccontextmanager
    async def console(
        self,
        employee_id: int = ME,
        *,
        desk: str = "",
        look_back_h: int | None = None,
        is_looked: bool = True,
        records: bool = False,
    ) -> AsyncIterator[Services]:
        """One run of that employee's console; the same `desk` is the same data folder. `look_back_h` None: as the
        settings have it by themselves. `is_looked`: it has looked once more when this begins."""
        folders = find_folders(data_dir=self.folder / (desk or str(employee_id)))
        folders.create()
        secrets = secrets_for(self.simulator, folders.data_dir)
        settings = settings_for(self.simulator, employee_id)
        pbx = msgspec.structs.replace(
            settings.pbx,
            data_api_url=self.simulator.data_api_url,
            poll_interval_s=POLL_S,
            time_zone=self.time_zone,
        )
        card = msgspec.structs.replace(
            settings.card,
            wrap_up_s=0,
            look_for_missed_every_s=EVERY_S,
            look_back_h=settings.card.look_back_h if look_back_h is None else look_back_h,
        )
        bitrix24 = msgspec.structs.replace(settings.bitrix24, recording="upload" if records else "off")
        settings = msgspec.structs.replace(settings, pbx=pbx, card=card, bitrix24=bitrix24)
        try:
            async with open_services(settings, folders, secrets, clock=self.clock) as services:
                await until(lambda: services.poller.report.last_success is not None, what="the first poll")
                if is_looked:
                    await self.looked(services)
                yield services
        finally:
            await secrets.aclose()

    async def looked(self, services: Services) -> None:
        """One more look at the reports, which comes to something."""
        unseen = services.unseen_calls
        self.clock.advance(0.001)
        now = self.clock.now()
        unseen.look_soon()
        await until(
            lambda: unseen.trouble is not None or (unseen.looked_at is not None and unseen.looked_at >= now),
            timeout=10.0,
            what="a look",
        )

    async def pass_time(self, seconds: float, services: Sequence[Services] = ()) -> None:
        """Let the time pass in steps of a poll; each console given has polled after each of them."""
        while seconds > 0:
            step_s = min(POLL_S, seconds)
            polls = [one.poller.report.last_success for one in services]
            await self.clock.pass_time(step_s)
            for one, before in zip(services, polls, strict=True):
                one.poller.refresh_soon()
                await self._until_polled(one, before)
            seconds -= step_s

    async def _until_polled(self, services: Services, before: object) -> None:
        deadline_s = time.monotonic() + 10.0
        while services.poller.report.last_success == before:
            assert time.monotonic() < deadline_s, "no poll"
            await self.clock.pass_time(0.05)
            await asyncio.sleep(0.002)

    def ring(self, *employees: int) -> int:
        return self.simulator.pbx.ring_in(CALLER, employees=list(employees))

    def talk(self, seconds: float = 60.0, *, employee_id: int = ME, rings_s: float = 5.0) -> int:
        """A whole incoming call, over by now."""
        call = self.ring(employee_id)
        self.clock.advance(rings_s)
        self.simulator.pbx.answer(call, employee_id)
        self.clock.advance(seconds)
        self.simulator.pbx.hang_up(call, "contact")
        return call

    def hand_over(self, call_session_id: int, extension: str) -> None:
        """Who talks consults that colleague, who answers and gets the caller."""
        commands, call = self.simulator.account.commands, self.simulator.pbx.call(call_session_id)
        commands.hold(call, ("tts", "x"))
        commands.call_third_party(call, extension, None)
        self.clock.advance(10.0)
        self.simulator.pbx.colleague_answers(call_session_id)
        commands.transfer(call)

    def leg_of(self, call_session_id: int, employee_id: int) -> int:
        """The id of that employee's first leg."""
        call = self.simulator.pbx.call(call_session_id)
        return min(leg.leg_id for leg in (*call.past_legs, *call.legs) if leg.employee_id == employee_id)

    def asked(self, method: str) -> int:
        return len(self.simulator.journal.entries_of(method))


def offered(services: Services) -> list[OpenCard]:
    """Open cards of calls nobody saw."""
    return [card for card in services.wrap_up.cards.values() if card.is_offered]


def facts_by(services: Services, is_wanted: Callable[[OpenCard], bool] = lambda _: True) -> list[tuple[int, int]]:
    """Call and talk seconds of each open card."""
    facts = [card.draft.facts for card in services.wrap_up.cards.values() if is_wanted(card)]
    return [(one.call_session_id, one.talk_s or 0) for one in facts]


@asynccontextmanager
async def open_office(
    folder: Path, config: SimulatorConfig | None = None, *, clock: FakeClock | None = None
) -> AsyncIterator[Office]:
    clock, config = clock or FakeClock(), config or SimulatorConfig()
    async with Simulator(config, clock) as simulator:
        yield Office(simulator, clock, folder, config.time_zone)
