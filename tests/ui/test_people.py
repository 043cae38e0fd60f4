"""Who can be called inside the company: presence from the live calls, type-ahead, words and pictures."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.account.lists import AccountLists
from app.account.port import Colleague, EmployeeGroup, OperatorStatus
from app.domain.calls import EmployeeId
from app.domain.live_call import LiveCall
from tests.ui.sample_calls import ME, RINGING, SEEN, TALKING, make_call
from ui.people import PersonRow, Presence, matching_people, people_rows
from ui.texts.presence import presence_look, presence_text

GUSEV, BELOVA, ERSHOV = EmployeeId(2002), EmployeeId(2003), EmployeeId(2004)
WORKS = OperatorStatus(1, "Доступен", "#48B23D", is_worktime=True)
GONE = OperatorStatus(5, "Нет на работе", "#828282", is_worktime=False)
LISTS = AccountLists(
    colleagues=(
        Colleague(ME, "Орлова Марина", "101", ("0486101",)),
        Colleague(GUSEV, "Гусев Пётр", "102", ("0486102",), ("Поддержка",)),
        Colleague(BELOVA, "Белова Анна", "103", ("79265550103",), ("Продажи",), status_id=1),
        Colleague(ERSHOV, "Ершов Глеб", "", ("79265550104",), status_id=5),
        Colleague(EmployeeId(2009), "Без Номера"),
    ),
    groups=(EmployeeGroup(301, "Продажи", "201", (ME, BELOVA)), EmployeeGroup(302, "Без номера")),
    statuses=(WORKS, GONE),
)


def rows(*calls: LiveCall, now_s: float = SEEN.monotonic_s, are_calls_known: bool = True) -> dict[str, PersonRow]:
    found = people_rows(LISTS, calls, ME, now_s, are_calls_known=are_calls_known)
    return {row.name: row for row in found}


def test_colleagues_without_me_and_without_the_numberless_then_groups() -> None:
    assert list(rows()) == ["Белова Анна", "Гусев Пётр", "Ершов Глеб", "Продажи"]
    assert rows()["Ершов Глеб"].number == "79265550104", "the phone where there is no extension"
    assert rows()["Продажи"].is_group


def test_who_talks_is_on_a_call_since_the_talk_began() -> None:
    gusev = rows(make_call(1, *TALKING), now_s=SEEN.monotonic_s + 192)["Гусев Пётр"]
    assert (gusev.presence, gusev.busy_since_s, gusev.busy_for_s) == (Presence.ON_CALL, SEEN.monotonic_s, 192)
    assert presence_text(gusev) == "on a call for 3:12"
    assert rows()["Гусев Пётр"].presence is Presence.FREE


def test_who_rings_is_not_on_a_call_yet_and_talking_goes_before_ringing() -> None:
    ringing = make_call(1, *RINGING)
    assert rows(ringing)["Гусев Пётр"].presence is Presence.RINGING
    later = replace(SEEN, monotonic_s=SEEN.monotonic_s + 5)
    both = rows(ringing, make_call(2, *TALKING, seen=later))["Гусев Пётр"]
    assert (both.presence, both.busy_since_s) == (Presence.ON_CALL, later.monotonic_s)


def test_a_call_that_has_lost_the_leg_leaves_its_employee_free() -> None:
    before = make_call(1, *TALKING)
    after = make_call(1, TALKING[0], before=before)
    assert rows(after)["Гусев Пётр"].presence is Presence.FREE


def test_without_a_list_of_calls_nobody_is_told_to_be_free() -> None:
    assert rows(are_calls_known=False)["Гусев Пётр"].presence is Presence.UNKNOWN
    assert presence_text(rows(are_calls_known=False)["Гусев Пётр"]) == ""


def test_a_status_is_told_by_the_accounts_own_name() -> None:
    assert rows()["Белова Анна"].presence is Presence.STATUS
    assert presence_text(rows()["Белова Анна"]) == "Доступен"
    assert rows()["Ершов Глеб"].presence is Presence.AWAY
    assert presence_text(rows()["Ершов Глеб"]) == "Нет на работе"
    busy = rows(make_call(1, *TALKING, employee=2))["Белова Анна"]
    assert presence_text(busy) == "on a call for 0:00", "the call goes before the status"


def test_everything_known_has_words_and_a_picture() -> None:
    for presence in Presence:
        row = PersonRow("A", "1", presence=presence, status_name="Перерыв")
        assert bool(presence_text(row)) is (presence is not Presence.UNKNOWN)
        assert all(presence_look(row))
    assert presence_text(rows()["Продажи"]) == "group, members: 2"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ["Белова Анна", "Гусев Пётр", "Ершов Глеб", "Продажи"]),
        ("гу", ["Гусев Пётр"]),
        ("пётр гусев", ["Гусев Пётр"]),
        ("ВНА", []),
        ("прод", ["Продажи", "Белова Анна"]),
        ("10", ["Белова Анна", "Гусев Пётр"]),
        ("+7 926 555", ["Белова Анна", "Ершов Глеб"]),
        ("0486", ["Гусев Пётр"]),
    ],
)
def test_type_ahead_finds_the_beginnings_of_words_and_numbers(typed: str, found: list[str]) -> None:
    assert [row.name for row in matching_people(tuple(rows().values()), typed)] == found
