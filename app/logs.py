"""The log: JSON lines, written on a thread of its own, redacted before they are queued. No sentence for a
person is made here."""

from __future__ import annotations

import json
import logging
import os
import queue
import sys
from copy import copy
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import QueueHandler, QueueListener, RotatingFileHandler
from pathlib import Path
from typing import Any

from app.redaction import Redactor

_FILE_NAME = "pult.log"
_FILE_BYTES = 5_000_000
_FILES = 5
# httpx writes whole addresses at INFO, and a webhook's address is a secret.
_QUIET = ("httpx", "httpcore", "h11", "qasync", "asyncio", "keyring", "anyio")
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
# JSON leaves these as they are, and readers that split lines do not.
_LINE_ENDS = str.maketrans({"\u0085": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029", "\x7f": "\\u007f"})

redactor = Redactor()


def register_secret(value: str) -> None:
    """This value must never be written down from now on."""
    redactor.register(value)


def redact(text: str) -> str:
    """The text as it may be written down, for whoever writes elsewhere than in the log: crash reports,
    bundles."""
    return redactor.redact(text)


class RedactingFilter(logging.Filter):
    """Cleans the record itself: message, traceback and extra fields. For handlers, so that other libraries'
    records pass it too."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always True: the record stays, without its secrets."""
        record.msg = redact(_message_of(record))
        record.args = None
        if record.exc_info:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
            record.exc_info = None
        record.exc_text = redact(record.exc_text) if record.exc_text else None
        record.stack_info = redact(record.stack_info) if record.stack_info else None
        for name, value in vars(record).items():
            if name not in _STANDARD:
                setattr(record, name, _redacted_value(name, value))
        return True


class JsonLines(logging.Formatter):
    """One JSON object a line; line ends inside values are escaped, so that nobody can forge a line."""

    def format(self, record: logging.LogRecord) -> str:
        """`at` is UTC; extra fields stand beside the fixed ones."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"at": at, "level": record.levelname, "logger": record.name}
        line["message"] = record.getMessage()
        line |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_text:
            line["traceback"] = record.exc_text
        if record.stack_info:
            line["stack"] = record.stack_info
        return json.dumps(line, ensure_ascii=False, default=str).translate(_LINE_ENDS)


class LogHandle:
    """The running log. Closing it writes what is queued and gives the root logger back as it was."""

    def __init__(self, listener: QueueListener, queued: QueueHandler, target: logging.Handler, old_level: int) -> None:
        self._listener: QueueListener | None = listener
        self._queued = queued
        self._target = target
        self._old_level = old_level

    def close(self) -> None:
        """Closing twice is fine."""
        listener, self._listener = self._listener, None
        if listener is None:
            return
        root = logging.getLogger()
        root.removeHandler(self._queued)
        root.setLevel(self._old_level)
        listener.stop()
        self._queued.close()
        self._target.close()


def set_up_logging(folder: Path | None, level: int = logging.INFO) -> LogHandle:
    """Send all records from `level` on to `folder`/pult.log (5 files of 5 MB, 0600), or to stderr when there
    is no folder.

    Raises OSError when the file cannot be opened.
    """
    if folder is None:
        target: logging.Handler = logging.StreamHandler()
    else:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = _PrivateFile(folder / _FILE_NAME)
    target.setFormatter(JsonLines())
    queued = _RedactingQueue(queue.SimpleQueue())
    listener = QueueListener(queued.queue, target)
    listener.start()
    root = logging.getLogger()
    old_level = root.level
    root.addHandler(queued)
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    return LogHandle(listener, queued, target, old_level)


class _RedactingQueue(QueueHandler):
    """Redacts a copy before it is queued: the record may belong to other handlers too, and no secret waits in
    memory."""

    def __init__(self, waiting: queue.SimpleQueue[Any]) -> None:
        super().__init__(waiting)
        self._redacting = RedactingFilter()

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        clean = copy(record)
        self._redacting.filter(clean)
        return clean


class _PrivateFile(RotatingFileHandler):
    """Files are the owner's alone from the first byte on."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path, maxBytes=_FILE_BYTES, backupCount=_FILES - 1, encoding="utf-8", errors="backslashreplace"
        )

    def _open(self) -> TextIOWrapper:
        handle = _open_private(self.baseFilename)
        return TextIOWrapper(os.fdopen(handle, "ab"), encoding=self.encoding, errors=self.errors)


def _open_private(path: str) -> int:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    if sys.platform != "win32":
        # An older file may have been made under a wider umask.
        os.fchmod(handle, 0o600)
    return handle


def _message_of(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        # A caller's wrong placeholders must not cost the record.
        return f"{record.msg} {record.args!r}"


def _redacted_value(name: str, value: object) -> object:
    """Numbers stay numbers: ids are logged as `..._id`. Everything else is cleaned as text."""
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int) and (name.endswith("id") or abs(value) < 10**9):
        return value
    return redact(str(value))
