"""The power goes at any moment: nothing that was acknowledged is lost, nothing is corrupt.

The outbox lives on a disk that writes down what was written and what was synced. At every operation images are made of
what a power cut could leave (recorded_disk.py) and opened as the next start would. With `synchronous=NORMAL` the same
images must show losses.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

from app.database import Connect, Database
from app.errors import StorageError
from app.outbox.schema import MIGRATIONS
from app.outbox.store import OutboxStore
from tests.soak.apsw_connection import Manner, connect_through
from tests.soak.older_file import OLDER, exclusive, leave_an_older_file
from tests.soak.outbox_life import TABLES, Content, Stores, content_of, deeds_of_a_life
from tests.soak.recorded_disk import PowerCuts, RecordedDisk

NAME = "power_loss"

IMAGES = 50_000
_CONTROL_IMAGES = 4_000
_CARDS = 14
_WHOLE_OPENING_EVERY = 40
_FILE = "pult.db"


@dataclass
class Outcome:
    """What the images showed. `lost`: an acknowledged state was gone; `corrupt`: unreadable, or it never was so."""

    images: int = 0
    operations: int = 0
    lost: int = 0
    corrupt: int = 0
    without_backup: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.corrupt or self.without_backup)

    def add(self, other: Outcome) -> None:
        for name in ("images", "operations", "lost", "corrupt", "without_backup"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.examples += other.examples


@dataclass
class _Recording:
    """What a life did to the disk; `contents[n]` is what must be there once acknowledgement n was given."""

    disk: RecordedDisk
    contents: list[Content] = field(default_factory=list)
    from_version: int = 0

    async def acknowledge(self, database: Database) -> None:
        self.contents.append(await database.run(content_of))
        self.disk.acknowledge(len(self.contents) - 1)


def run(
    images: int = IMAGES, *, seed: int = 1, synchronous: str = "FULL", at_each: Sequence[int] = (1, 1, 2)
) -> Outcome:
    """Live and look at images until there were so many. Lives from an older version take turns with fresh ones.
    `at_each`: of how many images after one operation one number is drawn."""
    outcome = Outcome()
    with _folder() as folder:
        while outcome.images < images:
            part = _look_at_one_life(folder, images - outcome.images, seed, synchronous, at_each)
            outcome.add(part)
            seed += 1
    return outcome


def main() -> int:
    """The full figure on all processors, and the control that has to lose."""
    began_s = time.monotonic()
    workers = os.cpu_count() or 1
    share = -(-IMAGES // workers)
    outcome = Outcome()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for part in pool.map(run_share, [(share, 1 + worker * 10_000) for worker in range(workers)]):
            outcome.add(part)
    _report("synchronous=FULL", outcome, time.monotonic() - began_s)
    control = run(_CONTROL_IMAGES, synchronous="NORMAL")
    _report("control: synchronous=NORMAL, which must lose", control, 0.0)
    return 0 if outcome.is_clean and control.lost else 1


def run_share(order: tuple[int, int]) -> Outcome:
    """One process's part: how many images, from which seed on."""
    images, seed = order
    return run(images, seed=seed)


def _look_at_one_life(folder: Path, images: int, seed: int, synchronous: str, at_each: Sequence[int]) -> Outcome:
    dice = random.Random(seed)
    recording = asyncio.run(_record(folder / "life", seed, synchronous))
    cuts, outcome = PowerCuts(), Outcome(operations=len(recording.disk.operations))
    for operation in recording.disk.operations:
        cuts.pass_by(operation)
        if cuts.acknowledged < 0:
            continue  # what was there before the life began
        for _ in range(dice.choice(at_each)):
            if outcome.images >= images:
                return outcome
            outcome.images += 1
            _check(recording, cuts, folder / "image", dice, outcome)
    return outcome


async def _record(folder: Path, seed: int, synchronous: str) -> _Recording:
    """A life on a fresh disk; every other one begins with the file of an older version that was never closed."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    recording = _Recording(RecordedDisk(), from_version=0 if seed % 2 else OLDER)
    connect = connect_through(recording.disk.vfs_name, Manner(synchronous))
    if recording.from_version:
        recording.contents.append(leave_an_older_file(folder, seed))
        recording.disk.adopt(folder)
    else:
        recording.contents.append({table: [] for table in TABLES})
    recording.disk.acknowledge(0)
    deeds = deeds_of_a_life(_CARDS, seed)
    half = len(deeds) // 2
    try:
        with recording.disk.sees_python_too():
            for part in (deeds[:half], deeds[half:]):
                async with _opened(folder, connect) as database:
                    stores = Stores.on(database)
                    await stores.outbox.recover(datetime.now(UTC))
                    await recording.acknowledge(database)
                    for deed in part:
                        await deed.do(stores)
                        await recording.acknowledge(database)
    finally:
        recording.disk.close()
    return recording


def _check(recording: _Recording, cuts: PowerCuts, folder: Path, dice: random.Random, outcome: Outcome) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in cuts.image(dice).items():
        (folder / Path(name).name).write_bytes(content)
    wanted = recording.contents[cuts.acknowledged : cuts.acknowledged + 2]
    try:
        version, found = _content_on_disk(folder)
        if version > recording.from_version > 0:
            _, backed_up = _content_on_disk(folder, f"{_FILE}.backup-v{recording.from_version}")
            outcome.without_backup += backed_up != recording.contents[0]
        if outcome.images % _WHOLE_OPENING_EVERY == 0:
            found = asyncio.run(_as_the_program_opens_it(folder, found))
    except (sqlite3.Error, StorageError) as error:
        outcome.corrupt += 1
        outcome.examples.append(f"after acknowledgement {cuts.acknowledged}: {error!r}")
        return
    if found in wanted:
        return
    if found in recording.contents[: cuts.acknowledged]:
        outcome.lost += 1
        return
    outcome.corrupt += 1
    outcome.examples.append(f"after acknowledgement {cuts.acknowledged}: a state that never was")


def _content_on_disk(folder: Path, name: str = _FILE) -> tuple[int, Content]:
    """The schema's version and the rows, read by SQLite alone. Raises sqlite3.Error."""
    with closing(exclusive(folder / name)) as connection:
        if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("quick_check")
        return connection.execute("PRAGMA user_version").fetchone()[0], content_of(connection)


async def _as_the_program_opens_it(folder: Path, found: Content) -> Content:
    """The same rows by the program's own opening, which must neither complain nor set anything aside."""
    database = Database(folder / _FILE, migrations=MIGRATIONS)
    report = await database.open()
    try:
        entries = await OutboxStore(database).cards(1000)
        if report.set_aside is not None or len(entries) != len(found["cards"]):
            raise sqlite3.DatabaseError("the program cannot use it")
        return await database.run(content_of)
    finally:
        await database.aclose()


@asynccontextmanager
async def _opened(folder: Path, connect: Connect) -> AsyncIterator[Database]:
    database = Database(folder / _FILE, migrations=MIGRATIONS, connect=connect)
    await database.open()
    try:
        yield database
    finally:
        await database.aclose()


@contextmanager
def _folder() -> Iterator[Path]:
    """In memory where the machine has such a place: an image is written in a fraction of a millisecond."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="pult-power-", dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


def _report(title: str, outcome: Outcome, seconds: float) -> None:
    lines = [
        f"{title}: {outcome.images} images of {outcome.operations} operations in {seconds:.0f} s:",
        f"  {outcome.lost} without an acknowledged row, {outcome.corrupt} corrupt,",
        f"  {outcome.without_backup} migrated without a whole backup",
        *(f"  ! {example}" for example in outcome.examples[:10]),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
