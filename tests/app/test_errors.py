"""The error tree: the drawing in the docstring is the truth, and no error says more than it may."""

from __future__ import annotations

import re
import traceback

import pytest

import app.errors
from app.errors import (
    LimitExceeded,
    LinkDown,
    LinkTimeout,
    OutcomeUnknown,
    PultError,
    Refused,
    SettingsError,
    SignInRefused,
    plain_text,
)


def drawn_tree(drawing: str) -> set[tuple[str, str]]:
    """(class, parent) pairs as drawn with branches in the docstring."""
    pairs: set[tuple[str, str]] = set()
    above: list[tuple[int, str]] = []
    for line in drawing.splitlines():
        found = re.match(r"^([ │├└─]*)([A-Z]\w+)\b", line)
        if not found or (not found[1] and found[2] != "PultError"):
            continue
        depth = len(found[1])
        while above and above[-1][0] >= depth:
            above.pop()
        if above:
            pairs.add((found[2], above[-1][1]))
        above.append((depth, found[2]))
    return pairs


def real_tree() -> set[tuple[str, str]]:
    kinds = [kind for kind in vars(app.errors).values() if isinstance(kind, type) and issubclass(kind, PultError)]
    return {(kind.__name__, kind.__bases__[0].__name__) for kind in kinds if kind is not PultError}


def test_the_tree_is_as_drawn() -> None:
    assert drawn_tree(app.errors.__doc__ or "") == real_tree()


def test_a_class_missing_from_the_drawing_is_noticed() -> None:
    drawing = (app.errors.__doc__ or "").replace("LinkTimeout", "")
    assert drawn_tree(drawing) != real_tree()


def test_the_text_of_an_error_is_its_code_and_no_fact() -> None:
    error = OutcomeUnknown("read_timeout", {"number": "79161234567"})
    assert str(error) == "read_timeout"
    assert "79161234567" not in "".join(traceback.format_exception(error))
    assert str(SettingsError("pbx.login", "wrong_type")) == "pbx.login: wrong_type"


def test_params_cannot_be_changed_from_either_side() -> None:
    facts: dict[str, object] = {"a": 1}
    error = Refused("x", facts)
    facts["a"] = 2
    assert error.params == {"a": 1}
    with pytest.raises(TypeError):
        error.params["a"] = 3  # type: ignore[index]


@pytest.mark.parametrize(
    ("error", "is_retryable"),
    [
        (LinkDown("connect"), True),
        (LinkDown("dns"), True),
        (LinkDown("insecure_url"), False),
        (LinkDown("bad_request"), False),
        (LinkTimeout(), True),
        (OutcomeUnknown("read_timeout"), False),
        (SignInRefused("auth_error"), False),
        (LimitExceeded(resets_in_s=12), True),
    ],
)
def test_only_what_was_certainly_not_done_may_be_repeated_blindly(error: PultError, is_retryable: bool) -> None:
    assert error.is_retryable is is_retryable


def test_a_vendors_message_is_cut_and_harmless() -> None:
    error = Refused("x", vendor_code=-32001, vendor_message="a\r\nb\u202e\x00c" + "d" * 600)
    assert error.vendor_message.startswith("a  b  cd")
    assert len(error.vendor_message) == 500
    assert error.vendor_code == -32001


def test_plain_text_keeps_what_people_write() -> None:
    assert plain_text("Анна «Ё» 😀 <b>", 50) == "Анна «Ё» 😀 <b>"
