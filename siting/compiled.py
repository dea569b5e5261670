"""Loops compiled by numba: once per machine where the result can be kept, once per run where it cannot."""

from __future__ import annotations

from collections.abc import Callable
from pickle import UnpicklingError
from typing import Any

from numba import njit


def compiled(loop: Callable[..., Any]) -> Callable[..., Any]:
    """A loop as machine code that runs beside other threads; kept for the next run where a folder can be written.

    What an earlier version of the package has kept and this one cannot read is thrown away.
    """
    try:
        made = njit(cache=True, nogil=True)(loop)
    except RuntimeError:
        return njit(nogil=True)(loop)
    _forget_unreadable(made)
    return made


def _forget_unreadable(made: Any) -> None:
    """Empty a loop's kept index where it names classes that are no more: numba reads it before it asks for its date."""
    kept = made._cache._cache_file
    try:
        kept._load_index()
    except (AttributeError, ImportError, EOFError, UnpicklingError):
        kept.flush()
