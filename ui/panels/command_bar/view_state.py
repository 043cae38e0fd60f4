"""What the row of commands shows in each situation: which buttons, which are off and why, in which phase. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from app.domain.actions import CallAction, Reason, Situation, WhyNot, why_not
from app.domain.calls import CallSessionId, CallState

if TYPE_CHECKING:
    from app.domain.live_call import LiveCall


class ButtonPhase(Enum):
    """What became of the last command of a button: the service's command phases, and NEVER_KNOWN for a command whose
    answer was lost and whose effect was not seen either. Nobody accepted that one."""

    IDLE = "idle"
    SENDING = "sending"
    ACCEPTED = "accepted"
    CONFIRMED = "confirmed"
    NOT_VISIBLE = "not_visible"
    NEVER_KNOWN = "never_known"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    NOT_SENT = "not_sent"


RUNNING_PHASES = frozenset({ButtonPhase.SENDING, ButtonPhase.ACCEPTED, ButtonPhase.UNKNOWN})

SLOTS: tuple[tuple[CallAction, ...], ...] = (
    (CallAction.HOLD, CallAction.RETRIEVE),
    (CallAction.CANCEL_CONSULT,),
    (CallAction.BEGIN_CONSULT,),
    (CallAction.TRANSFER_BLIND,),
    (CallAction.COMPLETE_TRANSFER,),
    (CallAction.TAG,),
    (CallAction.START_RECORDING, CallAction.STOP_RECORDING),
    (CallAction.SEND_DTMF,),
    (CallAction.ADD_COACH,),
    (CallAction.DROP_LEG,),
    (CallAction.BLOCK_CALLER,),
    (CallAction.END_CALL,),
)
"""The row in its order. The actions of one slot take turns; only an unknown state shows them all."""

PLACES: tuple[tuple[CallAction, ...], ...] = (
    (CallAction.HOLD, CallAction.RETRIEVE, CallAction.CANCEL_CONSULT),
    (CallAction.BEGIN_CONSULT, CallAction.TRANSFER_BLIND),
    (CallAction.COMPLETE_TRANSFER,),
    (CallAction.TAG,),
    (CallAction.START_RECORDING, CallAction.STOP_RECORDING),
    (CallAction.SEND_DTMF,),
    (CallAction.ADD_COACH,),
    (CallAction.DROP_LEG,),
    (CallAction.BLOCK_CALLER,),
    (CallAction.END_CALL,),
)
"""Where each action stands, in every state but the unknown one. Nothing ever comes up in the place of *End call*, nor
*Transfer now* where something could be pressed the moment before: *Consult* is off while a consultation begins."""

CONSULT_STATES = frozenset({CallState.CONSULT_RINGING, CallState.CONSULT, CallState.TRANSFER_PENDING})
_ONLY_TALKING = frozenset({CallAction.HOLD, CallAction.RETRIEVE, CallAction.BEGIN_CONSULT, CallAction.ADD_COACH})
_ONLY_CONSULTING = frozenset({CallAction.TRANSFER_BLIND, CallAction.CANCEL_CONSULT})
_NOT_BY_PICKER = CONSULT_STATES | {CallState.UNKNOWN}
_BY_PICKER: dict[CallAction, Reason] = {
    CallAction.BEGIN_CONSULT: Reason.HOLD_FIRST,
    CallAction.COMPLETE_TRANSFER: Reason.CONSULT_FIRST,
}
"""What the PBX would refuse, and the window does all the same: once a colleague is chosen it holds and calls first."""
_STOPPABLE = frozenset({Reason.CONSULT_FIRST, Reason.WAITING_FOR_PBX})


@dataclass(frozen=True, slots=True)
class CommandButtonState:
    """One button: what it would do, why it cannot, what its last command came to."""

    action: CallAction
    why_not: WhyNot | None = None
    phase: ButtonPhase = ButtonPhase.IDLE
    opens_picker: bool = False

    @property
    def is_allowed(self) -> bool:
        return self.why_not is None


@dataclass(frozen=True, slots=True)
class CommandBarState:
    """The row left to right, and the verdict on every action, shown or not, for menu and keys."""

    call_session_id: CallSessionId | None
    buttons: tuple[CommandButtonState, ...]
    verdicts: Mapping[CallAction, WhyNot | None] = field(default_factory=dict)
    warns_caller_lost: bool = False


def visible_actions(call: LiveCall | None) -> tuple[CallAction, ...]:
    """The row for a call's state. An unknown state shows everything: the PBX decides."""
    if call is not None and call.call_state is CallState.UNKNOWN:
        return tuple(action for slot in SLOTS for action in slot)
    call_state = CallState.RINGING if call is None else call.call_state
    hidden = set(_ONLY_TALKING if call_state in CONSULT_STATES else _ONLY_CONSULTING)
    hidden.add(CallAction.HOLD if call_state is CallState.HOLD else CallAction.RETRIEVE)
    is_recorded = call is not None and call.session.is_recorded
    hidden.add(CallAction.START_RECORDING if is_recorded else CallAction.STOP_RECORDING)
    return tuple(action for slot in SLOTS for action in slot if action not in hidden)


