"""Reads the [office] of a scenario file: the people, the numbers and the lists of the account."""

from collections.abc import Mapping

from app.simulator.pbx.directory import (
    CallScenario,
    Directory,
    Employee,
    EmployeeGroup,
    EmployeeStatus,
    MediaFile,
    PhoneBehaviour,
    Tag,
    TalkOption,
    VirtualNumber,
)
from app.simulator.pbx.office import STATUSES
from app.simulator.toml_values import integer, integers, optional_seconds, optional_text, rows, seconds, strings


def directory_of(office: Mapping[str, object]) -> Directory:
    """The whole account; raises KeyError, TypeError or ValueError. Without statuses it has the vendor's own."""
    directory = Directory(contact_answers_after_s=optional_seconds(office.get("contact_answers_after_s")))
    directory.add_employees(_employee_of(row) for row in rows(office, "employees"))
    directory.virtual_numbers = [
        VirtualNumber(str(row["number"]), str(row["name"]), row.get("is_active", True) is True)
        for row in rows(office, "virtual_numbers")
    ]
    directory.tags = {integer(row["id"]): Tag(integer(row["id"]), str(row["name"])) for row in rows(office, "tags")}
    directory.talk_options = [_talk_option_of(row) for row in rows(office, "talk_options")]
    directory.media_files = {integer(row["id"]): _media_file_of(row) for row in rows(office, "media_files")}
    directory.outside_phones = {
        str(row["number"]): PhoneBehaviour(
            optional_seconds(row.get("answers_after_s")), optional_seconds(row.get("declines_after_s"))
        )
        for row in rows(office, "outside_phones")
    }
    statuses = [_status_of(row) for row in rows(office, "statuses")] or STATUSES
    directory.statuses = {status.status_id: status for status in statuses}
    directory.groups = {integer(row["id"]): _group_of(row) for row in rows(office, "groups")}
    directory.scenarios = {integer(row["id"]): _call_scenario_of(row) for row in rows(office, "scenarios")}
    _check_people(directory)
    return directory


def _check_people(directory: Directory) -> None:
    members = {group.name: group.employees for group in directory.groups.values()}
    members |= {scenario.name: scenario.employees for scenario in directory.scenarios.values()}
    for name, employees in members.items():
        strangers = set(employees) - set(directory.employees)
        if strangers:
            raise ValueError(f"{name} has unknown employees {sorted(strangers)}")
    for employee in directory.employees.values():
        if employee.status_id not in directory.statuses:
            raise ValueError(f"{employee.full_name} has an unknown status")


def _employee_of(row: Mapping[str, object]) -> Employee:
    coach = row.get("coach")
    return Employee(
        integer(row["id"]),
        str(row["name"]),
        str(row["extension"]),
        str(row["phone"]),
        coach_id=None if coach is None else integer(coach),
        call_recording=str(row.get("call_recording", "off")),
        answers_after_s=optional_seconds(row.get("answers_after_s")),
        declines_after_s=optional_seconds(row.get("declines_after_s")),
        has_active_phone=row.get("has_active_phone", True) is True,
        other_phones=strings(row.get("other_phones", [])),
        dial_time_s=optional_seconds(row.get("dial_time_s")),
        status_id=integer(row.get("status", 1)),
    )


def _talk_option_of(row: Mapping[str, object]) -> TalkOption:
    value_id = row.get("value_id")
    return TalkOption(
        str(row["button"]),
        str(row["mnemonic"]),
        str(row["name"]),
        None if value_id is None else integer(value_id),
        None if value_id is None else str(row["value"]),
    )


def _media_file_of(row: Mapping[str, object]) -> MediaFile:
    return MediaFile(
        integer(row["id"]), str(row["name"]), seconds(row["duration_s"]), row.get("is_system", False) is True
    )


def _status_of(row: Mapping[str, object]) -> EmployeeStatus:
    return EmployeeStatus(
        integer(row["id"]),
        str(row["name"]),
        optional_text(row.get("mnemonic")),
        str(row.get("color", "#828282")),
        is_select_allowed=row.get("is_select_allowed", True) is True,
        is_worktime=row.get("is_worktime", True) is True,
    )


def _group_of(row: Mapping[str, object]) -> EmployeeGroup:
    return EmployeeGroup(integer(row["id"]), str(row["name"]), str(row["number"]), integers(row["employees"]))


def _call_scenario_of(row: Mapping[str, object]) -> CallScenario:
    return CallScenario(
        integer(row["id"]),
        str(row["name"]),
        strings(row.get("numbers", [])),
        integers(row["employees"]),
        seconds(row.get("message_s", 0)),
    )
