"""The shift the tour plays: two callers, every kind of command, a card, and Bitrix24 away for a while."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import msgspec
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QTableView,
    QWidget,
)

from app.domain.actions import CallAction
from app.domain.calls import CallState
from ui.models.call_row import CallColumn
from ui.models.queue_list import QueueColumn
from ui.panels.call_card.view_state import StepMark
from ui.panels.command_bar.presenter import LOOK_FIRST_S
from ui.panels.status_line.view_state import LinkLight
from ui.texts.calls import state_text
from ui.texts.card import completed_mark, mark_word, sent_text, set_aside_text, waiting_for_crm_text
from ui.texts.crm_reasons import BITRIX24, crm_word
from ui.texts.in_hand import tag_undone_text
from ui.texts.status import link_text
from ui.tour.stage import Stage

KNOWN_NUMBER, KNOWN_NAME = "79062195047", "Мария Ивановна Котова"
UNKNOWN_NUMBER, UNKNOWN_SHOWN = "79995550142", "+7 999 555-01-42"
COLLEAGUE, COLLEAGUE_NAME = 2003, "Белова"
NOTES = "Договор продлён до июня, выслать счёт."
SECOND_NOTES = "Просит перезвонить после обеда."
PASTED = "8 (999) 555-01-42"
SHORT_WRAP_UP_S = 3
KEYS = "12#"
RECORDER = "talk_option_2"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: file name of its picture, what it shows, and how it is played."""

    name: str
    title: str
    act: Callable[[Stage], Awaitable[None]]


async def _idle(stage: Stage) -> None:
    await stage.expect("rows", lambda: stage.window.active_calls.table.model().rowCount(), 0)
    await stage.expect_text("active_calls_empty", "")
    await stage.wait_for("the link", lambda: stage.services.poller.report.last_success is not None)


async def _first_ring(stage: Stage) -> None:
    focus_before = QApplication.focusWidget()
    stage.simulator.pbx.ring_in(KNOWN_NUMBER, employees=[stage.me])
    stage.refresh()
    await stage.expect_row(KNOWN_NAME, CallColumn.STATE, state_text(CallState.RINGING))
    await stage.expect_text("current_call_caller", KNOWN_NAME)
    await stage.expect_text("card_caller", KNOWN_NAME)
    await stage.expect_journal("telephony.externalCall.searchCrmEntities", 1)
    await stage.expect("the keyboard stayed", lambda: QApplication.focusWidget() is focus_before, wanted=True)


async def _answer(stage: Stage) -> None:
    stage.simulator.pbx.answer(_last_call(stage), stage.me)
    stage.refresh()
    await stage.expect_text("current_call_state", state_text(CallState.TALK))
    await stage.type_into(QPlainTextEdit, "card_notes", NOTES)
    await stage.expect("notes", lambda: stage.find(QPlainTextEdit, "card_notes").toPlainText(), NOTES)
    await stage.expect_text("card_autosaved", ":")


async def _hold(stage: Stage) -> None:
    await stage.press(CallAction.HOLD)
    await stage.expect_text("current_call_state", state_text(CallState.HOLD))
    await stage.expect_journal("hold.call", 1)


async def _consult(stage: Stage) -> None:
    await stage.press(CallAction.BEGIN_CONSULT)
    await stage.type_into(QLineEdit, "number_field", COLLEAGUE_NAME)
    await stage.click(QPushButton, "number_go")
    await stage.expect_text("current_call_state", state_text(CallState.CONSULT_RINGING))
    await stage.expect_text("caller_lost_warning", "")
    await stage.expect_journal("make.call", 1)


async def _colleague_answers(stage: Stage) -> None:
    stage.simulator.pbx.colleague_answers(_last_call(stage))
    stage.refresh()
    await stage.expect_text("current_call_state", state_text(CallState.CONSULT))


async def _transfer(stage: Stage) -> None:
    await stage.press(CallAction.COMPLETE_TRANSFER)
    await stage.expect_journal("transfer.talk", 1)
    await stage.expect_row(KNOWN_NAME, CallColumn.EMPLOYEE, COLLEAGUE_NAME)
    await stage.wait_for("the finished card", lambda: stage.window.call_card.isVisible() and _is_finished(stage))
    await stage.expect_text("card_duration", ":")


