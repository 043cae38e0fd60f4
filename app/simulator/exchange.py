"""What the server hands to a face and gets back. No sockets and no vendor knowledge here."""

from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable


@dataclass(slots=True)
class Request:
    """One HTTP request, already read in full. Header names are lower-case."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    effects: list[str] = field(default_factory=list)
    """The face appends one line per effect on its world, e.g. ``register CALL_ID=… user=7``."""
    operation: str = ""
    """The face sets the vendor's method name, e.g. ``hold.call`` or ``telephony.externalCall.finish``."""
    request_id: str | None = None
    """The face sets the JSON-RPC id (or another correlation mark) as text, for the journal."""
    params: dict[str, object] = field(default_factory=dict)
    """The face sets the decoded parameters, for the journal; secrets are masked there."""
    outcome: str = ""
    """The face sets ``error:<mnemonic or code>`` when it refuses; empty means it agreed."""


@dataclass(slots=True)
class Reply:
    """One HTTP reply; the server adds Content-Length, Date and Connection."""

    http_status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (("content-type", "application/json"),)


class Face(Protocol):
    """One simulated product behind one port."""

    name: str
    """``pbx``, ``data``, ``media``, ``bitrix24``, ``amocrm`` or ``control``."""

    def handle(self, request: Request) -> Reply:
        """Answer synchronously and deterministically."""
        ...


@runtime_checkable
class NamesOperations(Protocol):
    """A face that can name the vendor's method without any effect, so that a fault is chosen before it."""

    def operation_of(self, request: Request) -> str:
        """Name the method; empty when it cannot be told."""
        ...
