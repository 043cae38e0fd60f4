"""The window of the queue: every card that is not in the CRMs yet, those sent or discarded lately. Shows and asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QSplitter, QVBoxLayout, QWidget

from ui.icons import icon
from ui.models.queue_list import QueueListModel
from ui.panels.call_card.fields import QuietComboBox, ToneLabel, action_button, primary_sheet
from ui.texts.commands import close_text
from ui.texts.queue import (
    deed_text,
    emptiness_text,
    filter_label,
    problem_text,
    queue_title,
    search_hint,
    show_text,
)
from ui.theme import theme
from ui.widgets.button_rows import ButtonRows
from ui.widgets.plain_label import PlainLabel
from ui.widgets.reason_button import ReasonButton
from ui.windows.queue_deeds import fix_of
from ui.windows.queue_detail_pane import QueueDetailPane
from ui.windows.queue_pauses import QueuePauses
from ui.windows.queue_rows import NEEDS_ME
from ui.windows.queue_state import DeedProblem, QueueDeed, QueueEmptiness, QueueShow, QueueState
from ui.windows.queue_table import QueueTable

_SAID_FOR_MS = 12_000
_ICONS: dict[QueueDeed, str] = {
    QueueDeed.RETRY: "refresh-cw",
    QueueDeed.RETRY_ALL: "refresh-cw",
    QueueDeed.EDIT: "notebook-pen",
    QueueDeed.CHOOSE_CUSTOMER: "user-round",
    QueueDeed.TAKE_UP: "undo-2",
    QueueDeed.PLAY: "play",
    QueueDeed.EXPORT: "save",
    QueueDeed.DISCARD: "x",
    QueueDeed.RESTORE: "undo-2",
}


class QueueWindow(QDialog):
    """Not modal: it stays open beside the main window. Signals out: `card_chosen(str)`, `show_chosen(QueueShow)`,
    `search_changed(str)`, `deed_requested(QueueDeed)` for a deed that is on, `link_requested(str)`,
    `pause_help_requested(PausedCrm)`."""

    card_chosen = Signal(str)
    show_chosen = Signal(object)
    search_changed = Signal(str)
    deed_requested = Signal(object)
    link_requested = Signal(str)
    pause_help_requested = Signal(object)

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queue_window")
        self.setWindowTitle(queue_title())
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
        self._state = QueueState()
        self.pauses = QueuePauses()
        self.model = QueueListModel(now, self)
        self.table = QueueTable(self.model)
        self.empty_note = PlainLabel(name="queue_empty", parent=self.table)
        self.empty_note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty_note.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.empty_note.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.details = QueueDetailPane()
        self.show_box = QuietComboBox("queue_show")
        self.show_box.setAccessibleName(filter_label())
        self.search_field = QLineEdit()
        self.search_field.setObjectName("queue_search")
        self.search_field.setPlaceholderText(search_hint())
        self.search_field.setAccessibleName(search_hint())
        self.search_field.setMaxLength(100)
        self.search_field.setClearButtonEnabled(True)
        self.buttons = {deed: ReasonButton(f"queue_{deed.value}", deed_text(deed)) for deed in QueueDeed}
        self.message = ToneLabel("muted", name="queue_message")
        self._hush = QTimer(self)
        self._hush.setSingleShot(True)
        self._hush.setInterval(_SAID_FOR_MS)
        self._hush.timeout.connect(lambda: self.say(""))
        self._fill_shows()
        self._lay_out()
        self._connect()
        self._retint()
        theme.changed.connect(self._retint)

    def show_state(self, state: QueueState) -> None:
        """Show the queue; what is chosen, scrolled to and typed stays."""
        self._state = state
        self.table.show_rows(state.rows, state.chosen)
        self.details.show_detail(state.detail)
        self.empty_note.setText(emptiness_text(state.emptiness))
        self.empty_note.setVisible(state.emptiness is not QueueEmptiness.NOT_EMPTY)
        self._place_note()
        self._name_shows()
        self.pauses.show_paused(state.paused)
        self._show_verdicts()

    def say(self, text: str, tone: str = "muted") -> None:
        """A line at the bottom about what was just done; it goes by itself."""
        self.message.set_tone(tone)
        self.message.setText(text)
        if text:
            self._hush.start()

    def tick(self) -> None:
        """Time has passed."""
        self.table.tick()

    def choose_show(self, show: QueueShow) -> None:
        """Show that part of the queue."""
        self.show_box.setCurrentIndex(list(QueueShow).index(show))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_note()

    def closeEvent(self, event: object) -> None:
        self._hush.stop()
        super().closeEvent(event)  # type: ignore[arg-type]

    def _lay_out(self) -> None:
        label = PlainLabel(filter_label(), name="queue_show_label")
        label.setWordWrap(False)
        label.setBuddy(self.show_box)
        head = QHBoxLayout()
        head.addWidget(label)
        head.addWidget(self.show_box)
        head.addWidget(self.search_field, 1)
        self.show_box.setMinimumContentsLength(22)
        below = QWidget()
        below_layout = QVBoxLayout(below)
        below_layout.setContentsMargins(0, 0, 0, 0)
        below_layout.addWidget(self.details)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setObjectName("queue_splitter")
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(8)
        self.splitter.addWidget(self.table)
        self.splitter.addWidget(below)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        self.table.setMinimumHeight(4 * self.table.row_height)
        self.details.setMinimumHeight(90)
        self.rows = ButtonRows("queue_buttons", stretches=False)
        for button in self.buttons.values():
            button.setParent(self.rows)
        self.close_button = action_button(close_text(), "queue_close")
        foot = QHBoxLayout()
        foot.addWidget(self.message, 1)
        foot.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setSpacing(6)
        layout.addWidget(self.pauses)
        layout.addLayout(head)
        layout.addWidget(self.splitter, 1)
        layout.addWidget(self.rows)
        layout.addLayout(foot)
        self.setMinimumSize(860, 520)
        self.resize(1180, 640)
        self.splitter.setSizes([330, 220])

    def _connect(self) -> None:
        self.table.card_chosen.connect(self.card_chosen)
        self.table.mend_requested.connect(self._mend)
        self.table.discard_requested.connect(lambda: self._ask_for(QueueDeed.DISCARD))
        self.details.link_requested.connect(self.link_requested)
        self.pauses.help_requested.connect(self.pause_help_requested)
        self.show_box.currentIndexChanged.connect(lambda place: self.show_chosen.emit(list(QueueShow)[place]))
        self.search_field.textChanged.connect(self.search_changed)
        self.close_button.clicked.connect(self.reject)
        for deed, button in self.buttons.items():
            button.pressed_on.connect(lambda deed=deed: self.deed_requested.emit(deed))
            button.pressed_while_off.connect(lambda deed=deed: self._explain(deed))

    def _mend(self) -> None:
        """Return on a card: what brings it on."""
        row = next((row for row in self._state.rows if row.card_key == self._state.chosen), None)
        if row is not None:
            self._ask_for(fix_of(row))

    def _ask_for(self, deed: QueueDeed) -> None:
        if self._state.verdicts.get(deed) is None and deed in self._state.verdicts:
            self.deed_requested.emit(deed)
        else:
            self._explain(deed)

    def _explain(self, deed: QueueDeed) -> None:
        problem = self._state.verdicts.get(deed)
        if problem is not None:
            self.say(problem_text(problem), "held")

    def _fill_shows(self) -> None:
        for show in QueueShow:
            self.show_box.addItem(show_text(show, 0))

    def _name_shows(self) -> None:
        for place, show in enumerate(QueueShow):
            text = show_text(show, self._state.counts.get(show, 0))
            if self.show_box.itemText(place) != text:
                self.show_box.setItemText(place, text)

    def _show_verdicts(self) -> None:
        verdicts = self._state.verdicts
        row = next((row for row in self._state.rows if row.card_key == self._state.chosen), None)
        fix = fix_of(row) if row is not None and row.mark in NEEDS_ME else None
        shown = []
        for deed, button in self.buttons.items():
            problem = verdicts.get(deed, DeedProblem.NOTHING_CHOSEN)
            button.set_on(problem is None)
            reason = "" if problem is None else problem_text(problem)
            button.explain(reason, reason)
            self._dress(deed, is_fix=problem is None and deed is fix)
            if not self._gives_way(deed):
                shown.append(button)
            button.setVisible(not self._gives_way(deed))
        self.rows.set_buttons(shown)

    def _dress(self, deed: QueueDeed, *, is_fix: bool) -> None:
        """What brings the card on stands out."""
        button = self.buttons[deed]
        button.setStyleSheet(primary_sheet() if is_fix else "")
        button.setIcon(icon(_ICONS[deed], "accent_text" if is_fix else "text", 16))

    def _gives_way(self, deed: QueueDeed) -> bool:
        """Of *Discard* and *Restore* one is shown."""
        can_restore = self._state.verdicts.get(QueueDeed.RESTORE, DeedProblem.NOTHING_CHOSEN) is None
        return deed is (QueueDeed.DISCARD if can_restore else QueueDeed.RESTORE)

    def _place_note(self) -> None:
        head = self.table.horizontalHeader().height()
        self.empty_note.setGeometry(self.table.rect().adjusted(20, head, -20, 0))

    def _retint(self) -> None:
        self.model.retint()
        self.pauses.show_paused(self._state.paused)
        self._show_verdicts()
