"""Words of what is in hand around the calls: transfers under way, tags counting down, callers lost."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ui.texts.times import duration_text


def armed_text(to: str, stage: str, back_in_s: int | None) -> str:
    """The strip of a consultation or a transfer that this console carries out. `stage`: the value of the service's
    stage; `back_in_s` None: no time runs yet."""
    lines = {
        "holding": QCoreApplication.translate("InHand", "To {to} · putting the caller on hold"),
        "dialling": QCoreApplication.translate("InHand", "To {to} · calling"),
        "ringing": QCoreApplication.translate("InHand", "Transfer to {to} when answered · the phone rings"),
        "completing": QCoreApplication.translate("InHand", "{to} has answered · handing the caller over"),
        "going_back": QCoreApplication.translate("InHand", "{to} did not answer · going back to the caller"),
    }
    if stage == "ringing" and back_in_s is not None:
        waiting = QCoreApplication.translate("InHand", "Transfer to {to} when answered · back in {time}")
        return waiting.format(to=to, time=duration_text(back_in_s))
    return lines[stage].format(to=to)


def for_caller_text(words: str, caller: str) -> str:
    """The same when it is about another call than the one shown."""
    return QCoreApplication.translate("InHand", "{words} ({caller})").format(words=words, caller=caller)


def bring_back_text() -> str:
    """Nobody is handed over, and the operator has the caller again."""
    return QCoreApplication.translate("InHand", "Bring the caller back")


def cancel_transfer_text() -> str:
    """The same while the caller has not left the operator yet."""
    return QCoreApplication.translate("InHand", "Cancel the transfer")


def bring_back_tip(label: str, key: str) -> str:
    return QCoreApplication.translate("InHand", "{label} ({key})").format(label=label, key=key)


def armed_done_text(to: str) -> str:
    return QCoreApplication.translate("InHand", "The caller is with {to}.").format(to=to)


def back_no_answer_text(to: str) -> str:
    return QCoreApplication.translate("InHand", "{to} did not answer: you have the caller again.").format(to=to)


def armed_failed_text(to: str, code: str, reason: str) -> str:
    """Why it stopped: `code` of the service's own reasons, else `reason`, a whole sentence or empty."""
    lines = {
        "call_gone": QCoreApplication.translate("InHand", "The caller hung up before {to} answered."),
        "operator_left": QCoreApplication.translate("InHand", "Your phone left the call before {to} answered."),
        "effect_not_seen": QCoreApplication.translate(
            "InHand", "The transfer to {to} stopped: the list does not show what was asked for. Look at the call."
        ),
    }
    if code in lines:
        return lines[code].format(to=to)
    line = QCoreApplication.translate("InHand", "The transfer to {to} stopped; the call stays with you.").format(to=to)
    return f"{line} {reason}".strip()


def tag_strip_text(tag: str, left_s: int) -> str:
    """A tag that has not gone out yet. `left_s` in whole seconds."""
    return QCoreApplication.translate("InHand", "Tag “{tag}” in {left_s} s").format(tag=tag, left_s=left_s)


def undo_text(key: str) -> str:
    return QCoreApplication.translate("InHand", "Undo ({key})").format(key=key)


def tag_undone_text(tag: str) -> str:
    return QCoreApplication.translate("InHand", "Tag “{tag}” was not set.").format(tag=tag)


def lost_text(caller: str, to: str) -> str:
    """A caller nobody took after a transfer; `to` is empty when this console did not dial the colleague."""
    if not to:
        return QCoreApplication.translate("InHand", "{caller} was lost in the transfer.").format(caller=caller)
    return QCoreApplication.translate("InHand", "{caller} was lost in the transfer to {to}.").format(
        caller=caller, to=to
    )


def lost_title() -> str:
    return QCoreApplication.translate("InHand", "A caller was lost")


def call_back_text() -> str:
    return QCoreApplication.translate("InHand", "Call back")


def dismiss_text() -> str:
    return QCoreApplication.translate("InHand", "Dismiss")
