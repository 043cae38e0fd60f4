"""Words of the command row: tooltips, what became of a command, questions before one."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.domain.actions import CallAction
from ui.panels.command_bar.view_state import ButtonPhase
from ui.texts.calls import action_text, purpose_text
from ui.texts.marking import QT_TRANSLATE_NOOP

_PHASES: dict[ButtonPhase, str] = {
    ButtonPhase.SENDING: QT_TRANSLATE_NOOP("Commands", "{action}: sending…"),
    ButtonPhase.ACCEPTED: QT_TRANSLATE_NOOP("Commands", "{action}: accepted, waiting to see it in the list."),
    ButtonPhase.CONFIRMED: QT_TRANSLATE_NOOP("Commands", "{action}: confirmed."),
    ButtonPhase.NOT_VISIBLE: QT_TRANSLATE_NOOP(
        "Commands", "{action}: accepted, but the list of calls does not show it. Look before you try again."
    ),
    ButtonPhase.NEVER_KNOWN: QT_TRANSLATE_NOOP(
        "Commands", "{action}: nobody knows whether it was done, the list does not show it. Look before you try again."
    ),
    ButtonPhase.REFUSED: QT_TRANSLATE_NOOP("Commands", "{action}: refused."),
    ButtonPhase.UNKNOWN: QT_TRANSLATE_NOOP("Commands", "{action}: no answer yet, looking into the list of calls…"),
    ButtonPhase.NOT_SENT: QT_TRANSLATE_NOOP("Commands", "{action}: not sent."),
}


def phase_text(action: CallAction, phase: ButtonPhase, error_text: str = "", *, name: str = "") -> str:
    """What became of a command, in one line; empty for IDLE. An error's sentence is added. `name`: of the talk option
    or the tag, in place of the command's own."""
    if phase is ButtonPhase.IDLE:
        return ""
    name = name or action_text(action).rstrip("…")
    line = QCoreApplication.translate("Commands", _PHASES[phase]).format(action=name)
    # What to do about a lost answer is in the line already; twice is too long for the bottom of the window.
    return line if phase is ButtonPhase.NEVER_KNOWN else f"{line} {error_text}".strip()


def button_tip(action: CallAction, key: str, reason: str, *, label: str = "", purpose: str = "") -> str:
    """Tooltip of a button: its name and key, what it does, and why it is off. `label` and `purpose` where they are not
    the command's usual ones."""
    label = label or action_text(action)
    head = f"{label} ({key})" if key else label
    return "\n".join(part for part in (head, purpose or purpose_text(action), reason) if part)


def named_tag_text(name: str) -> str:
    """A tag by its name, in the sentence about what became of it."""
    return QCoreApplication.translate("Commands", "Tag “{name}”").format(name=name)


def transfer_text() -> str:
    """The label of *Complete transfer* while nobody has been called yet."""
    return QCoreApplication.translate("Commands", "Transfer…")


def transfer_purpose_text() -> str:
    return QCoreApplication.translate("Commands", "Choose a colleague; the caller goes over when they answer.")


def hold_reasons_tip(key: str) -> str:
    """About the small arrow on *Hold*."""
    return QCoreApplication.translate("Commands", "The small arrow ({key}): hold with a reason.").format(key=key)


def usual_hold_text() -> str:
    """The first entry of the menu: what *Hold* does by itself."""
    return QCoreApplication.translate("Commands", "The usual message")


def hold_reason_text(name: str, promised: str) -> str:
    """A reason in the menu, with the time it promises the caller; `promised` is empty when it promises none."""
    if not promised:
        return name
    return QCoreApplication.translate("Commands", "{name} · back within {time}").format(name=name, time=promised)


def no_hold_reasons_text() -> str:
    return QCoreApplication.translate(
        "Commands", "No reasons are set up. They stand in config.toml under pbx.hold_message.presets."
    )


def talk_options_title() -> str:
    return QCoreApplication.translate("Commands", "Talk options")


def option_tip(name: str, key: str, reason: str) -> str:
    """Tooltip of a talk option: its name and key, what it is, and why it is off."""
    head = f"{name} ({key})" if key else name
    return "\n".join(part for part in (head, purpose_text(CallAction.USE_TALK_OPTION), reason) if part)


def no_such_option_text(digit: str) -> str:
    """For Alt+5 when no option is on that phone key."""
    return QCoreApplication.translate("Commands", "There is no talk option on phone key {digit}.").format(digit=digit)


def caller_lost_warning() -> str:
    """The line under the row while the colleague still rings."""
    return QCoreApplication.translate("Commands", "Transfer now: the caller is lost if nobody answers.")


def another_call_text() -> str:
    """Why a press was not taken: the call it was meant for is over, and another one stands in its place."""
    return QCoreApplication.translate(
        "Commands", "Another call has just come up. Look at it, then press again if you mean it."
    )


def dtmf_progress_text(sent: int, total: int) -> str:
    """How far a sequence of keys has got."""
    return QCoreApplication.translate("Commands", "{sent} of {total} sent").format(sent=sent, total=total)


def foreign_call_title() -> str:
    """Title of the question before a command on somebody else's call."""
    return QCoreApplication.translate("Commands", "Not your call")


