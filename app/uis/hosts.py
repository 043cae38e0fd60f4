"""Where the brands keep their two APIs. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

_CALL_HOST = re.compile(r"callapi([.-].+)")
_VERSION = "/v2.0"


def data_api_url_of(call_api_url: str) -> str | None:
    """The Data API of the brand with that Call API: `callapi.` becomes `dataapi.`, the version v2.0. A login of one
    brand is not valid at another (uis-notes §0). None for hosts that follow no such rule."""
    parts = urlsplit(call_api_url)
    found = _CALL_HOST.fullmatch(parts.hostname or "")
    if found is None or parts.scheme != "https":
        return None
    port = "" if parts.port is None else f":{parts.port}"
    path = re.sub(r"/v[0-9.]+/?$", "", parts.path.rstrip("/"))
    return urlunsplit((parts.scheme, f"dataapi{found[1]}{port}", path + _VERSION, "", ""))
