"""From the services' observables to the window: everything published in one turn of the loop arrives together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QTimer

from app.observe import Observable, Subscription

T = TypeVar("T")


def bridge(observable: Observable[T], slot: Callable[[list[T]], None], owner: QObject) -> Subscription:
    """Call `slot` once per turn of the loop with the values published since, oldest first; ends with `owner`."""
    funnel: _Funnel[T] = _Funnel(slot, owner)
    subscription = observable.subscribe(funnel.take)
    owner.destroyed.connect(lambda *_: subscription.cancel())
    return subscription


class _Funnel(Generic[T]):
    def __init__(self, slot: Callable[[list[T]], None], owner: QObject) -> None:
        self._slot = slot
        self._waiting: list[T] = []
        # One timer for the whole life of the bridge, and it goes with the owner.
        self._next_turn = QTimer(owner)
        self._next_turn.setSingleShot(True)
        self._next_turn.setInterval(0)
        self._next_turn.timeout.connect(self._deliver)

    def take(self, value: T) -> None:
        self._waiting.append(value)
        if len(self._waiting) == 1:
            self._next_turn.start()

    def _deliver(self) -> None:
        values, self._waiting = self._waiting, []
        self._slot(values)
