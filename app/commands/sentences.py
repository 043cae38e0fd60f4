"""Technical English for the errors a command can end with: what happened, what to do. Windows have own texts."""

from __future__ import annotations

import math

from app.commands.crm_sentences import AMOCRM_SENTENCES, CHECK_SENTENCES, OAUTH_SENTENCES
from app.commands.vendor_sentences import BITRIX24_SENTENCES, PBX_METHOD_SENTENCES, PBX_SENTENCES
from app.errors import LimitExceeded, PultError, Refused, SettingsError
from app.logs import redact

_BY_CODE: dict[str, str] = {
    **PBX_SENTENCES,
    **BITRIX24_SENTENCES,
    **OAUTH_SENTENCES,
    **AMOCRM_SENTENCES,
    **CHECK_SENTENCES,
    "unknown_key": "This key is not known. Remove it or correct its name.",
    "wrong_type": "The value has the wrong type.",
    "bad_value": "The value is not allowed here.",
    "insecure_url": "Plain http:// is allowed to this machine only. Use https://.",
    "bad_url": "This is not an address. Write it in full, e.g. https://callapi.uiscom.ru/v4.0.",
    "not_toml": "The file is not valid TOML.",
    "unreadable": "The file cannot be read. Check its path and rights.",
    "secret_in_config": "Secrets do not belong in this file. Remove the key and run `python -m app secret set NAME`.",
    "no_keyring": "There is no system keyring. Give the secret in the environment, or start a keyring service.",
    "keyring_locked": "The keyring is locked. Unlock it and try again.",
    "keyring_timeout": "The keyring did not answer. Unlock it and try again.",
    "keyring_failed": "The keyring refused. Look into its own settings.",
    "not_configured": "No PBX credentials. Run `python -m app secret set pbx_token` or set a login and password.",
    "dns": "The server's name cannot be resolved. Check the address and the network.",
    "connect": "No connection to the server. Check the address, the network and the firewall.",
    "tls": "The server's certificate was not accepted. Check the address, the clock and the company's proxy.",
    "proxy": "The proxy refused. Check the proxy settings of this machine.",
    "connect_timeout": "The server did not answer in time. Check the network and try again.",
    "read_timeout": "The request was sent and no answer came. Look at the result before sending it again.",
    "connection_lost": "The connection broke after the request was sent. Look at the result before sending it again.",
    "access_token_invalid": "The PBX does not accept the sign-in. Check the login and password or the key.",
    "access_token_expired": "The permanent key has expired. Ask the PBX administrator for a new one.",
    "access_token_blocked": "The key is blocked. Ask the PBX administrator.",
    "auth_error": "Login or password is wrong.",
    "ip_not_whitelisted": "This machine's address is not allowed. Add it in the PBX cabinet: security rules, API.",
    "component_disabled": "The PBX account lacks a component. Ask the PBX administrator to enable it.",
    "account_inactive": "The PBX account is switched off. Contact the PBX provider.",
    "forbidden": "The PBX user has no right to this. Ask the PBX administrator.",
    "limit_exceeded": "The account's API points are used up for now. Wait and try again.",
    "database_in_use": "Another process owns the data folder and does not answer. Close it or use another --data-dir.",
    "database_damaged": "The database is damaged and could not be set aside. Check the disk and the folder's rights.",
    "database_newer": "The database was written by a newer version. Install that version.",
    "missing_key": "A key is missing here. Add it.",
    "bad_request": "The request could not be built. Check the address and the secrets for stray characters.",
    "bad_trust_store": "The certificates of this machine or SSL_CERT_FILE cannot be read. Check them.",
    "closed": "The connection was closed here. Try again.",
    "reply_too_large": "The answer was too large to be read. Look at the result before trying again.",
    "reply_undecodable": "The answer was not understood. Check the address; look at the result before trying again.",
    "http_status": "The server answered with an error page. Look at the result before trying again.",
    "report_too_long": "The report has more calls than can be read. Lower card.look_back_h.",
    "internal_error": "The PBX reports an error of its own. Look at the result before trying again.",
    "backend_refused": "The only keyring found keeps secrets in plain text and is not used. Install a system keyring.",
    "import_failed": "The keyring module cannot be loaded. Install the program again.",
    "secret_damaged": "The stored secret is incomplete. Set it again.",
    "disk_error": "The disk reports an error; nothing was written. Check the disk.",
    "database_error": "The database refused; nothing was written. See the log.",
    "database_closed": "The database is closed. Try again.",
    "migration_failed": "The database could not be brought up to date; a backup lies beside it. See the log.",
    "commit_unknown": "It is not certain whether this was written. Look before trying again.",
    "disk_full": "The disk is full. Free some space; nothing was written.",
    "read_only": "The data folder cannot be written. Check its rights.",
    "no_such_card": "There is no card with this key. `python -m app outbox list` shows the keys.",
    "field_not_amendable": "What was to be changed has been sent, or may have been. Look at the card again.",
    "export_not_written": "The file could not be written. Check the folder and its rights.",
    "parked_by_operator": "Somebody laid it aside. `python -m app outbox retry KEY` sends it.",
    "interrupted": "The program ended in the middle of a request. What became of it is looked up first.",
    "card_unreadable": "The card's content on the disk is damaged. Look into the backup beside the database.",
    "receipt_unreadable": "The step was done, and its receipt on the disk is damaged.",
    "reply_unexpected": "The answer was not the expected one. Look at the result before trying again.",
    "call_gone": "The caller has hung up.",
    "effect_not_seen": "The PBX accepted it and the list of calls does not show it. Look before you try again.",
    "link_lost": "The link to the PBX broke in the middle. Look at the calls before you go on.",
    "operator_left": "The operator's own phone left the call.",
    "tag_call_gone": "The call was over before the tag was sent. Set it in the PBX's reports.",
    "no_data_api": "No Data API is set up. Set pbx.data_api_url.",
    "owner_bad_request": "The running console is of another version. Restart it.",
    "owner_refused": "The running console refused the request.",
    "owner_busy": "The running console is busy. Try again in a second.",
    "owner_failed": "The running console did not answer in time. Try again.",
}


def sentence_of(error: PultError) -> str:
    """One line for stderr: where, what, what to do; the vendor's own words last, marked as such."""
    place = f"{error.path}: " if isinstance(error, SettingsError) and error.path else ""
    particular = PBX_METHOD_SENTENCES.get((error.code, str(error.params.get("method"))))
    text = particular or _BY_CODE.get(error.code, f"It did not work ({error.code}).")
    told = dict(error.params)
    if isinstance(error, LimitExceeded) and error.resets_in_s is not None:
        told["resets_in_s"] = math.ceil(error.resets_in_s)
    facts = ", ".join(f"{name}={value}" for name, value in sorted(told.items()))
    vendor = redact(error.vendor_message) if isinstance(error, Refused) else ""
    said = f' The server said: "{vendor}"' if vendor else ""
    return f"{place}{text}{f' ({facts})' if facts else ''}{said}"