async def _save_card(stage: Stage) -> None:
    await stage.click(QPushButton, "save_card")
    await stage.expect_text("receipt_activity", "")
    await stage.expect_journal("telephony.externalCall.register", 1)
    await stage.expect_journal("telephony.externalCall.finish", 1)
    await stage.expect("notes in Bitrix24", lambda: _comments(stage, NOTES), 1)
    await stage.expect("duplicates", lambda: len(stage.simulator.bitrix24.duplicates()), 0)


async def _second_ring(stage: Stage) -> None:
    stage.simulator.pbx.hang_up(_last_call(stage), "contact")
    stage.simulator.pbx.ring_in(UNKNOWN_NUMBER, employees=[stage.me])
    stage.refresh()
    await stage.expect_no_row(KNOWN_NAME)
    await stage.expect_row(UNKNOWN_SHOWN, CallColumn.STATE, state_text(CallState.RINGING))
    await stage.expect_text("card_caller", UNKNOWN_SHOWN)
    await stage.widget(QRadioButton, "customer_create")
    stage.simulator.pbx.answer(_last_call(stage), stage.me)
    stage.refresh()
    await stage.expect_text("current_call_state", state_text(CallState.TALK))


async def _tag_counts(stage: Stage) -> None:
    tag = stage.services.account.lists.tags[1]
    # A press this soon after another call came up is taken for one that was meant for the call before.
    seen_s = stage.services.clock.monotonic()
    await stage.wait_for("a look at the new call", lambda: stage.services.clock.monotonic() - seen_s > LOOK_FIRST_S)
    await stage.press(CallAction.TAG)
    await stage.choose("tag_menu", tag.name)
    await stage.expect_text("tag_countdown_0_text", tag.name)
    await stage.expect_journal("tag.call", 0)


async def _tag(stage: Stage) -> None:
    undone, tag = stage.services.account.lists.tags[1], stage.services.account.lists.tags[0]
    await stage.click(QPushButton, "tag_countdown_0_undo")
    await stage.expect_text("status_message", tag_undone_text(undone.name))
    await stage.press(CallAction.TAG)
    await stage.choose("tag_menu", tag.name)
    await stage.expect_row(UNKNOWN_SHOWN, CallColumn.TAGS, tag.name)
    await stage.expect_journal("tag.call", 1)


async def _picker(stage: Stage) -> None:
    await stage.press(CallAction.COMPLETE_TRANSFER)
    await stage.type_into(QLineEdit, "number_field", COLLEAGUE_NAME)
    await stage.expect_text("transfer_back_after", str(stage.services.settings.pbx.transfer_back_after_s))


async def _armed(stage: Stage) -> None:
    await stage.click(QPushButton, "transfer_when_answered")
    await stage.expect_text("current_call_state", state_text(CallState.CONSULT_RINGING))
    await stage.expect_text("armed_0_text", COLLEAGUE_NAME, "0:")
    words = stage.find(QWidget, "armed_0_text")
    await stage.wait_for("its words to be seen whole", lambda: words.height() >= words.heightForWidth(words.width()))
    await stage.expect_journal("hold.call", 2)
    await stage.expect_journal("make.call", 2)


async def _armed_back(stage: Stage) -> None:
    await stage.click(QPushButton, "armed_0_back")
    await stage.expect_text("current_call_state", state_text(CallState.TALK))
    await stage.expect_journal("restore.talk", 1)
    await stage.expect_journal("transfer.talk", 1)
    await stage.expect("strips", lambda: stage.window.in_hand.isVisible(), wanted=False)


async def _option(stage: Stage) -> None:
    await stage.click(QPushButton, RECORDER)
    await stage.widget(QWidget, "current_call_recording")
    await stage.expect("the toggle", lambda: stage.find(QPushButton, RECORDER).isChecked(), wanted=True)
    await stage.expect_journal("call.talk_option", 1)


async def _option_off(stage: Stage) -> None:
    await stage.click(QPushButton, RECORDER)
    await stage.expect("the toggle", lambda: stage.find(QPushButton, RECORDER).isChecked(), wanted=False)
    await stage.expect_journal("call.talk_option", 2)


async def _block_question(stage: Stage) -> None:
    await stage.press(CallAction.BLOCK_CALLER)
    box = await stage.widget(QMessageBox, "confirm_dialog")
    number = UNKNOWN_SHOWN.replace(" ", "\N{NO-BREAK SPACE}")
    await stage.expect("the number in the question", lambda: number in box.text(), wanted=True)


async def _block_refused(stage: Stage) -> None:
    await stage.click(QPushButton, "cancel_button")
    await stage.expect_journal("block.contact", 0)


