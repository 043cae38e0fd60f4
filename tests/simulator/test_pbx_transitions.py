"""Every transition of the session diagram, seen from outside through list.calls."""

from __future__ import annotations

from app.simulator.config import SimulatorConfig
from tests.simulator.pbx_client import CALLER, COLLEAGUE, HOLD_MESSAGE, ME, PbxDesk, pbx_desk

LINE = "74951045771"
MY_PHONE = "0486101"
COLLEAGUE_PHONE = "0486102"
OUTSIDE = "79161112233"


def reason(desk: PbxDesk, call_session_id: int) -> str | None:
    return desk.world.call(call_session_id).finish_reason


async def test_an_incoming_call_rings_every_employee_of_the_group_until_one_answers() -> None:
    async with pbx_desk() as desk:
        call = desk.world.ring_in(CALLER, employees=[ME, COLLEAGUE])
        ringing = {LINE: "Дозвон", MY_PHONE: "Дозвон", COLLEAGUE_PHONE: "Дозвон"}
        assert await desk.leg_states(call) == ringing
        desk.world.answer(call, ME)
        assert await desk.leg_states(call) == {LINE: "Разговор", MY_PHONE: "Разговор"}


async def test_a_group_call_goes_on_ringing_while_one_employee_is_left_and_ends_with_the_last() -> None:
    async with pbx_desk() as desk:
        call = desk.world.ring_in(CALLER, employees=[ME, COLLEAGUE])
        desk.world.hang_up(call, COLLEAGUE)
        assert await desk.leg_states(call) == {LINE: "Дозвон", MY_PHONE: "Дозвон"}
        desk.world.hang_up(call, ME)
        assert await desk.leg_states(call) is None
        assert reason(desk, call) == "no_answer"


async def test_a_caller_in_the_queue_is_shown_so_until_a_phone_rings_and_is_answered() -> None:
    async with pbx_desk() as desk:
        call = desk.world.queue_in(CALLER)
        assert await desk.leg_states(call) == {LINE: "На очереди"}
        desk.world.ring_employees(call, [ME])
        assert await desk.leg_states(call) == {LINE: "На очереди", MY_PHONE: "Дозвон"}
        desk.world.answer(call, ME)
        assert await desk.leg_states(call) == {LINE: "Разговор", MY_PHONE: "Разговор"}


async def test_one_talking_leg_of_an_outgoing_call_is_no_talk_until_the_customer_answers() -> None:
    async with pbx_desk() as desk:
        call = desk.world.ring_out(ME, OUTSIDE)
        assert await desk.leg_states(call) == {MY_PHONE: "Разговор", OUTSIDE: "Дозвон"}
        assert not desk.world.call(call).was_answered
        desk.world.contact_answers(call)
        assert await desk.leg_states(call) == {MY_PHONE: "Разговор", OUTSIDE: "Разговор"}


async def test_an_outgoing_call_ended_by_us_before_an_answer_is_cancelled() -> None:
    async with pbx_desk() as desk:
        call = desk.world.ring_out(ME, OUTSIDE)
        desk.world.hang_up(call, ME)
        assert await desk.leg_states(call) is None
        assert reason(desk, call) == "cancelled_by_operator"


async def test_a_caller_who_gives_up_before_an_answer_leaves_a_call_that_was_never_answered() -> None:
    async with pbx_desk() as desk:
        call = desk.world.ring_in(CALLER, employees=[ME])
        desk.world.hang_up(call, "contact")
        assert await desk.leg_states(call) is None
        assert not desk.world.call(call).was_answered
        assert reason(desk, call) == "contact_hung_up"


async def test_hold_and_unhold() -> None:
    async with pbx_desk() as desk:
        call = desk.talk()
        await desk.data("hold.call", call_session_id=call, contact_message=HOLD_MESSAGE)
        assert await desk.leg_states(call) == {LINE: "На удержании", MY_PHONE: "На удержании"}
        assert desk.world.call(call).hold_message == ("tts", HOLD_MESSAGE["value"])
        await desk.data("unhold.call", call_session_id=call)
        assert await desk.leg_states(call) == {LINE: "Разговор", MY_PHONE: "Разговор"}


