"""The JSON-RPC manners of the Call API: envelope, common errors, metadata, tokens, points, the shape of list.calls."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.simulator.config import SimulatorConfig
from app.simulator.uis_api.face import can_answer
from app.simulator.uis_api.methods import METHODS
from app.simulator.uis_api.refusals import ERRORS, WITHOUT_METADATA
from tests.simulator.pbx_client import CALLER, HOLD_MESSAGE, ME, PbxDesk, pbx_desk


def error_of(reply: Any) -> tuple[int, str, object]:
    return reply["error"]["code"], reply["error"]["data"]["mnemonic"], reply["id"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"{", (-32700, "parse_error", None)),
        (b"", (-32700, "parse_error", None)),
        (b'{"jsonrpc":"2.0","id":NaN,"method":"list.calls"}', (-32700, "parse_error", None)),
        (b"[" * 100_000, (-32700, "parse_error", None)),
        (b"[]", (-32099, "batch_opreations_not_supported", None)),
        (b'[{"jsonrpc":"2.0","id":1,"method":"x"}]', (-32099, "batch_opreations_not_supported", None)),
        (b"7", (-32600, "invalid_request", None)),
        (b'{"jsonrpc":"1.0","id":5,"method":"list.calls"}', (-32600, "invalid_request", 5)),
        (b'{"id":5,"method":"list.calls"}', (-32600, "invalid_request", 5)),
        (b'{"jsonrpc":"2.0","id":5,"method":7}', (-32600, "invalid_request", 5)),
        (b'{"jsonrpc":"2.0","id":null,"method":"list.calls"}', (-32600, "invalid_request", None)),
        (b'{"jsonrpc":"2.0","id":true,"method":"list.calls"}', (-32600, "invalid_request", None)),
        (b'{"jsonrpc":"2.0","id":{},"method":"list.calls"}', (-32600, "invalid_request", None)),
        (b'{"jsonrpc":"2.0","method":"list.calls"}', (-32099, "notifications_not_supported", None)),
        (b'{"jsonrpc":"2.0","id":"a","method":"call.talk_options"}', (-32601, "method_not_found", "a")),
        (b'{"jsonrpc":"2.0","id":"a","method":"list.calls","params":[]}', (-32602, "data_type_error", "a")),
        (b'{"jsonrpc":"2.0","id":"a","method":"list.calls"}', (-32602, "required_parameter_missed", "a")),
    ],
)
async def test_a_wrong_envelope_is_refused_by_its_own_error(body: bytes, expected: tuple[int, str, object]) -> None:
    async with pbx_desk() as desk:
        answer = await desk.post(body)
        assert answer.http_status == 200
        assert error_of(answer.body) == expected


async def test_ids_are_echoed_as_they_were_sent() -> None:
    async with pbx_desk() as desk:
        for request_id in ("2001-7-3-hold", 0, -5, 10**15, ""):
            token = desk.simulator.config.permanent_token
            reply = await desk.send(
                {"jsonrpc": "2.0", "id": request_id, "method": "list.calls", "params": {"access_token": token}}
            )
            assert reply["id"] == request_id
            assert set(reply) == {"jsonrpc", "id", "result"}


async def test_an_error_has_the_documented_shape() -> None:
    async with pbx_desk() as desk:
        reply = await desk.call("tag.call", call_session_id="x", tag_id=1)
        error = reply["error"]
        assert set(error) == {"code", "message", "data"}
        limits = error["data"].pop("metadata")["limits"]
        assert error["message"] == "Data supplied is of wrong type"
        assert error["data"] == {
            "mnemonic": "data_type_error",
            "field": "call_session_id",
            "value": "x",
            "params": {"object": None},
            "extended_helper": None,
        }
        assert set(limits) == {
            "day_limit",
            "day_remaining",
            "day_reset",
            "minute_limit",
            "minute_remaining",
            "minute_reset",
        }


@pytest.mark.parametrize("mnemonic", sorted(ERRORS))
async def test_every_error_can_be_asked_for_and_comes_with_its_code_and_filled_message(mnemonic: str) -> None:
    async with pbx_desk() as desk:
        filled = {
            name: f"<{name}>"
            for name in (
                "limit_type",
                "limit_max_value",
                "component_name",
                "ip",
                "tag_id",
                "contact",
                "media_file_id",
                "employee_id",
                "scenario_id",
                "virtual_phone_number",
                "contact_phone_number",
                "tts_message_max_length",
                "sent_tts_message_length",
            )
        }
        desk.simulator.account.switches.refuse_next("list.calls", mnemonic, filled)
        reply = await desk.call("list.calls")
        assert error_of(reply) == (ERRORS[mnemonic].code, mnemonic, "t1")
        assert "{" not in reply["error"]["message"]
        assert ("metadata" in reply["error"]["data"]) is (mnemonic not in WITHOUT_METADATA)
        assert await desk.mnemonic("list.calls") == "ok"


def test_methods_answer_only_mnemonics_that_exist() -> None:
    for method in METHODS.values():
        assert method.errors <= set(ERRORS)
        assert can_answer(method, "internal_error")
    assert not can_answer(METHODS["tag.call"], "invalid_state")
    assert can_answer(METHODS["hold.call"], "invalid_state")


async def test_success_is_a_string_but_for_logout() -> None:
    async with pbx_desk() as desk:
        call = desk.talk()
        assert await desk.data("tag.call", call_session_id=call, tag_id=254) == {"success": "true"}
        assert await desk.data("hold.call", call_session_id=call, contact_message=HOLD_MESSAGE) == {"success": "true"}
        assert await desk.data("release.call", call_session_id=call) == {"success": "true"}
        assert await desk.data("logout.user") == {"success": True}


async def test_list_calls_has_the_form_of_the_documents_example() -> None:
    async with pbx_desk() as desk:
        call = desk.world.ring_out(ME, "74959268686", dtmf_tail="...9.2.3.3")
        (shown,) = await desk.data("list.calls")
        assert shown["call_session_id"] == call > 2**31
        assert shown["start_time"] == "2026-03-02T09:00:00.000"
        assert shown["external_id"] is None
        assert shown["tags"] == []
        employee_leg, contact_leg = shown["legs"]
        assert contact_leg["called_phone_number"] == "74959268686...9.2.3.3"
        assert (contact_leg["employee_id"], contact_leg["employee_full_name"]) == (None, None)
        assert contact_leg["is_operator"] is False
        assert employee_leg["employee_full_name"] == "Орлова Марина Сергеевна"
        assert employee_leg["leg_id"] > 2**31


async def test_list_calls_is_filtered_by_direction_and_line() -> None:
    async with pbx_desk() as desk:
        incoming = desk.world.ring_in(CALLER, employees=[ME], virtual_number="74959268686")
        outgoing = desk.world.ring_out(2002, CALLER)
        for params, expected in (
            ({}, [incoming, outgoing]),
            ({"direction": "in"}, [incoming]),
            ({"direction": "out"}, [outgoing]),
            ({"virtual_phone_number": "74959268686"}, [incoming]),
            ({"virtual_phone_number": "74959268686", "direction": "out"}, []),
        ):
            assert [shown["call_session_id"] for shown in await desk.data("list.calls", **params)] == expected


async def test_talk_options_are_listed_with_null_where_they_have_no_value() -> None:
    async with pbx_desk() as desk:
        options = await desk.data("list.talk_options")
        assert options[0] == {
            "button": "1",
            "mnemonic": "tag_call",
            "name": "Проставить тег",
            "button_value": {"id": 254, "value": "Целевой"},
        }
        assert options[1]["button_value"] is None


async def sign_in(desk: PbxDesk) -> tuple[str, int]:
    config = desk.simulator.config
    reply = await desk.call_with("login.user", {"login": config.login, "password": config.password})
    return reply["result"]["data"]["access_token"], reply["result"]["data"]["expire_at"]


async def listed_with(desk: PbxDesk, token: str) -> str:
    reply = await desk.call_with("list.calls", {"access_token": token})
    return str(reply["error"]["data"]["mnemonic"]) if "error" in reply else "ok"


async def test_a_session_token_opens_the_account_until_its_hour_is_over() -> None:
    async with pbx_desk() as desk:
        token, expire_at = await sign_in(desk)
        assert expire_at == int(desk.simulator.clock.now().timestamp()) + 3600
        desk.simulator.advance(3599)
        assert await listed_with(desk, token) == "ok"
        desk.simulator.advance(2)
        assert await listed_with(desk, token) == "access_token_invalid"


async def test_a_signed_out_a_made_up_and_an_expired_token_are_invalid() -> None:
    async with pbx_desk() as desk:
        token, _ = await sign_in(desk)
        other, _ = await sign_in(desk)
        assert token != other
        assert (await desk.call_with("logout.user", {"access_token": token}))["result"]["data"] == {"success": True}
        assert await listed_with(desk, token) == "access_token_invalid"
        assert await listed_with(desk, "made-up") == "access_token_invalid"
        assert await listed_with(desk, other) == "ok"
        desk.simulator.account.tokens.expire_all()
        assert await listed_with(desk, other) == "access_token_invalid"


async def test_a_wrong_login_or_password_is_refused() -> None:
    async with pbx_desk() as desk:
        for login, password in (("operator@example.test", "x"), ("x", "simulated-password")):
            reply = await desk.call_with("login.user", {"login": login, "password": password})
            assert error_of(reply) == (-32001, "auth_error", "t1")
            assert "metadata" not in reply["error"]["data"]


async def test_a_permanent_key_can_be_expired_or_blocked() -> None:
    async with pbx_desk(SimulatorConfig(permanent_token_is_expired=True)) as desk:
        assert await desk.mnemonic("list.calls") == "access_token_expired"
        desk.simulator.account.tokens.permanent_is_blocked = True
        assert await desk.mnemonic("list.calls") == "access_token_blocked"


async def test_the_administrators_switches_are_obeyed() -> None:
    async with pbx_desk() as desk:
        switches = desk.simulator.account.switches
        switches.disabled_components = {"control"}
        refused = await desk.call("list.calls")
        assert refused["error"]["message"] == "Component Call API Управление вызовами has been disabled"
        assert await desk.mnemonic("release.call", call_session_id=1) == "call_session_not_found"
        switches.disabled_components = set()
        switches.is_account_active = False
        assert await desk.mnemonic("list.calls") == "account_inactive"
        switches.is_account_active = True
        switches.forbidden_methods = {"list.calls"}
        assert await desk.mnemonic("list.calls") == "forbidden"
        switches.is_ip_whitelisted = False
        refused = await desk.call("list.calls")
        assert refused["error"]["message"] == "Your IP 127.0.0.1 is not whitelisted"
        assert "metadata" not in refused["error"]["data"]


async def test_metadata_can_be_of_a_deprecated_version_and_without_limits() -> None:
    async with pbx_desk() as desk:
        desk.simulator.account.switches.is_version_deprecated = True
        desk.simulator.account.switches.has_limits = False
        desk.simulator.account.switches.has_null_error_ids = True
        reply = await desk.call("list.calls")
        assert reply["result"]["metadata"]["limits"] == {}
        assert reply["result"]["metadata"]["api_version"]["current_version_depricated"] is True
        assert (await desk.call("hold.call"))["id"] is None


async def test_points_are_charged_for_success_only_and_run_out_by_the_minute_and_the_day() -> None:
    async with pbx_desk(SimulatorConfig(minute_limit=3, day_limit=4, weights={"send.dtmf": 2})) as desk:
        call = desk.talk()

        async def limits() -> tuple[int, int]:
            shown = (await desk.call("list.calls"))["result"]["metadata"]["limits"]
            return shown["minute_remaining"], shown["day_remaining"]

        assert await limits() == (3, 4)
        assert await desk.mnemonic("tag.call", call_session_id=call, tag_id=999) == "tag_not_found"
        assert await limits() == (3, 4)
        await desk.data("tag.call", call_session_id=call, tag_id=254)
        await desk.data("send.dtmf", call_session_id=call, dtmf_string="1")
        assert await limits() == (0, 1)
        refused = await desk.call("tag.call", call_session_id=call, tag_id=255)
        assert refused["error"]["code"] == -32029
        assert refused["error"]["data"]["params"] == {"limit_type": "minute", "limit_max_value": 3}
        assert "Limit per minute has been exceeded" in refused["error"]["message"]
        desk.simulator.advance(60)
        assert await limits() == (3, 1)
        refused = await desk.call("send.dtmf", call_session_id=call, dtmf_string="1")
        assert refused["error"]["data"]["params"]["limit_type"] == "day"
        desk.simulator.advance(24 * 3600)
        assert await limits() == (3, 4)


async def test_points_that_others_spend_are_gone_for_us_too() -> None:
    async with pbx_desk(SimulatorConfig(minute_limit=10, weights={"list.calls": 1})) as desk:
        desk.simulator.account.points.spend(10)
        assert await desk.mnemonic("list.calls") == "limit_exceeded"


async def test_only_post_to_the_versioned_path_is_json_rpc() -> None:
    async with pbx_desk() as desk:
        assert (await desk.post(b"{}", path="/v3.0")).http_status == 404
        assert (await desk.post(b"{}", path="/v4.0/")).http_status == 200


async def test_the_journal_has_the_effect_the_id_and_no_secret() -> None:
    async with pbx_desk() as desk:
        call = desk.talk()
        await sign_in(desk)
        await desk.data("tag.call", call_session_id=call, tag_id=254)
        await desk.mnemonic("tag.call", call_session_id=call, tag_id=254)
        tagged, refused = desk.simulator.journal.entries_of("tag.call")
        assert tagged.effects == (f"tag tag_id=254 call_session_id={call}",)
        assert (tagged.outcome, tagged.request_id, tagged.face) == ("ok", "t1", "pbx")
        assert (refused.effects, refused.outcome) == ((), "error:duplicate_tag")
        assert tagged.params == {"access_token": "***", "call_session_id": call, "tag_id": 254}
        written = json.dumps([dict(entry.params) for entry in desk.simulator.journal.entries])
        assert desk.simulator.config.password not in written
        assert desk.simulator.config.permanent_token not in written
