"""Errors in words: what happened and what to do. Codes come from `app.errors` and from the vendors' mnemonics."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

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
)
from ui.texts.marking import QT_TRANSLATE_NOOP

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
    "not_configured": QT_TRANSLATE_NOOP("Errors", "Not signed in to the phone system. Open Connect."),
    # Sent, no answer that can be trusted.
    "read_timeout": QT_TRANSLATE_NOOP("Errors", "No answer came. Look at the list before you try again."),
    "connection_lost": QT_TRANSLATE_NOOP("Errors", "The connection broke. Look at the list before you try again."),
    # The phone system said no.
    "auth_error": QT_TRANSLATE_NOOP("Errors", "Login or password is wrong. Correct it in Connect."),
    "access_token_invalid": QT_TRANSLATE_NOOP(
        "Errors", "The sign-in is not accepted any more. Sign in again in Connect."
    ),
    "access_token_expired": QT_TRANSLATE_NOOP(
        "Errors", "The permanent key has expired. Ask the administrator for a new one."
    ),
    "access_token_blocked": QT_TRANSLATE_NOOP("Errors", "The permanent key is blocked. Ask the administrator."),
    "ip_not_whitelisted": QT_TRANSLATE_NOOP(
        "Errors", "This computer's address is not allowed. The administrator adds it in the phone system's cabinet."
    ),
    "component_disabled": QT_TRANSLATE_NOOP(
        "Errors", "The phone system's plan lacks a component. Ask the administrator."
    ),
    "account_inactive": QT_TRANSLATE_NOOP(
        "Errors", "The phone system's account is switched off. Ask the administrator."
    ),
    "forbidden": QT_TRANSLATE_NOOP("Errors", "The phone system does not allow this. Ask the administrator."),
    "limit_exceeded": QT_TRANSLATE_NOOP("Errors", "The account's points are used up for now. Try again in a minute."),
    "call_session_not_found": QT_TRANSLATE_NOOP("Errors", "The call is over already."),
    "invalid_state": QT_TRANSLATE_NOOP("Errors", "The call has changed meanwhile; this cannot be done now."),
    "no_active_phone_number": QT_TRANSLATE_NOOP("Errors", "This number does not exist or is switched off."),
    "own_virtual_phone_number_not_allowed": QT_TRANSLATE_NOOP(
        "Errors", "This is one of the company's own lines; choose another."
    ),
    "contact_in_blacklist": QT_TRANSLATE_NOOP("Errors", "This number is on the blacklist."),
    "employee_not_found": QT_TRANSLATE_NOOP("Errors", "The phone system does not know this employee."),
    "tag_not_found": QT_TRANSLATE_NOOP("Errors", "The phone system does not know this tag."),
    "duplicate_tag": QT_TRANSLATE_NOOP("Errors", "The call has this tag already."),
    "leg_not_found": QT_TRANSLATE_NOOP("Errors", "This participant has left already."),
    "coach_not_found": QT_TRANSLATE_NOOP(
        "Errors", "No coach is set for this employee. Give a number, or ask the administrator."
    ),
    "record_already_started": QT_TRANSLATE_NOOP("Errors", "The call is being recorded already."),
    "record_already_stopped": QT_TRANSLATE_NOOP("Errors", "The call is not being recorded."),
    "tts_text_exceeded": QT_TRANSLATE_NOOP("Errors", "The hold message is too long. Shorten it in the settings."),
    "media_file_not_found": QT_TRANSLATE_NOOP(
        "Errors", "The hold message's file is not there. Correct it in the settings."
    ),
    "virtual_phone_number_not_found": QT_TRANSLATE_NOOP("Errors", "The company's number in the settings is not known."),
    "internal_error": QT_TRANSLATE_NOOP(
        "Errors", "The phone system had an error of its own. Try again; then ask its support."
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
    "disk_full": QT_TRANSLATE_NOOP("Errors", "The disk is full; nothing was saved. Free some space and save again."),
    "read_only": QT_TRANSLATE_NOOP(
        "Errors", "The data folder cannot be written; nothing was saved. Ask the administrator."
    ),
    "commit_unknown": QT_TRANSLATE_NOOP("Errors", "It is not certain that it was saved. Look before you save again."),
    "database_damaged": QT_TRANSLATE_NOOP("Errors", "The database is damaged. Ask the administrator."),
    "database_newer": QT_TRANSLATE_NOOP("Errors", "The data was written by a newer Pult. Install the newer version."),
    "database_in_use": QT_TRANSLATE_NOOP("Errors", "Another Pult uses this data folder."),
}

_KINDS: tuple[tuple[type[PultError], str], ...] = (
    (LimitExceeded, _CODES["limit_exceeded"]),
    (SignInRefused, QT_TRANSLATE_NOOP("Errors", "The sign-in was refused. Check it in Connect.")),
    (RightsMissing, _CODES["forbidden"]),
    (Refused, QT_TRANSLATE_NOOP("Errors", "The other side refused ({code}).")),
    (OutcomeUnknown, QT_TRANSLATE_NOOP("Errors", "It is not known whether it was done. Look at the list first.")),
    (LinkError, QT_TRANSLATE_NOOP("Errors", "No connection ({code}). Nothing was sent.")),
    (SecretsError, QT_TRANSLATE_NOOP("Errors", "The keyring cannot be used ({code}).")),
    (StorageError, QT_TRANSLATE_NOOP("Errors", "Nothing could be saved ({code}). Ask the administrator.")),
    (SettingsError, QT_TRANSLATE_NOOP("Errors", "The settings cannot be used ({code}).")),
)


def sentence_of(error: PultError) -> str:
    """One plain sentence or two: what happened, what to do. The vendor's own words never appear in it."""
    text = _CODES.get(error.code)
    if text is None:
        text = next((words for kind, words in _KINDS if isinstance(error, kind)), None)
    if text is None:
        return QCoreApplication.translate("Errors", "It did not work ({code}).").format(code=error.code)
    sentence = QCoreApplication.translate("Errors", text).format(code=error.code)
    if isinstance(error, SettingsError) and error.path:
        return f"{error.path}: {sentence}"
    return sentence


def unexpected_error_sentence(kind: str) -> str:
    """For an error of the program itself; `kind` is the class's name, for whoever reports it."""
    return QCoreApplication.translate(
        "Errors", "Something in Pult went wrong ({kind}). The calls go on; details are in the log."
    ).format(kind=kind)
