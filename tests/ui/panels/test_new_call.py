"""New call without services: which way asks for what, what is suggested, the words, the fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget

from app.account.lists import AccountLists
from app.account.port import AccountLine, AccountMediaFile, AccountScenario, Colleague
from app.domain.call_start import CallStart, FirstCall, StartFault, StartProblem, StartVia, problems_of
from app.domain.calls import EmployeeId
from app.domain.dialling import DialProblem, understand_dialled
from app.domain.spoken_message import SpokenMessage
from app.services.dialled_numbers import DialledNumber
from app.services.start_report import StartBlockReason, StartPhase
from app.settings.declared import PbxSettings
from tests.helpers.qt import finish_deletions, show
from ui.icons import icon
from ui.panels.call_card.fields import PrimaryButton
from ui.panels.new_call.button import NewCallButton
from ui.panels.new_call.details import DetailsForm
from ui.panels.new_call.dialog import NewCallDialog
from ui.panels.new_call.editors import IdBox, MessageBox, PickBox, TickBox
from ui.panels.new_call.strips import OpenStart, StartStrips
from ui.panels.new_call.suggestions import Kind, Suggestion, suggest
from ui.panels.new_call.view_state import Choices, Line, NewCallState, Note, said_once
from ui.panels.new_call.ways import ASKS_OF, Ask, trimmed
from ui.panels.new_call.wishes import choices_of, lines_for
from ui.people import PersonRow, Presence
from ui.texts.new_call import block_text, phase_text, problem_text, understood_text
from ui.theme import ThemeChoice, theme

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
GUSEV = PersonRow("Гусев Пётр", "102", presence=Presence.FREE, phone_numbers=("0486102",))
BELOVA = PersonRow("Белова Анна", "103", phone_numbers=("79265550103",))
SALES = PersonRow("Продажи", "201", is_group=True, member_count=2)
PEOPLE = (BELOVA, GUSEV, SALES)
MARIA, SERGEY = "79062195047", "79347712782"
LATE = (DialledNumber(MARIA, NOW - timedelta(hours=1), 3), DialledNumber(SERGEY, NOW - timedelta(days=2), 1))
NAMES = {MARIA: "Мария Котова"}
FULL = CallStart(
    via=StartVia.EMPLOYEE,
    contact=MARIA,
    line_number="74951045771",
    dial_tail="..1",
    switch_at_once=True,
    early_switching=True,
    media_file_id=1,
    shows_line_number=False,
    dialling_timeout_s=20,
    employee_id=EmployeeId(2001),
    employee_phone="0486101",
    scenario_id=2,
    operator_number="79265550199",
    operator_confirmation="any",
    contact_message=SpokenMessage("media", "3"),
    our_message=SpokenMessage("tts", "Клиент"),
    line_usage="random",
)


def names(typed: str) -> list[str]:
    found = suggest(typed, PEOPLE, LATE, LATE, lambda number: NAMES.get(number, ""))
    return [one.name or one.number for one in found]


@pytest.mark.parametrize("via", list(StartVia))
def test_what_another_way_asks_for_is_not_sent(via: StartVia) -> None:
    sent = trimmed(replace(FULL, via=via))
    assert not [one for one in problems_of(sent, tts_max_length=100) if one.reason is StartFault.NOT_IN_THIS_WAY]
    assert [one for one in problems_of(replace(FULL, via=via), tts_max_length=100) if "way" in one.reason.value]
    assert sent.dial_tail == FULL.dial_tail


def test_nothing_typed_offers_late_numbers_once_then_the_colleagues() -> None:
    assert names("") == ["Мария Котова", SERGEY, "Белова Анна", "Гусев Пётр"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("8 906 219", ["Мария Котова"]),
        ("2195", ["Мария Котова"]),
        ("котова", ["Мария Котова"]),
        ("гус", ["Гусев Пётр"]),
        ("102", ["Гусев Пётр"]),
        ("прод", []),
        ("zzz", []),
    ],
)
def test_typing_narrows_the_suggestions(typed: str, found: list[str]) -> None:
    assert names(typed) == found


def test_a_colleague_known_by_the_number_goes_before_the_bare_number() -> None:
    late = (DialledNumber("79265550103", NOW, 1),)
    found = suggest("", PEOPLE, late, (), lambda _: "")
    assert [(one.kind, one.name) for one in found if one.number == "79265550103"] == [(Kind.COLLEAGUE, "Белова Анна")]


def test_the_usual_line_stands_first_and_a_numbers_scenario_needs_one() -> None:
    lists = AccountLists(lines=(AccountLine("74951045771", "Продажи"), AccountLine("78122407010", "", True)))
    assert [number for number, _ in lines_for(StartVia.EMPLOYEE, lists, "78122407010")] == [
        "78122407010",
        "74951045771",
    ]
    assert [number for number, _ in lines_for(StartVia.VNUMBER, lists, None)] == ["78122407010"]
    assert lines_for(StartVia.EMPLOYEE, lists, "79001112233")[0] == ("79001112233", "+7 900 111-22-33")
    assert lines_for(StartVia.EMPLOYEE, AccountLists(), None) == ()


def test_the_details_offer_me_first_and_me_alone_without_a_list() -> None:
    lists = AccountLists(
        colleagues=(Colleague(EmployeeId(2), "Б", "12"), Colleague(EmployeeId(1), "Я", "11")),
        scenarios=(AccountScenario(5, "С"),),
        media_files=(AccountMediaFile(7, "М"),),
    )
    choices = choices_of(lists, PbxSettings(employee_id=1), lambda name: f"{name} (me)")
    assert choices.employees == ((1, "Я · 11 (me)"), (2, "Б · 12"))
    assert (choices.scenarios, choices.media_files) == (((5, "С"),), ((7, "М"),))
    assert choices_of(AccountLists(), PbxSettings(employee_id=1), str).employees == ((1, "1"),)


def test_everything_that_can_go_wrong_has_a_sentence() -> None:
    typed = {"": DialProblem.EMPTY, "102": DialProblem.INTERNAL, "abc": DialProblem.NOT_A_NUMBER}
    for text, problem in typed.items():
        dialled = understand_dialled(text)
        assert dialled.problem is problem
        assert understood_text(dialled, "").endswith(".")
    for problem in DialProblem:
        assert understood_text(replace(understand_dialled("102"), problem=problem), "").endswith(".")
    facts = {"length": 9, "max": 5, "low": 1, "high": 120}
    for fault in StartFault:
        sentence = problem_text(StartProblem("contact_message", fault, facts))
        assert sentence.endswith(".")
        assert "{" not in sentence
    for name in ("employee_id", "line_number", "scenario_id", "operator_number"):
        assert problem_text(StartProblem(name, StartFault.MISSING)) != problem_text(
            StartProblem("direction", StartFault.MISSING)
        )
    for reason in StartBlockReason:
        assert "{" not in block_text(reason.value, {"resets_in_s": 12, "again_in_s": 3, "sequence": 1})
        assert block_text(reason.value, {}).startswith("Not called")
    for phase in StartPhase:
        assert "+7 900" in phase_text(phase.value, "+7 900", "Why.")
        assert ("Why." in phase_text(phase.value, "+7 900", "Why.")) is (
            phase in (StartPhase.REFUSED, StartPhase.NOT_SENT)
        )
    for fault in (StartFault.TOO_SHORT, StartFault.TOO_LONG):
        assert "pbx.operator_number" in problem_text(StartProblem("operator_number", fault, {"length": 3, "max": 15}))
        assert "pbx" not in problem_text(StartProblem("contact", fault, {"length": 3, "max": 15}))
    elsewhere = block_text("already_in_a_call", {"is_mine": False})
    assert "F2" not in elsewhere
    assert "F2" in block_text("already_in_a_call", {"is_mine": True})


def test_the_same_sentence_is_not_said_twice() -> None:
    alert = Line("Too short.", Note.ALERT)
    under_the_field = said_once(NewCallState(understood=Line("Too short.", Note.HELD), outcome=alert))
    assert (under_the_field.understood, under_the_field.outcome) == (alert, Line())
    at_the_line = said_once(NewCallState(understood=Line("+7 900"), outcome=alert, line_note="Too short."))
    assert (at_the_line.understood, at_the_line.outcome) == (Line("+7 900"), Line())
    other = NewCallState(understood=Line("+7 900"), outcome=alert, line_note="No line.")
    assert said_once(other) == other
    assert said_once(NewCallState()) == NewCallState()


def test_a_number_is_read_back_with_its_keys_and_its_owner() -> None:
    dialled = understand_dialled("8 (495) 123-45-67 доб. 12")
    assert understood_text(dialled, "Мария") == "+7 495 123-45-67, then keys 12 after the answer · Мария"
    assert understood_text(understand_dialled("84951234567"), "") == "+7 495 123-45-67"


@pytest.fixture
def form(qapp: QApplication) -> Iterator[DetailsForm]:
    form = DetailsForm()
    form.offer(Choices(employees=((2001, "Орлова · 101"),), scenarios=((5, "Ночь"),), media_files=((7, "Гимн"),)))
    show(form)
    yield form
    form.close()
    form.deleteLater()
    finish_deletions()


@pytest.mark.parametrize("via", list(StartVia))
def test_a_way_shows_its_own_fields_and_gives_back_what_was_put_in(form: DetailsForm, via: StartVia) -> None:
    wish = trimmed(replace(FULL, via=via, contact="", line_number=""))
    form.put(wish)
    assert form.start() == wish
    for ask, editor in form.editors.items():
        assert editor.isVisible() is (ask in ASKS_OF[via]), ask
        label = form.findChild(QLabel, f"ask_{ask.value}_label")
        assert isinstance(editor, TickBox) or (label is not None and label.isVisible() is (ask in ASKS_OF[via]))
        assert isinstance(editor, TickBox | MessageBox) or (label is not None and label.buddy() is editor)


def test_names_of_the_account_or_typed_numbers_are_taken(form: DetailsForm) -> None:
    box = form.editors[Ask.SCENARIO]
    assert isinstance(box, IdBox)
    for text, value in (("Ночь", 5), ("ночь", 5), ("77", 77), ("", None), ("День", None), ("0", None)):
        box.setEditText(text)
        assert box.value() == value, text


def test_new_lists_do_not_take_away_what_was_typed(form: DetailsForm) -> None:
    box = form.editors[Ask.SCENARIO]
    assert isinstance(box, IdBox)
    box.setEditText("5")
    form.offer(Choices(scenarios=((4, "Утро"), (5, "Ночь"))))
    assert (box.value(), box.currentText()) == (5, "Ночь")
    box.setEditText("Дн")
    form.offer(Choices(scenarios=((4, "Утро"),)))
    assert box.currentText() in ("Дн", "")


def test_a_spoken_text_says_how_much_room_is_left(form: DetailsForm) -> None:
    form.offer(Choices(tts_max_length=10))
    message = form.editors[Ask.CONTACT_MESSAGE]
    assert isinstance(message, MessageBox)
    assert message.value() is None
    message.kind.setCurrentIndex(1)
    QTest.keyClicks(message.text, "12345678")
    assert message.left.text() == "left: 2"
    QTest.keyClicks(message.text, "901")
    assert message.left.text() == "too many: 1"
    assert message.value() == SpokenMessage("tts", "12345678901")


def test_refusals_and_hints_stand_at_their_fields(form: DetailsForm) -> None:
    state = NewCallState(asked={"scenario_id": "Which?"}, hinted={"switch_at_once": "No effect."})
    form.via_box.put(StartVia.SCENARIO)
    form.show_state(state)
    note = form.findChild(QLabel, "ask_scenario_id_note")
    assert note is not None
    assert (note.text(), note.isVisible()) == ("Which?", True)
    assert form.editors[Ask.SCENARIO].accessibleDescription() == "Which?"
    assert form.editors[Ask.SWITCH_AT_ONCE].accessibleDescription() == "No effect."
    assert form.focus_first(["scenario_id"])
    assert not form.focus_first(["employee_id"]), "a field of another way"
    form.show_state(NewCallState())
    assert not note.isVisible()


def test_first_call_offers_our_side_first(form: DetailsForm) -> None:
    box = form.editors[Ask.FIRST_CALL]
    assert isinstance(box, PickBox)
    assert box.value() is FirstCall.OUR_SIDE


@pytest.fixture
def dialog(qapp: QApplication) -> Iterator[NewCallDialog]:
    dialog = NewCallDialog()
    show(dialog)
    dialog.start_over("")
    dialog.offer([Suggestion(Kind.COLLEAGUE, "0486102", "Гусев Пётр", GUSEV)], NOW, chooses_first=False)
    yield dialog
    dialog.close()
    dialog.deleteLater()
    finish_deletions()


def test_up_and_down_walk_while_the_cursor_stays_and_lead_back_to_the_text(dialog: NewCallDialog) -> None:
    dialog.offer([*_numbers(3)], NOW, chooses_first=False)
    walked = []
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down):
        QTest.keyClick(dialog.field, key)
        walked.append(dialog.list.currentRow())
    assert walked == [0, 1, 0, -1, 2, -1]
    QTest.keyClick(dialog.field, Qt.Key.Key_Down)
    QTest.keyClicks(dialog.field, "7")
    assert dialog.suggestion is None, "typing makes the text count again"


def test_a_poll_moves_neither_the_row_nor_the_scroll(dialog: NewCallDialog) -> None:
    dialog.offer(_numbers(40), NOW, chooses_first=False)
    dialog.list.setCurrentRow(30)
    offset = dialog.list.verticalScrollBar().value()
    assert offset > 0
    dialog.offer([replace(one, name="Мария") for one in _numbers(40)], NOW, chooses_first=False)
    assert (dialog.list.currentRow(), dialog.list.verticalScrollBar().value()) == (30, offset)
    assert dialog.list.item(30).text().startswith("Мария · ")


def test_names_from_outside_are_plain_text(dialog: NewCallDialog) -> None:
    evil = PersonRow("<img src=file:///etc/passwd>\u202e", "1", phone_numbers=("0486102",))
    dialog.offer([Suggestion(Kind.COLLEAGUE, "0486102", evil.name, evil)], NOW, chooses_first=True)
    assert dialog.list.item(0).text().startswith("<img src=file:///etc/passwd> ")
    assert dialog.suggestion is not None


class CarelessDialog(NewCallDialog):
    """The control: Enter means *Call* as often as the keyboard repeats it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        QDialog.keyPressEvent(self, event)


