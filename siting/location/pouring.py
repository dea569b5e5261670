"""Schools filled one after another, nearly to the last seat, what is too much poured on to a neighbour.

A linear program with split units says what every school carries. Whole units miss that by about half a unit at every
school, which is more than there is room for where the fewest schools have to do. So each school in turn, those at the
ends of the branches first, takes of the units that it shares with a neighbour those that fill it within a small spare
at the least price; its neighbour has the others. What is left over comes together at the root.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from siting.compiled import compiled, within
from siting.location.decision import Decision
from siting.location.halves import Room, Shared, best_division, chosen, give, movable
from siting.location.instance import BoolArray, Instance
from siting.location.moves import County, Stand, county_of, seat_all, shared_units, stand_of
from siting.project import SEED
from siting.study import FloatArray, IntArray

PARTNERS = 4
"""Neighbours with whom a school may be filled, those with whom it shares most units now."""

WIDER = 2.0
"""How many times the spare grows where no units fit, so often:"""

WIDENINGS = 12

UNEVEN = 0.4
"""How much chance there is in which branches a tree has."""


@dataclass(frozen=True, slots=True)
class Carried:
    """Residents and pupils of each site (J,) as the linear program has them."""

    residents: FloatArray
    pupils: FloatArray


def poured(one: Instance, decision: Decision, carried: Carried, price: FloatArray, spare: float, turn: int) -> Decision:
    """A decision with the same sites, filled along a tree of neighbours.

    price (A,): what pairs cost with the room they take. spare: pupils (residents, where no seats are counted) that a
    full school may stay below its bound. turn: other trees for other turns.
    """
    county, stand = county_of(one)._replace(price=price), stand_of(one, decision)
    seat_all(county, stand)
    shared = shared_units(one, decision.is_open)
    least, wide = _least(one, decision, carried, spare)
    is_left, room = decision.is_open.copy(), one.upper - carried.residents
    for j in _from_the_ends(shared, decision.is_open, room, np.random.default_rng(SEED + turn)):
        is_left[j] = False
        _fill(county, stand, j, np.flatnonzero(is_left & (shared[j] > 0)), (least[0][j], least[1][j]), wide)
    return replace(decision, arc=stand.arc)


def _least(
    one: Instance, decision: Decision, carried: Carried, spare: float
) -> tuple[tuple[FloatArray, FloatArray], tuple[float, float]]:
    """The fewest residents and pupils (J,) each school should have, and by how much they may be fewer at first."""
    seats = np.where(decision.is_extended, one.extended_seats, one.seats)
    upper = np.where(decision.is_extended, one.extended_upper, one.upper)
    by_pupils = bool(np.isfinite(seats[decision.is_open]).any())
    ratio = one.residents.sum() / max(one.pupils.sum(), 1.0)
    lower = np.minimum(one.lower, carried.residents)
    if by_pupils:
        return (lower, _full(seats, carried.pupils, one.pupils)), (spare * ratio, spare)
    full = np.maximum(lower, _full(upper, carried.residents, one.residents))
    return (full, np.full(len(full), -np.inf)), (spare, 0.0)


def _full(bound: FloatArray, carried: FloatArray, unit: FloatArray) -> FloatArray:
    """The bound where less than a unit is left below it, what is carried elsewhere."""
    return np.where(bound - carried < np.median(unit), bound, carried)


def _from_the_ends(
    shared: FloatArray, is_open: BoolArray, room: FloatArray, chance: np.random.Generator
) -> Iterator[int]:
    """All open sites but the roots of trees of neighbours, those at the ends first. A root has room for residents and
    shares many units."""
    weight = shared * (1.0 - UNEVEN * chance.random(shared.shape))
    left = is_open.copy()
    while left.any():
        roomy = left & (room > 1.0)
        roots = np.flatnonzero(roomy if roomy.any() else left)
        order = _tree(weight, left, int(roots[np.argmax(shared[roots].sum(axis=1))]))
        left[order] = False
        yield from reversed(order[1:])


def _tree(weight: FloatArray, left: BoolArray, root: int) -> list[int]:
    """Sites that hang together with a root, each next the one that shares most with those before."""
    order, near = [root], np.where(left, weight[root], 0.0)
    near[root] = 0.0
    while near.max(initial=0.0) > 0.0:
        order.append(int(np.argmax(near)))
        near = np.where(left, np.maximum(near, weight[order[-1]]), 0.0)
        near[order] = 0.0
    return order


@compiled
def _fill(
    c: County, s: Stand, j: int, others: IntArray, least: tuple[float, float], spare: tuple[float, float]
) -> None:
    """Fill a school with one of its neighbours at the least price, within the smallest spare at which it can be."""
    wide, partners = 1.0, _partners(c, s, j, others)
    for _ in range(WIDENINGS):
        best, division, partner = np.inf, -1, -1
        for k in partners:
            shared = _priced(c, chosen(c, movable(c, s, j, k)))
            room = _room(c, s, j, shared, (least[0] - wide * spare[0], least[1] - wide * spare[1]))
            found, price = best_division(shared, room, np.inf)
            price -= shared.walk[shared.is_here].sum()
            if found >= 0 and price < best:
                best, division, partner = price, found, k
        if division >= 0:
            give(c, s, chosen(c, movable(c, s, j, partner)), division)
            return
        wide *= WIDER


@within
def _partners(c: County, s: Stand, j: int, others: IntArray) -> IntArray:
    """The neighbours with whom a school shares most units as they are now."""
    count = np.array([-len(movable(c, s, j, k).here) for k in others])
    return others[np.argsort(count, kind="mergesort")][:PARTNERS]


@within
def _priced(c: County, shared: Shared) -> Shared:
    """What the first school is spared, in prices."""
    price = c.price[shared.here] - c.price[shared.there]
    return Shared(shared.here, shared.there, shared.is_here, shared.residents, shared.pupils, price)


@within
def _room(c: County, s: Stand, j: int, shared: Shared, least: tuple[float, float]) -> Room:
    pupils = s.pupils[j] - shared.pupils[shared.is_here].sum()
    residents = s.residents[j] - shared.residents[shared.is_here].sum()
    return Room(
        (least[1] - pupils, c.seats[j, s.grown[j]] - pupils),
        (least[0] - residents, c.upper[j, s.grown[j]] - residents),
    )
