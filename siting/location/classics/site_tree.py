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

AIM = 1e-3
"""How far beyond the best answer steps aim, relative to it: they may pass it."""

MOST_BRANCHES = 20_000
FEW_PAIRS = 1_500
"""A branch with no more pairs is tried by a program."""

PROGRAM_NODES = 200
HARDER = 4
"""How many more nodes a program has that comes back to a branch without doubt."""


@dataclass(order=True, slots=True)
class Branch:
    """A part of the answers: its bound, where sites stand (J,), the prices and openings it was found with, and how many
    nodes a program may have."""

    bound: float
    order: int
    stand: NDArray[np.int8] = field(compare=False)
    pays: FloatArray = field(compare=False)
    often: FloatArray = field(compare=False)
    nodes: int = field(default=PROGRAM_NODES, compare=False)


def search_tree(one: LoadSearch, prices: Prices, until: float) -> None:
    """Search until the answer is proved, or branches or time are used up; the bound is that of what is left.

    until: seconds that must be left.
    """
    order = itertools.count()
    heap = [Branch(prices.bound, next(order), prices.market.stand, prices.pays, prices.offer.often.copy())]
    while heap and heap[0].bound <= one.upper:
        one.search.prove(min(heap[0].bound, one.search.value))
        if one.search.left < until or next(order) > MOST_BRANCHES:
            return
        for child in _followed(one, heapq.heappop(heap), prices, order):
            heapq.heappush(heap, child)
    one.search.prove(one.search.value)


def _followed(one: LoadSearch, branch: Branch, prices: Prices, order: itertools.count[int]) -> list[Branch]:
    """What a branch leaves to be searched: nothing, itself with a better bound, or its two branches."""
    here = _decided(one, branch, prices)
    if here.bound > one.upper:
        return []
    is_leaf = not (branch.stand == 0).any()
    if is_leaf or len(reduced(one.loads, here, one.upper).pairs) <= FEW_PAIRS:
        effort = Effort(nodes=branch.nodes, seconds=max(one.search.left / 3, 0.1))
        left = finished(one, here, effort)
        branch.bound, branch.nodes = max(branch.bound, left), branch.nodes * HARDER
        if left >= one.upper or is_leaf:
            return [branch] if left < one.upper else []
    return _children(one, branch, prices, order)


def _decided(one: LoadSearch, branch: Branch, prices: Prices) -> Prices:
    """The prices of a branch, its sites decided as far as the best answer decides them."""
    offer = prices.offer
    priced(prices.market._replace(stand=branch.stand), branch.pays, NODES, offer)
    branch.stand = np.asarray(decided(prices.market._replace(stand=branch.stand), one.upper, offer))
    market = prices.market._replace(stand=branch.stand)
    priced(market, branch.pays, NODES, offer)
    return Prices(market, branch.pays, offer)


def _children(one: LoadSearch, branch: Branch, prices: Prices, order: itertools.count[int]) -> list[Branch]:
    """The branches with the site most in doubt open, and closed, as far as they are worth a look."""
    free = np.flatnonzero(branch.stand == 0)
    site = free[np.abs(branch.often[free] - 0.5).argmin()]
    found = []
    for way in (1, -1):
        stand, pays, offer = branch.stand.copy(), branch.pays.copy(), prices.offer
        stand[site], offer.often[:] = way, branch.often
        market = prices.market._replace(stand=stand)
        bound = stepped(market, pays, one.target(branch.bound) * (1 + AIM), (STEPS, NODES, 0.5), offer)
        if bound > one.upper:
            continue
        one.attempt(np.flatnonzero(offer.is_open), offer.price)
        found.append(Branch(max(bound, branch.bound), next(order), stand, pays, offer.often.copy()))
    return found
