"""The current call, large: who, through which line, in which state, for how long, and everybody in it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui.icons import pixmap
from ui.looks import CALL_LOOKS
from ui.panels.current_call.leg_row import LegRow
from ui.panels.current_call.view_state import CurrentCallState
from ui.texts.calls import direction_text, hidden_number_text, state_text
from ui.texts.current import (
    employees_text,
    held_text,
    line_text,
    mine_text,
    nothing_text,
    participants_text,
    promise_over_text,
    promise_text,
    recording_text,
    tags_text,
    title_text,
)
from ui.texts.times import duration_text
from ui.theme import theme
from ui.widgets.panel import Panel
from ui.widgets.plain_label import PlainLabel
from ui.widgets.state_pill import StatePill
from ui.widgets.two_line_label import TwoLineLabel

_LEAST_LEGS = 20
"""Pixels, the name of one participant: less is never shown of them."""


class CurrentCallView(Panel):
    """Signals out: `drop_requested(CallSessionId, LegId)`."""

    drop_requested = Signal(object, object)

    def __init__(self, now: Callable[[], float], parent: QWidget | None = None) -> None:
        super().__init__("current_call", parent)
        self._now = now
        self._state = CurrentCallState()
        self._why_no_drop = ""
        self._leg_rows: list[LegRow] = []
        self.title = PlainLabel(title_text(), name="current_call_title")
        self.title.setFont(_font(self.title.font(), 0, bold=True))
        self.ownership = PlainLabel(elide=True, name="current_call_ownership")
        self.caller = PlainLabel(name="current_call_caller")
        self.caller.setFont(_font(self.caller.font(), 6, bold=True))
        self.number = PlainLabel(name="current_call_number", elide=True)
        self.number.setFont(_font(self.number.font(), 2, bold=False))
        self.line = PlainLabel(name="current_call_line", elide=True)
        self.employees = PlainLabel(name="current_call_employees", elide=True)
        self.pill = StatePill("current_call_state")
        self.recording = StatePill("current_call_recording")
        self.timer = PlainLabel("0:00", name="current_call_timer")
        self.timer.setWordWrap(False)
        self.timer.setFont(_font(self.timer.font(), 9, bold=False))
        self.held_timer = PlainLabel(name="current_call_held_timer", elide=True)
        self.promise = TwoLineLabel(name="current_call_promise")
        self.tags = PlainLabel(name="current_call_tags", elide=True)
        self.participants = PlainLabel(participants_text(), name="current_call_participants")
        self.nothing = PlainLabel(nothing_text(knows_me=True), name="current_call_nothing")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for muted in (self.ownership, self.line, self.employees, self.tags, self.participants, self.nothing):
            muted.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._legs = QVBoxLayout()
        self._legs.setSpacing(0)
        self._scroll = QScrollArea()
        self._legs_block = QWidget()
        self._facts = self._lay_out_facts()
        self._lay_out()
        self._dress()
        theme.changed.connect(self._retint)

    def show_state(self, state: CurrentCallState, why_no_drop: str = "") -> None:
        """Show the call; `why_no_drop`: why nobody can be taken out of it, empty when it can be done."""
        if state == self._state and why_no_drop == self._why_no_drop:
            return
        self._state, self._why_no_drop = state, why_no_drop
        self._dress()

    def tick(self) -> None:
        """A second has passed."""
        state = self._state
        if state.is_empty:
            return
        now = self._now()
        total = state.ended_after_s if state.ended_after_s is not None else now - state.began_monotonic_s
        self.timer.setText(duration_text(total))
        held = state.held_since_monotonic_s
        self.held_timer.setText("" if held is None else held_text(duration_text(now - held)))
        self.held_timer.setVisible(held is not None)
        self._show_promise(now)

    def _show_promise(self, now_monotonic_s: float) -> None:
        """Amber once the caller has waited longer than was promised."""
        state = self._state
        self.promise.setVisible(bool(state.hold_reason))
        if not state.hold_reason:
            return
        until = state.promised_until_monotonic_s
        over_s = 0.0 if until is None else now_monotonic_s - until
        palette = self.promise.palette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor(theme.colours.tone("held" if over_s > 0 else "text")))
        self.promise.setPalette(palette)
        if over_s > 0:
            self.promise.setText(promise_over_text(state.hold_reason, duration_text(over_s)))
        else:
            self.promise.setText(promise_text(state.hold_reason, "" if until is None else duration_text(-over_s)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Everybody in the call is seen: where it is low, their heading gives way, then what the list shows, too."""
        state = self._state
        gives_way = {
            self.participants: bool(state.legs),
            self.line: True,
            self.tags: bool(state.tags),
            self.number: bool(state.caller_name),
        }
        for label, is_wanted in gives_way.items():
            label.setVisible(is_wanted)
        whole, facts = self.layout(), self._facts.layout()
        if whole is None or facts is None or not state.legs:
            return
        margins = whole.contentsMargins()
        taken = margins.top() + self.title.sizeHint().height() + whole.spacing() + margins.bottom()
        width = self.width() - margins.left() - margins.right()
        for label in gives_way:
            needed = facts.totalMinimumHeightForWidth(width) - _LEAST_LEGS + self._legs_block.sizeHint().height()
            if needed <= self.height() - taken:
                return
            label.hide()

    def _retint(self) -> None:
        self._dress()
        for row in self._leg_rows:
            row.dress()

    def _lay_out_facts(self) -> QWidget:
        facts = QWidget()
        facts.setObjectName("current_call_facts")
        states = QHBoxLayout()
        states.addWidget(self.pill)
        states.addWidget(self.recording)
        states.addStretch(1)
        times = QHBoxLayout()
        times.addWidget(self.timer)
        times.addSpacing(8)
        times.addWidget(self.held_timer, 1)
        legs, scroll = self._legs_block, self._scroll
        legs.setObjectName("current_call_legs")
        legs_layout = QVBoxLayout(legs)
        legs_layout.setContentsMargins(0, 0, 0, 0)
        legs_layout.addLayout(self._legs)
        legs_layout.addStretch(1)
        scroll.setMinimumHeight(_LEAST_LEGS)
        scroll.setObjectName("current_call_legs_scroll")
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(legs)
        # Nobody fills its ground: the panel behind it shows through.
        scroll.viewport().setAutoFillBackground(False)
        legs.setAutoFillBackground(False)
        layout = QVBoxLayout(facts)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(states)
        layout.addSpacing(4)
        layout.addWidget(self.caller)
        layout.addWidget(self.number)
        layout.addLayout(times)
        layout.addWidget(self.promise)
        layout.addWidget(self.line)
        layout.addWidget(self.employees)
        layout.addWidget(self.tags)
        layout.addSpacing(8)
        layout.addWidget(self.participants)
        layout.addWidget(scroll, 1)
        return facts

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addWidget(self.ownership, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 8, 14, 10)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self._facts, 1)
        layout.addWidget(self.nothing, 1)

    def _dress(self) -> None:
        state = self._state
        self._facts.setVisible(not state.is_empty)
        self.nothing.setText(nothing_text(knows_me=state.knows_me))
        self.nothing.setVisible(state.is_empty)
        self.ownership.setText(mine_text() if state.is_mine else "")
        self._show_legs()
        if state.is_empty:
            return
        hidden = hidden_number_text()
        self.caller.setText(state.caller_name or state.number or hidden)
        self.number.setText((state.number or hidden) if state.caller_name else "")
        way = line_text(state.direction, state.line)
        self.line.setText(" ".join(part for part in (direction_text(state.direction), way) if part))
        self.employees.setText(employees_text(state.employees))
        # The participants name them, too.
        self.employees.setVisible(bool(state.employees) and not state.legs)
        self.tags.setText(tags_text(", ".join(state.tags)))
        look, colours = CALL_LOOKS[state.call_state], theme.colours
        picture = pixmap(look.icon_name, look.tone, 16)
        self.pill.show_state(state_text(state.call_state), picture, colours.tone(look.tone), colours.tone(look.fill))
        mark = pixmap("circle-dot", "alert", 16)
        self.recording.show_state(recording_text(), mark, colours.alert, colours.alert_fill)
        self.recording.setVisible(state.is_recorded)
        self.tick()
        self._make_room()

    def _show_legs(self) -> None:
        legs = self._state.legs
        while len(self._leg_rows) < len(legs):
            row = LegRow(len(self._leg_rows))
            row.drop_requested.connect(self._tell_drop)
            self._leg_rows.append(row)
            self._legs.addWidget(row)
        for position, row in enumerate(self._leg_rows):
            if position < len(legs):
                row.show_line(legs[position], self._why_no_drop)
            row.setVisible(position < len(legs))

    def _tell_drop(self, leg_id: object) -> None:
        if self._state.call_session_id is not None:
            self.drop_requested.emit(self._state.call_session_id, leg_id)


def _font(base: QFont, more_points: int, *, bold: bool) -> QFont:
    font = QFont(base)
    font.setPointSize(base.pointSize() + more_points)
    font.setBold(bold)
    return font