def opens_picker(action: CallAction, call: LiveCall | None) -> bool:
    """Whether the transfer has to be told first to whom it goes: nobody has been called yet."""
    return action is CallAction.COMPLETE_TRANSFER and (call is None or call.call_state not in _NOT_BY_PICKER)


def verdict(action: CallAction, situation: Situation, *, is_armed: bool) -> WhyNot | None:
    """As the domain has it, but for what the window takes care of by itself. `is_armed`: a transfer is under way that
    this console carries out step by step; going back from it is always possible."""
    refusal = why_not(action, situation)
    reason = None if refusal is None else refusal.reason
    if action is CallAction.CANCEL_CONSULT and is_armed and reason in _STOPPABLE:
        return None
    if action not in _BY_PICKER or reason not in (None, _BY_PICKER[action]):
        return refusal
    is_before = situation.call is not None and situation.call.call_state not in _NOT_BY_PICKER
    return WhyNot(Reason.CONSULT_UNDER_WAY) if is_armed and is_before else None


def bar_state(
    situation: Situation, phases: Mapping[CallAction, ButtonPhase], *, is_armed: bool = False
) -> CommandBarState:
    """The whole row from what enablement depends on and from the phases of the commands under way."""
    call = None if situation.call is None or situation.call.ended is not None else situation.call
    verdicts = {action: verdict(action, situation, is_armed=is_armed) for action in CallAction}
    wanted = visible_actions(call)
    shown = tuple(_in_the_place_of(action, wanted, phases) for action in wanted)
    return CommandBarState(
        call_session_id=None if call is None else call.call_session_id,
        buttons=tuple(
            CommandButtonState(
                action, verdicts[action], phases.get(action, ButtonPhase.IDLE), opens_picker(action, call)
            )
            for action in shown
        ),
        verdicts=verdicts,
        warns_caller_lost=call is not None and call.call_state is CallState.CONSULT_RINGING,
    )


def action_for_key(
    actions: tuple[CallAction, ...], verdicts: Mapping[CallAction, WhyNot | None], shown: tuple[CallAction, ...]
) -> CallAction:
    """Which of the actions on one key is meant: the allowed one, else the one in the row, else the first."""
    for action in actions:
        if verdicts.get(action) is None and action in verdicts:
            return action
    return next((action for action in actions if action in shown), actions[0])


def gives_way(action: CallAction) -> bool:
    """Whether another action takes this one's place in the row once the call's state has changed."""
    return any(action in slot and len(slot) > 1 for slot in SLOTS)


def _in_the_place_of(
    action: CallAction, wanted: tuple[CallAction, ...], phases: Mapping[CallAction, ButtonPhase]
) -> CallAction:
    """The action itself; or the one before it there, whose command has just been confirmed: it stays with its mark
    until that has been seen. On the next one's button the mark would say that the next one was done."""
    slot = next(slot for slot in SLOTS if action in slot)
    leaving = (other for other in slot if other not in wanted and phases.get(other) is ButtonPhase.CONFIRMED)
    return next(leaving, action)
