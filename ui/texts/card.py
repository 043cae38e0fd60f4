"""Words of the call card: outcomes, problems, delivery steps. Codes come in, translated sentences go out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale, QTime

from app.crm.port import CrmCardShow
from app.domain.calls import Direction
from app.domain.customer import Customer, CustomerKind
from app.domain.wrap_up import CardProblem, Disposition, UnknownNumberChoice
from ui.panels.call_card.view_state import Lookup, StepMark, duration_parts
from ui.texts.crm_reasons import BITRIX24, crm_word
from ui.texts.crm_reasons import crm_error_sentence as crm_error_sentence
from ui.texts.crm_reasons import reason_sentence as reason_sentence

translate = QCoreApplication.translate


def outcome_word(disposition: Disposition) -> str:
    """The outcome as the operator reads it, with its code."""
    words = {
        Disposition.SUCCESS: translate("CallCard", "Successful call"),
        Disposition.MISSED: translate("CallCard", "Missed call"),
        Disposition.DECLINED: translate("CallCard", "Declined"),
        Disposition.CANCELLED: translate("CallCard", "Cancelled by us"),
        Disposition.FORBIDDEN: translate("CallCard", "Forbidden"),
        Disposition.WRONG_NUMBER: translate("CallCard", "Wrong number"),
        Disposition.BUSY: translate("CallCard", "Busy"),
        Disposition.DIRECTION_UNAVAILABLE: translate("CallCard", "Direction unavailable"),
        Disposition.DIRECTION_UNAVAILABLE_503: translate("CallCard", "Direction unavailable"),
        Disposition.TEMPORARILY_UNAVAILABLE: translate("CallCard", "Temporarily unavailable"),
        Disposition.NO_FUNDS: translate("CallCard", "Not enough money"),
        Disposition.BLOCKED: translate("CallCard", "Blocked"),
        Disposition.OTHER: translate("CallCard", "Not defined"),
    }
    return f"{disposition.value} · {words[disposition]}"


def direction_word(direction: Direction) -> str:
    words = {
        Direction.INBOUND: translate("CallCard", "Incoming"),
        Direction.OUTBOUND: translate("CallCard", "Outgoing"),
        Direction.UNKNOWN: translate("CallCard", "Direction unknown"),
    }
    return words[direction]


def number_word(phone_number: str) -> str:
    return phone_number or translate("CallCard", "Hidden number")


def customer_kind_word(kind: CustomerKind) -> str:
    words = {
        CustomerKind.CONTACT: translate("CallCard", "Contact"),
        CustomerKind.COMPANY: translate("CallCard", "Company"),
        CustomerKind.LEAD: translate("CallCard", "Lead"),
    }
    return words[kind]


def customer_words(customers: Sequence[Customer]) -> list[str]:
    """Name and kind of each; the record's number too where two would read the same, or where there is no name."""
    short = [f"{customer.name} · {customer_kind_word(customer.kind)}" for customer in customers]
    words = []
    for customer, word in zip(customers, short, strict=True):
        record = f"{customer_kind_word(customer.kind)} {customer.crm_entity_id}"
        if not customer.name:
            words.append(record)
        else:
            words.append(f"{customer.name} · {record}" if short.count(word) > 1 else word)
    return words


def lookup_sentence(lookup: Lookup) -> str:
    """What is known of the caller; empty when a customer was found, who then speaks for himself."""
    sentences = {
        Lookup.LOOKING: translate("CallCard", "Looking the number up in Bitrix24…"),
        Lookup.FOUND: "",
        Lookup.NOBODY: translate("CallCard", "Nobody in Bitrix24 has this number."),
        Lookup.HIDDEN: translate("CallCard", "The caller hides the number, so nobody can be looked up."),
        Lookup.FAILED: translate("CallCard", "Bitrix24 could not be asked who this is."),
    }
    return sentences[lookup]


def duration_word(duration_s: int) -> str:
    minutes, seconds = duration_parts(duration_s)
    return f"{minutes:02d}:{seconds:02d}"


def time_word(moment: datetime) -> str:
    """Local wall time of day with seconds."""
    return moment.astimezone().strftime("%H:%M:%S")


def short_time_word(moment: datetime) -> str:
    """Local wall time of day without seconds."""
    return moment.astimezone().strftime("%H:%M")


def date_time_word(moment: datetime) -> str:
    """Local date and time as the language writes them, without seconds."""
    local = moment.astimezone()
    stamp = QDateTime(QDate(local.year, local.month, local.day), QTime(local.hour, local.minute))
    return QLocale().toString(stamp, QLocale.FormatType.ShortFormat)


