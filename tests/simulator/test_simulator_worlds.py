"""Scenario files, the seeded background load, virtual time, the journal, the control port and the process itself."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from app.simulator.clock import RealClock, VirtualClock
from app.simulator.config import SimulatorConfig
from app.simulator.faults import HttpError
from app.simulator.journal import Journal, JournalEntry
from app.simulator.pbx.call import SessionState
from app.simulator.runner import Simulator
from app.simulator.scenario import FOLDER, ScenarioError, load_scenario
from app.simulator.schedule import Schedule
from tests.simulator.crm_client import Answer, ask
from tests.simulator.pbx_client import CALLER, ME

DEMOS = sorted(path.stem for path in FOLDER.glob("*.toml"))
ROOT = Path(__file__).resolve().parents[2]


def history(seed: int, minutes: int = 10) -> list[object]:
    """All that list.calls would have shown each five seconds."""
    simulator = Simulator(SimulatorConfig(seed=seed, scenario="shift"), VirtualClock())
    simulator.start_world()
    shown: list[object] = []
    for _ in range(minutes * 12):
        simulator.advance(5)
        shown.append(simulator.account.listing.calls())
    return shown


def test_the_same_seed_gives_the_same_world_and_another_seed_another() -> None:
    assert history(1) == history(1)
    assert history(1) != history(2)


def test_the_world_is_the_same_however_seldom_somebody_looks() -> None:
    def state_after(step_s: float) -> object:
        simulator = Simulator(SimulatorConfig(scenario="shift"), VirtualClock())
        simulator.start_world()
        for _ in range(round(600 / step_s)):
            simulator.advance(step_s)
        return simulator.account.listing.calls(), [call.finish_reason for call in simulator.pbx.finished]

    assert state_after(0.5) == state_after(60) == state_after(600)


def test_the_demo_files_are_there() -> None:
    assert {"busy", "shift", "tour"} <= set(DEMOS)


@pytest.mark.parametrize("demo", DEMOS)
def test_a_demo_world_lives_for_two_hours(demo: str) -> None:
    simulator = Simulator(SimulatorConfig(scenario=demo), VirtualClock())
    simulator.start_world()
    counts: list[int] = []
    states: set[SessionState] = set()
    for _ in range(720):
        simulator.advance(10)
        counts.append(len(simulator.pbx.calls))
        states |= {call.session_state for call in simulator.pbx.calls}
    expected = {"shift": (6, 13), "tour": (0, 0), "busy": (20, 34)}[demo]
    assert expected[0] <= min(counts)
    assert max(counts) <= expected[1]
    if demo != "tour":
        assert {SessionState.HOLD, SessionState.OPERATOR_TALK, SessionState.TALK, SessionState.SESSION} <= states
        assert all(call.finish_reason for call in simulator.pbx.finished)
    customers = simulator.scenario.customers
    assert len({customer.phone for customer in customers}) == len(customers) > 10
    assert any(customer.phone == CALLER for customer in customers)


def test_in_the_shift_my_first_call_comes_at_three_seconds_among_busy_colleagues() -> None:
    simulator = Simulator(SimulatorConfig(scenario="shift"), VirtualClock())
    simulator.start_world()
    assert 8 <= len(simulator.pbx.calls) <= 12
    assert all(call.started_at <= simulator.clock.now() for call in simulator.pbx.calls)
    assert not any(call.leg_of_employee(ME) for call in simulator.pbx.calls)
    simulator.advance(3)
    (mine,) = [call for call in simulator.pbx.calls if call.leg_of_employee(ME)]
    assert (mine.contact, mine.session_state) == (CALLER, SessionState.SESSION)
    simulator.advance(6)
    assert mine.session_state is SessionState.TALK


async def test_customers_of_the_scenario_are_known_to_the_portal() -> None:
    async with Simulator(SimulatorConfig(scenario="tour"), VirtualClock()) as simulator:
        port, path = simulator.webhook_url.removeprefix("http://127.0.0.1:").split("/", 1)
        body = json.dumps({"PHONE_NUMBER": CALLER}).encode()
        method = f"/{path}telephony.externalCall.searchCrmEntities"
        answer = await ask(int(port), "POST", method, body)
        assert [found["NAME"] for found in answer.body["result"]] == ["Мария Ивановна Котова"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[office", "TOMLDecodeError"),
        ("x = 1\n[office]", "unknown tables"),
        ("title = 'no office'", "office"),
        ("[office]\n[[timeline]]\nat_s = 'soon'\naction = 'answer'\ncall = 'a'", "a number was expected"),
        ("[office]\n[[office.tags]]\nid = 'x'\nname = 'y'", "a whole number was expected"),
        ("[office]\n[background]\nemployees = 7", "array"),
    ],
)
def test_a_broken_scenario_says_what_is_wrong(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "broken.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=complaint):
        load_scenario(str(path))


def test_an_unknown_scenario_or_action_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="no scenario"):
        load_scenario("nowhere")
    path = tmp_path / "odd.toml"
    path.write_text("[office]\n[[timeline]]\nat_s = 1\naction = 'dance'\ncall = 'a'", encoding="utf-8")
    with pytest.raises(ScenarioError, match="dance"):
        Simulator(SimulatorConfig(scenario=str(path)), VirtualClock())


def test_planned_changes_happen_in_order_at_their_own_moments() -> None:
    clock = VirtualClock()
    schedule = Schedule(clock)
    seen: list[tuple[str, float]] = []

    def first() -> None:
        seen.append(("first", schedule.elapsed_s()))
        schedule.after(1.0, lambda: seen.append(("planned by first", schedule.elapsed_s())))

    schedule.after(5.0, lambda: seen.append(("third", schedule.elapsed_s())))
    schedule.after(2.0, first)
    never = schedule.after(4.0, lambda: seen.append(("never", 0.0)))
    never.cancel()
    clock.advance(1.0)
    schedule.catch_up()
    assert seen == []
    clock.advance(100.0)
    schedule.catch_up()
    assert seen == [("first", 2.0), ("planned by first", 3.0), ("third", 5.0)]
    assert schedule.elapsed_s() == 101.0


async def test_sleepers_of_the_virtual_clock_wake_in_order_and_the_real_clock_goes_by_itself() -> None:
    clock = VirtualClock()
    woken: list[str] = []

    async def sleeper(name: str, seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append(name)

    async with asyncio.TaskGroup() as group:
        group.create_task(sleeper("late", 3.0))
        group.create_task(sleeper("early", 1.0))
        await asyncio.sleep(0)
        clock.advance(0.9)
        await asyncio.sleep(0)
        assert woken == []
        clock.advance(5.0)
    assert woken == ["early", "late"]
    with pytest.raises(ValueError, match="back"):
        clock.advance(-1)
    real = RealClock()
    before_s = real.monotonic()
    await real.sleep(0.001)
    assert real.monotonic() > before_s
    assert real.now().utcoffset() is not None


async def test_the_journal_can_be_waited_for_and_masks_secrets_at_any_depth() -> None:
    journal = Journal()
    clock = VirtualClock()

    def add(operation: str, params: Mapping[str, object]) -> JournalEntry:
        return journal.add(
            at=clock.now(), face="pbx", operation=operation, params=params, request_id=None, effects=(), outcome="ok"
        )

    first = add("a", {"password": "p", "deep": [{"access_token": "t", "kept": 1}]})
    assert first.params == {"password": "***", "deep": [{"access_token": "***", "kept": 1}]}
    assert await journal.wait_for(lambda entry: entry.operation == "a") is first
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(journal.wait_for(lambda entry: entry.operation == "b"))
        await asyncio.sleep(0)
        second = add("b", {})
    assert waiting.result() is second
    with pytest.raises(TimeoutError):
        await journal.wait_for(lambda entry: entry.operation == "c", timeout_s=0.01)
    journal.clear()
    assert journal.entries == []
    assert add("d", {}).sequence == 3


async def steer(simulator: Simulator, path: str, args: object = None, *, token: str | None = None) -> Answer:
    port = int(simulator.control_url.split(":")[2])
    headers = {"X-Control-Token": simulator.control_token if token is None else token}
    method = "GET" if args is None else "POST"
    return await ask(port, method, path, b"" if args is None else json.dumps(args).encode(), headers)


async def test_the_control_port_drives_phones_time_faults_and_faces() -> None:
    async with Simulator(clock=VirtualClock()) as simulator:
        rung = await steer(simulator, "/ring", {"contact": CALLER, "employees": [ME]})
        call = rung.body["result"]["call_session_id"]
        await steer(simulator, "/answer", {"call_session_id": call, "employee": ME})
        assert simulator.pbx.call(call).session_state is SessionState.TALK
        advanced = await steer(simulator, "/advance", {"seconds": 90})
        assert advanced.body["result"]["now"] == simulator.clock.now().isoformat()
        assert (await steer(simulator, "/calls")).body["result"]["live"][0]["call_session_id"] == call
        fault = {"fault": "HttpError", "args": {"status": 503, "body": "busy"}, "face": "pbx", "times": None}
        await steer(simulator, "/faults", fault)
        assert simulator.faults.rules[0].fault == HttpError(503, b"busy")
        await steer(simulator, "/faults/release", {})
        await steer(simulator, "/faults/clear", {})
        assert simulator.faults.rules == []
        await steer(simulator, "/hangup", {"call_session_id": call, "who": "contact"})
        finished = (await steer(simulator, "/calls")).body["result"]["finished"]
        assert finished == [{"call_session_id": call, "finish_reason": "contact_hung_up"}]
        await steer(simulator, "/points/spend", {"points": 5})
        assert simulator.account.points.as_limits()["minute_remaining"] == 9995
        await steer(simulator, "/down", {"face": "pbx", "down": True})
        with pytest.raises(ConnectionRefusedError):
            await ask(int(simulator.pbx_url.split(":")[2].split("/")[0]), "POST", "/v4.0")
        await steer(simulator, "/down", {"face": "pbx", "down": False})
        assert (await ask(int(simulator.pbx_url.split(":")[2].split("/")[0]), "POST", "/v4.0")).http_status == 200
        journal = (await steer(simulator, "/journal?since=0")).body["result"]
        assert [entry["outcome"] for entry in journal] == ["error:parse_error"]
        assert (await steer(simulator, f"/journal?since={journal[-1]['sequence']}")).body["result"] == []


@pytest.mark.parametrize(
    ("path", "args"),
    [
        ("/dance", {}),
        ("/answer", {"call_session_id": 1, "employee": ME}),
        ("/answer", {"call_session_id": "1", "employee": ME}),
        ("/ring", {"employees": [ME]}),
        ("/ring", {"contact": CALLER, "employees": "me"}),
        ("/faults", {"fault": "Mutate"}),
        ("/faults", {"fault": "Nothing"}),
        ("/faults", {"fault": "Delay", "args": {"minutes": 1}}),
        ("/down", {"face": "nobody"}),
        ("/advance", {"seconds": -1}),
        ("/advance", []),
    ],
)
async def test_the_control_port_says_what_it_cannot_do(path: str, args: Any) -> None:
    async with Simulator(clock=VirtualClock()) as simulator:
        answer = await steer(simulator, path, args)
        assert answer.http_status == 400
        assert answer.body["error"]


async def test_the_control_port_is_closed_without_the_runs_token() -> None:
    async with Simulator(clock=VirtualClock()) as simulator, Simulator(clock=VirtualClock()) as other:
        for token in ("", "x", other.control_token):
            answer = await steer(simulator, "/ring", {"contact": CALLER, "employees": [ME]}, token=token)
            assert answer.http_status == 403
        assert simulator.pbx.calls == []


async def test_a_real_clock_cannot_be_advanced() -> None:
    async with Simulator() as simulator:
        assert (await steer(simulator, "/advance", {"seconds": 1})).http_status == 400


def run_simulator(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "app.simulator", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM that a process can answer")
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_process_announces_one_line_serves_and_ends_in_order(ending: signal.Signals) -> None:
    with run_simulator("--scenario", "tour", "--seed", "3", "--virtual-clock") as process:
        assert process.stdout is not None
        credentials = json.loads(process.stdout.readline())
        assert set(credentials) == {
            "pbx_url",
            "data_api_url",
            "bitrix24_webhook",
            "amocrm_url",
            "login",
            "password",
            "token",
            "employee_id",
            "bitrix24_user_id",
            "amocrm_token",
            "amocrm_user_id",
            "amocrm_client_id",
            "amocrm_client_secret",
            "amocrm_redirect_uri",
            "amocrm_refresh_token",
            "bitrix24_client_id",
            "bitrix24_client_secret",
            "bitrix24_oauth_url",
            "bitrix24_refresh_token",
            "control_url",
            "media_url",
            "control_token",
        }
        port = int(credentials["pbx_url"].split(":")[2].split("/")[0])
        params = {"access_token": credentials["token"]}
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "list.calls", "params": params}).encode()
        assert asyncio.run(ask(port, "POST", "/v4.0", body)).body["result"]["data"] == []
        process.send_signal(ending)
        rest, errors = process.communicate(timeout=10)
    assert (process.returncode, rest, errors) == (0, "", "")


def test_the_process_refuses_an_unknown_scenario() -> None:
    with run_simulator("--scenario", "nowhere") as process:
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 2
    assert "nowhere" in errors
