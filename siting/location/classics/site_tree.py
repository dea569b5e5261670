"""A tree over what is in doubt: a site is open or closed, a unit goes to one of its nearer or of its farther sites.

Prices give every branch its bound, the least comes first; where few pairs are left a program finishes the branch.
Source: units divided among sets of sites, Ceselli and Righini (2005).
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from siting.location.classics.catchments import Charges, catchments
from siting.location.classics.knapsack_prices import in_doubt, priced, stepped
from siting.location.classics.load_search import (
    FIRST_WIDTH,
    NODES,
    SITE_STEPS,
    LoadSearch,
    Prices,
    Way,
    by_catchments,
    by_pairs,
    finished,
    program_solved,
    reduced,
)
from siting.location.classics.loads import Loads
from siting.location.classics.market import Market, Offer
from siting.location.classics.neighbourhoods import improve_parts
from siting.location.classics.pairs import SiteArray
from siting.location.classics.site_choice import decided
from siting.location.classics.site_groups import grouped, numbers
from siting.location.classics.site_lists import Sites
from siting.location.program import Effort
from siting.study import FloatArray, IntArray

STEPS = 40
"""Steps of the prices in a branch."""

AIM = 1e-3
"""How far beyond the best answer steps aim, relative to it: they may pass it."""

CLEAR = 0.05
"""Where no more than this share is in doubt, nothing is."""

MOST_BRANCHES = 20_000
FEW_PAIRS = 1_500
"""A branch with no more pairs is tried by a program."""

FEW_CATCHMENTS = 20_000
"""Nor has one with no more catchments to wait."""

PROGRAM_NODES = 200
AT_ONCE = 2
"""Programs at sets of sites that are searched at the same time."""

SECONDS = 6.0
"""The first program at a set of sites takes so long at most, the second so many times longer, and so on:"""

LONGER = 3

MOST_NODES = 10_000_000
DIVING = 60
"""Once in so many turns the search goes on from the best branch until nothing is in doubt."""

SELDOM = 6
"""One branch of so many is followed by an attempt at its sites."""

HARDER = 4
"""How many more nodes a program has that comes back to a branch without doubt."""


@dataclass(order=True, slots=True)
class Branch:
    """A part of the answers: its bound; where sites stand (J,), and which of each unit's pairs count, from first to
    before last (I,); how many of each group of sites are open, least and most (G,); the prices it was found with, and
    those with cuts; what is in doubt; the nodes of a program."""

    bound: float
    order: int
    stand: NDArray[np.int8] = field(compare=False)
    first: SiteArray = field(compare=False)
    last: SiteArray = field(compare=False)
    least: IntArray = field(compare=False)
    most: IntArray = field(compare=False)
    pays: FloatArray = field(compare=False)
    charges: Charges = field(compare=False)
    doubt: Doubt = field(compare=False)
    nodes: int = field(default=PROGRAM_NODES, compare=False)


class Doubt(NamedTuple):
    """What a branch is divided by: a unit, at being how many of its sites are nearer; or, where unit < 0, a site or a
    group of sites, at being the most that are open of it in one half, and fewer than in the other."""

    unit: int
    group: int
    at: int


def search_tree(one: LoadSearch, prices: Prices, until: float, sets: Sequence[Sites] | None = None) -> None:
    """Search until the answer is proved, or branches or time are used up; the bound is that of what is left.

    until: seconds that must be left. sets: where all answers are that matter, if that is known.
    """
    order = itertools.count()
    if one.loads.p is not None:
        prices.market = grouped(prices.market, one.loads)
    root = _root(one, prices, order)
    heap = [root] if sets is None else _branches(one, prices, root, sets, order)
    heapq.heapify(heap)
    for turn in itertools.count():
        if not heap or heap[0].bound > one.search.upper:
            break
        one.search.prove(min(heap[0].bound, one.search.value))
        if one.search.left < until or next(order) > MOST_BRANCHES:
            return
        settled = _settled(one, heap)
        left = _at_sites(one, settled, prices) if settled else _followed(one, heapq.heappop(heap), prices, order)
        for branch in left:
            heapq.heappush(heap, branch)
        if turn % DIVING == 0 and heap and not settled:
            _dive(one, heap, prices, order)
    one.search.prove(one.search.value)


def _root(one: LoadSearch, prices: Prices, order: itertools.count[int]) -> Branch:
    """All answers."""
    m, doubt = prices.market, _doubt(one, prices.market, prices.offer)
    limits = (m.stand, m.first, m.last, m.least, m.most)
    return Branch(prices.bound, next(order), *limits, prices.pays, prices.charges, doubt)


def _branches(
    one: LoadSearch, prices: Prices, root: Branch, sets: Sequence[Sites], order: itertools.count[int]
) -> list[Branch]:
    """A branch for each set of sites, with prices of its own where it is settled."""
    found = list[Branch]()
    for sites in sets:
        branch = replace(root, bound=max(root.bound, sites.bound), order=next(order), stand=sites.stand)
        if (sites.stand != 0).all():
            found += _stepped(one, replace(branch, pays=root.pays.copy()), prices, order, SITE_STEPS)
        else:
            branch.doubt = _doubt(one, _market(prices, branch), prices.offer)
            found.append(branch)
    return found


def _dive(one: LoadSearch, heap: list[Branch], prices: Prices, order: itertools.count[int]) -> None:
    """From the best branch always on to its better half, until nothing is in doubt; the other halves wait."""
    branch = heapq.heappop(heap)
    halves = [branch]
    while one.search.left > 0:
        halves = sorted(_followed(one, branch, prices, order))
        for other in halves[1:]:
            heapq.heappush(heap, other)
        if not halves or halves[0] is branch:
            break
        branch = halves[0]
    for last in halves[:1]:
        heapq.heappush(heap, last)


def _followed(one: LoadSearch, branch: Branch, prices: Prices, order: itertools.count[int]) -> list[Branch]:
    """What a branch leaves to be searched: nothing, itself with a better bound, or its two branches."""
    here = _decided(one, branch, prices)
    branch.bound = max(branch.bound, here.bound)
    if here.bound > one.search.upper or here.bound == np.inf:
        return []
    is_leaf = not (branch.stand == 0).any() or (branch.doubt.unit < 0 and branch.doubt.group < 0)
    way = _way(one, here)
    if is_leaf:
        one.shake(np.flatnonzero(here.offer.is_open), here.offer.price)
    if is_leaf or way is not None:
        effort = Effort(nodes=branch.nodes, seconds=max(one.search.left / 3, 0.1))
        left = finished(one, here, effort, way or by_pairs)
        branch.bound, branch.nodes, branch.charges = max(branch.bound, left), branch.nodes * HARDER, here.charges
        if left >= one.search.upper or is_leaf:
            return [branch] if left < one.search.upper else []
    return _children(one, branch, prices, order)


def _settled(one: LoadSearch, heap: list[Branch]) -> list[Branch]:
    """The first branches of the heap, taken off it, if their sites are settled, where sites cost: as many as can be
    decided at once beside an answer that is improved."""
    found, most = list[Branch](), AT_ONCE - one.is_better
    while heap and len(found) < most and one.loads.p is None and (heap[0].stand != 0).all():
        found.append(heapq.heappop(heap))
    return found


class Question(NamedTuple):
    """A program at a set of sites: of the pairs that an answer worth limit or less may use."""

    small: Loads
    limit: float
    effort: Effort


def _at_sites(one: LoadSearch, branches: list[Branch], prices: Prices) -> list[Branch]:
    """What sets of sites leave once a program was asked of each: themselves with better bounds, or nothing. Beside
    that an answer is improved that was not yet."""
    asked, upper = [_question(one, branch, prices) for branch in branches], one.search.upper
    with ThreadPoolExecutor(AT_ONCE) as beside:
        waiting = [beside.submit(program_solved, small, effort, upper) for small, _, effort in asked]
        if one.is_better:
            improve_parts(one, prices, one.search.left - asked[0].effort.seconds)
        said = [future.result() for future in waiting]
    for branch, (small, limit, _), outcome in zip(branches, asked, said, strict=True):
        one.take_planned(small, outcome)
        proved = min(outcome.bound, limit) if outcome.status == "stopped early" else limit
        branch.bound, branch.nodes = max(branch.bound, proved), min(branch.nodes * HARDER, MOST_NODES)
    return [branch for branch in branches if branch.bound < one.search.upper]


def _question(one: LoadSearch, branch: Branch, prices: Prices) -> Question:
    """What is asked of a set of sites: at first only what is little above the bound, which makes good answers soon,
    then everything, for ever more time."""
    here, upper = _decided(one, branch, prices), one.search.upper
    one.shake(np.flatnonzero(here.offer.is_open), here.offer.price)
    is_first, harder = branch.nodes == PROGRAM_NODES, branch.nodes / PROGRAM_NODES / HARDER
    limit = min(upper, here.bound + FIRST_WIDTH * abs(here.bound)) if is_first else upper
    seconds = SECONDS if is_first or one.is_better else LONGER * SECONDS * harder**0.5
    effort = Effort(nodes=branch.nodes, seconds=max(min(one.search.left, seconds), 0.1))
    return Question(reduced(one.loads, here, limit), limit, effort)


def _way(one: LoadSearch, here: Prices) -> Way | None:
    """The program that finishes a branch: of its catchments where they are few, of its pairs where these are but
    catchments will stay too many; None where dividing is better."""
    for limit, way in ((one.search.upper, by_catchments), ((here.bound + one.search.upper) / 2, None)):
        if catchments(here.market, here.charges, limit, FEW_CATCHMENTS, here.tight) is not None:
            return way
    return by_pairs if len(reduced(one.loads, here, one.search.upper).pairs) <= FEW_PAIRS else None


def _decided(one: LoadSearch, branch: Branch, prices: Prices) -> Prices:
    """The prices of a branch, its sites decided as far as the best answer decides them."""
    offer = prices.offer
    market = _market(prices, branch)
    priced(market, branch.pays, NODES, offer)
    branch.stand = np.asarray(decided(market, one.search.upper, offer))
    market = _market(prices, branch)
    priced(market, branch.pays, NODES, offer)
    here = Prices(market, branch.pays, offer)
    if len(branch.charges.cuts):
        here.charge(branch.charges)
    return here


def _market(prices: Prices, branch: Branch) -> Market:
    return prices.market._replace(
        stand=branch.stand, first=branch.first, last=branch.last, least=branch.least, most=branch.most
    )


def _doubt(one: LoadSearch, market: Market, offer: Offer) -> Doubt:
    """What to divide by: the numbers of sites whose halves are far apart, then a unit, then any site."""
    number, off = numbers(market, offer)
    unit, nearer, share = in_doubt(market, one.loads.pairs.start, offer)
    free = np.flatnonzero(market.stand == 0)
    if (off > CLEAR).any():
        group = int(np.where(off > CLEAR, off * market.apart, -1.0).argmax())
    elif share < CLEAR and len(free):
        group = int(free[off[free].argmax()])
    else:
        return Doubt(unit, -1, nearer)
    return Doubt(-1, group, int(number[group]))


def _children(one: LoadSearch, branch: Branch, prices: Prices, order: itertools.count[int]) -> list[Branch]:
    """The two branches, as far as they are worth a look."""
    return [child for half in _halves(branch) for child in _stepped(one, half, prices, order, STEPS)]


def _stepped(one: LoadSearch, branch: Branch, prices: Prices, order: itertools.count[int], steps: int) -> list[Branch]:
    """A branch with its own prices, steps from those it has; none where it is not worth a look."""
    market, aim, offer = _market(prices, branch), one.target(branch.bound), prices.offer
    bound = stepped(market, branch.pays, aim + AIM * abs(aim), (steps, NODES, 0.5), offer)
    if bound > one.search.upper or bound == np.inf:
        return []
    if branch.order % SELDOM == 0:
        one.attempt(np.flatnonzero(offer.is_open), offer.price)
    branch.bound, branch.order, branch.doubt = max(bound, branch.bound), next(order), _doubt(one, market, offer)
    return [branch]


def _halves(branch: Branch) -> tuple[Branch, Branch]:
    one, two = (replace(branch, pays=branch.pays.copy(), nodes=PROGRAM_NODES) for _ in range(2))
    unit, group, at = branch.doubt
    sites = len(branch.stand)
    if unit >= 0:
        one.last, two.first = branch.last.copy(), branch.first.copy()
        one.last[unit] = two.first[unit] = at
    elif group >= sites:
        one.most, two.least = branch.most.copy(), branch.least.copy()
        one.most[group - sites], two.least[group - sites] = at, at + 1
    else:
        one.stand, two.stand = branch.stand.copy(), branch.stand.copy()
        one.stand[group], two.stand[group] = -1, 1
    return one, two
