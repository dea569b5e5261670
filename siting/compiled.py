"""Loops compiled by numba: once per machine where the result can be kept, once per run where it cannot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit


def compiled(loop: Callable[..., Any]) -> Callable[..., Any]:
    """A loop as machine code that runs beside other threads; kept for the next run where a folder can be written."""
    try:
        return njit(cache=True, nogil=True)(loop)
    except RuntimeError:
        return njit(nogil=True)(loop)
