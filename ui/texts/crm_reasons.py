"""Why a card does not move, and what to do about it: a sentence for every code a CRM, the recording or the queue gives.

Errors of everything else are in `errors`. Sentences name the CRM by a placeholder, so that both share them.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from app.errors import PultError, plain_text
from app.logs import redact
from ui.texts.errors import sentence_of
from ui.texts.marking import QT_TRANSLATE_NOOP

BITRIX24, AMOCRM = "bitrix24", "amocrm"
_MESSAGE_CAP = 200
_NAMES = {BITRIX24: QT_TRANSLATE_NOOP("Reasons", "Bitrix24"), AMOCRM: QT_TRANSLATE_NOOP("Reasons", "amoCRM")}

_NO_LINK = QT_TRANSLATE_NOOP("Reasons", "{crm} cannot be reached. The card is sent by itself when it is back.")
_NO_ANSWER = QT_TRANSLATE_NOOP(
    "Reasons", "{crm} did not answer. It will be asked what arrived before anything is sent again."
)
_INTERRUPTED = QT_TRANSLATE_NOOP(
    "Reasons", "Pult ended while this was being sent. It asks {crm} what has arrived before anything is sent again."
)
_HALF_DONE = QT_TRANSLATE_NOOP(
    "Reasons", "{crm} has half of the card. Look at the call there, then press Retry, or discard the card."
)
_LOST = QT_TRANSLATE_NOOP(
    "Reasons", "{crm} does not know this call any more. Look for it there; Retry asks again, Discard lets it be."
)
_SIGN_IN = QT_TRANSLATE_NOOP("Reasons", "{crm} does not accept the sign-in. Give it anew in Connect.")
_WEBHOOK = QT_TRANSLATE_NOOP(
    "Reasons", "{crm} does not accept the sign-in. Ask for a new webhook, or sign the application in again, in Connect."
)
_TOKEN = QT_TRANSLATE_NOOP(
    "Reasons", "{crm} does not accept the token. Ask the administrator for a new one and give it in Connect."
)
_RIGHTS = QT_TRANSLATE_NOOP("Reasons", "{crm} gives too few rights. Ask its administrator.")
_SCOPES = QT_TRANSLATE_NOOP(
    "Reasons", "The webhook or application has too few rights in {crm}. It needs telephony, crm and user."
)
_PLAN = QT_TRANSLATE_NOOP("Reasons", "The plan of {crm} does not allow this. Ask its administrator.")
_BUSY = QT_TRANSLATE_NOOP("Reasons", "{crm} is busy with too many requests. The next try comes by itself.")
_RECORDING_AWAITED = QT_TRANSLATE_NOOP("Reasons", "The recording is not there yet. It is looked for again by itself.")
_RECORDING_FORMAT = QT_TRANSLATE_NOOP(
    "Reasons", "The recording is neither mp3 nor wav, and {crm} takes nothing else. Ask the administrator."
)
_MOVED = QT_TRANSLATE_NOOP("Reasons", "{crm} has moved to another address. Give the new one in Connect.")
_GONE = QT_TRANSLATE_NOOP("Reasons", "{crm} does not have this any more.")
_CUSTOMER_GONE = QT_TRANSLATE_NOOP("Reasons", "The customer is not in {crm} any more. Choose another one.")
_CUSTOMER_CLOSED = QT_TRANSLATE_NOOP(
    "Reasons", "{crm} lets nobody write to this customer with these rights. Choose another one, or ask there."
)
_SUBSCRIPTION = QT_TRANSLATE_NOOP("Reasons", "The subscription of {crm} has ended. Ask its administrator.")
_REPORT = QT_TRANSLATE_NOOP("Reasons", "{crm} does not take the card as Pult sends it. Tell the administrator.")

_REASONS: dict[str, str] = {
    **dict.fromkeys(("dns", "connect", "proxy", "closed", "connect_timeout"), _NO_LINK),
    **dict.fromkeys(
        (
            "read_timeout",
            "connection_lost",
            "reply_too_large",
            "reply_undecodable",
            "reply_unexpected",
            "http_status",
            "database_error",
            "internal_server_error",
            "error_unexpected",
            "error_unexpected_answer",
        ),
        _NO_ANSWER,
    ),
    "interrupted": _INTERRUPTED,
    "tls": QT_TRANSLATE_NOOP(
        "Reasons", "The secure connection to {crm} failed. Check this computer's clock and the address in Connect."
    ),
    **dict.fromkeys(
        (
            "register_half_done",
            "finish_half_done",
            "record_half_done",
            "note_half_done",
            "call_half_done",
            "contact_half_done",
        ),
        _HALF_DONE,
    ),
    **dict.fromkeys(("call_not_found", "call_not_registered"), _LOST),
    "call_not_in_statistics": QT_TRANSLATE_NOOP("Reasons", "{crm} has not finished this call. It is tried again."),
    # What the operator mends.
    "customer_needed": QT_TRANSLATE_NOOP("Reasons", "The notes have no customer to go to. Choose one."),
    "customer_not_found": _CUSTOMER_GONE,
    "amo_customer_not_found": _CUSTOMER_GONE,
    **dict.fromkeys(("customer_access_denied", "amo_customer_access_denied"), _CUSTOMER_CLOSED),
    "crm_user_needed": QT_TRANSLATE_NOOP(
        "Reasons",
        "Nobody has said whose call this is. Edit the card and give the user of {crm}, or set yours in Connect.",
    ),
    "crm_user_not_found": QT_TRANSLATE_NOOP(
        "Reasons", "{crm} has no such active user. Edit the card and correct the user."
    ),
    "number_hidden": QT_TRANSLATE_NOOP(
        "Reasons", "The caller hides the number, and {crm} takes no call without one. Edit the card and give a number."
    ),
    "unsupported_phone_number": QT_TRANSLATE_NOOP(
        "Reasons", "{crm} does not take this number. Edit the card and correct it."
    ),
    **dict.fromkeys(
        ("amo_number_unknown", "amo_customer_needed"),
        QT_TRANSLATE_NOOP("Reasons", "Nobody in {crm} has this number. Choose what becomes of the call."),
    ),
    "amo_number_hidden": QT_TRANSLATE_NOOP(
        "Reasons", "The caller hides the number, and {crm} finds nobody without one. Choose what becomes of the call."
    ),
    "field_not_amendable": QT_TRANSLATE_NOOP(
        "Reasons", "What was to be changed has been sent, or may have been. Look at the card again."
    ),
    "card_unreadable": QT_TRANSLATE_NOOP(
        "Reasons", "The card on the disk is damaged, nothing of it is sent. Export it and ask the administrator."
    ),
    "receipt_unreadable": QT_TRANSLATE_NOOP(
        "Reasons", "The receipt on the disk is damaged. Retry asks {crm} what has arrived."
    ),
    "parked_by_operator": QT_TRANSLATE_NOOP("Reasons", "Laid aside. It is sent after Retry."),
    "no_parked_note": QT_TRANSLATE_NOOP("Reasons", "No note of this card waits for a customer any more."),
    # What somebody with rights mends.
    "crm_not_connected": QT_TRANSLATE_NOOP("Reasons", "{crm} is not connected yet. Set it up in Connect."),
    "crm_not_installed": QT_TRANSLATE_NOOP("Reasons", "The portal has no CRM. Ask its administrator."),
    "wrong_auth_type": QT_TRANSLATE_NOOP(
        "Reasons",
        "{crm} wants a local application for registering calls, a webhook is not enough. Set it up in Connect.",
    ),
    **dict.fromkeys(
        ("no_auth_found", "invalid_credentials", "invalid_token", "expired_token", "sign_in_refused"), _WEBHOOK
    ),
    **dict.fromkeys(("insufficient_scope", "invalid_scope", "user_access_error", "access_denied"), _SCOPES),
    **dict.fromkeys(("forbidden", "oauth_forbidden", "amo_forbidden"), _RIGHTS),
    "amo_rights_or_subscription": QT_TRANSLATE_NOOP(
        "Reasons", "{crm} refuses the call: a right is missing, or the subscription is not enough. Ask there."
    ),
    "amo_address_not_allowed": QT_TRANSLATE_NOOP(
        "Reasons", "{crm} does not let this computer's address in. Its administrator allows it."
    ),
    "allowed_only_intranet_user": QT_TRANSLATE_NOOP(
        "Reasons", "The user of the webhook or application is no employee of the portal. Take another one, in Connect."
    ),
    **dict.fromkeys(("payment_required", "wrong_license"), _PLAN),
    "method_confirm_waiting": QT_TRANSLATE_NOOP("Reasons", "An administrator of {crm} has to allow this first."),
    "amo_account_moved": _MOVED,
    "portal_moved": _MOVED,
    "portal_deleted": QT_TRANSLATE_NOOP(
        "Reasons", "The portal does not exist any more. Correct the address in Connect."
    ),
    **dict.fromkeys(
        ("query_limit_exceeded", "too_many_requests", "operation_time_limit", "amo_too_many_requests"), _BUSY
    ),
    "amo_blocked_for_rate": QT_TRANSLATE_NOOP(
        "Reasons", "{crm} has blocked the account for a while, for too many requests. The next try comes by itself."
    ),
    "amo_subscription_ended": _SUBSCRIPTION,
    "amo_invalid_field": QT_TRANSLATE_NOOP(
        "Reasons", "{crm} does not take one of the card's fields. See what it says below, edit the card, or discard it."
    ),
    "overload_limit": QT_TRANSLATE_NOOP("Reasons", "{crm} has blocked requests of this portal. Ask its administrator."),
    **dict.fromkeys(("bad_start_date", "unknown_type", "amo_refused", "amo_call_refused"), _REPORT),
    "http_refused": QT_TRANSLATE_NOOP("Reasons", "{crm} answers with an error page. Check the address in Connect."),
    "amo_not_found": _GONE,
    "not_found": _GONE,
}

_SIGN_INS: dict[str, str] = {
    "oauth_token_missing": QT_TRANSLATE_NOOP(
        "Reasons", "The application has not been signed in to {crm} yet. Give its refresh token in Connect."
    ),
    "oauth_sign_in_again": QT_TRANSLATE_NOOP(
        "Reasons", "The application's sign-in to {crm} has run out. Give a new refresh token in Connect."
    ),
    "oauth_pair_lost": QT_TRANSLATE_NOOP(
        "Reasons", "An answer of {crm} with the new sign-in was lost. Give a new refresh token in Connect."
    ),
    "oauth_client_refused": QT_TRANSLATE_NOOP(
        "Reasons", "{crm} does not know the application. Check its client ID and client secret in Connect."
    ),
    "oauth_request_refused": QT_TRANSLATE_NOOP(
        "Reasons", "{crm} refused to renew the sign-in. Check the application's fields in Connect."
    ),
    **dict.fromkeys(("token_refused", "amo_token_refused"), _TOKEN),
}
_RECORDINGS: dict[str, str] = {
    "recording_not_ready": _RECORDING_AWAITED,
    "recording_looked_for": _RECORDING_AWAITED,
    "recording_still_written": _RECORDING_AWAITED,
    "size_changed": _RECORDING_AWAITED,
    "recording_waited_long_enough": QT_TRANSLATE_NOOP(
        "Reasons", "The recording did not come in time; the card was sent without it."
    ),
    "recording_needs_login": QT_TRANSLATE_NOOP(
        "Reasons", "The phone system gives the recording to signed-in people only. Ask the administrator."
    ),
    "recording_bad_format": _RECORDING_FORMAT,
    "recording_wrong_format": _RECORDING_FORMAT,
    "recording_too_large": QT_TRANSLATE_NOOP(
        "Reasons", "The recording is larger than allowed. The administrator can raise card.recording_max_mb."
    ),
    "recording_elsewhere": QT_TRANSLATE_NOOP(
        "Reasons", "The recording lies at an address that is not the phone system's, so it was not fetched."
    ),
    "recording_empty": QT_TRANSLATE_NOOP("Reasons", "The recording's file is empty. Retry fetches it again."),
    "recording_link_not_fetched": QT_TRANSLATE_NOOP(
        "Reasons", "{crm} could not fetch the recording by its link. The administrator can let Pult upload the file."
    ),
    "file_changed": _RECORDING_AWAITED,
    "file_not_readable": QT_TRANSLATE_NOOP(
        "Reasons", "The file cannot be read here. Retry, then ask the administrator."
    ),
    "file_name_taken": QT_TRANSLATE_NOOP("Reasons", "{crm} has a file of that name already. Retry takes another name."),
    "recording_unreachable": QT_TRANSLATE_NOOP("Reasons", "The recording cannot be fetched now. It is tried again."),
    "recording_unreadable": QT_TRANSLATE_NOOP(
        "Reasons", "The recording's file cannot be read. Retry fetches it again; else ask the administrator."
    ),
    "recording_not_wanted": QT_TRANSLATE_NOOP("Reasons", "No recording is wanted for this card."),
    "recording_not_talked": QT_TRANSLATE_NOOP("Reasons", "Nobody talked, so there is no recording."),
    "recording_not_recorded": QT_TRANSLATE_NOOP("Reasons", "The phone system did not record this call."),
    "recording_no_rights": QT_TRANSLATE_NOOP(
        "Reasons", "The phone system's reports may not be read here. Ask the administrator for the right."
    ),
    "recording_file_gone": QT_TRANSLATE_NOOP("Reasons", "The recording's file has gone from the phone system."),
    "recording_removed": QT_TRANSLATE_NOOP("Reasons", "The copy here was removed after the CRM had it."),
    "upload_address_refused": QT_TRANSLATE_NOOP(
        "Reasons", "{crm} named an address outside itself for the recording; nothing was sent. Tell the administrator."
    ),
}
_REASONS |= _SIGN_INS | _RECORDINGS

_OF_AMOCRM: dict[str, str] = {
    "sign_in_refused": _TOKEN,
    "payment_required": _SUBSCRIPTION,
    "call_half_done": QT_TRANSLATE_NOOP(
        "Reasons", "{crm} may have taken this call into unsorted. Look there, then choose what becomes of it."
    ),
}
"""Where amoCRM's own wording says more."""


