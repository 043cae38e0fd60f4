"""What has to be reached by keyboard alone, wherever the cursor stands."""

from __future__ import annotations

from PySide6.QtCore import Qt

from tests.ui.console_window import open_desk
from ui.actions import UserAction, key_text

CONTROL = Qt.KeyboardModifier.ControlModifier


async def test_refresh_now_has_a_key_that_a_field_with_the_cursor_does_not_swallow() -> None:
    async with open_desk() as desk:
        pressed: list[tuple[str, object]] = []
        desk.window.key_pressed.connect(lambda key, shared: pressed.append((key, shared)))
        desk.window.active_calls.focus_filter()
        field = desk.window.active_calls.filter_field
        field.setText("abc")
        assert key_text(UserAction.REFRESH) == "Ctrl+F5"
        desk.press_key(Qt.Key.Key_F5, CONTROL, field)
        assert pressed == [("Ctrl+F5", (UserAction.REFRESH,))]
        assert field.text() == "abc"
        desk.window.active_calls.table.setFocus()
        desk.press_key(Qt.Key.Key_U, CONTROL)
        assert pressed[1:] == [("Ctrl+U", (UserAction.REFRESH,))], "the second key, where nothing is typed"
