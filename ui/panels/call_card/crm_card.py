"""*Show in Bitrix24*: the CRM's own card of the call whose card is shown; what came of it is said in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.crm.port import CrmCardShow
from app.errors import PultError
from ui.panels.call_card.view import CallCardView
from ui.texts.card import crm_card_text, crm_error_sentence, no_card_to_show_text

if TYPE_CHECKING:
    from app.bootstrap import Services
    from ui.panels.call_card.card_time import Say
    from ui.tasks import TaskScope


class CrmCardPresenter:
    """`shown` gives the card on show."""

    def __init__(
        self, view: CallCardView, services: Services, scope: TaskScope, say: Say, shown: Callable[[], str | None]
    ) -> None:
        self._services = services
        self._scope = scope
        self._say = say
        self._shown = shown
        view.crm_card_requested.connect(self._show)

    def _show(self) -> None:
        card_key = self._shown()
        if card_key is None:
            self._say(no_card_to_show_text(), "held")
        else:
            self._scope.start(self._ask(card_key), name="show the CRM's card")

    async def _ask(self, card_key: str) -> None:
        try:
            outcome = await self._services.crm_cards.show(card_key)
        except PultError as error:
            self._say(crm_error_sentence(error), "alert")
            return
        self._say(crm_card_text(outcome), "talk" if outcome is CrmCardShow.SHOWN else "held")
