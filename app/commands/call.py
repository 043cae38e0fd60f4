"""`call VERB …`: one command to the PBX, sent once and directly, whether or not a console runs on the data folder."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from app import __version__
from app.account.port import AccountPort
from app.clock import SystemClock
from app.commands.call_order import send_order
from app.commands.call_result import CallResult, WrongUsageError, tell, tell_wrong_usage
from app.commands.call_verbs import order_of
from app.commands.call_watch import PbxDesk
from app.commands.place import Place, open_place
from app.commands.start import run_start, start_of
from app.errors import PultError, RightsMissing
from app.http import HttpSession
from app.integrations import build_pbx
from app.telephony.port import TelephonyPort

_SIGN_OUT_WITHIN_S = 2.0


def run(arguments: argparse.Namespace) -> int:
    """Exit codes are call_result's: 0 accepted (with --wait: confirmed), 2 wrong usage, 3 refused, 4 unknown, 5 no
    link."""
    try:
        result = asyncio.run(_run(arguments))
    except WrongUsageError as error:
        return tell_wrong_usage(arguments.verb, error, as_json=arguments.json)
    return tell(result, as_json=arguments.json)


async def _run(arguments: argparse.Namespace) -> CallResult:
    async with open_place(arguments) as place:
        if arguments.verb == "start":
            # Before anything is opened: what cannot be meant so is never sent, and needs no link to be told.
            start = start_of(arguments, place.settings)
            async with _open_desk(arguments, place) as desk:
                return await run_start(desk, start)
        order = order_of(arguments, place.settings)
        async with _open_desk(arguments, place) as desk:
            return await send_order(desk, order)


@asynccontextmanager
async def _open_desk(arguments: argparse.Namespace, place: Place) -> AsyncIterator[PbxDesk]:
    """The PBX with a sign-in of our own, given back at the end."""
    clock = SystemClock()
    http = HttpSession(user_agent=f"Pult/{__version__}", clock=clock)
    try:
        pbx = await build_pbx(place.settings, place.secrets, http, clock)
        if pbx is None:
            raise RightsMissing("not_configured")
        wait_time_s = arguments.wait_time if arguments.wait else None
        try:
            yield PbxDesk(pbx.telephony, pbx.points, clock, place.settings.pbx.employee_id, wait_time_s, pbx.account)
        finally:
            await _sign_out(pbx.telephony)
            if pbx.account is not None:
                await _sign_out(pbx.account)
    finally:
        await http.aclose()


async def _sign_out(port: TelephonyPort | AccountPort) -> None:
    """A token nobody gives back ends by itself within the hour: never worth an error, nor a long wait."""
    with suppress(PultError, TimeoutError):
        async with asyncio.timeout(_SIGN_OUT_WITHIN_S):
            await port.sign_out()
