"""Units of schools that are full moved and exchanged at random, worse moves too, ever fewer of them as it cools.

Where the fewest schools have to do, whole units fit into the room there is in few ways, and those that suit best are
far from each other: a search that only ever improves stays where it began. What schools carry too much on the way is
fined, more and more.
Source: S. Kirkpatrick, C. D. Gelatt and M. P. Vecchi, Optimization by simulated annealing, Science 220, 1983.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from siting.compiled import bare, compiled
from siting.location.construct import ranked
from siting.location.decision import Decision, loads, seat_bounds, upper_bounds
from siting.location.instance import BoolArray, Instance
from siting.location.moves import County, county_of, pair_of
from siting.project import SEED
from siting.study import FloatArray, IntArray

CHOICES = 8
"""Schools a unit may be moved to, those that suit it best."""

STEPS_PER_UNIT, MOST_STEPS = 4_000, 4_000_000
STAGES = 200
"""How often it cools."""

WARM, COLD = 0.6, 0.08
"""First and last temperature, in what a typical unit walks more to its second school."""

FINES = (250.0, 50_000.0)
"""What a typical unit too many at a school is fined at first and at last, in temperatures."""

EXCHANGES = 0.7
"""Share of moves that are exchanges."""

ROUNDING = 1e-9


class _Ground(NamedTuple):
    """Who may move where: movers (M,) units; choice pairs in rows per mover (start (M+1,)); whether an exchange may use
    a pair (A,); most and least residents and most pupils of each site (J,); what one resident, one pupil too many is of
    a typical unit."""

    movers: IntArray
    start: IntArray
    choice: IntArray
    may_use: BoolArray
    upper: FloatArray
    lower: FloatArray
    seats: FloatArray
    share: tuple[float, float]


class _Course(NamedTuple):
    """Steps, first and last temperature, first and last fine, and the seed."""

    steps: int
    warmth: tuple[float, float]
    fine: tuple[float, float]
    seed: int


class _House(NamedTuple):
    """Where everybody is: the pair of each unit (I,); per site (J,) residents, pupils and how many units; these units
    in rows as long as the site's pairs (inside), and the place of each unit there (I,)."""

    arc: IntArray
    residents: FloatArray
    pupils: FloatArray
    members: IntArray
    inside: IntArray
    place: IntArray


def annealed(one: Instance, decision: Decision, price: FloatArray, turn: int) -> Decision:
    """A decision with the same sites, no less cover, no school with more too much or too little, and a walk no longer.

    price (A,): what pairs cost with the room they take, by which the schools are chosen that suit a unit.
    turn: another course for another turn. The same input gives the same decision.
    """
    if not (decision.arc >= 0).any():
        return decision
    ground, apart = _ground(one, decision, price)
    if apart <= 0.0:
        return decision
    warmth = (WARM * apart, COLD * apart)
    steps = min(STEPS_PER_UNIT * len(ground.movers), MOST_STEPS)
    course = _Course(steps, warmth, (FINES[0] * warmth[0], FINES[1] * warmth[1]), SEED + turn)
    county, best = county_of(one), decision.arc.astype(np.int64)
    _run(county, ground, _house(one, decision, county), course, best)
    return replace(decision, arc=best)


def _ground(one: Instance, decision: Decision, price: FloatArray) -> tuple[_Ground, float]:
    """Who may move where, and what a typical unit pays more at its second choice, 0 where nobody has one."""
    may_use = _usable(one, decision)
    best_first, rank = ranked(one.arcs, may_use, price)
    second = np.flatnonzero(rank == 1)
    apart = price[best_first[second]] - price[best_first[second - 1]]
    several = np.zeros(len(one.unit_id), dtype=bool)
    several[one.arcs.unit[best_first[second]]] = True
    choice = best_first[(rank < CHOICES) & several[one.arcs.unit[best_first]]]
    movers, start = np.unique(one.arcs.unit[choice], return_index=True)
    residents, pupils = loads(one, decision, one.residents), loads(one, decision, one.pupils)
    ground = _Ground(
        movers,
        np.append(start, len(choice)),
        choice,
        may_use,
        np.maximum(upper_bounds(one, decision), residents),
        np.minimum(one.lower if "under" in one.goals else -np.inf, residents),
        np.maximum(seat_bounds(one, decision), pupils),
        (1.0 / max(float(one.residents.mean()), ROUNDING), 1.0 / max(float(one.pupils.mean()), ROUNDING)),
    )
    return ground, float(np.median(apart)) if len(apart) else 0.0


def _usable(one: Instance, decision: Decision) -> BoolArray:
    """Pairs (A,) that cover their unit as well as its own does, at open sites; none of or to a unit that a school may
    serve only because it serves no other."""
    arcs, used = one.arcs, decision.arc[decision.arc >= 0]
    reached = np.full(len(one.unit_id), -np.inf)
    reached[arcs.unit[used]] = arcs.uncovered[used]
    is_free = upper_bounds(one, decision) > np.where(decision.is_extended, one.extended_upper, one.upper)
    stays = np.zeros(len(one.unit_id), dtype=bool)
    stays[arcs.unit[used]] = is_free[arcs.site[used]]
    is_covered = arcs.uncovered <= reached[arcs.unit] + ROUNDING
    return decision.is_open[arcs.site] & ~is_free[arcs.site] & ~stays[arcs.unit] & is_covered


