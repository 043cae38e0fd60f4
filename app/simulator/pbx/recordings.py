"""Recordings of the exchange's calls: which there are, when they are ready, and their bytes, made by code."""

import io
import wave
from datetime import datetime, timedelta

from app.simulator.config import SimulatorConfig
from app.simulator.pbx.call import Call, Leg, LegRole
from app.simulator.schedule import Schedule

# MPEG-1 layer III, 32 kbit/s, 44.1 kHz, mono: 104 bytes a frame. Side information of zeros is silence.
MP3_FRAME = bytes((0xFF, 0xFB, 0x10, 0xC0)) + bytes(100)
MP3_FRAMES_A_SECOND = 44_100 / 1152
WAV_RATE = 8_000
LONGEST_S = 600.0


class Recordings:
    """What can be had of a call's sound, and from where."""

    def __init__(self, config: SimulatorConfig, schedule: Schedule) -> None:
        self._config = config
        self._schedule = schedule
        self.base_url = ""
        """Where this world serves them; known once it listens."""
        self.needs_login = False
        """Whoever asks gets the cabinet's login page."""
        self.moved_to: str | None = None
        """A redirect in place of each recording."""

    def records_of(self, call: Call) -> list[str]:
        """Hashes, once they are ready: one for each employee who talked, or of the whole where there was only one."""
        if not self._is_ready(call):
            return []
        parts = talked_legs(call)
        return [_hash_of_leg(leg) for leg in parts] if len(parts) > 1 else [_hash_of_call(call)]

    def records_of_leg(self, call: Call, leg: Leg) -> list[str]:
        """The hash of that leg's own talk."""
        return [_hash_of_leg(leg)] if self._is_ready(call) and leg in talked_legs(call) else []

    def whole_link(self, call: Call) -> str | None:
        """The link to the glued file."""
        if not self._is_ready(call) or not self._config.has_whole_record_link:
            return None
        return f"{self.base_url}/{call.call_session_id}/{_hash_of_call(call)}"

    def find(self, call: Call, record: str, kind: str) -> bytes | None:
        """The bytes written so far; None when there is no such recording (yet). `kind`: ``mp3`` or ``wav``."""
        if not self._is_ready(call):
            return None
        if record == _hash_of_call(call):
            sound_s = _span_s(call.talk_started_at, call.ended_at)
        else:
            leg = next((leg for leg in talked_legs(call) if _hash_of_leg(leg) == record), None)
            if leg is None:
                return None
            sound_s = _span_s(leg.talk_began_at, leg.left_at or call.ended_at)
        whole = mp3_of(sound_s) if kind == "mp3" else wav_of(sound_s)
        return whole[: max(len(MP3_FRAME), round(len(whole) * self._written_share(call)))]

    def _is_ready(self, call: Call) -> bool:
        """It can be had, whole or in part."""
        if call.ended_at is None or not call.is_recorded or not call.was_answered:
            return False
        return self._schedule.wall_now() >= self._ready_at(call.ended_at)

    def _ready_at(self, ended_at: datetime) -> datetime:
        return ended_at + timedelta(seconds=self._config.recording_ready_after_s)

    def _written_share(self, call: Call) -> float:
        if call.ended_at is None or self._config.recording_written_for_s <= 0:
            return 1.0
        written_s = (self._schedule.wall_now() - self._ready_at(call.ended_at)).total_seconds()
        return min(1.0, written_s / self._config.recording_written_for_s)


def talked_legs(call: Call) -> list[Leg]:
    """Legs of our side that got through to the other, in the order they began."""
    legs = [*call.past_legs, *call.legs]
    return [leg for leg in legs if leg.role is LegRole.EMPLOYEE and leg.talk_began_at is not None]


def mp3_of(sound_s: float) -> bytes:
    """Silence as whole frames."""
    return MP3_FRAME * max(1, round(min(sound_s, LONGEST_S) * MP3_FRAMES_A_SECOND))


def wav_of(sound_s: float) -> bytes:
    """Silence, eight bits a sample."""
    written = io.BytesIO()
    with wave.open(written, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(WAV_RATE)
        sound.writeframes(b"\x80" * max(1, round(min(sound_s, LONGEST_S) * WAV_RATE)))
    return written.getvalue()


def _hash_of_call(call: Call) -> str:
    return f"{call.call_session_id:032x}"


def _hash_of_leg(leg: Leg) -> str:
    return f"{leg.leg_id:032x}"


def _span_s(begin: datetime | None, end: datetime | None) -> float:
    return 0.0 if begin is None or end is None else max(0.0, (end - begin).total_seconds())
