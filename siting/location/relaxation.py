"""Towns with units that may be split: schools open whole, and goals that are settled are kept."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from siting.location.assignment import AssignmentModel, assignment_model
from siting.location.clusters import Clusters
from siting.location.decision import Decision
from siting.location.highs import Duals, Standing
from siting.location.instance import BoolArray
from siting.location.program import Effort, Outcome, Program
from siting.location.stages import kept
from siting.location.tree import search
from siting.project import Goal
from siting.study import FloatArray

TIE = 0.0003
"""What a walk of everybody to one or other site counts where prices are asked for, in units of the goal."""


@dataclass(slots=True)
class Relaxation:
    """Units, or clusters of them, that may be split among schools, with the goals kept so far."""

    clusters: Clusters
    model: AssignmentModel
    program: Program

    def keep(self, goal: Goal, value: float) -> None:
        """From now on a goal may not become worse than a value; the walk of clusters, which bounds nothing, may."""
        if goal != "walk" or self.clusters.is_exact:
            self.program = self.at_most(goal, value).program

    def at_most(self, goal: Goal, value: float) -> Relaxation:
        """The same with a goal that may not become worse than a value."""
        return replace(self, program=kept(self.program, self.model.cost(goal), value, goal))

    def fixed(self, decision: Decision, sites: BoolArray) -> Relaxation:
        """The same with some sites (J,) as they are in a decision."""
        model, x = self.model, self.model.unknowns(decision)
        lower, upper = self.program.lower.copy(), self.program.upper.copy()
        for family, own in ((model.columns.opened, model.candidate), (model.columns.extended, model.growing)):
            places = np.arange(model.columns.width)[family][sites[own]]
            lower[places] = upper[places] = x[places]
        return replace(self, program=self.program.with_bounds(lower, upper))

    def searched(self, cost: FloatArray, effort: Effort, above: float = np.inf) -> Outcome:
        """The best openings for an objective; none that are worth more than above."""
        at, every = self.model.columns, np.arange(self.model.columns.width)
        sums = (every[at.opened], every[at.extended])
        return search(self.program.with_cost(cost), self.model.links, sums, effort, above)

    def duals(self, goal: Goal, seconds: float) -> Duals:
        """The prices of a goal with nothing whole, nearly: the walk counts a very little beside it, as a program of few
        projects takes nearly twice as long among many corners that are alike."""
        weights, walk = self.model.cost(goal), self.model.cost("walk")
        typical = float(walk.sum()) * len(self.model.instance.unit_id) / max(1, len(self.model.instance.arcs))
        program = self.program.with_cost(weights + TIE * walk / max(typical, 1.0))
        return Standing(program, self.model.links, seconds).ask(is_rough=True).said

    def fullness(self) -> FloatArray:
        """The objective of most room: what existing schools carry, less what extensions make room for, in pupils, and
        in residents where seats are not counted."""
        one, at = self.model.instance, self.model.columns
        has_seats = np.isfinite(one.seats)
        carried = np.where(has_seats[one.arcs.site], one.pupils[one.arcs.unit], one.residents[one.arcs.unit])
        now, then = np.where(has_seats, (one.seats, one.extended_seats), (one.upper, one.extended_upper))
        grown = np.subtract(then, now, out=np.zeros(len(now)), where=np.isfinite(now) & np.isfinite(then))
        weights = np.zeros(at.width)
        weights[at.pair] = carried * one.is_existing[one.arcs.site]
        weights[at.extended] = -grown[self.model.growing]
        return weights


def relaxation_of(clusters: Clusters) -> Relaxation:
    """The relaxation of units, or clusters of them; every unknown has a limit, as prices prove nothing without one."""
    model = assignment_model(clusters.instance)
    is_whole = np.zeros(model.columns.width, dtype=bool)
    is_whole[model.columns.opened] = is_whole[model.columns.extended] = True
    one, upper = clusters.instance, model.program.upper.copy()
    upper[model.columns.over], upper[model.columns.seat_over] = one.residents.sum(), one.pupils.sum()
    upper[model.columns.under] = max(one.lower, 0.0)
    return Relaxation(clusters, model, replace(model.program, is_whole=is_whole, upper=upper))
