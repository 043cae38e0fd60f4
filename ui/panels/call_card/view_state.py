"""What the call card shows, worked out from domain facts. Pure and Qt-free: codes, figures and flags, no sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from app.domain.calls import Direction
from app.domain.customer import (
    CrmSource,
    CrmUser,
    Currency,
    Customer,
    CustomerChoice,
    CustomerDecision,
    CustomerKind,
)
from app.domain.phone_number import format_phone_number, parse_phone_number
from app.domain.wrap_up import CardFields, CardProblem, Disposition, ProposedDisposition, UnknownNumberChoice
from app.outbox.reasons import MENDED_BY

if TYPE_CHECKING:
    from app.errors import PultError
    from app.outbox.entry import OutboxCard, OutboxStep
    from app.services.open_card import OpenCard


class Lookup(Enum):
    """How far the question "who calls?" has come."""

    LOOKING = "looking"
    FOUND = "found"
    NOBODY = "nobody"
    HIDDEN = "hidden"
    FAILED = "failed"


class SaveStage(Enum):
    """Where the card shown is between typing and the database."""

    EDITING = "editing"
    SAVING = "saving"
    NOT_SAVED = "not_saved"


class StepMark(Enum):
    """How one step of the delivery looks; each has a glyph and a word of its own."""

    WAITING = "waiting"
    SENDING = "sending"
    UNSURE = "unsure"
    DONE = "done"
    PARKED = "parked"


_MARKS = {
    "PENDING": StepMark.WAITING,
    "IN_FLIGHT": StepMark.SENDING,
    "UNKNOWN": StepMark.UNSURE,
    "DONE": StepMark.DONE,
    "PARKED": StepMark.PARKED,
}


@dataclass(frozen=True, slots=True)
class FieldDefaults:
    """What an untouched field starts with."""

    crm_user_id: int | None = None
    crm_user_name: str = ""
    base_currency: str = ""
    creates_unknown: bool = False


@dataclass(frozen=True, slots=True)
class CrmChoices:
    """What the CRMs offer to choose from. `unknown_default`: what becomes of a number nobody in amoCRM has; None where
    there is no amoCRM."""

    currencies: tuple[Currency, ...] = ()
    sources: tuple[CrmSource, ...] = ()
    users: tuple[CrmUser, ...] = ()
    unknown_default: UnknownNumberChoice | None = None


@dataclass(frozen=True, slots=True)
class CardTime:
    """How long the card may stay open: until `due_at_s` (monotonic), None without end; *Extend* adds `extend_s`."""

    due_at_s: float | None = None
    extend_s: float = 0.0


@dataclass(frozen=True, slots=True)
class CustomerSearch:
    """The operator's own search, for one card: under way, answered, or failed. By number, or for one `record`."""

    card_key: str
    is_running: bool = False
    customers: tuple[Customer, ...] = ()
    error: PultError | None = None
    crm_name: str = "bitrix24"
    record: tuple[CustomerKind, int] | None = None


@dataclass(frozen=True, slots=True)
class EditorState:
    """One open card. `duration_s` and `proposed` are None while the call runs. `phone_number` is for the eye.
    `crm_user_name` is that of the user `named_user_id`, whoever is in the fields."""

    card_key: str
    phone_number: str
    search_number: str
    line_number: str
    direction: Direction
    caller_name: str
    is_finished: bool
    fields: CardFields
    lookup: Lookup
    save_stage: SaveStage = SaveStage.EDITING
    duration_s: int | None = None
    proposed: ProposedDisposition | None = None
    matches: tuple[Customer, ...] = ()
    lookup_error: PultError | None = None
    search: CustomerSearch | None = None
    currencies: tuple[Currency, ...] = ()
    sources: tuple[CrmSource, ...] = ()
    users: tuple[CrmUser, ...] = ()
    unknown_default: UnknownNumberChoice | None = None
    named_user_id: int | None = None
    crm_user_name: str = ""
    autosaved_at: datetime | None = None
    problems: tuple[CardProblem, ...] = ()
    save_error: PultError | None = None
    due_at_s: float | None = None
    extend_s: float = 0.0
    is_offered: bool = False

    @property
    def can_save(self) -> bool:
        return self.is_finished and self.save_stage is not SaveStage.SAVING


@dataclass(frozen=True, slots=True)
class CardChip:
    """One button of the strip of open cards. `began_at`: what tells two calls of one customer apart."""

    card_key: str
    title: str
    phone_number: str
    began_at: datetime
    is_finished: bool
    is_shown: bool


