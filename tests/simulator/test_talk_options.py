"""call.talk_option by mnemonic, the rule of thirty seconds, and the blacklist."""

from __future__ import annotations

import pytest

from app.simulator.background import BackgroundLoad
from app.simulator.config import SimulatorConfig
from app.simulator.pbx.directory import TalkOption
from app.simulator.pbx.world import CallerBlockedError
from app.simulator.scenario import Background
from tests.simulator.pbx_client import CALLER, COLLEAGUE, HOLD_MESSAGE, ME, RECORDED, START_ARGUMENTS, PbxDesk, pbx_desk

ALL_KEYS = {
    "1": TalkOption("1", "tag_call", "Проставить тег", 254, "Целевой"),
    "2": TalkOption("2", "record_talk", "Диктофон"),
    "3": TalkOption("3", "transfer_call", "Трансфер"),
    "4": TalkOption("4", "call_coach", "Позвонить тренеру"),
    "5": TalkOption("5", "run_scenario", "Выполнить сценарий", 5001, "Рабочее время"),
    "6": TalkOption("6", "save_numa", "Сохранить АОН в группу"),
    "7": TalkOption("7", "receive_fax", "Принять факс"),
    "0": TalkOption("0", "finish_conversation", "Завершить разговор"),
    "8": TalkOption("8", "made_up", "Неизвестная опция"),
    "9": TalkOption("9", "run_scenario", "Сценарий, которого нет", 1, "?"),
}


def talk(desk: PbxDesk, *, employee_id: int = ME) -> int:
    desk.world.directory.talk_options = list(ALL_KEYS.values())
    return desk.talk(employee_id=employee_id)


async def press(desk: PbxDesk, call: int, button: str) -> str:
    return await desk.mnemonic("call.talk_option", call_session_id=call, button=button)


def state(desk: PbxDesk, call: int) -> str:
    return desk.world.call(call).session_state.value


async def test_finishing_ends_the_call() -> None:
    async with pbx_desk() as desk:
        call = talk(desk)
        assert await press(desk, call, "0") == "ok"
        assert await desk.leg_states(call) is None
        assert desk.world.call(call).finish_reason == "finished_by_talk_option"


async def test_finishing_passes_through_the_post_processing() -> None:
    async with pbx_desk(SimulatorConfig(post_talk_s=2.0)) as desk:
        call = talk(desk)
        assert await press(desk, call, "0") == "ok"
        assert state(desk, call) == "post_talk"
        assert await press(desk, call, "0") == "invalid_state"


async def test_tagging_puts_the_options_tag_on_and_does_no_harm_twice() -> None:
    async with pbx_desk() as desk:
        call = talk(desk)
        for _ in range(2):
            assert await press(desk, call, "1") == "ok"
            assert [tag.tag_id for tag in desk.world.call(call).tags] == [254]


async def test_recording_is_a_toggle_except_where_the_account_enforces_it() -> None:
    async with pbx_desk() as desk:
        call = talk(desk)
        for expected in (True, False, True):
            assert await press(desk, call, "2") == "ok"
            assert desk.world.call(call).is_recorded is expected
        enforced = talk(desk, employee_id=RECORDED)
        assert await press(desk, enforced, "2") == "forbidden"
        assert desk.world.call(enforced).is_recorded


async def test_the_coach_is_a_toggle_and_nobodys_coach_an_internal_error() -> None:
    async with pbx_desk() as desk:
        call = talk(desk)
        assert await press(desk, call, "4") == "ok"
        assert (await desk.leg_states(call) or {})["0486104"] == "Дозвон"
        assert await press(desk, call, "4") == "ok"
        assert "0486104" not in (await desk.leg_states(call) or {})
        assert await press(desk, talk(desk, employee_id=2003), "4") == "internal_error"


async def test_transfer_begins_with_hold() -> None:
    async with pbx_desk() as desk:
        call = talk(desk)
        assert await press(desk, call, "3") == "ok"
        assert state(desk, call) == "hold"
        assert await desk.mnemonic("make.call", call_session_id=call, to="103") == "ok"


async def test_running_a_scenario_sends_the_caller_on_to_its_employees() -> None:
    async with pbx_desk() as desk:
        call = talk(desk, employee_id=2003)
        assert await press(desk, call, "5") == "ok"
        line = desk.world.call(call).virtual_number
        assert await desk.leg_states(call) == {line: "На очереди", "0486101": "Дозвон", "0486102": "Дозвон"}
        assert state(desk, call) == "session"
        desk.world.answer(call, COLLEAGUE)
        assert await desk.leg_states(call) == {line: "Разговор", "0486102": "Разговор"}


