"""Words without an end, from outside, do not push the window off the screen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea

from tests.helpers.qt import finish_deletions, show
from tests.helpers.waiting import until
from tests.ui.console_window import ME, STRANGER, open_desk
from tests.ui.panels.card_window import NOBODY
from ui.panels.call_card.view_state import CardPanelState
from ui.windows.main_window import MainWindow


async def test_a_customer_with_an_endless_name_leaves_the_window_as_wide_as_it_is() -> None:
    async with open_desk() as desk:
        # What the account has set up comes after the first list, and takes room of its own.
        options = desk.window.talk_options
        await until(lambda: desk.services.talk_options.options and not options.isHidden(), what="the talk options")
        before = desk.window.minimumSizeHint().width()
        user = desk.simulator.config.bitrix_user_id
        desk.simulator.bitrix24.add_contact("CONTACT", 990, "Щ" * 400, STRANGER, user)
        await desk.ring(STRANGER)
        current = desk.window.current_call
        await until(lambda: "ЩЩЩ" in current.caller.text(), what="the name")
        assert current.caller.minimumSizeHint().width() <= current.width()
        assert desk.window.minimumSizeHint().width() <= before + 40
        assert desk.window.width() == 1366


async def test_cards_that_nobody_saves_do_not_push_the_card_off_the_window() -> None:
    async with open_desk() as desk:
        for place in range(40):
            desk.simulator.pbx.ring_in(f"7916000{place:04d}", employees=[ME])
        desk.services.poller.refresh_soon()
        await until(lambda: len(desk.services.wrap_up.cards) == 40, what="forty cards")
        strip = desk.window.call_card.strip
        await until(lambda: len(strip.buttons_shown) == 40, what="forty buttons")
        assert strip.height() <= 110
        assert desk.window.minimumSizeHint().height() <= 640
        first, last = strip.buttons_shown[0], strip.buttons_shown[-1]
        first.setFocus()
        for _ in range(39):
            QTest.keyClick(QApplication.focusWidget() or first, Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is last
        await until(lambda: not last.visibleRegion().isEmpty(), what="the last one scrolled into view")
        strip.chosen.emit(next(iter(desk.services.wrap_up.cards)))
        await until(lambda: not first.visibleRegion().isEmpty(), what="the shown one scrolled into view")


def test_at_its_smallest_the_window_cuts_off_no_field_of_the_card(qapp: QApplication) -> None:
    window = MainWindow(lambda: 0.0)
    window.call_card.show_state(CardPanelState(editor=NOBODY))
    window.resize(window.minimumSize())
    show(window)
    try:
        area = window.call_card.editor.findChild(QScrollArea, "card_scroll")
        assert area is not None
        QApplication.processEvents()
        form = area.widget()
        assert form is not None
        assert form.width() <= area.viewport().width()
        assert (window.width(), window.height()) == (1100, 640)
    finally:
        window.may_close = True
        window.close()
        window.deleteLater()
        finish_deletions()
