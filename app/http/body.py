"""Bytes of a reply, collected up to a cap that counts what they unpack to. Decompression happens here
only."""

from __future__ import annotations

import zlib

from app.errors import OutcomeUnknown

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS


class CappedBody:
    """Collects one body. Raises OutcomeUnknown("reply_too_large") as soon as it passes the cap, before
    unpacking more than that.

    We ask for `identity`; some company proxies compress all the same, so gzip and zlib are understood.
    """

    def __init__(self, cap: int, content_encoding: str = "") -> None:
        encoding = content_encoding.strip().lower()
        if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise OutcomeUnknown("reply_undecodable", {"cause": "content_encoding"})
        self._cap = cap
        self._collected = bytearray()
        self._unpacker = None if encoding in ("", "identity") else zlib.decompressobj(_GZIP_OR_ZLIB)

    def add(self, chunk: bytes) -> None:
        """Take the next bytes from the wire."""
        if self._unpacker is None:
            self._append(chunk)
            return
        # One byte over the cap is enough to know.
        room = self._cap - len(self._collected) + 1
        try:
            self._append(self._unpacker.decompress(chunk, room))
        except zlib.error:
            damaged = True
        else:
            # A second member would have to be unpacked afresh; nobody sends one, and skipping it would lose
            # data.
            damaged = bool(self._unpacker.unused_data)
        if damaged:
            raise OutcomeUnknown("reply_undecodable", {"cause": "compression"})
        if self._unpacker.unconsumed_tail:
            raise self._too_large()

    def finish(self) -> bytes:
        """The whole body. Raises OutcomeUnknown("reply_undecodable") when compressed data ended too early."""
        if self._unpacker is not None and not self._unpacker.eof:
            raise OutcomeUnknown("reply_undecodable", {"cause": "compression"})
        return bytes(self._collected)

    def _append(self, piece: bytes) -> None:
        if len(self._collected) + len(piece) > self._cap:
            raise self._too_large()
        self._collected += piece

    def _too_large(self) -> OutcomeUnknown:
        return OutcomeUnknown("reply_too_large", {"cap_bytes": self._cap})
