"""An answer improved part by part: a few neighbouring sites with their units, and the closed sites among them, are
decided again by a small program.

Source: local branching in the manner of Taillard and Voss (2002), partial optimisation under special intensification.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Event

import numpy as np

from siting.location.classics.knapsack_prices import stepped
from siting.location.classics.load_search import NODES, LoadSearch, Prices, reduced, solved
from siting.location.classics.loads import Loads
from siting.location.classics.market import market_of, offer_of
from siting.location.classics.pairs import pairs_between
from siting.location.classics.solution import Search
from siting.location.program import Effort
from siting.study import IntArray

STEPS = 60
"""Steps of the prices of a part, from those of the whole."""

PROGRAM_NODES = 300
PART_SECONDS = 5.0
WIDTH = 0.004
"""How far above its bound a part is searched, relative to it."""

WAIT = 0.05
"""Seconds between two looks for a better answer."""

MOST_PAIRS = 8_000
"""A part with more pairs left is not worth its time."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some units and sites of an instance, which of them they are, and the same as an instance."""

    units: IntArray
    sites: IntArray
    loads: Loads


def improve_parts(one: LoadSearch, prices: Prices, until: float) -> None:
    """Decide parts of the best answer again, around every open site, until none gets better or time is up.

    until: seconds that must be left.
    """
    for size in (4, 6, 8):
        queue = list(one.search.open)
        while queue and one.search.left > until and not one.search.is_closed:
            centre = queue.pop(0)
            if centre not in one.search.open:
                continue
            group = _neighbours(one, centre, size)
            if _improve_part(one, prices, group):
                queue += [j for j in one.search.open if j in group and j not in queue]
    one.improved = one.search.value


def keep_improving(one: LoadSearch, prices: Prices, is_over: Event) -> None:
    """Improve the best answer, and every better one that another thread finds until that is over."""
    while one.search.left > 0 and not one.search.is_closed:
        if one.is_better:
            improve_parts(one, prices, 0.0)
        elif is_over.wait(WAIT) and not one.is_better:
            return


def _neighbours(one: LoadSearch, centre: int, size: int) -> IntArray:
    """An open site and those its units can most easily go to instead."""
    pairs, open_sites = one.loads.pairs, one.search.open
    mine = one.assigned[pairs.unit] == centre
    near = np.full(pairs.sites, np.inf)
    np.minimum.at(near, pairs.site[mine], pairs.metres[mine])
    near[centre] = -1.0
    return open_sites[np.argsort(near[open_sites], kind="stable")[:size]]


def _improve_part(one: LoadSearch, prices: Prices, group: IntArray) -> bool:
    part = part_of(one, prices, group)
    sub = LoadSearch(part.loads, Search(len(part.units), PART_SECONDS, one.search.is_whole))
    place = np.full(one.loads.pairs.sites, -1)
    place[part.sites] = np.arange(len(part.sites))
    sub.take(place[group], place[one.assigned[part.units]])
    before = sub.search.value
    if not np.isfinite(before):  # another thread has found a better answer in between
        return False
    market = market_of(part.loads)
    local = Prices(market, prices.pays[part.units].copy(), offer_of(market))
    bound = stepped(market, local.pays, before, (STEPS, NODES, 0.3), local.offer)
    if bound > sub.search.upper:
        return False
    small = reduced(part.loads, local, min(sub.search.upper, bound * (1 + WIDTH)))
    if len(small.pairs) <= MOST_PAIRS:
        effort = Effort(nodes=PROGRAM_NODES, seconds=min(PART_SECONDS, max(one.search.left, 0.1)))
        solved(sub, small, effort, sub.search.upper)
    if sub.search.value >= before - 1e-9 * max(1.0, abs(before)):
        return False
    return _put_back(one, part, sub, group)


def _put_back(one: LoadSearch, part: Part, sub: LoadSearch, group: IntArray) -> bool:
    assigned = one.assigned.copy()
    assigned[part.units] = part.sites[sub.assigned]
    kept = np.setdiff1d(one.search.open, group)
    return one.take(np.sort(np.concatenate([kept, part.sites[sub.search.open]])), assigned)


def part_of(one: LoadSearch, prices: Prices, group: IntArray) -> Part:
    """The units of a group of open sites, with the group and all closed sites that any of them may use."""
    loads, pairs = one.loads, one.loads.pairs
    units = np.flatnonzero(np.isin(one.assigned, group))
    inside = np.isin(np.arange(pairs.units), units)
    is_mine = np.ones(pairs.sites, dtype=bool)
    is_mine[one.search.open] = False
    is_mine[group] = True
    is_mine &= prices.market.stand >= 0
    used = inside[pairs.unit] & is_mine[pairs.site]
    sites = np.flatnonzero(is_mine)
    unit, site = np.searchsorted(units, pairs.unit[used]), np.searchsorted(sites, pairs.site[used])
    p = None if loads.p is None else len(group)
    small = Loads(
        pairs_between(unit, site, pairs.metres[used], len(units), len(sites)),
        loads.weight[units],
        loads.demand[units],
        loads.capacity[sites],
        loads.lower[sites],
        loads.fixed_cost[sites],
        p,
        loads.is_fixed[sites],
    )
    return Part(units, sites, small)
