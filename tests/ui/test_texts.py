"""Every code, state and reason has words; the Russian is whole and fits."""

from __future__ import annotations

import importlib.util
import string
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import QCoreApplication, QSize, QTranslator
from PySide6.QtWidgets import QApplication

from app.domain.actions import CallAction, Reason, Situation, WhyNot
from app.domain.calls import CallState, Direction, LegState
from app.errors import LimitExceeded
from app.hardening import Outcome, harden_process
from app.paths import resource_dir
from tests.helpers.qt import finish_deletions
from tests.ui.sample_calls import CONSULTING, HELD, TALKING, make_call, with_raw_state
from ui.actions import ACTIONS, UserAction, key_of, user_action_text
from ui.errors import text_of
from ui.models.call_row import CallColumn
from ui.panels.active_calls.view_state import Emptiness
from ui.panels.command_bar.view_state import ButtonPhase, bar_state
from ui.panels.status_line.view_state import LinkLight
from ui.texts import calls, commands, status, windows
from ui.texts import list as list_texts
from ui.texts.times import age_text, duration_text, wait_text
from ui.windows.main_window import MainWindow

_ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def build_translations() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_translations", _ROOT / "packaging" / "build_translations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["build_translations"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def russian(qapp: QApplication) -> Iterator[None]:
    translator = QTranslator(qapp)
    assert translator.load("pult_ru.qm", str(resource_dir() / "i18n"))
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)
    translator.deleteLater()
    finish_deletions()


def test_everything_that_can_be_shown_has_words() -> None:
    words = [calls.state_text(call_state) for call_state in CallState]
    words += [calls.leg_state_text(leg_state) for leg_state in LegState]
    words += [calls.direction_text(direction) for direction in Direction]
    words += [calls.action_text(action) for action in CallAction]
    words += [calls.purpose_text(action) for action in CallAction]
    words += [list_texts.column_hint(column) for column in CallColumn]
    words += [status.link_text(link) for link in LinkLight]
    words += [list_texts.emptiness_text(why) for why in Emptiness if why is not Emptiness.NOT_EMPTY]
    words += [user_action_text(user_action) for user_action in UserAction]
    running = [phase for phase in ButtonPhase if phase is not ButtonPhase.IDLE]
    words += [commands.phase_text(action, phase) for action in CallAction for phase in running]
    assert all(words)
    assert commands.phase_text(CallAction.HOLD, ButtonPhase.IDLE) == ""


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_is_a_sentence(reason: Reason) -> None:
    sentence = calls.reason_text(WhyNot(reason, {"resets_in_s": 12, "action": "hold", "left_s": 12}), key_of)
    assert sentence.endswith(".")
    assert "{" not in sentence


def test_a_reason_names_the_key_that_helps() -> None:
    assert calls.reason_text(WhyNot(Reason.HOLD_FIRST), key_of) == "Put the caller on hold first (F7)."


def test_a_lost_command_is_not_called_accepted_and_says_once_what_to_do() -> None:
    line = commands.phase_text(CallAction.HOLD, ButtonPhase.NEVER_KNOWN, "No answer came. Look at the list.")
    assert "accepted" not in line
    assert line.count("Look") == 1


def test_steps_of_the_protection_are_told_in_words() -> None:
    steps = harden_process(environment={}).steps
    for step in steps:
        for outcome in Outcome:
            assert step not in windows.hardening_text(step, outcome.value)
            assert "_" not in windows.hardening_text(step, outcome.value)
    assert windows.hardening_text("no_tls_key_log", "not_available").endswith(": on")
    assert windows.hardening_text("not_dumpable", "failed").endswith(": failed")


@pytest.mark.parametrize(
    ("seconds", "shown"), [(-3, "0:00"), (7, "0:07"), (59.9, "0:59"), (754, "12:34"), (3723, "1:02:03")]
)
def test_durations_are_read_as_on_a_clock(seconds: float, shown: str) -> None:
    assert duration_text(seconds) == shown


