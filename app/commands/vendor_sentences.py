"""What the PBX and Bitrix24 refuse with, in technical English. The program's own errors are in `sentences`."""

from __future__ import annotations

from collections.abc import Mapping

_NOT_THERE = "The PBX does not know it (any more). Read the calls again."
_REPORT = "The PBX did not understand the request. Please report this with the log."
_PLAN = (
    "The PBX account's plan lacks a component. Its administrator orders it in the cabinet: Account, Tariffs, options."
)
_UNCERTAIN = "The portal failed in the middle. Look at the result before trying again."
_WEBHOOK = "The portal does not accept the webhook. Make a new one and set bitrix24_webhook."
_SCOPE = "The webhook may not do this. Give it the scopes crm, telephony and user."
_PAID = "The portal is closed or not paid for. Ask its administrator."
_SLOWER = "The portal got too many requests. It goes on by itself after a while."

PBX_SENTENCES: Mapping[str, str] = {
    "batch_operations_not_supported": _REPORT,
    "data_type_error": _REPORT,
    "invalid_parameters_combination": "The PBX does not take these options together. Leave one of them out.",
    "invalid_request": _REPORT,
    "method_not_found": _REPORT,
    "notifications_not_supported": _REPORT,
    "parse_error": _REPORT,
    "required_parameter_missed": _REPORT,
    "unexpected_parameters": "The PBX does not know one of the options. Leave out what only newer accounts have.",
    "call_session_not_found": "The call is over.",
    "employee_not_found": "The PBX does not know this employee. Correct --employee or pbx.employee_id.",
    "leg_not_found": "This participant has left the call.",
    "scenario_not_found": "The PBX does not know this scenario. Correct --scenario or pbx.start_scenario_id.",
    "tag_not_found": "The PBX does not know this tag. Name another one; correct pbx.tags in the settings.",
    "talk_option_not_found": "No option is set to this key. Name another one.",
    "media_file_not_found": "The PBX has no such media file. Name another one.",
    "virtual_phone_number_not_found": "The account has no such line. Correct --line or pbx.virtual_phone_number.",
    "coach_not_found": "No coach is set for this employee in the PBX. Name a number.",
    "bad_dtmf": "Only digits, * and # can be sent.",
    "character_encoding_not_allowed": "The PBX cannot speak these characters. Change the message.",
    "contact_in_blacklist": "The number is on the account's blacklist. Its administrator can take it off.",
    "duplicate_contact": "The number is blocked already.",
    "duplicate_tag": "The call has this tag already.",
    "invalid_parameter_value": "The PBX does not take this value. Correct it.",
    "invalid_state": "The call is in another state by now. Read the calls again.",
    "no_active_phone_number": "This number does not exist or is switched off. Name another one.",
    "own_virtual_phone_number_not_allowed": "This is a number of the account itself. Choose another one.",
    "record_already_started": "The call is being recorded already.",
    "record_already_stopped": "The call is not being recorded.",
    "tts_text_exceeded": "The message is too long for the PBX. Shorten it.",
    "refused": "The PBX refused and did not say why. Its security rules may forbid this number.",
    "already_in_use": "Something else in the PBX uses this already. Choose another.",
    "data_limit_exceeded": "The PBX keeps no more entries of this kind. Remove some in the cabinet.",
    "date_interval_limit_reached": "The PBX reports on three months at most. Ask for fewer days.",
    "dependency_error": "Something else in the PBX still uses this.",
    "duplicate_entity": "The PBX has this already.",
    "entity_not_found": _NOT_THERE,
    "filter_prohibited": _REPORT,
    "invalid_date_time": "The PBX does not take this date. Correct it.",
    "method_component_disabled": _PLAN,
    "parameter_component_disabled": _PLAN,
    "sort_prohibited": _REPORT,
    "tariff_restrictions": _PLAN,
    "sign_in_unanswered": "The sign-in was not answered. Check the network and try again.",
    "signed_out": "Nobody is signed in.",
}

