"""The account's whole memory and its switches, with the calls a test or a scenario makes on it. No HTTP here."""

import re
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Literal

from app.simulator.clock import SimulatorClock
from app.simulator.config import SimulatorConfig
from app.simulator.oauth import Application, TokenDesk

CALL_NOTES = frozenset({"call_in", "call_out"})
REQUESTS_PER_S = 7
REFRESH_TTL_S = 90 * 86_400


@dataclass(slots=True)
class AmoEntity:
    """A contact, company, lead or customer."""

    kind: str
    """Plural, as in the paths: contacts, companies, leads, customers."""
    entity_id: int
    name: str
    phone: str
    responsible_user_id: int
    is_active: bool = True
    """False for a lead that is won or lost."""
    linked_to: tuple[str, int] | None = None
    """The contact or company a lead or customer belongs to."""
    created_at: int = 0
    """Unix seconds."""


@dataclass(slots=True)
class AmoNote:
    """A note in an entity's feed; a call is a note of type call_in or call_out."""

    note_id: int
    kind: str
    entity_id: int
    note_type: str
    params: dict[str, object]
    responsible_user_id: int
    created_by: int
    created_at: int


@dataclass(slots=True)
class UnsortedCall:
    """A call in the inbox of unsorted leads."""

    uid: str
    source_uid: str
    source_name: str
    metadata: dict[str, object]
    event_from: object = None
    """Caller as the call event shows it: swapped with the line when is_call_event_needed (crm-notes 6.2)."""
    event_phone: object = None
    created_at: int = 0
    pipeline_id: int | None = None
    contact_name: str = ""
    """Who becomes a contact when the call is accepted."""
    contact_phone: str = ""


@dataclass
class AmoSwitches:
    """Behaviour of the account that a test turns; the defaults are a healthy account."""

    unknown_number_reply: Literal["bad_request", "ok_with_errors"] = "bad_request"
    """The two shapes seen in the wild for a number that is in nobody's card (crm-notes 6.1)."""
    token_is_valid: bool = True
    subscription_ended: bool = False
    """Writes answer 402."""
    is_forbidden: bool = False
    """Everything answers 403, code 113: address not allowed."""
    is_admin: bool = True
    """Without it the list of users answers 403."""
    limit_rate: bool = True
    blocks_after_refusals: int = 20
    """So many 429 in one run of the account turn into 403 until `unblock`."""


@dataclass(slots=True)
class RateWindow:
    """Requests of the last second, by the simulated clock."""

    clock: SimulatorClock
    seen: deque[float] = field(default_factory=deque)
    refusals: int = 0

    def admit(self) -> bool:
        """Count one request; False when seven were counted within the last second."""
        now_s = self.clock.monotonic()
        while self.seen and now_s - self.seen[0] >= 1.0:
            self.seen.popleft()
        if len(self.seen) >= REQUESTS_PER_S:
            self.refusals += 1
            return False
        self.seen.append(now_s)
        return True


