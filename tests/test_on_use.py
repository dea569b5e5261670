"""Packages that load their rooms on use: what the types are checked with is what runs."""

from __future__ import annotations

import ast
from pathlib import Path
from types import ModuleType

import pytest

import siting
import siting.filing
from siting.on_use import loaded

PACKAGES = (siting, siting.filing)


def _stated(package: ModuleType) -> dict[str, str]:
    """The homes of the public names as the imports for the type checker have them."""
    tree = ast.parse(Path(str(package.__file__)).read_text(encoding="utf-8"))
    checked = next(one for one in tree.body if isinstance(one, ast.If))
    rooms = [one for one in checked.body if isinstance(one, ast.ImportFrom)]
    return {each.asname or each.name: f"{one.module}:{each.name}" for one in rooms for each in one.names}


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_name_comes_from_where_its_type_comes_from(package: ModuleType) -> None:
    homes = _stated(package)
    assert homes.keys() == set(package.__all__) <= set(dir(package))
    for name, home in homes.items():
        assert getattr(package, name) is loaded(home), name


@pytest.mark.parametrize("package", PACKAGES)
def test_other_names_are_not_there(package: ModuleType) -> None:
    with pytest.raises(AttributeError, match=f"module '{package.__name__}' has no attribute 'plann'"):
        _ = package.plann


def test_a_room_called_like_a_public_name_does_not_hide_it() -> None:
    setattr(siting, "audit", ModuleType("siting.audit"))  # noqa: B010
    assert siting.audit is loaded("siting.run:audit_study")
