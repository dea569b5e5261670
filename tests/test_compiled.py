from __future__ import annotations

from collections.abc import Callable
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
