"""What lies in the outbox: a saved card and the steps that write it to the CRMs. Values only; no SQL, no sending.

Why a step waits for a person, and which change of the card mends it, is reasons.py's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from app.crm.port import CardProgress, CardToWrite, StepReceipt
from app.outbox.reasons import CUSTOMER_REASONS, RECORDING_NOT_READY, SECOND_CUSTOMER_REASONS

RECORDING_LANE = "record"
"""The lane of the steps that attach the recording, in whatever CRM."""


class StepState(Enum):
    """Where one step stands. UNKNOWN: sent, and nobody knows whether it took effect: it is probed, never repeated."""

    PENDING = "pending"
    IN_FLIGHT = "in_flight"
    UNKNOWN = "unknown"
    DONE = "done"
    PARKED = "parked"


class CardPhase(Enum):
    """BEGUN: registered at the first ring, not saved yet. ABANDONED: begun, and then no card was due. DISCARDED: the
    operator threw it away; all of it is still there."""

    BEGUN = "begun"
    SAVED = "saved"
    ABANDONED = "abandoned"
    DISCARDED = "discarded"


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
"""Which steps a card takes, in order within each lane. No connection is needed: a card may be saved before sign-in."""


@dataclass(frozen=True, slots=True)
class OutboxStep:
    """One step of a card. `reason` is a stable code (errors.PultError.code or one of reasons.py), `reason_params` its
    facts, with `vendor_message` as a detail. `next_try_at` None = as soon as its turn comes. `attempts` counts
    its tries; `claimed_at`: its last request may have left as late as that; `resume_as` is what a parked step becomes
    when it goes on: UNKNOWN is probed first."""

    name: str
    crm_name: str
    step_state: StepState
    attempts: int = 0
    next_try_at: datetime | None = None
    reason: str | None = None
    reason_params: Mapping[str, object] = field(default_factory=dict)
    receipt: StepReceipt | None = None
    claimed_at: datetime | None = None
    lane: str = ""
    requires: str | None = None
    resume_as: StepState = StepState.PENDING

    @property
    def waits_for_customer(self) -> bool:
        """Whether the operator can send it on by choosing a customer."""
        return self.step_state is StepState.PARKED and self.reason in CUSTOMER_REASONS

    @property
    def waits_for_second_customer(self) -> bool:
        """The same for amoCRM: choosing a customer of that CRM, or what to do without one."""
        return self.step_state is StepState.PARKED and self.reason in SECOND_CUSTOMER_REASONS

    @property
    def awaits_recording(self) -> bool:
        """Whether there is nothing to send yet, and nothing has gone wrong: the PBX gives recordings late."""
        is_calm = self.step_state is StepState.PENDING and self.attempts == 0
        return self.lane == RECORDING_LANE and is_calm and self.reason == RECORDING_NOT_READY

    @property
    def is_untouched(self) -> bool:
        """Nothing of it can have reached the CRM, so what it will say may still be changed."""
        if self.step_state is StepState.PARKED:
            return self.resume_as is StepState.PENDING
        return self.step_state is StepState.PENDING


_LEADING = (StepState.PARKED, StepState.UNKNOWN, StepState.IN_FLIGHT, StepState.PENDING)


@dataclass(frozen=True, slots=True)
class OutboxCard:
    """A card and how far it has got. `card` is what is sent from now on: as saved, or as the operator amended it;
    `original` as it was saved when that differs. `is_readable` False: its content on the disk is damaged, `card` is a
    stand-in, and nothing of it is sent."""

    card_key: str
    saved_at: datetime
    card: CardToWrite
    steps: tuple[OutboxStep, ...]
    phase: CardPhase = CardPhase.SAVED
    original: CardToWrite | None = None
    is_readable: bool = True

    @property
    def is_done(self) -> bool:
        return all(step.step_state is StepState.DONE for step in self.steps)

    @property
    def awaits_recording(self) -> bool:
        """Whether all is done but for a recording nobody has yet."""
        left = [step for step in self.steps if step.step_state is not StepState.DONE]
        return bool(left) and all(step.awaits_recording for step in left)

    @property
    def is_parked(self) -> bool:
        return any(step.step_state is StepState.PARKED for step in self.steps)

    @property
    def leading_step(self) -> OutboxStep | None:
        """The step that says most of where the card stands; None when all are done. What needs a person comes first,
        then what is not known, then what is under way; of those that wait the first that says why, a recording the PBX
        has not given yet after all others."""
        for step_state in _LEADING:
            steps = [step for step in self.steps if step.step_state is step_state]
            if steps:
                return min(steps, key=lambda step: (step.awaits_recording, not step.reason))
        return None

    def step(self, name: str, crm_name: str) -> OutboxStep | None:
        return next((step for step in self.steps if (step.name, step.crm_name) == (name, crm_name)), None)

    def next_step(self, crm_name: str, lane: str = "") -> OutboxStep | None:
        """The first step of that lane that is not done; None when the lane is through."""
        chain = (step for step in self.steps if (step.crm_name, step.lane) == (crm_name, lane))
        return next((step for step in chain if step.step_state is not StepState.DONE), None)

    def open_lanes(self) -> frozenset[tuple[str, str]]:
        """CRM and lane of every chain of which something is still to be sent."""
        lanes = {(step.crm_name, step.lane) for step in self.steps}
        found = ((lane, self.next_step(*lane)) for lane in lanes)
        return frozenset(lane for lane, step in found if step is not None and self.may_send(step))

    def waits_for(self, step: OutboxStep) -> OutboxStep | None:
        """The step of the same CRM that has to be done first; None when this one may go."""
        required = self.step(step.requires, step.crm_name) if step.requires is not None else None
        return None if required is None or required.step_state is StepState.DONE else required

    def may_send(self, step: OutboxStep) -> bool:
        """Whether the card is still to be delivered. Of an abandoned one only what follows its registration is, once:
        hiding the card in the CRM."""
        if self.phase is CardPhase.ABANDONED:
            return step.requires is not None and step.step_state is StepState.PENDING
        return self.phase is not CardPhase.DISCARDED

    def progress(self, crm_name: str, *, attempt: int = 1) -> CardProgress:
        """Receipts of that CRM's steps done so far; `attempt`: which try of the step this is, from 1."""
        receipts = {step.name: step.receipt for step in self.steps if step.crm_name == crm_name and step.receipt}
        return CardProgress(receipts, attempt)


@dataclass(frozen=True, slots=True)
class OpenChain:
    """How a chain that is to be sent was found on the disk: its card's phase, and whether there is nothing to send in
    it but a recording nobody has yet."""

    phase: CardPhase
    awaits_recording: bool = False