async def _record(stage: Stage) -> None:
    await stage.press(CallAction.START_RECORDING)
    await stage.widget(QWidget, "current_call_recording")
    await stage.expect_journal("record.call", 1)


async def _pbx_down(stage: Stage) -> None:
    stage.simulator.set_down("pbx", True)
    stage.refresh()
    await stage.expect_text("status_link", link_text(LinkLight.DOWN))
    await stage.expect_text("banner_pbx_down_text", "")
    await stage.expect_row(UNKNOWN_SHOWN, CallColumn.STATE, state_text(CallState.TALK))


async def _pbx_back(stage: Stage) -> None:
    stage.simulator.set_down("pbx", False)
    await stage.expect_text("status_link", link_text(LinkLight.UP))
    await stage.expect_row(UNKNOWN_SHOWN, CallColumn.STATE, state_text(CallState.TALK))


async def _keypad(stage: Stage) -> None:
    await stage.press(CallAction.SEND_DTMF)
    await stage.type_into(QLineEdit, "keypad_sequence", KEYS)
    await stage.click(QPushButton, "keypad_send")
    await stage.expect("keys heard", lambda: stage.simulator.pbx.call(_last_call(stage)).dtmf, KEYS)
    await stage.expect_text("keypad_progress", "3")
    await stage.expect_journal("send.dtmf", 3)


async def _coach(stage: Stage) -> None:
    await stage.click(QPushButton, "keypad_close")
    await stage.press(CallAction.ADD_COACH)
    await stage.click(QPushButton, "number_go")
    await stage.expect_journal("add.coach", 1)
    await stage.widget(QWidget, "leg_2")


async def _end(stage: Stage) -> None:
    await stage.type_into(QPlainTextEdit, "card_notes", SECOND_NOTES)
    await stage.press(CallAction.END_CALL)
    await stage.expect_journal("release.call", 1)
    await stage.expect_no_row(UNKNOWN_SHOWN)
    await stage.wait_for("the finished card", lambda: _is_finished(stage))


async def _later(stage: Stage) -> None:
    await stage.expect_text("card_time_left", "")
    await stage.click(QPushButton, "card_later")
    await stage.expect_text("set_aside_count", set_aside_text(1))
    await stage.expect("cards set aside", lambda: stage.services.wrap_up.set_aside_count, 1)


async def _bitrix24_down(stage: Stage) -> None:
    await stage.click(QPushButton, "set_aside_take_up")
    await stage.expect("cards set aside", lambda: stage.services.wrap_up.set_aside_count, 0)
    stage.simulator.set_down("bitrix24", True)
    await stage.click(QRadioButton, "customer_create")
    await stage.expect("customer to be created", stage.find(QRadioButton, "customer_create").isChecked, wanted=True)
    await stage.click(QPushButton, "save_card")
    await stage.expect_text("receipt_headline", waiting_for_crm_text())
    await stage.expect("cards in Bitrix24", lambda: len(stage.simulator.bitrix24.statistics), 1)


async def _bitrix24_back(stage: Stage) -> None:
    stage.simulator.set_down("bitrix24", False)
    stage.services.delivery.resume()
    await stage.expect("cards in Bitrix24", lambda: len(stage.simulator.bitrix24.statistics), 2)
    await stage.expect("notes in Bitrix24", lambda: _comments(stage, SECOND_NOTES), 1)
    await stage.expect_text("receipt_headline", sent_text())
    await stage.expect("duplicates", lambda: len(stage.simulator.bitrix24.duplicates()), 0)


async def _queue_waits(stage: Stage) -> None:
    await stage.click(QPushButton, "status_unsent")
    table = await stage.widget(QTableView, "queue_table")
    await stage.wait_for("the card in the queue", lambda: _queue_row(table) is not None)
    table.selectRow(_queue_row(table) or 0)
    await stage.expect_text("queue_details_headline", UNKNOWN_SHOWN)
    await stage.expect_text("queue_step_0", crm_word(BITRIX24))


async def _queue_receipt(stage: Stage) -> None:
    await stage.widget(QPushButton, "queue_open_bitrix24_activity")
    await stage.expect_text("queue_step_state_1", mark_word(StepMark.DONE))


async def _queue_closed(stage: Stage) -> None:
    await stage.click(QPushButton, "queue_close")
    await stage.expect("small windows", lambda: sum(one.isVisible() for one in stage.window.findChildren(QDialog)), 0)


