"""Replies of list.calls as large as wanted, and what a second changes in them. Bytes only; no server here."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta

MY_EMPLOYEE_ID = 101
MY_CALL_ID = 3_960_000_001
_FIRST_CALL_ID, _FIRST_LEG_ID = 3_960_098_281, 5_287_866_221
_DAWN = datetime(2026, 3, 2, 9, 0, 0)  # noqa: DTZ001  the PBX sends times without a zone
_STATES = (
    ("Разговор", "Разговор"),
    ("Дозвон", "Дозвон"),
    ("На удержании", "На удержании"),
    ("На очереди", "Дозвон"),
    ("На удержании", "Перевод вызова"),
)
_NAMES = (
    "Иванова Анна Сергеевна",
    "Петров Олег Викторович",
    "Кузнецова Мария Павловна",
    "Смирнов Андрей Ильич",
    "Воробьёва Екатерина Дмитриевна",
)
_TAGS = ("Жалоба", "Повторный звонок", "Новый клиент", "Оплата")
_METADATA = (
    b'{"limits":{"day_limit":9000000,"day_remaining":8999000,"day_reset":40000,'
    b'"minute_limit":900000,"minute_remaining":899000,"minute_reset":60}}'
)


class CallList:
    """Live calls in the vendor's spelling, about 900 bytes each; the first one is talking to MY_EMPLOYEE_ID.

    The same seed and the same steps give the same bytes.
    """

    def __init__(self, count: int, seed: int = 7) -> None:
        self._dice = random.Random(seed)
        self._next_id = 0
        self._calls = [self._mine(is_held=False)] + [self._new_call() for _ in range(count - 1)]
        self._encoded = [_encode(call) for call in self._calls]

    def body(self, request_id: object = "bench") -> bytes:
        """The whole reply."""
        head = b'{"jsonrpc":"2.0","id":' + json.dumps(request_id).encode()
        return head + b',"result":{"metadata":' + _METADATA + b',"data":[' + b",".join(self._encoded) + b"]}}"

    def advance(self, part: float) -> None:
        """A second passes: of that part of the calls a fifth ends and others begin, the rest changes."""
        count = round(part * (len(self._calls) - 1)) or (1 if part else 0)
        for position in self._dice.sample(range(1, len(self._calls)), min(count, len(self._calls) - 1)):
            if self._dice.random() < 0.2:
                self._calls[position] = self._new_call()
            else:
                self._move(self._calls[position])
            self._encoded[position] = _encode(self._calls[position])

    def hold_mine(self, *, is_held: bool) -> None:
        """My own call is put on hold or taken off."""
        self._calls[0] = self._mine(is_held=is_held)
        self._encoded[0] = _encode(self._calls[0])

    def _move(self, call: dict[str, object]) -> None:
        legs = call["legs"]
        assert isinstance(legs, list)
        others = [states for states in _STATES if states[0] != legs[0]["state"]]
        states = self._dice.choice(others)
        for position, leg in enumerate(legs):
            leg["state"] = states[min(position, 1)]

    def _mine(self, *, is_held: bool) -> dict[str, object]:
        states = ("На удержании", "На удержании") if is_held else ("Разговор", "Разговор")
        legs = [_leg(1, states[0], None), _leg(2, states[1], (MY_EMPLOYEE_ID, _NAMES[0]))]
        return _call(MY_CALL_ID, _DAWN, "79160000001", [], legs)

    def _new_call(self) -> dict[str, object]:
        self._next_id += 1
        number, dice = self._next_id, self._dice
        states = dice.choice(_STATES)
        legs = [_leg(4 * number, states[0], None)]
        for extra in range(dice.randint(1, 3)):
            who = (200 + (number + extra) % 400, _NAMES[(number + extra) % len(_NAMES)])
            legs.append(_leg(4 * number + extra + 1, states[1], who))
        tags = [
            {"tag_id": 10 + place, "tag_name": _TAGS[place]} for place in dice.sample(range(len(_TAGS)), number % 3)
        ]
        began = _DAWN + timedelta(milliseconds=number * 137)
        return _call(_FIRST_CALL_ID + 7 * number, began, f"7916{number:07}", tags, legs)


def _call(
    call_session_id: int, began: datetime, contact: str, tags: list[dict[str, object]], legs: list[dict[str, object]]
) -> dict[str, object]:
    return {
        "call_session_id": call_session_id,
        "direction": "out" if call_session_id % 4 == 0 else "in",
        "start_time": began.isoformat(timespec="milliseconds"),
        "virtual_phone_number": f"7495000000{call_session_id % 4}",
        "contact_phone_number": contact,
        "external_id": None,
        "tags": tags,
        "legs": legs,
    }


def _leg(number: int, leg_state: str, who: tuple[int, str] | None) -> dict[str, object]:
    return {
        "leg_id": _FIRST_LEG_ID + number,
        "calling_phone_number": f"7916{number:07}",
        "called_phone_number": f"7495000000{number % 4}",
        "is_operator": who is not None,
        "employee_id": who[0] if who else None,
        "employee_full_name": who[1] if who else None,
        "record_call_enabled": number % 2 == 0,
        "state": leg_state,
    }


def _encode(call: dict[str, object]) -> bytes:
    return json.dumps(call, ensure_ascii=False, separators=(",", ":")).encode()
