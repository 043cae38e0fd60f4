"""The five methods of the Call API that begin a call, and what each of them takes. Knows the wire, not the domain.

What equals its default is not sent: an account of the 2017 edition refuses the newer parameters by their mere presence
(uis-notes §0.1). `direction` always is, because its default was turned round (§6.13).
"""

from __future__ import annotations

import msgspec

from app.errors import OutcomeUnknown
from app.uis.signed_in import SignedIn
from app.uis.wire import MessageWire, read_object, whole_number_of


class EmployeeWire(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whom to ring: `id` a number; `phone_number` the one of several, of an outside line or SIP, with its zeros."""

    id: int
    phone_number: str = ""


class StartWire(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What all five take. `direction` "in" or "out"; `dtmf_string` of 0-9, *, # and dots; numbers digits only.

    `virtual_phone_usage_rule` (2026): "fixed", "fixed_for_numa", "random", "regional_random",
    "regional_fixed_for_numa".
    """

    virtual_phone_number: str
    contact: str
    direction: str
    external_id: str = ""
    dtmf_string: str = ""
    virtual_phone_usage_rule: str = ""


class BridgingWire(StartWire, frozen=True, kw_only=True, omit_defaults=True):
    """What the four take that connect two parties. `first_call`: "contact", or "employee" ("operator" of
    start.simple_call). `early_switching` of the scenario methods is of 2026."""

    first_call: str
    switch_at_once: bool = False
    early_switching: bool = False
    contact_message: MessageWire | None = None


class EmployeeCallWire(BridgingWire, frozen=True, kw_only=True, omit_defaults=True):
    """start.employee_call."""

    employee: EmployeeWire
    media_file_id: int | None = None
    show_virtual_phone_number: bool = True
    employee_message: MessageWire | None = None


class ScenarioCallWire(BridgingWire, frozen=True, kw_only=True, omit_defaults=True):
    """start.scenario_call. `employee_message`: 2026."""

    scenario_id: int
    employee_message: MessageWire | None = None


class VnumberCallWire(BridgingWire, frozen=True, kw_only=True, omit_defaults=True):
    """start.vnumber_call. The document's example has show_virtual_phone_number, its table has not (uis-notes §6.14)."""


class InformerCallWire(StartWire, frozen=True, kw_only=True, omit_defaults=True):
    """start.informer_call. `dialing_timeout` in seconds, at most 120; 30 when not told."""

    contact_message: MessageWire
    dialing_timeout: int | None = None


class SimpleCallWire(BridgingWire, frozen=True, kw_only=True, omit_defaults=True):
    """start.simple_call. `operator` a number as text: the table of 2017 says object, its text and everybody else
    string (uis-notes §6.12). `operator_confirmation` (2026): the key the operator must press, or "any"."""

    operator: str
    media_file_id: int | None = None
    show_virtual_phone_number: bool = True
    operator_message: MessageWire | None = None
    operator_confirmation: str = ""


class UisStartClient:
    """Each method gives the new session's id and raises as the methods of `UisClient` do.

    None may be repeated blindly: there is no key that would tell a second request from a second call.
    """

    def __init__(self, signed_in: SignedIn) -> None:
        self._signed_in = signed_in

    async def start_employee_call(self, wire: EmployeeCallWire) -> int:
        return await self._start("start.employee_call", wire)

    async def start_scenario_call(self, wire: ScenarioCallWire) -> int:
        return await self._start("start.scenario_call", wire)

    async def start_vnumber_call(self, wire: VnumberCallWire) -> int:
        return await self._start("start.vnumber_call", wire)

    async def start_informer_call(self, wire: InformerCallWire) -> int:
        return await self._start("start.informer_call", wire)

    async def start_simple_call(self, wire: SimpleCallWire) -> int:
        return await self._start("start.simple_call", wire)

    async def _start(self, method: str, wire: StartWire) -> int:
        data = await self._signed_in.ask(method, msgspec.to_builtins(wire))
        call_session_id = whole_number_of(read_object(data).get("call_session_id"))
        if call_session_id is None or call_session_id <= 0:
            raise OutcomeUnknown("reply_unexpected")
        return call_session_id
