"""The model of one call session for the stateful soak: what the document's diagram says. Knows nothing of `app`.

Who holds the call is its *holder*, whom the holder asks is the *consulted*.
"""

from __future__ import annotations

from dataclasses import dataclass, field

RINGING, TALK, HOLD, DIALLING, CONSULT, LEFT_TO_RINGING, OVER = (
    "ringing",
    "talk",
    "hold",
    "consult_ringing",
    "consult",
    "transfer_pending",
    "ended",
)
TALKED = frozenset({TALK, HOLD, DIALLING, CONSULT, LEFT_TO_RINGING})
CONSULTING = frozenset({DIALLING, CONSULT})
TAGS = (254, 255, 256, 257)
UNKNOWN_TAG = 999
CONTACT, HOLDER, CONSULTED, COACH = "contact", "employee", "consult", "coach"


@dataclass
class ModelCall:
    """What the call is now, and why it ended."""

    state: str = RINGING
    coach: str = ""
    is_recorded: bool = False
    tags: set[int] = field(default_factory=set)
    keys: str = ""
    is_blocked: bool = False
    cause: str = ""
    changes: int = 0

    @property
    def is_live(self) -> bool:
        return self.state != OVER

    @property
    def roles(self) -> frozenset[str]:
        """Whose legs are there."""
        roles = {CONTACT} if self.is_live else set()
        if self.is_live and self.state != LEFT_TO_RINGING:
            roles.add(HOLDER)
        if self.state in (*CONSULTING, LEFT_TO_RINGING):
            roles.add(CONSULTED)
        if self.is_live and self.coach:
            roles.add(COACH)
        return frozenset(roles)

    def become(self, state: str, cause: str = "") -> None:
        self.state = state
        self.changes += 1
        self.cause = cause

    def command(self, name: str, argument: object) -> str:
        """Do what the PBX does; gives "" or the mnemonic of its refusal."""
        return getattr(self, f"_{name}")(argument) or ""

    def _hold(self, _: object) -> str:
        if self.state != TALK:
            return "invalid_state"
        self.become(HOLD)
        return ""

    def _retrieve(self, _: object) -> str:
        if self.state != HOLD:
            return "invalid_state"
        self.become(TALK)
        return ""

    def _begin_consult(self, _: object) -> str:
        if self.state != HOLD:
            return "invalid_state"
        self.become(DIALLING)
        return ""

    def _transfer(self, _: object) -> str:
        if self.state not in CONSULTING:
            return "invalid_state"
        self.become(TALK if self.state == CONSULT else LEFT_TO_RINGING)
        return ""

    _complete_transfer = _transfer
    _transfer_blind = _transfer

    def _cancel_consult(self, _: object) -> str:
        if self.state not in CONSULTING:
            return "invalid_state"
        self.become(TALK)
        return ""

    def _tag(self, tag_id: object) -> str:
        if tag_id not in TAGS:
            return "tag_not_found"
        if tag_id in self.tags:
            return "duplicate_tag"
        self.tags.add(int(str(tag_id)))
        self.changes += 1
        return ""

    def _start_recording(self, _: object) -> str:
        if self.is_recorded:
            return "record_already_started"
        self.is_recorded = True
        self.changes += 1
        return ""

    def _stop_recording(self, _: object) -> str:
        if not self.is_recorded:
            return "record_already_stopped"
        self.is_recorded = False
        self.changes += 1
        return ""

    def _send_dtmf(self, symbol: object) -> str:
        self.keys += str(symbol)
        return ""

    def _block_caller(self, _: object) -> str:
        if self.is_blocked:
            return "duplicate_contact"
        self.is_blocked = True
        return ""

    def _add_coach(self, _: object) -> str:
        self.coach = "rings"
        self.changes += 1
        return ""

    def _drop_leg(self, role: object) -> str:
        if role not in self.roles:
            return "leg_not_found"
        self.leave(str(role), "dropped")
        return ""

    def _end_call(self, _: object) -> str:
        self.become(OVER, "ended by command")
        return ""

    def leave(self, role: str, how: str) -> None:
        """One party is gone, by its own hand or by ours."""
        if role == CONTACT:
            self.become(OVER, f"contact {how}")
        elif role == COACH:
            self.coach = ""
            self.changes += 1
        elif role == CONSULTED:
            if self.state == LEFT_TO_RINGING:
                self.become(OVER, "nobody answered the blind transfer")
            else:
                self.become(HOLD)
        elif self.state in CONSULTING:
            self.become(TALK if self.state == CONSULT else LEFT_TO_RINGING)
        else:
            self.become(OVER, f"holder {how}")


def is_allowed(name: str, call: ModelCall) -> bool:
    """Whether the console should offer a command, by the document's table of states; a call freshly looked at."""
    only_in: dict[str, frozenset[str]] = {
        "hold": frozenset({TALK}),
        "retrieve": frozenset({HOLD}),
        "begin_consult": frozenset({HOLD}),
        "complete_transfer": frozenset({CONSULT}),
        "transfer_blind": frozenset({DIALLING}),
        "cancel_consult": CONSULTING,
        "add_coach": frozenset({TALK}),
        "block_caller": TALKED - {LEFT_TO_RINGING},
        "send_dtmf": TALKED - {LEFT_TO_RINGING},
        "start_recording": TALKED - {LEFT_TO_RINGING} if not call.is_recorded else frozenset(),
        "stop_recording": TALKED - {LEFT_TO_RINGING} if call.is_recorded else frozenset(),
    }
    if not call.is_live:
        return False
    if name == "drop_leg":
        return len(call.roles) > 1
    return call.state in only_in.get(name, frozenset({call.state}))
