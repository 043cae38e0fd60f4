"""Words of the question that is asked when the console is to be closed."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Waiting:
    """Cards that are not in the CRMs yet: saved and unsent, finished and unsaved, set aside."""

    unsent: int = 0
    unsaved: int = 0
    set_aside: int = 0


def closing_title() -> str:
    return translate("Closing", "Close Pult?")


def close_text() -> str:
    return translate("Closing", "Close")


def close_anyway_text() -> str:
    return translate("Closing", "Close anyway")


def waiting_text(waiting: Waiting) -> str:
    """What waits, and what becomes of it."""
    parts = []
    if waiting.unsaved:
        unsaved = translate("Closing", "Cards not saved yet: {count}. They are saved as they stand.")
        parts.append(unsaved.format(count=waiting.unsaved))
    if waiting.unsent:
        parts.append(translate("Closing", "Cards waiting to be sent: {count}.").format(count=waiting.unsent))
    parts.append(translate("Closing", "They are safe on this computer and are sent the next time Pult runs."))
    if waiting.set_aside:
        set_aside = translate("Closing", "Cards set aside: {count}. They stay here until you take them up.")
        parts.append(set_aside.format(count=waiting.set_aside))
    return "\n\n".join(parts)


def not_saved_text(reason: str) -> str:
    """A card is not on the disk; `reason` is a sentence."""
    text = translate(
        "Closing", "A card could not be saved, so Pult stays open. Close it now, and what you typed last may be lost."
    )
    return f"{text}\n\n{reason}"
