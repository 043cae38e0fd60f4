"""What is filled in when the call has ended: duration, outcome, user, cost, rating, failure reason, post to chat."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QCoreApplication, QRegularExpression, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from app.domain.customer import Currency
from app.domain.wrap_up import CardFields, CardProblem, Disposition
from ui.panels.call_card.fields import QuietComboBox, buddy_label, find_item, hint_label, say, warning_label
from ui.panels.call_card.view_state import EditorState, SaveStage, shows_failed_reason
from ui.texts.card import duration_word, outcome_word, problem_sentence
from ui.widgets.plain_label import PlainLabel, plain_tooltip

translate = QCoreApplication.translate
_REASON_CAP = 255
_USER_DIGITS = 10


class OutcomeBox(QWidget):
    """`edited(name)`: the operator changed the field of that name of `CardFields`."""

    edited = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("outcome_box")
        self._currencies: tuple[Currency, ...] = ()
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
        if "cost" in untouched:
            _set_text(self.cost_field, "" if fields.cost is None else f"{fields.cost:f}")
        if "currency" in untouched:
            self._show_currency(fields.currency)
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
        if state.currencies != self._currencies:
            self._fill_currencies(state.currencies)
        is_guess = state.proposed is not None and state.proposed.is_guess
        is_proposed = state.proposed is not None and self.disposition is state.proposed.disposition
        guess = translate("CallCard", "guess: the phone system does not show why")
        say(self.guess_mark, guess if is_guess and is_proposed else "")
        say(self.user_name, state.crm_user_name)
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
        try:
            return Decimal(self.cost_field.text().replace(",", "."))
        except InvalidOperation:
            return None

    @property
    def currency(self) -> str:
        return str(self.currency_field.currentData() or "")

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
        self.cost_field = _line("card_cost", self)
        self.cost_field.setValidator(_validator(r"[0-9]{0,9}([.,][0-9]{0,4})?", self.cost_field))
        self.currency_field = QuietComboBox("card_currency", self)
        self.currency_field.setMinimumContentsLength(3)
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
            (_named("Cost", self.cost_field), (self.cost_field, *self._currency_pair()), self.cost_warning),
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

    def _currency_pair(self) -> tuple[QWidget, QWidget]:
        return _named("Currency", self.currency_field), self.currency_field

    def _connect(self) -> None:
        self.outcome_field.currentIndexChanged.connect(lambda _: self._tell("disposition"))
        self.user_field.textEdited.connect(lambda _: self._tell("crm_user_id"))
        self.cost_field.textEdited.connect(lambda _: self._tell("cost"))
        self.currency_field.currentIndexChanged.connect(lambda _: self._tell("currency"))
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

    def _show_reason_row(self) -> None:
        is_shown = shows_failed_reason(self.disposition)
        self.reason_label.setVisible(is_shown)
        self.reason_field.setVisible(is_shown)

    def _fill_currencies(self, currencies: tuple[Currency, ...]) -> None:
        self._is_reflecting = True
        chosen = self.currency
        self._currencies = currencies
        self.currency_field.clear()
        for currency in currencies:
            self.currency_field.addItem(currency.code, currency.code)
            tip = plain_tooltip(currency.name)
            self.currency_field.setItemData(self.currency_field.count() - 1, tip, 3)
        self._show_currency(chosen)
        self._is_reflecting = False

    def _show_currency(self, code: str) -> None:
        if code and find_item(self.currency_field, code) < 0:
            # Typed in an earlier run, or the portal's list could not be read: it must not silently become another one.
            self.currency_field.addItem(code, code)
        self.currency_field.setCurrentIndex(find_item(self.currency_field, code))


def _named(text: str, field: QWidget) -> PlainLabel:
    words = {
        "Outcome": translate("CallCard", "Outcome"),
        "User": translate("CallCard", "User"),
        "Cost": translate("CallCard", "Cost"),
        "Currency": translate("CallCard", "Currency"),
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
