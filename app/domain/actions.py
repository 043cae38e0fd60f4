"""What may be done with a call, and why not: one pure table from the call's state to every command."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from app.domain.calls import CallState, Direction, EmployeeId, LegState
from app.domain.phone_number import parse_phone_number

if TYPE_CHECKING:
    from app.domain.live_call import LiveCall


class CallAction(Enum):
    """Every command on a live call, in house words."""

    HOLD = "hold"
    RETRIEVE = "retrieve"
    BEGIN_CONSULT = "begin_consult"
    COMPLETE_TRANSFER = "complete_transfer"
    TRANSFER_BLIND = "transfer_blind"
    CANCEL_CONSULT = "cancel_consult"
    TAG = "tag"
    START_RECORDING = "start_recording"
    STOP_RECORDING = "stop_recording"
    SEND_DTMF = "send_dtmf"
    ADD_COACH = "add_coach"
    DROP_LEG = "drop_leg"
    BLOCK_CALLER = "block_caller"
    USE_TALK_OPTION = "use_talk_option"
    END_CALL = "end_call"


class Reason(Enum):
    """Why an action is off. The sentence for a person belongs to the face."""

    NO_CALL = "no_call"
    CALL_ENDED = "call_ended"
    NOT_TALKING_YET = "not_talking_yet"
    ALREADY_HELD = "already_held"
    NOT_HELD = "not_held"
    HOLD_FIRST = "hold_first"
    RETRIEVE_FIRST = "retrieve_first"
    CONSULT_FIRST = "consult_first"
    CONSULT_UNDER_WAY = "consult_under_way"
    COLLEAGUE_HAS_NOT_ANSWERED = "colleague_has_not_answered"
    COLLEAGUE_ALREADY_TALKS = "colleague_already_talks"
    TRANSFER_UNDER_WAY = "transfer_under_way"
    ALREADY_RECORDING = "already_recording"
    NOT_RECORDING = "not_recording"
    RECORDING_ENFORCED = "recording_enforced"
    WAITING_FOR_PBX = "waiting_for_pbx"
    ONE_LEG_ONLY = "one_leg_only"
    NO_NUMBER_TO_BLOCK = "no_number_to_block"
    OPTION_TOO_EARLY = "option_too_early"
    NOT_CONNECTED = "not_connected"
    SIGN_IN_NEEDED = "sign_in_needed"
    LIMIT_REACHED = "limit_reached"
    COMPONENT_MISSING = "component_missing"


@dataclass(frozen=True, slots=True)
class WhyNot:
    """A refusal with the facts its sentence needs (seconds as `resets_in_s`, an action's name as `action`)."""

    reason: Reason
    params: Mapping[str, object] = field(default_factory=dict)


class LinkUse(Enum):
    """Whether a command could be sent at all. ONLY_BASE: the account lacks the component that manages calls, so that
    the PBX takes nothing but starts and ends (uis-notes §6, component map)."""

    OPEN = "open"
    NEVER_CONNECTED = "never_connected"
    SIGN_IN_NEEDED = "sign_in_needed"
    LIMIT_REACHED = "limit_reached"
    ONLY_BASE = "only_base"


@dataclass(frozen=True, slots=True)
class Situation:
    """All that enablement depends on. `pending`: actions sent for this call and not yet confirmed by the list.

    `now_monotonic_s`: for rules of time, which do not apply without it.
    """

    call: LiveCall | None
    pending: frozenset[CallAction] = frozenset()
    link_use: LinkUse = LinkUse.OPEN
    limit_resets_in_s: int = 0
    enforced_recording: frozenset[EmployeeId] = frozenset()
    now_monotonic_s: float | None = None


TALK_OPTION_RULE_S = 30.0
"""Talk options of an outgoing call work only after so much talk (uis-notes 0.1, 6.39)."""

MOVING_ACTIONS = frozenset(
    {
        CallAction.HOLD,
        CallAction.RETRIEVE,
        CallAction.BEGIN_CONSULT,
        CallAction.COMPLETE_TRANSFER,
        CallAction.TRANSFER_BLIND,
        CallAction.CANCEL_CONSULT,
    }
)
"""Actions that move the call to another state: only one of them may be under way at a time."""

_RECORDING = frozenset({CallAction.START_RECORDING, CallAction.STOP_RECORDING})
_NOT_TALKING = {CallState.RINGING: Reason.NOT_TALKING_YET, CallState.QUEUED: Reason.NOT_TALKING_YET}

_STATE_REASONS: dict[CallAction, dict[CallState, Reason]] = {
    CallAction.HOLD: _NOT_TALKING
    | {
        CallState.HOLD: Reason.ALREADY_HELD,
        CallState.CONSULT_RINGING: Reason.ALREADY_HELD,
        CallState.CONSULT: Reason.ALREADY_HELD,
        CallState.TRANSFER_PENDING: Reason.TRANSFER_UNDER_WAY,
    },
    CallAction.RETRIEVE: _NOT_TALKING
    | {
        CallState.TALK: Reason.NOT_HELD,
        CallState.CONSULT_RINGING: Reason.CONSULT_UNDER_WAY,
        CallState.CONSULT: Reason.CONSULT_UNDER_WAY,
        CallState.TRANSFER_PENDING: Reason.TRANSFER_UNDER_WAY,
    },
    CallAction.BEGIN_CONSULT: _NOT_TALKING
    | {
        CallState.TALK: Reason.HOLD_FIRST,
        CallState.CONSULT_RINGING: Reason.CONSULT_UNDER_WAY,
        CallState.CONSULT: Reason.CONSULT_UNDER_WAY,
        CallState.TRANSFER_PENDING: Reason.TRANSFER_UNDER_WAY,
    },
    CallAction.COMPLETE_TRANSFER: _NOT_TALKING
    | {
        CallState.TALK: Reason.CONSULT_FIRST,
        CallState.HOLD: Reason.CONSULT_FIRST,
        CallState.CONSULT_RINGING: Reason.COLLEAGUE_HAS_NOT_ANSWERED,
        CallState.TRANSFER_PENDING: Reason.TRANSFER_UNDER_WAY,
    },
    CallAction.TRANSFER_BLIND: _NOT_TALKING
    | {
        CallState.TALK: Reason.CONSULT_FIRST,
        CallState.HOLD: Reason.CONSULT_FIRST,
        CallState.CONSULT: Reason.COLLEAGUE_ALREADY_TALKS,
        CallState.TRANSFER_PENDING: Reason.TRANSFER_UNDER_WAY,
    },
    CallAction.CANCEL_CONSULT: _NOT_TALKING
    | {
        CallState.TALK: Reason.CONSULT_FIRST,
        CallState.HOLD: Reason.CONSULT_FIRST,
        CallState.TRANSFER_PENDING: Reason.TRANSFER_UNDER_WAY,
    },
    CallAction.ADD_COACH: _NOT_TALKING
    | {
        CallState.HOLD: Reason.RETRIEVE_FIRST,
        CallState.CONSULT_RINGING: Reason.CONSULT_UNDER_WAY,
        CallState.CONSULT: Reason.CONSULT_UNDER_WAY,
        CallState.TRANSFER_PENDING: Reason.TRANSFER_UNDER_WAY,
    },
    CallAction.SEND_DTMF: _NOT_TALKING | {CallState.TRANSFER_PENDING: Reason.TRANSFER_UNDER_WAY},
    CallAction.START_RECORDING: _NOT_TALKING | {CallState.TRANSFER_PENDING: Reason.TRANSFER_UNDER_WAY},
    CallAction.STOP_RECORDING: _NOT_TALKING | {CallState.TRANSFER_PENDING: Reason.TRANSFER_UNDER_WAY},
    CallAction.BLOCK_CALLER: _NOT_TALKING | {CallState.TRANSFER_PENDING: Reason.TRANSFER_UNDER_WAY},
    CallAction.USE_TALK_OPTION: _NOT_TALKING
    | {
        CallState.HOLD: Reason.RETRIEVE_FIRST,
        CallState.CONSULT_RINGING: Reason.CONSULT_UNDER_WAY,
        CallState.CONSULT: Reason.CONSULT_UNDER_WAY,
        CallState.TRANSFER_PENDING: Reason.TRANSFER_UNDER_WAY,
    },
}


def why_not(action: CallAction, situation: Situation) -> WhyNot | None:
    """None when the action may be sent now; otherwise the one reason that matters most to the operator.

    An UNKNOWN call state leaves everything enabled that the account has: the PBX decides.
    """
    call = situation.call
    if call is None:
        return WhyNot(Reason.NO_CALL)
    if call.ended is not None or call.call_state is CallState.ENDED:
        return WhyNot(Reason.CALL_ENDED)
    return (
        _why_not_sendable(action, situation)
        or _why_not_pending(action, situation)
        or _why_not_state(action, call, situation)
    )


def allowed_actions(situation: Situation) -> frozenset[CallAction]:
    """Every action that may be sent now."""
    return frozenset(action for action in CallAction if why_not(action, situation) is None)


def _why_not_sendable(action: CallAction, situation: Situation) -> WhyNot | None:
    if situation.link_use is LinkUse.NEVER_CONNECTED:
        return WhyNot(Reason.NOT_CONNECTED)
    if situation.link_use is LinkUse.SIGN_IN_NEEDED:
        return WhyNot(Reason.SIGN_IN_NEEDED)
    if situation.link_use is LinkUse.LIMIT_REACHED:
        return WhyNot(Reason.LIMIT_REACHED, {"resets_in_s": situation.limit_resets_in_s})
    if situation.link_use is LinkUse.ONLY_BASE and action is not CallAction.END_CALL:
        return WhyNot(Reason.COMPONENT_MISSING)
    return None


def _why_not_pending(action: CallAction, situation: Situation) -> WhyNot | None:
    if action is CallAction.TAG:
        return None  # Each tag is a mark of its own.
    blocking = situation.pending & MOVING_ACTIONS if action in MOVING_ACTIONS else situation.pending & {action}
    if action in _RECORDING:
        blocking = situation.pending & _RECORDING
    if not blocking:
        return None
    return WhyNot(Reason.WAITING_FOR_PBX, {"action": min(item.value for item in blocking)})


def _why_not_state(action: CallAction, call: LiveCall, situation: Situation) -> WhyNot | None:
    if call.call_state is CallState.UNKNOWN:
        return None
    reason = _STATE_REASONS.get(action, {}).get(call.call_state)
    if reason is Reason.NOT_TALKING_YET and action is CallAction.SEND_DTMF and _we_talk_to_a_menu(call):
        reason = None
    if reason is not None:
        return WhyNot(reason)
    if action in _RECORDING:
        return _why_not_recording(action, call, situation)
    if action is CallAction.DROP_LEG and len(call.session.live_legs) < 2:
        return WhyNot(Reason.ONE_LEG_ONLY)
    if action is CallAction.BLOCK_CALLER and parse_phone_number(call.session.contact_number).is_hidden:
        return WhyNot(Reason.NO_NUMBER_TO_BLOCK)
    if action is CallAction.USE_TALK_OPTION:
        return _why_not_yet(call, situation.now_monotonic_s)
    return None


def _why_not_yet(call: LiveCall, now_monotonic_s: float | None) -> WhyNot | None:
    """The 30-second rule. When nobody saw the talk begin, the PBX decides."""
    began = call.talk_began
    if call.session.direction is not Direction.OUTBOUND or began is None or began == call.first_seen:
        return None
    if now_monotonic_s is None:
        return None
    left_s = math.ceil(TALK_OPTION_RULE_S - (now_monotonic_s - began.monotonic_s))
    return WhyNot(Reason.OPTION_TOO_EARLY, {"left_s": left_s}) if left_s > 0 else None


def _we_talk_to_a_menu(call: LiveCall) -> bool:
    """An outgoing call that hears a menu may show one talking leg only; keys must work there."""
    return call.session.direction is Direction.OUTBOUND and any(
        leg.leg_state is LegState.TALKING for leg in call.session.live_legs
    )


def _why_not_recording(action: CallAction, call: LiveCall, situation: Situation) -> WhyNot | None:
    if action is CallAction.START_RECORDING:
        return WhyNot(Reason.ALREADY_RECORDING) if call.session.is_recorded else None
    if not call.session.is_recorded:
        return WhyNot(Reason.NOT_RECORDING)
    enforced = [leg for leg in call.session.employee_legs if leg.employee_id in situation.enforced_recording]
    return WhyNot(Reason.RECORDING_ENFORCED) if enforced else None
