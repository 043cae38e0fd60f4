"""Which server addresses the program may talk to: https anywhere, plain http on this machine only."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def is_loopback_host(host: str) -> bool:
    """True for "localhost", 127.0.0.0/8 and ::1 (with or without brackets), in their plain spelling."""
    bare = host.strip("[]").rstrip(".").lower()
    if bare == "localhost":
        return True
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return False


def address_problem(url: str) -> str | None:
    """Why this URL may not be used: "insecure_url" (http outside this machine), "bad_url", or None when it
    may."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "bad_url"
    if not host or parts.scheme not in ("http", "https") or not url.isprintable() or " " in url:
        return "bad_url"
    if parts.scheme == "http" and not is_loopback_host(host):
        return "insecure_url"
    return None
