"""Which set of sites to choose for all scenarios: by the weighted mean, and by the least greatest regret."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from siting.comparison import RegretTable, SteadySite, regret_table
from siting.robust.sets import SiteSet
from siting.study import FloatArray, Tier

DIGITS = 9
"""Values that agree in so many digits are equal."""


@dataclass(frozen=True, slots=True)
class ProgrammeChoice:
    """One programme's sets (P) in all scenarios (S), judged by goals (G) in strict order.

    table has the sets' rows first, then one row per scenario's own plan, known in its own scenario only, which is a
    mark for regrets and never chosen. key: the scenarios' folders. least (S,): no set has a smaller leading goal in
    each scenario, 0 where nothing is known. mean (P, G): weighted mean values. by_mean, by_regret: positions of the
    sets chosen, -1 where none was evaluated everywhere. steady sites are in every scenario's own plan, single ones in
    one only.
    """

    programme: str
    tier: Tier
    area: str
    radius_m: float
    sets: tuple[SiteSet, ...]
    table: RegretTable
    key: tuple[str, ...]
    weight: tuple[float, ...]
    least: tuple[float, ...]
    mean: FloatArray
    by_mean: int
    by_regret: int
    proposed: tuple[SteadySite, ...]
    steady: tuple[SteadySite, ...]
    single: tuple[SteadySite, ...]

    @property
    def bound(self) -> float:
        """No set has a smaller weighted mean of the leading goal: that of what no set can be below in each scenario."""
        return float(np.average(self.least, weights=self.weight))

    @property
    def gap(self) -> float:
        """(mean - bound) / max(mean, 1) of the leading goal of the set chosen by the mean; nan where none is."""
        if self.by_mean < 0:
            return float("nan")
        value = float(self.mean[self.by_mean, 0])
        return max(0.0, value - self.bound) / max(value, 1.0)

    @property
    def is_regret_proved(self) -> bool:
        """Whether the set chosen by regret regrets nothing in the leading goal: less is not possible."""
        return self.by_regret >= 0 and float(self.table.greatest[self.by_regret, 0]) <= 1e-6


@dataclass(frozen=True, slots=True)
class Judged:
    """What sets are worth: positions of the best by either measure (-1: none), the table, the mean values (P, G)."""

    by_mean: int
    by_regret: int
    table: RegretTable
    mean: FloatArray


def choose(
    names: Sequence[str],
    scenarios: Sequence[str],
    goals: Sequence[str],
    value: FloatArray,
    own: FloatArray,
    weight: Sequence[float],
) -> Judged:
    """The set of least weighted mean and the set of least greatest regret, goal by goal in strict order.

    value (P, S, G) of sets, own (S, G) of the scenarios' own plans. Of equal sets the one with the better other
    measure, then the first. A set that lacks a scenario is not chosen.
    """
    sets, marks = len(names), np.full((len(scenarios), len(scenarios), len(goals)), np.nan)
    every = np.arange(len(scenarios))
    marks[every, every] = own
    table = regret_table((*names, *scenarios), scenarios, goals, np.concatenate((value, marks)), weight)
    shares = np.asarray(weight, dtype=np.float64) / np.sum(weight)
    mean = np.einsum("psg,s->pg", value, shares)
    by_mean = _least(np.concatenate((mean, table.greatest[:sets]), axis=1))
    by_regret = _least(np.concatenate((table.greatest[:sets], mean), axis=1))
    return Judged(by_mean, by_regret, table, mean)


def _least(measures: FloatArray) -> int:
    """The row that is least in the strict order of its columns, the first of equals; -1 where all lack something."""
    known = np.flatnonzero(~np.isnan(measures).any(axis=1)).tolist()
    return min(known, key=lambda row: tuple(float(f"{one:.{DIGITS}g}") for one in measures[row]), default=-1)
