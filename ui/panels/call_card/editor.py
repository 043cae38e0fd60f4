"""One open card being written: notes, customer, what fills in when the call has ended; head and foot around them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.domain.wrap_up import CardFields, CardProblem
from ui.panels.call_card.card_foot import CardFoot
from ui.panels.call_card.card_head import CardHead
from ui.panels.call_card.customer_box import CustomerBox
from ui.panels.call_card.fields import ToneLabel, align_labels, buddy_label, clear_scroll_area, hint_label, say
from ui.panels.call_card.more_box import MoreBox
from ui.panels.call_card.outcome_box import OutcomeBox
from ui.panels.call_card.view_state import EditorState, SaveStage, notes_will_wait
from ui.texts.card import no_time_sentence, problem_sentence, time_word
from ui.widgets.plain_label import PlainLabel

translate = QCoreApplication.translate

_NOTES_HEIGHT = 84
FIELD_NAMES = frozenset(
    {
        "notes", "disposition", "crm_user_id", "cost", "currency", "rating", "failed_reason", "add_to_chat", "customer",
        "crm_source", "unknown_number",
    }
)  # fmt: skip


class NotesField(QPlainTextEdit):
    """Large while there is room, and modest when the card needs it: Qt would ask for 192 pixels at least."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card_notes")
        self.setTabChangesFocus(True)
        self.setMinimumHeight(_NOTES_HEIGHT)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), _NOTES_HEIGHT)


