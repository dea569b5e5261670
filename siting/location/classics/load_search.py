"""The search behind the capacitated problems: prices for the bound, moves and small programs for the answer, and a tree
over the sites that are in doubt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from siting.location import highs
from siting.location.classics.catchment_cuts import tightened
from siting.location.classics.catchments import (
    Catchments,
    Charges,
    catchments,
    charged,
    partition_of,
    partition_program,
    without_cuts,
)
from siting.location.classics.knapsack_prices import priced, stepped, wanted
from siting.location.classics.load_moves import recentred, settled
from siting.location.classics.load_program import columns_of, load_program, plan_of
from siting.location.classics.loads import Loads
from siting.location.classics.market import Market, Offer, market_of, offer_of
from siting.location.classics.solution import CLOSED, Search
from siting.location.program import Effort, Outcome
from siting.study import FloatArray, IntArray

NODES = 1_000
"""Nodes of one knapsack."""

ROOT = ((200, 0, 1.0), (200, 0, 0.5), (300, NODES, 0.5), (300, NODES, 0.3), (300, NODES, 0.3), (600, NODES, 0.1))
"""Rounds of steps at the root: how many, nodes of a knapsack, length of the first."""


FIRST_WIDTH = 5e-4
"""How far above the bound the first program looks, relative to it, and how much farther each next one:"""

SHAKEN = 100_000
"""Shakes times units of an answer at given sites."""

WIDENING = 2.0
MOST_CATCHMENTS = 200_000
"""More catchments than this are not listed, and cuts make them fewer until they are as few as these:"""

FEW_CATCHMENTS = 1_500
MOST_LEFT = 5_000
"""More catchments than this that cuts leave are no program."""


NOTHING = Outcome("infeasible", None, np.inf, np.inf)
NOBODY = np.zeros(0, dtype=np.int64)
SITE_STEPS = 150
"""Steps of the prices at a given set of sites."""


@dataclass(slots=True)
class Prices:
    """Prices of units (I,), and what sites do at them; the same with cuts where these make a better bound."""

    market: Market
    pays: FloatArray
    offer: Offer
    charges: Charges = field(init=False)
    tight: Offer = field(init=False)

    def __post_init__(self) -> None:
        self.charges, self.tight = without_cuts(self.pays), self.offer

    @property
    def bound(self) -> float:
        """The bound at the prices."""
        return float(max(self.offer.bound[0], self.tight.bound[0]))

    def charge(self, charges: Charges) -> Catchments:
        """Take charges if their bound is better; the best catchment of every site at them."""
        offer = offer_of(self.market)
        priced(self.market, charges.pays, NODES, offer)
        found = Catchments(*charged(self.market, charges, offer))
        if offer.bound[0] > self.bound:
            self.charges, self.tight = charges, offer
        return found


Way = Callable[["LoadSearch", Prices, float, Effort], Outcome | None]


@dataclass(slots=True)
class LoadSearch:
    """One instance, where the search for it stands, which sets of sites have been tried, and what the answer was worth
    that was improved last, part by part."""

    loads: Loads
    search: Search
    tried: set[bytes] = field(default_factory=set)
    improved: float = np.inf

    @property
    def is_better(self) -> bool:
        """Whether the answer is better than the one that was improved last."""
        return self.search.value < self.improved

    @property
    def assigned(self) -> IntArray:
        """The site of every unit (I,) in the best answer, -1 where there is none."""
        nobody = np.full(self.loads.pairs.units, -1, dtype=np.int64)
        return nobody if self.search.assigned is None else self.search.assigned

    def target(self, bound: float) -> float:
        """What steps aim at: the best answer, a guess without one."""
        return self.search.value if np.isfinite(self.search.value) else bound + 0.1 * max(abs(bound), 1.0)

    def take(self, open_sites: IntArray, assigned: IntArray | None) -> bool:
        """Take an answer if it is better; whether it was."""
        if assigned is None or not self.loads.is_held(open_sites, assigned):
            return False
        return self.search.offer(open_sites, assigned, self.loads.value(open_sites, assigned))

    def take_planned(self, small: Loads, outcome: Outcome) -> None:
        """Take what the program of a part of the pairs answers, if it is better."""
        if outcome.x is not None:
            self.take(*plan_of(small, columns_of(small), outcome.x))

    def attempt(self, open_sites: IntArray, guide: FloatArray) -> None:
        """Settle everybody at a set of sites, move the sites to the middle of those they serve, and again."""
        while len(open_sites) and open_sites.tobytes() not in self.tried:
            self.tried.add(open_sites.tobytes())
            assigned = settled(self.loads, open_sites, guide, 0)
            if assigned is None:
                return
            self.take(open_sites, assigned)
            open_sites = recentred(self.loads, open_sites, assigned)

    def shake(self, open_sites: IntArray, guide: FloatArray) -> None:
        """Settle everybody at a set of sites as well as many shakes can, once."""
        name = b"shaken" + open_sites.tobytes()
        if len(open_sites) and name not in self.tried:
            self.tried.add(name)
            self.take(open_sites, settled(self.loads, open_sites, guide, SHAKEN // self.loads.pairs.units))


def is_whole(loads: Loads) -> bool:
    """Whether every answer is worth a whole number."""
    return not (np.any(loads.cost % 1) or np.any(loads.fixed_cost % 1))


def first_prices(loads: Loads) -> FloatArray:
    """What every unit's second choice costs (I,), its only one where there is one."""
    start = loads.pairs.start
    return loads.cost[np.minimum(start[:-1] + 1, start[1:] - 1)]


