"""The layer contracts of pyproject.toml hold, the product runs without Qt, and both notice an offender."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.offending import Offender, copy_of_the_tree, offenders_of

ROOT = Path(__file__).resolve().parents[2]

_LINT = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"

# Imports every module of the product, as a headless command might, and names what of Qt or of the window came with it.
_IMPORT_EVERYTHING = """
import importlib, pkgutil, sys
sys.path.insert(0, ".")
import app
names = [found.name for found in pkgutil.walk_packages(app.__path__, "app.")]
for name in names:
    if not name.endswith("__main__"):
        importlib.import_module(name)
faces = sorted({name.split(".")[0] for name in sys.modules} & {"PySide6", "shiboken6", "qasync", "ui"})
print(len(names), *faces)
"""


@pytest.fixture(scope="module")
def copied_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_the_tree(ROOT, tmp_path_factory.mktemp("layers") / "copy")


def _lint(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _LINT, "--no-cache"], cwd=root, capture_output=True, text=True, timeout=60, check=False
    )


def _imported_faces(root: Path) -> list[str]:
    finished = subprocess.run(
        [sys.executable, "-c", _IMPORT_EVERYTHING], cwd=root, capture_output=True, text=True, timeout=60, check=False
    )
    assert finished.returncode == 0, finished.stderr
    module_count, *faces = finished.stdout.split()
    assert int(module_count) >= 1
    return faces


def test_the_layers_hold() -> None:
    finished = _lint(ROOT)
    assert finished.returncode == 0, finished.stdout + finished.stderr


@pytest.mark.parametrize("offender", offenders_of({"layers"}), ids=lambda offender: offender.name)
def test_a_layer_broken_is_noticed(offender: Offender, copied_tree: Path) -> None:
    with offender.planted(copied_tree) as planted_paths:
        finished = _lint(copied_tree)
    assert finished.returncode == 1, finished.stdout + finished.stderr
    planted_module = planted_paths[0].removesuffix(".py").replace("/", ".")
    assert planted_module in finished.stdout.split("Broken contracts")[1]


@pytest.mark.parametrize("vendor", [name for name in ("uis", "bitrix24", "amocrm") if (ROOT / "app" / name).is_dir()])
def test_every_integration_is_named_in_the_contracts(vendor: str) -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    naming = [contract["name"] for contract in contracts if f"app.{vendor}" in str(contract)]
    assert len(naming) == 4


def test_the_product_imports_nothing_of_qt() -> None:
    assert _imported_faces(ROOT) == []


@pytest.mark.parametrize("offender", offenders_of({"headless"}), ids=lambda offender: offender.name)
def test_a_product_that_imports_a_face_is_noticed(offender: Offender, copied_tree: Path) -> None:
    with offender.planted(copied_tree):
        assert _imported_faces(copied_tree) == ["ui"]
