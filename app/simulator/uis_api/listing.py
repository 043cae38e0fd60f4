"""A call as list.calls shows it, also when the exchange shows yesterday's state for a moment (command latency)."""

from datetime import tzinfo

from app.simulator.pbx.call import Call
from app.simulator.pbx.world import PbxWorld


class Listing:
    """Renders the live calls; a frozen call looks as it did until its moment has passed."""

    def __init__(self, world: PbxWorld, zone: tzinfo) -> None:
        self._world = world
        self._zone = zone
        self._frozen: dict[int, tuple[float, dict[str, object] | None]] = {}
        """Call -> until when, and how it is shown meanwhile; None: not at all."""

    def shown(self, call: Call) -> dict[str, object]:
        """One live call as it would be listed now."""
        return self._shown_still(call.call_session_id) or self._render(call)

    def freeze(self, call: Call, shown: dict[str, object]) -> None:
        """Go on showing the call like this for the configured latency, whatever happens to it."""
        latency_s = self._world.config.command_latency_s
        if latency_s > 0:
            self._frozen[call.call_session_id] = (self._world.schedule.now_s() + latency_s, shown)

    def hide(self, call: Call) -> None:
        """A call that an accepted start.* method began is not listed before the configured latency has passed."""
        latency_s = self._world.config.command_latency_s
        if latency_s > 0:
            self._frozen[call.call_session_id] = (self._world.schedule.now_s() + latency_s, None)

    def calls(self, direction: object = None, virtual_phone_number: object = None) -> list[dict[str, object]]:
        """``result.data`` of list.calls, filtered."""
        live = {call.call_session_id: self.shown(call) for call in self._world.calls if not self._is_hidden(call)}
        for call_session_id in list(self._frozen):
            shown = self._shown_still(call_session_id)
            if shown is not None:
                live.setdefault(call_session_id, shown)
        return [
            shown
            for shown in live.values()
            if direction in (None, shown["direction"]) and virtual_phone_number in (None, shown["virtual_phone_number"])
        ]

    def _is_hidden(self, call: Call) -> bool:
        until_s, shown = self._frozen.get(call.call_session_id, (0.0, {}))
        return shown is None and self._world.schedule.now_s() < until_s

    def _shown_still(self, call_session_id: int) -> dict[str, object] | None:
        frozen = self._frozen.get(call_session_id)
        if frozen is None:
            return None
        until_s, shown = frozen
        if self._world.schedule.now_s() < until_s:
            return shown
        del self._frozen[call_session_id]
        return None

    def _render(self, call: Call) -> dict[str, object]:
        started = call.started_at.astimezone(self._zone).replace(tzinfo=None)
        return {
            "call_session_id": call.call_session_id,
            "direction": call.direction,
            "start_time": started.isoformat(timespec="milliseconds"),
            "virtual_phone_number": call.virtual_number,
            "contact_phone_number": call.contact,
            "external_id": call.external_id,
            "tags": [{"tag_id": tag.tag_id, "tag_name": tag.name} for tag in call.tags],
            "legs": [
                {
                    "leg_id": leg.leg_id,
                    "calling_phone_number": leg.calling,
                    "called_phone_number": leg.called,
                    "is_operator": leg.is_operator,
                    "employee_id": leg.employee_id,
                    "employee_full_name": leg.employee_full_name,
                    "record_call_enabled": call.is_recorded,
                    "state": leg.leg_state,
                }
                for leg in call.legs
            ],
        }
