"""Rows of the outbox tables turned into entries and back. No SQL statement that writes, no rules."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

import msgspec

from app.crm.port import CardToWrite, StepReceipt
from app.domain.customer import CustomerKind
from app.outbox.entry import OutboxCard, OutboxStep, StepState

_logger = logging.getLogger(__name__)

_card_decoder = msgspec.json.Decoder(CardToWrite)
_receipt_decoder = msgspec.json.Decoder(StepReceipt)
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

CARD_COLUMNS = "card_key, saved_at, content, chosen_kind, chosen_id"
STEP_COLUMNS = "card_key, crm_name, name, step_state, attempts, claimed_at, next_try_at, reason, reason_params, receipt"

CardRow = tuple[str, str, bytes, str | None, int | None]
StepRow = tuple[str, str, str, str, int, str | None, str | None, str | None, bytes | None, bytes | None]


def encoded_card(card: CardToWrite) -> bytes:
    """The card's content as it will lie on the disk for good."""
    return msgspec.json.encode(card)


def encoded_receipt(receipt: StepReceipt | None) -> bytes | None:
    return None if receipt is None else msgspec.json.encode(receipt)


def encoded_params(params: Mapping[str, object]) -> bytes | None:
    return msgspec.json.encode(dict(params), enc_hook=str) if params else None


def moment(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written)


def written_moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def entries_of(cards: Iterable[CardRow], connection: sqlite3.Connection) -> tuple[OutboxCard, ...]:
    """Cards with their steps, in the order given. A card that cannot be read stays in the file and is logged."""
    return tuple(entry for row in cards if (entry := _entry_of(row, connection)) is not None)


def _entry_of(row: CardRow, connection: sqlite3.Connection) -> OutboxCard | None:
    card_key, saved_at, content, chosen_kind, chosen_id = row
    steps: list[StepRow] = connection.execute(
        f"SELECT {STEP_COLUMNS} FROM steps WHERE card_key = ? ORDER BY position",  # noqa: S608  constant columns
        (card_key,),
    ).fetchall()
    try:
        card = _card_decoder.decode(content)
        if chosen_kind is not None and chosen_id is not None:
            card = replace(card, customer_kind=CustomerKind(chosen_kind), customer_id=chosen_id)
        return OutboxCard(card_key, datetime.fromisoformat(saved_at), card, tuple(map(_step_of, steps)))
    except (*_UNREADABLE, ValueError):
        _logger.exception("a saved card cannot be read", extra={"card_key": card_key})
        return None


def _step_of(row: StepRow) -> OutboxStep:
    _, crm_name, name, step_state, attempts, claimed_at, next_try_at, reason, reason_params, receipt = row
    return OutboxStep(
        name=name,
        crm_name=crm_name,
        step_state=StepState(step_state),
        attempts=attempts,
        next_try_at=moment(next_try_at),
        reason=reason,
        reason_params={} if reason_params is None else msgspec.json.decode(reason_params, type=dict[str, object]),
        receipt=None if receipt is None else _receipt_decoder.decode(receipt),
        claimed_at=moment(claimed_at),
    )
