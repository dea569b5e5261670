from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from siting import compiled as room


def _double(number: int) -> int:
    return 2 * number


def test_a_loop_is_compiled_and_answers_the_same() -> None:
    assert room.compiled(_double)(21) == 42


def test_where_no_folder_can_be_written_it_is_compiled_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    real, asked = room.njit, []

    def njit(**options: bool) -> Callable[..., Any]:
        asked.append(options)
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return real(**options)

    monkeypatch.setattr(room, "njit", njit)
    assert room.compiled(_double)(21) == 42
    assert [options.get("cache", False) for options in asked] == [True, False]


SMALL = """
from typing import NamedTuple

from siting.compiled import compiled


class {name}(NamedTuple):
    metres: float


@compiled
def doubled(one: {name}) -> float:
    return 2.0 * one.metres


print(doubled({name}(21.0)))
"""


def test_what_an_earlier_version_has_kept_is_thrown_away(tmp_path: Path) -> None:
    # numba unpickles the classes its index names before it asks whether the file is still the same.
    for name in ("Village", "Hamlet"):
        (tmp_path / "small_module.py").write_text(SMALL.format(name=name))
        run = [sys.executable, "-c", "import small_module"]
        said = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (said.stdout, said.returncode) == ("42.0\n", 0), said.stderr
    assert list(tmp_path.glob("__pycache__/*.nbi"))


def test_where_one_file_of_its_rooms_changes_nothing_kept_is_believed(tmp_path: Path) -> None:
    network = tmp_path / "network"
    kept, source, other = network / "__pycache__" / "roads.nbi", network / "roads.py", tmp_path / "maps.py"
    kept.parent.mkdir(parents=True)
    for file in (source, other):
        file.write_text("a = 1")
    room._forget_if_changed(tmp_path)
    kept.write_text("kept")
    other.write_text("a = 1 + 1")
    room._forget_if_changed(tmp_path)
    assert kept.exists()
    source.write_text("a = 1 + 1")
    room._forget_if_changed(tmp_path)
    assert not kept.exists()
