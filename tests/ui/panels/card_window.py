"""A window with the call card in it and cards to show. No tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QWidget,
)

from app.domain.calls import Direction
from app.domain.customer import Currency, Customer, CustomerChoice, CustomerDecision, CustomerKind
from app.domain.wrap_up import CardFields, Disposition, ProposedDisposition
from tests.helpers.qt import finish_deletions, show
from ui.panels.call_card.view import CallCardView
from ui.panels.call_card.view_state import (
    CardPanelState,
    EditorState,
    Lookup,
)

MARIA = Customer(CustomerKind.CONTACT, 797, "Мария Белова")
ACME = Customer(CustomerKind.COMPANY, 31, "ООО «Ромашка»")
CURRENCIES = (Currency("RUB", "Рубль", is_base=True), Currency("USD", "US Dollar"))
FOUND = CustomerChoice(CustomerDecision.FOUND, MARIA)
LIVE = EditorState(
    card_key="first",
    phone_number="+7 906 219-50-47",
    search_number="79062195047",
    line_number="+7 495 123-45-67",
    direction=Direction.INBOUND,
    caller_name="Мария Белова",
    is_finished=False,
    fields=CardFields(crm_user_id=7, currency="RUB", customer=FOUND),
    lookup=Lookup.FOUND,
    matches=(MARIA, ACME),
    currencies=CURRENCIES,
)
FINISHED = replace(LIVE, is_finished=True, duration_s=95, proposed=ProposedDisposition(Disposition.SUCCESS))
NOBODY = replace(
    FINISHED,
    caller_name="",
    lookup=Lookup.NOBODY,
    matches=(),
    fields=CardFields(crm_user_id=7, currency="RUB"),
)


class Window(QWidget):
    """A window with something else to type into, as the real one has."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 1000.0
        self.other = QLineEdit(self)
        self.view = CallCardView(lambda: self.now_s, self)
        layout = QHBoxLayout(self)
        layout.addWidget(self.other)
        layout.addWidget(self.view)
        self.resize(700, 720)
        self.edits: list[tuple[str, CardFields]] = []
        self.saves: list[str] = []
        self.view.fields_edited.connect(lambda key, fields: self.edits.append((key, fields)))
        self.view.save_requested.connect(self.saves.append)

    def show_card(self, state: EditorState) -> None:
        self.view.show_state(CardPanelState(editor=state))

    @property
    def fields(self) -> CardFields:
        return self.view.editor.fields()


@pytest.fixture(name="window")
def card_window(qapp: QApplication) -> Iterator[Window]:
    window = Window()
    show(window)
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    window.other.setFocus()
    yield window
    window.close()
    window.deleteLater()
    finish_deletions()


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def child(window: QWidget, kind: type[QWidget], name: str) -> QWidget:
    found = window.findChild(kind, name)
    assert isinstance(found, kind), name
    return found
