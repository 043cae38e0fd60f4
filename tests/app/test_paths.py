"""Folders: the options decide, nothing is shared, everything is the owner's."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from app.paths import find_folders, resource_dir


def test_a_data_dir_holds_everything(tmp_path: Path) -> None:
    folders = find_folders(data_dir=tmp_path / "a")
    assert folders.data_dir == tmp_path / "a"
    for path in (folders.config_file, folders.log_dir, folders.cache_dir):
        assert path.is_relative_to(tmp_path / "a")


def test_a_config_file_may_lie_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folders = find_folders(config=Path("kiosk.toml"), data_dir=Path("data"))
    assert folders.config_file == tmp_path / "kiosk.toml"
    assert folders.data_dir == tmp_path / "data"


@pytest.mark.skipif(sys.platform != "linux", reason="XDG")
def test_without_options_the_systems_places_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    folders = find_folders()
    assert folders.config_file == tmp_path / "CONFIG" / "Pult" / "config.toml"
    assert folders.data_dir == tmp_path / "DATA" / "Pult"
    assert folders.cache_dir == tmp_path / "CACHE" / "Pult"
    assert folders.log_dir.is_relative_to(tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="file modes")
def test_new_folders_are_private_and_old_ones_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir(mode=0o755)
    (tmp_path / "a").chmod(0o755)
    folders = find_folders(data_dir=tmp_path / "a")
    folders.create()
    folders.create()
    assert folders.log_dir.stat().st_mode & 0o777 == 0o700
    assert folders.cache_dir.stat().st_mode & 0o777 == 0o700
    assert folders.data_dir.stat().st_mode & 0o777 == 0o755


def test_resources_are_found_in_the_source_tree_and_in_the_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (resource_dir().parent / "app" / "paths.py").is_file()
    monkeypatch.setattr(sys, "_MEIPASS", "/opt/pult/_internal", raising=False)
    assert resource_dir() == Path("/opt/pult/_internal/resources")
