"""A start's report in words."""

from __future__ import annotations

from app.services.start_report import StartBlock, StartReport
from ui.errors import text_of
from ui.panels.active_calls.view_state import shown_number
from ui.texts.new_call import block_text, phase_text


def outcome_sentence(report: StartReport) -> str:
    """What became of a start, in one line."""
    block = report.detail.get("why_not")
    if isinstance(block, StartBlock):
        return block_sentence(block)
    sentence = text_of(report.error) if report.error is not None else ""
    return phase_text(report.phase.value, number_of(report), sentence)


def block_sentence(block: StartBlock) -> str:
    """Why it was not sent."""
    return block_text(block.reason.value, block.params)


def number_of(report: StartReport) -> str:
    """The number called, as a person reads it."""
    return shown_number(report.start.contact) or report.start.contact
