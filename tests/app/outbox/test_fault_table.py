"""A slice of the table of faults (`run.py soak fault_table` is the whole of it), with its controls."""

from __future__ import annotations

import pytest

from tests.soak import fault_table
from tests.soak.soak_writers import NeverProbing

# Nothing in common with the number of faults, so that each place meets others.
_EACH = 9


@pytest.mark.timeout(120)
def test_each_cell_ends_as_the_table_says() -> None:
    outcome = fault_table.run(fault_table.cells()[8::_EACH])
    assert [(end.cell.name, end.problems) for end in outcome.red] == []
    assert {end.way for end in outcome.ends} == {"done", "paused", "parked"}


def test_the_table_is_large_and_every_step_meets_every_fault() -> None:
    names = [cell.name for cell in fault_table.cells()]
    assert len(names) == len(set(names)) > 250


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", ["bitrix24 note, reply lost", "amocrm call, reply lost"])
def test_without_probes_a_lost_reply_makes_its_cell_red(name: str) -> None:
    """Negative control."""
    (end,) = fault_table.run(fault_table.cells(only=name), wrap=NeverProbing).ends
    assert any("times" in problem for problem in end.problems)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", ["bitrix24 note, crash before receipt", "amocrm call, crash before receipt"])
def test_without_claims_on_the_disk_a_crash_makes_its_cell_red(name: str) -> None:
    """Negative control."""
    (end,) = fault_table.run(fault_table.cells(only=name), store=fault_table.ForgetfulStore).ends
    assert any("times" in problem for problem in end.problems)
