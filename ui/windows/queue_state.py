"""What the window of the queue shows: where each card stands, the card chosen, what can be done to it. Without Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from app.domain.calls import Direction
from ui.panels.call_card.view_state import StepMark

if TYPE_CHECKING:
    from app.errors import PultError


class QueueMark(Enum):
    """Where a card stands as a whole; each has a glyph, a word and a colour of its own."""

    PARKED = "parked"
    UNSURE = "unsure"
    SENDING = "sending"
    WAITING = "waiting"
    SET_ASIDE = "set_aside"
    AWAITS_RECORDING = "awaits_recording"
    SENT = "sent"
    DISCARDED = "discarded"


class QueueShow(Enum):
    """Which cards are shown. UNSENT: all that are not in the CRMs yet, drafts set aside included. SENT: those too of
    which nothing but the recording is left."""

    UNSENT = "unsent"
    NEEDS_ME = "needs_me"
    SENT = "sent"
    DISCARDED = "discarded"
    EVERYTHING = "everything"


class QueueEmptiness(Enum):
    """Why the list is empty."""

    NOT_EMPTY = "not_empty"
    READING = "reading"
    FAILED = "failed"
    ALL_SENT = "all_sent"
    NOTHING_PARKED = "nothing_parked"
    NONE_SENT = "none_sent"
    NONE_DISCARDED = "none_discarded"
    NO_MATCH = "no_match"


class QueueDeed(Enum):
    """What can be done to a card, or (RETRY_ALL) to all of them."""

    RETRY = "retry"
    RETRY_ALL = "retry_all"
    EDIT = "edit"
    CHOOSE_CUSTOMER = "choose_customer"
    TAKE_UP = "take_up"
    PLAY = "play"
    EXPORT = "export"
    DISCARD = "discard"
    RESTORE = "restore"


class DeedProblem(Enum):
    """Why a deed is off."""

    NOTHING_CHOSEN = "nothing_chosen"
    IS_DRAFT = "is_draft"
    NO_DRAFT = "no_draft"
    IS_SENT = "is_sent"
    IS_DISCARDED = "is_discarded"
    NOT_DISCARDED = "not_discarded"
    BEING_SENT = "being_sent"
    NEEDS_CUSTOMER = "needs_customer"
    NO_CUSTOMER_WANTED = "no_customer_wanted"
    NOTHING_WAITS = "nothing_waits"
    NO_RECORDING = "no_recording"
    NOTHING_TO_EXPORT = "nothing_to_export"


class ProofKind(Enum):
    """What of a card can be seen in a CRM."""

    CALL = "call"
    ACTIVITY = "activity"
    CUSTOMER = "customer"
    NOTE = "note"
    RECORDING = "recording"
    UNSORTED = "unsorted"


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One card. `phone_number` as a person reads it, empty for a hidden one; `crm_name` and `step`: where it stands,
    empty when it is through or a draft; `since`: from when its age is counted. `reason` as in outbox.entry.OutboxStep.
    `is_automatic`: nobody pressed *Save card*; `is_offered`: the draft of a call this console did not see."""

    card_key: str
    mark: QueueMark
    began_at: datetime
    phone_number: str
    search_text: str
    since: datetime
    crm_name: str = ""
    step: str = ""
    reason: str = ""
    reason_params: Mapping[str, object] = field(default_factory=dict)
    next_try_at: datetime | None = None
    is_automatic: bool = False
    is_offered: bool = False
    needs_customer: bool = False
    has_warnings: bool = False


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of a card as its details tell it. `vendor_message`: the CRM's own words, plain text."""

    crm_name: str
    name: str
    mark: StepMark
    attempts: int = 0
    reason: str = ""
    reason_params: Mapping[str, object] = field(default_factory=dict)
    vendor_message: str = ""
    next_try_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """What a CRM gave for the card. `link`: where it can be seen, empty where no address is known; `entity`: what kind
    of customer, as the CRM calls it."""

    crm_name: str
    kind: ProofKind
    text: str
    link: str = ""
    entity: str = ""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """What was done to the card by hand, and when. `deed` is the audit's code."""

    at: datetime
    deed: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordingLine:
    """What is known of the recording. `recording_state`: as in crm.port.RecordingState; `size` in bytes."""

    recording_state: str
    size: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CardDetail:
    """Everything that is told of the card chosen. `talk_s` None: not known yet; `outcome`: one of the CRM's codes."""

    row: QueueRow
    direction: Direction
    line_number: str
    talk_s: int | None
    outcome: str
    notes: str
    steps: tuple[StepLine, ...] = ()
    proofs: tuple[Proof, ...] = ()
    warnings: tuple[tuple[str, str], ...] = ()
    audit: tuple[AuditLine, ...] = ()
    recording: RecordingLine | None = None


@dataclass(frozen=True, slots=True)
class PausedCrm:
    """A CRM that gets nothing at all until somebody mends the cause. `waiting`: cards with a step for it."""

    crm_name: str
    error: PultError
    waiting: int
    needs_connect: bool


@dataclass(frozen=True, slots=True)
class QueueState:
    """All that the window shows. `counts`: cards by filter; `verdicts`: None where a deed is on."""

    rows: tuple[QueueRow, ...] = ()
    counts: Mapping[QueueShow, int] = field(default_factory=dict)
    emptiness: QueueEmptiness = QueueEmptiness.READING
    chosen: str | None = None
    detail: CardDetail | None = None
    paused: tuple[PausedCrm, ...] = ()
    verdicts: Mapping[QueueDeed, DeedProblem | None] = field(default_factory=dict)
    trouble: PultError | None = None
