"""When the list of calls shows that a command had its effect: one pure rule per action. Sends nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.domain.actions import CallAction
from app.domain.calls import (
    CallSession,
    CallState,
    Direction,
    EmployeeId,
    Leg,
    LegId,
    LegState,
    TagId,
    derive_call_state,
)
from app.domain.live_call import LiveCall


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the call looked like when the command was sent, and the command's own operand.

    `holder_leg_id`: the leg that leaves when the call is transferred. `ends_the_call`: the caller hears the end of it.
    `option`, `option_value`: the talk option's mnemonic and what it is set to.
    """

    leg_ids: frozenset[LegId]
    holder_leg_id: LegId | None
    tag_id: object = None
    dropped_leg_id: object = None
    ends_the_call: bool = False
    coach_leg_ids: frozenset[LegId] = frozenset()
    tag_ids: frozenset[TagId] = frozenset()
    was_recorded: bool = False
    option: object = None
    option_value: object = None


def baseline_of(
    live_call: LiveCall, action: CallAction, me: EmployeeId | None, detail: Mapping[str, object]
) -> Baseline:
    """Taken before sending. The holder is me, or for a call that is not mine its first employee."""
    call_session = live_call.session
    holder = call_session.leg_of(me) or _first_inside_leg(call_session)
    contact = call_session.contact_leg
    dropped_leg_id = detail.get("leg_id")
    live_leg_ids = frozenset(leg.leg_id for leg in call_session.live_legs)
    drops_contact = contact is not None and dropped_leg_id == contact.leg_id
    # An outgoing call has nobody else to ring: who leaves the caller alone has ended it.
    drops_the_caller = (
        call_session.direction is Direction.OUTBOUND and dropped_leg_id in live_leg_ids and len(live_leg_ids) == 2
    )
    return Baseline(
        leg_ids=live_leg_ids,
        holder_leg_id=holder.leg_id if holder is not None else None,
        tag_id=detail.get("tag_id"),
        dropped_leg_id=dropped_leg_id,
        ends_the_call=action is CallAction.END_CALL
        or (action is CallAction.DROP_LEG and (drops_contact or drops_the_caller))
        or (action is CallAction.USE_TALK_OPTION and detail.get("mnemonic") == _FINISHES),
        coach_leg_ids=live_call.coach_leg_ids,
        tag_ids=frozenset(tag.tag_id for tag in call_session.tags),
        was_recorded=call_session.is_recorded,
        option=detail.get("mnemonic"),
        option_value=detail.get("value"),
    )


def is_shown_by_the_list(action: CallAction, baseline: Baseline) -> bool:
    """Can the list of calls show the effect at all? If not, the PBX's yes is all there will be."""
    if action is CallAction.USE_TALK_OPTION:
        return baseline.option in _OPTION_RULES
    return action in _RULES


def is_effect_visible(action: CallAction, baseline: Baseline, call_session: CallSession | None) -> bool:
    """Does a snapshot asked for after the command show its effect? None: the call is not listed any more."""
    if not is_shown_by_the_list(action, baseline):
        return False
    if call_session is None or not call_session.live_legs:
        return baseline.ends_the_call or action in _ENDED_WITH_THE_CALL
    return _rule_of(action, baseline)(baseline, call_session)


def _first_inside_leg(call_session: CallSession) -> Leg | None:
    contact = call_session.contact_leg
    inside = [leg for leg in call_session.live_legs if leg is not contact]
    return min(inside, key=lambda leg: (not leg.is_operator, leg.leg_id)) if inside else None


def _is_held(call_session: CallSession) -> bool:
    contact = call_session.contact_leg
    return contact is not None and contact.leg_state is LegState.HELD


def _is_talking_again(_: Baseline, call_session: CallSession) -> bool:
    return call_session.call_state is CallState.TALK


def _consults(baseline: Baseline, call_session: CallSession) -> bool:
    call_state = derive_call_state(call_session, baseline.coach_leg_ids)
    return _is_somebody_new(baseline, call_session) or call_state in (CallState.CONSULT_RINGING, CallState.CONSULT)


def _holder_left(baseline: Baseline, call_session: CallSession) -> bool:
    return baseline.holder_leg_id not in {leg.leg_id for leg in call_session.live_legs}


def _is_somebody_new(baseline: Baseline, call_session: CallSession) -> bool:
    return bool({leg.leg_id for leg in call_session.live_legs} - baseline.leg_ids)


def _coach_came_or_went(baseline: Baseline, call_session: CallSession) -> bool:
    """The option is a toggle: it calls a coach, or sends the one away who is there."""
    there_before = baseline.leg_ids & baseline.coach_leg_ids
    if not there_before:
        return _is_somebody_new(baseline, call_session)
    return not there_before & {leg.leg_id for leg in call_session.live_legs}


def _option_tag_is_on(baseline: Baseline, call_session: CallSession) -> bool:
    """The option is set to a tag by name or by id; what it is called there need not be what the list calls it."""
    is_new = any(tag.tag_id not in baseline.tag_ids for tag in call_session.tags)
    return is_new or any(baseline.option_value in (tag.name, str(tag.tag_id)) for tag in call_session.tags)


_ENDED_WITH_THE_CALL = frozenset(
    {CallAction.END_CALL, CallAction.DROP_LEG, CallAction.COMPLETE_TRANSFER, CallAction.TRANSFER_BLIND}
)

_RULES: dict[CallAction, Callable[[Baseline, CallSession], bool]] = {
    CallAction.HOLD: lambda _, call_session: _is_held(call_session),
    CallAction.RETRIEVE: _is_talking_again,
    CallAction.BEGIN_CONSULT: _consults,
    CallAction.COMPLETE_TRANSFER: _holder_left,
    CallAction.TRANSFER_BLIND: _holder_left,
    CallAction.CANCEL_CONSULT: _is_talking_again,
    CallAction.TAG: lambda baseline, call_session: baseline.tag_id in {tag.tag_id for tag in call_session.tags},
    CallAction.START_RECORDING: lambda _, call_session: call_session.is_recorded,
    CallAction.STOP_RECORDING: lambda _, call_session: not call_session.is_recorded,
    CallAction.ADD_COACH: _is_somebody_new,
    CallAction.DROP_LEG: lambda baseline, call_session: (
        baseline.dropped_leg_id not in {leg.leg_id for leg in call_session.live_legs}
    ),
    CallAction.END_CALL: lambda _, __: False,
}
"""Not SEND_DTMF: the list shows no keys. Not BLOCK_CALLER: it shows no blacklist. USE_TALK_OPTION: see below."""

_FINISHES = "finish_conversation"
_OPTION_RULES: dict[object, Callable[[Baseline, CallSession], bool]] = {
    "record_talk": lambda baseline, call_session: call_session.is_recorded is not baseline.was_recorded,
    "transfer_call": lambda _, call_session: _is_held(call_session),
    _FINISHES: lambda _, __: False,
    "tag_call": _option_tag_is_on,
    "call_coach": _coach_came_or_went,
}
"""By mnemonic; the list shows nothing of the others (save_numa, receive_fax, run_scenario)."""


def _rule_of(action: CallAction, baseline: Baseline) -> Callable[[Baseline, CallSession], bool]:
    return _OPTION_RULES[baseline.option] if action is CallAction.USE_TALK_OPTION else _RULES[action]
