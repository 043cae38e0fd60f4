"""A disk that remembers what was written and what was synced, and shows what a power cut would leave of it.

Real files lie below; SQLite reaches them through an apsw VFS that writes everything down. An image is what had been
synced and, of the rest, any 512-byte sectors, lengths and names.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import count
from pathlib import Path
from unittest import mock

import apsw

SECTOR = 512
_NEW_FILES = apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_MAIN_JOURNAL
_numbers = count(1)


class What(IntEnum):
    """What was done to the disk; ACKNOWLEDGED: the program was told that everything up to here is safe."""

    WRITE = 0
    TRUNCATE = 1
    SYNC = 2
    CREATE = 3
    DELETE = 4
    RENAME = 5
    SYNC_FOLDER = 6
    ACKNOWLEDGED = 7


@dataclass(frozen=True, slots=True)
class Operation:
    """`inode` is the file; `pieces` the sectors of a write with their offsets; `size` of a truncation, and the position
    of an acknowledgement."""

    what: What
    inode: int = 0
    name: str = ""
    new_name: str = ""
    size: int = 0
    pieces: tuple[tuple[int, bytes], ...] = ()


BeforeDisk = Callable[[What, str], None]


class RecordedDisk:
    """`operations` in their order. `before` is asked before each one that reaches the disk; it may raise apsw.Error."""

    def __init__(self, before: BeforeDisk | None = None) -> None:
        self.operations: list[Operation] = []
        self.before = before
        self.writes_half_before_failing = False
        self.vfs_name = f"recorded-{next(_numbers)}"
        self._inodes: dict[str, int] = {}
        self._fresh = count(1)
        self._vfs = _RecordingVfs(self)

    def close(self) -> None:
        self._vfs.unregister()

    def adopt(self, folder: Path) -> None:
        """What lies in the folder already is safe."""
        for path in sorted(folder.iterdir()):
            inode = self.opened(str(path))
            self.wrote(inode, str(path), path.read_bytes(), 0)
            self.synced(str(path))
        self.synced("", is_folder=True)

    def acknowledge(self, position: int) -> None:
        self.operations.append(Operation(What.ACKNOWLEDGED, size=position))

    @contextmanager
    def sees_python_too(self) -> Iterator[None]:
        """What the program does to files without SQLite counts as well: fsync and replacing."""
        real_fsync, real_replace, real_rename = os.fsync, os.replace, os.rename

        def fsync(file: int) -> None:
            real_fsync(file)
            path = Path(f"/proc/self/fd/{file}").resolve()
            self.synced(str(path), is_folder=path.is_dir())

        def moved(real: Callable[..., None]) -> Callable[..., None]:
            def move(source: object, target: object, **named: object) -> None:
                real(source, target, **named)
                self.renamed(str(source), str(target))

            return move

        with (
            mock.patch.object(os, "fsync", fsync),
            mock.patch.object(os, "replace", moved(real_replace)),
            mock.patch.object(os, "rename", moved(real_rename)),
        ):
            yield

    def opened(self, name: str) -> int:
        """The file's number; a file nobody has opened before was made just now."""
        if name not in self._inodes:
            self._inodes[name] = next(self._fresh)
            self.operations.append(Operation(What.CREATE, self._inodes[name], name))
        return self._inodes[name]

    def wrote(self, inode: int, name: str, data: bytes, offset: int) -> None:
        self.operations.append(Operation(What.WRITE, inode, name, pieces=tuple(_sectors(data, offset))))

    def truncated(self, inode: int, name: str, size: int) -> None:
        self.operations.append(Operation(What.TRUNCATE, inode, name, size=size))

    def synced(self, name: str, *, is_folder: bool = False) -> None:
        if is_folder:
            self.operations.append(Operation(What.SYNC_FOLDER))
        elif name in self._inodes:
            self.operations.append(Operation(What.SYNC, self._inodes[name], name))

    def deleted(self, name: str) -> None:
        self.operations.append(Operation(What.DELETE, self._inodes.pop(name, 0), name))

    def renamed(self, name: str, new_name: str) -> None:
        if name in self._inodes:
            self._inodes[new_name] = self._inodes.pop(name)
            self.operations.append(Operation(What.RENAME, self._inodes[new_name], name, new_name))

    def ask(self, what: What, name: str) -> None:
        if self.before is not None:
            self.before(what, name)


