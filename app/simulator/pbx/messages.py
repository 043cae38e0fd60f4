"""How long a message lasts that is played to a party."""

from app.simulator.pbx.directory import Directory

TTS_CHARACTERS_PER_SECOND = 15.0


def message_s(directory: Directory, message: tuple[str, str] | None) -> float:
    """Seconds of a message (type, value); 0 without one. The media file is known to exist."""
    if message is None:
        return 0.0
    kind, value = message
    if kind == "tts":
        return len(value) / TTS_CHARACTERS_PER_SECOND
    return directory.media_files[int(value)].duration_s
