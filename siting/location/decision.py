"""A decision and what it is worth, added up from the instance alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from siting.location.instance import BoolArray, Instance
from siting.project import Goal
from siting.study import FloatArray, IntArray

Status = Literal["optimal", "stopped early", "infeasible"]


@dataclass(frozen=True, slots=True)
class Decision:
    """arc (I,): position of the allowed pair each unit uses, -1 for none; is_open, is_extended (J,)."""

    arc: IntArray
    is_open: BoolArray
    is_extended: BoolArray

    def site(self, instance: Instance) -> IntArray:
        """The site each unit is assigned to (I,), -1 for none."""
        return self.per_unit(instance.arcs.site)

    def per_unit(self, per_pair: IntArray) -> IntArray:
        """What the pairs (A,) say of the pair each unit uses (I,), -1 for none."""
        said = np.full(len(self.arc), -1, dtype=np.int64)
        used = self.arc >= 0
        said[used] = per_pair[self.arc[used]]
        return said


@dataclass(frozen=True, slots=True)
class News:
    """Where a search stands: the goal, its value in the best decision so far and the bound, nan where there is none."""

    goal: Goal
    value: float
    bound: float


Tell = Callable[[News], None]


def quietly(news: News) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class StageResult:
    """One goal: its value in the decision, the least any decision can reach, and how the search ended."""

    goal: Goal
    value: float
    bound: float
    status: Status
    seconds: float

    @property
    def gap(self) -> float:
        """(value - bound) / max(|value|, 1)."""
        return max(0.0, self.value - self.bound) / max(abs(self.value), 1.0)


@dataclass(frozen=True, slots=True)
class StagedSolution:
    """The decision of the last stage and the record of all stages."""

    decision: Decision
    stages: tuple[StageResult, ...]
    method: str


def loads(instance: Instance, decision: Decision, weight: FloatArray) -> FloatArray:
    """Weight assigned to each site (J,)."""
    used = decision.arc >= 0
    return np.bincount(
        instance.arcs.site[decision.arc[used]], weights=weight[used], minlength=len(instance.site_id)
    ).astype(np.float64)


def upper_bounds(instance: Instance, decision: Decision) -> FloatArray:
    """Residents each site may serve (J,): the rule's bound, more once extended, and a large unit served alone."""
    upper = np.where(decision.is_extended, instance.extended_upper, instance.upper)
    if not instance.is_alone_free:
        return upper
    members = loads(instance, decision, np.ones(len(instance.unit_id)))
    return np.where(members == 1, np.maximum(upper, loads(instance, decision, instance.residents)), upper)


def seat_bounds(instance: Instance, decision: Decision) -> FloatArray:
    """Pupils each site has seats for (J,)."""
    return np.where(decision.is_extended, instance.extended_seats, instance.seats)


def uncovered(instance: Instance, decision: Decision) -> float:
    """Residents beyond the radius of their school, and residents without a school."""
    used = decision.arc >= 0
    beyond = instance.arcs.uncovered[decision.arc[used]].sum()
    return float(beyond + instance.residents[~used].sum())


def over(instance: Instance, decision: Decision) -> float:
    """Residents above a school's upper bound and pupils above its seats."""
    residents = loads(instance, decision, instance.residents) - upper_bounds(instance, decision)
    pupils = loads(instance, decision, instance.pupils) - seat_bounds(instance, decision)
    return float(np.maximum(residents, 0).sum() + np.maximum(pupils, 0).sum())


def built(instance: Instance, decision: Decision) -> int:
    """How many candidates are opened."""
    return int((decision.is_open & ~instance.is_existing).sum())


def cost(instance: Instance, decision: Decision) -> float:
    """Weighted number of projects, those that are done in any case among them."""
    chosen = instance.cost_new * built(instance, decision) + instance.cost_extend * decision.is_extended.sum()
    return float(instance.cost_fixed + chosen)


def under(instance: Instance, decision: Decision) -> float:
    """Residents that open schools lack to their lower bound."""
    lack = instance.lower - loads(instance, decision, instance.residents)
    return float(np.maximum(lack, 0)[decision.is_open].sum())


def walk(instance: Instance, decision: Decision) -> float:
    """Resident-metres from home to school."""
    used = decision.arc >= 0
    return float((instance.residents[used] * instance.arcs.metres[decision.arc[used]]).sum())


MEASURES = {"uncovered": uncovered, "over": over, "cost": cost, "under": under, "walk": walk}


def measure(instance: Instance, decision: Decision, goal: Goal) -> float:
    """What a goal is worth in a decision."""
    return MEASURES[goal](instance, decision)


def better(instance: Instance, one: Decision, other: Decision) -> Decision:
    """The better of two decisions in the strict order of the goals; of equal ones the first."""
    for goal in instance.goals:
        value, rival = measure(instance, one, goal), measure(instance, other, goal)
        if abs(value - rival) > 1e-7 * max(1.0, value):
            return other if rival < value else one
    return one


def violations(instance: Instance, decision: Decision) -> tuple[str, ...]:
    """What makes a decision impossible, in words: a closed school that is used, a budget that is broken, a unit without
    a school although an allowed site is open."""
    site = decision.site(instance)
    new = built(instance, decision)
    extended = int(decision.is_extended.sum())
    used = site >= 0
    faults = [
        f"unit {instance.unit_id[i]} uses closed site {instance.site_id[site[i]]}"
        for i in np.flatnonzero(used)
        if not decision.is_open[site[i]]
    ]
    owner = decision.per_unit(instance.arcs.unit)
    faults += [
        f"unit {instance.unit_id[i]} uses another's pair"
        for i in np.flatnonzero(used & (owner != np.arange(len(site))))
    ]
    faults += [
        f"existing site {instance.site_id[j]} is closed"
        for j in np.flatnonzero(instance.is_existing & ~decision.is_open)
    ]
    faults += [
        f"site {instance.site_id[j]} cannot be extended"
        for j in np.flatnonzero(decision.is_extended & ~instance.can_extend)
    ]
    lacks = ~used & ~instance.may_lack
    lacks[instance.arcs.unit[~used[instance.arcs.unit] & decision.is_open[instance.arcs.site]]] = True
    faults += [f"unit {instance.unit_id[i]} has no school" for i in np.flatnonzero(lacks)]
    faults += _budget_faults("new", new, instance.budget.new, instance.budget.new_exact)
    faults += _budget_faults("extend", extended, instance.budget.extend, instance.budget.extend_exact)
    return tuple(faults)


def _budget_faults(word: str, count: int, most: float, is_exact: bool) -> list[str]:
    if count > most or (is_exact and count != most):
        return [f"{word}: {count} projects, budget {most:g}"]
    return []
