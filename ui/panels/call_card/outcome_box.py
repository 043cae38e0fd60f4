"""What is filled in when the call has ended: duration, outcome, user, cost, rating, failure reason, post to chat."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QCoreApplication, QRegularExpression, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from app.domain.wrap_up import CardFields, CardProblem, Disposition
from ui.panels.call_card.cost_row import CostRow
from ui.panels.call_card.fields import QuietComboBox, buddy_label, find_item, hint_label, say, warning_label
from ui.panels.call_card.view_state import EditorState, SaveStage, shows_failed_reason
from ui.texts.card import duration_word, outcome_word, problem_sentence
from ui.widgets.plain_label import PlainLabel

translate = QCoreApplication.translate
_REASON_CAP = 255
_USER_DIGITS = 10


class OutcomeBox(QWidget):
    """`edited(name)`: the operator changed the field of that name of `CardFields`."""

    edited = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("outcome_box")
        self._named_user_id: int | None = None
        self._known_name = ""
        self._is_reflecting = False
        self._make_fields()
        self._lay_out()
        self._connect()

    def first_labels(self) -> list[PlainLabel]:
        """The labels of the left column, to be lined up with the rest of the card."""
        return self._labels

    def show_fields(self, fields: CardFields, disposition: Disposition | None, untouched: frozenset[str]) -> None:
        """Write the values of the fields named in `untouched`; the others belong to the operator."""
        self._is_reflecting = True
        if "disposition" in untouched:
            self.outcome_field.setCurrentIndex(find_item(self.outcome_field, disposition))
        if "crm_user_id" in untouched:
            _set_text(self.user_field, str(fields.crm_user_id or ""))
        self.cost_row.show_fields(fields, untouched)
        if "rating" in untouched:
            self.rating_field.setCurrentIndex(fields.rating or 0)
        if "failed_reason" in untouched:
            _set_text(self.reason_field, fields.failed_reason)
        if "add_to_chat" in untouched:
            self.chat_box.setChecked(fields.add_to_chat)
        self._is_reflecting = False
        self._show_reason_row()

    def show_state(self, state: EditorState) -> None:
        """Facts and lists: duration, guess mark, currencies, whose number the user is, problems beside their fields."""
        self.duration_value.setText("—" if state.duration_s is None else duration_word(state.duration_s))
        self.cost_row.show_currencies(state.currencies)
        is_guess = state.proposed is not None and state.proposed.is_guess
        is_proposed = state.proposed is not None and self.disposition is state.proposed.disposition
        guess = translate("CallCard", "guess: the phone system does not show why")
        say(self.guess_mark, guess if is_guess and is_proposed else "")
        self._named_user_id, self._known_name = state.named_user_id, state.crm_user_name
        self._show_user_name()
        self._enable(state.is_finished)
        for field in (self.user_field, self.cost_field, self.reason_field):
            # Not disabled: the focus would move out of the card.
            field.setReadOnly(state.save_stage is SaveStage.SAVING)
        problems = frozenset(state.problems)
        say(self.user_warning, _sentences(problems, CardProblem.NO_CRM_USER))
        money = (CardProblem.NEGATIVE_COST, CardProblem.COST_WITHOUT_CURRENCY)
        say(self.cost_warning, _sentences(problems, *money))
        say(self.rating_warning, _sentences(problems, CardProblem.RATING_OUT_OF_RANGE))

    @property
    def disposition(self) -> Disposition | None:
        chosen = self.outcome_field.currentData()
        return chosen if isinstance(chosen, Disposition) else None

    @property
    def crm_user_id(self) -> int | None:
        digits = self.user_field.text()
        return int(digits) if digits else None

    @property
    def cost(self) -> Decimal | None:
        return self.cost_row.cost

    @property
    def currency(self) -> str:
        return self.cost_row.currency

    @property
    def rating(self) -> int | None:
        return self.rating_field.currentIndex() or None

    @property
    def failed_reason(self) -> str:
        return self.reason_field.text().strip() if shows_failed_reason(self.disposition) else ""

    def focus_problem(self, problem: CardProblem) -> None:
        """Bring the operator to the field that has to be mended."""
        field = {
            CardProblem.NO_CRM_USER: self.user_field,
            CardProblem.NEGATIVE_COST: self.cost_field,
            CardProblem.COST_WITHOUT_CURRENCY: self.currency_field,
            CardProblem.RATING_OUT_OF_RANGE: self.rating_field,
        }.get(problem)
        if field is not None:
            field.setFocus()

    def _make_fields(self) -> None:
        self.duration_value = PlainLabel(name="card_duration")
        self.outcome_field = QuietComboBox("card_outcome", self)
        for disposition in Disposition:
            self.outcome_field.addItem(outcome_word(disposition), disposition)
        self.outcome_field.setMaxVisibleItems(len(Disposition))
        self.guess_mark = hint_label("card_guess")
        self.user_field = _line("card_user", self)
        self.user_field.setValidator(_validator(rf"[0-9]{{0,{_USER_DIGITS}}}", self.user_field))
        self.user_name = PlainLabel(elide=True, name="card_user_name")
        self.cost_row = CostRow(self)
        self.cost_field, self.currency_field = self.cost_row.cost_field, self.cost_row.currency_field
        self.rating_field = QuietComboBox("card_rating", self)
        self.rating_field.addItem(translate("CallCard", "not rated"))
        for rating in range(1, 6):
            self.rating_field.addItem("★" * rating + f" {rating}")
        self.reason_field = _line("card_failed_reason", self)
        self.reason_field.setMaxLength(_REASON_CAP)
        self.chat_box = QCheckBox(translate("CallCard", "Post to chat"), self)
        self.chat_box.setObjectName("card_add_to_chat")
        self.chat_box.setAccessibleName(self.chat_box.text())
        self.user_warning = warning_label("card_user_problem")
        self.cost_warning = warning_label("card_cost_problem")
        self.rating_warning = warning_label("card_rating_problem")

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        self.duration_label = PlainLabel(translate("CallCard", "Duration"), name="card_duration_label")
        self.duration_label.setWordWrap(False)
        self.reason_label = buddy_label(translate("CallCard", "Failure reason"), self.reason_field, "card_reason_label")
        rows: tuple[tuple[PlainLabel, tuple[QWidget, ...], PlainLabel | None], ...] = (
            (self.duration_label, (self.duration_value,), None),
            (_named("Outcome", self.outcome_field), (self.outcome_field,), self.guess_mark),
            (self.reason_label, (self.reason_field,), None),
            (_named("User", self.user_field), (self.user_field, self.user_name), self.user_warning),
            (_named("Cost", self.cost_field), (self.cost_row,), self.cost_warning),
            (_named("Rating", self.rating_field), (self.rating_field,), self.rating_warning),
        )
        self._labels = [label for label, _, _ in rows]
        for place, (label, fields, remark) in enumerate(rows):
            grid.addWidget(label, place * 2, 0)
            line = QHBoxLayout()
            for field in fields:
                line.addWidget(field, 1)
            grid.addLayout(line, place * 2, 1)
            if remark is not None:
                grid.addWidget(remark, place * 2 + 1, 1)
        grid.addWidget(self.chat_box, len(rows) * 2, 1)

    def _connect(self) -> None:
        self.outcome_field.currentIndexChanged.connect(lambda _: self._tell("disposition"))
        self.user_field.textEdited.connect(lambda _: self._tell("crm_user_id"))
        self.user_field.textEdited.connect(lambda _: self._show_user_name())
        self.cost_row.edited.connect(self._tell)
        self.rating_field.currentIndexChanged.connect(lambda _: self._tell("rating"))
        self.reason_field.textEdited.connect(lambda _: self._tell("failed_reason"))
        self.chat_box.toggled.connect(lambda _: self._tell("add_to_chat"))

    def _tell(self, name: str) -> None:
        if self._is_reflecting:
            return
        if name == "disposition":
            self._show_reason_row()
        self.edited.emit(name)

    def _enable(self, is_finished: bool) -> None:
        why = "" if is_finished else translate("CallCard", "Fills in when the call ends.")
        for field in (
            self.outcome_field, self.user_field, self.cost_field, self.currency_field,
            self.rating_field, self.reason_field, self.chat_box,
        ):  # fmt: skip
            field.setEnabled(is_finished)
            field.setToolTip(why)
            field.setAccessibleDescription(why)

    def _show_user_name(self) -> None:
        is_known = self.crm_user_id is not None and self.crm_user_id == self._named_user_id
        say(self.user_name, self._known_name if is_known else "")

    def _show_reason_row(self) -> None:
        is_shown = shows_failed_reason(self.disposition)
        self.reason_label.setVisible(is_shown)
        self.reason_field.setVisible(is_shown)


def _named(text: str, field: QWidget) -> PlainLabel:
    words = {
        "Outcome": translate("CallCard", "Outcome"),
        "User": translate("CallCard", "User"),
        "Cost": translate("CallCard", "Cost"),
        "Rating": translate("CallCard", "Rating"),
    }
    return buddy_label(words[text], field, f"{field.objectName()}_label")


def _line(name: str, parent: QWidget) -> QLineEdit:
    line = QLineEdit(parent)
    line.setObjectName(name)
    return line


def _validator(pattern: str, parent: QLineEdit) -> QRegularExpressionValidator:
    return QRegularExpressionValidator(QRegularExpression(pattern), parent)


def _set_text(line: QLineEdit, text: str) -> None:
    if line.text() != text:
        line.setText(text)


def _sentences(problems: frozenset[CardProblem], *wanted: CardProblem) -> str:
    return "\n".join(problem_sentence(problem) for problem in wanted if problem in problems)
