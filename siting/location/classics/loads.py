"""Units served whole by sites that hold so much and no more: the instance behind every capacitated problem."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from siting.errors import SolverError
from siting.location.classics import checks
from siting.location.classics.pairs import Pairs, pairs_of
from siting.study import FloatArray, IntArray

HELD = 1e-6
"""A load may pass a site's limits by this share of them, which is rounding."""


@dataclass(frozen=True, slots=True)
class Loads:
    """Every unit goes whole to one open site; an open site carries between lower and capacity.

    pairs: which of I units may use which of J sites, and the metres; a unit larger than a site has no pair with it.
    weight, demand (I,): what a unit's metres count, and what it loads a site with. capacity (J,), inf for no limit;
    lower, fixed_cost (J,). p: how many sites are open, None for any number. is_fixed (J,): sites that are open anyway.
    The least sum of weight x metres and fixed costs is wanted.
    """

    pairs: Pairs
    weight: FloatArray
    demand: FloatArray
    capacity: FloatArray
    lower: FloatArray
    fixed_cost: FloatArray
    p: int | None
    is_fixed: NDArray[np.bool_]

    @property
    def cost(self) -> FloatArray:
        """What each pair costs (A,): weight x metres."""
        return self.weight[self.pairs.unit] * self.pairs.metres

    def carried(self, assigned: IntArray) -> FloatArray:
        """The load of every site (J,) where each unit (I,) goes to a site, -1 to none."""
        used = assigned >= 0
        return np.bincount(assigned[used], weights=self.demand[used], minlength=self.pairs.sites).astype(np.float64)

    def is_held(self, open_sites: IntArray, assigned: IntArray) -> bool:
        """Whether the open sites are as many as asked, hold their loads and serve everyone."""
        is_open = np.zeros(self.pairs.sites, dtype=bool)
        is_open[open_sites] = True
        if (assigned < 0).any() or not is_open[assigned].all() or (self.is_fixed & ~is_open).any():
            return False
        load, most, least = self.carried(assigned), np.where(is_open, self.capacity, 0.0), self.lower * is_open
        if self.p is not None and is_open.sum() != self.p:
            return False
        return bool((load <= most + HELD * np.maximum(1.0, most)).all() and (load >= least * (1 - HELD)).all())

    def value(self, open_sites: IntArray, assigned: IntArray) -> float:
        """What an answer is worth, added up from the pairs. Raises SolverError where it is none."""
        if not self.is_held(open_sites, assigned):
            raise SolverError("an answer that overloads a site, or leaves somebody out, was offered")
        return float(self.cost[self.pair_used(assigned)].sum() + self.fixed_cost[open_sites].sum())

    def pair_used(self, assigned: IntArray) -> IntArray:
        """The pair by which each unit goes to its site (I,). Raises SolverError where there is none."""
        used = np.flatnonzero(assigned[self.pairs.unit] == self.pairs.site)
        if not np.array_equal(self.pairs.unit[used], np.arange(self.pairs.units)):
            raise SolverError("an answer that uses a pair that is not allowed was offered")
        return used


def loads_of(
    metres: FloatArray | Pairs,
    amounts: tuple[FloatArray, FloatArray],
    limits: tuple[FloatArray | float, FloatArray | float],
    fixed_cost: FloatArray | float = 0.0,
    p: int | None = None,
    fixed: Iterable[int] = (),
) -> Loads:
    """An instance from what a caller says: amounts are weight and demand (I,), limits are lower and capacity (J,) or
    one number. Raises InputError on what makes no sense."""
    pairs = pairs_of(metres)
    weight, demand = (
        checks.column(name, said, pairs.units) for name, said in zip(("weight", "demand"), amounts, strict=True)
    )
    lower, capacity = (
        checks.column(name, said, pairs.sites) for name, said in zip(("lower", "capacity"), limits, strict=True)
    )
    _refuse_infinite(weight=weight, demand=demand, lower=lower)
    opening = checks.column("fixed_cost", fixed_cost, pairs.sites)
    _refuse_infinite(fixed_cost=opening)
    is_fixed = np.zeros(pairs.sites, dtype=bool)
    is_fixed[checks.positions("fixed", fixed, pairs.sites)] = True
    if p is not None:
        p = checks.count(p, np.flatnonzero(is_fixed), pairs.sites)
    fits = demand[pairs.unit] <= capacity[pairs.site] * (1 + HELD)
    return Loads(pairs.take(fits), weight, demand, capacity, lower, opening, p, is_fixed)


def _refuse_infinite(**columns: FloatArray) -> None:
    for name, numbers in columns.items():
        wrong = np.flatnonzero(np.isinf(numbers))
        if len(wrong):
            raise checks.refused(name, f"[{wrong[0]}] = inf", f"[{wrong[0]}] = inf", "< inf")
