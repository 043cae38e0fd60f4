"""Sending one order on a live call, once, and seeing with --wait what came of it. What is asked is `call_verbs`'s."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from app.commands.call_result import CallPhase, CallResult, WrongUsageError, failed
from app.commands.call_verbs import Order
from app.commands.call_watch import PbxDesk, listed
from app.domain.actions import CallAction
from app.domain.calls import CallSession, CallState
from app.domain.live_call import LiveCall
from app.errors import PultError
from app.services.effects import baseline_of, is_effect_visible
from app.telephony.port import CallsSnapshot, TalkOption

Shows = Callable[[CallSession | None], bool]
_NEVER_LISTED = frozenset({CallAction.SEND_DTMF, CallAction.BLOCK_CALLER})
"""The list of calls shows nothing of them: the PBX's yes is all there will be."""


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
    if order.action in _NEVER_LISTED:
        return None
    if before is None:
        # Nothing to compare with: only the call's absence says anything, and only of its end.
        return lambda now: now is None and order.action is CallAction.END_CALL
    if order.action is CallAction.USE_TALK_OPTION:
        return _effect_of_option(option, before, desk)
    return _rule(order.action, order.detail, before, desk)


def _rule(action: CallAction, detail: Mapping[str, object], before: LiveCall, desk: PbxDesk) -> Shows:
    baseline = baseline_of(before, action, desk.me, detail)
    return lambda call_session: is_effect_visible(action, baseline, call_session)


def _effect_of_option(option: TalkOption | None, before: LiveCall, desk: PbxDesk) -> Shows | None:
    """By what the account has set the key to; toggles go the other way than the call stood (uis-notes §5.2)."""
    match option.mnemonic if option is not None else "":
        case "record_talk":
            is_recorded = before.session.is_recorded
            return _rule(CallAction.STOP_RECORDING if is_recorded else CallAction.START_RECORDING, {}, before, desk)
        case "transfer_call":
            return _rule(CallAction.HOLD, {}, before, desk)
        case "finish_conversation":
            return _rule(CallAction.END_CALL, {}, before, desk)
        case "call_coach":
            legs_before = {leg.leg_id for leg in before.session.live_legs}
            return lambda now: now is not None and {leg.leg_id for leg in now.live_legs} != legs_before
        case "tag_call" if option is not None and option.value.isdecimal():
            return _rule(CallAction.TAG, {"tag_id": int(option.value)}, before, desk)
        case _:
            return None


async def _option_on(desk: PbxDesk, button: str) -> TalkOption | None:
    options = await desk.telephony.list_talk_options()
    return next((option for option in options if option.button == button), None)
