"""The account's lists on disk, one file for each account. A file that cannot be used counts as none. Blocking calls:
for a thread."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

import msgspec

from app.account.lists import ReadLists

_LAYOUT = 1
_SIZE_CAP = 32 * 1024 * 1024


class _File(msgspec.Struct, frozen=True):
    layout: int
    account: str
    lists: ReadLists


_files = msgspec.json.Decoder(_File)


class ListsCache:
    """What one account told, in one file. `account_key` must differ between accounts; it does not show in the name."""

    def __init__(self, folder: Path, host: str, account_key: str) -> None:
        self._account = hashlib.sha256(f"{host}\0{account_key}".encode()).hexdigest()
        safe_host = "".join(sign if sign.isalnum() or sign in ".-" else "_" for sign in host)
        self.path = folder / f"account-{safe_host}-{self._account[:16]}.json"

    def load(self) -> ReadLists | None:
        """What was saved; None when there is nothing, or nothing that can be read, or it is another account's."""
        try:
            with self.path.open("rb") as file:
                raw = file.read(_SIZE_CAP + 1)
            found = _files.decode(raw) if len(raw) <= _SIZE_CAP else None
        except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
        if found is None or found.layout != _LAYOUT or found.account != self._account:
            return None
        return found.lists

    def save(self, lists: ReadLists) -> None:
        """Replace the file in one piece, for the owner's eyes only: it has people's numbers. Raises OSError."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # mkstemp makes files that nobody else may read.
        handle, temporary = tempfile.mkstemp(prefix=f".{self.path.name}.", dir=self.path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(msgspec.json.encode(_File(_LAYOUT, self._account, lists)))
            Path(temporary).replace(self.path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(temporary).unlink(missing_ok=True)
            raise
