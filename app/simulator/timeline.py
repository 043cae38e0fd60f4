"""Plays a scenario's timeline on the exchange; a line that is no longer possible is skipped."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from app.simulator.pbx.live_calls import NoSuchCallError, PhoneError
from app.simulator.pbx.world import PbxWorld
from app.simulator.scenario import Happening, ScenarioError


class Timeline:
    """The labelled calls of one scenario and their future."""

    def __init__(self, world: PbxWorld, happenings: tuple[Happening, ...], repeat_every_s: float | None) -> None:
        self._world = world
        self._happenings = happenings
        self._repeat_every_s = repeat_every_s
        self.labelled: dict[str, int] = {}
        """Label -> call session id, of the present round."""
        for happening in happenings:
            if happening.action not in ACTIONS:
                raise ScenarioError(f"unknown action {happening.action!r}")

    def start(self) -> None:
        """Plan one round, and the next one behind it when the scenario repeats."""
        for happening in self._happenings:
            self._world.schedule.after(happening.at_s, partial(self._play, happening))
        if self._repeat_every_s is not None and self._happenings:
            self._world.schedule.after(self._repeat_every_s, self.start)

    def _play(self, happening: Happening) -> None:
        action = ACTIONS[happening.action]
        try:
            if action.starts is not None:
                self.labelled[happening.call] = action.starts(self._world, happening.args)
            elif action.goes_on is not None and happening.call in self.labelled:
                action.goes_on(self._world, self.labelled[happening.call], happening.args)
        except (NoSuchCallError, PhoneError):
            return


@dataclass(frozen=True)
class Action:
    """One word of the timeline: it starts a call, or goes on with one."""

    starts: Callable[[PbxWorld, Mapping[str, object]], int] | None = None
    goes_on: Callable[[PbxWorld, int, Mapping[str, object]], None] | None = None


def employees_of(args: Mapping[str, object]) -> list[int]:
    """The ``employees`` array of a line; raises ScenarioError."""
    employees = args.get("employees", [])
    if not isinstance(employees, list) or not all(isinstance(one, int) for one in employees):
        raise ScenarioError("employees must be an array of ids")
    return employees


def employee_of(args: Mapping[str, object]) -> int:
    """The ``employee`` of a line; raises ScenarioError."""
    employee = args.get("employee")
    if not isinstance(employee, int):
        raise ScenarioError("employee must be an id")
    return employee


def _who(args: Mapping[str, object]) -> str | int:
    who = args.get("who", "contact")
    return who if isinstance(who, int) else str(who)


def _line(args: Mapping[str, object]) -> str | None:
    number = args.get("virtual_number")
    return None if number is None else str(number)


ACTIONS: Mapping[str, Action] = {
    "ring_in": Action(
        starts=lambda world, args: world.ring_in(
            str(args["contact"]), employees=employees_of(args), virtual_number=_line(args)
        )
    ),
    "queue_in": Action(starts=lambda world, args: world.queue_in(str(args["contact"]), virtual_number=_line(args))),
    "ring_out": Action(
        starts=lambda world, args: world.ring_out(employee_of(args), str(args["contact"]), virtual_number=_line(args))
    ),
    "ring_employees": Action(goes_on=lambda world, call, args: world.ring_employees(call, employees_of(args))),
    "answer": Action(goes_on=lambda world, call, args: world.answer(call, employee_of(args))),
    "operator_answers": Action(goes_on=lambda world, call, _: world.operator_answers(call)),
    "contact_answers": Action(goes_on=lambda world, call, _: world.contact_answers(call)),
    "colleague_answers": Action(goes_on=lambda world, call, _: world.colleague_answers(call)),
    "colleague_declines": Action(goes_on=lambda world, call, _: world.colleague_declines(call)),
    "coach_answers": Action(goes_on=lambda world, call, _: world.coach_answers(call)),
    "hang_up": Action(goes_on=lambda world, call, args: world.hang_up(call, _who(args))),
}
