"""Sees from outside when a program's window is mapped and painted: a bare X11 connection with the DAMAGE extension.

Nothing of the program measured takes part, so every program is measured alike. Protocol numbers: "X Window System
Protocol, version 11", appendix B, and "The DAMAGE Extension, version 1.1".
"""

from __future__ import annotations

import select
import socket
import struct
import time
from dataclasses import dataclass, field

_CREATE_NOTIFY, _MAP_NOTIFY, _CONFIGURE_NOTIFY = 16, 19, 22
_SUBSTRUCTURE_NOTIFY, _CW_EVENT_MASK, _CW_EVENT_MASK_OPCODE = 1 << 19, 1 << 11, 2
_QUERY_EXTENSION, _REPLY = 98, 1
_DAMAGE_QUERY_VERSION, _DAMAGE_CREATE, _RAW_RECTANGLES = 0, 1, 0

SMALLEST_WINDOW = (300, 200)
"""Smaller ones are menus, tooltips and helper windows."""

PAINTED_PART = 0.9
_GRID = 24


class DisplayError(Exception):
    """The X server does not answer as it should."""


@dataclass(slots=True)
class _Window:
    x: int
    y: int
    width: int
    height: int
    is_popup: bool
    mapped_at: float | None = None
    cells: set[tuple[int, int]] = field(default_factory=set)

    def take(self, x: int, y: int, width: int, height: int) -> bool:
        """Note a painted area in screen coordinates; True when the window is painted as good as whole."""
        left, right = (x - self.x) * _GRID / self.width, (x + width - self.x) * _GRID / self.width
        top, bottom = (y - self.y) * _GRID / self.height, (y + height - self.y) * _GRID / self.height
        columns = range(max(0, round(left)), min(_GRID, round(right)))
        rows = range(max(0, round(top)), min(_GRID, round(bottom)))
        self.cells.update((column, row) for column in columns for row in rows)
        return len(self.cells) >= PAINTED_PART * _GRID * _GRID


@dataclass(frozen=True, slots=True)
class FirstPaint:
    """Monotonic moments: the window was mapped; nine tenths of it had been drawn upon. `size` in pixels."""

    mapped_at: float
    painted_at: float
    size: tuple[int, int]


class XWatch:
    """A connection to the display `:N` of this machine, without authority file (a private Xvfb needs none)."""

    def __init__(self, display: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(f"/tmp/.X11-unix/X{display.lstrip(':').partition('.')[0]}")
        self._buffer = b""
        self._windows: dict[int, _Window] = {}
        self._root, id_base = self._greet()
        self._damage_event = self._watch_damage(id_base)
        mask = struct.pack("<BxHIII", _CW_EVENT_MASK_OPCODE, 4, self._root, _CW_EVENT_MASK, _SUBSTRUCTURE_NOTIFY)
        self._socket.sendall(mask)

    def __enter__(self) -> XWatch:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def forget(self) -> None:
        """Take in what is waiting, so that only later windows count."""
        while self._next_event(0.05) is not None:
            pass
        self._windows.clear()

    def first_paint(self, timeout_s: float) -> FirstPaint | None:
        """Wait for the next window to be mapped and painted; None when there is none in time."""
        deadline = time.monotonic() + timeout_s
        while (left_s := deadline - time.monotonic()) > 0:
            message = self._next_event(left_s)
            if message is None:
                return None
            found = self._read(message)
            if found is not None:
                return found
        return None

    def _read(self, message: bytes) -> FirstPaint | None:
        kind = message[0] & 0x7F
        if kind == _CREATE_NOTIFY:
            _, window, x, y, width, height, _, is_popup = struct.unpack_from("<IIhhHHHB", message, 4)
            self._windows[window] = _Window(x, y, width, height, bool(is_popup))
        elif kind == _CONFIGURE_NOTIFY:
            _, window, _, x, y, width, height = struct.unpack_from("<IIIhhHH", message, 4)
            if window in self._windows:
                known = self._windows[window]
                known.x, known.y, known.width, known.height = x, y, width, height
        elif kind == _MAP_NOTIFY:
            window = struct.unpack_from("<I", message, 8)[0]
            if window in self._windows:
                self._windows[window].mapped_at = time.monotonic()
        elif kind == self._damage_event:
            return self._damaged(*struct.unpack_from("<hhHH", message, 16))
        return None

    def _damaged(self, x: int, y: int, width: int, height: int) -> FirstPaint | None:
        for window in self._windows.values():
            if window.mapped_at is None or window.is_popup:
                continue
            if window.width < SMALLEST_WINDOW[0] or window.height < SMALLEST_WINDOW[1]:
                continue
            if window.take(x, y, width, height):
                return FirstPaint(window.mapped_at, time.monotonic(), (window.width, window.height))
        return None

    def _greet(self) -> tuple[int, int]:
        """Gives the root window and the first id that may be used."""
        self._socket.sendall(struct.pack("<BxHHHHxx", ord("l"), 11, 0, 0, 0))
        head = self._exactly(8)
        body = self._exactly(4 * struct.unpack_from("<H", head, 6)[0])
        if head[0] != 1:
            raise DisplayError(body.decode("latin-1"))
        id_base = struct.unpack_from("<I", body, 4)[0]
        vendor_length = struct.unpack_from("<H", body, 16)[0]
        format_count = body[21]
        screens_at = 32 + (vendor_length + 3) // 4 * 4 + 8 * format_count
        return struct.unpack_from("<I", body, screens_at)[0], id_base

    def _watch_damage(self, id_base: int) -> int:
        """Ask for every rectangle drawn on the screen; gives the event's number."""
        name = b"DAMAGE"
        self._socket.sendall(struct.pack("<BxHHxx8s", _QUERY_EXTENSION, 4, len(name), name))
        reply = self._reply()
        is_present, opcode, first_event = reply[8], reply[9], reply[10]
        if not is_present:
            raise DisplayError("the display has no DAMAGE extension")
        self._socket.sendall(struct.pack("<BBHII", opcode, _DAMAGE_QUERY_VERSION, 3, 1, 1))
        self._reply()
        create = struct.pack("<BBHIIBxxx", opcode, _DAMAGE_CREATE, 4, id_base + 1, self._root, _RAW_RECTANGLES)
        self._socket.sendall(create)
        return first_event

    def _reply(self) -> bytes:
        while True:
            message = self._exactly(32)
            if message[0] == _REPLY:
                self._exactly(4 * struct.unpack_from("<I", message, 4)[0])
                return message
            if message[0] == 0:
                raise DisplayError(f"X error {message[1]}")

    def _next_event(self, timeout_s: float) -> bytes | None:
        if len(self._buffer) < 32 and not select.select([self._socket], [], [], timeout_s)[0]:
            return None
        return self._exactly(32)

    def _exactly(self, count: int) -> bytes:
        while len(self._buffer) < count:
            chunk = self._socket.recv(65536)
            if not chunk:
                raise DisplayError("the X server is gone")
            self._buffer += chunk
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken
