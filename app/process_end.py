"""The last act of a process of ours. Nothing else ends one."""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import NoReturn


def end_process(exit_code: int, *, patience_s: float = 2.0) -> NoReturn:
    """Leave, as the last act of the main thread, when no daemon thread is in the middle of something.

    An interpreter that finalizes while a thread still imports or is inside OpenSSL or D-Bus corrupts memory and dies.
    A thread that hangs is not waited for: then the process ends at once, without finalizing anything.
    """
    give_up_at_s = time.monotonic() + patience_s
    daemons = [thread for thread in threading.enumerate() if thread.daemon and thread is not threading.current_thread()]
    for daemon in daemons:
        daemon.join(max(0.0, give_up_at_s - time.monotonic()))
    if any(daemon.is_alive() for daemon in daemons):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(exit_code)
    sys.exit(exit_code)
