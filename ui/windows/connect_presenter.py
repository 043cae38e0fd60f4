"""Between *Connect* and the core: checks, saving settings and secrets, signing out. Nothing typed is kept here."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import msgspec
from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QWidget

from app.addresses import address_problem
from app.background import run_on_daemon_thread
from app.connection_check import Bitrix24Credentials, PbxCredentials, check_bitrix24, check_pbx, webhook_problem
from app.errors import PultError
from app.secrets import BITRIX24_WEBHOOK, PBX_PASSWORD, PBX_TOKEN, SECRET_NAMES, SecretStore
from app.settings import Settings, save_settings
from ui.tasks import TaskScope
from ui.texts.connect import bitrix24_answer, field_problem, pbx_answer
from ui.texts.errors import sentence_of
from ui.windows.connect_dialog import ConnectDialog
from ui.windows.connect_state import (
    CheckedSide,
    CheckState,
    ConnectField,
    ConnectForm,
    ConnectState,
    EmployeeChoice,
    SecretsHome,
    StoredSecrets,
    employee_id_of,
    employee_label,
    whole_number,
)

if TYPE_CHECKING:
    from app.bootstrap import Services

translate = QCoreApplication.translate
_log = logging.getLogger(__name__)

Problems = tuple[tuple[ConnectField, str], ...]
"""Fields that keep something from being done, each with the code of its sentence."""


class Confirm(Protocol):
    """`ui.dialogs.confirm`."""

    def __call__(self, parent: QWidget | None, *, title: str, text: str, confirm_text: str) -> Awaitable[bool]: ...


class ConnectPresenter(QObject):
    """Lives as long as the dialog. `settings` is what was saved last; without services the next start uses it."""

    def __init__(
        self,
        dialog: ConnectDialog,
        services: Services | None,
        settings: Settings,
        secrets: SecretStore,
        *,
        config_file: Path,
        scope: TaskScope,
        confirm: Confirm,
    ) -> None:
        super().__init__(dialog)
        self.settings = settings
        self._dialog = dialog
        self._services = services
        self._secrets = secrets
        self._config_file = config_file
        self._scope = scope
        self._confirm = confirm
        self._is_open = True
        self._edits = {CheckedSide.PBX: 0, CheckedSide.BITRIX24: 0}
        self._state = ConnectState(employees=_employees_of(settings))
        dialog.fill(_form_of(settings, self._state.employees), self._state)
        dialog.check_pbx_requested.connect(lambda: self._start(self._check_pbx(), "check the phone system"))
        dialog.check_bitrix24_requested.connect(lambda: self._start(self._check_bitrix24(), "check Bitrix24"))
        dialog.save_requested.connect(lambda: self._start(self._save(), "save the connection"))
        dialog.sign_out_requested.connect(lambda: self._start(self._sign_out(), "sign out"))
        dialog.edited.connect(self._forget_answer)
        dialog.finished.connect(self._note_closed)
        self._start(self._read_secrets(at_opening=True), "read which secrets are stored")

    def _start(self, coroutine: Coroutine[Any, Any, None], name: str) -> None:
        self._scope.start(coroutine, name=name)

    def _note_closed(self) -> None:
        """The dialog may be deleted from now on; a check or a save under way ends without it."""
        self._is_open = False

    def _show(self, state: ConnectState) -> None:
        self._state = state
        if self._is_open:
            self._dialog.show_state(state)

    def _forget_answer(self, side: object) -> None:
        """An answer is about what was typed when it was asked for."""
        if side is CheckedSide.PBX:
            self._edits[CheckedSide.PBX] += 1
            self._show(replace(self._state, pbx_check=CheckState(), problems=()))
        elif side is CheckedSide.BITRIX24:
            self._edits[CheckedSide.BITRIX24] += 1
            self._show(replace(self._state, bitrix24_check=CheckState(), problems=()))
        else:
            self._show(replace(self._state, problems=()))

    async def _read_secrets(self, *, at_opening: bool = False) -> None:
        place = await self._secrets.describe()
        stored = StoredSecrets(
            pbx_password=await self._has(PBX_PASSWORD),
            pbx_key=await self._has(PBX_TOKEN),
            webhook=await self._has(BITRIX24_WEBHOOK),
        )
        home = SecretsHome(place.backend, place.kind, place.reason or "")
        self._show(replace(self._state, stored=stored, home=home))
        if self._is_open and at_opening and stored.pbx_key:
            self._dialog.prefer_key()

    async def _has(self, name: str) -> bool:
        return bool(await self._secret(name))

    async def _secret(self, name: str) -> str:
        try:
            return await self._secrets.get(name) or ""
        except PultError as error:
            _log.info("a secret could not be read", extra={"secret_name": name, "code": error.code})
            return ""

    async def _check_pbx(self) -> None:
        form, asked_at = self._dialog.form(), self._edits[CheckedSide.PBX]
        self._show(replace(self._state, pbx_check=CheckState(is_running=True)))
        key = (form.key or await self._secret(PBX_TOKEN)) if form.uses_key else ""
        password = "" if form.uses_key else form.password or await self._secret(PBX_PASSWORD)
        credentials = PbxCredentials(
            form.call_api_url, form.login, password, key, uses_key=form.uses_key, time_zone=self.settings.pbx.time_zone
        )
        result = await check_pbx(credentials)
        if self._edits[CheckedSide.PBX] == asked_at:
            self._show(replace(self._state, pbx_check=CheckState(False, pbx_answer(result), result.ok)))

    async def _check_bitrix24(self) -> None:
        form, asked_at = self._dialog.form(), self._edits[CheckedSide.BITRIX24]
        self._show(replace(self._state, bitrix24_check=CheckState(is_running=True)))
        webhook = form.webhook or await self._secret(BITRIX24_WEBHOOK)
        result = await check_bitrix24(Bitrix24Credentials(webhook, whole_number(form.crm_user_text)))
        if self._edits[CheckedSide.BITRIX24] != asked_at:
            return
        self._show(replace(self._state, bitrix24_check=CheckState(False, bitrix24_answer(result), result.ok)))
        found_id = result.params.get("user_id")
        if self._is_open and result.ok and isinstance(found_id, int):
            self._dialog.suggest_crm_user(found_id)

    async def _save(self) -> None:
        form = self._dialog.form()
        problems = form_problems(form, self._state.employees)
        if problems:
            self._show(replace(self._state, problems=tuple((field, field_problem(code)) for field, code in problems)))
            self._dialog.focus_problem(problems[0][0])
            return
        settings = settings_with(self.settings, form, self._state.employees)
        missing = await self._missing_to_sign_in(form)
        if missing and settings == self.settings and not (form.password or form.key or form.webhook):
            self._show_missing(missing, "nothing_to_save")
            return
        self._show(replace(self._state, problems=(), is_saving=True))
        try:
            await run_on_daemon_thread(lambda: save_settings(self._config_file, settings), name="save settings")
            await self._keep_secrets(form)
            self.settings = settings
            if self._services is not None:
                await self._services.reconnect(settings)
        except PultError as error:
            self._fail(sentence_of(error))
            return
        except OSError as error:
            _log.warning("the settings could not be written", extra={"cause": type(error).__name__})
            self._fail(field_problem("settings_not_written"))
            return
        if not self._is_open:
            return
        self._dialog.clear_secrets()
        if not missing:
            self._dialog.accept()
            return
        await self._read_secrets()
        self._state = replace(self._state, is_saving=False, is_saved=True)
        self._show_missing(missing, "saved_not_signed_in")

    async def _missing_to_sign_in(self, form: ConnectForm) -> Problems:
        """What the phone system still has to be told, what is stored already left out."""
        if form.uses_key:
            has_key = form.key or await self._has(PBX_TOKEN)
            return () if has_key else ((ConnectField.KEY, "key_missing"),)
        missing: list[tuple[ConnectField, str]] = []
        if not form.login:
            missing.append((ConnectField.LOGIN, "login_missing"))
        if not (form.password or await self._has(PBX_PASSWORD)):
            missing.append((ConnectField.PASSWORD, "password_missing"))
        return tuple(missing)

    def _show_missing(self, missing: Problems, whole: str) -> None:
        problems = (*missing, (ConnectField.WHOLE, whole))
        self._show(replace(self._state, problems=tuple((field, field_problem(code)) for field, code in problems)))
        if self._is_open:
            self._dialog.focus_problem(missing[0][0])

    def _fail(self, sentence: str) -> None:
        self._show(replace(self._state, problems=((ConnectField.WHOLE, sentence),), is_saving=False))

    async def _keep_secrets(self, form: ConnectForm) -> None:
        """Store what was typed. The other way of signing in is thrown away: a stored key would win over a password."""
        if form.uses_key:
            await self._keep(PBX_TOKEN, form.key)
            await self._secrets.clear(PBX_PASSWORD)
        else:
            await self._keep(PBX_PASSWORD, form.password)
            await self._secrets.clear(PBX_TOKEN)
        await self._keep(BITRIX24_WEBHOOK, form.webhook)

    async def _keep(self, name: str, value: str) -> None:
        if value:
            await self._secrets.set(name, value)

    async def _sign_out(self) -> None:
        if not await confirm_sign_out(self._confirm, self._dialog):
            return
        try:
            await sign_out(self._secrets, self._services, self.settings)
        except PultError as error:
            self._fail(sentence_of(error))
            return
        if self._is_open:
            self._dialog.clear_secrets()
        self._show(replace(self._state, pbx_check=CheckState(), bitrix24_check=CheckState(), problems=()))
        await self._read_secrets()


async def confirm_sign_out(confirm: Confirm, parent: QWidget | None) -> bool:
    """Ask whether the secrets shall really go."""
    return await confirm(
        parent,
        title=translate("Connect", "Sign out"),
        text=translate(
            "Connect",
            "The password, the key and the webhook are removed from this computer. Cards that wait are kept.",
        ),
        confirm_text=translate("Connect", "Sign out"),
    )


async def sign_out(secrets: SecretStore, services: Services | None, settings: Settings) -> None:
    """End the sign-in at the PBX, forget every secret, and let the services go on without. Raises SecretsLocked."""
    for port in () if services is None else (services.telephony, services.account_port):
        try:
            if port is not None:
                await port.sign_out()
        except PultError as error:
            # The secrets go all the same: a PBX that is away must not keep anybody signed in here.
            _log.info("the phone system did not confirm the sign-out", extra={"code": error.code})
    for name in SECRET_NAMES:
        await secrets.clear(name)
    if services is not None:
        await services.reconnect(settings)


def form_problems(form: ConnectForm, employees: tuple[EmployeeChoice, ...]) -> Problems:
    """What cannot be saved as it stands: the field and a code for its sentence. Empty fields are fine: nobody has to
    set up everything at once."""
    problems: list[tuple[ConnectField, str]] = []
    address = address_problem(form.call_api_url) if form.call_api_url else "address_missing"
    if address is not None:
        problems.append((ConnectField.ADDRESS, address))
    webhook = webhook_problem(form.webhook) if form.webhook else None
    if webhook is not None:
        problems.append((ConnectField.WEBHOOK, webhook))
    if form.employee_text.strip() and employee_id_of(form.employee_text, employees) is None:
        problems.append((ConnectField.EMPLOYEE, "employee_unknown"))
    if form.crm_user_text.strip() and whole_number(form.crm_user_text) is None:
        problems.append((ConnectField.CRM_USER, "crm_user_bad"))
    return tuple(problems)


def settings_with(settings: Settings, form: ConnectForm, employees: tuple[EmployeeChoice, ...]) -> Settings:
    """The settings with what the dialog edits put in; everything else stays."""
    pbx = msgspec.structs.replace(
        settings.pbx,
        call_api_url=form.call_api_url,
        login="" if form.uses_key else form.login,
        employee_id=employee_id_of(form.employee_text, employees),
    )
    bitrix24 = msgspec.structs.replace(settings.bitrix24, user_id=whole_number(form.crm_user_text))
    return msgspec.structs.replace(settings, pbx=pbx, bitrix24=bitrix24)


def _employees_of(settings: Settings) -> tuple[EmployeeChoice, ...]:
    return tuple(
        EmployeeChoice(employee.employee_id, employee.name, employee.extension) for employee in settings.pbx.employees
    )


def _form_of(settings: Settings, employees: tuple[EmployeeChoice, ...]) -> ConnectForm:
    mine = settings.pbx.employee_id
    known = next((employee_label(choice) for choice in employees if choice.employee_id == mine), "")
    return ConnectForm(
        call_api_url=settings.pbx.call_api_url,
        login=settings.pbx.login,
        employee_text=known or str(mine or ""),
        crm_user_text=str(settings.bitrix24.user_id or ""),
    )
