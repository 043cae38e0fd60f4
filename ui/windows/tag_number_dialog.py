"""A tag that is not in the settings, by its number in the PBX."""

from __future__ import annotations

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ui.texts.commands import cancel_text, tag_button, tag_number_label, tag_number_title
from ui.widgets.about_line import about_line
from ui.widgets.plain_label import PlainLabel


class TagNumberDialog(QDialog):
    """Stays beside the window, so it says by `about` whose call gets the tag. `tag_chosen(object)`: the number as an
    int; it exceeds what a Signal(int) can carry."""

    tag_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, about: str = "") -> None:
        super().__init__(parent)
        self.setObjectName("tag_number_dialog")
        self.setWindowTitle(tag_number_title())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(320)
        self.field = QLineEdit()
        self.field.setObjectName("tag_number_field")
        self.field.setValidator(QRegularExpressionValidator(QRegularExpression("[0-9]{0,15}"), self.field))
        label = PlainLabel(tag_number_label(), name="tag_number_label")
        label.setBuddy(self.field)
        self.go = QPushButton(tag_button())
        self.go.setObjectName("tag_number_go")
        self.go.setAccessibleName(tag_button())
        self.go.setDefault(True)
        self.go.setEnabled(False)
        self.go.clicked.connect(self._choose)
        self.field.textChanged.connect(lambda text: self.go.setEnabled(bool(text)))
        cancel = QPushButton(cancel_text())
        cancel.setObjectName("tag_number_cancel")
        cancel.setAccessibleName(cancel_text())
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.go)
        buttons.addWidget(cancel)
        layout = QVBoxLayout(self)
        layout.addWidget(about_line(about))
        layout.addWidget(label)
        layout.addWidget(self.field)
        layout.addLayout(buttons)

    def _choose(self) -> None:
        if self.field.text():
            self.tag_chosen.emit(int(self.field.text()))
            self.accept()
