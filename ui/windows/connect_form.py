"""Between the settings and the fields of *Connect*: what is set, what was typed, what cannot be saved as it stands."""

from __future__ import annotations

import msgspec

from app.addresses import address_problem
from app.connection_check import webhook_problem
from app.settings import Settings
from ui.windows.connect_state import (
    AmocrmForm,
    Bitrix24Form,
    ConnectField,
    ConnectForm,
    EmployeeChoice,
    employee_id_of,
    employee_label,
    whole_number,
)

Problems = tuple[tuple[ConnectField, str], ...]
"""Fields that keep something from being done, each with the code of its sentence."""


def form_problems(form: ConnectForm, employees: tuple[EmployeeChoice, ...]) -> Problems:
    """What cannot be saved as it stands: the field and a code for its sentence. Empty fields are fine: nobody has to
    set up everything at once."""
    problems: list[tuple[ConnectField, str]] = []
    address = address_problem(form.call_api_url) if form.call_api_url else "address_missing"
    if address is not None:
        problems.append((ConnectField.ADDRESS, address))
    problems += _bitrix24_problems(form.bitrix24) + _amocrm_problems(form.amocrm)
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
    portal, account = form.bitrix24, form.amocrm
    bitrix24 = msgspec.structs.replace(
        settings.bitrix24, enabled=portal.is_enabled, user_id=whole_number(form.crm_user_text)
    )
    if portal.is_enabled:
        bitrix24 = msgspec.structs.replace(
            bitrix24,
            portal_url=(portal.portal_url or None) if portal.uses_application else bitrix24.portal_url,
            client_id=(portal.client_id or None) if portal.uses_application else None,
        )
    amocrm = msgspec.structs.replace(settings.amocrm, account_url=None)
    if account.is_enabled:
        amocrm = msgspec.structs.replace(
            amocrm,
            account_url=account.account_url or None,
            client_id=(account.client_id or None) if account.uses_integration else None,
            redirect_uri=(account.redirect_uri or None) if account.uses_integration else amocrm.redirect_uri,
            user_id=user_id_of(account.user_text),
        )
    return msgspec.structs.replace(settings, pbx=pbx, bitrix24=bitrix24, amocrm=amocrm)


def form_of(settings: Settings, employees: tuple[EmployeeChoice, ...]) -> ConnectForm:
    """The fields as the settings have them."""
    mine = settings.pbx.employee_id
    known = next((employee_label(choice) for choice in employees if choice.employee_id == mine), "")
    bitrix24, amocrm = settings.bitrix24, settings.amocrm
    return ConnectForm(
        call_api_url=settings.pbx.call_api_url,
        login=settings.pbx.login,
        employee_text=known or str(mine or ""),
        crm_user_text=str(bitrix24.user_id or ""),
        bitrix24=Bitrix24Form(
            is_enabled=bitrix24.enabled,
            uses_application=bitrix24.client_id is not None,
            portal_url=bitrix24.portal_url or "",
            client_id=bitrix24.client_id or "",
        ),
        amocrm=AmocrmForm(
            is_enabled=amocrm.account_url is not None,
            account_url=amocrm.account_url or "",
            uses_integration=amocrm.client_id is not None,
            client_id=amocrm.client_id or "",
            redirect_uri=amocrm.redirect_uri or "",
            user_text=str(amocrm.user_id or ""),
        ),
    )


def employees_of(settings: Settings) -> tuple[EmployeeChoice, ...]:
    """The colleagues of the settings."""
    return tuple(
        EmployeeChoice(employee.employee_id, employee.name, employee.extension) for employee in settings.pbx.employees
    )


def user_id_of(text: str) -> int | None:
    """The number of amoCRM's user: typed, or behind the name of the list."""
    return whole_number(text.rpartition("·")[2])


def _bitrix24_problems(form: Bitrix24Form) -> list[tuple[ConnectField, str]]:
    if not form.is_enabled:
        return []
    if form.uses_application:
        problem = address_problem(form.portal_url) if form.portal_url else None
        return [] if problem is None else [(ConnectField.PORTAL, problem)]
    problem = webhook_problem(form.webhook) if form.webhook else None
    return [] if problem is None else [(ConnectField.WEBHOOK, problem)]


def _amocrm_problems(form: AmocrmForm) -> list[tuple[ConnectField, str]]:
    if not form.is_enabled:
        return []
    problems: list[tuple[ConnectField, str]] = []
    account = address_problem(form.account_url) if form.account_url else "amo_address_missing"
    if account is not None:
        problems.append((ConnectField.ACCOUNT, account))
    redirect = address_problem(form.redirect_uri) if form.uses_integration and form.redirect_uri else None
    if redirect is not None:
        problems.append((ConnectField.REDIRECT, redirect))
    if form.user_text and user_id_of(form.user_text) is None:
        problems.append((ConnectField.AMOCRM_USER, "crm_user_bad"))
    return problems
