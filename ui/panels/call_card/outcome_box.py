"""What fills in when the call has ended: duration, outcome, failure reason, cost. The rest is more_box's."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from app.domain.wrap_up import CardFields, CardProblem, Disposition
from ui.panels.call_card.cost_row import CostRow
from ui.panels.call_card.fields import QuietComboBox, buddy_label, find_item, hint_label, say, warning_label
from ui.panels.call_card.view_state import EditorState, SaveStage, shows_failed_reason
from ui.texts.card import duration_word, outcome_word, problem_sentence
from ui.widgets.plain_label import PlainLabel

translate = QCoreApplication.translate
_REASON_CAP = 255
_OF_COST = (CardProblem.COST_REQUIRED, CardProblem.NEGATIVE_COST, CardProblem.COST_WITHOUT_CURRENCY)


class OutcomeBox(QWidget):
    """`edited(name)`: the operator changed the field of that name of `CardFields`."""

    edited = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("outcome_box")
        self._is_reflecting = False
        self._make_fields()
        self._lay_out()
        self.outcome_field.currentIndexChanged.connect(lambda _: self._tell("disposition"))
        self.cost_row.edited.connect(self._tell)
        self.reason_field.textEdited.connect(lambda _: self._tell("failed_reason"))

    def first_labels(self) -> list[PlainLabel]:
        """The labels of the left column, to be lined up with the rest of the card."""
        return [self.duration_label, self.outcome_label, self.reason_label, self.cost_label]

    def show_fields(self, fields: CardFields, disposition: Disposition | None, untouched: frozenset[str]) -> None:
        """Write the values of the fields named in `untouched`; the others belong to the operator."""
        self._is_reflecting = True
        if "disposition" in untouched:
            self.outcome_field.setCurrentIndex(find_item(self.outcome_field, disposition))
        self.cost_row.show_fields(fields, untouched)
        if "failed_reason" in untouched and self.reason_field.text() != fields.failed_reason:
            self.reason_field.setText(fields.failed_reason)
        self._is_reflecting = False
        self._show_reason_row()

    def show_state(self, state: EditorState) -> None:
        """Facts and lists: duration, guess mark, currencies, problems beside their fields."""
        self.duration_value.setText("—" if state.duration_s is None else duration_word(state.duration_s))
        self.cost_row.show_currencies(state.currencies)
        is_guess = state.proposed is not None and state.proposed.is_guess
        is_proposed = state.proposed is not None and self.disposition is state.proposed.disposition
        guess = translate("CallCard", "guess: the phone system does not show why")
        say(self.guess_mark, guess if is_guess and is_proposed else "")
        self._enable(state.is_finished)
        for field in (self.cost_field, self.reason_field):
            # Not disabled: the focus would move out of the card.
            field.setReadOnly(state.save_stage is SaveStage.SAVING)
        say(self.outcome_warning, _sentences(state, CardProblem.OUTCOME_REQUIRED))
        say(self.cost_warning, _sentences(state, *_OF_COST))

    @property
    def disposition(self) -> Disposition | None:
        chosen = self.outcome_field.currentData()
        return chosen if isinstance(chosen, Disposition) else None

    @property
    def cost(self) -> Decimal | None:
        return self.cost_row.cost

    @property
    def currency(self) -> str:
        return self.cost_row.currency

    @property
    def failed_reason(self) -> str:
        return self.reason_field.text().strip() if shows_failed_reason(self.disposition) else ""

    def focus_problem(self, problem: CardProblem) -> bool:
        """Bring the operator to the field that has to be mended; False when it is none of these."""
        field = {
            CardProblem.OUTCOME_REQUIRED: self.outcome_field,
            CardProblem.COST_REQUIRED: self.cost_field,
            CardProblem.NEGATIVE_COST: self.cost_field,
            CardProblem.COST_WITHOUT_CURRENCY: self.currency_field,
        }.get(problem)
        if field is not None:
            field.setFocus()
        return field is not None

    def _make_fields(self) -> None:
        self.duration_value = PlainLabel(name="card_duration")
        self.outcome_field = QuietComboBox("card_outcome", self)
        for disposition in Disposition:
            self.outcome_field.addItem(outcome_word(disposition), disposition)
        self.outcome_field.setMaxVisibleItems(len(Disposition))
        self.guess_mark = hint_label("card_guess")
        self.cost_row = CostRow(self)
        self.cost_field, self.currency_field = self.cost_row.cost_field, self.cost_row.currency_field
        self.reason_field = QLineEdit(self)
        self.reason_field.setObjectName("card_failed_reason")
        self.reason_field.setMaxLength(_REASON_CAP)
        self.outcome_warning = warning_label("card_outcome_problem")
        self.cost_warning = warning_label("card_cost_problem")

    def _lay_out(self) -> None:
        self.duration_label = PlainLabel(translate("CallCard", "Duration"), name="card_duration_label")
        self.duration_label.setWordWrap(False)
        self.outcome_label = buddy_label(translate("CallCard", "Outcome"), self.outcome_field, "card_outcome_label")
        self.reason_label = buddy_label(translate("CallCard", "Failure reason"), self.reason_field, "card_reason_label")
        self.cost_label = buddy_label(translate("CallCard", "Cost"), self.cost_field, "card_cost_label")
        rows: tuple[tuple[QWidget | None, QWidget], ...] = (
            (self.duration_label, self.duration_value),
            (self.outcome_label, self.outcome_field),
            (None, self.guess_mark),
            (None, self.outcome_warning),
            (self.reason_label, self.reason_field),
            (self.cost_label, self.cost_row),
            (None, self.cost_warning),
        )
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        for place, (label, field) in enumerate(rows):
            if label is not None:
                grid.addWidget(label, place, 0)
            grid.addWidget(field, place, 1)

    def _tell(self, name: str) -> None:
        if self._is_reflecting:
            return
        if name == "disposition":
            self._show_reason_row()
        self.edited.emit(name)

    def _enable(self, is_finished: bool) -> None:
        why = "" if is_finished else translate("CallCard", "Fills in when the call ends.")
        for field in (self.outcome_field, self.cost_field, self.currency_field, self.reason_field):
            field.setEnabled(is_finished)
            field.setToolTip(why)
            field.setAccessibleDescription(why)

    def _show_reason_row(self) -> None:
        is_shown = shows_failed_reason(self.disposition)
        self.reason_label.setVisible(is_shown)
        self.reason_field.setVisible(is_shown)


def _sentences(state: EditorState, *wanted: CardProblem) -> str:
    return "\n".join(problem_sentence(problem) for problem in wanted if problem in state.problems)
