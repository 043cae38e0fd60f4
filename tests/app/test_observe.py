"""Observables: order, failures, leaving in the middle."""

from __future__ import annotations

import gc

import pytest

from app.observe import Observable, Subscription
from tests.helpers.guards import ExpectedLog


def test_listeners_hear_in_the_order_of_subscription() -> None:
    observable: Observable[str] = Observable()
    heard: list[str] = []
    observable.subscribe(lambda value: heard.append(f"first {value}"))
    observable.subscribe(lambda value: heard.append(f"second {value}"))
    observable.publish("a")
    assert heard == ["first a", "second a"]


def test_a_failing_listener_is_logged_with_its_traceback_and_stops_nobody(expected_log: ExpectedLog) -> None:
    observable: Observable[int] = Observable()
    heard: list[int] = []

    def broken(value: int) -> None:
        raise KeyError(value)

    observable.subscribe(broken)
    observable.subscribe(heard.append)
    expected_log("a listener failed")
    observable.publish(7)
    assert heard == [7]
    [record] = expected_log.records
    assert record.exc_info is not None
    assert record.exc_info[0] is KeyError
    assert vars(record)["listener"].endswith("broken")


def test_whoever_wants_to_stop_the_program_is_not_held_back() -> None:
    observable: Observable[int] = Observable()

    def interrupted(value: int) -> None:
        raise KeyboardInterrupt

    observable.subscribe(interrupted)
    with pytest.raises(KeyboardInterrupt):
        observable.publish(1)


def test_cancelling_during_a_publish_takes_effect_at_once() -> None:
    observable: Observable[int] = Observable()
    heard: list[str] = []
    later: list[Subscription] = []

    def first(value: int) -> None:
        heard.append("first")
        own.cancel()
        later[0].cancel()

    own = observable.subscribe(first)
    later.append(observable.subscribe(lambda _: heard.append("cancelled")))
    observable.subscribe(lambda _: heard.append("last"))
    observable.publish(1)
    observable.publish(2)
    assert heard == ["first", "last", "last"]
    assert not own.is_active
    assert not later[0].is_active
    assert observable.listener_count == 1


def test_who_subscribes_during_a_publish_hears_from_the_next_value_on() -> None:
    observable: Observable[int] = Observable()
    heard: list[int] = []

    def bring_another(value: int) -> None:
        once.cancel()
        observable.subscribe(heard.append)

    once = observable.subscribe(bring_another)
    observable.publish(1)
    observable.publish(2)
    assert heard == [2]


def test_a_listener_lives_without_anybody_holding_the_subscription() -> None:
    observable: Observable[int] = Observable()
    heard: list[int] = []

    class Panel:
        def hear(self, value: int) -> None:
            heard.append(value)

    observable.subscribe(Panel().hear)
    gc.collect()
    observable.publish(3)
    assert heard == [3]


def test_the_same_function_may_listen_twice_and_leave_once() -> None:
    observable: Observable[int] = Observable()
    heard: list[int] = []
    first = observable.subscribe(heard.append)
    second = observable.subscribe(heard.append)
    first.cancel()
    first.cancel()
    observable.publish(1)
    assert heard == [1]
    assert second.is_active
