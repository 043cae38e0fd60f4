"""Secrets: which place wins, long ones in small entries, keyrings that hang, keyrings that must not be
used."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend, get_all_keyring
from keyring.errors import KeyringLocked

from app.errors import SecretsError, SecretsLocked, SecretsUnavailable
from app.keyrings import Keyring, SystemKeyring, find_keyring, read_entry, remove_entry, write_entry
from app.logs import redact
from app.secrets import (
    AMOCRM_TOKEN,
    BITRIX24_WEBHOOK,
    PBX_PASSWORD,
    PBX_TOKEN,
    SECRET_NAMES,
    SecretStore,
    StoredWhere,
    variable_of,
)

LONG = "".join(chr(0x21 + n % 90) for n in range(5_000))
WIDE = "ключ😀" * 700


class Died(Exception):
    """The program ended here."""


class MemoryKeyring:
    """A keyring with Windows' limit on entries; it can die at a chosen write."""

    name = "test memory"

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self.changes_left = 10**9

    def read(self, service: str, entry: str) -> str | None:
        return self.entries.get((service, entry))

    def write(self, service: str, entry: str, value: str) -> None:
        assert len(value.encode("utf-16-le")) <= 2_560, "Windows refuses such an entry"
        self._change()
        self.entries[service, entry] = value

    def remove(self, service: str, entry: str) -> None:
        self._change()
        self.entries.pop((service, entry), None)

    def _change(self) -> None:
        if self.changes_left == 0:
            raise Died
        self.changes_left -= 1


@asynccontextmanager
async def store(
    keyring: Keyring | None = None,
    data_dir: Path = Path("/data/a"),
    environment: dict[str, str] | None = None,
    timeout_s: float = 5.0,
) -> AsyncIterator[SecretStore]:
    secret_store = SecretStore(data_dir, keyring=keyring, environment=environment or {}, timeout_s=timeout_s)
    try:
        yield secret_store
    finally:
        await secret_store.aclose()


async def test_what_is_set_is_there_for_the_next_run_and_cleared_for_good() -> None:
    keyring = MemoryKeyring()
    async with store(keyring) as first:
        assert await first.get(PBX_TOKEN) is None
        assert await first.set(PBX_TOKEN, "k3y-one") is StoredWhere.KEYRING
    async with store(keyring) as second:
        assert await second.get(PBX_TOKEN) == "k3y-one"
        assert await second.get(PBX_PASSWORD) is None
        await second.clear(PBX_TOKEN)
        assert await second.get(PBX_TOKEN) is None
    assert keyring.entries == {}


async def test_two_data_folders_share_nothing() -> None:
    keyring = MemoryKeyring()
    async with store(keyring, Path("/data/a")) as ours, store(keyring, Path("/data/b")) as theirs:
        await ours.set(AMOCRM_TOKEN, "ours-only")
        assert await theirs.get(AMOCRM_TOKEN) is None
    assert all(service.startswith("pult:") for service, _ in keyring.entries)


async def test_the_environment_comes_first_and_is_written_nowhere() -> None:
    keyring = MemoryKeyring()
    environment = {"PULT_PBX_TOKEN": "from-the-environment"}
    async with store(keyring, environment=environment) as secret_store:
        assert await secret_store.get(PBX_TOKEN) == "from-the-environment"
        place = await secret_store.describe(PBX_TOKEN)
        assert (place.kind, place.backend) == ("environment", "PULT_PBX_TOKEN")
        assert (await secret_store.describe()).kind == "environment"
        assert (await secret_store.describe(PBX_PASSWORD)).kind == "keyring"
    assert keyring.entries == {}


def test_the_variables_are_those_of_the_outside_interface() -> None:
    assert [variable_of(name) for name in SECRET_NAMES] == [
        "PULT_PBX_PASSWORD",
        "PULT_PBX_TOKEN",
        "PULT_BITRIX24_WEBHOOK",
        "PULT_AMOCRM_TOKEN",
        "PULT_BITRIX24_CLIENT_SECRET",
        "PULT_BITRIX24_REFRESH_TOKEN",
        "PULT_AMOCRM_CLIENT_SECRET",
        "PULT_AMOCRM_REFRESH_TOKEN",
    ]


async def test_without_a_keyring_secrets_last_for_this_run_and_it_says_so() -> None:
    async with store(environment={"PYTHON_KEYRING_BACKEND": "keyrings.alt.file.PlaintextKeyring"}) as secret_store:
        assert await secret_store.get(PBX_TOKEN) is None
        assert await secret_store.set(PBX_TOKEN, "only-now") is StoredWhere.MEMORY
        assert await secret_store.get(PBX_TOKEN) == "only-now"
        place = await secret_store.describe()
        assert (place.kind, place.reason) == ("memory", "backend_refused")
        await secret_store.clear(PBX_TOKEN)
        assert await secret_store.get(PBX_TOKEN) is None