class _RecordingVfs(apsw.VFS):
    def __init__(self, disk: RecordedDisk) -> None:
        super().__init__(disk.vfs_name, "")
        self._disk = disk

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802  SQLite's
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        if path is None:
            return apsw.VFSFile("", name, flags)
        is_new = bool(flags[0] & _NEW_FILES) and not Path(path).exists()
        if is_new:
            self._disk.ask(What.CREATE, path)
        return _RecordingFile(self._disk, name, path, flags, is_new=is_new)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        self._disk.ask(What.DELETE, filename)
        super().xDelete(filename, syncdir)
        self._disk.deleted(filename)
        if syncdir:
            self._disk.synced("", is_folder=True)


class _RecordingFile(apsw.VFSFile):
    def __init__(
        self, disk: RecordedDisk, name: str | apsw.URIFilename | None, path: str, flags: list[int], *, is_new: bool
    ) -> None:
        super().__init__("", name, flags)
        self._disk = disk
        self._path = path
        self._inode = disk.opened(path)
        # As SQLite's unix VFS does: the first sync of a log made just now syncs its folder too.
        self._folder_is_due = is_new

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        try:
            self._disk.ask(What.WRITE, self._path)
        except apsw.Error:
            if self._disk.writes_half_before_failing:
                super().xWrite(data[: len(data) // 2], offset)
            raise
        super().xWrite(data, offset)
        self._disk.wrote(self._inode, self._path, bytes(data), offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        self._disk.ask(What.TRUNCATE, self._path)
        super().xTruncate(newsize)
        self._disk.truncated(self._inode, self._path, newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._disk.ask(What.SYNC, self._path)
        super().xSync(flags)
        self._disk.synced(self._path)
        if self._folder_is_due:
            self._folder_is_due = False
            self._disk.synced("", is_folder=True)


@dataclass(slots=True)
class _FileOnDisk:
    """What of a file is safe, and what was done to it since."""

    safe: bytearray = field(default_factory=bytearray)
    since: list[Operation] = field(default_factory=list)

    def do(self, operation: Operation, chance: float, dice: random.Random, content: bytearray) -> None:
        if operation.what is What.TRUNCATE:
            if chance >= 1.0 or dice.random() < chance:
                del content[operation.size :]
            return
        for offset, piece in operation.pieces:
            if chance >= 1.0 or dice.random() < chance:
                missing = offset - len(content)
                if missing > 0:
                    # Space that was given to the file and never written: zeros, or what lay there before.
                    content += bytes(missing) if chance >= 1.0 or missing % 2 else dice.randbytes(missing)
                content[offset : offset + len(piece)] = piece

    def sync(self) -> None:
        for operation in self.since:
            self.do(operation, 1.0, _NO_DICE, self.safe)
        self.since.clear()

    def after_a_cut(self, chance: float, dice: random.Random) -> bytes:
        content = bytearray(self.safe)
        for operation in self.since:
            self.do(operation, chance, dice, content)
        return bytes(content)


_NO_DICE = random.Random(0)


class PowerCuts:
    """Goes through the operations of a disk one by one; at any of them the power may go, as often as you like."""

    def __init__(self) -> None:
        self.acknowledged = -1
        self._files: dict[int, _FileOnDisk] = {}
        self._safe_names: dict[str, int] = {}
        self._moves: list[Operation] = []

    def pass_by(self, operation: Operation) -> None:
        match operation.what:
            case What.ACKNOWLEDGED:
                self.acknowledged = operation.size
            case What.SYNC_FOLDER:
                self._safe_names = _moved(self._safe_names, self._moves)
                self._moves.clear()
            case What.CREATE | What.DELETE | What.RENAME:
                self._files.setdefault(operation.inode, _FileOnDisk())
                self._moves.append(operation)
            case What.SYNC:
                self._files[operation.inode].sync()
            case _:
                self._files[operation.inode].since.append(operation)

    def image(self, dice: random.Random) -> dict[str, bytes]:
        """One possible content of the disk after a power cut now, by the files' names."""
        chance = dice.choice((0.0, 0.1, 0.5, 0.9, 0.99, 1.0))
        names = _moved(self._safe_names, self._moves[: dice.randint(0, len(self._moves))])
        return {name: self._files[inode].after_a_cut(chance, dice) for name, inode in names.items()}


def _moved(names: dict[str, int], moves: list[Operation]) -> dict[str, int]:
    moved = dict(names)
    for move in moves:
        if move.what is What.CREATE:
            moved[move.name] = move.inode
        else:
            moved.pop(move.name, None)
        if move.what is What.RENAME:
            moved[move.new_name] = move.inode
    return moved


def _sectors(data: bytes, offset: int) -> Iterator[tuple[int, bytes]]:
    """The write cut at the borders of sectors."""
    at = 0
    while at < len(data):
        size = min(SECTOR - (offset + at) % SECTOR, len(data) - at)
        yield offset + at, data[at : at + size]
        at += size
