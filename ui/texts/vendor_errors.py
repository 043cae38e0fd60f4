"""What the phone system refuses with, in an operator's words: by mnemonic, method and what it told. Codes come from
the document's error lists; how a sentence is chosen and shown is in `errors`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ui.texts.marking import QT_TRANSLATE_NOOP


@dataclass(frozen=True, slots=True)
class Wording:
    """One sentence. `methods`: only for methods that begin so; `fields`: only for these parameters; `limit_type`: only
    for that limit; `needs`: facts that must have come along, each of them a placeholder of the text."""

    text: str
    methods: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    limit_type: str = ""
    needs: tuple[str, ...] = ()

    def fits(self, facts: Mapping[str, str]) -> bool:
        """Can this be said of an error with these facts?"""
        return (
            (not self.methods or facts.get("method", "").startswith(self.methods))
            and (not self.fields or facts.get("field", "").rpartition(".")[2] in self.fields)
            and self.limit_type in ("", facts.get("limit_type"))
            and all(facts.get(name) for name in self.needs)
        )


_STARTS = ("start.",)
_NUMBER_FIELDS = ("to", "contact", "operator", "phone_number")
_OURS = QT_TRANSLATE_NOOP(
    "Errors", "The phone system did not understand Pult ({code}). Nothing was done; tell the administrator."
)

PBX_WORDINGS: Mapping[str, tuple[Wording, ...]] = {
    # The account and its user.
    "auth_error": (Wording(QT_TRANSLATE_NOOP("Errors", "Login or password is wrong. Correct it in Connect.")),),
    "access_token_invalid": (
        Wording(QT_TRANSLATE_NOOP("Errors", "The sign-in is not accepted any more. Sign in again in Connect.")),
    ),
    "access_token_expired": (
        Wording(QT_TRANSLATE_NOOP("Errors", "The permanent key has expired. Ask the administrator for a new one.")),
    ),
    "access_token_blocked": (
        Wording(QT_TRANSLATE_NOOP("Errors", "The permanent key is blocked. Ask the administrator.")),
    ),
    "ip_not_whitelisted": (
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors",
                "This computer's address is not allowed: {ip}. The administrator adds it in the phone system's cabinet:"
                " Administrator, Account, Security rules and settings, tab API.",
            ),
            needs=("ip",),
        ),
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors",
                "This computer's address is not allowed. The administrator adds it in the phone system's cabinet:"
                " Administrator, Account, Security rules and settings, tab API.",
            )
        ),
    ),
    "component_disabled": (
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The phone system's plan lacks a component: {component_name}. The administrator orders it in the"
                " cabinet: Account, Tariffs and options.",
            ),
            needs=("component_name",),
        ),
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The phone system's plan lacks a component. The administrator orders it in the cabinet:"
                " Account, Tariffs and options.",
            )
        ),
    ),
    "method_component_disabled": (
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The phone system's plan lacks a component for this list. The administrator orders it in the cabinet:"
                " Account, Tariffs and options.",
            )
        ),
    ),
    "parameter_component_disabled": (
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The phone system's plan lacks a component for a part of this. The administrator orders it in the"
                " cabinet: Account, Tariffs and options.",
            )
        ),
    ),
    "tariff_restrictions": (
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The phone system's plan does not include this. The administrator changes it in the cabinet:"
                " Account, Tariffs and options.",
            )
        ),
    ),
    "account_inactive": (
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The phone system's account is switched off. The administrator settles it with the provider's support.",
            )
        ),
    ),
    "forbidden": (
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The phone system does not allow this: all calls of this employee are recorded."
                " The administrator can change that in the employee's settings.",
            ),
            methods=("record.call",),
        ),
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The phone system does not allow this: the option is not meant for this employee."
                " Ask the administrator.",
            ),
            methods=("call.talk_option",),
        ),
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The phone system does not allow this: the user may not start calls. The administrator gives the"
                " right in the cabinet, in the user's API rights.",
            ),
            methods=_STARTS,
        ),
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The phone system does not allow this list. The administrator gives the right in the cabinet,"
                " in the user's API rights.",
            ),
            methods=("get.",),
        ),
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The phone system does not allow this. The administrator gives the right in the cabinet,"
                " in the user's API rights.",
            )
        ),
    ),
    "limit_exceeded": (
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The account's points are used up for this minute ({limit_max_value} a minute)."
                " There will be more in {resets_in}.",
            ),
            limit_type="minute",
            needs=("limit_max_value", "resets_in"),
        ),
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The account's points are used up for today ({limit_max_value} a day)."
                " There will be more in {resets_in}; the administrator can order more.",
            ),
            limit_type="day",
            needs=("limit_max_value", "resets_in"),
        ),
        Wording(
            QT_TRANSLATE_NOOP("Errors", "The account's points are used up. There will be more in {resets_in}."),
            needs=("resets_in",),
        ),
        Wording(
            QT_TRANSLATE_NOOP("Errors", "The account's points are used up for now. Try again in a minute."),
        ),
    ),
    "data_limit_exceeded": (
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors", "The phone system keeps no more entries of this kind. Ask the administrator to remove some."
            )
        ),
    ),
    # The call and its people.
    "call_session_not_found": (Wording(QT_TRANSLATE_NOOP("Errors", "The call is over already.")),),
    "invalid_state": (
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The call has changed meanwhile, or it is too early: in an outgoing call options work after 30 seconds"
                " of talk.",
            ),
            methods=("call.talk_option",),
        ),
        Wording(QT_TRANSLATE_NOOP("Errors", "The call has changed meanwhile; this cannot be done now.")),
    ),
    "leg_not_found": (Wording(QT_TRANSLATE_NOOP("Errors", "This participant has left already.")),),
    "talk_option_not_found": (
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors", "This key has no option any more. Ask the administrator which keys are set in the cabinet."
            )
        ),
    ),
    "tag_not_found": (
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors", "The phone system does not know this tag. Choose another one, {tag_id} is gone."
            ),
            needs=("tag_id",),
        ),
        Wording(QT_TRANSLATE_NOOP("Errors", "The phone system does not know this tag. Choose another one.")),
    ),
    "duplicate_tag": (Wording(QT_TRANSLATE_NOOP("Errors", "The call has this tag already.")),),
    "coach_not_found": (
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors", "No coach is set for this employee. Give a number, or ask the administrator to set one."
            )
        ),
    ),
    "record_already_started": (Wording(QT_TRANSLATE_NOOP("Errors", "The call is being recorded already.")),),
    "record_already_stopped": (Wording(QT_TRANSLATE_NOOP("Errors", "The call is not being recorded.")),),
    "duplicate_contact": (
        Wording(
            QT_TRANSLATE_NOOP("Errors", "The number {contact_phone_number} is blocked already."),
            needs=("contact_phone_number",),
        ),
        Wording(QT_TRANSLATE_NOOP("Errors", "This number is blocked already.")),
    ),
    # Numbers.
    "no_active_phone_number": (
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors",
                "This employee has no active phone. The administrator switches one on in the employee's settings.",
            ),
            methods=("start.employee_call",),
        ),
        Wording(QT_TRANSLATE_NOOP("Errors", "This number does not exist or is switched off.")),
    ),
    "own_virtual_phone_number_not_allowed": (
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors", "This is one of the company's own lines, nobody would answer. Check the number to call."
            )
        ),
    ),
    "virtual_phone_number_not_found": (
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors", "{virtual_phone_number} is not a line of this account. Choose another line in the details."
            ),
            needs=("virtual_phone_number",),
        ),
        Wording(QT_TRANSLATE_NOOP("Errors", "This is not a line of this account. Choose another line in the details.")),
    ),
    "contact_in_blacklist": (
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The number {contact} is on the blacklist. The administrator can take it off in the cabinet.",
            ),
            needs=("contact",),
        ),
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors", "This number is on the blacklist. The administrator can take it off in the cabinet."
            )
        ),
    ),
    "refused": (
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The phone system does not put this call through. Its security rules may forbid the direction:"
                " ask the administrator.",
            ),
            methods=("start.", "make.call"),
        ),
        Wording(QT_TRANSLATE_NOOP("Errors", "The phone system refused and did not say why. Try again once.")),
    ),
    # People and lists of the account.
    "employee_not_found": (
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors", "The phone system does not know employee {employee_id}. Correct “who I am” in Connect."
            ),
            methods=_STARTS,
            needs=("employee_id",),
        ),
        Wording(QT_TRANSLATE_NOOP("Errors", "The phone system does not know this employee. Choose another one.")),
    ),
    "scenario_not_found": (
        Wording(
            QT_TRANSLATE_NOOP("Errors", "This line has no scenario. Choose another line, or another way to call."),
            methods=("start.vnumber_call",),
        ),
        Wording(
            QT_TRANSLATE_NOOP("Errors", "The phone system does not know scenario {scenario_id}. Choose another one."),
            needs=("scenario_id",),
        ),
        Wording(QT_TRANSLATE_NOOP("Errors", "The phone system does not know this scenario. Choose another one.")),
    ),
    "entity_not_found": (
        Wording(QT_TRANSLATE_NOOP("Errors", "The phone system does not have this any more. Refresh the lists.")),
    ),
    "duplicate_entity": (
        Wording(QT_TRANSLATE_NOOP("Errors", "The phone system has this already. Nothing was changed.")),
    ),
    "already_in_use": (
        Wording(QT_TRANSLATE_NOOP("Errors", "Something else in the phone system uses this already. Choose another.")),
    ),
    "dependency_error": (
        Wording(
            QT_TRANSLATE_NOOP("Errors", "Something else in the phone system still uses this. Ask the administrator.")
        ),
    ),
    # Messages.
    "tts_text_exceeded": (
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The hold message is too long: {sent_tts_message_length} characters, {tts_message_max_length} are"
                " allowed. Shorten it in the settings.",
            ),
            methods=("hold.call",),
            needs=("sent_tts_message_length", "tts_message_max_length"),
        ),
        Wording(
            QT_TRANSLATE_NOOP("Errors", "The hold message is too long. Shorten it in the settings."),
            methods=("hold.call",),
        ),
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The note to the colleague is too long: {sent_tts_message_length} characters,"
                " {tts_message_max_length} are allowed. Shorten it.",
            ),
            methods=("make.call",),
            needs=("sent_tts_message_length", "tts_message_max_length"),
        ),
        Wording(
            QT_TRANSLATE_NOOP("Errors", "The note to the colleague is too long. Shorten it."),
            methods=("make.call",),
        ),
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The message is too long: {sent_tts_message_length} characters, {tts_message_max_length} are allowed."
                " Shorten it.",
            ),
            needs=("sent_tts_message_length", "tts_message_max_length"),
        ),
        Wording(QT_TRANSLATE_NOOP("Errors", "The message is too long. Shorten it.")),
    ),
    "media_file_not_found": (
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The hold message's file is not there: the phone system has no file {media_file_id}."
                " Correct it in the settings.",
            ),
            methods=("hold.call",),
            needs=("media_file_id",),
        ),
        Wording(
            QT_TRANSLATE_NOOP("Errors", "The hold message's file is not there. Correct it in the settings."),
            methods=("hold.call",),
        ),
        Wording(
            QT_TRANSLATE_NOOP("Errors", "The phone system has no sound file {media_file_id}. Choose another one."),
            needs=("media_file_id",),
        ),
        Wording(QT_TRANSLATE_NOOP("Errors", "The phone system does not have this sound file. Choose another one.")),
    ),
    "character_encoding_not_allowed": (
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The phone system cannot speak these characters ({code}). Leave letters, digits and punctuation only.",
            )
        ),
    ),
    # What was sent.
    "invalid_parameter_value": (
        Wording(
            QT_TRANSLATE_NOOP("Errors", "The phone system does not take this number. Check it and try again."),
            fields=_NUMBER_FIELDS,
        ),
        Wording(
            QT_TRANSLATE_NOOP("Errors", "The phone system does not take this line's number. Choose another line."),
            fields=("virtual_phone_number",),
        ),
        Wording(
            QT_TRANSLATE_NOOP("Errors", "Only digits, * and # can be sent as keys, in a start also dots for pauses."),
            fields=("dtmf_string",),
        ),
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors", "The phone system does not take a value ({code}: {field}). Change it and try again."
            ),
            needs=("field",),
        ),
        Wording(
            QT_TRANSLATE_NOOP("Errors", "The phone system does not take a value ({code}). Change it and try again.")
        ),
    ),
    "invalid_parameters_combination": (
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors",
                "These choices do not go together. “Switch early” needs our side called first and “switch at once”.",
            ),
            methods=_STARTS,
        ),
        Wording(QT_TRANSLATE_NOOP("Errors", "These choices do not go together. Change one of them.")),
    ),
    "unexpected_parameters": (
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The phone system does not know one of the choices ({code}: {field}). Leave it out; older accounts do"
                " not have it.",
            ),
            methods=_STARTS,
            needs=("field",),
        ),
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The phone system does not know one of the choices ({code}). Leave out what only newer accounts have.",
            ),
            methods=_STARTS,
        ),
        Wording(_OURS),
    ),
    "date_interval_limit_reached": (
        Wording(QT_TRANSLATE_NOOP("Errors", "The phone system reports on three months at most. Choose fewer days.")),
    ),
    "invalid_date_time": (
        Wording(QT_TRANSLATE_NOOP("Errors", "The phone system does not take this date. Choose another one.")),
    ),
    "batch_operations_not_supported": (Wording(_OURS),),
    "data_type_error": (Wording(_OURS),),
    "filter_prohibited": (Wording(_OURS),),
    "invalid_request": (Wording(_OURS),),
    "method_not_found": (Wording(_OURS),),
    "notifications_not_supported": (Wording(_OURS),),
    "parse_error": (Wording(_OURS),),
    "required_parameter_missed": (Wording(_OURS),),
    "sort_prohibited": (Wording(_OURS),),
    # Not a refusal: the phone system failed in the middle.
    "internal_error": (
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The phone system had an error of its own; perhaps the call was started. Look at the list and your"
                " phone before you call again.",
            ),
            methods=_STARTS,
        ),
        Wording(
            QT_TRANSLATE_NOOP(
                "Errors", "The phone system had an error of its own. Look at the list, try again; then ask its support."
            )
        ),
    ),
}
"""Every mnemonic, the most particular wording first; the last one of each fits always."""
