"""What the row of talk options shows: names, keys, toggles, and why one is off. Pure and without Qt."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.actions import WhyNot
from app.domain.calls import CallSessionId
from ui.panels.command_bar.view_state import ButtonPhase


@dataclass(frozen=True, slots=True)
class OptionState:
    """One option. `button`: its key on the phone; `is_on`: None for what is no toggle or cannot be seen."""

    button: str
    name: str
    is_on: bool | None = None
    why_not: WhyNot | None = None
    phase: ButtonPhase = ButtonPhase.IDLE

    @property
    def digit(self) -> str:
        """The digit that goes with Alt; empty for a key that has none."""
        return self.button if len(self.button) == 1 and self.button in "123456789" else ""


@dataclass(frozen=True, slots=True)
class TalkOptionsState:
    """The row left to right; empty where the account has no options."""

    call_session_id: CallSessionId | None = None
    options: tuple[OptionState, ...] = ()

    @property
    def common_refusal(self) -> WhyNot | None:
        """Why all of them are off, when there is one reason for all."""
        refusals = {option.why_not.reason if option.why_not else None for option in self.options}
        return self.options[0].why_not if len(refusals) == 1 else None
