"""Between the account's lists and the corner with my own status. It changes only when the phone system says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.errors import PultError, RightsMissing
from ui.bridge import bridge
from ui.errors import text_of
from ui.panels.my_status.view import MyStatusView
from ui.panels.my_status.view_state import my_status_state
from ui.tasks import TaskScope
from ui.texts.presence import status_refused_text, status_set_text

if TYPE_CHECKING:
    from app.account.lists import AccountLists
    from app.bootstrap import Services


class MyStatusPresenter(QObject):
    """Made after the first paint; lives as long as the view."""

    def __init__(
        self, view: MyStatusView, services: Services, scope: TaskScope, say: Callable[[str, str], None]
    ) -> None:
        super().__init__(view)
        self._view = view
        self._services = services
        self._scope = scope
        self._say = say
        self._setting: int | None = None
        self._why_not = ""
        self._refused_by: object = None
        view.status_requested.connect(self._request)
        bridge(services.account.changes, self._lists_changed, view)
        self._show()

    def _lists_changed(self, _: list[AccountLists]) -> None:
        if self._refused_by is not self._services.account_port:
            self._why_not = ""
        self._show()

    def _request(self, status_id: object) -> None:
        if self._setting is None and isinstance(status_id, int) and status_id != self._services.account.my_status_id:
            self._setting = status_id
            self._show()
            self._scope.start(self._set(status_id), name="set my status")

    async def _set(self, status_id: int) -> None:
        account = self._services.account
        name = next((status.name for status in account.lists.statuses if status.status_id == status_id), "")
        try:
            await account.set_my_status(status_id)
        except PultError as error:
            self._say(status_refused_text(name, text_of(error)), "alert")
            if isinstance(error, RightsMissing):
                self._why_not, self._refused_by = text_of(error), self._services.account_port
        else:
            self._say(status_set_text(name), "talk")
        finally:
            self._setting = None
            self._show()

    def _show(self) -> None:
        account = self._services.account
        self._view.show_state(
            my_status_state(
                account.lists, account.my_status_id, self._services.me, setting=self._setting, why_not=self._why_not
            )
        )
