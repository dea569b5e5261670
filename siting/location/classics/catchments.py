"""Every catchment that an answer may use, and the program that divides everybody among them.

A catchment is a site with the units it serves whole; those that cost little enough at the prices are few when the
bound is near.
Source: set partitioning with every column within the gap, Baldacci, Hadjiconstantinou, Maniezzo and Mingozzi (2002).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from siting.compiled import compiled, within
from siting.location.classics.knapsacks import ROUNDING
from siting.location.classics.loads import Loads
from siting.location.classics.market import Market, Offer
from siting.location.classics.pairs import SiteArray
from siting.location.classics.site_choice import choose, when_open
from siting.location.program import Program, Rows
from siting.study import FloatArray, IntArray

TURNS = 40
"""Steps of the listing for each catchment that may be listed."""

TURNS_OF_ONE = 50_000
"""The same for the one catchment that gains most."""

TINY = 1e-9
NO_CUTS = np.zeros((0, 3), dtype=np.int64)


class Catchments(NamedTuple):
    """Catchments (C): site (C,), begin (C+1,), and the pairs (K,) of each, in rows per unit."""

    site: IntArray
    begin: IntArray
    pair: IntArray


class Charges(NamedTuple):
    """What units pay (I,), and what is charged for cuts: cuts (R, 3) of three units each, no two chosen catchments with
    two of them; fees (R,) <= 0, paid by every catchment that has two."""

    pays: FloatArray
    cuts: IntArray
    fees: FloatArray


class Wishes(NamedTuple):
    """What a site may take: gain, size (N,), the best gain per size first; room and lower load; and the least gain.

    begin (N+1,), cut (K,): the cuts every thing is in; fees (R,)."""

    gain: FloatArray
    size: FloatArray
    room: float
    lower: float
    least: float
    begin: IntArray
    cut: IntArray
    fees: FloatArray


class Walk(NamedTuple):
    """A walk through the sets of things: is_in (N,), how many things of every cut (R,) are in, what they gain and load
    (2,), and the next thing, the turns taken, whether the set was told (3,)."""

    is_in: NDArray[np.bool_]
    times: IntArray
    sums: FloatArray
    at: IntArray


def without_cuts(pays: FloatArray) -> Charges:
    """Charges of units alone."""
    return Charges(pays, NO_CUTS, np.zeros(0))


def catchments(market: Market, charges: Charges, upper: float, most: int, offer: Offer) -> Catchments | None:
    """Every catchment of an answer worth no more than upper, at the charges offer was filled with.

    None where they are too many, or where upper is infinite."""
    if not np.isfinite(upper):
        return None
    site, begin, pair = _listed(market, charges, upper, most, offer)
    return Catchments(site, begin, pair) if len(begin) else None


def partition_program(loads: Loads, found: Catchments, otherwise: float, cuts: IntArray = NO_CUTS) -> Program:
    """Catchments chosen so that every unit is in one and no site has two; the last column stands for everybody
    otherwise, at that cost. cuts (R, 3): units of which no two catchments have two each.

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
    if len(cuts):
        row, both = _together(found.begin, loads.pairs.unit[found.pair].astype(np.int64), cuts, units)
        rows.add("cut", [""] * len(cuts), [(row, both, np.ones(len(row)))], -np.inf, 1.0)
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
def _together(begin: IntArray, unit: IntArray, cuts: IntArray, units: int) -> tuple[IntArray, IntArray]:
    """Which catchment has two units of which cut (K,)."""
    row, both, is_in = [np.int64(0)][:0], [np.int64(0)][:0], np.zeros(units, np.bool_)
    for c in range(len(begin) - 1):
        is_in[unit[begin[c] : begin[c + 1]]] = True
        for r in range(len(cuts)):
            if np.int64(is_in[cuts[r, 0]]) + np.int64(is_in[cuts[r, 1]]) + np.int64(is_in[cuts[r, 2]]) >= 2:
                row.append(np.int64(r))
                both.append(np.int64(c))
        is_in[unit[begin[c] : begin[c + 1]]] = False
    return np.array(row, dtype=np.int64), np.array(both, dtype=np.int64)


@compiled
def charged(m: Market, charges: Charges, o: Offer) -> tuple[IntArray, IntArray, IntArray]:
    """The catchment of each site that gains most at the charges, as arrays; o, filled at what units pay, is brought up
    to their cuts, its bound too. Nothing, site (0,), and o as it was for the sites that are left, where one of them
    takes too long."""
    site, begin, pair = [np.int64(0)][:0], [np.int64(0)], [m.pair[0]][:0]
    for j in np.flatnonzero(m.stand >= 0):
        order, wishes = _wishes(m, charges, j, 0.0, o)
        walk, best, is_in = _begun(wishes), -np.inf, np.zeros(len(order), np.bool_)
        while _next(wishes, walk, best + TINY, TURNS_OF_ONE):
            best, is_in[:] = walk.sums[0], walk.is_in
        if walk.at[1] >= TURNS_OF_ONE:
            o.bound[0] = -np.inf
            return np.array(site)[:0], np.zeros(1, np.int64), np.array(pair)[:0]
        worth = m.fixed_cost[j] - best - TINY
        if worth > o.worth[j]:
            o.whole[j] += worth - o.worth[j]
            o.worth[j] = worth
        if best > -np.inf:
            for k in np.flatnonzero(is_in):
                pair.append(m.pair[order[k]])
            site.append(np.int64(j))
            begin.append(np.int64(len(pair)))
    o.bound[0] = np.sum(charges.pays) + np.sum(charges.fees) + choose(m, o)
    return np.array(site), np.array(begin), np.array(pair)


