"""Rows of the outbox tables turned into entries and back. No SQL statement that writes, no rules."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

import msgspec

from app.crm.port import CardToWrite, StepReceipt
from app.domain.calls import Direction
from app.domain.customer import CustomerKind
from app.outbox.entry import CardPhase, OutboxCard, OutboxStep, StepState
from app.outbox.reasons import RECEIPT_UNREADABLE

V = TypeVar("V")

_card_decoder = msgspec.json.Decoder(CardToWrite)
_receipt_decoder = msgspec.json.Decoder(StepReceipt)
_params_decoder = msgspec.json.Decoder(dict[str, object])
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

CARD_COLUMNS = "card_key, saved_at, content, chosen_kind, chosen_id, amended, phase"
STEP_COLUMNS = (
    "crm_name, name, lane, requires, step_state, resume_as, attempts, claimed_at, next_try_at, reason, reason_params,"
    " receipt"
)

CardRow = tuple[str, str, bytes, str | None, int | None, bytes | None, str]
StepRow = tuple[
    str,
    str,
    str,
    str | None,
    str,
    str,
    int,
    str | None,
    str | None,
    str | None,
    bytes | None,
    bytes | None,
]


def encoded_card(card: CardToWrite) -> bytes:
    """The card's content as it will lie on the disk for good."""
    return msgspec.json.encode(card)


def encoded_receipt(receipt: StepReceipt | None) -> bytes | None:
    return None if receipt is None else msgspec.json.encode(receipt)


def encoded_params(params: Mapping[str, object]) -> bytes | None:
    return msgspec.json.encode(dict(params), enc_hook=str) if params else None


def decoded_params(written: bytes | None) -> Mapping[str, object]:
    """Empty when there are none, or none that can be read: they only explain."""
    try:
        return {} if written is None else _params_decoder.decode(written)
    except _UNREADABLE:
        return {}


def moment(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written)


def written_moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def entry_of(card_key: str, connection: sqlite3.Connection) -> OutboxCard | None:
    """One card; None when there is none."""
    row: CardRow | None = connection.execute(
        f"SELECT {CARD_COLUMNS} FROM cards WHERE card_key = ?",  # noqa: S608  constant columns
        (card_key,),
    ).fetchone()
    return None if row is None else _entry_of(row, connection)


def entries_of(cards: Iterable[CardRow], connection: sqlite3.Connection) -> tuple[OutboxCard, ...]:
    """Cards with their steps, in the order given. One that cannot be read has a stand-in for its content."""
    return tuple(_entry_of(row, connection) for row in cards)


def _entry_of(row: CardRow, connection: sqlite3.Connection) -> OutboxCard:
    card_key, saved_at, content, chosen_kind, chosen_id, amended, phase = row
    rows: list[StepRow] = connection.execute(
        f"SELECT {STEP_COLUMNS} FROM steps WHERE card_key = ? ORDER BY position",  # noqa: S608  constant columns
        (card_key,),
    ).fetchall()
    steps = tuple(map(_step_of, rows))
    saved = _readable(lambda: datetime.fromisoformat(saved_at)) or _LONG_AGO
    original = _readable(lambda: _card_decoder.decode(content))
    if amended is not None:
        card = _readable(lambda: _card_decoder.decode(amended))
    else:
        card = _with_choice(original, chosen_kind, chosen_id)
    if card is None:
        stand_in = _stand_in(card_key, saved)
        return OutboxCard(card_key, saved, stand_in, steps, CardPhase(phase), original, is_readable=False)
    return OutboxCard(card_key, saved, card, steps, CardPhase(phase), original if original != card else None)


def _with_choice(card: CardToWrite | None, kind: str | None, crm_entity_id: int | None) -> CardToWrite | None:
    """The customer chosen by a version that kept the choice beside the card."""
    if card is None or kind is None or crm_entity_id is None:
        return card
    return replace(card, customer_kind=CustomerKind(kind), customer_id=crm_entity_id)


def _stand_in(card_key: str, saved_at: datetime) -> CardToWrite:
    """What is shown for a card whose content is damaged: its key tells which call it was."""
    return CardToWrite(
        card_key=card_key,
        direction=Direction.UNKNOWN,
        phone_number="",
        line_number="",
        started_at=saved_at,
        talk_s=0,
        disposition_code="",
        crm_user_id=None,
    )


def _step_of(row: StepRow) -> OutboxStep:
    (crm_name, name, lane, requires, step_state, resume_as, attempts) = row[:7]
    claimed_at, next_try_at, reason, reason_params, written_receipt = row[7:]
    receipt = None if written_receipt is None else _readable(lambda: _receipt_decoder.decode(written_receipt))
    if written_receipt is not None and receipt is None:
        # A later step that needs an id of it parks by itself and says so.
        reason = RECEIPT_UNREADABLE
    return OutboxStep(
        name=name,
        crm_name=crm_name,
        step_state=StepState(step_state),
        attempts=attempts,
        next_try_at=_readable(lambda: moment(next_try_at)),
        reason=reason,
        reason_params=decoded_params(reason_params),
        receipt=receipt,
        claimed_at=_readable(lambda: moment(claimed_at)),
        lane=lane,
        requires=requires,
        resume_as=StepState(resume_as),
    )


def _readable(read: Callable[[], V]) -> V | None:
    """What is read; None where a damaged disk or an unfinished write left something else."""
    try:
        return read()
    except _UNREADABLE:
        return None
