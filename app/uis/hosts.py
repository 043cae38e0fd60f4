"""Where the brands keep their two APIs and their recordings. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from app.addresses import address_problem, is_loopback_host

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


@dataclass(frozen=True, slots=True)
class MediaHosts:
    """Who may be asked for recordings. `talk_url` and `file_url`: where a recording lies of which only its hash is
    told, without a slash at the end; empty where nobody knows. `project`: the brand's domain; `own_host`: one that
    the settings name; `is_local`: the PBX is on this machine, so that its recordings may be, too."""

    talk_url: str = ""
    file_url: str = ""
    project: str = ""
    own_host: str = ""
    is_local: bool = False

    def address_of(self, link: str) -> str | None:
        """The link as it may be asked for, http of the brand's made https (uis-notes §2); None for strangers."""
        try:
            parts = urlsplit(link)
            host = (parts.hostname or "").lower()
        except ValueError:
            return None
        is_ours = bool(host) and (
            host == self.own_host
            or (self.project != "" and (host == self.project or host.endswith("." + self.project)))
        )
        if parts.username is not None or not (is_ours or (self.is_local and is_loopback_host(host))):
            return None
        if parts.scheme == "http" and not is_loopback_host(host):
            link = urlunsplit(parts._replace(scheme="https"))
        return link if address_problem(link) is None else None

    def _is_below_project(self, host: str) -> bool:
        return self.project != "" and host.endswith(f".{self.project}")


def media_hosts_of(call_api_url: str, recordings_url: str | None) -> MediaHosts:
    """The brand's `app.` and `media.` hosts; `recordings_url` of the settings in their place."""
    parts = urlsplit(call_api_url)
    host = (parts.hostname or "").lower()
    found = _CALL_HOST.fullmatch(host)
    project = found[1].partition(".")[2] if found else ""
    if "." not in project:
        # A domain of the highest level is nobody's brand.
        project = ""
    if recordings_url is not None:
        base = recordings_url.rstrip("/")
        return MediaHosts(base, base, project, urlsplit(base).hostname or "", is_loopback_host(host))
    if not project:
        return MediaHosts(is_local=is_loopback_host(host))
    return MediaHosts(f"https://app.{project}", f"https://media.{project}", project)