@pytest.mark.parametrize(("kind", "calls_made"), [(NewCallDialog, 1), (CarelessDialog, 3)])
def test_a_held_enter_calls_once(qapp: QApplication, kind: type[NewCallDialog], calls_made: int) -> None:
    dialog = kind()
    show(dialog)
    calls: list[bool] = []
    dialog.call_requested.connect(lambda: calls.append(True))
    for is_repeat in (False, True, True):
        press = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", is_repeat, 1)
        QApplication.sendEvent(dialog.field, press)
    assert len(calls) == calls_made
    dialog.close()
    dialog.deleteLater()
    finish_deletions()


def test_a_double_click_is_one_press(dialog: NewCallDialog) -> None:
    presses: list[str] = []
    dialog.call.clicked.connect(lambda: presses.append("call"))
    dialog.details.clicked.connect(lambda: presses.append("details"))
    for button in (dialog.call, dialog.details):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        for kind in (QEvent.Type.MouseButtonDblClick, QEvent.Type.MouseButtonRelease):
            centre = QPointF(button.rect().center())
            held = Qt.MouseButton.LeftButton if kind is QEvent.Type.MouseButtonDblClick else Qt.MouseButton.NoButton
            second = QMouseEvent(
                kind,
                centre,
                button.mapToGlobal(centre),
                Qt.MouseButton.LeftButton,
                held,
                Qt.KeyboardModifier.NoModifier,
            )
            QApplication.sendEvent(button, second)
    assert presses == ["call", "details", "details"], "the control: an ordinary button takes the second press"


