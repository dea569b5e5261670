"""Small capacitated problems by chance, and the best answer by trying everything."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from siting.location.classics.loads import Loads, loads_of
from siting.study import FloatArray


@dataclass(frozen=True, slots=True)
class Case:
    """metres (I, J), weight, demand (I,), capacity, lower, fixed_cost (J,), p, fixed sites."""

    metres: FloatArray
    weight: FloatArray
    demand: FloatArray
    capacity: FloatArray
    lower: FloatArray
    fixed_cost: FloatArray
    p: int
    fixed: tuple[int, ...]

    def loads(self, p: int | None) -> Loads:
        return loads_of(
            self.metres, (self.weight, self.demand), (self.lower, self.capacity), self.fixed_cost, p, self.fixed
        )


def case(seed: int, units: int = 6, sites: int = 4) -> Case:
    """Some pairs missing, some demands nothing, capacities tight (some cases impossible), some lower loads."""
    chance = np.random.default_rng(seed)
    metres = chance.integers(1, 30, (units, sites)).astype(float)
    metres[chance.random((units, sites)) < 0.15] = np.inf
    demand = chance.integers(0, 8, units).astype(float)
    capacity = np.ceil(demand.sum() / sites * chance.uniform(0.9, 2.5, sites))
    capacity[chance.random(sites) < 0.1] = np.inf
    is_bound = chance.random(sites) < 0.4 * (seed % 3 == 0)
    lower = np.where(is_bound, np.floor(np.minimum(capacity, demand.sum()) * 0.5), 0.0)
    fixed = tuple(np.flatnonzero(chance.random(sites) < 0.15).tolist())
    p = int(chance.integers(max(1, len(fixed)), sites + 1))
    weight = chance.integers(0, 5, units) if seed % 2 else chance.random(units) * 4
    return Case(metres, weight.astype(float), demand, capacity, lower, chance.integers(0, 60, sites) * 1.0, p, fixed)


def least(one: Loads) -> float:
    """The least an answer is worth, every set of sites and every way to assign tried; inf where there is none."""
    units, sites = one.pairs.units, one.pairs.sites
    table = np.full((units, sites), np.inf)
    table[one.pairs.unit, one.pairs.site] = one.cost
    best = np.inf
    ways = np.array(list(itertools.product(range(sites), repeat=units)))
    cost = table[np.arange(units), ways].sum(axis=1)
    load = np.zeros((len(ways), sites))
    for j in range(sites):
        load[:, j] = (one.demand * (ways == j)).sum(axis=1)
    used = np.stack([(ways == j).any(axis=1) for j in range(sites)], axis=1)
    for opened in itertools.product((False, True), repeat=sites):
        is_open = np.array(opened)
        if (one.is_fixed & ~is_open).any() or (one.p is not None and is_open.sum() != one.p):
            continue
        held = ~(used & ~is_open).any(axis=1) & (load <= one.capacity + 1e-9).all(axis=1)
        held &= (load[:, is_open] >= one.lower[is_open] - 1e-9).all(axis=1)
        best = min(best, cost[held].min(initial=np.inf) + one.fixed_cost[is_open].sum())
    return float(best)
