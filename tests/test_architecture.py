from __future__ import annotations

import ast
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

PACKAGE = Path(__file__).resolve().parents[1] / "siting"
EDGES = {"cli.py", "edge.py", "console.py"}


def _modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def _imports(module: Path) -> set[str]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    plain = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    return plain | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def _who_imports(library: str) -> set[str]:
    users = [module for module in _modules() if any(name.split(".")[0] == library for name in _imports(module))]
    return {module.relative_to(PACKAGE).as_posix() for module in users}


def test_imports_go_one_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PACKAGE.parent)
    assert lint_imports() == 0


def test_only_one_file_has_heard_of_the_solver() -> None:
    assert _who_imports("highspy") == {"location/highs.py"}


def test_only_mapping_knows_folium() -> None:
    assert all(user.startswith("mapping/") for user in _who_imports("folium"))


def test_only_the_edges_print() -> None:
    assert _who_imports("rich") | _who_imports("typer") <= EDGES


def test_only_inputs_reads_roads_and_grids() -> None:
    makes_shapes_of_cells = {"shapes.py"}
    readers = _who_imports("osmium") | _who_imports("osmnx") | _who_imports("rasterio") - makes_shapes_of_cells
    assert all(reader.startswith("inputs/") or reader.startswith("mapping/") for reader in readers)


@pytest.mark.parametrize("module", _modules(), ids=lambda module: module.relative_to(PACKAGE).as_posix())
def test_no_module_outgrows_a_screenful_of_screens(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= 420
