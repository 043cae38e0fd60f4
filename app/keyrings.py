"""The OS keyrings that may be trusted, and how a long secret is kept in their small entries. Blocking;
`app.secrets` runs it."""

from __future__ import annotations

import hashlib
import importlib
import os
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol, TypeVar

from app.errors import SecretsLocked, SecretsUnavailable

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

R = TypeVar("R")

# Windows gives an entry 2 560 bytes of UTF-16; the mark below takes part of them.
_ENTRY_BYTES = 2_000
_INLINE = "pult1:inline:"
_CHUNKED = "pult1:chunked:"

# Backends and the systems they are for, in the order they are tried. No plug-in can slip in.
_ALLOWED = {
    "keyring.backends.Windows.WinVaultKeyring": "win32",
    "keyring.backends.macOS.Keyring": "darwin",
    "keyring.backends.SecretService.Keyring": "linux",
    "keyring.backends.kwallet.DBusKeyring": "linux",
}


class Keyring(Protocol):
    """Entries of text by service and name. Each call may block and raises SecretsLocked or
    SecretsUnavailable."""

    @property
    def name(self) -> str: ...

    def read(self, service: str, entry: str) -> str | None: ...

    def write(self, service: str, entry: str, value: str) -> None: ...

    def remove(self, service: str, entry: str) -> None:
        """Removing what is not there is fine."""
        ...


def write_entry(keyring: Keyring, service: str, name: str, value: str) -> None:
    """Keep a secret of any length. It reads as the old value or the new one, whenever the program dies in
    between.

    Longer ones than an entry holds are cut into chunks of a new generation, and the head entry is turned to
    it last.
    """
    before = keyring.read(service, name)
    old_generation = _generation_of(before)
    generation = old_generation + 1
    inline = _INLINE + value
    if len(inline.encode("utf-16-le")) <= _ENTRY_BYTES:
        keyring.write(service, name, inline)
    else:
        chunks = _cut(value)
        for index, chunk in enumerate(chunks):
            keyring.write(service, _chunk_name(name, generation, index), chunk)
        keyring.write(service, name, f"{_CHUNKED}{generation}:{len(chunks)}:{_digest(value)}")
    if old_generation:
        _remove_chunks(keyring, service, name, old_generation)


def read_entry(keyring: Keyring, service: str, name: str) -> str | None:
    """The secret, also one that somebody put there by hand. Raises SecretsLocked("secret_damaged") when
    chunks are missing."""
    head = keyring.read(service, name)
    if head is None:
        return None
    if head.startswith(_INLINE):
        return head.removeprefix(_INLINE)
    if not head.startswith(_CHUNKED):
        return head
    generation, count, digest = _parsed(head)
    chunks = [keyring.read(service, _chunk_name(name, generation, index)) for index in range(count)]
    value = "".join(chunk or "" for chunk in chunks)
    if _digest(value) != digest:
        raise SecretsLocked("secret_damaged")
    return value


def remove_entry(keyring: Keyring, service: str, name: str) -> None:
    """Forget the secret, the head first: what is left behind by a crash is no secret any more, only pieces of
    one."""
    generation = _generation_of(keyring.read(service, name))
    keyring.remove(service, name)
    # Also the generation that a crash may have left half-written.
    for chunked in range(max(1, generation), generation + 2):
        _remove_chunks(keyring, service, name, chunked)


def find_keyring(environment: Mapping[str, str] = os.environ) -> Keyring:
    """This system's keyring from the allow-list. Raises SecretsUnavailable: "no_keyring",
    "backend_refused", "import_failed".

    The keyring package's own choice is not asked: where keyrings.alt is installed it picks a file of plain
    text.
    """
    wished = environment.get("PYTHON_KEYRING_BACKEND")
    if wished is not None and wished not in _ALLOWED:
        raise SecretsUnavailable("backend_refused", {"backend": wished})
    for name, platform in _ALLOWED.items():
        if wished in (None, name) and sys.platform.startswith(platform):
            backend = _backend_of(name)
            if backend is not None:
                return SystemKeyring(backend)
    raise SecretsUnavailable("no_keyring")


class SystemKeyring:
    """One backend of the keyring package, its errors mapped to ours."""

    def __init__(self, backend: KeyringBackend) -> None:
        self._backend = backend

    @property
    def name(self) -> str:
        return str(self._backend.name)

    def read(self, service: str, entry: str) -> str | None:
        return self._mapped(lambda: self._backend.get_password(service, entry))

    def write(self, service: str, entry: str, value: str) -> None:
        self._mapped(lambda: self._backend.set_password(service, entry, value))

    def remove(self, service: str, entry: str) -> None:
        if self.read(service, entry) is not None:
            self._mapped(lambda: self._backend.delete_password(service, entry))

    def _mapped(self, work: Callable[[], R]) -> R:
        from keyring.errors import KeyringLocked

        try:
            return work()
        except KeyringLocked:
            failure = SecretsLocked("keyring_locked")
        except Exception as error:  # noqa: BLE001  backends let D-Bus and system errors through as they come
            failure = SecretsLocked("keyring_failed", {"cause": type(error).__name__})
        # Outside the handler: the foreign error may quote what it was given.
        raise failure


def _backend_of(name: str) -> KeyringBackend | None:
    """That backend when this machine can run it."""
    module_name, _, class_name = name.rpartition(".")
    try:
        kind = getattr(importlib.import_module(module_name), class_name)
    except (ImportError, AttributeError) as error:
        raise SecretsUnavailable("import_failed", {"cause": type(error).__name__}) from None
    return kind() if kind.viable else None


def _cut(value: str) -> list[str]:
    """Pieces of at most _ENTRY_BYTES in UTF-16, never through the middle of a character."""
    chunks: list[str] = []
    current: list[str] = []
    size = 0
    for character in value:
        width = 4 if ord(character) > 0xFFFF else 2
        if size + width > _ENTRY_BYTES:
            chunks.append("".join(current))
            current, size = [], 0
        current.append(character)
        size += width
    return [*chunks, "".join(current)]


def _remove_chunks(keyring: Keyring, service: str, name: str, generation: int) -> None:
    index = 0
    while keyring.read(service, _chunk_name(name, generation, index)) is not None:
        keyring.remove(service, _chunk_name(name, generation, index))
        index += 1


def _chunk_name(name: str, generation: int, index: int) -> str:
    return f"{name}.{generation}.{index}"


def _generation_of(head: str | None) -> int:
    return _parsed(head)[0] if head is not None and head.startswith(_CHUNKED) else 0


def _parsed(head: str) -> tuple[int, int, str]:
    generation, _, rest = head.removeprefix(_CHUNKED).partition(":")
    count, _, digest = rest.partition(":")
    try:
        return int(generation), min(int(count), 1_000), digest
    except ValueError:
        raise SecretsLocked("secret_damaged") from None


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
