"""Keys pressed while others are on their way: none lost, none out of turn, none after a refusal."""

from __future__ import annotations

import asyncio

from app.domain.calls import CallSessionId
from ui.panels.command_bar.key_queue import KeyQueue

FIRST, SECOND = CallSessionId(7_000_000_001), CallSessionId(7_000_000_002)


class Line:
    """Takes keys one batch at a time, when the test lets it."""

    def __init__(self) -> None:
        self.heard: list[tuple[CallSessionId, str]] = []
        self.may_go_on = asyncio.Event()
        self.takes = True

    async def send(self, call_session_id: CallSessionId, symbols: str) -> bool:
        self.heard.append((call_session_id, symbols))
        await self.may_go_on.wait()
        return self.takes


async def test_what_is_pressed_meanwhile_follows_together_and_the_progress_counts_all() -> None:
    line = Line()
    queue = KeyQueue(line.send)
    sending = asyncio.ensure_future(queue.press(FIRST, "1"))
    await asyncio.sleep(0)
    assert queue.progress(FIRST, 0, 1) == (0, 1)
    await queue.press(FIRST, "2")
    await queue.press(FIRST, "3#")
    assert queue.progress(FIRST, 1, 1) == (1, 4)
    line.may_go_on.set()
    await sending
    assert line.heard == [(FIRST, "1"), (FIRST, "23#")]


async def test_calls_do_not_wait_for_each_other() -> None:
    line = Line()
    queue = KeyQueue(line.send)
    both = asyncio.gather(queue.press(FIRST, "1"), queue.press(SECOND, "2"))
    await asyncio.sleep(0)
    assert line.heard == [(FIRST, "1"), (SECOND, "2")]
    line.may_go_on.set()
    await both


async def test_behind_a_key_that_was_not_taken_the_rest_is_given_up_and_the_next_press_begins_anew() -> None:
    line = Line()
    queue = KeyQueue(line.send)
    sending = asyncio.ensure_future(queue.press(FIRST, "1"))
    await asyncio.sleep(0)
    await queue.press(FIRST, "2")
    line.takes = False
    line.may_go_on.set()
    await sending
    assert line.heard == [(FIRST, "1")]
    line.takes = True
    await queue.press(FIRST, "3")
    assert line.heard == [(FIRST, "1"), (FIRST, "3")]
    assert queue.progress(FIRST, 1, 1) == (1, 1)
