"""Towns too large for one program: split units for the bound and the guide, whole units settled after it.

Goal by goal, a relaxation in which schools open whole but units may be split says how good a decision can be and which
schools it opens; its openings are then filled with whole units. The least cost is what prices say, and the sites with
most room at that cost are tried.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from siting.location import highs
from siting.location.allocation import allocated
from siting.location.assignment import assignment_model
from siting.location.clusters import clustered
from siting.location.construct import at_best, by_unit, first_decision, firsts, reaching_all
from siting.location.decision import Decision, News, StagedSolution, Tell, better, measure
from siting.location.instance import BoolArray, Instance
from siting.location.moves import improved
from siting.location.polish import polished
from siting.location.prices import price_bound, prices_of
from siting.location.program import Effort, Outcome
from siting.location.relaxation import Relaxation, relaxation_of
from siting.location.stages import kept, results
from siting.location.start import Start, decision_from, site_before
from siting.project import Goal
from siting.study import FloatArray

MOST_PAIRS = 30_000
"""Up to so many pairs every unit stands for itself; beyond, units are gathered in so many clusters:"""

CLUSTERS = 300
MOST_PRICED = 60_000
"""Up to so many pairs prices come from the units themselves, however they are gathered for the guide."""

SHAKEN = 20_000
"""Shakes times units: many small units are shaken less often."""

MOST_SHAKES, FEW_SHAKES = 40, 5
"""How often at most the best for the walk, and whatever is tried, which shaking seldom helps."""

SPLIT_NODES = 20
GUIDE_GAP = 0.01
"""How close a guide of clusters comes to their best."""

WALK_GAP, AHEAD_GAP = 0.005, 0.03
"""How close the sites of the walk come to their best, and those that are tried for it before the cost is settled."""

ROOM_GAP, WALK_AS_ROOM = 0.0002, 10.0
"""How close the sites with most room come to the most there is; what the walk there is now counts beside it, in
pupils."""

STEPS = 600
"""Steps of the prices."""

FEW_SITES = 2
"""Sites that may be other than in the start while no others are looked for to shorten the walk."""

FEW_LOOSE = 0.25
"""Share of sites up to which the loose ones are chosen anew with all others as they were."""

SMALL = 1e-6
"""People too many that are none: what split units leave, whole ones near the start leave too, and take long to show."""


@dataclass(frozen=True, slots=True)
class _Ahead:
    """What a goal was answered before its turn, with earlier goals at some values."""

    values: dict[Goal, float]
    outcome: Outcome

    def answers(self, values: dict[Goal, float]) -> bool:
        """Whether it answers the goal now that earlier ones have come to values: the same, and nothing where it left
        them free. Where one that it kept is still open, it does not."""
        is_same = all(abs(value - self.values.get(goal, 0.0)) <= SMALL for goal, value in values.items())
        return self.values.keys() <= values.keys() and is_same


@dataclass(slots=True)
class _Search:
    """Where the search stands: what guides, what prices come from, the goals' values so far, the best decision; and
    what it started from, with the sites (J,) round which that is no longer as it was; what prices have said, what was
    asked ahead, and at which costs most room was made with nothing over, and whether that can be."""

    one: Instance
    guide: Relaxation
    pricing: Relaxation
    best: Decision
    values: dict[Goal, float]
    until: float
    is_loose: BoolArray
    start: Decision | None = None
    said: dict[Goal, float] = field(default_factory=dict)
    ahead: dict[Goal, _Ahead] = field(default_factory=dict)
    room: dict[float, bool] = field(default_factory=dict)

    def effort(self, nodes: int, gap: float = 0.0) -> Effort:
        """So many nodes within half of the time that is left: one goal may need it, and the clock should not decide."""
        return Effort(nodes=nodes, seconds=(self.until - time.perf_counter()) / 2, gap=gap)


def solve_large(one: Instance, until: float, tell: Tell, start: Start | None = None) -> StagedSolution:
    """A decision with whole units and, for each goal, the bound of the split relaxation; from a start, that of prices
    where it is enough."""
    guide = relaxation_of(clustered(one, CLUSTERS if len(one.arcs) > MOST_PAIRS else len(one.unit_id)))
    is_own = guide.clusters.is_exact or len(one.arcs) > MOST_PRICED
    pricing = guide if is_own else relaxation_of(clustered(one, len(one.unit_id)))
    begun = None if start is None else decision_from(one, start)
    best = _settled(one, first_decision(one) if begun is None else begun)
    search = _Search(one, guide, pricing, best, {}, until, _loose(one, start), begun)
    found: list[tuple[float, float]] = []
    for goal in one.goals:
        began = time.perf_counter()
        bound = _stage(search, goal)
        value = measure(one, search.best, goal)
        found.append((bound, time.perf_counter() - began))
        tell(News(goal, value, min(bound, value)))
        guide.keep(goal, value)
        if pricing is not guide:
            pricing.keep(goal, value)
        search.values[goal] = value
    return StagedSolution(search.best, results(one, search.best, found), "split and settle")


def _loose(one: Instance, start: Start | None) -> BoolArray:
    """The sites of units that a start says nothing of (J,)."""
    is_new = np.zeros(len(one.unit_id), dtype=bool) if start is None else site_before(one, start) < 0
    return np.bincount(one.arcs.site[is_new[one.arcs.unit]], minlength=len(one.site_id)) > 0


def _settled(one: Instance, decision: Decision, most: int = FEW_SHAKES) -> Decision:
    return improved(one, decision, min(most, SHAKEN // len(one.unit_id)))


def _finish(search: _Search) -> None:
    """The walk of the best decision made shorter with the same sites."""
    _keep_better(search, _settled(search.one, search.best, MOST_SHAKES))
    _keep_better(search, polished(search.one, search.best, search.until))


def _stage(search: _Search, goal: Goal) -> float:
    """The best decision improved in one goal; the goal's bound. Nothing is below zero."""
    one = search.one
    if measure(one, search.best, goal) <= 1e-9:
        return 0.0
    enough = _from_start(search, goal)
    if enough is not None:
        return enough
    if goal == "over" and search.start is not None and _is_cost_next(search):
        _try_least_cost(search)
        if measure(one, search.best, goal) <= 1e-9:
            return 0.0
    if goal == "cost" and search.guide.clusters.is_exact:
        return _cheapest(search)
    if goal == "walk":
        bound = _walked(search)
    else:
        bound = _covered(search) if goal == "uncovered" and not search.values else _guided(search, goal, search.guide)
    value = measure(one, search.best, goal)
    if goal == "over" and value > 1e-9:
        search.said.clear()
        search.room.clear()
    if goal == "cost" and not search.guide.clusters.is_exact:
        bound = max(bound, _cost_of_cover(search))
    is_bounded = goal == "walk" and search.guide.clusters.is_exact and bound > 0.0
    if value - bound > 1e-6 * max(1.0, value) and not is_bounded:
        bound = max(bound, _priced(search, goal, value))
    return _attainable(one, goal, bound)