def age_word(age_s: float) -> str:
    """How long a card has been waiting, in one unit."""
    minutes = int(age_s) // 60
    hours = minutes // 60
    if minutes < 1:
        return translate("CallCard", "less than a minute")
    if minutes < 60:
        return translate("CallCard", "{count} min").format(count=minutes)
    if hours < 48:
        return translate("CallCard", "{count} h").format(count=hours)
    return translate("CallCard", "{count} d").format(count=hours // 24)


def problem_sentence(problem: CardProblem) -> str:
    """What is missing, and what to do about it."""
    sentences = {
        CardProblem.CALL_STILL_RUNS: translate("CallCard", "The call still runs. Save the card when it has ended."),
        CardProblem.NO_CRM_USER: translate(
            "CallCard", "Type the Bitrix24 number of the employee this call belongs to, or set yours in Connect."
        ),
        CardProblem.COST_WITHOUT_CURRENCY: translate("CallCard", "Choose the currency of the cost, or empty the cost."),
        CardProblem.NEGATIVE_COST: translate("CallCard", "The cost cannot be below zero."),
        CardProblem.RATING_OUT_OF_RANGE: translate("CallCard", "Choose a rating from 1 to 5, or none."),
        CardProblem.NOTES_REQUIRED: translate("CallCard", "Write what the call was about: notes are required here."),
        CardProblem.CUSTOMER_REQUIRED: translate(
            "CallCard", "Choose a customer, pick one or create one: a customer is required here."
        ),
        CardProblem.SOURCE_REQUIRED: translate("CallCard", "Choose where the new customer came from."),
        CardProblem.OUTCOME_REQUIRED: translate(
            "CallCard", "Choose the outcome yourself: the one proposed is only a guess."
        ),
        CardProblem.COST_REQUIRED: translate("CallCard", "Type what the call cost, 0 if nothing: it is required here."),
        CardProblem.RATING_REQUIRED: translate("CallCard", "Rate the call: a rating is required here."),
    }
    return sentences[problem]


def unknown_number_word(choice: UnknownNumberChoice) -> str:
    """What becomes of a call with a number nobody in amoCRM has."""
    words = {
        UnknownNumberChoice.ASK: translate("CallCard", "ask me later"),
        UnknownNumberChoice.CREATE_CONTACT: translate("CallCard", "create a contact"),
        UnknownNumberChoice.ATTACH: translate("CallCard", "attach to the customer found"),
        UnknownNumberChoice.UNSORTED: translate("CallCard", "put into unsorted"),
        UnknownNumberChoice.SKIP: translate("CallCard", "do not write it there"),
    }
    return words[choice]


def time_left_sentence(left_s: int) -> str:
    """How long the card stays open."""
    return translate("CallCard", "Saved by itself in {time}").format(time=clock_word(left_s))


def no_time_sentence(*, is_finished: bool) -> str:
    """Why there is nothing to extend."""
    if not is_finished:
        return translate("CallCard", "The card's time begins when the call ends.")
    return translate("CallCard", "This card waits for you as long as you like.")


def completed_text(number: str) -> str:
    """Nobody saved the card in time."""
    return translate("CallCard", "The card of {number} was saved as it stood: its time was over.").format(number=number)


def completed_mark() -> str:
    return translate("CallCard", "Completed automatically: nobody saved it in time.")


def sent_text(crm_names: Sequence[str] = (BITRIX24,)) -> str:
    """A saved card that is in these CRMs."""
    return translate("CallCard", "Saved. Sent to {crm}.").format(crm=_crms(crm_names))


def waiting_for_crm_text(crm_names: Sequence[str] = (BITRIX24,)) -> str:
    """A saved card on its way to these CRMs."""
    return translate("CallCard", "Saved. Waiting for {crm}.").format(crm=_crms(crm_names))


def _crms(crm_names: Sequence[str]) -> str:
    return QLocale().createSeparatedList([crm_word(crm_name) for crm_name in crm_names])


def recording_follows_text() -> str:
    return translate("CallCard", "The recording follows as soon as the phone system gives it.")


def crm_card_text(outcome: CrmCardShow) -> str:
    """What came of showing Bitrix24's own card, or why there is none."""
    sentences = {
        CrmCardShow.SHOWN: translate("CallCard", "Bitrix24 shows the card of this call."),
        CrmCardShow.GONE: translate("CallCard", "Bitrix24 has no such open call any more, so it shows no card."),
        CrmCardShow.FINISHED: translate(
            "CallCard", "The call is finished in Bitrix24 already. Open it from the receipt or the queue."
        ),
        CrmCardShow.NOT_REGISTERED: translate(
            "CallCard",
            "Bitrix24 does not know this call yet. It does from the first ring on where the administrator sets"
            " bitrix24.register_at to ring.",
        ),
        CrmCardShow.NOT_CONNECTED: translate("CallCard", "Bitrix24 is not connected. Connect it first."),
    }
    return sentences[outcome]


def no_card_to_show_text() -> str:
    return translate("CallCard", "No card is shown, so there is none to show in Bitrix24.")


def set_aside_text(count: int) -> str:
    return translate("CallCard", "Set aside: {count}").format(count=count)


def set_aside_done_text() -> str:
    return translate("CallCard", "The card is set aside. It waits in the queue.")


def clock_word(seconds: int) -> str:
    minutes, rest = duration_parts(seconds)
    return f"{minutes}:{rest:02d}"


def step_word(step: str) -> str:
    """A step of the delivery; a step this version does not know is shown by its own name."""
    words = {
        "register": translate("CallCard", "Call registered"),
        "finish": translate("CallCard", "Call card filled in"),
        "note": translate("CallCard", "Notes added to the customer"),
        "record": translate("CallCard", "Recording attached"),
        "hide": translate("CallCard", "Call card hidden"),
        "contact": translate("CallCard", "Contact in amoCRM"),
        "call": translate("CallCard", "Call in amoCRM"),
    }
    return words.get(step, step)


def mark_glyph(mark: StepMark) -> str:
    glyphs = {
        StepMark.WAITING: "○",
        StepMark.SENDING: "→",
        StepMark.UNSURE: "?",
        StepMark.DONE: "✓",
        StepMark.PARKED: "!",
    }
    return glyphs[mark]


def mark_word(mark: StepMark) -> str:
    words = {
        StepMark.WAITING: translate("CallCard", "waiting"),
        StepMark.SENDING: translate("CallCard", "sending"),
        StepMark.UNSURE: translate("CallCard", "checking whether it arrived"),
        StepMark.DONE: translate("CallCard", "done"),
        StepMark.PARKED: translate("CallCard", "needs you"),
    }
    return words[mark]
