"""Changing a card that is on its way: which fields are open, and the card that comes of what was typed. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from enum import Enum

from app.crm.port import CardToWrite
from app.domain.customer import CrmUser
from app.domain.phone_number import parse_phone_number

_DIGITS = frozenset("0123456789")


class EditField(Enum):
    """The fields of the dialog, top to bottom; the values are those of crm.port.CardToWrite."""

    PHONE_NUMBER = "phone_number"
    CRM_USER = "crm_user_id"
    SECOND_USER = "second_user_id"
    OUTCOME = "disposition_code"
    FAILED_REASON = "failed_reason"
    COST = "cost"
    CURRENCY = "currency"
    RATING = "rating"
    NOTES = "notes"


class EditProblem(Enum):
    """Why what was typed cannot be taken."""

    NO_NUMBER = "no_number"
    NO_USER = "no_user"
    BAD_COST = "bad_cost"
    NO_CURRENCY = "no_currency"
    NOTHING_CHANGED = "nothing_changed"


@dataclass(frozen=True, slots=True)
class EditState:
    """`open_fields`: what may still be changed; `wanted`: fields that mend what the card waits for. `placeholder`: the
    administrator's number for hidden callers, digits, or empty. `users` by the CRM's name, for choosing."""

    card: CardToWrite
    open_fields: frozenset[EditField]
    wanted: frozenset[EditField] = frozenset()
    placeholder: str = ""
    users: Mapping[str, tuple[CrmUser, ...]] = field(default_factory=dict)
    currencies: tuple[str, ...] = ()

    @property
    def is_hidden(self) -> bool:
        return parse_phone_number(self.card.phone_number).is_hidden


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the fields, as text; a field that is not open is not looked at."""

    phone_number: str = ""
    crm_user: str = ""
    second_user: str = ""
    outcome: str = ""
    failed_reason: str = ""
    cost: str = ""
    currency: str = ""
    rating: int | None = None
    notes: str = ""


_MENDED_BY: Mapping[str, EditField] = {
    "crm_user_needed": EditField.CRM_USER,
    "crm_user_not_found": EditField.CRM_USER,
    "number_hidden": EditField.PHONE_NUMBER,
    "unsupported_phone_number": EditField.PHONE_NUMBER,
}


def open_fields_of(names: Collection[str]) -> frozenset[EditField]:
    """The fields of the dialog among those of the card that may be changed."""
    return frozenset(edit_field for edit_field in EditField if edit_field.value in names)


def wanted_fields(reasons: Collection[str], crm_names: Collection[str]) -> frozenset[EditField]:
    """What mends a card parked for these reasons. A missing user of amoCRM alone is the second user."""
    wanted = {_MENDED_BY[reason] for reason in reasons if reason in _MENDED_BY}
    if EditField.CRM_USER in wanted and set(crm_names) == {"amocrm"}:
        wanted = wanted - {EditField.CRM_USER} | {EditField.SECOND_USER}
    return frozenset(wanted)


def shown_number(state: EditState) -> str:
    """What the number's field starts with: for a hidden caller the administrator's placeholder."""
    return state.placeholder if state.is_hidden else state.card.phone_number


def edited_card(state: EditState, typed: Typed) -> CardToWrite | dict[EditField, EditProblem]:
    """The card with what was typed into its open fields, or what is wrong with it, by field."""
    problems: dict[EditField, EditProblem] = {}
    changes: dict[str, object] = {}
    takers: dict[EditField, Callable[[], object]] = {
        EditField.PHONE_NUMBER: lambda: _number(typed.phone_number),
        EditField.CRM_USER: lambda: _user(typed.crm_user),
        EditField.SECOND_USER: lambda: _user(typed.second_user),
        EditField.OUTCOME: lambda: typed.outcome,
        EditField.FAILED_REASON: lambda: " ".join(typed.failed_reason.split()),
        EditField.COST: lambda: _cost(typed.cost),
        EditField.CURRENCY: lambda: typed.currency,
        EditField.RATING: lambda: typed.rating,
        EditField.NOTES: lambda: typed.notes.strip(),
    }
    for edit_field in EditField:
        if edit_field not in state.open_fields:
            continue
        value = takers[edit_field]()
        if isinstance(value, EditProblem):
            problems[edit_field] = value
        else:
            changes[edit_field.value] = value
    card = replace(state.card, **changes)  # type: ignore[arg-type]
    for user_field, was in ((EditField.CRM_USER, state.card.crm_user_id),):
        if user_field in state.wanted and was is None and user_field not in problems and card.crm_user_id is None:
            problems[user_field] = EditProblem.NO_USER
    if card.cost and not card.currency and EditField.CURRENCY in state.open_fields:
        problems[EditField.CURRENCY] = EditProblem.NO_CURRENCY
    if not problems and card == state.card:
        first = next((one for one in EditField if one in (state.wanted or state.open_fields)), EditField.NOTES)
        problems[first] = EditProblem.NOTHING_CHANGED
    return problems or card


def user_id_of(text: str) -> int | None:
    """The number in what stands in a user's field: "12", or "Anna Orlova · 12" of the list; None for none."""
    digits = text.rpartition("·")[2].strip()
    if not digits or len(digits) > 15 or not _DIGITS.issuperset(digits):
        return None
    return int(digits) or None


def _number(text: str) -> object:
    number = parse_phone_number(text)
    return EditProblem.NO_NUMBER if number.is_hidden else text.strip()


def _user(text: str) -> object:
    user_id = user_id_of(text)
    return EditProblem.NO_USER if user_id is None and text.strip() else user_id


def _cost(text: str) -> object:
    plain = text.strip().replace(",", ".")
    if not plain:
        return None
    try:
        cost = Decimal(plain)
    except InvalidOperation:
        return EditProblem.BAD_COST
    return cost if cost.is_finite() and cost >= 0 else EditProblem.BAD_COST