def _from_start(search: _Search, goal: Goal) -> float | None:
    """The bound of a goal where the start, with its loose sites chosen anew, is as good as prices allow, or where it is
    the walk to sites that are nearly the start's; None: search on, as where a tree says as soon as prices what is over
    or under."""
    start, is_walk = search.start, goal == "walk"
    if start is None or (goal == "uncovered" and not search.values) or (is_walk and _is_moved(search, start)):
        return None
    if goal != "under" and 0.0 < search.is_loose.mean() <= FEW_LOOSE and search.guide.clusters.is_exact:
        _guided(search, goal, search.guide.fixed(search.best, ~search.is_loose))
    if is_walk:
        _finish(search)
    value = measure(search.one, search.best, goal)
    if value <= 1e-9:
        return 0.0
    if goal in ("over", "under") and search.guide.clusters.is_exact:
        return None
    bound = _attainable(search.one, goal, _priced(search, goal, value))
    return bound if is_walk or value - bound <= 1e-6 * max(1.0, value) else None


def _is_moved(search: _Search, start: Decision) -> bool:
    """Whether the best decision has many other sites than the start."""
    best = search.best
    other = (best.is_open != start.is_open) | (best.is_extended != start.is_extended)
    return int(other.sum()) > FEW_SITES


def _is_cost_next(search: _Search) -> bool:
    """Whether the goal after what is over is the cost, of units that stand for themselves."""
    return search.guide.clusters.is_exact and ("over", "cost") in pairwise(search.one.goals)