def priced_root(one: LoadSearch) -> Prices:
    """The best prices found, every round of steps followed by an attempt at the sites it opens."""
    market = market_of(one.loads)
    prices = Prices(market, first_prices(one.loads), offer_of(market))
    bound = float(prices.pays.sum())
    for plan in ROOT:
        bound = stepped(market, prices.pays, one.target(bound), plan, prices.offer)
        one.search.prove(min(bound, one.search.value))
        if not np.isfinite(bound) or bound >= one.search.upper:
            break
        one.attempt(np.flatnonzero(prices.offer.is_open), prices.offer.price)
        if one.search.left < 0:
            break
    return prices


def reduced(loads: Loads, prices: Prices, upper: float) -> Loads:
    """The instance without pairs and sites that no answer worth upper or less uses."""
    keep = wanted(prices.market, prices.pays, upper, prices.offer)
    return replace(loads, pairs=loads.pairs.take(keep), is_fixed=prices.market.stand == 1)


def finished(one: LoadSearch, prices: Prices, effort: Effort, way: Way) -> float:
    """Programs for ever more of what is left: first for what an answer a little above the bound may use.

    The answers are taken; what they leave out is worth no less than what is returned.
    way: by_pairs or by_catchments, which gives up where there are too many, and less is looked at.
    """
    width = FIRST_WIDTH * max(1.0, abs(prices.bound))
    bound, widening, until = prices.bound, WIDENING, max(one.search.left - effort.seconds, 0.0)
    while max(bound, prices.bound) < one.search.upper and one.search.left > until:
        bound = max(bound, prices.bound)
        limit = min(bound + width, one.search.upper) if np.isfinite(one.search.upper) else np.inf
        outcome = way(one, prices, limit, replace(effort, seconds=one.search.left - until))
        if outcome is None:
            width, widening = (limit - bound) / 2, 0.5
            if not FIRST_WIDTH * abs(bound) < width < np.inf:
                return bound
            continue
        if outcome.status == "stopped early" and outcome.bound <= limit:
            return max(bound, outcome.bound)
        if outcome.status == "optimal" and outcome.value <= limit:
            return one.search.upper
        bound, width = limit, width * widening if outcome.x is None else np.inf
    return max(bound, prices.bound)


def by_pairs(one: LoadSearch, prices: Prices, limit: float, effort: Effort) -> Outcome:
    """The program of the pairs that an answer worth limit or less may use."""
    return solved(one, reduced(one.loads, prices, limit), effort, one.search.upper)


def by_catchments(one: LoadSearch, prices: Prices, limit: float, effort: Effort) -> Outcome | None:
    """The program of the catchments that an answer worth limit or less may use; None where they are too many."""
    found = catchments(prices.market, prices.charges, limit, MOST_CATCHMENTS, prices.tight)
    if found is None:
        return None
    loads, beyond = replace(one.loads, is_fixed=prices.market.stand == 1), limit + CLOSED * max(1.0, abs(limit))
    tight = tightened(loads, found, prices.charges, beyond, FEW_CATCHMENTS, effort.seconds / 2)
    prices.charge(tight.charges)
    found = tight.found
    if len(found.site) > MOST_LEFT:
        return None
    program = partition_program(loads, found, np.ceil(beyond) if one.search.is_whole else beyond, tight.charges.cuts)
    start = np.append(np.zeros(len(found.site)), 1.0)
    outcome = highs.solve(program, effort, start)
    open_sites, assigned = partition_of(loads, found, outcome.x) if outcome.x is not None else (NOBODY, NOBODY)
    if outcome.x is None or (assigned < 0).any():
        return NOTHING if outcome.status == "optimal" else replace(outcome, x=None, value=np.inf)
    one.take(open_sites, assigned)
    return outcome


def solved(one: LoadSearch, small: Loads, effort: Effort, above: float) -> Outcome:
    """The program of an instance, its answer taken; those worth more than above are of no use."""
    outcome = program_solved(small, effort, above)
    one.take_planned(small, outcome)
    return outcome


def program_solved(small: Loads, effort: Effort, above: float) -> Outcome:
    """The program of an instance; answers worth more than above are of no use."""
    if (np.diff(small.pairs.start) == 0).any():
        return NOTHING
    return highs.solve(load_program(small)[1], effort, above=above)


def finish_sites(one: LoadSearch, prices: Prices, open_sites: IntArray, effort: Effort) -> None:
    """The best answer at a set of open sites, as far as the effort goes."""
    stand = np.full(one.loads.pairs.sites, -1, dtype=np.int8)
    stand[open_sites] = 1
    local = Prices(prices.market._replace(stand=stand), prices.pays.copy(), offer_of(prices.market))
    bound = stepped(local.market, local.pays, one.target(prices.bound), (SITE_STEPS, NODES, 0.5), local.offer)
    if bound < one.search.upper and len(open_sites):
        one.shake(open_sites, local.offer.price)
        finished(one, local, effort, by_pairs)
