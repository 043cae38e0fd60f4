"""The disk is full or broken at each operation in turn, once or for good: nothing is lost, and every failure is told.

A scripted life of the outbox and its drafts, from the file of an older version on, runs over a disk that fails at one
write, sync, truncation, making or removing of a file. Whatever was acknowledged must be there afterwards; what was told
as not saved must not; nothing else but a StorageError may come out.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path

import apsw

from app.database import Database
from app.errors import CommitUnknown, NotSaved, StorageError
from app.outbox.schema import MIGRATIONS
from tests.soak.apsw_connection import Manner, connect_through
from tests.soak.older_file import leave_an_older_file
from tests.soak.outbox_life import Content, Deed, Stores, content_of, deeds_of_a_life
from tests.soak.recorded_disk import RecordedDisk, What

NAME = "disk_trouble"

CODES = {"ENOSPC": apsw.SQLITE_FULL, "EIO": apsw.SQLITE_IOERR}
_CARDS = 3
_SEED = 4
_TRIES = 4
_FILE = "pult.db"
OFTEN = Manner(checkpoint_pages=24)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Which operation fails, how, and whether the disk stays broken. `half`: a write leaves its first half behind."""

    operation: int
    code: str
    for_good: bool
    half: bool = False

    @property
    def name(self) -> str:
        words = f"{self.code} at operation {self.operation}, {'for good' if self.for_good else 'once'}"
        return f"{words}, half written" if self.half else words


@dataclass
class Outcome:
    """What the runs showed. `told` counts the errors the program got, by class and code."""

    runs: int = 0
    operations: int = 0
    lost: int = 0
    problems: list[str] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)
    failed_at: Counter[str] = field(default_factory=Counter)


class _FailingDisk(RecordedDisk):
    """Counts its operations; the one that `trouble` names fails, and with `for_good` all after it."""

    def __init__(self, trouble: Trouble | None) -> None:
        self.count = 0
        self.failed_at = ""
        self._trouble = trouble
        super().__init__(self._meet)
        self.writes_half_before_failing = trouble is not None and trouble.half

    def heal(self) -> None:
        self._trouble = None

    def _meet(self, what: What, name: str) -> None:
        self.count += 1
        trouble = self._trouble
        if trouble is None or self.count < trouble.operation:
            return
        if self.count == trouble.operation:
            self.failed_at = f"{what.name.lower()} of {Path(name).name.removeprefix(_FILE).lstrip('-.') or 'the file'}"
        elif not trouble.for_good:
            return
        raise apsw.exception_for(CODES[trouble.code])


class _Life:
    """One run: the deeds one by one, each tried again after a failure, as the program and its operator do."""

    def __init__(self, folder: Path, trouble: Trouble | None, wanted: list[Content], manner: Manner) -> None:
        self.disk = _FailingDisk(trouble)
        self.acknowledged = 0
        self.may_be_one_further = False
        self.told: Counter[str] = Counter()
        self.problems: list[str] = []
        self._folder = folder
        self._trouble = trouble
        self._wanted = wanted
        self._connect = connect_through(self.disk.vfs_name, manner)

    async def live(self, deeds: list[Deed]) -> None:
        try:
            half = len(deeds) // 2
            for part in (deeds[:half], deeds[half:]):
                if not await self._one_start(part):
                    return
        finally:
            self.disk.close()

    async def _one_start(self, deeds: list[Deed]) -> bool:
        """Open, do, close; False when the disk never let one of the deeds through."""
        database = await self._opened()
        if database is None:
            return False
        try:
            for deed in deeds:
                if not await self._done(deed, database):
                    return False
        finally:
            await database.aclose()
        return True

    async def _opened(self) -> Database | None:
        for _ in range(_TRIES):
            database = Database(self._folder / _FILE, migrations=MIGRATIONS, connect=self._connect)
            try:
                report = await database.open()
            except StorageError as error:
                self._note(error)
                await database.aclose()
                continue
            if report.set_aside is not None:
                self.problems.append("a healthy file was set aside")
            return database
        return None

    async def _done(self, deed: Deed, database: Database) -> bool:
        for _ in range(_TRIES):
            try:
                await deed.do(Stores.on(database))
            except StorageError as error:
                self._note(error)
                await self._look(deed, error, database)
                continue
            self.acknowledged += 1
            self.may_be_one_further = False
            return True
        return False

    async def _look(self, deed: Deed, error: StorageError, database: Database) -> None:
        """What was told as not saved must not be there; after an unknown commit either may be."""
        self.may_be_one_further |= isinstance(error, CommitUnknown)
        try:
            found = await database.run(content_of)
        except StorageError:
            return
        if found not in self.allowed:
            self.problems.append(f"after {deed.name} was told as {error.code} the rows are not what they were")

    @property
    def allowed(self) -> list[Content]:
        return self._wanted[self.acknowledged : self.acknowledged + (2 if self.may_be_one_further else 1)]

    def _note(self, error: StorageError) -> None:
        self.told[f"{type(error).__name__} {error.code}"] += 1
        if not isinstance(error, NotSaved | CommitUnknown):
            self.problems.append(f"told as {type(error).__name__} {error.code}")


