"""Units that touch, and what they cost: catchments grown from their homes, and moves that keep them in one piece.

Catchments are contiguous throughout; loads may pass their limits at a price. Annealing follows Kirkpatrick, Gelatt and
Vecchi (1983).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from siting.compiled import bare, compiled
from siting.location.instance import BoolArray
from siting.study import FloatArray, IntArray

SPELL = 1000
"""Steps between two temperatures."""


class Ground(NamedTuple):
    """start (I+1,), near: the neighbours of every unit; home (J,); cost (I, J), inf where not allowed; demand (I,);
    lower, capacity (J,)."""

    start: IntArray
    near: IntArray
    home: IntArray
    cost: FloatArray
    demand: FloatArray
    lower: FloatArray
    capacity: FloatArray


class Cooling(NamedTuple):
    """How to anneal: steps, first and last temperature, the price of load outside its limits, and the seed."""

    steps: int
    hot: float
    cold: float
    price: float
    seed: int


class Plan(NamedTuple):
    """Contiguous catchments: the site of every unit (I,), and the load of every site (J,)."""

    site: IntArray
    load: FloatArray


class Marks(NamedTuple):
    """Room for a walk: the number of the last walk that saw a unit (I,), the units waiting (I,), and the count."""

    seen: IntArray
    waiting: IntArray
    walks: IntArray


@compiled
def grown(ground: Ground, is_open: BoolArray) -> IntArray:
    """Catchments grown outwards from the homes of the open sites, the cheapest next unit first; -1 where none comes."""
    units = len(ground.demand)
    site, key, via = np.full(units, -1, np.int64), np.full(units, np.inf), np.full(units, -1, np.int64)
    for j in np.flatnonzero(is_open):
        key[ground.home[j]], via[ground.home[j]] = -np.inf, j
    for _ in range(units):
        nearest = -1
        for i in range(units):
            if site[i] < 0 and via[i] >= 0 and (nearest < 0 or key[i] < key[nearest]):
                nearest = i
        if nearest < 0:
            break
        j = via[nearest]
        site[nearest] = j
        for k in ground.near[ground.start[nearest] : ground.start[nearest + 1]]:
            if site[k] < 0 and ground.cost[k, j] < key[k]:
                key[k], via[k] = ground.cost[k, j], j
    return site


@bare
def outside(ground: Ground, j: int, load: float) -> float:
    """How far a load lies outside a site's limits."""
    return max(0.0, load - ground.capacity[j]) + max(0.0, ground.lower[j] - load)


@bare
def _is_beside(ground: Ground, i: int, k: int) -> bool:
    """Whether two units touch."""
    found = False
    for place in range(ground.start[i], ground.start[i + 1]):
        found |= ground.near[place] == k
    return found


@bare
def can_leave(ground: Ground, site: IntArray, i: int, marks: Marks) -> bool:
    """Whether the neighbours of a unit in its catchment still reach each other without it."""
    wanted, first = 0, -1
    for place in range(ground.start[i], ground.start[i + 1]):
        k = ground.near[place]
        if site[k] == site[i]:
            wanted, first = wanted + 1, k
    if wanted <= 1:
        return True
    marks.walks[0] += 1
    stamp = marks.walks[0]
    marks.seen[i], marks.seen[first], marks.waiting[0] = stamp, stamp, first
    head, tail = 0, 1
    while head < tail:
        unit = marks.waiting[head]
        head += 1
        for place in range(ground.start[unit], ground.start[unit + 1]):
            k = ground.near[place]
            if site[k] == site[i] and marks.seen[k] != stamp:
                marks.seen[k], marks.waiting[tail] = stamp, k
                tail += 1
                wanted -= _is_beside(ground, i, k)
        if wanted == 1:
            return True
    return False


@bare
def touches(ground: Ground, site: IntArray, i: int, j: int, but: int) -> bool:
    """Whether a unit has a neighbour in a catchment, one unit not counted."""
    found = False
    for place in range(ground.start[i], ground.start[i + 1]):
        k = ground.near[place]
        found |= k != but and site[k] == j
    return found


@bare
def _neighbour(ground: Ground, i: int) -> int:
    """A neighbour drawn by lot, the unit itself where it has none."""
    count = ground.start[i + 1] - ground.start[i]
    return i if count == 0 else ground.near[ground.start[i] + np.random.randint(count)]  # noqa: NPY002


