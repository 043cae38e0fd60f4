"""Words of the dialog *Connect*: answers of the checks, problems of the fields, where secrets are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from ui.texts.crm_reasons import AMOCRM, BITRIX24, crm_error_sentence
from ui.texts.errors import sentence_of
from ui.windows.connect_state import SecretsHome

if TYPE_CHECKING:
    from app.connection_check import CheckResult

translate = QCoreApplication.translate


def pbx_answer(result: CheckResult) -> str:
    """What the phone system answered, and what to do when it was not yes."""
    if result.ok:
        signed_in = translate("Connect", "Signed in, live calls visible: {count}.")
        return signed_in.format(count=result.params.get("calls", 0))
    known = _link_sentences(result) | _pbx_sentences()
    return known.get(result.code) or _unforeseen(result)


def bitrix24_answer(result: CheckResult) -> str:
    """What Bitrix24 answered, and what to do when it was not yes."""
    if result.ok:
        user_id, name = result.params.get("user_id", "?"), result.params.get("name")
        if not name:
            return translate("Connect", "Bitrix24 answers, calls are written for user {user_id}.").format(
                user_id=user_id
            )
        ready = translate("Connect", "Bitrix24 answers, calls are written for {name} (user {user_id}).")
        return ready.format(name=name, user_id=user_id)
    known = _link_sentences(result) | _bitrix24_sentences(result) | _application_sentences()
    return known.get(result.code) or _unforeseen(result, BITRIX24)


def amocrm_answer(result: CheckResult) -> str:
    """What amoCRM answered, and what to do when it was not yes."""
    if result.ok:
        facts = {name: result.params.get(name, "?") for name in ("name", "user_id", "user_name")}
        if facts["user_name"]:
            ready = translate("Connect", "amoCRM answers: {name}, calls are of {user_name} (user {user_id}).")
        else:
            ready = translate("Connect", "amoCRM answers: {name}, calls are of user {user_id}.")
        return " ".join(filter(None, (ready.format(**facts), _expiry_sentence(result))))
    known = _link_sentences(result) | _amocrm_sentences(result)
    return known.get(result.code) or _unforeseen(result, AMOCRM)


def _expiry_sentence(result: CheckResult) -> str:
    """That the token ends soon; nothing while there is time."""
    if not result.params.get("expires_soon"):
        return ""
    return translate("Connect", "The token ends in {days} days: ask for a new one in time.").format(
        days=result.params.get("expires_in_days")
    )


def _unforeseen(result: CheckResult, crm_name: str = "") -> str:
    if result.error is not None:
        return crm_error_sentence(result.error, crm_name) if crm_name else sentence_of(result.error)
    return translate("Connect", "It did not work ({code}).").format(code=result.code)


def _link_sentences(result: CheckResult) -> dict[str, str]:
    no_time = translate("Connect", "No answer in time. Check the network, or try again in a minute.")
    strange = translate("Connect", "Something answers at this address, but not the right service. Check the address.")
    return {
        "insecure_url": translate(
            "Connect", "The address begins with http://. Only https:// is allowed, or the sign-in could be overheard."
        ),
        "bad_url": translate("Connect", "This is not a full address. It begins with https://."),
        "dns": translate("Connect", "There is no server of this name. Check the address for a slip, and the network."),
        "connect": translate("Connect", "The server does not take the connection. Check the address and the firewall."),
        "proxy": translate("Connect", "The proxy refused. Check the proxy settings of this computer."),
        "tls": _tls_sentence(str(result.params.get("reason", ""))),
        "connect_timeout": no_time,
        "read_timeout": no_time,
        "connection_lost": translate("Connect", "The connection broke before the answer came. Try again."),
        "http_refused": strange,
        "parse_error": strange,
        "reply_undecodable": strange,
        "reply_unexpected": strange,
        "reply_too_large": strange,
        "http_status": strange,
    }


def _tls_sentence(reason: str) -> str:
    sentences = {
        "expired": translate("Connect", "The server's certificate has expired. Check this computer's date and clock."),
        "not_yet_valid": translate(
            "Connect", "The server's certificate is not valid yet. Check this computer's date and clock."
        ),
        "wrong_host": translate("Connect", "The certificate belongs to another server. Check the address for a slip."),
        "unknown_ca": translate(
            "Connect", "The certificate is not trusted here. Behind a company's proxy the administrator adds its root."
        ),
        "self_signed": translate(
            "Connect", "The certificate is not trusted here. Behind a company's proxy the administrator adds its root."
        ),
    }
    return sentences.get(reason) or translate(
        "Connect", "The secure connection failed. Check the address and this computer's clock."
    )


def _pbx_sentences() -> dict[str, str]:
    return {
        "address_missing": translate("Connect", "Give the address of the Call API, it begins with https://."),
        "login_missing": translate("Connect", "Give the login."),
        "password_missing": translate("Connect", "Give the password."),
        "key_missing": translate("Connect", "Give the permanent key."),
        "auth_error": translate("Connect", "Login or password is wrong. Mind the keyboard layout and Caps Lock."),
        "access_token_invalid": translate("Connect", "The phone system does not know this key. Copy it again whole."),
        "access_token_expired": translate("Connect", "The key has expired. Ask the administrator for a new one."),
        "access_token_blocked": translate("Connect", "The key is blocked. Ask the administrator."),
        "ip_not_whitelisted": translate(
            "Connect",
            "This computer's address is not allowed. In the phone system's cabinet the administrator adds it:"
            " Administrator, Account, Security rules and settings, tab API.",
        ),
        "component_disabled": translate(
            "Connect",
            "The account lacks the component “Call API”. The administrator orders it in the phone system's cabinet.",
        ),
        "account_inactive": translate("Connect", "The account is switched off. Ask who pays for the phone system."),
        "forbidden": translate("Connect", "This user may not see calls. The administrator gives the right."),
        "limit_exceeded": translate("Connect", "The account's points are used up for now. Try again in a minute."),
        "method_not_found": translate("Connect", "This address is not a Call API of version 4. It ends with /v4.0."),
        "internal_error": translate("Connect", "The phone system has a fault of its own. Try again in a minute."),
    }


def _bitrix24_sentences(result: CheckResult) -> dict[str, str]:
    unknown_webhook = translate("Connect", "Bitrix24 does not know this webhook. Copy its address again whole.")
    rights = translate("Connect", "The webhook lacks rights. In Bitrix24 tick “telephony”, “crm” and “user” for it.")
    plan = translate("Connect", "The portal's plan does not allow this. Ask the portal's administrator.")
    user_id = result.params.get("user_id", "?")
    return {
        "webhook_missing": translate("Connect", "Give the address of the webhook."),
        "webhook_shape": translate(
            "Connect", "This is not a webhook's address. It looks like https://portal.bitrix24.ru/rest/1/abc123/."
        ),
        "wrong_auth_type": translate(
            "Connect",
            "Bitrix24 wants an application for registering calls (WRONG_AUTH_TYPE): this portal does not let a webhook"
            " write calls. Choose “Local application” above; until then cards wait.",
        ),
        "crm_user_not_found": translate(
            "Connect", "Bitrix24 has no active user {user_id}. Correct “Bitrix24 user” below."
        ).format(user_id=user_id),
        "no_auth_found": unknown_webhook,
        "invalid_credentials": unknown_webhook,
        "invalid_token": unknown_webhook,
        "expired_token": translate("Connect", "The webhook has expired. Make a new one in Bitrix24."),
        "sign_in_refused": unknown_webhook,
        "insufficient_scope": rights,
        "invalid_scope": rights,
        "forbidden": rights,
        "user_access_error": rights,
        "access_denied": plan,
        "payment_required": plan,
        "wrong_license": plan,
        "method_confirm_waiting": plan,
        "crm_not_installed": translate("Connect", "The portal has no CRM. Ask its administrator."),
        "portal_moved": translate("Connect", "The portal has moved. Copy the webhook's address again in Bitrix24."),
        "portal_deleted": translate("Connect", "The portal does not exist any more. Check the address."),
        "query_limit_exceeded": translate("Connect", "Bitrix24 is busy. Try again in a few seconds."),
        "too_many_requests": translate("Connect", "Bitrix24 is busy. Try again in a few seconds."),
        "operation_time_limit": translate("Connect", "Bitrix24 is busy. Try again in a few minutes."),
        "overload_limit": translate("Connect", "Bitrix24 has blocked requests of this portal. Ask its administrator."),
    }


def _application_sentences() -> dict[str, str]:
    """What an application or an integration still lacks."""
    return {
        "portal_url_missing": translate("Connect", "Give the portal's address, it begins with https://."),
        "client_id_missing": translate("Connect", "Give the ID, as it stands where the application was made."),
        "client_secret_missing": translate("Connect", "Give the key, as it stands where the application was made."),
        "refresh_token_missing": translate("Connect", "Give the refresh token. It is good for one use."),
        "check_after_saving": translate("Connect", "Save first, then check: a refresh token is good for one use."),
    }


def _amocrm_sentences(result: CheckResult) -> dict[str, str]:
    return _application_sentences() | {
        "amo_address_missing": translate(
            "Connect", "Give the account's address, it looks like https://example.amocrm.ru."
        ),
        "amo_token_missing": translate("Connect", "Give the long-lived token."),
        "amo_token_expired": translate("Connect", "The token has ended. Ask the administrator for a new one."),
        "amo_user_not_found": translate("Connect", "amoCRM has no user {user_id}. Correct “amoCRM user”.").format(
            user_id=result.params.get("user_id", "?")
        ),
    }


def field_problem(code: str) -> str:
    """Why a field cannot be saved as it stands."""
    sentences = {
        **_pbx_sentences(),
        "nothing_to_save": translate(
            "Connect", "There is nothing to save yet. To sign in, give login and password, or a permanent key."
        ),
        "saved_not_signed_in": translate(
            "Connect", "Saved, but Pult is not signed in to the phone system: that takes login and password, or a key."
        ),
        "amo_address_missing": translate(
            "Connect", "Give the account's address, it looks like https://example.amocrm.ru."
        ),
        "insecure_url": translate("Connect", "Only https:// addresses are allowed."),
        "bad_url": translate("Connect", "This is not a full address. It begins with https://."),
        "webhook_shape": translate(
            "Connect", "This is not a webhook's address. It looks like https://portal.bitrix24.ru/rest/1/abc123/."
        ),
        "employee_unknown": translate("Connect", "Choose an employee of the list, or type a number."),
        "settings_not_written": translate(
            "Connect", "The settings file cannot be written, nothing was changed. Ask the administrator."
        ),
        "crm_user_bad": translate("Connect", "Type a number above zero, or leave it empty."),
    }
    return sentences.get(code, code)


def secrets_home_sentence(home: SecretsHome) -> str:
    """Where the secrets of this dialog go."""
    if not home.kind:
        return ""
    if home.kind == "keyring":
        return translate("Connect", "Secrets are kept in the keyring: {backend}.").format(backend=home.backend)
    if home.kind == "environment":
        return translate("Connect", "Secrets come from the environment ({backend}) and are kept nowhere.").format(
            backend=home.backend
        )
    reasons = {
        "no_keyring": translate("Connect", "this computer has no keyring"),
        "backend_refused": translate("Connect", "the keyring found here is not a safe one"),
        "keyring_locked": translate("Connect", "the keyring is locked"),
        "keyring_timeout": translate("Connect", "the keyring does not answer"),
        "keyring_failed": translate("Connect", "the keyring has a fault"),
    }
    why = reasons.get(home.reason) or home.reason or translate("Connect", "no keyring can be used")
    return translate("Connect", "Secrets are kept for this run only: {why}.").format(why=why)
