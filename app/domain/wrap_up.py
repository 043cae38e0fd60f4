"""The card of a finished call: its fields, the outcome proposed from what was seen, and what is still missing. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import Enum

from app.domain.calls import CallSessionId, Direction, EmployeeId, LegId
from app.domain.customer import CustomerChoice, CustomerDecision
from app.domain.phone_number import parse_phone_number


class Disposition(Enum):
    """The outcome of a call: the CRM's 13 codes (crm-notes 1.2)."""

    SUCCESS = "200"
    MISSED = "304"
    DECLINED = "603"
    CANCELLED = "603-S"
    FORBIDDEN = "403"
    WRONG_NUMBER = "404"
    BUSY = "486"
    DIRECTION_UNAVAILABLE = "484"
    DIRECTION_UNAVAILABLE_503 = "503"
    TEMPORARILY_UNAVAILABLE = "480"
    NO_FUNDS = "402"
    BLOCKED = "423"
    OTHER = "OTHER"


class CallKind(Enum):
    """What kind of call the CRM is told of. INCOMING_REDIRECTED: it reached me through a colleague; CALLBACK: we called
    back somebody we had missed or who had asked for it; INFORMATIONAL: a message was played to the customer."""

    OUTGOING = "outgoing"
    INCOMING = "incoming"
    INCOMING_REDIRECTED = "incoming_redirected"
    CALLBACK = "callback"
    INFORMATIONAL = "informational"


class UnknownNumberChoice(Enum):
    """What becomes of a call in a CRM that ties calls to customers only (amoCRM) when nobody has the number.

    ASK: it waits for the operator. ATTACH: to the customer the operator found.
    """

    ASK = "ask"
    CREATE_CONTACT = "create_contact"
    ATTACH = "attach"
    UNSORTED = "unsorted"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class ProposedDisposition:
    """What list.calls lets us say; `is_guess` when the PBX did not show it."""

    disposition: Disposition
    is_guess: bool = False


def propose_disposition(*, direction: Direction, talked: bool, ended_by_us: bool) -> ProposedDisposition:
    """The outcome that can be told from the list: talked, missed, given up by us, or (a guess) not reached."""
    if talked:
        return ProposedDisposition(Disposition.SUCCESS)
    if direction is not Direction.OUTBOUND:
        return ProposedDisposition(Disposition.MISSED)
    if ended_by_us:
        return ProposedDisposition(Disposition.CANCELLED)
    return ProposedDisposition(Disposition.TEMPORARILY_UNAVAILABLE, is_guess=True)


def card_key_of(pbx_host: str, call_session_id: CallSessionId, leg_id: LegId) -> str:
    """EXTERNAL_CALL_ID: stable, unique per leg and per PBX, with our own prefix (crm-notes 1.1)."""
    return f"pult-{pbx_host}-{call_session_id}-{leg_id}"


def attempt_key_of(pbx_host: str, call_session_id: CallSessionId) -> str:
    """The same for a call that was started here and never came to a leg of any employee's."""
    return f"pult-{pbx_host}-{call_session_id}-start"


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What the console saw of my part in a call. `talk_s`, `proposed` and `ended_at` (aware) are None while the call
    still runs; `kind` None: the plain one of `direction`."""

    card_key: str
    call_session_id: CallSessionId
    leg_id: LegId
    employee_id: EmployeeId
    direction: Direction
    phone_number: str
    line_number: str
    started_at: datetime
    talk_s: int | None = None
    proposed: ProposedDisposition | None = None
    kind: CallKind | None = None
    ended_at: datetime | None = None

    @property
    def is_finished(self) -> bool:
        return self.talk_s is not None


@dataclass(frozen=True, slots=True)
class CardFields:
    """What the operator may fill in. `disposition` None = as proposed. `cost` in `currency`, None = not given.
    `crm_source`: the portal's id of a source; `unknown_number` None = as the settings say."""

    notes: str = ""
    disposition: Disposition | None = None
    crm_user_id: int | None = None
    cost: Decimal | None = None
    currency: str = ""
    rating: int | None = None
    failed_reason: str = ""
    add_to_chat: bool = False
    customer: CustomerChoice = field(default_factory=CustomerChoice)
    crm_source: str = ""
    unknown_number: UnknownNumberChoice | None = None


