"""Which command is legal in which state, and what tag, record, DTMF and coach do."""

from __future__ import annotations

import pytest

from app.simulator.config import SimulatorConfig
from tests.simulator.pbx_client import CALLER, HOLD_MESSAGE, ME, RECORDED, PbxDesk, pbx_desk

STATES = ("session", "talk", "hold", "dialing", "operator_talk", "transfer_pending")
ALLOWED = {
    "hold.call": {"talk"},
    "unhold.call": {"hold"},
    "make.call": {"hold"},
    "transfer.talk": {"dialing", "operator_talk"},
    "restore.talk": {"dialing", "operator_talk"},
    "tag.call": set(STATES),
    "record.call": set(STATES),
    "send.dtmf": set(STATES),
    "add.coach": set(STATES),
    "disconnect.leg": set(STATES),
    "release.call": set(STATES),
}
ARGUMENTS: dict[str, dict[str, object]] = {
    "hold.call": {"contact_message": HOLD_MESSAGE},
    "make.call": {"to": "103"},
    "tag.call": {"tag_id": 254},
    "record.call": {"action": "on"},
    "send.dtmf": {"dtmf_string": "5"},
    "add.coach": {"phone_number": "104"},
}


async def call_in(desk: PbxDesk, state: str) -> int:
    if state == "session":
        return desk.world.ring_in(CALLER, employees=[ME])
    if state == "talk":
        return desk.talk()
    prepare = {
        "hold": desk.held,
        "dialing": desk.dialing,
        "operator_talk": desk.consulting,
        "transfer_pending": desk.transfer_pending,
    }
    return await prepare[state]()


@pytest.mark.parametrize("method", sorted(ALLOWED))
async def test_a_command_is_obeyed_in_its_states_and_refused_in_all_others(method: str) -> None:
    async with pbx_desk() as desk:
        outcomes = {}
        for state in STATES:
            call = await call_in(desk, state)
            assert desk.world.call(call).session_state.value == state
            arguments = dict(ARGUMENTS.get(method, {}))
            if method == "disconnect.leg":
                arguments["leg_id"] = desk.world.call(call).legs[0].leg_id
            outcomes[state] = await desk.mnemonic(method, call_session_id=call, **arguments)
        expected = {state: "ok" if state in ALLOWED[method] else "invalid_state" for state in STATES}
        assert outcomes == expected


@pytest.mark.parametrize("method", sorted(ALLOWED))
async def test_every_command_to_an_ended_or_unknown_call_finds_no_session(method: str) -> None:
    async with pbx_desk() as desk:
        ended = desk.talk()
        desk.world.hang_up(ended, "contact")
        arguments = dict(ARGUMENTS.get(method, {}))
        if method == "disconnect.leg":
            arguments["leg_id"] = 1
        for call_session_id in (ended, 77, 1.5):
            reply = await desk.call(method, call_session_id=call_session_id, **arguments)
            assert reply["error"]["code"] == -32602
            assert reply["error"]["data"]["mnemonic"] == "call_session_not_found"
            assert reply["error"]["data"]["value"] == call_session_id


async def test_a_refused_command_changes_nothing() -> None:
    async with pbx_desk() as desk:
        call = await desk.held()
        before = await desk.data("list.calls")
        assert await desk.mnemonic("make.call", call_session_id=call, to="9999") == "no_active_phone_number"
        assert await desk.mnemonic("transfer.talk", call_session_id=call) == "invalid_state"
        assert await desk.data("list.calls") == before


@pytest.mark.parametrize(
    ("to", "reached"),
    [
        ("102", "0486102"),
        ("0486102", "0486102"),
        ("79265550103", "79265550103"),
        ("79161112233", "79161112233"),
        ("199", None),
        ("0486999", None),
        ("106", None),
        ("1234567", None),
    ],
)
async def test_what_make_call_reaches(to: str, reached: str | None) -> None:
    async with pbx_desk() as desk:
        call = await desk.held()
        outcome = await desk.mnemonic("make.call", call_session_id=call, to=to)
        assert outcome == ("no_active_phone_number" if reached is None else "ok")
        if reached is not None:
            assert desk.world.call(call).legs[-1].called == reached


