"""An answer kept for what it was last asked about, so that documents of one place do the work once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from operator import is_
from typing import TypeVar, TypeVarTuple

Subjects = TypeVarTuple("Subjects")
Answer = TypeVar("Answer")


def kept_for_latest(work: Callable[[*Subjects], Answer]) -> Callable[[*Subjects], Answer]:
    """The work, whose answer for the subjects last asked about (the very same objects) is not worked out again.

    Subjects are frozen, so that the same ones have the same answer; whoever gets an answer leaves it as it is.
    Threads that ask at once about different subjects each get their own.
    """
    latest: list[tuple[tuple[*Subjects], Answer]] = []

    @wraps(work)
    def asked(*subjects: *Subjects) -> Answer:
        kept = latest[0] if latest else None
        if kept is None or not all(map(is_, kept[0], subjects)):
            kept = subjects, work(*subjects)
            latest[:] = [kept]
        return kept[1]

    return asked
