"""Below the list of the queue: the chosen card's steps, what the CRMs gave for it, and what was done to it by hand."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ui.panels.call_card.fields import ToneLabel, action_button, clear_scroll_area
from ui.panels.call_card.receipt import MARK_TONES as STEP_TONES
from ui.texts.card import direction_word, duration_word, mark_glyph, number_word
from ui.texts.crm_reasons import crm_word
from ui.texts.queue import (
    audit_text,
    automatic_text,
    done_by_hand_title,
    line_text,
    nothing_chosen_text,
    open_text,
    outcome_text,
    proof_title,
    proof_value,
    receipt_title,
    recording_text,
    recording_title,
    step_line_text,
    step_reason_text,
    step_text,
    steps_title,
    vendor_text,
    warning_text,
)
from ui.widgets.plain_label import PlainLabel
from ui.windows.queue_state import CardDetail, Proof, StepLine


class QueueDetailPane(QWidget):
    """`link_requested(str)`: an address of the card chosen; whether it may be opened is the presenter's business."""

    link_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queue_details")
        self._detail: CardDetail | None = None
        self._columns: list[QWidget] = []
        self.headline = PlainLabel(name="queue_details_headline", elide=True)
        font = self.headline.font()
        font.setBold(True)
        self.headline.setFont(font)
        self.notes = PlainLabel(name="queue_details_notes", elide=True)
        self.notes.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._inside = QWidget()
        self._row = QHBoxLayout(self._inside)
        self._row.setContentsMargins(0, 0, 8, 0)
        self._row.setSpacing(20)
        self.area: QScrollArea = clear_scroll_area(self._inside, "queue_details_area", self)
        # Reached by Tab, so that the arrows scroll what does not fit.
        self.area.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(self.headline)
        layout.addWidget(self.notes)
        layout.addWidget(self.area, 1)
        self.show_detail(None)

    def show_detail(self, detail: CardDetail | None) -> None:
        """Show a card, or that none is chosen; the same again changes nothing."""
        if detail is not None and detail == self._detail:
            return
        is_other = detail is None or self._detail is None or detail.row.card_key != self._detail.row.card_key
        self._detail = detail
        self.headline.setText(nothing_chosen_text() if detail is None else _headline(detail))
        self.notes.setText("" if detail is None else " ".join(detail.notes.split()))
        self.notes.setVisible(bool(self.notes.text()))
        self._rebuild(detail)
        if is_other:
            self.area.verticalScrollBar().setValue(0)

    def _rebuild(self, detail: CardDetail | None) -> None:
        """The card chosen changes a few times in its life: its labels are made anew, the focus stays where it was."""
        focused = self._focused_link()
        for column in self._columns:
            self._row.removeWidget(column)
            column.setParent(None)
            column.deleteLater()
        self._columns = []
        if detail is None:
            return
        for made, share in ((self._steps(detail), 4), (self._receipt(detail), 5), (self._history(detail), 3)):
            self._columns.append(made)
            self._row.addWidget(made, share)
        buttons = [button for column in self._columns for button in column.findChildren(QPushButton)]
        for left, right in pairwise([self.area, *buttons]):
            QWidget.setTabOrder(left, right)
        if focused:
            again = self.findChild(QPushButton, focused)
            if again is not None:
                again.setFocus(Qt.FocusReason.OtherFocusReason)

    def _focused_link(self) -> str:
        focused = self.focusWidget()
        return focused.objectName() if isinstance(focused, QPushButton) and focused.hasFocus() else ""

    def _steps(self, detail: CardDetail) -> QWidget:
        column, layout = _column("queue_steps", steps_title())
        grid = QGridLayout()
        grid.setColumnStretch(2, 1)
        grid.setHorizontalSpacing(8)
        row = 0
        for place, line in enumerate(detail.steps):
            mark = line.mark
            glyph = ToneLabel(STEP_TONES[mark], name=f"queue_step_glyph_{place}")
            glyph.setText(mark_glyph(mark))
            name = PlainLabel(f"{crm_word(line.crm_name)}: {step_text(line.name)}", name=f"queue_step_{place}")
            state = ToneLabel(STEP_TONES[mark], name=f"queue_step_state_{place}")
            state.setText(step_line_text(line))
            for label in (glyph, name, state):
                label.setWordWrap(False)
            grid.addWidget(glyph, row, 0)
            grid.addWidget(name, row, 1)
            grid.addWidget(state, row, 2)
            row += 1
            for text, kind in _about(line):
                label = PlainLabel(text, name=f"queue_step_{kind}_{place}")
                label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
                label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                grid.addWidget(label, row, 1, 1, 2)
                row += 1
        layout.addLayout(grid)
        layout.addStretch(1)
        return column

    def _receipt(self, detail: CardDetail) -> QWidget:
        column, layout = _column("queue_receipt", receipt_title())
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        opened: set[str] = set()
        for place, proof in enumerate(detail.proofs):
            # One button for each page: notes and recordings are seen on that of what they hang on.
            self._add_proof(grid, place, proof, has_button=bool(proof.link) and proof.link not in opened)
            opened.add(proof.link)
        layout.addLayout(grid)
        for place, (crm_name, text) in enumerate(detail.warnings):
            warning = ToneLabel("held", name=f"queue_warning_{place}")
            warning.setText(warning_text(crm_name, text))
            layout.addWidget(warning)
        if detail.recording is not None:
            about = f"{recording_title()}: {recording_text(detail.recording)}"
            layout.addWidget(PlainLabel(about, name="queue_recording"))
        layout.addStretch(1)
        return column

    def _add_proof(self, grid: QGridLayout, place: int, proof: Proof, *, has_button: bool) -> None:
        title = PlainLabel(f"{crm_word(proof.crm_name)}, {proof_title(proof.kind)}", name=f"queue_proof_title_{place}")
        title.setWordWrap(False)
        value = PlainLabel(proof_value(proof), name=f"queue_proof_{place}", elide=True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(title, place, 0)
        grid.addWidget(value, place, 1)
        if has_button:
            button = action_button(open_text(proof.crm_name), f"queue_open_{proof.crm_name}_{proof.kind.value}")
            button.setAccessibleName(f"{proof_title(proof.kind)}: {open_text(proof.crm_name)}")
            button.clicked.connect(lambda _=False, link=proof.link: self.link_requested.emit(link))
            grid.addWidget(button, place, 2)

    def _history(self, detail: CardDetail) -> QWidget:
        column, layout = _column("queue_history", done_by_hand_title())
        for place, line in enumerate(detail.audit):
            layout.addWidget(PlainLabel(audit_text(line), name=f"queue_audit_{place}"))
        layout.addStretch(1)
        column.setVisible(bool(detail.audit))
        return column


def _column(name: str, title: str) -> tuple[QWidget, QVBoxLayout]:
    column = QFrame()
    column.setObjectName(name)
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(3)
    head = PlainLabel(title, name=f"{name}_title")
    head.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    layout.addWidget(head)
    return column, layout


def _about(line: StepLine) -> list[tuple[str, str]]:
    return [(text, kind) for text, kind in ((step_reason_text(line), "reason"), (vendor_text(line), "vendor")) if text]


def _headline(detail: CardDetail) -> str:
    parts = [number_word(detail.row.phone_number), direction_word(detail.direction)]
    if detail.line_number:
        parts.append(line_text(detail.line_number))
    if detail.talk_s is not None:
        parts.append(duration_word(detail.talk_s))
    if detail.outcome:
        parts.append(outcome_text(detail.outcome))
    if detail.row.is_automatic:
        parts.append(automatic_text())
    return " · ".join(parts)