async def test_a_scenario_whose_employees_do_not_answer_ends_the_call_and_an_unknown_one_changes_nothing() -> None:
    async with pbx_desk() as desk:
        call = talk(desk)
        before = await desk.data("list.calls")
        assert await press(desk, call, "9") == "internal_error"
        assert await desk.data("list.calls") == before
        assert await press(desk, call, "5") == "ok"
        desk.world.hang_up(call, ME)
        assert await desk.leg_states(call) is not None
        desk.world.hang_up(call, COLLEAGUE)
        assert (await desk.leg_states(call), desk.world.call(call).finish_reason) == (None, "no_answer")


async def test_a_fax_is_received_in_ten_seconds_and_a_saved_number_is_kept() -> None:
    async with pbx_desk() as desk:
        call = talk(desk)
        line = desk.world.call(call).virtual_number
        assert await press(desk, call, "7") == "ok"
        assert (await desk.leg_states(call) or {})[line] == "Получение факса"
        desk.simulator.advance(10.5)
        assert (await desk.leg_states(call) or {})[line] == "Факс получен"
        assert await press(desk, call, "6") == "ok"
        assert desk.world.saved_numbers == [CALLER]


async def test_a_key_nobody_assigned_is_not_found_and_a_made_up_mnemonic_an_internal_error() -> None:
    async with pbx_desk() as desk:
        call = talk(desk)
        assert await press(desk, call, "*") == "talk_option_not_found"
        assert await press(desk, call, "8") == "internal_error"


@pytest.mark.parametrize("button", sorted(set(ALL_KEYS) - {"8", "9"}))
async def test_options_are_for_talks_only(button: str) -> None:
    async with pbx_desk() as desk:
        ringing = desk.world.ring_in(CALLER, employees=[ME])
        talk(desk)
        assert await press(desk, ringing, button) == "invalid_state"
        held = talk(desk)
        await desk.data("hold.call", call_session_id=held, contact_message=HOLD_MESSAGE)
        assert await press(desk, held, button) == "invalid_state"
        assert await press(desk, talk(desk), button) == "ok"


def outgoing_talk(desk: PbxDesk) -> int:
    call = desk.world.ring_out(ME, CALLER)
    desk.simulator.advance(100)
    desk.world.contact_answers(call)
    return call


async def test_an_outgoing_call_has_its_options_after_thirty_seconds_of_talk() -> None:
    async with pbx_desk() as desk:
        call = outgoing_talk(desk)
        desk.simulator.advance(29.5)
        assert await press(desk, call, "2") == "invalid_state"
        desk.simulator.advance(0.6)
        assert await press(desk, call, "2") == "ok"


@pytest.mark.parametrize("config", [SimulatorConfig(edition=2017), SimulatorConfig(talk_option_rule_s=0.0)])
async def test_the_rule_of_thirty_seconds_is_of_2026_and_can_be_switched_off(config: SimulatorConfig) -> None:
    async with pbx_desk(config) as desk:
        assert await press(desk, outgoing_talk(desk), "2") == "ok"


async def test_a_blocked_contact_is_neither_called_nor_let_in_until_unblocked() -> None:
    async with pbx_desk() as desk:
        call = desk.talk()
        assert await desk.mnemonic("block.contact", call_session_id=call) == "ok"
        assert await desk.leg_states(call) is not None
        start = START_ARGUMENTS["start.employee_call"]
        assert await desk.mnemonic("start.employee_call", **start) == "contact_in_blacklist"
        with pytest.raises(CallerBlockedError):
            desk.world.ring_in(CALLER, employees=[ME])
        with pytest.raises(CallerBlockedError):
            desk.world.queue_in(CALLER)
        assert len(desk.world.calls) == 1
        (line,) = await desk.data_rows("get.blacklist_phone_numbers")
        await desk.data_rows("delete.phone_number_from_blacklist", id=line["id"])
        assert await desk.mnemonic("start.employee_call", **start) == "ok"
        desk.world.ring_in(CALLER, employees=[ME])


async def test_the_random_load_leaves_blocked_customers_out() -> None:
    async with pbx_desk() as desk:
        for number in (CALLER, "79161112233"):
            desk.world.directory.block(number, desk.simulator.clock.now(), "test")
        plan = Background((2002, 2003), 2, 3, 5.0, (1.0, 2.0), (5.0, 9.0), (1.0, 2.0))
        BackgroundLoad(desk.world, plan, [CALLER, "79161112233"]).start()
        desk.simulator.advance(600)
        contacts = {call.contact for call in (*desk.world.finished, *desk.world.calls)}
        assert len(contacts) > 5
        assert not contacts & {CALLER, "79161112233"}
