"""One step of one card: claim, send, and what its answer means; or probe, after an outcome nobody knows.

When chains run and how many is the worker's.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.clock import Clock
from app.crm.port import CardProgress, CardWriter, ProbeResult, ProbeVerdict, StepReceipt
from app.errors import (
    LimitExceeded,
    LinkError,
    NotYet,
    OutcomeUnknown,
    PultError,
    Refused,
    RightsMissing,
    SignInRefused,
)
from app.logs import redact
from app.outbox.entry import OutboxCard, OutboxStep, StepState
from app.outbox.pace import Backoff, CrmGate, Pace
from app.outbox.reasons import CARD_UNREADABLE, FINISH_HALF_DONE
from app.outbox.store import OutboxStore, StepChange, StepKey

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Advance:
    """What a step led to. GO_ON: the next step; `wait_s`: try again then; neither: the chain waits for a person or for
    another lane. `is_not_yet`: it waits for something that is not the CRM's, `not_yet` says for what. `is_untried`: its
    turn did not come, so all is as it was."""

    goes_on: bool = False
    wait_s: float | None = None
    not_yet: str = ""
    is_untried: bool = False

    @property
    def is_not_yet(self) -> bool:
        return bool(self.not_yet)


_GO_ON = Advance(goes_on=True)
_STOPPED = Advance()


class StepRunner:
    """Takes one step of one chain forward. Every state it leaves on the disk survives a crash at any point."""

    def __init__(self, store: OutboxStore, writer: CardWriter, gate: CrmGate, clock: Clock, pace: Pace) -> None:
        self._store = store
        self._writer = writer
        self._gate = gate
        self._clock = clock
        self._pace = pace

    async def advance(self, entry: OutboxCard, step: OutboxStep, backoff: Backoff) -> Advance:
        """Send a pending step or resolve an unknown one. Raises StorageError: then the disk tells what to do next."""
        step_key = StepKey(entry.card_key, step.crm_name, step.name)
        if not entry.is_readable and step.step_state is not StepState.PARKED:
            _logger.error("a saved card cannot be read", extra={"card_key": entry.card_key})
            resume_as = StepState.PENDING if step.step_state is StepState.PENDING else StepState.UNKNOWN
            return await self._park(step_key, CARD_UNREADABLE, resume_as=resume_as)
        if step.step_state is StepState.PARKED or entry.waits_for(step) is not None:
            return _STOPPED
        if step.step_state is StepState.PENDING:
            return await self._send(step_key, backoff)
        # In flight and yet in nobody's hands: its claim or its receipt was not committed for sure.
        return await self._resolve(entry, step, step_key, backoff)

    async def _send(self, step_key: StepKey, backoff: Backoff) -> Advance:
        wait_s = self._gate.wait_s(_deed(step_key, StepState.PENDING), self._clock.monotonic())
        if wait_s > 0:
            return Advance(wait_s=wait_s, is_untried=True)
        entry = await self._store.claim(step_key, self._clock.now())
        if entry is None:
            return _GO_ON
        openings = self._gate.openings
        try:
            receipt = await self._writer.perform(step_key.name, entry.card, _progress_of(entry, step_key))
        except OutcomeUnknown as error:
            is_over = bool(error.params.get("is_over"))
            # The claim may be old by now: tokens are renewed and customers looked up before the request leaves.
            return await self._keep_unknown(
                step_key, error.code, backoff.next_s(), sent_by=self._clock.now(), is_settled=is_over
            )
        except PultError as error:
            return await self._note_not_executed(step_key, error, StepState.PENDING, backoff, openings)
        return await self._note_done(step_key, receipt, backoff)

    async def _resolve(self, entry: OutboxCard, step: OutboxStep, step_key: StepKey, backoff: Backoff) -> Advance:
        repeats = self._writer.repeat_is_safe(step_key.name)
        unsettled_s = self._unsettled_s(step)
        if repeats and not (entry.card.crm_create and unsettled_s > 0):
            return await self._note_not_done(step_key)
        if repeats:
            # Safe for the call itself; but two at once might each make the customer.
            return await self._keep_unknown(step_key, step.reason, unsettled_s)
        wait_s = self._gate.wait_s(_deed(step_key, StepState.UNKNOWN), self._clock.monotonic())
        if wait_s > 0:
            return Advance(wait_s=wait_s, is_untried=True)
        openings = self._gate.openings
        try:
            found = await self._writer.probe(step_key.name, entry.card, _progress_of(entry, step_key))
        except OutcomeUnknown as error:
            return await self._keep_unknown(step_key, error.code, backoff.next_s())
        except PultError as error:
            return await self._note_not_executed(step_key, error, StepState.UNKNOWN, backoff, openings)
        self._gate.answered()
        return await self._note_probed(step, step_key, found, unsettled_s, backoff)

    async def _note_probed(
        self, step: OutboxStep, step_key: StepKey, found: ProbeResult, unsettled_s: float, backoff: Backoff
    ) -> Advance:
        if found.verdict is ProbeVerdict.DONE:
            return await self._note_done(step_key, found.receipt or StepReceipt({}), backoff)
        if unsettled_s > 0:
            return await self._keep_unknown(step_key, step.reason, unsettled_s)
        if found.verdict is ProbeVerdict.NOT_DONE:
            return await self._note_not_done(step_key)
        if step.reason == FINISH_HALF_DONE:
            return await self._note_done(step_key, found.receipt or StepReceipt({}), backoff)
        return await self._park(step_key, f"{step_key.name}_half_done", resume_as=StepState.UNKNOWN)

    async def _note_done(self, step_key: StepKey, receipt: StepReceipt, backoff: Backoff) -> Advance:
        self._gate.answered()
        backoff.reset()
        await self._store.change(step_key, StepChange(StepState.DONE, receipt=receipt))
        return _GO_ON

    async def _note_not_done(self, step_key: StepKey) -> Advance:
        await self._store.change(step_key, StepChange(StepState.PENDING))
        return _GO_ON

    async def _keep_unknown(
        self,
        step_key: StepKey,
        reason: str | None,
        wait_s: float,
        *,
        sent_by: datetime | None = None,
        is_settled: bool = False,
    ) -> Advance:
        next_try_at = self._in(wait_s)
        change = StepChange(StepState.UNKNOWN, reason, next_try_at=next_try_at, sent_by=sent_by, is_settled=is_settled)
        await self._store.change(step_key, change)
        return Advance(wait_s=wait_s)

    async def _note_not_executed(
        self, step_key: StepKey, error: PultError, stays: StepState, backoff: Backoff, openings: int
    ) -> Advance:
        """The other side did nothing: by refusal, limit or link. A probe that was refused leaves the step unknown."""
        params = _facts_of(error)
        if isinstance(error, NotYet):
            # Nothing was sent, so it was no try; and it says nothing about the CRM.
            is_send = stays is StepState.PENDING
            change = StepChange(stays, error.code, params, self._in(error.retry_in_s), is_uncounted=is_send)
            await self._store.change(step_key, change)
            return Advance(wait_s=error.retry_in_s, not_yet=error.code)
        if isinstance(error, SignInRefused | RightsMissing):
            self._gate.pause(error, openings)
            await self._store.change(step_key, StepChange(stays, error.code, params))
            return Advance(wait_s=0.0)
        if isinstance(error, LimitExceeded) and error.is_of_one_method:
            wait_s = max(error.resets_in_s or 0.0, backoff.next_s())
            self._gate.shut_for(_deed(step_key, stays), self._clock.monotonic(), wait_s)
            await self._store.change(step_key, StepChange(stays, error.code, params, self._in(wait_s)))
            return Advance(wait_s=wait_s)
        if isinstance(error, LimitExceeded | LinkError):
            wait_s = self._gate.shut(self._clock.monotonic(), error)
            await self._store.change(step_key, StepChange(stays, error.code, params, self._in(wait_s)))
            return Advance(wait_s=wait_s)
        if isinstance(error, Refused):
            resume_as = StepState.UNKNOWN if error.code == FINISH_HALF_DONE else stays
            return await self._park(step_key, error.code, params=params, resume_as=resume_as)
        wait_s = backoff.next_s()
        await self._store.change(step_key, StepChange(stays, error.code, params, self._in(wait_s)))
        return Advance(wait_s=wait_s)

    async def _park(
        self, step_key: StepKey, reason: str, *, params: dict[str, object] | None = None, resume_as: StepState
    ) -> Advance:
        change = StepChange(StepState.PARKED, reason=reason, reason_params=params or {}, resume_as=resume_as)
        await self._store.change(step_key, change)
        return _STOPPED

    def _unsettled_s(self, step: OutboxStep) -> float:
        """For how long the request may still be executed. A wall clock set back counts as "just sent"."""
        if step.claimed_at is None:
            return 0.0
        age_s = (self._clock.now() - step.claimed_at).total_seconds()
        return self._pace.settle_s - max(0.0, age_s)

    def _in(self, wait_s: float) -> datetime:
        return self._clock.now() + timedelta(seconds=wait_s)


def _deed(step_key: StepKey, step_state: StepState) -> str:
    """Sending a step and probing it are different requests."""
    return f"{'probe' if step_state is StepState.UNKNOWN else 'send'} {step_key.name}"


def _progress_of(entry: OutboxCard, step_key: StepKey) -> CardProgress:
    step = entry.step(step_key.name, step_key.crm_name)
    return entry.progress(step_key.crm_name, attempt=max(1, step.attempts if step else 1))


def _facts_of(error: PultError) -> dict[str, object]:
    """The error's own facts, and what the CRM said as a detail."""
    facts = dict(error.params)
    if isinstance(error, Refused):
        if error.vendor_code is not None:
            facts["vendor_code"] = error.vendor_code
        if error.vendor_message:
            # It goes to the disk, and a server may quote the address it was asked at: the webhook's secret is in it.
            facts["vendor_message"] = redact(error.vendor_message)
    return facts
