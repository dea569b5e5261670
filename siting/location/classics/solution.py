"""What every problem answers: who is open, who goes where, what it is worth, and how good that is provably."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from threading import Lock

import numpy as np

from siting.errors import SolverError
from siting.location.decision import Status
from siting.study import FloatArray, IntArray

CLOSED = 1e-6
"""A value is proved where the bound comes as near as this, relative to the value."""

SMALL = 2_000
"""Pairs up to which a second method must agree."""


@dataclass(frozen=True, slots=True)
class Incumbent:
    """A better answer found on the way: seconds since the search began, and its value."""

    seconds: float
    value: float


@dataclass(frozen=True, slots=True)
class Solution:
    """An answer: open (P,) sites ascending; assigned (I,) the site of every unit, -1 for none; value and bound.

    No answer is worth more than the bound where the problem maximises, less where it minimises. An infeasible
    problem has no open sites, everybody at -1, and an infinite value.
    """

    open: IntArray
    assigned: IntArray
    value: float
    bound: float
    status: Status
    incumbents: tuple[Incumbent, ...]

    @property
    def gap(self) -> float:
        """|value - bound| / max(|value|, 1)."""
        return abs(self.value - self.bound) / max(abs(self.value), 1.0)


@dataclass(slots=True)
class Search:
    """Where a search that minimises stands: the best answer, the bound and the clock.

    is_whole: every value is a whole number, so a bound is rounded up. turn: threads offer one after another.
    """

    units: int
    seconds: float
    is_whole: bool = False
    began: float = field(default_factory=time.perf_counter)
    open: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    assigned: IntArray | None = None
    value: float = float("inf")
    bound: float = -float("inf")
    incumbents: list[Incumbent] = field(default_factory=list)
    turn: Lock = field(default_factory=Lock)

    @property
    def left(self) -> float:
        """Seconds left."""
        return self.began + self.seconds - time.perf_counter()

    @property
    def is_closed(self) -> bool:
        """Whether there is an answer and it is proved."""
        return bool(np.isfinite(self.value)) and self.value - self.bound <= CLOSED * max(1.0, abs(self.value))

    @property
    def upper(self) -> float:
        """What an answer worth having is worth at most."""
        if self.is_whole:
            return self.value - 1 + CLOSED
        return self.value - CLOSED / 2 * max(1.0, abs(self.value)) if np.isfinite(self.value) else self.value

    def offer(self, open_sites: IntArray, assigned: IntArray, value: float) -> bool:
        """Take an answer if it is better; whether it was. value is added up from the answer, not a solver's word."""
        with self.turn:
            if value >= self.value - 1e-9 * max(1.0, abs(value)):
                return False
            self.open, self.assigned, self.value = np.sort(open_sites), assigned.copy(), float(value)
            self.incumbents.append(Incumbent(time.perf_counter() - self.began, float(value)))
            return True

    def prove(self, bound: float) -> None:
        """Take a bound if it is better. Raises SolverError where it says that the best answer cannot be."""
        if self.is_whole and np.isfinite(bound):
            bound = float(np.ceil(bound - 1e-6))
        if bound > self.value + CLOSED * max(1.0, abs(self.value)):
            raise SolverError(f"a bound of {bound} disagrees with an answer worth {self.value}")
        self.bound = max(self.bound, min(bound, self.value))

    def solution(self) -> Solution:
        """The answer as it stands. Without one, infeasible where the bound is infinite, else stopped early."""
        if self.assigned is None:
            status: Status = "infeasible" if self.bound == float("inf") else "stopped early"
            nobody = np.full(self.units, -1, dtype=np.int64)
            return Solution(self.open, nobody, float("inf"), self.bound, status, ())
        bound = self.value if self.is_closed else self.bound
        status = "optimal" if self.is_closed else "stopped early"
        return Solution(self.open, self.assigned, self.value, bound, status, tuple(self.incumbents))


def assigned_metres(assigned: IntArray, weight: FloatArray, metres: FloatArray) -> float:
    """Sum of weight times metres (I,), of those who are assigned."""
    used = assigned >= 0
    return float((weight[used] * metres[used]).sum())
