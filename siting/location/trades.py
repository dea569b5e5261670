"""Schools that carry too much relieved by trades: a few units of one school against a few of another.

Single shifts and exchanges leave a school a little too full where the room that is left is small and lies several
schools away. The sums of up to three units on either side are so many that almost any number of residents can be
passed on exactly; passing on half of what is too much lets it spread, school by school, until it meets room.
Source: differences of subset sums in number partitioning, Karmarkar and Karp (1982).
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from siting.compiled import bare, compiled, within
from siting.location.decision import Decision
from siting.location.instance import BoolArray, Instance
from siting.location.moves import (
    County,
    Stand,
    county_of,
    go,
    go_all,
    lack_of,
    neighbours_of,
    over_at,
    over_now,
    pair_of,
    seat_all,
    stand_of,
)
from siting.project import SEED
from siting.study import FloatArray, IntArray

MOST_UNITS = 12
"""Units of one school that are considered for a trade with another, those with the shortest detour."""

FEWEST_GAIN = 0.1
"""Share of what is over, squared, that a trade takes away at least."""

NEAREST = 3
"""Sets of three looked at on either side of the wanted sum."""

MOST_PASSES = 60
"""Passes over the schools that are too full."""

LEAST_PRESSURE, MOST_PRESSURE = 100.0, 2e7
"""What the square of a person too many is worth in resident-metres, at first and at last."""

ROUNDS = 2
"""How often units are scattered under pressure."""

MOST_FORCED = 50.0
"""People too many up to whom trades at any price are worth trying."""

TRIES = 40
"""How often what is left is scattered and traded again."""

SETTLED = 1e-6


class _Sets(NamedTuple):
    """Up to three units each (K): their pairs at the other school (-1: none), and what goes with them."""

    pairs: IntArray
    members: IntArray
    residents: FloatArray
    pupils: FloatArray
    uncovered: FloatArray
    walk: FloatArray
    price: FloatArray


class _Table(NamedTuple):
    """A trade between two sites: what each may give."""

    j: int
    k: int
    ours: _Sets
    theirs: _Sets


def relieved(instance: Instance, decision: Decision, price: FloatArray, keeps_under: bool) -> Decision:
    """A decision with the same sites that covers no less and has less above the bounds, as far as trades bring it.

    price (A,): what trades are judged by, per pair. keeps_under: what schools lack to their lower bound may not grow.
    Unchanged where a goal other than cover and cost stands before what is over.
    """
    if not may_trade(instance):
        return decision
    county, stand = county_of(instance)._replace(price=price), stand_of(instance, decision)
    neighbours = neighbours_of(instance, decision.is_open)
    _relieve(county, stand, neighbours, keeps_under)
    return replace(decision, arc=stand.arc)


def may_trade(one: Instance) -> bool:
    """Whether nothing but cover and cost stands before what is over."""
    before = one.goals[: one.goals.index("over")] if "over" in one.goals else ("walk",)
    return set(before) <= {"uncovered", "cost"}


def _relieve(c: County, s: Stand, neighbours: BoolArray, keeps_under: bool) -> None:
    """Press harder and harder; scatter a few units and press again, so many times; then trade what is still too much
    away at any price."""
    chance = np.random.default_rng(SEED)
    seat_all(c, s)
    _harder(c, s, neighbours, s.is_open.copy(), LEAST_PRESSURE, keeps_under)
    _scattered(c, s, neighbours, chance, keeps_under)
    _settle(c, s, neighbours, 2, keeps_under)
    _settle(c, s, neighbours, 3, keeps_under)
    _forced(c, s, neighbours, chance, keeps_under)


def _harder(c: County, s: Stand, neighbours: BoolArray, dirty: BoolArray, pressure: float, keeps_under: bool) -> None:
    """Press round some sites, and with growing pressure round all that are too full."""
    while pressure < MOST_PRESSURE:
        _press(c, s, neighbours, dirty | (_excesses(c, s) > SETTLED), pressure, keeps_under)
        pressure *= 4.0


def _scattered(c: County, s: Stand, neighbours: BoolArray, chance: np.random.Generator, keeps_under: bool) -> None:
    """While a school is too full, scatter a few units of a site, press, and keep what is no worse under most
    pressure."""
    best, doors = _worth(c, s), np.flatnonzero(s.is_open)
    for _ in range(ROUNDS if len(doors) else 0):
        former, full = s.arc.copy(), np.flatnonzero(_excesses(c, s) > SETTLED)
        if not len(full):
            return
        _scatter(c, s, int(chance.choice(full if chance.random() < 0.5 else doors)), chance)
        pressure = LEAST_PRESSURE * 10.0 ** (1.0 + chance.random())
        _harder(c, s, neighbours, _sites_of_moved(c, s, former), pressure, keeps_under)
        worth = _worth(c, s)
        if worth > best:
            _return_to(c, s, former)
        else:
            best = worth


def _worth(c: County, s: Stand) -> float:
    """Price of all pairs in use, and what is over under most pressure."""
    return float(c.price[s.arc[s.arc >= 0]].sum() + MOST_PRESSURE * (_excesses(c, s) ** 2).sum())


def _forced(c: County, s: Stand, neighbours: BoolArray, chance: np.random.Generator, keeps_under: bool) -> None:
    """Scatter a few units of a site that is too full, trade again, and keep what is no worse, so many times."""
    for _ in range(TRIES):
        before = _excesses(c, s)
        full = np.flatnonzero(before > SETTLED)
        if not len(full) or before.sum() > MOST_FORCED:
            return
        former = s.arc.copy()
        _scatter(c, s, int(chance.choice(full)), chance)
        _settle(c, s, neighbours, 3, keeps_under)
        if _excesses(c, s).sum() > before.sum():
            _return_to(c, s, former)


def _scatter(c: County, s: Stand, j: int, chance: np.random.Generator) -> None:
    """Send up to three units that could go to a site to any open site that covers them no less."""
    doors = c.unit[c.door[c.door_start[j] : c.door_start[j + 1]]]
    for i in chance.choice(doors, chance.integers(1, 4)) if len(doors) else ():
        a = int(chance.integers(c.start[i], c.start[i + 1]))
        if s.arc[i] >= 0 and s.is_open[c.site[a]] and c.uncovered[a] <= c.uncovered[s.arc[i]]:
            go_all(c, s, np.array([a]))


def _return_to(c: County, s: Stand, former: IntArray) -> None:
    go_all(c, s, former[s.arc != former])


def _sites_of_moved(c: County, s: Stand, former: IntArray) -> BoolArray:
    """The sites that units left or went to (J,)."""
    moved, changed = s.arc != former, np.zeros(len(s.is_open), dtype=bool)
    changed[c.site[s.arc[moved]]] = changed[c.site[former[moved]]] = True
    return changed


@compiled
def _excesses(c: County, s: Stand) -> FloatArray:
    """What every open site has too much (J,)."""
    found = np.zeros(len(s.is_open))
    for j in np.flatnonzero(s.is_open):
        found[j] = over_now(c, s, j)
    return found


@compiled
def _settle(c: County, s: Stand, neighbours: BoolArray, size: int, keeps_under: bool) -> None:
    """Trade at every site that is too full with the neighbour that suits best, until a whole pass brings nothing."""
    is_busy, passes = True, 0
    while is_busy and passes < MOST_PASSES:
        is_busy, passes = False, passes + 1
        for j in np.flatnonzero(s.is_open):
            if over_now(c, s, j) <= SETTLED:
                continue
            least, pairs = np.inf, np.full(6, -1)
            for k in np.flatnonzero(neighbours[j]):
                if k != j and over_now(c, s, k) < over_now(c, s, j):
                    asked, other = _trade(c, s, j, k, size, keeps_under)
                    if asked < least:
                        least, pairs = asked, other
            for a in pairs[pairs >= 0]:
                go(c, s, a, len(s.changed))
            is_busy = is_busy or least < np.inf


@within
def _trade(c: County, s: Stand, j: int, k: int, size: int, keeps_under: bool) -> tuple[float, IntArray]:
    """The trade between two sites that lowers the squares of what is over at the least price: what it costs for each
    square (inf where there is none), and the pairs that units go over to."""
    ours, theirs = _sets(c, s, j, k, size), _sets(c, s, k, j, size)
    table = _Table(j, k, ours, theirs)
    by_people = s.residents[j] > c.upper[j, s.grown[j]]
    mine, yours = (ours.residents, theirs.residents) if by_people else (ours.pupils, theirs.pupils)
    order = np.argsort(yours)
    low, high = _window(mine - _wish(c, s, j, k, by_people), yours[order], size)
    x, y, least = _best_trade(c, s, table, order, low, high, keeps_under)
    return least, _pairs_of(table, x, y)


@bare
def _best_trade(
    c: County, s: Stand, table: _Table, order: IntArray, low: IntArray, high: IntArray, keeps_under: bool
) -> tuple[int, int, float]:
    """The two sets of such a trade, -1 for none, and what it costs for each square."""
    j, k, ours, theirs = table
    strain = over_now(c, s, j) ** 2 + over_now(c, s, k) ** 2
    one, two, least = -1, -1, np.inf
    for x in range(len(low)):
        for place in range(low[x], high[x]):
            y = order[place]
            if ours.uncovered[x] + theirs.uncovered[y] > SETTLED:
                continue
            gain = strain - _strain_after(c, s, table, x, y, keeps_under)
            if gain > max(SETTLED, FEWEST_GAIN * strain):
                asked = max(ours.price[x] + theirs.price[y], 1.0) / gain
                if asked < least:
                    one, two, least = x, y, asked
    return one, two, least


@within
def _pairs_of(table: _Table, x: int, y: int) -> IntArray:
    """The pairs of two sets (6,), -1 where there are fewer; none where there are no sets."""
    pairs = np.full(6, -1)
    if x >= 0:
        pairs[:3], pairs[3:] = table.ours.pairs[x], table.theirs.pairs[y]
    return pairs


@compiled
def _press(c: County, s: Stand, neighbours: BoolArray, dirty: BoolArray, pressure: float, keeps_under: bool) -> None:
    """Trade round sites that changed as long as price and pressure times the squares of what is over fall."""
    while dirty.any():
        before = dirty.copy()
        dirty[:] = False
        for j in np.flatnonzero(s.is_open):
            for k in range(j):
                if neighbours[j, k] and (before[j] or before[k] or dirty[j] or dirty[k]):
                    pairs = _pressed(c, s, j, k, pressure, keeps_under)
                    for a in pairs[pairs >= 0]:
                        go(c, s, a, len(s.changed))
                        dirty[j] = dirty[k] = True


@within
def _pressed(c: County, s: Stand, j: int, k: int, pressure: float, keeps_under: bool) -> IntArray:
    ours, theirs = _sets(c, s, j, k, 2), _sets(c, s, k, j, 2)
    table = _Table(j, k, ours, theirs)
    x, y = _best_pressed(c, s, table, pressure, keeps_under)
    return _pairs_of(table, x, y)


@bare
def _best_pressed(c: County, s: Stand, table: _Table, pressure: float, keeps_under: bool) -> tuple[int, int]:
    """The two sets by whose trade price and pressure fall most, -1 for none."""
    j, k, ours, theirs = table
    strain = over_now(c, s, j) ** 2 + over_now(c, s, k) ** 2
    one, two, least = -1, -1, -1000.0
    for x in range(len(ours.walk)):
        for y in range(len(theirs.walk)):
            if ours.uncovered[x] + theirs.uncovered[y] > SETTLED:
                continue
            price = ours.price[x] + theirs.price[y]
            if price - pressure * strain >= least:
                continue
            change = price + pressure * (_strain_after(c, s, table, x, y, keeps_under) - strain)
            if change < least:
                one, two, least = x, y, change
    return one, two


@within
def _window(wanted: FloatArray, ranked: FloatArray, size: int) -> tuple[IntArray, IntArray]:
    """Which of the ranked sets are looked at for each wanted sum: all of few, those nearest to it of many."""
    low, high = np.zeros(len(wanted), np.int64), np.full(len(wanted), len(ranked), np.int64)
    if size > 2:
        place = np.searchsorted(ranked, wanted)
        low, high = np.maximum(place - NEAREST, 0), np.minimum(place + NEAREST, len(ranked))
    return low, high


@bare
def _wish(c: County, s: Stand, j: int, k: int, by_people: bool) -> float:
    """What should go from one site to the other: half of the difference of what each has too much, no more than twice
    what the first has."""
    if by_people:
        too_much, room = s.residents[j] - c.upper[j, s.grown[j]], c.upper[k, s.grown[k]] - s.residents[k]
    else:
        too_much, room = s.pupils[j] - c.seats[j, s.grown[j]], c.seats[k, s.grown[k]] - s.pupils[k]
    return min((too_much + room) / 2.0, 2.0 * too_much)


@bare
def _strain_after(c: County, s: Stand, table: _Table, x: int, y: int, keeps_under: bool) -> float:
    """The squares of what two sites have too much after a trade; inf where one that must not lacks more than before."""
    j, k, ours, theirs = table
    residents, pupils = ours.residents[x] - theirs.residents[y], ours.pupils[x] - theirs.pupils[y]
    members = ours.members[x] - theirs.members[y]
    here = over_at(c, s, j, s.residents[j] - residents, s.pupils[j] - pupils, s.members[j] - members)
    there = over_at(c, s, k, s.residents[k] + residents, s.pupils[k] + pupils, s.members[k] + members)
    if keeps_under and lack_of(c, s, j, -residents) + lack_of(c, s, k, residents) > SETTLED:
        return np.inf
    return here**2 + there**2


@within
def _sets(c: County, s: Stand, j: int, k: int, size: int) -> _Sets:
    """None, one, two, and of three where size is so, of the units at site j that may go to site k."""
    pair = _movable(c, s, j, k)
    n = len(pair)
    count = 1 + n + n * (n - 1) // 2 + (n * (n - 1) * (n - 2) // 6 if size > 2 else 0)
    z = np.zeros((5, count))
    sets = _Sets(np.full((count, 3), -1), np.zeros(count, np.int64), z[0], z[1], z[2], z[3], z[4])
    _list_sets(c, s, sets, pair, size)
    return sets


@bare
def _list_sets(c: County, s: Stand, sets: _Sets, pair: IntArray, size: int) -> None:
    """Write down the sets of some pairs, the first of nobody."""
    n, row = len(pair), 1
    for a in range(n):
        single = row
        row = _add(c, s, sets, row, 0, pair[a])
        for b in range(a + 1, n):
            double = row
            row = _add(c, s, sets, row, single, pair[b])
            for d in range(b + 1, n if size > 2 else 0):
                row = _add(c, s, sets, row, double, pair[d])


@bare
def _add(c: County, s: Stand, sets: _Sets, row: int, base: int, a: int) -> int:
    """Write down an earlier set and one more pair; the next row."""
    for n in range(3):
        sets.pairs[row, n] = sets.pairs[base, n]
    sets.pairs[row, sets.members[base]] = a
    sets.members[row] = sets.members[base] + 1
    i = c.unit[a]
    sets.residents[row] = sets.residents[base] + c.residents[i]
    sets.pupils[row] = sets.pupils[base] + c.pupils[i]
    sets.uncovered[row] = sets.uncovered[base] + c.uncovered[a] - c.uncovered[s.arc[i]]
    sets.walk[row] = sets.walk[base] + c.walk[a] - c.walk[s.arc[i]]
    sets.price[row] = sets.price[base] + c.price[a] - c.price[s.arc[i]]
    return row + 1


@within
def _movable(c: County, s: Stand, j: int, k: int) -> IntArray:
    """Pairs at site k of the units at site j, those with the shortest detour."""
    pair = np.empty(s.members[j], dtype=np.int64)
    detour = np.empty(s.members[j])
    count = _list_movable(c, s, j, k, pair, detour)
    return pair[np.argsort(detour[:count])[:MOST_UNITS]]


@bare
def _list_movable(c: County, s: Stand, j: int, k: int, pair: IntArray, detour: FloatArray) -> int:
    """Write them down; how many they are."""
    count, i = 0, s.first[j]
    while i >= 0:
        a = pair_of(c, i, k)
        if a >= 0:
            pair[count], detour[count] = a, (c.price[a] - c.price[s.arc[i]]) / max(c.residents[i], 1.0)
            count += 1
        i = s.after[i]
    return count
