"""The strips under the current call. They grow upwards from the bottom: nothing above them moves while they count."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.actions import CallAction
from ui.actions import key_of
from ui.icons import pixmap
from ui.panels.in_hand.view_state import ArmedLine, InHandState, TagLine, left_s
from ui.texts.calls import action_text
from ui.texts.commands import caller_lost_warning
from ui.texts.in_hand import (
    armed_text,
    bring_back_text,
    bring_back_tip,
    cancel_transfer_text,
    for_caller_text,
    tag_strip_text,
    undo_text,
)
from ui.theme import theme
from ui.widgets.plain_label import plain_tooltip
from ui.widgets.strip import Strip

_NOW, _BACK, _UNDO = "now", "back", "undo"


class InHandView(QWidget):
    """Signals out: `transfer_now_requested(CallSessionId)`, `back_requested(CallSessionId)`, `undo_requested()` for the
    newest tag."""

    transfer_now_requested = Signal(object)
    back_requested = Signal(object)
    undo_requested = Signal()

    def __init__(self, now: Callable[[], float], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("in_hand")
        self._now = now
        self._state = InHandState()
        self._armed: list[Strip] = []
        self._tags: list[Strip] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self.hide()
        theme.changed.connect(self._dress)

    def show_state(self, state: InHandState) -> None:
        """Show the strips; the panel takes no room when there are none."""
        if state == self._state:
            return
        self._state = state
        self._make_strips()
        self._dress()
        self.setVisible(bool(state.armed or state.tags))

    def tick(self) -> None:
        """A second has passed."""
        if self._state.armed or self._state.tags:
            self._dress()

    def _make_strips(self) -> None:
        while len(self._armed) < len(self._state.armed):
            place = len(self._armed)
            strip = Strip(f"armed_{place}", (_NOW, _BACK), is_tall=True)
            strip.pressed.connect(partial(self._armed_pressed, place))
            self._layout.insertWidget(place, strip)
            self._armed.append(strip)
        while len(self._tags) < len(self._state.tags):
            strip = Strip(f"tag_countdown_{len(self._tags)}", (_UNDO,), is_tall=False, wraps=True)
            strip.pressed.connect(lambda _: self.undo_requested.emit())
            self._layout.addWidget(strip)
            self._tags.append(strip)

    def _dress(self) -> None:
        for strip, line in zip(self._armed, self._state.armed, strict=False):
            self._dress_armed(strip, line)
        newest = len(self._state.tags) - 1
        for place, (strip, tag) in enumerate(zip(self._tags, self._state.tags, strict=False)):
            self._dress_tag(strip, tag, is_newest=place == newest)
        for gone in (*self._armed[len(self._state.armed) :], *self._tags[newest + 1 :]):
            gone.hide()

    def _dress_armed(self, strip: Strip, line: ArmedLine) -> None:
        back_in_s = None if line.back_at_monotonic_s is None else left_s(line.back_at_monotonic_s, self._now())
        words = armed_text(line.to, line.stage, back_in_s)
        if line.caller:
            words = for_caller_text(words, line.caller)
        colours = theme.colours
        strip.show_words(words, pixmap("phone-forwarded", "consult", 16), colours.consult, colours.consult_fill)
        now_text = action_text(CallAction.TRANSFER_BLIND) if line.can_transfer_now else ""
        strip.show_button(_NOW, now_text, plain_tooltip(caller_lost_warning()))
        back_text = cancel_transfer_text() if line.stage == "holding" else bring_back_text()
        strip.show_button(_BACK, back_text, plain_tooltip(bring_back_tip(back_text, key_of("cancel_consult"))))

    def _dress_tag(self, strip: Strip, line: TagLine, *, is_newest: bool) -> None:
        words = tag_strip_text(line.name or str(line.tag_id), left_s(line.due_monotonic_s, self._now()))
        if line.caller:
            words = for_caller_text(words, line.caller)
        colours = theme.colours
        strip.show_words(words, pixmap("tag", "held", 16), colours.held, colours.held_fill)
        strip.show_button(_UNDO, undo_text(key_of("cancel_consult")) if is_newest else "")

    def _armed_pressed(self, place: int, key: str) -> None:
        call_session_id = self._state.armed[place].call_session_id
        (self.transfer_now_requested if key == _NOW else self.back_requested).emit(call_session_id)
