"""A key pad: runs `python -m app call …` against a simulator as a script would, in a thread of this process."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.__main__ import main
from app.simulator.config import SimulatorConfig
from app.simulator.journal import JournalEntry
from app.simulator.pbx.call import Call, SessionState
from app.simulator.runner import Simulator

ME = 2001
CALLER = "79062195047"
LINE = "74951045771"
_SIGN_IN = frozenset({"login.user", "logout.user"})


@dataclass(frozen=True, slots=True)
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        (line,) = self.out.splitlines()
        return json.loads(line)


@dataclass(frozen=True, slots=True)
class KeyPad:
    """One configured data folder beside one simulator."""

    simulator: Simulator
    config: Path
    data_dir: Path
    captured: pytest.CaptureFixture[str]

    async def call(self, *words: str) -> Ended:
        """`call WORDS`, to its end."""
        argv = ["call", *words, "--config", str(self.config), "--data-dir", str(self.data_dir)]
        self.captured.readouterr()
        code = await asyncio.to_thread(_main, argv)
        said = self.captured.readouterr()
        return Ended(code, said.out, said.err)

    def configure(self, extra: str = "") -> None:
        """Write the settings file; `extra`: further lines of its table pbx."""
        config = self.simulator.config
        self.config.write_text(
            f'[pbx]\ncall_api_url = "{self.simulator.pbx_url}"\nlogin = "{config.login}"\nemployee_id = {ME}\n{extra}',
            encoding="utf-8",
        )

    @property
    def asked(self) -> list[JournalEntry]:
        """What the PBX was asked, but for signing in and out."""
        return [entry for entry in self.simulator.journal.entries if entry.operation not in _SIGN_IN]

    @property
    def commands(self) -> list[str]:
        """The methods that do something, in order."""
        return [entry.operation for entry in self.asked if not entry.operation.startswith("list.")]

    def live(self, state: SessionState = SessionState.TALK) -> Call:
        """A call of mine in that state, made on the simulator's side."""
        pbx, commands = self.simulator.pbx, self.simulator.account.commands
        call = pbx.call(pbx.ring_in(CALLER, employees=[ME]))
        pbx.answer(call.call_session_id, ME)
        if state is not SessionState.TALK:
            commands.hold(call, ("media", "2561"))
        if state in (SessionState.DIALING, SessionState.OPERATOR_TALK):
            commands.call_third_party(call, "102", None)
        if state is SessionState.OPERATOR_TALK:
            pbx.colleague_answers(call.call_session_id)
        return call


Deed = Callable[[KeyPad, Call], bool]


@asynccontextmanager
async def key_pad(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    config: SimulatorConfig | None = None,
    *,
    settings: str = f'virtual_phone_number = "{LINE}"\n',
) -> AsyncIterator[KeyPad]:
    """A simulated office at rest, and a key pad configured for it. No keyring is asked."""
    async with Simulator(config or SimulatorConfig(scenario="tour")) as simulator:
        monkeypatch.setenv("PULT_PBX_PASSWORD", simulator.config.password)
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
        pad = KeyPad(simulator, tmp_path / "config.toml", tmp_path / "data", capsys)
        pad.configure(settings)
        yield pad


def _main(argv: list[str]) -> int:
    try:
        return main(argv)
    except SystemExit as end:
        # argparse's own way out.
        return int(end.code or 0)
