"""A CRM of three lanes made of memory: what was sent in which order, with steps that can be held or refused. No tests."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

from app.crm.port import CardProgress, CardToWrite, ProbeResult, ProbeVerdict, StepReceipt
from app.domain.calls import Direction
from app.errors import PultError
from app.outbox.entry import PlannedStep


def lane_steps(crm_name: str = "lanes") -> tuple[PlannedStep, ...]:
    """register and finish in order; a recording and a note beside each other once the call is finished."""
    return (
        PlannedStep(crm_name, "register"),
        PlannedStep(crm_name, "finish"),
        PlannedStep(crm_name, "record", lane="record", requires="finish"),
        PlannedStep(crm_name, "note", lane="note", requires="finish"),
    )


def lane_card(number: int, *, notes: str = "") -> CardToWrite:
    return CardToWrite(
        card_key=f"pult-lanes-{number}",
        direction=Direction.INBOUND,
        phone_number=f"7999{number:07}",
        line_number="74950000000",
        started_at=datetime(2026, 3, 2, 6, 0, tzinfo=UTC),
        talk_s=5,
        disposition_code="200",
        crm_user_id=7,
        notes=notes,
    )


class LaneCrm:
    """`sent` holds (card_key, step) in the order of the effects. `answers`: errors raised by a step, used up one by one;
    `held`: steps that wait until their event is set."""

    def __init__(self, crm_name: str = "lanes") -> None:
        self.crm_name = crm_name
        self.sent: list[tuple[str, str]] = []
        self.contents: list[CardToWrite] = []
        self.attempts: list[int] = []
        self.answers: dict[str, list[PultError]] = {}
        self.held: dict[str, asyncio.Event] = {}
        self.begun: asyncio.Event = asyncio.Event()
        self.most_at_once = 0
        self._at_once = 0

    def steps_of(self, card: CardToWrite) -> tuple[str, ...]:
        return tuple(step.name for step in lane_steps(self.crm_name))

    def repeat_is_safe(self, step: str) -> bool:
        return step == "register"

    async def perform(self, step: str, card: CardToWrite, progress: CardProgress) -> StepReceipt:
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            self.begun.set()
            held = self.held.get(step)
            await (asyncio.sleep(0) if held is None else held.wait())
            if self.answers.get(step):
                raise self.answers[step].pop(0)
            self.sent.append((card.card_key, step))
            self.contents.append(card)
            self.attempts.append(progress.attempt)
            return StepReceipt({f"{step}_id": card.card_key})
        finally:
            self._at_once -= 1

    async def probe(self, step: str, card: CardToWrite, progress: CardProgress) -> ProbeResult:
        is_there = (card.card_key, step) in self.sent
        return ProbeResult(ProbeVerdict.DONE if is_there else ProbeVerdict.NOT_DONE)

    def steps_sent(self, card_key: str) -> list[str]:
        return [step for key, step in self.sent if key == card_key]

    def counted(self) -> Mapping[tuple[str, str], int]:
        return {pair: self.sent.count(pair) for pair in set(self.sent)}
