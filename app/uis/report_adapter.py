"""The port of reports over the Data API: what is asked, in how many requests, and what a refusal of one means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

from app.account.reports import RecordedCall
from app.clock import Clock
from app.domain.calls import CallSessionId, EmployeeId
from app.domain.reported_call import ReportedCall, ReportedLeg
from app.errors import Refused, RightsMissing
from app.http import PointsBudget
from app.uis import report_mapping as mapping
from app.uis.data_client import AnyOf, Entry, Filter, UisDataClient
from app.uis.data_mapping import time_in_zone
from app.uis.hosts import MediaHosts
from app.uis.wire import whole_number_of

# Reports take times without a zone, and it is not certain in which zone they are meant (uis-notes §2).
_ZONES_DIFFER_BY = timedelta(days=1)
_LONGEST_REPORT = timedelta(days=88)
_CALLS_AT_ONCE = 50
_SHORTEST_PIECE = timedelta(minutes=1)
_MOST_PIECES = 64

_CALL_FIELDS = (
    "id",
    "start_time",
    "finish_time",
    "finish_reason",
    "direction",
    "source",
    "total_duration",
    "contact_phone_number",
    "virtual_phone_number",
)
_RECORDING_FIELDS = (
    "id",
    "communication_id",
    "call_records",
    "wav_call_records",
    "full_record_file_link",
)
_LEG_FIELDS = (
    "id",
    "call_session_id",
    "start_time",
    "connect_time",
    "duration",
    "total_duration",
    "employee_id",
    "is_coach",
    "is_talked",
)
_LEG_RECORDING_FIELDS = ("id", "call_session_id", "employee_id", "is_talked", "call_records")
_Interval = tuple[datetime, datetime]
_CANNOT_FILTER = frozenset({"filter_prohibited", "invalid_parameter_value"})


class UisReports:
    """CallReports of one account. `zone`: the account's, as in the settings; `points`: the Data API's own."""

    def __init__(
        self, client: UisDataClient, zone: tzinfo, clock: Clock, points: PointsBudget, hosts: MediaHosts
    ) -> None:
        self._client = client
        self._zone = zone
        self._clock = clock
        self._points = points
        self._hosts = hosts

    async def find_recordings(self, calls: Sequence[RecordedCall]) -> Mapping[CallSessionId, tuple[str, ...]]:
        """One request, and a second one for calls without a recording of the whole or with several (uis-notes §2)."""
        if not calls:
            return {}
        wanted = {call.call_session_id: call for call in calls}
        span = (min(call.began_at for call in calls), max(call.ended_at for call in calls))
        found: dict[CallSessionId, tuple[str, ...]] = {}
        of_legs_too: list[CallSessionId] = []
        refused: RightsMissing | None = None
        try:
            entries = await self._calls(_RECORDING_FIELDS, tuple(wanted), span)
        except RightsMissing as error:
            refused, entries, of_legs_too = error, [], list(wanted)
        for call_session_id, entry in _by_call(entries, "id", wanted):
            links = mapping.recording_links_of(entry, self._hosts)
            found[call_session_id] = links
            if not links or mapping.is_in_parts(entry):
                of_legs_too.append(call_session_id)
        if of_legs_too:
            try:
                own = await self._links_of_legs([wanted[one] for one in of_legs_too], span)
            except RightsMissing:
                if refused is not None:
                    raise refused from None
                own = {}
            for call_session_id, links in own.items():
                found[call_session_id] = tuple(dict.fromkeys((*links, *found.get(call_session_id, ()))))
        return found

    async def legs_of(
        self, employee_id: EmployeeId, since: datetime, until: datetime
    ) -> Mapping[CallSessionId, tuple[ReportedLeg, ...]]:
        """One request. An account that filters no legs by employee gives everybody's."""
        span = (since, until)
        condition = Filter("employee_id", "=", employee_id)
        try:
            entries = await self._report("get.call_legs_report", _LEG_FIELDS, span, condition)
        except Refused as error:
            if error.code not in _CANNOT_FILTER:
                raise
            entries = await self._report("get.call_legs_report", _LEG_FIELDS, span)
        mine = [entry for entry in entries if whole_number_of(entry.get("employee_id")) == employee_id]
        return mapping.legs_by_call(mine, self._zone)

    async def finished_calls(
        self, call_session_ids: Sequence[CallSessionId], since: datetime, until: datetime
    ) -> tuple[ReportedCall, ...]:
        """Two requests for fifty calls."""
        found: list[ReportedCall] = []
        for begin in range(0, len(call_session_ids), _CALLS_AT_ONCE):
            some = call_session_ids[begin : begin + _CALLS_AT_ONCE]
            calls = mapping.finished_calls_of(await self._calls(_CALL_FIELDS, some, (since, until)), self._zone)
            if not calls:
                continue
            condition = _one_of("call_session_id", [call.call_session_id for call in calls])
            entries = await self._report("get.call_legs_report", _LEG_FIELDS, (since, until), condition)
            legs = mapping.legs_by_call(entries, self._zone)
            found += [mapping.with_legs(call, legs) for call in calls if call.call_session_id in some]
        return tuple(found)

    def recording_address(self, link: str) -> str | None:
        return self._hosts.address_of(link)

    def can_spare(self) -> bool:
        return self._points.can_spend("poll")

    async def sign_out(self) -> None:
        await self._client.sign_out()

    async def _links_of_legs(
        self, calls: Sequence[RecordedCall], span: _Interval
    ) -> dict[CallSessionId, tuple[str, ...]]:
        """Of each call the recordings of the employee's own legs; of several none can be told to be the one."""
        wanted = {call.call_session_id: call for call in calls}
        condition = _one_of("call_session_id", tuple(wanted))
        entries = await self._report("get.call_legs_report", _LEG_RECORDING_FIELDS, span, condition)
        own: dict[CallSessionId, list[tuple[str, ...]]] = {}
        for call_session_id, entry in _by_call(entries, "call_session_id", wanted):
            employee_id = wanted[call_session_id].employee_id
            if employee_id is not None and whole_number_of(entry.get("employee_id")) != employee_id:
                continue
            # A leg's own id names no communication.
            links = mapping.recording_links_of({**entry, "id": None}, self._hosts)
            own.setdefault(call_session_id, [])
            if links:
                own[call_session_id].append(links)
        return {call_session_id: links[0] if len(links) == 1 else () for call_session_id, links in own.items()}

    async def _calls(
        self, fields: tuple[str, ...], call_session_ids: Sequence[CallSessionId], span: _Interval
    ) -> list[Entry]:
        condition = _one_of("id", call_session_ids)
        return await self._report("get.calls_report", fields, span, condition, {"include_ongoing_calls": False})

    async def _report(
        self,
        method: str,
        fields: tuple[str, ...],
        span: _Interval,
        condition: Filter | AnyOf | None = None,
        more: Mapping[str, object] | None = None,
    ) -> list[Entry]:
        """All entries of calls begun within the interval: of one with more than is read at a time its halves. Raises
        Refused("report_too_long") rather than leave any out."""
        begin = max(span[0] - _ZONES_DIFFER_BY, self._clock.now() - _LONGEST_REPORT)
        left, pieces = [(begin, max(begin, span[1]) + _ZONES_DIFFER_BY)], 0
        found: dict[object, Entry] = {}
        while left:
            begin, end = left.pop()
            pieces += 1
            dates = {"date_from": time_in_zone(begin, self._zone), "date_till": time_in_zone(end, self._zone)}
            entries, is_whole = await self._client.read_pages(method, fields, condition, {**dates, **(more or {})})
            if is_whole:
                # Halves have what began at their common moment in both.
                found.update((entry.get("id") or object(), entry) for entry in entries)
                continue
            if pieces >= _MOST_PIECES or end - begin < _SHORTEST_PIECE:
                raise Refused("report_too_long")
            middle = begin + (end - begin) / 2
            left += [(middle, end), (begin, middle)]
        return list(found.values())


def _one_of(field: str, numbers: Sequence[int]) -> Filter | AnyOf:
    filters = tuple(Filter(field, "=", number) for number in numbers)
    return filters[0] if len(filters) == 1 else AnyOf(filters)


def _by_call(
    entries: Sequence[Entry], name: str, wanted: Mapping[CallSessionId, RecordedCall]
) -> list[tuple[CallSessionId, Entry]]:
    """Entries of calls that were asked for: a reply that ignored the filter must not hand over somebody else's."""
    found = ((whole_number_of(entry.get(name)), entry) for entry in entries)
    return [(CallSessionId(number), entry) for number, entry in found if number in wanted and number is not None]
