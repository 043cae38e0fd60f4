"""The queue without a window: rows, order, filter, details, links, what can be done and why not, what Edit takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from app.crm.port import StepReceipt
from app.domain.customer import CrmUser
from app.outbox.entry import CardPhase, OutboxCard, OutboxStep, StepState
from tests.ui.windows.queue_samples import (
    FINISHED,
    IN_AMOCRM,
    NOW,
    ORIGINS,
    awaiting_recording,
    card_of,
    done,
    draft_of,
    every_state,
    parked,
    rows_of_everything,
    written,
)
from ui.windows.queue_deeds import Choice, fix_of, verdicts_of
from ui.windows.queue_details import detail_of_card, proofs_of
from ui.windows.queue_edit_state import (
    EditField,
    EditProblem,
    EditState,
    Typed,
    edited_card,
    open_fields_of,
    shown_number,
    user_id_of,
    wanted_fields,
)
from ui.windows.queue_rows import arrange, counts_of, emptiness_of, is_of_the_queue, row_of_card, row_of_draft
from ui.windows.queue_state import (
    DeedProblem,
    ProofKind,
    QueueDeed,
    QueueEmptiness,
    QueueMark,
    QueueRow,
    QueueShow,
    RecordingLine,
)

ROWS = rows_of_everything()


def row(card: OutboxCard) -> QueueRow:
    return row_of_card(card)


def on(choice: Choice) -> set[QueueDeed]:
    return {deed for deed, problem in verdicts_of(choice).items() if problem is None}


def test_every_state_is_told_apart() -> None:
    marks = [row_of_card(card).mark for card in every_state()]
    assert set(marks) == set(QueueMark) - {QueueMark.SET_ASIDE}
    assert row_of_draft(draft_of(1)).mark is QueueMark.SET_ASIDE


def test_what_needs_a_person_is_told_before_what_goes_by_itself() -> None:
    in_flight = OutboxStep("record", "bitrix24", StepState.IN_FLIGHT, lane="recording")
    stopped = OutboxStep("call", "amocrm", StepState.PARKED, reason="amo_number_unknown")
    both = row(card_of(1, in_flight, stopped))
    assert (both.mark, both.crm_name, both.step) == (QueueMark.PARKED, "amocrm", "call")
    waiting = row(
        card_of(
            1,
            OutboxStep("a", "bitrix24", StepState.PENDING),
            OutboxStep("b", "amocrm", StepState.PENDING, reason="connect"),
        )
    )
    assert waiting.reason == "connect", "the one that says why"


def test_a_card_that_awaits_its_recording_is_among_the_sent_ones() -> None:
    calm = row(awaiting_recording(1))
    assert (calm.mark, calm.step, calm.reason) == (QueueMark.AWAITS_RECORDING, "record", "recording_not_ready")
    assert calm.next_try_at is not None
    for show in QueueShow:
        assert bool(arrange([calm], show)) == (show in (QueueShow.SENT, QueueShow.EVERYTHING))
    troubled = {
        "step_state": (StepState.PARKED, QueueMark.PARKED),
        "reason": ("connect", QueueMark.WAITING),
        "attempts": (1, QueueMark.WAITING),
    }
    for name, (value, mark) in troubled.items():
        unsent = row(awaiting_recording(1, **{name: value}))
        assert unsent.mark is mark
        assert arrange([unsent], QueueShow.UNSENT)
    assert fix_of(calm) is QueueDeed.PLAY


def _rank(mark: QueueMark) -> int:
    if mark in (QueueMark.PARKED, QueueMark.SET_ASIDE):
        return 0
    return 2 if mark in (QueueMark.AWAITS_RECORDING, QueueMark.SENT, QueueMark.DISCARDED) else 1


def test_needs_me_first_then_what_waits_longest_then_what_is_over_newest_first() -> None:
    shown = arrange(ROWS, QueueShow.EVERYTHING)
    ranks = [_rank(r.mark) for r in shown]
    assert ranks == sorted(ranks)
    waiting = [r.began_at for r, rank in zip(shown, ranks, strict=True) if rank == 1]
    assert waiting == sorted(waiting)
    over = [r.began_at for r, rank in zip(shown, ranks, strict=True) if rank == 2]
    assert over == sorted(over, reverse=True)


def test_filters_show_what_they_count() -> None:
    counts = counts_of(ROWS)
    for show in QueueShow:
        assert len(arrange(ROWS, show)) == counts[show], show
    assert counts[QueueShow.EVERYTHING] == len(ROWS)
    assert counts[QueueShow.UNSENT] + counts[QueueShow.SENT] + counts[QueueShow.DISCARDED] == len(ROWS)


@pytest.mark.parametrize("text", ["8 (906) 219", "906219", "выслать счёт", "+7 906"])
def test_a_card_is_found_by_its_number_or_a_word_of_its_notes(text: str) -> None:
    found = {r.card_key for r in arrange(ROWS, QueueShow.EVERYTHING, text)}
    assert "pult-pbx-2" in found
    assert "pult-pbx-11" not in found


def test_the_card_looked_at_stays_when_the_filter_would_take_it_away() -> None:
    shown = arrange(ROWS, QueueShow.UNSENT, keep="pult-pbx-9")
    assert "pult-pbx-9" in {r.card_key for r in shown}
    assert "pult-pbx-9" not in {r.card_key for r in arrange(ROWS, QueueShow.UNSENT)}


def test_cards_nobody_saved_are_no_business_of_the_queue() -> None:
    phases = {phase: is_of_the_queue(card_of(1, phase=phase)) for phase in CardPhase}
    assert {phase for phase, shown in phases.items() if shown} == {CardPhase.SAVED, CardPhase.DISCARDED}


@pytest.mark.parametrize(
    ("shown", "of_filter", "was_read", "has_failed", "expected"),
    [
        (1, 1, True, False, QueueEmptiness.NOT_EMPTY),
        (0, 0, False, False, QueueEmptiness.READING),
        (0, 0, False, True, QueueEmptiness.FAILED),
        (0, 3, True, False, QueueEmptiness.NO_MATCH),
        (0, 0, True, False, QueueEmptiness.ALL_SENT),
    ],
)
def test_an_empty_list_says_why(
    shown: int, of_filter: int, was_read: bool, has_failed: bool, expected: QueueEmptiness
) -> None:
    assert (
        emptiness_of(QueueShow.UNSENT, shown=shown, of_filter=of_filter, was_read=was_read, has_failed=has_failed)
        is expected
    )


@pytest.mark.parametrize(
    ("card", "deed"),
    [
        (parked(1, "customer_needed", name="note"), QueueDeed.CHOOSE_CUSTOMER),
        (parked(1, "amo_number_unknown", crm_name="amocrm", name="call"), QueueDeed.CHOOSE_CUSTOMER),
        (parked(1, "amo_number_hidden", crm_name="amocrm", name="call"), QueueDeed.CHOOSE_CUSTOMER),
        (parked(1, "crm_user_needed"), QueueDeed.EDIT),
        (parked(1, "crm_user_not_found"), QueueDeed.EDIT),
        (parked(1, "number_hidden"), QueueDeed.EDIT),
        (parked(1, "unsupported_phone_number"), QueueDeed.EDIT),
        (parked(1, "finish_half_done", name="finish"), QueueDeed.RETRY),
        (parked(1, "parked_by_operator"), QueueDeed.RETRY),
        (every_state()[9], QueueDeed.RESTORE),
    ],
)
def test_each_parked_card_has_a_fix_and_it_is_on(card: OutboxCard, deed: QueueDeed) -> None:
    chosen = row(card)
    assert fix_of(chosen) is deed
    assert deed in on(Choice(chosen))


def test_of_a_discarded_card_nothing_is_promised() -> None:
    waiting = OutboxStep("register", "bitrix24", StepState.PENDING, 3, NOW + timedelta(seconds=40), "connect")
    for phase, is_going in ((CardPhase.SAVED, True), (CardPhase.DISCARDED, False)):
        card = card_of(1, waiting, phase=phase)
        (line,) = detail_of_card(card, row(card), ORIGINS).steps
        assert (bool(line.reason), line.next_try_at is not None) == (is_going, is_going)


def test_what_is_off_says_why() -> None:
    def why(deed: QueueDeed, choice: Choice) -> DeedProblem | None:
        return verdicts_of(choice)[deed]

    sent, discarded = row(every_state()[8]), row(every_state()[9])
    draft, sending = row_of_draft(draft_of(1)), row(every_state()[5])
    needs_customer = row(parked(1, "customer_needed", name="note"))
    assert why(QueueDeed.RETRY, Choice()) is DeedProblem.NOTHING_CHOSEN
    assert why(QueueDeed.RETRY, Choice(sent)) is DeedProblem.IS_SENT
    assert why(QueueDeed.EDIT, Choice(discarded)) is DeedProblem.IS_DISCARDED
    assert why(QueueDeed.DISCARD, Choice(draft)) is DeedProblem.IS_DRAFT
    assert why(QueueDeed.TAKE_UP, Choice(sent)) is DeedProblem.NO_DRAFT
    assert why(QueueDeed.EDIT, Choice(sending)) is DeedProblem.BEING_SENT
    assert why(QueueDeed.RETRY, Choice(needs_customer)) is DeedProblem.NEEDS_CUSTOMER
    assert why(QueueDeed.RESTORE, Choice(sent)) is DeedProblem.NOT_DISCARDED
    assert why(QueueDeed.RETRY_ALL, Choice()) is DeedProblem.NOTHING_WAITS
    assert why(QueueDeed.EXPORT, Choice()) is DeedProblem.NOTHING_TO_EXPORT
    assert why(QueueDeed.PLAY, Choice(sent)) is DeedProblem.NO_RECORDING
    for reason in ("recording_not_wanted", "recording_not_talked", "recording_not_recorded"):
        assert why(QueueDeed.PLAY, Choice(sent, RecordingLine("none", reason=reason))) is DeedProblem.NO_RECORDING
    assert why(QueueDeed.PLAY, Choice(sent, RecordingLine("none", reason="recording_waited_long_enough"))) is None
    assert why(QueueDeed.PLAY, Choice(sent, RecordingLine("not_yet"))) is None
    assert why(QueueDeed.PLAY, Choice(sent, RecordingLine("ready"))) is None
    denied = row(parked(1, "customer_access_denied", name="note"))
    assert why(QueueDeed.RETRY, Choice(denied)) is None, "he may have got his rights back"


def test_the_receipt_of_both_crms_has_links_that_lead_there() -> None:
    proofs = {(proof.crm_name, proof.kind): proof for proof in proofs_of(every_state()[8], ORIGINS)}
    assert proofs["bitrix24", ProofKind.ACTIVITY].link == "https://example.bitrix24.ru/crm/activity/?open_view=7943"
    assert proofs["bitrix24", ProofKind.NOTE].link == "https://example.bitrix24.ru/crm/contact/details/797/"
    assert proofs["bitrix24", ProofKind.RECORDING].text == "9079"
    assert proofs["amocrm", ProofKind.NOTE].link == "https://example.amocrm.ru/contacts/detail/11070881"


@pytest.mark.parametrize(
    "ids",
    [
        {"amo_note_id": "1", "amo_link": "https://evil.test/contacts/detail/1"},
        {"amo_note_id": "1", "amo_link": "https://example.amocrm.ru.evil.test/"},
        {"amo_note_id": "1", "amo_link": "http://example.amocrm.ru/contacts/detail/1"},
        {"amo_note_id": "1", "amo_link": "https://example.amocrm.ru@evil.test/"},
        {"amo_note_id": "1", "amo_link": "file:///etc/passwd"},
    ],
)
def test_an_address_that_leads_elsewhere_is_no_link(ids: dict[str, str]) -> None:
    (proof,) = proofs_of(card_of(1, done("amocrm", "call", StepReceipt(ids))), ORIGINS)
    assert proof.link == ""


def test_ids_from_outside_make_no_address_of_their_own() -> None:
    nasty = StepReceipt({"activity_id": "1/../../x", "customer_kind": "contact", "customer_id": "7?x=y"})
    assert [proof.link for proof in proofs_of(card_of(1, done("bitrix24", "finish", nasty)), ORIGINS)] == ["", ""]
    unknown = proofs_of(card_of(1, done("bitrix24", "finish", FINISHED)), {})
    assert [proof.link for proof in unknown] == ["", ""], "without an address of the portal"


def test_details_tell_the_vendors_words_and_the_warnings() -> None:
    card = every_state()[3]
    detail = detail_of_card(card, row(card), ORIGINS)
    assert detail.steps[0].vendor_message == "User is not found or is not active"
    sent = every_state()[8]
    assert detail_of_card(sent, row(sent), ORIGINS).warnings == (
        ("bitrix24", "Lead creation is disabled for local users"),
    )


STATE = EditState(
    written(1, "anonymous", crm_user_id=None),
    frozenset(EditField),
    frozenset({EditField.CRM_USER, EditField.PHONE_NUMBER}),
    placeholder="70000000000",
    users={"bitrix24": (CrmUser(7, "Орлова"),)},
)
GOOD = Typed(
    phone_number="+7 906 219-50-47",
    crm_user="Орлова · 7",
    outcome="486",
    cost="12,50",
    currency="RUB",
    rating=4,
    notes=" и ещё ",
)


def test_edit_takes_what_was_typed() -> None:
    card = edited_card(STATE, GOOD)
    assert not isinstance(card, dict)
    assert (card.crm_user_id, card.disposition_code, card.rating, card.notes) == (7, "486", 4, "и ещё")
    assert (card.cost, card.currency) == (Decimal("12.50"), "RUB")
    assert card.card_key == STATE.card.card_key


def test_edit_touches_only_what_is_open() -> None:
    state = replace(STATE, open_fields=frozenset({EditField.CRM_USER}))
    card = edited_card(state, GOOD)
    assert not isinstance(card, dict)
    assert card == replace(STATE.card, crm_user_id=7)


@pytest.mark.parametrize(
    ("typed", "field", "problem"),
    [
        (replace(GOOD, phone_number="anonymous"), EditField.PHONE_NUMBER, EditProblem.NO_NUMBER),
        (replace(GOOD, phone_number=""), EditField.PHONE_NUMBER, EditProblem.NO_NUMBER),
        (replace(GOOD, crm_user="Орлова"), EditField.CRM_USER, EditProblem.NO_USER),
        (replace(GOOD, crm_user=""), EditField.CRM_USER, EditProblem.NO_USER),
        (replace(GOOD, cost="x"), EditField.COST, EditProblem.BAD_COST),
        (replace(GOOD, cost="NaN"), EditField.COST, EditProblem.BAD_COST),
        (replace(GOOD, currency=""), EditField.CURRENCY, EditProblem.NO_CURRENCY),
    ],
)
def test_edit_says_what_is_wrong_at_its_field(typed: Typed, field: EditField, problem: EditProblem) -> None:
    answer = edited_card(STATE, typed)
    assert isinstance(answer, dict)
    assert answer[field] is problem


def test_edit_says_when_nothing_was_changed() -> None:
    state = EditState(written(1), frozenset({EditField.NOTES}))
    assert edited_card(state, Typed(notes=written(1).notes)) == {EditField.NOTES: EditProblem.NOTHING_CHANGED}


def test_a_hidden_caller_starts_with_the_placeholder() -> None:
    assert shown_number(STATE) == "70000000000"
    assert shown_number(replace(STATE, card=written(1))) == "79062195047"


def test_wanted_fields_follow_the_reason_and_the_crm() -> None:
    assert wanted_fields(["number_hidden"], {"bitrix24"}) == {EditField.PHONE_NUMBER}
    assert wanted_fields(["crm_user_needed"], {"bitrix24"}) == {EditField.CRM_USER}
    assert wanted_fields(["crm_user_needed"], {"amocrm"}) == {EditField.SECOND_USER}
    assert open_fields_of({"notes", "direction", "cost"}) == {EditField.NOTES, EditField.COST}


@pytest.mark.parametrize(("text", "user_id"), [("7", 7), ("А · Б · 12", 12), ("", None), ("0", None), ("٣", None)])
def test_a_user_is_chosen_or_typed(text: str, user_id: int | None) -> None:
    assert user_id_of(text) == user_id


def test_receipts_of_the_samples_are_those_of_the_port() -> None:
    assert IN_AMOCRM.ids["amo_link"].startswith(ORIGINS["amocrm"])
