"""Who goes where once it is settled what is open: units may be split first, then they are made whole.

The linear program with split units says nearly everything: all but a few units go whole, and what one more seat at a
full school would save is its price. By walk and price together full schools are then filled one after another, two at
a time share their units anew, and where something is still over it is traded to where it costs least.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from siting.location import highs
from siting.location.assignment import AssignmentModel, assignment_model
from siting.location.construct import by_unit, firsts
from siting.location.decision import Decision, better, over
from siting.location.halves import shared_anew
from siting.location.highs import Duals
from siting.location.instance import BoolArray, Instance
from siting.location.pouring import Carried, poured
from siting.location.prices import Room
from siting.location.trades import SETTLED, may_trade, relieved
from siting.project import Goal
from siting.study import FloatArray, IntArray

STEPS = 1000.0
"""How many times more a goal weighs than the next: per resident, the last before the walk as much as kilometres."""

LAST_M = 20_000.0

SPARES = (0.0025, 0.0025, 0.0025, 0.0006)
"""What a full school may stay below its seats, in units, at each of some turns; where the first need not fit, of:"""

FEW_TURNS = 2


def allocated(
    one: Instance, is_open: BoolArray, is_extended: BoolArray, seconds: float, keeps_under: bool, is_for_walk: bool
) -> Decision:
    """Every unit at an open site: little is over, and the walk is short for that. keeps_under: as relieved has it.
    is_for_walk: it must be short, and what is over need not be got rid of at any price; else the first that is not over
    will do."""
    near = np.flatnonzero(is_open[one.arcs.site])
    here = replace(one, arcs=one.arcs.take(near))
    model = assignment_model(here)
    said = _split(model, is_open, is_extended, seconds)
    share = said.x[model.columns.pair]
    best = decision = Decision(by_unit(one, near[_largest(here, share)]), is_open, is_extended)
    price, carried = Room.of(here, model.program, said).of_pairs(one), _carried(here, share)
    turns = SPARES[: FEW_TURNS if is_for_walk else None] if may_trade(one) else ()
    for turn, spare in enumerate(turns):
        full = poured(one, decision, carried, price, spare * float(one.pupils.mean()), turn)
        best = better(one, best, shared_anew(one, full, price))
        if not is_for_walk and over(one, best) <= SETTLED:
            return best
    if over(one, best) > SETTLED and not is_for_walk:
        best = better(one, best, shared_anew(one, relieved(one, decision, price, keeps_under), price))
    return best


def _carried(here: Instance, share: FloatArray) -> Carried:
    """What every site carries of units that are split."""
    arcs, sites = here.arcs, len(here.site_id)
    residents, pupils = (
        np.bincount(arcs.site, weights=share * of[arcs.unit], minlength=sites).astype(np.float64)
        for of in (here.residents, here.pupils)
    )
    return Carried(residents, pupils)


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
