"""A disk that fails under the real window: the card says so within a second, keeps the text, and can be saved later."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw
import pytest
from PySide6.QtWidgets import QPushButton

from tests.helpers.guards import ExpectedLog
from tests.scenarios.console import Console, open_console, open_simulator
from tests.scenarios.test_call_card import NOTES, finished_talk, notes_field, write_notes
from tests.soak.apsw_connection import Manner, connect_through
from tests.soak.recorded_disk import RecordedDisk, What

NOT_SAVED = "Not saved. The draft is kept; try again."
_TRIES = 3
_WITHIN_S = 1.0


class FailingDisk(RecordedDisk):
    """Every operation fails with `code` while there is one; `failures_s` tells when, by the loop's clock."""

    def __init__(self) -> None:
        super().__init__(self._meet)
        self.code: int | None = None
        self.failures_s: list[float] = []
        self.loop = asyncio.get_running_loop()

    def _meet(self, what: What, name: str) -> None:
        if self.code is None:
            return
        self.failures_s.append(self.loop.time())
        raise apsw.exception_for(self.code)


@contextmanager
def failing_disk() -> Iterator[FailingDisk]:
    disk = FailingDisk()
    try:
        yield disk
    finally:
        disk.close()


async def told_after_s(console: Console, disk: FailingDisk, code: int) -> float:
    """Press *Save card* over the broken disk; seconds from its first failure until the window says "not saved"."""
    await write_notes(console, NOTES)
    await console.wait_for("no such sentence", lambda: NOT_SAVED not in console.text("card_save_problem"))
    disk.failures_s.clear()
    disk.code = code
    await console.click(QPushButton, "save_card")
    await console.wait_for("a failure of the disk", lambda: disk.failures_s)
    await console.wait_for("the sentence", lambda: NOT_SAVED in console.text("card_save_problem"))
    told_at_s = disk.loop.time()
    disk.code = None
    return told_at_s - disk.failures_s[0]


@pytest.mark.time_limit(90)
@pytest.mark.parametrize("code", [apsw.SQLITE_FULL, apsw.SQLITE_IOERR], ids=["ENOSPC", "EIO"])
async def test_the_window_says_not_saved_within_a_second_and_the_card_is_saved_when_the_disk_is_back(
    tmp_path: Path, expected_log: ExpectedLog, code: int
) -> None:
    expected_log("a card was not saved")
    expected_log("could not be written", optional=True)
    with failing_disk() as disk:
        connect = connect_through(disk.vfs_name)
        async with open_simulator() as simulator, open_console(simulator, tmp_path, connect=connect) as console:
            await finished_talk(console)
            waited_s = [await told_after_s(console, disk, code) for _ in range(_TRIES)]
            # The machine may be busy with something else now and then.
            assert statistics.median(waited_s) < _WITHIN_S, waited_s
            assert notes_field(console).toPlainText() == NOTES * _TRIES
            assert simulator.bitrix24.statistics == []
            assert "Not saved:" in console.text("banner_not_saved_text")
            await console.click(QPushButton, "save_card")
            await console.expect_text("receipt_headline", "Saved. Sent to Bitrix24.")
            assert len(simulator.bitrix24.statistics) == 1
            assert simulator.bitrix24.duplicates() == []
            assert console.text("banner_not_saved_text") == ""


@pytest.mark.time_limit(60)
async def test_an_error_nobody_passes_on_is_not_seen_by_the_window(tmp_path: Path, expected_log: ExpectedLog) -> None:
    """Negative control: the same disk under a connection that swallows errors of commits says nothing of it."""
    expected_log(".*", optional=True)
    with failing_disk() as disk:
        connect = connect_through(disk.vfs_name, Manner(swallows_errors=True))
        async with open_simulator() as simulator, open_console(simulator, tmp_path, connect=connect) as console:
            await finished_talk(console)
            simulator.set_down("bitrix24", down=True)
            disk.code = apsw.SQLITE_IOERR
            await console.click(QPushButton, "save_card")
            await console.wait_for("a failure of the disk", lambda: disk.failures_s)
            await console.wait_for("the card to leave", lambda: not console.services.wrap_up.cards)
            assert NOT_SAVED not in console.text("card_save_problem")
            disk.code = None
