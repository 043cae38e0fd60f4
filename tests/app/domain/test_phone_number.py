"""Numbers in every spelling come to one key."""

from __future__ import annotations

import pytest

from app.domain.phone_number import format_phone_number, parse_phone_number


@pytest.mark.parametrize(
    ("raw", "digits"),
    [
        ("79161234567", "79161234567"),
        ("+7 (916) 123-45-67", "79161234567"),
        ("8 916 123 45 67", "79161234567"),
        ("9161234567", "79161234567"),
        ("74959268686...9.2.3", "74959268686"),
        ("84951234567 доб. 12", "74951234567"),
        ("+442071234567", "442071234567"),
        ("101", "101"),
        ("0486101", "0486101"),
        ("anonymous", ""),
        ("", ""),
    ],
)
def test_a_number_in_any_spelling_has_one_key(raw: str, digits: str) -> None:
    assert parse_phone_number(raw).digits == digits
    assert parse_phone_number(raw).raw == raw


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("79161234567", "+7 916 123-45-67"),
        ("442071234567", "+442071234567"),
        ("101", "101"),
        ("anonymous", "anonymous"),
    ],
)
def test_a_number_is_shown_as_people_write_it(raw: str, shown: str) -> None:
    assert format_phone_number(raw) == shown
