"""What is typed on the command line, understood as in the window: numbers and messages. Refuses the rest."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from app.commands.call_result import WrongUsageError
from app.domain.dialling import Dialled, DialProblem, understand_dialled
from app.domain.spoken_message import SpokenMessage
from app.settings import Settings

DIAL_SENTENCES: Mapping[DialProblem, str] = {
    DialProblem.EMPTY: "NUMBER is empty. Give the number to call.",
    DialProblem.INTERNAL: (
        "This is an extension, and the PBX starts calls to outside numbers only. Dial it on the phone, or use"
        " `call consult` while a caller is held."
    ),
    DialProblem.TOO_SHORT: "The number is too short. Give it with its area code.",
    DialProblem.TOO_LONG: "The number is too long. Check it for digits too many.",
    DialProblem.NOT_A_NUMBER: "This is not a phone number. Give digits, as people write them.",
    DialProblem.SEVERAL: "These are several numbers. Give one.",
    DialProblem.OWN_LINE: "This is a line of the account itself, nobody would answer. Give another number.",
    DialProblem.BAD_TAIL: "The keys after the number are not clear. Give them by --dtmf: 0-9, *, #, dots for pauses.",
}
_PLAIN_DIGITS = frozenset("0123456789*#")


def number_to_call(typed: str, own_lines: frozenset[str]) -> Dialled:
    """Whom to start a call with. Raises WrongUsageError."""
    dialled = understand_dialled(typed, own_lines=own_lines)
    if dialled.problem is not None:
        raise WrongUsageError(f"number_{dialled.problem.value}", DIAL_SENTENCES[dialled.problem])
    return dialled


def number_to_reach(typed: str) -> str:
    """Whom to ring into a live call: there the PBX takes extensions and SIP numbers too (uis-notes §6.17)."""
    number = typed.strip()
    if number and _PLAIN_DIGITS.issuperset(number):
        return number
    dialled = understand_dialled(typed)
    if dialled.problem not in (None, DialProblem.INTERNAL):
        raise WrongUsageError(f"number_{dialled.problem.value}", DIAL_SENTENCES[dialled.problem])
    if dialled.dial_tail:
        raise WrongUsageError(
            "number_bad_tail", "No keys can be sent after this number. Leave them out; use `call dtmf`."
        )
    return dialled.number


def own_number(typed: str, option: str) -> str:
    """A number of our side or of the account: digits without a plus."""
    number = typed.strip().removeprefix("+")
    digits = "".join(character for character in number if character in "0123456789")
    if not digits or not set(number) <= set("0123456789 -()"):
        raise WrongUsageError("number_not_a_number", f"{option} takes a phone number, digits only.")
    return digits


def message_of(arguments: argparse.Namespace, settings: Settings) -> SpokenMessage | None:
    """--message or --media. Raises WrongUsageError for a text that is empty or longer than the tariff allows."""
    return message_from(arguments.message, arguments.media, settings, "--message")


def message_from(text: str | None, media_file_id: int | None, settings: Settings, option: str) -> SpokenMessage | None:
    """A text the PBX speaks or a file it plays; None without either."""
    if media_file_id is not None:
        return SpokenMessage("media", str(media_file_id))
    if text is None:
        return None
    longest = settings.pbx.tts_max_length
    if len(spoken(text, f"{option} is empty. Give the text, or leave the option out.")) > longest:
        raise WrongUsageError(
            "text_too_long", f"{option} has {len(text)} characters, {longest} are allowed (pbx.tts_max_length)."
        )
    return SpokenMessage("tts", text)


def spoken(text: str, sentence: str) -> str:
    """The text itself. Raises WrongUsageError when there is nothing in it, or when it cannot be sent."""
    if not text.strip():
        raise WrongUsageError("empty_text", sentence)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise WrongUsageError(
            "not_utf8", "The command line is not valid UTF-8. Check the terminal's encoding."
        ) from None
    return text