async def test_every_value_that_passes_is_kept_out_of_the_log() -> None:
    keyring = MemoryKeyring()
    assert "passing-through-1" in redact("passing-through-1")
    async with store(keyring, environment={"PULT_PBX_PASSWORD": "passing-through-1"}) as secret_store:
        await secret_store.get(PBX_PASSWORD)
        await secret_store.set(BITRIX24_WEBHOOK, "passing-through-2")
    async with store(keyring) as secret_store:
        await secret_store.get(BITRIX24_WEBHOOK)
    assert redact("passing-through-1 passing-through-2") == "*** ***"


async def test_names_are_checked_and_empty_values_refused() -> None:
    async with store(MemoryKeyring()) as secret_store:
        with pytest.raises(ValueError, match="no such secret"):
            await secret_store.get("pbx_pasword")
        with pytest.raises(ValueError, match="empty"):
            await secret_store.set(PBX_TOKEN, "")


class HangingKeyring(MemoryKeyring):
    """Waits for a person who does not come."""

    def __init__(self) -> None:
        super().__init__()
        self.answer = threading.Event()

    def read(self, service: str, entry: str) -> str | None:
        self.answer.wait(20)
        return super().read(service, entry)


async def test_a_keyring_that_hangs_costs_the_time_limit_and_blocks_no_loop() -> None:
    keyring = HangingKeyring()
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0.005)

    counting = asyncio.create_task(count())
    async with store(keyring, timeout_s=0.2) as secret_store:
        started_at = time.monotonic()
        with pytest.raises(SecretsLocked, match="keyring_timeout"):
            await secret_store.get(PBX_TOKEN)
        assert time.monotonic() - started_at < 1.0
        assert turns > 10
        assert await secret_store.set(PBX_TOKEN, "for-this-run") is StoredWhere.MEMORY
        assert await secret_store.get(PBX_TOKEN) == "for-this-run"
        assert (await secret_store.describe(PBX_TOKEN)).reason == "keyring_timeout"
        counting.cancel()
        keyring.answer.set()


PROGRAM = """
import asyncio, time
from pathlib import Path
from app.errors import SecretsLocked
from app.secrets import SecretStore
class Hanging:
    name = "hanging"
    def read(self, service, entry): time.sleep(60)
async def main():
    store = SecretStore(Path("/data"), keyring=Hanging(), timeout_s=0.2)
    try:
        await store.get("pbx_token")
    except SecretsLocked as error:
        print(error.code)
    await store.aclose()
asyncio.run(main())
"""


def test_a_keyring_that_hangs_does_not_hold_up_the_exit() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=10, check=True)
    assert done.stdout.strip() == "keyring_timeout"


@pytest.mark.parametrize("value", ["x", "пароль", "pult1:inline:odd", "x" * 987, "x" * 988, LONG, WIDE])
def test_a_secret_of_any_length_comes_back_whole(value: str) -> None:
    keyring = MemoryKeyring()
    write_entry(keyring, "s", "n", value)
    assert read_entry(keyring, "s", "n") == value
    remove_entry(keyring, "s", "n")
    assert keyring.entries == {}


def test_in_one_entry_a_long_one_would_be_refused() -> None:
    with pytest.raises(AssertionError, match="Windows refuses"):
        MemoryKeyring().write("s", "n", LONG)


def test_one_that_a_person_put_there_by_hand_is_read() -> None:
    keyring = MemoryKeyring()
    keyring.write("s", "n", "by hand")
    assert read_entry(keyring, "s", "n") == "by hand"
    write_entry(keyring, "s", "n", LONG)
    assert read_entry(keyring, "s", "n") == LONG


@pytest.mark.parametrize("damage", ["remove", "change", "head"])
def test_a_missing_or_changed_chunk_is_noticed(damage: str) -> None:
    keyring = MemoryKeyring()
    write_entry(keyring, "s", "n", LONG)
    if damage == "remove":
        keyring.remove("s", "n.1.2")
    elif damage == "change":
        keyring.write("s", "n.1.2", "y")
    else:
        keyring.write("s", "n", "pult1:chunked:one:two")
    with pytest.raises(SecretsLocked, match="secret_damaged"):
        read_entry(keyring, "s", "n")


WriteEntry = Callable[[Keyring, str, str, str], None]


