"""Two schools share their units anew, exactly, as long as walks grow shorter by it.

Where schools are full to the last seat, shifts and exchanges of a few units find no way: what one gives must come back
to a fraction of a pupil. All divisions of up to MOST_SHARED units are looked at by halves: the sums of each half are
listed, one list is sorted, and to every sum of the other only those that fit within what both schools can take.
Source: E. Horowitz and S. Sahni, Computing partitions with applications to the knapsack problem, 1974.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from siting.compiled import bare, compiled, within
from siting.location.decision import Decision
from siting.location.instance import BoolArray, Instance
from siting.location.moves import UNDER, County, Stand, county_of, go, neighbours_of, pair_of, seat_all, stand_of
from siting.study import FloatArray, IntArray

MOST_SHARED = 26
"""Units of two schools that are divided anew, those whose prices at both differ least for each resident."""

MOST_STEPS = 400_000
"""Sums looked at for two schools, in blocks of:"""

BLOCK = 64
FEWEST_GAIN = 1.0
"""Resident-metres by which a division is shorter."""

ROUNDING = 1e-9


class Shared(NamedTuple):
    """Units that two schools may divide anew (K): their pairs at either, whether they are at the first, and what the
    first is spared where they go to the second."""

    here: IntArray
    there: IntArray
    is_here: BoolArray
    residents: FloatArray
    pupils: FloatArray
    walk: FloatArray


class Room(NamedTuple):
    """Least and most pupils and residents of the divided units that the first school may have."""

    pupils: tuple[float, float]
    residents: tuple[float, float]


class _Sums(NamedTuple):
    """Sums of every set of some units (2^K)."""

    pupils: FloatArray
    residents: FloatArray
    walk: FloatArray


class _Ranked(NamedTuple):
    """Sets by their sums of pupils or residents (2^K): which they are, that sum (key), their walk; the least walk of
    each block, and of all."""

    order: IntArray
    key: FloatArray
    walk: FloatArray
    least: FloatArray
    shortest: float


def shared_anew(instance: Instance, decision: Decision, price: FloatArray) -> Decision:
    """A decision with the same sites and a walk no longer, no school more over its bounds and none shorter of its
    lower bound than before.

    price (A,): what pairs cost with the room they take, by which the units are chosen that two schools divide.
    """
    county, stand = county_of(instance)._replace(price=price), stand_of(instance, decision)
    seat_all(county, stand)
    _share_all(county, stand, neighbours_of(instance, decision.is_open), UNDER in county.order)
    return replace(decision, arc=stand.arc)


@compiled
def _share_all(c: County, s: Stand, neighbours: BoolArray, keeps_under: bool) -> None:
    """Share between neighbours until no two schools find a shorter walk."""
    dirty = s.is_open.copy()
    while dirty.any():
        before = dirty.copy()
        dirty[:] = False
        for j in np.flatnonzero(s.is_open):
            for k in range(j):
                is_due = neighbours[j, k] and (before[j] or before[k] or dirty[j] or dirty[k])
                if is_due and _share(c, s, j, k, keeps_under):
                    dirty[j] = dirty[k] = True


@within
def _share(c: County, s: Stand, j: int, k: int, keeps_under: bool) -> bool:
    """Divide units of two schools anew where that makes the walk shorter; whether it did."""
    if _is_alone(c, s, j) or _is_alone(c, s, k):
        return False
    shared = chosen(c, movable(c, s, j, k))
    room = _room(c, s, j, k, shared, keeps_under)
    division, _ = best_division(shared, room, shared.walk[shared.is_here].sum() - FEWEST_GAIN)
    if division < 0:
        return False
    give(c, s, shared, division)
    return True


@bare
def give(c: County, s: Stand, shared: Shared, division: int) -> None:
    """Send units where a division has them: to the first school those whose bits are set."""
    for n in range(len(shared.here)):
        goes_here = (division >> n) & 1 == 1
        if goes_here != shared.is_here[n]:
            go(c, s, shared.here[n] if goes_here else shared.there[n], len(s.changed))


@bare
def _is_alone(c: County, s: Stand, j: int) -> bool:
    """Whether a school may be over its upper bound because it serves a single unit."""
    return c.is_alone_free and s.members[j] == 1 and s.residents[j] > c.upper[j, s.grown[j]]


@within
def movable(c: County, s: Stand, j: int, k: int) -> Shared:
    """Units of either school that the other covers as well."""
    most = s.members[j] + s.members[k]
    here, there, is_here = np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.bool_)
    count = _listed(c, s, (j, k), here, there, is_here)
    return _shared(c, here[:count], there[:count], is_here[:count])


@bare
def _listed(c: County, s: Stand, sites: tuple[int, int], here: IntArray, there: IntArray, is_here: BoolArray) -> int:
    """Write them down; how many they are."""
    count = 0
    for home in sites:
        i = s.first[home]
        while i >= 0:
            a, b = pair_of(c, i, sites[0]), pair_of(c, i, sites[1])
            if a >= 0 and b >= 0 and abs(c.uncovered[a] - c.uncovered[b]) <= ROUNDING:
                here[count], there[count], is_here[count] = a, b, home == sites[0]
                count += 1
            i = s.after[i]
    return count


@within
def _shared(c: County, here: IntArray, there: IntArray, is_here: BoolArray) -> Shared:
    unit = c.unit[here]
    return Shared(here, there, is_here, c.residents[unit], c.pupils[unit], c.walk[here] - c.walk[there])


@within
def chosen(c: County, movable: Shared) -> Shared:
    """Those units whose prices at both schools differ least for each resident."""
    apart = np.abs(c.price[movable.here] - c.price[movable.there]) / np.maximum(movable.residents, 1.0)
    keep = np.argsort(apart, kind="mergesort")[:MOST_SHARED]
    return _shared(c, movable.here[keep], movable.there[keep], movable.is_here[keep])


@within
def _room(c: County, s: Stand, j: int, k: int, shared: Shared, keeps_under: bool) -> Room:
    """What the first school may have of the units that are divided, so that neither is worse off."""
    seats_j, seats_k = max(c.seats[j, s.grown[j]], s.pupils[j]), max(c.seats[k, s.grown[k]], s.pupils[k])
    upper_j, upper_k = max(c.upper[j, s.grown[j]], s.residents[j]), max(c.upper[k, s.grown[k]], s.residents[k])
    lower_j, lower_k = -np.inf, -np.inf
    if keeps_under:
        lower_j, lower_k = min(c.lower, s.residents[j]), min(c.lower, s.residents[k])
    pupils, residents = shared.pupils[shared.is_here].sum(), shared.residents[shared.is_here].sum()
    return Room(
        pupils=(pupils - (seats_k - s.pupils[k]), pupils + (seats_j - s.pupils[j])),
        residents=(
            residents - min(upper_k - s.residents[k], s.residents[j] - lower_j),
            residents + min(upper_j - s.residents[j], s.residents[k] - lower_k),
        ),
    )


@within
def _sums(pupils: FloatArray, residents: FloatArray, walk: FloatArray) -> _Sums:
    return _Sums(_sums_of(pupils), _sums_of(residents), _sums_of(walk))


@within
def _sums_of(each: FloatArray) -> FloatArray:
    sums = np.zeros(1 << len(each))
    for n in range(len(each)):
        for m in range(1 << n):
            sums[m + (1 << n)] = sums[m] + each[n]
    return sums


@within
def best_division(shared: Shared, room: Room, target: float) -> tuple[int, float]:
    """The division with the shortest walk below a target, as bits of the units of the first school, -1 for none; and
    that walk."""
    half = len(shared.walk) // 2
    ours = _sums(shared.pupils[:half], shared.residents[:half], shared.walk[:half])
    theirs = _sums(shared.pupils[half:], shared.residents[half:], shared.walk[half:])
    by_pupils = _tightness(room.pupils, shared.pupils) <= _tightness(room.residents, shared.residents)
    key, sorting = (ours.pupils, theirs.pupils) if by_pupils else (ours.residents, theirs.residents)
    order = _rising(shared.pupils[half:] if by_pupils else shared.residents[half:])
    walk = theirs.walk[order]
    ranked = _Ranked(order, sorting[order], walk, _least_of_blocks(walk), walk.min())
    x, y, best = _best_two(room, (ours, theirs), _rising(shared.walk[:half]), key, by_pupils, ranked, target)
    return (x | (y << half) if x >= 0 else -1), best


@within
def _rising(each: FloatArray) -> IntArray:
    """All sets of some units (2^K) by their sums: with every unit, the sets so far and those with it are merged."""
    order, sums = np.zeros(1 << len(each), dtype=np.int64), np.zeros(1 << len(each))
    former, before = order.copy(), sums.copy()
    for n in range(len(each)):
        order, former, sums, before = former, order, before, sums
        _merged(1 << n, each[n], (former, before), (order, sums))
    return order


@bare
def _merged(count: int, more: float, old: tuple[IntArray, FloatArray], new: tuple[IntArray, FloatArray]) -> None:
    """Write so many sets, and each with one more unit, the bit of their count, by their sums."""
    (former, before), (order, sums) = old, new
    x, y = 0, 0
    for place in range(2 * count):
        is_without = y == count or (x < count and before[x] <= before[y] + more)
        if is_without:
            order[place], sums[place] = former[x], before[x]
            x += 1
        else:
            order[place], sums[place] = former[y] + count, before[y] + more
            y += 1


@bare
def _best_two(
    room: Room,
    halves: tuple[_Sums, _Sums],
    shortest_first: IntArray,
    key: FloatArray,
    by_pupils: bool,
    ranked: _Ranked,
    target: float,
) -> tuple[int, int, float]:
    """The sets of both halves with the shortest walk below a target that fit together, -1 for none; and that walk."""
    ours, theirs = halves
    low, high = room.pupils if by_pupils else room.residents
    one, two, best, steps = -1, -1, target, 0
    for place in range(len(shortest_first)):
        x = shortest_first[place]
        own = ours.walk[x]
        if own + ranked.shortest >= best or steps > MOST_STEPS:
            break
        first = _place(ranked.key, low - key[x] - ROUNDING, False)
        last = _place(ranked.key, high - key[x] + ROUNDING, True)
        while first < last:
            block = first // BLOCK
            end = min(last, (block + 1) * BLOCK)
            if own + ranked.least[block] < best:
                steps += end - first
                for n in range(first, end):
                    y = ranked.order[n]
                    if own + ranked.walk[n] < best and _fits(room, ours, theirs, x, y):
                        one, two, best = x, y, own + ranked.walk[n]
            steps += 1
            first = end
    return one, two, best


@bare
def _place(ranked: FloatArray, value: float, is_after: bool) -> int:
    """Where a value belongs in a ranked list: before, or after, those that are equal."""
    low, high = 0, len(ranked)
    while low < high:
        middle = (low + high) // 2
        if ranked[middle] < value or (is_after and ranked[middle] == value):
            low = middle + 1
        else:
            high = middle
    return low


@within
def _tightness(room: tuple[float, float], units: FloatArray) -> float:
    return (room[1] - room[0]) / max(units.sum(), ROUNDING)


@within
def _least_of_blocks(walk: FloatArray) -> FloatArray:
    return np.array([walk[n : n + BLOCK].min() for n in range(0, len(walk), BLOCK)])


@bare
def _fits(room: Room, ours: _Sums, theirs: _Sums, x: int, y: int) -> bool:
    pupils, residents = ours.pupils[x] + theirs.pupils[y], ours.residents[x] + theirs.residents[y]
    is_seated = room.pupils[0] - ROUNDING <= pupils <= room.pupils[1] + ROUNDING
    return is_seated and room.residents[0] - ROUNDING <= residents <= room.residents[1] + ROUNDING
