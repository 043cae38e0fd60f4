"""Where the frozen program starts: the window, exactly as `python -m ui` starts it."""

import runpy

if __name__ == "__main__":
    runpy.run_module("ui", run_name="__main__", alter_sys=True)
