"""The portal's address, without the secret that its webhook carries, and whether a link leads there."""

from __future__ import annotations

from urllib.parse import urlsplit

from app.addresses import address_problem


def portal_origin(address: str) -> str:
    """Scheme and host of a portal's or a webhook's address; empty when it is no address that may be opened."""
    if address_problem(address) is not None:
        return ""
    parts = urlsplit(address)
    if parts.username is not None or parts.password is not None:
        return ""
    return f"{parts.scheme}://{parts.netloc}"


def leads_to_portal(link: str, origin: str) -> bool:
    """True only for addresses on exactly that scheme, host and port."""
    return bool(origin) and portal_origin(link) == origin