def test_a_start_nobody_knows_about_takes_a_line_and_is_asked_only_at_the_end(qapp: QApplication) -> None:
    strips = StartStrips()
    answers: list[tuple[object, bool]] = []
    strips.answered.connect(lambda sequence, it_rang: answers.append((sequence, it_rang)))
    strips.show_starts([OpenStart(2**40, "Looking", is_asked=False)])
    show(strips)
    rang = strips.findChild(type(strips._strips[2**40].rang), "start_strip_rang")
    assert rang is not None
    assert not rang.isVisible()
    strips.show_starts([OpenStart(2**40, "Did it ring?", is_asked=True)])
    assert rang.isVisible()
    rang.click()
    assert answers == [(2**40, True)]
    strips.show_starts([])
    assert not strips.isVisible()
    strips.close()
    strips.deleteLater()
    finish_deletions()


def _widest_gap(button: QWidget) -> int:
    """The longest run of empty columns between two drawn ones, in pixels: between words there is less."""
    picture = button.grab().toImage()
    background = picture.pixel(10, picture.height() // 2)
    rows = range(6, picture.height() - 6)
    inked = [x for x in range(10, picture.width() - 10) if any(picture.pixel(x, y) != background for y in rows)]
    return max(after - before - 1 for before, after in pairwise(inked))


@pytest.mark.parametrize("choice", [ThemeChoice.LIGHT, ThemeChoice.DARK])
def test_the_icon_of_the_button_stands_clear_of_its_text(qapp: QApplication, choice: ThemeChoice) -> None:
    theme.install(qapp, choice)
    button, plain_button = NewCallButton(), PrimaryButton("New call…", "control")
    plain_button.setIcon(icon("phone-outgoing", "accent_text", 16))
    for one in (button, plain_button):
        show(one)
        one.clearFocus()
    assert 6 <= _widest_gap(button) <= 8
    assert _widest_gap(plain_button) < 6, "the control: Qt's own distance under a style sheet"
    for one in (button, plain_button):
        one.close()
        one.deleteLater()
    theme.choose(ThemeChoice.SYSTEM)
    finish_deletions()


def _numbers(count: int) -> list[Suggestion]:
    return [Suggestion(Kind.RECENT, f"7906219{place:04d}", last_at=NOW, times=1) for place in range(count)]
