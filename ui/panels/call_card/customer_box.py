"""Whose call it was: one of the matches, somebody picked by hand, a customer to create, or nobody."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from app.domain.customer import Customer, CustomerChoice, CustomerDecision
from app.domain.wrap_up import CardProblem
from ui.panels.call_card.customer_picker import CustomerPicker
from ui.panels.call_card.fields import QuietComboBox, action_button, buddy_label, hint_label, say, warning_label
from ui.panels.call_card.source_row import SourceRow
from ui.panels.call_card.view_state import CustomerSearch, EditorState, Lookup
from ui.texts.card import crm_error_sentence, customer_words, lookup_sentence, problem_sentence
from ui.widgets.plain_label import PlainLabel

translate = QCoreApplication.translate


class CustomerBox(QWidget):
    """A list while matches are known, three ways out while nobody is. `changed` after the operator decided;
    `record_requested(CustomerKind, int)`: who is this record?"""

    changed = Signal()
    search_requested = Signal(str)
    record_requested = Signal(object, object)
    look_up_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("customer_box")
        self._choice = CustomerChoice()
        self._matches: tuple[Customer, ...] = ()
        self._picks = False
        self._is_reflecting = False
        self._make_fields()
        self._lay_out()
        self.match_box.currentIndexChanged.connect(self._take_match)
        self.radios.idClicked.connect(self._take_radio)
        self.picker.picked.connect(self._take_picked)
        self.picker.search_requested.connect(self.search_requested)
        self.picker.record_requested.connect(self.record_requested)

    @property
    def choice(self) -> CustomerChoice:
        return self._choice

    def first_labels(self) -> list[PlainLabel]:
        """The labels of the left column, to be lined up with the rest of the card."""
        return [self.match_label, self.source_row.label, *self.picker.first_labels()]

    def reset(self) -> None:
        """Another card comes: nothing of the last one's customer may stay."""
        self._choice = CustomerChoice()
        self._picks = False
        self.picker.reset()

    def set_choice(self, choice: CustomerChoice) -> None:
        """Show a decision made elsewhere (earlier, or by default), without telling it back."""
        self._choice = choice
        self._picks = choice.decision is CustomerDecision.PICKED and choice.customer not in self._matches
        self._reflect()

    def show_state(self, state: EditorState) -> None:
        """Take over what is known of the caller; the operator's decision stays as it is."""
        if state.matches != self._matches:
            self._matches = state.matches
            self._fill_matches()
        sentence = lookup_sentence(state.lookup)
        if state.lookup is Lookup.FAILED and state.lookup_error is not None:
            sentence = f"{sentence} {crm_error_sentence(state.lookup_error)}"
        say(self.hint, sentence)
        self.again_button.setVisible(state.lookup is Lookup.FAILED)
        self.match_row.setVisible(bool(self._matches))
        self.radio_row.setVisible(not self._matches and state.lookup is not Lookup.LOOKING)
        self.create_radio.setEnabled(state.lookup is not Lookup.HIDDEN)
        self.picker.suggest_number(state.search_number)
        self.source_row.show_state(state)
        is_wanted = CardProblem.CUSTOMER_REQUIRED in state.problems
        say(self.warning, problem_sentence(CardProblem.CUSTOMER_REQUIRED) if is_wanted else "")
        self._reflect()

    def show_search(self, search: CustomerSearch | None) -> None:
        """What the operator's own search found; its first result is his choice, and told as such."""
        if not self.picker.isHidden():
            self.picker.show_search(search)

    def _make_fields(self) -> None:
        self.match_box = QuietComboBox("customer", self)
        self.hint = hint_label("customer_hint")
        self.again_button = action_button(translate("CallCard", "Look up again"), "customer_look_up_again")
        self.again_button.clicked.connect(self.look_up_requested)
        self.again_button.hide()
        self.create_radio = QRadioButton(translate("CallCard", "Create a customer"), self)
        self.create_radio.setObjectName("customer_create")
        self.pick_radio = QRadioButton(translate("CallCard", "Pick a customer"), self)
        self.pick_radio.setObjectName("customer_pick")
        self.without_radio = QRadioButton(translate("CallCard", "Without customer"), self)
        self.without_radio.setObjectName("customer_without")
        self.radios = QButtonGroup(self)
        for place, radio in enumerate((self.create_radio, self.pick_radio, self.without_radio)):
            radio.setAccessibleName(radio.text())
            self.radios.addButton(radio, place)
        self.picker = CustomerPicker(self)
        self.source_row = SourceRow(self)
        self.warning = warning_label("customer_problem")

    def focus_problem(self, problem: CardProblem) -> bool:
        """Bring the operator to the field that has to be mended; False when it is none of these."""
        if problem is CardProblem.SOURCE_REQUIRED:
            self.source_row.source_box.setFocus()
        elif problem is CardProblem.CUSTOMER_REQUIRED:
            (self.match_box if self._matches else self.create_radio).setFocus()
        return problem in (CardProblem.SOURCE_REQUIRED, CardProblem.CUSTOMER_REQUIRED)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.match_row = QWidget(self)
        row = QHBoxLayout(self.match_row)
        row.setContentsMargins(0, 0, 0, 0)
        self.match_label = buddy_label(translate("CallCard", "Customer"), self.match_box, "customer_label")
        row.addWidget(self.match_label)
        row.addWidget(self.match_box, 1)
        self.radio_row = QWidget(self)
        ways = QVBoxLayout(self.radio_row)
        ways.setContentsMargins(0, 0, 0, 0)
        ways.setSpacing(2)
        for radio in (self.create_radio, self.pick_radio, self.without_radio):
            ways.addWidget(radio)
        again_row = QHBoxLayout()
        again_row.addWidget(self.again_button)
        again_row.addStretch(1)
        layout.addWidget(self.hint)
        layout.addLayout(again_row)
        for part in (self.match_row, self.radio_row, self.picker, self.source_row, self.warning):
            layout.addWidget(part)

    def _fill_matches(self) -> None:
        self._is_reflecting = True
        self.match_box.clear()
        for customer, words in zip(self._matches, customer_words(self._matches), strict=True):
            self.match_box.addItem(words, customer)
        self.match_box.addItem(translate("CallCard", "Pick a customer"), CustomerDecision.PICKED)
        self.match_box.addItem(translate("CallCard", "Without customer"), CustomerDecision.WITHOUT)
        self._is_reflecting = False

    def _reflect(self) -> None:
        self._is_reflecting = True
        self.match_box.setCurrentIndex(self._match_place())
        checked = {
            CustomerDecision.CREATE: self.create_radio,
            CustomerDecision.WITHOUT: self.without_radio,
            CustomerDecision.PICKED: self.pick_radio,
            CustomerDecision.FOUND: self.pick_radio,
        }.get(self._choice.decision)
        if self._picks:
            checked = self.pick_radio
        # An exclusive group does not let its last checked button go.
        self.radios.setExclusive(False)
        for radio in (self.create_radio, self.pick_radio, self.without_radio):
            radio.setChecked(radio is checked)
        self.radios.setExclusive(True)
        picks = self._picks if self._matches else checked is self.pick_radio
        self.picker.setVisible(picks)
        self.source_row.setVisible(self._choice.decision is CustomerDecision.CREATE)
        if picks and self._choice.customer is not None:
            self.picker.set_customer(self._choice.customer)
        self._is_reflecting = False

    def _match_place(self) -> int:
        for place, customer in enumerate(self._matches):
            if not self._picks and self._choice.customer == customer:
                return place
        if self._picks:
            return len(self._matches)
        return len(self._matches) + 1 if self._choice.decision is CustomerDecision.WITHOUT else 0

    def _take_match(self, place: int) -> None:
        if self._is_reflecting or place < 0:
            return
        chosen = self.match_box.itemData(place)
        if isinstance(chosen, Customer):
            decision = CustomerDecision.FOUND if place == 0 else CustomerDecision.PICKED
            self._decide(CustomerChoice(decision, chosen))
        elif chosen is CustomerDecision.PICKED:
            self._decide(self._picked_so_far(), picks=True)
        else:
            self._decide(CustomerChoice(CustomerDecision.WITHOUT))

    def _take_radio(self, place: int) -> None:
        if self.radios.button(place) is self.create_radio:
            self._decide(CustomerChoice(CustomerDecision.CREATE))
        elif self.radios.button(place) is self.without_radio:
            self._decide(CustomerChoice(CustomerDecision.WITHOUT))
        else:
            self._decide(self._picked_so_far(), picks=True)

    def _take_picked(self) -> None:
        self._decide(self._picked_so_far(), picks=True)

    def _picked_so_far(self) -> CustomerChoice:
        # Nobody yet must not mean "as before": the notes would go to the customer the operator turned away from.
        customer = self.picker.customer
        if customer is None:
            return CustomerChoice(CustomerDecision.WITHOUT)
        return CustomerChoice(CustomerDecision.PICKED, customer)

    def _decide(self, choice: CustomerChoice, *, picks: bool = False) -> None:
        self._choice = choice
        self._picks = picks
        self._reflect()
        self.changed.emit()
