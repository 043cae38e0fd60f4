"""What keeps recordings and calls nobody saw from being found, as far as only a person can mend it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from app.errors import LimitExceeded, PultError, Refused, SignInRefused, StorageError

_MENDED_BY_A_PERSON = (Refused, StorageError)
_TOLD_ELSEWHERE = (LimitExceeded, SignInRefused)
"""These pass by themselves, or have a banner of their own."""


@dataclass(frozen=True, slots=True)
class ReportTrouble:
    """`error`: what is to be mended; at least one of the others is so. `no_recordings`: none is fetched;
    `no_unseen_calls`: calls this console did not see are not found."""

    error: PultError
    no_recordings: bool
    no_unseen_calls: bool


def report_trouble(of_recordings: PultError | None, of_unseen_calls: PultError | None) -> ReportTrouble | None:
    """Both in one where the cause is the same, else the recordings' first; None when nobody has to do anything."""
    recordings, unseen = _to_mend(of_recordings), _to_mend(of_unseen_calls)
    error = recordings or unseen
    if error is None:
        return None
    return ReportTrouble(
        error,
        no_recordings=recordings is not None,
        no_unseen_calls=unseen is not None and unseen.code == error.code,
    )


def _to_mend(error: PultError | None) -> PultError | None:
    is_told = isinstance(error, _MENDED_BY_A_PERSON) and not isinstance(error, _TOLD_ELSEWHERE)
    return error if is_told else None
