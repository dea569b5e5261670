from __future__ import annotations

import ast
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from siting.compiled import ROOMS

PACKAGE = Path(__file__).resolve().parents[1] / "siting"
EDGES = {"cli.py", "edge.py", "usage.py", "console.py"}


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


def test_loops_live_in_the_rooms_whose_changes_make_them_anew() -> None:
    users = {module for module in _modules() if "siting.compiled" in _imports(module)}
    assert users
    assert {user.relative_to(PACKAGE).parts[0] for user in users} <= set(ROOMS)


LOOPS = ("compiled", "within", "bare")


def _is_loop(node: ast.AST, *words: str) -> bool:
    marks = node.decorator_list if isinstance(node, ast.FunctionDef) else []
    return any(isinstance(mark, ast.Name) and mark.id in words for mark in marks)


def _named_outside_loops(tree: ast.Module) -> set[str]:
    """Names that are used anywhere but in compiled loops."""
    loops = [node for node in ast.walk(tree) if _is_loop(node, *LOOPS)]
    within = {id(part) for loop in loops for part in ast.walk(loop)}
    free = [node for node in ast.walk(tree) if id(node) not in within]
    names = {node.id for node in free if isinstance(node, ast.Name)}
    return names | {node.attr for node in free if isinstance(node, ast.Attribute)}


def test_python_never_calls_a_loop_that_is_only_for_other_loops() -> None:
    root = PACKAGE.parent
    files = [file for folder in ("siting", "tests", "scripts") for file in sorted((root / folder).rglob("*.py"))]
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in files}
    used = {file: _named_outside_loops(tree) for file, tree in trees.items()}
    for file, tree in trees.items():
        own = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and _is_loop(node, *LOOPS[1:])}
        module = ".".join(file.relative_to(root).with_suffix("").parts)
        users = [user for user in trees if own & used[user]]
        assert not [user for user in users if user == file or own & used[user] & _imported_from(trees[user], module)]


def _imported_from(tree: ast.Module, module: str) -> set[str]:
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == module]
    return {name.name for node in nodes for name in node.names}


NUMBERS = {"int", "float", "bool", "None", "tuple", "Change", "uint64"}
OF_NUMBERS = {"range", "len", "min", "max", "abs", "int", "float", "bool"}
OF_NUMPY = {"exp", "seed", "random", "randint", "sqrt", "isfinite", "isnan", "uint64", "float64", "int64", "inf", "nan"}


def test_a_bare_loop_makes_no_arrays_and_hands_none_out() -> None:
    # Nobody counts who holds what it would make: it would be lost, or given back twice.
    trees = [ast.parse(file.read_text(encoding="utf-8")) for room in ROOMS for file in (PACKAGE / room).rglob("*.py")]
    loops = [node for tree in trees for node in ast.walk(tree) if _is_loop(node, "bare")]
    bare = {loop.name for loop in loops if isinstance(loop, ast.FunctionDef)}
    assert bare
    for loop in loops:
        assert isinstance(loop, ast.FunctionDef) and loop.returns is not None
        handed_out = {part.id for part in ast.walk(loop.returns) if isinstance(part, ast.Name)}
        called = [part.func for part in ast.walk(loop) if isinstance(part, ast.Call)]
        names = {one.id for one in called if isinstance(one, ast.Name)}
        methods = {one.attr for one in called if isinstance(one, ast.Attribute)}
        assert handed_out <= NUMBERS, loop.name
        assert names <= bare | OF_NUMBERS, loop.name
        assert methods <= OF_NUMPY, loop.name
        assert not [part for part in ast.walk(loop) if isinstance(part, ast.Slice)], loop.name
