"""The tags of the settings under *Tag* in the menu bar.

The menu that pops up from the button cannot be read by a screen reader before it has the focus: Qt keeps such menus out
of the tree of what is on the screen. Those of the menu bar are always in it.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from app.settings import TagSetting
from ui.texts.commands import other_tag_text
from ui.widgets.plain_label import plain


class TagMenu(QMenu):
    """`chosen(position)`: the first tag is number 1; `other()`: one that is not among them."""

    def __init__(
        self, action: QAction, parent: QWidget, *, chosen: Callable[[int], None], other: Callable[[], None]
    ) -> None:
        super().__init__(parent)
        self.setObjectName("menu_tag")
        self._chosen = chosen
        self._other = other
        self._tags: tuple[TagSetting, ...] | None = None
        action.setMenu(self)

    def offer(self, tags: tuple[TagSetting, ...]) -> None:
        """Show these tags; the same again change nothing."""
        if tags == self._tags:
            return
        self._tags = tags
        self.clear()
        for position, tag in enumerate(tags, 1):
            entry = self.addAction(plain(tag.name).replace("&", "&&"))
            entry.setObjectName(f"tag_{position}")
            entry.triggered.connect(lambda _=False, at=position: self._chosen(at))
        if tags:
            self.addSeparator().setObjectName("tag_separator")
        entry = self.addAction(other_tag_text())
        entry.setObjectName("tag_other")
        entry.triggered.connect(lambda _=False: self._other())