@dataclass(frozen=True, slots=True)
class StepState:
    """One step of the delivery, for the eye."""

    name: str
    mark: StepMark


@dataclass(frozen=True, slots=True)
class ReceiptState:
    """A saved card: its steps so far and what Bitrix24 gave back. `link` is empty when nothing can be opened;
    `crm_names`: what has it, or what it still has to reach; `crm_name`: whose step the reason is of."""

    card_key: str
    phone_number: str
    steps: tuple[StepState, ...] = ()
    is_done: bool = False
    activity_id: str = ""
    link: str = ""
    warnings: tuple[str, ...] = ()
    reason: str = ""
    reason_params: Mapping[str, object] = field(default_factory=dict)
    is_automatic: bool = False
    awaits_recording: bool = False
    crm_name: str = "bitrix24"
    crm_names: tuple[str, ...] = ("bitrix24",)

    @property
    def is_sent(self) -> bool:
        """All of it is in the CRM, or all but a recording that comes later."""
        return self.is_done or self.awaits_recording


@dataclass(frozen=True, slots=True)
class SetAsideCard:
    """A draft to be written later. `title`: the caller's name, else the number for the eye."""

    card_key: str
    title: str
    began_at: datetime


@dataclass(frozen=True, slots=True)
class WaitingCard:
    """A saved card that the CRMs do not have yet. `needs_queue`: what mends it is done in the window of the queue."""

    card_key: str
    phone_number: str
    search_number: str
    step: str
    mark: StepMark
    age_s: float
    reason: str = ""
    reason_params: Mapping[str, object] = field(default_factory=dict)
    next_try_at: datetime | None = None
    needs_customer: bool = False
    needs_queue: bool = False
    crm_name: str = "bitrix24"


@dataclass(frozen=True, slots=True)
class CardPanelState:
    """Everything the panel shows: at most one of `editor` and `receipt`. `search`: the operator's latest.
    `knows_me`: it is set who sits here; else no card will ever come."""

    editor: EditorState | None = None
    receipt: ReceiptState | None = None
    chips: tuple[CardChip, ...] = ()
    waiting: tuple[WaitingCard, ...] = ()
    set_aside: tuple[SetAsideCard, ...] = ()
    search: CustomerSearch | None = None
    queue_paused: PultError | None = None
    knows_me: bool = True


def editor_state(
    card: OpenCard,
    defaults: FieldDefaults,
    *,
    choices: CrmChoices | None = None,
    search: CustomerSearch | None = None,
    problems: tuple[CardProblem, ...] = (),
    card_time: CardTime | None = None,
) -> EditorState:
    """The open card as the editor shows it, untouched fields filled with their defaults."""
    facts, choices, card_time = card.draft.facts, choices or CrmChoices(), card_time or CardTime()
    lookup = lookup_of(card)
    fields = with_defaults(card.draft.fields, defaults, card.matches, lookup)
    return EditorState(
        card_key=card.draft.card_key,
        phone_number=number_for_eye(facts.phone_number),
        search_number=parse_phone_number(facts.phone_number).digits,
        line_number=number_for_eye(facts.line_number),
        direction=facts.direction,
        caller_name=caller_name(fields.customer, card.matches),
        is_finished=facts.is_finished,
        fields=fields,
        lookup=lookup,
        save_stage=_SAVE_STAGES.get(card.save, SaveStage.EDITING),
        duration_s=facts.talk_s,
        proposed=facts.proposed,
        matches=card.matches,
        lookup_error=card.lookup_error,
        search=search if search is not None and search.card_key == card.draft.card_key else None,
        currencies=choices.currencies,
        sources=choices.sources,
        users=choices.users,
        unknown_default=choices.unknown_default,
        named_user_id=defaults.crm_user_id,
        crm_user_name=defaults.crm_user_name,
        autosaved_at=card.autosaved_at,
        problems=problems,
        save_error=card.save_error,
        due_at_s=card_time.due_at_s,
        extend_s=card_time.extend_s,
        is_offered=card.is_offered,
    )


_SAVE_STAGES = {"saving": SaveStage.SAVING, "not_saved": SaveStage.NOT_SAVED}


def lookup_of(card: OpenCard) -> Lookup:
    """A hidden number is told apart from one nobody knows: there is nothing to create a customer from."""
    if card.matches:
        return Lookup.FOUND
    if parse_phone_number(card.draft.facts.phone_number).is_hidden:
        return Lookup.HIDDEN
    if card.lookup == "pending":
        return Lookup.LOOKING
    return Lookup.FAILED if card.lookup == "failed" else Lookup.NOBODY


