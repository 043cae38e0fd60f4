"""The window of the queue by itself: diffed rows, the keyboard, reasons, 2 000 cards."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from app.outbox.entry import OutboxStep, StepState
from tests.helpers.qt import finish_deletions, show
from tests.ui.windows.queue_samples import NOW, PAUSED, card_of, state_of
from ui.models.queue_list import QueueColumn
from ui.texts.queue import (
    deed_text,
    emptiness_text,
    mark_text,
    problem_text,
    reason_cell,
    show_text,
    state_cell,
    where_cell,
)
from ui.windows.queue_rows import row_of_card
from ui.windows.queue_state import (
    DeedProblem,
    PausedCrm,
    QueueDeed,
    QueueEmptiness,
    QueueMark,
    QueueShow,
    QueueState,
)
from ui.windows.queue_window import QueueWindow

MANY = 2_000
STALL_S = 0.25
"""Generous: the machine of the tests may be busy with others."""


@pytest.fixture
def window(qapp: QApplication) -> Iterator[QueueWindow]:
    window = QueueWindow(lambda: NOW)
    show(window)
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    yield window
    window.close()
    window.deleteLater()
    finish_deletions()


def many_rows(state: StepState = StepState.PENDING) -> QueueState:
    rows = tuple(row_of_card(card_of(place, OutboxStep("register", "bitrix24", state))) for place in range(MANY))
    return QueueState(rows=rows, emptiness=QueueEmptiness.NOT_EMPTY)


def test_every_word_is_there() -> None:
    words = [mark_text(mark) for mark in QueueMark] + [deed_text(deed) for deed in QueueDeed]
    words += [problem_text(problem) for problem in DeedProblem]
    words += [show_text(what, 1) for what in QueueShow]
    words += [emptiness_text(why) for why in QueueEmptiness if why is not QueueEmptiness.NOT_EMPTY]
    assert all(words)
    assert len({mark_text(mark)[0] for mark in QueueMark}) == len(QueueMark), "a glyph of its own each"


def test_every_row_says_where_it_stands_and_what_to_do() -> None:
    for row in state_of().rows:
        assert state_cell(row)
        if row.mark is not QueueMark.SENDING:
            assert reason_cell(row).endswith("."), row
        if row.step:
            assert ":\n" in where_cell(row)


def test_the_selection_and_the_scroll_stay_while_rows_come_and_go(window: QueueWindow) -> None:
    resets: list[object] = []
    window.model.modelReset.connect(lambda: resets.append(1))
    state = state_of(chosen="pult-pbx-2")
    window.show_state(state)
    (selected,) = window.table.selectionModel().selectedRows()
    assert window.model.rows[selected.row()].card_key == "pult-pbx-2"
    fewer = replace(state, rows=tuple(row for row in state.rows if row.card_key != "pult-pbx-4"))
    window.show_state(fewer)
    (selected,) = window.table.selectionModel().selectedRows()
    assert window.model.rows[selected.row()].card_key == "pult-pbx-2"
    window.show_state(state)
    assert resets == []


def test_showing_a_state_tells_nobody_that_a_card_was_chosen(window: QueueWindow) -> None:
    heard: list[str] = []
    window.card_chosen.connect(heard.append)
    window.show_state(state_of(chosen="pult-pbx-2"))
    window.show_state(state_of(chosen="pult-pbx-3"))
    assert heard == []
    window.table.setFocus()
    QTest.keyClick(window.table, Qt.Key.Key_Down)
    assert len(heard) == 1


def test_rows_that_come_and_go_choose_no_other_card(window: QueueWindow) -> None:
    heard: list[str] = []
    window.card_chosen.connect(heard.append)
    state = state_of(chosen="pult-pbx-4")
    window.card_chosen.connect(lambda _: window.show_state(state))
    every = state.rows
    window.table.setFocus()
    for rows in (every[3:4], every, every[:3], every, every[5:], every[::-1], every):
        state = replace(state, rows=rows)
        window.show_state(state)
        selected = [window.model.rows[index.row()].card_key for index in window.table.selectionModel().selectedRows()]
        assert selected == [row.card_key for row in rows if row.card_key == "pult-pbx-4"]
    assert heard == []


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown])
def test_the_only_card_is_chosen_by_a_key(window: QueueWindow, key: Qt.Key) -> None:
    chosen: list[str] = []
    deeds: list[QueueDeed] = []
    window.card_chosen.connect(chosen.append)
    window.deed_requested.connect(deeds.append)
    state = state_of()
    window.show_state(replace(state, rows=state.rows[:1]))
    window.table.setFocus()
    QTest.keyClick(window.table, key)
    assert chosen == [state.rows[0].card_key]
    assert deeds == [], "the key that chooses does nothing to the card yet"


def test_return_mends_and_delete_discards_by_keyboard_alone(window: QueueWindow) -> None:
    heard: list[QueueDeed] = []
    window.deed_requested.connect(heard.append)
    window.show_state(state_of(chosen="pult-pbx-1"))
    window.table.setFocus()
    QTest.keyClick(window.table, Qt.Key.Key_Return)
    QTest.keyClick(window.table, Qt.Key.Key_Delete)
    assert heard == [QueueDeed.EDIT, QueueDeed.DISCARD]


def test_a_key_whose_deed_is_off_says_why(window: QueueWindow) -> None:
    heard: list[QueueDeed] = []
    window.deed_requested.connect(heard.append)
    window.show_state(state_of(show=QueueShow.SENT, chosen="pult-pbx-9"))
    window.table.setFocus()
    QTest.keyClick(window.table, Qt.Key.Key_Delete)
    assert heard == []
    assert window.message.text() == problem_text(DeedProblem.IS_SENT)


def test_letters_choose_no_card(window: QueueWindow) -> None:
    heard: list[str] = []
    window.card_chosen.connect(heard.append)
    window.show_state(state_of(chosen="pult-pbx-1"))
    window.table.setFocus()
    QTest.keyClicks(window.table, "2+7")
    assert heard == []


def tab_order(window: QueueWindow) -> list[str]:
    """Names of the controls the Tab key stops at, in its order."""
    names, widget = [], window.nextInFocusChain()
    while widget is not window and widget is not None:
        if widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value and widget.isVisible() and widget.isEnabled():
            names.append(widget.objectName())
        widget = widget.nextInFocusChain()
    return names


def test_every_control_is_reached_by_tab(window: QueueWindow) -> None:
    window.show_state(state_of(chosen="pult-pbx-9"))
    QCoreApplication.processEvents()
    order = tab_order(window)
    wanted = ["queue_show", "queue_search", "queue_table", "queue_open_bitrix24_activity", "queue_export"]
    assert [name for name in order if name in wanted] == wanted
    assert "queue_close" in order
    assert "queue_edit" not in order, "off"


def test_a_button_that_is_off_explains_itself(window: QueueWindow) -> None:
    window.show_state(state_of(chosen="pult-pbx-9"))
    button = window.buttons[QueueDeed.EDIT]
    assert not button.isEnabled()
    assert button.toolTip() == button.accessibleDescription() == problem_text(DeedProblem.IS_SENT)


def test_discard_and_restore_take_turns(window: QueueWindow) -> None:
    window.show_state(state_of(chosen="pult-pbx-1"))
    assert window.buttons[QueueDeed.DISCARD].isVisible()
    assert not window.buttons[QueueDeed.RESTORE].isVisible()
    window.show_state(state_of(chosen="pult-pbx-10"))
    assert window.buttons[QueueDeed.RESTORE].isVisible()
    assert not window.buttons[QueueDeed.DISCARD].isVisible()


def test_each_paused_crm_has_one_line_with_the_button_that_helps(window: QueueWindow) -> None:
    heard: list[PausedCrm] = []
    window.pause_help_requested.connect(heard.append)
    window.show_state(state_of(pauses=PAUSED))
    texts = {label.objectName(): label.text() for label in window.findChildren(QLabel) if label.isVisible()}
    assert "Connect" in texts["queue_paused_bitrix24_text"]
    assert "subscription" in texts["queue_paused_amocrm_text"]
    for banner in window.pauses._banners.values():
        QTest.mouseClick(banner.button, Qt.MouseButton.LeftButton)
    assert [paused.crm_name for paused in heard] == ["bitrix24", "amocrm"]
    window.show_state(state_of())
    assert not window.pauses.isVisible()


def test_text_from_outside_stays_plain(window: QueueWindow) -> None:
    window.show_state(state_of(chosen="pult-pbx-4"))
    for label in window.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText, label.objectName()


def test_two_thousand_cards_do_not_stall_the_window(window: QueueWindow) -> None:
    first = many_rows()
    window.show_state(first)
    QCoreApplication.processEvents()
    sent = many_rows(StepState.IN_FLIGHT)
    for state in (replace(first, rows=first.rows[1:]), sent, replace(sent, rows=sent.rows[: MANY // 2]), first):
        began_s = time.monotonic()
        window.show_state(state)
        QCoreApplication.processEvents()
        assert time.monotonic() - began_s < STALL_S
    assert window.model.rowCount() == MANY
    window.tick()


def test_the_model_tells_only_what_changed(window: QueueWindow) -> None:
    first = many_rows()
    window.show_state(first)
    told: list[tuple[int, int]] = []
    window.model.dataChanged.connect(lambda top, bottom, *_: told.append((top.row(), bottom.row())))
    window.show_state(first)
    assert told == []
    changed = list(first.rows)
    changed[7] = replace(changed[7], mark=QueueMark.PARKED)
    window.show_state(replace(first, rows=tuple(changed)))
    assert told == [(7, 7)]


def test_an_age_is_told_as_time_goes_by(window: QueueWindow) -> None:
    window.show_state(state_of())
    told: list[int] = []
    window.model.dataChanged.connect(lambda top, *_: told.append(top.column()))
    window.tick()
    assert told == [QueueColumn.AGE]
