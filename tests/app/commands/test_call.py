"""`call VERB` on a live call, against the real simulator: effects, exit codes, JSON, --wait, and never twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from app.commands import call_order
from app.commands.call_verbs import VERBS
from app.errors import OutcomeUnknown
from app.http import HttpReply
from app.simulator.config import SimulatorConfig
from app.simulator.faults import DropBefore, HttpError, LoseReply
from app.simulator.pbx.call import Call
from app.simulator.pbx.call import SessionState as S
from app.uis.rpc import JsonRpc
from tests.app.commands.keypad import CALLER, KeyPad, key_pad
from tests.helpers.services import open_console
from tests.helpers.waiting import until

OpenPad = Callable[..., AbstractAsyncContextManager[KeyPad]]


@pytest.fixture
def open_pad(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> OpenPad:
    def opened(config: SimulatorConfig | None = None, **options: Any) -> AbstractAsyncContextManager[KeyPad]:
        return key_pad(tmp_path, capsys, monkeypatch, config, **options)

    return opened


@dataclass(frozen=True)
class Press:
    """One verb: its words after SESSION, the state it needs, what the PBX must be asked, and how its effect is seen."""

    verb: str
    method: str
    words: tuple[str, ...] = ()
    state: S = S.TALK
    sent: Mapping[str, object] = field(default_factory=dict)
    is_done: Callable[[KeyPad, Call], bool] = lambda _, __: True
    is_listed: bool = True
    refused_with: str = "invalid_state"
    name: str = ""

    def line(self, call: Call) -> tuple[str, ...]:
        words = tuple(str(call.legs[0].leg_id) if word == "CONTACT_LEG" else word for word in self.words)
        return (self.verb, str(call.call_session_id), *words)


def in_state(*states: S) -> Callable[[KeyPad, Call], bool]:
    return lambda _, call: call.session_state in states


MESSAGE = {"type": "tts", "value": "Минуту, уточняю"}
PRESSES = [
    Press("hold", "hold.call", is_done=in_state(S.HOLD)),
    Press(
        "hold",
        "hold.call",
        ("--message", "Минуту, уточняю"),
        sent={"contact_message": MESSAGE},
        is_done=in_state(S.HOLD),
        refused_with="tts_text_exceeded",
        name="hold with a text",
    ),
    Press(
        "hold",
        "hold.call",
        ("--media", "2561"),
        sent={"contact_message": {"type": "media", "value": "2561"}},
        is_done=in_state(S.HOLD),
        refused_with="media_file_not_found",
        name="hold with a file",
    ),
    Press("retrieve", "unhold.call", state=S.HOLD, is_done=in_state(S.TALK)),
    Press("consult", "make.call", ("102",), S.HOLD, {"to": "102"}, in_state(S.DIALING), refused_with="invalid_state"),
    Press(
        "consult",
        "make.call",
        ("8 (926) 555-01-03", "--message", "Минуту, уточняю"),
        S.HOLD,
        {"to": "79265550103", "to_message": MESSAGE},
        in_state(S.DIALING),
        refused_with="no_active_phone_number",
        name="consult an outside number with a note",
    ),
    Press("transfer", "transfer.talk", state=S.OPERATOR_TALK, is_done=in_state(S.TALK)),
    Press(
        "transfer",
        "transfer.talk",
        ("--blind",),
        S.DIALING,
        is_done=in_state(S.TRANSFER_PENDING),
        name="transfer --blind",
    ),
    Press("back", "restore.talk", state=S.OPERATOR_TALK, is_done=in_state(S.TALK)),
    Press(
        "tag",
        "tag.call",
        ("255",),
        sent={"tag_id": 255},
        is_done=lambda _, call: [tag.tag_id for tag in call.tags] == [255],
        refused_with="tag_not_found",
    ),
    Press(
        "record",
        "record.call",
        ("on",),
        sent={"action": "on"},
        is_done=lambda _, call: call.is_recorded,
        refused_with="record_already_started",
    ),
    Press(
        "dtmf",
        "send.dtmf",
        ("7",),
        sent={"dtmf_string": "7"},
        is_done=lambda _, call: call.dtmf == "7",
        is_listed=False,
        refused_with="call_session_not_found",
    ),
    Press(
        "coach",
        "add.coach",
        is_done=lambda _, call: len(call.legs) == 3,
        refused_with="coach_not_found",
    ),
    Press(
        "coach",
        "add.coach",
        ("104",),
        sent={"phone_number": "104"},
        is_done=lambda _, call: len(call.legs) == 3,
        refused_with="no_active_phone_number",
        name="coach with a number",
    ),
    Press(
        "drop",
        "disconnect.leg",
        ("CONTACT_LEG",),
        is_done=in_state(S.FINISHED, S.POST_TALK),
        refused_with="leg_not_found",
    ),
    Press(
        "block",
        "block.contact",
        is_done=lambda pad, _: pad.simulator.pbx.directory.is_blocked(CALLER),
        is_listed=False,
        refused_with="duplicate_contact",
    ),
    Press(
        "option",
        "call.talk_option",
        ("2",),
        sent={"button": "2"},
        is_done=lambda _, call: call.is_recorded,
        refused_with="talk_option_not_found",
    ),
    Press(
        "option",
        "call.talk_option",
        ("1",),
        sent={"button": "1"},
        is_done=lambda _, call: [tag.tag_id for tag in call.tags] == [254],
        refused_with="forbidden",
        name="option that tags",
    ),
    Press("end", "release.call", is_done=in_state(S.FINISHED), refused_with="call_session_not_found"),
]
every_press = pytest.mark.parametrize("press", PRESSES, ids=lambda press: press.name or press.verb)


def test_every_verb_is_in_the_table() -> None:
    assert {press.verb for press in PRESSES} == set(VERBS)


@every_press
async def test_accepted_is_exit_0_and_sent_once(press: Press, open_pad: OpenPad) -> None:
    async with open_pad() as pad:
        call = pad.live(press.state)
        ended = await pad.call(*press.line(call), "--json")
        assert (ended.code, ended.json["phase"], ended.err) == (0, "accepted", "")
        assert ended.json["verb"] == press.verb
        assert ended.json["call_session_id"] == call.call_session_id
        assert ended.json["error"] is None
        assert press.is_done(pad, call)
        (entry,) = [entry for entry in pad.asked if entry.operation == press.method]
        assert dict(entry.params).items() >= press.sent.items()
        assert pad.commands == [press.method]


@every_press
async def test_wait_ends_when_the_list_shows_it(press: Press, open_pad: OpenPad) -> None:
    async with open_pad() as pad:
        call = pad.live(press.state)
        ended = await pad.call(*press.line(call), "--wait", "--json")
        assert (ended.code, ended.json["phase"]) == (0, "confirmed" if press.is_listed else "accepted")
        assert pad.commands == [press.method]


@every_press
async def test_refused_is_exit_3_with_a_sentence(press: Press, open_pad: OpenPad) -> None:
    async with open_pad() as pad:
        call = pad.live(press.state)
        pad.simulator.account.switches.refuse_next(press.method, press.refused_with)
        ended = await pad.call(*press.line(call), "--json", "--wait")
        assert (ended.code, ended.json["phase"], ended.json["error"]["code"]) == (3, "refused", press.refused_with)
        assert f"{press.verb}: refused." in ended.err
        assert "It did not work" not in ended.err
        assert pad.commands == [press.method]


@every_press
async def test_a_lost_reply_is_exit_4_and_nothing_is_repeated(press: Press, open_pad: OpenPad) -> None:
    async with open_pad() as pad:
        call = pad.live(press.state)
        pad.simulator.faults.add(LoseReply(), face="pbx", operation=press.method, times=None)
        ended = await pad.call(*press.line(call), "--json")
        assert (ended.code, ended.json["phase"]) == (4, "unknown")
        assert "Look at the calls before you try again" in ended.err
        assert pad.commands == [press.method]
        assert press.is_done(pad, call)


@every_press
async def test_with_wait_a_lost_reply_is_cleared_up_by_the_list(press: Press, open_pad: OpenPad) -> None:
    async with open_pad() as pad:
        call = pad.live(press.state)
        pad.simulator.faults.add(LoseReply(), face="pbx", operation=press.method, times=None)
        ended = await pad.call(*press.line(call), "--json", "--wait")
        assert (ended.code, ended.json["phase"]) == ((0, "confirmed") if press.is_listed else (4, "unknown"))
        assert pad.commands == [press.method]


@every_press
async def test_what_never_happened_stays_unknown(press: Press, open_pad: OpenPad) -> None:
    async with open_pad() as pad:
        call = pad.live(press.state)
        pad.simulator.faults.add(HttpError(502, before_effect=True), face="pbx", operation=press.method, times=None)
        ended = await pad.call(*press.line(call), "--json", "--wait", "--wait-time", "0.7")
        assert (ended.code, ended.json["phase"]) == (4, "unknown")
        assert pad.commands == [press.method]
        assert len([entry for entry in pad.asked if entry.operation == "list.calls"]) >= (2 if press.is_listed else 1)


async def test_a_command_that_repeats_would_be_seen(open_pad: OpenPad, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: with a retry of lost replies the journal above would show two."""
    post_once = JsonRpc.post

    async def post(rpc: JsonRpc, method: str, params: Mapping[str, object], body_cap: int) -> HttpReply:
        try:
            return await post_once(rpc, method, params, body_cap)
        except OutcomeUnknown:
            return await post_once(rpc, method, params, body_cap)

    monkeypatch.setattr(JsonRpc, "post", post)
    async with open_pad() as pad:
        call = pad.live()
        pad.simulator.faults.add(LoseReply(), face="pbx", operation="send.dtmf")
        await pad.call("dtmf", str(call.call_session_id), "5")
        assert pad.commands == ["send.dtmf", "send.dtmf"]


