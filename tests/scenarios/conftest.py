"""Qt for the scenarios inside one process, and a desktop of its own for those from outside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.drive import Desktop, missing_packages
from tests.helpers.qt import (
    nothing_of_qt_left as nothing_of_qt_left,
)
from tests.helpers.qt import (
    qapp as qapp,
)
from tests.helpers.qt import (
    qasync_loop_factory as qasync_loop_factory,
)
from tests.helpers.qt import (
    qt_messages as qt_messages,
)
from tests.helpers.qt import (
    screen_environment as screen_environment,
)
from tests.scenarios.outside import Office


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "outside: drives the real program on a private display, as a person does")


@pytest.fixture(scope="session")
def desktop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desktop]:
    """One private display with a screen reader's view of it."""
    missing = missing_packages()
    if missing:
        pytest.skip("the console is driven from outside only where these are installed: " + " ".join(missing))
    with Desktop(tmp_path_factory.mktemp("desktop")) as opened:
        yield opened


@pytest.fixture
def office(desktop: Desktop, tmp_path: Path) -> Iterator[Office]:
    """A simulator of its own, and consoles that work against it."""
    with Office(desktop, tmp_path) as opened:
        yield opened
