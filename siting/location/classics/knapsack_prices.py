"""Bounds from prices: every unit pays for being served, and each site takes the units that gain most within its limits.

At any prices the sum is a bound; steps along what the prices leave unmet make it better.
Source: Lagrangean relaxation of the assignment, Geoffrion (1974), Pirkul (1987); steps of Polyak (1969), Camerini,
Fratta and Maffioli (1975).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from siting.compiled import compiled, within
from siting.location.classics.loads import Loads
from siting.location.classics.pairs import SiteArray, doors_of
from siting.study import FloatArray, IntArray

ROUNDING = 1e-9
WAIT = 20
"""Steps without a better bound after which they become half as long."""

LIGHTEST = 0.01
"""Prices of lighter units than this share of the mean move as if they had it."""

LATELY = 0.05
"""How much the last step counts in how often a site was open."""

CELLS = 4000
"""Demands and capacities are counted in whole people up to so many."""

MEMORY = 0.3
"""How much of the last direction a step keeps."""


class Market(NamedTuple):
    """An instance for the loops. Pairs in rows per site: start (J+1,), unit, cost, pair (A,); demand (I,); per site
    capacity, lower, fixed_cost, stand (J,): 1 open anyway, -1 closed, 0 free. p: sites to open, -1 for any number.
    rank (A,): the place of a pair among its unit's, the shortest first; those from first to before last (I,) count."""

    start: IntArray
    unit: SiteArray
    cost: FloatArray
    pair: IntArray
    demand: FloatArray
    scale: FloatArray
    capacity: FloatArray
    lower: FloatArray
    fixed_cost: FloatArray
    stand: NDArray[np.int8]
    p: int
    rank: SiteArray
    first: SiteArray
    last: SiteArray


class Offer(NamedTuple):
    """What sites do at given prices. Per site (J,): worth, what it adds to the bound when open, fixed cost included;
    whole, how much of that comes from taking nobody in part; price of one more of its limit; is_open, and how often
    lately. share (A,) of every pair taken, in rows per site; served (A,), how much of it lately, in rows per unit.
    bound (1,)."""

    worth: FloatArray
    whole: FloatArray
    price: FloatArray
    share: FloatArray
    is_open: NDArray[np.bool_]
    often: FloatArray
    served: FloatArray
    bound: FloatArray


def market_of(loads: Loads) -> Market:
    """An instance as arrays for the loops."""
    doors = doors_of(loads.pairs)
    return Market(
        doors.start.astype(np.int64),
        doors.unit,
        loads.cost[doors.pair],
        doors.pair.astype(np.int64),
        loads.demand,
        _scale(loads.weight),
        loads.capacity,
        loads.lower,
        loads.fixed_cost,
        loads.is_fixed.astype(np.int8),
        -1 if loads.p is None else loads.p,
        (doors.pair - loads.pairs.start[doors.unit]).astype(np.int32),
        np.zeros(loads.pairs.units, dtype=np.int32),
        np.diff(loads.pairs.start).astype(np.int32),
    )


def _scale(weight: FloatArray) -> FloatArray:
    """How much faster the price of a heavy unit moves than that of a light one."""
    typical = float(weight.mean()) or 1.0
    return np.maximum(weight / typical, LIGHTEST)


def offer_of(market: Market) -> Offer:
    """Room for what sites do."""
    sites = len(market.capacity)
    shares, is_open = np.zeros(len(market.unit)), np.zeros(sites, dtype=np.bool_)
    return Offer(
        np.zeros(sites),
        np.zeros(sites),
        np.zeros(sites),
        shares,
        is_open,
        np.full(sites, 0.5),
        shares.copy(),
        np.zeros(1),
    )


@compiled
def packed(gain: FloatArray, size: FloatArray, room: float, nodes: int, taken: NDArray[np.bool_]) -> float:
    """No less than the most that things can gain within the room, whole; exact unless so many nodes are too few.

    gain, size > 0, the best gain per size first. taken: the best choice found. Source: Horowitz and Sahni (1974).
    """
    n = len(gain)
    till_gain, till_size = np.zeros(n + 1), np.zeros(n + 1)
    till_gain[1:], till_size[1:] = np.cumsum(gain), np.cumsum(size)
    inside = np.zeros(n, dtype=np.bool_)
    k, got, left, best, most, highest, seen, is_new = 0, 0.0, room, 0.0, 0.0, 0.0, 0, True
    while True:
        if is_new:
            end = np.searchsorted(till_size, till_size[k] + left + ROUNDING * room, side="right") - 1
            most = got + till_gain[end] - till_gain[k]
            if end < n:
                most += (left - till_size[end] + till_size[k]) * gain[end] / size[end]
            highest = most if seen == 0 else highest
            seen += 1
            if seen > nodes:
                return highest
        if k < n and most > best * (1 + ROUNDING):
            is_new = size[k] > left + ROUNDING * room
            inside[k] = not is_new
            if inside[k]:
                got, left = got + gain[k], left - size[k]
            k += 1
            continue
        if k == n and got > best:
            best = got
            taken[:] = inside
        k -= 1
        while k >= 0 and not inside[k]:
            k -= 1
        if k < 0:
            return min(best * (1 + ROUNDING), highest)
        inside[k], is_new = False, True
        got, left, k = got - gain[k], left + size[k], k + 1


