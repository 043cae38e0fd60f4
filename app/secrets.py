"""Where the secrets live: the environment, the OS keyring, or this run's memory. Never a file of
ours."""

# ruff: noqa: S105  the names of secrets, not secrets

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Literal, TypeVar

from app.background import DaemonWorker
from app.errors import SecretsError, SecretsLocked, SecretsUnavailable
from app.keyrings import Keyring, find_keyring, read_entry, remove_entry, write_entry
from app.logs import register_secret

PBX_PASSWORD = "pbx_password"
PBX_TOKEN = "pbx_token"
BITRIX24_WEBHOOK = "bitrix24_webhook"
AMOCRM_TOKEN = "amocrm_token"
BITRIX24_CLIENT_SECRET = "bitrix24_client_secret"
BITRIX24_REFRESH_TOKEN = "bitrix24_refresh_token"
AMOCRM_CLIENT_SECRET = "amocrm_client_secret"
AMOCRM_REFRESH_TOKEN = "amocrm_refresh_token"
SECRET_NAMES = (
    PBX_PASSWORD,
    PBX_TOKEN,
    BITRIX24_WEBHOOK,
    AMOCRM_TOKEN,
    BITRIX24_CLIENT_SECRET,
    BITRIX24_REFRESH_TOKEN,
    AMOCRM_CLIENT_SECRET,
    AMOCRM_REFRESH_TOKEN,
)

R = TypeVar("R")


class StoredWhere(Enum):
    """Where `set` put a secret. MEMORY: gone when the program ends, and the person must be told."""

    KEYRING = "keyring"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True)
class SecretsPlace:
    """Where secrets are read from. `reason` says why it is memory: "no_keyring", "backend_refused",
    "keyring_locked"…"""

    backend: str
    kind: Literal["keyring", "environment", "memory"]
    reason: str | None


def variable_of(name: str) -> str:
    """The environment variable that gives this secret: PULT_PBX_PASSWORD and so on."""
    return f"PULT_{name.upper()}"


class SecretStore:
    """The secrets of one profile (one data folder). The keyring is asked on a thread of its own and never
    longer than `timeout_s`.

    Every value that passes through is registered with the log, so that it cannot be written there.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        keyring: Keyring | None = None,
        environment: Mapping[str, str] = os.environ,
        timeout_s: float = 5.0,
    ) -> None:
        self._service = f"pult:{profile_of(data_dir)}"
        self._given_keyring = keyring
        self._environment = environment
        self._timeout_s = timeout_s
        self._worker = DaemonWorker("keyring")
        self._memory: dict[str, str] = {}
        self._found: Keyring | None = None
        self._reason: str | None = None

    def is_in_environment(self, name: str) -> bool:
        """Whether the environment gives this secret, so that no keyring has to be asked for it."""
        _check_name(name)
        return bool(self._environment.get(variable_of(name)))

    async def get(self, name: str) -> str | None:
        """The secret, None when it is nowhere. Raises SecretsLocked when the keyring is there and does not
        give."""
        return self.given(name) or await self.kept(name)

    def given(self, name: str) -> str | None:
        """What the environment gives, whatever is kept."""
        _check_name(name)
        value = self._environment.get(variable_of(name)) or None
        if value is not None:
            register_secret(value)
        return value

    async def kept(self, name: str) -> str | None:
        """What was stored here, whatever the environment gives. Raises SecretsLocked as `get` does."""
        _check_name(name)
        value = self._memory.get(name)
        if value is None:
            try:
                value = await self._ask(lambda keyring: read_entry(keyring, self._service, name))
            except SecretsUnavailable:
                return None
        if value is not None:
            register_secret(value)
        return value

    async def set(self, name: str, value: str) -> StoredWhere:
        """Keep the secret in the keyring; where that fails, in memory for this run (`describe` then says
        why).

        A variable in the environment still comes first when reading.
        """
        _check_name(name)
        if not value:
            raise ValueError("an empty secret: use clear")
        register_secret(value)
        try:
            await self._ask(lambda keyring: write_entry(keyring, self._service, name, value))
        except SecretsError as error:
            self._reason = error.code
            self._memory[name] = value
            return StoredWhere.MEMORY
        self._memory.pop(name, None)
        return StoredWhere.KEYRING

    async def clear(self, name: str) -> None:
        """Forget the secret. Raises SecretsLocked when it may still be in the keyring."""
        _check_name(name)
        self._memory.pop(name, None)
        try:
            await self._ask(lambda keyring: remove_entry(keyring, self._service, name))
        except SecretsUnavailable:
            return

    async def describe(self, name: str | None = None) -> SecretsPlace:
        """Where that secret is read from; without a name: where secrets go that are set now. Asks no keyring
        to unlock."""
        if name is not None:
            _check_name(name)
            if self._environment.get(variable_of(name)):
                return SecretsPlace(variable_of(name), "environment", None)
            if name in self._memory:
                return SecretsPlace("memory", "memory", self._reason)
        elif any(self._environment.get(variable_of(known)) for known in SECRET_NAMES):
            return SecretsPlace("PULT_*", "environment", None)
        try:
            backend = await self._ask(lambda keyring: keyring.name)
        except SecretsError as error:
            return SecretsPlace("memory", "memory", error.code)
        if self._memory:
            return SecretsPlace("memory", "memory", self._reason)
        return SecretsPlace(backend, "keyring", None)

    async def aclose(self) -> None:
        """End the thread; one that hangs in the keyring is left behind, it cannot hold up the exit."""
        self._worker.abandon()

    async def _ask(self, work: Callable[[Keyring], R]) -> R:
        # Imported here: the settings of a first start are read before there is a loop.
        import asyncio

        if self._worker.is_closed:
            raise SecretsUnavailable("closed")
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._worker.call(lambda: work(self._keyring()))
        except TimeoutError:
            pass
        raise SecretsLocked("keyring_timeout")

    def _keyring(self) -> Keyring:
        """On the worker's thread. Raises SecretsUnavailable."""
        if self._found is None:
            self._found = self._given_keyring or find_keyring(self._environment)
        return self._found


def profile_of(data_dir: Path) -> str:
    """A short name for the data folder, so that two folders do not share secrets."""
    return hashlib.sha256(str(data_dir.expanduser().resolve()).encode()).hexdigest()[:12]


def _check_name(name: str) -> None:
    if name not in SECRET_NAMES:
        raise ValueError(f"no such secret: {name}")
