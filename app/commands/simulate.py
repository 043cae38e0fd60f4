"""`simulate`: a PBX, a Bitrix24 portal and an amoCRM account on loopback, until interrupted."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Mapping

from app.commands.exits import Exit
from app.commands.output import print_json
from app.simulator.config import SimulatorConfig
from app.simulator.runner import serve
from app.simulator.scenario import ScenarioError


def run(arguments: argparse.Namespace) -> int:
    """Print the addresses and test credentials once, then serve. Exit 0 on a signal, 2 for an unknown scenario."""
    try:
        asyncio.run(_serve(arguments))
    except ScenarioError as error:
        print(f"This scenario cannot be played: {error}", file=sys.stderr)
        return Exit.WRONG_USAGE
    return Exit.OK


async def _serve(arguments: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        if sys.platform == "win32":
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
        else:
            loop.add_signal_handler(number, stop.set)
    announce = print_json if arguments.json else _announce_in_words
    await serve(SimulatorConfig(seed=arguments.seed, scenario=arguments.scenario), announce=announce, stop=stop)


def _announce_in_words(credentials: Mapping[str, object]) -> None:
    width = max(len(name) for name in credentials)
    for name, value in credentials.items():
        print(f"{name.ljust(width)}  {value}", flush=True)
    print("Serving on this machine only. Ctrl+C ends it.", flush=True)
