"""The last touch: the walk made shorter with every site as it is and every other goal kept."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from siting.location import highs
from siting.location.assignment import AssignmentModel, assignment_model
from siting.location.decision import Decision, measure
from siting.location.halves import shared_anew
from siting.location.instance import BoolArray, Instance
from siting.location.prices import Room
from siting.location.program import Effort, Program
from siting.location.stages import kept
from siting.study import FloatArray

NODES = 2
PAIRS, FEWEST = 20_000, 4
"""Pairs at all, and fewest for a unit: as many of its nearest open sites are looked at."""

FEW_UNITS = 10
"""Units per school up to which whole units are chosen by a program too: where there are more, halves do better."""

FREE_PAIRS = 500
"""Pairs beyond one per unit that the program chooses among."""


def polished(whole: Instance, start: Decision, until: float) -> Decision:
    """A decision with the same sites, no worse in any goal before the walk: two schools at a time, and where schools
    serve few units by a program over all of them."""
    near = _near(whole, start)
    one = replace(whole, arcs=whole.arcs.take(near))
    here = replace(start, arc=start.per_unit(np.cumsum(near) - 1))
    model = assignment_model(one)
    program = _kept_program(model, here)
    said = highs.duals(program, until - time.perf_counter())
    here = shared_anew(one, here, Room.of(one, program, said).of_pairs(one))
    if len(one.unit_id) <= FEW_UNITS * here.is_open.sum():
        here = _chosen_anew(model, program, said.reduced[model.columns.pair], here, until)
    return replace(here, arc=here.per_unit(np.flatnonzero(near)))


def _chosen_anew(
    model: AssignmentModel, program: Program, reduced: FloatArray, here: Decision, until: float
) -> Decision:
    """The best of a small tree over the pairs with the smallest reduced costs and those in use."""
    x = model.unknowns(here)
    keep = _worthwhile(model.instance, reduced) | (x[model.columns.pair] > 0.5)
    outcome = highs.solve(_narrowed(program, model, keep), Effort(NODES, until - time.perf_counter()), x)
    return here if outcome.x is None else model.decision(outcome.x)


def _near(one: Instance, start: Decision) -> BoolArray:
    """Pairs at the nearest open sites, and those in use (A,)."""
    arcs = one.arcs
    pairs = np.flatnonzero(start.is_open[arcs.site])
    pairs = pairs[np.lexsort((arcs.site[pairs], arcs.metres[pairs], arcs.unit[pairs]))]
    first = np.searchsorted(arcs.unit[pairs], arcs.unit[pairs])
    near = np.zeros(len(arcs), dtype=bool)
    near[pairs[np.arange(len(pairs)) - first < max(FEWEST, PAIRS // max(1, len(one.unit_id)))]] = True
    near[start.arc[start.arc >= 0]] = True
    return near


def _kept_program(model: AssignmentModel, start: Decision) -> Program:
    """The walk as objective, sites as they are, earlier goals kept."""
    one, x, program = model.instance, model.unknowns(start), model.program
    lower, upper = program.lower.copy(), program.upper.copy()
    for family in (model.columns.opened, model.columns.extended, model.columns.none):
        lower[family] = upper[family] = x[family]
    for goal in one.goals[: one.goals.index("walk")]:
        program = kept(program, model.cost(goal), measure(one, start, goal), goal)
    return program.with_bounds(lower, upper).with_cost(model.cost("walk"))


def _worthwhile(one: Instance, reduced: FloatArray) -> BoolArray:
    """The pairs with the smallest reduced costs (A,)."""
    price = np.maximum(reduced, 0.0)
    most = min(len(one.unit_id) + FREE_PAIRS, len(price)) - 1
    return price <= np.sort(price)[most] if most >= 0 else np.zeros(0, dtype=bool)


def _narrowed(program: Program, model: AssignmentModel, keep: BoolArray) -> Program:
    upper = program.upper.copy()
    upper[model.columns.pair][~keep] = 0.0
    return program.with_bounds(program.lower, upper)
