"""Sending one order on a live call, once, and seeing with --wait what came of it. What is asked is `call_verbs`'s."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.commands.call_result import CallPhase, CallResult, WrongUsageError, failed
from app.commands.call_verbs import Order
from app.commands.call_watch import PbxDesk, listed
from app.domain.actions import CallAction
from app.domain.calls import CallSession, CallState
from app.domain.live_call import LiveCall
from app.errors import PultError
from app.services.effects import Baseline, baseline_of, is_effect_visible, is_shown_by_the_list
from app.telephony.port import CallsSnapshot, TalkOption

_NOTHING_SEEN = Baseline(frozenset(), None)
Shows = Callable[[CallSession | None], bool]


async def send_order(desk: PbxDesk, order: Order) -> CallResult:
    """Look first where --wait or the order needs it, then send. Raises WrongUsageError with nothing sent."""
    live_call: LiveCall | None = None
    option: TalkOption | None = None
    waits = desk.wait_time_s is not None
    try:
        if waits or order.action is CallAction.COMPLETE_TRANSFER:
            live_call = await desk.live_call(order.call_session_id)
        if waits and order.action is CallAction.USE_TALK_OPTION:
            option = await _option_on(desk, str(order.detail["button"]))
    except PultError as error:
        return failed(order.verb, error, order.facts, was_sent=False)
    if order.action is CallAction.COMPLETE_TRANSFER:
        _refuse_to_lose_the_caller(live_call)
    result = await _send(desk, order)
    if not waits or result.phase not in (CallPhase.ACCEPTED, CallPhase.UNKNOWN):
        return result
    return await _confirmed(desk, order, result, _effect_of(order, live_call, desk, option))


async def _send(desk: PbxDesk, order: Order) -> CallResult:
    facts = order.facts
    total = len(order.steps)
    for sent, step in enumerate(order.steps):
        if order.action is CallAction.SEND_DTMF:
            facts |= {"sent": sent, "total": total}
        try:
            await step(desk.telephony, order.call_session_id)
        except PultError as error:
            return failed(order.verb, error, facts)
    if order.action is CallAction.SEND_DTMF:
        facts |= {"sent": total}
    return CallResult(order.verb, CallPhase.ACCEPTED, None, facts)


async def _confirmed(desk: PbxDesk, order: Order, result: CallResult, shows: Shows | None) -> CallResult:
    """What the list says of a command that was accepted, or that nobody answered."""
    if shows is None:
        # The PBX's yes is all there will be.
        return result

    def is_shown(snapshot: CallsSnapshot) -> bool:
        return shows(listed(snapshot, order.call_session_id))

    if await desk.sees(is_shown):
        return replace(result, phase=CallPhase.CONFIRMED, error=None)
    return result if result.phase is CallPhase.UNKNOWN else replace(result, phase=CallPhase.NOT_VISIBLE)


def _refuse_to_lose_the_caller(live_call: LiveCall | None) -> None:
    """A state that cannot be told is left to the PBX."""
    if live_call is not None and live_call.call_state is CallState.CONSULT_RINGING:
        raise WrongUsageError(
            "colleague_has_not_answered",
            "Nothing was sent: the colleague has not answered yet, and the caller would be lost if nobody does. Wait,"
            " or say `transfer --blind`.",
        )


def _effect_of(order: Order, before: LiveCall | None, desk: PbxDesk, option: TalkOption | None) -> Shows | None:
    """How a snapshot shows it; None when none ever does."""
    if before is None and is_shown_by_the_list(order.action, _NOTHING_SEEN):
        # Nothing to compare with: only the call's absence says anything, and only of its end.
        return lambda now: now is None and order.action is CallAction.END_CALL
    if before is None:
        return None
    detail = dict(order.detail)
    if option is not None:
        detail |= {"mnemonic": option.mnemonic, "value": option.value}
    baseline = baseline_of(before, order.action, desk.me, detail)
    if not is_shown_by_the_list(order.action, baseline):
        return None
    return lambda now: is_effect_visible(order.action, baseline, now)


async def _option_on(desk: PbxDesk, button: str) -> TalkOption | None:
    options = await desk.telephony.list_talk_options()
    return next((option for option in options if option.button == button), None)
