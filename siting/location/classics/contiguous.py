"""Location with contiguous catchments: prices with separators for the bound, drawn catchments for the answer, and a
tree over the sites that are in doubt."""

from __future__ import annotations

import heapq
import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from siting.errors import SolverError
from siting.location.classics.adjacency import Adjacency, broken
from siting.location.classics.checks import refused
from siting.location.classics.contiguous_prices import Fenced, Separator, fences_of
from siting.location.classics.contiguous_search import AT_ONCE, Drawing, ground_of
from siting.location.classics.contiguous_seed import drawn_near, without_contiguity
from siting.location.classics.contiguous_whole import SHORTEST, whole_program
from siting.location.classics.knapsack_prices import wanted
from siting.location.classics.load_search import first_prices
from siting.location.classics.loads import Loads
from siting.location.classics.market import market_of, offer_of
from siting.location.classics.site_choice import decided
from siting.location.classics.solution import SMALL, Search, Solution
from siting.location.program import Effort
from siting.study import FloatArray, IntArray

ROOT = ((1, 200, 0, 1.0), (1, 1500, 300, 0.7), (6, 300, 300, 0.4), (6, 300, 300, 0.3), (6, 200, 300, 0.15))
"""Rounds at the root: how many, steps of each, nodes of a knapsack, length of the first step."""

BRANCH = (3, 50, 300, 0.3)
"""The same in a branch."""

SETTLED = (6, 200, 300, 0.2)
"""The same where no site is in doubt any more."""

LEAF = ((1, 400, 0, 1.0), (1, 600, 300, 0.7), (10, 300, 300, 0.4), (10, 300, 300, 0.3), (10, 200, 300, 0.15))
"""The same from the beginning, before a program is asked there."""

LEAF_SECONDS = 5.0
"""What the first program of a set of sites takes at most."""

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
    """Where sites stand (J,) in a part of the answers, its bound, the prices it was found with, the seconds that its
    program will take, and, once that was asked, what its sites do at its prices."""

    bound: float
    order: int
    stand: NDArray[np.int8] = field(compare=False)
    pays: FloatArray = field(compare=False)
    fees: FloatArray = field(compare=False)
    often: FloatArray = field(compare=False)
    seconds: float = field(default=LEAF_SECONDS, compare=False)
    own: Fenced | None = field(default=None, compare=False)


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
    drawing = Drawing(loads, adjacency, ground_of(loads, start, near, adjacency.home), fenced.fences.beside, search)
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
    heap, count = [Branch(best, 0, fenced.market.stand, pays, fees, fenced.offer.often.copy())], itertools.count(1)
    drawing.room = len(drawing.drafts) + DRAFTS
    drawing.refine(1, 0.35 * search.seconds)
    _grow(fenced, drawing, heap, count, (0.3 * search.seconds, drawing.room))
    drawing.refine(REFINED, 0.25 * search.seconds)
    if not search.is_closed:
        _grow(fenced, drawing, heap, count, (0.05 * search.seconds, 0))
    search.prove(min([search.value, *(branch.bound for branch in heap[:1])]))
    if not search.is_closed:
        drawing.refine(len(drawing.drafts), 0.0)


def _target(search: Search, bound: float) -> float:
    if np.isfinite(search.value):
        return search.value
    return bound + 0.1 * abs(bound)


def _grow(
    fenced: Fenced, drawing: Drawing, heap: list[Branch], count: itertools.count[int], limits: tuple[float, int]
) -> None:
    """Branch, the least bound first, until seconds or drafts are used up, or, while drafts count, a set of sites comes
    first: without a limit of drafts programs are asked of it."""
    search = drawing.search
    till, drafts = limits
    while heap and heap[0].bound < search.upper and search.left > till:
        search.prove(min(heap[0].bound, search.value))
        if next(count) > MOST_BRANCHES or (drafts and len(drawing.drafts) >= drafts):
            break
        leaves = _leaves(heap)
        for leaf in leaves:
            if drafts or leaf.seconds > LEAF_SECONDS:
                drawing.refine_at(np.flatnonzero(leaf.stand == 1), till)
        if leaves and not drafts:
            _ask(fenced, drawing, leaves, till)
        left = leaves or _halves(fenced, drawing, heapq.heappop(heap), count)
        for branch in left:
            if branch.bound < search.upper:
                heapq.heappush(heap, branch)
        if leaves and drafts:
            break


