"""Asks the account's reports where recordings lie: many at once, within the points, and not for ever without rights."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.account.reports import CallReports, RecordedCall
from app.domain.calls import CallSessionId
from app.errors import LimitExceeded, PultError, RightsMissing, SignInRefused
from app.services import recording_pace as pace
from app.services.recording_rows import RecordingRow

CALLS_AT_ONCE = 50

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """`links` by call, absent where the report does not know the call (yet). `again_in_s`: nothing could be learned,
    try later. `is_refused`: nor will it ever be, until somebody changes the rights."""

    links: Mapping[CallSessionId, tuple[str, ...]] = field(default_factory=dict)
    again_in_s: float | None = None
    error: PultError | None = None

    @property
    def is_refused(self) -> bool:
        return isinstance(self.error, RightsMissing)


class RecordingAsking:
    """One account's reports, or nobody's."""

    def __init__(self) -> None:
        self._reports: CallReports | None = None
        self._refusal: RightsMissing | None = None
        self._retry_s = pace.LINK_TRIED_AGAIN_AFTER_S

    def use(self, reports: CallReports | None) -> None:
        """Another account or user from now on: what was refused may be asked for again."""
        self._reports = reports
        self._refusal = None
        self._retry_s = pace.LINK_TRIED_AGAIN_AFTER_S

    @property
    def is_connected(self) -> bool:
        """There are reports to ask."""
        return self._reports is not None

    def address_of(self, link: str) -> str | None:
        """The link as it may be asked for; None for strangers, and while nobody is connected."""
        return None if self._reports is None else self._reports.recording_address(link)

    async def ask(self, rows: Sequence[RecordingRow], *, is_asked_for: bool) -> Asked:
        """`is_asked_for`: a person waits, so that neither points nor an earlier refusal keep from asking."""
        reports = self._reports
        if reports is None:
            return Asked(again_in_s=pace.LINK_TRIED_AGAIN_AFTER_S)
        if self._refusal is not None and not is_asked_for:
            return Asked(error=self._refusal)
        if not is_asked_for and not reports.can_spare():
            return Asked(again_in_s=pace.LINK_TRIED_AGAIN_AFTER_S)
        calls = [RecordedCall(row.call_session_id, row.began_at, row.ended_at, row.employee_id) for row in rows]
        try:
            links = await reports.find_recordings(calls)
        except RightsMissing as error:
            self._refusal = error
            return Asked(error=error)
        except PultError as error:
            _logger.info("recordings could not be asked for: %s", error.code)
            return Asked(again_in_s=self._again_after(error), error=error)
        self._refusal = None
        self._retry_s = pace.LINK_TRIED_AGAIN_AFTER_S
        return Asked(links)

    def _again_after(self, error: PultError) -> float:
        """A minute, then twice as long each time, an hour at most. A login that is refused is left alone for as long:
        again and again it might be locked."""
        retry_s, self._retry_s = self._retry_s, min(2 * self._retry_s, pace.LATER_LOOKS_AFTER_S)
        if isinstance(error, LimitExceeded):
            return max(error.resets_in_s or 0.0, retry_s)
        return pace.LATER_LOOKS_AFTER_S if isinstance(error, SignInRefused) else retry_s