PBX_METHOD_SENTENCES: Mapping[tuple[str, str], str] = {
    ("forbidden", "record.call"): (
        "The account records all calls of this employee. Its administrator can change that in the employee's settings."
    ),
    ("forbidden", "call.talk_option"): "This option is not meant for the employee in the call. Ask the administrator.",
    ("invalid_state", "make.call"): "Hold the call first: `call hold SESSION`. A colleague may be called already.",
    ("invalid_state", "call.talk_option"): (
        "The call is in another state, or too young: in outgoing calls options work after 30 seconds of talk."
    ),
    ("media_file_not_found", "hold.call"): "The PBX has no such media file. Correct --media or pbx.hold_message.",
    (
        "tts_text_exceeded",
        "hold.call",
    ): "The hold message is too long for the PBX. Shorten --message or pbx.hold_message.",
    ("tts_text_exceeded", "make.call"): "The note to the colleague is too long for the PBX. Shorten --message.",
    ("no_active_phone_number", "start.employee_call"): (
        "The employee has no active phone. The administrator switches one on in the employee's settings."
    ),
    ("scenario_not_found", "start.vnumber_call"): "This line has no scenario. Name another --line or another --via.",
}
"""Where the method makes a difference, by mnemonic and method."""

BITRIX24_SENTENCES: Mapping[str, str] = {
    "access_denied": _SCOPE,
    "insufficient_scope": _SCOPE,
    "invalid_scope": _SCOPE,
    "user_access_error": "The webhook's user has no access to the portal. Ask its administrator.",
    "wrong_auth_type": "This portal lets only an installed application register calls.",
    "expired_token": _WEBHOOK,
    "invalid_credentials": _WEBHOOK,
    "invalid_token": _WEBHOOK,
    "no_auth_found": _WEBHOOK,
    "sign_in_refused": _WEBHOOK,
    "payment_required": _PAID,
    "portal_deleted": _PAID,
    "wrong_license": _PAID,
    "portal_moved": "The portal has another address now. Set bitrix24_webhook anew.",
    "method_confirm_waiting": "An administrator of the portal has to allow this first.",
    "operation_time_limit": _SLOWER,
    "overload_limit": _SLOWER,
    "query_limit_exceeded": _SLOWER,
    "too_many_requests": _SLOWER,
    "error_unexpected": _UNCERTAIN,
    "error_unexpected_answer": _UNCERTAIN,
    "internal_server_error": _UNCERTAIN,
    "http_refused": "The portal refused with an error page. Check the webhook's address.",
    "bad_start_date": "The portal does not take the time of the call. Please report this with the log.",
    "unknown_type": "The portal does not take the kind of call. Please report this with the log.",
    "call_not_found": "The portal does not know this call any more.",
    "call_not_in_statistics": "The portal has not finished this call.",
    "call_not_registered": "The call was not registered with the portal. Retry the card.",
    "crm_not_connected": "No CRM is connected. Set bitrix24_webhook.",
    "crm_not_installed": "The portal has no CRM.",
    "crm_user_needed": "Nobody said for whom the call is written. Set bitrix24.user_id in the settings.",
    "crm_user_not_found": "The portal has no such active user. Correct bitrix24.user_id in the settings.",
    "customer_access_denied": "The webhook's user may not see this customer. Choose another one.",
    "customer_needed": "The note needs a customer. Choose one in the console.",
    "customer_not_found": "The customer is gone. Choose another one in the console.",
    "number_hidden": "The caller hid the number. Set bitrix24.placeholder_number in the settings, then retry.",
    "allowed_only_intranet_user": "The portal answers its own employees only. Use a webhook of one of them.",
    "file_changed": "The recording is still being written. It is sent once it is whole.",
    "file_not_readable": "The recording cannot be read from the disk now. It is tried again.",
    "file_name_taken": "The portal has a file of this name. Retry the card: it is sent under another one.",
    "recording_empty": "The recording is empty.",
    "recording_link_not_fetched": "The portal could not fetch the recording's link. Set bitrix24.recording to upload.",
    "recording_unreadable": "The recording's file is gone from this machine. Retry the card to fetch it again.",
    "recording_wrong_format": "The portal takes recordings as mp3 or wav only.",
    "upload_address_refused": "The portal gave an upload address that is not its own. Nothing was sent there.",
    "finish_half_done": "The portal has the call's activity but not its statistics. Look there before retrying.",
    "no_parked_note": "No note of this card waits for a customer.",
    "not_found": "The portal does not have it.",
    "unsupported_phone_number": "The portal does not take this number.",
    "field_not_amendable": "What was to be changed has been sent, or may have been. Look at the card again.",
}
