"""Every code an error of `app` can carry has a sentence: collected from the source, so that none is forgotten."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import app
from app import errors
from app.bitrix24 import errors as bitrix24_errors
from app.commands.sentences import sentence_of
from app.errors import LinkTimeout, PultError, SettingsError
from app.http.failures import FAILURES
from app.oauth import refresher
from app.oauth import vendors as token_offices
from app.uis.errors import KINDS

ROOT = Path(app.__file__).parent
# The simulator has errors of its own, which nobody but a test sees.
APART = ("simulator",)
FALLBACK = "It did not work"
KINDS_OF_ERROR = {
    name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, PultError)
}


def codes_in(source: str) -> Iterator[str]:
    """First argument of every call of an error class, where it is written out; SettingsError has it second."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        kind = KINDS_OF_ERROR.get(name)
        if kind is None:
            continue
        place = 1 if issubclass(kind, SettingsError) else 0
        given = node.args[place] if len(node.args) > place else None
        yield from (text for text in _texts_of(given) if text)


def _texts_of(node: ast.expr | None) -> Iterator[str]:
    """Of an either-or both."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts_of(node.body)
        yield from _texts_of(node.orelse)


def every_code() -> frozenset[str]:
    codes = {
        code
        for path in ROOT.rglob("*.py")
        if path.relative_to(ROOT).parts[0] not in APART
        for code in codes_in(path.read_text(encoding="utf-8"))
    }
    codes |= {code for row in FAILURES.values() for code in row if code is not None} | {"dns", "tls"}
    codes |= set(KINDS)
    codes |= {code for _, _, code in bitrix24_errors.DESCRIPTIONS}
    codes |= set(bitrix24_errors.NOT_FOUND_CODES.values())
    codes |= {code for _, code in token_offices.REFUSALS.values()}
    codes |= {token_offices.SIGN_IN_AGAIN, refresher.PAIR_LOST, refresher.NEVER_SIGNED_IN, "token_refused"}
    for said in ("SIGN_IN_CODES", "RIGHTS_CODES", "LIMIT_CODES", "UNKNOWN_CODES"):
        codes |= {code.lower() for code in getattr(bitrix24_errors, said)}
    # Those a class gives by itself.
    codes |= {kind().code for kind in (errors.DatabaseInUse, errors.DatabaseDamaged, errors.CommitUnknown, LinkTimeout)}
    codes |= {f"owner_{code}" for code in ("refused", "busy", "failed", "bad_request")}
    return frozenset(codes)


def test_every_code_has_a_sentence() -> None:
    without = sorted(code for code in every_code() if FALLBACK in sentence_of(PultError(code)))
    assert not without, "\n".join(without)


def test_the_collection_finds_codes_of_each_kind() -> None:
    assert {"not_configured", "unknown_key", "keyring_timeout", "customer_needed", "signed_out"} <= every_code()


@pytest.mark.parametrize(
    "source",
    ['raise LinkDown("brand_new")', 'x = errors.Refused("brand_new", {})', 'SettingsError("a.b", "brand_new")'],
)
def test_a_code_that_nobody_wrote_a_sentence_for_would_be_seen(source: str) -> None:
    """Negative control."""
    assert list(codes_in(source)) == ["brand_new"]
    assert FALLBACK in sentence_of(PultError("brand_new"))