async def test_accepted_and_not_shown_in_time_is_exit_4(open_pad: OpenPad) -> None:
    async with open_pad(SimulatorConfig(scenario="tour", command_latency_s=60.0)) as pad:
        call = pad.live()
        ended = await pad.call("hold", str(call.call_session_id), "--wait", "--wait-time", "1", "--json")
        assert (ended.code, ended.json["phase"]) == (4, "not_visible")
        assert "does not show it" in ended.err


async def test_a_look_that_believes_everything_would_be_seen(
    open_pad: OpenPad, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control of the test above: without the rules of the effects it is confirmed."""
    monkeypatch.setattr(call_order, "is_effect_visible", lambda *_: True)
    async with open_pad(SimulatorConfig(scenario="tour", command_latency_s=60.0)) as pad:
        call = pad.live()
        ended = await pad.call("hold", str(call.call_session_id), "--wait", "--wait-time", "1", "--json")
        assert (ended.code, ended.json["phase"]) == (0, "confirmed")


async def test_a_late_list_is_waited_for(open_pad: OpenPad) -> None:
    async with open_pad(SimulatorConfig(scenario="tour", command_latency_s=1.2)) as pad:
        call = pad.live()
        ended = await pad.call("hold", str(call.call_session_id), "--wait", "--json")
        assert (ended.code, ended.json["phase"]) == (0, "confirmed")


async def test_a_look_that_fails_is_followed_by_another(open_pad: OpenPad) -> None:
    async with open_pad() as pad:
        call = pad.live()
        pad.simulator.faults.add(DropBefore(), face="pbx", operation="list.calls", after=1, times=2)
        ended = await pad.call("hold", str(call.call_session_id), "--wait", "--json")
        assert (ended.code, ended.json["phase"]) == (0, "confirmed")


async def test_no_link_is_exit_5_and_nothing_is_sent(open_pad: OpenPad) -> None:
    async with open_pad() as pad:
        call = pad.live()
        pad.simulator.set_down("pbx", True)
        ended = await pad.call("end", str(call.call_session_id), "--json")
        assert (ended.code, ended.json["phase"], ended.json["error"]["code"]) == (5, "not_sent", "connect")
        assert call.session_state is S.TALK


async def test_a_look_before_that_fails_sends_nothing(open_pad: OpenPad) -> None:
    async with open_pad() as pad:
        call = pad.live()
        pad.simulator.faults.add(LoseReply(), face="pbx", operation="list.calls", times=None)
        ended = await pad.call("hold", str(call.call_session_id), "--wait", "--json")
        assert (ended.code, ended.json["phase"]) == (5, "not_sent")
        assert pad.commands == []


async def test_a_wrong_password_is_refused_and_named(open_pad: OpenPad, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_pad() as pad:
        monkeypatch.setenv("PULT_PBX_PASSWORD", "wrong-канарейка")
        call = pad.live()
        ended = await pad.call("end", str(call.call_session_id), "--json")
        assert (ended.code, ended.json["error"]["code"]) == (3, "auth_error")
        assert "канарейка" not in ended.out + ended.err
        assert pad.commands == []


async def test_an_unanswered_sign_in_is_no_link(open_pad: OpenPad) -> None:
    async with open_pad() as pad:
        call = pad.live()
        pad.simulator.faults.add(LoseReply(), face="pbx", operation="login.user", times=None)
        ended = await pad.call("end", str(call.call_session_id), "--json")
        assert (ended.code, ended.json["error"]["code"]) == (5, "sign_in_unanswered")


async def test_the_session_is_given_back(open_pad: OpenPad) -> None:
    async with open_pad() as pad:
        call = pad.live()
        await pad.call("hold", str(call.call_session_id))
        await pad.call("retrieve", str(call.call_session_id))
        operations = [entry.operation for entry in pad.simulator.journal.entries]
        assert operations.count("login.user") == operations.count("logout.user") == 2


async def test_without_the_component_of_the_list_a_call_can_be_ended(open_pad: OpenPad) -> None:
    async with open_pad() as pad:
        call = pad.live()
        pad.simulator.account.switches.refuse_next("list.calls", "component_disabled", times=9)
        ended = await pad.call("end", str(call.call_session_id))
        assert (ended.code, call.session_state) == (0, S.FINISHED)


async def test_an_open_console_does_not_stand_in_the_way(open_pad: OpenPad) -> None:
    async with open_pad() as pad, open_console(pad.simulator, pad.data_dir) as services:
        call = pad.live()
        ended = await pad.call("hold", str(call.call_session_id), "--wait", "--json")
        assert (ended.code, ended.json["phase"]) == (0, "confirmed")
        services.poller.refresh_soon()
        await until(
            lambda: any(live.was_answered for live in services.board.calls.values()), what="the console's own look"
        )


async def test_a_colleague_who_still_rings_is_not_given_the_caller(open_pad: OpenPad) -> None:
    async with open_pad() as pad:
        call = pad.live(S.DIALING)
        ended = await pad.call("transfer", str(call.call_session_id), "--json")
        assert (ended.code, ended.json["error"]["code"]) == (2, "colleague_has_not_answered")
        assert "--blind" in ended.err
        assert pad.commands == []


async def test_without_that_look_the_caller_would_be_at_risk(
    open_pad: OpenPad, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control of the test above."""
    monkeypatch.setattr(call_order, "_refuse_to_lose_the_caller", lambda _: None)
    async with open_pad() as pad:
        call = pad.live(S.DIALING)
        ended = await pad.call("transfer", str(call.call_session_id))
        assert (ended.code, call.session_state) == (0, S.TRANSFER_PENDING)


async def test_keys_go_one_by_one_and_stop_at_the_first_refusal(open_pad: OpenPad) -> None:
    async with open_pad() as pad:
        call = pad.live()
        whole = await pad.call("dtmf", str(call.call_session_id), "12#", "--json")
        assert (whole.code, whole.json["sent"], whole.json["total"], call.dtmf) == (0, 3, 3, "12#")
        pad.simulator.faults.add(LoseReply(), face="pbx", operation="send.dtmf", after=1)
        broken = await pad.call("dtmf", str(call.call_session_id), "456", "--json")
        assert (broken.code, broken.json["phase"]) == (4, "unknown")
        assert (broken.json["sent"], broken.json["total"]) == (1, 3)
        assert call.dtmf == "12#45"


async def test_recording_goes_off_again(open_pad: OpenPad) -> None:
    async with open_pad() as pad:
        call = pad.live()
        for switch, recorded in (("on", True), ("off", False)):
            ended = await pad.call("record", str(call.call_session_id), switch, "--wait")
            assert (ended.code, call.is_recorded) == (0, recorded)


@pytest.mark.parametrize(("button", "state"), [("3", S.HOLD)])
async def test_an_option_is_confirmed_by_what_it_does(button: str, state: S, open_pad: OpenPad) -> None:
    async with open_pad() as pad:
        call = pad.live()
        ended = await pad.call("option", str(call.call_session_id), button, "--wait", "--json")
        assert (ended.code, ended.json["phase"], call.session_state) == (0, "confirmed", state)


async def test_a_toggle_is_seen_going_off(open_pad: OpenPad) -> None:
    async with open_pad() as pad:
        call = pad.live()
        for recorded in (True, False):
            ended = await pad.call("option", str(call.call_session_id), "2", "--wait", "--json")
            assert (ended.json["phase"], call.is_recorded) == ("confirmed", recorded)
        assert pad.commands == ["call.talk_option", "call.talk_option"]


async def test_a_hold_message_is_named_by_its_preset(open_pad: OpenPad) -> None:
    presets = '[[pbx.hold_message.presets]]\nname = "Документы"\nvalue = "Ищу ваши документы"\npromised_s = 60\n'
    async with open_pad(settings=presets) as pad:
        call = pad.live()
        unknown = await pad.call("hold", str(call.call_session_id), "--preset", "Склад")
        assert (unknown.code, "Документы" in unknown.err, pad.commands) == (2, True, [])
        ended = await pad.call("hold", str(call.call_session_id), "--preset", "документы")
        assert ended.code == 0
        assert pad.asked[-1].params["contact_message"] == {"type": "tts", "value": "Ищу ваши документы"}


WRONG = [
    ("hold", "x"),
    ("hold", "-5"),
    ("hold", "1", "--message", " "),
    ("hold", "1", "--message", "а" * 1001),
    ("hold", "1", "--message", "a", "--media", "1"),
    ("consult", "1", "нет"),
    ("consult", "1", "8 495 123-45-67 доб. 5"),
    ("consult", "1"),
    ("tag", "1", "Жалоба"),
    ("record", "1", "maybe"),
    ("dtmf", "1", "12a"),
    ("dtmf", "1", ""),
    ("drop", "1", "0"),
    ("option", "1", " "),
    ("coach", "1", "?"),
    ("end",),
    ("hold", "1", "--wait-time", "soon"),
    ("nonsense", "1"),
    (),
]


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
async def test_wrong_usage_is_exit_2_says_what_to_do_and_sends_nothing(
    words: tuple[str, ...], open_pad: OpenPad
) -> None:
    async with open_pad() as pad:
        ended = await pad.call(*words)
        assert ended.code == 2
        assert ended.err.strip()
        assert "Traceback" not in ended.err
        assert pad.simulator.journal.entries == []


async def test_in_words_a_command_says_what_became_of_it(open_pad: OpenPad) -> None:
    async with open_pad() as pad:
        call = pad.live()
        accepted = await pad.call("tag", str(call.call_session_id), "255")
        refused = await pad.call("tag", str(call.call_session_id), "255")
        assert accepted.out == f"tag: accepted by the PBX. call_session_id={call.call_session_id} tag_id=255\n"
        assert refused.out == ""
        assert "The call has this tag already." in refused.err


async def test_a_consultation_without_a_hold_says_to_hold_first(open_pad: OpenPad) -> None:
    async with open_pad() as pad:
        call = pad.live()
        ended = await pad.call("consult", str(call.call_session_id), "102")
        assert ended.code == 3
        assert "Hold the call first: `call hold SESSION`." in ended.err
