"""Between the small window *New call* and the services: understands what is typed, and starts the call once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings

from app.domain.call_start import CallStart, StartFault, StartProblem, StartVia, problems_of
from app.domain.dialling import Dialled, DialProblem, understand_dialled
from app.services.start_call import usual_start
from app.services.start_report import StartPhase
from app.telephony.poller import LinkHealth
from ui.bridge import bridge
from ui.caller_names import employee_names
from ui.panels.active_calls.view_state import shown_number
from ui.panels.new_call.dialog import NewCallDialog
from ui.panels.new_call.known_numbers import KnownNumbers
from ui.panels.new_call.outcomes import block_sentence, outcome_sentence
from ui.panels.new_call.suggestions import suggest
from ui.panels.new_call.view_state import Line, NewCallState, Note, said_once
from ui.panels.new_call.wishes import calls_with, choices_of, lines_for
from ui.people import people_rows
from ui.tasks import TaskScope
from ui.texts.new_call import calling_text, me_text, other_calls_text, problem_text, understood_text
from ui.texts.presence import lists_text

if TYPE_CHECKING:
    from app.bootstrap import Services
    from ui.widgets.second_tick import SecondTick

_OPEN_KEY = "new_call/details"
_GOES_ON = frozenset({StartPhase.ACCEPTED, StartPhase.SEEN, StartPhase.UNKNOWN, StartPhase.FOUND})

_LIST_IS_FRESH = frozenset({LinkHealth.UP, LinkHealth.TROUBLE})


class NewCallDesk(QObject):
    """One for the dialog's life. The dialog closes when the PBX has the call, or when nobody knows whether it has."""

    def __init__(self, dialog: NewCallDialog, services: Services, scope: TaskScope, second_tick: SecondTick) -> None:
        super().__init__(dialog)
        self._dialog = dialog
        self._services = services
        self._scope = scope
        self._kept = QSettings(str(services.folders.data_dir / "window.ini"), QSettings.Format.IniFormat)
        self._numbers = KnownNumbers(self, services, scope, self._show_if_seen)
        self._is_calling = False
        self._outcome = Line()
        self._asked: tuple[StartProblem, ...] = ()
        self._usual: CallStart | None = None
        dialog.details.setChecked(self._kept.value(_OPEN_KEY, "false") == "true")
        dialog.typed.connect(self._typed)
        dialog.chosen.connect(self._forget_outcome)
        dialog.edited.connect(self._forget_outcome)
        dialog.call_requested.connect(self.call)
        dialog.details_opened.connect(self._keep_details)
        dialog.refresh_requested.connect(services.account.refresh_soon)
        bridge(services.board.changes, lambda _: self._show_if_seen(), dialog)
        bridge(services.account.changes, lambda _: self._lists_changed(), dialog)
        bridge(services.screen_pop.found, lambda _: self._show_if_seen(), dialog)
        second_tick.ticked.connect(self._show_if_seen)

    def open(self, number: str) -> None:
        """Show the window with that number, or empty, ready to type over; what is being typed already stays."""
        is_open = self._dialog.isVisible()
        if not self._is_calling:
            self._outcome, self._asked = Line(), ()
        self._dialog.start_over(self._dialog.text if is_open and not number else shown_number(number) or number)
        self._fill_form()
        self._numbers.read()
        self.show()
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()

    def call(self) -> None:
        """Enter, or the button: one call, or the reason why not."""
        if self._is_calling:
            return
        dialled = self._dialled()
        if dialled.problem is not None:
            self._refuse(understood_text(dialled, ""))
            return
        start = self._start(dialled)
        self._asked = problems_of(start, tts_max_length=self._services.settings.pbx.tts_max_length)
        serious = [problem for problem in self._asked if not problem.is_hint]
        if serious:
            self._refuse_problems(serious)
            return
        block = self._services.start_calls.why_not(start.contact)
        if block is not None:
            self._refuse(block_sentence(block))
            return
        self._is_calling = True
        self._outcome = Line(calling_text(), Note.PLAIN)
        self.show()
        if self._scope.start(self._send(start), name="start call") is None:
            self._is_calling = False

    def show(self) -> None:
        """Bring the window up to date."""
        services, dialog = self._services, self._dialog
        lists, now = services.account.lists, services.clock.now()
        calls, now_s = services.board.calls.values(), services.clock.monotonic()
        is_fresh = services.poller.report.health in _LIST_IS_FRESH
        people = people_rows(lists, calls, services.me, now_s, are_calls_known=is_fresh)
        numbers = self._numbers
        found = suggest(dialog.text, people, numbers.recent, numbers.frequent, numbers.customer_of)
        dialog.offer(found, now, chooses_first=_is_a_name(dialog.text))
        lines = lines_for(self._via, lists, services.settings.pbx.virtual_phone_number)
        state = NewCallState(
            understood=self._understood(),
            outcome=self._outcome,
            lines=lines,
            line_note="" if lines else problem_text(_NO_LINE),
            asked={problem.field: problem_text(problem) for problem in self._asked if not problem.is_hint},
            hinted={problem.field: problem_text(problem) for problem in self._hints()},
            is_calling=self._is_calling,
            lists_from=lists_text(lists.read_at, now, is_troubled=bool(lists.trouble)),
        )
        dialog.show_state(said_once(state))

    @property
    def _via(self) -> StartVia:
        return self._dialog.form.via if self._dialog.has_details else StartVia(self._services.settings.pbx.start_via)

    def _show_if_seen(self) -> None:
        if self._dialog.isVisible():
            self.show()

    def _dialled(self) -> Dialled:
        chosen = self._dialog.suggestion
        lists = self._services.account.lists
        return understand_dialled(
            self._dialog.text if chosen is None else chosen.number,
            sip_numbers=frozenset(number for one in lists.colleagues for number in one.phone_numbers),
            own_lines=frozenset(line.number for line in lists.lines),
        )

    def _start(self, dialled: Dialled) -> CallStart:
        services, dialog = self._services, self._dialog
        if dialog.has_details:
            start = dialog.form.start()
            start = replace(start, contact=dialled.number, dial_tail=start.dial_tail or dialled.dial_tail)
        else:
            lists = services.account.lists
            start = usual_start(dialled.number, dialled.dial_tail, services.settings, lists)
        return replace(start, line_number=dialog.line_number or start.line_number)

    def _hints(self) -> list[StartProblem]:
        """What has no effect is said while it is typed; what is missing only when it is called."""
        if not self._dialog.has_details:
            return []
        most = self._services.settings.pbx.tts_max_length
        return [problem for problem in problems_of(self._dialog.form.start(), tts_max_length=most) if problem.is_hint]

    def _understood(self) -> Line:
        dialled = self._dialled()
        if dialled.problem is DialProblem.EMPTY:
            return Line(understood_text(dialled, ""), Note.QUIET)
        if dialled.problem is not None:
            return Line(understood_text(dialled, ""), Note.HELD)
        chosen = self._dialog.suggestion
        name = chosen.name if chosen is not None else ""
        who = (name or self._numbers.name_of(dialled.number), _whose_call(dialled.number, self._services))
        return Line(understood_text(dialled, " · ".join(part for part in who if part)), Note.PLAIN)

    def _typed(self, _: str) -> None:
        dialled = self._dialled()
        self._numbers.ask_soon(dialled.number if dialled.problem is None else "")
        self._forget_outcome()

    def _forget_outcome(self) -> None:
        """What was said about the last press is not true of what is typed now."""
        if not self._is_calling:
            self._outcome, self._asked = Line(), ()
        self.show()

    async def _send(self, start: CallStart) -> None:
        try:
            report = await self._services.start_calls.start(start)
        finally:
            self._is_calling = False
        if report.phase in _GOES_ON:
            self._outcome = Line()
            self._close(start)
            return
        self._outcome = Line(outcome_sentence(report), Note.ALERT)
        self.show()

    def _close(self, start: CallStart) -> None:
        """Unless it was opened again meanwhile, for another number."""
        if self._dialled().number == start.contact:
            self._dialog.accept()
        else:
            self.show()

    def _refuse(self, sentence: str) -> None:
        self._outcome = Line(sentence, Note.ALERT)
        self.show()
        self._dialog.field.setFocus()

    def _refuse_problems(self, problems: list[StartProblem]) -> None:
        """At their fields where these are shown, else under the number."""
        form, names = self._dialog.form, [problem.field for problem in problems]
        if self._dialog.has_details and form.focus_first(names):
            self._outcome = Line()
            self.show()
            return
        self._refuse(problem_text(problems[0]))

    def _fill_form(self) -> None:
        """The usual way as the settings have it now; what was chosen since goes only when they have changed."""
        services, form = self._services, self._dialog.form
        self._offer_lists()
        usual = usual_start("", "", services.settings)
        if usual != self._usual:
            self._usual = usual
            form.put(usual)

    def _offer_lists(self) -> None:
        services = self._services
        self._dialog.form.offer(choices_of(services.account.lists, services.settings.pbx, me_text))

    def _lists_changed(self) -> None:
        if self._dialog.isVisible():
            self._offer_lists()
            self.show()

    def _keep_details(self, is_open: bool) -> None:
        self._kept.setValue(_OPEN_KEY, "true" if is_open else "false")
        self._forget_outcome()


_NO_LINE = StartProblem("line_number", StartFault.MISSING)


def _is_a_name(typed: str) -> bool:
    return understand_dialled(typed).problem is DialProblem.NOT_A_NUMBER


def _whose_call(number: str, services: Services) -> str:
    """A hint: colleagues who have the number on the phone now."""
    if services.poller.report.health not in _LIST_IS_FRESH:
        return ""
    calls = calls_with(number, services.board.calls.values(), services.me)
    return other_calls_text([names for names in map(employee_names, calls) if names])