def with_defaults(
    fields: CardFields, defaults: FieldDefaults, matches: Sequence[Customer], lookup: Lookup
) -> CardFields:
    """Fill what the operator has not decided: me as the user, the base currency, the CRM's first match."""
    customer = fields.customer
    if customer.decision is CustomerDecision.UNDECIDED and matches:
        customer = CustomerChoice(CustomerDecision.FOUND, matches[0])
    elif customer.decision is CustomerDecision.UNDECIDED and lookup is Lookup.NOBODY and defaults.creates_unknown:
        customer = CustomerChoice(CustomerDecision.CREATE)
    return replace(
        fields,
        crm_user_id=fields.crm_user_id or defaults.crm_user_id,
        currency=fields.currency or defaults.base_currency,
        customer=customer,
    )


def caller_name(choice: CustomerChoice, matches: Sequence[Customer]) -> str:
    """The chosen customer's name, else the CRM's first match; empty when nobody is known."""
    if choice.customer is not None:
        return choice.customer.name
    if matches and choice.decision in (CustomerDecision.UNDECIDED, CustomerDecision.FOUND):
        return matches[0].name
    return ""


def number_for_eye(raw: str) -> str:
    """The number as a person reads it; empty for a hidden one, whose sentence belongs to the texts."""
    return "" if parse_phone_number(raw).is_hidden else format_phone_number(raw)


def chips_of(cards: Iterable[OpenCard], shown_key: str | None) -> tuple[CardChip, ...]:
    """One chip per open card, oldest first. A single card that is shown anyway needs no strip."""
    chips = tuple(
        CardChip(
            card_key=card.draft.card_key,
            title=_title_of(card),
            phone_number=number_for_eye(card.draft.facts.phone_number),
            began_at=card.draft.facts.started_at,
            is_finished=card.draft.facts.is_finished,
            is_shown=card.draft.card_key == shown_key,
        )
        for card in cards
    )
    return () if len(chips) == 1 and chips[0].is_shown else chips


def card_to_show(
    open_keys: Sequence[str],
    shown_key: str | None,
    opened_now: Sequence[str],
    *,
    receipt_key: str | None,
    operator_is_typing: bool,
    my_call_key: str | None = None,
    is_chosen: bool = False,
) -> str | None:
    """Which card the panel shows next, None: none. That of my call comes up by itself, but never under the operator's
    fingers: what is being typed would land in another call's notes. `is_chosen`: the operator asked for the one shown.
    """
    if operator_is_typing and (shown_key in open_keys or shown_key not in (None, receipt_key)):
        return shown_key if shown_key in open_keys else None
    if opened_now:
        return opened_now[-1]
    if shown_key in open_keys and (is_chosen or my_call_key is None):
        return shown_key
    if my_call_key is not None:
        return my_call_key
    if shown_key is not None and shown_key == receipt_key:
        return shown_key
    return open_keys[0] if open_keys else None


def my_call_card(cards: Iterable[OpenCard], shown_key: str | None) -> str | None:
    """The card of my ringing or live call, None without one. Of several the one shown, else that of a talk, else the
    one that came last."""
    live = {card.draft.card_key: card for card in cards if not card.draft.facts.is_finished}
    if shown_key in live:
        return shown_key
    talking = [card_key for card_key, card in live.items() if card.trace.talk_began_at is not None]
    return next(reversed(talking or list(live)), None)


def card_for_notes(cards: Iterable[OpenCard], shown_key: str | None) -> str | None:
    """Whose notes the key of *Notes* leads to: my call's, else those of the card shown, else of the oldest one."""
    open_cards = {card.draft.card_key: card for card in cards}
    of_my_call = my_call_card(open_cards.values(), shown_key)
    if of_my_call is not None:
        return of_my_call
    return shown_key if shown_key in open_cards else next(iter(open_cards), None)


def duration_parts(duration_s: int) -> tuple[int, int]:
    """Minutes (as many as there are) and seconds."""
    return divmod(max(0, duration_s), 60)


def shows_failed_reason(disposition: Disposition | None) -> bool:
    """A reason makes sense for every outcome but success."""
    return disposition is not None and disposition is not Disposition.SUCCESS


