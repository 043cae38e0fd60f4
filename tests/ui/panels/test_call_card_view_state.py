"""What the call card works out before anything is painted: pure values in, pure values out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from app.crm.port import CardToWrite, StepReceipt
from app.domain.calls import CallSessionId, Direction, EmployeeId, LegId
from app.domain.customer import Customer, CustomerChoice, CustomerDecision, CustomerKind
from app.domain.wrap_up import CallFacts, CardDraft, CardFields, Disposition, ProposedDisposition
from app.errors import LinkDown, PultError
from app.outbox.drafts import PartTrace
from app.outbox.entry import RECORDING_LANE, OutboxCard, OutboxStep, StepState
from app.outbox.reasons import RECORDING_NOT_READY
from app.services.open_card import Lookup as LookupWord
from app.services.open_card import OpenCard, SaveState
from ui.panels.call_card.portal_address import leads_to_portal, portal_origin
from ui.panels.call_card.view_state import (
    FieldDefaults,
    Lookup,
    StepMark,
    card_for_notes,
    card_to_show,
    chips_of,
    duration_parts,
    editor_state,
    my_call_card,
    notes_will_wait,
    portal_link,
    receipt_state,
    shows_failed_reason,
    waiting_cards,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MARIA = Customer(CustomerKind.CONTACT, 797, "Мария Белова")
ACME = Customer(CustomerKind.COMPANY, 31, "ООО «Ромашка»")
FACTS = CallFacts(
    card_key="pult-pbx-1-2",
    call_session_id=CallSessionId(3_960_098_281),
    leg_id=LegId(5_550_001),
    employee_id=EmployeeId(2001),
    direction=Direction.INBOUND,
    phone_number="79062195047",
    line_number="74951234567",
    started_at=NOW,
)
FINISHED = replace(FACTS, talk_s=95, proposed=ProposedDisposition(Disposition.SUCCESS))


def open_card(
    facts: CallFacts = FACTS,
    fields: CardFields | None = None,
    *,
    matches: tuple[Customer, ...] = (),
    lookup: LookupWord = "pending",
    lookup_error: PultError | None = None,
    save: SaveState = "editing",
) -> OpenCard:
    return OpenCard(CardDraft(facts, fields or CardFields()), matches, lookup, lookup_error, save)


def outbox_card(*steps: OutboxStep, age_s: float = 60.0, card_key: str = "k") -> OutboxCard:
    card = CardToWrite(card_key, Direction.INBOUND, "79062195047", "74951234567", NOW, 95, "200", 7)
    return OutboxCard(card_key, NOW - timedelta(seconds=age_s), card, steps)


def step(name: str, state: StepState, reason: str | None = None, **ids: str) -> OutboxStep:
    receipt = StepReceipt(ids) if ids else None
    return OutboxStep(name, "bitrix24", state, reason=reason, receipt=receipt)


def test_an_untouched_card_shows_me_the_base_currency_and_the_first_match() -> None:
    defaults = FieldDefaults(crm_user_id=7, crm_user_name="Ирина", base_currency="RUB")
    state = editor_state(open_card(matches=(MARIA, ACME), lookup="done"), defaults)
    assert state.fields.crm_user_id == 7
    assert state.crm_user_name == "Ирина"
    assert state.fields.currency == "RUB"
    assert state.fields.customer == CustomerChoice(CustomerDecision.FOUND, MARIA)
    assert state.caller_name == "Мария Белова"
    assert state.phone_number == "+7 906 219-50-47"


def test_what_the_operator_decided_is_stronger_than_every_default() -> None:
    fields = CardFields(crm_user_id=9, currency="KZT", customer=CustomerChoice(CustomerDecision.WITHOUT))
    defaults = FieldDefaults(crm_user_id=7, crm_user_name="Ирина", base_currency="RUB", creates_unknown=True)
    state = editor_state(open_card(fields=fields, matches=(MARIA,), lookup="done"), defaults)
    assert state.fields == fields
    assert state.named_user_id != state.fields.crm_user_id
    assert state.caller_name == ""


@pytest.mark.parametrize(
    ("phone_number", "lookup", "matches", "expected"),
    [
        ("79062195047", "pending", (), Lookup.LOOKING),
        ("79062195047", "done", (), Lookup.NOBODY),
        ("79062195047", "failed", (), Lookup.FAILED),
        ("79062195047", "done", (MARIA,), Lookup.FOUND),
        ("anonymous", "done", (), Lookup.HIDDEN),
        ("", "pending", (), Lookup.HIDDEN),
    ],
)
def test_who_calls_is_told_by_one_word(
    phone_number: str, lookup: LookupWord, matches: tuple[Customer, ...], expected: Lookup
) -> None:
    card = open_card(replace(FACTS, phone_number=phone_number), matches=matches, lookup=lookup)
    assert editor_state(card, FieldDefaults()).lookup is expected


def test_an_unknown_number_is_created_by_default_only_where_the_settings_say_so() -> None:
    card = open_card(lookup="done")
    assert editor_state(card, FieldDefaults()).fields.customer.decision is CustomerDecision.UNDECIDED
    created = editor_state(card, FieldDefaults(creates_unknown=True)).fields.customer
    assert created.decision is CustomerDecision.CREATE
    asking = editor_state(open_card(lookup="pending"), FieldDefaults(creates_unknown=True)).fields.customer
    assert asking.decision is CustomerDecision.UNDECIDED


def test_a_card_can_be_saved_when_the_call_has_ended_and_not_twice_at_once() -> None:
    assert not editor_state(open_card(), FieldDefaults()).can_save
    assert editor_state(open_card(FINISHED), FieldDefaults()).can_save
    assert not editor_state(open_card(FINISHED, save="saving"), FieldDefaults()).can_save
    assert editor_state(open_card(FINISHED, save="not_saved"), FieldDefaults()).can_save


def test_a_new_card_comes_up_by_itself_unless_the_operator_types_in_another() -> None:
    def shown(shown_key: str | None, opened: list[str], *, typing: bool, receipt: str | None = None) -> str | None:
        return card_to_show(["a", "b"], shown_key, opened, receipt_key=receipt, operator_is_typing=typing)

    assert shown(None, ["a", "b"], typing=False) == "b"
    assert shown("a", ["b"], typing=False) == "b"
    assert shown("a", ["b"], typing=True) == "a"
    assert shown("a", [], typing=False) == "a"
    assert shown("r", ["b"], typing=True, receipt="r") == "b"
    assert shown("r", [], typing=False, receipt="r") == "r"
    assert shown("dropped", [], typing=False) == "a"
    assert shown("dropped", [], typing=True) is None
    assert shown("dropped", ["b"], typing=True) is None
    assert card_to_show([], "dropped", [], receipt_key=None, operator_is_typing=False) is None


def test_typing_never_changes_the_card_whatever_arrives() -> None:
    """Every situation in which the card under the operator's fingers is still open."""
    for opened, receipt, others in product(([], ["n"], ["n", "m"]), (None, "r", "a"), ([], ["b"])):
        keys = ["a", *others, *opened]
        assert card_to_show(keys, "a", opened, receipt_key=receipt, operator_is_typing=True) == "a"


