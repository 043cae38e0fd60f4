"""The Call API's commands on a live call and its two lists: what each does. Their rows in the table: methods.py."""

from app.simulator.pbx.call import Call
from app.simulator.pbx.talk_options import TalkOptions
from app.simulator.uis_api.invocation import Invocation, playable
from app.simulator.uis_api.refusals import ApiRefusal


def list_calls(invocation: Invocation) -> object:
    """``result.data`` of list.calls."""
    filters = invocation.params
    return invocation.listing.calls(filters.get("direction"), filters.get("virtual_phone_number"))


def list_talk_options(invocation: Invocation) -> object:
    """``result.data`` of list.talk_options."""
    return [
        {
            "button": option.button,
            "mnemonic": option.mnemonic,
            "name": option.name,
            "button_value": None if option.value_id is None else {"id": option.value_id, "value": option.value},
        }
        for option in invocation.world.directory.talk_options
    ]


def hold(invocation: Invocation, call: Call) -> str:
    """TALK -> HOLD; gives the effect for the journal, as all below."""
    playing = playable(invocation, "contact_message", has_own_errors=True)
    if playing is None:
        raise ApiRefusal("required_parameter_missed", field="contact_message")
    invocation.commands.hold(call, playing)
    return f"hold message={playing[0]}:{playing[1]}"


def unhold(invocation: Invocation, call: Call) -> str:
    """HOLD -> TALK."""
    invocation.commands.retrieve(call)
    return "retrieve"


def make(invocation: Invocation, call: Call) -> str:
    """HOLD -> DIALING."""
    playing = playable(invocation, "to_message", has_own_errors=False)
    leg = invocation.commands.call_third_party(call, invocation.text("to"), playing)
    return f"ring leg_id={leg.leg_id} to={leg.called}"


def transfer(invocation: Invocation, call: Call) -> str:
    """The contact goes to the third party."""
    invocation.commands.transfer(call)
    return f"transfer to_state={call.session_state.value}"


def restore(invocation: Invocation, call: Call) -> str:
    """Back to the contact."""
    invocation.commands.restore(call)
    return "restore"


def tag(invocation: Invocation, call: Call) -> str:
    """One tag more."""
    tag_id = invocation.numeric("tag_id")
    invocation.commands.tag(call, tag_id)
    return f"tag tag_id={tag_id}"


def record(invocation: Invocation, call: Call) -> str:
    """Recording on or off."""
    action = invocation.text("action")
    invocation.commands.set_recording(call, is_on=action == "on")
    return f"record {action}"


def dtmf(invocation: Invocation, call: Call) -> str:
    """One symbol."""
    symbol = invocation.text("dtmf_string")
    invocation.commands.send_dtmf(call, symbol)
    return f"dtmf {symbol}"


def coach(invocation: Invocation, call: Call) -> str:
    """A coach is called."""
    phone_number = invocation.text("phone_number") if "phone_number" in invocation.params else None
    leg = invocation.commands.add_coach(call, phone_number)
    return f"coach leg_id={leg.leg_id} to={leg.called}"


def disconnect(invocation: Invocation, call: Call) -> str:
    """One leg less."""
    leg_id = invocation.numeric("leg_id")
    invocation.commands.drop_leg(call, leg_id)
    return f"drop leg_id={leg_id}"


def release(invocation: Invocation, call: Call) -> str:
    """The end of the call."""
    invocation.commands.release(call)
    return "release"


def block(invocation: Invocation, call: Call) -> str:
    """The contact's number into the blacklist."""
    invocation.commands.block_contact(call, by=invocation.world.config.login)
    return f"block contact={call.contact}"


def talk_option(invocation: Invocation, call: Call) -> str:
    """What the key means during this talk."""
    button = invocation.text("button")
    mnemonic = TalkOptions(invocation.world, invocation.commands).press(call, button)
    return f"talk_option button={button} {mnemonic}"
