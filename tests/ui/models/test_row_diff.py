"""Ranges that turn one list of keys into another."""

from hypothesis import given
from hypothesis import strategies as st

from ui.models.row_diff import plan_rows, ranges_of

_KEYS = st.lists(st.integers(0, 40), unique=True)


def test_neighbouring_positions_become_one_range() -> None:
    assert ranges_of([1, 2, 3, 7]) == [(1, 3), (7, 7)]
    assert ranges_of([]) == []
    assert ranges_of([0]) == [(0, 0)]


@given(_KEYS, _KEYS)
def test_a_plan_that_keeps_the_order_leads_from_the_old_list_to_the_new_one(old: list[int], new: list[int]) -> None:
    plan = plan_rows(old, new)
    rows = list(old)
    for first, last in plan.removals:
        del rows[first : last + 1]
    if not plan.keeps_order:
        kept = [key for key in new if key in old]
        assert rows != kept
        assert sorted(rows) == sorted(kept)
        rows = kept
    for first, last in plan.insertions:
        rows[first:first] = new[first : last + 1]
    assert rows == new
