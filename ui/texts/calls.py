"""Calls in words: states, actions, reasons why an action is off, phases of a command."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication

from app.domain.actions import CallAction, Reason, WhyNot
from app.domain.calls import CallState, Direction, LegState
from ui.texts.marking import QT_TRANSLATE_NOOP

_STATES: dict[CallState, str] = {
    CallState.RINGING: QT_TRANSLATE_NOOP("Calls", "Ringing"),
    CallState.QUEUED: QT_TRANSLATE_NOOP("Calls", "In queue"),
    CallState.TALK: QT_TRANSLATE_NOOP("Calls", "Talking"),
    CallState.HOLD: QT_TRANSLATE_NOOP("Calls", "On hold"),
    CallState.CONSULT_RINGING: QT_TRANSLATE_NOOP("Calls", "Consult rings"),
    CallState.CONSULT: QT_TRANSLATE_NOOP("Calls", "Consulting"),
    CallState.TRANSFER_PENDING: QT_TRANSLATE_NOOP("Calls", "Transferring"),
    CallState.ENDED: QT_TRANSLATE_NOOP("Calls", "Ended"),
    CallState.UNKNOWN: QT_TRANSLATE_NOOP("Calls", "Unknown"),
}

_LEG_STATES: dict[LegState, str] = {
    LegState.DIALLING: QT_TRANSLATE_NOOP("Calls", "Ringing"),
    LegState.TALKING: QT_TRANSLATE_NOOP("Calls", "Talking"),
    LegState.QUEUED: QT_TRANSLATE_NOOP("Calls", "In queue"),
    LegState.CONSULTING: QT_TRANSLATE_NOOP("Calls", "Consulting"),
    LegState.HELD: QT_TRANSLATE_NOOP("Calls", "On hold"),
    LegState.TRANSFERRING: QT_TRANSLATE_NOOP("Calls", "Transferring"),
    LegState.SENDING_DTMF: QT_TRANSLATE_NOOP("Calls", "Sending keys"),
    LegState.FAX: QT_TRANSLATE_NOOP("Calls", "Fax"),
    LegState.ENDED: QT_TRANSLATE_NOOP("Calls", "Left"),
    LegState.UNKNOWN: QT_TRANSLATE_NOOP("Calls", "Unknown"),
}

_DIRECTIONS: dict[Direction, str] = {
    Direction.INBOUND: QT_TRANSLATE_NOOP("Calls", "Incoming"),
    Direction.OUTBOUND: QT_TRANSLATE_NOOP("Calls", "Outgoing"),
    Direction.UNKNOWN: QT_TRANSLATE_NOOP("Calls", "Direction unknown"),
}

_ACTIONS: dict[CallAction, str] = {
    CallAction.HOLD: QT_TRANSLATE_NOOP("Calls", "Hold"),
    CallAction.RETRIEVE: QT_TRANSLATE_NOOP("Calls", "Retrieve"),
    CallAction.BEGIN_CONSULT: QT_TRANSLATE_NOOP("Calls", "Consult…"),
    CallAction.COMPLETE_TRANSFER: QT_TRANSLATE_NOOP("Calls", "Complete transfer"),
    CallAction.TRANSFER_BLIND: QT_TRANSLATE_NOOP("Calls", "Transfer now"),
    CallAction.CANCEL_CONSULT: QT_TRANSLATE_NOOP("Calls", "Back to caller"),
    CallAction.TAG: QT_TRANSLATE_NOOP("Calls", "Tag"),
    CallAction.START_RECORDING: QT_TRANSLATE_NOOP("Calls", "Start recording"),
    CallAction.STOP_RECORDING: QT_TRANSLATE_NOOP("Calls", "Stop recording"),
    CallAction.SEND_DTMF: QT_TRANSLATE_NOOP("Calls", "Keypad"),
    CallAction.ADD_COACH: QT_TRANSLATE_NOOP("Calls", "Coach…"),
    CallAction.DROP_LEG: QT_TRANSLATE_NOOP("Calls", "Drop participant"),
    CallAction.BLOCK_CALLER: QT_TRANSLATE_NOOP("Calls", "Block caller…"),
    CallAction.USE_TALK_OPTION: QT_TRANSLATE_NOOP("Calls", "Talk option"),
    CallAction.END_CALL: QT_TRANSLATE_NOOP("Calls", "End call"),
}

_PURPOSES: dict[CallAction, str] = {
    CallAction.HOLD: QT_TRANSLATE_NOOP("Calls", "The caller hears the hold message and waits."),
    CallAction.RETRIEVE: QT_TRANSLATE_NOOP("Calls", "Speak with the caller again."),
    CallAction.BEGIN_CONSULT: QT_TRANSLATE_NOOP("Calls", "Call a colleague while the caller waits."),
    CallAction.COMPLETE_TRANSFER: QT_TRANSLATE_NOOP("Calls", "The caller and the colleague talk; you leave."),
    CallAction.TRANSFER_BLIND: QT_TRANSLATE_NOOP(
        "Calls", "You leave at once, before the colleague answers. The caller is lost if nobody answers."
    ),
    CallAction.CANCEL_CONSULT: QT_TRANSLATE_NOOP("Calls", "Let the colleague go and speak with the caller again."),
    CallAction.TAG: QT_TRANSLATE_NOOP("Calls", "Mark the call. A tag cannot be taken off here."),
    CallAction.START_RECORDING: QT_TRANSLATE_NOOP("Calls", "Record the call from now on."),
    CallAction.STOP_RECORDING: QT_TRANSLATE_NOOP("Calls", "Record no further."),
    CallAction.SEND_DTMF: QT_TRANSLATE_NOOP("Calls", "Send keys to a menu at the other end."),
    CallAction.ADD_COACH: QT_TRANSLATE_NOOP("Calls", "A coach listens and speaks to the employee only."),
    CallAction.DROP_LEG: QT_TRANSLATE_NOOP("Calls", "Take one participant out of the call."),
    CallAction.BLOCK_CALLER: QT_TRANSLATE_NOOP(
        "Calls", "The number goes to the account's blacklist: nobody here hears it again. The call goes on."
    ),
    CallAction.USE_TALK_OPTION: QT_TRANSLATE_NOOP("Calls", "What the phone system has set up for the time of a talk."),
    CallAction.END_CALL: QT_TRANSLATE_NOOP("Calls", "Hang up for everybody."),
}

_REASONS: dict[Reason, str] = {
    Reason.NO_CALL: QT_TRANSLATE_NOOP("Calls", "No call is chosen."),
    Reason.CALL_ENDED: QT_TRANSLATE_NOOP("Calls", "The call is over."),
    Reason.NOT_TALKING_YET: QT_TRANSLATE_NOOP("Calls", "Nobody has answered the call yet."),
    Reason.ALREADY_HELD: QT_TRANSLATE_NOOP("Calls", "The caller is on hold already."),
    Reason.NOT_HELD: QT_TRANSLATE_NOOP("Calls", "The caller is not on hold."),
    Reason.HOLD_FIRST: QT_TRANSLATE_NOOP("Calls", "Put the caller on hold first ({hold_key})."),
    Reason.RETRIEVE_FIRST: QT_TRANSLATE_NOOP("Calls", "Take the caller back first ({retrieve_key})."),
    Reason.CONSULT_FIRST: QT_TRANSLATE_NOOP("Calls", "Call a colleague first ({consult_key})."),
    Reason.CONSULT_UNDER_WAY: QT_TRANSLATE_NOOP(
        "Calls", "A consultation is under way: complete it ({complete_key}) or go back to the caller ({back_key})."
    ),
    Reason.COLLEAGUE_HAS_NOT_ANSWERED: QT_TRANSLATE_NOOP(
        "Calls", "The colleague has not answered yet. Wait, or go back to the caller ({back_key})."
    ),
    Reason.COLLEAGUE_ALREADY_TALKS: QT_TRANSLATE_NOOP(
        "Calls", "The colleague has answered: complete the transfer ({complete_key})."
    ),
    Reason.TRANSFER_UNDER_WAY: QT_TRANSLATE_NOOP("Calls", "The caller is being transferred."),
    Reason.ALREADY_RECORDING: QT_TRANSLATE_NOOP("Calls", "The call is being recorded already."),
    Reason.NOT_RECORDING: QT_TRANSLATE_NOOP("Calls", "The call is not being recorded."),
    Reason.RECORDING_ENFORCED: QT_TRANSLATE_NOOP("Calls", "The administrator has all calls of this employee recorded."),
    Reason.WAITING_FOR_PBX: QT_TRANSLATE_NOOP("Calls", "“{action}” is on its way to the phone system."),
    Reason.ONE_LEG_ONLY: QT_TRANSLATE_NOOP("Calls", "There is only one participant. End the call instead ({end_key})."),
    Reason.NO_NUMBER_TO_BLOCK: QT_TRANSLATE_NOOP("Calls", "The caller hides the number, so it cannot be blocked."),
    Reason.OPTION_TOO_EARLY: QT_TRANSLATE_NOOP(
        "Calls", "In an outgoing call the talk options begin after 30 seconds; {left_s} s to go."
    ),
    Reason.NOT_CONNECTED: QT_TRANSLATE_NOOP("Calls", "The phone system has not answered yet."),
    Reason.SIGN_IN_NEEDED: QT_TRANSLATE_NOOP("Calls", "Sign in first ({connect_key})."),
    Reason.LIMIT_REACHED: QT_TRANSLATE_NOOP(
        "Calls", "The account's points are used up; there will be more in {resets_in_s} s."
    ),
    Reason.COMPONENT_MISSING: QT_TRANSLATE_NOOP(
        "Calls",
        "The account lacks the call management component: only starting and ending calls works. Ask the administrator.",
    ),
}


def state_text(call_state: CallState) -> str:
    """The word for a call's state."""
    return QCoreApplication.translate("Calls", _STATES[call_state])


