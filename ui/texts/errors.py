"""Errors in words: what happened and what to do. Codes come from `app.errors` and from the vendors'
mnemonics; those of the phone system are in `vendor_errors`."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from app.domain.phone_number import format_phone_number
from app.errors import (
    LimitExceeded,
    LinkError,
    OutcomeUnknown,
    PultError,
    Refused,
    RightsMissing,
    SecretsError,
    SettingsError,
    SignInRefused,
    StorageError,
    plain_text,
)
from app.logs import redact
from ui.texts.marking import QT_TRANSLATE_NOOP
from ui.texts.times import wait_text
from ui.texts.vendor_errors import PBX_WORDINGS

_BITRIX24_FAILED = QT_TRANSLATE_NOOP("Errors", "Bitrix24 failed in the middle. Look there before you try again.")

_CODES: dict[str, str] = {
    # Nothing was sent.
    "dns": QT_TRANSLATE_NOOP("Errors", "The server's name cannot be found. Check the address and the network."),
    "connect": QT_TRANSLATE_NOOP("Errors", "No connection to the server. Check the network and the firewall."),
    "tls": QT_TRANSLATE_NOOP(
        "Errors", "The server's certificate was not accepted. Check this computer's clock and the company's proxy."
    ),
    "proxy": QT_TRANSLATE_NOOP("Errors", "The proxy refused. Check the proxy settings of this computer."),
    "connect_timeout": QT_TRANSLATE_NOOP("Errors", "The server did not answer in time. Check the network."),
    "insecure_url": QT_TRANSLATE_NOOP("Errors", "Only https:// addresses are allowed. Correct it in Connect."),
    "bad_url": QT_TRANSLATE_NOOP("Errors", "This is not a full address. Correct it in Connect."),
    "bad_request": QT_TRANSLATE_NOOP(
        "Errors", "The request could not be built. Check the text and the address for stray characters."
    ),
    "bad_trust_store": QT_TRANSLATE_NOOP(
        "Errors", "This computer's certificates cannot be read, nothing was sent. Ask the administrator."
    ),
    "closed": QT_TRANSLATE_NOOP("Errors", "The connection was closed here, nothing was sent. Try again."),
    "not_configured": QT_TRANSLATE_NOOP("Errors", "Not signed in to the phone system. Open Connect."),
    # Sent, no answer that can be trusted.
    "read_timeout": QT_TRANSLATE_NOOP("Errors", "No answer came. Look at the list before you try again."),
    "connection_lost": QT_TRANSLATE_NOOP("Errors", "The connection broke. Look at the list before you try again."),
    "reply_too_large": QT_TRANSLATE_NOOP("Errors", "The answer was too long. Look at the list before you try again."),
    "reply_undecodable": QT_TRANSLATE_NOOP(
        "Errors", "The answer could not be read. Look at the list before you try again; check the address in Connect."
    ),
    "reply_unexpected": QT_TRANSLATE_NOOP(
        "Errors", "The answer was not the expected one. Look at the list before you try again."
    ),
    "http_status": QT_TRANSLATE_NOOP(
        "Errors", "The server answered with an error page. Look at the list before you try again."
    ),
    "sign_in_unanswered": QT_TRANSLATE_NOOP("Errors", "The sign-in was not answered. Nothing was sent; try again."),
    "signed_out": QT_TRANSLATE_NOOP("Errors", "Nobody is signed in to the phone system. Sign in in Connect."),
    "bad_dtmf": QT_TRANSLATE_NOOP("Errors", "Only digits, * and # can be sent."),
    # A plan of several commands, stopped on the way.
    "call_gone": QT_TRANSLATE_NOOP("Errors", "The caller has hung up."),
    "effect_not_seen": QT_TRANSLATE_NOOP(
        "Errors", "The phone system accepted it, but the list of calls does not show it. Look before you try again."
    ),
    "link_lost": QT_TRANSLATE_NOOP("Errors", "The link to the phone system broke in the middle. Look at the call."),
    "operator_left": QT_TRANSLATE_NOOP("Errors", "Your phone has left the call."),
    "tag_call_gone": QT_TRANSLATE_NOOP(
        "Errors", "The call was over before the tag was sent. Note it in the card, or tag the call in the cabinet."
    ),
    "report_too_long": QT_TRANSLATE_NOOP(
        "Errors",
        "The phone system's report has more calls than can be read. It is tried again; the administrator may lower"
        " card.look_back_h.",
    ),
    "no_data_api": QT_TRANSLATE_NOOP(
        "Errors", "The lists of the phone system are not set up here. The administrator sets pbx.data_api_url."
    ),
    # Secrets and storage.
    "no_keyring": QT_TRANSLATE_NOOP(
        "Errors", "There is no keyring on this computer; sign-in data is kept for this run only."
    ),
    "backend_refused": QT_TRANSLATE_NOOP(
        "Errors", "The keyring found is not safe; sign-in data is kept for this run only."
    ),
    "keyring_locked": QT_TRANSLATE_NOOP("Errors", "The keyring is locked. Unlock it and try again."),
    "keyring_timeout": QT_TRANSLATE_NOOP("Errors", "The keyring does not answer. Unlock it and try again."),
    "import_failed": QT_TRANSLATE_NOOP(
        "Errors", "The keyring of this computer cannot be used. Ask the administrator to install Pult again."
    ),
    "keyring_failed": QT_TRANSLATE_NOOP("Errors", "The keyring refuses. Unlock it, or ask the administrator."),
    "secret_damaged": QT_TRANSLATE_NOOP("Errors", "The stored sign-in data is incomplete. Give it again in Connect."),
    "disk_full": QT_TRANSLATE_NOOP("Errors", "The disk is full; nothing was saved. Free some space and save again."),
    "read_only": QT_TRANSLATE_NOOP(
        "Errors", "The data folder cannot be written; nothing was saved. Ask the administrator."
    ),
    "commit_unknown": QT_TRANSLATE_NOOP("Errors", "It is not certain that it was saved. Look before you save again."),
    "database_damaged": QT_TRANSLATE_NOOP("Errors", "The database is damaged. Ask the administrator."),
    "database_newer": QT_TRANSLATE_NOOP("Errors", "The data was written by a newer Pult. Install the newer version."),
    "database_in_use": QT_TRANSLATE_NOOP("Errors", "Another Pult uses this data folder. Close it, then start again."),
    "disk_error": QT_TRANSLATE_NOOP("Errors", "The disk reports an error; nothing was saved. Ask the administrator."),
    "database_error": QT_TRANSLATE_NOOP(
        "Errors", "The database refused; nothing was saved. Try again, then ask the administrator."
    ),
    "database_closed": QT_TRANSLATE_NOOP("Errors", "Pult is closing; this was not saved."),
    "migration_failed": QT_TRANSLATE_NOOP(
        "Errors", "The data could not be brought up to this version; a copy lies beside it. Ask the administrator."
    ),
    "export_not_written": QT_TRANSLATE_NOOP("Errors", "The file could not be written. Choose another place."),
    "no_such_card": QT_TRANSLATE_NOOP("Errors", "There is no such card any more."),
    # Bitrix24, where the card's own reasons do not speak.
    "http_refused": QT_TRANSLATE_NOOP("Errors", "Bitrix24 answered with an error page. Check the webhook in Connect."),
    "error_unexpected": _BITRIX24_FAILED,
    "error_unexpected_answer": _BITRIX24_FAILED,
    "internal_server_error": _BITRIX24_FAILED,
    "not_found": QT_TRANSLATE_NOOP("Errors", "Bitrix24 does not have this any more."),
    "call_not_in_statistics": QT_TRANSLATE_NOOP("Errors", "Bitrix24 has not finished this call. It is tried again."),
    "no_parked_note": QT_TRANSLATE_NOOP("Errors", "No note of this card waits for a customer any more."),
    "bad_start_date": QT_TRANSLATE_NOOP("Errors", "Bitrix24 does not take the call's time. Tell the administrator."),
    "unknown_type": QT_TRANSLATE_NOOP("Errors", "Bitrix24 does not take this kind of call. Tell the administrator."),
    # The administrator's file.
    "unknown_key": QT_TRANSLATE_NOOP("Errors", "this setting is not known. Remove it or correct its name."),
    "missing_key": QT_TRANSLATE_NOOP("Errors", "a setting is missing here. Add it."),
    "wrong_type": QT_TRANSLATE_NOOP("Errors", "the value is of the wrong kind. Correct it."),
    "bad_value": QT_TRANSLATE_NOOP("Errors", "this value is not allowed. Correct it."),
    "not_toml": QT_TRANSLATE_NOOP("Errors", "The settings file is not valid TOML. Correct it."),
    "unreadable": QT_TRANSLATE_NOOP("Errors", "The settings file cannot be read. Check its path and rights."),
    "secret_in_config": QT_TRANSLATE_NOOP(
        "Errors", "secrets do not belong in the settings file. Remove it there and give it in Connect."
    ),
}

_REFUSED = QT_TRANSLATE_NOOP("Errors", "The other side refused ({code}).")
_UNFORESEEN = QT_TRANSLATE_NOOP("Errors", "It did not work ({code}).")
_PHONE_NUMBERS = frozenset({"virtual_phone_number", "contact", "contact_phone_number"})
_FACT_CAP = 100
_MESSAGE_CAP = 200

_KINDS: tuple[tuple[type[PultError], str], ...] = (
    (LimitExceeded, PBX_WORDINGS["limit_exceeded"][-1].text),
    (SignInRefused, QT_TRANSLATE_NOOP("Errors", "The sign-in was refused. Check it in Connect.")),
    (RightsMissing, PBX_WORDINGS["forbidden"][-1].text),
    (Refused, _REFUSED),
    (OutcomeUnknown, QT_TRANSLATE_NOOP("Errors", "It is not known whether it was done. Look at the list first.")),
    (LinkError, QT_TRANSLATE_NOOP("Errors", "No connection ({code}). Nothing was sent.")),
    (SecretsError, QT_TRANSLATE_NOOP("Errors", "The keyring cannot be used ({code}).")),
    (StorageError, QT_TRANSLATE_NOOP("Errors", "Nothing could be saved ({code}). Ask the administrator.")),
    (SettingsError, QT_TRANSLATE_NOOP("Errors", "The settings cannot be used ({code}).")),
)


def sentence_of(error: PultError) -> str:
    """One plain sentence or two: what happened, what to do. The other side's own words appear in it only when it
    refused in a way nobody foresaw."""
    facts = _facts_of(error)
    text = _CODES.get(error.code) or _wording_of(error.code, facts)
    if text is None:
        text = next((words for kind, words in _KINDS if isinstance(error, kind)), _UNFORESEEN)
        if text == _REFUSED and isinstance(error, Refused):
            return _unforeseen_refusal(error)
    sentence = QCoreApplication.translate("Errors", text).format(**facts)
    if isinstance(error, SettingsError) and error.path:
        return f"{error.path}: {sentence}"
    return sentence


def details_of(error: PultError) -> str:
    """For *Details* and whoever is asked for help: code, the other side's own words and the facts, a line each, plain
    text, secrets blackened."""
    lines = [QCoreApplication.translate("Errors", "Code: {code}").format(code=error.code)]
    if isinstance(error, Refused):
        if error.vendor_code is not None:
            lines[0] += f" ({error.vendor_code})"
        if error.vendor_message:
            message = QCoreApplication.translate("Errors", "Message: {message}")
            lines.append(message.format(message=redact(error.vendor_message)))
    if isinstance(error, SettingsError) and error.path:
        lines.append(error.path)
    lines += [f"{name}: {redact(_plain(value))}" for name, value in sorted(error.params.items())]
    return "\n".join(lines)


def _unforeseen_refusal(error: Refused) -> str:
    """Code, the other side's words and the facts, in one line of plain text."""
    code = error.code if error.vendor_code is None else f"{error.code} {error.vendor_code}"
    sentence = QCoreApplication.translate("Errors", _REFUSED).format(code=code)
    facts = "; ".join(f"{name}: {_plain(value)}" for name, value in sorted(error.params.items()))
    message = plain_text(error.vendor_message, _MESSAGE_CAP)
    said = f"“{message}”" if message else ""
    return " ".join(part for part in (sentence, redact(said), redact(facts)) if part)


def _wording_of(code: str, facts: Mapping[str, str]) -> str | None:
    return next((wording.text for wording in PBX_WORDINGS.get(code, ()) if wording.fits(facts)), None)


def _facts_of(error: PultError) -> dict[str, str]:
    """What came along, as text for the placeholders; numbers as people write them."""
    facts = {name: _plain(value) for name, value in error.params.items()}
    for name in _PHONE_NUMBERS & facts.keys():
        facts[name] = format_phone_number(facts[name])
    facts["code"] = error.code
    if isinstance(error, LimitExceeded) and error.resets_in_s is not None:
        facts["resets_in"] = wait_text(error.resets_in_s)
    return facts


def _plain(value: object) -> str:
    return plain_text(str(value), _FACT_CAP)


def unexpected_error_sentence(kind: str) -> str:
    """For an error of the program itself; `kind` is the class's name, for whoever reports it."""
    return QCoreApplication.translate(
        "Errors", "Something in Pult went wrong ({kind}). The calls go on; details are in the log."
    ).format(kind=kind)
