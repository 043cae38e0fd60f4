"""Tags that can be taken back for four seconds, and are sent all the same when the call does not wait."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from app.domain.actions import CallAction
from app.domain.calls import CallSessionId, TagId
from app.http import HttpSession, PointsBudget
from app.services.call_control import CommandPhase
from app.services.delayed_tags import DELAY_S, CountingTag, DelayedTags
from app.simulator.config import SimulatorConfig
from app.simulator.faults import HoldUntilReleased, LoseReply
from app.uis.data_adapter import UisAccount
from app.uis.data_client import UisDataClient
from app.uis.rpc import DEADLINE_S, Correlation
from app.uis.sign_in import UisSignIn
from tests.app.telephony.stack import ME, MOSCOW, PbxStack, credentials_of, open_stack
from tests.helpers.waiting import until

TARGET, COMPLAINT = TagId(254), TagId(255)
NAMES = {TARGET: "Целевой", COMPLAINT: "Жалоба"}
P = CommandPhase


@dataclass
class Rig:
    """The stack with delayed tags."""

    stack: PbxStack
    tags: DelayedTags
    told: list[tuple[CountingTag, ...]] = field(default_factory=list)

    @property
    def sent(self) -> int:
        return len(self.stack.simulator.journal.entries_of("tag.call"))

    @property
    def late(self) -> int:
        return len(self.stack.simulator.journal.entries_of("set.tag_communications"))

    def tag_ids(self, call_session_id: CallSessionId) -> set[int]:
        return {tag.tag_id for tag in self.stack.simulator.pbx.call(call_session_id).tags}

    def told_of_tags(self) -> list[tuple[CommandPhase, object]]:
        return [(told.phase, told.detail.get("name")) for told in self.stack.reports if told.action is CallAction.TAG]

    async def gone(self, call_session_id: CallSessionId) -> None:
        """The caller hangs up, and two polls have shown it."""
        self.stack.simulator.pbx.hang_up(call_session_id, "contact")
        await self.stack.poll()
        await self.stack.poll()
        assert call_session_id not in self.stack.board.calls


@asynccontextmanager
async def open_rig(config: SimulatorConfig | None = None, *, has_account: bool = True) -> AsyncIterator[Rig]:
    async with open_stack(config) as stack:
        http = HttpSession(user_agent="pult-tests", clock=stack.clock)
        points = PointsBudget(stack.clock)
        sign_in = UisSignIn(credentials_of(stack.simulator, permanent=True), stack.clock)
        client = UisDataClient(
            http,
            stack.simulator.data_api_url,
            sign_in,
            Correlation(ME, stack.clock),
            points=points,
            deadline_s=DEADLINE_S,
        )
        account = UisAccount(client, MOSCOW, stack.clock, points)
        tags = DelayedTags(stack.board, stack.poller, stack.clock, stack.control)
        tags.use(lambda tag_id: NAMES.get(tag_id, ""), account.tag_finished_call if has_account else None)
        rig = Rig(stack, tags)
        tags.changes.subscribe(rig.told.append)
        try:
            yield rig
        finally:
            await tags.aclose()
            await http.aclose()


async def test_a_tag_counts_four_seconds_and_then_goes() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        rig.tags.put(call_session_id, TARGET)
        (counting,) = rig.tags.counting
        assert (counting.call_session_id, counting.tag_id, counting.name) == (call_session_id, TARGET, "Целевой")
        assert counting.due_monotonic_s == rig.stack.clock.monotonic() + DELAY_S
        await rig.stack.clock.pass_time(DELAY_S - 0.1)
        assert (rig.sent, len(rig.tags.counting)) == (0, 1)
        await rig.stack.clock.pass_time(0.1)
        await until(lambda: rig.tag_ids(call_session_id) == {TARGET})
        assert rig.tags.counting == ()
        assert [len(counting) for counting in rig.told] == [1, 0]
        await rig.stack.poll()
        assert rig.told_of_tags()[-1] == (P.CONFIRMED, "Целевой")


async def test_the_newest_is_taken_back() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        assert not rig.tags.cancel()
        rig.tags.put(call_session_id, TARGET)
        await rig.stack.clock.pass_time(2)
        rig.tags.put(call_session_id, COMPLAINT)
        assert rig.tags.cancel()
        assert [counting.tag_id for counting in rig.tags.counting] == [TARGET]
        await rig.stack.clock.pass_time(DELAY_S)
        await until(lambda: rig.tag_ids(call_session_id) == {TARGET})
        assert rig.sent == 1


async def test_the_same_tag_twice_is_one_and_two_tags_are_two() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        rig.tags.put(call_session_id, TARGET)
        rig.tags.put(call_session_id, TARGET)
        rig.tags.put(call_session_id, COMPLAINT)
        assert len(rig.tags.counting) == 2
        await rig.tags.flush(call_session_id)
        assert rig.tag_ids(call_session_id) == {TARGET, COMPLAINT}
        assert rig.sent == 2


async def test_flushing_one_call_leaves_the_others_counting() -> None:
    async with open_rig() as rig:
        first = await rig.stack.talking_call()
        second = await rig.stack.talking_call()
        rig.tags.put(first, TARGET)
        rig.tags.put(second, TARGET)
        await rig.tags.flush(first)
        assert [counting.call_session_id for counting in rig.tags.counting] == [second]
        await rig.tags.flush()
        assert rig.tags.counting == ()
        assert rig.sent == 2


@pytest.mark.parametrize("is_guarded", [True, False], ids=["", "control"])
async def test_ending_the_call_sends_its_tags_first(is_guarded: bool) -> None:
    async with open_rig(has_account=False) as rig:
        if not is_guarded:
            rig.stack.control.do_before_end(lambda _: asyncio.sleep(0))
        call_session_id = await rig.stack.talking_call()
        rig.tags.put(call_session_id, TARGET)
        assert (await rig.stack.control.end_call(call_session_id)).phase is P.ACCEPTED
        assert (rig.tag_ids(call_session_id) == {TARGET}) is is_guarded
        methods = [entry.operation for entry in rig.stack.simulator.journal.entries if entry.operation in ENDING]
        assert methods == (ENDING if is_guarded else ENDING[1:])
        rig.tags.cancel()


ENDING = ["tag.call", "release.call"]


async def test_a_slow_tag_does_not_keep_the_call_from_ending_and_a_second_press_ends_nothing_twice() -> None:
    async with open_rig(has_account=False) as rig:
        call_session_id = await rig.stack.talking_call()
        held = rig.stack.simulator.faults.add(HoldUntilReleased(before_effect=True), operation="tag.call")
        rig.tags.put(call_session_id, TARGET)
        ending = asyncio.ensure_future(rig.stack.control.end_call(call_session_id))
        await held.wait_held()
        again = await rig.stack.control.end_call(call_session_id)
        assert again.phase is P.SENDING
        async with asyncio.timeout(3):
            assert (await ending).phase is P.ACCEPTED
        assert len(rig.stack.simulator.journal.entries_of("release.call")) == 1
        held.release()


async def test_a_call_missing_from_the_list_is_tagged_at_once_the_late_way() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        rig.tags.put(call_session_id, TARGET)
        rig.stack.simulator.pbx.hang_up(call_session_id, "contact")
        await rig.stack.poll()
        await until(lambda: rig.tag_ids(call_session_id) == {TARGET})
        assert rig.tags.counting == ()
        # The call is over: one report of success, and no refusal for the operator to wonder about.
        await until(lambda: rig.told_of_tags()[-1] == (P.CONFIRMED, "Целевой"))
        assert P.REFUSED not in {phase for phase, _ in rig.told_of_tags()}
        assert (rig.sent, rig.late) == (1, 1)


async def test_a_call_that_is_gone_is_tagged_the_late_way() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        await rig.gone(call_session_id)
        rig.tags.put(call_session_id, TARGET)
        await until(lambda: rig.told_of_tags() == [(P.CONFIRMED, "Целевой")])
        assert rig.tag_ids(call_session_id) == {TARGET}
        assert (rig.sent, rig.late) == (0, 1)


async def test_a_tag_put_while_the_call_is_missing_goes_when_it_is_gone() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        rig.stack.simulator.pbx.hang_up(call_session_id, "contact")
        await rig.stack.poll()
        rig.tags.put(call_session_id, TARGET)
        assert rig.told_of_tags() == []
        await rig.stack.poll()
        assert rig.tags.counting == ()
        await until(lambda: rig.told_of_tags() == [(P.CONFIRMED, "Целевой")])


async def test_without_a_late_way_the_operator_is_told_which_tag_was_not_put() -> None:
    async with open_rig(has_account=False) as rig:
        call_session_id = await rig.stack.talking_call()
        await rig.gone(call_session_id)
        rig.tags.put(call_session_id, TARGET)
        await until(lambda: rig.told_of_tags() == [(P.NOT_SENT, "Целевой")])
        (report,) = [told for told in rig.stack.reports if told.action is CallAction.TAG]
        assert report.error is not None
        assert report.error.code == "tag_call_gone"
        assert rig.sent == 0


@pytest.mark.parametrize(
    ("config", "phase"),
    [(SimulatorConfig(data_rights=frozenset({"set.tag_communications"})), P.REFUSED), (SimulatorConfig(), P.UNKNOWN)],
)
async def test_a_late_tag_that_fails_says_so(config: SimulatorConfig, phase: CommandPhase) -> None:
    async with open_rig(config) as rig:
        call_session_id = await rig.stack.talking_call()
        await rig.gone(call_session_id)
        if phase is P.UNKNOWN:
            rig.stack.simulator.faults.add(LoseReply(), operation="set.tag_communications")
        rig.tags.put(call_session_id, TARGET)
        await until(lambda: rig.told_of_tags() == [(phase, "Целевой")])
        assert rig.late == 1


async def test_closing_sends_what_counts() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        rig.tags.put(call_session_id, TARGET)
        await rig.tags.aclose()
        assert rig.tag_ids(call_session_id) == {TARGET}
        assert rig.tags.counting == ()


async def test_closing_does_not_wait_for_a_pbx_that_does_not_answer() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        held = rig.stack.simulator.faults.add(HoldUntilReleased(), operation="tag.call")
        rig.tags.put(call_session_id, TARGET)
        async with asyncio.timeout(4):
            await rig.tags.aclose()
        assert rig.sent == 1
        held.release()
