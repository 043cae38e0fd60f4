"""What lies in the outbox: a saved card and the steps that write it to the CRMs. Values only; no SQL, no sending."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from app.crm.port import CardProgress, CardToWrite, StepReceipt


class StepState(Enum):
    """Where one step stands. UNKNOWN: sent, and nobody knows whether it took effect: it is probed, never repeated."""

    PENDING = "pending"
    IN_FLIGHT = "in_flight"
    UNKNOWN = "unknown"
    DONE = "done"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step a card needs, before it was ever tried. `needs_customer`: it has nowhere to go without one.
    `parked_because`: the card is saved, this step waits for a decision of the operator's. Steps of one `lane` of a CRM
    go in order; lanes go side by side, so that a recording nobody has yet holds up no note. `requires`: the step of the
    same CRM that must be done before this one begins."""

    crm_name: str
    name: str
    needs_customer: bool = False
    parked_because: str | None = None
    lane: str = ""
    requires: str | None = None


StepPlan = Callable[[CardToWrite], tuple[PlannedStep, ...]]
"""Which steps a card takes, in order within each CRM. No connection is needed: a card may be saved before sign-in."""


CUSTOMER_REASONS = ("customer_needed", "customer_not_found", "customer_access_denied")
"""Why a step was parked that another choice of customer mends."""


@dataclass(frozen=True, slots=True)
class OutboxStep:
    """One step of a card. `reason` is a stable code (errors.PultError.code, "parked_by_operator", "…_half_done"),
    `reason_params` its facts, with `vendor_message` as a detail. `next_try_at` None = as soon as its turn comes."""

    name: str
    crm_name: str
    step_state: StepState
    attempts: int = 0
    next_try_at: datetime | None = None
    reason: str | None = None
    reason_params: Mapping[str, object] = field(default_factory=dict)
    receipt: StepReceipt | None = None
    claimed_at: datetime | None = None

    @property
    def waits_for_customer(self) -> bool:
        """Whether the operator can send it on by choosing a customer."""
        return self.step_state is StepState.PARKED and self.reason in CUSTOMER_REASONS


@dataclass(frozen=True, slots=True)
class OutboxCard:
    """A saved card and how far it has got. `card` carries the customer chosen later for a parked note."""

    card_key: str
    saved_at: datetime
    card: CardToWrite
    steps: tuple[OutboxStep, ...]

    @property
    def is_done(self) -> bool:
        return all(step.step_state is StepState.DONE for step in self.steps)

    @property
    def is_parked(self) -> bool:
        return any(step.step_state is StepState.PARKED for step in self.steps)

    def step(self, name: str, crm_name: str) -> OutboxStep | None:
        return next((step for step in self.steps if (step.name, step.crm_name) == (name, crm_name)), None)

    def next_step(self, crm_name: str) -> OutboxStep | None:
        """The first step of that CRM that is not done; None when its chain is through."""
        chain = (step for step in self.steps if step.crm_name == crm_name)
        return next((step for step in chain if step.step_state is not StepState.DONE), None)

    def progress(self, crm_name: str) -> CardProgress:
        """Receipts of that CRM's steps done so far."""
        receipts = {step.name: step.receipt for step in self.steps if step.crm_name == crm_name and step.receipt}
        return CardProgress(receipts)
