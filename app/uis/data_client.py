"""The Data API v2.0: one typed method per remote operation. Knows the wire, not the domain.

It speaks as the Call API does, but has a token, points and errors of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from app.http import HttpSession, PointsBudget
from app.uis.rpc import DEADLINE_S, Correlation, JsonRpc
from app.uis.sign_in import UisSignIn
from app.uis.signed_in import SignedIn
from app.uis.wire import ReplyWire, read_objects, read_reply

PAGE = 1000
PAGES_CAP = 10
PAGE_BODY_CAP = 8 * 1024 * 1024

Entry = Mapping[str, object]
_logger = logging.getLogger(__name__)

# Named one by one: what is not named may come or not, and much of it is nobody's business here.
EMPLOYEE_FIELDS = (
    "id",
    "full_name",
    "last_name",
    "first_name",
    "patronymic",
    "status_id",
    "call_recording",
    "coach",
    "groups",
    "phone_numbers",
    "extension",
)


@dataclass(frozen=True, slots=True)
class Filter:
    """A simple condition."""

    field: str
    operator: str
    value: object


@dataclass(frozen=True, slots=True)
class AnyOf:
    """A tree of one level: one of its conditions must hold. `=` works on every field that can be filtered by, `in` not
    on each (uis-notes §2)."""

    filters: tuple[Filter, ...]
    condition: str = "or"


class UisDataClient:
    """Each list whole, page by page, entries as they come. Raises as the methods of `UisClient` do
    (`errors.DATA_KINDS` has the kinds that only this API knows)."""

    def __init__(
        self,
        http: HttpSession,
        base_url: str,
        sign_in: UisSignIn,
        correlation: Correlation,
        *,
        points: PointsBudget | None = None,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._rpc = JsonRpc(http, base_url, correlation, points, deadline_s)
        self.signed_in = SignedIn(self._rpc, sign_in)

    async def get_account(self) -> list[Entry]:
        """One entry; an object where the document means a list of one."""
        return await self.read_list("get.account", ("app_id", "timezone"))

    async def get_employees(self, employee_id: int | None = None) -> list[Entry]:
        """All of them, or that one with no more than its id and status."""
        if employee_id is None:
            return await self.read_list("get.employees", EMPLOYEE_FIELDS)
        return await self.read_list("get.employees", ("id", "status_id"), Filter("id", "=", employee_id))

    async def get_group_employees(self) -> list[Entry]:
        """Only the members' `phone_numbers` carry who is in a group on some accounts; both are asked for."""
        return await self.read_list(
            "get.group_employees", ("id", "name", "group_phone_number", "members", "phone_numbers")
        )

    async def get_tags(self) -> list[Entry]:
        return await self.read_list("get.tags", ("id", "name"))

    async def get_virtual_numbers(self) -> list[Entry]:
        return await self.read_list(
            "get.virtual_numbers", ("id", "virtual_phone_number", "name", "status", "scenarios")
        )

    async def get_scenarios(self) -> list[Entry]:
        return await self.read_list("get.scenarios", ("id", "name", "virtual_phone_numbers"))

    async def get_media_files(self) -> list[Entry]:
        """The users' and the system's, both in one."""
        return await self.read_list("get.media_files", ("id", "name", "duration"))

    async def get_statuses(self) -> list[Entry]:
        names = ("id", "name", "color", "is_deleted", "is_select_allowed", "is_worktime")
        return await self.read_list("get.statuses", names)

    async def get_calls_report(
        self, external_id: str, date_from: str, date_till: str, *, live_too: bool = True
    ) -> list[Entry]:
        """Calls with that `call_api_external_id` that began between the dates. Dates as `YYYY-MM-DD hh:mm:ss` in the
        account's zone, at most three months apart."""
        more = {"date_from": date_from, "date_till": date_till, "include_ongoing_calls": live_too}
        condition = Filter("call_api_external_id", "=", external_id)
        return await self.read_list("get.calls_report", ("id", "start_time", "call_api_external_id"), condition, more)

    async def update_employee_status(self, employee_id: int, status_id: int) -> None:
        """update.employees: what is not named stays (an array, were one sent, would replace the whole array)."""
        await self._write("update.employees", {"id": employee_id, "status_id": status_id})

    async def set_tag_communications(self, call_session_id: int, tag_id: int) -> None:
        """For a call the communication's id is the session's (uis-notes §2)."""
        params = {"communication_id": call_session_id, "communication_type": "call", "tag_id": tag_id}
        await self._write("set.tag_communications", params)

    async def sign_out(self) -> None:
        """End the session, if there is one, and forget the credentials."""
        await self.signed_in.sign_out()

    async def _write(self, method: str, params: Mapping[str, object]) -> None:
        """A result is a yes, whatever is in it: some methods answer without data."""
        await self._answer(method, params, is_data_needed=False)

    async def read_list(
        self,
        method: str,
        names: tuple[str, ...],
        condition: Filter | AnyOf | None = None,
        more: Mapping[str, object] | None = None,
    ) -> list[Entry]:
        """All pages of a get.* method, at most PAGES_CAP of them; only the fields named."""
        found, is_whole = await self.read_pages(method, names, condition, more)
        if not is_whole:
            _logger.warning("the account has more than is read", extra={"method": method, "entries": len(found)})
        return found

    async def read_pages(
        self,
        method: str,
        names: tuple[str, ...],
        condition: Filter | AnyOf | None = None,
        more: Mapping[str, object] | None = None,
    ) -> tuple[list[Entry], bool]:
        """The same for whom it matters whether that was all there is."""
        params: dict[str, object] = {"fields": names, "limit": PAGE, **(more or {})}
        if condition is not None:
            params["filter"] = msgspec.to_builtins(condition)
        found: list[Entry] = []
        for _ in range(PAGES_CAP):
            reply = await self._answer(method, {**params, "offset": len(found)})
            page = read_objects(_as_list(reply.data))
            found += page
            is_last = len(page) < PAGE if reply.total_items is None else len(found) >= reply.total_items
            if not page or is_last:
                return found, True
        return found, False

    async def _answer(self, method: str, params: Mapping[str, object], *, is_data_needed: bool = True) -> ReplyWire:
        async def ask(token: str) -> ReplyWire:
            raw = await self._rpc.post(method, {"access_token": token, **params}, PAGE_BODY_CAP)
            reply = read_reply(raw.body, raw.http_status, is_data_needed=is_data_needed)
            self._rpc.take(method, reply)
            return reply

        return await self.signed_in.with_token(ask)


def _as_list(data: msgspec.Raw | None) -> msgspec.Raw:
    """A list of one may come as its only object, an empty one as `{}` (uis-notes §2)."""
    raw = b"" if data is None else bytes(data).strip()
    if not raw.startswith(b"{"):
        return msgspec.Raw(raw)
    return msgspec.Raw(b"[]" if not raw[1:-1].strip() else b"[" + raw + b"]")