@pytest.mark.parametrize(("seconds", "shown"), [(1.44, "1.4 s"), (9.97, "9 s"), (119.5, "119 s"), (125, "2:05")])
def test_ages_are_fine_while_they_are_young(seconds: float, shown: str) -> None:
    assert age_text(seconds) == shown


@pytest.mark.usefixtures("russian")
def test_the_glossary() -> None:
    assert [calls.action_text(action) for action in CallAction] == [
        "Удержать", "Снять с удержания", "Консультация…", "Завершить перевод", "Перевести сразу",
        "Вернуться к клиенту", "Метка", "Начать запись", "Остановить запись", "Клавиатура", "Суфлёр…",
        "Отключить участника", "Заблокировать…", "Опция разговора", "Завершить",
    ]  # fmt: skip
    assert list_texts.title_text() == "Активные звонки"


def test_the_translations_are_whole_and_compiled(build_translations: ModuleType) -> None:
    assert build_translations.problems() == []


def test_a_missing_translation_would_be_noticed(build_translations: ModuleType, tmp_path: Path) -> None:
    known = build_translations.FOLDER / "pult_ru_console.ts"
    text = known.read_text("utf-8")
    broken = tmp_path / known.name
    broken.write_text(text.replace("<translation>Удержать</translation>", '<translation type="unfinished"/>'), "utf-8")
    assert build_translations._problems_of(broken, known) == [
        "pult_ru_console.ts: not translated: Calls: Hold",
    ]


def test_placeholders_are_the_same_in_both_languages(build_translations: ModuleType) -> None:
    for ts_file in build_translations.FOLDER.glob("pult_ru_*.ts"):
        for message in build_translations.read_messages(ts_file):
            assert _fields(message.source) == _fields(message.translation), message.source


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.usefixtures("russian")
@pytest.mark.parametrize("room", [QSize(1366, 768), QSize(1100, 640), QSize(1024, 768), QSize(900, 700)])
def test_russian_labels_are_whole_on_every_screen(room: QSize) -> None:
    window = MainWindow(lambda: 0.0)
    window.fit(room)
    window.show()
    for call in (
        make_call(1, *TALKING),
        make_call(1, *HELD, is_recorded=True),
        make_call(1, *CONSULTING),
        with_raw_state(make_call(1, *TALKING), "Новое"),
    ):
        state = bar_state(Situation(call), {})
        window.command_bar.show_state(state)
        for _ in range(3):
            QCoreApplication.sendPostedEvents()
        rows = window.command_bar.rows
        assert rows.height() >= rows.heightForWidth(rows.width()), "no row is cut off"
        for button_state in state.buttons:
            button = window.command_bar.button(button_state.action)
            assert button.width() >= button.sizeHint().width(), button.text()
            lines = button.fontMetrics().boundingRect(0, 0, button.width() - 16, 1000, 0x1000, button.text())
            assert lines.height() <= 2 * button.fontMetrics().height(), button.text()
    assert window.width() <= room.width()
    window.may_close = True
    window.close()
    window.deleteLater()
    finish_deletions()


def test_every_action_has_a_key_but_those_that_end_or_explain() -> None:
    without = {user_action for user_action in UserAction if not ACTIONS[user_action].keys}
    # Blocking has none on purpose; the talk options have those of their phone keys.
    assert without == {
        UserAction.SIGN_OUT, UserAction.ABOUT, UserAction.POINTS, UserAction.BLOCK_CALLER, UserAction.USE_TALK_OPTION,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "shown"), [(-1.0, "0 s"), (2.2, "3 s"), (59.0, "59 s"), (59.5, "1:00"), (754.0, "12:34")]
)
def test_a_wait_under_a_minute_is_told_in_seconds(seconds: float, shown: str) -> None:
    assert wait_text(seconds) == shown


def test_used_up_points_say_when_there_are_more_in_seconds() -> None:
    told = {"limit_type": "minute", "limit_max_value": 150}
    assert "in 3 s." in text_of(LimitExceeded("limit_exceeded", told, resets_in_s=2.4))
