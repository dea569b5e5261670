"""An answer kept for the one thing it was last asked about, so that documents of one place do the work once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

Subject = TypeVar("Subject")
Answer = TypeVar("Answer")


def kept_for_latest(work: Callable[[Subject], Answer]) -> Callable[[Subject], Answer]:
    """The work, whose answer for the subject last asked about (the very same object) is not worked out again.

    Subjects are frozen, so that the same one has the same answer; whoever gets an answer leaves it as it is.
    """
    latest: list[tuple[Subject, Answer]] = []

    @wraps(work)
    def asked(subject: Subject) -> Answer:
        if not latest or latest[0][0] is not subject:
            latest[:] = [(subject, work(subject))]
        return latest[0][1]

    return asked
