"""The way an instance is answered: what can be reduced exactly, then the method that its size asks for."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from siting.location import highs
from siting.location.assignment import assignment_model
from siting.location.construct import first_decision
from siting.location.decision import Decision, News, StagedSolution, StageResult, Tell, quietly
from siting.location.groups import best_covering, group_model, list_groups
from siting.location.instance import Instance
from siting.location.large import solve_large
from siting.location.moves import improved
from siting.location.parts import in_parts, parts_of
from siting.location.polish import polished
from siting.location.program import Effort, Outcome, Program
from siting.location.stages import Search, solve_in_order
from siting.location.start import Start, decision_from
from siting.project import Goal
from siting.study import FloatArray, IntArray

FEW_PAIRS, FEWEST_PAIRS = 4_000, 500
"""Up to so many pairs the whole instance is one program where sites serve few units each, up to fewer wherever:"""

FEW_UNITS = 5
"""Units for each site up to which these are few; where there are more, whole units nearly do what split ones do."""

SHAKES = 200
"""How often a decision left by a search that stopped early is shaken."""

NODES = 20_000
"""Nodes of a goal's tree; a goal gets at most half of the time that is left."""

WALK_NODES, NEAR_NODES = 500, 10
"""Nodes of the walk's tree, which is the last and seldom closes; from a start, which is near, it is little more than
its root."""


def solve(instance: Instance, seconds: float, tell: Tell = quietly, start: Start | None = None) -> StagedSolution:
    """The best decision found, and for every goal in the instance's order its value, bound and status.

    start is what a plan for a like question has decided: where it is still as good as can be, no more is searched.

    A bound is the least its goal can be in any decision that keeps the values reported for earlier goals. Where an
    earlier goal was not proved, the bound is relative to the value reached, not to the best possible one.
    An exact budget larger than the sites it could be spent on is met as far as they go. seconds only stops a search
    that goes on far longer than its effort should take. Raises SolverError where a claim and a recount disagree.
    """
    fixed = instance.cost_fixed
    one = possible(replace(instance, cost_fixed=0.0))
    pairs = _needed_pairs(one)

    def told(news: News) -> None:
        tell(replace(news, value=news.value + fixed, bound=news.bound + fixed) if news.goal == "cost" else news)

    asked = replace(one, arcs=one.arcs.take(pairs))
    solution = _solved(asked, time.perf_counter() + seconds, told, start)
    decision = replace(solution.decision, arc=solution.decision.per_unit(pairs))
    return replace(solution, decision=decision, stages=tuple(_dearer(stage, fixed) for stage in solution.stages))


def _dearer(stage: StageResult, fixed: float) -> StageResult:
    """A goal's result, where it is the cost with what is spent in any case: the same in every decision."""
    if stage.goal != "cost":
        return stage
    return replace(stage, value=stage.value + fixed, bound=stage.bound + fixed)


def possible(one: Instance) -> Instance:
    """The instance with no exact budget above the number of sites it could be spent on, and no extension that lowers
    what a site may serve."""
    new, extend = float((~one.is_existing).sum()), float(one.can_extend.sum())
    budget = replace(
        one.budget,
        new=min(one.budget.new, new) if one.budget.new_exact else one.budget.new,
        extend=min(one.budget.extend, extend) if one.budget.extend_exact else one.budget.extend,
    )
    return replace(one, budget=budget, extended_upper=np.fmax(one.extended_upper, one.upper))


def _needed_pairs(one: Instance) -> IntArray:
    """Positions of the pairs that some best decision uses, by unit and then by site.

    Where cover comes first and new builds are unlimited, every candidate can be open, so every unit has its own best
    cover in a best decision and a pair that leaves more of it uncovered is in none. Otherwise all pairs stay.
    """
    order = np.lexsort((one.arcs.site, one.arcs.unit))
    if one.goals[:1] == ("uncovered",) and not np.isfinite(one.budget.new):
        return order[best_covering(one)[order]]
    return order


def _solved(one: Instance, until: float, tell: Tell, start: Start | None) -> StagedSolution:
    solution = by_groups(one, until, tell)
    if solution is None and not _is_small(one):
        solution = by_parts(one, until, tell, start)
    if solution is None:
        answered = by_assignment if _is_small(one) else solve_large
        solution = answered(one, until, tell, start)
    return solution


def _is_small(one: Instance) -> bool:
    pairs, units, sites = len(one.arcs), len(one.unit_id), len(one.site_id)
    return pairs <= FEWEST_PAIRS or (pairs <= FEW_PAIRS and units <= FEW_UNITS * sites)


def by_parts(one: Instance, until: float, tell: Tell, start: Start | None = None) -> StagedSolution | None:
    """The answers of the parts of an instance, added up; None where it is all one, or parts spend too much together."""
    parts = parts_of(one)
    if len(parts) == 1:
        return None
    return in_parts(one, parts, lambda part, told: _solved(part, until, told, start), tell)


def by_groups(one: Instance, until: float, tell: Tell) -> StagedSolution | None:
    """The answer by groups of whole units; None where groups cannot say it, are too many, or do not fit together."""
    if not _may_group(one):
        return None
    groups = list_groups(one)
    if groups is None:
        return None
    return solve_in_order(group_model(one, groups), None, _by_highs(until, tell), tell, "groups")


def _may_group(one: Instance) -> bool:
    """Groups hold no overflow, so they answer only where none is worth more than every goal but a settled cover; and
    they leave no unit out that has a pair, and open or extend nothing for the sake of an exact budget."""
    is_first = one.goals[:1] == ("over",) or (one.goals[:2] == ("uncovered", "over") and bool(best_covering(one).all()))
    is_exact = one.budget.new_exact or one.budget.extend_exact
    return is_first and not is_exact and not one.may_lack[one.arcs.unit].any()


def by_assignment(one: Instance, until: float, tell: Tell, start: Start | None = None) -> StagedSolution:
    """The answer by one program per goal over all pairs."""
    begun = None if start is None else decision_from(one, start)
    first = improved(one, first_decision(one) if begun is None else begun, SHAKES)

    def touch(decision: Decision, goal: Goal, is_searched: bool) -> Decision:
        settled = improved(one, decision, SHAKES)
        return polished(one, settled, until) if goal == "walk" and is_searched else settled

    search = _by_highs(until, tell, is_near=begun is not None)
    solution = solve_in_order(assignment_model(one), first, search, tell, "assignment", touch)
    assert solution is not None
    return solution


def _by_highs(until: float, tell: Tell, is_near: bool = False) -> Search:
    """HiGHS goal by goal; is_near: from a plan for a like question, which is likely to be nearly the best."""
    walk_nodes = NEAR_NODES if is_near else WALK_NODES

    def search(program: Program, start: FloatArray | None, goal: Goal) -> Outcome:
        def news(value: float, bound: float) -> None:
            tell(News(goal, value, bound))

        nodes = walk_nodes if goal == "walk" else NODES
        effort = Effort(nodes, (until - time.perf_counter()) / 2, begins_again=goal == "walk" or not is_near)
        return highs.solve(program, effort, start, news)

    return search
