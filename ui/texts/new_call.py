"""Words of *New call*: how a number was understood, the fields of the details, what became of a start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from app.domain.call_start import FirstCall, StartFault, StartProblem, StartVia
from app.domain.calls import Direction
from app.domain.dialling import Dialled, DialProblem
from ui.panels.active_calls.view_state import shown_number
from ui.panels.new_call.suggestions import Kind, Suggestion
from ui.panels.new_call.ways import Ask
from ui.texts.marking import QT_TRANSLATE_NOOP

translate = QCoreApplication.translate

_VIAS: dict[StartVia, str] = {
    StartVia.EMPLOYEE: QT_TRANSLATE_NOOP("NewCall", "An employee's phone"),
    StartVia.SCENARIO: QT_TRANSLATE_NOOP("NewCall", "A scenario"),
    StartVia.VNUMBER: QT_TRANSLATE_NOOP("NewCall", "The scenario of the line"),
    StartVia.INFORMER: QT_TRANSLATE_NOOP("NewCall", "Play a message"),
    StartVia.SIMPLE: QT_TRANSLATE_NOOP("NewCall", "Any two numbers"),
}
_PURPOSES: dict[StartVia, str] = {
    StartVia.EMPLOYEE: QT_TRANSLATE_NOOP("NewCall", "Rings the employee's phone and the number, and connects them."),
    StartVia.SCENARIO: QT_TRANSLATE_NOOP("NewCall", "Calls the number; on our side the scenario decides who is rung."),
    StartVia.VNUMBER: QT_TRANSLATE_NOOP(
        "NewCall", "Calls the number; on our side the scenario of the line decides who is rung."
    ),
    StartVia.INFORMER: QT_TRANSLATE_NOOP("NewCall", "Calls the number and plays a message. Nobody talks."),
    StartVia.SIMPLE: QT_TRANSLATE_NOOP("NewCall", "Connects the number with any other phone, e.g. a mobile."),
}
_ASKS: dict[Ask, str] = {
    Ask.EMPLOYEE: QT_TRANSLATE_NOOP("NewCall", "Employee"),
    Ask.EMPLOYEE_PHONE: QT_TRANSLATE_NOOP("NewCall", "Employee's phone"),
    Ask.SCENARIO: QT_TRANSLATE_NOOP("NewCall", "Scenario"),
    Ask.OPERATOR_NUMBER: QT_TRANSLATE_NOOP("NewCall", "Our number"),
    Ask.OPERATOR_CONFIRMATION: QT_TRANSLATE_NOOP("NewCall", "Key to take the call"),
    Ask.FIRST_CALL: QT_TRANSLATE_NOOP("NewCall", "Rings first"),
    Ask.CONTACT_MESSAGE: QT_TRANSLATE_NOOP("NewCall", "Message to the contact"),
    Ask.OUR_MESSAGE: QT_TRANSLATE_NOOP("NewCall", "Message to our side"),
    Ask.MEDIA_FILE: QT_TRANSLATE_NOOP("NewCall", "Music while ringing"),
    Ask.SWITCH_AT_ONCE: QT_TRANSLATE_NOOP("NewCall", "Connect without hearing messages out"),
    Ask.EARLY_SWITCHING: QT_TRANSLATE_NOOP("NewCall", "Hear the contact's line while it rings"),
    Ask.SHOWS_LINE: QT_TRANSLATE_NOOP("NewCall", "Our phone shows"),
    Ask.DIALLING_TIMEOUT: QT_TRANSLATE_NOOP("NewCall", "Ring for, s"),
    Ask.DIAL_TAIL: QT_TRANSLATE_NOOP("NewCall", "Keys after the answer"),
    Ask.DIRECTION: QT_TRANSLATE_NOOP("NewCall", "Counts as"),
    Ask.LINE_USAGE: QT_TRANSLATE_NOOP("NewCall", "Number shown"),
}
_HINTS: dict[Ask, str] = {
    Ask.EMPLOYEE: QT_TRANSLATE_NOOP("NewCall", "Name, or the number in the phone system"),
    Ask.EMPLOYEE_PHONE: QT_TRANSLATE_NOOP("NewCall", "As set for the employee"),
    Ask.SCENARIO: QT_TRANSLATE_NOOP("NewCall", "Name, or the number in the phone system"),
    Ask.OPERATOR_NUMBER: QT_TRANSLATE_NOOP("NewCall", "Digits, e.g. 79261234567"),
    Ask.MEDIA_FILE: QT_TRANSLATE_NOOP("NewCall", "The usual one"),
    Ask.DIALLING_TIMEOUT: QT_TRANSLATE_NOOP("NewCall", "30 if empty"),
    Ask.DIAL_TAIL: QT_TRANSLATE_NOOP("NewCall", "As typed after the number; a dot waits 1 s"),
}
_USAGES: dict[str, str] = {
    "": QT_TRANSLATE_NOOP("NewCall", "The line chosen"),
    "fixed_for_numa": QT_TRANSLATE_NOOP("NewCall", "The one this contact saw before"),
    "random": QT_TRANSLATE_NOOP("NewCall", "Any of ours"),
    "regional_random": QT_TRANSLATE_NOOP("NewCall", "Any of the contact's region"),
    "regional_fixed_for_numa": QT_TRANSLATE_NOOP("NewCall", "Of the region, the same for this contact"),
}
_DIALLED: dict[DialProblem, str] = {
    DialProblem.EMPTY: QT_TRANSLATE_NOOP("NewCall", "Type a number, or choose one below."),
    DialProblem.INTERNAL: QT_TRANSLATE_NOOP(
        "NewCall",
        "Internal numbers cannot be called from here: choose a colleague below, or dial it on the phone.",
    ),
    DialProblem.TOO_SHORT: QT_TRANSLATE_NOOP("NewCall", "The number is too short: the area code may be missing."),
    DialProblem.TOO_LONG: QT_TRANSLATE_NOOP("NewCall", "The number is too long: digits may have been pasted twice."),
    DialProblem.NOT_A_NUMBER: QT_TRANSLATE_NOOP("NewCall", "This is no number, and nobody has this name."),
    DialProblem.SEVERAL: QT_TRANSLATE_NOOP("NewCall", "There are two numbers here. Leave one of them."),
    DialProblem.OWN_LINE: QT_TRANSLATE_NOOP("NewCall", "This is one of the company's own lines; choose another."),
    DialProblem.BAD_TAIL: QT_TRANSLATE_NOOP(
        "NewCall", "The keys after the number cannot be read: only digits, * and # can be sent."
    ),
}
_FAULTS: dict[StartFault, str] = {
    StartFault.MISSING: QT_TRANSLATE_NOOP("NewCall", "This is needed."),
    StartFault.NOT_DIGITS: QT_TRANSLATE_NOOP("NewCall", "Only digits, without a plus."),
    StartFault.TOO_SHORT: QT_TRANSLATE_NOOP("NewCall", "The number is too short."),
    StartFault.TOO_LONG: QT_TRANSLATE_NOOP("NewCall", "The number is too long."),
    StartFault.OWN_LINE: QT_TRANSLATE_NOOP("NewCall", "The line would call itself."),
    StartFault.BAD_KEYS: QT_TRANSLATE_NOOP("NewCall", "Only digits, *, # and dots for pauses."),
    StartFault.NO_DIRECTION: QT_TRANSLATE_NOOP("NewCall", "Choose incoming or outgoing."),
    StartFault.UNKNOWN_RULE: QT_TRANSLATE_NOOP("NewCall", "The phone system does not know this rule."),
    StartFault.NOT_IN_THIS_WAY: QT_TRANSLATE_NOOP("NewCall", "This way has no such choice."),
    StartFault.NEEDS_OUR_SIDE_FIRST: QT_TRANSLATE_NOOP("NewCall", "Only when our side rings first."),
    StartFault.NEEDS_SWITCH_AT_ONCE: QT_TRANSLATE_NOOP(
        "NewCall", "Only together with “Connect without hearing messages out”."
    ),
    StartFault.NO_EFFECT_WITH_TTS: QT_TRANSLATE_NOOP(
        "NewCall", "Has no effect: a spoken text is always heard to its end."
    ),
    StartFault.OUT_OF_RANGE: QT_TRANSLATE_NOOP("NewCall", "From {low} to {high}."),
    StartFault.NEITHER_TTS_NOR_MEDIA: QT_TRANSLATE_NOOP("NewCall", "Choose a text or a sound."),
    StartFault.EMPTY_TEXT: QT_TRANSLATE_NOOP("NewCall", "Type the text, or choose the sound."),
    StartFault.TEXT_TOO_LONG: QT_TRANSLATE_NOOP("NewCall", "{length} characters are too many: at most {max}."),
    StartFault.NOT_A_MEDIA_FILE: QT_TRANSLATE_NOOP("NewCall", "Choose a sound of the account, or type its number."),
}
_MISSING: dict[str, str] = {
    "employee_id": QT_TRANSLATE_NOOP(
        "NewCall", "Whose phone is to ring? Set your employee number in Connect, or choose somebody in the details."
    ),
    "line_number": QT_TRANSLATE_NOOP(
        "NewCall", "No line to call from: the administrator sets pbx.virtual_phone_number in the settings file."
    ),
    "scenario_id": QT_TRANSLATE_NOOP(
        "NewCall", "Which scenario? Choose it in the details, or set pbx.start_scenario_id in the settings file."
    ),
    "operator_number": QT_TRANSLATE_NOOP(
        "NewCall", "Which phone of ours? Type it in the details, or set pbx.operator_number in the settings file."
    ),
    "contact_message": QT_TRANSLATE_NOOP("NewCall", "What is to be played? Choose it in the details."),
}
_NOT_WHOLE = QT_TRANSLATE_NOOP(
    "NewCall",
    "Our phone must be a whole number with its country code, e.g. 79261234567: in the details, or pbx.operator_number"
    " in the settings file.",
)
_BLOCKS: dict[str, str] = {
    "not_connected": QT_TRANSLATE_NOOP("NewCall", "Not called: no connection to the phone system."),
    "sign_in_needed": QT_TRANSLATE_NOOP("NewCall", "Not called: not signed in to the phone system. Open Connect."),
    "limit_reached": QT_TRANSLATE_NOOP(
        "NewCall", "Not called: the account's points are used up, more in {resets_in_s} s."
    ),
    "double_dial": QT_TRANSLATE_NOOP(
        "NewCall", "Not called again: this number was called a moment ago. Press once more in {again_in_s} s."
    ),
    "under_way": QT_TRANSLATE_NOOP("NewCall", "Not called again: a call to this number is being started."),
    "unknown_before": QT_TRANSLATE_NOOP(
        "NewCall", "Not called: nobody knows yet whether the last call to it was started. Answer the question above."
    ),
    "already_in_a_call": QT_TRANSLATE_NOOP(
        "NewCall", "Not called: you already have a call with this number. F2 goes to it."
    ),
}
_STARTED_HERE = QT_TRANSLATE_NOOP(
    "NewCall", "Not called: a call to this number that you started is still going on. It is in the list."
)
_PHASES: dict[str, str] = {
    "sending": QT_TRANSLATE_NOOP("NewCall", "Calling {number}…"),
    "accepted": QT_TRANSLATE_NOOP("NewCall", "Calling {number}: accepted, waiting to see it in the list."),
    "seen": QT_TRANSLATE_NOOP("NewCall", "Calling {number}: it is in the list."),
    "refused": QT_TRANSLATE_NOOP("NewCall", "Call to {number}: refused."),
    "not_sent": QT_TRANSLATE_NOOP("NewCall", "Call to {number}: not sent."),
    "unknown": QT_TRANSLATE_NOOP(
        "NewCall", "Nobody knows whether the call to {number} was started. Looking for it; it is not sent again."
    ),
    "found": QT_TRANSLATE_NOOP("NewCall", "The call to {number} was started after all."),
    "never_known": QT_TRANSLATE_NOOP(
        "NewCall", "It could not be found out whether the call to {number} was started. Did it ring?"
    ),
}


def via_text(via: StartVia) -> str:
    """A way, by who is connected with the contact."""
    return translate("NewCall", _VIAS[via])


def via_purpose(via: StartVia) -> str:
    return translate("NewCall", _PURPOSES[via])


def via_label() -> str:
    return translate("NewCall", "Through")


def ask_label(ask: Ask, via: StartVia) -> str:
    """The name of a field; our side is the employee where there is one."""
    if ask is Ask.OUR_MESSAGE and via in (StartVia.EMPLOYEE, StartVia.SCENARIO):
        return translate("NewCall", "Message to the employee")
    return translate("NewCall", _ASKS[ask])


def ask_hint(ask: Ask) -> str:
    """What stands in an empty field."""
    return translate("NewCall", _HINTS[ask])


def first_call_text(first: FirstCall) -> str:
    if first is FirstCall.CONTACT:
        return translate("NewCall", "The contact")
    return translate("NewCall", "Our side")


def shows_line_text(shows: bool | None) -> str:
    """Which number our phone shows while it rings."""
    if shows is None:
        return translate("NewCall", "As usual")
    return translate("NewCall", "Our line") if shows else translate("NewCall", "The contact's number")


def direction_choice_text(direction: Direction) -> str:
    if direction is Direction.INBOUND:
        return translate("NewCall", "Incoming")
    return translate("NewCall", "Outgoing")


def confirmation_text(key: str) -> str:
    """The key that our side has to press."""
    if not key:
        return translate("NewCall", "None")
    return translate("NewCall", "Any key") if key == "any" else key


def line_usage_text(usage: str) -> str:
    return translate("NewCall", _USAGES[usage])


def message_kind_text(kind: str) -> str:
    if kind == "tts":
        return translate("NewCall", "A text, spoken")
    return translate("NewCall", "A sound") if kind else translate("NewCall", "None")


def left_text(left: int) -> str:
    """How many characters may still be typed."""
    if left < 0:
        return translate("NewCall", "too many: {count}").format(count=-left)
    return translate("NewCall", "left: {count}").format(count=left)


def title_text() -> str:
    return translate("NewCall", "New call")


def call_text() -> str:
    return translate("NewCall", "Call")


def close_text() -> str:
    return translate("NewCall", "Close")


def details_text() -> str:
    return translate("NewCall", "Details")


def field_label() -> str:
    return translate("NewCall", "Number or name")


def field_hint() -> str:
    return translate("NewCall", "A number, or a colleague's name")


def line_text() -> str:
    """The label of the choice of our number."""
    return translate("NewCall", "From line")


def suggestions_label() -> str:
    return translate("NewCall", "Suggestions")


def refresh_text() -> str:
    return translate("NewCall", "Read the lists again")


def suggestion_detail(one: Suggestion, now: datetime | None) -> str:
    """When the number was on the phone last, or how often."""
    if one.kind is Kind.FREQUENT:
        return translate("NewCall", "calls: {count}").format(count=one.times)
    if one.last_at is None:
        return ""
    local = one.last_at.astimezone()
    is_today = now is not None and now.astimezone().date() == local.date()
    return local.strftime("%H:%M") if is_today else local.strftime("%d.%m. %H:%M")


def understood_text(dialled: Dialled, who: str) -> str:
    """How the number was read, with the keys that follow it and whose it is; or what to do about it."""
    if dialled.problem is not None:
        return translate("NewCall", _DIALLED[dialled.problem])
    keys = dialled.dial_tail.replace(".", "")
    shown = shown_number(dialled.number) or dialled.number
    if keys:
        shown = translate("NewCall", "{number}, then keys {keys} after the answer").format(number=shown, keys=keys)
    return f"{shown} · {who}" if who else shown


def other_calls_text(names: Sequence[str]) -> str:
    """Whose calls with the number are going on; empty without any."""
    if not names:
        return ""
    return translate("NewCall", "on the phone with it now: {names}").format(names=", ".join(names))


def problem_text(problem: StartProblem) -> str:
    """What the PBX would refuse, at its field; for what is missing also where it is set."""
    if problem.reason is StartFault.MISSING and problem.field in _MISSING:
        return translate("NewCall", _MISSING[problem.field])
    if problem.field == "operator_number" and problem.reason in (StartFault.TOO_SHORT, StartFault.TOO_LONG):
        return translate("NewCall", _NOT_WHOLE)
    return translate("NewCall", _FAULTS[problem.reason]).format(**problem.params)


def block_text(reason: str, params: Mapping[str, object]) -> str:
    """Why it was not sent; `reason` is a value of StartBlockReason."""
    if reason == "already_in_a_call" and params.get("is_mine") is False:
        return translate("NewCall", _STARTED_HERE)
    seconds = {name: value if isinstance(value, int) else "?" for name, value in params.items()}
    facts = {"resets_in_s": "?", "again_in_s": "?"} | seconds
    return translate("NewCall", _BLOCKS[reason]).format(**facts)


def phase_text(phase: str, number: str, error_text: str = "") -> str:
    """How far a start has got; `phase` is a value of StartPhase. An error's sentence is added where it is the last
    word: that a reply was lost says nothing more of a call that was found."""
    line = translate("NewCall", _PHASES[phase]).format(number=number)
    return f"{line} {error_text}".strip() if phase in ("refused", "not_sent") else line


def calling_text() -> str:
    return translate("NewCall", "Calling…")


def it_rang_text() -> str:
    return translate("NewCall", "It rang")


def it_did_not_text() -> str:
    return translate("NewCall", "It did not")


def settled_text(number: str, *, it_rang: bool) -> str:
    """What the operator's answer means."""
    if it_rang:
        return translate("NewCall", "Noted: the call to {number} was started.").format(number=number)
    return translate("NewCall", "Noted: the call to {number} was not started. It can be called again.").format(
        number=number
    )


def no_last_number_text() -> str:
    return translate("NewCall", "No number has been called yet.")


def me_text(name: str) -> str:
    """The operator's own entry among the employees."""
    return translate("NewCall", "{name} (me)").format(name=name)
