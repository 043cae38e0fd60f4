"""httpx comes without its command line and without searching for sniffio in every request."""

from __future__ import annotations

import subprocess
import sys

import pytest

_PROGRAM = """
import sys
searched = []

class Lookout:
    def find_spec(self, name, path=None, target=None):
        searched.append(name)

sys.meta_path.insert(0, Lookout())
if {prepares}:
    from app.http.lean_import import prepare_import
    prepare_import()
    prepare_import()
import httpx
import httpcore._synchronization as synchronization

assert "httpx._decoders" in searched
searched.clear()
for _ in range(3):
    assert synchronization.current_async_library() == "asyncio"
print(len(searched), "httpx._main" in sys.modules and hasattr(sys.modules["httpx._main"], "main"))
"""


def _import_httpx(*, prepares: bool) -> list[str]:
    argv = [sys.executable, "-c", _PROGRAM.format(prepares=prepares)]
    return subprocess.run(argv, capture_output=True, text=True, check=True, timeout=60).stdout.split()


def test_no_search_in_requests_and_no_command_line() -> None:
    assert _import_httpx(prepares=True) == ["0", "False"]


def test_without_the_preparation_every_request_searches() -> None:
    searches, _ = _import_httpx(prepares=False)
    if searches == "0":
        pytest.skip("sniffio is installed here")
    assert int(searches) == 3
