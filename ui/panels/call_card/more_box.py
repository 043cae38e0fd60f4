"""What few cards need, folded away: for whom the call is written, rating, chat, numbers amoCRM does not know."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QToolButton, QVBoxLayout, QWidget

from app.domain.wrap_up import CardFields, CardProblem, UnknownNumberChoice
from ui.panels.call_card.fields import QuietComboBox, buddy_label, find_item, say, warning_label
from ui.panels.call_card.user_row import UserRow
from ui.panels.call_card.view_state import EditorState, SaveStage
from ui.texts.card import problem_sentence, unknown_number_word
from ui.widgets.plain_label import PlainLabel

translate = QCoreApplication.translate
_OFFERED = (
    UnknownNumberChoice.ASK,
    UnknownNumberChoice.CREATE_CONTACT,
    UnknownNumberChoice.UNSORTED,
    UnknownNumberChoice.SKIP,
)
_PROBLEMS = frozenset({CardProblem.NO_CRM_USER, CardProblem.RATING_REQUIRED, CardProblem.RATING_OUT_OF_RANGE})


class MoreBox(QWidget):
    """`edited(name)`: the operator changed the field of that name of `CardFields`. Once unfolded it stays so."""

    edited = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card_more_box")
        self._is_reflecting = False
        self._make_fields()
        self._lay_out()
        self.button.toggled.connect(self._unfold)
        self.user_row.edited.connect(lambda: self._tell("crm_user_id"))
        self.rating_field.currentIndexChanged.connect(lambda _: self._tell("rating"))
        self.chat_box.toggled.connect(lambda _: self._tell("add_to_chat"))
        self.unknown_box.currentIndexChanged.connect(lambda _: self._tell("unknown_number"))
        self._unfold(False)

    def first_labels(self) -> list[PlainLabel]:
        """The labels of the left column, to be lined up with the rest of the card."""
        return [self.user_label, self.rating_label, self.unknown_label]

    @property
    def rating(self) -> int | None:
        return self.rating_field.currentIndex() or None

    @property
    def unknown_number(self) -> UnknownNumberChoice | None:
        chosen = self.unknown_box.currentData()
        return chosen if isinstance(chosen, UnknownNumberChoice) else None

    def show_fields(self, fields: CardFields, untouched: frozenset[str]) -> None:
        """Write the values of the fields named in `untouched`; the others belong to the operator."""
        self._is_reflecting = True
        if "crm_user_id" in untouched:
            self.user_row.show_user(fields.crm_user_id)
        if "rating" in untouched:
            self.rating_field.setCurrentIndex(fields.rating or 0)
        if "add_to_chat" in untouched:
            self.chat_box.setChecked(fields.add_to_chat)
        if "unknown_number" in untouched:
            self.unknown_box.setCurrentIndex(max(0, find_item(self.unknown_box, fields.unknown_number)))
        self._is_reflecting = False

    def show_state(self, state: EditorState) -> None:
        """Lists, what can be chosen now, and problems beside their fields: those unfold the box."""
        self._is_reflecting = True
        self.user_row.show_users(state.users, state.named_user_id, state.crm_user_name)
        self._offer_unknown(state.unknown_default)
        self._is_reflecting = False
        self._enable(state.is_finished)
        # Not disabled: the focus would move out of the card.
        self.user_row.user_field.setReadOnly(state.save_stage is SaveStage.SAVING)
        problems = frozenset(state.problems)
        no_user = problem_sentence(CardProblem.NO_CRM_USER) if CardProblem.NO_CRM_USER in problems else ""
        say(self.user_warning, no_user)
        of_rating = [problem for problem in state.problems if problem in _PROBLEMS - {CardProblem.NO_CRM_USER}]
        say(self.rating_warning, "\n".join(map(problem_sentence, of_rating)))
        if problems & _PROBLEMS:
            self.button.setChecked(True)

    def focus_problem(self, problem: CardProblem) -> bool:
        """Bring the operator to the field that has to be mended; False when it is none of these."""
        if problem not in _PROBLEMS:
            return False
        self.button.setChecked(True)
        if problem is CardProblem.NO_CRM_USER:
            self.user_row.focus_field()
        else:
            self.rating_field.setFocus()
        return True

    def _make_fields(self) -> None:
        self.button = QToolButton(self)
        self.button.setObjectName("card_more")
        self.button.setText(translate("CallCard", "More"))
        self.button.setAccessibleName(self.button.text())
        self.button.setCheckable(True)
        self.button.setAutoRaise(True)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.user_row = UserRow(self)
        self.rating_field = QuietComboBox("card_rating", self)
        self.rating_field.addItem(translate("CallCard", "not rated"))
        for rating in range(1, 6):
            self.rating_field.addItem("★" * rating + f" {rating}")
        self.chat_box = QCheckBox(translate("CallCard", "Post to chat"), self)
        self.chat_box.setObjectName("card_add_to_chat")
        self.chat_box.setAccessibleName(self.chat_box.text())
        self.unknown_box = QuietComboBox("card_unknown_number", self)
        self.user_warning = warning_label("card_user_problem")
        self.rating_warning = warning_label("card_rating_problem")

    def _lay_out(self) -> None:
        self.inside = QWidget(self)
        self.inside.setObjectName("card_more_inside")
        grid = QGridLayout(self.inside)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        self.user_label = buddy_label(translate("CallCard", "User"), self.user_row, "card_user_label")
        self.rating_label = buddy_label(translate("CallCard", "Rating"), self.rating_field, "card_rating_label")
        unknown = translate("CallCard", "Not in amoCRM")
        self.unknown_label = buddy_label(unknown, self.unknown_box, "card_unknown_number_label")
        rows: tuple[tuple[QWidget | None, QWidget], ...] = (
            (self.user_label, self.user_row),
            (None, self.user_warning),
            (self.rating_label, self.rating_field),
            (None, self.rating_warning),
            (self.unknown_label, self.unknown_box),
            (None, self.chat_box),
        )
        for place, (label, field) in enumerate(rows):
            if label is not None:
                grid.addWidget(label, place, 0)
            grid.addWidget(field, place, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.inside)
        self.user_label.setBuddy(self.user_row.user_box)

    def _offer_unknown(self, default: UnknownNumberChoice | None) -> None:
        """None: no amoCRM is set up, so there is nothing to choose."""
        self.unknown_label.setVisible(default is not None)
        self.unknown_box.setVisible(default is not None)
        if default is None or self.unknown_box.property("default") == default.value:
            return
        chosen = self.unknown_number
        self.unknown_box.setProperty("default", default.value)
        self.unknown_box.clear()
        by_default = translate("CallCard", "as set: {choice}").format(choice=unknown_number_word(default))
        self.unknown_box.addItem(by_default)
        for choice in _OFFERED:
            self.unknown_box.addItem(unknown_number_word(choice), choice)
        self.unknown_box.setCurrentIndex(max(0, find_item(self.unknown_box, chosen)))

    def _enable(self, is_finished: bool) -> None:
        why = "" if is_finished else translate("CallCard", "Fills in when the call ends.")
        self.user_row.set_enabled(is_finished, why)
        for field in (self.rating_field, self.chat_box, self.unknown_box):
            field.setEnabled(is_finished)
            field.setToolTip(why)
            field.setAccessibleDescription(why)

    def _unfold(self, is_unfolded: bool) -> None:
        self.button.setArrowType(Qt.ArrowType.DownArrow if is_unfolded else Qt.ArrowType.RightArrow)
        self.inside.setVisible(is_unfolded)

    def _tell(self, name: str) -> None:
        if not self._is_reflecting:
            self.edited.emit(name)
