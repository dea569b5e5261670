"""Towns too large for one program: split units for the bound and the guide, whole units settled after it.

Goal by goal, a relaxation in which schools open whole but units may be split says how good a decision can be and which
schools it opens; its openings with whole units are settled by moves, and the walk at the end by one small program.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from siting.location import highs
from siting.location.assignment import AssignmentModel, assignment_model
from siting.location.clusters import Clusters, clustered
from siting.location.construct import at_best, first_decision
from siting.location.decision import Decision, News, Solution, Tell, measure
from siting.location.instance import Instance
from siting.location.moves import improved
from siting.location.polish import polished
from siting.location.prices import price_bound, prices_of
from siting.location.program import Effort, Program
from siting.location.stages import kept, results
from siting.project import Goal
from siting.study import FloatArray

MOST_CLUSTERS = 600
SHAKES = 200
SPLIT_NODES = 20
STEPS = 300
"""Steps of the prices where units had to be clustered."""


@dataclass(slots=True)
class _Search:
    """Where the search stands: the split program with the goals kept so far, their values, the best decision."""

    one: Instance
    clusters: Clusters
    model: AssignmentModel
    program: Program
    best: Decision
    values: dict[Goal, float]
    until: float

    def effort(self, nodes: int) -> Effort:
        """So many nodes within the time that is left."""
        return Effort(nodes=nodes, seconds=self.until - time.perf_counter())


def solve_large(one: Instance, until: float, tell: Tell) -> Solution:
    """A decision with whole units and, for each goal, the bound of the split relaxation."""
    clusters = clustered(one, MOST_CLUSTERS)
    model = assignment_model(clusters.instance)
    start = improved(one, first_decision(one), SHAKES)
    search = _Search(one, clusters, model, _split(model), start, {}, until)
    found: list[tuple[float, float]] = []
    for goal in one.goals:
        began = time.perf_counter()
        bound = _stage(search, goal)
        value = measure(one, search.best, goal)
        found.append((bound, time.perf_counter() - began))
        tell(News(goal, value, min(bound, value)))
        search.program = kept(search.program, model.cost(goal), value, goal)
        search.values[goal] = value
    return Solution(search.best, results(one, search.best, found), "split and settle")


def _split(model: AssignmentModel) -> Program:
    """The program in which only openings and extensions are whole."""
    is_whole = np.zeros(model.columns.width, dtype=bool)
    is_whole[model.columns.opened] = is_whole[model.columns.extended] = True
    return replace(model.program, is_whole=is_whole)


def _stage(search: _Search, goal: Goal) -> float:
    """The best decision improved in one goal; the goal's bound. Nothing is below zero."""
    one = search.one
    if measure(one, search.best, goal) <= 1e-9:
        return 0.0
    bound = _covered(search) if goal == "uncovered" and not search.values else _guided(search, goal)
    if goal == "walk":
        _keep_better(search, polished(one, search.best, search.until))
    value = measure(one, search.best, goal)
    if value - bound > 1e-6 * max(1.0, value):
        bound = max(bound, _priced(search, goal, value))
    return _attainable(one, goal, bound)


def _guided(search: _Search, goal: Goal) -> float:
    """The split relaxation's bound, its openings tried with whole units."""
    outcome = highs.solve(search.program.with_cost(search.model.cost(goal)), search.effort(SPLIT_NODES))
    if outcome.x is not None:
        _keep_better(search, improved(search.one, _whole(search, outcome.x), SHAKES))
    return outcome.bound if search.clusters.is_exact or goal != "walk" else 0.0


def _covered(search: _Search) -> float:
    """The best cover, exact: nothing else counts yet, so of a unit's pairs only its best at an existing site and the
    candidates that do better matter."""
    loose = _for_cover(search.one)
    model = assignment_model(loose)
    outcome = highs.solve(model.program.with_cost(model.cost("uncovered")), search.effort(SPLIT_NODES * 10))
    if outcome.x is not None:
        chosen = model.decision(outcome.x)
        _keep_better(search, improved(search.one, at_best(search.one, chosen.is_open, chosen.is_extended), SHAKES))
    return outcome.bound


def _for_cover(one: Instance) -> Instance:
    arcs = one.arcs
    at_existing = one.is_existing[arcs.site]
    pairs = np.flatnonzero(at_existing)
    order = pairs[np.lexsort((pairs, arcs.uncovered[pairs], arcs.unit[pairs]))]
    first = order[np.unique(arcs.unit[order], return_index=True)[1]]
    least = np.full(len(one.unit_id), np.inf)
    least[arcs.unit[first]] = arcs.uncovered[first]
    keep = ~at_existing & (arcs.uncovered < least[arcs.unit])
    keep[first] = True
    seats = np.full(len(one.site_id), np.inf)
    return replace(one, arcs=arcs.take(keep), lower=0.0, upper=np.inf, seats=seats)


def _priced(search: _Search, goal: Goal, value: float) -> float:
    """A bound from the prices of the relaxation with nothing whole, added up over the real units."""
    program = search.program.with_cost(search.model.cost(goal))
    said = highs.duals(program, search.effort(0).seconds)
    prices = prices_of(search.one, search.clusters, search.model, program, said, goal)
    steps = 1 if search.clusters.is_exact else STEPS
    return price_bound(search.one, goal, search.values, prices, value, steps)


def _attainable(one: Instance, goal: Goal, bound: float) -> float:
    """A bound rounded up to what the goal can be: nothing below zero, costs are whole numbers of projects."""
    if goal != "cost" or not np.isfinite(bound):
        return max(bound, 0.0) if np.isfinite(bound) else 0.0
    new, extended = np.arange((~one.is_existing).sum() + 1), np.arange(one.can_extend.sum() + 1)
    costs = np.add.outer(one.cost_new * new, one.cost_extend * extended)
    return float(costs[costs >= bound - 1e-6 * max(1.0, bound)].min(initial=np.inf))


def _whole(search: _Search, x: FloatArray) -> Decision:
    """The guide's openings, and every unit where most of its cluster goes."""
    one, model, group = search.one, search.model, search.clusters.instance
    opened = model.decision(x)
    share = np.zeros((len(group.unit_id), len(one.site_id)))
    share[group.arcs.unit, group.arcs.site] = x[model.columns.pair].round(6)
    arcs = one.arcs
    pairs = np.flatnonzero(opened.is_open[arcs.site])
    unit, site = arcs.unit[pairs], arcs.site[pairs]
    order = pairs[np.lexsort((arcs.metres[pairs], arcs.uncovered[pairs], -share[search.clusters.of[unit], site], unit))]
    first = order[np.unique(arcs.unit[order], return_index=True)[1]]
    arc = np.full(len(one.unit_id), -1)
    arc[arcs.unit[first]] = first
    return Decision(arc, opened.is_open, opened.is_extended)


def _keep_better(search: _Search, other: Decision) -> None:
    """Make another decision the best where it is better in the strict order."""
    for goal in search.one.goals:
        value, rival = measure(search.one, search.best, goal), measure(search.one, other, goal)
        if abs(value - rival) > 1e-7 * max(1.0, value):
            search.best = other if rival < value else search.best
            return