def crm_word(crm_name: str) -> str:
    """The CRM as people call it; one this version does not know by its own name."""
    name = _NAMES.get(crm_name)
    return crm_name if name is None else QCoreApplication.translate("Reasons", name)


def reason_sentence(reason: str, params: Mapping[str, object], crm_name: str = BITRIX24) -> str:
    """Why a saved card does not move, and what to do; a code nobody foresaw is named as it is."""
    if not reason:
        return ""
    more = params.get("reason")
    known = isinstance(more, str) and more in _RECORDINGS and reason in _RECORDINGS
    text = _text_of(str(more) if known else reason, crm_name)
    if text is not None:
        return text
    detail = params.get("vendor_message") or params.get("message")
    if detail:
        said = redact(plain_text(str(detail), _MESSAGE_CAP))
        return QCoreApplication.translate("Reasons", "{crm} refused: {detail} ({code})").format(
            crm=crm_word(crm_name), detail=said, code=reason
        )
    return QCoreApplication.translate("Reasons", "{crm} refused with the code {code}.").format(
        crm=crm_word(crm_name), code=reason
    )


def crm_error_sentence(error: PultError, crm_name: str = BITRIX24) -> str:
    """An error that a CRM gave outside the queue (a look-up, a pause): refusals in the words above, all others as
    everywhere."""
    link_and_silence = (_NO_LINK, _NO_ANSWER)
    if _source_of(error.code, crm_name) in link_and_silence:
        return sentence_of(error)
    return _text_of(error.code, crm_name) or sentence_of(error)


def has_reason(reason: str) -> bool:
    """Whether there is a sentence for this code here."""
    return reason in _REASONS


def _source_of(reason: str, crm_name: str) -> str | None:
    own = _OF_AMOCRM.get(reason) if crm_name == AMOCRM else None
    return own or _REASONS.get(reason)


def _text_of(reason: str, crm_name: str) -> str | None:
    source = _source_of(reason, crm_name)
    return None if source is None else QCoreApplication.translate("Reasons", source).format(crm=crm_word(crm_name))
