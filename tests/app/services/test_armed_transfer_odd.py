"""Transfer when answered on a PBX that words things differently, and when others finish it."""

from __future__ import annotations

import pytest

from app.domain.calls import CallState
from app.simulator.pbx import transitions
from app.simulator.pbx.call import HELD, TRANSFERRING, Call
from tests.app.services.armed_rig import BACK_AFTER_S, K, S, open_rig
from tests.app.telephony.stack import COLLEAGUE, ME
from tests.helpers.guards import ExpectedLog

UNKNOWN_WORD = "Ожидает"


@pytest.fixture
def odd_word(monkeypatch: pytest.MonkeyPatch, expected_log: ExpectedLog) -> None:
    """What list.calls says of the operator's own leg around a hold is nowhere written (uis-notes §5.2)."""
    set_pair = transitions._set_pair

    def set_odd_pair(call: Call, *, contact: str, employee: str) -> None:
        is_held = employee in (HELD, TRANSFERRING)
        set_pair(call, contact=contact, employee=UNKNOWN_WORD if is_held else employee)

    monkeypatch.setattr(transitions, "_set_pair", set_odd_pair)
    expected_log("unknown state of a participant")


@pytest.mark.usefixtures("odd_word")
async def test_a_hold_that_is_worded_unknown_is_dialled_from_all_the_same() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        rig.arm(call_session_id)
        await rig.reach(call_session_id, S.RINGING)
        assert rig.stack.live(call_session_id).call_state is CallState.UNKNOWN
        assert rig.sent == {"hold.call": 1, "make.call": 1}
        rig.stack.simulator.pbx.colleague_answers(call_session_id)
        assert (await rig.outcome()).kind is K.DONE


@pytest.mark.usefixtures("odd_word")
@pytest.mark.parametrize("declines", [False, True])
async def test_from_an_unknown_state_the_caller_comes_back_one_way_or_the_other(declines: bool) -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        rig.arm(call_session_id)
        await rig.reach(call_session_id, S.RINGING)
        if declines:
            rig.stack.simulator.pbx.colleague_declines(call_session_id)
        await rig.stack.clock.pass_time(BACK_AFTER_S)
        assert (await rig.outcome()).kind is K.BACK_NO_ANSWER
        assert rig.stack.live(call_session_id).call_state is CallState.TALK
        back = {"restore.talk": 1, "unhold.call": 1} if declines else {"restore.talk": 1}
        assert rig.sent == {"hold.call": 1, "make.call": 1, **back}


async def test_a_transfer_that_another_console_completes_is_done() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        rig.arm(call_session_id)
        await rig.reach(call_session_id, S.RINGING)
        rig.stack.simulator.pbx.colleague_answers(call_session_id)
        # Between two looks: ours shows neither the answer nor the transfer, only who talks in the end.
        await rig.stack.client.transfer_talk(call_session_id)
        assert (await rig.outcome()).kind is K.DONE
        session = rig.stack.live(call_session_id).session
        assert (session.leg_of(ME), session.leg_of(COLLEAGUE) is not None) == (None, True)
        assert rig.sent == {"hold.call": 1, "make.call": 1, "transfer.talk": 1}
