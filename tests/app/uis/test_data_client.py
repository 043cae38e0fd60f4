"""The Data API over real HTTP: what is sent, paging, points, every error, and what comes of odd replies."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from app.account.port import Colleague, OperatorStatus
from app.domain.calls import CallSessionId, EmployeeId, TagId
from app.errors import LimitExceeded, LinkDown, NotFound, OutcomeUnknown, PultError, Refused, RightsMissing
from app.simulator.config import SimulatorConfig
from app.simulator.faults import LoseReply, Mutate
from app.simulator.pbx.directory import Tag
from app.simulator.uis_api.data_methods import DATA_METHODS
from app.simulator.uis_api.refusals import COMMON_MNEMONICS
from app.uis import data_client
from app.uis.adapter import open_uis_telephony
from app.uis.data_adapter import UisAccount
from app.uis.errors import DATA_KINDS, KINDS
from app.uis.hosts import data_api_url_of
from tests.app.telephony.stack import CONTACT, ME, MOSCOW, credentials_of
from tests.app.uis.data_stack import DataStack, open_data_stack
from tests.helpers.guards import ExpectedLog

Read = Callable[[UisAccount], Awaitable[object]]

READS: dict[str, Read] = {
    "get.account": lambda account: account.read_time_zone(),
    "get.employees": lambda account: account.read_colleagues(),
    "get.group_employees": lambda account: account.read_groups(),
    "get.tags": lambda account: account.read_tags(),
    "get.virtual_numbers": lambda account: account.read_lines(),
    "get.scenarios": lambda account: account.read_scenarios(),
    "get.media_files": lambda account: account.read_media_files(),
    "get.statuses": lambda account: account.read_statuses(),
}
WRITES: dict[str, Read] = {
    "update.employees": lambda account: account.set_employee_status(ME, 2),
    "set.tag_communications": lambda account: account.tag_finished_call(CallSessionId(1), TagId(254)),
}
OPERATIONS = {**READS, **WRITES}
ERRORS = [
    (method, mnemonic) for method in OPERATIONS for mnemonic in sorted(DATA_METHODS[method].errors | COMMON_MNEMONICS)
]


def finished_call(stack: DataStack, external_id: str | None = None) -> CallSessionId:
    """A call that is over, on the simulator's side."""
    pbx = stack.simulator.pbx
    call_session_id = pbx.ring_in(CONTACT, employees=[ME])
    pbx.call(call_session_id).external_id = external_id
    pbx.answer(call_session_id, ME)
    stack.simulator.account.commands.release(pbx.call(call_session_id))
    assert [call.call_session_id for call in pbx.finished] == [call_session_id]
    return CallSessionId(call_session_id)


async def test_every_list_is_what_the_account_has() -> None:
    async with open_data_stack() as stack:
        account = stack.account
        assert await account.read_time_zone() == "Europe/Moscow"
        colleagues = await account.read_colleagues()
        assert colleagues[0] == Colleague(
            EmployeeId(2001), "Орлова Марина Сергеевна", "101", ("0486101",), ("Продажи",), 1, has_coach=True
        )
        assert [one.employee_id for one in colleagues if one.is_always_recorded] == [2005]
        assert [one.employee_id for one in colleagues if not one.phone_numbers] == [2006]
        assert [(one.name, one.number, one.members) for one in await account.read_groups()] == [
            ("Продажи", "201", (2001, 2002)),
            ("Поддержка", "202", (2003, 2005)),
        ]
        assert next((one.tag_id, one.name) for one in await account.read_tags()) == (254, "Целевой")
        assert [(one.number, one.has_scenario) for one in await account.read_lines()] == [
            ("74951045771", True),
            ("74959268686", False),
        ]
        assert (await account.read_scenarios())[0].line_numbers == ("74951045771",)
        assert [one.duration_s for one in await account.read_media_files()] == [60.0, 4.0, 30.0]
        statuses = await account.read_statuses()
        assert statuses[4] == OperatorStatus(5, "Нет на работе", "#828282", is_selectable=True, is_worktime=False)
        assert not statuses[5].is_selectable
        assert stack.points.remaining.minute_remaining == 10_000 - 8