def _try_least_cost(search: _Search) -> None:
    """Try whether nothing is over at the least cost that prices allow where nothing is: one search serves two goals."""
    one, none_over = search.one, search.guide.at_most("over", 0.0)
    trial = replace(search, guide=none_over, pricing=none_over, values={**search.values, "over": 0.0})
    level = _attainable(one, "cost", _priced(trial, "cost", measure(one, search.best, "cost")))
    if np.isfinite(level):
        search.room[level] = _made_room(trial, none_over.at_most("cost", level), level, "over")
    search.best = trial.best


def _cheapest(search: _Search) -> float:
    """The bound of the cost: level by level from what prices allow, sites are tried with whole units until they fit:
    first those of the goal that will be asked next, unless what is there costs hardly more, as then the level is often
    too low, which takes long to show; then those that leave most room at that cost. Where schools are full to the last
    seat, others than these are of no use."""
    one, guide = search.one, search.guide
    least = level = _attainable(one, "cost", _priced(search, "cost", measure(one, search.best, "cost")))
    while level < (there := measure(one, search.best, "cost")):
        at_level = guide.at_most("cost", level)
        can_be = there < level + one.cost_new or _looked_ahead(search, at_level, level)
        if can_be and level < measure(one, search.best, "cost"):
            can_be = _made_room(search, at_level, level)
        above = _attainable(one, "cost", level + 1e-5 * max(1.0, level))
        least, level = (least if can_be or least < level else above), above
    return least


def _made_room(search: _Search, at_level: Relaxation, level: float, goal: Goal = "cost") -> bool:
    """The sites with most room at a cost tried for a goal, unless they have been, of like ones those of a shorter walk;
    False where split units cannot be had for it."""
    if level in search.room:
        return search.room[level]
    walk = at_level.model.cost("walk") / max(1.0, measure(search.one, search.best, "walk"))
    outcome = at_level.searched(at_level.fullness() + WALK_AS_ROOM * walk, search.effort(SPLIT_NODES, ROOM_GAP))
    if outcome.x is not None:
        _try_whole(search, goal, outcome.x, level if goal == "cost" else 0.0, is_for_walk=False)
    return outcome.status != "infeasible"


def _looked_ahead(search: _Search, at_level: Relaxation, level: float) -> bool:
    """The sites of the goal that will be asked next tried at a cost; False where split units cannot be had for it."""
    goal = _after_cost(search)
    if goal is None:
        return True
    effort = search.effort(SPLIT_NODES, AHEAD_GAP if goal == "walk" else 0.0)
    outcome = at_level.searched(at_level.model.cost(goal), effort)
    if outcome.x is not None:
        search.ahead[goal] = _Ahead({**search.values, "cost": level}, outcome)
        _try_whole(search, "cost", outcome.x, level, is_for_walk=True)
    return outcome.status != "infeasible"


def _after_cost(search: _Search) -> Goal | None:
    """The goal that will be asked after the cost: what is under, unless it seems that nothing is, or the walk."""
    later = search.one.goals[search.one.goals.index("cost") :]
    if "under" in later and measure(search.one, search.best, "under") > SMALL:
        return "under"
    return "walk" if "walk" in later else None


def _walked(search: _Search) -> float:
    """The bound of the walk, its sites chosen."""
    outcome, is_exact = _searched(search, "walk", search.guide, WALK_GAP), search.guide.clusters.is_exact
    _followed(search, "walk", outcome)
    if outcome.x is None and is_exact:
        _keep_better(search, _allocated(search, search.best, is_for_walk=True))
    _finish(search)
    return max(0.0, outcome.bound) if is_exact else 0.0


def _guided(search: _Search, goal: Goal, guide: Relaxation) -> float:
    """The bound of a guide, the split relaxation, its openings tried with whole units."""
    outcome = _searched(search, goal, guide)
    is_hopeless = guide is not search.guide and goal == "over" and outcome.bound > SMALL
    if not is_hopeless:
        _followed(search, goal, outcome)
    return outcome.bound


