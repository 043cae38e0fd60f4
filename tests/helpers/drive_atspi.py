"""Looks into other programs' windows: AT-SPI spoken over plain D-Bus, on Debian's own Python, which has python3-gi.

libatspi (and with it pyatspi) is left out on purpose: it handles a program's news in the middle of a call to that
program and then waits for itself for ever, whenever a window changes while it is looked at.

One JSON object a line comes in (`{"op": …, "sel": {…}, …}`), one goes out (`{"ok": …}` or `{"err": …}`).
Selectors: role, name, name_has, id (objectName), label (text of the buddy), showing (default true; null: any).
Nothing of the tests or of Pult is imported here.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

DEEPEST = 40
CALL_LIMIT_MS = 3000
ROOT = "/org/a11y/atspi/accessible/root"
_CONTAINERS = frozenset({"table", "tree table", "tree", "list"})
_ACTIONS = ("Press", "Toggle", "Show Menu", "Set Focus")
_LABELLED_BY = 2
_DESKTOP_COORDS = 0
_STATES = {"checked": 4, "editable": 7, "enabled": 8, "focused": 12, "selected": 23, "showing": 25}

Selector = dict[str, Any]
Gio: Any = importlib.import_module("gi.repository.Gio")
GLib: Any = importlib.import_module("gi.repository.GLib")


class NotThere(LookupError):
    """No such widget, or it went while it was looked at."""


def connect() -> Any:
    """The bus of the accessible programs of this session."""
    client = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
    session = Gio.DBusConnection.new_for_address_sync(os.environ["DBUS_SESSION_BUS_ADDRESS"], client, None, None)
    answer = session.call_sync(
        "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None, 0, CALL_LIMIT_MS, None
    )
    return Gio.DBusConnection.new_for_address_sync(answer.unpack()[0], client, None, None)


bus = connect()


@dataclass(frozen=True)
class Node:
    """One widget of one program. Every method raises NotThere when it has gone."""

    program: str
    path: str

    def call(self, interface: str, method: str, arguments: Any = None) -> Any:
        try:
            answer = bus.call_sync(
                self.program,
                self.path,
                interface if "." in interface else f"org.a11y.atspi.{interface}",
                method,
                arguments,
                None,
                Gio.DBusCallFlags.NONE,
                CALL_LIMIT_MS,
                None,
            )
        except GLib.Error as error:
            raise NotThere(error.message) from None
        unpacked = answer.unpack()
        return unpacked[0] if len(unpacked) == 1 else unpacked

    def property_of(self, interface: str, name: str) -> Any:
        asked = GLib.Variant("(ss)", (f"org.a11y.atspi.{interface}", name))
        return self.call("org.freedesktop.DBus.Properties", "Get", asked)

    @property
    def name(self) -> str:
        return str(self.property_of("Accessible", "Name"))

    @property
    def role(self) -> str:
        return str(self.call("Accessible", "GetRoleName"))

    @property
    def accessible_id(self) -> str:
        return str(self.property_of("Accessible", "AccessibleId"))

    @property
    def children(self) -> list[Node]:
        return [Node(*child) for child in self.call("Accessible", "GetChildren")]

    @property
    def states(self) -> list[str]:
        low = self.call("Accessible", "GetState")[0]
        return [name for name, place in _STATES.items() if low >> place & 1]

    @property
    def text(self) -> str | None:
        """None for a widget that has none."""
        if "org.a11y.atspi.Text" not in self.call("Accessible", "GetInterfaces"):
            return None
        return str(self.call("Text", "GetText", GLib.Variant("(ii)", (0, -1))))

    @property
    def box(self) -> list[int]:
        """Left, top, width, height on the screen."""
        return list(self.call("Component", "GetExtents", GLib.Variant("(u)", (_DESKTOP_COORDS,))))

    @property
    def labels(self) -> list[str]:
        relations = self.call("Accessible", "GetRelationSet")
        return [Node(*target).name for kind, targets in relations if kind == _LABELLED_BY for target in targets]

    def cell(self, row: int, column: int) -> Node:
        return Node(*self.call("Table", "GetAccessibleAt", GLib.Variant("(ii)", (row, column))))


def programs() -> list[Node]:
    return Node("org.a11y.atspi.Registry", ROOT).children


def walk(node: Node, depth: int = 0) -> Iterator[Node]:
    """The node and all below it; not into tables: a large one takes minutes."""
    yield node
    try:
        if depth > DEEPEST or (depth > 1 and node.role in _CONTAINERS):
            return
        children = node.children
    except NotThere:
        return
    for child in children:
        yield from walk(child, depth + 1)


def matches(node: Node, sel: Selector) -> bool:
    return (
        ("name" not in sel or node.name == sel["name"])
        and ("name_has" not in sel or sel["name_has"] in node.name)
        and ("role" not in sel or node.role == sel["role"])
        and ("id" not in sel or f".{node.accessible_id}".endswith(f".{sel['id']}"))
        and ("label" not in sel or sel["label"] in node.labels)
        and (not sel.get("showing", True) or "showing" in node.states or node.role == "application")
    )


def search(sel: Selector) -> list[Node]:
    found = []
    for program in programs():
        for node in walk(program):
            try:
                if matches(node, sel):
                    found.append(node)
            except NotThere:
                continue
    return found


def one(sel: Selector) -> Node:
    found = search(sel)
    if not found:
        raise NotThere(f"no widget {sel}")
    return found[0]


def described(node: Node) -> dict[str, Any]:
    """What can be told of one widget; `text` is None for a widget without text, `box` for one without a place."""
    try:
        box: list[int] | None = node.box
    except NotThere:
        box = None
    description = node.property_of("Accessible", "Description")
    told = {"role": node.role, "name": node.name, "description": description, "id": node.accessible_id}
    return {**told, "text": node.text, "box": box, "states": node.states}


def told_of(nodes: list[Node]) -> Iterator[dict[str, Any]]:
    for node in nodes:
        try:
            yield described(node)
        except NotThere:
            continue


def find(sel: Selector) -> list[dict[str, Any]]:
    return list(told_of(search(sel)))


def tree(sel: Selector) -> list[str]:
    """Every widget below, shown or not, one line each: for whoever looks why one is not found."""
    return [
        f"[{told['role']}] {told['name']!r} id={told['id']!r} text={told['text']!r} {','.join(told['states'])}"
        for top in search(sel)
        for told in told_of(list(walk(top)))
    ]


def act(sel: Selector) -> bool:
    node = one(sel)
    names = [name for name, _, _ in node.call("Action", "GetActions")]
    for wanted in _ACTIONS:
        if wanted in names:
            return bool(node.call("Action", "DoAction", GLib.Variant("(i)", (names.index(wanted),))))
    raise NotThere(f"{sel} has only the actions {names}")


def rows(sel: Selector) -> list[list[str]]:
    table = one(sel)
    height, width = table.property_of("Table", "NRows"), table.property_of("Table", "NColumns")
    return [[table.cell(row, column).name for column in range(width)] for row in range(height)]


def set_text(sel: Selector, text: str) -> bool:
    return bool(one(sel).call("EditableText", "SetTextContents", GLib.Variant("(s)", (text,))))


def cell_box(sel: Selector, row: int, column: int) -> list[int]:
    return one(sel).cell(row, column).box


OPERATIONS: dict[str, Callable[..., object]] = {
    "ping": lambda: True,
    "find": find,
    "tree": tree,
    "act": act,
    "rows": rows,
    "set_text": set_text,
    "cell_box": cell_box,
}


def main() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            answer: dict[str, object] = {"ok": OPERATIONS[asked.pop("op")](**asked)}
        except NotThere as error:
            answer = {"err": str(error)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
