"""Bounds from prices: every unit pays for being served, and each site takes the units that gain most within its limits.

At any prices the sum is a bound; steps along what the prices leave unmet make it better.
Source: Lagrangean relaxation of the assignment, Geoffrion (1974), Pirkul (1987); steps of Polyak (1969), Camerini,
Fratta and Maffioli (1975).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from siting.compiled import bare, compiled, within
from siting.location.classics.knapsacks import ROUNDING, packed
from siting.location.classics.market import Market, Offer
from siting.location.classics.site_choice import choose, when_open
from siting.study import FloatArray, IntArray

WAIT = 20
"""Steps without a better bound after which they become half as long."""

LATELY = 0.05
"""How much the last step counts in how often a site was open."""

MEMORY = 0.3
"""How much of the last direction a step keeps."""


@within
def _serve(m: Market, pays: FloatArray, j: int, nodes: int, o: Offer) -> None:
    """The units a site takes at the prices: the last in part, or all whole where nodes > 0."""
    begin, count = m.start[j], _ranked(m, pays, j, o)
    load = _fill(m, j, count, o)
    parts = _worth(m, j, o) if load >= m.lower[j] * (1 - ROUNDING) else np.inf
    worth, o.whole[j] = parts, 0.0
    if nodes > 0 and o.price[j] > 0.0:
        taken_first = o.order[begin : begin + count]
        gain, size = o.gain[taken_first], m.demand[m.unit[taken_first]]
        some = (size > 0.0) & (gain > 0.0)
        taken = np.zeros(int(np.sum(some)), dtype=np.bool_)
        most = packed(gain[some], size[some], m.capacity[j], nodes, taken)
        worth = max(worth, -most - np.sum(gain[size == 0.0]))
        o.whole[j] = worth - parts
        o.share[taken_first[some]] = taken
    o.worth[j] = worth + m.fixed_cost[j]


@bare
def _ranked(m: Market, pays: FloatArray, j: int, o: Offer) -> int:
    """Bring the pairs of a site into the order of their gain per size, from that in which they were last, which is
    seldom far from it; how many gain anything, or have a size, where a site takes losses."""
    begin, end = m.start[j], m.start[j + 1]
    least = -np.inf if m.lower[j] > 0.0 else 0.0
    count = 0
    for place in range(begin, end):
        a = o.order[place]
        i = m.unit[a]
        is_near = m.first[i] <= m.rank[a] < m.last[i]
        gain = pays[i] - m.cost[a] if is_near else -np.inf
        rate = _rate(gain, m.demand[i])
        if rate > least:
            count += 1
        else:
            rate = -np.inf
        o.gain[a], o.rate[a] = gain, rate
        before = place - 1
        while before >= begin and o.rate[o.order[before]] < rate:
            o.order[before + 1] = o.order[before]
            before -= 1
        o.order[before + 1] = a
    return count


@bare
def _rate(gain: float, size: float) -> float:
    """The gain per size; of units without any, inf where they gain, else none."""
    if size > 0.0:
        return gain / size
    return np.inf if gain > 0.0 else -np.inf


@bare
def _fill(m: Market, j: int, count: int, o: Offer) -> float:
    """Fill a site in that order: the load; and the price of one more of the limit that stops it."""
    begin, lower, capacity, load = m.start[j], m.lower[j], m.capacity[j], 0.0
    for a in range(begin, m.start[j + 1]):
        o.share[a] = 0.0
    o.price[j] = 0.0
    for place in range(begin, begin + count):
        a = o.order[place]
        gain, size = o.gain[a], m.demand[m.unit[a]]
        most = capacity if gain > 0.0 else lower
        part = 1.0 if load + size <= most else (most - load) / size
        if part <= 0.0:
            o.price[j] = max(0.0, gain / size) if load >= capacity else 0.0
            break
        o.share[a] = part
        load += part * size
        if part < 1.0:
            o.price[j] = gain / size
            break
    return load


@bare
def _worth(m: Market, j: int, o: Offer) -> float:
    """What a site costs, its users' gains taken off."""
    worth = 0.0
    for a in range(m.start[j], m.start[j + 1]):
        if o.share[a] > 0.0:
            worth -= o.gain[a] * o.share[a]
    return worth


