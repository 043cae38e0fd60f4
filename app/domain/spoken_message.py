"""What the PBX plays to a party of a call: a text it speaks or a file it has."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SpokenMessage:
    """A message the PBX plays: `kind` "tts" with the text, or "media" with the media file's number as text."""

    kind: str
    value: str
