"""Rows, order and filter of the list of calls, without Qt."""

from __future__ import annotations

import pytest

from app.domain.calls import CallState, Direction
from app.domain.live_call import LiveCall
from tests.ui.sample_calls import CONSULTING, HELD, ME, NAMES, RINGING, TALKING, make_call
from ui.models.call_row import CallColumn, CallRow
from ui.panels.active_calls.view_state import (
    CallFilter,
    Emptiness,
    RowWords,
    arrange,
    emptiness_of,
    row_of,
    seen_lines,
)

WORDS = RowWords({call_state: call_state.value for call_state in CallState}, "hidden", "rec")


def row(call: LiveCall, name: str | None = None) -> CallRow:
    return row_of(call, me=ME, caller_name=name, words=WORDS)


def test_a_row_says_who_calls_where_and_with_whom() -> None:
    shown = row(make_call(5, *TALKING, tags=("VIP", "Жалоба"), is_recorded=True), "Котова Мария")
    assert shown.cells == (
        "talk", "", "Котова Мария", "+7 495 104-57-71", NAMES[1], "", "VIP, Жалоба", "rec",
    )  # fmt: skip
    assert shown.began_monotonic_s == 940.0
    assert not shown.is_mine


def test_without_a_name_the_number_stands_there_and_a_hidden_one_is_called_hidden() -> None:
    assert row(make_call(5, *TALKING)).cells[CallColumn.CALLER] == "+7 916 000-00-05"
    assert row(make_call(5, *TALKING, contact="anonymous")).cells[CallColumn.CALLER] == "hidden"
    assert row(make_call(5, *TALKING, contact="")).cells[CallColumn.CALLER] == "hidden"


def test_all_employees_of_a_consultation_are_named_once() -> None:
    assert row(make_call(1, *CONSULTING, employee=1)).cells[CallColumn.EMPLOYEE] == f"{NAMES[1]}, {NAMES[2]}"


def test_my_calls_come_first_then_the_oldest() -> None:
    young, old = make_call(1, *TALKING, age_s=10), make_call(2, *TALKING, age_s=900)
    mine = make_call(3, *RINGING, employee=0, age_s=1)
    ordered = arrange([row(call) for call in (young, old, mine)], CallFilter())
    assert [shown.call_session_id for shown in ordered] == [call.call_session_id for call in (mine, old, young)]
    assert ordered[0].is_mine


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("", {1, 2, 3}),
        ("котова", {1}),
        ("КОТОВА мария", {1}),
        ("гусев", {1, 2}),
        ("vip", {2}),
        ("000-00-03", {3}),
        ("8 916 000 00 02", {2}),
        ("0000003", {3}),
        ("nobody", set()),
        ("котова гусев", {1}),
    ],
)
def test_the_filter_finds_caller_number_employee_and_tag(typed: str, places: set[int]) -> None:
    rows = [
        row(make_call(1, *TALKING), "Котова Мария"),
        row(make_call(2, *TALKING, tags=("VIP",))),
        row(make_call(3, *HELD, employee=3)),
    ]
    shown = arrange(rows, CallFilter(text=typed))
    assert {found.call_session_id - 7_000_000_000 for found in shown} == places


def test_the_filter_by_direction_and_line() -> None:
    rows = [
        row(make_call(1, *TALKING)),
        row(make_call(2, *TALKING, direction=Direction.OUTBOUND)),
        row(make_call(3, *TALKING, line="78122407010")),
    ]
    assert [found.call_session_id for found in arrange(rows, CallFilter(direction=Direction.OUTBOUND))] == [
        7_000_000_002
    ]
    assert [found.call_session_id for found in arrange(rows, CallFilter(line_number="78122407010"))] == [7_000_000_003]


def test_lines_once_seen_stay_in_the_filter() -> None:
    lines = seen_lines((), [row(make_call(1, *TALKING)), row(make_call(2, *TALKING, line="78122407010"))])
    assert lines == (("74951045771", "+7 495 104-57-71"), ("78122407010", "+7 812 240-70-10"))
    assert seen_lines(lines, []) is lines


def test_an_empty_list_says_why() -> None:
    assert emptiness_of(total=0, shown=0, link=Emptiness.LINK_DOWN) is Emptiness.LINK_DOWN
    assert emptiness_of(total=4, shown=0, link=Emptiness.NO_CALLS) is Emptiness.NO_MATCH
    assert emptiness_of(total=4, shown=1, link=Emptiness.NO_CALLS) is Emptiness.NOT_EMPTY
