"""When a long-lived token ends, as far as it says so itself. The signature is the vendor's matter."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec


def expires_at(token: str) -> datetime | None:
    """The `exp` of a JWT; None for a token of another kind or without one."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    padded = parts[1] + "=" * (-len(parts[1]) % 4)
    try:
        claims = msgspec.json.decode(base64.urlsafe_b64decode(padded))
        ends_s = claims.get("exp") if isinstance(claims, Mapping) else None
        if isinstance(ends_s, bool) or not isinstance(ends_s, int | float):
            return None
        return datetime.fromtimestamp(ends_s, UTC)
    except (binascii.Error, msgspec.DecodeError, UnicodeError, RecursionError, ValueError, OverflowError, OSError):
        return None
