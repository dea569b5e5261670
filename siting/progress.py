"""What a long computation tells while it works. The package tells, the edges print."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from siting.words import Phrase


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of news: the task, and where a search stands (incumbent and bound, nan where there is none)."""

    task: Phrase
    value: float = float("nan")
    bound: float = float("nan")


Tell = Callable[[Step], None]


def quietly(step: Step) -> None:
    """Tell nobody."""


class Turns:
    """News of works that run side by side, told one work after another: that of a later one waits for its turn."""

    def __init__(self, tell: Tell, works: int) -> None:
        self._tell, self._lock = tell, Lock()
        self._waiting: list[list[Step]] = [[] for _ in range(works)]
        self._done, self._turn = [False] * works, 0

    def of(self, work: int) -> Tell:
        """Where a work tells its steps."""

        def tell(step: Step) -> None:
            with self._lock:
                if work == self._turn:
                    self._tell(step)
                else:
                    self._waiting[work].append(step)

        return tell

    def finish(self, work: int) -> None:
        """A work has ended: those after it are heard."""
        with self._lock:
            self._done[work] = True
            while self._turn < len(self._done) and self._done[self._turn]:
                self._turn += 1
                for step in self._waiting[self._turn] if self._turn < len(self._done) else ():
                    self._tell(step)
