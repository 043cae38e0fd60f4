"""The proposed outcome, and what keeps a card from being saved."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from app.domain.calls import CallSessionId, Direction, LegId
from app.domain.customer import Customer, CustomerChoice, CustomerDecision, CustomerKind
from app.domain.wrap_up import (
    CallFacts,
    CardDraft,
    CardFields,
    CardProblem,
    Disposition,
    ProposedDisposition,
    RequiredField,
    card_key_of,
    card_problems,
    propose_disposition,
)
from tests.app.domain.calls import CALL_ID, ME, STARTED_AT

FINISHED = CardDraft(
    CallFacts(
        card_key_of("pbx.example", CALL_ID, LegId(11)),
        CALL_ID,
        LegId(11),
        ME,
        Direction.INBOUND,
        "79161234567",
        "74951045771",
        STARTED_AT,
        talk_s=55,
        proposed=ProposedDisposition(Disposition.SUCCESS),
    ),
    CardFields(crm_user_id=7),
)


@pytest.mark.parametrize(
    ("direction", "talked", "ended_by_us", "expected"),
    [
        (Direction.INBOUND, True, False, ProposedDisposition(Disposition.SUCCESS)),
        (Direction.OUTBOUND, True, True, ProposedDisposition(Disposition.SUCCESS)),
        (Direction.INBOUND, False, False, ProposedDisposition(Disposition.MISSED)),
        (Direction.INBOUND, False, True, ProposedDisposition(Disposition.MISSED)),
        (Direction.OUTBOUND, False, True, ProposedDisposition(Disposition.CANCELLED)),
        (Direction.OUTBOUND, False, False, ProposedDisposition(Disposition.TEMPORARILY_UNAVAILABLE, is_guess=True)),
    ],
)
def test_the_outcome_is_proposed_from_what_was_seen(
    direction: Direction, talked: bool, ended_by_us: bool, expected: ProposedDisposition
) -> None:
    assert propose_disposition(direction=direction, talked=talked, ended_by_us=ended_by_us) == expected


def test_the_key_of_a_card_names_pbx_call_and_leg() -> None:
    assert card_key_of("callapi.uiscom.ru", CallSessionId(3960098281), LegId(5287866221)) == (
        "pult-callapi.uiscom.ru-3960098281-5287866221"
    )


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        (CardFields(), CardProblem.NO_CRM_USER),
        (CardFields(crm_user_id=7, cost=Decimal("1.5")), CardProblem.COST_WITHOUT_CURRENCY),
        (CardFields(crm_user_id=7, cost=Decimal(-1), currency="RUB"), CardProblem.NEGATIVE_COST),
        (CardFields(crm_user_id=7, rating=6), CardProblem.RATING_OUT_OF_RANGE),
    ],
)
def test_a_card_with_a_problem_says_which(fields: CardFields, problem: CardProblem) -> None:
    assert card_problems(replace(FINISHED, fields=fields)) == (problem,)


MISSED = replace(
    FINISHED,
    facts=replace(
        FINISHED.facts, talk_s=0, proposed=ProposedDisposition(Disposition.TEMPORARILY_UNAVAILABLE, is_guess=True)
    ),
)
SOMEBODY = CustomerChoice(CustomerDecision.PICKED, Customer(CustomerKind.CONTACT, 5, ""))
CREATED = CustomerChoice(CustomerDecision.CREATE)
NOBODY = CustomerChoice(CustomerDecision.WITHOUT)
ALL = tuple(RequiredField)


@pytest.mark.parametrize(
    ("wanted", "fields", "problem"),
    [
        (RequiredField.NOTES, {"notes": "  "}, CardProblem.NOTES_REQUIRED),
        (RequiredField.NOTES, {"notes": "called"}, None),
        (RequiredField.OUTCOME, {}, CardProblem.OUTCOME_REQUIRED),
        (RequiredField.OUTCOME, {"disposition": Disposition.BUSY}, None),
        (RequiredField.CUSTOMER, {}, CardProblem.CUSTOMER_REQUIRED),
        (RequiredField.CUSTOMER, {"customer": NOBODY}, CardProblem.CUSTOMER_REQUIRED),
        (RequiredField.CUSTOMER, {"customer": SOMEBODY}, None),
        (RequiredField.CUSTOMER, {"customer": CREATED}, None),
        (RequiredField.COST, {}, CardProblem.COST_REQUIRED),
        (RequiredField.COST, {"cost": Decimal(0)}, None),
        (RequiredField.RATING, {}, CardProblem.RATING_REQUIRED),
        (RequiredField.RATING, {"rating": 4}, None),
        (RequiredField.SOURCE, {"customer": CREATED}, CardProblem.SOURCE_REQUIRED),
        (RequiredField.SOURCE, {"customer": CREATED, "crm_source": "CALL"}, None),
        (RequiredField.SOURCE, {"customer": SOMEBODY}, None),
    ],
)
def test_a_required_field_is_missed_until_it_is_given(
    wanted: RequiredField, fields: dict[str, object], problem: CardProblem | None
) -> None:
    draft = replace(MISSED, fields=replace(MISSED.fields, **fields))  # type: ignore[arg-type]
    assert card_problems(draft, [wanted]) == (() if problem is None else (problem,))
    assert card_problems(draft) == ()


def test_required_fields_are_told_in_the_order_they_stand_in_the_card() -> None:
    assert card_problems(replace(MISSED, fields=CardFields(customer=CREATED)), ALL) == (
        CardProblem.NOTES_REQUIRED,
        CardProblem.SOURCE_REQUIRED,
        CardProblem.OUTCOME_REQUIRED,
        CardProblem.NO_CRM_USER,
        CardProblem.COST_REQUIRED,
        CardProblem.RATING_REQUIRED,
    )


def test_an_outcome_that_was_seen_needs_no_choice_and_a_hidden_caller_no_customer() -> None:
    assert card_problems(FINISHED, [RequiredField.OUTCOME]) == ()
    hidden = replace(FINISHED, facts=replace(FINISHED.facts, phone_number="anonymous"))
    nobody = replace(hidden, fields=replace(hidden.fields, customer=NOBODY))
    assert card_problems(hidden, [RequiredField.CUSTOMER]) == (CardProblem.CUSTOMER_REQUIRED,)
    assert card_problems(nobody, [RequiredField.CUSTOMER]) == ()


def test_a_finished_card_has_no_problem_and_an_unfinished_one_waits() -> None:
    assert card_problems(FINISHED) == ()
    running = replace(FINISHED, facts=replace(FINISHED.facts, talk_s=None, proposed=None))
    assert card_problems(running) == (CardProblem.CALL_STILL_RUNS,)
    assert running.disposition is None
    assert FINISHED.disposition is Disposition.SUCCESS
