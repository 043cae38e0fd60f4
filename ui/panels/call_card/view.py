"""The call card's widgets put together: states come in through `show_state`, what the operator does goes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QGroupBox, QStackedWidget, QVBoxLayout, QWidget

from ui.widgets.panel import Panel
from ui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    from ui.panels.call_card.card_strip import CardStrip
    from ui.panels.call_card.editor import CardEditor
    from ui.panels.call_card.kept_notes import KeptNotesLine
    from ui.panels.call_card.parts import CardParts
    from ui.panels.call_card.receipt import ReceiptView
    from ui.panels.call_card.view_state import CardPanelState, WaitingCard
    from ui.panels.call_card.waiting_list import WaitingList

translate = QCoreApplication.translate


class QuietGroup(QGroupBox):
    """Tells a screen reader that its fields belong together, and draws nothing: the panel around it does."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        return


class CallCardView(Panel):
    """Signals out: `fields_edited(card_key, CardFields)`, `save_requested(card_key)`, `later_requested(card_key)`,
    `extend_requested(card_key)`, `take_up_requested(card_key)`, `card_chosen(card_key)`,
    `customer_search_requested(card_key, phone_number)`, `record_requested(card_key, CustomerKind, int)`,
    `look_up_requested(card_key)`, `retry_requested(card_key)`,
    `customer_chosen(card_key, CustomerChoice)` for a parked note, `portal_link_requested(card_key)`,
    `receipt_closed`, `notes_requested` before the cursor goes into the notes of the card shown,
    `queue_requested(card_key)`, the key empty when no card is meant, `crm_card_requested` for the card shown.

    Until the first state comes there is only the note that no card is open: the rest would delay the first paint.
    """

    fields_edited = Signal(str, object)
    save_requested = Signal(str)
    later_requested = Signal(str)
    extend_requested = Signal(str)
    take_up_requested = Signal(str)
    card_chosen = Signal(str)
    customer_search_requested = Signal(str, str)
    record_requested = Signal(str, object, object)
    look_up_requested = Signal(str)
    retry_requested = Signal(str)
    customer_chosen = Signal(str, object)
    portal_link_requested = Signal(str)
    receipt_closed = Signal()
    notes_requested = Signal()
    queue_requested = Signal(str)
    crm_card_requested = Signal()

    def __init__(self, now: Callable[[], float], parent: QWidget | None = None) -> None:
        super().__init__("call_card", parent)
        self._now = now
        self._state: CardPanelState | None = None
        self._made_parts: CardParts | None = None
        title = translate("CallCard", "Bitrix24 call card")
        self.title_label = PlainLabel(title, name="call_card_title")
        font = self.title_label.font()
        font.setBold(True)
        self.title_label.setFont(font)
        self.title_label.setIndent(3)
        self.group = QuietGroup(self)
        self.group.setObjectName("call_card_group")
        self.group.setAccessibleName(title)
        self.empty_label = PlainLabel(_empty_sentence(knows_me=True), name="card_empty")
        self.empty_label.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        self.empty_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._lay_out()

    @property
    def strip(self) -> CardStrip:
        return self._parts.strip

    @property
    def editor(self) -> CardEditor:
        return self._parts.editor

    @property
    def receipt(self) -> ReceiptView:
        return self._parts.receipt

    @property
    def waiting(self) -> WaitingList:
        return self._parts.waiting

    @property
    def kept_notes(self) -> KeptNotesLine:
        return self._parts.kept_notes

    def show_state(self, state: CardPanelState) -> None:
        """Show the panel's state. Fields the operator edits or has edited keep what he typed; focus stays."""
        self._state = state
        self.strip.show_state(state.chips)
        if state.editor is not None:
            self.editor.show_state(state.editor)
            self._turn_to(self.editor)
        elif state.receipt is not None:
            self.receipt.show_state(state.receipt)
            self._turn_to(self.receipt)
        else:
            self.empty_label.setText(_empty_sentence(knows_me=state.knows_me))
            self._turn_to(self.empty_label)
        self._parts.set_aside.show_state(state.set_aside)
        self._parts.question.show_search(state.search)
        self.waiting.show_state(state.waiting, state.queue_paused, is_compact=state.editor is not None)

    def focus_notes(self) -> None:
        """Put the cursor into the notes of my call's card, else of another one; for the key of *Notes*."""
        self.notes_requested.emit()
        if self._has_editor:
            self.editor.notes.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def let_go_of_cursor(self) -> None:
        """The keyboard writes into no card from now on, and presses no button: it waits at the headline."""
        self.title_label.setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self) -> None:
        """Ask for the card shown to be saved; for the key of *Save card*."""
        self.with_editor(lambda editor: editor.save())

    def with_editor(self, ask: Callable[[CardEditor], None]) -> None:
        """Ask something of the card being written; for keys. Nothing happens while there is none."""
        if self._has_editor:
            ask(self.editor)

    def tick(self) -> None:
        """A second has passed."""
        self.with_editor(lambda editor: editor.tick())

    @property
    def waiting_cards(self) -> tuple[WaitingCard, ...]:
        """The cards on show as waiting to be sent."""
        return () if self._state is None else self._state.waiting

    @property
    def has_cursor(self) -> bool:
        """Whether the keyboard writes into the card shown."""
        return self._has_editor and self.editor.has_cursor()

    @property
    def _has_editor(self) -> bool:
        return self._state is not None and self._state.editor is not None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter saves also where no window gives the key to an action."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        keypad = Qt.KeyboardModifier.KeypadModifier
        if is_enter and event.modifiers() & ~keypad == Qt.KeyboardModifier.ControlModifier:
            self.save()
            return
        super().keyPressEvent(event)

    def _turn_to(self, page: QWidget) -> None:
        """Qt would take the focus along to the new page, into notes nobody asked for or to a button the next space
        would press: it waits at the headline."""
        focused = self.window().focusWidget()
        if page is not self.pages.currentWidget() and focused is not None and self.pages.isAncestorOf(focused):
            self.let_go_of_cursor()
        self.pages.setCurrentWidget(page)

    def _lay_out(self) -> None:
        self.pages = QStackedWidget(self.group)
        self.pages.setObjectName("card_pages")
        self.pages.addWidget(self.empty_label)
        self._inside = QVBoxLayout(self.group)
        self._inside.setContentsMargins(0, 0, 0, 0)
        self._inside.addWidget(self.pages, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 8, 14, 12)
        layout.setSpacing(6)
        layout.addWidget(self.title_label)
        layout.addWidget(self.group, 1)

    @property
    def _parts(self) -> CardParts:
        if self._made_parts is None:
            from ui.panels.call_card.parts import CardParts

            self._made_parts = parts = CardParts(self._now, self)
            self._inside.insertWidget(0, parts.strip)
            for page in (parts.editor, parts.receipt):
                self.pages.addWidget(page)
            self._inside.addWidget(parts.set_aside)
            self._inside.addWidget(parts.waiting)
            self._inside.addWidget(parts.kept_notes)
            self._connect(parts)
        return self._made_parts

    def _connect(self, parts: CardParts) -> None:
        parts.editor.edited.connect(self.fields_edited)
        parts.editor.save_requested.connect(self.save_requested)
        parts.editor.later_requested.connect(self.later_requested)
        parts.editor.extend_requested.connect(self.extend_requested)
        parts.editor.record_requested.connect(self.record_requested)
        parts.set_aside.take_up_requested.connect(self.take_up_requested)
        parts.editor.search_requested.connect(self.customer_search_requested)
        parts.editor.look_up_requested.connect(self.look_up_requested)
        parts.strip.chosen.connect(self.card_chosen)
        parts.receipt.link_requested.connect(self.portal_link_requested)
        parts.receipt.closed.connect(self.receipt_closed)
        parts.waiting.retry_requested.connect(self.retry_requested)
        parts.waiting.customer_requested.connect(lambda key: parts.question.ask_about(key, self.waiting_cards))
        parts.waiting.queue_requested.connect(self.queue_requested)
        parts.question.chosen.connect(self.customer_chosen)
        parts.question.search_requested.connect(self.customer_search_requested)


def _empty_sentence(*, knows_me: bool) -> str:
    if knows_me:
        return translate("CallCard", "The card opens by itself at the first ring of your call.")
    return translate(
        "CallCard", "No card opens here: it is not set which employee you are. Choose yourself in Connect."
    )
