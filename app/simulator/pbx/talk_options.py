"""What the account's talk options do to a call (uis-notes §5.2): one effect per mnemonic."""

from collections.abc import Callable, Mapping

from app.simulator.pbx import transitions
from app.simulator.pbx.call import FAX_RECEIVED, QUEUED, RECEIVING_FAX, Call, LegRole, SessionState
from app.simulator.pbx.commands import CallCommands, CommandRefusedError
from app.simulator.pbx.directory import TalkOption
from app.simulator.pbx.world import PbxWorld

RULE_EDITION = 2026
FAX_S = 10.0


class TalkOptions:
    """The keys of the account. Only record_talk and call_coach are toggles; the others do the same again."""

    def __init__(self, world: PbxWorld, commands: CallCommands) -> None:
        self._world = world
        self._commands = commands
        self._effects: Mapping[str, Callable[[Call, TalkOption], None]] = {
            "finish_conversation": self._finish,
            "tag_call": self._tag,
            "record_talk": self._record,
            "transfer_call": lambda call, _: transitions.hold(call),
            "run_scenario": self._run_scenario,
            "call_coach": self._coach,
            "receive_fax": self._receive_fax,
            "save_numa": lambda call, _: self._world.saved_numbers.append(call.contact),
        }

    def press(self, call: Call, button: str) -> str:
        """Do what the key means and give its mnemonic; raises CommandRefusedError before anything changes."""
        option = next((one for one in self._world.directory.talk_options if one.button == button), None)
        if option is None:
            raise CommandRefusedError("talk_option_not_found", field="button")
        if call.session_state is not SessionState.TALK or self._is_too_early(call):
            raise CommandRefusedError("invalid_state")
        effect = self._effects.get(option.mnemonic)
        if effect is None:
            raise CommandRefusedError("internal_error")
        try:
            effect(call, option)
        except CommandRefusedError as refusal:
            # the method's own list has forbidden (an enforced recording) but no error of tags and coaches
            own = "forbidden" if refusal.mnemonic == "forbidden" else "internal_error"
            raise CommandRefusedError(own) from refusal
        return option.mnemonic

    def _is_too_early(self, call: Call) -> bool:
        if self._world.config.edition < RULE_EDITION or call.direction != "out" or call.talk_started_at is None:
            return False
        talked_s = (self._world.schedule.wall_now() - call.talk_started_at).total_seconds()
        return talked_s < self._world.config.talk_option_rule_s

    def _finish(self, call: Call, _: TalkOption) -> None:
        self._world.live_calls.finish(call, "finished_by_talk_option")

    def _tag(self, call: Call, option: TalkOption) -> None:
        if not any(tag.tag_id == option.value_id for tag in call.tags):
            self._commands.tag(call, -1 if option.value_id is None else option.value_id)

    def _record(self, call: Call, _: TalkOption) -> None:
        self._commands.set_recording(call, is_on=not call.is_recorded)

    def _coach(self, call: Call, _: TalkOption) -> None:
        coach = call.leg_in_role(LegRole.COACH)
        if coach is None:
            self._commands.add_coach(call, None)
        else:
            call.drop(coach)

    def _run_scenario(self, call: Call, option: TalkOption) -> None:
        scenario = self._world.directory.scenarios.get(option.value_id or 0)
        if scenario is None:
            raise CommandRefusedError("scenario_not_found")
        for leg in [leg for leg in call.legs if leg.role is not LegRole.CONTACT]:
            call.drop(leg)
        for leg in call.legs:
            leg.leg_state = QUEUED
        call.session_state = SessionState.SESSION
        self._world.started.ring_employees(call, list(scenario.employees))

    def _receive_fax(self, call: Call, _: TalkOption) -> None:
        contact = call.leg_in_role(LegRole.CONTACT)
        if contact is None:
            return
        contact.leg_state = RECEIVING_FAX

        def received() -> None:
            if contact.leg_state == RECEIVING_FAX:
                contact.leg_state = FAX_RECEIVED

        self._world.schedule.after(FAX_S, received)