def _searched(search: _Search, goal: Goal, guide: Relaxation, gap: float = 0.0) -> Outcome:
    """What a guide says of a goal, as long as that is below what is there already."""
    ahead = search.ahead.get(goal)
    if guide is search.guide and ahead is not None and ahead.answers(search.values):
        return ahead.outcome
    if not guide.clusters.is_exact:
        return guide.searched(guide.model.cost(goal), search.effort(1, GUIDE_GAP))
    there = measure(search.one, search.best, goal)
    return guide.searched(guide.model.cost(goal), search.effort(SPLIT_NODES, gap), there)


def _followed(search: _Search, goal: Goal, outcome: Outcome) -> None:
    """What a guide has found tried with whole units, if that may be better than what is there."""
    is_reached = measure(search.one, search.best, goal) <= _attainable(search.one, goal, outcome.bound)
    if outcome.x is not None and not is_reached:
        _try_whole(search, goal, outcome.x, outcome.bound, is_for_walk=goal == "walk")


def _try_whole(search: _Search, goal: Goal, x: FloatArray, bound: float, is_for_walk: bool) -> None:
    """The openings of the guide with whole units: as most of its clusters go, and sent anew where that falls short."""
    opened = _whole(search, x)
    _keep_better(search, _settled(search.one, opened))
    is_reached = measure(search.one, search.best, goal) <= _attainable(search.one, goal, bound)
    if search.guide.clusters.is_exact and not is_reached:
        _keep_better(search, _settled(search.one, _allocated(search, opened, is_for_walk)))


def _allocated(search: _Search, opened: Decision, is_for_walk: bool) -> Decision:
    """Units sent anew to the sites of a decision."""
    seconds, keeps_under = search.effort(0).seconds, "under" in search.values
    return allocated(search.one, opened.is_open, opened.is_extended, seconds, keeps_under, is_for_walk)


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
    first = firsts(arcs, order)
    least = np.full(len(one.unit_id), np.inf)
    least[arcs.unit[first]] = arcs.uncovered[first]
    keep = ~at_existing & (arcs.uncovered < least[arcs.unit])
    keep[first] = True
    free = np.full(len(one.site_id), np.inf)
    return replace(one, arcs=arcs.take(keep), lower=0.0, upper=free, seats=free)


def _priced(search: _Search, goal: Goal, value: float) -> float:
    """A bound from the prices of the relaxation with nothing whole, added up over the real units; asked once a goal."""
    if goal in search.said:
        return search.said[goal]
    source = search.pricing
    said = source.duals(goal, search.effort(0).seconds)
    prices = prices_of(search.one, source.clusters, source.model, source.program, said, goal)
    search.said[goal] = price_bound(search.one, goal, search.values, prices, value, STEPS)
    return search.said[goal]


def _attainable(one: Instance, goal: Goal, bound: float) -> float:
    """A bound rounded up to what the goal can be: nothing below zero, costs are whole numbers of projects."""
    if goal != "cost" or not np.isfinite(bound):
        return max(bound, 0.0) if np.isfinite(bound) else 0.0
    new, extended = np.arange((~one.is_existing).sum() + 1), np.arange(one.can_extend.sum() + 1)
    costs = np.add.outer(one.cost_new * new, one.cost_extend * extended)
    return float(costs[costs >= bound - 1e-6 * max(1.0, bound)].min(initial=np.inf))


def _whole(search: _Search, x: FloatArray) -> Decision:
    """The guide's openings, and every unit where most of its cluster goes."""
    one, model, clusters = search.one, search.guide.model, search.guide.clusters
    group = clusters.instance
    opened = model.decision(x)
    is_open = reaching_all(one, opened.is_open)
    share = np.zeros((len(group.unit_id), len(one.site_id)))
    share[group.arcs.unit, group.arcs.site] = x[model.columns.pair].round(6)
    arcs = one.arcs
    pairs = np.flatnonzero(is_open[arcs.site])
    unit, site = arcs.unit[pairs], arcs.site[pairs]
    order = pairs[np.lexsort((arcs.metres[pairs], arcs.uncovered[pairs], -share[clusters.of[unit], site], unit))]
    return Decision(by_unit(one, firsts(arcs, order)), is_open, opened.is_extended)


def _keep_better(search: _Search, other: Decision) -> None:
    """Make another decision the best where it is better in the strict order."""
    search.best = better(search.one, search.best, other)
