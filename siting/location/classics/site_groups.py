"""Sites in groups of two groups each, the nearest together: how many of each group open.

Where so many sites open and no more, which of two neighbours opens says little, but one more or less on this side of
the county costs dearly: numbers of groups are branched on before single sites.
Source: average linkage, Sokal and Michener (1958).
"""

from __future__ import annotations

import numpy as np
from scipy.cluster.hierarchy import linkage
from scipy.spatial.distance import pdist

from siting.compiled import compiled, within
from siting.location.classics.loads import Loads
from siting.location.classics.market import Market, Offer
from siting.location.instance import BoolArray
from siting.study import FloatArray, IntArray

MOST_UNITS = 200
"""Units whose ways tell which sites are near each other."""

SINGLE = 0.01
"""What a single site counts beside the halves that are farthest apart."""


def grouped(market: Market, loads: Loads) -> Market:
    """The market with its sites in groups, any number of each open: two of them are as far apart as their ways to the
    same units differ."""
    if loads.pairs.sites < 2:
        return market
    merged = linkage(pdist(_ways(loads), "cityblock"), "average")
    apart = np.concatenate([np.full(loads.pairs.sites, SINGLE * merged[-1, 2]), merged[:, 2]])
    least, most = np.zeros(len(merged), dtype=np.int64), np.full(len(merged), market.p, dtype=np.int64)
    halves = np.ascontiguousarray(merged[:, :2]).astype(np.int64)
    return market._replace(halves=halves, apart=apart, least=least, most=most)


def _ways(loads: Loads) -> FloatArray:
    """The metres from sites to some units (J, U), the most where there is no pair."""
    units = np.unique(np.linspace(0, loads.pairs.units - 1, MOST_UNITS).astype(np.int64))
    place = np.full(loads.pairs.units, -1)
    place[units] = np.arange(len(units))
    pairs = loads.pairs
    some = np.flatnonzero(place[pairs.unit] >= 0)
    ways = np.full((pairs.sites, len(units)), pairs.metres[some].max(initial=0.0))
    ways[pairs.site[some], place[pairs.unit[some]]] = pairs.metres[some]
    return ways


@within
def cheapest(m: Market, o: Offer) -> FloatArray:
    """What so many open sites of a site or group cost at least (J + G, p + 1), inf where they cannot be."""
    sites, size = len(m.stand), _sizes(m)
    cost = np.full((len(size), max(m.p, 1) + 1), np.inf)
    for j in range(sites):
        cost[j, 0] = 0.0 if m.stand[j] <= 0 else np.inf
        cost[j, 1] = o.worth[j] if m.stand[j] >= 0 else np.inf
    for g in range(len(m.halves)):
        one, two = m.halves[g]
        for n in range(max(m.least[g], 0), min(m.most[g], size[sites + g]) + 1):
            for k in range(max(n - size[two], 0), min(n, size[one]) + 1):
                cost[sites + g, n] = min(cost[sites + g, n], cost[one, k] + cost[two, n - k])
    return cost


@within
def _sizes(m: Market) -> IntArray:
    """How many open sites a site or group may have (J + G,), p at most."""
    sites = len(m.stand)
    size = np.ones(sites + len(m.halves), np.int64)
    for g in range(len(m.halves)):
        one, two = m.halves[g]
        size[sites + g] = min(size[one] + size[two], m.p)
    return size


@within
def open_cheapest(m: Market, cost: FloatArray, is_open: BoolArray) -> None:
    """Open the p sites (J,) that cost least so."""
    sites, count = len(m.stand), np.zeros(len(cost), np.int64)
    count[-1] = m.p
    for g in range(len(m.halves) - 1, -1, -1):
        (one, two), both = m.halves[g], count[sites + g]
        for n in range(both + 1):
            if cost[one, n] + cost[two, both - n] <= cost[one, count[one]] + cost[two, both - count[one]]:
                count[one] = n
        count[two] = both - count[one]
    is_open[:] = count[:sites] == 1


@within
def elsewhere(m: Market, cost: FloatArray) -> FloatArray:
    """What the open sites outside a site or group cost at least where so many are open in it (J + G, p + 1)."""
    sites, size, other = len(m.stand), _sizes(m), np.full(cost.shape, np.inf)
    other[-1, m.p] = 0.0
    for g in range(len(m.halves) - 1, -1, -1):
        one, two = m.halves[g]
        for n in range(max(m.least[g], 0), min(m.most[g], size[sites + g]) + 1):
            rest = other[sites + g, n]
            for k in range(max(n - size[two], 0), min(n, size[one]) + 1):
                other[one, k] = min(other[one, k], rest + cost[two, n - k])
                other[two, n - k] = min(other[two, n - k], rest + cost[one, k])
    return other


@compiled
def numbers(m: Market, o: Offer) -> tuple[FloatArray, FloatArray]:
    """How many sites of every site and group (J + G,) have been open lately, and how far that is from whole: by nothing
    where there is no choice."""
    sites, count = len(m.stand), len(m.halves)
    open_lately, least, most = np.zeros((3, sites + count))
    open_lately[:sites], least[:sites], most[:sites] = o.often, m.stand > 0, m.stand >= 0
    for g in range(count):
        (one, two), both = m.halves[g], sites + g
        open_lately[both] = open_lately[one] + open_lately[two]
        least[both] = max(m.least[g], least[one] + least[two])
        most[both] = min(m.most[g], most[one] + most[two])
    open_lately = np.minimum(np.maximum(open_lately, least), most)
    return open_lately, np.abs(open_lately - np.round(open_lately))
