"""Which sites open once each has said what it is worth: the cheapest, as many as are asked or hold everybody, and what
it costs that a site stands otherwise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from siting.compiled import compiled, within
from siting.location.classics.knapsacks import ROUNDING, enough, packed
from siting.location.classics.market import Market, Offer
from siting.location.classics.site_groups import cheapest, elsewhere, open_cheapest
from siting.study import FloatArray

CELLS = 4000
"""Demands and capacities are counted in whole people up to so many."""


@within
def choose(m: Market, o: Offer) -> float:
    """Open the sites that cost least at the prices; what they cost."""
    if len(m.halves) > 0:
        return _by_groups(m, o)
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
def _by_groups(m: Market, o: Offer) -> float:
    """The same where so many of each group open."""
    cost = cheapest(m, o)
    if cost[-1, m.p] == np.inf:
        return np.inf
    open_cheapest(m, cost, o.is_open)
    return cost[-1, m.p]


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
    holds = np.minimum(m.capacity, total)
    need = int(np.ceil(total - np.sum(holds[o.is_open]) - ROUNDING * total))
    rest = np.flatnonzero((m.stand == 0) & ~o.is_open & (o.worth < np.inf))
    if need <= 0:
        return 0.0
    size = np.minimum(np.floor(holds[rest] * (1 + ROUNDING)), need).astype(np.int64)
    taken = np.zeros(len(rest), dtype=np.bool_)
    least = enough(o.worth[rest], size, need, taken)
    o.is_open[rest[taken]] = True
    return least


@within
def when_open(m: Market, o: Offer) -> FloatArray:
    """The bound when a site must be open (J,)."""
    if len(m.halves) > 0:
        return _when_by_groups(m, o, 1) + o.worth
    if m.p < 0:
        return _when(m, o, 1)
    free = (m.stand == 0) & o.is_open
    most = np.max(o.worth[free]) if free.any() else -np.inf
    return np.where(o.is_open, o.bound[0], o.bound[0] + o.worth - most)


@within
def when_closed(m: Market, o: Offer) -> FloatArray:
    """The bound when a site must be closed (J,)."""
    if len(m.halves) > 0:
        return _when_by_groups(m, o, 0)
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


@within
def _when_by_groups(m: Market, o: Offer, count: int) -> FloatArray:
    """The bound when so many of a site are open (J,), 0 or 1, what it costs itself left out."""
    cost = cheapest(m, o)
    return o.bound[0] - cost[-1, m.p] + elsewhere(m, cost)[: len(o.worth), count]


@compiled
def decided(m: Market, upper: float, o: Offer) -> NDArray[np.int8]:
    """Where sites stand (J,) when nothing worth more than upper is wanted: the other would cost more."""
    must, never = when_closed(m, o) > upper, when_open(m, o) > upper
    stand = m.stand.copy()
    for j in np.flatnonzero(stand == 0):
        stand[j] = 1 if must[j] else (-1 if never[j] else 0)
    return stand
