"""``python -m app.simulator``: prints one JSON line with addresses and credentials, then serves until it is ended."""

import argparse
import asyncio
import json
import signal
import sys

from app.simulator.config import SimulatorConfig
from app.simulator.runner import serve
from app.simulator.scenario import ScenarioError

FACES = ("pbx", "data", "bitrix24", "amocrm", "control")


def parse_config(arguments: list[str]) -> SimulatorConfig:
    """The configuration that a command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m app.simulator", description=__doc__)
    parser.add_argument("--scenario", help="file in resources/demo, or a path")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--virtual-clock", action="store_true", help="the world moves by POST /advance only")
    parser.add_argument("--app-only", action="store_true", help="Bitrix24 refuses register and finish by webhook")
    parser.add_argument("--edition", type=int, choices=(2017, 2026), default=2026, help="of the Call API's rules")
    for face in FACES:
        parser.add_argument(f"--port-{face}", type=int, default=0)
    chosen = parser.parse_args(arguments)
    ports = {face: getattr(chosen, f"port_{face}") for face in FACES}
    return SimulatorConfig(
        seed=chosen.seed,
        scenario=chosen.scenario,
        edition=chosen.edition,
        has_virtual_clock=chosen.virtual_clock,
        app_only=chosen.app_only,
        ports={face: port for face, port in ports.items() if port},
    )


def announce(credentials: dict[str, object]) -> None:
    """One line on standard output."""
    sys.stdout.write(json.dumps(credentials, ensure_ascii=False) + "\n")
    sys.stdout.flush()


async def _serve_until_signal(config: SimulatorConfig) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: loop.call_soon_threadsafe(stop.set))
    await serve(config, announce=announce, stop=stop)


def main() -> int:
    """Exit code 0 after an orderly end, 2 when the scenario cannot be used."""
    config = parse_config(sys.argv[1:])
    try:
        asyncio.run(_serve_until_signal(config))
    except ScenarioError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
