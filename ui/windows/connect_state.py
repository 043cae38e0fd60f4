"""What the dialog *Connect* shows and what was typed into it. Pure and Qt-free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum


class CheckedSide(Enum):
    """The servers the dialog can try."""

    PBX = "pbx"
    BITRIX24 = "bitrix24"
    AMOCRM = "amocrm"


class ConnectField(Enum):
    """Fields that a problem can be about."""

    ADDRESS = "address"
    LOGIN = "login"
    PASSWORD = "password"  # noqa: S105  the name of a field
    KEY = "key"
    EMPLOYEE = "employee"
    CRM_USER = "crm_user"
    WEBHOOK = "webhook"
    PORTAL = "portal"
    ACCOUNT = "account"
    REDIRECT = "redirect"
    AMOCRM_USER = "amocrm_user"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class EmployeeChoice:
    """An employee the settings know, or a user of amoCRM."""

    employee_id: int
    name: str
    extension: str = ""


@dataclass(frozen=True, slots=True)
class StoredSecrets:
    """Which secrets are kept already. Their values never come back to the screen."""

    pbx_password: bool = False
    pbx_key: bool = False
    webhook: bool = False
    bitrix24_client_secret: bool = False
    bitrix24_refresh_token: bool = False
    amocrm_token: bool = False
    amocrm_client_secret: bool = False
    amocrm_refresh_token: bool = False


@dataclass(frozen=True, slots=True)
class SecretsHome:
    """Where secrets go. `kind`: "keyring", "environment" or "memory"; `reason` says why it is memory."""

    backend: str = ""
    kind: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Bitrix24Form:
    """The fields of Bitrix24. An empty secret means: leave the stored one."""

    is_enabled: bool = True
    uses_application: bool = False
    webhook: str = field(default="", repr=False)
    portal_url: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)

    @property
    def has_secrets(self) -> bool:
        return bool(self.webhook or self.client_secret or self.refresh_token)


@dataclass(frozen=True, slots=True)
class AmocrmForm:
    """The fields of amoCRM, in the same way."""

    is_enabled: bool = False
    account_url: str = ""
    uses_integration: bool = False
    token: str = field(default="", repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    redirect_uri: str = ""
    user_text: str = ""

    @property
    def has_secrets(self) -> bool:
        return bool(self.token or self.client_secret or self.refresh_token)


@dataclass(frozen=True, slots=True)
class ConnectForm:
    """What stands in the fields. An empty secret means: leave the stored one."""

    call_api_url: str = ""
    uses_key: bool = False
    login: str = ""
    password: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    employee_text: str = ""
    crm_user_text: str = ""
    bitrix24: Bitrix24Form = field(default_factory=Bitrix24Form)
    amocrm: AmocrmForm = field(default_factory=AmocrmForm)

    @property
    def has_secrets(self) -> bool:
        return bool(self.password or self.key) or self.bitrix24.has_secrets or self.amocrm.has_secrets


@dataclass(frozen=True, slots=True)
class CheckState:
    """How a check stands: idle, under way, or answered with a sentence. `is_good` None: neither good nor bad."""

    is_running: bool = False
    sentence: str = ""
    is_good: bool | None = None


@dataclass(frozen=True, slots=True)
class ConnectState:
    """Everything of the dialog that does not belong to the operator's typing. `is_saved`: nothing to cancel."""

    employees: tuple[EmployeeChoice, ...] = ()
    stored: StoredSecrets = StoredSecrets()
    home: SecretsHome = SecretsHome()
    pbx_check: CheckState = CheckState()
    bitrix24_check: CheckState = CheckState()
    amocrm_check: CheckState = CheckState()
    amocrm_users: tuple[EmployeeChoice, ...] = ()
    problems: tuple[tuple[ConnectField, str], ...] = ()
    is_saving: bool = False
    is_saved: bool = False

    @property
    def can_sign_out(self) -> bool:
        return self.stored != StoredSecrets() and not self.is_saving


def employee_label(choice: EmployeeChoice) -> str:
    """Name and number, so that two people of one name can be told apart."""
    return f"{choice.name} · {choice.employee_id}"


def employee_id_of(text: str, employees: Sequence[EmployeeChoice]) -> int | None:
    """The id behind what stands in the employee field: one of the list, or a number typed. None when neither."""
    wanted = text.strip()
    for choice in employees:
        if wanted in (employee_label(choice), choice.name):
            return choice.employee_id
    return whole_number(wanted)


def whole_number(text: str) -> int | None:
    """A number above zero written in plain digits, else None."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
        return None
    return int(digits) or None
