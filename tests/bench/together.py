"""Several programs running side by side on one X server, each in a home of its own, to be looked at while they idle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

import psutil

from tests.bench.children import CannotRun, child
from tests.bench.programs import CONSOLE, Program, home_of
from tests.bench.x_watch import XWatch

_TIMEOUT_S = 20.0


@contextmanager
def running(programs: Sequence[Program], display: str, watch: XWatch) -> Iterator[dict[str, psutil.Process]]:
    """Start them one after another, each once the one before has painted; those that show nothing are left out.

    Raises:
        CannotRun: the console itself shows nothing.
    """
    with ExitStack() as stack:
        processes: dict[str, psutil.Process] = {}
        for program in programs:
            argv, environment = stack.enter_context(home_of(program, display))
            watch.forget()
            process = stack.enter_context(child(argv, environment))
            if watch.first_paint(_TIMEOUT_S) is not None:
                processes[program.name] = psutil.Process(process.pid)
            elif program.name == CONSOLE:
                raise CannotRun(f"the console showed no window within {_TIMEOUT_S:g} s")
        yield processes
