"""The account's port over the Data API. Translates calls of the port; keeps nothing."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from app.account.port import (
    AccountLine,
    AccountMediaFile,
    AccountScenario,
    AccountTag,
    Colleague,
    EmployeeGroup,
    OperatorStatus,
)
from app.clock import Clock
from app.domain.calls import CallSessionId, EmployeeId, TagId
from app.http import PointsBudget
from app.uis import data_mapping as mapping
from app.uis.data_client import UisDataClient

# Reports take times without a zone, and it is not certain in which zone they are meant (uis-notes §2).
_ZONES_DIFFER_BY = timedelta(days=1)
_LONGEST_REPORT = timedelta(days=88)


class UisAccount:
    """AccountPort of one account. `zone`: the account's, as in the settings; `points`: the Data API's own."""

    def __init__(self, client: UisDataClient, zone: tzinfo, clock: Clock, points: PointsBudget) -> None:
        self._client = client
        self._zone = zone
        self._clock = clock
        self._points = points

    async def read_time_zone(self) -> str | None:
        return mapping.time_zone_of(await self._client.get_account())

    async def read_colleagues(self) -> tuple[Colleague, ...]:
        return mapping.colleagues_of(await self._client.get_employees())

    async def read_groups(self) -> tuple[EmployeeGroup, ...]:
        return mapping.groups_of(await self._client.get_group_employees())

    async def read_tags(self) -> tuple[AccountTag, ...]:
        return mapping.tags_of(await self._client.get_tags())

    async def read_lines(self) -> tuple[AccountLine, ...]:
        return mapping.lines_of(await self._client.get_virtual_numbers())

    async def read_scenarios(self) -> tuple[AccountScenario, ...]:
        return mapping.scenarios_of(await self._client.get_scenarios())

    async def read_media_files(self) -> tuple[AccountMediaFile, ...]:
        return mapping.media_files_of(await self._client.get_media_files())

    async def read_statuses(self) -> tuple[OperatorStatus, ...]:
        return mapping.statuses_of(await self._client.get_statuses())

    async def read_employee_status(self, employee_id: EmployeeId) -> int | None:
        return mapping.employee_status_of(await self._client.get_employees(employee_id), employee_id)

    async def set_employee_status(self, employee_id: EmployeeId, status_id: int) -> None:
        await self._client.update_employee_status(employee_id, status_id)

    async def find_started_call(self, external_id: str, since: datetime) -> CallSessionId | None:
        return await self._started_call(external_id, since, live_too=True)

    async def is_started_call_over(self, external_id: str, since: datetime) -> bool:
        return await self._started_call(external_id, since, live_too=False) is not None

    async def tag_finished_call(self, call_session_id: CallSessionId, tag_id: TagId) -> None:
        await self._client.set_tag_communications(call_session_id, tag_id)

    def can_spare(self) -> bool:
        return self._points.can_spend("poll")

    async def sign_out(self) -> None:
        await self._client.sign_out()

    async def _started_call(self, external_id: str, since: datetime, *, live_too: bool) -> CallSessionId | None:
        now = self._clock.now()
        begin = max(since - _ZONES_DIFFER_BY, now - _LONGEST_REPORT)
        found = await self._client.get_calls_report(
            external_id,
            mapping.time_in_zone(begin, self._zone),
            mapping.time_in_zone(now + _ZONES_DIFFER_BY, self._zone),
            live_too=live_too,
        )
        return mapping.started_call_of(found, external_id)
