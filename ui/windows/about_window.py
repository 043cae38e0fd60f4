"""The window *About Pult*: what support asks for first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QVBoxLayout, QWidget

from ui.texts.commands import close_text
from ui.texts.windows import about_purpose, about_title
from ui.widgets.plain_label import PlainLabel


class AboutWindow(QDialog):
    """`facts`: pairs of a title and a text, shown one below the other; the texts can be selected and copied."""

    def __init__(self, facts: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("about_window")
        self.setWindowTitle(about_title())
        self.setMinimumWidth(520)
        form = QFormLayout()
        form.setHorizontalSpacing(18)
        for position, (title, text) in enumerate(facts):
            value = PlainLabel(text, name=f"about_value_{position}")
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            name = PlainLabel(title, name=f"about_title_{position}")
            name.setWordWrap(False)
            form.addRow(name, value)
        buttons = QDialogButtonBox()
        close = buttons.addButton(close_text(), QDialogButtonBox.ButtonRole.RejectRole)
        close.setObjectName("about_close")
        close.setAccessibleName(close_text())
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(PlainLabel(about_purpose(), name="about_purpose"))
        layout.addSpacing(8)
        layout.addLayout(form)
        layout.addStretch(1)
        layout.addWidget(buttons)
