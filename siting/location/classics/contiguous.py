"""Location with contiguous catchments: prices with separators for the bound, drawn catchments for the answer, and a
tree over the sites that are in doubt."""

from __future__ import annotations

import heapq
import itertools
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from siting.errors import SolverError
from siting.location.classics.adjacency import Adjacency, broken
from siting.location.classics.checks import refused
from siting.location.classics.contiguous_prices import Fenced, fences_of
from siting.location.classics.contiguous_search import Drawing, ground_of
from siting.location.classics.contiguous_seed import drawn_near, without_contiguity
from siting.location.classics.contiguous_whole import whole_program
from siting.location.classics.load_search import first_prices
from siting.location.classics.loads import Loads
from siting.location.classics.market import market_of, offer_of
from siting.location.classics.site_choice import decided
from siting.location.classics.solution import SMALL, Search, Solution
from siting.study import FloatArray

ROOT = ((1, 200, 0, 1.0), (1, 1500, 300, 0.7), (6, 300, 300, 0.4), (6, 300, 300, 0.3), (6, 200, 300, 0.15))
"""Rounds at the root: how many, steps of each, nodes of a knapsack, length of the first step."""

BRANCH = (3, 50, 300, 0.3)
"""The same in a branch."""

LEAF = (6, 200, 300, 0.2)
"""The same where no site is in doubt any more."""

SEEDED = 0.25
"""Share of the seconds for an answer without contiguity, and for the catchments drawn from it:"""

DRAWN = 0.3
NEIGHBOURS = 80
"""Sets of sites near its own at which they are drawn."""

MOST_BRANCHES = 4_000
DRAFTS = 12
"""Sets of sites in the tree at which catchments are drawn, so many at first."""

REFINED = 3
"""Drafts that are redrawn, neighbours by neighbours."""

NEAR = 0.003
"""Catchments are drawn in branches whose bound lies within this share of the least one."""


@dataclass(order=True, slots=True)
class Branch:
    """Where sites stand (J,) in a part of the answers, its bound, and the prices it was found with."""

    bound: float
    order: int
    stand: NDArray[np.int8] = field(compare=False)
    pays: FloatArray = field(compare=False)
    fees: FloatArray = field(compare=False)
    often: FloatArray = field(compare=False)


def solve_contiguous(loads: Loads, adjacency: Adjacency, seconds: float) -> Solution:
    """The best answer found whose catchments are contiguous, and its bound.

    Raises InputError where adjacency and instance do not fit, or units touch none from which a site can be reached.
    """
    search = Search(loads.pairs.units, seconds)
    check_fit(loads, adjacency)
    loads = _with_homes(loads, adjacency)
    if not _is_possible(loads, adjacency):
        search.prove(np.inf)
        return search.solution()
    seed = without_contiguity(loads, SEEDED * seconds)
    search.prove(seed.bound)
    if seed.bound == np.inf:
        return search.solution()
    start, near = adjacency.beside(loads.pairs.units)
    market = market_of(loads)
    fenced = Fenced(
        market._replace(cost=market.cost.copy()),
        market.cost,
        offer_of(market),
        fences_of(adjacency, market, loads.pairs.units),
    )
    drawing = Drawing(loads, ground_of(loads, start, near, adjacency.home), fenced.fences.beside, search)
    if len(seed.open):
        _draw_first(drawing, seed)
    _climb(fenced, drawing, first_prices(loads))
    if len(loads.pairs) <= SMALL:
        _look_twice(loads, adjacency, search)
    solution = search.solution()
    if len(broken(adjacency, solution.assigned)):
        raise SolverError(f"catchments that are not contiguous: units {broken(adjacency, solution.assigned)[:5]}")
    return solution


def check_fit(loads: Loads, adjacency: Adjacency) -> None:
    """Raises InputError where positions lie outside the instance, or a unit is out of reach of every site."""
    units, sites = loads.pairs.units, loads.pairs.sites
    if len(adjacency.home) != sites:
        raise refused("home", f"有 {len(adjacency.home)} 个", f"has {len(adjacency.home)} sites", f"({sites},)")
    for name, numbers in (("neighbours", adjacency.neighbours), ("home", adjacency.home)):
        if numbers.size and numbers.max() >= units:
            raise refused(name, f"有 {numbers.max()}", f"holds {numbers.max()}", f"0..{units - 1}")
    lonely = sorted(set(range(units)) - _reached(adjacency, units))
    if lonely:
        few = ", ".join(map(str, lonely[:5]))
        raise refused(
            "neighbours",
            f"{len(lonely)} 个单元到不了任何校址：{few}",
            f"{len(lonely)} units reach no site: {few}",
            "connected",
        )


def _reached(adjacency: Adjacency, units: int) -> set[int]:
    """The units that a walk from any home reaches."""
    start, near = adjacency.beside(units)
    seen, waiting = set(adjacency.home.tolist()), adjacency.home.tolist()
    while waiting:
        unit = waiting.pop()
        found = set(near[start[unit] : start[unit + 1]].tolist()) - seen
        seen |= found
        waiting += found
    return seen