@bare
def _strayed(ground: Ground, site: IntArray, i: int) -> int:
    """A unit a few steps away in the same catchment."""
    for _ in range(np.random.randint(4)):  # noqa: NPY002
        k = _neighbour(ground, i)
        if site[k] == site[i]:
            i = k
    return i


@bare
def _paid(ground: Ground, plan: Plan, a: int, b: int, more: float) -> float:
    """How much more lies outside the limits where load moves from one site to another."""
    before = outside(ground, a, plan.load[a]) + outside(ground, b, plan.load[b])
    return outside(ground, a, plan.load[a] - more) + outside(ground, b, plan.load[b] + more) - before


@bare
def _accepts(worse: float, temperature: float) -> bool:
    return worse <= 0 or np.random.random() < np.exp(-worse / temperature)  # noqa: NPY002


@bare
def _shift(ground: Ground, plan: Plan, i: int, b: int, heat: tuple[float, float], marks: Marks) -> float:
    """Move a unit to a catchment beside it; what that adds, 0 where it stays."""
    a = plan.site[i]
    paid = heat[1] * _paid(ground, plan, a, b, ground.demand[i])
    worse = ground.cost[i, b] - ground.cost[i, a] + paid
    if not _accepts(worse, heat[0]) or not can_leave(ground, plan.site, i, marks):
        return 0.0
    plan.site[i] = b
    plan.load[a] -= ground.demand[i]
    plan.load[b] += ground.demand[i]
    return worse


@bare
def _swap(ground: Ground, plan: Plan, i: int, k: int, heat: tuple[float, float], marks: Marks) -> float:
    """Exchange two units of catchments side by side; what that adds, 0 where both stay."""
    a, b = plan.site[i], plan.site[k]
    if not touches(ground, plan.site, k, a, i) or not touches(ground, plan.site, i, b, k):
        return 0.0
    more = ground.demand[i] - ground.demand[k]
    worse = ground.cost[i, b] - ground.cost[i, a] + ground.cost[k, a] - ground.cost[k, b]
    worse += heat[1] * _paid(ground, plan, a, b, more)
    if not _accepts(worse, heat[0]) or not can_leave(ground, plan.site, i, marks):
        return 0.0
    plan.site[i] = b
    if not can_leave(ground, plan.site, k, marks):
        plan.site[i] = a
        return 0.0
    plan.site[k] = a
    plan.load[a] -= more
    plan.load[b] += more
    return worse


@compiled
def annealed(ground: Ground, site: IntArray, is_open: BoolArray, cooling: Cooling) -> IntArray:
    """The best catchments met on a random walk from given ones, load outside its limits counted at its price."""
    np.random.seed(cooling.seed)  # noqa: NPY002
    units, is_home = len(ground.demand), np.zeros(len(ground.demand), np.bool_)
    plan = Plan(site.copy(), np.zeros(len(ground.home)))
    for i in range(units):
        plan.load[site[i]] += ground.demand[i]
    for j in np.flatnonzero(is_open):
        is_home[ground.home[j]] = True
    marks = Marks(np.zeros(units, np.int64), np.zeros(units, np.int64), np.zeros(1, np.int64))
    best = site.copy()
    _walk(ground, plan, is_home, cooling, marks, best)
    return best


@bare
def _walk(ground: Ground, plan: Plan, is_home: BoolArray, cooling: Cooling, marks: Marks, best: IntArray) -> None:
    """Shift and exchange at random; best becomes the best catchments met."""
    units, least, now, temperature = len(best), 0.0, 0.0, cooling.hot
    for step in range(cooling.steps):
        if step % SPELL == 0:
            temperature = cooling.hot * (cooling.cold / cooling.hot) ** (step / cooling.steps)
        i = np.random.randint(units)  # noqa: NPY002
        k = _neighbour(ground, i)
        if is_home[i] or plan.site[k] == plan.site[i]:
            continue
        if is_home[k] or np.random.random() < 0.6:  # noqa: NPY002
            now += _shift(ground, plan, i, plan.site[k], (temperature, cooling.price), marks)
        else:
            other = _strayed(ground, plan.site, k)
            if not is_home[other]:
                now += _swap(ground, plan, i, other, (temperature, cooling.price), marks)
        if now < least - 1e-9 * abs(least):
            least = now
            for unit in range(units):
                best[unit] = plan.site[unit]
