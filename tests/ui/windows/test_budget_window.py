"""The window *Points*, the figures that open it, and the banners about points, rights and the interface's version."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from app.bootstrap import Services
from app.clock import SystemClock
from app.hardening import HardeningReport
from app.http import MethodCost, PointsOutlook, PointsView
from app.simulator.config import SimulatorConfig
from app.simulator.runner import Simulator
from app.telephony.poller import LinkHealth, LinkReport, LookRefusal
from tests.helpers.guards import ExpectedLog
from tests.helpers.qt import finish_deletions, show
from tests.helpers.services import open_console
from tests.helpers.waiting import until
from ui.actions import UserAction
from ui.attached import AttachedConsole
from ui.panels.banners import BannerKind
from ui.tasks import TaskScope
from ui.texts.budget import cost_text, forecast_text, look_refused_text, refresh_text, reset_text
from ui.windows.budget_state import BudgetState, Purse, budget_state
from ui.windows.budget_window import BudgetWindow
from ui.windows.main_window import MainWindow

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SCARCE = SimulatorConfig(minute_limit=150, day_limit=750, weights={"list.calls": 1})
STATE = BudgetState(
    NOW,
    minute=Purse(112, 150, NOW + timedelta(seconds=42)),
    day=Purse(612, 750, NOW + timedelta(hours=12)),
    reserve=165,
    costs=(MethodCost("hold.call", 1, 4), MethodCost("list.calls", 0, 30), MethodCost("new.method", None, 1)),
    pace_per_hour=40.0,
    interval_s=2.0,
)


@dataclass
class Desk:
    """One window over a console of a scarce account."""

    simulator: Simulator
    services: Services
    window: MainWindow
    console: AttachedConsole

    def banner(self, kind: BannerKind) -> str:
        """What the banner says; empty when it is not shown."""
        banner = self.window.banners.banner(kind)
        return banner.label.text() if banner.isVisible() else ""

    async def refuse(self, mnemonic: str, params: dict[str, object] | None = None) -> None:
        """The list is refused from now on."""
        self.simulator.account.switches.refuse_next("list.calls", mnemonic, params, times=1_000)
        self.services.poller.refresh_soon()
        await until(lambda: self.services.poller.report.error is not None, what=mnemonic)


@asynccontextmanager
async def open_desk(folder: Path) -> AsyncIterator[Desk]:
    scope = TaskScope()
    async with AsyncExitStack() as stack:
        simulator = await stack.enter_async_context(Simulator(SCARCE))
        services = await stack.enter_async_context(open_console(simulator, folder))
        window = MainWindow(SystemClock().monotonic)
        console = AttachedConsole(window, services, scope, HardeningReport({}), is_demo=False)
        window.show()
        try:
            await until(lambda: services.poller.report.last_success, what="the first look at the calls")
            yield Desk(simulator, services, window, console)
        finally:
            await scope.aclose()
            window.may_close = True
            window.close()
            window.deleteLater()
            finish_deletions()


def test_the_window_shows_costs_what_is_left_and_when_it_is_full_again() -> None:
    window = BudgetWindow()
    show(window)
    window.show_state(STATE)
    rows = [[item.text() for column in range(3) if (item := window.table.item(row, column))] for row in range(3)]
    assert rows == [
        ["Hold (hold.call)", "1", "4"],
        ["Read the list of calls (list.calls)", "free", "30"],
        ["new.method", "not known yet", "1"],
    ]
    assert (window.minute.text(), window.minute.value(), window.minute.maximum()) == ("112 of 150 left", 112, 150)
    assert window.minute_reset.text().endswith("in 42 s")
    assert (window.day.text(), window.day.value(), window.day.maximum()) == ("612 of 750 left", 612, 750)
    assert window.day_reset.text().endswith("in 12:00:00")
    assert window.refresh.text() == "The list is read every 2 s, as set."
    assert window.forecast.text() == "Lasts until the reset at the present pace, 40 points an hour."
    window.show_state(replace(STATE, costs=STATE.costs[:1], minute=Purse(), pace_per_hour=None))
    assert window.table.rowCount() == 1
    assert window.minute.text() == "never told"
    assert "known after half a minute" in window.forecast.text()
    window.deleteLater()
    finish_deletions()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (replace(STATE, reduced_by="day", interval_s=85.0), ("every 85 s", "165 of them are kept for commands")),
        (replace(STATE, reduced_by="minute", interval_s=9.0), ("every 9 s", "This minute's points")),
        (replace(STATE, reduced_by="day", interval_s=1_500.0), ("every 25 min",)),
        (replace(STATE, limit_ends_at=NOW + timedelta(seconds=30)), ("used up", ":30")),
        (replace(STATE, is_without_list=True), ("starting and ending calls still works",)),
    ],
)
def test_the_window_says_why_the_list_is_read_less_often(state: BudgetState, words: tuple[str, ...]) -> None:
    text = refresh_text(state)
    assert all(word in text for word in words), text
    assert text != refresh_text(STATE)


def test_the_forecast_names_the_hour() -> None:
    runs_out_at = NOW + timedelta(hours=3)
    text = forecast_text(replace(STATE, day_runs_out_at=runs_out_at))
    assert text.startswith(f"Used up at about {runs_out_at.astimezone():%H:%M} at the present pace")


@pytest.mark.parametrize("day", [Purse(), Purse(0, 750, NOW + timedelta(hours=1)), STATE.day])
@pytest.mark.parametrize("pace", [None, 40.0])
def test_there_is_always_a_forecast(day: Purse, pace: float | None) -> None:
    assert forecast_text(replace(STATE, day=day, pace_per_hour=pace))


@pytest.mark.parametrize(
    ("cost", "words"),
    [
        (MethodCost("hold.call", None, 1, so_far=2), "2 so far"),
        (MethodCost("hold.call", None, 1, so_far=0), "free so far"),
        (MethodCost("hold.call", None, 1), "not known yet"),
        (MethodCost("hold.call", 2, 3), "2"),
    ],
)
def test_a_cost_is_told_from_the_first_reply_and_marked_until_it_is_sure(cost: MethodCost, words: str) -> None:
    assert cost_text(cost) == words


def test_a_reset_that_is_over_is_not_told() -> None:
    left = PointsView(0, 150, None, 10, 750, None, 1)
    outlook = PointsOutlook(left, minute_resets_at=NOW - timedelta(seconds=1), day_resets_at=NOW + timedelta(hours=1))
    state = budget_state(LinkReport(LinkHealth.UP), outlook, NOW, is_without_list=False)
    assert reset_text(state.minute, NOW) == ""
    assert reset_text(state.day, NOW) != ""


def test_a_refused_refresh_says_when_it_may_be_asked_again() -> None:
    often, points = (look_refused_text(LookRefusal(reason, 754.0)) for reason in ("often", "points"))
    assert "12:34" in often
    assert "12:34" in points
    assert often != points


async def test_the_figures_open_the_window_and_it_stays_fresh(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        figures = desk.window.findChild(QPushButton, "status_points")
        assert figures is not None
        await until(lambda: "today" in figures.text(), what="the figures")
        QTest.mouseClick(figures, Qt.MouseButton.LeftButton)
        window = desk.window.findChild(BudgetWindow)
        assert window is not None
        assert window.isVisible()
        assert not window.isModal()
        spent = window.day.value()
        desk.services.poller.refresh_soon()
        await until(lambda: window.day.value() < spent, what="a later figure")
        desk.window.actions_by_name[UserAction.POINTS].trigger()
        assert desk.window.findChildren(BudgetWindow) == [window]


@pytest.mark.parametrize(
    ("mnemonic", "params", "words"),
    [
        ("component_disabled", {"component_name": "x"}, ("not available", "Tariffs and options")),
        ("ip_not_whitelisted", {"ip": "203.0.113.7"}, ("cannot be listed", "203.0.113.7", "tab API")),
        ("account_inactive", None, ("cannot be listed", "switched off")),
        ("forbidden", None, ("cannot be listed", "administrator")),
    ],
)
async def test_missing_rights_have_a_banner_that_says_where_to_put_them_right(
    mnemonic: str, params: dict[str, object] | None, words: tuple[str, ...], tmp_path: Path, expected_log: ExpectedLog
) -> None:
    expected_log("the link to the PBX broke")
    async with open_desk(tmp_path) as desk:
        assert desk.banner(BannerKind.ACCOUNT) == ""
        await desk.refuse(mnemonic, params)
        await until(lambda: desk.banner(BannerKind.ACCOUNT), what="the banner")
        assert all(word in desk.banner(BannerKind.ACCOUNT) for word in words), desk.banner(BannerKind.ACCOUNT)
        assert desk.banner(BannerKind.PBX_DOWN) == ""
        desk.simulator.account.switches.refusals.clear()
        QTest.mouseClick(desk.window.banners.banner(BannerKind.ACCOUNT).button, Qt.MouseButton.LeftButton)
        await until(lambda: not desk.banner(BannerKind.ACCOUNT), what="the banner gone")


async def test_used_up_points_have_a_banner_with_the_time_they_are_back(
    tmp_path: Path, expected_log: ExpectedLog
) -> None:
    expected_log("the link to the PBX broke")
    async with open_desk(tmp_path) as desk:
        await desk.refuse("limit_exceeded", {"limit_type": "day", "limit_max_value": 750})
        await until(lambda: desk.banner(BannerKind.POINTS), what="the banner")
        ends_at = desk.services.poller.report.limit_ends_at
        assert ends_at is not None
        assert ends_at.astimezone().strftime("%H:%M:%S") in desk.banner(BannerKind.POINTS)
        assert desk.window.status_line.link.text() == "Points used up"
        QTest.mouseClick(desk.window.banners.banner(BannerKind.POINTS).button, Qt.MouseButton.LeftButton)
        assert desk.window.findChild(BudgetWindow) is not None
        desk.window.actions_by_name[UserAction.REFRESH].trigger()
        assert "Not refreshed" in desk.window.status_line.message.text()


async def test_an_old_version_is_told_once_a_run_and_can_be_dismissed(
    tmp_path: Path, expected_log: ExpectedLog
) -> None:
    expected_log("will be switched off")
    async with open_desk(tmp_path) as desk:
        desk.simulator.account.switches.is_version_deprecated = True
        desk.services.poller.refresh_soon()
        await until(lambda: desk.banner(BannerKind.VERSION), what="the banner")
        QTest.mouseClick(desk.window.banners.banner(BannerKind.VERSION).button, Qt.MouseButton.LeftButton)
        assert desk.banner(BannerKind.VERSION) == ""
        seen = desk.services.poller.report.last_success
        desk.services.poller.refresh_soon()
        await until(lambda: desk.services.poller.report.last_success != seen, what="one more look")
        await until(lambda: desk.banner(BannerKind.VERSION) == "", what="no banner")
