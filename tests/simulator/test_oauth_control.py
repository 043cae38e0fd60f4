"""Tokens of the simulated CRMs as another process steers them through the control port."""

from __future__ import annotations

import json

import pytest

from app.simulator.control import CONTROL_HEADER
from app.simulator.runner import Simulator
from tests.simulator.crm_client import ask


@pytest.mark.parametrize("face", ["bitrix24", "amocrm"])
async def test_tokens_are_expired_and_revoked_by_control(face: str) -> None:
    async with Simulator() as simulator:
        desk = simulator.bitrix24.desk if face == "bitrix24" else simulator.amocrm.desk
        pair = desk.issue()
        port = int(simulator.control_url.rpartition(":")[2])
        headers = {CONTROL_HEADER: simulator.control_token}
        body = json.dumps({"face": face}).encode()
        assert (await ask(port, "POST", "/oauth/expire", body, headers)).http_status == 200
        assert not desk.is_valid(pair.access_token)
        code = await ask(port, "POST", "/oauth/code", json.dumps({"face": face, "ttl_s": 30}).encode(), headers)
        assert code.body["result"]["code"]
        assert (await ask(port, "POST", "/oauth/revoke", body, headers)).http_status == 200
        assert (await ask(port, "POST", "/oauth/revoke", b"{}", headers)).http_status == 400


async def test_what_a_console_needs_to_connect_is_announced() -> None:
    async with Simulator() as simulator:
        announced = simulator.credentials()
        for name in (
            "bitrix24_oauth_url",
            "bitrix24_client_id",
            "bitrix24_client_secret",
            "bitrix24_refresh_token",
            "amocrm_client_id",
            "amocrm_client_secret",
            "amocrm_redirect_uri",
            "amocrm_refresh_token",
            "amocrm_user_id",
        ):
            assert announced[name], name
