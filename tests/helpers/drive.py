"""The hands and eyes of a person in front of a private display. Widgets are found by what a screen reader hears.

The AT-SPI side runs in a child: see drive_atspi.py.
"""

from __future__ import annotations

from typing import Any

from tests.helpers.drive_display import DriveError, PrivateDisplay, Program, missing_packages, wait_until

__all__ = ["Desktop", "DriveError", "Program", "missing_packages", "wait_until"]

Widget = dict[str, Any]


class Desktop(PrivateDisplay):
    """See drive_atspi.py for the selectors."""

    # Seeing.

    def find(self, **sel: Any) -> list[Widget]:
        """Every widget that matches; see drive_atspi.py for the selectors."""
        found = self.ask("find", sel=sel)
        assert isinstance(found, list)
        return found

    def wait(self, timeout_s: float = 10.0, **sel: Any) -> Widget:
        """The first match, as soon as there is one."""
        try:
            return wait_until(lambda: self.find(**sel), timeout_s, f"widget {sel}")[0]
        except DriveError as error:
            raise DriveError(f"{error}; shown is:\n" + "\n".join(self.tree())) from None

    def wait_gone(self, timeout_s: float = 10.0, **sel: Any) -> None:
        wait_until(lambda: not self.find(**sel), timeout_s, f"{sel} to go")

    def wait_enabled(self, timeout_s: float = 10.0, **sel: Any) -> Widget:
        """The first match that can be pressed."""
        able = lambda: [widget for widget in self.find(**sel) if "enabled" in widget["states"]]  # noqa: E731
        return wait_until(able, timeout_s, f"{sel} to be on")[0]

    def text(self, **sel: Any) -> str:
        """A widget's text; its name where it has none. Empty when nothing matches."""
        found = self.find(**sel)
        return "" if not found else str(found[0]["text"] or found[0]["name"])

    def wait_text(self, part: str, timeout_s: float = 10.0, **sel: Any) -> str:
        """The text of a widget, as soon as it has that part."""
        try:
            wait_until(lambda: part in self.text(**sel), timeout_s, "text")
        except DriveError:
            raise DriveError(f"{sel}: wanted {part!r}, shown {self.text(**sel)!r}") from None
        return self.text(**sel)

    def rows(self, **sel: Any) -> list[list[str]]:
        """A table's cells."""
        cells = self.ask("rows", sel=sel)
        assert isinstance(cells, list)
        return cells

    def tree(self, **sel: Any) -> list[str]:
        """All that is shown, one line a widget."""
        lines = self.ask("tree", sel=sel or {"role": "application"})
        assert isinstance(lines, list)
        return [str(line) for line in lines]

    # Doing.

    def click(self, **sel: Any) -> None:
        """Press a widget the way a screen reader does."""
        self.wait_enabled(**sel)
        self.ask("act", sel=sel)

    def mouse(self, **sel: Any) -> None:
        """Click the middle of a widget with the pointer."""
        left, top, width, height = self.wait(**sel)["box"]
        self._click_at(left + width // 2, top + height // 2)

    def mouse_cell(self, row: int, column: int, **sel: Any) -> None:
        """Click a table's cell with the pointer."""
        box = self.ask("cell_box", sel=sel, row=row, column=column)
        assert isinstance(box, list)
        self._click_at(box[0] + box[2] // 2, box[1] + box[3] // 2)

    def key(self, *keys: str) -> None:
        """Press keys, as xdotool names them."""
        self.x("xdotool", "key", "--clearmodifiers", *keys)

    def type(self, text: str) -> None:
        """Type ASCII text wherever the cursor is."""
        self.x("xdotool", "type", "--clearmodifiers", "--delay", "15", text)

    def set_text(self, text: str, **sel: Any) -> None:
        """Fill a field over AT-SPI: any letters, no keyboard."""
        self.wait(**sel)
        self.ask("set_text", sel=sel, text=text)

    def _click_at(self, left: int, top: int) -> None:
        self.x("xdotool", "mousemove", "--sync", str(left), str(top), "click", "1")
