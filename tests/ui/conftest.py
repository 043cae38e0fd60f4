"""Qt for the tests of this room; the rules are in tests/helpers/qt.py."""

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
