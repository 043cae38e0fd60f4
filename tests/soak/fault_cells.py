"""The table of faults: at which requests of a card, which faults, and how each cell should end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from app.crm.port import CardProgress, CardToWrite, CardWriter, ProbeResult, StepReceipt
from app.domain.customer import CustomerKind
from app.domain.wrap_up import UnknownNumberChoice
from app.simulator.faults import (
    BlackHole,
    DropBefore,
    Fault,
    HalfReply,
    HtmlPage,
    HttpError,
    LoseReply,
    ResetMidReply,
    Status200Error,
)
from tests.soak.chain_table import Crms
from tests.soak.soak_cards import KNOWN_NUMBERS, soak_card

_JSON = "application/json"
_STRANGER = "79990001122"
_KNOWN = min(KNOWN_NUMBERS)


@dataclass(frozen=True, slots=True)
class Place:
    """One kind of request. `after_lost`: an earlier request whose reply has to get lost for this one to be sent."""

    crm_name: str
    step: str
    operation: str
    name: str
    after_lost: str = ""
    card: str = "known"


PLACES = (
    Place("bitrix24", "register", "telephony.externalCall.register", "bitrix24 register"),
    Place("bitrix24", "finish", "telephony.externalCall.finish", "bitrix24 finish"),
    Place("bitrix24", "note", "crm.timeline.comment.add", "bitrix24 note"),
    Place("bitrix24", "record", "telephony.externalCall.attachRecord", "bitrix24 record, its address"),
    Place("bitrix24", "record", "upload", "bitrix24 record, its upload"),
    Place(
        "bitrix24",
        "finish",
        "crm.activity.list",
        "bitrix24 probe of finish",
        after_lost="telephony.externalCall.finish",
    ),
    Place(
        "bitrix24", "note", "crm.timeline.comment.list", "bitrix24 probe of note", after_lost="crm.timeline.comment.add"
    ),
    Place("amocrm", "call", "POST calls", "amocrm call"),
    Place("amocrm", "call", "POST contacts/notes", "amocrm call to a chosen contact", card="chosen"),
    Place("amocrm", "contact", "POST contacts", "amocrm contact", card="new contact"),
    Place("amocrm", "call", "POST leads/unsorted/sip", "amocrm unsorted call", card="unsorted"),
    Place("amocrm", "call", "GET contacts/notes", "amocrm probe of call", after_lost="POST calls"),
)


def _said(http_status: int, code: str, *, retry_after: str = "", text: str = "Нет") -> HttpError:
    """A refusal as both CRMs would word it."""
    body = (
        f'{{"error":"{code}","error_description":"{text}","title":"{text}","detail":"{text}","status":{http_status}}}'
    )
    headers = (("retry-after", retry_after),) if retry_after else ()
    return HttpError(http_status, body.encode(), content_type=_JSON, headers=headers)


CUT_OFF = "no connection before it was sent"
FAULTS: Mapping[str, Fault | None] = {
    CUT_OFF: None,
    "closed before it was done": DropBefore(),
    "reply lost": LoseReply(),
    "reset in the reply": ResetMidReply(),
    "half a reply": HalfReply(),
    "500 before": HttpError(500),
    "500 after": HttpError(500, before_effect=False),
    "504 after": HttpError(504, b"<html>Gateway Time-out</html>", before_effect=False, content_type="text/html"),
    "502 page before": HtmlPage(502),
    "429": HttpError(429, b""),
    "429 with Retry-After": HttpError(429, b"", headers=(("retry-after", "30"),)),
    "503 rate": _said(503, "QUERY_LIMIT_EXCEEDED"),
    "503 with Retry-After": _said(503, "QUERY_LIMIT_EXCEEDED", retry_after="30"),
    "401": _said(401, "INVALID_TOKEN"),
    "402 subscription": _said(402, "PAYMENT_REQUIRED"),
    "403 plan": _said(403, "WRONG_LICENSE"),
    "403 access denied": _said(403, "ACCESS_DENIED"),
    "400 refusal": _said(400, "ERROR_CORE"),
    "200 with an error": Status200Error(
        b'{"error":"INTERNAL_SERVER_ERROR","errors":[{"title":"Internal"}],"_total_items":0,"_embedded":{"calls":[]}}'
    ),
    "200 with a page": HttpError(200, b"<html>hello</html>", before_effect=False, content_type="text/html"),
    "200 with a wrong id": HttpError(
        200,
        b'{"result":{"CALL_ID":7,"FILE_ID":[],"ID":null},"_embedded":{"calls":[{"id":1,"request_id":"other"}],'
        b'"notes":[{"id":"x"}],"contacts":[{}],"unsorted":[{}]}}',
        before_effect=False,
        content_type=_JSON,
    ),
    "200 with garbage": HttpError(200, b'{"result":{"CALL_I', before_effect=False, content_type=_JSON),
    "slow beyond the deadline, done": BlackHole(),
    "slow beyond the deadline, not done": BlackHole(before_effect=True),
}
CRASHES = tuple(f"crash {moment}" for moment in ("before claim", "after claim", "before receipt", "after receipt"))


@dataclass(frozen=True)
class Cell:
    """One fault at one place."""

    place: Place
    fault_name: str

    @property
    def name(self) -> str:
        return f"{self.place.name}, {self.fault_name}"

    @cached_property
    def fault(self) -> Fault | None:
        return FAULTS.get(self.fault_name)

    @property
    def is_slow(self) -> bool:
        return isinstance(self.fault, BlackHole)

    @property
    def crash(self) -> str:
        """The commit at which the program dies; "" when it does not."""
        if self.fault_name not in CRASHES:
            return ""
        return f"{self.place.crm_name} {self.place.step} {self.fault_name.removeprefix('crash ')}"

    @property
    def makes_sense(self) -> bool:
        """A probe has no claim of its own, and its deadline is that of any reading: long, in real time. The claim of a
        record is one for both of its requests."""
        if self.place.after_lost or self.place.operation.endswith("attachRecord"):
            return not self.crash and not (self.is_slow and self.place.after_lost)
        return True


def card_of(place: Place, now: datetime) -> CardToWrite:
    """A card that comes to this place."""
    card = replace(
        soak_card(1, now),
        phone_number=_KNOWN,
        started_at=now - timedelta(minutes=2),
        talk_s=95,
        disposition_code="200",
        notes="Просила перезвонить",
        crm_create=False,
        wants_recording=True,
        second_kind=None,
        second_id=None,
        unknown_number=UnknownNumberChoice.ASK,
    )
    match place.card:
        case "chosen":
            return replace(card, second_kind=CustomerKind.CONTACT, second_id=KNOWN_NUMBERS[_KNOWN])
        case "new contact":
            choice = UnknownNumberChoice.CREATE_CONTACT
        case "unsorted":
            choice = UnknownNumberChoice.UNSORTED
        case _:
            return card
    return replace(card, phone_number=_STRANGER, unknown_number=choice, crm_create=True)


class CutOff:
    """For the cell without a connection: its CRM is away while the step is first tried."""

    def __init__(self, cell: Cell) -> None:
        self._cell = cell
        self._crms: Crms | None = None
        self._is_over = cell.fault_name != CUT_OFF

    def use(self, crms: Crms) -> None:
        self._crms = crms

    def wrap(self, writer: CardWriter) -> CardWriter:
        return _Cut(writer, self) if writer.crm_name == self._cell.place.crm_name else writer

    def set_down(self, step: str, *, is_probe: bool, down: bool) -> None:
        is_here = step == self._cell.place.step and is_probe is bool(self._cell.place.after_lost)
        if self._crms is not None and is_here and not self._is_over:
            self._crms.servers[self._cell.place.crm_name].set_down(down=down)
            self._is_over = not down


class _Cut:
    def __init__(self, writer: CardWriter, cut_off: CutOff) -> None:
        self._writer = writer
        self._cut_off = cut_off
        self.crm_name = writer.crm_name

    def steps_of(self, card: CardToWrite) -> tuple[str, ...]:
        return self._writer.steps_of(card)

    def repeat_is_safe(self, step: str) -> bool:
        return self._writer.repeat_is_safe(step)

    async def perform(self, step: str, card: CardToWrite, progress: CardProgress) -> StepReceipt:
        self._cut_off.set_down(step, is_probe=False, down=True)
        try:
            return await self._writer.perform(step, card, progress)
        finally:
            self._cut_off.set_down(step, is_probe=False, down=False)

    async def probe(self, step: str, card: CardToWrite, progress: CardProgress) -> ProbeResult:
        self._cut_off.set_down(step, is_probe=True, down=True)
        try:
            return await self._writer.probe(step, card, progress)
        finally:
            self._cut_off.set_down(step, is_probe=True, down=False)


def expected_of(cell: Cell) -> tuple[str, str]:
    """How the card ends there, and for which reason."""
    return EXPECTED.get((cell.place.name, cell.fault_name)) or EXPECTED.get(
        (cell.place.crm_name, cell.fault_name), ("done", "")
    )


# By CRM, or by place where that place is another matter. What is not here ends done, by itself.
EXPECTED: Mapping[tuple[str, str], tuple[str, str]] = {
    ("bitrix24", "401"): ("paused", "invalid_token"),
    ("bitrix24", "402 subscription"): ("paused", "payment_required"),
    ("bitrix24", "403 plan"): ("paused", "wrong_license"),
    ("bitrix24", "403 access denied"): ("paused", "access_denied"),
    ("bitrix24", "400 refusal"): ("parked", "error_core"),
    # About this customer, not about the account.
    ("bitrix24 note", "403 access denied"): ("parked", "customer_access_denied"),
    ("bitrix24 probe of note", "403 access denied"): ("parked", "customer_access_denied"),
    # The address holds a token of its own: asked for anew where that has run out, and no word about ours.
    ("bitrix24 record, its upload", "401"): ("done", ""),
    ("bitrix24 record, its upload", "402 subscription"): ("parked", "http_refused"),
    ("bitrix24 record, its upload", "403 plan"): ("parked", "http_refused"),
    ("bitrix24 record, its upload", "403 access denied"): ("parked", "http_refused"),
    ("amocrm", "401"): ("paused", "amo_token_refused"),
    ("amocrm", "402 subscription"): ("paused", "amo_subscription_ended"),
    ("amocrm", "403 plan"): ("paused", "amo_forbidden"),
    ("amocrm", "403 access denied"): ("paused", "amo_forbidden"),
    # The account itself still answers, so it is about this customer.
    **{
        (place, fault): ("parked", "amo_customer_access_denied")
        for place in ("amocrm call to a chosen contact", "amocrm probe of call")
        for fault in ("403 plan", "403 access denied")
    },
    ("amocrm", "400 refusal"): ("parked", "amo_refused"),
    ("amocrm call", "200 with an error"): ("parked", "amo_call_refused"),
}