@compiled
def priced(m: Market, pays: FloatArray, nodes: int, o: Offer) -> float:
    """The bound at the prices pays (I,), inf where nothing can hold; o is filled. Whole knapsacks where nodes > 0."""
    for j in range(len(m.capacity)):
        o.worth[j] = np.inf
        if m.stand[j] >= 0:
            _serve(m, pays, j, nodes, o)
    o.bound[0] = np.sum(pays) + choose(m, o)
    return o.bound[0]


@within
def _unmet(m: Market, o: Offer) -> FloatArray:
    """How much of each unit (I,) nobody takes; negative where more than one site does."""
    unmet = np.ones(len(m.demand))
    _taken_off(m, o, unmet)
    return unmet


@bare
def _taken_off(m: Market, o: Offer, unmet: FloatArray) -> None:
    for j in range(len(o.is_open)):
        if o.is_open[j]:
            for a in range(m.start[j], m.start[j + 1]):
                unmet[m.unit[a]] -= o.share[a]


@bare
def _remember(m: Market, o: Offer) -> None:
    """Count what is open and taken now into what was lately."""
    for j in range(len(o.is_open)):
        o.often[j] += LATELY * ((1.0 if o.is_open[j] else 0.0) - o.often[j])
        for a in range(m.start[j], m.start[j + 1]):
            taken = o.share[a] if o.is_open[j] else 0.0
            o.served[m.pair[a]] += LATELY * (taken - o.served[m.pair[a]])


@compiled
def in_doubt(m: Market, begin: IntArray, o: Offer) -> tuple[int, int, float]:
    """The unit most in doubt between nearer and farther sites: the unit, how many are nearer, and how much of it goes
    to those that are the fewer. begin (I+1,): where each unit's pairs begin."""
    return _most_in_doubt(m, begin, o)


@bare
def _most_in_doubt(m: Market, begin: IntArray, o: Offer) -> tuple[int, int, float]:
    best, unit, nearer, share = 0.0, -1, 0, 0.0
    for i in range(len(m.demand)):
        total, till = 0.0, 0.0
        for k in range(m.first[i], m.last[i]):
            total += o.served[begin[i] + k]
        for k in range(m.first[i], m.last[i] - 1):
            till += o.served[begin[i] + k]
            doubt = min(till, total - till) / max(total, 1e-9)
            if doubt * m.scale[i] > best:
                best, unit, nearer, share = doubt * m.scale[i], i, k + 1, doubt
    return unit, nearer, share


@compiled
def stepped(m: Market, pays: FloatArray, target: float, plan: tuple[int, int, float], o: Offer) -> float:
    """The best bound over so many steps from the prices, which become the best ones.

    target: a value the bound cannot pass. plan: steps, nodes of each knapsack, and the length of the first step.
    """
    steps, nodes, length = plan
    best, best_pays, waited = -np.inf, pays.copy(), 0
    way = np.zeros(len(pays))
    for _ in range(steps):
        bound = priced(m, pays, nodes, o)
        _remember(m, o)
        waited += 1
        if bound > best:
            waited = 0 if bound > best + 1e-6 * abs(best) else waited
            best, best_pays[:] = bound, pays
        if best >= target or length < 1e-4:
            break
        if waited >= WAIT:
            length, waited, pays[:] = length / 2, 0, best_pays
            way[:] = 0.0
            bound = priced(m, pays, nodes, o)
        unmet = _unmet(m, o)
        way = unmet + MEMORY * way
        size = np.sum(way * way * m.scale)
        if size <= 1e-12 * np.sum(m.scale):
            break
        pays += length * (target - bound) / size * way * m.scale
    pays[:] = best_pays
    priced(m, pays, nodes, o)
    return best


@compiled
def wanted(m: Market, pays: FloatArray, upper: float, o: Offer) -> NDArray[np.bool_]:
    """Which pairs (A,), in rows per unit, may be used in an answer worth no more than upper."""
    keep = np.zeros(len(m.unit), dtype=np.bool_)
    bound = when_open(m, o)
    for j in np.flatnonzero(m.stand >= 0):
        for a in range(m.start[j], m.start[j + 1]):
            i = m.unit[a]
            asked = m.cost[a] - pays[i] + o.price[j] * m.demand[i]
            is_near = m.first[i] <= m.rank[a] < m.last[i]
            keep[m.pair[a]] = is_near and bound[j] + max(0.0, asked - o.whole[j]) <= upper
    return keep
