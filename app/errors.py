"""Every error the program raises on purpose. Codes and facts only: the sentences live with the face that
shows them.

PultError
 ├─ SettingsError                  the admin's file cannot be used; `path` names the key
 ├─ SecretsError
 │   ├─ SecretsUnavailable         no keyring that may be trusted
 │   └─ SecretsLocked              the keyring is locked, refuses, or does not answer in time
 ├─ LinkError                      the request was not executed, for sure
 │   ├─ LinkDown                   "dns", "connect", "tls", "proxy"; "insecure_url", "bad_url", "bad_request", "closed"
 │   └─ LinkTimeout                "connect_timeout"
 ├─ OutcomeUnknown                 sent, and no answer that can be trusted: it may have been executed
 ├─ Refused                        the other side said no
 │   ├─ SignInRefused              wrong login or password; token invalid, expired, blocked
 │   ├─ RightsMissing              forbidden, component disabled, address not listed, account inactive
 │   ├─ LimitExceeded              points or rate used up; `resets_in_s` when it was told
 │   └─ NotFound                   the call, employee, entity is not there (any more)
 ├─ NotYet                         what the step needs is not there yet; nothing was sent
 └─ StorageError
     ├─ NotSaved                   nothing was written
     ├─ CommitUnknown              the commit failed and may be there all the same: look before writing again
     ├─ DatabaseDamaged            the file could not be read, not even after setting it aside
     └─ DatabaseInUse              another process owns the file
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_NOTHING: Mapping[str, object] = MappingProxyType({})
VENDOR_MESSAGE_CAP = 500
_NEVER_BETTER_BY_ITSELF = frozenset({"insecure_url", "bad_url", "bad_request", "bad_trust_store", "closed"})


class PultError(Exception):
    """`code` is stable snake_case; `params` are the facts a sentence needs, never a secret; `is_retryable`:
    the same request may be sent again without asking anybody."""

    is_retryable: bool = False

    def __init__(self, code: str, params: Mapping[str, object] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, object] = _NOTHING if params is None else MappingProxyType(dict(params))

    def __str__(self) -> str:
        # Not the params: they may name a customer, and this text ends up in tracebacks.
        return self.code


class SettingsError(PultError):
    """`path` is the key as the admin writes it, e.g. "pbx.login"; empty when the file as a whole is meant."""

    def __init__(self, path: str, code: str, params: Mapping[str, object] | None = None) -> None:
        super().__init__(code, params)
        self.path = path

    def __str__(self) -> str:
        return f"{self.path}: {self.code}" if self.path else self.code


class SecretsError(PultError):
    """The place for secrets cannot be used."""


class SecretsUnavailable(SecretsError):
    """There is no keyring that may be trusted. `reason`: "no_keyring", "backend_refused", "import_failed"."""

    def __init__(self, reason: str, params: Mapping[str, object] | None = None) -> None:
        super().__init__(reason, params)
        self.reason = reason


class SecretsLocked(SecretsError):
    """The keyring is there and does not give: "keyring_locked", "keyring_timeout", "keyring_failed",
    "secret_damaged"."""

    is_retryable = True


class LinkError(PultError):
    """Nothing was decided by the other side: the request was not executed."""

    is_retryable = True


class LinkDown(LinkError):
    """No connection could be made. Params where known: `cause` (class name of the foreign error), `errno`
    (its symbol), `reason` (for "tls": "expired", "not_yet_valid", "wrong_host", "unknown_ca", "self_signed",
    "other")."""

    def __init__(self, code: str, params: Mapping[str, object] | None = None) -> None:
        super().__init__(code, params)
        self.is_retryable = code not in _NEVER_BETTER_BY_ITSELF


class LinkTimeout(LinkError):
    """The connection did not stand before the deadline."""

    def __init__(self, code: str = "connect_timeout", params: Mapping[str, object] | None = None) -> None:
        super().__init__(code, params)


class OutcomeUnknown(PultError):
    """The request was sent and no trustworthy answer came. Whoever repeats it must probe first.

    Codes: "read_timeout", "connection_lost", "reply_too_large", "reply_undecodable" (here), "http_status",
    "reply_unexpected" (the vendors' clients).
    """


class Refused(PultError):
    """The other side understood and said no; nothing was executed.

    `code` is the vendor's mnemonic in snake_case, `vendor_code` its figure or group, `vendor_message` its own
    text, plain, at most 500 characters, to be shown as a detail only.
    """

    def __init__(
        self,
        code: str,
        params: Mapping[str, object] | None = None,
        *,
        vendor_code: str | int | None = None,
        vendor_message: str = "",
    ) -> None:
        super().__init__(code, params)
        self.vendor_code = vendor_code
        self.vendor_message = plain_text(vendor_message, VENDOR_MESSAGE_CAP)


class SignInRefused(Refused):
    """Wrong login or password; token invalid, expired or blocked."""


class RightsMissing(Refused):
    """The account or the user may not do this."""


class LimitExceeded(Refused):
    """Points or requests are used up. `resets_in_s`: seconds until more are given, None when it was not told;
    `is_of_one_method`: the other side's other methods may be called."""

    is_retryable = True

    def __init__(
        self,
        code: str = "limit_exceeded",
        params: Mapping[str, object] | None = None,
        *,
        resets_in_s: float | None = None,
        is_of_one_method: bool = False,
        vendor_code: str | int | None = None,
        vendor_message: str = "",
    ) -> None:
        super().__init__(code, params, vendor_code=vendor_code, vendor_message=vendor_message)
        self.resets_in_s = resets_in_s
        self.is_of_one_method = is_of_one_method


class NotFound(Refused):
    """What the request is about is not there, or not any more."""


class NotYet(PultError):
    """What the step needs is not there yet (a recording), so nothing was sent. `retry_in_s`: when to look again."""

    is_retryable = True

    def __init__(self, code: str, params: Mapping[str, object] | None = None, *, retry_in_s: float = 60.0) -> None:
        super().__init__(code, params)
        self.retry_in_s = retry_in_s


class StorageError(PultError):
    """The local database."""


class NotSaved(StorageError):
    """Nothing was written: "disk_full", "disk_error", "read_only", "database_error", "database_closed",
    "migration_failed"."""


class CommitUnknown(StorageError):
    """The commit raised. The rows may be there all the same: look by key before writing again."""

    def __init__(self, code: str = "commit_unknown", params: Mapping[str, object] | None = None) -> None:
        super().__init__(code, params)


class DatabaseDamaged(StorageError):
    """The file is damaged: "database_damaged", or written by a newer version of the program:
    "database_newer"."""

    def __init__(self, code: str = "database_damaged", params: Mapping[str, object] | None = None) -> None:
        super().__init__(code, params)


class DatabaseInUse(StorageError):
    """Another process owns the file."""

    def __init__(self, code: str = "database_in_use", params: Mapping[str, object] | None = None) -> None:
        super().__init__(code, params)


def plain_text(text: str, cap: int) -> str:
    """Text from outside made harmless for one line: control and bidi-override characters become spaces, cut
    to `cap` characters."""
    return "".join(" " if _is_control(character) else character for character in text[:cap]).strip()


def _is_control(character: str) -> bool:
    return not character.isprintable() and character != " "
