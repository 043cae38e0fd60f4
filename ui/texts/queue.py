"""Words of the window *Queue*: where a card stands, what can be done to it and why not, what the CRMs gave for it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QLocale

from app.domain.phone_number import format_phone_number
from app.domain.wrap_up import Disposition
from ui.texts.card import age_word, date_time_word, mark_word, outcome_word, time_word
from ui.texts.crm_reasons import crm_error_sentence, crm_word, reason_sentence
from ui.texts.marking import QT_TRANSLATE_NOOP
from ui.windows.queue_state import (
    AuditLine,
    DeedProblem,
    PausedCrm,
    Proof,
    ProofKind,
    QueueDeed,
    QueueEmptiness,
    QueueMark,
    QueueRow,
    QueueShow,
    RecordingLine,
    StepLine,
)

_MARKS: dict[QueueMark, tuple[str, str]] = {
    QueueMark.PARKED: ("!", QT_TRANSLATE_NOOP("Queue", "needs you")),
    QueueMark.UNSURE: ("?", QT_TRANSLATE_NOOP("Queue", "outcome unknown")),
    QueueMark.SENDING: ("→", QT_TRANSLATE_NOOP("Queue", "being sent")),
    QueueMark.WAITING: ("○", QT_TRANSLATE_NOOP("Queue", "waiting")),
    QueueMark.SET_ASIDE: ("⋯", QT_TRANSLATE_NOOP("Queue", "set aside")),
    QueueMark.AWAITS_RECORDING: ("♪", QT_TRANSLATE_NOOP("Queue", "awaits its recording")),
    QueueMark.SENT: ("✓", QT_TRANSLATE_NOOP("Queue", "sent")),
    QueueMark.DISCARDED: ("✕", QT_TRANSLATE_NOOP("Queue", "discarded")),
}
MARK_TONES: dict[QueueMark, str] = {
    QueueMark.PARKED: "alert",
    QueueMark.UNSURE: "held",
    QueueMark.SENDING: "ringing",
    QueueMark.WAITING: "queue",
    QueueMark.SET_ASIDE: "consult",
    QueueMark.AWAITS_RECORDING: "muted",
    QueueMark.SENT: "talk",
    QueueMark.DISCARDED: "ended",
}
"""The theme's colour of each."""

AUTOMATIC_GLYPH = "◷"

