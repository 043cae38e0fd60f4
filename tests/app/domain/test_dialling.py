"""What people paste into the field for a number, and how it is understood."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.dialling import DialProblem, understand_dialled

P = DialProblem
RUSSIAN = "74951234567"

UNDERSTOOD = [
    ("8 (495) 123-45-67", RUSSIAN, ""),
    ("+7 495 123-45-67", RUSSIAN, ""),
    ("+8 (495) 123-45-67", RUSSIAN, ""),
    ("4951234567", RUSSIAN, ""),
    ("495.123.45.67", RUSSIAN, ""),
    ("8.495.123.45.67", RUSSIAN, ""),
    ("8\u00a0(495)\u00a0123\u201345\u201367", RUSSIAN, ""),
    ("\u202a+7 495 123-45-67\u202c", RUSSIAN, ""),
    ("８４９５１２３４５６７", RUSSIAN, ""),
    ("tel:+7-495-123-45-67", RUSSIAN, ""),
    ("tel:%2B74951234567", RUSSIAN, ""),
    ("callto://84951234567", RUSSIAN, ""),
    ("sip:84951234567@sip.example.test", RUSSIAN, ""),
    ("Тел.: 8 (495) 123-45-67 Иван", RUSSIAN, ""),
    ("ООО 1С, 8 495 123-45-67, до 18:00", RUSSIAN, ""),
    ("84951234567.", RUSSIAN, ""),
    ("84951234567,", RUSSIAN, ""),
    ("8 (495) 123-45-67/68", RUSSIAN, ""),
    ("8-800-555-35-35", "78005553535", ""),
    ("+49 30 1234567", "49301234567", ""),
    ("+49.30.1234567", "49301234567", ""),
    ("00 49 30 1234567", "49301234567", ""),
    ("8~10 49 30 1234567", "49301234567", ""),
    ("810 7 495 123 45 67", RUSSIAN, ""),
    ("+1 (202) 555-0123", "12025550123", ""),
    ("+372 123 4567", "3721234567", ""),
    ("8 (495) 123-45-67 доб. 12", RUSSIAN, "...12"),
    ("8 (495) 123-45-67 (доб. 12)", RUSSIAN, "...12"),
    ("8 (495) 123-45-67 доб.12", RUSSIAN, "...12"),
    ("8 (495) 123-45-67 добавочный 1 2", RUSSIAN, "...12"),
    ("8 (495) 123-45-67, доб. 12, 34", RUSSIAN, "...12..34"),
    ("8 495 123-45-67 вн. №12", RUSSIAN, "...12"),
    ("8 495 123-45-67 Внутренний: 12", RUSSIAN, "...12"),
    ("84951234567#12", RUSSIAN, "...12"),
    ("84951234567x12", RUSSIAN, "...12"),
    ("84951234567х12", RUSSIAN, "...12"),
    ("+74951234567 ext 12", RUSSIAN, "...12"),
    ("tel:+74951234567;ext=12", RUSSIAN, "...12"),
    ("+74951234567,12#", RUSSIAN, "...12#"),
    ("+74951234567,,,,12", RUSSIAN, "........12"),
    ("+74951234567*12", RUSSIAN, "...*12"),
    ("+74951234567p12", RUSSIAN, "...12"),
    ("74951234567...9.2", RUSSIAN, "...9.2"),
    ("74951234567.9", RUSSIAN, ".9"),
    ("74951234567\u20269", RUSSIAN, "...9"),
    ("+49301234567...12345678901", "49301234567", "...12345678901"),
]

NOT_UNDERSTOOD = [
    ("", P.EMPTY),
    (" \u00a0\n", P.EMPTY),
    ("102", P.INTERNAL),
    ("доб. 102", P.INTERNAL),
    ("1 0 2", P.INTERNAL),
    ("123-45-67", P.TOO_SHORT),
    ("0486173", P.TOO_SHORT),
    ("+7 495 123", P.TOO_SHORT),
    ("+102", P.TOO_SHORT),
    # Ten digits of no Russian area: whose country it is nobody can tell.
    ("2025550123", P.TOO_SHORT),
    ("8 495 123 45 678", P.TOO_LONG),
    ("+7 495 123 45 678", P.TOO_LONG),
    ("+1234567890123456", P.TOO_LONG),
    ("anonymous", P.NOT_A_NUMBER),
    ("Иван", P.NOT_A_NUMBER),
    ("1-800-FLOWERS", P.NOT_A_NUMBER),
    ("+0 495 123 45 67", P.NOT_A_NUMBER),
    ("***", P.NOT_A_NUMBER),
    ("84951234567, 89161234567", P.SEVERAL),
    ("84951234567; 89161234567", P.SEVERAL),
    ("84951234567 89161234567", P.SEVERAL),
    ("8(495)1234567\n8(916)1234567", P.SEVERAL),
    ("8 495 123 45 67 8 916 123 45 67", P.SEVERAL),
    ("8 (495) 123-45-67 или +7 916 123-45-67", P.SEVERAL),
    ("+7 495 1234567 +7 916 1234567", P.SEVERAL),
    ("8 495 123-45-67 доб. 12, +7 916 123-45-67", P.SEVERAL),
    ("1234567 7654321", P.SEVERAL),
    ("8 495 123-45-67 доб.", P.BAD_TAIL),
    ("8 495 123-45-67 доб. 12 или 13", P.BAD_TAIL),
    ("74951234567..." + "1" * 60, P.BAD_TAIL),
]


@pytest.mark.parametrize(("typed", "number", "dial_tail"), UNDERSTOOD)
def test_what_people_paste_is_understood(typed: str, number: str, dial_tail: str) -> None:
    dialled = understand_dialled(typed)
    assert (dialled.number, dialled.dial_tail, dialled.problem) == (number, dial_tail, None)


@pytest.mark.parametrize(("typed", "problem"), NOT_UNDERSTOOD)
def test_what_cannot_be_dialled_says_why(typed: str, problem: DialProblem) -> None:
    dialled = understand_dialled(typed)
    assert (dialled.problem, dialled.dial_tail) == (problem, "")


def test_the_operator_sees_how_it_was_understood() -> None:
    assert understand_dialled("8(495)1234567доб12").shown == "+7 495 123-45-67 ...12"
    assert understand_dialled("0049301234567").shown == "+49301234567"
    assert understand_dialled("0486101", sip_numbers=frozenset({"0486101"})).shown == "0486101"
    assert understand_dialled("  8 495\n12 ").shown == "8 495 12"


def test_an_internal_number_is_kept_for_the_hint() -> None:
    assert understand_dialled("доб. 0102").number == "0102"


@pytest.mark.parametrize("typed", ["0486101", "04-86-101", "sip:0486101@sip.example.test", "0486101...12"])
def test_a_sip_number_is_taken_where_it_is_known(typed: str) -> None:
    known = understand_dialled(typed, sip_numbers=frozenset({"0486101"}))
    assert (known.number, known.problem) == ("0486101", None)
    assert understand_dialled(typed).problem is DialProblem.TOO_SHORT


@pytest.mark.parametrize("typed", ["8 495 104-57-71", "+74951045771", "4951045771 доб. 1"])
def test_a_line_of_the_account_is_not_called(typed: str) -> None:
    assert understand_dialled(typed, own_lines=frozenset({"74951045771"})).problem is DialProblem.OWN_LINE
    assert understand_dialled(typed).problem is None


PASTED = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="0123456789+-(). ,;#*x/доб\u00a0\n", max_size=40),
    st.builds(
        "{}{}{}{}".format,
        st.sampled_from(["8", "+7", "", "810", "00", "+", "tel:"]),
        st.integers(0, 10**13),
        st.sampled_from([" доб. ", ".", "...", ",", "#", " ext", " ", "x", " или "]),
        st.integers(0, 10**6),
    ),
    st.sampled_from([typed for typed, _, _ in UNDERSTOOD]),
)


@settings(max_examples=600, deadline=None)
@given(PASTED)
def test_anything_may_be_pasted_and_its_shown_form_means_the_same(typed: str) -> None:
    sip_numbers, own_lines = frozenset({"0486101", "048610"}), frozenset({RUSSIAN})
    dialled = understand_dialled(typed, sip_numbers=sip_numbers, own_lines=own_lines)
    assert understand_dialled(dialled.shown, sip_numbers=sip_numbers, own_lines=own_lines) == dialled


@settings(max_examples=300, deadline=None)
@given(PASTED)
def test_what_is_dialled_is_digits_and_keys(typed: str) -> None:
    dialled = understand_dialled(typed)
    if dialled.problem is None:
        assert set(dialled.number) <= set("0123456789")
        assert 8 <= len(dialled.number) <= 15
        assert set(dialled.dial_tail) <= set("0123456789*#.")
        assert not dialled.dial_tail or dialled.dial_tail.startswith(".")
        assert not dialled.dial_tail.endswith(".")