@within
def _serve(m: Market, pays: FloatArray, j: int, nodes: int, o: Offer) -> None:
    """The units a site takes at the prices: the last in part, or all whole where nodes > 0."""
    begin, end = m.start[j], m.start[j + 1]
    unit = m.unit[begin:end]
    rank, size, share = m.rank[begin:end], m.demand[unit], o.share[begin:end]
    gain = np.where((rank >= m.first[unit]) & (rank < m.last[unit]), pays[unit] - m.cost[begin:end], -np.inf)
    order = _by_rate(gain, size, m.lower[j] > 0.0)
    load, o.price[j] = _fill(gain, size, order, m.lower[j], m.capacity[j], share)
    worth = -np.sum(gain[order] * share[order]) if load >= m.lower[j] * (1 - ROUNDING) else np.inf
    o.whole[j] = 0.0
    if nodes > 0 and o.price[j] > 0.0:
        free = order[size[order] == 0.0]
        some = order[(size[order] > 0.0) & (gain[order] > 0.0)]
        taken = np.zeros(len(some), dtype=np.bool_)
        most = packed(gain[some], size[some], m.capacity[j], nodes, taken)
        parts, worth = worth, max(worth, -most - np.sum(gain[free]))
        o.whole[j] = worth - parts
        share[some] = taken
    o.worth[j] = worth + m.fixed_cost[j]


@within
def _by_rate(gain: FloatArray, size: FloatArray, takes_losses: bool) -> IntArray:
    """Who gains anything, the best gain per size first; where a site takes losses, everybody with a size too."""
    rate = np.full(len(gain), -np.inf)
    for k in range(len(gain)):
        if size[k] > 0.0:
            rate[k] = gain[k] / size[k]
        elif gain[k] > 0.0:
            rate[k] = np.inf
    few = np.flatnonzero(rate > (-np.inf if takes_losses else 0.0))
    return few[np.argsort(-rate[few])]


@within
def _fill(
    gain: FloatArray, size: FloatArray, order: IntArray, lower: float, capacity: float, share: FloatArray
) -> tuple[float, float]:
    """Fill a site in an order: the load, and the price of one more of the limit that stops it."""
    share[:] = 0.0
    load = 0.0
    for k in order:
        most = capacity if gain[k] > 0.0 else lower
        part = 1.0 if load + size[k] <= most else (most - load) / size[k]
        if part <= 0.0:
            return load, max(0.0, gain[k] / size[k]) if load >= capacity else 0.0
        share[k] = part
        load += part * size[k]
        if part < 1.0:
            return load, gain[k] / size[k]
    return load, 0.0


@within
def choose(m: Market, o: Offer) -> float:
    """Open the sites that cost least at the prices; what they cost."""
    o.is_open[:] = (m.stand == 1) | ((m.stand == 0) & (o.worth <= 0.0)) if m.p < 0 else m.stand == 1
    if m.p >= 0:
        free = np.flatnonzero(m.stand == 0)
        more = m.p - np.sum(o.is_open)
        if more < 0 or more > len(free):
            return np.inf
        o.is_open[free[np.argsort(o.worth[free])[:more]]] = True
        return np.sum(o.worth[o.is_open])
    opened, total = np.sum(o.worth[o.is_open]), np.sum(m.demand)
    return opened + (_enough(m, o) if total <= CELLS and np.all(m.demand % 1 == 0) else _added(m, o))


