"""What the five start.* methods set going: whose phone rings when, who hears what, how it ends."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.simulator.config import SimulatorConfig
from app.simulator.pbx.directory import PhoneBehaviour
from app.simulator.pbx.live_calls import PhoneError
from tests.simulator.pbx_client import CALLER, COLLEAGUE, LINE, ME, OPERATOR_NUMBER, START_ARGUMENTS, PbxDesk, pbx_desk

MY_PHONE = "0486101"
COLLEAGUE_PHONE = "0486102"
RINGS, TALKS = "Дозвон", "Разговор"
FOUR_SECONDS = {"type": "media", "value": "2562"}
SPOKEN = {"type": "tts", "value": "ш" * 60}
"""Four seconds as well."""
BOTH_SIDES = ["start.employee_call", "start.scenario_call", "start.vnumber_call", "start.simple_call"]


def own_side_answers(desk: PbxDesk, method: str, call: int) -> str:
    """Somebody of our side picks up; the number of that phone."""
    if method == "start.simple_call":
        desk.world.operator_answers(call)
        return OPERATOR_NUMBER
    desk.world.answer(call, ME)
    return MY_PHONE


def reason(desk: PbxDesk, call: int) -> str | None:
    return desk.world.call(call).finish_reason


@pytest.mark.parametrize("method", BOTH_SIDES)
async def test_with_our_side_first_the_contact_rings_only_after_our_answer(method: str) -> None:
    async with pbx_desk() as desk:
        call = await desk.start(method)
        ringing = await desk.leg_states(call) or {}
        assert CALLER not in ringing
        assert set(ringing.values()) == {RINGS}
        ours = own_side_answers(desk, method, call)
        assert await desk.leg_states(call) == {ours: TALKS, CALLER: RINGS}
        assert not desk.world.call(call).was_answered
        desk.world.contact_answers(call)
        assert await desk.leg_states(call) == {ours: TALKS, CALLER: TALKS}
        assert await desk.mnemonic("tag.call", call_session_id=call, tag_id=254) == "ok"
        assert desk.world.call(call).session_state.value == "talk"


@pytest.mark.parametrize("method", BOTH_SIDES)
async def test_with_the_contact_first_our_side_rings_only_after_the_contacts_answer(method: str) -> None:
    async with pbx_desk() as desk:
        call = await desk.start(method, first_call="contact")
        assert await desk.leg_states(call) == {CALLER: RINGS}
        desk.world.contact_answers(call)
        states = await desk.leg_states(call) or {}
        assert states.pop(CALLER) == TALKS
        assert set(states.values()) == {RINGS}
        ours = own_side_answers(desk, method, call)
        assert await desk.leg_states(call) == {CALLER: TALKS, ours: TALKS}
        assert desk.world.call(call).session_state.value == "talk"


async def test_an_informer_call_rings_the_contact_alone_plays_its_message_and_ends() -> None:
    async with pbx_desk() as desk:
        call = await desk.start("start.informer_call")
        assert await desk.leg_states(call) == {CALLER: RINGS}
        desk.world.contact_answers(call)
        desk.simulator.advance(3.9)
        assert await desk.leg_states(call) == {CALLER: TALKS}
        assert await desk.mnemonic("hold.call", call_session_id=call, contact_message=SPOKEN) == "invalid_state"
        desk.simulator.advance(0.2)
        assert await desk.leg_states(call) is None
        assert reason(desk, call) == "message_played"


@pytest.mark.parametrize(("sent", "limit_s"), [({}, 30), ({"dialing_timeout": 5}, 5), ({"dialing_timeout": 120}, 120)])
async def test_an_informer_call_gives_up_after_its_dialling_time(sent: dict[str, object], limit_s: int) -> None:
    async with pbx_desk() as desk:
        call = await desk.start("start.informer_call", **sent)
        desk.simulator.advance(limit_s - 0.1)
        assert await desk.leg_states(call) == {CALLER: RINGS}
        desk.simulator.advance(0.2)
        assert await desk.leg_states(call) is None
        assert reason(desk, call) == "contact_timed_out"


async def test_a_scenario_and_a_virtual_number_ring_all_employees_of_the_scenario_until_one_answers() -> None:
    async with pbx_desk() as desk:
        for method in ("start.scenario_call", "start.vnumber_call"):
            call = await desk.start(method)
            assert await desk.leg_states(call) == {MY_PHONE: RINGS, COLLEAGUE_PHONE: RINGS}
            desk.world.answer(call, COLLEAGUE)
            assert await desk.leg_states(call) == {COLLEAGUE_PHONE: TALKS, CALLER: RINGS}


async def test_an_employees_phones_ring_one_after_the_other_and_a_named_one_alone() -> None:
    async with pbx_desk(SimulatorConfig(dial_time_s=10.0)) as desk:
        desk.world.directory.employees[ME].other_phones = ("79265550101",)
        call = await desk.start("start.employee_call")
        assert await desk.leg_states(call) == {MY_PHONE: RINGS}
        desk.simulator.advance(10.5)
        assert await desk.leg_states(call) == {"79265550101": RINGS}
        desk.simulator.advance(10.5)
        assert (await desk.leg_states(call), reason(desk, call)) == (None, "no_answer")
        named = {"id": ME, "phone_number": "79265550101"}
        assert await desk.leg_states(await desk.start("start.employee_call", employee=named)) == {"79265550101": RINGS}
        extension = {"id": ME, "phone_number": "101"}
        assert await desk.leg_states(await desk.start("start.employee_call", employee=extension)) == {MY_PHONE: RINGS}


async def test_people_answer_by_themselves_as_the_directory_and_the_configuration_say() -> None:
    async with pbx_desk(SimulatorConfig(contact_answers_after_s=2.0)) as desk:
        desk.world.directory.employees[ME].answers_after_s = 1.0
        call = await desk.start("start.employee_call")
        assert await desk.leg_states(call) == {MY_PHONE: RINGS}
        desk.simulator.advance(1.1)
        assert await desk.leg_states(call) == {MY_PHONE: TALKS, CALLER: RINGS}
        desk.simulator.advance(2.0)
        assert await desk.leg_states(call) == {MY_PHONE: TALKS, CALLER: TALKS}
        desk.world.directory.outside_phones[CALLER] = PhoneBehaviour(declines_after_s=1.0)
        refused = await desk.start("start.employee_call")
        desk.simulator.advance(2.5)
        assert (await desk.leg_states(refused), reason(desk, refused)) == (None, "contact_declined")


async def test_nobody_answers_by_themselves_when_nothing_says_so() -> None:
    async with pbx_desk() as desk:
        call = await desk.start("start.employee_call")
        desk.simulator.advance(59.0)
        assert await desk.leg_states(call) == {MY_PHONE: RINGS}
        desk.simulator.advance(2.0)
        assert (await desk.leg_states(call), reason(desk, call)) == (None, "no_answer")


async def test_a_contact_who_does_not_answer_or_declines_ends_the_call() -> None:
    async with pbx_desk() as desk:
        unanswered = await desk.start("start.employee_call")
        desk.world.answer(unanswered, ME)
        desk.simulator.advance(61)
        assert (await desk.leg_states(unanswered), reason(desk, unanswered)) == (None, "contact_timed_out")
        declined = await desk.start("start.employee_call")
        desk.world.answer(declined, ME)
        desk.world.hang_up(declined, "contact")
        assert (await desk.leg_states(declined), reason(desk, declined)) == (None, "contact_hung_up")


async def test_our_side_that_hangs_up_while_the_contact_rings_cancels_the_call() -> None:
    async with pbx_desk() as desk:
        for direction in ("in", "out"):
            call = await desk.start("start.employee_call", direction=direction)
            desk.world.answer(call, ME)
            desk.world.hang_up(call, ME)
            assert (await desk.leg_states(call), reason(desk, call)) == (None, "cancelled_by_operator")


async def test_release_and_disconnect_work_on_a_call_that_is_still_being_put_together() -> None:
    async with pbx_desk() as desk:
        call = await desk.start("start.employee_call")
        assert await desk.mnemonic("release.call", call_session_id=call) == "ok"
        assert await desk.leg_states(call) is None
        other = await desk.start("start.employee_call")
        leg_id = desk.world.call(other).legs[0].leg_id
        assert await desk.mnemonic("disconnect.leg", call_session_id=other, leg_id=leg_id) == "ok"
        assert (await desk.leg_states(other), reason(desk, other)) == (None, "no_answer")


async def test_our_side_hears_its_message_before_the_contact_rings() -> None:
    async with pbx_desk() as desk:
        for method, name in (("start.employee_call", "employee_message"), ("start.simple_call", "operator_message")):
            call = await desk.start(method, **{name: FOUR_SECONDS})
            ours = own_side_answers(desk, method, call)
            desk.simulator.advance(3.9)
            assert await desk.leg_states(call) == {ours: TALKS}
            desk.simulator.advance(0.2)
            assert await desk.leg_states(call) == {ours: TALKS, CALLER: RINGS}


async def test_the_message_of_a_scenario_and_the_one_sent_are_both_heard() -> None:
    async with pbx_desk() as desk:
        desk.world.directory.scenarios[5002] = type(desk.world.directory.scenarios[5002])(
            5002, "С сообщением", (), (ME,), message_s=3.0
        )
        call = await desk.start("start.scenario_call", scenario_id=5002, employee_message=FOUR_SECONDS)
        desk.world.answer(call, ME)
        desk.simulator.advance(6.9)
        assert await desk.leg_states(call) == {MY_PHONE: TALKS}
        desk.simulator.advance(0.2)
        assert await desk.leg_states(call) == {MY_PHONE: TALKS, CALLER: RINGS}


@pytest.mark.parametrize("first_call", ["employee", "contact"])
@pytest.mark.parametrize(
    ("message", "switch_at_once", "waits"),
    [(FOUR_SECONDS, False, True), (FOUR_SECONDS, True, False), (SPOKEN, True, True), (SPOKEN, False, True)],
)
async def test_the_contact_hears_the_message_out_unless_switched_at_once(
    first_call: str, message: dict[str, str], switch_at_once: bool, waits: bool
) -> None:
    async with pbx_desk() as desk:
        call = await desk.start(
            "start.employee_call", first_call=first_call, contact_message=message, switch_at_once=switch_at_once
        )
        answers: list[Callable[[], None]] = [
            lambda: desk.world.answer(call, ME),
            lambda: desk.world.contact_answers(call),
        ]
        for answer in answers if first_call == "employee" else reversed(answers):
            answer()
        expected = "session" if waits else "talk"
        assert desk.world.call(call).session_state.value == expected
        desk.simulator.advance(4.1)
        assert (await desk.leg_states(call) or {})[CALLER] == TALKS
        assert desk.world.call(call).session_state.value == "talk"


async def test_with_the_contact_first_our_message_is_heard_out_too_unless_switched_at_once() -> None:
    async with pbx_desk() as desk:
        for switch_at_once, expected in ((False, "session"), (True, "talk")):
            call = await desk.start(
                "start.employee_call",
                first_call="contact",
                employee_message=FOUR_SECONDS,
                switch_at_once=switch_at_once,
            )
            desk.world.contact_answers(call)
            desk.world.answer(call, ME)
            desk.simulator.advance(3.9)
            assert desk.world.call(call).session_state.value == expected
            desk.simulator.advance(0.2)
            assert desk.world.call(call).session_state.value == "talk"


async def test_the_contact_does_not_ring_any_more_when_our_side_left_during_its_message() -> None:
    async with pbx_desk() as desk:
        call = await desk.start("start.employee_call", employee_message=FOUR_SECONDS)
        desk.world.answer(call, ME)
        desk.world.hang_up(call, ME)
        desk.simulator.advance(5.0)
        assert [leg.called for leg in desk.world.call(call).legs] == [MY_PHONE]


async def test_a_party_that_leaves_during_a_message_is_not_connected_afterwards() -> None:
    async with pbx_desk() as desk:
        call = await desk.start("start.employee_call", contact_message=FOUR_SECONDS)
        desk.world.answer(call, ME)
        desk.world.contact_answers(call)
        desk.world.hang_up(call, ME)
        desk.simulator.advance(5.0)
        assert await desk.leg_states(call) is None
        assert not desk.world.call(call).was_answered


@pytest.mark.parametrize(
    ("keys", "shown", "heard"),
    [
        ("...9.2.3.3", f"{CALLER}...9.2.3.3", "9233"),
        ("12", f"{CALLER}.12", "12"),
        (".12.1..4", f"{CALLER}.12.1..4", "1214"),
    ],
)
async def test_the_keys_to_be_dialled_are_shown_behind_the_number_and_heard_by_the_contact(
    keys: str, shown: str, heard: str
) -> None:
    async with pbx_desk() as desk:
        call = await desk.start("start.employee_call", dtmf_string=keys, first_call="contact")
        (listed,) = await desk.data("list.calls")
        assert listed["legs"][0]["called_phone_number"] == shown
        assert listed["contact_phone_number"] == CALLER
        assert desk.world.call(call).dtmf == ""
        desk.world.contact_answers(call)
        assert desk.world.call(call).dtmf == heard


@pytest.mark.parametrize("method", sorted(START_ARGUMENTS))
async def test_the_mark_the_line_and_the_direction_are_listed(method: str) -> None:
    async with pbx_desk() as desk:
        other = "74951045771"
        await desk.start(method, external_id="order 7", direction="out", virtual_phone_number=other)
        (listed,) = await desk.data("list.calls")
        assert (listed["external_id"], listed["direction"]) == ("order 7", "out")
        assert (listed["virtual_phone_number"], listed["contact_phone_number"]) == (other, CALLER)
        assert await desk.mnemonic("release.call", call_session_id=listed["call_session_id"]) == "ok"
        await desk.start(method)
        (plain,) = await desk.data("list.calls")
        assert (plain["external_id"], plain["direction"]) == (None, "in")


async def test_our_side_sees_the_line_or_the_contact_and_the_contact_always_the_line() -> None:
    async with pbx_desk() as desk:
        for sent, calling in (({}, LINE), ({"show_virtual_phone_number": False}, CALLER)):
            call = await desk.start("start.employee_call", **sent)
            desk.world.answer(call, ME)
            ours, theirs = desk.world.call(call).legs
            assert (ours.calling, theirs.calling) == (calling, LINE)


async def test_the_operator_of_a_simple_call_is_an_operator_but_no_employee() -> None:
    async with pbx_desk() as desk:
        await desk.start("start.simple_call", operator="79265550103")
        (listed,) = await desk.data("list.calls")
        leg = listed["legs"][0]
        assert (leg["is_operator"], leg["employee_id"], leg["employee_full_name"]) == (True, None, None)


async def test_a_contact_may_be_the_sip_number_of_an_employee() -> None:
    async with pbx_desk() as desk:
        desk.world.directory.employees[COLLEAGUE].answers_after_s = 2.0
        call = await desk.start("start.employee_call", contact=COLLEAGUE_PHONE)
        desk.world.answer(call, ME)
        desk.simulator.advance(2.1)
        (listed,) = await desk.data("list.calls")
        assert [leg["is_operator"] for leg in listed["legs"]] == [True, False]
        assert listed["legs"][1]["employee_id"] == COLLEAGUE
        assert desk.world.call(call).session_state.value == "talk"


async def test_the_whole_talk_is_possible_on_a_started_call() -> None:
    async with pbx_desk() as desk:
        call = await desk.start("start.employee_call")
        desk.world.answer(call, ME)
        desk.world.contact_answers(call)
        assert await desk.mnemonic("hold.call", call_session_id=call, contact_message=SPOKEN) == "ok"
        assert await desk.mnemonic("make.call", call_session_id=call, to="102") == "ok"
        desk.world.colleague_answers(call)
        assert await desk.mnemonic("transfer.talk", call_session_id=call) == "ok"
        assert await desk.leg_states(call) == {CALLER: TALKS, COLLEAGUE_PHONE: TALKS}


async def test_a_started_call_is_not_listed_before_the_command_latency_has_passed() -> None:
    async with pbx_desk(SimulatorConfig(command_latency_s=1.0)) as desk:
        call = await desk.start("start.employee_call", external_id="x")
        assert await desk.leg_states(call) is None
        desk.simulator.advance(1.1)
        assert await desk.leg_states(call) == {MY_PHONE: RINGS}


async def test_the_journal_says_what_was_started_and_a_refused_start_starts_nothing() -> None:
    async with pbx_desk() as desk:
        call = await desk.start("start.employee_call", external_id="order 7")
        (entry,) = desk.simulator.journal.entries_of("start.employee_call")
        expected = f"start via=employee contact={CALLER} external_id=order 7 call_session_id={call}"
        assert entry.effects == (expected,)
        refused = await desk.mnemonic(
            "start.employee_call", **{**START_ARGUMENTS["start.employee_call"], "contact": LINE}
        )
        assert refused == "own_virtual_phone_number_not_allowed"
        assert len(desk.world.calls) == 1


async def test_phones_that_do_not_ring_cannot_be_picked_up() -> None:
    async with pbx_desk() as desk:
        call = await desk.start("start.employee_call")
        with pytest.raises(PhoneError):
            desk.world.contact_answers(call)
        with pytest.raises(PhoneError):
            desk.world.answer(call, COLLEAGUE)
        desk.world.operator_answers(call)
        with pytest.raises(PhoneError):
            desk.world.operator_answers(call)
