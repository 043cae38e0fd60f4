"""`python -m app COMMAND`: the product without a face. Parses the command line; commands live in `app.commands`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from app import __version__
from app.commands.call_arguments import add_call_parser
from app.commands.exits import Exit
from app.commands.outbox_arguments import add_outbox_parser
from app.commands.output import fail
from app.errors import PultError
from app.process_end import end_process

CommandRun = Callable[[argparse.Namespace], int]


def _doctor(arguments: argparse.Namespace) -> int:
    from app.commands.doctor import run

    return run(arguments)


def _calls(arguments: argparse.Namespace) -> int:
    from app.commands.calls import run

    return run(arguments)


def _call(arguments: argparse.Namespace) -> int:
    from app.commands.call import run

    return run(arguments)


def _outbox(arguments: argparse.Namespace) -> int:
    from app.commands.outbox import run

    return run(arguments)


def _secret(arguments: argparse.Namespace) -> int:
    from app.commands.secret import run

    return run(arguments)


def _simulate(arguments: argparse.Namespace) -> int:
    from app.commands.simulate import run

    return run(arguments)


def build_parser() -> argparse.ArgumentParser:
    """The whole command line; every command takes --config, --data-dir and --json."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--config", type=Path, metavar="FILE", help="config.toml to use instead of the user's own")
    common.add_argument("--data-dir", type=Path, metavar="DIR", help="folder of the database, drafts and logs")
    common.add_argument("--json", action="store_true", help="one JSON document (or one per line) on stdout")

    parser = argparse.ArgumentParser(prog="python -m app", description="Pult without its window.")
    parser.add_argument("--version", action="version", version=f"Pult {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    doctor = commands.add_parser("doctor", parents=[common], help="check settings, secrets, links and the database")
    doctor.set_defaults(run=_doctor)

    calls = commands.add_parser("calls", parents=[common], help="list the live calls of the account")
    calls.add_argument("--watch", action="store_true", help="keep printing until interrupted")
    calls.set_defaults(run=_calls)

    add_call_parser(commands, common, _call)

    add_outbox_parser(commands, common, _outbox)

    secret = commands.add_parser(
        "secret", parents=[common], help="store, check or clear a secret; its value comes from stdin"
    )
    secret.add_argument("verb", choices=["set", "check", "clear"])
    secret.add_argument("name", metavar="NAME")
    secret.set_defaults(run=_secret)

    simulate = commands.add_parser(
        "simulate", parents=[common], help="serve a PBX, a Bitrix24 portal and an amoCRM account"
    )
    simulate.add_argument("--scenario", help="file of resources/demo, e.g. shift, or a path")
    simulate.add_argument("--seed", type=int, default=1)
    simulate.set_defaults(run=_simulate)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one command. Exit codes are in `app.commands.exits`."""
    arguments = build_parser().parse_args(argv)
    run: CommandRun = arguments.run
    try:
        return int(run(arguments))
    except PultError as error:
        return int(fail(error, as_json=arguments.json))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return int(Exit.OK)


if __name__ == "__main__":
    end_process(main())
