"""How states look: the tone of the theme and the icon that go with each. The words are in ui.texts.calls."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.calls import CallState, LegState


@dataclass(frozen=True, slots=True)
class Look:
    """A tone of the theme ("ringing" for the text, "ringing_fill" behind it) and an icon."""

    tone: str
    icon_name: str

    @property
    def fill(self) -> str:
        return f"{self.tone}_fill"


_RINGING = Look("ringing", "phone-incoming")
_TALK = Look("talk", "phone-call")
_HELD = Look("held", "pause")
_QUEUE = Look("queue", "list-ordered")
_CONSULT = Look("consult", "messages-square")
_ENDED = Look("ended", "phone-off")
_UNKNOWN = Look("ended", "circle-question-mark")

CALL_LOOKS: dict[CallState, Look] = {
    CallState.RINGING: _RINGING,
    CallState.QUEUED: _QUEUE,
    CallState.TALK: _TALK,
    CallState.HOLD: _HELD,
    CallState.CONSULT_RINGING: Look("consult", "phone-outgoing"),
    CallState.CONSULT: _CONSULT,
    CallState.TRANSFER_PENDING: Look("held", "phone-forwarded"),
    CallState.ENDED: _ENDED,
    CallState.UNKNOWN: _UNKNOWN,
}

LEG_LOOKS: dict[LegState, Look] = {
    LegState.DIALLING: _RINGING,
    LegState.TALKING: _TALK,
    LegState.QUEUED: _QUEUE,
    LegState.CONSULTING: _CONSULT,
    LegState.HELD: _HELD,
    LegState.TRANSFERRING: Look("held", "phone-forwarded"),
    LegState.SENDING_DTMF: Look("talk", "grip"),
    LegState.FAX: Look("talk", "send"),
    LegState.ENDED: _ENDED,
    LegState.UNKNOWN: _UNKNOWN,
}
