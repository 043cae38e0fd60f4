"""One line under the card for notes that belong to no card, and the small window that shows them to be copied."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from ui.panels.call_card.fields import action_button, buddy_label
from ui.panels.call_card.kept_notes_state import KeptNote
from ui.texts.card import date_time_word, number_word
from ui.widgets.plain_label import PlainLabel, plain

translate = QCoreApplication.translate
_LIST_HEIGHT = 130


class KeptNotesLine(QWidget):
    """How many there are, and a button that shows them; gone while there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("kept_notes")
        self._notes: tuple[KeptNote, ...] = ()
        self._dialog: KeptNotesDialog | None = None
        self.count = PlainLabel(elide=True, name="kept_notes_count")
        self.show_button = action_button(translate("CallCard", "Show…"), "kept_notes_show")
        self.show_button.clicked.connect(self._open)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.count, 1)
        layout.addWidget(self.show_button)
        self.hide()

    def show_state(self, notes: tuple[KeptNote, ...]) -> None:
        """Show these; a window that is open follows."""
        if notes == self._notes:
            return
        self._notes = notes
        self.count.setText(translate("CallCard", "Notes without a card: {count}").format(count=len(notes)))
        self.setVisible(bool(notes))
        if self._dialog is not None:
            self._dialog.show_notes(notes)

    def _open(self) -> None:
        if self._dialog is not None:
            self._dialog.activateWindow()
            return
        dialog = KeptNotesDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show_notes(self._notes)
        dialog.finished.connect(self._forget_dialog)
        self._dialog = dialog
        dialog.show()

    def _forget_dialog(self) -> None:
        self._dialog = None


class KeptNotesDialog(QDialog):
    """Stays beside the window: a list of the calls, the notes of the chosen one, and a button that copies them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("kept_notes_dialog")
        self.setWindowTitle(translate("CallCard", "Notes without a card"))
        self.resize(420, 420)
        self._notes: tuple[KeptNote, ...] = ()
        why = translate(
            "CallCard",
            "Typed during calls of the last seven days that somebody else wrote the card of, or nobody had to.",
        )
        self.list = QListWidget()
        self.list.setObjectName("kept_notes_list")
        self.list.setFixedHeight(_LIST_HEIGHT)
        self.list.setAccessibleName(translate("CallCard", "Calls"))
        self.text = QPlainTextEdit()
        self.text.setObjectName("kept_notes_text")
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.copy_button = action_button(translate("CallCard", "Copy"), "kept_notes_copy")
        self.close_button = action_button(translate("CallCard", "Close"), "kept_notes_close")
        self.list.currentRowChanged.connect(self._show_text)
        self.copy_button.clicked.connect(self._copy)
        self.close_button.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.copy_button)
        buttons.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.addWidget(PlainLabel(why, name="kept_notes_why"))
        layout.addWidget(buddy_label(translate("CallCard", "Calls"), self.list, "kept_notes_list_label"))
        layout.addWidget(self.list)
        layout.addWidget(buddy_label(translate("CallCard", "Notes"), self.text, "kept_notes_text_label"))
        layout.addWidget(self.text, 1)
        layout.addLayout(buttons)

    def show_notes(self, notes: tuple[KeptNote, ...]) -> None:
        """Show these, newest first; the chosen one stays chosen."""
        chosen = self._chosen()
        self._notes = notes
        self.list.clear()
        for note in notes:
            words = f"{date_time_word(note.started_at)} · {number_word(note.phone_number)}"
            self.list.addItem(QListWidgetItem(plain(words)))
        keys = [note.card_key for note in notes]
        self.list.setCurrentRow(keys.index(chosen.card_key) if chosen is not None and chosen.card_key in keys else 0)

    def _chosen(self) -> KeptNote | None:
        row = self.list.currentRow()
        return self._notes[row] if 0 <= row < len(self._notes) else None

    def _show_text(self) -> None:
        note = self._chosen()
        text = note.notes if note is not None else ""
        if self.text.toPlainText() != text:
            self.text.setPlainText(text)
        self.copy_button.setEnabled(note is not None)

    def _copy(self) -> None:
        note = self._chosen()
        if note is not None:
            QGuiApplication.clipboard().setText(note.notes)
