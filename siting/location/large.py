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
from siting.location.construct import at_best, first_decision, reaching_all
from siting.location.decision import Decision, News, Solution, Tell, measure
from siting.location.instance import Instance
from siting.location.moves import improved
from siting.location.polish import polished
from siting.location.prices import price_bound, prices_of
from siting.location.program import Effort, Program
from siting.location.stages import kept, results
from siting.project import Goal
from siting.study import FloatArray

MOST_UNITS = 800
"""Up to so many units each stands for itself; more are gathered in so many clusters:"""

CLUSTERS = 400
SHAKEN = 100_000
"""Shakes times units: many small units are shaken less often."""

MOST_SHAKES = 200
SPLIT_NODES = 20
GUIDE_GAP = 0.01
"""How close a guide of clusters comes to their best."""

STEPS = 600
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

    def effort(self, nodes: int, gap: float = 0.0) -> Effort:
        """So many nodes within the time that is left."""
        return Effort(nodes=nodes, seconds=self.until - time.perf_counter(), gap=gap)


def solve_large(one: Instance, until: float, tell: Tell) -> Solution:
    """A decision with whole units and, for each goal, the bound of the split relaxation."""
    units = len(one.unit_id)
    clusters = clustered(one, units if units <= MOST_UNITS else CLUSTERS)
    model = assignment_model(clusters.instance)
    start = _settled(one, first_decision(one))
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


def _settled(one: Instance, decision: Decision) -> Decision:
    return improved(one, decision, min(MOST_SHAKES, SHAKEN // len(one.unit_id)))


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
    if goal == "cost" and not search.clusters.is_exact:
        bound = max(bound, _cost_of_cover(search))
    if value - bound > 1e-6 * max(1.0, value):
        bound = max(bound, _priced(search, goal, value))
    return _attainable(one, goal, bound)


def _guided(search: _Search, goal: Goal) -> float:
    """The split relaxation's bound, its openings tried with whole units."""
    effort = search.effort(SPLIT_NODES) if search.clusters.is_exact else search.effort(1, GUIDE_GAP)
    outcome = highs.solve(search.program.with_cost(search.model.cost(goal)), effort)
    if outcome.x is not None:
        _keep_better(search, _settled(search.one, _whole(search, outcome.x)))
    return outcome.bound if search.clusters.is_exact or goal != "walk" else 0.0


def _covered(search: _Search) -> float:
    """The best cover, exact: nothing else counts yet, so of a unit's pairs only its best at an existing site and the
    candidates that do better matter."""
    loose = _for_cover(search.one)
    model = assignment_model(loose)
    outcome = highs.solve(model.program.with_cost(model.cost("uncovered")), search.effort(SPLIT_NODES * 10))
    if outcome.x is not None:
        chosen = model.decision(outcome.x)
        _keep_better(search, _settled(search.one, at_best(search.one, chosen.is_open, chosen.is_extended)))
    return outcome.bound


def _cost_of_cover(search: _Search) -> float:
    """The least cost at which the kept cover can be had, exact for units where clusters are not."""
    loose = _for_cover(search.one)
    model = assignment_model(loose)
    program = model.program
    if "uncovered" in search.values:
        program = kept(program, model.cost("uncovered"), search.values["uncovered"], "uncovered")
    return highs.solve(program.with_cost(model.cost("cost")), search.effort(SPLIT_NODES * 10)).bound


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
    is_open = reaching_all(one, opened.is_open)
    share = np.zeros((len(group.unit_id), len(one.site_id)))
    share[group.arcs.unit, group.arcs.site] = x[model.columns.pair].round(6)
    arcs = one.arcs
    pairs = np.flatnonzero(is_open[arcs.site])
    unit, site = arcs.unit[pairs], arcs.site[pairs]
    order = pairs[np.lexsort((arcs.metres[pairs], arcs.uncovered[pairs], -share[search.clusters.of[unit], site], unit))]
    first = order[np.unique(arcs.unit[order], return_index=True)[1]]
    arc = np.full(len(one.unit_id), -1)
    arc[arcs.unit[first]] = first
    return Decision(arc, is_open, opened.is_extended)


def _keep_better(search: _Search, other: Decision) -> None:
    """Make another decision the best where it is better in the strict order."""
    for goal in search.one.goals:
        value, rival = measure(search.one, search.best, goal), measure(search.one, other, goal)
        if abs(value - rival) > 1e-7 * max(1.0, value):
            search.best = other if rival < value else search.best
            return
