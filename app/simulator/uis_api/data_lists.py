"""The Data API's lists of what the account has: employees, groups, numbers, scenarios, tags, files, statuses."""

from collections.abc import Callable, Mapping

from app.simulator.pbx.directory import Directory, Employee, EmployeeGroup
from app.simulator.uis_api.data_query import NAMED_ONLY, NESTED, PLAIN, Column, Columns, Row, page_of
from app.simulator.uis_api.invocation import Invocation, Page

NEWER = Column(is_default=False, is_filterable=False, is_sortable=False, component="data_settings")
"""Fields of a newer page of the document: only when named, and only with the component."""
DIRECTIONS = ["in", "out"]

ACCOUNT: Columns = {"app_id": PLAIN, "name": PLAIN, "timezone": PLAIN}
EMPLOYEES: Columns = {
    **dict.fromkeys(("id", "login", "first_name", "last_name", "patronymic", "full_name", "email"), PLAIN),
    **dict.fromkeys(("status", "status_id", "calls_available", "call_recording"), PLAIN),
    **dict.fromkeys(("schedule_id", "schedule_name"), NAMED_ONLY),
    **dict.fromkeys(("in_external_allowed_call_directions", "in_internal_allowed_call_directions"), NESTED),
    **dict.fromkeys(("out_external_allowed_call_directions", "out_internal_allowed_call_directions"), NESTED),
    **dict.fromkeys(("coach", "groups", "phone_numbers", "extension"), NESTED),
}
GROUPS: Columns = {
    **dict.fromkeys(("id", "name", "group_phone_number", "queue_enabled", "channels_count"), PLAIN),
    **dict.fromkeys(("members", "phone_numbers"), NESTED),
}
TAGS: Columns = {
    **dict.fromkeys(("id", "name", "is_system"), PLAIN),
    **dict.fromkeys(("rating", "is_auto", "state", "creation_datetime", "color"), NEWER),
}
NUMBERS: Columns = {
    **dict.fromkeys(("id", "virtual_phone_number", "redirection_phone_number", "activation_date", "status"), PLAIN),
    **dict.fromkeys(("category", "type", "name", "comment"), PLAIN),
    **dict.fromkeys(("campaigns", "scenarios"), NESTED),
}
SCENARIOS: Columns = {
    **dict.fromkeys(("id", "name"), PLAIN),
    **dict.fromkeys(("virtual_phone_numbers", "sites", "campaigns"), NESTED),
}
FILES: Columns = dict.fromkeys(("id", "name", "duration", "play_link", "normalization", "size", "type"), PLAIN)
STATUSES: Columns = {
    **dict.fromkeys(("id", "name", "mnemonic", "description", "color", "is_deleted"), PLAIN),
    **dict.fromkeys(("is_select_allowed", "is_worktime", "is_auto_out_calls_ready"), PLAIN),
    "allowed_phone_protocols": NESTED,
}
BYTES_A_SECOND = 16_000
FIRST_NUMBER_ID = 70_001
FIRST_PHONE_ID = 40_000


def get_account(invocation: Invocation) -> Page:
    """An array of one."""
    config = invocation.world.config
    row: Row = {"app_id": config.app_id, "name": "ООО «Пример»", "timezone": config.time_zone}
    return page_of(invocation, ACCOUNT, [row])


def _employee(directory: Directory, employee: Employee) -> Row:
    last, first, patronymic, *_ = [*employee.full_name.split(), "", ""]
    status = directory.statuses.get(employee.status_id)
    coach = directory.employees.get(employee.coach_id) if employee.coach_id is not None else None
    return {
        "id": employee.employee_id,
        "login": f"employee{employee.employee_id}",
        "first_name": first,
        "last_name": last,
        "patronymic": patronymic or None,
        "full_name": employee.full_name,
        "email": f"employee{employee.employee_id}@example.test",
        "status": None if status is None else status.mnemonic,
        "status_id": employee.status_id,
        "calls_available": status is not None and status.mnemonic == "available",
        "call_recording": employee.call_recording,
        "schedule_id": None,
        "schedule_name": None,
        "in_external_allowed_call_directions": DIRECTIONS,
        "in_internal_allowed_call_directions": DIRECTIONS,
        "out_external_allowed_call_directions": DIRECTIONS,
        "out_internal_allowed_call_directions": DIRECTIONS,
        "coach": None
        if coach is None
        else {"coach_id": coach.employee_id, "coach_full_name": coach.full_name, "coach_always_enabled": False},
        "groups": [
            {"group_id": group.group_id, "group_name": group.name}
            for group in directory.groups.values()
            if employee.employee_id in group.employees
        ],
        "phone_numbers": [_phone(employee, place, phone) for place, phone in enumerate(_all_phones(employee))],
        "extension": {
            "extension_phone_number": employee.extension,
            "extension_voice_mail_enabled": False,
            "extension_queue_enabled": False,
        },
    }


