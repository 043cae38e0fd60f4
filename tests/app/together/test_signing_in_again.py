"""Signing out and in again: whose token is used, what a refused sign-in does, which credentials win."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from app.bootstrap import Services, open_services
from app.domain.calls import CallSessionId
from app.errors import LimitExceeded, RightsMissing, SignInRefused
from app.paths import find_folders
from app.secrets import SecretStore
from app.services.call_control import CommandPhase
from app.simulator.config import SimulatorConfig
from app.simulator.runner import Simulator
from app.telephony.poller import LinkHealth
from tests.helpers.guards import ExpectedLog
from tests.helpers.services import ME, settings_for
from tests.helpers.waiting import until

CALLER = "79062195047"
FIRST = SimulatorConfig(scenario="tour", password="first-password", seed=1)
SECOND = SimulatorConfig(scenario="tour", login="second@example.test", password="second-password", seed=2)


@asynccontextmanager
async def console(simulator: Simulator, data_dir: Path, environment: dict[str, str]) -> AsyncIterator[Services]:
    folders = find_folders(data_dir=data_dir)
    folders.create()
    secrets = SecretStore(folders.data_dir, environment=environment)
    async with open_services(settings_for(simulator), folders, secrets) as services:
        yield services
    await secrets.aclose()


def operations(simulator: Simulator) -> list[str]:
    return [entry.operation for entry in simulator.journal.entries if entry.face == "pbx"]


def refusals(simulator: Simulator) -> list[str]:
    """A token of somebody else would be refused as access_token_invalid."""
    return [entry.outcome for entry in simulator.journal.entries if entry.face == "pbx" and entry.outcome != "ok"]


async def test_another_account_never_sees_a_token_of_the_one_before(tmp_path: Path) -> None:
    async with Simulator(FIRST) as first, Simulator(SECOND) as second:
        environment = {"PULT_PBX_PASSWORD": FIRST.password}
        async with console(first, tmp_path, environment) as services:
            await until(lambda: services.poller.report.health is LinkHealth.UP, what="the first account")
            environment["PULT_PBX_PASSWORD"] = SECOND.password
            await services.reconnect(settings_for(second))
            await until(lambda: services.poller.report.health is LinkHealth.UP, what="the second account")
            call_session_id = CallSessionId(second.pbx.ring_in(CALLER, employees=[ME]))
            services.poller.refresh_soon()
            await until(lambda: call_session_id in services.board.calls, what="a call of the second account")
            assert (await services.call_control.end_call(call_session_id)).phase is CommandPhase.ACCEPTED
            assert refusals(first) == refusals(second) == []
            assert operations(second).count("login.user") == 1
            after = len(operations(first))
            services.poller.refresh_soon()
            await until(lambda: services.poller.report.calls_seen == 0, what="the end of the call")
            assert len(operations(first)) == after


async def test_signed_out_nothing_is_sent_until_somebody_signs_in(tmp_path: Path) -> None:
    async with Simulator(FIRST) as simulator:
        environment = {"PULT_PBX_PASSWORD": FIRST.password}
        async with console(simulator, tmp_path, environment) as services:
            await until(lambda: services.poller.report.health is LinkHealth.UP, what="the link")
            assert services.telephony is not None
            await services.telephony.sign_out()
            del environment["PULT_PBX_PASSWORD"]
            await services.reconnect(services.settings)
            assert operations(simulator)[-1] == "logout.user"
            assert services.poller.report.health is LinkHealth.SIGN_IN_NEEDED
            environment["PULT_PBX_PASSWORD"] = FIRST.password
            await services.reconnect(services.settings)
            await until(lambda: services.poller.report.health is LinkHealth.UP, what="the link again")
            assert operations(simulator).count("login.user") == 2


async def test_a_permanent_key_wins_and_nobody_logs_in(tmp_path: Path) -> None:
    async with Simulator(FIRST) as simulator:
        environment = {"PULT_PBX_PASSWORD": FIRST.password, "PULT_PBX_TOKEN": FIRST.permanent_token}
        async with console(simulator, tmp_path, environment) as services:
            await until(lambda: services.poller.report.health is LinkHealth.UP, what="the link")
            assert "login.user" not in operations(simulator)
            assert refusals(simulator) == []


@pytest.mark.parametrize(
    ("mnemonic", "params", "kind"),
    [
        ("limit_exceeded", {"limit_type": "minute", "limit_max_value": 10}, LimitExceeded),
        ("ip_not_whitelisted", {"ip": "127.0.0.1"}, RightsMissing),
        ("internal_error", {}, None),
    ],
)
async def test_a_login_refused_for_now_is_tried_again_by_itself(
    tmp_path: Path, expected_log: ExpectedLog, mnemonic: str, params: dict[str, object], kind: type | None
) -> None:
    expected_log("the link to the PBX broke")
    async with Simulator(FIRST) as simulator:
        simulator.account.switches.refuse_next("login.user", mnemonic, params)
        async with console(simulator, tmp_path, {"PULT_PBX_PASSWORD": FIRST.password}) as services:
            await until(lambda: services.poller.report.error is not None, what="the refused login")
            report = services.poller.report
            assert report.health is not LinkHealth.SIGN_IN_NEEDED
            assert kind is None or isinstance(report.error, kind)
            if kind is LimitExceeded:
                # Whoever asks before the reset is refused for sure: not even a refresh goes out.
                services.poller.refresh_soon()
                await services.clock.sleep(0.5)
                assert operations(simulator) == ["login.user"]
                return
            services.poller.refresh_soon()
            await until(lambda: services.poller.report.health is LinkHealth.UP, what="the link")


async def test_a_wrong_password_is_asked_about_and_not_hammered(tmp_path: Path, expected_log: ExpectedLog) -> None:
    expected_log("the link to the PBX broke: auth_error")
    wrong = {"PULT_PBX_PASSWORD": "wrong"}
    async with Simulator(FIRST) as simulator, console(simulator, tmp_path, wrong) as services:
        await until(lambda: services.poller.report.health is LinkHealth.SIGN_IN_NEEDED, what="the refusal")
        assert isinstance(services.poller.report.error, SignInRefused)
        for _ in range(5):
            services.poller.refresh_soon()
        await services.clock.sleep(0.5)
        assert operations(simulator) == ["login.user"]


async def test_settings_of_a_permanent_key_need_no_login(tmp_path: Path) -> None:
    async with Simulator(FIRST) as simulator:
        folders = find_folders(data_dir=tmp_path)
        folders.create()
        settings = settings_for(simulator)
        settings = msgspec.structs.replace(settings, pbx=msgspec.structs.replace(settings.pbx, login=""))
        secrets = SecretStore(folders.data_dir, environment={"PULT_PBX_TOKEN": FIRST.permanent_token})
        async with open_services(settings, folders, secrets) as services:
            await until(lambda: services.poller.report.health is LinkHealth.UP, what="the link")
        await secrets.aclose()
