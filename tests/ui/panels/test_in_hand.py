"""The strips of transfers and tags in hand, and the alarm about lost callers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from app.domain.actions import Reason, WhyNot
from app.domain.calls import CallSessionId, TagId
from tests.helpers.qt import finish_deletions, show
from ui.panels.in_hand.lost_callers import LostCallersView
from ui.panels.in_hand.view import InHandView
from ui.panels.in_hand.view_state import ArmedLine, InHandState, LostLine, TagLine, left_s
from ui.panels.talk_options.view_state import OptionState, TalkOptionsState
from ui.texts.in_hand import armed_failed_text, armed_text

CALL, OTHER = CallSessionId(7_000_000_001), CallSessionId(7_000_000_002)
ARMED = ArmedLine(CALL, "Гусев", "ringing", back_at_monotonic_s=24.0, can_transfer_now=True)
TAG = TagLine(CALL, TagId(255), "Жалоба", due_monotonic_s=4.0)


class Now:
    """The time the strips are told."""

    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        return self.s


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def view(qapp: QApplication, now: Now) -> Iterator[InHandView]:
    made = InHandView(now)
    yield made
    made.close()
    made.deleteLater()
    finish_deletions()


@pytest.fixture
def alarm(qapp: QApplication) -> Iterator[LostCallersView]:
    made = LostCallersView()
    yield made
    made.close()
    made.deleteLater()
    finish_deletions()


@pytest.mark.parametrize(
    ("due_s", "now_s", "left"), [(4, 0, 4), (4, 0.5, 4), (4, 1.02, 3), (4, 3.2, 1), (4, 4, 0), (4, 9, 0)]
)
def test_a_countdown_shows_whole_seconds_down_to_one_and_never_less_than_none(
    due_s: float, now_s: float, left: int
) -> None:
    assert left_s(due_s, now_s) == left


def strip_text(view: QWidget, name: str) -> str:
    child = view.findChild(QWidget, f"{name}_text")
    return str(child.property("text")) if child is not None and not child.isHidden() else ""


def test_strips_count_down_and_stay_where_they_are(view: InHandView, now: Now) -> None:
    view.resize(300, 200)
    view.show_state(InHandState((ARMED,), (TAG,)))
    show(view)
    assert strip_text(view, "armed_0") == "Transfer to Гусев when answered · back in 0:24"
    assert strip_text(view, "tag_countdown_0") == "Tag “Жалоба” in 4 s"
    places = [child.geometry() for child in view.findChildren(QWidget)]
    now.s = 2.0
    view.tick()
    assert strip_text(view, "armed_0").endswith("back in 0:22")
    assert strip_text(view, "tag_countdown_0").endswith("in 2 s")
    assert [child.geometry() for child in view.findChildren(QWidget)] == places


def test_words_on_two_lines_are_seen_whole(view: InHandView) -> None:
    window = QWidget()
    layout = QVBoxLayout(window)
    layout.addStretch(1)
    layout.addWidget(view)
    window.resize(300, 400)
    tag = replace(TAG, name="Целевой звонок")
    view.show_state(InHandState((replace(ARMED, to="Белова Анна Олеговна Длинная"),), (tag,)))
    show(window)
    for _ in range(3):
        QApplication.processEvents()
    for strip in (*view._armed, *view._tags):
        label = strip.label
        assert label.heightForWidth(label.width()) >= 2 * label.fontMetrics().height(), "it takes two"
        assert label.height() >= label.heightForWidth(label.width())
        assert label.geometry().top() >= 0
        assert label.toolTip() == "", "nothing is cut"
    view.setParent(None)
    window.close()
    window.deleteLater()


def test_the_way_back_is_called_what_it_does(view: InHandView) -> None:
    for stage, label in (("holding", "Cancel the transfer"), ("dialling", "Bring the caller back")):
        view.show_state(InHandState((replace(ARMED, stage=stage),)))
        assert view._armed[0].buttons["back"].text() == label
        assert view._armed[0].buttons["back"].toolTip() == f"{label} (Esc)"


def test_without_anything_in_hand_there_is_no_panel(view: InHandView) -> None:
    view.show_state(InHandState((), (TAG,)))
    assert not view.isHidden()
    view.show_state(InHandState())
    assert view.isHidden()


def test_only_a_ringing_colleague_offers_to_transfer_now(view: InHandView) -> None:
    view.show_state(InHandState((replace(ARMED, stage="dialling", can_transfer_now=False),)))
    show(view)
    strip = view._armed[0]
    assert not strip.buttons["now"].isVisible()
    assert strip.buttons["back"].isVisible()
    view.show_state(InHandState((ARMED,)))
    assert strip.buttons["now"].isVisible()


def test_each_button_means_the_call_of_its_own_strip(view: InHandView) -> None:
    view.show_state(InHandState((ARMED, replace(ARMED, call_session_id=OTHER, caller="Котова"))))
    show(view)
    asked: list[object] = []
    view.back_requested.connect(asked.append)
    view.transfer_now_requested.connect(asked.append)
    for place, key in ((1, "back"), (0, "now")):
        QTest.mouseClick(view._armed[place].buttons[key], Qt.MouseButton.LeftButton)
    assert asked == [OTHER, CALL]
    assert strip_text(view, "armed_1").endswith("(Котова)")


def test_every_stage_has_its_words() -> None:
    stages = ("holding", "dialling", "ringing", "completing", "going_back")
    words = {armed_text("Гусев", stage, None) for stage in stages}
    assert len(words) == len(stages)
    assert all("Гусев" in line for line in words)


@pytest.mark.parametrize("code", ["call_gone", "operator_left", "effect_not_seen", "no_active_phone_number"])
def test_a_transfer_that_stopped_says_why(code: str) -> None:
    line = armed_failed_text("Гусев", code, "This number does not exist.")
    assert "Гусев" in line
    assert ("This number does not exist." in line) is (code == "no_active_phone_number")


def test_a_lost_caller_stays_until_dismissed_and_takes_no_focus(alarm: LostCallersView, qapp: QApplication) -> None:
    window = QWidget()
    layout = QVBoxLayout(window)
    field = QLineEdit()
    layout.addWidget(alarm)
    layout.addWidget(field)
    show(window)
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    field.setFocus()
    line = LostLine(CALL, "Котова, +7 906 219-50-47", "Гусев (102)", "79062195047")
    hidden = LostLine(OTHER, "Number hidden", "", "")
    alarm.show_lines((line, hidden))
    assert QApplication.focusWidget() is field
    first, second = alarm.strip(CALL), alarm.strip(OTHER)
    assert first is not None
    assert second is not None
    assert first.label.text() == "Котова, +7 906 219-50-47 was lost in the transfer to Гусев (102)."
    assert second.label.text() == "Number hidden was lost in the transfer."
    assert not second.buttons["call_back"].isVisible(), "nobody to call"
    called: list[object] = []
    dismissed: list[object] = []
    alarm.call_back_requested.connect(called.append)
    alarm.dismissed.connect(dismissed.append)
    QTest.mouseClick(first.buttons["call_back"], Qt.MouseButton.LeftButton)
    QTest.mouseClick(second.buttons["dismiss"], Qt.MouseButton.LeftButton)
    assert (called, dismissed) == (["79062195047"], [OTHER])
    alarm.show_lines((line,))
    assert alarm.strip(OTHER) is None
    alarm.show_lines(())
    assert alarm.isHidden()
    alarm.setParent(None)
    window.close()
    window.deleteLater()


def test_the_reason_is_told_once_for_all_options_only_when_it_is_the_same() -> None:
    early = WhyNot(Reason.OPTION_TOO_EARLY, {"left_s": 12})
    pending = WhyNot(Reason.WAITING_FOR_PBX, {"action": "use_talk_option"})
    one, two = OptionState("1", "a", why_not=early), OptionState("2", "b", why_not=early)
    assert TalkOptionsState(CALL, (one, two)).common_refusal == early
    assert TalkOptionsState(CALL, (one, replace(two, why_not=pending))).common_refusal is None
    assert TalkOptionsState(CALL, (one, replace(two, why_not=None))).common_refusal is None
    assert TalkOptionsState(CALL, (replace(one, why_not=None),)).common_refusal is None
    assert TalkOptionsState().common_refusal is None
    assert [OptionState(key, "a").digit for key in ("1", "9", "0", "*7", "12")] == ["1", "9", "", "", ""]