_SHOWS: dict[QueueShow, str] = {
    QueueShow.UNSENT: QT_TRANSLATE_NOOP("Queue", "Not sent ({count})"),
    QueueShow.NEEDS_ME: QT_TRANSLATE_NOOP("Queue", "Needs me ({count})"),
    QueueShow.SENT: QT_TRANSLATE_NOOP("Queue", "Sent lately ({count})"),
    QueueShow.DISCARDED: QT_TRANSLATE_NOOP("Queue", "Discarded ({count})"),
    QueueShow.EVERYTHING: QT_TRANSLATE_NOOP("Queue", "Everything ({count})"),
}
_EMPTY: dict[QueueEmptiness, str] = {
    QueueEmptiness.READING: QT_TRANSLATE_NOOP("Queue", "Reading the cards…"),
    QueueEmptiness.FAILED: QT_TRANSLATE_NOOP("Queue", "The cards could not be read. They are still on the disk."),
    QueueEmptiness.ALL_SENT: QT_TRANSLATE_NOOP("Queue", "Every card is where it belongs. Nothing waits."),
    QueueEmptiness.NOTHING_PARKED: QT_TRANSLATE_NOOP("Queue", "No card needs you."),
    QueueEmptiness.NONE_SENT: QT_TRANSLATE_NOOP("Queue", "No card has been sent yet."),
    QueueEmptiness.NONE_DISCARDED: QT_TRANSLATE_NOOP("Queue", "No card was discarded."),
    QueueEmptiness.NO_MATCH: QT_TRANSLATE_NOOP("Queue", "No card matches what you look for."),
}
_DEEDS: dict[QueueDeed, str] = {
    QueueDeed.RETRY: QT_TRANSLATE_NOOP("Queue", "Retry"),
    QueueDeed.RETRY_ALL: QT_TRANSLATE_NOOP("Queue", "Retry all"),
    QueueDeed.EDIT: QT_TRANSLATE_NOOP("Queue", "Edit…"),
    QueueDeed.CHOOSE_CUSTOMER: QT_TRANSLATE_NOOP("Queue", "Choose customer…"),
    QueueDeed.TAKE_UP: QT_TRANSLATE_NOOP("Queue", "Take up"),
    QueueDeed.PLAY: QT_TRANSLATE_NOOP("Queue", "Play recording"),
    QueueDeed.EXPORT: QT_TRANSLATE_NOOP("Queue", "Export…"),
    QueueDeed.DISCARD: QT_TRANSLATE_NOOP("Queue", "Discard…"),
    QueueDeed.RESTORE: QT_TRANSLATE_NOOP("Queue", "Restore"),
}
_PROBLEMS: dict[DeedProblem, str] = {
    DeedProblem.NOTHING_CHOSEN: QT_TRANSLATE_NOOP("Queue", "Choose a card first."),
    DeedProblem.IS_DRAFT: QT_TRANSLATE_NOOP("Queue", "This is a draft set aside. Take it up and save it."),
    DeedProblem.NO_DRAFT: QT_TRANSLATE_NOOP("Queue", "Only a draft set aside can be taken up."),
    DeedProblem.IS_SENT: QT_TRANSLATE_NOOP("Queue", "The card has been sent."),
    DeedProblem.IS_DISCARDED: QT_TRANSLATE_NOOP("Queue", "The card was discarded. Restore it first."),
    DeedProblem.NOT_DISCARDED: QT_TRANSLATE_NOOP("Queue", "The card was not discarded."),
    DeedProblem.BEING_SENT: QT_TRANSLATE_NOOP("Queue", "The card is being sent right now."),
    DeedProblem.NEEDS_CUSTOMER: QT_TRANSLATE_NOOP("Queue", "Choose the customer: without one it would stop again."),
    DeedProblem.NO_CUSTOMER_WANTED: QT_TRANSLATE_NOOP("Queue", "Nothing of this card waits for a customer."),
    DeedProblem.NOTHING_WAITS: QT_TRANSLATE_NOOP("Queue", "No card waits."),
    DeedProblem.NO_RECORDING: QT_TRANSLATE_NOOP("Queue", "There is no recording of this call here."),
    DeedProblem.NOTHING_TO_EXPORT: QT_TRANSLATE_NOOP("Queue", "There is no card in the list to write down."),
}
_PROOFS: dict[ProofKind, str] = {
    ProofKind.CALL: QT_TRANSLATE_NOOP("Queue", "Call"),
    ProofKind.ACTIVITY: QT_TRANSLATE_NOOP("Queue", "Activity"),
    ProofKind.CUSTOMER: QT_TRANSLATE_NOOP("Queue", "Customer"),
    ProofKind.NOTE: QT_TRANSLATE_NOOP("Queue", "Note"),
    ProofKind.RECORDING: QT_TRANSLATE_NOOP("Queue", "Recording"),
    ProofKind.UNSORTED: QT_TRANSLATE_NOOP("Queue", "Unsorted"),
}
_ENTITIES: dict[str, str] = {
    "contact": QT_TRANSLATE_NOOP("Queue", "contact"),
    "company": QT_TRANSLATE_NOOP("Queue", "company"),
    "lead": QT_TRANSLATE_NOOP("Queue", "lead"),
    "customer": QT_TRANSLATE_NOOP("Queue", "customer"),
}
_AUDIT: dict[str, str] = {
    "abandoned": QT_TRANSLATE_NOOP("Queue", "No card was due for this call"),
    "completed_automatically": QT_TRANSLATE_NOOP("Queue", "Saved by itself when the time was over"),
    "amended": QT_TRANSLATE_NOOP("Queue", "Edited"),
    "discarded": QT_TRANSLATE_NOOP("Queue", "Discarded"),
    "restored": QT_TRANSLATE_NOOP("Queue", "Restored"),
    "retried": QT_TRANSLATE_NOOP("Queue", "Tried again by hand"),
    "parked": QT_TRANSLATE_NOOP("Queue", "Laid aside by hand"),
    "customer_chosen": QT_TRANSLATE_NOOP("Queue", "Customer chosen"),
    "exported": QT_TRANSLATE_NOOP("Queue", "Exported"),
}
_STEPS: dict[str, str] = {
    "register": QT_TRANSLATE_NOOP("Queue", "register the call"),
    "finish": QT_TRANSLATE_NOOP("Queue", "fill the call in"),
    "note": QT_TRANSLATE_NOOP("Queue", "add the notes"),
    "record": QT_TRANSLATE_NOOP("Queue", "attach the recording"),
    "call": QT_TRANSLATE_NOOP("Queue", "write the call"),
    "contact": QT_TRANSLATE_NOOP("Queue", "make the contact"),
    "hide": QT_TRANSLATE_NOOP("Queue", "hide the card"),
}


