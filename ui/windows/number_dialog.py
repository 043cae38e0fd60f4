"""Whom to call: type a name, an extension or a number, or choose from the list. As it is, for *Coach…*."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.people import PersonRow, matching_people
from ui.presence_icon import presence_icon
from ui.texts.commands import (
    as_it_is_text,
    cancel_text,
    keys_left_out_text,
    nobody_found_text,
    number_hint,
    number_label,
    number_only_text,
    people_columns,
)
from ui.texts.new_call import understood_text
from ui.texts.presence import presence_look, presence_text
from ui.widgets.about_line import about_line
from ui.widgets.plain_label import PlainLabel, plain
from ui.windows.typed_number import TypedNumber, typed_number

_NAME, _NUMBER, _PRESENCE = range(3)
_LOOK = Qt.ItemDataRole.UserRole


class NumberDialog(QDialog):
    """Stays beside the window, so it says by `about` for whose call it asks. `number_chosen(str)`: "" for the person
    whose number the PBX knows."""

    number_chosen = Signal(str)
    has_first_choice = True
    """Whether the first line is chosen before anything was typed."""

    def __init__(
        self,
        title: str,
        button_text: str,
        people: Sequence[PersonRow],
        parent: QWidget | None = None,
        *,
        about: str = "",
    ) -> None:
        super().__init__(parent)
        self.setObjectName("number_dialog")
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(480, 420)
        self._people = tuple(people)
        self._shown: list[PersonRow] = []
        self.field = QLineEdit()
        self.field.setObjectName("number_field")
        self.field.setPlaceholderText(number_hint())
        self.field.setMaxLength(60)
        self.field.textChanged.connect(self._narrow)
        self.field.installEventFilter(self)
        self.nobody = PlainLabel(nobody_found_text(), name="number_nobody")
        self.nobody.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nobody.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.list = self._make_list()
        self.go = self._button(button_text, "number_go")
        self.go.setDefault(True)
        self.go.clicked.connect(self._choose)
        self.choosing = [self.go]
        cancel = self._button(cancel_text(), "number_cancel")
        cancel.clicked.connect(self.reject)
        self.buttons = QHBoxLayout()
        self.buttons.addStretch(1)
        self.buttons.addWidget(self.go)
        self.buttons.addWidget(cancel)
        self._lay_out(about)
        self._narrow("")
        self.field.setFocus()

    def show_people(self, people: Sequence[PersonRow]) -> None:
        """Who is on a call by now; neither what was typed nor the chosen line is lost."""
        are_same = [(row.name, row.number) for row in people] == [(row.name, row.number) for row in self._people]
        self._people = tuple(people)
        if not are_same:
            chosen = self.person()
            self._narrow(self.field.text())
            self._select(chosen)
            return
        fresh = {(row.name, row.number): row for row in people}
        self._shown = [fresh.get((before.name, before.number), before) for before in self._shown]
        for at, row in enumerate(self._shown):
            self._dress(self.list.topLevelItem(at), row)

    def person(self) -> PersonRow | None:
        """The chosen line, if there is one."""
        # Not the current line: a list that gets the focus makes its first line that, chosen by nobody.
        chosen = [self.list.indexOfTopLevelItem(item) for item in self.list.selectedItems()]
        return self._shown[chosen[0]] if chosen and chosen[0] < len(self._shown) else None

    def number(self) -> str | None:
        """The chosen line's number, else the typed one; None when there is neither."""
        person = self.person()
        return self._typed().number if person is None else person.number

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down walk through the list while the cursor stays in the field."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
            if step is not None and self._shown:
                person = self.person()
                at = self._shown.index(person) if person is not None else min(0, -step)
                self._go_to((at + step) % len(self._shown))
                return True
        return super().eventFilter(watched, event)

    def _make_list(self) -> QTreeWidget:
        made = QTreeWidget()
        made.setObjectName("number_list")
        made.setAccessibleName(number_label())
        made.setColumnCount(3)
        made.setHeaderLabels(list(people_columns()))
        made.setHeaderHidden(True)
        made.setRootIsDecorated(False)
        made.setUniformRowHeights(True)
        made.setAllColumnsShowFocus(True)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setIconSize(QSize(16, 16))
        header = made.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_NUMBER, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_PRESENCE, QHeaderView.ResizeMode.ResizeToContents)
        made.itemDoubleClicked.connect(lambda *_: self._accept_line())
        made.itemSelectionChanged.connect(self._enable)
        return made

    def _lay_out(self, about: str) -> None:
        label = PlainLabel(number_label(), name="number_label")
        label.setBuddy(self.field)
        self.content = QVBoxLayout(self)
        self.content.addWidget(about_line(about))
        self.content.addWidget(label)
        self.content.addWidget(self.field)
        self.content.addWidget(self.list, 1)
        self.content.addWidget(self.nobody, 1)
        self.content.addLayout(self.buttons)

    def _button(self, text: str, name: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(text)
        return button

    def _typed(self) -> TypedNumber:
        return typed_number(self.field.text(), [row.number for row in self._people if row.number])

    def _narrow(self, typed: str) -> None:
        number = self._typed()
        owners = [row for row in self._people if number.number and number.number in (row.number, *row.phone_numbers)]
        self.list.clear()
        self._shown = list(matching_people(self._people, typed)) or owners
        for row in self._shown:
            item = QTreeWidgetItem(self.list)
            item.setSizeHint(_NAME, QSize(0, self.fontMetrics().height() + 10))
            self._dress(item, row)
        is_nobody = not self._shown
        self.nobody.setText(self._said_of(number, is_known=bool(owners)))
        self.nobody.setVisible(is_nobody or bool(number.number and self.nobody.text()))
        self.content.setStretchFactor(self.nobody, int(is_nobody))
        self.list.setVisible(not is_nobody)
        self.field.setAccessibleDescription(self.nobody.text() if self.nobody.isVisibleTo(self) else "")
        if not is_nobody and number.number is None and (typed.strip() or self.has_first_choice):
            self._go_to(0)
        self._enable()

    @staticmethod
    def _said_of(number: TypedNumber, *, is_known: bool) -> str:
        if number.refused is not None:
            return understood_text(number.refused, "")
        if number.number is None:
            return nobody_found_text()
        if is_known:
            return ""
        if number.is_as_it_is:
            return as_it_is_text(number.shown)
        said = number_only_text(number.shown)
        return f"{said} {keys_left_out_text(number.left_out)}" if number.left_out else said

    def _go_to(self, at: int) -> None:
        self.list.setCurrentIndex(self.list.model().index(at, _NAME))

    def _dress(self, item: QTreeWidgetItem | None, row: PersonRow) -> None:
        if item is None:
            return
        icon_name, tone = presence_look(row)
        words = presence_text(row)
        for column, text in ((_NAME, row.name), (_NUMBER, row.number), (_PRESENCE, words)):
            if item.text(column) != plain(text):
                item.setText(column, plain(text))
        look = f"{icon_name} {tone} {row.status_colour}"
        if words and item.data(_PRESENCE, _LOOK) != look:
            item.setData(_PRESENCE, _LOOK, look)
            item.setIcon(_PRESENCE, presence_icon(row))

    def _select(self, wanted: PersonRow | None) -> None:
        for at, row in enumerate(self._shown):
            if wanted is not None and (row.name, row.number) == (wanted.name, wanted.number):
                self._go_to(at)

    def _enable(self) -> None:
        for button in self.choosing:
            button.setEnabled(self.number() is not None)

    def _accept_line(self) -> None:
        """A double click on a line."""
        self._choose()

    def _choose(self) -> None:
        number = self.number()
        if number is not None:
            self.number_chosen.emit(number)
            self.accept()