class AmoAccount:
    """Rows, id counters and switches. The methods that work on them live in the modules beside this one."""

    def __init__(self, config: SimulatorConfig, clock: SimulatorClock) -> None:
        self.config = config
        self.clock = clock
        self.switches = AmoSwitches()
        self.window = RateWindow(clock)
        self.desk = TokenDesk(
            Application(config.amocrm_client_id, config.amocrm_client_secret, config.amocrm_redirect_uri),
            clock,
            first_refresh_token=config.amocrm_refresh_token,
            access_ttl_s=config.amocrm_access_ttl_s,
            refresh_ttl_s=REFRESH_TTL_S,
            seed=f"amocrm/{config.seed}",
        )
        """Renews the integration's tokens; the long-lived `config.amocrm_token` stands beside them."""
        self.entities: dict[tuple[str, int], AmoEntity] = {}
        self.notes: list[AmoNote] = []
        self.unsorted: list[UnsortedCall] = []
        self.users: dict[int, str] = {config.amocrm_user_id: "Оператор"}
        self._last_ids: Counter[str] = Counter(note=37_512_062, entity=11_070_880)

    @property
    def now_s(self) -> int:
        """Unix seconds of the simulated clock."""
        return int(self.clock.now().timestamp())

    @property
    def calls(self) -> list[AmoNote]:
        """Call notes, oldest first."""
        return [note for note in self.notes if note.note_type in CALL_NOTES]

    @property
    def contacts(self) -> list[AmoEntity]:
        """Contacts, those made through the API included."""
        return [entity for entity in self.entities.values() if entity.kind == "contacts"]

    def add_contact(self, entity_type: str, entity_id: int, name: str, phone: str, responsible_user_id: int) -> None:
        """Put a customer into the account: CONTACT or COMPANY; LEAD is a contact with one active lead of that id."""
        kind = "companies" if entity_type.upper() == "COMPANY" else "contacts"
        self.entities[kind, entity_id] = AmoEntity(
            kind, entity_id, name, phone, responsible_user_id, created_at=self.now_s
        )
        if entity_type.upper() == "LEAD":
            self.add_linked("leads", entity_id, name, (kind, entity_id))

    def add_linked(
        self, kind: str, entity_id: int, name: str, owner: tuple[str, int], *, is_active: bool = True
    ) -> AmoEntity:
        """Add a lead or a customer (`kind` leads or customers) of a contact or company."""
        responsible_user_id = self.entities[owner].responsible_user_id
        linked = AmoEntity(kind, entity_id, name, "", responsible_user_id, is_active, owner, self.now_s)
        self.entities[kind, entity_id] = linked
        return linked

    def accept_unsorted(self, uid: str) -> AmoEntity:
        """Somebody takes a call out of the inbox: it becomes a contact with a lead. Raises StopIteration."""
        row = next(row for row in self.unsorted if row.uid == uid)
        self.unsorted.remove(row)
        contact_id = self.next_id("entity")
        self.add_contact("CONTACT", contact_id, row.contact_name, row.contact_phone, self.config.amocrm_user_id)
        self.add_linked("leads", self.next_id("entity"), row.contact_name, ("contacts", contact_id))
        return self.entities["contacts", contact_id]

    def add_user(self, user_id: int, name: str) -> None:
        """Add or rename a user."""
        self.users[user_id] = name

    def card_for(self, phone: str) -> AmoEntity | None:
        """Where a call with this number goes: the only active lead, the only customer, else the contact or company."""
        tail = tail_of(phone)
        owner = next((entity for entity in self.entities.values() if tail and tail_of(entity.phone) == tail), None)
        if owner is None:
            return None
        leads = [lead for lead in self.linked("leads", owner) if lead.is_active]
        customers = self.linked("customers", owner)
        if len(leads) == 1 and not customers:
            return leads[0]
        if len(customers) == 1 and not leads:
            return customers[0]
        return owner

    def linked(self, kind: str, owner: AmoEntity) -> list[AmoEntity]:
        """Leads or customers of a contact or company."""
        address = (owner.kind, owner.entity_id)
        return [entity for entity in self.entities.values() if (entity.kind, entity.linked_to) == (kind, address)]

    def calls_of(self, uniq: str) -> list[AmoNote]:
        """Call notes with this params.uniq; more than one is a duplicate."""
        return [note for note in self.calls if note.params.get("uniq") == uniq]

    def duplicates(self) -> list[str]:
        """Every uniq that was written more than once, as calls, notes or unsorted, sorted."""
        written = Counter(str(note.params["uniq"]) for note in self.calls if note.params.get("uniq"))
        written += Counter(str(row.metadata["uniq"]) for row in self.unsorted if row.metadata.get("uniq"))
        return sorted(uniq for uniq, times in written.items() if times > 1)

    def unblock(self) -> None:
        """End the block that follows too many 429."""
        self.window.refusals = 0

    def next_id(self, table: Literal["note", "entity"]) -> int:
        """A fresh id; entities of all kinds count together."""
        taken = {entity_id for _, entity_id in self.entities} if table == "entity" else set()
        self._last_ids[table] += 1
        while self._last_ids[table] in taken:
            self._last_ids[table] += 1
        return self._last_ids[table]


def tail_of(phone: str) -> str:
    """The last ten digits, by which one number equals another."""
    return re.sub(r"\D", "", phone)[-10:]
