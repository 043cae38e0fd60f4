"""*Connect* with the core behind it: checks against the simulator, saving, signing out."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from app.account.lists import ListsOrigin
from app.bootstrap import Services, open_services
from app.paths import find_folders
from app.secrets import BITRIX24_WEBHOOK, PBX_PASSWORD, PBX_TOKEN, SecretStore
from app.settings import PbxSettings, Settings, load_settings, parse_settings
from app.simulator.config import SimulatorConfig
from app.simulator.runner import Simulator
from app.telephony.poller import LinkHealth
from tests.helpers.qt import finish_deletions, show
from tests.helpers.waiting import until
from ui.tasks import TaskScope
from ui.windows.connect_dialog import ConnectDialog
from ui.windows.connect_form import form_problems, settings_with
from ui.windows.connect_presenter import ConnectPresenter
from ui.windows.connect_state import Bitrix24Form, ConnectField, ConnectForm, EmployeeChoice

PASSWORD = "simulated-password"  # the simulator's own
EMPLOYEES = '[[pbx.employees]]\nid = 2001\nname = "Орлова Марина"\nextension = "101"\n'


class Keyring:
    """A keyring of this test alone."""

    name = "test keyring"

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}

    def read(self, service: str, entry: str) -> str | None:
        return self.entries.get((service, entry))

    def write(self, service: str, entry: str, value: str) -> None:
        self.entries[service, entry] = value

    def remove(self, service: str, entry: str) -> None:
        self.entries.pop((service, entry), None)


@dataclass
class Desk:
    """A console that was never connected, its Connect dialog open."""

    simulator: Simulator
    services: Services
    secrets: SecretStore
    keyring: Keyring
    config_file: Path
    dialog: ConnectDialog
    presenter: ConnectPresenter
    questions: list[str] = field(default_factory=list)
    agrees: bool = True

    async def confirm(self, parent: QWidget | None, *, title: str, text: str, confirm_text: str) -> bool:
        self.questions.append(text)
        return self.agrees

    def type_everything(self) -> None:
        dialog, simulator = self.dialog, self.simulator
        dialog.pbx.address_field.setText(simulator.pbx_url)
        dialog.pbx.login_field.setText(simulator.config.login)
        dialog.pbx.password_field.setText(simulator.config.password)
        dialog.me.employee_field.setEditText("Орлова Марина · 2001")
        dialog.bitrix24.webhook_field.setText(simulator.webhook_url)


@asynccontextmanager
async def open_desk(folder: Path, config: SimulatorConfig | None = None) -> AsyncIterator[Desk]:
    folders = find_folders(data_dir=folder)
    folders.create()
    folders.config_file.write_text(EMPLOYEES, "utf-8")
    folders.config_file.chmod(0o600)
    keyring = Keyring()
    secrets = SecretStore(folders.data_dir, keyring=keyring, environment={})
    settings = load_settings(folders.config_file)
    scope = TaskScope()
    dialog = ConnectDialog()
    try:
        async with (
            Simulator(config or SimulatorConfig(scenario="tour")) as simulator,
            open_services(settings, folders, secrets) as services,
        ):
            desk: list[Desk] = []

            async def confirm(parent: QWidget | None, *, title: str, text: str, confirm_text: str) -> bool:
                return await desk[0].confirm(parent, title=title, text=text, confirm_text=confirm_text)

            presenter = ConnectPresenter(
                dialog, services, settings, secrets,
                config_file=folders.config_file, scope=scope, confirm=confirm,
            )  # fmt: skip
            show(dialog)
            desk.append(Desk(simulator, services, secrets, keyring, folders.config_file, dialog, presenter))
            await until(lambda: dialog.home_label.text(), what="the keyring is named")
            yield desk[0]
            await scope.aclose()
    finally:
        dialog.close()
        dialog.deleteLater()
        finish_deletions()
        await secrets.aclose()


async def test_checks_answer_for_what_is_typed_before_anything_is_saved(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        desk.type_everything()
        desk.simulator.pbx.ring_in("79062195047", employees=[2001])
        desk.dialog.pbx.check_button.click()
        await until(lambda: "Signed in, live calls visible: 1." in desk.dialog.pbx.answer.text())
        desk.dialog.bitrix24.check_button.click()
        await until(lambda: "(user 7)" in desk.dialog.bitrix24.answer.text())
        assert desk.dialog.form().crm_user_text == "7"
        assert desk.keyring.entries == {}
        assert desk.config_file.read_text("utf-8") == EMPLOYEES


async def test_typing_on_makes_an_answer_old(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        desk.type_everything()
        desk.dialog.pbx.password_field.setText("wrong")
        desk.dialog.pbx.check_button.click()
        await until(lambda: "password is wrong" in desk.dialog.pbx.answer.text())
        desk.dialog.pbx.password_field.textEdited.emit("x")
        assert not desk.dialog.pbx.answer.isVisible()


async def test_saving_keeps_settings_in_the_file_secrets_in_the_keyring_and_connects(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        assert desk.services.poller.report.health is LinkHealth.SIGN_IN_NEEDED
        desk.type_everything()
        desk.dialog.me.crm_user_field.setText("7")
        desk.dialog.save_button.click()
        await until(lambda: not desk.dialog.isVisible(), what="dialog closed")
        saved = load_settings(desk.config_file)
        assert (saved.pbx.login, saved.pbx.employee_id, saved.bitrix24.user_id) == (
            desk.simulator.config.login,
            2001,
            7,
        )
        assert [employee.name for employee in saved.pbx.employees] == ["Орлова Марина"]
        assert await desk.secrets.get(PBX_PASSWORD) == PASSWORD
        text = desk.config_file.read_text("utf-8")
        assert PASSWORD not in text
        assert desk.simulator.config.webhook_secret not in text
        assert desk.config_file.stat().st_mode & 0o077 == 0 or os.name != "posix"
        await until(lambda: desk.services.poller.report.health is LinkHealth.UP, what="link up")
        assert desk.services.directory is not None
        assert desk.dialog.form().password == ""


async def test_a_stored_password_is_used_when_the_field_stays_empty(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.secrets.set(PBX_PASSWORD, PASSWORD)
        desk.type_everything()
        desk.dialog.pbx.password_field.clear()
        desk.dialog.pbx.check_button.click()
        await until(lambda: "Signed in" in desk.dialog.pbx.answer.text())


async def test_changing_the_way_of_signing_in_throws_the_other_secret_away(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.secrets.set(PBX_TOKEN, "an old key")
        desk.type_everything()
        desk.dialog.save_button.click()
        await until(lambda: not desk.dialog.isVisible(), what="dialog closed")
        assert await desk.secrets.get(PBX_TOKEN) is None
        await until(lambda: desk.services.poller.report.health is LinkHealth.UP, what="link up")


async def test_what_cannot_be_saved_is_said_at_its_field_and_nothing_changes(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        desk.type_everything()
        desk.dialog.pbx.address_field.setText("http://callapi.example.test/v4.0")
        desk.dialog.save_button.click()
        label = desk.dialog.pbx.problems[ConnectField.ADDRESS]
        await until(lambda: label.isVisible(), what="problem shown")
        assert desk.dialog.isVisible()
        assert desk.keyring.entries == {}
        assert desk.config_file.read_text("utf-8") == EMPLOYEES


async def test_a_broken_settings_file_is_left_alone_and_the_dialog_says_so(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        desk.config_file.write_text("[pbx\nbroken", "utf-8")
        desk.type_everything()
        desk.dialog.save_button.click()
        await until(lambda: desk.dialog.problem_label.isVisible(), what="said so")
        assert desk.config_file.read_text("utf-8") == "[pbx\nbroken"
        assert desk.keyring.entries == {}
        assert desk.dialog.save_button.isEnabled()


async def test_signing_out_asks_once_clears_every_secret_and_ends_the_session(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        desk.type_everything()
        await desk.secrets.set(PBX_PASSWORD, PASSWORD)
        await desk.secrets.set(BITRIX24_WEBHOOK, desk.simulator.webhook_url)
        with_data_api = Settings(pbx=PbxSettings(data_api_url=desk.simulator.data_api_url))
        settings = settings_with(with_data_api, desk.dialog.form(), ())
        await desk.services.reconnect(settings)
        await until(lambda: desk.services.poller.report.health is LinkHealth.UP, what="link up")
        await until(lambda: desk.services.account.lists.origin is ListsOrigin.DATA_API, what="signed in there too")
        desk.agrees = False
        desk.dialog.sign_out_requested.emit()
        await until(lambda: len(desk.questions) == 1)
        assert await desk.secrets.get(PBX_PASSWORD) == PASSWORD
        desk.agrees = True
        desk.dialog.sign_out_requested.emit()
        await until(lambda: desk.keyring.entries == {}, what="keyring empty")
        await until(lambda: desk.services.poller.report.health is LinkHealth.SIGN_IN_NEEDED, what="signed out")
        await until(lambda: not desk.dialog.sign_out_button.isEnabled(), what="nothing stored")
        # Of both interfaces: each has a session of its own.
        assert [entry.outcome for entry in desk.simulator.journal.entries_of("logout.user")] == ["ok", "ok"]
        assert desk.dialog.form().password == ""


async def test_closing_the_dialog_during_a_check_harms_nobody(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        desk.type_everything()
        desk.dialog.pbx.check_button.click()
        desk.dialog.reject()
        await until(lambda: desk.simulator.journal.entries_of("logout.user"), what="check ended")


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (ConnectForm("https://a.test/v4.0"), ()),
        (ConnectForm(""), ((ConnectField.ADDRESS, "address_missing"),)),
        (ConnectForm("http://a.test"), ((ConnectField.ADDRESS, "insecure_url"),)),
        (ConnectForm("http://127.0.0.1:1/v4.0"), ()),
        (
            ConnectForm("https://a.test", bitrix24=Bitrix24Form(webhook="https://b.test")),
            ((ConnectField.WEBHOOK, "webhook_shape"),),
        ),
        (ConnectForm("https://a.test", employee_text="Nobody"), ((ConnectField.EMPLOYEE, "employee_unknown"),)),
        (ConnectForm("https://a.test", crm_user_text="0"), ((ConnectField.CRM_USER, "crm_user_bad"),)),
    ],
)
def test_only_what_is_wrong_stops_saving(form: ConnectForm, expected: tuple[tuple[ConnectField, str], ...]) -> None:
    assert form_problems(form, (EmployeeChoice(2001, "Орлова"),)) == expected


def test_settings_the_dialog_does_not_show_stay_as_they_were() -> None:
    before = parse_settings(b'[pbx]\ntime_zone = "Asia/Almaty"\npoll_interval_s = 5.0\n[bitrix24]\nshow_card = true\n')
    after = settings_with(before, ConnectForm("https://a.test/v4.0", uses_key=True, login="left"), ())
    assert (after.pbx.time_zone, after.pbx.poll_interval_s, after.bitrix24.show_card) == ("Asia/Almaty", 5.0, True)
    assert (after.pbx.call_api_url, after.pbx.login) == ("https://a.test/v4.0", "")


async def test_saving_when_nothing_was_typed_says_what_is_missing_and_stays(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        dialog = desk.dialog
        dialog.pbx.login_field.clear()
        dialog.save_button.click()
        await until(lambda: dialog.problem_label.isVisible(), what="what is missing")
        assert dialog.isVisible()
        assert "login and password" in dialog.problem_label.text()
        assert dialog.pbx.problems[ConnectField.LOGIN].isVisible()
        assert dialog.pbx.problems[ConnectField.PASSWORD].isVisible()
        assert desk.config_file.read_text("utf-8") == EMPLOYEES
        dialog.pbx.key_radio.click()
        dialog.save_button.click()
        await until(lambda: dialog.pbx.problems[ConnectField.KEY].isVisible(), what="the key is missing")
        assert dialog.isVisible()


async def test_bitrix24_alone_is_saved_and_the_dialog_says_that_nobody_is_signed_in(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        dialog = desk.dialog
        dialog.bitrix24.webhook_field.setText(desk.simulator.webhook_url)
        dialog.save_button.click()
        await until(lambda: "Saved, but" in dialog.problem_label.text(), what="saved, but not signed in")
        assert await desk.secrets.get(BITRIX24_WEBHOOK) == desk.simulator.webhook_url
        assert dialog.isVisible()
        assert dialog.cancel_button.text() == "Close"
        assert dialog.save_button.isEnabled()
        assert dialog.bitrix24.webhook_field.text() == ""
        desk.type_everything()
        dialog.save_button.click()
        await until(lambda: not dialog.isVisible(), what="dialog closed once everything is there")


async def test_what_is_stored_already_is_not_asked_for_again(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        desk.type_everything()
        desk.dialog.pbx.password_field.clear()
        await desk.secrets.set(PBX_PASSWORD, desk.simulator.config.password)
        desk.dialog.save_button.click()
        await until(lambda: not desk.dialog.isVisible(), what="dialog closed")
