"""Exit codes of the headless commands, and which error ends with which."""

from __future__ import annotations

from enum import IntEnum

from app.errors import (
    LimitExceeded,
    LinkError,
    OutcomeUnknown,
    PultError,
    Refused,
    SecretsError,
    SettingsError,
    StorageError,
)


class Exit(IntEnum):
    """What a script can rely on."""

    OK = 0
    PROBLEM_FOUND = 1
    WRONG_USAGE = 2
    REFUSED = 3
    OUTCOME_UNKNOWN = 4
    NO_LINK = 5


_BY_ERROR: tuple[tuple[type[PultError], Exit], ...] = (
    (SettingsError, Exit.WRONG_USAGE),
    (LimitExceeded, Exit.REFUSED),
    (Refused, Exit.REFUSED),
    (OutcomeUnknown, Exit.OUTCOME_UNKNOWN),
    (LinkError, Exit.NO_LINK),
    (SecretsError, Exit.PROBLEM_FOUND),
    (StorageError, Exit.PROBLEM_FOUND),
)


def exit_of(error: PultError) -> Exit:
    """The exit code for an error that ended a command."""
    if error.code == "not_configured":
        return Exit.WRONG_USAGE
    return next((code for family, code in _BY_ERROR if isinstance(error, family)), Exit.PROBLEM_FOUND)
