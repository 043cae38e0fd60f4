"""Nothing of the queue is cut off, in both languages, both themes and on every screen; with PICTURES_TO=FOLDER the
pictures can be looked at."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QSize, QTranslator
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from app.paths import resource_dir
from tests.helpers.qt import finish_deletions, show
from tests.ui.windows.queue_samples import NOW, PAUSED, state_of, written
from ui.theme import ThemeChoice, theme
from ui.windows.queue_customer_dialog import QueueUnknownNumberDialog
from ui.windows.queue_edit_dialog import QueueEditDialog
from ui.windows.queue_edit_state import EditField, EditState
from ui.windows.queue_state import QueueShow, QueueState, RecordingLine
from ui.windows.queue_window import QueueWindow

READY = RecordingLine("ready", 1_234_567)
STATES = {
    "every-state": state_of(chosen="pult-pbx-2"),
    "parked": state_of(show=QueueShow.UNSENT, chosen="pult-pbx-1"),
    "parked-words": state_of(show=QueueShow.UNSENT, chosen="pult-pbx-4"),
    "receipt": state_of(show=QueueShow.SENT, chosen="pult-pbx-9", recording=READY),
    "paused": state_of(show=QueueShow.UNSENT, chosen="pult-pbx-5", pauses=PAUSED),
    "empty": state_of(text="nobody"),
}
SIZES = (QSize(1180, 640), QSize(1366, 728), QSize(860, 520))


@pytest.fixture(params=["ru", "en"])
def language(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    translator = QTranslator(qapp)
    if request.param == "ru":
        assert translator.load("pult_ru.qm", str(resource_dir() / "i18n"))
        QCoreApplication.installTranslator(translator)
    yield request.param
    QCoreApplication.removeTranslator(translator)
    translator.deleteLater()
    finish_deletions()


@pytest.fixture(params=[ThemeChoice.LIGHT, ThemeChoice.DARK], ids=["light", "dark"])
def colours(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    theme.install(qapp, request.param)
    yield request.param.value
    theme.choose(ThemeChoice.LIGHT)


def keep(widget: QWidget, name: str) -> None:
    folder = os.environ.get("PICTURES_TO")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        assert widget.grab().save(str(Path(folder) / f"{name}.png"))


def settle() -> None:
    for _ in range(4):
        QCoreApplication.sendPostedEvents()
        QApplication.processEvents()


def cut_off(window: QWidget) -> list[str]:
    """Buttons and one-line labels narrower than what they say, and parts that hang over the edge."""
    found = [
        f"{button.objectName()}: {button.text()}"
        for button in window.findChildren(QPushButton)
        if button.isVisible() and button.width() < button.minimumSizeHint().width()
    ]
    for part in (*window.findChildren(QPushButton), *window.findChildren(QLabel)):
        edge = part.mapTo(window, QPoint(part.width(), 0)).x()
        if part.isVisible() and edge > window.width():
            found.append(f"{part.objectName()} ends at {edge} of {window.width()}")
    return found


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.width()}x{size.height()}")
@pytest.mark.parametrize("name", STATES)
def test_the_window_shows_everything_whole(name: str, size: QSize, language: str, colours: str) -> None:
    window = QueueWindow(lambda: NOW)
    window.resize(size)
    show(window)
    window.choose_show(QueueShow.EVERYTHING)
    window.show_state(STATES[name])
    settle()
    window.resize(size)
    settle()
    keep(window, f"queue-{name}-{language}-{colours}-{size.width()}")
    assert window.width() == size.width()
    assert cut_off(window) == []
    assert window.rows.height() >= window.rows.heightForWidth(window.rows.width())
    window.deleteLater()
    finish_deletions()


def test_a_window_that_is_too_narrow_would_be_seen(qapp: QApplication) -> None:
    """Negative control."""
    window = QueueWindow(lambda: NOW)
    show(window)
    window.show_state(QueueState(verdicts=STATES["parked"].verdicts))
    window.buttons[next(iter(window.buttons))].setFixedWidth(10)
    settle()
    assert cut_off(window) != []
    window.deleteLater()
    finish_deletions()


def test_the_dialogs_show_everything_whole(language: str, colours: str) -> None:
    edit = QueueEditDialog(
        EditState(
            written(1, "anonymous"),
            frozenset(EditField),
            frozenset({EditField.PHONE_NUMBER}),
            placeholder="70000000000",
            currencies=("RUB", "USD"),
        ),
        "",
    )
    unknown = QueueUnknownNumberDialog("pult-pbx-3", "+7 999 555-01-42", "79995550142", is_hidden=False)
    for dialog, name in ((edit, "edit"), (unknown, "unknown")):
        show(dialog)
        settle()
        keep(dialog, f"queue-{name}-{language}-{colours}")
        assert cut_off(dialog) == []
        dialog.close()
        dialog.deleteLater()
    finish_deletions()
