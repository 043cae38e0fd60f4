"""What can be done to a card of the queue, and why not: pure functions over the card chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ui.windows.queue_state import DeedProblem, QueueDeed, QueueMark, QueueRow, RecordingLine

_OVER = {QueueMark.SENT: DeedProblem.IS_SENT, QueueMark.DISCARDED: DeedProblem.IS_DISCARDED}


@dataclass(frozen=True, slots=True)
class Choice:
    """What the verdicts look at. `recording` None: nobody has looked for one. `unsent`: saved cards that are not done;
    `shown`: rows in the list."""

    row: QueueRow | None = None
    recording: RecordingLine | None = None
    unsent: int = 0
    shown: int = 0


def verdicts_of(choice: Choice) -> Mapping[QueueDeed, DeedProblem | None]:
    """For each deed None where it is on, else what keeps it off."""
    return {deed: _verdict(deed, choice) for deed in QueueDeed}


def _verdict(deed: QueueDeed, choice: Choice) -> DeedProblem | None:
    if deed is QueueDeed.RETRY_ALL:
        return None if choice.unsent else DeedProblem.NOTHING_WAITS
    if deed is QueueDeed.EXPORT:
        return None if choice.shown else DeedProblem.NOTHING_TO_EXPORT
    if choice.row is None:
        return DeedProblem.NOTHING_CHOSEN
    if deed is QueueDeed.PLAY:
        return _why_not_play(choice.recording)
    return _of_card(deed, choice.row)


def _of_card(deed: QueueDeed, row: QueueRow) -> DeedProblem | None:
    if deed is QueueDeed.RESTORE:
        return None if row.mark is QueueMark.DISCARDED else DeedProblem.NOT_DISCARDED
    if deed is QueueDeed.TAKE_UP:
        return None if row.mark is QueueMark.SET_ASIDE else DeedProblem.NO_DRAFT
    if row.mark in _OVER:
        return _OVER[row.mark]
    if row.mark is QueueMark.SET_ASIDE:
        return DeedProblem.IS_DRAFT
    if deed is QueueDeed.CHOOSE_CUSTOMER:
        return None if row.needs_customer else DeedProblem.NO_CUSTOMER_WANTED
    if row.mark is QueueMark.SENDING:
        return DeedProblem.BEING_SENT
    # With the same customer the same answer would come for ever; one the CRM denied may be allowed by now.
    if deed is QueueDeed.RETRY and row.needs_customer and row.reason in ("customer_needed", "customer_not_found"):
        return DeedProblem.NEEDS_CUSTOMER
    return None


_NEVER_A_RECORDING = frozenset({"recording_not_wanted", "recording_not_talked", "recording_not_recorded"})


def _why_not_play(recording: RecordingLine | None) -> DeedProblem | None:
    """One that is not here is fetched for whoever wants to hear it, whatever came of looking for it before."""
    if recording is None or (recording.recording_state == "none" and recording.reason in _NEVER_A_RECORDING):
        return DeedProblem.NO_RECORDING
    return None


_FIXES: Mapping[str, QueueDeed] = {
    "customer_needed": QueueDeed.CHOOSE_CUSTOMER,
    "customer_not_found": QueueDeed.CHOOSE_CUSTOMER,
    "customer_access_denied": QueueDeed.CHOOSE_CUSTOMER,
    "amo_number_unknown": QueueDeed.CHOOSE_CUSTOMER,
    "amo_number_hidden": QueueDeed.CHOOSE_CUSTOMER,
    "amo_customer_needed": QueueDeed.CHOOSE_CUSTOMER,
    "amo_customer_not_found": QueueDeed.CHOOSE_CUSTOMER,
    "amo_customer_access_denied": QueueDeed.CHOOSE_CUSTOMER,
    "call_half_done": QueueDeed.CHOOSE_CUSTOMER,
    "amo_invalid_field": QueueDeed.EDIT,
    "crm_user_needed": QueueDeed.EDIT,
    "crm_user_not_found": QueueDeed.EDIT,
    "number_hidden": QueueDeed.EDIT,
    "unsupported_phone_number": QueueDeed.EDIT,
}


def fix_of(row: QueueRow) -> QueueDeed:
    """What brings this card on; for one that needs nothing, what is most likely wanted of it."""
    if row.mark is QueueMark.SET_ASIDE:
        return QueueDeed.TAKE_UP
    if row.mark is QueueMark.DISCARDED:
        return QueueDeed.RESTORE
    if row.mark is QueueMark.AWAITS_RECORDING:
        return QueueDeed.PLAY
    return _FIXES.get(row.reason, QueueDeed.RETRY)
