"""The cards of the kill test: each is made from its number alone, so that any process can say what it must hold."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from app.crm.port import CardToWrite
from app.domain.calls import Direction
from app.domain.customer import CustomerKind
from app.domain.wrap_up import UnknownNumberChoice

USER_ID, AMO_USER_ID = 7, 9_000_001
KNOWN_NUMBERS = {"79062195047": 797, "74951112233": 798, "78120000001": 799}


def soak_card(number: int, base_at: datetime) -> CardToWrite:
    """Card `number` of a run that began at `base_at`: known callers and strangers, fresh and two hours old, with and
    without notes; in amoCRM strangers become contacts or unsorted calls."""
    dice = random.Random(number)
    is_stranger = dice.random() < 0.2
    phone_number = f"7999{number:07}" if is_stranger else dice.choice(sorted(KNOWN_NUMBERS))
    age = timedelta(hours=2) if dice.random() < 0.3 else timedelta(minutes=1)
    talk_s = dice.choice((0, 1, 95, 3600))
    is_attached = not is_stranger and dice.random() < 0.15
    return CardToWrite(
        card_key=f"pult-soak.example.test-{3_960_000_000 + number}-{5_550_000_000 + number}",
        direction=dice.choice((Direction.INBOUND, Direction.OUTBOUND)),
        phone_number=phone_number,
        line_number="74957776655",
        started_at=base_at.astimezone(UTC).replace(microsecond=0) - age,
        talk_s=talk_s,
        disposition_code="200" if talk_s else dice.choice(("304", "480", "603-S")),
        crm_user_id=USER_ID,
        notes="" if dice.random() < 0.15 else f"Заметка номер {number}: «перезвонить», 50 %",
        cost=Decimal("12.35") if dice.random() < 0.3 else None,
        currency="RUB",
        rating=dice.choice((None, 1, 5)),
        crm_create=is_stranger,
        wants_recording=dice.random() < 0.7,
        second_user_id=AMO_USER_ID,
        second_kind=CustomerKind.CONTACT if is_attached else None,
        second_id=KNOWN_NUMBERS[phone_number] if is_attached else None,
        unknown_number=dice.choice((UnknownNumberChoice.CREATE_CONTACT, UnknownNumberChoice.UNSORTED)),
    )
