"""Runs the soak named on the command line, or all of them; without faults the exit status is 0."""

from __future__ import annotations

import importlib
import pkgutil
import sys
import time
from types import ModuleType

import tests.soak as room


def soaks() -> dict[str, ModuleType]:
    """Every module of this folder that calls itself a soak, by its NAME."""
    modules = [
        importlib.import_module(f"{room.__name__}.{found.name}")
        for found in pkgutil.iter_modules(room.__path__)
        if not found.name.startswith("_")
    ]
    return {module.NAME: module for module in modules if hasattr(module, "NAME")}


def main(arguments: list[str]) -> int:
    known = soaks()
    wanted = arguments or sorted(known)
    strangers = [name for name in wanted if name not in known]
    if strangers:
        sys.stderr.write(f"No soak named {', '.join(strangers)}. There are: {', '.join(sorted(known))}.\n")
        return 2
    failed = []
    for name in wanted:
        sys.stdout.write(f"soak {name}\n")
        sys.stdout.flush()
        began_s = time.monotonic()
        if known[name].main() != 0:
            failed.append(name)
        sys.stdout.write(f"soak {name}: {'FAILED' if name in failed else 'ok'}, {time.monotonic() - began_s:.0f} s\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