def run(*, every: int = 1, first: int = 1, manner: Manner = OFTEN) -> Outcome:
    """Each `every`-th operation from the `first` on fails, in each way. Swallowed errors are the control."""
    outcome = Outcome()
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="pult-disk-", dir=memory if memory.is_dir() else None) as name:
        folder = Path(name)
        older = folder / "older"
        older.mkdir()
        leave_an_older_file(older, _SEED)
        deeds = deeds_of_a_life(_CARDS, _SEED)
        wanted = asyncio.run(_contents(_fresh(folder, older), deeds))
        outcome.operations = _count(_fresh(folder, older), wanted, deeds)
        for operation in range(first, outcome.operations + 1, every):
            for code, for_good, half in product(CODES, (False, True), (False, True)):
                if half and code == "EIO":
                    continue
                trouble = Trouble(operation, code, for_good, half)
                _run_once(_fresh(folder, older), trouble, wanted, deeds, manner, outcome)
    return outcome


def main() -> int:
    """Every operation, and the control that has to lose."""
    began_s = time.monotonic()
    outcome = run()
    _report("every operation", outcome, time.monotonic() - began_s)
    control = run(every=5, manner=replace(OFTEN, swallows_errors=True))
    _report("control: errors of commits swallowed, which must lose", control, 0.0)
    return 0 if not outcome.problems and control.lost else 1


def _run_once(
    folder: Path, trouble: Trouble, wanted: list[Content], deeds: list[Deed], manner: Manner, outcome: Outcome
) -> None:
    life = _Life(folder, trouble, wanted, manner)
    asyncio.run(life.live(deeds))
    outcome.runs += 1
    outcome.told += life.told
    outcome.failed_at[life.disk.failed_at] += 1
    problems = list(life.problems)
    if not life.told and life.acknowledged < len(deeds):
        problems.append("it stopped without a word")
    if not trouble.for_good and life.acknowledged < len(deeds):
        problems.append("one failure kept it from going on")
    found = asyncio.run(_contents(folder, []))[0]
    if found not in life.allowed:
        outcome.lost += 1
        problems.append("what was acknowledged is not there")
    outcome.problems += [f"{trouble.name} ({life.disk.failed_at}): {problem}" for problem in problems]


def _fresh(folder: Path, older: Path) -> Path:
    target = folder / "life"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(older, target)
    return target


def _count(folder: Path, wanted: list[Content], deeds: list[Deed]) -> int:
    """How many operations a life without trouble takes."""
    life = _Life(folder, None, wanted, OFTEN)
    asyncio.run(life.live(deeds))
    if life.acknowledged != len(deeds):
        raise RuntimeError("the life does not even go well without trouble")
    return life.disk.count


async def _contents(folder: Path, deeds: list[Deed]) -> list[Content]:
    """What is there at first and after each deed, on a healthy disk; nothing when the file had to be set aside."""
    database = Database(folder / _FILE, migrations=MIGRATIONS)
    report = await database.open()
    try:
        contents = [await database.run(content_of)] if report.set_aside is None else [{}]
        for deed in deeds:
            await deed.do(Stores.on(database))
            contents.append(await database.run(content_of))
        return contents
    finally:
        await database.aclose()


def _report(title: str, outcome: Outcome, seconds: float) -> None:
    lines = [
        f"{title}: {outcome.runs} runs over {outcome.operations} operations in {seconds:.0f} s:",
        f"  {outcome.lost} lost, {len(outcome.problems)} problems; failed",
        *(f"  {times:5} at the {where}" for where, times in sorted(outcome.failed_at.items())),
        "told as",
        *(f"  {times:5} {what}" for what, times in sorted(outcome.told.items())),
        *(f"  ! {problem}" for problem in outcome.problems[:20]),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