async def test_consultation_and_transfer_after_the_colleague_answered() -> None:
    async with pbx_desk() as desk:
        call = await desk.dialing()
        states = {LINE: "На удержании", MY_PHONE: "Перевод вызова", COLLEAGUE_PHONE: "Дозвон"}
        assert await desk.leg_states(call) == states
        desk.world.colleague_answers(call)
        both = "Разговор операторов"
        assert await desk.leg_states(call) == {LINE: "На удержании", MY_PHONE: both, COLLEAGUE_PHONE: both}
        await desk.data("transfer.talk", call_session_id=call)
        assert await desk.leg_states(call) == {LINE: "Разговор", COLLEAGUE_PHONE: "Разговор"}
        (shown,) = await desk.data("list.calls")
        assert [leg["is_operator"] for leg in shown["legs"]] == [False, True]
        assert shown["legs"][1]["employee_id"] == COLLEAGUE


async def test_the_consulted_party_has_no_operator_rights_before_the_transfer() -> None:
    async with pbx_desk() as desk:
        await desk.consulting()
        (shown,) = await desk.data("list.calls")
        assert [leg["is_operator"] for leg in shown["legs"]] == [False, True, False]


async def test_back_to_the_caller_from_a_ringing_and_from_an_answered_consultation() -> None:
    async with pbx_desk() as desk:
        for prepare in (desk.dialing, desk.consulting):
            call = await prepare()
            await desk.data("restore.talk", call_session_id=call)
            assert await desk.leg_states(call) == {LINE: "Разговор", MY_PHONE: "Разговор"}
            desk.world.hang_up(call, "contact")


async def test_a_colleague_who_declines_leaves_the_caller_on_hold() -> None:
    async with pbx_desk() as desk:
        call = await desk.dialing()
        desk.world.colleague_declines(call)
        assert await desk.leg_states(call) == {LINE: "На удержании", MY_PHONE: "На удержании"}
        assert await desk.mnemonic("make.call", call_session_id=call, to="103") == "ok"


async def test_a_consulted_colleague_who_hangs_up_or_is_dropped_leaves_the_caller_on_hold() -> None:
    async with pbx_desk() as desk:
        for prepare in (desk.dialing, desk.consulting):
            call = await prepare()
            leg = desk.world.call(call).legs[-1]
            await desk.data("disconnect.leg", call_session_id=call, leg_id=leg.leg_id)
            assert await desk.leg_states(call) == {LINE: "На удержании", MY_PHONE: "На удержании"}
            desk.world.hang_up(call, "contact")


async def test_a_blind_transfer_waits_and_then_connects_the_caller() -> None:
    async with pbx_desk() as desk:
        call = await desk.transfer_pending()
        assert await desk.leg_states(call) == {LINE: "На удержании", COLLEAGUE_PHONE: "Дозвон"}
        desk.world.colleague_answers(call)
        assert await desk.leg_states(call) == {LINE: "Разговор", COLLEAGUE_PHONE: "Разговор"}


async def test_a_blind_transfer_that_nobody_answers_loses_the_caller() -> None:
    async with pbx_desk() as desk:
        call = await desk.transfer_pending()
        desk.world.colleague_declines(call)
        assert await desk.leg_states(call) is None
        assert reason(desk, call) == "lost_on_blind_transfer"


async def test_an_employee_who_hangs_up_during_a_consultation_transfers_the_caller() -> None:
    async with pbx_desk() as desk:
        answered = await desk.consulting()
        desk.world.hang_up(answered, ME)
        assert await desk.leg_states(answered) == {LINE: "Разговор", COLLEAGUE_PHONE: "Разговор"}
        desk.world.hang_up(answered, "contact")
        ringing = await desk.dialing()
        desk.world.hang_up(ringing, ME)
        assert await desk.leg_states(ringing) == {LINE: "На удержании", COLLEAGUE_PHONE: "Дозвон"}


