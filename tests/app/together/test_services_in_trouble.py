"""The services when something is in the way: restarts in mid-call, locked keyrings, quick reconnects, odd folders."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from app.bootstrap import Services, open_services
from app.clock import SystemClock
from app.domain.calls import CallSessionId, CallState, EmployeeId
from app.errors import SecretsLocked, StorageError
from app.http import HttpSession
from app.integrations import build_pbx
from app.paths import find_folders
from app.secrets import SecretStore
from app.services.open_card import OpenCard
from app.settings import Settings
from app.simulator.config import SimulatorConfig
from app.simulator.faults import HoldUntilReleased
from app.simulator.runner import Simulator
from app.telephony.poller import LinkHealth
from tests.helpers.guards import ExpectedLog
from tests.helpers.services import ME, open_console, open_world, settings_for
from tests.helpers.waiting import until

CALLER = "79062195047"
COLLEAGUE = 2002


class LockedKeyring:
    """A login keyring nobody has unlocked, as on a kiosk that signs in by itself."""

    name = "locked"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def read(self, service: str, entry: str) -> str | None:
        self.asked.append(entry)
        raise SecretsLocked("keyring_locked")

    def write(self, service: str, entry: str, value: str) -> None:
        raise SecretsLocked("keyring_locked")

    def remove(self, service: str, entry: str) -> None:
        raise SecretsLocked("keyring_locked")


def only_card(services: Services) -> OpenCard:
    (card,) = services.wrap_up.cards.values()
    return card


async def ringing(simulator: Simulator, services: Services, *employees: int) -> CallSessionId:
    call_session_id = CallSessionId(simulator.pbx.ring_in(CALLER, employees=list(employees or (ME,))))
    services.poller.refresh_soon()
    await until(lambda: call_session_id in services.board.calls, what="the call on the board")
    return call_session_id


async def talking(simulator: Simulator, services: Services) -> CallSessionId:
    call_session_id = await ringing(simulator, services)
    simulator.pbx.answer(call_session_id, ME)
    services.poller.refresh_soon()
    await until(lambda: _state(services, call_session_id) is CallState.TALK, what="talk")
    return call_session_id


def _state(services: Services, call_session_id: CallSessionId) -> CallState | None:
    call = services.board.call(call_session_id)
    return call.call_state if call else None


async def autosaved(services: Services) -> None:
    (card_key,) = services.wrap_up.cards
    services.wrap_up.edit(card_key, replace(only_card(services).draft.fields, notes="calls back"))
    await until(lambda: only_card(services).autosaved_at is not None, what="the draft on the disk")


async def test_a_call_that_ended_while_no_console_ran_gets_its_card_finished(tmp_path: Path) -> None:
    async with Simulator(SimulatorConfig(scenario="tour")) as simulator:
        async with open_console(simulator, tmp_path) as services:
            call_session_id = await talking(simulator, services)
            await until(lambda: only_card(services).trace.talk_began_at is not None)
        simulator.pbx.hang_up(call_session_id, "contact")
        async with open_console(simulator, tmp_path) as services:
            await until(lambda: only_card(services).draft.facts.is_finished, what="the card finished by two looks")


async def test_restored_cards_are_looked_up_although_the_crm_connects_later(tmp_path: Path) -> None:
    async with Simulator(SimulatorConfig(scenario="tour")) as simulator:
        async with open_console(simulator, tmp_path) as services:
            await ringing(simulator, services)
            await until(lambda: only_card(services).lookup == "done", what="the look-up")
            await autosaved(services)
        async with open_console(simulator, tmp_path) as services:
            await until(lambda: only_card(services).lookup == "done", what="the look-up after the restart")
            assert [customer.name for customer in only_card(services).matches] == ["Мария Ивановна Котова"]


async def test_connecting_the_crm_during_a_call_finds_the_caller(tmp_path: Path) -> None:
    async with Simulator(SimulatorConfig(scenario="tour")) as simulator:
        folders = find_folders(data_dir=tmp_path)
        folders.create()
        environment = {"PULT_PBX_PASSWORD": simulator.config.password}
        secrets = SecretStore(folders.data_dir, environment=environment)
        settings = settings_for(simulator)
        async with open_services(settings, folders, secrets) as services:
            await ringing(simulator, services)
            await until(lambda: only_card(services).lookup == "failed", what="the look-up without a CRM")
            environment["PULT_BITRIX24_WEBHOOK"] = simulator.webhook_url
            await services.reconnect(settings)
            await until(lambda: only_card(services).lookup == "done", what="the look-up")
        await secrets.aclose()


async def test_my_card_is_finished_although_somebody_else_sits_here_by_then(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        simulator, services = world.simulator, world.services
        call_session_id = await talking(simulator, services)
        services.wrap_up.edit(only_card(services).draft.card_key, replace(only_card(services).draft.fields, notes="n"))
        await services.reconnect(settings_for(simulator, COLLEAGUE))
        simulator.pbx.hang_up(call_session_id, "contact")
        await until(lambda: only_card(services).draft.facts.is_finished, what="the card of the one who talked")
        assert only_card(services).draft.facts.employee_id == EmployeeId(ME)
        assert only_card(services).draft.fields.notes == "n"


@asynccontextmanager
async def locked_out(simulator: Simulator, data_dir: Path, environment: dict[str, str]) -> AsyncIterator[Services]:
    folders = find_folders(data_dir=data_dir)
    folders.create()
    secrets = SecretStore(folders.data_dir, keyring=LockedKeyring(), environment=environment)
    async with open_services(settings_for(simulator), folders, secrets) as services:
        yield services
    await secrets.aclose()


async def test_a_locked_keyring_does_not_matter_where_the_environment_gives_the_secrets(tmp_path: Path) -> None:
    async with Simulator(SimulatorConfig(scenario="tour")) as simulator:
        environment = {
            "PULT_PBX_PASSWORD": simulator.config.password,
            "PULT_BITRIX24_WEBHOOK": simulator.webhook_url,
        }
        async with locked_out(simulator, tmp_path, environment) as services:
            await until(lambda: services.poller.report.health is LinkHealth.UP, what="the link")
            assert services.directory is not None
            assert services.secrets_trouble is None


async def test_no_keyring_is_asked_for_what_the_environment_gives(tmp_path: Path) -> None:
    """On a kiosk the question would be a window in front of the operator."""
    keyring, environment = LockedKeyring(), {"PULT_PBX_PASSWORD": "x"}
    settings = msgspec.structs.replace(Settings(), pbx=msgspec.structs.replace(Settings().pbx, login="kiosk"))
    clock = SystemClock()
    http = HttpSession(user_agent="test", clock=clock)
    secrets = SecretStore(tmp_path, keyring=keyring, environment=environment)
    assert await build_pbx(settings, secrets, http, clock) is not None
    assert keyring.asked == []
    await secrets.aclose()
    await http.aclose()


async def test_a_locked_pbx_secret_keeps_no_crm_away(tmp_path: Path, expected_log: ExpectedLog) -> None:
    expected_log("the keyring does not give the secrets: keyring_locked")
    async with Simulator(SimulatorConfig(scenario="tour")) as simulator:
        environment = {"PULT_BITRIX24_WEBHOOK": simulator.webhook_url}
        async with locked_out(simulator, tmp_path, environment) as services:
            assert services.poller.report.health is LinkHealth.SIGN_IN_NEEDED
            assert services.directory is not None
            assert isinstance(services.secrets_trouble, SecretsLocked)


class SmallKeyring:
    """One that is open."""

    name = "small"

    def __init__(self, **entries: str) -> None:
        self.entries = entries

    def read(self, service: str, entry: str) -> str | None:
        return self.entries.get(entry)

    def write(self, service: str, entry: str, value: str) -> None:
        self.entries[entry] = value

    def remove(self, service: str, entry: str) -> None:
        self.entries.pop(entry, None)


def without_login(settings: Settings) -> Settings:
    return msgspec.structs.replace(settings, pbx=msgspec.structs.replace(settings.pbx, login=""))


async def test_of_two_reconnects_at_once_the_later_one_counts(tmp_path: Path) -> None:
    async with Simulator(SimulatorConfig(scenario="tour")) as simulator:
        folders = find_folders(data_dir=tmp_path)
        folders.create()
        keyring = SmallKeyring(pbx_password=simulator.config.password, bitrix24_webhook=simulator.webhook_url)
        secrets = SecretStore(folders.data_dir, keyring=keyring, environment={})
        settings = settings_for(simulator)
        nobody = without_login(settings)
        async with open_services(settings, folders, secrets) as services:
            # The first one asks the keyring once more, so it would come out last.
            await asyncio.gather(services.reconnect(settings), services.reconnect(nobody))
            assert services.settings == nobody
            assert services.telephony is None
            assert services.poller.report.health is LinkHealth.SIGN_IN_NEEDED
            await asyncio.gather(services.reconnect(nobody), services.reconnect(settings))
            assert services.settings == settings
            await until(lambda: services.poller.report.health is LinkHealth.UP, what="the link")
        await secrets.aclose()


async def test_a_command_under_way_during_a_reconnect_ends(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        simulator, services = world.simulator, world.services
        call_session_id = await talking(simulator, services)
        rule = simulator.faults.add(HoldUntilReleased(), face="pbx", operation="hold.call")
        holding = asyncio.ensure_future(services.call_control.hold(call_session_id))
        await rule.wait_held()
        await services.reconnect(settings_for(simulator))
        rule.release()
        assert (await holding).phase.value == "accepted"
        await until(lambda: _state(services, call_session_id) is CallState.HOLD, what="hold")


async def test_without_a_place_for_the_local_channel_the_console_works(
    tmp_path: Path, expected_log: ExpectedLog
) -> None:
    expected_log("other processes cannot ask this console")
    (tmp_path / "run").write_text("not a folder")
    async with open_world(tmp_path) as world:
        await until(lambda: world.services.poller.report.health is LinkHealth.UP, what="the link")


async def test_a_damaged_database_is_set_aside_and_everything_else_opens(
    tmp_path: Path, expected_log: ExpectedLog
) -> None:
    expected_log("the database was damaged and has been set aside")
    (tmp_path / "pult.db").write_bytes(b"not a database" * 1000)
    async with open_world(tmp_path) as world:
        assert world.services.database_report.set_aside is not None
        await until(lambda: world.services.poller.report.health is LinkHealth.UP, what="the link")


async def test_a_folder_that_cannot_be_written_leaves_nothing_open(tmp_path: Path) -> None:
    (tmp_path / "pult.db").mkdir()
    async with Simulator(SimulatorConfig(scenario="tour")) as simulator:
        with pytest.raises(StorageError):
            async with open_console(simulator, tmp_path):
                pass
    (tmp_path / "pult.db").rmdir()
    async with open_world(tmp_path) as world:
        await until(lambda: world.services.poller.report.health is LinkHealth.UP, what="the link")
