"""One listening port for one face: Host check, faults, journal. The faces know nothing of sockets."""

import asyncio
import json
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack

from app.simulator.clock import SimulatorClock
from app.simulator.exchange import Face, NamesOperations, Reply, Request
from app.simulator.faults import FaultPlan, FaultRule
from app.simulator.journal import Journal
from app.simulator.wire import BadRequestError, Wire
from app.simulator.wire_faults import play, wait_out

HOST = "127.0.0.1"
BACKLOG = 128
TEXT = (("content-type", "text/plain"),)


class FaceServer:
    """Serves one face on 127.0.0.1; can refuse connections and come back on the same port."""

    def __init__(
        self,
        face: Face,
        *,
        clock: SimulatorClock,
        journal: Journal,
        faults: FaultPlan,
        catch_up: Callable[[], None],
    ) -> None:
        self.face = face
        self.port = 0
        self._clock = clock
        self._journal = journal
        self._faults = faults
        self._catch_up = catch_up
        self._server: asyncio.Server | None = None
        self._reserved: socket.socket | None = None
        self._restarts: asyncio.TaskGroup | None = None
        self._running = AsyncExitStack()
        self._open: dict[asyncio.Task[None], Wire] = {}

    @property
    def is_down(self) -> bool:
        """The port refuses connections."""
        return self._reserved is not None

    async def start(self, port: int = 0) -> None:
        """Bind and listen; `port` 0 takes a free one."""
        self._restarts = await self._running.enter_async_context(asyncio.TaskGroup())
        listening = _bound_socket(port)
        self.port = listening.getsockname()[1]
        listening.listen(BACKLOG)
        await self._listen_on(listening)

    async def _listen_on(self, listening: socket.socket) -> None:
        self._server = await asyncio.start_server(self._serve, sock=listening)

    def set_down(self, *, down: bool) -> None:
        """Down: open connections are reset and new ones refused by the system. Up: the same port listens again."""
        if down == self.is_down:
            return
        if down:
            self._stop_listening()
            self._reserved = _bound_socket(self.port)
            for wire in list(self._open.values()):
                wire.reset()
            return
        listening, self._reserved = self._reserved, None
        if listening is not None and self._restarts is not None:
            listening.listen(BACKLOG)
            self._restarts.create_task(self._listen_on(listening))

    def _stop_listening(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def aclose(self) -> None:
        """Stop listening and end every open connection."""
        await self._running.aclose()
        self._stop_listening()
        if self._reserved is not None:
            self._reserved.close()
            self._reserved = None
        serving = list(self._open)
        for connection_task in serving:
            connection_task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = Wire(reader, writer)
        serving = asyncio.current_task()
        if serving is None:
            raise RuntimeError("a connection is served outside a task")
        self._open[serving] = wire
        try:
            if self.is_down or self._faults.pick_for_connection(self.face.name) is not None:
                wire.reset()
                return
            while await self._serve_one(wire):
                pass
            await wire.close()
        except (ConnectionError, asyncio.CancelledError):
            # cancelled by aclose() only; asyncio 3.11 would log a cancelled connection callback as a crash
            wire.reset()
        except BaseException:
            wire.reset()
            raise
        finally:
            del self._open[serving]

    async def _serve_one(self, wire: Wire) -> bool:
        try:
            request = await wire.next_request()
        except BadRequestError as error:
            await wire.send(wire.encode(Reply(error.http_status, b"bad request", TEXT)))
            return False
        if request is None:
            return False
        refusal = self._refuse_strangers(request)
        if refusal is not None:
            await wire.send(wire.encode(refusal))
            return wire.is_reusable()
        rule = self._faults.pick(self.face.name, self._operation_of(request))
        if rule is None:
            await wire.send(wire.encode(self._perform(request, rule)))
            return wire.is_reusable()
        return await self._serve_with_fault(request, rule, wire)

    async def _serve_with_fault(self, request: Request, rule: FaultRule, wire: Wire) -> bool:
        fault = rule.fault
        if fault.before_effect:
            await wait_out(rule)
        if fault.before_effect and not fault.keeps_reply:
            request.operation = self._operation_of(request)
            self._write_journal(request, f"fault:{fault.name}")
            reply = Reply(200, b"{}")
        else:
            reply = self._perform(request, rule)
        if not fault.before_effect:
            await wait_out(rule)
        return await play(rule, wire, reply) and wire.is_reusable()

    def _perform(self, request: Request, rule: FaultRule | None) -> Reply:
        self._catch_up()
        reply = self.face.handle(request)
        request.operation = request.operation or self._operation_of(request)
        if rule is not None and not rule.fault.keeps_reply:
            outcome = f"fault:{rule.fault.name}"
        else:
            outcome = request.outcome or _outcome_of(reply)
        self._write_journal(request, outcome)
        return reply

    def _write_journal(self, request: Request, outcome: str) -> None:
        self._journal.add(
            at=self._clock.now(),
            face=self.face.name,
            operation=request.operation,
            params=request.params or _params_of(request),
            request_id=request.request_id,
            effects=tuple(request.effects),
            outcome=outcome,
        )

    def _refuse_strangers(self, request: Request) -> Reply | None:
        own = (f"{HOST}:{self.port}", f"localhost:{self.port}")
        if request.headers.get("host", "") not in own:
            return Reply(403, b"foreign Host", TEXT)
        origin = request.headers.get("origin")
        if origin is not None and origin not in {f"http://{host}" for host in own}:
            return Reply(403, b"foreign Origin", TEXT)
        return None

    def _operation_of(self, request: Request) -> str:
        if isinstance(self.face, NamesOperations):
            return self.face.operation_of(request)
        return request.path.rstrip("/").rsplit("/", 1)[-1].removesuffix(".json")


def _bound_socket(port: int) -> socket.socket:
    # asyncio sets TCP_NODELAY only on sockets that say IPPROTO_TCP, and accepted ones inherit it from here
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((HOST, port))
    except OSError:
        bound.close()
        raise
    bound.setblocking(False)
    return bound


def _outcome_of(reply: Reply) -> str:
    if reply.http_status < 400:
        return "ok"
    try:
        body = json.loads(reply.body)
    except ValueError:
        body = None
    code = body.get("error") if isinstance(body, dict) else None
    return f"error:{code if isinstance(code, str) else reply.http_status}"


def _params_of(request: Request) -> dict[str, object]:
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        body = None
    return {**request.query, **body} if isinstance(body, dict) else dict(request.query)
