"""Units settled at open sites: the most urgent first, then shifts and exchanges while they help, in compiled loops."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from siting.compiled import bare, compiled
from siting.location.classics.loads import Loads
from siting.project import SEED
from siting.study import FloatArray, IntArray

ROUNDING = 1e-9
FINE = 4.0
"""What a unit of demand beyond a limit is charged at first, in typical costs per demand; then so many times as much:"""

RISE = 5.0
ROUNDS = 6
"""How often the fine rises."""

KICK = 4
"""How many units a shake moves."""

MOST_EXCHANGING = 3_000
"""Among more units shifts alone do what exchanges do, and sooner."""


class House(NamedTuple):
    """Open sites P for the loops: table (I, P) of costs, inf where a pair is not allowed; demand (I,); lower, capacity,
    load (P,); place (I,) where each unit stands."""

    table: FloatArray
    demand: FloatArray
    lower: FloatArray
    capacity: FloatArray
    place: IntArray
    load: FloatArray


def settled(loads: Loads, open_sites: IntArray, guide: FloatArray, shakes: int) -> IntArray | None:
    """A site for every unit (I,) among the open ones within their loads, None where none was found.

    guide (J,): what sites charge per demand on the way in, so that those wanted most keep room for whom they suit best.
    shakes: how often a few units are moved at random and all settled again. The same input gives the same answer.
    """
    table = _table(loads, open_sites)
    if not np.isfinite(table.min(axis=1, initial=np.inf)).all():
        return None
    charged = table + loads.demand[:, None] * guide[open_sites][None, :]
    order = _urgent(charged, loads.demand)
    place = np.asarray(_placed(charged, loads.demand, loads.capacity[open_sites], order))
    load = np.bincount(place, weights=loads.demand, minlength=len(open_sites)).astype(np.float64)
    house = House(table, loads.demand, loads.lower[open_sites], loads.capacity[open_sites], place, load)
    total = float(loads.demand.sum())
    fine = FINE * max(float(table.min(axis=1).sum()), 1e-6) / max(total, 1e-6)
    for _ in range(ROUNDS):
        if _improve(house, fine) <= ROUNDING * max(1.0, total):
            _shake(house, fine, shakes, SEED)
            return open_sites[place]
        fine *= RISE
    return None


def recentred(loads: Loads, open_sites: IntArray, assigned: IntArray) -> IntArray:
    """The open sites, each moved to the closed site that serves its units best, where it holds them."""
    sites, pairs, place = loads.pairs.sites, loads.pairs, np.full(loads.pairs.sites, -1)
    place[open_sites] = np.arange(len(open_sites))
    key = place[assigned][pairs.unit] * sites + pairs.site
    shape = (len(open_sites), sites)
    served = np.bincount(key, minlength=shape[0] * sites).reshape(shape)
    cost = np.bincount(key, weights=loads.cost, minlength=shape[0] * sites).reshape(shape) + loads.fixed_cost
    load = loads.carried(assigned)[open_sites]
    members = np.bincount(place[assigned], minlength=len(open_sites))
    fits = (served == members[:, None]) & (load[:, None] <= loads.capacity) & (load[:, None] >= loads.lower)
    fits[:, open_sites] = False
    fits[np.arange(len(open_sites)), open_sites] = True
    fits[loads.is_fixed[open_sites]] &= np.arange(sites) == open_sites[loads.is_fixed[open_sites], None]
    cost = np.where(fits, cost, np.inf)
    moved, gain = cost.argmin(axis=1), cost[np.arange(len(open_sites)), open_sites] - cost.min(axis=1)
    taken: dict[int, int] = {}
    for s in np.argsort(-gain, kind="stable"):
        taken[int(s)] = int(moved[s]) if moved[s] not in taken.values() else int(open_sites[s])
    return np.sort(np.array([taken[s] for s in range(len(open_sites))], dtype=np.int64))


def _table(loads: Loads, open_sites: IntArray) -> FloatArray:
    """What every unit costs at every open site (I, P), inf where the pair is not allowed."""
    place = np.full(loads.pairs.sites, -1)
    place[open_sites] = np.arange(len(open_sites))
    used = place[loads.pairs.site] >= 0
    table = np.full((loads.pairs.units, len(open_sites)), np.inf)
    table[loads.pairs.unit[used], place[loads.pairs.site[used]]] = loads.cost[used]
    return table


def _urgent(table: FloatArray, demand: FloatArray) -> IntArray:
    """The units, those first that lose most per demand by their second choice (I,)."""
    if table.shape[1] == 1:
        return np.arange(len(table))
    two = np.partition(table, 1, axis=1)
    return np.argsort(-(two[:, 1] - two[:, 0]) / np.maximum(demand, 1e-12), kind="stable")


@compiled
def _placed(table: FloatArray, demand: FloatArray, capacity: FloatArray, order: IntArray) -> IntArray:
    """Units placed one by one at the cheapest site with room, else at the roomiest (I,)."""
    units, sites = table.shape
    left, place = capacity.copy(), np.zeros(units, dtype=np.int64)
    for i in order:
        best, at, most, roomiest = np.inf, -1, -np.inf, 0
        for s in range(sites):
            if table[i, s] < best and demand[i] <= left[s] + ROUNDING * capacity[s]:
                best, at = table[i, s], s
            if table[i, s] < np.inf and left[s] > most:
                most, roomiest = left[s], s
        place[i] = at if at >= 0 else roomiest
        left[place[i]] -= demand[i]
    return place


@compiled
def _improve(h: House, fine: float) -> float:
    """Shift and exchange units while cost and fines fall; how far the loads are outside their limits at last."""
    return _better(h, fine)


@bare
def _better(h: House, fine: float) -> float:
    units, sites = h.table.shape
    is_better = True
    while is_better:
        is_better = False
        for i in range(units):
            for t in range(sites):
                if t != h.place[i] and h.table[i, t] < np.inf and _shift(h, i, t, fine):
                    is_better = True
        if units <= MOST_EXCHANGING:
            for i in range(units):
                for k in range(i + 1, units):
                    if h.place[i] != h.place[k] and _exchange(h, i, k, fine):
                        is_better = True
    excess = 0.0
    for s in range(sites):
        excess += _beyond(h, s, h.load[s])
    return excess


@compiled
def _shake(h: House, fine: float, shakes: int, seed: int) -> None:
    """Move a few units at random and improve again, so often; the best is kept."""
    np.random.seed(seed)  # noqa: NPY002
    sites = h.table.shape[1]
    best, place, load = _cost(h), h.place.copy(), h.load.copy()
    for _ in range(shakes if sites > 1 else 0):
        _kick(h)
        is_held = _better(h, fine) <= ROUNDING * max(1.0, np.sum(h.demand))
        now = _cost(h)
        if is_held and now < best:
            best, place[:], load[:] = now, h.place, h.load
        else:
            h.place[:], h.load[:] = place, load


@bare
def _kick(h: House) -> None:
    """Move a few units at random."""
    units, sites = h.table.shape
    for _ in range(KICK):
        i, at, least = np.random.randint(units), -1, np.inf  # noqa: NPY002
        for s in range(sites):
            asked = h.table[i, s] * (1.0 + np.random.random())  # noqa: NPY002
            if s != h.place[i] and asked < least:
                at, least = s, asked
        if at >= 0:
            h.load[h.place[i]] -= h.demand[i]
            h.load[at] += h.demand[i]
            h.place[i] = at


@bare
def _cost(h: House) -> float:
    """What everybody costs where they are."""
    total = 0.0
    for i in range(len(h.place)):
        total += h.table[i, h.place[i]]
    return total


@bare
def _beyond(h: House, s: int, load: float) -> float:
    """How far a load is outside a site's limits."""
    return max(0.0, load - h.capacity[s]) + max(0.0, h.lower[s] - load)


