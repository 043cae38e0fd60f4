"""Who calls, as a CRM knows them, and what the operator decided about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class CustomerKind(Enum):
    """What the CRM keeps the person as."""

    CONTACT = "contact"
    COMPANY = "company"
    LEAD = "lead"


@dataclass(frozen=True, slots=True)
class Customer:
    """One match for a number. `name` is text from outside: show it as plain text only."""

    kind: CustomerKind
    crm_entity_id: int
    name: str
    responsible_user_id: int | None = None


class CustomerDecision(Enum):
    """What to do about the customer when the card is written."""

    UNDECIDED = "undecided"
    FOUND = "found"
    PICKED = "picked"
    CREATE = "create"
    WITHOUT = "without"


@dataclass(frozen=True, slots=True)
class CustomerChoice:
    """The decision, with the customer for FOUND (the CRM's own first match) and PICKED (the operator's)."""

    decision: CustomerDecision = CustomerDecision.UNDECIDED
    customer: Customer | None = None


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency of the portal: ISO code and the name the portal shows."""

    code: str
    name: str
    is_base: bool = False


@dataclass(frozen=True, slots=True)
class CrmSource:
    """Where a customer came from, as the portal lists it. `source_id` is what is sent."""

    source_id: str
    name: str


@dataclass(frozen=True, slots=True)
class CrmUser:
    """A user of the CRM. `inner_number`: the extension the CRM keeps for them; empty when it keeps none. Two may have
    the same one."""

    user_id: int
    name: str
    inner_number: str = ""
