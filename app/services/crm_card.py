"""The CRM's own card of a call under way, brought up with its user when the operator asks for it, never by itself.

Only a call the CRM knows and has not finished has one: with registration at the first ring, until its card is saved.
"""

from __future__ import annotations

from app.crm.port import CrmCardShow, CrmCardShower
from app.services.delivery import Delivery


class CrmCards:
    """One CRM, or nobody's."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        self._shower: CrmCardShower | None = None

    def use(self, shower: CrmCardShower | None) -> None:
        """Another portal from now on, or none."""
        self._shower = shower

    async def show(self, card_key: str) -> CrmCardShow:
        """Bring it up, and tell what came of it. Raises PultError, StorageError among them."""
        shower = self._shower
        if shower is None:
            return CrmCardShow.NOT_CONNECTED
        entry = await self._delivery.card(card_key)
        if entry is None:
            return CrmCardShow.NOT_REGISTERED
        return await shower.show_card(entry.card, entry.progress(shower.crm_name))
