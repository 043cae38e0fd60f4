"""The command line of `call`: its verbs and their options. What they do is `call`'s."""

from __future__ import annotations

import argparse
from collections.abc import Callable

Run = Callable[[argparse.Namespace], int]

START_WAYS = ("employee", "scenario", "vnumber", "informer", "simple")
WAIT_TIME_S = 15.0
_EPILOG = (
    "exit codes: 0 accepted by the PBX (with --wait: confirmed by the list of calls), 2 wrong usage, 3 refused by the"
    " PBX, 4 outcome unknown, 5 no link. Nothing is ever sent twice."
)


def add_call_parser(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser, run: Run
) -> None:
    """`call VERB …` below `commands`; `common`: the options of every command."""
    parser = commands.add_parser("call", help="start calls and drive live ones", epilog=_EPILOG)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    parents = [common, _waiting()]
    for add in (_add_session_verbs, _add_verbs_with_operands, _add_start):
        add(verbs, parents)
    parser.set_defaults(run=run)
    for verb in verbs.choices.values():
        verb.epilog = _EPILOG
        verb.set_defaults(run=run)


def _waiting() -> argparse.ArgumentParser:
    waiting = argparse.ArgumentParser(add_help=False)
    waiting.add_argument("--wait", action="store_true", help="end only when list.calls shows the effect")
    waiting.add_argument(
        "--wait-time",
        type=_seconds,
        default=WAIT_TIME_S,
        metavar="SECONDS",
        help=f"how long --wait looks into the list (default {WAIT_TIME_S:g})",
    )
    return waiting


def _add_session_verbs(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser], parents: list[argparse.ArgumentParser]
) -> None:
    hold = _verb(verbs, parents, "hold", "put the caller on hold")
    message = hold.add_mutually_exclusive_group()
    _add_message(message, "what the caller hears instead of pbx.hold_message")
    message.add_argument("--preset", metavar="NAME", help="a message of pbx.hold_message.presets by its name")
    _verb(verbs, parents, "retrieve", "take the caller off hold")
    transfer = _verb(verbs, parents, "transfer", "leave the caller to the colleague who has answered")
    transfer.add_argument(
        "--blind",
        action="store_true",
        help="also while the colleague still rings; the caller is lost if nobody answers",
    )
    _verb(verbs, parents, "back", "back to the caller; the colleague goes")
    _verb(verbs, parents, "block", "put the caller's number on the account's blacklist")
    _verb(verbs, parents, "end", "end the call for everybody")


def _add_verbs_with_operands(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser], parents: list[argparse.ArgumentParser]
) -> None:
    consult = _verb(verbs, parents, "consult", "ring a colleague while the caller is held")
    consult.add_argument("number", metavar="NUMBER", help="extension, employee's number, SIP or outside number")
    _add_message(consult.add_mutually_exclusive_group(), "what the colleague hears first")
    tag = _verb(verbs, parents, "tag", "put a tag on the call")
    tag.add_argument("tag_id", type=_whole_number, metavar="TAG_ID")
    record = _verb(verbs, parents, "record", "start or stop the recording")
    record.add_argument("switch", choices=("on", "off"))
    dtmf = _verb(verbs, parents, "dtmf", "press keys, one request each")
    dtmf.add_argument("digits", metavar="DIGITS", help="0-9, * and #")
    coach = _verb(verbs, parents, "coach", "ring a coach who listens in")
    coach.add_argument("number", nargs="?", metavar="NUMBER", help="default: the coach of the employee's settings")
    drop = _verb(verbs, parents, "drop", "disconnect one participant")
    drop.add_argument("leg_id", type=_whole_number, metavar="LEG", help="leg_id, as `calls --json` prints it")
    option = _verb(verbs, parents, "option", "press a talk option's key")
    option.add_argument("button", metavar="BUTTON", help="the option's key; a toggle is never pressed twice")


def _add_start(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser], parents: list[argparse.ArgumentParser]
) -> None:
    start = verbs.add_parser("start", parents=parents, help="start a call")
    start.add_argument(
        "number", metavar="NUMBER", help="whom to call, as people write it; a tail such as `ext. 12` too"
    )
    start.add_argument("--as-is", action="store_true", help="take NUMBER as it stands, e.g. an employee's SIP number")
    start.add_argument("--via", choices=START_WAYS, help="default: pbx.start_via of the settings")
    start.add_argument("--line", metavar="N", help="the account's number that is shown; default: of the settings")
    start.add_argument("--employee", type=_whole_number, metavar="ID", help="whose phone; default: pbx.employee_id")
    start.add_argument("--employee-phone", default="", metavar="N", help="which of the employee's phones")
    start.add_argument("--scenario", type=_whole_number, metavar="ID", help="default: pbx.start_scenario_id")
    start.add_argument("--operator", metavar="N", help="of --via simple: our phone; default: pbx.operator_number")
    start.add_argument(
        "--operator-confirmation", default="", metavar="KEY", help="0-9, *, # or any: key to press first"
    )
    start.add_argument("--first", choices=("contact", "employee", "operator"), help="whose phone rings first")
    _add_message(start.add_mutually_exclusive_group(), "what the contact hears")
    ours = start.add_mutually_exclusive_group()
    ours.add_argument("--our-message", metavar="TEXT", help="what our side hears")
    ours.add_argument("--our-media", type=_whole_number, metavar="ID", help="the same as a media file")
    start.add_argument("--waiting-media", type=_whole_number, metavar="ID", help="music while the second phone rings")
    start.add_argument("--switch-at-once", action="store_true", help="connect without waiting for the message's end")
    start.add_argument("--early-switching", action="store_true", help="our side hears the line before the answer")
    start.add_argument("--show-line", choices=("yes", "no"), help="show the line's number to our side")
    start.add_argument("--dialling-timeout", type=_whole_number, metavar="SECONDS", help="of --via informer: 1 to 120")
    start.add_argument("--dtmf", default="", metavar="KEYS", help="keys after the answer; a dot is a second's pause")
    start.add_argument("--direction", choices=("out", "in"), default="out", help="what reports call it (default out)")
    start.add_argument("--line-usage", default="", metavar="RULE", help="virtual_phone_usage_rule of the 2026 edition")
    start.add_argument("--external-id", metavar="TEXT", help="our mark on the call; made up when not given")


def _verb(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    parents: list[argparse.ArgumentParser],
    name: str,
    text: str,
) -> argparse.ArgumentParser:
    """A verb on one live call."""
    verb = verbs.add_parser(name, parents=parents, help=text)
    verb.add_argument("session", type=_whole_number, metavar="SESSION", help="call_session_id, as `calls` prints it")
    return verb


def _add_message(group: argparse._MutuallyExclusiveGroup, text: str) -> None:
    group.add_argument("--message", metavar="TEXT", help=f"{text}: a text the PBX speaks")
    group.add_argument("--media", type=_whole_number, metavar="ID", help="the same as a media file of the account")


def _whole_number(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text) < 2**62:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above zero, as the PBX gives them")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 3600:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0 to 3600")
    return seconds
