"""The directory of the account: there at once, read quietly, whole even where rights, the network or the disk fail."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from app.account.lists import LIST_NAMES, AccountLists, ListsOrigin, ReadLists
from app.account.port import AccountPort
from app.domain.calls import EmployeeId
from app.errors import NotFound, OutcomeUnknown, Refused, RightsMissing
from app.services import lists_round
from app.services.account_lists import MY_STATUS_EVERY_S, AccountDirectory
from app.services.lists_round import ListsRound, RoundOutcome
from app.settings import PbxSettings, Settings, TagSetting
from app.simulator.config import SimulatorConfig
from app.simulator.faults import HoldUntilReleased, LoseReply
from app.simulator.pbx.directory import Tag
from app.simulator.runner import Simulator
from tests.app.telephony.stack import ME
from tests.app.uis.data_stack import DataStack, open_data_stack
from tests.helpers.guards import ExpectedLog
from tests.helpers.services import open_console, settings_for
from tests.helpers.waiting import until

READS = (
    "get.account",
    "get.employees",
    "get.group_employees",
    "get.tags",
    "get.virtual_numbers",
    "get.scenarios",
    "get.media_files",
    "get.statuses",
)
OWN_TAG = TagSetting(tag_id=9, name="Свой")


def settings(login: str = "operator@example.test", employee_id: int | None = 2001) -> Settings:
    return Settings(pbx=PbxSettings(login=login, employee_id=employee_id, tags=(OWN_TAG,)))


@dataclass
class Desk:
    """A directory over a running simulator; what it published is kept."""

    stack: DataStack
    directory: AccountDirectory
    published: list[AccountLists] = field(default_factory=list)

    @property
    def lists(self) -> AccountLists:
        return self.directory.lists

    def use(self, port: AccountPort | None, used: Settings | None = None, me: EmployeeId | None = ME) -> None:
        self.directory.use(port, used or settings(), me)

    def requests(self) -> int:
        """Reads of whole lists."""
        return sum(self.stack.asked(method) for method in READS)

    async def let_pass(self, seconds: float, predicate: Callable[[], object], what: str) -> None:
        """At most so much time goes by until the predicate is true."""
        deadline_s = time.monotonic() + 10.0
        left_s = seconds
        while not predicate():
            assert left_s >= 0, f"not within {seconds} s: {what}"
            assert time.monotonic() < deadline_s, f"never came: {what}"
            step_s = min(10.0, seconds / 10)
            await self.stack.clock.pass_time(step_s)
            left_s -= step_s
            await asyncio.sleep(0.002)

    async def quiet(self, seconds: float) -> int:
        """Requests of any kind sent while so much time goes by."""
        before = len(self.stack.simulator.journal.entries)
        for _ in range(10):
            await self.stack.clock.pass_time(seconds / 10)
            await asyncio.sleep(0.02)
        return len(self.stack.simulator.journal.entries) - before

    async def all_read(self) -> None:
        await until(lambda: set(LIST_NAMES) <= set(self.directory._round.lists.read_at), what="all lists")
        await until(lambda: self.lists.origin is ListsOrigin.DATA_API, what="the lists published")


@asynccontextmanager
async def open_desk(
    folder: Path, config: SimulatorConfig | None = None, *, start: bool = True, permanent: bool = True
) -> AsyncIterator[Desk]:
    async with open_data_stack(config, permanent=permanent) as stack:
        directory = AccountDirectory(stack.clock, folder)
        desk = Desk(stack, directory)
        directory.changes.subscribe(desk.published.append)
        desk.use(stack.account)
        try:
            if start:
                directory.start()
            yield desk
        finally:
            await directory.aclose()


async def test_config_is_there_at_once_and_the_account_soon(tmp_path: Path) -> None:
    async with open_desk(tmp_path, start=False) as desk:
        assert [tag.name for tag in desk.lists.tags] == ["Свой"]
        assert desk.lists.origin is ListsOrigin.CONFIG
        desk.directory.start()
        await desk.all_read()
        assert [tag.name for tag in desk.lists.tags] == ["Свой", "Целевой", "Жалоба", "Перезвонить", "Спам"]
        assert desk.lists.time_zone == "Europe/Moscow"
        assert desk.lists.read_at == desk.stack.clock.now()
        assert desk.lists.trouble == {}
        assert desk.directory.my_status_id == 1
        assert desk.requests() == 8
        assert desk.published[-1] == desk.lists


async def test_people_are_found_by_id_and_by_any_number(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.all_read()
        directory = desk.directory
        colleague = directory.colleague(EmployeeId(2003))
        assert colleague is not None
        for written in ("103", " 103 ", "79265550103", "+7 926 555-01-03", "8 (926) 555-01-03"):
            assert directory.find_by_number(written) is colleague
        sip = directory.find_by_number("0486101")
        assert sip is not None
        assert sip.employee_id == 2001
        assert directory.find_by_number("") is None
        assert directory.find_by_number("79160000000") is None
        assert directory.colleague(EmployeeId(9)) is None
        assert [one.employee_id for one in directory.employees()] == [2001, 2002, 2003, 2004, 2005, 2006]


async def test_lists_are_read_once_an_hour_and_no_oftener(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        desk.use(desk.stack.account, me=None)
        await desk.all_read()
        assert await desk.quiet(3500) == 0
        desk.stack.simulator.pbx.directory.tags[300] = Tag(300, "Новый")
        await desk.let_pass(200, lambda: desk.requests() == 16, "the next reading")
        await until(lambda: any(tag.tag_id == 300 for tag in desk.lists.tags), what="the new tag")


async def test_asked_for_everything_is_read_now(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.all_read()
        desk.stack.simulator.pbx.directory.tags[300] = Tag(300, "Новый")
        desk.directory.refresh_soon()
        await until(lambda: any(tag.tag_id == 300 for tag in desk.lists.tags), what="the new tag")
        await until(lambda: desk.requests() == 16, what="everything read")


async def test_the_next_start_shows_what_the_last_one_read_and_asks_nothing(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.all_read()
        await until(lambda: list(tmp_path.iterdir()), what="the file")
        again = AccountDirectory(desk.stack.clock, tmp_path)
        desk.stack.simulator.set_down("data", True)
        again.use(desk.stack.account, settings(), None)
        again.start()
        try:
            await until(lambda: again.lists.origin is ListsOrigin.CACHE, what="the lists of the disk")
            assert again.lists.colleagues == desk.lists.colleagues
            assert again.lists.read_at == desk.lists.read_at
            requests = desk.requests()
            assert await desk.quiet(60) == 0
            assert desk.requests() == requests
        finally:
            await again.aclose()


async def test_an_old_file_is_shown_and_read_anew(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.all_read()
        await until(lambda: list(tmp_path.iterdir()), what="the file")
        await desk.directory.aclose()
        desk.stack.clock.advance(3601)
        again = AccountDirectory(desk.stack.clock, tmp_path)
        seen: list[ListsOrigin] = []
        again.changes.subscribe(lambda lists: seen.append(lists.origin))
        again.use(desk.stack.account, settings(), ME)
        again.start()
        try:
            await until(lambda: again.lists.origin is ListsOrigin.DATA_API, what="a fresh reading")
            assert seen[:2] == [ListsOrigin.CONFIG, ListsOrigin.CACHE]
            assert desk.requests() == 16
        finally:
            await again.aclose()


async def test_a_file_of_the_future_is_read_anew(tmp_path: Path) -> None:
    """The clock was set back: nobody would look again for a year."""
    async with open_desk(tmp_path) as desk:
        await desk.all_read()
        await until(lambda: list(tmp_path.iterdir()), what="the file")
        desk.stack.clock.set_wall(desk.stack.clock.now() - timedelta(days=365))
        desk.use(desk.stack.account)
        await until(lambda: desk.requests() == 16, what="everything read anew")


async def test_another_account_sees_nothing_of_the_first(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.all_read()
        await until(lambda: list(tmp_path.iterdir()), what="the file")
        desk.stack.simulator.set_down("data", True)
        desk.use(desk.stack.account, settings("another@example.test"))
        assert [tag.name for tag in desk.lists.tags] == ["Свой"]
        assert desk.directory.my_status_id is None
        await until(lambda: desk.lists.trouble, what="the failed reading")
        assert desk.lists.colleagues == ()
        assert desk.lists.origin is ListsOrigin.CONFIG
        assert desk.directory.find_by_number("103") is None


async def test_without_a_login_or_an_employee_nothing_is_kept(tmp_path: Path) -> None:
    async with open_desk(tmp_path, start=False) as desk:
        desk.use(desk.stack.account, settings("", None), None)
        desk.directory.start()
        await desk.all_read()
        assert await desk.quiet(10) == 0
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("method", READS)
async def test_a_missing_right_hides_that_list_only_and_is_not_asked_for_again(tmp_path: Path, method: str) -> None:
    name = LIST_NAMES[READS.index(method)]
    async with open_desk(tmp_path, SimulatorConfig(data_rights=frozenset({method}))) as desk:
        desk.use(desk.stack.account, me=None)
        await until(lambda: desk.lists.trouble and desk.lists.origin is ListsOrigin.DATA_API, what="a round")
        assert desk.lists.trouble == {name: "forbidden"}
        assert set(desk.directory._round.lists.read_at) == set(LIST_NAMES) - {name}
        await desk.let_pass(4000, lambda: desk.requests() >= 15, "the next round")
        assert desk.stack.asked(method) == 1
        desk.directory.refresh_soon()
        await until(lambda: desk.stack.asked(method) == 2, what="asked again on request")


async def test_a_right_that_was_taken_away_takes_the_list_away(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.all_read()
        desk.stack.simulator.account.switches.forbidden_methods |= {"get.employees", "get.tags"}
        desk.directory.refresh_soon()
        await until(lambda: desk.lists.trouble, what="the refusal")
        assert desk.lists.colleagues == ()
        assert [tag.name for tag in desk.lists.tags] == ["Свой"]
        assert desk.lists.groups


async def test_a_refusal_of_the_whole_account_ends_the_round(tmp_path: Path) -> None:
    async with open_desk(tmp_path, start=False) as desk:
        desk.stack.simulator.account.switches.is_ip_whitelisted = False
        desk.directory.start()
        await until(lambda: desk.lists.trouble, what="the refusal")
        assert desk.lists.trouble == dict.fromkeys(LIST_NAMES, "ip_not_whitelisted")
        assert desk.requests() == 1
        assert await desk.quiet(7200) == 0
        desk.stack.simulator.account.switches.is_ip_whitelisted = True
        desk.directory.refresh_soon()
        await desk.all_read()
        assert desk.lists.trouble == {}


async def test_a_wrong_password_is_tried_once(tmp_path: Path) -> None:
    async with open_desk(tmp_path, start=False, permanent=False) as desk:
        desk.stack.simulator.account.switches.refuse_next("login.user", "auth_error", times=100)
        desk.directory.start()
        await until(lambda: desk.lists.trouble, what="the refusal")
        assert await desk.quiet(7200) == 0
        assert desk.stack.asked("login.user") == 1


async def test_when_somebody_answers_again_the_lists_come(tmp_path: Path) -> None:
    async with open_desk(tmp_path, start=False) as desk:
        desk.stack.simulator.set_down("data", True)
        desk.directory.start()
        await until(lambda: desk.lists.trouble, what="the first failure")
        assert desk.lists.trouble == dict.fromkeys(LIST_NAMES, "connect")
        desk.stack.simulator.set_down("data", False)
        await desk.let_pass(600, lambda: desk.lists.origin is ListsOrigin.DATA_API, "the first success")
        await desk.all_read()
        assert desk.lists.trouble == {}


async def test_while_nobody_answers_the_pauses_double_up_to_an_hour() -> None:
    async with open_data_stack() as stack:
        reading = ListsRound(ReadLists())
        stack.simulator.set_down("data", True)
        pauses = [(await reading.read(stack.account, stack.clock)).again_in_s for _ in range(8)]
        assert pauses == [60, 120, 240, 480, 960, 1920, 3600, 3600]
        stack.simulator.set_down("data", False)
        assert (await reading.read(stack.account, stack.clock)) == RoundOutcome(has_news=True, again_in_s=3600)
        stack.clock.advance(3600)
        stack.simulator.set_down("data", True)
        assert (await reading.read(stack.account, stack.clock)) == RoundOutcome(has_news=False, again_in_s=60)


async def test_points_used_up_are_waited_for() -> None:
    async with open_data_stack() as stack:
        stack.simulator.account.switches.refuse_next("get.tags", "limit_exceeded")
        outcome = await ListsRound(ReadLists()).read(stack.account, stack.clock)
        assert stack.asked("get.virtual_numbers") == 0
        assert outcome.has_news
        assert outcome.again_in_s is not None
        assert outcome.again_in_s >= 60


async def test_a_list_that_cannot_be_read_does_not_hold_up_the_others(tmp_path: Path) -> None:
    async with open_desk(tmp_path, start=False) as desk:
        desk.stack.simulator.faults.add(LoseReply(), operation="get.employees")
        desk.directory.start()
        await until(lambda: desk.lists.trouble and desk.lists.statuses, what="the round")
        assert desk.lists.trouble == {"colleagues": "connection_lost"}
        assert desk.lists.colleagues == ()
        before = desk.requests()
        await desk.let_pass(120, lambda: desk.lists.colleagues, "the second try")
        assert desk.lists.trouble == {}
        assert desk.requests() == before + 1


async def test_the_reserve_of_points_is_left_alone(tmp_path: Path) -> None:
    async with open_desk(tmp_path, SimulatorConfig(data_minute_limit=5), start=False) as desk:
        desk.directory.start()
        await until(lambda: desk.requests() == 4, what="what the points allow")
        await until(lambda: desk.lists.origin is ListsOrigin.DATA_API, what="the lists")
        assert desk.stack.points.remaining.minute_remaining == 1
        assert desk.lists.trouble == {}
        await desk.let_pass(200, lambda: desk.requests() == 8, "the rest")


async def test_asked_for_in_the_middle_of_a_round_everything_is_read_once_more(tmp_path: Path) -> None:
    async with open_desk(tmp_path, start=False) as desk:
        held = desk.stack.simulator.faults.add(HoldUntilReleased(), operation="get.statuses")
        desk.directory.start()
        await held.wait_held()
        desk.directory.refresh_soon()
        held.release()
        await until(lambda: desk.requests() == 16, what="the second round")
        assert await desk.quiet(60) == 0


@pytest.mark.parametrize("is_the_same_port", [False, True])
async def test_a_reply_for_the_account_before_is_thrown_away(tmp_path: Path, is_the_same_port: bool) -> None:
    async with open_desk(tmp_path, start=False) as desk:
        held = desk.stack.simulator.faults.add(HoldUntilReleased(), operation="get.statuses")
        desk.directory.start()
        await held.wait_held()
        before = len(desk.published)
        desk.use(desk.stack.account if is_the_same_port else None, settings("another@example.test"))
        if is_the_same_port:
            desk.stack.simulator.set_down("data", True)
        held.release()
        assert await desk.quiet(50) == 0
        assert desk.lists.origin is ListsOrigin.CONFIG
        assert desk.lists.colleagues == ()
        assert {lists.origin for lists in desk.published[before:]} <= {ListsOrigin.CONFIG}
        assert list(tmp_path.iterdir()) == []


async def test_without_a_data_api_config_is_all_and_a_status_cannot_be_set(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        desk.use(None)
        assert [tag.name for tag in desk.lists.tags] == ["Свой"]
        with pytest.raises(RightsMissing, match="no_data_api"):
            await desk.directory.set_my_status(2)
        assert list(tmp_path.iterdir()) == []


async def test_a_disk_that_refuses_costs_a_warning_only(tmp_path: Path, expected_log: ExpectedLog) -> None:
    expected_log("cannot be kept")
    (tmp_path / "file").write_text("in the way")
    async with open_desk(tmp_path / "file") as desk:
        await desk.all_read()
        await until(lambda: expected_log.records, what="the warning")


async def test_my_status_is_set_and_shown(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.all_read()
        await desk.directory.set_my_status(2)
        assert desk.stack.simulator.pbx.directory.employees[2001].status_id == 2
        assert desk.directory.my_status_id == 2
        mine = desk.directory.colleague(ME)
        assert mine is not None
        assert mine.status_id == 2
        assert desk.published[-1] == desk.lists


async def test_a_status_that_was_refused_is_not_shown(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.all_read()
        with pytest.raises(Refused):
            await desk.directory.set_my_status(6)
        assert desk.directory.my_status_id == 1


async def test_a_status_whose_answer_is_lost_is_looked_up(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.all_read()
        desk.stack.simulator.faults.add(LoseReply(), operation="update.employees")
        with pytest.raises(OutcomeUnknown):
            await desk.directory.set_my_status(2)
        await until(lambda: desk.directory.my_status_id == 2, what="the status as it is")
        assert desk.stack.asked("update.employees") == 1


async def test_a_status_changed_elsewhere_shows_within_minutes(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.all_read()
        desk.stack.simulator.pbx.directory.employees[2001].status_id = 3
        await desk.let_pass(MY_STATUS_EVERY_S + 60, lambda: desk.directory.my_status_id == 3, "the new status")
        assert desk.stack.asked("get.employees") == 2


async def test_a_password_changed_meanwhile_is_not_tried_every_few_minutes(tmp_path: Path) -> None:
    async with open_desk(tmp_path, permanent=False) as desk:
        await desk.all_read()
        desk.stack.simulator.account.switches.refuse_next("get.employees", "access_token_invalid")
        desk.stack.simulator.account.switches.refuse_next("login.user", "auth_error", times=100)
        for _ in range(4):
            await desk.quiet(3600)
        # By the status, and by the lists when they were due.
        assert desk.stack.asked("login.user") - 1 == 2


async def test_nobody_who_sits_here_has_no_status(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        desk.use(desk.stack.account, me=None)
        await desk.all_read()
        assert desk.directory.my_status_id is None
        with pytest.raises(NotFound, match="employee_not_found"):
            await desk.directory.set_my_status(2)
        assert await desk.quiet(3000) == 0


async def test_a_directory_that_forgets_refusals_would_ask_every_hour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control of the missing right: without the memory the count above is two."""
    monkeypatch.setattr(
        lists_round.ListsRound,
        "_is_due",
        lambda self, name, _: name not in self.lists.read_at or name in self._wanted,
    )
    async with open_desk(tmp_path, SimulatorConfig(data_rights=frozenset({"get.tags"}))) as desk:
        await until(lambda: desk.lists.trouble, what="the refusal")
        await desk.let_pass(4000, lambda: desk.stack.asked("get.tags") == 2, "asked again")


async def test_the_services_read_the_lists_and_know_whom_they_may_not_stop_recording(tmp_path: Path) -> None:
    async with Simulator() as simulator, open_console(simulator, tmp_path) as services:
        port_before = services.account_port
        assert port_before is None
        assert services.account.lists == AccountLists()
        connected = settings_for(simulator)
        pbx = msgspec.structs.replace(connected.pbx, data_api_url=simulator.data_api_url)
        await services.reconnect(msgspec.structs.replace(connected, pbx=pbx))
        await until(lambda: services.account.lists.statuses, what="the account's lists")
        assert services.account_port is not None
        assert services.call_control.situation(None).enforced_recording == frozenset({2005})
        assert services.account.my_status_id == 1
        await until(lambda: list((tmp_path / "cache").glob("account-*.json")), what="the file")
        await services.reconnect(connected)
        assert services.account.lists == AccountLists()
        assert services.call_control.situation(None).enforced_recording == frozenset()
