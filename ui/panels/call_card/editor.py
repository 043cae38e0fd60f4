"""One open card being written: caller, notes, customer, and what fills in when the call has ended."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.domain.wrap_up import CardFields, CardProblem
from ui.panels.call_card.customer_box import CustomerBox
from ui.panels.call_card.fields import (
    PrimaryButton,
    ToneLabel,
    align_labels,
    buddy_label,
    clear_scroll_area,
    hint_label,
    say,
    warning_label,
)
from ui.panels.call_card.outcome_box import OutcomeBox
from ui.panels.call_card.view_state import EditorState, SaveStage, notes_will_wait
from ui.texts.card import direction_word, number_word, problem_sentence, time_word
from ui.texts.errors import sentence_of
from ui.widgets.plain_label import PlainLabel

translate = QCoreApplication.translate

_NOTES_HEIGHT = 84
FIELD_NAMES = frozenset(
    {"notes", "disposition", "crm_user_id", "cost", "currency", "rating", "failed_reason", "add_to_chat", "customer"}
)


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
    """`edited(card_key, CardFields)` after each change by the operator; what he changed is never written over."""

    edited = Signal(str, object)
    save_requested = Signal(str)
    search_requested = Signal(str, str)
    look_up_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card_editor")
        self._state: EditorState | None = None
        self._touched: set[str] = set()
        self._is_reflecting = False
        self._make_head()
        self._make_notes()
        self.customer_box = CustomerBox(self)
        self.outcome_box = OutcomeBox(self)
        self._make_foot()
        self._lay_out()
        self.notes.textChanged.connect(lambda: self._touch("notes"))
        self.customer_box.changed.connect(lambda: self._touch("customer"))
        self.outcome_box.edited.connect(self._touch)
        self.customer_box.search_requested.connect(self._ask_for_search)
        self.customer_box.look_up_requested.connect(self._ask_for_look_up)
        self.save_button.clicked.connect(self.save)

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
        disposition = state.fields.disposition or (state.proposed.disposition if state.proposed else None)
        self.outcome_box.show_fields(state.fields, disposition, untouched)
        self.outcome_box.show_state(state)
        self._is_reflecting = False
        # What is typed while the card goes to the disk would be in no card.
        self.notes.setReadOnly(state.save_stage is SaveStage.SAVING)
        self.customer_box.show_search(state.search)
        self._render_head(state)
        self._render_foot(state)
        if state.problems and not problems_before:
            self.outcome_box.focus_problem(state.problems[0])

    def fields(self) -> CardFields:
        """The card as it stands on the screen. `disposition` None: nobody has chosen, the proposal goes."""
        drafted = self._state.fields if self._state else CardFields()
        is_chosen = "disposition" in self._touched or drafted.disposition is not None
        box = self.outcome_box
        return CardFields(
            notes=self.notes.toPlainText(),
            disposition=box.disposition if is_chosen else None,
            crm_user_id=box.crm_user_id,
            cost=box.cost,
            currency=box.currency,
            rating=box.rating,
            failed_reason=box.failed_reason,
            add_to_chat=box.chat_box.isChecked(),
            customer=self.customer_box.choice,
        )

    def save(self) -> None:
        """Ask for the card to be saved, as the button does; while the call runs, say that it cannot be done yet."""
        if self._state is None:
            return
        if self._state.can_save:
            self.save_requested.emit(self._state.card_key)
        elif not self._state.is_finished:
            say(self.save_hint, problem_sentence(CardProblem.CALL_STILL_RUNS))

    def has_cursor(self) -> bool:
        """Whether the keyboard writes into this card, or will as soon as the operator is back from another window."""
        focused = self.window().focusWidget()
        return focused is not None and (focused is self or self.isAncestorOf(focused))

    def _make_head(self) -> None:
        self.caller_label = PlainLabel(elide=True, name="card_caller")
        font = self.caller_label.font()
        font.setPointSizeF(font.pointSizeF() * 1.3)
        font.setBold(True)
        self.caller_label.setFont(font)
        self.number_label = PlainLabel(elide=True, name="card_number")
        self.line_label = PlainLabel(elide=True, name="card_line")

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

    def _make_foot(self) -> None:
        self.save_warning = warning_label("card_save_problem")
        self.save_button = PrimaryButton(translate("CallCard", "Save card"), "save_card")
        self.save_hint = hint_label("card_save_hint")

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
        for part in (self.notes_hint, self.customer_box, self.waiting_hint, self.outcome_box):
            form.addWidget(part)
        align_labels(self.customer_box.first_labels() + self.outcome_box.first_labels())
        area = clear_scroll_area(inside, "card_scroll", self)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 0, 4, 0)
        foot.addWidget(self.save_hint, 1)
        foot.addWidget(self.save_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for label in (self.caller_label, self.number_label, self.line_label):
            layout.addWidget(label)
        layout.addWidget(area, 1)
        layout.addWidget(self.save_warning)
        layout.addLayout(foot)

    def _touch(self, name: str) -> None:
        if self._is_reflecting or self._state is None:
            return
        self._touched.add(name)
        fields = self.fields()
        self._show_notes_hint(fields)
        self.edited.emit(self._state.card_key, fields)

    def _ask_for_search(self, phone_number: str) -> None:
        if self._state is not None:
            self.search_requested.emit(self._state.card_key, phone_number)

    def _ask_for_look_up(self) -> None:
        if self._state is not None:
            self.look_up_requested.emit(self._state.card_key)

    def _render_head(self, state: EditorState) -> None:
        number = number_word(state.phone_number)
        self.caller_label.setText(state.caller_name or number)
        self.number_label.setText(number if state.caller_name else "")
        self.number_label.setVisible(bool(state.caller_name))
        words = [direction_word(state.direction)]
        if state.line_number:
            words.append(translate("CallCard", "line {number}").format(number=state.line_number))
        self.line_label.setText(" · ".join(words))
        saved_at = state.autosaved_at
        draft = translate("CallCard", "draft saved {time}").format(time=time_word(saved_at)) if saved_at else ""
        self.autosave_label.setText(draft)
        say(self.waiting_hint, "" if state.is_finished else translate("CallCard", "Fills in when the call ends."))
        self._show_notes_hint(self.fields())

    def _show_notes_hint(self, fields: CardFields) -> None:
        waits = notes_will_wait(fields)
        say(self.notes_hint, translate("CallCard", "Choose a customer, or the notes wait here.") if waits else "")

    def _render_foot(self, state: EditorState) -> None:
        self.save_button.setEnabled(state.can_save)
        why = "" if state.is_finished else problem_sentence(CardProblem.CALL_STILL_RUNS)
        self.save_button.setToolTip(why or translate("CallCard", "Ctrl+Enter"))
        self.save_button.setAccessibleDescription(why)
        say(self.save_hint, translate("CallCard", "Saving…") if state.save_stage is SaveStage.SAVING else "")
        sentence = ""
        if state.save_stage is SaveStage.EDITING and state.save_error is not None:
            unkept = translate("CallCard", "The draft is not on the disk.")
            sentence = f"{unkept} {sentence_of(state.save_error)}"
        elif state.save_stage is SaveStage.NOT_SAVED:
            sentence = translate("CallCard", "Not saved. The draft is kept; try again.")
            if state.save_error is not None:
                sentence = f"{sentence} {sentence_of(state.save_error)}"
        say(self.save_warning, sentence)