def test_my_calls_card_comes_in_front_of_a_receipt_and_of_a_card_nobody_asked_for() -> None:
    def shown(
        shown_key: str | None, *, typing: bool = False, mine: str | None = "b", chosen: bool = False
    ) -> str | None:
        return card_to_show(
            ["a", "b"],
            shown_key,
            [],
            receipt_key="r",
            operator_is_typing=typing,
            my_call_key=mine,
            is_chosen=chosen,
        )

    assert shown("r") == "b"
    assert shown("r", mine=None) == "r"
    assert shown("a") == "b"
    assert shown("a", chosen=True) == "a"
    assert shown("a", typing=True) == "a"
    assert shown("dropped") == "b"
    assert shown("dropped", typing=True) is None


def test_the_notes_meant_are_those_of_my_call_else_of_the_card_shown_else_of_the_oldest() -> None:
    done, done_too = open_card(FINISHED), open_card(replace(FINISHED, card_key="done too"))
    ringing = open_card(replace(FACTS, card_key="ringing"))
    talk = replace(open_card(replace(FACTS, card_key="talk")), trace=PartTrace(talk_began_at=NOW))
    assert card_for_notes([done, talk, ringing], done.draft.card_key) == "talk"
    assert card_for_notes([done, talk, ringing], "ringing") == "ringing"
    assert card_for_notes([done, ringing], None) == "ringing"
    assert card_for_notes([done, done_too], "done too") == "done too"
    assert card_for_notes([done, done_too], "saved") == done.draft.card_key
    assert card_for_notes([], "saved") is None
    assert my_call_card([done, done_too], None) is None