def _house(one: Instance, decision: Decision, county: County) -> _House:
    used = np.flatnonzero(decision.arc >= 0)
    site = one.arcs.site[decision.arc[used]]
    order = np.argsort(site, kind="stable")
    used, site = used[order], site[order]
    rank = np.arange(len(used)) - np.searchsorted(site, site)
    place, inside = np.full(len(decision.arc), -1), np.full(len(county.door), -1)
    place[used], inside[county.door_start[site] + rank] = rank, used
    return _House(
        decision.arc.astype(np.int64),
        loads(one, decision, one.residents),
        loads(one, decision, one.pupils),
        np.bincount(site, minlength=len(one.site_id)),
        inside,
        place,
    )


@compiled
def _run(c: County, g: _Ground, h: _House, course: _Course, best: IntArray) -> None:
    """Move and exchange; best becomes the shortest walk in which no school is strained."""
    _cool(c, g, h, course, best)


@bare
def _cool(c: County, g: _Ground, h: _House, course: _Course, best: IntArray) -> None:
    np.random.seed(course.seed)  # noqa: NPY002
    strained, walk, least = 0, 0.0, 0.0
    for stage in range(STAGES):
        done = stage / (STAGES - 1)
        warmth = course.warmth[0] * (course.warmth[1] / course.warmth[0]) ** done
        fine = course.fine[0] * (course.fine[1] / course.fine[0]) ** done
        for _ in range(course.steps // STAGES):
            m = np.random.randint(len(g.movers))  # noqa: NPY002
            a = g.choice[g.start[m] + np.random.randint(g.start[m + 1] - g.start[m])]  # noqa: NPY002
            b = _partner(c, g, h, a)
            if a == h.arc[c.unit[a]] or b == -2:
                continue
            change, strain, more = _change(c, g, h, a, b)
            asked = change + fine * strain
            if asked <= 0.0 or np.random.random() < np.exp(-asked / warmth):  # noqa: NPY002
                _move(c, h, a)
                if b >= 0:
                    _move(c, h, b)
                strained, walk = strained + more, walk + change
                if strained == 0 and walk < least:
                    least = walk
                    for i in range(len(best)):
                        best[i] = h.arc[i]


@bare
def _partner(c: County, g: _Ground, h: _House, a: int) -> int:
    """The pair by which some unit of the other school comes in exchange, -1 for none, -2 where it may not come."""
    j = c.site[a]
    if h.members[j] == 0 or np.random.random() >= EXCHANGES:  # noqa: NPY002
        return -1
    k = h.inside[c.door_start[j] + np.random.randint(h.members[j])]  # noqa: NPY002
    b = pair_of(c, k, c.site[h.arc[c.unit[a]]])
    return b if b >= 0 and g.may_use[b] else -2


@bare
def _strain(g: _Ground, j: int, residents: float, pupils: float) -> float:
    """What a school has too much or too little, in typical units."""
    people = max(0.0, residents - g.upper[j] - ROUNDING) + max(0.0, g.lower[j] - residents - ROUNDING)
    return g.share[0] * people + g.share[1] * max(0.0, pupils - g.seats[j] - ROUNDING)


@bare
def _change(c: County, g: _Ground, h: _House, a: int, b: int) -> tuple[float, float, int]:
    """Change of the walk, of the strain, and of how many schools are strained when a unit goes to a pair and another,
    where there is one, comes by its own."""
    i = c.unit[a]
    here, there, change = c.site[h.arc[i]], c.site[a], c.walk[a] - c.walk[h.arc[i]]
    residents, pupils = c.residents[i], c.pupils[i]
    if b >= 0:
        k = c.unit[b]
        residents, pupils = residents - c.residents[k], pupils - c.pupils[k]
        change += c.walk[b] - c.walk[h.arc[k]]
    old_here = _strain(g, here, h.residents[here], h.pupils[here])
    old_there = _strain(g, there, h.residents[there], h.pupils[there])
    new_here = _strain(g, here, h.residents[here] - residents, h.pupils[here] - pupils)
    new_there = _strain(g, there, h.residents[there] + residents, h.pupils[there] + pupils)
    more = (1 if new_here > 0.0 else 0) + (1 if new_there > 0.0 else 0)
    more -= (1 if old_here > 0.0 else 0) + (1 if old_there > 0.0 else 0)
    return change, new_here + new_there - old_here - old_there, more


@bare
def _move(c: County, h: _House, a: int) -> None:
    """Send the unit of a pair to it."""
    i = c.unit[a]
    old, j = c.site[h.arc[i]], c.site[a]
    last = h.inside[c.door_start[old] + h.members[old] - 1]
    h.inside[c.door_start[old] + h.place[i]], h.place[last] = last, h.place[i]
    h.members[old] -= 1
    h.inside[c.door_start[j] + h.members[j]], h.place[i] = i, h.members[j]
    h.members[j] += 1
    h.residents[old] -= c.residents[i]
    h.residents[j] += c.residents[i]
    h.pupils[old] -= c.pupils[i]
    h.pupils[j] += c.pupils[i]
    h.arc[i] = a
