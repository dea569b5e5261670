"""Who goes where once it is settled what is open: units may be split first, then they are made whole by trades.

The linear program with split units says nearly everything: all but a few units go whole, and what one more seat at a
full school would save is its price. Trades between schools are then judged by walk and price together, so that what
is too much moves where it costs least.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from siting.location import highs
from siting.location.assignment import AssignmentModel, assignment_model
from siting.location.construct import by_unit, firsts
from siting.location.decision import Decision
from siting.location.highs import Duals
from siting.location.instance import BoolArray, Instance
from siting.location.prices import site_prices
from siting.location.trades import relieved
from siting.project import Goal
from siting.study import FloatArray, IntArray

STEPS = 1000.0
"""How many times more a goal weighs than the next: per resident, the last before the walk as much as kilometres."""

LAST_M = 20_000.0


@dataclass(frozen=True, slots=True)
class Room:
    """What one more resident and one more pupil at each site (J,) is worth in resident-metres."""

    residents: FloatArray
    pupils: FloatArray

    def of_pairs(self, one: Instance) -> FloatArray:
        """What each pair costs (A,): its walk and the room it takes."""
        arcs = one.arcs
        people = arcs.metres + self.residents[arcs.site]
        return one.residents[arcs.unit] * people + one.pupils[arcs.unit] * self.pupils[arcs.site]


def allocated(one: Instance, is_open: BoolArray, is_extended: BoolArray, seconds: float, keeps_under: bool) -> Decision:
    """Every unit at an open site: little is over, and the walk is short for that."""
    near = np.flatnonzero(is_open[one.arcs.site])
    here = replace(one, arcs=one.arcs.take(near))
    model = assignment_model(here)
    said = _split(model, is_open, is_extended, seconds)
    arc = near[_largest(here, said.x[model.columns.pair])]
    decision = Decision(by_unit(one, arc), is_open, is_extended)
    residents, pupils, _ = site_prices(here, model.program, said)
    return relieved(one, decision, Room(residents, pupils).of_pairs(one), keeps_under)


def _split(model: AssignmentModel, is_open: BoolArray, is_extended: BoolArray, seconds: float) -> Duals:
    """The linear program with units that may be split, every site as it is, goals weighed by their order."""
    program, at = model.program, model.columns
    lower, upper = program.lower.copy(), program.upper.copy()
    lower[at.opened] = upper[at.opened] = is_open[model.candidate]
    lower[at.extended] = upper[at.extended] = is_extended[model.growing]
    return highs.duals(program.with_bounds(lower, upper).with_cost(_weighed(model)), seconds)


def _weighed(model: AssignmentModel) -> FloatArray:
    """All goals as one objective in resident-metres."""
    goals: list[Goal] = [goal for goal in model.instance.goals if goal not in ("walk", "cost")]
    weights = model.cost("walk")
    for place, goal in enumerate(reversed(goals)):
        weights = weights + LAST_M * STEPS**place * model.cost(goal)
    return weights


def _largest(one: Instance, share: FloatArray) -> IntArray:
    """Of every unit's pairs the one with the largest share, of equal ones the shortest."""
    arcs = one.arcs
    order = np.lexsort((arcs.metres, arcs.uncovered, -share.round(6), arcs.unit))
    return firsts(arcs, order)