def translated(text: str) -> str:
    return QCoreApplication.translate("Queue", text)


def queue_title() -> str:
    return translated(QT_TRANSLATE_NOOP("Queue", "Queue of cards"))


def column_titles() -> tuple[str, ...]:
    """Left to right, as in models.queue_list.QueueColumn."""
    return (
        translated(QT_TRANSLATE_NOOP("Queue", "Call")),
        translated(QT_TRANSLATE_NOOP("Queue", "Number")),
        translated(QT_TRANSLATE_NOOP("Queue", "State")),
        translated(QT_TRANSLATE_NOOP("Queue", "Where")),
        translated(QT_TRANSLATE_NOOP("Queue", "Why, and what to do")),
        translated(QT_TRANSLATE_NOOP("Queue", "Age")),
        translated(QT_TRANSLATE_NOOP("Queue", "Next try")),
    )


def mark_text(mark: QueueMark) -> str:
    """Glyph and word."""
    glyph, word = _MARKS[mark]
    return f"{glyph} {translated(word)}"


def state_cell(row: QueueRow) -> str:
    """Where the card stands, and that nobody pressed *Save card*."""
    if not row.is_automatic:
        return mark_text(row.mark)
    return f"{mark_text(row.mark)}\n{AUTOMATIC_GLYPH} {automatic_text()}"


def automatic_text() -> str:
    return translated(QT_TRANSLATE_NOOP("Queue", "completed automatically"))


def when_cell(row: QueueRow) -> str:
    return date_time_word(row.began_at)


def where_cell(row: QueueRow) -> str:
    """The CRM and the step the card stands at."""
    if not row.crm_name:
        return ""
    return f"{crm_word(row.crm_name)}:\n{step_text(row.step)}"


def reason_cell(row: QueueRow) -> str:
    """One clear sentence with what to do."""
    if row.is_offered:
        return translated(
            QT_TRANSLATE_NOOP("Queue", "This console did not see the call. Take its card up, finish and save it.")
        )
    if row.mark is QueueMark.SET_ASIDE:
        return translated(QT_TRANSLATE_NOOP("Queue", "Set aside for later. Take it up, finish and save it."))
    if row.mark is QueueMark.DISCARDED:
        return translated(QT_TRANSLATE_NOOP("Queue", "Nothing more is sent. Restore brings it back."))
    if row.mark is QueueMark.SENT:
        if row.has_warnings:
            return translated(QT_TRANSLATE_NOOP("Queue", "Sent with a warning. See below."))
        return translated(QT_TRANSLATE_NOOP("Queue", "Everything has arrived. The receipt is below."))
    if row.reason:
        return reason_sentence(row.reason, row.reason_params, row.crm_name)
    if row.mark is QueueMark.WAITING:
        return translated(QT_TRANSLATE_NOOP("Queue", "Its turn comes by itself."))
    return ""


def age_cell(row: QueueRow, now: datetime) -> str:
    """How long the card has been waiting; of one that is over, how long ago it was saved."""
    return age_word(max(0.0, (now - row.since).total_seconds()))


def next_try_cell(row: QueueRow) -> str:
    return "" if row.next_try_at is None else time_word(row.next_try_at)


def show_text(show: QueueShow, count: int) -> str:
    """A filter with how many cards it has."""
    return translated(_SHOWS[show]).format(count=QLocale().toString(count))


def emptiness_text(emptiness: QueueEmptiness) -> str:
    return translated(_EMPTY[emptiness]) if emptiness in _EMPTY else ""


def deed_text(deed: QueueDeed) -> str:
    return translated(_DEEDS[deed])


