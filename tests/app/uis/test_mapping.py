"""The vendor's words in ours."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain.calls import CallTag, Direction, EmployeeId, LegState, TagId
from app.uis.mapping import (
    LEG_STATES,
    call_session_of,
    dialled_number,
    leg_state_of,
    moment_of,
    number_and_tail_of,
    talk_option_of,
)
from app.uis.wire import CallWire, LegWire, TagWire

MOSCOW = ZoneInfo("Europe/Moscow")
DOCUMENTED_STATES = {
    "Дозвон": LegState.DIALLING,
    "Разговор": LegState.TALKING,
    "На очереди": LegState.QUEUED,
    "Разъединено": LegState.ENDED,
    "Разговор операторов": LegState.CONSULTING,
    "На удержании": LegState.HELD,
    "Перевод вызова": LegState.TRANSFERRING,
    "Отправка dtmf": LegState.SENDING_DTMF,
    "Получение факса": LegState.FAX,
    "Факс получен": LegState.FAX,
    "Отправка факса": LegState.FAX,
    "Факс отправлен": LegState.FAX,
    "Dial": LegState.DIALLING,
    "Conversation": LegState.TALKING,
    "Talking": LegState.TALKING,
    "Next in line": LegState.QUEUED,
    "Disconnected": LegState.ENDED,
    "Operators talking": LegState.CONSULTING,
    "On hold": LegState.HELD,
    "Call Transfer": LegState.TRANSFERRING,
    "Sending DTMF": LegState.SENDING_DTMF,
    "Receiving a fax": LegState.FAX,
}


@pytest.mark.parametrize(("text", "expected"), DOCUMENTED_STATES.items())
def test_states_are_known_in_both_languages_and_any_case(text: str, expected: LegState) -> None:
    assert {leg_state_of(spelling) for spelling in (text, text.upper(), text.lower(), f" {text}  ")} == {expected}


def test_the_table_is_keyed_by_casefold() -> None:
    assert all(text == text.casefold() for text in LEG_STATES)
    assert leg_state_of("Левитация") is leg_state_of("") is LegState.UNKNOWN


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2016-10-19T12:26:48.418", datetime(2016, 10, 19, 9, 26, 48, 418000, tzinfo=UTC)),
        ("2016-10-19 12:26:48", datetime(2016, 10, 19, 9, 26, 48, tzinfo=UTC)),
        ("2016-10-19T 12:26:48Z", datetime(2016, 10, 19, 12, 26, 48, tzinfo=UTC)),
        ("2016-10-19T12:26:48.4", datetime(2016, 10, 19, 9, 26, 48, 400000, tzinfo=UTC)),
        ("2016-10-19T12:26:48.123456", datetime(2016, 10, 19, 9, 26, 48, 123456, tzinfo=UTC)),
        ("2016-10-19T12:26:48.123456789", datetime(2016, 10, 19, 9, 26, 48, 123456, tzinfo=UTC)),
        ("2016-10-19T12:26:48+05:00", datetime(2016, 10, 19, 7, 26, 48, tzinfo=UTC)),
        ("2016-10-19T12:26:48-0230", datetime(2016, 10, 19, 14, 56, 48, tzinfo=UTC)),
        ("2016-10-19 12:26:48 +03", datetime(2016, 10, 19, 9, 26, 48, tzinfo=UTC)),
        (" 2016-10-19 12:26:48 ", datetime(2016, 10, 19, 9, 26, 48, tzinfo=UTC)),
        ("2016-13-19 12:26:48", None),
        ("2016-10-19", None),
        ("yesterday", None),
        ("0001-01-01T00:00:00", None),
        ("9999-12-31T23:59:59-23:59", None),
        ("2016-10-19T12:26:48+99:99", None),
        ("", None),
        (None, None),
    ],
)
def test_times_in_every_form_become_utc(text: str | None, expected: datetime | None) -> None:
    assert moment_of(text, MOSCOW) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("74959268686...9.2.3.3", ("74959268686", "...9.2.3.3")),
        ("74955140578...2345", ("74955140578", "...2345")),
        ("+74955140578.1", ("74955140578", ".1")),
        ("0486173", ("0486173", "")),
        ("sip.user@host.example", ("sip.user@host.example", "")),
        ("anonymous", ("anonymous", "")),
        ("7916\u202e123\x00", ("7916 123", "")),
        ("", ("", "")),
        (None, ("", "")),
    ],
)
def test_numbers_lose_their_tail_and_keep_their_zeros(text: str | None, expected: tuple[str, str]) -> None:
    assert number_and_tail_of(text) == expected


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("102", "102"),
        ("+7 (916) 123-45-67", "79161234567"),
        ("8 916 123-45-67", "79161234567"),
        ("0486102", "0486102"),
        ("Gusev", "Gusev"),
    ],
)
def test_a_typed_number_is_sent_as_the_pbx_takes_it(typed: str, sent: str) -> None:
    assert dialled_number(typed) == sent


def test_a_call_is_mapped_whole() -> None:
    wire = CallWire(
        call_session_id=3960098281,
        direction="in",
        start_time="2016-10-19T12:26:48.418",
        virtual_phone_number="74951045771",
        contact_phone_number="74959268686",
        tags=[TagWire(456, "Целевой\u0000")],
        legs=[
            LegWire(287866245, "74951045771", "74959268686...9.2", False, None, None, True, "Разговор"),
            LegWire(287866221, "74959268686", "79262444393", True, 2345, "Те\u202eст\x07", False, "Левитация"),
        ],
    )
    call_session = call_session_of(wire, MOSCOW)
    contact, employee = call_session.legs
    assert call_session.direction is Direction.INBOUND
    assert call_session.tags == (CallTag(TagId(456), "Целевой"),)
    assert call_session.contact_leg is contact
    assert (contact.called_number, contact.dial_tail, contact.is_recorded) == ("74959268686", "...9.2", True)
    assert (employee.employee_id, employee.employee_name) == (EmployeeId(2345), "Те ст")
    assert (employee.leg_state, employee.state_text) == (LegState.UNKNOWN, "Левитация")


def test_a_call_of_nulls_is_still_a_call() -> None:
    call_session = call_session_of(CallWire(call_session_id=1), MOSCOW)
    assert (call_session.legs, call_session.tags, call_session.started_at) == ((), (), None)
    assert call_session.direction is Direction.UNKNOWN
    assert call_session.external_id is None


def test_a_name_is_cut_before_it_fills_the_window() -> None:
    wire = CallWire(1, legs=[LegWire(1, employee_full_name="х" * 1_000_000, state="s" * 1_000_000)])
    (leg,) = call_session_of(wire, MOSCOW).legs
    assert leg.employee_name is not None
    assert (len(leg.employee_name), len(leg.state_text)) == (300, 300)


def test_talk_options_tolerate_what_is_missing() -> None:
    assert talk_option_of({"button": 1, "mnemonic": "levitate", "name": None}).button == "1"


@pytest.mark.parametrize(
    ("button_value", "value"),
    [
        ({"id": 254, "value": "Целевой"}, "Целевой"),
        ({"id": 254}, "254"),
        ({"id": 254, "value": None}, "254"),
        ({}, ""),
        (None, ""),
        ([], ""),
    ],
)
def test_what_a_talk_option_is_set_to(button_value: object, value: str) -> None:
    assert talk_option_of({"button": "1", "button_value": button_value}).value == value
    assert talk_option_of({"button": "1"}).value == ""
