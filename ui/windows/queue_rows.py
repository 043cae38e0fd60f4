"""From saved cards and drafts set aside to the rows of the queue: where each stands, the order, the filter. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from app.domain.phone_number import format_phone_number, parse_phone_number
from app.outbox.entry import CardPhase, StepState
from ui.windows.queue_state import QueueEmptiness, QueueMark, QueueRow, QueueShow

if TYPE_CHECKING:
    from app.outbox.entry import OutboxCard, OutboxStep
    from app.services.open_card import OpenCard

_MARKS = {
    StepState.PARKED: QueueMark.PARKED,
    StepState.UNKNOWN: QueueMark.UNSURE,
    StepState.IN_FLIGHT: QueueMark.SENDING,
    StepState.PENDING: QueueMark.WAITING,
}
"""The first of these that any step of a card has is where the card stands."""

OVER = frozenset({QueueMark.SENT, QueueMark.AWAITS_RECORDING, QueueMark.DISCARDED})
"""Nothing of these is unsent."""
NEEDS_ME = frozenset({QueueMark.PARKED, QueueMark.SET_ASIDE})
_SHOWN: Mapping[QueueShow, frozenset[QueueMark]] = {
    QueueShow.UNSENT: frozenset(QueueMark) - OVER,
    QueueShow.NEEDS_ME: NEEDS_ME,
    QueueShow.SENT: frozenset({QueueMark.SENT, QueueMark.AWAITS_RECORDING}),
    QueueShow.DISCARDED: frozenset({QueueMark.DISCARDED}),
    QueueShow.EVERYTHING: frozenset(QueueMark),
}
_EMPTY = {
    QueueShow.UNSENT: QueueEmptiness.ALL_SENT,
    QueueShow.NEEDS_ME: QueueEmptiness.NOTHING_PARKED,
    QueueShow.SENT: QueueEmptiness.NONE_SENT,
    QueueShow.DISCARDED: QueueEmptiness.NONE_DISCARDED,
    QueueShow.EVERYTHING: QueueEmptiness.ALL_SENT,
}
_TRIED_LATER = frozenset({QueueMark.WAITING, QueueMark.UNSURE, QueueMark.AWAITS_RECORDING})
_SHORTEST_NUMBER_QUERY = 3


def waits_for_a_choice(step: OutboxStep) -> bool:
    """Whether choosing a customer, or what to do without one, sends it on."""
    return step.waits_for_customer or step.waits_for_second_customer


def row_of_card(card: OutboxCard) -> QueueRow:
    """The row of a saved card."""
    step = card.leading_step
    mark = QueueMark.SENT if step is None else _MARKS[step.step_state]
    if card.awaits_recording:
        mark = QueueMark.AWAITS_RECORDING
    if card.phase is CardPhase.DISCARDED:
        mark, step = QueueMark.DISCARDED, None
    number = _shown_number(card.card.phone_number)
    return QueueRow(
        card_key=card.card_key,
        mark=mark,
        began_at=card.card.started_at,
        phone_number=number,
        search_text=f"{number}\n{card.card.phone_number}\n{card.card.notes}".casefold(),
        since=card.saved_at,
        crm_name="" if step is None else step.crm_name,
        step="" if step is None else step.name,
        reason="" if step is None else step.reason or "",
        reason_params={} if step is None else step.reason_params,
        next_try_at=step.next_try_at if step is not None and mark in _TRIED_LATER else None,
        is_automatic=card.card.is_completed_automatically,
        needs_customer=any(map(waits_for_a_choice, card.steps)) and mark is not QueueMark.DISCARDED,
        has_warnings=any(step.receipt is not None and step.receipt.warnings for step in card.steps),
    )


def row_of_draft(card: OpenCard) -> QueueRow:
    """The row of a draft that waits: set aside, or of a call nobody saw here."""
    facts, fields = card.draft.facts, card.draft.fields
    number = _shown_number(facts.phone_number)
    return QueueRow(
        card_key=card.draft.card_key,
        mark=QueueMark.SET_ASIDE,
        began_at=facts.started_at,
        phone_number=number,
        search_text=f"{number}\n{facts.phone_number}\n{fields.notes}".casefold(),
        since=facts.ended_at or facts.started_at,
        is_offered=card.is_offered,
    )


def is_of_the_queue(card: OutboxCard) -> bool:
    """Cards nobody has saved yet, or that were never due, are no business of the queue."""
    return card.phase in (CardPhase.SAVED, CardPhase.DISCARDED)


def arrange(
    rows: Iterable[QueueRow], show: QueueShow, text: str = "", *, keep: str | None = None
) -> tuple[QueueRow, ...]:
    """The rows of that filter and search: what needs the operator first, then what waits, oldest first; what is over
    comes last, newest first. `keep`: a row that stays although the filter no longer shows it, because it is looked at.
    """
    shown, words, number = _SHOWN[show], text.casefold().split(), _number_query(text)
    passing = [
        row
        for row in rows
        if row.card_key == keep
        or (row.mark in shown and (_has_words(row, words) or (number is not None and number in row.search_text)))
    ]
    return tuple(sorted(passing, key=_order_key))


def counts_of(rows: Iterable[QueueRow]) -> dict[QueueShow, int]:
    """How many cards each filter has, whatever is searched for."""
    marks = [row.mark for row in rows]
    return {show: sum(mark in shown for mark in marks) for show, shown in _SHOWN.items()}


def emptiness_of(show: QueueShow, *, shown: int, of_filter: int, was_read: bool, has_failed: bool) -> QueueEmptiness:
    """Why there is nothing to see."""
    if shown:
        return QueueEmptiness.NOT_EMPTY
    if not was_read:
        return QueueEmptiness.FAILED if has_failed else QueueEmptiness.READING
    return QueueEmptiness.NO_MATCH if of_filter else _EMPTY[show]


def _order_key(row: QueueRow) -> tuple[int, float, str]:
    began_s = row.began_at.timestamp()
    if row.mark in OVER:
        return 2, -began_s, row.card_key
    return (0 if row.mark in NEEDS_ME else 1), began_s, row.card_key


def _has_words(row: QueueRow, words: list[str]) -> bool:
    return all(word in row.search_text for word in words)


def _shown_number(raw: str) -> str:
    return "" if parse_phone_number(raw).is_hidden else format_phone_number(raw)


def _number_query(text: str) -> str | None:
    """Digits of a typed number ("8 (495) 12" finds 749512…); None when the text is no number."""
    if not text.strip() or not all(character in "0123456789+-() ." for character in text):
        return None
    digits = "".join(character for character in text if character.isdigit())
    if len(digits) < _SHORTEST_NUMBER_QUERY:
        return None
    return "7" + digits[1:] if digits.startswith("8") and len(digits) > _SHORTEST_NUMBER_QUERY else digits