def _leaves(heap: list[Branch]) -> list[Branch]:
    """The first branches, taken off the heap, if their sites are settled: as many as are asked at once."""
    found = list[Branch]()
    while heap and len(found) < AT_ONCE and (heap[0].stand != 0).all():
        found.append(heapq.heappop(heap))
    return found


def _ask(fenced: Fenced, drawing: Drawing, leaves: list[Branch], till: float) -> None:
    """Programs of sets of sites, which raise their bounds: each has twice the time of the last one there."""
    search, loads, upper = drawing.search, drawing.loads, drawing.search.upper

    def asked(leaf: Branch) -> tuple[float, tuple[IntArray, IntArray] | None]:
        small, known = _left(fenced, drawing, leaf)
        effort = Effort(seconds=max(min(leaf.seconds, search.left - till), SHORTEST))
        return whole_program(small, drawing.adjacency, effort, upper, known)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        said = list(threads.map(asked, leaves))
    for leaf, (bound, answer) in zip(leaves, said, strict=True):
        if answer is not None:
            search.offer(*answer, loads.value(*answer))
        leaf.bound, leaf.seconds = max(leaf.bound, min(bound, upper)), 2 * leaf.seconds


def _left(fenced: Fenced, drawing: Drawing, leaf: Branch) -> tuple[Loads, list[Separator]]:
    """The instance with the sites of a leaf and the pairs that an answer better than the best may use there, and the
    separators found."""
    loads = drawing.loads
    if leaf.own is None:
        leaf.own = _own(fenced, drawing, leaf)
    keep = np.asarray(wanted(leaf.own.market, leaf.pays, drawing.search.upper, leaf.own.offer))
    known = leaf.own.fences.by_units(leaf.own.market)
    return replace(loads, pairs=loads.pairs.take(keep), is_fixed=leaf.stand == 1), known


def _own(fenced: Fenced, drawing: Drawing, leaf: Branch) -> Fenced:
    """A leaf's bound at prices that begin anew, as those it comes with carry the separators of many other sites."""
    loads, market = drawing.loads, fenced.market._replace(stand=leaf.stand, cost=fenced.base.copy())
    own = Fenced(market, fenced.base, offer_of(market), fences_of(drawing.adjacency, market, loads.pairs.units))
    leaf.pays, leaf.fees = first_prices(loads), np.zeros(0)
    for plan in LEAF:
        leaf.bound = max(leaf.bound, own.climb(leaf.pays, leaf.fees, _target(drawing.search, leaf.bound), plan))
    return own


def _halves(fenced: Fenced, drawing: Drawing, branch: Branch, count: itertools.count[int]) -> list[Branch]:
    """A branch with the site that is most in doubt open, and closed."""
    free = np.flatnonzero(branch.stand == 0)
    site = int(free[np.abs(branch.often[free] - 0.5).argmin()])
    return [_child(fenced, drawing, branch, (site, way, next(count))) for way in (1, -1)]


def _child(fenced: Fenced, drawing: Drawing, branch: Branch, step: tuple[int, int, int]) -> Branch:
    """A branch with one site open, or closed, and every other one settled that the prices settle."""
    site, way, order = step
    stand, pays, fees = branch.stand.copy(), branch.pays.copy(), branch.fees.copy()
    stand[site] = way
    fenced.market = fenced.market._replace(stand=stand)
    fenced.offer.often[:] = branch.often
    upper = drawing.search.upper
    plan = SETTLED if not (stand == 0).any() else BRANCH
    bound = fenced.climb(pays, fees, _target(drawing.search, branch.bound), plan)
    if bound < upper < np.inf:
        stand = np.asarray(decided(fenced.market, upper, fenced.offer))
    if bound < min(upper, (1 + NEAR) * drawing.search.bound) and len(drawing.drafts) < drawing.room:
        drawing.attempt(np.flatnonzero(fenced.offer.is_open))
    return Branch(max(bound, branch.bound), order, stand, pays, fees, fenced.offer.often.copy())


def _look_twice(loads: Loads, adjacency: Adjacency, search: Search) -> None:
    """The whole problem as one program with separators. Raises SolverError where it disagrees."""
    bound, answer = whole_program(loads, adjacency, Effort(seconds=max(search.left, 0.1)))
    if answer is not None:
        search.offer(*answer, loads.value(*answer))
    search.prove(bound)
