"""The random load of a scenario: seeded calls that arrive, are answered or lost, held, consulted on and hung up."""

import random
from collections.abc import Callable
from functools import partial

from app.simulator.pbx.call import Call, LegRole, SessionState
from app.simulator.pbx.commands import CallCommands, CommandRefusedError
from app.simulator.pbx.live_calls import NoSuchCallError, PhoneError
from app.simulator.pbx.world import PbxWorld
from app.simulator.scenario import Background

PATIENCE_S = (12.0, 40.0)
CONSULT_S = (8.0, 30.0)
HOLD_MUSIC = ("tts", "Оставайтесь на линии")


class BackgroundLoad:
    """Keeps between `min_live` and `max_live` calls going among the named employees, never touching others' calls."""

    def __init__(self, world: PbxWorld, background: Background, known_contacts: list[str]) -> None:
        self._world = world
        self._plan = background
        self._known_contacts = [contact.lstrip("+") for contact in known_contacts]
        self._commands = CallCommands(world)
        self._dice = random.Random(f"background {world.config.seed}")
        self._own: set[int] = set()

    def start(self) -> None:
        """Begin `warm_up_s` ago and live through that time at once."""
        with self._world.schedule.as_of(self._plan.warm_up_s):
            self._world.schedule.after(0.0, self._arrive)
        self._world.schedule.catch_up()

    def _arrive(self) -> None:
        going_on = self._count_own()
        wanted = max(1, self._plan.min_live - going_on)
        for _ in range(min(wanted, self._plan.max_live - going_on)):
            self._start_one()
        pause_s = self._dice.uniform(0.5, 1.5) * self._plan.arrival_every_s
        self._world.schedule.after(pause_s, self._arrive)

    def _count_own(self) -> int:
        self._own = {call_session_id for call_session_id in self._own if self._live(call_session_id)}
        return len(self._own)

    def _live(self, call_session_id: int) -> Call | None:
        return self._world.live_calls.find(call_session_id)

    def _start_one(self) -> None:
        free = self._free_employees()
        line = self._dice.choice(self._world.directory.virtual_numbers).number
        contact = self._contact()
        if self._world.directory.is_blocked(contact):
            return
        if not free:
            call_session_id = self._world.queue_in(contact, virtual_number=line)
            self._later(PATIENCE_S, call_session_id, self._give_up_or_ring)
        elif self._dice.random() < self._plan.outgoing_share:
            call_session_id = self._world.ring_out(self._dice.choice(free), contact, virtual_number=line)
            self._later(self._plan.answer_s, call_session_id, self._contact_picks_up)
        else:
            ringing = self._dice.sample(free, min(len(free), self._dice.choice((1, 1, 2))))
            call_session_id = self._world.ring_in(contact, employees=ringing, virtual_number=line)
            self._later(self._plan.answer_s, call_session_id, self._employee_picks_up)
        self._own.add(call_session_id)

    def _free_employees(self) -> list[int]:
        busy = {leg.employee_id for call in self._world.live_calls.everything() for leg in call.legs}
        return [employee_id for employee_id in self._plan.employees if employee_id not in busy]

    def _contact(self) -> str:
        if self._known_contacts and self._dice.random() < 0.6:
            return self._dice.choice(self._known_contacts)
        return f"79{self._dice.randrange(10**9):09d}"

    def _later(self, between: tuple[float, float], call_session_id: int, step: Callable[[int], None]) -> None:
        delay_s = self._dice.uniform(*between)
        self._world.schedule.after(delay_s, partial(self._try, step, call_session_id))

    def _try(self, step: Callable[[int], None], call_session_id: int) -> None:
        # an operator or a supervisor may have ended or changed the call meanwhile; then the load lets it be
        if self._live(call_session_id) is None:
            return
        try:
            step(call_session_id)
        except (NoSuchCallError, PhoneError, CommandRefusedError):
            self._later(self._plan.talk_s, call_session_id, self._end)

    def _give_up_or_ring(self, call_session_id: int) -> None:
        free = self._free_employees()
        if not free:
            self._world.hang_up(call_session_id, "contact")
            return
        self._world.ring_employees(call_session_id, [self._dice.choice(free)])
        self._later(self._plan.answer_s, call_session_id, self._employee_picks_up)

    def _employee_picks_up(self, call_session_id: int) -> None:
        call = self._live(call_session_id)
        leg = call.leg_in_role(LegRole.EMPLOYEE) if call is not None else None
        if leg is None or leg.employee_id is None or self._dice.random() < self._plan.lost_share:
            self._world.hang_up(call_session_id, "contact")
            return
        self._world.answer(call_session_id, leg.employee_id)
        self._go_on_talking(call_session_id)

    def _contact_picks_up(self, call_session_id: int) -> None:
        if self._dice.random() < self._plan.lost_share:
            self._world.hang_up(call_session_id, "contact")
            return
        self._world.contact_answers(call_session_id)
        self._go_on_talking(call_session_id)

    def _go_on_talking(self, call_session_id: int) -> None:
        throw = self._dice.random()
        if throw < self._plan.hold_share + self._plan.consult_share:
            self._later(self._plan.talk_s, call_session_id, self._hold)
        else:
            self._later(self._plan.talk_s, call_session_id, self._end)

    def _hold(self, call_session_id: int) -> None:
        self._commands.hold(self._world.live_calls.live(call_session_id), HOLD_MUSIC)
        shares = self._plan.hold_share + self._plan.consult_share
        consults = self._dice.random() * shares < self._plan.consult_share
        self._later(self._plan.hold_s, call_session_id, self._consult if consults else self._retrieve)

    def _retrieve(self, call_session_id: int) -> None:
        self._commands.retrieve(self._world.live_calls.live(call_session_id))
        self._later(self._plan.talk_s, call_session_id, self._end)

    def _consult(self, call_session_id: int) -> None:
        free = self._free_employees()
        if not free:
            self._retrieve(call_session_id)
            return
        colleague = self._world.directory.employees[self._dice.choice(free)]
        call = self._world.live_calls.live(call_session_id)
        self._commands.call_third_party(call, colleague.extension, None)
        if colleague.answers_after_s is None and colleague.declines_after_s is None:
            self._later(self._plan.answer_s, call_session_id, self._world.colleague_answers)
        self._later(CONSULT_S, call_session_id, self._settle_consult)

    def _settle_consult(self, call_session_id: int) -> None:
        call = self._world.live_calls.live(call_session_id)
        if call.session_state is SessionState.OPERATOR_TALK and self._dice.random() < 0.6:
            self._commands.transfer(call)
        elif call.session_state is SessionState.HOLD:
            self._commands.retrieve(call)
        else:
            self._commands.restore(call)
        self._later(self._plan.talk_s, call_session_id, self._end)

    def _end(self, call_session_id: int) -> None:
        self._world.hang_up(call_session_id, self._dice.choice(("contact", "contact", "employee")))