@pytest.mark.parametrize("method", READS)
async def test_fields_are_named_and_the_page_is_said(method: str) -> None:
    async with open_data_stack() as stack:
        await READS[method](stack.account)
        (entry,) = stack.simulator.journal.entries_of(method)
        assert set(entry.params) == {"access_token", "fields", "limit", "offset"}
        assert entry.params["fields"]
        assert (entry.params["limit"], entry.params["offset"]) == (1000, 0)


async def test_a_long_list_is_read_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_client, "PAGE", 3)
    async with open_data_stack() as stack:
        stack.simulator.pbx.directory.tags = {number: Tag(number, f"Тег {number}") for number in range(1, 8)}
        assert [tag.tag_id for tag in await stack.account.read_tags()] == list(range(1, 8))
        assert [entry.params["offset"] for entry in stack.simulator.journal.entries_of("get.tags")] == [0, 3, 6]


async def test_without_a_total_a_short_page_is_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_client, "PAGE", 3)
    async with open_data_stack() as stack:
        stack.simulator.pbx.directory.tags = {number: Tag(number, f"Тег {number}") for number in range(1, 6)}
        stack.simulator.faults.add(_changed(lambda result: result.pop("metadata")), operation="get.tags", times=None)
        assert len(await stack.account.read_tags()) == 5
        assert stack.asked("get.tags") == 2


async def test_a_list_without_end_is_cut(monkeypatch: pytest.MonkeyPatch, expected_log: ExpectedLog) -> None:
    expected_log("more than is read")
    monkeypatch.setattr(data_client, "PAGE", 1)
    async with open_data_stack() as stack:
        stack.simulator.pbx.directory.tags = {number: Tag(number, f"Тег {number}") for number in range(1, 20)}
        assert len(await stack.account.read_tags()) == data_client.PAGES_CAP


async def test_a_list_that_moves_between_two_pages_shows_nobody_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_client, "PAGE", 2)
    async with open_data_stack() as stack:
        tags = stack.simulator.pbx.directory.tags

        def grow(body: bytes) -> bytes:
            stack.simulator.pbx.directory.tags = {1: Tag(1, "Новый"), **tags}
            return body

        stack.simulator.faults.add(Mutate(grow), operation="get.tags")
        found = [tag.tag_id for tag in await stack.account.read_tags()]
        assert found == [254, 255, 256, 257]


async def test_my_status_is_read_and_set() -> None:
    async with open_data_stack() as stack:
        assert await stack.account.read_employee_status(ME) == 1
        await stack.account.set_employee_status(ME, 2)
        assert stack.simulator.pbx.directory.employees[ME].status_id == 2
        assert await stack.account.read_employee_status(ME) == 2
        assert await stack.account.read_employee_status(EmployeeId(9)) is None
        (entry,) = stack.simulator.journal.entries_of("update.employees")
        assert {name for name in entry.params if name != "access_token"} == {"id", "status_id"}


async def test_a_status_that_cannot_be_chosen_is_refused() -> None:
    async with open_data_stack() as stack:
        with pytest.raises(Refused, match="invalid_parameter_value"):
            await stack.account.set_employee_status(ME, 6)
        with pytest.raises(NotFound, match="entity_not_found"):
            await stack.account.set_employee_status(EmployeeId(9), 1)


async def test_a_call_that_is_over_is_tagged() -> None:
    async with open_data_stack() as stack:
        call_session_id = finished_call(stack)
        await stack.account.tag_finished_call(call_session_id, TagId(255))
        assert [tag.tag_id for tag in stack.simulator.pbx.finished[0].tags] == [255]
        with pytest.raises(Refused, match="duplicate_entity"):
            await stack.account.tag_finished_call(call_session_id, TagId(255))