@compiled
def _listed(m: Market, charges: Charges, upper: float, most: int, o: Offer) -> tuple[IntArray, IntArray, IntArray]:
    """The same as three arrays, begin (0,) where there are too many."""
    bound, nothing, left = when_open(m, o), np.zeros(0, np.int64), most
    site, begin, pair = [np.int64(0)][:0], [np.int64(0)], [m.pair[0]][:0]
    for j in np.flatnonzero((m.stand >= 0) & (bound <= upper)):
        order, wishes = _wishes(m, charges, j, upper - bound[j] + ROUNDING * max(1.0, abs(upper)), o)
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


@within
def _wishes(m: Market, charges: Charges, j: int, slack: float, o: Offer) -> tuple[IntArray, Wishes]:
    """What a site may take: the places of its pairs in order, and what they bring."""
    first, last = m.start[j], m.start[j + 1]
    unit, rank = m.unit[first:last], m.rank[first:last]
    gain, size = charges.pays[unit] - m.cost[first:last], m.demand[unit]
    costliest = -np.inf if m.lower[j] > 0.0 else -slack - o.whole[j]
    some = np.flatnonzero((rank >= m.first[unit]) & (rank < m.last[unit]) & (gain >= costliest))
    some = some[np.argsort(-gain[some] / np.maximum(size[some], TINY))]
    begin, cut = cuts_of(unit[some], charges.cuts, len(m.demand))
    room, lower = m.capacity[j] * (1 + ROUNDING), m.lower[j] * (1 - ROUNDING)
    least = m.fixed_cost[j] - o.worth[j] - slack
    return first + some, Wishes(gain[some], size[some], room, lower, least, begin, cut, charges.fees)


@within
def cuts_of(unit: SiteArray, cuts: IntArray, units: int) -> tuple[IntArray, IntArray]:
    """The cuts that things, which are units (N,), are in: where each thing's begin, and which."""
    place, begin = np.full(units, -1), np.zeros(len(unit) + 1, np.int64)
    place[unit] = np.arange(len(unit))
    for r in range(len(cuts)):
        for i in cuts[r]:
            if place[i] >= 0:
                begin[place[i] + 1] += 1
    begin = np.cumsum(begin)
    end, cut = begin.copy(), np.zeros(begin[-1], np.int64)
    for r in range(len(cuts)):
        for i in cuts[r]:
            if place[i] >= 0:
                cut[end[place[i]]] = r
                end[place[i]] += 1
    return begin, cut


@within
def _sets(w: Wishes, most: int) -> tuple[IntArray, IntArray]:
    """Every set of things that is light and heavy enough and gains enough: where each ends, and who is in them.

    No fewer than most ends where there are more, or where they are too long to find.
    """
    ends, members, walk = [np.int64(0)][:0], [np.int64(0)][:0], _begun(w)
    while len(ends) < most and _next(w, walk, w.least, TURNS * most):
        for thing in np.flatnonzero(walk.is_in):
            members.append(thing)
        ends.append(np.int64(len(members)))
    if walk.at[1] >= TURNS * most:
        return np.zeros(most, np.int64), np.zeros(0, np.int64)
    return np.array(ends, dtype=np.int64), np.array(members, dtype=np.int64)


@within
def _begun(w: Wishes) -> Walk:
    """A walk before its first step."""
    things = len(w.gain)
    return Walk(np.zeros(things, np.bool_), np.zeros(len(w.fees), np.int64), np.zeros(2), np.zeros(3, np.int64))


@within
def _next(w: Wishes, s: Walk, least: float, turns: int) -> bool:
    """Go on to the next set that gains at least so much; whether there is one and turns are enough to find it."""
    n = len(w.gain)
    while s.at[0] >= 0 and s.at[1] < turns:
        s.at[1] += 1
        k = s.at[0]
        if k < n and s.sums[0] + _more(w, k, w.room - s.sums[1]) >= least:
            if s.sums[1] + w.size[k] <= w.room:
                _turn(w, s, k)
            s.at[0] += 1
        elif k == n and s.at[2] == 0 and s.sums[0] >= least and s.sums[1] >= w.lower:
            s.at[2] = 1
            return True
        else:
            s.at[0] -= 1
            while s.at[0] >= 0 and not s.is_in[s.at[0]]:
                s.at[0] -= 1
            if s.at[0] >= 0:
                _turn(w, s, s.at[0])
                s.at[0] += 1
            s.at[2] = 0
    return False


@compiled
def _turn(w: Wishes, s: Walk, k: int) -> None:
    """A thing comes in, or goes."""
    way = -1 if s.is_in[k] else 1
    s.is_in[k] = way > 0
    s.sums[0] += way * w.gain[k]
    s.sums[1] += way * w.size[k]
    for r in w.cut[w.begin[k] : w.begin[k + 1]]:
        s.times[r] += way
        if s.times[r] == (2 if way > 0 else 1):
            s.sums[0] += way * w.fees[r]


@within
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
