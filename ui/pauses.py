"""What keeps a CRM from getting anything, and whether *Connect* is where that is mended. Words are in the texts."""

from __future__ import annotations

from app.errors import PultError, SecretsError, SignInRefused

_MENDED_IN_CONNECT = frozenset(
    {
        "crm_not_connected",
        "wrong_auth_type",
        "portal_moved",
        "portal_deleted",
        "amo_account_moved",
        "allowed_only_intranet_user",
        "insecure_url",
        "bad_url",
    }
)


def needs_connect(error: PultError) -> bool:
    """Otherwise somebody mends it elsewhere, and *Resume* tries again."""
    return isinstance(error, SignInRefused | SecretsError) or error.code in _MENDED_IN_CONNECT
