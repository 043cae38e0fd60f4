"""The row of commands as it stands on the screen: nothing in it or around it moves from state to state."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect, QTranslator
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.actions import CallAction, Situation
from app.domain.calls import LegState
from app.paths import resource_dir
from tests.helpers.qt import finish_deletions, show
from tests.ui.sample_calls import CONSULT_RINGING, CONSULTING, HELD, RINGING, TALKING, make_call, with_raw_state
from ui.panels.command_bar.view import CommandBarView
from ui.panels.command_bar.view_state import CommandBarState, bar_state

STATES = (RINGING, TALKING, HELD, CONSULT_RINGING, CONSULTING)


def of(*leg_states: LegState, is_recorded: bool = False) -> CommandBarState:
    return bar_state(Situation(make_call(1, *leg_states, is_recorded=is_recorded)), {})


@pytest.fixture(params=["en", "ru"])
def view(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[CommandBarView]:
    translator = QTranslator()
    if request.param == "ru":
        assert translator.load(str(resource_dir() / "i18n" / "pult_ru.qm"))
        qapp.installTranslator(translator)
    made = CommandBarView()
    made.offer_hold_reasons(are_there=True)
    yield made
    made.close()
    made.deleteLater()
    qapp.removeTranslator(translator)
    finish_deletions()


def places(view: CommandBarView) -> dict[str, QRect]:
    return {action.value: view.button(action).geometry() for action in CallAction if not view.button(action).isHidden()}


def settle(view: CommandBarView, width: int) -> None:
    for _ in range(2):
        view.resize(width, view.heightForWidth(width))
        QApplication.processEvents()


@pytest.mark.parametrize("width", [1400, 978, 740])
def test_every_button_keeps_its_place_and_the_row_its_height_in_every_state(view: CommandBarView, width: int) -> None:
    view.show_state(of(*TALKING))
    show(view)
    settle(view, width)
    seen: dict[str, QRect] = {}
    height = view.heightForWidth(width)
    for leg_states in (*STATES, *reversed(STATES)):
        for is_recorded in (False, True):
            view.show_state(of(*leg_states, is_recorded=is_recorded))
            settle(view, width)
            assert view.heightForWidth(width) == height
            for name, place in places(view).items():
                assert seen.setdefault(name, place) == place, name
    end = seen.pop("end_call")
    assert end.right() == view.rows.width() - 1
    assert not any(place.adjusted(0, 0, 11, 0).intersects(end) for place in seen.values())


def test_in_an_unknown_state_end_call_is_still_at_the_right_edge(view: CommandBarView) -> None:
    view.show_state(of(*TALKING))
    show(view)
    settle(view, 978)
    before = places(view)["end_call"]
    view.show_state(bar_state(Situation(with_raw_state(make_call(1, *TALKING), "Нечто новое")), {}))
    settle(view, 978)
    shown = places(view)
    end = shown.pop("end_call")
    assert end.right() == before.right()
    assert not any(place.right() > end.left() for place in shown.values())


@pytest.mark.parametrize("width", [1400, 978, 740])
def test_every_label_fits_on_two_lines_of_its_button(view: CommandBarView, width: int) -> None:
    for leg_states in STATES:
        view.show_state(of(*leg_states))
        show(view)
        settle(view, width)
        for action in CallAction:
            button = view.button(action)
            if button.isVisible():
                assert button.width() >= button.minimumSizeHint().width()
                assert button.height() >= button.heightForWidth(button.width())


def test_the_warning_comes_and_goes_on_a_line_of_its_own(view: CommandBarView) -> None:
    view.show_state(of(*TALKING))
    show(view)
    warning = view.findChild(QWidget, "caller_lost_warning")
    assert warning is not None
    height = view.sizeHint().height()
    for leg_states, is_shown in ((CONSULT_RINGING, True), (CONSULTING, False), (CONSULT_RINGING, True)):
        view.show_state(of(*leg_states))
        QApplication.processEvents()
        assert warning.isVisible() is is_shown
        assert view.sizeHint().height() == height