async def _new_call(stage: Stage) -> None:
    await stage.click(QPushButton, "new_call_button")
    await stage.type_into(QLineEdit, "new_call_field", PASTED)
    await stage.expect_text("new_call_understood", UNKNOWN_SHOWN)
    await stage.expect_journal("start.employee_call", 0)


async def _new_call_rings(stage: Stage) -> None:
    await stage.click(QPushButton, "new_call_go")
    await stage.expect_row(UNKNOWN_SHOWN, CallColumn.STATE, state_text(CallState.RINGING))
    await stage.expect_journal("start.employee_call", 1)
    await stage.expect("small windows", lambda: sum(one.isVisible() for one in stage.window.findChildren(QDialog)), 0)


async def _completed(stage: Stage) -> None:
    settings = stage.services.settings
    card = msgspec.structs.replace(settings.card, wrap_up_s=SHORT_WRAP_UP_S)
    await stage.services.reconnect(msgspec.structs.replace(settings, card=card))
    stage.simulator.pbx.hang_up(_last_call(stage), stage.me)
    stage.refresh()
    await stage.expect_text("receipt_automatic", completed_mark())
    await stage.expect("cards in Bitrix24", lambda: len(stage.simulator.bitrix24.statistics), 3)


STEPS = (
    Step("idle", "The console at rest, connected", _idle),
    Step("ring", "A known caller rings; the card opens without taking the keyboard", _first_ring),
    Step("talk", "Answered on the phone; notes are typed and kept", _answer),
    Step("hold", "On hold", _hold),
    Step("consult", "A colleague is called", _consult),
    Step("consulting", "The colleague has answered", _colleague_answers),
    Step("transfer", "Transferred after the answer; the card is filled in", _transfer),
    Step("saved", "The card is saved and delivered, with its receipt", _save_card),
    Step("second-ring", "A second caller nobody knows", _second_ring),
    Step("tag-counts", "A tag counts down and can be taken back", _tag_counts),
    Step("tag", "Taken back, then another one from the menu", _tag),
    Step("picker", "To whom: colleagues, groups and numbers, who is on a call", _picker),
    Step("armed", "Transfer when answered: held and called by one choice", _armed),
    Step("armed-back", "Brought back: with the caller again", _armed_back),
    Step("option", "A talk option of the account: the recorder", _option),
    Step("option-off", "Pressed again, it is off", _option_off),
    Step("block-question", "Blocking asks, naming the number", _block_question),
    Step("block-refused", "Cancel: nobody is blocked", _block_refused),
    Step("record", "Recording", _record),
    Step("pbx-down", "The PBX does not answer: the list stays, with its age", _pbx_down),
    Step("pbx-back", "The PBX answers again", _pbx_back),
    Step("keypad", "Keys sent one by one", _keypad),
    Step("coach", "A coach listens in", _coach),
    Step("end", "Ended; the card waits for its customer", _end),
    Step("later", "Set aside: it waits in the queue, without a time", _later),
    Step("bitrix24-down", "Bitrix24 is away: the saved card waits", _bitrix24_down),
    Step("queue-waits", "The queue: why the card waits, and when the next try comes", _queue_waits),
    Step("bitrix24-back", "Bitrix24 is back: delivered once", _bitrix24_back),
    Step("queue-receipt", "The queue: what Bitrix24 has of the card, with its receipt", _queue_receipt),
    Step("queue-closed", "The queue is closed", _queue_closed),
    Step("new-call", "New call: a pasted number, and how it was understood", _new_call),
    Step("new-call-rings", "One click, and my phone rings", _new_call_rings),
    Step("completed", "Nobody answered, nobody saved the card: it is saved by itself and says so", _completed),
)


def _last_call(stage: Stage) -> int:
    return max(call.call_session_id for call in stage.simulator.pbx.calls)


def _queue_row(table: QTableView) -> int | None:
    model = table.model()
    numbers = [str(model.index(row, QueueColumn.NUMBER).data()) for row in range(model.rowCount())]
    return numbers.index(UNKNOWN_SHOWN) if UNKNOWN_SHOWN in numbers else None


def _is_finished(stage: Stage) -> bool:
    return any(card.draft.facts.is_finished for card in stage.services.wrap_up.cards.values())


def _comments(stage: Stage, text: str) -> int:
    return sum(text in str(comment) for comment in stage.simulator.bitrix24.comments)
