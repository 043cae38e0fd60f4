"""How the portal says no. The HTTP codes and texts are the vendor's; the misspelt ones too.

PortalRefusalError     an error body with a code and a description
PortalCrashError       the request died half-way: HTTP 500 and a page instead of JSON
"""


class PortalRefusalError(Exception):
    """One error reply: `{"error": code, "error_description": description}` with `http_status`."""

    def __init__(self, code: str, description: str, http_status: int = 400) -> None:
        super().__init__(f"{code}: {description}")
        self.code = code
        self.description = description
        self.http_status = http_status


class PortalCrashError(Exception):
    """The server process died while it worked on a request; what it had written stays written."""


def core_refusal(description: str) -> PortalRefusalError:
    """The telephony module's catch-all ERROR_CORE, HTTP 400."""
    return PortalRefusalError("ERROR_CORE", description)
