"""Things to choose from under an entry of the menu bar: tags, reasons for a hold, talk options.

The menus that pop up from the buttons cannot be read by a screen reader before they have the focus: Qt keeps such menus
out of the tree of what is on the screen. Those of the menu bar are always in it.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from ui.widgets.plain_label import plain


class ChoiceMenu(QMenu):
    """`chosen(position)`: the first one is number 1; `other()`: what the last entry, after a line, asks for."""

    def __init__(
        self,
        name: str,
        action: QAction,
        parent: QWidget,
        *,
        chosen: Callable[[int], None],
        other: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"menu_{name}")
        self._name = name
        self._chosen = chosen
        self._other = other
        self._offered: tuple[tuple[str, ...], str] | None = None
        action.setMenu(self)

    def offer(self, names: tuple[str, ...], other_text: str = "") -> None:
        """Show these; the same again change nothing."""
        if (names, other_text) == self._offered:
            return
        self._offered = (names, other_text)
        self.clear()
        for position, name in enumerate(names, 1):
            entry = self.addAction(menu_text(name))
            entry.setObjectName(f"{self._name}_{position}")
            entry.triggered.connect(lambda _=False, at=position: self._chosen(at))
        other = self._other
        if other is None or not other_text:
            return
        if names:
            self.addSeparator().setObjectName(f"{self._name}_separator")
        entry = self.addAction(menu_text(other_text))
        entry.setObjectName(f"{self._name}_other")
        entry.triggered.connect(lambda _=False: other())


def menu_text(text: str) -> str:
    """Text from outside as an entry: no shortcuts of its own, no markup."""
    return plain(text).replace("&", "&&")
