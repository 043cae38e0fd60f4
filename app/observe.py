"""Values that others may listen to: typed, synchronous, in order of subscription. No threads, queues or weak
references."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

_logger = logging.getLogger(__name__)


class Subscription:
    """One listener's place at an observable. It lives until cancelled: nobody drops out because nothing else
    refers to it."""

    __slots__ = ("_leave",)

    def __init__(self, leave: Callable[[], None]) -> None:
        self._leave: Callable[[], None] | None = leave

    @property
    def is_active(self) -> bool:
        return self._leave is not None

    def cancel(self) -> None:
        """Hear nothing more, not even the value being published right now. Cancelling twice is fine."""
        leave, self._leave = self._leave, None
        if leave is not None:
            leave()


class Observable(Generic[T]):
    """Hands each published value to every listener before `publish` returns."""

    def __init__(self) -> None:
        self._listeners: dict[object, Callable[[T], None]] = {}

    @property
    def listener_count(self) -> int:
        return len(self._listeners)

    def subscribe(self, listener: Callable[[T], None]) -> Subscription:
        """Listen from the next value on. The same function may be subscribed several times."""
        place = object()
        self._listeners[place] = listener
        return Subscription(lambda: self._leave(place))

    def publish(self, value: T) -> None:
        """Call each listener. One that raises is logged with its traceback and does not keep the value from
        the others."""
        for place, listener in tuple(self._listeners.items()):
            if place not in self._listeners:
                continue
            try:
                listener(value)
            except Exception:
                _logger.exception("a listener failed", extra={"listener": getattr(listener, "__qualname__", "?")})

    def _leave(self, place: object) -> None:
        self._listeners.pop(place, None)