@pytest.mark.parametrize("result", ["{}", '{"metadata": {}}', '{"data": {}}', '{"data": null}'])
async def test_a_write_without_data_is_a_yes(result: str) -> None:
    async with open_data_stack() as stack:
        body = Mutate(lambda _: b'{"jsonrpc": "2.0", "id": 1, "result": %s}' % result.encode())
        stack.simulator.faults.add(body, operation="update.employees")
        await stack.account.set_employee_status(ME, 2)


@pytest.mark.parametrize("reply", ["{}", '{"result": null}', '{"result": "yes"}', "[]", "", "<html>"])
async def test_a_write_whose_answer_is_none_is_unknown_and_sent_once(reply: str) -> None:
    async with open_data_stack() as stack:
        stack.simulator.faults.add(Mutate(lambda _: reply.encode()), operation="update.employees")
        with pytest.raises(OutcomeUnknown):
            await stack.account.set_employee_status(ME, 2)
        assert stack.asked("update.employees") == 1


async def test_a_read_without_data_is_no_answer() -> None:
    """Negative control of the writes' leniency: an empty list would wipe out the tags."""
    async with open_data_stack() as stack:
        stack.simulator.faults.add(_changed(lambda result: result.pop("data")), operation="get.tags")
        with pytest.raises(OutcomeUnknown, match="reply_undecodable"):
            await stack.account.read_tags()


async def test_a_write_whose_answer_is_lost_is_sent_once() -> None:
    async with open_data_stack() as stack:
        call_session_id = finished_call(stack)
        stack.simulator.faults.add(LoseReply(), operation="set.tag_communications")
        with pytest.raises(OutcomeUnknown):
            await stack.account.tag_finished_call(call_session_id, TagId(255))
        assert stack.asked("set.tag_communications") == 1


@pytest.mark.parametrize("is_over", [False, True])
async def test_a_started_call_is_found_by_its_mark_live_or_over(is_over: bool) -> None:
    async with open_data_stack() as stack:
        begun_at = stack.clock.now()
        if is_over:
            call_session_id = finished_call(stack, "pult-1")
        else:
            call_session_id = CallSessionId(stack.simulator.pbx.ring_in(CONTACT, employees=[ME]))
            stack.simulator.pbx.call(call_session_id).external_id = "pult-1"
        assert await stack.account.find_started_call("pult-1", begun_at) == call_session_id
        assert await stack.account.find_started_call("pult-2", begun_at) is None


async def test_a_reply_that_ignores_the_filter_hands_over_no_strange_call() -> None:
    async with open_data_stack() as stack:
        finished_call(stack, "pult-1")

        def ignore_filter(result: dict[str, object]) -> None:
            result["data"] = [{"id": 7, "call_api_external_id": "pult-1"}, {"id": 8}, {"id": "9", "x": None}]

        stack.simulator.faults.add(_changed(ignore_filter), operation="get.calls_report", times=None)
        assert await stack.account.find_started_call("pult-2", stack.clock.now()) is None
        assert await stack.account.find_started_call("pult-1", stack.clock.now()) == 7


async def test_a_report_asks_for_no_more_than_three_months_in_the_accounts_zone() -> None:
    async with open_data_stack() as stack:
        await stack.account.find_started_call("pult-1", stack.clock.now())
        await stack.account.find_started_call("pult-1", stack.clock.now() - timedelta(days=400))
        first, second = stack.simulator.journal.entries_of("get.calls_report")
        assert (first.params["date_from"], first.params["date_till"]) == ("2026-03-01 09:00:00", "2026-03-03 09:00:00")
        assert second.outcome == "ok"


@pytest.mark.parametrize(("method", "mnemonic"), ERRORS)
async def test_each_error_of_each_method_has_its_type_and_is_not_repeated(method: str, mnemonic: str) -> None:
    async with open_data_stack() as stack:
        stack.simulator.account.switches.refuse_next(method, mnemonic)
        with pytest.raises(PultError) as raised:
            await OPERATIONS[method](stack.account)
        code = mnemonic.replace("opreations", "operations")
        assert (type(raised.value), raised.value.code) == ({**KINDS, **DATA_KINDS}[code], code)
        assert raised.value.params["method"] == method
        assert stack.asked(method) == 1


