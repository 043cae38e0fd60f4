"""Ports of a CRM: looking customers up, and writing one finished call step by step, with a probe per unsafe step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Protocol

from app.domain.calls import Direction
from app.domain.customer import CrmSource, CrmUser, Currency, Customer, CustomerKind
from app.domain.wrap_up import CallKind, UnknownNumberChoice


class CustomerDirectory(Protocol):
    """Look-ups for the screen pop and the card's lists. All are safe to repeat. Raises errors.PultError."""

    async def find_customers(self, phone_number: str) -> tuple[Customer, ...]: ...

    async def list_currencies(self) -> tuple[Currency, ...]: ...

    async def list_sources(self) -> tuple[CrmSource, ...]: ...

    async def list_users(self) -> tuple[CrmUser, ...]: ...

    async def customer(self, kind: CustomerKind, crm_entity_id: int) -> Customer | None: ...

    async def who_am_i(self) -> CrmUser: ...


@dataclass(frozen=True, slots=True)
class CardToWrite:
    """A saved card, everything decided. `started_at` and `ended_at` are aware; `crm_create` makes a customer if none is
    found; `crm_user_id` None: nobody said for whom, the first step waits until somebody does. `call_session_id` and
    `employee_id` are the PBX's, for finding the recording. `second_*` is what amoCRM needs: its responsible user, and
    the customer there when the operator chose one. All that was added later has a default: old cards must be readable.
    """

    card_key: str
    direction: Direction
    phone_number: str
    line_number: str
    started_at: datetime
    talk_s: int
    disposition_code: str
    crm_user_id: int | None
    notes: str = ""
    cost: Decimal | None = None
    currency: str = ""
    rating: int | None = None
    failed_reason: str = ""
    add_to_chat: bool = False
    show_card: bool = False
    crm_create: bool = False
    customer_kind: CustomerKind | None = None
    customer_id: int | None = None
    kind: CallKind | None = None
    ended_at: datetime | None = None
    crm_source: str = ""
    call_list_id: int | None = None
    call_session_id: int | None = None
    employee_id: int | None = None
    wants_recording: bool = False
    is_completed_automatically: bool = False
    unknown_number: UnknownNumberChoice = UnknownNumberChoice.ASK
    second_user_id: int | None = None
    second_kind: CustomerKind | None = None
    second_id: int | None = None


class RecordingState(Enum):
    """NOT_YET: it is being looked for or downloaded. READY: `path` holds all of it. NONE: there is none, for sure or
    because it was waited for long enough."""

    NOT_YET = "not_yet"
    READY = "ready"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Recording:
    """What is known of a card's recording. `link`: the PBX's own address, which may ask for a login; empty when it is
    not known. `path`: a private copy, a `.mp3` or `.wav`, complete; `size` in bytes; `reason`: why NONE or NOT_YET."""

    card_key: str
    recording_state: RecordingState
    link: str = ""
    path: Path | None = None
    size: int = 0
    reason: str = ""


class RecordingShelf(Protocol):
    """Where a step finds the recording of its card; a file stays until a FILE_ID is stored. Raises StorageError."""

    async def recording_of(self, card_key: str) -> Recording: ...


@dataclass(frozen=True, slots=True)
class StepReceipt:
    """Proof of one step: CRM ids by name (`call_id`, `activity_id`, `comment_id`, `file_id`, `customer_kind`,
    `customer_id`, `link`; of amoCRM `amo_note_id`, `amo_entity_type`, `amo_entity_id`, `amo_link`, `amo_unsorted_uid`).

    `warnings`: vendor texts that came inside a success, plain, at most 500 characters each.
    """

    ids: Mapping[str, str]
    warnings: tuple[str, ...] = ()


class ProbeVerdict(Enum):
    """What a probe found after an unknown outcome."""

    DONE = "done"
    NOT_DONE = "not_done"
    HALF_DONE = "half_done"


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """The verdict, with a receipt when something was found."""

    verdict: ProbeVerdict
    receipt: StepReceipt | None = None


@dataclass(frozen=True, slots=True)
class CardProgress:
    """Receipts of the steps done so far, by step name; what a later step needs from an earlier one is in here.
    `attempt`: which try of the step this is, from 1."""

    receipts: Mapping[str, StepReceipt] = field(default_factory=dict)
    attempt: int = 1


class CardWriter(Protocol):
    """Writes a card to one CRM as an ordered chain of named steps. Each step raises errors.PultError.

    `repeat_is_safe(step)`: an unknown outcome of that step may simply be sent again (register with EXTERNAL_CALL_ID).
    Otherwise `probe` decides.
    """

    crm_name: str

    def steps_of(self, card: CardToWrite) -> tuple[str, ...]: ...

    def repeat_is_safe(self, step: str) -> bool: ...

    async def perform(self, step: str, card: CardToWrite, progress: CardProgress) -> StepReceipt: ...

    async def probe(self, step: str, card: CardToWrite, progress: CardProgress) -> ProbeResult: ...


class CrmCardShow(Enum):
    """What came of showing the CRM's own card. GONE: the CRM has no such open call (any more)."""

    SHOWN = "shown"
    GONE = "gone"
    FINISHED = "finished"
    NOT_REGISTERED = "not_registered"
    NOT_CONNECTED = "not_connected"


class CrmCardShower(Protocol):
    """A CRM with a card of its own for a call under way. Raises errors.PultError."""

    crm_name: str

    async def show_card(self, card: CardToWrite, progress: CardProgress) -> CrmCardShow: ...
