"""Between *Connect* and the core: checks, saving settings and secrets, signing out. Nothing typed is kept here."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QWidget

from app.background import run_on_daemon_thread
from app.connection_check import CheckResult
from app.errors import PultError
from app.secrets import PBX_PASSWORD, PBX_TOKEN, SECRET_NAMES, SecretStore
from app.settings import Settings, save_settings
from ui.tasks import TaskScope
from ui.texts.connect import amocrm_answer, bitrix24_answer, field_problem, pbx_answer
from ui.texts.errors import sentence_of
from ui.windows.connect_checks import ConnectChecks
from ui.windows.connect_dialog import ConnectDialog
from ui.windows.connect_form import Problems, employees_of, form_of, form_problems, settings_with
from ui.windows.connect_secrets import ConnectSecrets
from ui.windows.connect_state import (
    CheckedSide,
    CheckState,
    ConnectField,
    ConnectForm,
    ConnectState,
    EmployeeChoice,
    SecretsHome,
)

if TYPE_CHECKING:
    from app.bootstrap import Services

translate = QCoreApplication.translate
_log = logging.getLogger(__name__)

Ask = Callable[[ConnectForm, Settings], Awaitable[CheckResult]]


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
        self._kept = ConnectSecrets(secrets)
        self._checks = ConnectChecks(services, self._kept)
        self._is_open = True
        self._edits = dict.fromkeys(CheckedSide, 0)
        self._state = ConnectState(employees=employees_of(settings))
        dialog.fill(form_of(settings, self._state.employees), self._state)
        dialog.check_pbx_requested.connect(lambda: self._start(self._check_pbx(), "check the phone system"))
        dialog.check_bitrix24_requested.connect(lambda: self._start(self._check_bitrix24(), "check Bitrix24"))
        dialog.check_amocrm_requested.connect(lambda: self._start(self._check_amocrm(), "check amoCRM"))
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
        state = replace(self._state, problems=())
        if isinstance(side, CheckedSide):
            self._edits[side] += 1
            state = _with_check(state, side, CheckState())
        self._show(state)

    async def _read_secrets(self, *, at_opening: bool = False) -> None:
        place = await self._secrets.describe()
        stored = await self._kept.stored()
        home = SecretsHome(place.backend, place.kind, place.reason or "")
        self._show(replace(self._state, stored=stored, home=home))
        if self._is_open and at_opening and stored.pbx_key:
            self._dialog.prefer_key()

    async def _check_pbx(self) -> None:
        await self._check(CheckedSide.PBX, self._checks.pbx, pbx_answer)

    async def _check_bitrix24(self) -> None:
        result = await self._check(CheckedSide.BITRIX24, self._checks.bitrix24, bitrix24_answer)
        found_id = result.params.get("user_id") if result is not None and result.ok else None
        if self._is_open and isinstance(found_id, int):
            self._dialog.suggest_crm_user(found_id)

    async def _check_amocrm(self) -> None:
        result = await self._check(CheckedSide.AMOCRM, self._checks.amocrm, amocrm_answer)
        if result is None or not result.ok or not self._is_open:
            return
        users = tuple(EmployeeChoice(user.user_id, user.name) for user in result.users)
        found_id = result.params.get("user_id")
        if isinstance(found_id, int):
            self._dialog.suggest_amocrm_user(found_id)
        self._show(replace(self._state, amocrm_users=users))

    async def _check(self, side: CheckedSide, ask: Ask, answer: Callable[[CheckResult], str]) -> CheckResult | None:
        """Ask and show the answer; None when what was typed is another thing by then."""
        form, asked_at = self._dialog.form(), self._edits[side]
        self._show(_with_check(self._state, side, CheckState(is_running=True)))
        result = await ask(form, self.settings)
        if self._edits[side] != asked_at:
            return None
        self._show(_with_check(self._state, side, CheckState(False, answer(result), result.ok)))
        return result

    async def _save(self) -> None:
        form = self._dialog.form()
        problems = form_problems(form, self._state.employees)
        if problems:
            self._show(replace(self._state, problems=tuple((field, field_problem(code)) for field, code in problems)))
            self._dialog.focus_problem(problems[0][0])
            return
        settings = settings_with(self.settings, form, self._state.employees)
        missing = await self._missing_to_sign_in(form)
        if missing and settings == self.settings and not form.has_secrets:
            self._show_missing(missing, "nothing_to_save")
            return
        self._show(replace(self._state, problems=(), is_saving=True))
        try:
            await run_on_daemon_thread(lambda: save_settings(self._config_file, settings), name="save settings")
            await self._kept.keep(form)
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
            has_key = form.key or await self._kept.has(PBX_TOKEN)
            return () if has_key else ((ConnectField.KEY, "key_missing"),)
        missing: list[tuple[ConnectField, str]] = []
        if not form.login:
            missing.append((ConnectField.LOGIN, "login_missing"))
        if not (form.password or await self._kept.has(PBX_PASSWORD)):
            missing.append((ConnectField.PASSWORD, "password_missing"))
        return tuple(missing)

    def _show_missing(self, missing: Problems, whole: str) -> None:
        problems = (*missing, (ConnectField.WHOLE, whole))
        self._show(replace(self._state, problems=tuple((field, field_problem(code)) for field, code in problems)))
        if self._is_open:
            self._dialog.focus_problem(missing[0][0])

    def _fail(self, sentence: str) -> None:
        self._show(replace(self._state, problems=((ConnectField.WHOLE, sentence),), is_saving=False))

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
        state = replace(self._state, problems=())
        for side in CheckedSide:
            state = _with_check(state, side, CheckState())
        self._show(state)
        await self._read_secrets()


async def confirm_sign_out(confirm: Confirm, parent: QWidget | None) -> bool:
    """Ask whether the secrets shall really go."""
    return await confirm(
        parent,
        title=translate("Connect", "Sign out"),
        text=translate(
            "Connect",
            "Passwords, keys, webhook and tokens are removed from this computer. Cards that wait are kept.",
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


def _with_check(state: ConnectState, side: CheckedSide, check: CheckState) -> ConnectState:
    if side is CheckedSide.PBX:
        return replace(state, pbx_check=check)
    return replace(state, bitrix24_check=check) if side is CheckedSide.BITRIX24 else replace(state, amocrm_check=check)