def notes_will_wait(fields: CardFields) -> bool:
    """Notes without a customer are kept back until somebody chooses one."""
    decision = fields.customer.decision
    return bool(fields.notes.strip()) and decision in (CustomerDecision.UNDECIDED, CustomerDecision.WITHOUT)


def step_state(step: OutboxStep) -> StepState:
    """An unknown word of a newer outbox counts as unsure, never as done."""
    return StepState(step.name, _MARKS.get(step.step_state.name, StepMark.UNSURE))


def receipt_state(card: OutboxCard, portal_url: str) -> ReceiptState:
    """The saved card with what is known of its delivery."""
    ids: dict[str, str] = {}
    warnings: list[str] = []
    for step in card.steps:
        if step.receipt is not None:
            ids.update(step.receipt.ids)
            warnings.extend(step.receipt.warnings)
    current = card.leading_step
    return ReceiptState(
        card_key=card.card_key,
        phone_number=number_for_eye(card.card.phone_number),
        steps=tuple(step_state(step) for step in card.steps),
        is_done=card.is_done,
        activity_id=ids.get("activity_id", ""),
        link=portal_link(portal_url, ids),
        warnings=tuple(warnings),
        reason=(current.reason or "") if current else "",
        reason_params=current.reason_params if current else {},
        is_automatic=card.card.is_completed_automatically,
        awaits_recording=card.awaits_recording,
        crm_name=current.crm_name if current else "",
        crm_names=_crms_of(card),
    )


def _crms_of(card: OutboxCard) -> tuple[str, ...]:
    """What a sent card is in: a CRM that was left out by choice gave nothing for it. Else what it has to reach yet."""
    if card.is_done or card.awaits_recording:
        named = [step for step in card.steps if step.receipt is not None and "skipped" not in step.receipt.ids]
    else:
        named = [
            step for step in card.steps if step_state(step).mark is not StepMark.DONE and not step.awaits_recording
        ]
    return tuple(dict.fromkeys(step.crm_name for step in named or card.steps))


def set_aside_cards(cards: Iterable[OpenCard]) -> tuple[SetAsideCard, ...]:
    """The drafts to be written later, oldest first."""
    return tuple(
        SetAsideCard(card.draft.card_key, _title_of(card), card.draft.facts.started_at)
        for card in cards
        if card.is_set_aside
    )


def _title_of(card: OpenCard) -> str:
    name = caller_name(card.draft.fields.customer, card.matches)
    return name or number_for_eye(card.draft.facts.phone_number)


def waiting_cards(cards: Iterable[OutboxCard], now: datetime) -> tuple[WaitingCard, ...]:
    """Saved cards that are not delivered yet, oldest first. Those that only await their recording are the queue's."""
    waiting = [_waiting_card(card, now) for card in cards if not card.is_done and not card.awaits_recording]
    return tuple(sorted(waiting, key=lambda card: -card.age_s))


def _waiting_card(card: OutboxCard, now: datetime) -> WaitingCard:
    step = card.leading_step
    mark = step_state(step).mark if step else StepMark.WAITING
    needs_customer = bool(step and step.waits_for_customer)
    return WaitingCard(
        card_key=card.card_key,
        phone_number=number_for_eye(card.card.phone_number),
        search_number=parse_phone_number(card.card.phone_number).digits,
        step=step.name if step else "",
        mark=mark,
        age_s=max(0.0, (now - card.saved_at).total_seconds()),
        reason=(step.reason or "") if step else "",
        reason_params=step.reason_params if step else {},
        next_try_at=step.next_try_at if step and mark is StepMark.WAITING else None,
        needs_customer=needs_customer,
        crm_name=step.crm_name if step else "",
        needs_queue=mark is StepMark.PARKED and bool(step and step.reason in MENDED_BY) and not needs_customer,
    )


def portal_link(portal_url: str, ids: Mapping[str, str]) -> str:
    """Where the call can be seen in Bitrix24: the customer's card, whose timeline has it, else the activity alone;
    empty when neither is known.

    The ids come from outside: only digits and the three known kinds make it into an address.
    """
    if not portal_url:
        return ""
    kind, customer_id = ids.get("customer_kind", ""), ids.get("customer_id", "")
    if kind in ("contact", "company", "lead") and _is_id(customer_id):
        return f"{portal_url}/crm/{kind}/details/{customer_id}/"
    activity_id = ids.get("activity_id", "")
    return f"{portal_url}/crm/activity/?open_view={activity_id}" if _is_id(activity_id) else ""


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) > 0
