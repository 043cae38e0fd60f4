"""Between the transfers and tags in hand and their strips; the alarm about callers lost in a transfer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.domain.calls import CallSessionId, CallState
from app.services.armed_transfer import ArmedOutcome, OutcomeKind
from app.services.delayed_tags import CountingTag
from app.services.transfer_watch import LostCaller
from ui.actions import key_of
from ui.bridge import bridge
from ui.call_choice import CallChoice, meant_for_a_call
from ui.caller_names import caller_and_number
from ui.errors import text_of
from ui.panels.active_calls.view_state import shown_number
from ui.panels.in_hand.lost_callers import LostCallersView
from ui.panels.in_hand.view import InHandView
from ui.panels.in_hand.view_state import ArmedLine, InHandState, LostLine, TagLine
from ui.texts.calls import hidden_number_text, reason_text
from ui.texts.in_hand import armed_done_text, armed_failed_text, back_no_answer_text, tag_undone_text

if TYPE_CHECKING:
    from app.bootstrap import Services


class InHandPresenter(QObject):
    """`caller_lost(str, str)`: the caller and whom they were sent to, once for each."""

    caller_lost = Signal(str, str)

    def __init__(
        self,
        view: InHandView,
        alarm: LostCallersView,
        services: Services,
        choice: CallChoice,
        say: Callable[[str, str], None],
    ) -> None:
        super().__init__(view)
        self._view = view
        self._alarm = alarm
        self._services = services
        self._choice = choice
        self._say = say
        self._told_lost: set[CallSessionId] = set()
        view.undo_requested.connect(self.undo)
        alarm.dismissed.connect(services.transfer_watch.dismiss)
        bridge(services.armed.changes, lambda _: self._show(), view)
        bridge(services.armed.ended, self._tell_ends, view)
        bridge(services.delayed_tags.changes, lambda _: self._show(), view)
        bridge(services.board.changes, lambda _: self._show(), view)
        bridge(choice.changed, lambda _: self._show(), view)
        bridge(services.transfer_watch.changes, lambda _: self._show_lost(), view)
        self._show()
        self._show_lost()

    def undo(self) -> bool:
        """Take back the newest tag that still counts; False when there is none."""
        counting = self._services.delayed_tags.counting
        if not self._services.delayed_tags.cancel():
            return False
        self._say(tag_undone_text(counting[-1].name or str(counting[-1].tag_id)), "text")
        return True

    def _show(self) -> None:
        services = self._services
        armed = tuple(line for line in map(self._armed_line, tuple(services.board.calls)) if line is not None)
        tags = tuple(map(self._tag_line, services.delayed_tags.counting))
        self._view.show_state(InHandState(armed, tags))

    def _armed_line(self, call_session_id: CallSessionId) -> ArmedLine | None:
        plan = self._services.armed.of(call_session_id)
        if plan is None:
            return None
        call = self._services.board.call(call_session_id)
        return ArmedLine(
            call_session_id=call_session_id,
            to=plan.to_name or shown_number(plan.to_number) or plan.to_number,
            stage=plan.stage.value,
            caller=self._elsewhere(call_session_id),
            back_at_monotonic_s=plan.back_at_monotonic_s,
            can_transfer_now=call is not None and call.call_state is CallState.CONSULT_RINGING,
        )

    def _tag_line(self, tag: CountingTag) -> TagLine:
        call_session_id = tag.call_session_id
        return TagLine(call_session_id, tag.tag_id, tag.name, tag.due_monotonic_s, self._elsewhere(call_session_id))

    def _elsewhere(self, call_session_id: CallSessionId) -> str:
        """Whose call it is about, when that is not the one shown large."""
        if call_session_id == self._choice.current:
            return ""
        call = self._services.board.call(call_session_id)
        return hidden_number_text() if call is None else caller_and_number(self._services.screen_pop, call)

    def _tell_ends(self, outcomes: list[ArmedOutcome]) -> None:
        for outcome in outcomes:
            to = outcome.to_name or shown_number(outcome.to_number) or outcome.to_number
            if outcome.kind is OutcomeKind.DONE:
                self._say(armed_done_text(to), "talk")
            elif outcome.kind is OutcomeKind.BACK_NO_ANSWER:
                self._say(back_no_answer_text(to), "held")
            elif outcome.kind is OutcomeKind.FAILED:
                self._say(_failure(outcome, to), "alert")

    def _show_lost(self) -> None:
        lines = tuple(map(self._lost_line, self._services.transfer_watch.lost))
        self._alarm.show_lines(lines)
        for line in lines:
            if line.call_session_id not in self._told_lost:
                self.caller_lost.emit(line.caller, line.to)
        self._told_lost = {line.call_session_id for line in lines}

    def _lost_line(self, lost: LostCaller) -> LostLine:
        number = shown_number(lost.contact_number)
        found = self._services.screen_pop.customer_of(lost.contact_number) if number else None
        name = found[0].name if found and len(found) == 1 else ""
        colleague = self._services.account.find_by_number(lost.to_number) if lost.to_number else None
        to = shown_number(lost.to_number) or lost.to_number
        if colleague is not None:
            to = f"{colleague.name} ({to})"
        caller = ", ".join(part for part in (name, number) if part) or hidden_number_text()
        return LostLine(lost.call_session_id, caller, to, lost.contact_number if number else "")


def _failure(outcome: ArmedOutcome, to: str) -> str:
    if outcome.why_not is not None:
        return armed_failed_text(to, "", reason_text(meant_for_a_call(outcome.why_not), key_of))
    if outcome.error is None:
        return armed_failed_text(to, "", "")
    return armed_failed_text(to, outcome.error.code, text_of(outcome.error))