def test_a_single_card_needs_no_strip_and_several_are_told_apart() -> None:
    first = open_card(FINISHED, matches=(MARIA,))
    second = open_card(replace(FACTS, card_key="second", phone_number="anonymous"))
    assert chips_of([first], FINISHED.card_key) == ()
    assert [chip.is_shown for chip in chips_of([first], None)] == [False]
    chips = chips_of([first, second], "second")
    assert [(chip.title, chip.is_finished, chip.is_shown) for chip in chips] == [
        ("Мария Белова", True, False),
        ("", False, True),
    ]


@pytest.mark.parametrize("disposition", list(Disposition))
def test_every_outcome_but_success_asks_for_a_reason(disposition: Disposition) -> None:
    assert shows_failed_reason(disposition) is (disposition is not Disposition.SUCCESS)
    assert not shows_failed_reason(None)


@pytest.mark.parametrize(
    ("decision", "waits"),
    [
        (CustomerDecision.UNDECIDED, True),
        (CustomerDecision.WITHOUT, True),
        (CustomerDecision.FOUND, False),
        (CustomerDecision.PICKED, False),
        (CustomerDecision.CREATE, False),
    ],
)
def test_notes_wait_only_while_they_belong_to_nobody(decision: CustomerDecision, waits: bool) -> None:
    customer = CustomerChoice(
        decision, MARIA if decision in (CustomerDecision.FOUND, CustomerDecision.PICKED) else None
    )
    assert notes_will_wait(CardFields(notes="text", customer=customer)) is waits
    assert not notes_will_wait(CardFields(notes="  \n", customer=customer))


def test_every_state_of_the_outbox_has_a_mark_of_its_own() -> None:
    marks = {receipt_state(outbox_card(step("register", state)), "").steps[0].mark: state for state in StepState}
    assert set(marks) == set(StepMark)
    assert marks[StepMark.DONE] is StepState.DONE
    assert marks[StepMark.UNSURE] is StepState.UNKNOWN


def test_a_receipt_shows_steps_activity_warnings_and_the_link() -> None:
    warned = OutboxStep(
        "finish", "bitrix24", StepState.DONE, receipt=StepReceipt({"activity_id": "7943"}, ("no lead",))
    )
    card = outbox_card(step("register", StepState.DONE, customer_kind="contact", customer_id="797"), warned)
    state = receipt_state(card, "https://portal.test")
    assert state.is_done
    assert state.activity_id == "7943"
    assert state.warnings == ("no lead",)
    assert state.link == "https://portal.test/crm/contact/details/797/"


def test_the_reason_on_show_is_that_of_the_step_the_card_stands_at() -> None:
    card = outbox_card(step("register", StepState.DONE, "old"), step("finish", StepState.PENDING, "connect"))
    state = receipt_state(card, "")
    assert (state.is_done, state.reason) == (False, "connect")


def test_waiting_cards_are_those_not_done_oldest_first() -> None:
    done = outbox_card(step("register", StepState.DONE), card_key="done")
    young = outbox_card(step("register", StepState.PENDING, "connect"), age_s=30, card_key="young")
    old = outbox_card(
        step("finish", StepState.DONE), step("note", StepState.PARKED, "customer_needed"), age_s=600, card_key="old"
    )
    waiting = waiting_cards([done, young, old], NOW)
    assert [card.card_key for card in waiting] == ["old", "young"]
    assert (waiting[0].mark, waiting[0].needs_customer, waiting[0].step) == (StepMark.PARKED, True, "note")
    assert (waiting[1].mark, waiting[1].needs_customer, waiting[1].age_s) == (StepMark.WAITING, False, 30.0)


def test_a_card_that_needs_somebody_tells_what_for_whatever_else_of_it_waits() -> None:
    recording = step("record", StepState.PENDING, "recording_not_ready")
    amo = OutboxStep("call", "amocrm", StepState.PARKED, reason="amo_number_unknown")
    card = outbox_card(step("register", StepState.DONE), recording, amo)
    (waiting,) = waiting_cards([card], NOW)
    assert (waiting.mark, waiting.reason, waiting.needs_queue) == (StepMark.PARKED, "amo_number_unknown", True)
    assert waiting.crm_name == "amocrm"
    receipt = receipt_state(card, "")
    assert (receipt.reason, receipt.crm_name) == ("amo_number_unknown", "amocrm")
    assert receipt.crm_names == ("bitrix24", "amocrm")
    (hidden,) = waiting_cards([outbox_card(step("register", StepState.PARKED, "number_hidden"))], NOW)
    assert (hidden.needs_queue, hidden.needs_customer) == (True, False)
    (refused,) = waiting_cards([outbox_card(step("register", StepState.PARKED, "refused"))], NOW)
    assert not refused.needs_queue


