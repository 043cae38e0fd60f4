"""user.current, user.get, crm.currency.list, crm.status.list, voximplant.statistic.get.

Source: crm-notes 1.6, 5; the vendor's pages.
"""

from app.simulator.bitrix24_api.lists import Listing, listing, matches
from app.simulator.bitrix24_api.portal import BitrixPortal, Caller
from app.simulator.bitrix24_api.refusals import PortalRefusalError
from app.simulator.bitrix24_api.rows import PortalUser, StatisticsRow
from app.simulator.bitrix24_api.values import Params, inner, text

CURRENCIES = (
    ("RUB", "1.0000", "100", "Y", "Российский рубль", "# &#8381;"),
    ("USD", "78.4500", "200", "N", "Доллар США", "$#"),
    ("EUR", "91.2000", "300", "N", "Евро", "# &euro;"),
    ("KZT", "0.1500", "400", "N", "Казахстанский тенге", "# &#8376;"),
)


SOURCES = (
    ("CALL", "Звонок"),
    ("EMAIL", "Электронная почта"),
    ("WEB", "Веб-сайт"),
    ("ADVERTISING", "Реклама"),
    ("PARTNER", "Существующий клиент"),
    ("RECOMMENDATION", "По рекомендации"),
)
STAGES = (("NEW", "Не обработан"), ("IN_PROCESS", "В работе"), ("CONVERTED", "Качественный лид"))


def current_user(portal: BitrixPortal, caller: Caller, _params: Params, _effects: list[str]) -> object:
    """The user the webhook or token acts for."""
    return _user(portal.users[caller.user_id])


def get_users(portal: BitrixPortal, _caller: Caller, params: Params, _effects: list[str]) -> object:
    """Employees by UF_PHONE_INNER, ACTIVE, ID and the like, filters given under FILTER or at the top."""
    rows = (_user(user) for _, user in sorted(portal.users.items()))
    wanted = dict(inner(params, "FILTER", "filter")) or {
        name: value for name, value in params.items() if name not in {"start", "SORT", "ORDER", "sort", "order"}
    }
    if "ACTIVE" in wanted:
        wanted["ACTIVE"] = text(wanted["ACTIVE"]) in {"1", "Y", "true"}
    return listing(rows, {"FILTER": wanted, "start": params.get("start")})


def list_currencies(_portal: BitrixPortal, _caller: Caller, _params: Params, _effects: list[str]) -> object:
    """The portal's currencies; `total` is always 0 here."""
    rows: list[dict[str, object]] = [
        {
            "CURRENCY": code,
            "AMOUNT_CNT": "1",
            "AMOUNT": amount,
            "SORT": order,
            "BASE": is_base,
            "FULL_NAME": full_name,
            "LID": "ru",
            "FORMAT_STRING": pattern,
            "DEC_POINT": ".",
            "THOUSANDS_SEP": "&nbsp;",
            "DECIMALS": "2",
            "DATE_UPDATE": None,
        }
        for code, amount, order, is_base, full_name, pattern in CURRENCIES
    ]
    return Listing(rows, 0)


def list_statuses(portal: BitrixPortal, _caller: Caller, params: Params, _effects: list[str]) -> object:
    """Reference lists, whole and without pages; a refusal has its text where others have a code."""
    if not portal.switches.may_read_lists:
        raise PortalRefusalError("Access denied.", "")
    rows = [
        _status(entity_id, order, status_id, name)
        for entity_id, entries in (("SOURCE", SOURCES), ("STATUS", STAGES))
        for order, (status_id, name) in enumerate(entries, start=1)
    ]
    wanted = inner(params, "filter", "FILTER")
    found = listing((row for row in rows if matches(row, wanted)), {"ORDER": inner(params, "order", "ORDER")})
    return Listing(found.rows, found.total)


def get_statistics(portal: BitrixPortal, _caller: Caller, params: Params, _effects: list[str]) -> object:
    """Finished calls; only with the right "Call Statistics - View"."""
    if not portal.switches.may_view_statistics:
        raise PortalRefusalError("ACCESS_DENIED", "Access denied!", 403)
    return listing((_statistics_row(portal, row) for row in portal.statistics), params)


def _user(user: PortalUser) -> dict[str, object]:
    name, _, last_name = user.name.partition(" ")
    return {
        "ID": str(user.user_id),
        "ACTIVE": user.is_active,
        # a user invited and not registered yet has none
        **({"NAME": name} if name else {}),
        "LAST_NAME": last_name,
        "SECOND_NAME": "",
        "EMAIL": f"user{user.user_id}@example.test",
        "PERSONAL_MOBILE": user.mobile_phone or "",
        "WORK_PHONE": "",
        "UF_PHONE_INNER": user.inner_phone or "",
        "USER_TYPE": user.user_type,
    }


def _status(entity_id: str, order: int, status_id: str, name: str) -> dict[str, object]:
    return {
        "ID": str(100 + order),
        "ENTITY_ID": entity_id,
        "STATUS_ID": status_id,
        "NAME": name,
        "NAME_INIT": name,
        "SORT": str(order * 10),
        "SYSTEM": "N",
        "CATEGORY_ID": None,
        "COLOR": "",
        "SEMANTICS": None,
        "EXTRA": [],
    }


def _statistics_row(portal: BitrixPortal, row: StatisticsRow) -> dict[str, object]:
    return {
        "ID": str(row.row_id),
        "PORTAL_USER_ID": str(row.user_id),
        "PORTAL_NUMBER": row.line_number,
        "PHONE_NUMBER": row.phone_number,
        "CALL_ID": row.call_id,
        "EXTERNAL_CALL_ID": row.external_call_id,
        "CALL_CATEGORY": "external",
        "CALL_LOG": None,
        "CALL_DURATION": str(row.duration_s),
        "CALL_START_DATE": row.started_at.astimezone(portal.zone).isoformat(timespec="seconds"),
        "CALL_RECORD_URL": None,
        "CALL_VOTE": None if row.vote is None else str(row.vote),
        "COST": f"{row.cost:.4f}",
        "COST_CURRENCY": row.cost_currency,
        "CALL_FAILED_CODE": row.failed_code,
        "CALL_FAILED_REASON": row.failed_reason,
        "CRM_ENTITY_TYPE": row.entity_type,
        "CRM_ENTITY_ID": None if row.entity_id is None else str(row.entity_id),
        "CRM_ACTIVITY_ID": None if row.activity_id is None else str(row.activity_id),
        "REST_APP_ID": row.app_id,
        "REST_APP_NAME": None,
        "TRANSCRIPT_ID": None,
        "TRANSCRIPT_PENDING": "N",
        "SESSION_ID": None,
        "REDIAL_ATTEMPT": None,
        "COMMENT": None,
        "RECORD_DURATION": None,
        "RECORD_FILE_ID": row.record_file_id,
        "CALL_TYPE": str(row.call_type),
    }
