"""Loops compiled by numba: once per machine where the result can be kept, once per run where it cannot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

from numba import njit

ROOMS = ("location", "network")
"""The rooms that have loops, and everything the loops know of."""


def _forget_if_changed(package: Path) -> None:
    """Throw away what is kept for a package where a file of its rooms is another than when it was kept.

    numba looks at the file of a loop only, not at those of the loops that it calls.
    """
    files = [(file, file.stat()) for room in ROOMS for file in sorted((package / room).rglob("*.py"))]
    now = "\n".join(f"{file.relative_to(package)} {said.st_mtime_ns} {said.st_size}" for file, said in files)
    stamp = package / "__pycache__" / "loops.stamp"
    try:
        if stamp.exists() and stamp.read_text(encoding="utf-8") == now:
            return
        for index in package.rglob("__pycache__/*.nbi"):
            index.unlink(missing_ok=True)
        stamp.parent.mkdir(exist_ok=True)
        stamp.write_text(now, encoding="utf-8")
    except OSError:
        return


_forget_if_changed(Path(__file__).parent)


def compiled(loop: Callable[..., Any]) -> Callable[..., Any]:
    """A loop as machine code that runs beside other threads; kept for the next run where a folder can be written.

    What an earlier version of the package has kept and this one cannot read is thrown away.
    """
    return _made(loop, no_cfunc_wrapper=True)


def within(loop: Callable[..., Any]) -> Callable[..., Any]:
    """The same for a loop that only other loops call: compiled a third sooner, and a crash if Python calls it."""
    return _made(loop, no_cfunc_wrapper=True, no_cpython_wrapper=True)


def bare(loop: Callable[..., Any]) -> Callable[..., Any]:
    """The same for a loop that makes no arrays, hands none out and calls none but bare loops: nobody counts who holds
    the arrays it looks at, which takes several times as long as the work where they come in named tuples.
    """
    try:
        return _made(loop, no_cfunc_wrapper=True, no_cpython_wrapper=True, _nrt=False)
    except KeyError:
        return within(loop)


def _made(loop: Callable[..., Any], **without: Any) -> Callable[..., Any]:
    try:
        made = njit(cache=True, nogil=True, **without)(loop)
    except RuntimeError:
        return njit(nogil=True, **without)(loop)
    _forget_unreadable(made)
    return made


def _forget_unreadable(made: Any) -> None:
    """Empty a loop's kept index where it names classes that are no more: numba reads it before it asks for its date."""
    kept = made._cache._cache_file
    try:
        kept._load_index()
    except (AttributeError, ImportError, EOFError, UnpicklingError):
        kept.flush()
