"""Ports of a CRM: looking customers up, and writing one finished call step by step, with a probe per unsafe step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Protocol

from app.domain.calls import Direction
from app.domain.customer import CrmUser, Currency, Customer, CustomerKind


class CustomerDirectory(Protocol):
    """Look-ups for the screen pop and the card's lists. All are safe to repeat. Raises errors.PultError."""

    async def find_customers(self, phone_number: str) -> tuple[Customer, ...]: ...

    async def list_currencies(self) -> tuple[Currency, ...]: ...

    async def who_am_i(self) -> CrmUser: ...


@dataclass(frozen=True, slots=True)
class CardToWrite:
    """A saved card, everything decided. `started_at` is aware; `crm_create` makes a customer if none is found."""

    card_key: str
    direction: Direction
    phone_number: str
    line_number: str
    started_at: datetime
    talk_s: int
    disposition_code: str
    crm_user_id: int
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


@dataclass(frozen=True, slots=True)
class StepReceipt:
    """Proof of one step: CRM ids by name (`call_id`, `activity_id`, `comment_id`, `customer_kind`, `customer_id`).

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
    """Receipts of the steps done so far, by step name; what a later step needs from an earlier one is in here."""

    receipts: Mapping[str, StepReceipt] = field(default_factory=dict)


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
