"""Banners: a long sentence takes a second line instead of losing its end, where the way out stands."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from tests.helpers.qt import finish_deletions, show
from ui.panels.banners import BannerKind, BannerText
from ui.windows.main_window import MainWindow

LONG = (
    "Список звонков прочитать нельзя. Адрес этого компьютера не разрешён: 203.0.113.7. Администратор добавляет его в "
    "личном кабинете АТС: Администратор → Аккаунт → Правила и настройки безопасности, вкладка API."
)


@pytest.fixture
def window(qapp: QApplication) -> Iterator[MainWindow]:
    window = MainWindow(lambda: 0.0)
    yield window
    window.may_close = True
    window.close()
    window.deleteLater()
    finish_deletions()


def settle() -> None:
    for _ in range(3):
        QApplication.processEvents()


@pytest.mark.parametrize("room", [QSize(1100, 640), QSize(1366, 728)])
def test_a_long_banner_wraps_and_the_window_still_fits(window: MainWindow, room: QSize) -> None:
    window.fit(room)
    show(window)
    for kind in (BannerKind.ACCOUNT, BannerKind.DELIVERY):
        window.banners.show_banner(kind, BannerText(LONG, "Повторить"))
    settle()
    line = window.fontMetrics().height()
    for kind in (BannerKind.ACCOUNT, BannerKind.DELIVERY):
        banner = window.banners.banner(kind)
        assert banner.label.fontMetrics().horizontalAdvance(LONG) > banner.label.width(), "one line would not do"
        assert 2 * line <= banner.label.height()
        assert banner.height() < 4 * line
        assert banner.label.toolTip() == "", "nothing is cut"
        assert banner.button.height() >= banner.button.minimumSizeHint().height()
    assert window.height() <= room.height() - 24
    assert window.status_line.geometry().bottom() <= window.height()


def test_a_short_banner_is_one_line_and_what_two_lines_cannot_hold_is_in_the_tooltip(window: MainWindow) -> None:
    window.fit(QSize(1366, 728))
    show(window)
    banner = window.banners.banner(BannerKind.ACCOUNT)
    window.banners.show_banner(BannerKind.ACCOUNT, BannerText("Коротко."))
    settle()
    line = banner.label.fontMetrics().height()
    assert banner.label.heightForWidth(banner.label.width()) == line
    short = banner.height()
    window.banners.show_banner(BannerKind.ACCOUNT, BannerText(LONG * 2))
    settle()
    assert banner.label.heightForWidth(banner.label.width()) == 2 * line
    assert banner.height() > short
    assert banner.label.toolTip().startswith("Список звонков")
    banner.label.grab()
