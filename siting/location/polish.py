"""The last touch: the walk made shorter with every site as it is and every other goal kept."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from siting.location import highs
from siting.location.annealing import annealed
from siting.location.assignment import AssignmentModel, assignment_model
from siting.location.construct import ranked
from siting.location.decision import Decision, better, measure
from siting.location.halves import shared_anew
from siting.location.instance import BoolArray, Instance
from siting.location.prices import Room
from siting.location.program import Program
from siting.location.stages import kept

PAIRS, FEWEST = 20_000, 4
"""Pairs at all, and fewest for a unit: as many of its nearest open sites are looked at."""

TURNS, AT_ONCE = 4, 2
"""Courses of annealing, and how many of them side by side."""


def polished(whole: Instance, start: Decision, until: float) -> Decision:
    """A decision with the same sites, no worse in any goal before the walk: units are moved about at random as long as
    it is warm, and two schools at a time share theirs anew."""
    near = _near(whole, start)
    one = replace(whole, arcs=whole.arcs.take(near))
    here = replace(start, arc=start.per_unit(np.cumsum(near) - 1))
    model = assignment_model(one)
    program = _kept_program(model, here)
    said = highs.duals(program, until - time.perf_counter())
    price = Room.of(one, program, said).of_pairs(one)
    best = shared_anew(one, here, price)

    def course(turn: int) -> Decision:
        return shared_anew(one, annealed(one, here, price, turn), price)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        for other in threads.map(course, range(TURNS)):
            best = better(one, best, other)
    return replace(best, arc=best.per_unit(np.flatnonzero(near)))


def _near(one: Instance, start: Decision) -> BoolArray:
    """Pairs at the nearest open sites, and those in use (A,)."""
    pairs, rank = ranked(one.arcs, start.is_open[one.arcs.site], one.arcs.metres)
    near = np.zeros(len(one.arcs), dtype=bool)
    near[pairs[rank < max(FEWEST, PAIRS // max(1, len(one.unit_id)))]] = True
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