async def test_rights_are_by_method() -> None:
    async with open_data_stack(SimulatorConfig(data_rights=frozenset({"get.tags"}))) as stack:
        with pytest.raises(RightsMissing, match="forbidden"):
            await stack.account.read_tags()
        assert await stack.account.read_colleagues()


async def test_the_token_is_its_own_and_renewed_once() -> None:
    async with open_data_stack(permanent=False) as stack:
        await stack.account.read_tags()
        stack.simulator.account.tokens.expire_all()
        await stack.account.read_tags()
        assert stack.asked("login.user") == 2
        assert {entry.face for entry in stack.simulator.journal.entries} == {"data"}
        await stack.account.sign_out()
        assert stack.asked("logout.user") == 1


async def test_the_purse_is_its_own() -> None:
    async with open_data_stack(SimulatorConfig(data_minute_limit=5, minute_limit=500)) as stack:
        assert stack.account.can_spare()
        for _ in range(4):
            await stack.account.read_tags()
        assert not stack.account.can_spare()
        await stack.account.read_tags()
        with pytest.raises(LimitExceeded) as raised:
            await stack.account.read_tags()
        assert raised.value.resets_in_s is not None
        assert 0 < raised.value.resets_in_s <= 60


async def test_nobody_there_is_not_sent() -> None:
    async with open_data_stack() as stack:
        stack.simulator.set_down("data", True)
        with pytest.raises(LinkDown):
            await stack.account.read_tags()


async def test_an_account_told_as_an_object_is_one_too() -> None:
    async with open_data_stack() as stack:

        def as_object(result: dict[str, object]) -> None:
            assert isinstance(result["data"], list)
            result["data"] = result["data"][0]

        stack.simulator.faults.add(_changed(as_object), operation="get.account")
        assert await stack.account.read_time_zone() == "Europe/Moscow"


@pytest.mark.parametrize("data", ["null", "[]", "{}"])
async def test_every_way_to_say_nothing_is_an_empty_list(data: str) -> None:
    async with open_data_stack() as stack:

        def empty(result: dict[str, object]) -> None:
            result["data"] = json.loads(data)

        stack.simulator.faults.add(_changed(empty), operation="get.tags")
        assert await stack.account.read_tags() == ()


@pytest.mark.parametrize(
    ("call_api_url", "data_api_url"),
    [
        ("https://callapi.uiscom.ru/v4.0", "https://dataapi.uiscom.ru/v2.0"),
        ("https://callapi.comagic.ru/v4.0/", "https://dataapi.comagic.ru/v2.0"),
        ("https://callapi.callgear.com/v4.0", "https://dataapi.callgear.com/v2.0"),
        ("https://callapi-jsonrpc.novofon.ru/v4.0", "https://dataapi-jsonrpc.novofon.ru/v2.0"),
        ("https://CALLAPI.uiscom.ru:8443/v4.0", "https://dataapi.uiscom.ru:8443/v2.0"),
        ("https://proxy.example.test/v4.0", None),
        ("https://callapistrange.test/v4.0", None),
        ("http://127.0.0.1:4001/v4.0", None),
        ("", None),
    ],
)
def test_the_data_api_is_of_the_same_brand(call_api_url: str, data_api_url: str | None) -> None:
    assert data_api_url_of(call_api_url) == data_api_url


async def test_both_apis_of_one_account_side_by_side() -> None:
    async with open_data_stack(permanent=False) as stack:
        telephony = open_uis_telephony(
            stack.client.signed_in.rpc._http,
            stack.clock,
            base_url=stack.simulator.pbx_url,
            credentials=credentials_of(stack.simulator),
            employee_id=ME,
            zone=MOSCOW,
        )
        await telephony.list_calls()
        await stack.account.read_tags()
        assert [entry.face for entry in stack.simulator.journal.entries_of("login.user")] == ["pbx", "data"]


def _changed(change: Callable[[dict[str, object]], object]) -> Mutate:
    def apply(body: bytes) -> bytes:
        reply = json.loads(body)
        change(reply["result"])
        return json.dumps(reply).encode()

    return Mutate(apply)
