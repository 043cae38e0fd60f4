"""Names for a call: the caller's as the CRM knows the number, where it was looked up already. Asks for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.live_call import LiveCall
from ui.panels.active_calls.view_state import shown_number
from ui.texts.calls import hidden_number_text

if TYPE_CHECKING:
    from app.services.screen_pop import ScreenPop


def caller_name(screen_pop: ScreenPop, call: LiveCall) -> str | None:
    """The first match's name, with a mark when there are more; None when the number is unknown or not looked up."""
    number = call.session.contact_number
    found = screen_pop.customer_of(number) if number else None
    if not found:
        return None
    return found[0].name if len(found) == 1 else f"{found[0].name} (+{len(found) - 1})"


def caller_and_number(screen_pop: ScreenPop, call: LiveCall, *, unbroken: bool = False) -> str:
    """The caller for a question or a notice: name and number, as far as they are known. `unbroken`: a number that
    wraps over two lines cannot be compared with another one."""
    number = shown_number(call.session.contact_number)
    if unbroken:
        number = number.replace(" ", "\N{NO-BREAK SPACE}")
    return ", ".join(part for part in (caller_name(screen_pop, call), number) if part) or hidden_number_text()


def employee_names(call: LiveCall) -> str:
    """The employees in the call; empty when none has taken it yet."""
    return ", ".join(leg.employee_name for leg in call.session.employee_legs if leg.employee_name)
