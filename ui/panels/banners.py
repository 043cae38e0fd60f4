"""The calm lines at the top of the window: PBX down, sign-in needed, rights or points missing, a card not saved, a CRM
that takes no cards, reports that cannot be read, the interface's version runs out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.icons import pixmap
from ui.theme import theme
from ui.widgets.banner import Banner


class BannerKind(Enum):
    """One banner each, top to bottom."""

    DEMO = "demo"
    SIGN_IN = "sign_in"
    PBX_DOWN = "pbx_down"
    ACCOUNT = "account"
    POINTS = "points"
    NOT_SAVED = "not_saved"
    DELIVERY = "delivery"
    SECOND_DELIVERY = "second_delivery"
    REPORTS = "reports"
    VERSION = "version"


@dataclass(frozen=True, slots=True)
class BannerText:
    """What a banner says; an empty `button` shows none."""

    text: str
    button: str = ""


_LOOKS: dict[BannerKind, tuple[str, str]] = {
    BannerKind.DEMO: ("info", "queue"),
    BannerKind.SIGN_IN: ("log-in", "held"),
    BannerKind.PBX_DOWN: ("unplug", "alert"),
    BannerKind.ACCOUNT: ("circle-alert", "held"),
    BannerKind.POINTS: ("triangle-alert", "held"),
    BannerKind.NOT_SAVED: ("triangle-alert", "alert"),
    BannerKind.DELIVERY: ("triangle-alert", "held"),
    BannerKind.SECOND_DELIVERY: ("triangle-alert", "held"),
    BannerKind.REPORTS: ("info", "ended"),
    BannerKind.VERSION: ("info", "ended"),
}


class BannersView(QWidget):
    """Signals out: `help_requested(BannerKind)`."""

    help_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banners")
        self._texts: dict[BannerKind, BannerText] = {}
        self._banners: dict[BannerKind, Banner] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self.hide()
        theme.changed.connect(self._retint)

    def banner(self, kind: BannerKind) -> Banner:
        """One of them, made when it is needed for the first time."""
        if kind not in self._banners:
            made = Banner(f"banner_{kind.value}", self)
            made.helped.connect(lambda: self.help_requested.emit(kind))
            before = sum(list(BannerKind).index(other) < list(BannerKind).index(kind) for other in self._banners)
            self._layout.insertWidget(before, made)
            self._banners[kind] = made
        return self._banners[kind]

    def show_banner(self, kind: BannerKind, text: BannerText | None) -> None:
        """Show or hide (None) one of them."""
        if text == self._texts.get(kind):
            return
        if text is None:
            del self._texts[kind]
            self.banner(kind).hide()
        else:
            self._texts[kind] = text
            self._dress(kind, text)
        self.setVisible(bool(self._texts))

    def _retint(self) -> None:
        for kind, text in self._texts.items():
            self._dress(kind, text)

    def _dress(self, kind: BannerKind, text: BannerText) -> None:
        icon_name, tone = _LOOKS[kind]
        picture = pixmap(icon_name, tone, 16)
        colours = theme.colours
        self.banner(kind).show_message(
            text.text, text.button, picture, colours.tone(tone), colours.tone(f"{tone}_fill")
        )
