"""A simulated exchange on real ports in virtual time, and a bare JSON-RPC client to ask it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from app.simulator.clock import VirtualClock
from app.simulator.config import SimulatorConfig
from app.simulator.pbx.world import PbxWorld
from app.simulator.runner import Simulator
from tests.simulator.crm_client import Answer, ask

ME = 2001
COLLEAGUE = 2002
COACH = 2004
RECORDED = 2005
CALLER = "79062195047"
LINE = "74951045771"
OPERATOR_NUMBER = "79262444491"
START_ARGUMENTS: dict[str, dict[str, object]] = {
    "start.employee_call": {"first_call": "employee", "employee": {"id": ME}},
    "start.scenario_call": {"first_call": "employee", "scenario_id": 5001},
    "start.vnumber_call": {"first_call": "employee"},
    "start.informer_call": {"contact_message": {"type": "media", "value": "2562"}},
    "start.simple_call": {"first_call": "operator", "operator": OPERATOR_NUMBER},
}
for _arguments in START_ARGUMENTS.values():
    _arguments |= {"virtual_phone_number": LINE, "contact": CALLER}
HOLD_MESSAGE = {"type": "tts", "value": "Оставайтесь на линии"}


@dataclass
class PbxDesk:
    """The simulator and shorthands for asking its Call API."""

    simulator: Simulator

    @property
    def world(self) -> PbxWorld:
        return self.simulator.pbx

    async def post(self, body: bytes, *, path: str = "/v4.0") -> Answer:
        """Any body to the Call API's port."""
        port = int(self.simulator.pbx_url.split(":")[2].split("/")[0])
        return await ask(port, "POST", path, body)

    async def send(self, message: object) -> Any:
        """Any JSON message; the decoded reply."""
        answer = await self.post(json.dumps(message, ensure_ascii=False).encode())
        assert answer.http_status == 200, answer.raw
        return answer.body

    def encoded(self, method: str, params: Mapping[str, object]) -> bytes:
        """The body of a request."""
        message = {"jsonrpc": "2.0", "id": "t1", "method": method, "params": params}
        return json.dumps(message, ensure_ascii=False).encode()

    async def call_with(self, method: str, params: Mapping[str, object]) -> Any:
        """One method with exactly these parameters."""
        return await self.send({"jsonrpc": "2.0", "id": "t1", "method": method, "params": params})

    async def call(self, method: str, **named: object) -> Any:
        """One method with the permanent key."""
        return await self.call_with(method, {"access_token": self.simulator.config.permanent_token, **named})

    async def data(self, method: str, **named: object) -> Any:
        """``result.data`` of a call that has to succeed."""
        reply = await self.call(method, **named)
        assert "error" not in reply, reply
        return reply["result"]["data"]

    async def mnemonic(self, method: str, **named: object) -> str:
        """The mnemonic of a refusal, ``ok`` when there is none."""
        reply = await self.call(method, **named)
        return str(reply["error"]["data"]["mnemonic"]) if "error" in reply else "ok"

    async def ask_data(self, method: str, **named: object) -> Any:
        """The whole reply of one method of the Data API, with the permanent key."""
        port = int(self.simulator.data_api_url.split(":")[2].split("/")[0])
        params = {"access_token": self.simulator.config.permanent_token, **named}
        message = {"jsonrpc": "2.0", "id": "d1", "method": method, "params": params}
        answer = await ask(port, "POST", "/v2.0", json.dumps(message, ensure_ascii=False).encode())
        assert answer.http_status == 200, answer.raw
        return answer.body

    async def data_rows(self, method: str, **named: object) -> Any:
        """``result.data`` of a Data API method that has to succeed."""
        reply = await self.ask_data(method, **named)
        assert "error" not in reply, reply
        return reply["result"]["data"]

    async def data_error(self, method: str, **named: object) -> tuple[int, str]:
        """Code and mnemonic of a refusal of the Data API, (0, "ok") when there is none."""
        reply = await self.ask_data(method, **named)
        return (reply["error"]["code"], reply["error"]["data"]["mnemonic"]) if "error" in reply else (0, "ok")

    async def start(self, method: str, **named: object) -> int:
        """A call that a start.* method begins, with everything that is required; its call session id."""
        started = await self.data(method, **{**START_ARGUMENTS[method], **named})
        assert set(started) == {"call_session_id"}
        return int(started["call_session_id"])

    async def leg_states(self, call_session_id: int) -> dict[str, str] | None:
        """Called number -> state text of one listed call; None when it is not listed."""
        for shown in await self.data("list.calls"):
            if shown["call_session_id"] == call_session_id:
                return {leg["called_phone_number"]: leg["state"] for leg in shown["legs"]}
        return None

    def talk(self, *, employee_id: int = ME) -> int:
        """An incoming call that this employee has answered."""
        call_session_id = self.world.ring_in(CALLER, employees=[employee_id])
        self.world.answer(call_session_id, employee_id)
        return call_session_id

    async def held(self) -> int:
        call_session_id = self.talk()
        await self.data("hold.call", call_session_id=call_session_id, contact_message=HOLD_MESSAGE)
        return call_session_id

    async def dialing(self, to: str = "102") -> int:
        call_session_id = await self.held()
        await self.data("make.call", call_session_id=call_session_id, to=to)
        return call_session_id

    async def consulting(self) -> int:
        call_session_id = await self.dialing()
        self.world.colleague_answers(call_session_id)
        return call_session_id

    async def transfer_pending(self) -> int:
        call_session_id = await self.dialing()
        await self.data("transfer.talk", call_session_id=call_session_id)
        return call_session_id


@asynccontextmanager
async def pbx_desk(config: SimulatorConfig | None = None) -> AsyncIterator[PbxDesk]:
    """A whole simulator under a virtual clock; closed at the end."""
    async with Simulator(config, VirtualClock()) as simulator:
        yield PbxDesk(simulator)
