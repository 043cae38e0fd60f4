"""The parts under every panel: labels, tasks, bridge, dialogs, notices about errors."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox, QPushButton

from app.errors import LimitExceeded, LinkDown, NotSaved, Refused, SettingsError
from app.observe import Observable
from tests.helpers.guards import ExpectedLog
from tests.helpers.qt import finish_deletions
from tests.helpers.waiting import until
from tests.ui.console_window import child
from ui import errors
from ui.bridge import bridge
from ui.dialogs import confirm
from ui.i18n import choose_language, peek_language
from ui.tasks import TaskScope
from ui.widgets.command_button import CommandButton
from ui.widgets.plain_label import TEXT_CAP, PlainLabel, plain, plain_tooltip

_HOSTILE = ("<b>x</b>", '<img src="file:///etc/passwd">', "a\x00b\x1b[31m", "\u202egnp.exe", "<" * 2000, "\n\n\t<i>")


@pytest.mark.parametrize("text", _HOSTILE)
def test_a_label_shows_text_from_outside_as_plain_text(qapp: QApplication, text: str) -> None:
    label = PlainLabel(text, elide=True)
    label.resize(40, 20)
    label.grab()
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert len(label.text()) <= TEXT_CAP
    assert "<" not in label.toolTip()
    label.deleteLater()


@given(st.text())
def test_plain_text_has_nothing_that_cannot_be_seen(text: str) -> None:
    shown = plain(text)
    assert len(shown) <= TEXT_CAP
    assert all(character.isprintable() or character in "\n\N{NO-BREAK SPACE}" for character in shown)
    assert "<" not in plain_tooltip(text)


async def test_the_bridge_hands_over_once_a_turn_and_ends_with_its_owner() -> None:
    observable: Observable[int] = Observable()
    owner, taken = QObject(), list[list[int]]()
    bridge(observable, taken.append, owner)
    for value in (1, 2, 3):
        observable.publish(value)
    assert taken == []
    await until(lambda: taken, what="the delivery")
    observable.publish(4)
    await until(lambda: len(taken) == 2, what="the next delivery")
    assert taken == [[1, 2, 3], [4]]
    observable.publish(5)
    owner.deleteLater()
    finish_deletions()
    await asyncio.sleep(0)
    assert observable.listener_count == 0
    assert len(taken) == 2


async def test_a_scope_holds_its_tasks_reports_failures_and_starts_nothing_when_closed(
    expected_log: ExpectedLog,
) -> None:
    expected_log("unhandled error")
    shown: list[str] = []
    errors.desk.forget()
    errors.desk.connect_notices(shown.append)
    scope = TaskScope()

    async def fail() -> None:
        raise LinkDown("dns")

    started = asyncio.Event()

    async def wait_forever() -> None:
        started.set()
        await asyncio.Event().wait()

    scope.start(fail(), name="fails")
    scope.start(wait_forever(), name="waits")
    await started.wait()
    await until(lambda: shown, what="the notice")
    assert len(scope) == 1
    await scope.aclose()
    assert len(scope) == 0
    assert scope.start(wait_forever(), name="late") is None
    assert shown == ["The server's name cannot be found. Check the address and the network."]
    errors.desk.connect_notices(None)


async def test_one_notice_for_each_kind_of_error(expected_log: ExpectedLog) -> None:
    expected_log("unhandled error")
    shown: list[str] = []
    desk = errors.ErrorDesk()
    for _ in range(3):
        desk.report(ValueError("some customer's name"), "test")
    desk.connect_notices(shown.append)
    assert len(shown) == 1
    assert "ValueError" in shown[0]
    assert "customer" not in shown[0]


async def test_an_error_in_a_slot_reaches_the_operator(expected_log: ExpectedLog) -> None:
    expected_log("unhandled error")
    shown: list[str] = []
    errors.desk.forget()
    errors.desk.connect_notices(shown.append)
    before = sys.excepthook
    errors.install_excepthook()
    button = QPushButton()
    button.clicked.connect(lambda: 1 // 0)
    try:
        button.click()
        await until(lambda: shown, what="the notice")
    finally:
        sys.excepthook = before
        errors.desk.connect_notices(None)
        button.deleteLater()
    assert "ZeroDivisionError" in shown[0]


@pytest.mark.parametrize(
    ("error", "part"),
    [
        (Refused("invalid_state"), "has changed meanwhile"),
        (Refused("brand_new"), "brand_new"),
        (LimitExceeded(), "points are used up"),
        (NotSaved("disk_full"), "disk is full"),
        (SettingsError("pbx.login", "wrong_type"), "pbx.login"),
        (Refused("invalid_state", vendor_message="<b>secret</b>"), "has changed meanwhile"),
    ],
)
def test_an_error_becomes_a_sentence_without_the_vendors_words(error: Refused, part: str) -> None:
    sentence = errors.text_of(error)
    assert part in sentence
    assert "<" not in sentence


def test_an_error_nobody_foresaw_brings_the_vendors_words_for_labels_that_interpret_nothing() -> None:
    assert "<b>secret</b>" in errors.text_of(Refused("brand_new", vendor_message="<b>secret</b>"))


@pytest.mark.parametrize(("key", "agreed"), [(Qt.Key.Key_Return, False), (Qt.Key.Key_Escape, False), (None, True)])
async def test_a_question_means_cancel_unless_the_button_is_pressed(key: Qt.Key | None, agreed: bool) -> None:
    parent = QLineEdit()
    parent.show()
    scope = TaskScope()
    asking = scope.start(
        confirm(parent, title="Not your call", text="<b>End</b> the call?", confirm_text="End call"), name="ask"
    )
    assert asking is not None
    await until(lambda: parent.findChild(QMessageBox), what="the question")
    box = child(parent, QMessageBox, "confirm_dialog")
    await until(box.isVisible, what="the question is shown")
    assert box.textFormat() is Qt.TextFormat.PlainText
    if key is None:
        QTest.mouseClick(child(box, QPushButton, "confirm_button"), Qt.MouseButton.LeftButton)
    else:
        QTest.keyClick(box, key)
    assert await asking is agreed
    parent.close()
    parent.deleteLater()
    finish_deletions()


def test_a_button_that_goes_off_keeps_the_focus_and_explains_when_pressed(qapp: QApplication) -> None:
    button = CommandButton("command_hold", "Hold", "F7")
    done: list[str] = []
    button.pressed_on.connect(lambda: done.append("on"))
    button.pressed_while_off.connect(lambda: done.append("off"))
    button.show()
    button.activateWindow()
    button.setFocus()
    qapp.sendPostedEvents()
    button.set_on(False)
    if button.hasFocus():
        assert button.isEnabled()
        QTest.keyClick(button, Qt.Key.Key_Space)
        assert done == ["off"]
        button.clearFocus()
    assert not button.isEnabled()
    button.set_on(True)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert done[-1] == "on"
    assert button.accessibleName() == button.text() == "Hold"
    button.close()
    button.deleteLater()


@pytest.mark.parametrize(
    ("asked", "configured", "system", "language"),
    [
        ("en", "ru", "ru_RU", "en"),
        (None, "ru", "en_US", "ru"),
        (None, "auto", "ru_RU", "ru"),
        (None, None, "de_DE", "en"),
    ],
)
def test_the_language_is_asked_for_configured_or_the_systems(
    asked: str | None, configured: str | None, system: str, language: str
) -> None:
    assert choose_language(asked, configured, system) == language


def test_a_broken_config_file_does_not_keep_the_window_from_appearing(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    assert peek_language(config) is None
    config.write_text("[console\n", "utf-8")
    assert peek_language(config) is None
    config.write_text('[console]\nlanguage = "ru"\n', "utf-8")
    assert peek_language(config) == "ru"
