"""Reports that cannot be read, or a disk without room for recordings: one quiet line for the administrator."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import LimitExceeded, LinkDown, NotSaved, PultError, Refused, RightsMissing
from tests.scenarios.console import open_console, open_simulator
from ui.panels.banners import BannerKind
from ui.panels.status_line.report_trouble import ReportTrouble, report_trouble
from ui.texts.status import reports_text

LEGS = "get.call_legs_report"
NO_RIGHTS = RightsMissing("forbidden")
FULL = NotSaved("disk_full")


async def test_without_the_right_a_quiet_line_says_so_until_it_is_given(tmp_path: Path) -> None:
    async with open_simulator() as simulator:
        simulator.account.switches.forbidden_methods.add(LEGS)
        async with open_console(simulator, tmp_path) as console:
            banner = console.window.banners.banner(BannerKind.REPORTS)
            await console.wait_for("the line", banner.isVisible)
            assert "Data API" in banner.label.text()
            assert "calls nobody saw here are not found" in banner.label.text()
            simulator.account.switches.forbidden_methods.discard(LEGS)
            console.services.unseen_calls.look_soon()
            await console.wait_for("the line to go", lambda: not banner.isVisible())


async def test_put_away_it_comes_back_with_another_cause_only(tmp_path: Path) -> None:
    async with open_simulator() as simulator:
        simulator.account.switches.forbidden_methods.add(LEGS)
        async with open_console(simulator, tmp_path) as console:
            banner = console.window.banners.banner(BannerKind.REPORTS)
            await console.wait_for("the line", banner.isVisible)
            console.window.banners.help_requested.emit(BannerKind.REPORTS)
            assert not banner.isVisible()
            console.services.unseen_calls.look_soon()
            await console.next_polls()
            assert not banner.isVisible()
            simulator.account.switches.forbidden_methods.discard(LEGS)
            simulator.account.switches.refuse_next(LEGS, "component_disabled")
            console.services.unseen_calls.look_soon()
            await console.wait_for("the line with another cause", banner.isVisible)


async def test_where_all_is_well_there_is_no_line(tmp_path: Path) -> None:
    async with open_simulator() as simulator, open_console(simulator, tmp_path) as console:
        unseen = console.services.unseen_calls
        await console.wait_for("a look", lambda: unseen.looked_at is not None)
        assert not console.window.banners.banner(BannerKind.REPORTS).isVisible()


@pytest.mark.parametrize(
    ("recordings", "unseen", "told"),
    [
        (None, None, None),
        (LinkDown("connect"), LimitExceeded("limit_exceeded"), None),
        (NO_RIGHTS, None, ReportTrouble(NO_RIGHTS, no_recordings=True, no_unseen_calls=False)),
        (NO_RIGHTS, RightsMissing("forbidden"), ReportTrouble(NO_RIGHTS, no_recordings=True, no_unseen_calls=True)),
        (FULL, NO_RIGHTS, ReportTrouble(FULL, no_recordings=True, no_unseen_calls=False)),
        (LinkDown("connect"), NO_RIGHTS, ReportTrouble(NO_RIGHTS, no_recordings=False, no_unseen_calls=True)),
    ],
)
def test_only_what_a_person_must_mend_is_told(
    recordings: PultError | None, unseen: PultError | None, told: ReportTrouble | None
) -> None:
    assert report_trouble(recordings, unseen) == told


@pytest.mark.parametrize("error", [NO_RIGHTS, FULL, RightsMissing("method_component_disabled"), Refused("x")])
@pytest.mark.usefixtures("qapp")
def test_each_says_what_is_lost_and_why(error: PultError) -> None:
    for recordings, unseen, lost in (
        (True, True, "recordings and calls"),
        (True, False, "recordings are not fetched"),
        (False, True, "calls nobody saw"),
    ):
        text = reports_text(ReportTrouble(error, no_recordings=recordings, no_unseen_calls=unseen))
        assert text.startswith("For the administrator: ")
        assert lost in text
        assert text.endswith((".", ")."))
