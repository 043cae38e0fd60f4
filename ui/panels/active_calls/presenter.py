"""Between the board and the list of calls: keeps a row per call, makes new ones only for calls that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.board import BoardChange
from app.domain.calls import CallSessionId, EmployeeId
from app.domain.live_call import LiveCall
from app.errors import RightsMissing
from app.telephony.poller import LinkHealth, LinkReport
from ui.bridge import bridge
from ui.call_choice import CallChoice
from ui.caller_names import caller_name
from ui.models.call_row import CallRow
from ui.panels.active_calls.view import ActiveCallsView
from ui.panels.active_calls.view_state import (
    ActiveCallsState,
    CallFilter,
    Emptiness,
    arrange,
    emptiness_of,
    row_of,
    seen_lines,
)
from ui.texts.list import row_words

if TYPE_CHECKING:
    from app.bootstrap import Services

_LINK_EMPTINESS: dict[LinkHealth, Emptiness] = {
    LinkHealth.STARTING: Emptiness.CONNECTING,
    LinkHealth.UP: Emptiness.NO_CALLS,
    LinkHealth.TROUBLE: Emptiness.NO_CALLS,
    LinkHealth.DOWN: Emptiness.LINK_DOWN,
    LinkHealth.SIGN_IN_NEEDED: Emptiness.SIGN_IN_NEEDED,
    LinkHealth.NO_LIST: Emptiness.NO_LIST,
}


def link_emptiness(report: LinkReport) -> Emptiness:
    """What to say when there are no calls at all; the same cause as in the banner above the list."""
    if report.limit_ends_at is not None:
        return Emptiness.NO_POINTS
    if isinstance(report.error, RightsMissing) and report.health is not LinkHealth.NO_LIST:
        return Emptiness.NOT_ALLOWED
    return _LINK_EMPTINESS[report.health]


class ActiveCallsPresenter(QObject):
    """Made after the first paint; lives as long as the view."""

    def __init__(self, view: ActiveCallsView, services: Services, choice: CallChoice) -> None:
        super().__init__(view)
        self._view = view
        self._services = services
        self._choice = choice
        self._words = row_words()
        self._me: EmployeeId | None = services.me
        self._rows: dict[CallSessionId, CallRow] = {}
        self._filter = CallFilter()
        self._lines: tuple[tuple[str, str], ...] = ()
        self._arranged: tuple[CallRow, ...] = ()
        self._link = link_emptiness(services.poller.report)
        view.filter_changed.connect(self._filter_changed)
        view.call_chosen.connect(choice.choose)
        bridge(services.board.changes, self._board_changed, view)
        bridge(services.poller.link, self._link_reported, view)
        bridge(services.screen_pop.found, lambda _: self._names_found(), view)
        bridge(choice.changed, lambda _: self._render(), view)
        self._rebuild()

    def _board_changed(self, changes: list[BoardChange]) -> None:
        board, services = self._services.board, self._services
        if services.me != self._me:
            self._me = services.me
            self._rebuild()
        touched: set[CallSessionId] = set()
        for change in changes:
            touched.update(change.appeared, change.changed, (call.call_session_id for call in change.ended))
        fresh: list[CallRow] = []
        for call_session_id in touched:
            call = board.call(call_session_id)
            if call is None:
                self._rows.pop(call_session_id, None)
            else:
                self._rows[call_session_id] = row = self._row(call)
                fresh.append(row)
        self._lines = seen_lines(self._lines, fresh)
        ended = [call for change in changes for call in change.ended]
        self._choice.follow(board.calls, services.me, ended)
        self._show()

    def _rebuild(self) -> None:
        calls = self._services.board.calls
        self._rows = {call_session_id: self._row(call) for call_session_id, call in calls.items()}
        self._lines = seen_lines(self._lines, self._rows.values())
        self._choice.follow(calls, self._services.me)
        self._show()

    def _row(self, call: LiveCall) -> CallRow:
        return row_of(call, me=self._me, caller_name=caller_name(self._services.screen_pop, call), words=self._words)

    def _link_reported(self, reports: list[LinkReport]) -> None:
        """After every poll; only another trouble of the link changes anything here."""
        link = link_emptiness(reports[-1])
        if link is not self._link:
            self._link = link
            self._render()

    def _names_found(self) -> None:
        """Names are looked up for my calls only, so only those rows can have changed."""
        for call_session_id, row in tuple(self._rows.items()):
            call = self._services.board.call(call_session_id)
            if row.is_mine and call is not None:
                self._rows[call_session_id] = self._row(call)
        self._show()

    def _filter_changed(self, call_filter: CallFilter) -> None:
        self._filter = call_filter
        self._show()

    def _show(self) -> None:
        self._arranged = arrange(self._rows.values(), self._filter)
        self._render()

    def _render(self) -> None:
        total, shown = len(self._rows), len(self._arranged)
        self._view.show_state(
            ActiveCallsState(
                rows=self._arranged,
                total=total,
                lines=self._lines,
                chosen=self._choice.current,
                emptiness=emptiness_of(total=total, shown=shown, link=self._link),
            )
        )