def test_a_receipt_names_the_crms_that_have_the_card_or_do_not_yet() -> None:
    def named(amo: OutboxStep) -> tuple[str, ...]:
        return receipt_state(outbox_card(step("register", StepState.DONE, call_id="1"), amo), "").crm_names

    call = OutboxStep("call", "amocrm", StepState.PENDING)
    assert named(call) == ("amocrm",)
    assert named(replace(call, step_state=StepState.DONE, receipt=StepReceipt({"note_id": "5"}))) == (
        "bitrix24",
        "amocrm",
    )
    assert named(replace(call, step_state=StepState.DONE, receipt=StepReceipt({"skipped": "number_unknown"}))) == (
        "bitrix24",
    )


def test_a_recording_that_is_late_hides_no_trouble_of_the_other_crm() -> None:
    recording = OutboxStep("record", "bitrix24", StepState.PENDING, reason=RECORDING_NOT_READY, lane=RECORDING_LANE)
    call = OutboxStep("call", "amocrm", StepState.PENDING, reason="connect")
    card = outbox_card(step("register", StepState.DONE), recording, call)
    assert card.leading_step is call
    assert receipt_state(card, "").crm_names == ("amocrm",)
    untried = replace(call, reason=None)
    assert outbox_card(recording, untried).leading_step is untried


def test_a_next_try_is_promised_only_where_one_will_come() -> None:
    later = NOW + timedelta(seconds=40)
    pending = replace(step("register", StepState.PENDING, "connect"), next_try_at=later)
    parked = replace(step("register", StepState.PARKED, "refused"), next_try_at=later)
    assert waiting_cards([outbox_card(pending)], NOW)[0].next_try_at == later
    assert waiting_cards([outbox_card(parked)], NOW)[0].next_try_at is None


@pytest.mark.parametrize(
    ("ids", "path"),
    [
        ({"activity_id": "7943"}, "/crm/activity/?open_view=7943"),
        ({"customer_kind": "lead", "customer_id": "5", "activity_id": "7943"}, "/crm/lead/details/5/"),
        ({"activity_id": "7943&x=1"}, ""),
        ({"activity_id": "../admin"}, ""),
        ({"customer_kind": "../../evil", "customer_id": "5"}, ""),
        ({"customer_kind": "contact", "customer_id": "5/../../x"}, ""),
        ({"activity_id": "٣"}, ""),
        ({}, ""),
    ],
)
def test_only_numbers_and_known_kinds_make_it_into_a_link(ids: dict[str, str], path: str) -> None:
    assert portal_link("https://portal.test", ids) == (f"https://portal.test{path}" if path else "")
    assert portal_link("", ids) == ""


def test_the_portals_address_never_carries_the_webhooks_secret() -> None:
    assert portal_origin("https://portal.bitrix24.ru/rest/1/s3cret/") == "https://portal.bitrix24.ru"
    assert portal_origin("http://127.0.0.1:8080/rest/7/s3cret/") == "http://127.0.0.1:8080"
    for address in ("", "javascript:alert(1)", "http://portal.ru/rest/1/x/", "https://u:p@portal.ru/", "file:///etc"):
        assert portal_origin(address) == ""


def test_a_link_is_opened_only_on_exactly_the_portals_host() -> None:
    origin = "https://portal.bitrix24.ru"
    assert leads_to_portal("https://portal.bitrix24.ru/crm/lead/details/5/", origin)
    for link in (
        "https://portal.bitrix24.ru.evil.test/crm/",
        "https://portal.bitrix24.ru@evil.test/",
        "http://portal.bitrix24.ru/crm/",
        "https://evil.test/?https://portal.bitrix24.ru",
        "https://portal.bitrix24.ru:444/",
        "",
    ):
        assert not leads_to_portal(link, origin)
    assert not leads_to_portal("https://portal.bitrix24.ru/", "")


def test_durations_are_whole_minutes_and_seconds() -> None:
    assert [duration_parts(seconds) for seconds in (0, 59, 60, 754, 6_000, -3)] == [
        (0, 0),
        (0, 59),
        (1, 0),
        (12, 34),
        (100, 0),
        (0, 0),
    ]


def test_a_failed_lookup_keeps_its_error_for_the_sentence() -> None:
    error = LinkDown("connect")
    state = editor_state(open_card(lookup="failed", lookup_error=error), FieldDefaults())
    assert state.lookup_error is error
