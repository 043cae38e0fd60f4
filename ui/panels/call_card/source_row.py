"""Where a customer that is to be created came from, out of the portal's sources."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.customer import CrmSource
from app.domain.wrap_up import CardProblem
from ui.panels.call_card.fields import QuietComboBox, buddy_label, find_item, say, warning_label
from ui.panels.call_card.view_state import EditorState
from ui.texts.card import problem_sentence
from ui.widgets.plain_label import plain

translate = QCoreApplication.translate


class SourceRow(QWidget):
    """`edited` after each change by the operator."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("customer_source_row")
        self._sources: tuple[CrmSource, ...] | None = None
        self._is_reflecting = False
        self.source_box = QuietComboBox("customer_source", self)
        self.label = buddy_label(translate("CallCard", "Source"), self.source_box, "customer_source_label")
        self.warning = warning_label("customer_source_problem")
        row = QHBoxLayout()
        row.addWidget(self.label)
        row.addWidget(self.source_box, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        layout.addWidget(self.warning)
        self.source_box.currentIndexChanged.connect(lambda _: self._tell())

    @property
    def source_id(self) -> str:
        return str(self.source_box.currentData() or "")

    def show_source(self, source_id: str) -> None:
        """Show this one, without telling it back; one the portal does not list stays as it is."""
        self._is_reflecting = True
        if find_item(self.source_box, source_id) < 0:
            self.source_box.addItem(plain(source_id), source_id)
        self.source_box.setCurrentIndex(find_item(self.source_box, source_id))
        self._is_reflecting = False

    def show_state(self, state: EditorState) -> None:
        """Offer the portal's sources; the one chosen stays."""
        say(self.warning, problem_sentence(CardProblem.SOURCE_REQUIRED) if self._lacks(state) else "")
        if state.sources == self._sources:
            return
        self._sources, chosen = state.sources, self.source_id
        self._is_reflecting = True
        self.source_box.clear()
        self.source_box.addItem(translate("CallCard", "not given"), "")
        for source in state.sources:
            self.source_box.addItem(plain(source.name) or source.source_id, source.source_id)
        self._is_reflecting = False
        self.show_source(chosen)

    @staticmethod
    def _lacks(state: EditorState) -> bool:
        return CardProblem.SOURCE_REQUIRED in state.problems

    def _tell(self) -> None:
        if not self._is_reflecting:
            self.edited.emit()
