"""The smoke test of the frozen program is satisfied by a good tour only."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def smoke() -> ModuleType:
    specification = importlib.util.spec_from_file_location("smoke", ROOT / "packaging" / "smoke.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    (tmp_path / "pult").mkdir()
    (tmp_path / "pult" / "libQt6Core.so.6").touch()
    return tmp_path / "pult"


@pytest.fixture
def tour(tmp_path: Path, smoke: ModuleType) -> Path:
    folder = tmp_path / "tour"
    folder.mkdir()
    (folder / "01-idle.png").write_bytes(smoke.PNG_SIGNATURE + b"rest")
    (folder / "tour.json").write_text(json.dumps({"ok": True, "steps": [{"name": "idle"}]}), "utf-8")
    return folder


def test_a_good_tour_of_a_lean_bundle_passes(smoke: ModuleType, bundle: Path, tour: Path) -> None:
    assert smoke.complaints(bundle, tour) == []


def _says_it_failed(bundle: Path, tour: Path) -> None:
    (tour / "tour.json").write_text(json.dumps({"ok": False, "steps": [{}]}), "utf-8")


def _says_nothing(bundle: Path, tour: Path) -> None:
    (tour / "tour.json").unlink()


def _lacks_a_picture(bundle: Path, tour: Path) -> None:
    (tour / "01-idle.png").unlink()


def _has_a_broken_picture(bundle: Path, tour: Path) -> None:
    (tour / "01-idle.png").write_bytes(b"")


def _brings_another_tool_kit(bundle: Path, tour: Path) -> None:
    (bundle / "libgtk-3.so.0").touch()


def _links_to_nothing(bundle: Path, tour: Path) -> None:
    (bundle / "libQt6Gone.so.6").symlink_to("PySide6/libQt6Gone.so.6")


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (_says_it_failed, "tour.json does not say that the tour went well"),
        (_says_nothing, "the tour left no tour.json"),
        (_lacks_a_picture, "0 pictures of 1 steps"),
        (_has_a_broken_picture, "not a PNG: 01-idle.png"),
        (_brings_another_tool_kit, "unwanted: libgtk-3.so.0"),
        (_links_to_nothing, "leads nowhere: libQt6Gone.so.6"),
    ],
)
def test_what_is_wrong_is_said(
    smoke: ModuleType, bundle: Path, tour: Path, spoil: Callable[[Path, Path], None], complaint: str
) -> None:
    spoil(bundle, tour)
    assert smoke.complaints(bundle, tour) == [complaint]
