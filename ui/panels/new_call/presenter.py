"""Starting calls from the window: opens the small window when it is asked for, and follows every start to its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.domain.calls import CallSessionId
from app.services.start_report import StartPhase, StartReport
from ui.bridge import bridge
from ui.call_choice import CallChoice
from ui.panels.new_call.outcomes import number_of, outcome_sentence
from ui.panels.new_call.strips import OpenStart, StartStrips
from ui.tasks import TaskScope
from ui.texts.new_call import no_last_number_text, phase_text, settled_text

if TYPE_CHECKING:
    from app.bootstrap import Services
    from ui.panels.new_call.desk import NewCallDesk
    from ui.windows.main_window import MainWindow

_TONES = {
    StartPhase.REFUSED: "alert",
    StartPhase.NOT_SENT: "alert",
    StartPhase.SEEN: "talk",
    StartPhase.FOUND: "talk",
}


class NewCall(QObject):
    """Made after the first paint; the small window itself at the first wish to call somebody."""

    def __init__(
        self,
        window: MainWindow,
        services: Services,
        choice: CallChoice,
        scope: TaskScope,
        say: Callable[[str, str], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._choice = choice
        self._scope = scope
        self._say = say
        self._desk: NewCallDesk | None = None
        self._looked_at: dict[int, CallSessionId | None] = {}
        self._strips: StartStrips = window.start_strips
        self._strips.answered.connect(self._settle)
        # Not bridged: a key may make another call the chosen one before the next turn of the loop.
        noting = services.start_calls.reports.subscribe(self._note)
        self.destroyed.connect(lambda *_: noting.cancel())
        bridge(services.start_calls.reports, self._reported, self)
        self._show_open_starts()

    def open(self, number: str = "") -> None:
        """Show the small window with that number; empty: with nothing typed."""
        self._desk_now().open(number)

    def redial(self) -> None:
        """The number called last, ready for Enter. Nothing is dialled by this."""
        last = self._services.dialled.last
        if last is None:
            self._say(no_last_number_text(), "held")
        self.open(last or "")

    def _desk_now(self) -> NewCallDesk:
        if self._desk is None:
            # Imported here: it is no part of the start.
            from ui.panels.new_call.desk import NewCallDesk
            from ui.panels.new_call.dialog import NewCallDialog

            dialog = NewCallDialog(self._window)
            self._desk = NewCallDesk(dialog, self._services, self._scope, self._window.second_tick)
        return self._desk

    def _note(self, report: StartReport) -> None:
        if report.phase is StartPhase.SENDING:
            self._looked_at[report.sequence] = self._choice.current

    def _reported(self, reports: list[StartReport]) -> None:
        for report in reports:
            if report.phase in (StartPhase.SEEN, StartPhase.FOUND):
                self._point_at(report)
            # A line of its own at the top tells about those nobody knows of.
            if not report.is_open_question and "settled" not in report.detail:
                self._say(outcome_sentence(report), _TONES.get(report.phase, "text"))
        self._show_open_starts()

    def _point_at(self, report: StartReport) -> None:
        """The call started becomes the chosen one, unless the operator has turned to another one meanwhile."""
        if report.sequence not in self._looked_at or report.call_session_id is None:
            return
        looked_at, current = self._looked_at.pop(report.sequence), self._choice.current
        is_free = current is None or self._services.board.call(current) is None
        is_there = self._services.board.call(report.call_session_id) is not None
        if is_there and (is_free or current == looked_at):
            self._choice.choose(report.call_session_id)

    def _show_open_starts(self) -> None:
        starts = self._services.start_calls
        open_ones = [report for report in (*starts.under_way, *starts.unresolved) if report.is_open_question]
        self._strips.show_starts(
            [
                OpenStart(
                    report.sequence,
                    phase_text(report.phase.value, number_of(report)),
                    report.phase is StartPhase.NEVER_KNOWN,
                )
                for report in open_ones
            ]
        )

    def _settle(self, sequence: object, it_rang: bool) -> None:
        starts = self._services.start_calls
        report = next((one for one in starts.unresolved if one.sequence == sequence), None)
        if report is None:
            return
        starts.settle(report.sequence)
        self._say(settled_text(number_of(report), it_rang=it_rang), "text")
        self._show_open_starts()
        if not it_rang:
            self.open(report.start.contact)
