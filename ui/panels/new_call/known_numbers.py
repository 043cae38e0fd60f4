"""What is known of numbers while one types: those of late, and whose a number is. Asks the CRM once for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.errors import PultError
from ui.tasks import TaskScope

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.services.dialled_numbers import DialledNumber

_RECENT, _FREQUENT = 60, 12
_ASKED_AFTER_MS = 600


class KnownNumbers(QObject):
    """`learnt` is called when there is more to show."""

    def __init__(self, parent: QObject, services: Services, scope: TaskScope, learnt: Callable[[], None]) -> None:
        super().__init__(parent)
        self.recent: tuple[DialledNumber, ...] = ()
        self.frequent: tuple[DialledNumber, ...] = ()
        self._services = services
        self._scope = scope
        self._learnt = learnt
        self._wanted = ""
        self._asked = ""
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_ASKED_AFTER_MS)
        self._soon.timeout.connect(self._ask)

    def read(self) -> None:
        """The numbers of late, from the disk."""
        self._scope.start(self._read(), name="read numbers of late")

    def name_of(self, number: str) -> str:
        """A colleague's name, else the customer's where the CRM was asked already; empty for nobody."""
        colleague = self._services.account.find_by_number(number)
        return self.customer_of(number) if colleague is None else colleague.name

    def customer_of(self, number: str) -> str:
        """The CRM's name for it, without asking."""
        found = self._services.screen_pop.customer_of(number)
        return found[0].name if found else ""

    def ask_soon(self, number: str) -> None:
        """Whose it is, unless more is typed within a moment; empty: the number is not whole."""
        self._wanted = number
        if number:
            self._soon.start()
        else:
            self._soon.stop()

    def _ask(self) -> None:
        number, services = self._wanted, self._services
        if number == self._asked or services.account.find_by_number(number) is not None:
            return
        if services.screen_pop.customer_of(number) is None:
            self._asked = number
            self._scope.start(self._search(number), name="whose number")

    async def _search(self, number: str) -> None:
        try:
            await self._services.screen_pop.search(number)
        except PultError:
            # Only a name beside the number; the card asks again, and says what is wrong.
            return
        self._learnt()

    async def _read(self) -> None:
        try:
            self.recent = await self._services.dialled.recent(_RECENT)
            self.frequent = await self._services.dialled.frequent(_FREQUENT)
        except PultError:
            # Suggestions only: the field works without them, and the storage's trouble is told elsewhere.
            return
        self._learnt()
