"""amoCRM behind the two CRM ports: whom a number belongs to, and one finished call written once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from app.addresses import address_problem
from app.amocrm import lookups, mapping
from app.amocrm.client import AmocrmClient
from app.amocrm.errors import NUMBER_UNKNOWN
from app.clock import Clock
from app.crm.port import (
    CardProgress,
    CardToWrite,
    ProbeResult,
    ProbeVerdict,
    RecordingShelf,
    RecordingState,
    StepReceipt,
)
from app.domain.customer import CrmSource, CrmUser, Currency, Customer, CustomerKind
from app.domain.phone_number import parse_phone_number
from app.domain.wrap_up import UnknownNumberChoice
from app.errors import NotFound, NotYet, OutcomeUnknown, Refused, RightsMissing
from app.outbox.entry import PlannedStep

CRM_NAME = "amocrm"
CONTACT, CALL = "contact", "call"
_LOOK_AGAIN_S = 30.0
_SKIPPED = StepReceipt({"skipped": "number_unknown"})


def plan_steps(card: CardToWrite) -> tuple[PlannedStep, ...]:
    """The call; before it a contact for its number, where that was chosen for numbers nobody has."""
    steps = [PlannedStep(CRM_NAME, CALL)]
    if _makes_contact(card):
        steps.insert(0, PlannedStep(CRM_NAME, CONTACT))
    return tuple(steps)


@dataclass(frozen=True, slots=True)
class AmocrmHabits:
    """What the settings say. `recording_wait_s`: how long after its end a call waits for the link of its recording;
    `sends_links`: the links open without a login; `pipeline_id`: where unsorted calls go, None = the main one."""

    recording_wait_s: float = 0.0
    sends_links: bool = False
    pipeline_id: int | None = None


class AmocrmCrm:
    """CustomerDirectory and CardWriter of one account."""

    crm_name = CRM_NAME

    def __init__(
        self,
        client: AmocrmClient,
        clock: Clock,
        *,
        habits: AmocrmHabits | None = None,
        shelf: RecordingShelf | None = None,
    ) -> None:
        self._client = client
        self._clock = clock
        self._habits = habits or AmocrmHabits()
        self._shelf = shelf
        self._making_contact = asyncio.Lock()

    # Looking up.

    async def find_customers(self, phone_number: str) -> tuple[Customer, ...]:
        return tuple(owner.customer for owner in await lookups.all_owners(self._client, phone_number))

    async def list_currencies(self) -> tuple[Currency, ...]:
        """None: a call of amoCRM has no cost."""
        return ()

    async def list_sources(self) -> tuple[CrmSource, ...]:
        """None: a call of amoCRM names its source itself."""
        return ()

    async def list_users(self) -> tuple[CrmUser, ...]:
        """Raises RightsMissing for whoever is no administrator: then the id has to be typed in."""
        return await self._client.users()

    async def customer(self, kind: CustomerKind, crm_entity_id: int) -> Customer | None:
        return await self._client.card(kind, crm_entity_id)

    async def who_am_i(self) -> CrmUser:
        """Whoever the token belongs to; the account tells no name."""
        facts = await self._client.account()
        if facts.user_id is None:
            raise OutcomeUnknown("reply_unexpected")
        return CrmUser(facts.user_id, "")

    # Writing a card.

    def steps_of(self, card: CardToWrite) -> tuple[str, ...]:
        return tuple(step.name for step in plan_steps(card))

    def repeat_is_safe(self, step: str) -> bool:
        """Nothing is: the account takes the same call twice, whatever its `uniq` (crm-notes 6.1)."""
        if step not in (CONTACT, CALL):
            raise ValueError(f"amoCRM has no step {step}")
        return False

    async def perform(self, step: str, card: CardToWrite, progress: CardProgress) -> StepReceipt:
        if step == CONTACT:
            return await self._contact(card)
        if step == CALL:
            return await self._call(card, progress)
        raise ValueError(f"amoCRM has no step {step}")

    async def probe(self, step: str, card: CardToWrite, progress: CardProgress) -> ProbeResult:
        if step == CONTACT:
            return await self._probe_contact(card)
        if step == CALL:
            return await self._probe_call(card, progress)
        raise ValueError(f"amoCRM has no probe for {step}")

    async def _contact(self, card: CardToWrite) -> StepReceipt:
        """Whoever has the number already, else a new contact."""
        if not _makes_contact(card):
            # The operator has chosen something else meanwhile.
            return StepReceipt({})
        if parse_phone_number(card.phone_number).is_hidden:
            raise Refused("amo_number_hidden")
        # One after another: two calls of the same stranger, sent side by side, would each find nobody.
        async with self._making_contact:
            found = await lookups.first_owner(self._client, card.phone_number)
            if found is not None:
                return self._owner_receipt(found)
            contact_id = await self._client.add_contact(mapping.contact_of(card))
        return mapping.receipt_of(self._client.account_url, "contact", contact_id, amo_contact_id=contact_id)

    async def _probe_contact(self, card: CardToWrite) -> ProbeResult:
        found = await lookups.first_owner(self._client, card.phone_number)
        if found is None:
            return ProbeResult(ProbeVerdict.NOT_DONE)
        return ProbeResult(ProbeVerdict.DONE, self._owner_receipt(found))

    async def _call(self, card: CardToWrite, progress: CardProgress) -> StepReceipt:
        link = await self._link_of(card)
        chosen = _chosen_place(card)
        if chosen is not None:
            return await self._client.add_note(*chosen, mapping.note_of(card, link))
        if parse_phone_number(card.phone_number).is_hidden:
            return await self._place_without_owner(card, link, Refused("amo_number_hidden"))
        try:
            return await self._client.add_call(mapping.call_of(card, link))
        except NotFound as error:
            if error.code != NUMBER_UNKNOWN:
                raise
            refusal = error
        if not _makes_contact(card):
            return await self._place_without_owner(card, link, refusal)
        return await self._call_new_contact(card, progress, link)

    async def _call_new_contact(self, card: CardToWrite, progress: CardProgress, link: str) -> StepReceipt:
        """The account found nobody by the number. Made now if the choice came after the card was saved; to a contact
        that is there and is not found (a short number, say) the call is added as a note."""
        made = progress.receipts.get(CONTACT)
        if made is None or not made.ids.get("amo_entity_id"):
            made = await self._contact(card)
            try:
                return await self._client.add_call(mapping.call_of(card, link))
            except NotFound as error:
                if error.code != NUMBER_UNKNOWN:
                    raise
        plural, entity_id = mapping.PLURALS[made.ids["amo_entity_type"]], int(made.ids["amo_entity_id"])
        return await self._client.add_note(plural, entity_id, mapping.note_of(card, link))

    async def _place_without_owner(self, card: CardToWrite, link: str, refusal: Refused) -> StepReceipt:
        """What was chosen for a number nobody has. Raises `refusal` where it is still to be chosen."""
        if card.unknown_number is UnknownNumberChoice.SKIP:
            return _SKIPPED
        if card.unknown_number is UnknownNumberChoice.ATTACH:
            raise Refused("amo_customer_needed")
        if card.unknown_number is not UnknownNumberChoice.UNSORTED:
            raise refusal
        uid = await self._client.add_unsorted(mapping.unsorted_of(card, link, self._habits.pipeline_id))
        return mapping.receipt_of(self._client.account_url, "", None, amo_unsorted_uid=uid)

    async def _probe_call(self, card: CardToWrite, progress: CardProgress) -> ProbeResult:
        """Everywhere the call may be, whatever is chosen now: the choice may have been another when it was sent."""
        owners = await lookups.all_owners(self._client, card.phone_number)
        places = [place for owner in owners for place in owner.places()]
        places += [place for place in (_chosen_place(card), _made_place(progress)) if place is not None]
        found = await lookups.find_call(self._client, card.card_key, places) or await self._in_inbox(card)
        if found is not None:
            return ProbeResult(ProbeVerdict.DONE, found)
        if _chosen_place(card) is None and lookups.came_since(owners, mapping.ended_at(card)):
            # An unsorted call leaves the inbox once somebody accepts it, and then the number has an owner.
            if card.unknown_number is UnknownNumberChoice.UNSORTED:
                return ProbeResult(ProbeVerdict.HALF_DONE)
            if card.unknown_number is UnknownNumberChoice.SKIP:
                return ProbeResult(ProbeVerdict.DONE, _SKIPPED)
        return ProbeResult(ProbeVerdict.NOT_DONE)

    async def _in_inbox(self, card: CardToWrite) -> StepReceipt | None:
        try:
            return await lookups.find_unsorted(self._client, card.card_key)
        except (RightsMissing, NotFound):
            # An account without the inbox. Who cannot read it cannot have written to it either.
            if card.unknown_number is UnknownNumberChoice.UNSORTED:
                raise
            return None

    async def _link_of(self, card: CardToWrite) -> str:
        """The recording's link: a call cannot be changed once it is written, so it is waited for.

        Raises NotYet("recording_not_ready"), StorageError.
        """
        if self._shelf is None or not self._habits.sends_links or card.talk_s <= 0:
            return ""
        recording = await self._shelf.recording_of(card.card_key)
        if recording.link:
            return recording.link if address_problem(recording.link) is None else ""
        since_end_s = (self._clock.now() - mapping.ended_at(card)).total_seconds()
        left_s = self._habits.recording_wait_s - max(0.0, since_end_s)
        if recording.recording_state is not RecordingState.NOT_YET or left_s <= 0:
            return ""
        raise NotYet("recording_not_ready", retry_in_s=min(_LOOK_AGAIN_S, left_s))

    def _owner_receipt(self, owner: lookups.NumberOwner) -> StepReceipt:
        kind, entity_id = owner.customer.kind.value, owner.customer.crm_entity_id
        return mapping.receipt_of(self._client.account_url, kind, entity_id)


def _makes_contact(card: CardToWrite) -> bool:
    return card.unknown_number is UnknownNumberChoice.CREATE_CONTACT and _chosen_place(card) is None


def _chosen_place(card: CardToWrite) -> tuple[str, int] | None:
    """The customer the operator chose in amoCRM: the call goes there, whoever else has the number."""
    if card.second_kind is None or card.second_id is None:
        return None
    return mapping.plural_of(card.second_kind), card.second_id


def _made_place(progress: CardProgress) -> tuple[str, int] | None:
    """The contact an earlier step found or made."""
    receipt = progress.receipts.get(CONTACT)
    if receipt is None or not receipt.ids.get("amo_entity_id"):
        return None
    return mapping.PLURALS[receipt.ids["amo_entity_type"]], int(receipt.ids["amo_entity_id"])
