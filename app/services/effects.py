"""When the list of calls shows that a command had its effect: one pure rule per action. Sends nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.domain.actions import CallAction
from app.domain.calls import CallSession, CallState, Direction, EmployeeId, Leg, LegId, LegState
from app.domain.live_call import LiveCall


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the call looked like when the command was sent, and the command's own operand.

    `holder_leg_id`: the leg that leaves when the call is transferred. `ends_the_call`: the caller hears the end of it.
    """

    leg_ids: frozenset[LegId]
    holder_leg_id: LegId | None
    tag_id: object = None
    dropped_leg_id: object = None
    ends_the_call: bool = False


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
        or (action is CallAction.DROP_LEG and (drops_contact or drops_the_caller)),
    )


def is_effect_visible(action: CallAction, baseline: Baseline, call_session: CallSession | None) -> bool:
    """Does a snapshot asked for after the command show its effect? None: the call is not listed any more."""
    rule = _RULES.get(action)
    if rule is None:
        return False
    if call_session is None or not call_session.live_legs:
        return action in _ENDED_WITH_THE_CALL
    return rule(baseline, call_session)


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
    is_somebody_new = bool({leg.leg_id for leg in call_session.live_legs} - baseline.leg_ids)
    return is_somebody_new or call_session.call_state in (CallState.CONSULT_RINGING, CallState.CONSULT)


def _holder_left(baseline: Baseline, call_session: CallSession) -> bool:
    return baseline.holder_leg_id not in {leg.leg_id for leg in call_session.live_legs}


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
    CallAction.ADD_COACH: lambda baseline, call_session: any(
        leg.leg_id not in baseline.leg_ids for leg in call_session.live_legs
    ),
    CallAction.DROP_LEG: lambda baseline, call_session: (
        baseline.dropped_leg_id not in {leg.leg_id for leg in call_session.live_legs}
    ),
    CallAction.END_CALL: lambda _, __: False,
}
"""Every action but SEND_DTMF: the list shows no keys."""