@dataclass(frozen=True, slots=True)
class CardDraft:
    """A card before it is saved: facts seen, fields typed. Kept from the first ring, never carried to another call."""

    facts: CallFacts
    fields: CardFields = field(default_factory=CardFields)

    @property
    def card_key(self) -> str:
        return self.facts.card_key

    @property
    def disposition(self) -> Disposition | None:
        if self.fields.disposition is not None:
            return self.fields.disposition
        return self.facts.proposed.disposition if self.facts.proposed else None


class RequiredField(Enum):
    """What an administrator may ask every saved card to have. OUTCOME: a mere guess is not enough; SOURCE: of a
    customer that is to be created."""

    NOTES = "notes"
    OUTCOME = "outcome"
    CUSTOMER = "customer"
    COST = "cost"
    RATING = "rating"
    SOURCE = "source"


class CardProblem(Enum):
    """Why a card cannot be saved as it stands. The …_REQUIRED ones are the administrator's wish."""

    CALL_STILL_RUNS = "call_still_runs"
    NOTES_REQUIRED = "notes_required"
    CUSTOMER_REQUIRED = "customer_required"
    SOURCE_REQUIRED = "source_required"
    OUTCOME_REQUIRED = "outcome_required"
    NO_CRM_USER = "no_crm_user"
    COST_REQUIRED = "cost_required"
    NEGATIVE_COST = "negative_cost"
    COST_WITHOUT_CURRENCY = "cost_without_currency"
    RATING_REQUIRED = "rating_required"
    RATING_OUT_OF_RANGE = "rating_out_of_range"


def card_problems(draft: CardDraft, required: Collection[RequiredField] = ()) -> tuple[CardProblem, ...]:
    """What the operator has to mend before *Save card* works, in the order of the card's fields; empty when nothing."""
    fields = draft.fields
    found = {problem for wanted, problem in _WANTED.items() if wanted in required and _is_missing(wanted, draft)}
    if not draft.facts.is_finished:
        found.add(CardProblem.CALL_STILL_RUNS)
    if not fields.crm_user_id:
        found.add(CardProblem.NO_CRM_USER)
    if fields.cost is not None and fields.cost < 0:
        found.add(CardProblem.NEGATIVE_COST)
    if fields.cost and not fields.currency:
        found.add(CardProblem.COST_WITHOUT_CURRENCY)
    if fields.rating is not None and not 1 <= fields.rating <= 5:
        found.add(CardProblem.RATING_OUT_OF_RANGE)
    return tuple(problem for problem in CardProblem if problem in found)


_WANTED = {
    RequiredField.NOTES: CardProblem.NOTES_REQUIRED,
    RequiredField.CUSTOMER: CardProblem.CUSTOMER_REQUIRED,
    RequiredField.SOURCE: CardProblem.SOURCE_REQUIRED,
    RequiredField.OUTCOME: CardProblem.OUTCOME_REQUIRED,
    RequiredField.COST: CardProblem.COST_REQUIRED,
    RequiredField.RATING: CardProblem.RATING_REQUIRED,
}


def _is_missing(wanted: RequiredField, draft: CardDraft) -> bool:
    fields, choice = draft.fields, draft.fields.customer
    if wanted is RequiredField.CUSTOMER:
        # Of a caller who hides the number there is nobody to find and nothing to make a customer from.
        may_be_nobody = parse_phone_number(draft.facts.phone_number).is_hidden
        is_nobody = choice.decision is CustomerDecision.WITHOUT and may_be_nobody
        return choice.customer is None and choice.decision is not CustomerDecision.CREATE and not is_nobody
    if wanted is RequiredField.OUTCOME:
        proposed = draft.facts.proposed
        return fields.disposition is None and (proposed is None or proposed.is_guess)
    given: dict[RequiredField, object] = {
        RequiredField.NOTES: fields.notes.strip(),
        RequiredField.SOURCE: fields.crm_source or choice.decision is not CustomerDecision.CREATE,
        RequiredField.COST: fields.cost is not None,
        RequiredField.RATING: fields.rating is not None,
    }
    return not given[wanted]
