"""Ids as large as the vendor's, and the legs and calls that carry them."""

import random
from collections.abc import Callable
from datetime import datetime

from app.simulator.pbx.call import DIALLING, Call, Leg, LegRole
from app.simulator.pbx.directory import Employee

FIRST_SESSION_ID = 3_960_098_281
FIRST_LEG_ID = 5_287_866_221


class IdSource:
    """Session and leg ids above 2^31, growing in uneven steps, the same for the same dice."""

    def __init__(self, dice: random.Random, now: Callable[[], datetime]) -> None:
        self._dice = dice
        self._now = now
        self._session_id = FIRST_SESSION_ID + dice.randrange(1_000_000)
        self._leg_id = FIRST_LEG_ID + dice.randrange(1_000_000)

    def new_call(self, direction: str, at: datetime, virtual_number: str, contact: str) -> Call:
        """A call without legs."""
        self._session_id += self._dice.randrange(1, 60)
        return Call(self._session_id, direction, at, virtual_number, contact, now=self._now)

    def new_leg(self, role: LegRole, calling: str, called: str, state: str = DIALLING) -> Leg:
        """A leg of nobody in particular."""
        self._leg_id += self._dice.randrange(1, 40)
        return Leg(self._leg_id, role, calling, called, state, began_at=self._now())

    def new_employee_leg(
        self, role: LegRole, calling: str, called: str, employee: Employee | None, state: str = DIALLING
    ) -> Leg:
        """A leg towards an employee's phone, or an outside one when there is no employee."""
        leg = self.new_leg(role, calling, called, state)
        if employee is not None:
            leg.employee_id = employee.employee_id
            leg.employee_full_name = employee.full_name
        return leg