def leg_state_text(leg_state: LegState) -> str:
    """The word for a participant's state."""
    return QCoreApplication.translate("Calls", _LEG_STATES[leg_state])


def direction_text(direction: Direction) -> str:
    """Incoming or outgoing."""
    return QCoreApplication.translate("Calls", _DIRECTIONS[direction])


def action_text(action: CallAction) -> str:
    """The label of a command."""
    return QCoreApplication.translate("Calls", _ACTIONS[action])


def purpose_text(action: CallAction) -> str:
    """What a command does, for its tooltip."""
    return QCoreApplication.translate("Calls", _PURPOSES[action])


def reason_text(why_not: WhyNot, key_of: Callable[[str], str]) -> str:
    """Why an action is off, with the key that helps. `key_of("hold")` gives the key of a user action, as shown."""
    params: Mapping[str, object] = {
        "hold_key": key_of("hold"),
        "retrieve_key": key_of("retrieve"),
        "consult_key": key_of("begin_consult"),
        "complete_key": key_of("complete_transfer"),
        "back_key": key_of("cancel_consult"),
        "end_key": key_of("end_call"),
        "connect_key": key_of("connect"),
        **why_not.params,
    }
    named = why_not.params.get("action")
    if isinstance(named, str):
        params = {**params, "action": action_text(CallAction(named))}
    return QCoreApplication.translate("Calls", _REASONS[why_not.reason]).format(**params)


def hidden_number_text() -> str:
    """What stands for a caller who hides the number."""
    return QCoreApplication.translate("Calls", "Number hidden")
