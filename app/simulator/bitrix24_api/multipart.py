"""The one file of a multipart/form-data body, byte for byte. Anything else in the body is passed over."""

import re
from dataclasses import dataclass

_BOUNDARY = re.compile(r'boundary="?([^";]+)"?')
_FIELD_NAME = re.compile(r'(?:^|;)\s*name="([^"]*)"')
_FILE_NAME = re.compile(r'(?:^|;)\s*filename="([^"]*)"')


@dataclass(frozen=True)
class FilePart:
    """A part that carries a file name."""

    field_name: str
    file_name: str
    content: bytes


def file_part(content_type: str, body: bytes) -> FilePart | None:
    """First file of the body; None when there is none, or the body is not multipart at all."""
    found = _BOUNDARY.search(content_type)
    if not content_type.lower().startswith("multipart/form-data") or found is None:
        return None
    for part in (b"\r\n" + body).split(b"\r\n--" + found.group(1).encode())[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        disposition = _disposition(head.decode("utf-8", "replace"))
        field_name, file_name = _FIELD_NAME.search(disposition), _FILE_NAME.search(disposition)
        if field_name is not None and file_name is not None:
            return FilePart(field_name.group(1), file_name.group(1), content)
    return None


def _disposition(head: str) -> str:
    for line in head.split("\r\n"):
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-disposition":
            return value
    return ""
