"""Closing the console: what is asked and when, what is saved, who does not wait for an answer."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from app.domain.wrap_up import CallFacts
from tests.app.services.test_offered_cards import UNSEEN
from tests.helpers.guards import ExpectedLog
from tests.helpers.services import World, open_world
from tests.helpers.waiting import until
from ui.closing import Closing, EndWish
from ui.tasks import TaskScope

WRITES = (sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE)


@dataclass
class Way:
    """A console with somebody at it; `asked` are the questions, `answer` what is said to them."""

    world: World
    window: QWidget
    closing: Closing
    scope: TaskScope
    answer: bool = True
    asked: list[str] = field(default_factory=list)

    def finished_card(self, **changed: object) -> str:
        facts: CallFacts = replace(UNSEEN, **changed)  # type: ignore[arg-type]
        assert self.world.services.wrap_up.offer(facts)
        return facts.card_key

    async def is_saved(self, card_key: str) -> bool:
        entry = await self.world.services.delivery.card(card_key)
        return entry is not None and entry.card.is_completed_automatically


@asynccontextmanager
async def way_out(folder: Path) -> AsyncIterator[Way]:
    async with open_world(folder) as world:
        window, scope = QWidget(), TaskScope()

        async def confirm(_parent: QWidget, *, title: str, text: str, confirm_text: str, is_calm: bool = False) -> bool:
            assert title
            assert confirm_text
            assert is_calm is ("stays open" not in text)
            way.asked.append(text)
            return way.answer

        way = Way(world, window, Closing(window, world.services, scope, confirm=confirm), scope)
        try:
            yield way
        finally:
            await scope.aclose()
            window.deleteLater()


async def test_nothing_is_asked_where_nothing_waits(tmp_path: Path) -> None:
    async with way_out(tmp_path) as way:
        assert await way.closing.may_close()
        assert way.asked == []


async def test_a_finished_card_is_saved_as_it_stands_after_saying_so(tmp_path: Path) -> None:
    async with way_out(tmp_path) as way:
        card_key = way.finished_card()
        wrap_up = way.world.services.wrap_up
        wrap_up.edit(card_key, replace(wrap_up.cards[card_key].draft.fields, notes="последние бук"))
        assert await way.closing.may_close()
        (text,) = way.asked
        assert "not saved yet: 1" in text
        assert "the next time Pult runs" in text
        assert await way.is_saved(card_key)
        entry = await way.world.services.delivery.card(card_key)
        assert entry is not None
        assert entry.card.notes == "последние бук"


async def test_whoever_stays_keeps_the_card_open(tmp_path: Path) -> None:
    async with way_out(tmp_path) as way:
        way.answer = False
        card_key = way.finished_card()
        assert not await way.closing.may_close()
        assert card_key in way.world.services.wrap_up.cards
        assert not await way.is_saved(card_key)


async def test_unsent_cards_are_told_of_and_those_set_aside_stay(tmp_path: Path) -> None:
    async with way_out(tmp_path) as way:
        services = way.world.services
        way.world.simulator.set_down("bitrix24", True)
        sent = way.finished_card()
        await services.wrap_up.save(sent)
        aside = way.finished_card(card_key="pult-h-90-91", call_session_id=90, leg_id=91)
        services.wrap_up.set_aside(aside)
        assert await way.closing.may_close()
        (text,) = way.asked
        assert "waiting to be sent: 1" in text
        assert "set aside: 1" in text
        assert aside in services.wrap_up.cards


async def test_a_card_set_aside_alone_is_no_reason_to_ask(tmp_path: Path) -> None:
    async with way_out(tmp_path) as way:
        way.world.services.wrap_up.set_aside(way.finished_card())
        assert await way.closing.may_close()
        assert way.asked == []


async def test_a_card_that_cannot_be_saved_keeps_the_window_open(tmp_path: Path, expected_log: ExpectedLog) -> None:
    expected_log("a card was not saved at closing")
    async with way_out(tmp_path) as way:
        card_key = way.finished_card()
        open_cards = way.world.services.wrap_up.cards
        await until(lambda: open_cards[card_key].lookup == "done", what="who called")
        # The draft is on the disk: only the card itself is refused.
        await until(lambda: not way.world.services.wrap_up._table._autosave._waiting, what="an autosaved draft")
        await way.world.services.database.run(_refuse_cards)
        answers = iter([True, False])
        ask = way.closing._confirm

        async def confirm(*args: object, **kwargs: object) -> bool:
            way.answer = next(answers)
            return await ask(*args, **kwargs)

        way.closing._confirm = confirm
        assert not await way.closing.may_close()
        assert len(way.asked) == 2
        assert "stays open" in way.asked[1]
        assert way.world.services.wrap_up.cards[card_key].save == "not_saved"
        await way.world.services.database.run(_allow_cards)
        way.closing._confirm = ask
        way.answer = True
        assert await way.closing.may_close()


def _refuse_cards(connection: sqlite3.Connection) -> None:
    connection.set_authorizer(lambda action, *_: sqlite3.SQLITE_DENY if action in WRITES else sqlite3.SQLITE_OK)


def _allow_cards(connection: sqlite3.Connection) -> None:
    connection.set_authorizer(None)


async def test_the_end_of_the_session_saves_and_asks_nobody(tmp_path: Path) -> None:
    async with way_out(tmp_path) as way:
        card_key = way.finished_card()
        wish = EndWish()
        wish.insist()
        async with asyncio.timeout(5.0):
            await way.closing.wait(wish)
        assert way.asked == []
        assert await way.is_saved(card_key)


async def test_a_signal_closes_a_question_that_is_open(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        window, scope, wish = QWidget(), TaskScope(), EndWish()
        window.show()
        assert world.services.wrap_up.offer(UNSEEN)
        waiting = asyncio.ensure_future(Closing(window, world.services, scope).wait(wish))
        wish.ask()
        await until(lambda: window.findChild(QMessageBox, "confirm_dialog"), what="the question")
        wish.insist()
        async with asyncio.timeout(5.0):
            await waiting
        entry = await world.services.delivery.card(UNSEEN.card_key)
        assert entry is not None
        await scope.aclose()
        window.deleteLater()


async def test_cancel_is_what_return_presses_and_the_console_goes_on(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        window, scope, wish = QWidget(), TaskScope(), EndWish()
        window.show()
        assert world.services.wrap_up.offer(UNSEEN)
        waiting = asyncio.ensure_future(Closing(window, world.services, scope).wait(wish))
        for _ in range(2):
            wish.ask()
            await until(lambda: window.findChild(QPushButton, "cancel_button"), what="the question")
            button = window.findChild(QPushButton, "cancel_button")
            assert isinstance(button, QPushButton)
            assert button.isDefault()
            button.click()
            await until(lambda: window.findChild(QMessageBox, "confirm_dialog") is None, what="no question")
            assert not waiting.done()
        assert UNSEEN.card_key in world.services.wrap_up.cards
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await scope.aclose()
        window.deleteLater()
