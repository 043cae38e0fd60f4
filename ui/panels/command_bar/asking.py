"""Commands that need one more word: which colleague, which tag, which keys, which participant, for which reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.domain.actions import CallAction
from app.domain.calls import CallSessionId, LegId, TagId
from app.services.call_control import CommandPhase, CommandReport
from ui.panels.command_bar.key_queue import KeyQueue
from ui.panels.command_bar.prompts import Prompts
from ui.panels.command_bar.sending import Sending
from ui.texts.commands import hold_reason_text, no_hold_reasons_text, no_such_tag_text, usual_hold_text
from ui.texts.times import duration_text

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.services.hold_promises import HoldPreset


def hold_reason_labels(presets: tuple[HoldPreset, ...]) -> tuple[str, ...]:
    """The usual message first, then the reasons of the settings."""
    reasons = (
        hold_reason_text(preset.name, "" if preset.promised_s is None else duration_text(preset.promised_s))
        for preset in presets
    )
    return (usual_hold_text(), *reasons)


class Asking:
    """Opens what asks, and sends what was chosen."""

    def __init__(self, services: Services, prompts: Prompts, sending: Sending, say: Callable[[str, str], None]) -> None:
        self._services = services
        self._prompts = prompts
        self._sending = sending
        self._say = say
        self._keys = KeyQueue(self._send_keys)

    def coach(self, call_session_id: CallSessionId) -> None:
        """Whom to call in; the coach on record is the first choice."""
        control = self._services.call_control

        def call_in(number: str) -> None:
            self._sending.send(
                call_session_id, CallAction.ADD_COACH, lambda call_id: control.add_coach(call_id, number or None)
            )

        self._prompts.coach(call_session_id, call_in)

    def keys(self, call_session_id: CallSessionId) -> None:
        """The keypad. A key pressed while others are on their way waits for its turn."""

        def press(symbols: str) -> None:
            self._sending.send(
                call_session_id, CallAction.SEND_DTMF, lambda call_id: self._keys.press(call_id, symbols)
            )

        self._prompts.keys(call_session_id, press)

    def tag(self, call_session_id: CallSessionId) -> None:
        """Which tag."""
        tags = [(tag.tag_id, tag.name) for tag in self._services.account.lists.tags]
        self._prompts.tag(call_session_id, tags, lambda tag_id: self.put_tag(call_session_id, tag_id))

    def tag_at(self, call_session_id: CallSessionId, position: int) -> None:
        """The first tag of the account is number 1."""
        tags = self._services.account.lists.tags
        if position > len(tags):
            self._say(no_such_tag_text(position), "held")
        else:
            self.put_tag(call_session_id, tags[position - 1].tag_id)

    def put_tag(self, call_session_id: CallSessionId, tag_id: TagId) -> None:
        """Counts down first: a tag cannot be taken off again."""
        tags = self._services.delayed_tags
        self._sending.agree(call_session_id, CallAction.TAG, lambda: tags.put(call_session_id, tag_id))

    def leg(self, call_session_id: CallSessionId) -> None:
        """Which participant."""
        call = self._services.board.call(call_session_id)
        if call is not None:
            self._prompts.leg(call, lambda leg_id: self.drop(call_session_id, leg_id))

    def drop(self, call_session_id: CallSessionId, leg_id: LegId) -> None:
        """Take out that participant."""
        control = self._services.call_control
        self._sending.send(call_session_id, CallAction.DROP_LEG, lambda call_id: control.drop_leg(call_id, leg_id))

    def hold_reason(self, call_session_id: CallSessionId) -> None:
        """Why the caller waits."""
        presets = self._services.hold_promises.presets
        if not presets:
            self._say(no_hold_reasons_text(), "held")
        else:
            labels = hold_reason_labels(presets)
            self._prompts.hold_reason(labels, lambda position: self.hold_for(call_session_id, position))

    def hold_for(self, call_session_id: CallSessionId, position: int) -> None:
        """Hold with the reason at that position of the menu; number 1 is the usual message."""
        control, presets = self._services.call_control, self._services.hold_promises.presets
        preset = presets[position - 2] if 2 <= position < len(presets) + 2 else None
        self._sending.send(call_session_id, CallAction.HOLD, lambda call_id: control.hold(call_id, preset=preset))

    def note_keys(self, report: CommandReport) -> None:
        """Show how far the keys have got. To be told at once: a sequence is forgotten as soon as it was sent."""
        sent, total = report.detail.get("sent"), report.detail.get("total")
        if report.action is CallAction.SEND_DTMF and isinstance(sent, int) and isinstance(total, int):
            progress = self._keys.progress(report.call_session_id, sent, total)
            self._prompts.show_keys_progress(report.call_session_id, *progress)

    async def _send_keys(self, call_session_id: CallSessionId, symbols: str) -> bool:
        report = await self._services.call_control.send_dtmf(call_session_id, symbols)
        return report.phase in (CommandPhase.ACCEPTED, CommandPhase.CONFIRMED)