def problem_text(problem: DeedProblem) -> str:
    """Why a button is off."""
    return translated(_PROBLEMS[problem])


def filter_label() -> str:
    return translated(QT_TRANSLATE_NOOP("Queue", "Show"))


def search_hint() -> str:
    return translated(QT_TRANSLATE_NOOP("Queue", "Number or a word of the notes"))


def details_title() -> str:
    return translated(QT_TRANSLATE_NOOP("Queue", "The card chosen"))


def nothing_chosen_text() -> str:
    return translated(
        QT_TRANSLATE_NOOP("Queue", "Choose a card to see its steps, its receipt and what was done to it.")
    )


def step_text(step: str) -> str:
    """A step in a few words; one this version does not know by its own name."""
    return translated(_STEPS[step]) if step in _STEPS else step


def step_line_text(line: StepLine) -> str:
    """A step's state with its tries."""
    if line.attempts < 2:
        return mark_word(line.mark)
    tries = translated(QT_TRANSLATE_NOOP("Queue", "{state}, tries: {count}"))
    return tries.format(state=mark_word(line.mark), count=line.attempts)


def step_reason_text(line: StepLine) -> str:
    """Why a step does not move, when the next try comes, and the CRM's own words."""
    parts = [reason_sentence(line.reason, line.reason_params, line.crm_name)]
    if line.next_try_at is not None:
        next_try = translated(QT_TRANSLATE_NOOP("Queue", "Next try at {time}."))
        parts.append(next_try.format(time=time_word(line.next_try_at)))
    return " ".join(part for part in parts if part)


def vendor_text(line: StepLine) -> str:
    """The CRM's own words, marked as such; empty when it said none."""
    if not line.vendor_message:
        return ""
    said = translated(QT_TRANSLATE_NOOP("Queue", "{crm} says: “{text}”"))
    return said.format(crm=crm_word(line.crm_name), text=line.vendor_message)


def proof_title(kind: ProofKind) -> str:
    return translated(_PROOFS[kind])


def proof_value(proof: Proof) -> str:
    """The number a CRM gave, with what it is of."""
    if proof.entity not in _ENTITIES:
        return f"{proof.entity} {proof.text}".strip()
    return f"{translated(_ENTITIES[proof.entity])} {proof.text}"


def open_text(crm_name: str) -> str:
    """The button behind a proof."""
    return translated(QT_TRANSLATE_NOOP("Queue", "Open in {crm}")).format(crm=crm_word(crm_name))


def warning_text(crm_name: str, text: str) -> str:
    """What a CRM said beside its yes."""
    return translated(QT_TRANSLATE_NOOP("Queue", "{crm} warns: {text}")).format(crm=crm_word(crm_name), text=text)


def audit_text(line: AuditLine) -> str:
    """What was done by hand, and when; a deed this version does not know by its own name."""
    deed = translated(_AUDIT[line.deed]) if line.deed in _AUDIT else line.deed
    return f"{date_time_word(line.at)}  {deed}"


def recording_text(line: RecordingLine) -> str:
    """What is known of the recording."""
    if line.recording_state == "ready":
        size = QLocale().formattedDataSize(line.size)
        return translated(QT_TRANSLATE_NOOP("Queue", "Here and complete, {size}.")).format(size=size)
    reason = reason_sentence(line.reason, {}, "") if line.reason else ""
    if line.recording_state == "none":
        return reason or translated(QT_TRANSLATE_NOOP("Queue", "There is none."))
    return reason or translated(QT_TRANSLATE_NOOP("Queue", "It is being looked for."))


def paused_text(paused: PausedCrm) -> str:
    """Why a CRM gets nothing, in one message."""
    text = translated(QT_TRANSLATE_NOOP("Queue", "{crm} takes no cards: {reason} Cards waiting for it: {count}."))
    reason = crm_error_sentence(paused.error, paused.crm_name)
    return text.format(crm=crm_word(paused.crm_name), reason=reason, count=paused.waiting)


def connect_text() -> str:
    return translated(QT_TRANSLATE_NOOP("Queue", "Connect…"))


def resume_text() -> str:
    return translated(QT_TRANSLATE_NOOP("Queue", "Resume"))