def _all_phones(employee: Employee) -> tuple[str, ...]:
    return (employee.phone_number, *employee.other_phones)


def _phone_id(employee: Employee, place: int) -> int:
    return FIRST_PHONE_ID + employee.employee_id * 10 + place


def _phone(employee: Employee, place: int, phone: str) -> Row:
    return {
        "phone_id": _phone_id(employee, place),
        "phone_number": phone,
        "channels_count": 1,
        "dial_time": 60 if employee.dial_time_s is None else int(employee.dial_time_s),
        "status": "active" if employee.has_active_phone else "inactive",
    }


def _group(directory: Directory, group: EmployeeGroup) -> Row:
    members = [directory.employees[one] for one in group.employees if one in directory.employees]
    return {
        "id": group.group_id,
        "name": group.name,
        "group_phone_number": group.number,
        "queue_enabled": True,
        "channels_count": max(1, len(members)),
        "members": [{"employee_id": one.employee_id, "employee_full_name": one.full_name} for one in members],
        "phone_numbers": [
            {
                "employee_phone_number": phone,
                "employee_phone_number_id": _phone_id(one, place),
                "employee_full_name": one.full_name,
                "employee_id": one.employee_id,
                "available": one.has_active_phone,
            }
            for one in members
            for place, phone in enumerate(_all_phones(one))
        ],
    }


def _numbers(directory: Directory) -> list[Row]:
    return [
        {
            "id": FIRST_NUMBER_ID + place,
            "virtual_phone_number": line.number,
            "redirection_phone_number": None,
            "activation_date": "2025-01-15",
            "status": "active" if line.is_active else "manual_lock",
            "category": "usual",
            "type": "va",
            "name": line.name,
            "comment": None,
            "campaigns": [],
            "scenarios": [
                {
                    "scenario_id": scenario.scenario_id,
                    "scenario_name": scenario.name,
                    "call_processing_rule_id": scenario.scenario_id + 1000,
                    "is_active": True,
                }
                for scenario in directory.scenarios.values()
                if line.number in scenario.numbers
            ],
        }
        for place, line in enumerate(directory.virtual_numbers)
    ]


def _tags(directory: Directory) -> list[Row]:
    newer = {"rating": None, "is_auto": False, "state": "active", "creation_datetime": "2025-01-15 10:00:00"}
    return [
        {"id": tag.tag_id, "name": tag.name, "is_system": False, **newer, "color": "#EBEBEB"}
        for tag in directory.tags.values()
    ]


def _scenarios(directory: Directory) -> list[Row]:
    return [
        {
            "id": scenario.scenario_id,
            "name": scenario.name,
            "virtual_phone_numbers": list(scenario.numbers),
            "sites": [],
            "campaigns": [],
        }
        for scenario in directory.scenarios.values()
    ]


def _files(directory: Directory) -> list[Row]:
    return [
        {
            "id": media.media_file_id,
            "name": media.name,
            "duration": int(media.duration_s),
            "play_link": f"https://media.example.test/{media.media_file_id}",
            "normalization": True,
            "size": int(media.duration_s * BYTES_A_SECOND),
            "type": "system" if media.is_system else "user",
        }
        for media in directory.media_files.values()
    ]


def _statuses(directory: Directory) -> list[Row]:
    return [
        {
            "id": status.status_id,
            "name": status.name,
            "mnemonic": status.mnemonic,
            "description": None,
            "color": status.color,
            "is_deleted": False,
            "is_select_allowed": status.is_select_allowed,
            "is_worktime": status.is_worktime,
            "is_auto_out_calls_ready": False,
            "allowed_phone_protocols": ["PSTN", "SIP", "SIP_TRUNK", "FMC"],
        }
        for status in directory.statuses.values()
    ]


def get_statuses(invocation: Invocation) -> Page:
    """Nothing is ever deleted here: ``is_deleted`` true gives none."""
    rows = [] if invocation.params.get("is_deleted", False) is True else _statuses(invocation.world.directory)
    return page_of(invocation, STATUSES, rows)


Lister = Callable[[Invocation], Page]


def _lister(columns: Columns, rows_of: Callable[[Directory], list[Row]]) -> Lister:
    return lambda invocation: page_of(invocation, columns, rows_of(invocation.world.directory))


LISTERS: Mapping[str, Lister] = {
    "get.account": get_account,
    "get.employees": _lister(EMPLOYEES, lambda office: [_employee(office, one) for one in office.employees.values()]),
    "get.group_employees": _lister(GROUPS, lambda office: [_group(office, one) for one in office.groups.values()]),
    "get.tags": _lister(TAGS, _tags),
    "get.virtual_numbers": _lister(NUMBERS, _numbers),
    "get.scenarios": _lister(SCENARIOS, _scenarios),
    "get.media_files": _lister(FILES, _files),
    "get.statuses": get_statuses,
}
