"""Every catchment that an answer may use, and the program that divides everybody among them.

A catchment is a site with the units it serves whole; those that cost little enough at the prices are few when the
bound is near.
Source: set partitioning with every column within the gap, Baldacci, Hadjiconstantinou, Maniezzo and Mingozzi (2002).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from siting.compiled import compiled
from siting.location.classics.knapsack_prices import ROUNDING, Market, Offer, when_open
from siting.location.classics.loads import Loads
from siting.location.program import Program, Rows
from siting.study import FloatArray, IntArray

TURNS = 40
"""Steps of the listing for each catchment that may be listed."""

TINY = 1e-9


class Catchments(NamedTuple):
    """Catchments (C): site (C,), begin (C+1,), and the pairs (K,) of each, in rows per unit."""

    site: IntArray
    begin: IntArray
    pair: IntArray


class Wishes(NamedTuple):
    """What a site may take: gain, size (N,), the best gain per size first; room and lower load; and the least gain."""

    gain: FloatArray
    size: FloatArray
    room: float
    lower: float
    least: float


def catchments(market: Market, pays: FloatArray, upper: float, most: int, offer: Offer) -> Catchments | None:
    """Every catchment of an answer worth no more than upper, at the prices offer was filled with.

    None where they are too many, or where upper is infinite."""
    if not np.isfinite(upper):
        return None
    site, begin, pair = _listed(market, pays, upper, most, offer)
    return Catchments(site, begin, pair) if len(begin) else None


def partition_program(loads: Loads, found: Catchments, otherwise: float) -> Program:
    """Catchments chosen so that every unit is in one and no site has two; the last column stands for everybody
    otherwise, at that cost.

    So there always is a solution: HiGHS 1.15.1 may claim optima of such programs where there is none.
    """
    many, units, sites = len(found.site), loads.pairs.units, loads.pairs.sites
    column, every = np.repeat(np.arange(many), np.diff(found.begin)), np.arange(many)
    opened, kept = (every, np.ones(many)), np.flatnonzero(loads.is_fixed)
    rows = Rows(many + 1)
    member = loads.pairs.unit[found.pair].astype(np.int64), column, np.ones(len(column))
    names = [f"{i}" for i in range(units)], [f"{j}" for j in range(sites)]
    rows.add("assign", names[0], [member, _last(many, np.arange(units), 1.0)], 1.0, 1.0)
    held = [(found.site, *opened), _last(many, kept, 1.0)]
    rows.add("one catchment", names[1], held, loads.is_fixed.astype(float), 1.0)
    if loads.p is not None:
        counted = [(np.zeros(many, dtype=np.int64), *opened), _last(many, np.zeros(1, dtype=np.int64), loads.p)]
        rows.add("count", [""], counted, loads.p, loads.p)
    cost = loads.fixed_cost[found.site] + np.bincount(column, weights=loads.cost[found.pair], minlength=many)
    program = rows.program(np.zeros(many + 1), np.ones(many + 1), np.ones(many + 1, dtype=bool))
    return program.with_cost(np.append(cost, otherwise))


def _last(many: int, row: IntArray, number: float) -> tuple[IntArray, IntArray, FloatArray]:
    """Entries of the last column."""
    return row, np.full(len(row), many), np.full(len(row), float(number))


def partition_of(loads: Loads, found: Catchments, x: FloatArray) -> tuple[IntArray, IntArray]:
    """Open sites and the site of every unit (I,), all -1 where everybody is served otherwise."""
    chosen = x[: len(found.site)] > 0.5
    assigned = np.full(loads.pairs.units, -1, dtype=np.int64)
    used = found.pair[np.repeat(chosen, np.diff(found.begin))]
    assigned[loads.pairs.unit[used]] = loads.pairs.site[used]
    return np.sort(found.site[chosen]), assigned


@compiled
def _listed(m: Market, pays: FloatArray, upper: float, most: int, o: Offer) -> tuple[IntArray, IntArray, IntArray]:
    """The same as three arrays, begin (0,) where there are too many."""
    bound, nothing, left = when_open(m, o), np.zeros(0, np.int64), most
    site, begin, pair = [np.int64(0)][:0], [np.int64(0)], [m.pair[0]][:0]
    for j in np.flatnonzero((m.stand >= 0) & (bound <= upper)):
        order, wishes = _wishes(m, pays, j, upper - bound[j] + ROUNDING * max(1.0, abs(upper)), o)
        ends, members = _sets(wishes, left)
        left -= len(ends)
        if left <= 0:
            return nothing, nothing, nothing
        for end in ends:
            site.append(j)
            begin.append(len(pair) + end)
        for k in members:
            pair.append(m.pair[order[k]])
    return np.array(site), np.array(begin), np.array(pair)


@compiled
def _wishes(m: Market, pays: FloatArray, j: int, slack: float, o: Offer) -> tuple[IntArray, Wishes]:
    """What a site may take: the places of its pairs in order, and what they bring."""
    first, last = m.start[j], m.start[j + 1]
    unit, rank = m.unit[first:last], m.rank[first:last]
    gain, size = pays[unit] - m.cost[first:last], m.demand[unit]
    costliest = -np.inf if m.lower[j] > 0.0 else -slack - o.whole[j]
    some = np.flatnonzero((rank >= m.first[unit]) & (rank < m.last[unit]) & (gain >= costliest))
    some = some[np.argsort(-gain[some] / np.maximum(size[some], TINY))]
    room = m.capacity[j] * (1 + ROUNDING)
    lower = m.lower[j] * (1 - ROUNDING)
    return first + some, Wishes(gain[some], size[some], room, lower, m.fixed_cost[j] - o.worth[j] - slack)


@compiled
def _sets(w: Wishes, most: int) -> tuple[IntArray, IntArray]:
    """Every set of things that is light and heavy enough and gains enough: where each ends, and who is in them.

    No fewer than most ends where there are more, or where they are too long to find.
    """
    n, ends, members = len(w.gain), [np.int64(0)][:0], [np.int64(0)][:0]
    inside, k, got, load, turns = np.zeros(n, dtype=np.bool_), 0, 0.0, 0.0, 0
    while k >= 0 and len(ends) < most:
        turns += 1
        if turns > TURNS * most:
            return np.zeros(most, np.int64), np.zeros(0, np.int64)
        if k < n and got + _more(w, k, w.room - load) >= w.least:
            inside[k] = load + w.size[k] <= w.room
            if inside[k]:
                got, load = got + w.gain[k], load + w.size[k]
            k += 1
            continue
        if k == n and got >= w.least and load >= w.lower:
            for thing in np.flatnonzero(inside):
                members.append(thing)
            ends.append(np.int64(len(members)))
        k -= 1
        while k >= 0 and not inside[k]:
            k -= 1
        if k >= 0:
            inside[k] = False
            got, load, k = got - w.gain[k], load - w.size[k], k + 1
    return np.array(ends, dtype=np.int64), np.array(members, dtype=np.int64)


@compiled
def _more(w: Wishes, k: int, left: float) -> float:
    """No less than what the things from k on can gain in the room that is left."""
    more = 0.0
    for q in range(k, len(w.gain)):
        if w.gain[q] <= 0.0:
            break
        if w.size[q] > left:
            return more + w.gain[q] * max(left, 0.0) / w.size[q]
        more, left = more + w.gain[q], left - w.size[q]
    return more