def discard_title() -> str:
    return translated(QT_TRANSLATE_NOOP("Queue", "Discard the card"))


def discard_question(number: str, when: datetime) -> str:
    """Asked before a card is discarded."""
    text = translated(
        QT_TRANSLATE_NOOP(
            "Queue",
            "Discard the card of this call?\n{number}, {when}\nNothing more of it is sent. It stays in the list"
            " “Discarded” and can be restored.",
        )
    )
    return text.format(number=number, when=date_time_word(when))


def discard_button() -> str:
    return translated(QT_TRANSLATE_NOOP("Queue", "Discard"))


def export_title() -> str:
    return translated(QT_TRANSLATE_NOOP("Queue", "Export cards"))


def export_filters() -> tuple[str, str]:
    """Names of the two kinds of file."""
    return (
        translated(QT_TRANSLATE_NOOP("Queue", "Table (*.csv)")),
        translated(QT_TRANSLATE_NOOP("Queue", "Everything (*.json)")),
    )


def replace_question(name: str) -> str:
    """Asked before a file is replaced."""
    return translated(QT_TRANSLATE_NOOP("Queue", "{name} is there already. Replace it?")).format(name=name)


def replace_button() -> str:
    return translated(QT_TRANSLATE_NOOP("Queue", "Replace"))


def exported_text(count: int, place: str) -> str:
    text = translated(QT_TRANSLATE_NOOP("Queue", "Cards written: {count}, to {place}"))
    return text.format(count=count, place=place)


def not_exported_text(reason: str) -> str:
    """`reason`: the system's own words."""
    text = translated(QT_TRANSLATE_NOOP("Queue", "The file could not be written: {reason}. Choose another place."))
    return text.format(reason=reason)


def done_text(deed: QueueDeed) -> str:
    """A line about what was just done."""
    texts = {
        QueueDeed.RETRY: QT_TRANSLATE_NOOP("Queue", "The card is tried again."),
        QueueDeed.RETRY_ALL: QT_TRANSLATE_NOOP("Queue", "All cards are tried again."),
        QueueDeed.EDIT: QT_TRANSLATE_NOOP("Queue", "Changed. The card is tried again."),
        QueueDeed.CHOOSE_CUSTOMER: QT_TRANSLATE_NOOP("Queue", "Customer chosen. The card is tried again."),
        QueueDeed.DISCARD: QT_TRANSLATE_NOOP("Queue", "Discarded. It can be restored."),
        QueueDeed.RESTORE: QT_TRANSLATE_NOOP("Queue", "Restored. The card is tried again."),
        QueueDeed.TAKE_UP: QT_TRANSLATE_NOOP("Queue", "The draft is open in the card."),
    }
    return translated(texts[deed]) if deed in texts else ""


def fetching_text() -> str:
    return translated(QT_TRANSLATE_NOOP("Queue", "The recording is being fetched."))


def not_fetched_text(line: RecordingLine) -> str:
    """Why there is nothing to play."""
    text = translated(QT_TRANSLATE_NOOP("Queue", "The recording could not be fetched now. {reason}"))
    return text.format(reason=recording_text(line))


def player_missing_text() -> str:
    return translated(QT_TRANSLATE_NOOP("Queue", "No program of this computer wants to play the recording."))


def link_refused_text() -> str:
    return translated(QT_TRANSLATE_NOOP("Queue", "This address does not lead to the CRM and was not opened."))


def steps_title() -> str:
    return translated(QT_TRANSLATE_NOOP("Queue", "Steps"))


def receipt_title() -> str:
    return translated(QT_TRANSLATE_NOOP("Queue", "Receipt"))


def recording_title() -> str:
    return translated(QT_TRANSLATE_NOOP("Queue", "Recording here"))


def done_by_hand_title() -> str:
    return translated(QT_TRANSLATE_NOOP("Queue", "Done to it"))


def line_text(line_number: str) -> str:
    return translated(QT_TRANSLATE_NOOP("Queue", "line {number}")).format(number=format_phone_number(line_number))


def outcome_text(code: str) -> str:
    """The outcome by its code; one this version does not know as it is."""
    known = next((disposition for disposition in Disposition if disposition.value == code), None)
    return code if known is None else outcome_word(known)
