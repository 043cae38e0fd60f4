"""The port by which another process drives the simulated world: phones, time, faults, the journal."""

import hmac
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from app.simulator.exchange import Reply, Request
from app.simulator.faults import FAULTS, Fault
from app.simulator.oauth import TokenDesk
from app.simulator.pbx.live_calls import NoSuchCallError, PhoneError
from app.simulator.scenario import ScenarioError
from app.simulator.timeline import ACTIONS

if TYPE_CHECKING:
    from app.simulator.runner import Simulator

CONTROL_HEADER = "x-control-token"
Arguments = Mapping[str, object]


class ControlFace:
    """POST with a JSON object, or GET for what only looks; 403 without the run's token."""

    name = "control"

    def __init__(self, simulator: "Simulator", token: str) -> None:
        self._simulator = simulator
        self._token = token
        self._paths: Mapping[str, Callable[[Arguments], object]] = {
            "/advance": self._advance,
            "/ring": self._ring,
            "/hangup": lambda args: self._phone("hang_up", args),
            "/calls": self._calls,
            "/faults": self._add_fault,
            "/faults/clear": lambda _: self._simulator.faults.clear(),
            "/faults/release": lambda _: self._simulator.faults.release(),
            "/journal": self._journal,
            "/down": self._down,
            "/tokens/expire": lambda _: self._simulator.account.tokens.expire_all(),
            "/oauth/expire": lambda args: self._desk(args).expire_access(),
            "/oauth/revoke": lambda args: self._desk(args).revoke(),
            "/oauth/code": lambda args: {"code": self._desk(args).issue_code(_seconds(args, "ttl_s"))},
            "/points/spend": lambda args: self._simulator.account.points.spend(_integer(args, "points")),
        }

    def handle(self, request: Request) -> Reply:
        """Do what the path says; 400 with ``{"error": …}`` when the world cannot."""
        if not hmac.compare_digest(request.headers.get(CONTROL_HEADER, "").encode(), self._token.encode()):
            return _reply(403, {"error": "wrong control token"})
        try:
            return _reply(200, {"result": self._do(request.path, _arguments_of(request))})
        except (
            NoSuchCallError,
            PhoneError,
            ScenarioError,
            KeyError,
            TypeError,
            ValueError,
        ) as error:
            return _reply(400, {"error": f"{type(error).__name__}: {error}"})

    def _do(self, path: str, args: Arguments) -> object:
        if path in self._paths:
            return self._paths[path](args)
        return self._phone(path.strip("/"), args)

    def _phone(self, action_name: str, args: Arguments) -> object:
        """Any action of the timeline, on ``call_session_id``."""
        action = ACTIONS.get(action_name)
        if action is None:
            raise ValueError(f"no such path: {action_name}")
        if action.starts is not None:
            return {"call_session_id": action.starts(self._simulator.pbx, args)}
        if action.goes_on is not None:
            action.goes_on(self._simulator.pbx, _integer(args, "call_session_id"), args)
        return None

    def _ring(self, args: Arguments) -> object:
        return self._phone("ring_out" if "employee" in args else "ring_in", args)

    def _advance(self, args: Arguments) -> object:
        self._simulator.advance(_seconds(args, "seconds"))
        return {"now": self._simulator.clock.now().isoformat()}

    def _calls(self, _: Arguments) -> object:
        return {
            "live": self._simulator.account.listing.calls(),
            "finished": [
                {"call_session_id": call.call_session_id, "finish_reason": call.finish_reason}
                for call in self._simulator.pbx.finished
            ],
        }

    def _add_fault(self, args: Arguments) -> object:
        fault_args = args.get("args", {})
        if not isinstance(fault_args, dict):
            raise TypeError("args must be an object")
        face, operation, times = args.get("face"), args.get("operation"), args.get("times", 1)
        self._simulator.faults.add(
            _fault_of(str(args["fault"]), fault_args),
            face=None if face is None else str(face),
            operation=None if operation is None else str(operation),
            times=None if times is None else int(str(times)),
            after=int(str(args.get("after", 0))),
            probability=float(str(args.get("probability", 1.0))),
        )
        return {"rules": len(self._simulator.faults.rules)}

    def _journal(self, args: Arguments) -> object:
        since = int(str(args.get("since", 0)))
        return [
            {
                "sequence": entry.sequence,
                "at": entry.at.isoformat(),
                "face": entry.face,
                "operation": entry.operation,
                "params": dict(entry.params),
                "request_id": entry.request_id,
                "effects": list(entry.effects),
                "outcome": entry.outcome,
            }
            for entry in self._simulator.journal.entries
            if entry.sequence > since
        ]

    def _desk(self, args: Arguments) -> TokenDesk:
        desks = {"bitrix24": self._simulator.bitrix24.desk, "amocrm": self._simulator.amocrm.desk}
        return desks[str(args["face"])]

    def _down(self, args: Arguments) -> object:
        self._simulator.set_down(str(args["face"]), args.get("down", True) is True)
        return None


def _fault_of(name: str, args: Mapping[str, object]) -> Fault:
    kind = FAULTS.get(name)
    if kind is None or name == "Mutate":
        raise ValueError(f"no such fault: {name}")
    make: Callable[..., Fault] = kind
    return make(**{key: str(value).encode() if key in ("body", "data") else value for key, value in args.items()})


def _arguments_of(request: Request) -> dict[str, object]:
    sent = json.loads(request.body) if request.body else dict(request.query)
    if not isinstance(sent, dict):
        raise TypeError("a JSON object was expected")
    return sent


def _integer(args: Arguments, name: str) -> int:
    value = args[name]
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} must be a whole number")
    return value


def _seconds(args: Arguments, name: str) -> float:
    value = args[name]
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError(f"{name} must be a number")
    return float(value)


def _reply(http_status: int, body: object) -> Reply:
    return Reply(http_status, json.dumps(body, ensure_ascii=False, default=str).encode("utf-8", "replace"))
