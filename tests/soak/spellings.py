"""How a secret may look when it lands somewhere by accident, and where one was found."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, quote_plus


def spellings(secret: str) -> Iterator[bytes]:
    """Raw, for an address, base64 at any offset, hexadecimal, UTF-16, escaped for JSON, Python and HTML."""
    raw = secret.encode()
    yield raw
    yield secret.encode("utf-16-le")
    yield secret.encode("utf-16-be")
    yield raw.hex().encode()
    yield raw.hex().upper().encode()
    yield quote(secret, safe="").encode()
    yield quote(secret).encode()
    yield quote_plus(secret).encode()
    yield json.dumps(secret)[1:-1].encode()
    yield json.dumps(json.dumps(secret)[1:-1])[1:-1].encode()
    yield repr(secret)[1:-1].encode()
    yield ascii(secret)[1:-1].encode()
    yield html.escape(secret).encode()
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for lead in range(3):
            # The part that is the same whatever stands around it.
            coded = encode(b"\0" * lead + raw).rstrip(b"=")
            yield coded[(0, 2, 3)[lead] : len(coded) - 1]


def leaks_in(places: Mapping[str, bytes], canaries: Mapping[str, str]) -> list[str]:
    """ "canary in place", for each that is found."""
    return [
        f"{name} in {place}"
        for name, secret in canaries.items()
        for place, content in places.items()
        if any(spelling in content for spelling in set(spellings(secret)))
    ]


def files_under(folder: Path) -> dict[str, bytes]:
    """Everything in the folder but the token of the local channel, which is made to lie there."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "channel.token"
    }
