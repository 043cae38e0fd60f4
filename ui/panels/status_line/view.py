"""The bottom line of the window: the last word on the left, the facts on the right."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ui.actions import UserAction, key_text
from ui.icons import pixmap
from ui.panels.status_line.view_state import LinkLight, StatusLineState
from ui.texts.status import link_text, points_hint, points_text, seen_text, unsent_hint, unsent_text
from ui.theme import theme
from ui.widgets.plain_label import PlainLabel, plain_tooltip
from ui.widgets.state_pill import StatePill

_SHOWN_MS = 10_000
_LIGHTS: dict[LinkLight, tuple[str, str]] = {
    LinkLight.STARTING: ("loader", "ended"),
    LinkLight.UP: ("circle-check", "talk"),
    LinkLight.TROUBLE: ("triangle-alert", "held"),
    LinkLight.DOWN: ("unplug", "alert"),
    LinkLight.SIGN_IN_NEEDED: ("log-in", "held"),
    LinkLight.NO_LIST: ("circle-alert", "held"),
    LinkLight.NO_POINTS: ("triangle-alert", "held"),
    LinkLight.NOT_ALLOWED: ("circle-alert", "held"),
}


class StatusLineView(QWidget):
    """`say` for what has just happened, `explain` for what the mouse or the focus is on: that one goes before.

    Signals out: `points_clicked()`, `unsent_clicked()`.
    """

    points_clicked = Signal()
    unsent_clicked = Signal()

    def __init__(self, now: Callable[[], float], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status_line")
        self._now = now
        self._state = StatusLineState()
        self._said = ""
        self._said_tone = "text"
        self._explained = ""
        self.message = PlainLabel(elide=True, name="status_message")
        self.link = StatePill("status_link")
        self.age = self._fact("status_age")
        self.points = self._flat_button("status_points", points_hint())
        self.points.clicked.connect(self.points_clicked)
        self.unsent = self._flat_button("status_unsent", unsent_hint(key_text(UserAction.QUEUE)))
        self.unsent.clicked.connect(self.unsent_clicked)
        self.secrets = self._fact("status_secrets")
        self._forget = QTimer(self)
        self._forget.setSingleShot(True)
        self._forget.timeout.connect(self._forget_said)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 2, 12, 6)
        layout.setSpacing(14)
        layout.addWidget(self.message, 1)
        for fact in (self.secrets, self.unsent, self.points, self.age, self.link):
            layout.addWidget(fact, 0, Qt.AlignmentFlag.AlignVCenter)
        self._dress()
        theme.changed.connect(self._retint)

    def show_state(self, state: StatusLineState) -> None:
        """Show the facts."""
        if state != self._state:
            self._state = state
            self._dress()

    def say(self, text: str, *, tone: str = "text", stays: bool = False) -> None:
        """Put a line on the left for ten seconds, or until the next one. Tones: "text", "held", "alert", "talk"."""
        self._said, self._said_tone = text, tone
        self._forget.stop()
        if text and not stays:
            self._forget.start(_SHOWN_MS)
        self._show_message()

    def explain(self, text: str) -> None:
        """A line that stands until it is taken back by an empty one."""
        self._explained = text
        self._show_message()

    def tick(self) -> None:
        """A second has passed."""
        seen = self._state.seen_monotonic_s
        self.age.setText(seen_text(None if seen is None else self._now() - seen))
        self.age.setVisible(seen is not None)

    def _retint(self) -> None:
        self._dress()
        self._show_message()

    @staticmethod
    def _flat_button(name: str, hint: str) -> QPushButton:
        button = QPushButton()
        button.setObjectName(name)
        button.setFlat(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setToolTip(plain_tooltip(hint))
        return button

    @staticmethod
    def _fact(name: str) -> PlainLabel:
        label = PlainLabel(name=name)
        label.setWordWrap(False)
        label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        return label

    def _dress(self) -> None:
        state, colours = self._state, theme.colours
        name, tone = _LIGHTS[state.link]
        picture = pixmap(name, tone, 16)
        self.link.show_state(link_text(state.link), picture, colours.tone(tone), colours.tone(f"{tone}_fill"))
        waiting = unsent_text(state.unsent_cards, state.set_aside_cards)
        for button, text in ((self.points, points_text(state)), (self.unsent, waiting)):
            button.setText(text)
            button.setAccessibleName(text)
            button.setVisible(bool(text))
        self.secrets.setText(state.secrets_note)
        self.secrets.setVisible(bool(state.secrets_note))
        self.tick()

    def _show_message(self) -> None:
        tone = "text" if self._explained else self._said_tone
        palette = self.message.palette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor(theme.colours.tone(tone)))
        self.message.setPalette(palette)
        self.message.setText(self._explained or self._said)

    def _forget_said(self) -> None:
        self._said = ""
        self._show_message()
