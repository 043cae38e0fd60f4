"""What can go wrong on purpose: the faults, and the plan that says which request meets which fault. No sockets here."""

import asyncio
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fault:
    """Base of all faults. `before_effect`: the face never sees the request; otherwise its effect is done first."""

    before_effect: bool = field(default=False, kw_only=True)

    @property
    def name(self) -> str:
        """Class name in snake case, as the journal writes it."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()

    @property
    def keeps_reply(self) -> bool:
        """The genuine reply still arrives whole, only later or slower."""
        return isinstance(self, Delay | Drip | HoldUntilReleased)


@dataclass(frozen=True)
class RefuseConnection(Fault):
    """The connection is reset as soon as it is accepted."""


@dataclass(frozen=True)
class DropBefore(Fault):
    """The request is read, nothing is done, the connection closes."""

    before_effect: bool = field(default=True, kw_only=True)


@dataclass(frozen=True)
class LoseReply(Fault):
    """The effect is done, then the connection closes without a byte."""


@dataclass(frozen=True)
class ResetMidReply(Fault):
    """Half of the reply, then a TCP reset."""


@dataclass(frozen=True)
class HalfReply(Fault):
    """The first `fraction` of the reply's bytes, then an orderly close."""

    fraction: float = 0.5


@dataclass(frozen=True)
class HttpError(Fault):
    """Another HTTP status with a body of its own."""

    status: int = 500
    body: bytes = b"Internal Server Error"
    before_effect: bool = field(default=True, kw_only=True)
    content_type: str = "text/plain"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Delay(Fault):
    """The reply comes `seconds` of real time later."""

    seconds: float = 1.0


@dataclass(frozen=True)
class Drip(Fault):
    """The reply comes in slices of `bytes_per_chunk` with a pause after each."""

    bytes_per_chunk: int = 16
    pause_s: float = 0.01


@dataclass(frozen=True)
class HoldUntilReleased(Fault):
    """The reply (or with `before_effect` the effect too) waits for `FaultRule.release`."""


@dataclass(frozen=True)
class Mutate(Fault):
    """The reply's body goes through `change`."""

    change: Callable[[bytes], bytes] = lambda body: body


@dataclass(frozen=True)
class RawReply(Fault):
    """Exactly these bytes on the wire, headers included, then an orderly close."""

    data: bytes = b""


@dataclass(frozen=True)
class WrongLength(Fault):
    """Content-Length is off by `delta`; the connection closes after the body."""

    delta: int = 10


@dataclass(frozen=True)
class GzipBomb(Fault):
    """A small gzip body that unpacks to `unpacked_size` bytes."""

    unpacked_size: int = 64 * 1024 * 1024


@dataclass(frozen=True)
class HtmlPage(Fault):
    """A gateway's HTML page."""

    status: int = 502
    before_effect: bool = field(default=True, kw_only=True)


@dataclass(frozen=True)
class Status200Error(Fault):
    """HTTP 200 with a body that says no."""

    body: bytes = b'{"error":"INTERNAL_SERVER_ERROR","error_description":"Internal server error"}'
    before_effect: bool = field(default=True, kw_only=True)


@dataclass(frozen=True)
class HugeBody(Fault):
    """A JSON body of at least `size` bytes."""

    size: int = 32 * 1024 * 1024


@dataclass(frozen=True)
class BlackHole(Fault):
    """Never an answer, until the rule is released, the client leaves or the simulator closes."""


FAULTS: dict[str, type[Fault]] = {
    fault.__name__: fault
    for fault in (
        RefuseConnection,
        DropBefore,
        LoseReply,
        ResetMidReply,
        HalfReply,
        HttpError,
        Delay,
        Drip,
        HoldUntilReleased,
        Mutate,
        RawReply,
        WrongLength,
        GzipBomb,
        HtmlPage,
        Status200Error,
        HugeBody,
        BlackHole,
    )
}


class FaultRule:
    """One rule of the plan: a fault, the requests it meets and how often."""

    def __init__(
        self,
        fault: Fault,
        *,
        face: str | None,
        operation: str | None,
        times: int | None,
        after: int,
        probability: float,
    ) -> None:
        self.fault = fault
        self.face = face
        self.operation = operation
        self.times = times
        self.after = after
        self.probability = probability
        self.hits = 0
        """How many requests met the fault so far."""
        self.held = 0
        """How many requests wait for `release` right now."""
        self._matches = 0
        self._retired = False
        self._released = asyncio.Event()
        self._holding = asyncio.Event()

    @property
    def is_spent(self) -> bool:
        """No further request can meet this rule."""
        return self._retired or (self.times is not None and self.hits >= self.times)

    def meets(self, face: str, operation: str, dice: random.Random) -> bool:
        """Count a request of `face` and tell whether it meets the fault."""
        if self.is_spent or (self.face is not None and self.face != face):
            return False
        if self.operation is not None and self.operation.lower() != operation.lower():
            return False
        self._matches += 1
        if self._matches <= self.after or (self.probability < 1.0 and dice.random() >= self.probability):
            return False
        self.hits += 1
        return True

    def release(self) -> None:
        """Let go of everything held and retire the rule."""
        self._retired = True
        self._released.set()

    async def wait_held(self, timeout_s: float = 5.0) -> None:
        """Return once a request is held; TimeoutError after `timeout_s` real seconds."""
        async with asyncio.timeout(timeout_s):
            await self._holding.wait()

    async def hold(self) -> None:
        """Wait for `release` on behalf of one request."""
        self.held += 1
        self._holding.set()
        try:
            await self._released.wait()
        finally:
            self.held -= 1
            if self.held == 0:
                self._holding.clear()


class FaultPlan:
    """All rules, asked in the order they were added; the first that meets the request wins."""

    def __init__(self, seed: int = 1) -> None:
        self._dice = random.Random(seed)
        self.rules: list[FaultRule] = []

    def add(
        self,
        fault: Fault,
        *,
        face: str | None = None,
        operation: str | None = None,
        times: int | None = 1,
        after: int = 0,
        probability: float = 1.0,
    ) -> FaultRule:
        """Plan a fault: for one face or operation or all, `times` times (None = always), after `after` good ones."""
        rule = FaultRule(fault, face=face, operation=operation, times=times, after=after, probability=probability)
        self.rules.append(rule)
        return rule

    def clear(self) -> None:
        """Release everything held and forget all rules."""
        for rule in self.rules:
            rule.release()
        self.rules.clear()

    def release(self) -> None:
        """Release everything held; rules that hold nothing stay."""
        for rule in self.rules:
            if rule.held:
                rule.release()

    def pick_for_connection(self, face: str) -> FaultRule | None:
        """The rule a fresh connection meets, if any."""
        return self._pick(face, "", connecting=True)

    def pick(self, face: str, operation: str) -> FaultRule | None:
        """The rule a request meets, if any."""
        return self._pick(face, operation, connecting=False)

    def _pick(self, face: str, operation: str, *, connecting: bool) -> FaultRule | None:
        for rule in self.rules:
            if isinstance(rule.fault, RefuseConnection) is connecting and rule.meets(face, operation, self._dice):
                return rule
        return None