class CardEditor(QWidget):
    """`edited(card_key, CardFields)` after each change by the operator; what he changed is never written over.
    `record_requested(card_key, kind, id)`: who is this record of Bitrix24?"""

    edited = Signal(str, object)
    save_requested = Signal(str)
    later_requested = Signal(str)
    extend_requested = Signal(str)
    search_requested = Signal(str, str)
    record_requested = Signal(str, object, object)
    look_up_requested = Signal(str)

    def __init__(self, now: Callable[[], float], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card_editor")
        self._state: EditorState | None = None
        self._touched: set[str] = set()
        self._is_reflecting = False
        self.head = CardHead(now, self)
        self._make_notes()
        self.customer_box = CustomerBox(self)
        self.outcome_box = OutcomeBox(self)
        self.more_box = MoreBox(self)
        self.foot = CardFoot(self)
        self.save_button = self.foot.save_button
        self._lay_out()
        self.notes.textChanged.connect(lambda: self._touch("notes"))
        self.customer_box.changed.connect(lambda: self._touch("customer"))
        self.customer_box.source_row.edited.connect(lambda: self._touch("crm_source"))
        self.outcome_box.edited.connect(self._touch)
        self.more_box.edited.connect(self._touch)
        self.customer_box.search_requested.connect(
            lambda number: self._with_key(lambda key: self.search_requested.emit(key, number))
        )
        self.customer_box.record_requested.connect(
            lambda kind, entity: self._with_key(lambda key: self.record_requested.emit(key, kind, entity))
        )
        self.customer_box.look_up_requested.connect(lambda: self._with_key(self.look_up_requested.emit))
        self.foot.save_requested.connect(self.save)
        self.foot.later_requested.connect(self.later)
        self.head.extend_requested.connect(self.extend)

    @property
    def card_key(self) -> str | None:
        """The card on show."""
        return self._state.card_key if self._state else None

    def show_state(self, state: EditorState) -> None:
        """Show the card. The same card again: only what the operator has not touched follows."""
        if self._state is None or self._state.card_key != state.card_key:
            self._touched.clear()
            self.customer_box.reset()
        problems_before = self._state.problems if self._state else ()
        self._state = state
        untouched = FIELD_NAMES - self._touched
        self._is_reflecting = True
        if "notes" in untouched and self.notes.toPlainText() != state.fields.notes:
            self.notes.setPlainText(state.fields.notes)
        self.customer_box.show_state(state)
        if "customer" in untouched:
            self.customer_box.set_choice(state.fields.customer)
        if "crm_source" in untouched:
            self.customer_box.source_row.show_source(state.fields.crm_source)
        disposition = state.fields.disposition or (state.proposed.disposition if state.proposed else None)
        self.outcome_box.show_fields(state.fields, disposition, untouched)
        self.outcome_box.show_state(state)
        self.more_box.show_fields(state.fields, untouched)
        self.more_box.show_state(state)
        self._is_reflecting = False
        # What is typed while the card goes to the disk would be in no card.
        self.notes.setReadOnly(state.save_stage is SaveStage.SAVING)
        self.customer_box.show_search(state.search)
        self.head.show_state(state)
        self._render_notes(state)
        self.foot.show_state(state)
        if state.problems and not problems_before:
            self._focus_problem(state.problems[0])

    def fields(self) -> CardFields:
        """The card as it stands on the screen. `disposition` None: nobody has chosen, the proposal goes."""
        drafted = self._state.fields if self._state else CardFields()
        is_chosen = "disposition" in self._touched or drafted.disposition is not None
        box, more = self.outcome_box, self.more_box
        return CardFields(
            notes=self.notes.toPlainText(),
            disposition=box.disposition if is_chosen else None,
            crm_user_id=more.user_row.user_id,
            cost=box.cost,
            currency=box.currency,
            rating=more.rating,
            failed_reason=box.failed_reason,
            add_to_chat=more.chat_box.isChecked(),
            customer=self.customer_box.choice,
            crm_source=self.customer_box.source_row.source_id,
            unknown_number=more.unknown_number,
        )

    def save(self) -> None:
        """Ask for the card to be saved, as the button does; while the call runs, say that it cannot be done yet."""
        if self._may_close():
            self._with_key(self.save_requested.emit)

    def later(self) -> None:
        """Ask for the card to be set aside; while the call runs, say that it cannot be done yet."""
        if self._may_close():
            self._with_key(self.later_requested.emit)

    def extend(self) -> None:
        """Ask for more time, or say why there is none to extend."""
        if self._state is None:
            return
        if self._state.due_at_s is None:
            self.foot.say(no_time_sentence(is_finished=self._state.is_finished))
        else:
            self.extend_requested.emit(self._state.card_key)

    def tick(self) -> None:
        """A second has passed."""
        self.head.tick()

    def has_cursor(self) -> bool:
        """Whether the keyboard writes into this card, or will as soon as the operator is back from another window."""
        focused = self.window().focusWidget()
        return focused is not None and (focused is self or self.isAncestorOf(focused))

    def _may_close(self) -> bool:
        if self._state is None:
            return False
        if not self._state.is_finished:
            self.foot.say(problem_sentence(CardProblem.CALL_STILL_RUNS))
        return self._state.can_save

    def _make_notes(self) -> None:
        self.notes = NotesField(self)
        self.notes.setPlaceholderText(translate("CallCard", "Type during the call; it is kept as a draft."))
        self.notes_label = buddy_label(translate("CallCard", "Notes"), self.notes, "card_notes_label")
        self.autosave_label = PlainLabel(name="card_autosaved")
        self.autosave_label.setWordWrap(False)
        self.autosave_label.setForegroundRole(self.autosave_label.palette().ColorRole.PlaceholderText)
        self.autosave_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.notes_hint = ToneLabel("held", name="card_notes_hint")
        self.notes_hint.hide()
        self.waiting_hint = hint_label("card_waiting_hint")

    def _lay_out(self) -> None:
        inside = QWidget(self)
        inside.setObjectName("card_form")
        form = QVBoxLayout(inside)
        form.setContentsMargins(0, 0, 4, 0)
        notes_head = QHBoxLayout()
        notes_head.addWidget(self.notes_label)
        notes_head.addWidget(self.autosave_label, 1)
        form.addLayout(notes_head)
        form.addWidget(self.notes, 1)
        parts = (self.notes_hint, self.customer_box, self.waiting_hint, self.outcome_box, self.more_box)
        for part in parts:
            form.addWidget(part)
        boxes = (self.customer_box, self.outcome_box, self.more_box)
        align_labels([label for box in boxes for label in box.first_labels()])
        area = clear_scroll_area(inside, "card_scroll", self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.head)
        layout.addWidget(area, 1)
        layout.addWidget(self.foot)

    def _touch(self, name: str) -> None:
        if self._is_reflecting or self._state is None:
            return
        self._touched.add(name)
        fields = self.fields()
        self._show_notes_hint(fields)
        self.edited.emit(self._state.card_key, fields)

    def _with_key(self, ask: Callable[[str], None]) -> None:
        if self._state is not None:
            ask(self._state.card_key)

    def _render_notes(self, state: EditorState) -> None:
        saved_at = state.autosaved_at
        draft = translate("CallCard", "draft saved {time}").format(time=time_word(saved_at)) if saved_at else ""
        self.autosave_label.setText(draft)
        say(self.waiting_hint, "" if state.is_finished else translate("CallCard", "Fills in when the call ends."))
        self._show_notes_hint(self.fields())

    def _show_notes_hint(self, fields: CardFields) -> None:
        if self._state is not None and CardProblem.NOTES_REQUIRED in self._state.problems:
            self.notes_hint.set_tone("alert")
            say(self.notes_hint, problem_sentence(CardProblem.NOTES_REQUIRED))
            return
        self.notes_hint.set_tone("held")
        waits = notes_will_wait(fields)
        say(self.notes_hint, translate("CallCard", "Choose a customer, or the notes wait here.") if waits else "")

    def _focus_problem(self, problem: CardProblem) -> None:
        if problem is CardProblem.NOTES_REQUIRED:
            self.notes.setFocus()
        else:
            any(box.focus_problem(problem) for box in (self.customer_box, self.outcome_box, self.more_box))