def foreign_call_question(action: CallAction, caller: str, employee: str) -> str:
    """The question itself, naming the caller and the employee."""
    if not employee:
        return QCoreApplication.translate(
            "Commands", "“{action}” on the call of {caller}, which no employee has taken yet?"
        ).format(action=action_text(action).rstrip("…"), caller=caller)
    return QCoreApplication.translate(
        "Commands", "“{action}” on the call of {caller} with {employee}? It is not your call."
    ).format(action=action_text(action).rstrip("…"), caller=caller, employee=employee)


def transfer_title() -> str:
    """Title of the small window behind *Consult…* and *Transfer…*."""
    return QCoreApplication.translate("Commands", "Consult or transfer")


def consult_button() -> str:
    return QCoreApplication.translate("Commands", "Consult")


def when_answered_button() -> str:
    return QCoreApplication.translate("Commands", "Transfer when answered")


def note_label() -> str:
    return QCoreApplication.translate("Commands", "Spoken to the colleague first (optional)")


def note_hint() -> str:
    return QCoreApplication.translate("Commands", "Who is calling, and about what")


def note_left_text(characters: int) -> str:
    """How much longer the note may be."""
    return QCoreApplication.translate("Commands", "Characters left: {count}").format(count=characters)


def note_cost_text() -> str:
    return QCoreApplication.translate("Commands", "the caller waits until the note has been spoken")


def back_after_text(seconds: int, key: str) -> str:
    """What *Transfer when answered* does when nobody answers."""
    return QCoreApplication.translate(
        "Commands", "Transfer when answered ({key}): if nobody answers within {seconds} s, the caller is back with you."
    ).format(seconds=seconds, key=key)


def block_title() -> str:
    return QCoreApplication.translate("Commands", "Block this caller?")


def block_question(caller: str, employee: str) -> str:
    """`employee`: who has the call when it is not mine."""
    question = QCoreApplication.translate(
        "Commands",
        "{caller} goes to the account's blacklist. Nobody here will hear from this number again, "
        "and it cannot be taken back from here. The call itself goes on.",
    ).format(caller=caller)
    if not employee:
        return question
    whose = QCoreApplication.translate("Commands", "It is not your call. {employee} has it.").format(employee=employee)
    return f"{question}\n{whose}"


def block_button() -> str:
    return QCoreApplication.translate("Commands", "Block")


def coach_title() -> str:
    return QCoreApplication.translate("Commands", "Call in a coach")


def coach_button() -> str:
    return QCoreApplication.translate("Commands", "Call in")


def own_coach_text() -> str:
    """The choice of the coach that the PBX has on record for the employee."""
    return QCoreApplication.translate("Commands", "The coach set for the employee")


def number_label() -> str:
    return QCoreApplication.translate("Commands", "Name or number")


def number_hint() -> str:
    return QCoreApplication.translate("Commands", "Type a name, an extension or a number")


def people_columns() -> tuple[str, str, str]:
    """Headings of the list of colleagues, for screen readers."""
    return (
        QCoreApplication.translate("Commands", "Name"),
        QCoreApplication.translate("Commands", "Number"),
        QCoreApplication.translate("Commands", "What they do now"),
    )


def nobody_found_text() -> str:
    """In place of an empty list of colleagues."""
    return QCoreApplication.translate("Commands", "No such colleague. Type an extension or a phone number instead.")


def number_only_text(number: str) -> str:
    """The same while a number stands in the field that belongs to no colleague."""
    return QCoreApplication.translate("Commands", "No colleague has this number. {number} will be called.").format(
        number=number
    )


def as_it_is_text(number: str) -> str:
    """The same for digits that are no telephone number: an extension nobody has told us of, or a slip."""
    return QCoreApplication.translate("Commands", "Nobody here has {number}; it will be dialled as it is.").format(
        number=number
    )


def keys_left_out_text(keys: str) -> str:
    """For an extension behind a telephone number."""
    return QCoreApplication.translate(
        "Commands", "The keys after it ({keys}) are not sent: press them on the keypad once they answer."
    ).format(keys=keys.lstrip("."))


def cancel_text() -> str:
    return QCoreApplication.translate("Commands", "Cancel")


def close_text() -> str:
    return QCoreApplication.translate("Commands", "Close")


def other_tag_text() -> str:
    return QCoreApplication.translate("Commands", "Other tag…")


def tag_number_title() -> str:
    return QCoreApplication.translate("Commands", "Tag by its number")


def tag_number_label() -> str:
    return QCoreApplication.translate("Commands", "Number of the tag")


def tag_button() -> str:
    return QCoreApplication.translate("Commands", "Tag")


def no_such_tag_text(position: int) -> str:
    """For Ctrl+5 when there are four tags."""
    return QCoreApplication.translate("Commands", "There is no tag number {position} in the settings.").format(
        position=position
    )


def keypad_title() -> str:
    return QCoreApplication.translate("Commands", "Keypad")


def sequence_label() -> str:
    return QCoreApplication.translate("Commands", "Keys to send")


def send_sequence_text() -> str:
    return QCoreApplication.translate("Commands", "Send")
