"""A tree over the sites in doubt: each is open or closed, prices give every branch its bound, the least comes first.

Where no site is in doubt, or few pairs are left, a program finishes the branch.
"""

from __future__ import annotations

import heapq
import itertools
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from siting.location.classics.knapsack_prices import decided, priced, stepped
from siting.location.classics.load_search import NODES, LoadSearch, Prices, finished, reduced
from siting.location.program import Effort
from siting.study import FloatArray

STEPS = 40
"""Steps of the prices in a branch."""

MOST_BRANCHES = 20_000
FEW_PAIRS = 1_500
"""A branch with no more pairs is finished by a program."""

PROGRAM_NODES = 5_000


@dataclass(order=True, slots=True)
class Branch:
    """Where sites stand (J,) in a part of the answers, its bound, and the prices and openings it was found with."""

    bound: float
    order: int
    stand: NDArray[np.int8] = field(compare=False)
    pays: FloatArray = field(compare=False)
    often: FloatArray = field(compare=False)


def search_tree(one: LoadSearch, prices: Prices) -> None:
    """Search until the answer is proved, or branches or time are used up; the bound is that of what is left."""
    count = itertools.count()
    root = Branch(one.search.bound, next(count), prices.market.stand, prices.pays, prices.offer.often.copy())
    heap, stuck = [root], np.inf
    while heap and heap[0].bound <= one.upper:
        one.search.prove(min(heap[0].bound, stuck, one.search.value))
        at = next(count)
        if one.search.left < 0 or at > MOST_BRANCHES or stuck <= heap[0].bound:
            return
        branch = heapq.heappop(heap)
        open_branch = Prices(prices.market._replace(stand=branch.stand), branch.pays, prices.offer)
        priced(open_branch.market, branch.pays, NODES, prices.offer)
        branch.stand = np.asarray(decided(open_branch.market, one.upper, prices.offer))
        open_branch.market = prices.market._replace(stand=branch.stand)
        priced(open_branch.market, branch.pays, NODES, prices.offer)
        if prices.offer.bound[0] > one.upper:
            continue
        small = reduced(one.loads, open_branch, one.upper)
        is_leaf = not (branch.stand == 0).any()
        if len(small.pairs) <= FEW_PAIRS or is_leaf:
            effort = Effort(nodes=PROGRAM_NODES, seconds=max(one.search.left / 4, 0.1))
            left = finished(one, small, effort)
            if is_leaf and left < one.upper:
                stuck = min(stuck, max(left, branch.bound))
            if is_leaf or left >= one.upper:
                continue
        for child in _children(one, branch, prices, count):
            heapq.heappush(heap, child)
    one.search.prove(min(stuck, one.search.value))


def _children(one: LoadSearch, branch: Branch, prices: Prices, count: itertools.count[int]) -> list[Branch]:
    """The branches with the site most in doubt open, and closed, as far as they are worth a look."""
    free = np.flatnonzero(branch.stand == 0)
    site = free[np.abs(branch.often[free] - 0.5).argmin()]
    found = []
    for way in (1, -1):
        stand, pays, offer = branch.stand.copy(), branch.pays.copy(), prices.offer
        stand[site], offer.often[:] = way, branch.often
        market = prices.market._replace(stand=stand)
        bound = stepped(market, pays, one.upper + 1e-3 * abs(one.upper), (STEPS, NODES, 0.5), offer)
        if bound > one.upper:
            continue
        one.attempt(np.flatnonzero(offer.is_open), offer.price)
        found.append(Branch(max(bound, branch.bound), next(count), stand, pays, offer.often.copy()))
    return found
