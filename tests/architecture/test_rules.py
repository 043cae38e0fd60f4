"""The tree keeps its rules, and every rule goes red on its planted offenders."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.architecture.offending import OFFENDERS, Offender, copy_of_the_tree, offenders_of
from tests.architecture.rules import RULES
from tests.architecture.rules.source import Tree

ROOT = Path(__file__).resolve().parents[2]

# A median cannot be moved by one file among hundreds.
_ON_AN_EMPTY_TREE = frozenset({"module_median"})


@pytest.mark.parametrize("rule_name", RULES)
def test_the_tree_keeps_the_rule(rule_name: str) -> None:
    assert RULES[rule_name](Tree(ROOT)) == []


@pytest.fixture(scope="module")
def copied_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_the_tree(ROOT, tmp_path_factory.mktemp("tree") / "copy")


@pytest.mark.parametrize("offender", offenders_of(RULES), ids=lambda offender: offender.name)
def test_the_rule_goes_red_on_its_offender(offender: Offender, copied_tree: Path, tmp_path: Path) -> None:
    root = tmp_path if offender.rule_name in _ON_AN_EMPTY_TREE else copied_tree
    rule = RULES[offender.rule_name]
    before = set(rule(Tree(root)))
    with offender.planted(root) as planted_paths:
        planted = set(rule(Tree(root))) - before
    assert planted, f"{offender.name} was not noticed"
    places = (*planted_paths, "app, ui")
    assert any(complaint.startswith(places) for complaint in planted)
    assert set(rule(Tree(root))) == before


def test_every_rule_has_an_offender_and_every_offender_a_rule() -> None:
    offended = {offender.rule_name for offender in OFFENDERS}
    assert offended == {*RULES, "layers", "headless"}


def test_the_copy_holds_what_the_rules_look_at(copied_tree: Path) -> None:
    assert (copied_tree / "requirements.lock").is_file()
    assert len(Tree(copied_tree).modules()) == len(Tree(ROOT).modules())
    shutil.rmtree(copied_tree / "tests" / "helpers")
    assert (ROOT / "tests" / "helpers").is_dir(), "it is a copy"
