"""The foot of an open card: what keeps it from being saved, *Later* and *Save card*."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.wrap_up import CardProblem
from ui.actions import UserAction, key_text
from ui.panels.call_card.fields import PrimaryButton, action_button, hint_label, say, warning_label
from ui.panels.call_card.view_state import EditorState, SaveStage
from ui.texts.card import problem_sentence
from ui.texts.errors import sentence_of

translate = QCoreApplication.translate


class CardFoot(QWidget):
    """`save_requested` and `later_requested` from the buttons."""

    save_requested = Signal()
    later_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card_foot")
        self.save_warning = warning_label("card_save_problem")
        self.save_hint = hint_label("card_save_hint")
        self.later_button = action_button(translate("CallCard", "Later"), "card_later")
        self.save_button = PrimaryButton(translate("CallCard", "Save card"), "save_card")
        self.save_button.clicked.connect(self.save_requested)
        self.later_button.clicked.connect(self.later_requested)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 0, 4, 0)
        buttons.addWidget(self.later_button)
        buttons.addWidget(self.save_button, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self.save_warning, self.save_hint):
            layout.addWidget(part)
        layout.addLayout(buttons)

    def show_state(self, state: EditorState) -> None:
        """Which buttons are on, why not, and what became of the last try."""
        self.save_button.setEnabled(state.can_save)
        self.later_button.setEnabled(state.can_save)
        why = "" if state.is_finished else problem_sentence(CardProblem.CALL_STILL_RUNS)
        later = translate("CallCard", "Stays in the queue until you take it up ({key})")
        self.save_button.setToolTip(why or translate("CallCard", "Ctrl+Enter"))
        self.save_button.setAccessibleDescription(why)
        self.later_button.setToolTip(why or later.format(key=key_text(UserAction.CARD_LATER)))
        self.later_button.setAccessibleDescription(why)
        self.say(translate("CallCard", "Saving…") if state.save_stage is SaveStage.SAVING else "")
        say(self.save_warning, _trouble_of(state))

    def say(self, hint: str) -> None:
        """A quiet line above the buttons, until the card's state changes."""
        say(self.save_hint, hint)


def _trouble_of(state: EditorState) -> str:
    sentence = ""
    if state.save_stage is SaveStage.EDITING and state.save_error is not None:
        unkept = translate("CallCard", "The draft is not on the disk.")
        sentence = f"{unkept} {sentence_of(state.save_error)}"
    elif state.save_stage is SaveStage.NOT_SAVED:
        sentence = translate("CallCard", "Not saved. The draft is kept; try again.")
        if state.save_error is not None:
            sentence = f"{sentence} {sentence_of(state.save_error)}"
    return sentence