async def test_a_message_for_the_colleague_delays_the_consultation() -> None:
    async with pbx_desk() as desk:
        call = await desk.held()
        message = {"type": "media", "value": "2562"}
        await desk.data("make.call", call_session_id=call, to="102", to_message=message)
        desk.world.colleague_answers(call)
        assert await desk.leg_states(call) == {
            LINE: "На удержании",
            MY_PHONE: "Перевод вызова",
            COLLEAGUE_PHONE: "Разговор",
        }
        desk.simulator.advance(4.1)
        assert (await desk.leg_states(call) or {})[MY_PHONE] == "Разговор операторов"


async def test_colleagues_who_answer_or_decline_by_themselves_do_so_in_their_time() -> None:
    async with pbx_desk() as desk:
        desk.world.directory.employees[COLLEAGUE].answers_after_s = 3.0
        desk.world.directory.employees[2003].declines_after_s = 5.0
        answered = await desk.dialing("102")
        declined = await desk.dialing("103")
        desk.simulator.advance(2.9)
        assert (await desk.leg_states(answered) or {})[COLLEAGUE_PHONE] == "Дозвон"
        desk.simulator.advance(0.2)
        assert (await desk.leg_states(answered) or {})[COLLEAGUE_PHONE] == "Разговор операторов"
        desk.simulator.advance(2.0)
        assert await desk.leg_states(declined) == {LINE: "На удержании", MY_PHONE: "На удержании"}


async def test_the_contact_ending_or_a_release_ends_the_call_in_every_state() -> None:
    async with pbx_desk() as desk:
        for prepare in (desk.held, desk.dialing, desk.consulting, desk.transfer_pending):
            hung_up, released, dropped = await prepare(), await prepare(), await prepare()
            desk.world.hang_up(hung_up, "contact")
            await desk.data("release.call", call_session_id=released)
            contact_leg = desk.world.call(dropped).legs[0].leg_id
            await desk.data("disconnect.leg", call_session_id=dropped, leg_id=contact_leg)
            assert await desk.data("list.calls") == []
            assert [reason(desk, call) for call in (hung_up, released, dropped)] == [
                "contact_hung_up",
                "released",
                "contact_disconnected",
            ]


async def test_a_coach_rings_listens_and_leaves_without_ending_the_talk() -> None:
    async with pbx_desk() as desk:
        call = desk.talk()
        await desk.data("add.coach", call_session_id=call)
        assert (await desk.leg_states(call) or {})["0486104"] == "Дозвон"
        desk.world.coach_answers(call)
        assert (await desk.leg_states(call) or {})["0486104"] == "Разговор"
        desk.world.hang_up(call, "coach")
        assert await desk.leg_states(call) == {LINE: "Разговор", MY_PHONE: "Разговор"}


async def test_post_talk_shows_the_ended_call_for_a_while_when_configured() -> None:
    async with pbx_desk(SimulatorConfig(post_talk_s=2.0)) as desk:
        call = desk.talk()
        desk.world.hang_up(call, "contact")
        assert await desk.leg_states(call) == {LINE: "Разъединено", MY_PHONE: "Разъединено"}
        assert await desk.mnemonic("hold.call", call_session_id=call, contact_message=HOLD_MESSAGE) == "invalid_state"
        desk.simulator.advance(2.1)
        assert await desk.leg_states(call) is None


async def test_an_effect_is_listed_later_when_the_exchange_is_slow() -> None:
    async with pbx_desk(SimulatorConfig(command_latency_s=1.5)) as desk:
        call = desk.talk()
        await desk.data("hold.call", call_session_id=call, contact_message=HOLD_MESSAGE)
        assert await desk.leg_states(call) == {LINE: "Разговор", MY_PHONE: "Разговор"}
        desk.simulator.advance(1.6)
        assert await desk.leg_states(call) == {LINE: "На удержании", MY_PHONE: "На удержании"}
        await desk.data("release.call", call_session_id=call)
        assert await desk.leg_states(call) == {LINE: "На удержании", MY_PHONE: "На удержании"}
        assert await desk.mnemonic("unhold.call", call_session_id=call) == "call_session_not_found"
        desk.simulator.advance(1.6)
        assert await desk.leg_states(call) is None