async def test_tags_grow_once_each() -> None:
    async with pbx_desk() as desk:
        call = desk.talk()
        assert await desk.mnemonic("tag.call", call_session_id=call, tag_id=254) == "ok"
        assert await desk.mnemonic("tag.call", call_session_id=call, tag_id=254) == "duplicate_tag"
        refused = await desk.call("tag.call", call_session_id=call, tag_id=999)
        assert refused["error"]["message"] == "Tag with 999 not found"
        assert refused["error"]["data"]["params"] == {"tag_id": 999}
        (shown,) = await desk.data("list.calls")
        assert shown["tags"] == [{"tag_id": 254, "tag_name": "Целевой"}]


async def test_recording_flips_and_refuses_what_is_already_so() -> None:
    async with pbx_desk() as desk:
        call = desk.talk()
        assert await desk.mnemonic("record.call", call_session_id=call, action="off") == "record_already_stopped"
        assert await desk.mnemonic("record.call", call_session_id=call, action="on") == "ok"
        assert await desk.mnemonic("record.call", call_session_id=call, action="on") == "record_already_started"
        (shown,) = await desk.data("list.calls")
        assert {leg["record_call_enabled"] for leg in shown["legs"]} == {True}
        assert await desk.mnemonic("record.call", call_session_id=call, action="off") == "ok"


async def test_a_recording_that_the_account_enforces_cannot_be_stopped() -> None:
    async with pbx_desk() as desk:
        call = desk.talk(employee_id=RECORDED)
        refused = await desk.call("record.call", call_session_id=call, action="off")
        assert (refused["error"]["code"], refused["error"]["data"]["mnemonic"]) == (-32003, "forbidden")
        assert desk.world.call(call).is_recorded


async def test_dtmf_symbols_are_kept_in_order() -> None:
    async with pbx_desk() as desk:
        call = desk.talk()
        for symbol in "12*#0":
            await desk.data("send.dtmf", call_session_id=call, dtmf_string=symbol)
        assert desk.world.call(call).dtmf == "12*#0"


async def test_a_symbol_being_sent_is_shown_for_a_moment_when_configured() -> None:
    async with pbx_desk(SimulatorConfig(dtmf_shown_s=0.5)) as desk:
        call = desk.talk()
        await desk.data("send.dtmf", call_session_id=call, dtmf_string="1")
        assert (await desk.leg_states(call) or {})["0486101"] == "Отправка dtmf"
        desk.simulator.advance(0.6)
        assert (await desk.leg_states(call) or {})["0486101"] == "Разговор"


async def test_the_coach_comes_from_the_settings_or_from_the_request() -> None:
    async with pbx_desk() as desk:
        call = desk.talk(employee_id=2003)
        assert await desk.mnemonic("add.coach", call_session_id=call) == "coach_not_found"
        assert await desk.mnemonic("add.coach", call_session_id=call, phone_number="999") == "no_active_phone_number"
        assert await desk.mnemonic("add.coach", call_session_id=call, phone_number="104") == "ok"
        assert desk.world.call(call).legs[-1].employee_id == 2004


async def test_dropping_a_leg_that_is_not_there_is_refused() -> None:
    async with pbx_desk() as desk:
        call = desk.talk()
        assert await desk.mnemonic("disconnect.leg", call_session_id=call, leg_id=1) == "leg_not_found"
        my_leg = desk.world.call(call).legs[1].leg_id
        assert await desk.mnemonic("disconnect.leg", call_session_id=call, leg_id=my_leg) == "ok"
        assert desk.world.call(call).finish_reason == "operator_disconnected"


async def test_the_messages_of_hold_and_make_are_checked_against_the_account() -> None:
    async with pbx_desk(SimulatorConfig(tts_max_length=10)) as desk:
        call = desk.talk()
        unknown_media = {"type": "media", "value": "1"}
        too_long = {"type": "tts", "value": "ш" * 11}
        media = await desk.call("hold.call", call_session_id=call, contact_message=unknown_media)
        assert media["error"]["message"] == "The media file with id 1 not found"
        assert media["error"]["data"]["field"] == "contact_message.value"
        tts = await desk.call("hold.call", call_session_id=call, contact_message=too_long)
        assert tts["error"]["data"]["mnemonic"] == "tts_text_exceeded"
        assert tts["error"]["data"]["params"] == {"tts_message_max_length": 10, "sent_tts_message_length": 11}
        ok = {"type": "media", "value": "2561"}
        assert await desk.mnemonic("hold.call", call_session_id=call, contact_message=ok) == "ok"
        for message in (unknown_media, too_long):
            outcome = await desk.mnemonic("make.call", call_session_id=call, to="102", to_message=message)
            assert outcome == "invalid_parameter_value"