@within
def _added(m: Market, o: Offer) -> float:
    """Open more sites where the open ones cannot hold everybody; no more than what they cost."""
    total = np.sum(m.demand)
    holds = np.minimum(m.capacity, total)
    lacking = total - np.sum(holds[o.is_open])
    if lacking <= ROUNDING * total:
        return 0.0
    rest = np.flatnonzero((m.stand == 0) & ~o.is_open & (o.worth < np.inf) & (holds > 0.0))
    room = np.sum(holds[rest]) - lacking
    if room < -ROUNDING * total:
        return np.inf
    rest = rest[np.argsort(-o.worth[rest] / holds[rest])]
    closed = np.zeros(len(rest), dtype=np.bool_)
    saved = packed(o.worth[rest], holds[rest], max(room, 0.0), 1000, closed)
    o.is_open[rest[~closed]] = True
    return max(0.0, np.sum(o.worth[rest]) - saved)


@within
def _enough(m: Market, o: Offer) -> float:
    """The same exactly, where people are whole and few: person by person."""
    total = np.sum(m.demand)
    room = np.minimum(m.capacity, total)
    need = int(np.ceil(total - np.sum(room[o.is_open]) - ROUNDING * total))
    rest = np.flatnonzero((m.stand == 0) & ~o.is_open & (o.worth < np.inf))
    if need <= 0:
        return 0.0
    least, taken = np.full(need + 1, np.inf), np.zeros((len(rest), need + 1), np.bool_)
    least[0] = 0.0
    for k in range(len(rest)):
        size, worth = int(np.floor(room[rest[k]] * (1 + ROUNDING))), o.worth[rest[k]]
        for n in range(need, 0, -1):
            more = least[max(0, n - size)] + worth
            if more < least[n]:
                least[n], taken[k, n] = more, True
    n = need
    for k in range(len(rest) - 1, -1, -1):
        if taken[k, n]:
            o.is_open[rest[k]] = True
            n = max(0, n - int(np.floor(room[rest[k]] * (1 + ROUNDING))))
    return least[need]


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
    for j in np.flatnonzero(o.is_open):
        for a in range(m.start[j], m.start[j + 1]):
            unmet[m.unit[a]] -= o.share[a]
    return unmet


@within
def _remember(m: Market, o: Offer) -> None:
    """Count what is open and taken now into what was lately."""
    o.often[:] += LATELY * (o.is_open - o.often)
    o.served[:] *= 1.0 - LATELY
    for j in np.flatnonzero(o.is_open):
        for a in range(m.start[j], m.start[j + 1]):
            if o.share[a] > 0.0:
                o.served[m.pair[a]] += LATELY * o.share[a]


@compiled
def in_doubt(m: Market, begin: IntArray, o: Offer) -> tuple[int, int, float]:
    """The unit most in doubt between nearer and farther sites: the unit, how many are nearer, and how much of it goes
    to those that are the fewer. begin (I+1,): where each unit's pairs begin."""
    best, unit, nearer, share = 0.0, -1, 0, 0.0
    for i in range(len(m.demand)):
        total, till = np.sum(o.served[begin[i] + m.first[i] : begin[i] + m.last[i]]), 0.0
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


@within
def when_open(m: Market, o: Offer) -> FloatArray:
    """The bound when a site must be open (J,)."""
    if m.p < 0:
        return _when(m, o, 1)
    free = (m.stand == 0) & o.is_open
    most = np.max(o.worth[free]) if free.any() else -np.inf
    return np.where(o.is_open, o.bound[0], o.bound[0] + o.worth - most)


@within
def when_closed(m: Market, o: Offer) -> FloatArray:
    """The bound when a site must be closed (J,)."""
    if m.p < 0:
        return _when(m, o, -1)
    rest = (m.stand == 0) & ~o.is_open
    least = np.min(o.worth[rest]) if rest.any() else np.inf
    return np.where(o.is_open, o.bound[0] - o.worth + least, o.bound[0])


@within
def _when(m: Market, o: Offer, stand: int) -> FloatArray:
    """The bound when a site stands so (J,), the others chosen again."""
    bound, is_open = np.full(len(o.worth), o.bound[0]), o.is_open.copy()
    now = choose(m, o)
    for j in range(len(o.worth)):
        if m.stand[j] == -stand:
            bound[j] = np.inf
        elif m.stand[j] == 0 and is_open[j] != (stand > 0):
            m.stand[j] = stand
            bound[j] = max(o.bound[0], o.bound[0] + choose(m, o) - now)
            m.stand[j] = 0
    o.is_open[:] = is_open
    return bound


@compiled
def decided(m: Market, upper: float, o: Offer) -> NDArray[np.int8]:
    """Where sites stand (J,) when nothing worth more than upper is wanted: the other would cost more."""
    must, never = when_closed(m, o) > upper, when_open(m, o) > upper
    stand = m.stand.copy()
    for j in np.flatnonzero(stand == 0):
        stand[j] = 1 if must[j] else (-1 if never[j] else 0)
    return stand


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
