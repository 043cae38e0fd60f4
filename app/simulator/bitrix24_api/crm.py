"""The portal's CRM: customers by number, activities and timeline comments. Knows no HTTP and no telephony methods."""

from app.simulator.bitrix24_api.rows import CallActivity, CrmEntity, TimelineComment
from app.simulator.bitrix24_api.values import stripped_number, tail_of

RECOMMENDED_FIRST = ("CONTACT", "COMPANY", "LEAD")
"""Types found by number, the recommended one first; deals have no number."""


class CrmBase:
    """Entities keyed by type and id, and what hangs on them."""

    def __init__(self) -> None:
        self.entities: dict[tuple[str, int], CrmEntity] = {}
        self.activities: list[CallActivity] = []
        self.comments: list[TimelineComment] = []
        self._next_lead_id = 5001

    def add(self, entity_type: str, entity_id: int, name: str, phone: str, responsible_user_id: int) -> CrmEntity:
        """Add or replace an entity; the type in any case."""
        entity = CrmEntity(entity_type.upper(), entity_id, name, stripped_number(phone), responsible_user_id)
        self.entities[entity.entity_type, entity_id] = entity
        return entity

    def create_lead(self, phone_number: str, responsible_user_id: int, call_id: str) -> CrmEntity:
        """What CRM_CREATE=1 makes for a number nobody has."""
        while ("LEAD", self._next_lead_id) in self.entities:
            self._next_lead_id += 1
        lead = self.add("LEAD", self._next_lead_id, f"{phone_number}", phone_number, responsible_user_id)
        lead.created_by_call = call_id
        return lead

    def of_type(self, entity_type: str) -> list[CrmEntity]:
        """All entities of one type, in the order they came."""
        return [entity for entity in self.entities.values() if entity.entity_type == entity_type]

    def find(self, entity_type: str, entity_id: int) -> CrmEntity | None:
        """One entity; the type in any case."""
        return self.entities.get((entity_type.upper(), entity_id))

    def find_by_number(self, phone_number: str) -> list[CrmEntity]:
        """Everyone with this number (last ten digits), the recommended one first."""
        tail = tail_of(phone_number)
        if not tail:
            return []
        found = [
            entity
            for entity in self.entities.values()
            if entity.entity_type in RECOMMENDED_FIRST and tail_of(entity.phone_number) == tail
        ]
        found.sort(key=lambda entity: RECOMMENDED_FIRST.index(entity.entity_type))
        return found
