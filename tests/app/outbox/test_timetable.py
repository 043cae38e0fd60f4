"""The timetable against the plainest model of it: a dictionary that is searched through for every question."""

from __future__ import annotations

import random

import pytest

from app.outbox.timetable import NEVER, ChainKey, LaneKey, Timetable

LANE = LaneKey("bitrix24")


def chain(number: int, lane: str = "") -> ChainKey:
    return ChainKey(f"card-{number}", "bitrix24", lane)


class PlainModel:
    """What the timetable has to answer. Chains with the same due time go in the order they first came."""

    def __init__(self) -> None:
        self.due: dict[ChainKey, float] = {}
        self.order: dict[ChainKey, int] = {}
        self.taken: set[ChainKey] = set()
        self.woken: set[ChainKey] = set()
        self.came = 0

    def put(self, key: ChainKey, due_at_s: float) -> None:
        if key not in self.due:
            self.came += 1
            self.order[key] = self.came
        self.due[key] = due_at_s

    def first(self) -> tuple[float, int, ChainKey] | None:
        rows = [(due, self.order[key], key) for key, due in self.due.items() if key not in self.taken and due != NEVER]
        return min(rows, key=lambda row: row[:2], default=None)


@pytest.mark.parametrize("seed", range(20))
def test_it_answers_as_a_plain_search_would(seed: int) -> None:
    dice, timetable, model = random.Random(seed), Timetable(), PlainModel()
    now_s = 0.0
    for _ in range(3000):
        key = chain(dice.randrange(40))
        deed = dice.choice(("put", "put", "take", "take", "back", "drop", "wake", "pass"))
        if deed == "put":
            due_at_s = dice.choice((0.0, now_s + dice.uniform(0, 30), NEVER))
            timetable.put(key, due_at_s)
            model.put(key, due_at_s)
        elif deed == "wake":
            timetable.wake(key)
            if key in model.taken:
                model.woken.add(key)
            else:
                model.put(key, 0.0)
        elif deed == "take":
            first = model.first()
            expected = first[2] if first is not None and first[0] <= now_s else None
            assert timetable.take(LANE, now_s) == expected
            if expected is not None:
                model.taken.add(expected)
        elif deed == "back" and model.taken:
            key = dice.choice(sorted(model.taken, key=lambda each: each.card_key))
            timetable.put_back(key)
            model.taken.discard(key)
            if key in model.woken:
                model.woken.discard(key)
                model.put(key, 0.0)
        elif deed == "drop":
            timetable.drop(key)
            model.due.pop(key, None)
        else:
            now_s += dice.uniform(0, 5)
        first = model.first()
        assert timetable.next_due_at_s(LANE) == (NEVER if first is None else first[0])
        assert set(timetable.card_keys) == {each.card_key for each in model.due}


def test_a_crowd_is_not_searched_through_for_every_step() -> None:
    """Negative control included: the plain model looks at every chain for one question."""
    timetable, looks = Timetable(), 0

    class Counted(float):
        def __lt__(self, other: float) -> bool:
            nonlocal looks
            looks += 1
            return float(self) < float(other)

    for number in range(20_000):
        timetable.put(chain(number), Counted(number))
    looks = 0
    for number in range(1000):
        taken = timetable.take(LANE, 20_000.0)
        assert taken == chain(number)
        timetable.put(taken, Counted(30_000 + number))
        timetable.put_back(taken)
    assert looks < 1000 * 60


def test_a_sleeper_is_woken_by_its_own_crm_and_card_only() -> None:
    timetable = Timetable()
    mine = [ChainKey("card-1", "bitrix24", lane) for lane in ("", "record", "note")]
    others = [ChainKey("card-2", "bitrix24", "record"), ChainKey("card-1", "amocrm", "record")]
    for key in (*mine, *others):
        timetable.put(key, NEVER)
    timetable.put(mine[2], 50.0)
    timetable.wake_sleepers_beside(mine[0])
    due = {key: timetable.due_at_s(key) for key in (*mine, *others)}
    # One that waits for a time of its own is not asleep.
    assert due == {mine[0]: NEVER, mine[1]: 0.0, mine[2]: 50.0, others[0]: NEVER, others[1]: NEVER}


def test_a_chain_that_falls_asleep_while_another_lane_ends_is_looked_at_again() -> None:
    timetable = Timetable()
    main, record = ChainKey("card-1", "bitrix24"), ChainKey("card-1", "bitrix24", "record")
    timetable.put(record, 0.0)
    assert timetable.take(LaneKey("bitrix24", "record"), 1.0) == record
    timetable.wake_sleepers_beside(main)
    timetable.put(record, NEVER)
    timetable.put_back(record)
    assert timetable.due_at_s(record) == 0.0
