"""The verbs of `call` on a live call: what each asks of the PBX. How they are sent and seen is `call_order`'s."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from app.commands.call_result import WrongUsageError
from app.commands.typed import message_of, number_to_reach, spoken
from app.domain.actions import CallAction
from app.domain.calls import CallSessionId, LegId, TagId
from app.services.call_control import DTMF_SYMBOLS
from app.settings import Settings
from app.telephony.port import SpokenMessage, TelephonyPort

Request = Callable[[TelephonyPort, CallSessionId], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Order:
    """One command on one call. `steps`: its requests, in order; the first that is not accepted ends it. `detail`: its
    operand, as `services.effects` wants it and JSON tells it."""

    verb: str
    call_session_id: CallSessionId
    action: CallAction
    steps: tuple[Request, ...]
    detail: Mapping[str, object] = field(default_factory=dict)

    @property
    def facts(self) -> dict[str, object]:
        """What JSON tells besides how it ended."""
        return {"call_session_id": self.call_session_id, **self.detail}


_Made = tuple[CallAction, tuple[Request, ...], Mapping[str, object]]


def order_of(arguments: argparse.Namespace, settings: Settings) -> Order:
    """What the command line asks for. Raises WrongUsageError when that cannot be meant."""
    action, steps, detail = _MAKERS[arguments.verb](arguments, settings)
    return Order(arguments.verb, CallSessionId(arguments.session), action, steps, detail)


def _hold(arguments: argparse.Namespace, settings: Settings) -> _Made:
    message = _hold_message(arguments, settings)
    return CallAction.HOLD, (lambda pbx, call: pbx.hold(call, message),), {}


def _hold_message(arguments: argparse.Namespace, settings: Settings) -> SpokenMessage:
    hold_message = settings.pbx.hold_message
    if arguments.preset is None:
        return message_of(arguments, settings) or SpokenMessage(hold_message.message_type, hold_message.value)
    for preset in hold_message.presets:
        if preset.name.casefold() == arguments.preset.casefold():
            return SpokenMessage(preset.message_type, preset.value)
    known = ", ".join(preset.name for preset in hold_message.presets) or "none is set"
    raise WrongUsageError("unknown_preset", f"No such message in pbx.hold_message.presets. Known: {known}.")


def _retrieve(_: argparse.Namespace, __: Settings) -> _Made:
    return CallAction.RETRIEVE, (lambda pbx, call: pbx.retrieve(call),), {}


def _consult(arguments: argparse.Namespace, settings: Settings) -> _Made:
    to_number, message = number_to_reach(arguments.number), message_of(arguments, settings)
    return (
        CallAction.BEGIN_CONSULT,
        (lambda pbx, call: pbx.begin_consult(call, to_number, message),),
        {"number": to_number},
    )


def _transfer(arguments: argparse.Namespace, _: Settings) -> _Made:
    if arguments.blind:
        return CallAction.TRANSFER_BLIND, (lambda pbx, call: pbx.transfer_blind(call),), {"blind": True}
    return CallAction.COMPLETE_TRANSFER, (lambda pbx, call: pbx.complete_transfer(call),), {}


def _back(_: argparse.Namespace, __: Settings) -> _Made:
    return CallAction.CANCEL_CONSULT, (lambda pbx, call: pbx.cancel_consult(call),), {}


def _tag(arguments: argparse.Namespace, _: Settings) -> _Made:
    tag_id = TagId(arguments.tag_id)
    return CallAction.TAG, (lambda pbx, call: pbx.tag(call, tag_id),), {"tag_id": tag_id}


def _record(arguments: argparse.Namespace, _: Settings) -> _Made:
    on = arguments.switch == "on"
    action = CallAction.START_RECORDING if on else CallAction.STOP_RECORDING
    return action, (lambda pbx, call: pbx.set_recording(call, on=on),), {"recording": arguments.switch}


def _dtmf(arguments: argparse.Namespace, _: Settings) -> _Made:
    digits = arguments.digits
    if not digits or not DTMF_SYMBOLS.issuperset(digits):
        raise WrongUsageError("bad_dtmf", "Only digits, * and # can be pressed. Leave out everything else.")
    return CallAction.SEND_DTMF, tuple(_press(symbol) for symbol in digits), {}


def _press(symbol: str) -> Request:
    return lambda pbx, call: pbx.send_dtmf_symbol(call, symbol)


def _coach(arguments: argparse.Namespace, _: Settings) -> _Made:
    number = None if arguments.number is None else number_to_reach(arguments.number)
    return CallAction.ADD_COACH, (lambda pbx, call: pbx.add_coach(call, number),), {"number": number}


def _drop(arguments: argparse.Namespace, _: Settings) -> _Made:
    leg_id = LegId(arguments.leg_id)
    return CallAction.DROP_LEG, (lambda pbx, call: pbx.drop_leg(call, leg_id),), {"leg_id": leg_id}


def _block(_: argparse.Namespace, __: Settings) -> _Made:
    return CallAction.BLOCK_CALLER, (lambda pbx, call: pbx.block_caller(call),), {}


def _option(arguments: argparse.Namespace, _: Settings) -> _Made:
    button = spoken(arguments.button, "BUTTON is empty. `call option SESSION BUTTON` takes the option's key.")
    return CallAction.USE_TALK_OPTION, (lambda pbx, call: pbx.use_talk_option(call, button),), {"button": button}


def _end(_: argparse.Namespace, __: Settings) -> _Made:
    return CallAction.END_CALL, (lambda pbx, call: pbx.end_call(call),), {}


_MAKERS: Mapping[str, Callable[[argparse.Namespace, Settings], _Made]] = {
    "hold": _hold,
    "retrieve": _retrieve,
    "consult": _consult,
    "transfer": _transfer,
    "back": _back,
    "tag": _tag,
    "record": _record,
    "dtmf": _dtmf,
    "coach": _coach,
    "drop": _drop,
    "block": _block,
    "option": _option,
    "end": _end,
}
VERBS = tuple(_MAKERS)
