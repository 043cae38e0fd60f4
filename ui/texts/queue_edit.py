"""Words of the dialogs of the queue: changing a card, and whom it is for."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.domain.wrap_up import UnknownNumberChoice
from ui.texts.marking import QT_TRANSLATE_NOOP
from ui.windows.queue_edit_state import EditField, EditProblem

_FIELDS: dict[EditField, str] = {
    EditField.PHONE_NUMBER: QT_TRANSLATE_NOOP("QueueEdit", "Number"),
    EditField.CRM_USER: QT_TRANSLATE_NOOP("QueueEdit", "Bitrix24 user"),
    EditField.SECOND_USER: QT_TRANSLATE_NOOP("QueueEdit", "amoCRM user"),
    EditField.OUTCOME: QT_TRANSLATE_NOOP("QueueEdit", "Outcome"),
    EditField.FAILED_REASON: QT_TRANSLATE_NOOP("QueueEdit", "Why it failed"),
    EditField.COST: QT_TRANSLATE_NOOP("QueueEdit", "Cost"),
    EditField.CURRENCY: QT_TRANSLATE_NOOP("QueueEdit", "Currency"),
    EditField.RATING: QT_TRANSLATE_NOOP("QueueEdit", "Rating"),
    EditField.NOTES: QT_TRANSLATE_NOOP("QueueEdit", "Notes"),
}
_PROBLEMS: dict[EditProblem, str] = {
    EditProblem.NO_NUMBER: QT_TRANSLATE_NOOP("QueueEdit", "Type a telephone number."),
    EditProblem.NO_USER: QT_TRANSLATE_NOOP("QueueEdit", "Choose a user of the list, or type the user's number."),
    EditProblem.BAD_COST: QT_TRANSLATE_NOOP("QueueEdit", "Type an amount, such as 12.50, or leave it empty."),
    EditProblem.NO_CURRENCY: QT_TRANSLATE_NOOP("QueueEdit", "Choose the currency of the cost, or empty the cost."),
    EditProblem.NOTHING_CHANGED: QT_TRANSLATE_NOOP("QueueEdit", "Nothing was changed yet."),
}
_UNKNOWN: dict[UnknownNumberChoice, str] = {
    UnknownNumberChoice.CREATE_CONTACT: QT_TRANSLATE_NOOP("QueueEdit", "Make a contact with this number"),
    UnknownNumberChoice.ATTACH: QT_TRANSLATE_NOOP("QueueEdit", "Attach it to a customer that is there"),
    UnknownNumberChoice.UNSORTED: QT_TRANSLATE_NOOP("QueueEdit", "Put it into the unsorted requests"),
    UnknownNumberChoice.SKIP: QT_TRANSLATE_NOOP("QueueEdit", "Do not write it to amoCRM"),
}


def _translated(text: str) -> str:
    return QCoreApplication.translate("QueueEdit", text)


def edit_title() -> str:
    return _translated(QT_TRANSLATE_NOOP("QueueEdit", "Edit card"))


def edit_about(number: str) -> str:
    text = QT_TRANSLATE_NOOP("QueueEdit", "Call: {number}. What a CRM has already is not changed any more.")
    return _translated(text).format(number=number)


def field_title(edit_field: EditField) -> str:
    return _translated(_FIELDS[edit_field])


def edit_problem_text(problem: EditProblem) -> str:
    return _translated(_PROBLEMS[problem])


def placeholder_hint() -> str:
    return _translated(
        QT_TRANSLATE_NOOP("QueueEdit", "Set by the administrator for hidden callers. Type another one if you know it.")
    )


def no_rating_text() -> str:
    return _translated(QT_TRANSLATE_NOOP("QueueEdit", "none"))


def save_text() -> str:
    return _translated(QT_TRANSLATE_NOOP("QueueEdit", "Save and send"))


def unknown_number_text(choice: UnknownNumberChoice) -> str:
    """What can become of a call whose number nobody in amoCRM has."""
    return _translated(_UNKNOWN[choice])


def unknown_number_title() -> str:
    return _translated(QT_TRANSLATE_NOOP("QueueEdit", "Nobody in amoCRM has this number"))


def unknown_number_question(number: str) -> str:
    """`number` empty: the caller hides it."""
    if not number:
        return _translated(
            QT_TRANSLATE_NOOP("QueueEdit", "amoCRM keeps calls with customers only, and this caller hides the number.")
        )
    text = QT_TRANSLATE_NOOP("QueueEdit", "amoCRM keeps calls with customers only, and nobody there has {number}.")
    return _translated(text).format(number=number)


def agree_text() -> str:
    return _translated(QT_TRANSLATE_NOOP("QueueEdit", "Do that"))
