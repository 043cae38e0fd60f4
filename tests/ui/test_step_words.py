"""Every step that any plan can give has words, in the card's receipt and in the queue, in both languages."""

from __future__ import annotations

import inspect
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QApplication

import app.amocrm.adapter
import app.bitrix24.adapter
from app.crm.port import CardToWrite
from app.domain.customer import CustomerKind
from app.domain.wrap_up import UnknownNumberChoice
from app.outbox.entry import PlannedStep
from app.paths import resource_dir
from tests.helpers.qt import finish_deletions
from tests.ui.windows.queue_samples import card_of
from ui.texts.card import step_word
from ui.texts.queue import step_text

VENDORS = (app.bitrix24.adapter, app.amocrm.adapter)
WORDS: tuple[Callable[[str], str], ...] = (step_word, step_text)


def plans() -> list[Callable[[CardToWrite], tuple[PlannedStep, ...]]]:
    """Every plan of both CRMs, those that are added later too."""
    return [
        function
        for vendor in VENDORS
        for name, function in inspect.getmembers(vendor, inspect.isfunction)
        if name.startswith("plan_") and function.__module__ == vendor.__name__
    ]


def planned_names() -> set[str]:
    """The steps of every kind of card there is."""
    names: set[str] = set()
    for notes, wants_recording, choice, second_id in itertools.product(
        ("", "typed"), (False, True), UnknownNumberChoice, (None, 7)
    ):
        second_kind = None if second_id is None else CustomerKind.CONTACT
        card = replace(
            card_of(1).card,
            notes=notes,
            wants_recording=wants_recording,
            unknown_number=choice,
            second_kind=second_kind,
            second_id=second_id,
        )
        names |= {step.name for plan in plans() for step in plan(card)}
    return names


def step_constants() -> set[str]:
    """What the vendors' modules call their steps: a step whose card was not thought of here is among them."""
    sources = "".join(inspect.getsource(vendor) for vendor in VENDORS)
    constants = set(re.findall(r"\bPlannedStep\(CRM_NAME, ([A-Z_]+)", sources))
    found = {getattr(vendor, name) for vendor in VENDORS for name in constants if hasattr(vendor, name)}
    assert len(found) == len(constants)
    return found


def words_missing(names: set[str], word: Callable[[str], str]) -> set[str]:
    return {name for name in names if word(name) in ("", name)}


@pytest.fixture
def russian(qapp: QApplication) -> Iterator[None]:
    translator = QTranslator(qapp)
    assert translator.load("pult_ru.qm", str(resource_dir() / "i18n"))
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)
    translator.deleteLater()
    finish_deletions()


def test_the_plans_are_walked_to_their_last_step() -> None:
    assert planned_names() == step_constants()
    assert planned_names() >= {"register", "finish", "note", "record", "hide", "contact", "call"}


@pytest.mark.parametrize("word", WORDS)
def test_every_step_has_words(qapp: QApplication, word: Callable[[str], str]) -> None:
    assert words_missing(planned_names(), word) == set()
    assert words_missing({"seal"}, word) == {"seal"}, "a step without words would not be noticed"


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.usefixtures("russian")
def test_and_russian_ones(word: Callable[[str], str]) -> None:
    for name in planned_names():
        assert re.search("[а-яё]", word(name), re.IGNORECASE), f"{name}: {word(name)}"