def _with_homes(loads: Loads, adjacency: Adjacency) -> Loads:
    """The instance in which the home of a site that is open anyway goes nowhere else."""
    owner = np.full(loads.pairs.units, -1)
    owner[adjacency.home[loads.is_fixed]] = np.flatnonzero(loads.is_fixed)
    mine = owner[loads.pairs.unit]
    own = np.zeros(loads.pairs.sites, dtype=bool)
    own[loads.pairs.site[adjacency.home[loads.pairs.site] == loads.pairs.unit]] = True
    return replace(loads, pairs=loads.pairs.take(((mine < 0) | (mine == loads.pairs.site)) & own[loads.pairs.site]))


def _is_possible(loads: Loads, adjacency: Adjacency) -> bool:
    """Everybody has a pair left, and no two sites that are open anyway share a home."""
    homes = adjacency.home[loads.is_fixed]
    return bool((np.diff(loads.pairs.start) > 0).all() and len(np.unique(homes)) == len(homes))


def _draw_first(drawing: Drawing, seed: Solution) -> None:
    """Catchments at the sites of an answer without contiguity and at sets near it, the most promising redrawn."""
    seconds = drawing.search.seconds
    till = (1 - SEEDED - DRAWN) * seconds
    near = drawn_near(drawing.loads, seed, DRAWN / 3 * seconds)[:NEIGHBOURS]
    drawing.attempt_each(near, till + DRAWN / 3 * seconds)
    drawing.refine(2 * REFINED, till)


def _climb(fenced: Fenced, drawing: Drawing, pays: FloatArray) -> None:
    """Prices at the root with catchments drawn at what they open, the best redrawn, then the tree."""
    search, fees, best = drawing.search, np.zeros(0), float(pays.sum())
    for plan in ROOT:
        best = fenced.climb(pays, fees, _target(search, best), plan)
        if best == np.inf:
            search.prove(np.inf)
            return
        search.prove(min(best, search.value))
        drawing.attempt(np.flatnonzero(fenced.offer.is_open))
        if search.is_closed or search.left < 0:
            return
    root = Branch(best, 0, fenced.market.stand, pays, fees, fenced.offer.often.copy())
    heap, count, stuck = [root], itertools.count(1), np.inf
    drawing.room = len(drawing.drafts) + DRAFTS
    drawing.refine(1, 0.35 * search.seconds)
    stuck = _grow(fenced, drawing, heap, count, (0.3 * search.seconds, drawing.room))
    drawing.refine(REFINED, 0.2 * search.seconds)
    if not search.is_closed:
        stuck = min(stuck, _grow(fenced, drawing, heap, count, (0.05 * search.seconds, 0)))
    search.prove(min([stuck, search.value, *(branch.bound for branch in heap[:1])]))
    if not search.is_closed:
        drawing.refine(len(drawing.drafts), 0.0)


def _target(search: Search, bound: float) -> float:
    if np.isfinite(search.value):
        return search.value
    return bound + 0.1 * abs(bound)


def _grow(
    fenced: Fenced, drawing: Drawing, heap: list[Branch], count: itertools.count[int], limits: tuple[float, int]
) -> float:
    """Branch, the least bound first, until seconds or drafts are used up; the least bound of a leaf that stays."""
    stuck, search = np.inf, drawing.search
    till, drafts = limits
    while heap and heap[0].bound < min(search.upper, stuck) and search.left > till:
        search.prove(min(heap[0].bound, stuck, search.value))
        if next(count) > MOST_BRANCHES or (drafts and len(drawing.drafts) >= drafts):
            break
        branch = heapq.heappop(heap)
        free = np.flatnonzero(branch.stand == 0)
        if len(free) == 0:
            stuck = min(stuck, branch.bound)
            drawing.refine_at(np.flatnonzero(branch.stand == 1), till)
            continue
        site = free[np.abs(branch.often[free] - 0.5).argmin()]
        for way in (1, -1):
            child = _child(fenced, drawing, branch, (int(site), way, next(count)))
            if child.bound < search.upper:
                heapq.heappush(heap, child)
    return stuck


def _child(fenced: Fenced, drawing: Drawing, branch: Branch, step: tuple[int, int, int]) -> Branch:
    """A branch with one site open, or closed, and every other one settled that the prices settle."""
    site, way, order = step
    stand, pays, fees = branch.stand.copy(), branch.pays.copy(), branch.fees.copy()
    stand[site] = way
    fenced.market = fenced.market._replace(stand=stand)
    fenced.offer.often[:] = branch.often
    upper = drawing.search.upper
    plan = LEAF if not (stand == 0).any() else BRANCH
    bound = fenced.climb(pays, fees, _target(drawing.search, branch.bound), plan)
    if bound < upper < np.inf:
        stand = np.asarray(decided(fenced.market, upper, fenced.offer))
    if bound < min(upper, (1 + NEAR) * drawing.search.bound) and len(drawing.drafts) < drawing.room:
        drawing.attempt(np.flatnonzero(fenced.offer.is_open))
    return Branch(max(bound, branch.bound), order, stand, pays, fees, fenced.offer.often.copy())


def _look_twice(loads: Loads, adjacency: Adjacency, search: Search) -> None:
    """The whole problem as one program with separators. Raises SolverError where it disagrees."""
    outcome = whole_program(loads, adjacency, max(search.left, 0.1))
    if outcome is None:
        return
    bound, answer = outcome
    if answer is not None:
        search.offer(*answer, loads.value(*answer))
    search.prove(bound)
