"""`calls`: the live calls of the account, once or again and again."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from app import __version__
from app.clock import SystemClock
from app.commands.exits import Exit
from app.commands.output import print_json, print_table
from app.commands.place import Place, open_place
from app.domain.calls import CallSession
from app.domain.phone_number import format_phone_number
from app.errors import RightsMissing
from app.http import HttpSession
from app.integrations import build_pbx

_HEADER = ("CALL", "DIRECTION", "CALLER", "LINE", "EMPLOYEE", "STATE", "SINCE", "TAGS", "REC")


def run(arguments: argparse.Namespace) -> int:
    """Exit 0; 3 when the PBX refuses, 5 without a link."""
    return asyncio.run(_run(arguments))


async def _run(arguments: argparse.Namespace) -> int:
    async with open_place(arguments) as place:
        clock = SystemClock()
        http = HttpSession(user_agent=f"Pult/{__version__}", clock=clock)
        try:
            pbx = await build_pbx(place.settings, place.secrets, http, clock)
            if pbx is None:
                raise RightsMissing("not_configured")
            while True:
                snapshot = await pbx.telephony.list_calls()
                _show(snapshot.calls, place, as_json=arguments.json)
                if not arguments.watch:
                    break
                await clock.sleep(pbx.points.poll_interval_s(place.settings.pbx.poll_interval_s))
            await pbx.telephony.sign_out()
        finally:
            await http.aclose()
    return Exit.OK


def _show(calls: tuple[CallSession, ...], place: Place, *, as_json: bool) -> None:
    if as_json:
        print_json({"calls": [_as_json(call) for call in calls]})
        return
    zone = ZoneInfo(place.settings.pbx.time_zone)
    rows = [
        (
            str(call.call_session_id),
            call.direction.value,
            format_phone_number(call.contact_number),
            format_phone_number(call.line_number),
            ", ".join(sorted({leg.employee_name for leg in call.employee_legs if leg.employee_name})),
            call.call_state.value,
            call.started_at.astimezone(zone).strftime("%H:%M:%S") if call.started_at else "",
            ", ".join(tag.name for tag in call.tags),
            "yes" if call.is_recorded else "",
        )
        for call in calls
    ]
    if rows:
        print_table(_HEADER, rows)
    else:
        print("No live calls.")


def _as_json(call: CallSession) -> Mapping[str, object]:
    return {
        "call_session_id": call.call_session_id,
        "direction": call.direction.value,
        "state": call.call_state.value,
        "contact": call.contact_number,
        "line": call.line_number,
        "external_id": call.external_id,
        "started_at": call.started_at.isoformat() if call.started_at else None,
        "tags": [{"tag_id": tag.tag_id, "name": tag.name} for tag in call.tags],
        "legs": [
            {
                "leg_id": leg.leg_id,
                "state": leg.leg_state.value,
                "state_text": leg.state_text,
                "calling": leg.calling_number,
                "called": leg.called_number,
                "is_operator": leg.is_operator,
                "employee_id": leg.employee_id,
                "employee_name": leg.employee_name,
                "recorded": leg.is_recorded,
            }
            for leg in call.legs
        ],
    }
