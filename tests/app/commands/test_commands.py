"""The headless commands as a script sees them: real processes, JSON shapes, exit codes, secrets."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from app.simulator.faults import Fault, HttpError
from tests.app.commands.shell import CALLER, PASSWORD, Shell, command_shell
from tests.helpers.services import ME, open_console
from tests.helpers.waiting import until


def _refusal(mnemonic: str, code: int) -> Fault:
    body = json.dumps(
        {"jsonrpc": "2.0", "id": None, "error": {"code": code, "message": "no", "data": {"mnemonic": mnemonic}}}
    )
    return HttpError(200, body.encode(), before_effect=True)


async def test_doctor_finds_everything_in_place(tmp_path: Path) -> None:
    async with command_shell(tmp_path) as (_, shell):
        ended = await shell.run("doctor", "--json")
    findings = {finding["code"]: finding["level"] for finding in ended.json["findings"]}
    assert ended.code == 0
    assert findings["pbx"] == findings["bitrix24"] == findings["database"] == findings["settings"] == "ok"
    assert findings["reports"] == "ok"


@pytest.mark.parametrize("report", ["get.calls_report", "get.call_legs_report"])
async def test_doctor_says_when_a_report_may_not_be_read(tmp_path: Path, report: str) -> None:
    async with command_shell(tmp_path) as (simulator, shell):
        simulator.account.switches.forbidden_methods |= {report}
        ended = await shell.run("doctor")
    assert any(line.startswith("warn") and "reports" in line for line in ended.out.splitlines()), ended.out
    assert "recordings and calls nobody saw will be missing" in ended.out


async def test_doctor_looks_at_amocrm_where_it_is_set_up(tmp_path: Path) -> None:
    async with command_shell(tmp_path) as (simulator, shell):
        quiet = await shell.run("doctor", "--json")
        with shell.config.open("a", encoding="utf-8") as config:
            config.write(f'\n[amocrm]\naccount_url = "{simulator.amocrm_url}"\n')
        without_token = await shell.run("doctor", "--json")
        shell.environment["PULT_AMOCRM_TOKEN"] = simulator.config.amocrm_token
        good = await shell.run("doctor")
        shell.environment["PULT_AMOCRM_TOKEN"] = "канарейка-5e1b"
        bad = await shell.run("doctor")
    levels = [
        next(finding["level"] for finding in ended.json["findings"] if finding["code"] == "amocrm")
        for ended in (quiet, without_token)
    ]
    assert levels == ["ok", "warn"]
    assert f"as user {simulator.config.amocrm_user_id}" in good.out
    assert any(line.startswith("fail  amocrm") for line in bad.out.splitlines())
    assert "канарейка" not in bad.out + bad.err


async def test_doctor_spends_no_refresh_token_it_could_not_keep(tmp_path: Path) -> None:
    async with command_shell(tmp_path) as (simulator, shell):
        config = simulator.config
        client_id = f'[bitrix24]\nclient_id = "{config.bitrix_client_id}"\nportal_url = "https://portal.test"'
        text = shell.config.read_text("utf-8").replace("[bitrix24]", client_id)
        shell.config.write_text(text, "utf-8")
        shell.environment["PULT_BITRIX24_CLIENT_SECRET"] = config.bitrix_client_secret
        shell.environment["PULT_BITRIX24_REFRESH_TOKEN"] = config.bitrix_refresh_token
        ended = await shell.run("doctor")
        asked = [entry for entry in simulator.journal.entries if "oauth" in entry.operation]
    assert "could not be kept without a keyring" in ended.out
    assert asked == []


async def test_doctor_names_the_address_an_application_lacks(tmp_path: Path) -> None:
    async with command_shell(tmp_path) as (simulator, shell):
        text = shell.config.read_text("utf-8").replace("[bitrix24]", '[bitrix24]\nclient_id = "local.1"')
        amocrm = f'\n[amocrm]\naccount_url = "{simulator.amocrm_url}"\nclient_id = "integration"\n'
        shell.config.write_text(text + amocrm, "utf-8")
        ended = await shell.run("doctor")
    assert ended.code == 1
    assert "bitrix24.portal_url is missing" in ended.out
    assert "amocrm.redirect_uri is missing" in ended.out


async def test_doctor_names_a_wrong_password_and_a_dead_portal(tmp_path: Path) -> None:
    async with command_shell(tmp_path, PULT_PBX_PASSWORD="wrong") as (simulator, shell):
        simulator.set_down("bitrix24", True)
        ended = await shell.run("doctor")
    assert ended.code == 1
    assert "Login or password is wrong." in ended.out
    assert any(line.startswith("fail  bitrix24") for line in ended.out.splitlines())


async def test_calls_lists_what_the_pbx_shows(tmp_path: Path) -> None:
    async with command_shell(tmp_path) as (simulator, shell):
        call_session_id = simulator.pbx.ring_in(CALLER, employees=[ME])
        as_json = await shell.run("calls", "--json")
        in_words = await shell.run("calls")
    (call,) = as_json.json["calls"]
    assert (as_json.code, in_words.code) == (0, 0)
    assert call["call_session_id"] == call_session_id
    assert call["state"] == "ringing"
    assert str(call_session_id) in in_words.out
    assert "+7 906 219-50-47" in in_words.out


@pytest.mark.parametrize(
    ("mnemonic", "code", "exit_code"),
    [("component_disabled", -32008, 3), ("limit_exceeded", -32029, 3), ("internal_error", -32603, 4)],
)
async def test_a_refusal_has_its_exit_code_and_a_sentence(
    tmp_path: Path, mnemonic: str, code: int, exit_code: int
) -> None:
    async with command_shell(tmp_path) as (simulator, shell):
        simulator.faults.add(_refusal(mnemonic, code), face="pbx", operation="list.calls", times=None)
        ended = await shell.run("calls", "--json")
    assert ended.json["error"]["code"] == mnemonic
    assert ended.code == exit_code
    assert ended.err.strip()


async def test_no_link_is_exit_5(tmp_path: Path) -> None:
    async with command_shell(tmp_path) as (simulator, shell):
        simulator.set_down("pbx", True)
        ended = await shell.run("calls")
    assert ended.code == 5
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ('[pbx]\nlogn = "x"', "pbx.logn"),
        ("[console]\nrole = 5", "console.role"),
        ('[pbx]\ncall_api_url = "http://pbx.example.test/v4.0"', "pbx.call_api_url"),
    ],
)
async def test_wrong_settings_name_their_key_and_exit_2(tmp_path: Path, line: str, path: str) -> None:
    shell = Shell(tmp_path, {})
    shell.config.write_text(line)
    ended = await shell.run("calls")
    assert ended.code == 2
    assert path in ended.err
    assert "Traceback" not in ended.err


async def test_a_secret_is_checked_without_being_shown(tmp_path: Path) -> None:
    shell = Shell(tmp_path, {"PULT_PBX_PASSWORD": PASSWORD})
    present = await shell.run("secret", "check", "pbx_password", "--json")
    absent = await shell.run("secret", "check", "pbx_token")
    assert (present.code, absent.code) == (0, 1)
    assert PASSWORD not in present.out + present.err


async def test_without_a_keyring_setting_a_secret_says_so_and_writes_nothing(tmp_path: Path) -> None:
    shell = Shell(tmp_path, {})
    ended = await shell.run("secret", "set", "pbx_password", stdin=PASSWORD + "\n")
    assert ended.code == 1
    assert "no usable keyring" in ended.out
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and PASSWORD.encode() in path.read_bytes()]


async def test_a_secret_cannot_be_given_on_the_command_line(tmp_path: Path) -> None:
    ended = await Shell(tmp_path, {}).run("secret", "set", "pbx_password", PASSWORD)
    assert ended.code == 2


async def test_an_unknown_secret_is_refused_with_the_known_names(tmp_path: Path) -> None:
    ended = await Shell(tmp_path, {}).run("secret", "check", "root_password")
    assert ended.code == 2
    assert "bitrix24_webhook" in ended.err


async def test_outbox_is_served_by_the_open_console(tmp_path: Path) -> None:
    async with command_shell(tmp_path) as (simulator, shell):
        alone = await shell.run("outbox", "list", "--json")
        async with open_console(simulator, shell.data):
            served = await shell.run("outbox", "list", "--json")
            unknown = await shell.run("outbox", "show", "pult-none")
    assert alone.json == served.json == {"cards": []}
    assert (alone.code, served.code, unknown.code) == (0, 0, 1)
    assert "outbox list" in unknown.err


async def test_calls_without_credentials_is_wrong_usage_and_says_what_to_do(tmp_path: Path) -> None:
    shell = Shell(tmp_path, {})
    shell.config.touch()
    ended = await shell.run("calls")
    assert ended.code == 2
    assert "secret set" in ended.err


async def test_outbox_shows_each_step_of_a_card_with_its_receipt(tmp_path: Path) -> None:
    async with command_shell(tmp_path) as (simulator, shell), open_console(simulator, shell.data) as services:
        call_session_id = simulator.pbx.ring_in(CALLER, employees=[ME])
        await until(lambda: bool(services.wrap_up.cards), what="the card")
        simulator.pbx.answer(call_session_id, ME)
        services.poller.refresh_soon()
        await until(lambda: any(call.was_answered for call in services.board.calls.values()), what="talk")
        simulator.pbx.hang_up(call_session_id, "contact")
        await until(lambda: all(c.draft.facts.is_finished for c in services.wrap_up.cards.values()), what="the end")
        (card_key,) = services.wrap_up.cards
        await services.wrap_up.save(card_key)
        await until(lambda: services.delivery.unsent_count == 0, what="delivery")
        in_words = await shell.run("outbox", "show", card_key)
        as_json = await shell.run("outbox", "show", card_key, "--json")
    activity = as_json.json["card"]["steps"][1]["receipt"]["activity_id"]
    assert (in_words.code, as_json.code) == (0, 0)
    assert f"activity_id {activity}" in in_words.out
    assert "register" in in_words.out


async def test_simulate_prints_one_line_and_ends_on_sigterm(tmp_path: Path) -> None:
    process = await Shell(tmp_path, {}).start("simulate", "--json")
    assert process.stdout is not None
    line = await process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    _, err = await process.communicate()
    credentials = json.loads(line)
    assert process.returncode == 0
    assert b"Traceback" not in err
    assert {"pbx_url", "bitrix24_webhook", "amocrm_url", "login", "password", "token"} <= set(credentials)


async def test_an_unknown_scenario_is_wrong_usage(tmp_path: Path) -> None:
    ended = await Shell(tmp_path, {}).run("simulate", "--scenario", "no-such-shift")
    assert ended.code == 2
    assert "no-such-shift" in ended.err
    assert "Traceback" not in ended.err
