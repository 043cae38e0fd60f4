"""Where errors of the window end up: the log in full, the operator once per kind, in a sentence."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any

from app.errors import PultError
from ui.texts.errors import sentence_of, unexpected_error_sentence

if TYPE_CHECKING:
    import asyncio

_log = logging.getLogger(__name__)
_KINDS_KEPT = 200


def text_of(error: PultError) -> str:
    """The sentence for an error that the program raised on purpose."""
    return sentence_of(error)


class ErrorDesk:
    """Takes every error nobody handled. One notice per kind: a fault in a poll must not repeat itself every second."""

    def __init__(self) -> None:
        self._show: Callable[[str], None] | None = None
        self._signatures: set[str] = set()
        self._unseen: list[str] = []

    def connect_notices(self, show: Callable[[str], None] | None) -> None:
        """Where notices appear; what came before somebody was there to show it is shown now."""
        self._show = show
        if show is None:
            return
        waiting, self._unseen = self._unseen, []
        for text in waiting:
            show(text)

    def report(self, error: BaseException, where: str) -> None:
        """Log the error; tell the operator when it is the first of its kind in this run."""
        _log.error("unhandled error", exc_info=error, extra={"where": where})
        signature = signature_of(error)
        if signature in self._signatures or len(self._signatures) >= _KINDS_KEPT:
            return
        self._signatures.add(signature)
        text = text_of(error) if isinstance(error, PultError) else unexpected_error_sentence(type(error).__name__)
        if self._show is None:
            self._unseen.append(text)
        else:
            self._show(text)

    def forget(self) -> None:
        """Start over, as a new window does."""
        self._signatures.clear()
        self._unseen.clear()


def signature_of(error: BaseException) -> str:
    """The kind of an error: its type, its code if it has one, and the line that raised it."""
    step = error.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    place = f"{step.tb_frame.f_code.co_filename}:{step.tb_lineno}" if step is not None else ""
    return f"{type(error).__qualname__}|{getattr(error, 'code', '')}|{place}"


desk = ErrorDesk()


def report(error: BaseException, *, where: str) -> None:
    """Hand an unhandled error to the desk."""
    desk.report(error, where)


def install_excepthook() -> None:
    """Errors in slots end here (PySide6 calls sys.excepthook) instead of on a terminal nobody sees."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        report(error, where="slot")

    sys.excepthook = hook


def handle_loop_error(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """For `loop.set_exception_handler`: what a callback or a forgotten task raised."""
    error = context.get("exception")
    if isinstance(error, BaseException):
        report(error, where="loop")
        return
    _log.error("event loop: %s", context.get("message", "?"))
