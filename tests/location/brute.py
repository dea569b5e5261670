"""Tiny instances, every decision tried and added up without the package's sums."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product

import numpy as np

from siting.location.instance import Arcs, Budget, Instance
from siting.project import Goal
from siting.study import FloatArray

ORDERS: tuple[tuple[Goal, ...], ...] = (
    ("uncovered", "over", "cost", "under", "walk"),
    ("over", "cost", "under", "walk"),
    ("over", "uncovered", "under", "cost", "walk"),
    ("cost", "uncovered", "walk"),
)


def small(seed: int) -> Instance:
    """Five units, two schools, two candidates; rules, budgets and orders of every kind by turns."""
    chance = np.random.default_rng(seed)
    residents = chance.integers(1, 9, 5) * 100.0
    place, site = chance.uniform(0, 3000, (5, 2)), chance.uniform(0, 3000, (4, 2))
    metres = np.round(np.hypot(*(place[:, None] - site[None]).transpose(2, 0, 1)))
    unit, where = np.nonzero(metres <= chance.choice([1500.0, 2200.0, 9000.0]))
    share = np.clip((metres[unit, where] - 700) / 1000, 0, 1)
    upper = float(chance.choice([800.0, 800.0, np.inf]))
    seats = np.array([*chance.choice([40.0, 80.0, np.inf], 2), 90.0, 90.0])
    new = float(chance.choice([1, 2, np.inf]))
    return Instance(
        unit_id=tuple(f"u{i}" for i in range(5)),
        site_id=tuple(f"s{j}" for j in range(4)),
        residents=residents,
        pupils=np.round(residents * chance.uniform(0.05, 0.1, 5)),
        is_existing=np.array([True, True, False, False]),
        seats=seats,
        extended_seats=np.array([seats[0] + 30 if np.isfinite(seats[0]) else np.nan, np.nan, np.nan, np.nan]),
        upper=np.full(4, upper),
        extended_upper=np.full(4, max(upper, chance.choice([800.0, 1100.0]))),
        arcs=Arcs(unit, where, metres[unit, where], np.round(residents[unit] * share)),
        lower=float(chance.choice([0.0, 500.0])),
        is_alone_free=bool(chance.random() < 0.5),
        budget=Budget(new, 1.0, bool(np.isfinite(new) and chance.random() < 0.3), bool(chance.random() < 0.2)),
        goals=ORDERS[seed % len(ORDERS)],
    )


def grown(seed: int) -> Instance:
    """The same where the first or the second school is extended in any case: it has more seats and a higher upper bound
    than the others, and its weight is spent already."""
    one = small(seed)
    is_grown = np.arange(4) == seed % 2
    upper = np.where(is_grown, one.upper + 300.0 * (1 + seed % 3), one.upper)
    return replace(
        one,
        seats=np.where(is_grown, one.seats + 30.0, one.seats),
        extended_seats=np.where(is_grown, np.nan, one.extended_seats),
        upper=upper,
        extended_upper=np.fmax(one.extended_upper, upper),
        cost_fixed=one.cost_extend,
    )


def all_values(one: Instance, is_meant: Callable[[tuple[bool, ...]], bool] = lambda grown: True) -> FloatArray:
    """The goals' values of every possible decision (N, G) with the extensions (J,) meant, in the instance's order."""
    tables = [_values(one, is_open, grown) for is_open, grown in _projects(one) if is_meant(grown)]
    return np.vstack(tables)


def _projects(one: Instance) -> Iterator[tuple[tuple[bool, ...], tuple[bool, ...]]]:
    sites = range(len(one.site_id))
    may_grow = [one.is_existing[j] and np.isfinite(one.extended_seats[j]) for j in sites]
    for is_open in product(*([[True] if one.is_existing[j] else [False, True] for j in sites])):
        for grown in product(*([[False, True] if may_grow[j] else [False] for j in sites])):
            new, extended, budget = sum(is_open) - int(one.is_existing.sum()), sum(grown), one.budget
            most_new = min(budget.new, int((~one.is_existing).sum())) if budget.new_exact else budget.new
            most_grown = min(budget.extend, sum(may_grow)) if budget.extend_exact else budget.extend
            if new > most_new or extended > most_grown:
                continue
            if (budget.new_exact and new != most_new) or (budget.extend_exact and extended != most_grown):
                continue
            yield is_open, grown


def _values(one: Instance, is_open: tuple[bool, ...], grown: tuple[bool, ...]) -> FloatArray:
    units, new = range(len(one.unit_id)), sum(is_open) - int(one.is_existing.sum())
    every = list(product(*(_choices(one, i, is_open) for i in units)))
    chosen = np.array(every, dtype=np.int64).reshape(-1, len(units))
    site = np.where(chosen >= 0, one.arcs.site[chosen], -1)
    goals = {
        "uncovered": np.where(chosen >= 0, one.arcs.uncovered[chosen], one.residents).sum(axis=1),
        "walk": np.where(chosen >= 0, one.arcs.metres[chosen] * one.residents, 0.0).sum(axis=1),
        "cost": np.full(len(chosen), one.cost_fixed + one.cost_new * new + one.cost_extend * sum(grown)),
        "over": np.zeros(len(chosen)),
        "under": np.zeros(len(chosen)),
    }
    for j in np.flatnonzero(is_open):
        people = ((site == j) * one.residents).sum(axis=1)
        children = ((site == j) * one.pupils).sum(axis=1)
        above = np.maximum(people - (one.extended_upper[j] if grown[j] else one.upper[j]), 0)
        if one.is_alone_free:
            above[(site == j).sum(axis=1) == 1] = 0
        goals["over"] += above + np.maximum(children - (one.extended_seats[j] if grown[j] else one.seats[j]), 0)
        goals["under"] += np.maximum(one.lower - people, 0)
    return np.column_stack([goals[goal] for goal in one.goals])


def _choices(one: Instance, i: int, is_open: tuple[bool, ...]) -> list[int]:
    """Pairs a unit may use; -1 where no allowed site is open. With unlimited builds no unit with a pair lacks one."""
    pairs = np.flatnonzero(one.arcs.unit == i)
    usable = [int(a) for a in pairs if is_open[one.arcs.site[a]]]
    if usable:
        return usable
    return [-1] if len(pairs) == 0 or np.isfinite(one.budget.new) else []


def least(values: FloatArray, kept: tuple[float, ...]) -> float:
    """The least the next goal can be where the first goals are kept at these values."""
    is_kept = (values[:, : len(kept)] <= np.array(kept) + 1e-4).all(axis=1)
    return float(values[is_kept, len(kept)].min())


def best(values: FloatArray) -> tuple[float, ...]:
    """The values of the best decision in the strict order."""
    found: tuple[float, ...] = ()
    for _ in range(values.shape[1]):
        found = (*found, least(values, found))
    return found
