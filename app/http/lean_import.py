"""Brings httpx in without what it would look for and nobody here needs. Memory and time, not behaviour."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from types import ModuleType
from typing import cast


def prepare_import() -> None:
    """To be called before httpx is imported for the first time; calling it again changes nothing."""
    # httpx offers a command line of its own if it can: with click, rich and pygments somewhere on the machine that
    # costs 6 MB. It takes an import that fails for "not installed".
    sys.modules.setdefault("httpx._main", ModuleType("httpx._main"))
    # httpcore 1.0 imports sniffio several times in every request. As long as nobody has it, Python looks through all
    # its folders each time, 1 ms a request; told once that there is none, it does not look again.
    if find_spec("sniffio") is None:
        cast("dict[str, ModuleType | None]", sys.modules)["sniffio"] = None