@bare
def _moved(h: House, s: int, t: int, demand: float) -> float:
    """Change of what lies outside the limits when so much demand goes from one site to another."""
    change = _beyond(h, s, h.load[s] - demand) - _beyond(h, s, h.load[s])
    return change + _beyond(h, t, h.load[t] + demand) - _beyond(h, t, h.load[t])


@bare
def _shift(h: House, i: int, t: int, fine: float) -> bool:
    """Move a unit where that helps; whether it did."""
    s = h.place[i]
    change = h.table[i, t] - h.table[i, s] + fine * _moved(h, s, t, h.demand[i])
    if not change < -ROUNDING * max(1.0, abs(h.table[i, s])):
        return False
    h.load[s] -= h.demand[i]
    h.load[t] += h.demand[i]
    h.place[i] = t
    return True


@bare
def _exchange(h: House, i: int, k: int, fine: float) -> bool:
    """Exchange two units where that helps; whether it did."""
    s, t = h.place[i], h.place[k]
    change = h.table[i, t] + h.table[k, s] - h.table[i, s] - h.table[k, t]
    if not change < np.inf:
        return False
    more = h.demand[i] - h.demand[k]
    change += fine * _moved(h, s, t, more)
    if not change < -ROUNDING * max(1.0, abs(h.table[i, s]) + abs(h.table[k, t])):
        return False
    h.load[s] -= more
    h.load[t] += more
    h.place[i], h.place[k] = t, s
    return True