def outcomes_of_dying(old: str, new: str, write: WriteEntry) -> set[str]:
    """What is read after the program died at each change of replacing `old` by `new`, and that the next write
    heals it."""
    seen: set[str] = set()
    for changes in range(100):
        keyring = MemoryKeyring()
        write_entry(keyring, "s", "n", old)
        keyring.changes_left = changes
        try:
            write(keyring, "s", "n", new)
            died = False
        except Died:
            died = True
        keyring.changes_left = 10**9
        try:
            value = read_entry(keyring, "s", "n")
            seen.add("old" if value == old else "new" if value == new else "mixed")
        except SecretsLocked:
            seen.add("damaged")
        write_entry(keyring, "s", "n", "healed")
        assert read_entry(keyring, "s", "n") == "healed"
        if not died:
            return seen
    raise AssertionError("it never ended")


@pytest.mark.parametrize("old", ["short", LONG, WIDE])
@pytest.mark.parametrize("new", ["other", LONG[::-1], WIDE[::-1]])
def test_dying_at_any_change_leaves_the_old_secret_or_the_new_one(old: str, new: str) -> None:
    assert outcomes_of_dying(old, new, write_entry) == {"old", "new"}


def head_first(keyring: Keyring, service: str, name: str, value: str) -> None:
    """The mistake: the same changes, the head entry before its chunks."""
    recorded = MemoryKeyring()
    write_entry(recorded, service, name, value)
    for (_, entry), text in sorted(recorded.entries.items()):
        keyring.write(service, entry, text)


def test_the_check_sees_a_head_written_first() -> None:
    assert "damaged" in outcomes_of_dying("short", LONG, head_first)


class PlaintextKeyring(KeyringBackend):
    """What keyrings.alt brings: always there, liked best, a file anybody can read."""

    priority = 99
    stored: dict[tuple[str, str], str] = {}  # noqa: RUF012  shared on purpose

    def __init__(self) -> None:
        """Not the base class's, which reads more of the environment."""

    def get_password(self, service: str, username: str) -> str | None:
        return self.stored.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.stored[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.stored[service, username]


def test_a_plug_in_that_pushes_itself_forward_is_not_used() -> None:
    best = max(get_all_keyring(), key=lambda backend: backend.priority)
    assert isinstance(best, PlaintextKeyring), "the keyring package itself would have taken it"
    try:
        found = find_keyring({}).name
    except SecretsUnavailable as error:
        found = error.code
    assert "Plaintext" not in found


@pytest.mark.parametrize(
    "wished", ["keyrings.alt.file.PlaintextKeyring", "keyring.backends.null.Keyring", "tests.app.PlaintextKeyring", ""]
)
def test_a_backend_outside_the_list_is_refused(wished: str) -> None:
    with pytest.raises(SecretsUnavailable, match="backend_refused"):
        find_keyring({"PYTHON_KEYRING_BACKEND": wished})


def test_what_a_backend_raises_is_mapped_without_its_text() -> None:
    class Failing(PlaintextKeyring):
        priority = 1

        def get_password(self, service: str, username: str) -> str | None:
            raise KeyringLocked("s3cr3t") if username == "locked" else OSError("s3cr3t")

    keyring = SystemKeyring(Failing())
    for entry, code in (("locked", "keyring_locked"), ("other", "keyring_failed")):
        with pytest.raises(SecretsLocked, match=code) as caught:
            keyring.read("s", entry)
        assert caught.value.__context__ is None
        assert "s3cr3t" not in repr(caught.value.params)


def test_removing_what_is_not_there_is_fine() -> None:
    SystemKeyring(PlaintextKeyring()).remove("s", "absent")


REAL = """
import asyncio, sys
from pathlib import Path
from app.secrets import SecretStore
async def main():
    store = SecretStore(Path("/data"), timeout_s=20)
    print((await store.describe()).kind)
    for value in ("short", "x" * 5000):
        print((await store.set("amocrm_token", value)).value, await store.get("amocrm_token") == value)
    await store.clear("amocrm_token")
    print(await store.get("amocrm_token"))
    await store.aclose()
asyncio.run(main())
"""


@pytest.mark.skipif(
    not (shutil.which("gnome-keyring-daemon") and shutil.which("dbus-run-session")), reason="needs gnome-keyring"
)
def test_a_real_secret_service_keeps_short_and_long_secrets(tmp_path: Path) -> None:
    script = 'printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec "$0" -c "$1"'
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", script, sys.executable, REAL],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)},
    )
    assert done.stdout.split() == ["keyring", "keyring", "True", "keyring", "True", "None"], done.stderr


def test_all_errors_of_this_room_are_secrets_errors() -> None:
    assert issubclass(SecretsLocked, SecretsError)
    assert issubclass(SecretsUnavailable, SecretsError)
