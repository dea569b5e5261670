"""Decisions improved unit by unit, in compiled loops: shifts to another open school, exchanges, and shaking.

Every comparison is in the strict order of the goals. The same seed gives the same decision.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from siting.compiled import bare, compiled
from siting.location.decision import Decision, loads
from siting.location.instance import BoolArray, Instance
from siting.project import SEED
from siting.study import FloatArray, IntArray

UNCOVERED, OVER, UNDER, WALK = 0, 1, 2, 3
PLACES = {"uncovered": UNCOVERED, "over": OVER, "under": UNDER, "walk": WALK}
ROUNDING = 1e-6
"""Differences smaller than this (of residents, or of the resident-metres in a million) are none."""


Change = tuple[float, float, float, float]
"""Change of the goals in the order of PLACES."""

MOST_SWAPPING = 1_500
"""Among more units than these each is so small that shifts alone do what exchanges do, and sooner."""


class County(NamedTuple):
    """An instance for the loops. Pairs by unit: start (I+1,), site, uncovered and walk (A,), and the price (A,) that
    trades are judged by; by site: door_start (J+1,), door (A,) positions of pairs; upper, seats (J, 2): as it stands
    and extended."""

    start: IntArray
    site: IntArray
    unit: IntArray
    uncovered: FloatArray
    walk: FloatArray
    price: FloatArray
    door_start: IntArray
    door: IntArray
    residents: FloatArray
    pupils: FloatArray
    upper: FloatArray
    seats: FloatArray
    lower: float
    is_alone_free: bool
    swaps: bool
    order: IntArray


class Stand(NamedTuple):
    """A decision being changed: the pair of each unit, what each site carries, the units of a site as a chain (first
    (J,), after and ahead (I,), -1 at the ends), and the journal of changes."""

    arc: IntArray
    is_open: BoolArray
    grown: IntArray
    residents: FloatArray
    pupils: FloatArray
    members: IntArray
    first: IntArray
    after: IntArray
    ahead: IntArray
    changed: IntArray
    former: IntArray


def improved(instance: Instance, decision: Decision, shakes: int, seed: int = SEED) -> Decision:
    """A decision at least as good in the strict order, with the same sites open and extended.

    Shakes: how often a few units are moved at random and settled again.
    """
    county, stand = county_of(instance), stand_of(instance, decision)
    _improve(county, stand, shakes, seed)
    return Decision(stand.arc, decision.is_open, decision.is_extended)


def county_of(one: Instance) -> County:
    """An instance for the loops."""
    arcs, sites = one.arcs, np.arange(len(one.site_id) + 1)
    order = np.argsort(arcs.site, kind="stable")
    return County(
        start=np.searchsorted(arcs.unit, np.arange(len(one.unit_id) + 1)),
        site=np.ascontiguousarray(arcs.site),
        unit=np.ascontiguousarray(arcs.unit),
        uncovered=np.ascontiguousarray(arcs.uncovered),
        walk=one.residents[arcs.unit] * arcs.metres,
        price=one.residents[arcs.unit] * arcs.metres,
        door_start=np.searchsorted(arcs.site[order], sites),
        door=order,
        residents=one.residents,
        pupils=one.pupils,
        upper=np.column_stack([one.upper, one.extended_upper]),
        seats=np.column_stack([one.seats, one.extended_seats]),
        lower=one.lower,
        is_alone_free=one.is_alone_free,
        swaps=len(one.unit_id) <= MOST_SWAPPING,
        order=np.array([PLACES[goal] for goal in one.goals if goal in PLACES], dtype=np.int64),
    )


def stand_of(one: Instance, decision: Decision) -> Stand:
    """A decision for the loops; seat_all comes first."""
    units = len(one.unit_id)
    return Stand(
        arc=decision.arc.astype(np.int64),
        is_open=decision.is_open.copy(),
        grown=decision.is_extended.astype(np.int64),
        residents=loads(one, decision, one.residents),
        pupils=loads(one, decision, one.pupils),
        members=loads(one, decision, np.ones(units)).astype(np.int64),
        first=np.full(len(one.site_id), -1),
        after=np.full(units, -1),
        ahead=np.full(units, -1),
        changed=np.empty(64 * units + 1024, dtype=np.int64),
        former=np.empty(64 * units + 1024, dtype=np.int64),
    )


def neighbours_of(one: Instance, is_open: BoolArray) -> BoolArray:
    """Open sites that some unit may choose between (J, J)."""
    return shared_units(one, is_open) > 0


def shared_units(one: Instance, is_open: BoolArray) -> FloatArray:
    """How many units may choose between two open sites (J, J)."""
    may = np.zeros((len(one.unit_id), len(one.site_id)), dtype=np.float32)
    used = is_open[one.arcs.site]
    may[one.arcs.unit[used], one.arcs.site[used]] = 1.0
    return (may.T @ may).astype(np.float64)


@bare
def over_at(c: County, s: Stand, j: int, residents: float, pupils: float, members: float) -> float:
    """Overflow of a site that would carry so much."""
    grown = s.grown[j]
    over = max(0.0, pupils - c.seats[j, grown])
    if residents > c.upper[j, grown] and not (c.is_alone_free and members == 1):
        over += residents - c.upper[j, grown]
    return over


@bare
def over_now(c: County, s: Stand, j: int) -> float:
    """Overflow of a site."""
    return over_at(c, s, j, s.residents[j], s.pupils[j], s.members[j])


@bare
def strain_of(c: County, s: Stand, j: int, residents: float, pupils: float, members: float) -> tuple[float, float]:
    """Change of a site's overflow and of its lack when its load changes by so much; members as a float, of which numba
    makes no version for every whole number it is called with."""
    return _strain_from(c, s, j, residents, pupils, members, over_now(c, s, j))


@bare
def _strain_from(
    c: County, s: Stand, j: int, residents: float, pupils: float, members: float, now: float
) -> tuple[float, float]:
    """The same where it is known what is over now."""
    over = over_at(c, s, j, s.residents[j] + residents, s.pupils[j] + pupils, s.members[j] + members) - now
    return over, lack_of(c, s, j, residents)


@bare
def lack_of(c: County, s: Stand, j: int, residents: float) -> float:
    """How much more a site lacks to its lower bound when its residents change by so many."""
    return max(0.0, c.lower - (s.residents[j] + residents)) - max(0.0, c.lower - s.residents[j])


@bare
def _compare(c: County, change: Change) -> int:
    """-1 where a change is better in the strict order, 1 where it is worse, 0 where it is neither."""
    for goal in c.order:
        limit = ROUNDING if goal != WALK else 1.0
        if change[goal] < -limit:
            return -1
        if change[goal] > limit:
            return 1
    return 0


@bare
def is_less(c: County, one: Change, two: Change) -> bool:
    """Whether the first change is better than the second."""
    return _compare(c, (one[0] - two[0], one[1] - two[1], one[2] - two[2], one[3] - two[3])) < 0


@bare
def _gone(c: County, s: Stand, i: int) -> tuple[float, float]:
    """Change of overflow and lack at a unit's site when it goes."""
    return strain_of(c, s, c.site[s.arc[i]], -c.residents[i], -c.pupils[i], -1.0)


@bare
def _shifted(c: County, s: Stand, i: int, a: int, gone: tuple[float, float]) -> Change:
    """Change of the goals when a unit goes over to another pair; gone: what that changes where it was."""
    old = s.arc[i]
    over_to, under_to = strain_of(c, s, c.site[a], c.residents[i], c.pupils[i], 1.0)
    return (c.uncovered[a] - c.uncovered[old], gone[0] + over_to, gone[1] + under_to, c.walk[a] - c.walk[old])


@bare
def _swapped(c: County, s: Stand, a: int, b: int, now: tuple[float, float]) -> Change:
    """Change of the goals when two units go over to each other's school by pairs a and b; now: what is over there."""
    i, k = c.unit[a], c.unit[b]
    old_i, old_k = s.arc[i], s.arc[k]
    r, p = c.residents[i] - c.residents[k], c.pupils[i] - c.pupils[k]
    over_one, under_one = _strain_from(c, s, c.site[a], r, p, 0.0, now[0])
    over_two, under_two = _strain_from(c, s, c.site[b], -r, -p, 0.0, now[1])
    uncovered = c.uncovered[a] + c.uncovered[b] - c.uncovered[old_i] - c.uncovered[old_k]
    walk = c.walk[a] + c.walk[b] - c.walk[old_i] - c.walk[old_k]
    return (uncovered, over_one + over_two, under_one + under_two, walk)


@bare
def _enter(s: Stand, i: int, j: int) -> None:
    """Put a unit first in a site's chain."""
    s.after[i], s.ahead[i] = s.first[j], -1
    if s.first[j] >= 0:
        s.ahead[s.first[j]] = i
    s.first[j] = i


@compiled
def seat_all(c: County, s: Stand) -> None:
    """Put every unit in the chain of its site; before anything else, once."""
    for i in range(len(s.arc)):
        if s.arc[i] >= 0:
            _enter(s, i, c.site[s.arc[i]])


@bare
def _leave(s: Stand, i: int, j: int) -> None:
    """Take a unit out of a site's chain."""
    if s.ahead[i] >= 0:
        s.after[s.ahead[i]] = s.after[i]
    else:
        s.first[j] = s.after[i]
    if s.after[i] >= 0:
        s.ahead[s.after[i]] = s.ahead[i]


@bare
def go(c: County, s: Stand, a: int, count: int) -> int:
    """Move the unit of a pair to it and write that down; the length of the journal."""
    i = c.unit[a]
    old = s.arc[i]
    for arc, sign in ((old, -1), (a, 1)):
        j = c.site[arc]
        s.residents[j] += sign * c.residents[i]
        s.pupils[j] += sign * c.pupils[i]
        s.members[j] += sign
    s.arc[i] = a
    _leave(s, i, c.site[old])
    _enter(s, i, c.site[a])
    if count < len(s.changed):
        s.changed[count], s.former[count] = i, old
    return count + 1


@compiled
def go_all(c: County, s: Stand, pairs: IntArray) -> None:
    """Move the units of some pairs to them."""
    for a in pairs:
        go(c, s, a, len(s.changed))


@bare
def _undo(c: County, s: Stand, count: int) -> None:
    """Take back the last so many moves."""
    for k in range(count - 1, -1, -1):
        go(c, s, s.former[k], len(s.changed))


@bare
def pair_of(c: County, i: int, j: int) -> int:
    """The pair of a unit and a site, -1 where there is none."""
    low, high = c.start[i], c.start[i + 1]
    while low < high:
        middle = (low + high) // 2
        if c.site[middle] < j:
            low = middle + 1
        else:
            high = middle
    return low if low < c.start[i + 1] and c.site[low] == j else -1


@bare
def _best_shift(c: County, s: Stand, i: int) -> tuple[int, Change]:
    """The best pair for a unit to go over to, -1 where none is better."""
    best, gain, gone = -1, (0.0, 0.0, 0.0, 0.0), _gone(c, s, i)
    for a in range(c.start[i], c.start[i + 1]):
        if s.is_open[c.site[a]] and a != s.arc[i]:
            change = _shifted(c, s, i, a, gone)
            if is_less(c, change, gain):
                best, gain = a, change
    return best, gain


@bare
def _is_worth_swapping(c: County, s: Stand, a: int, home: int) -> bool:
    """Of an exchange that is better, one side gains cover or walk, unless one of the sites is strained."""
    old = s.arc[c.unit[a]]
    own = (c.uncovered[a] - c.uncovered[old], 0.0, 0.0, c.walk[a] - c.walk[old])
    return _compare(c, own) < 0 or _is_strained(c, s, home) or _is_strained(c, s, c.site[a])


@bare
def _best_swap(c: County, s: Stand, i: int) -> tuple[int, int, Change]:
    """The best exchange of a unit with one of another school, -1 where none is better."""
    one, two, gain = -1, -1, (0.0, 0.0, 0.0, 0.0)
    home = c.site[s.arc[i]]
    over_home = over_now(c, s, home)
    for a in range(c.start[i], c.start[i + 1]):
        j = c.site[a]
        if not s.is_open[j] or j == home or not _is_worth_swapping(c, s, a, home):
            continue
        k, now = s.first[j], (over_now(c, s, j), over_home)
        while k >= 0:
            b = pair_of(c, k, home)
            if b >= 0:
                change = _swapped(c, s, a, b, now)
                if is_less(c, change, gain):
                    one, two, gain = a, b, change
            k = s.after[k]
    return one, two, gain


@bare
def _sum(x: Change, y: Change) -> Change:
    return (x[0] + y[0], x[1] + y[1], x[2] + y[2], x[3] + y[3])


@bare
def _is_strained(c: County, s: Stand, j: int) -> bool:
    """Whether a site carries too much or too little."""
    return s.residents[j] < c.lower or over_now(c, s, j) > 0.0


@compiled
def _settle(c: County, s: Stand, dirty: BoolArray, count: int, total: Change) -> tuple[int, Change]:
    """Improve round the sites that changed until nothing does; length of the journal and change of the goals."""
    while dirty.any() and count + 2 <= len(s.changed):
        for j in np.flatnonzero(dirty):
            dirty[j] = False
            count, total = _settle_at(c, s, j, dirty, count, total)
    return count, total


@bare
def _settle_at(c: County, s: Stand, j: int, dirty: BoolArray, count: int, total: Change) -> tuple[int, Change]:
    """The same for the units that may go to one site."""
    for place in range(c.door_start[j], c.door_start[j + 1]):
        i = c.unit[c.door[place]]
        if count + 2 > len(s.changed):
            break
        if s.arc[i] < 0:
            continue
        first, second, change = _best_move(c, s, i, c.door[place])
        for a in (first, second):
            if a >= 0:
                dirty[c.site[s.arc[c.unit[a]]]] = dirty[c.site[a]] = True
                count = go(c, s, a, count)
        total = _sum(total, change)
    return count, total


@bare
def _best_move(c: County, s: Stand, i: int, door: int) -> tuple[int, int, Change]:
    """What a unit does when a site of its changed: go there if that is better, or if it is there, shift or swap."""
    nothing = (0.0, 0.0, 0.0, 0.0)
    if s.arc[i] != door:
        change = _shifted(c, s, i, door, _gone(c, s, i))
        return (door, -1, change) if _compare(c, change) < 0 else (-1, -1, nothing)
    best, change = _best_shift(c, s, i)
    return (best, -1, change) if best >= 0 or not c.swaps else _best_swap(c, s, i)


@compiled
def _improve(c: County, s: Stand, shakes: int, seed: int) -> None:
    """Settle everywhere; then move a few units round a site at random, settle, and keep the result unless it is
    worse, so many times."""
    np.random.seed(seed)  # noqa: NPY002
    seat_all(c, s)
    doors, done, nothing = np.flatnonzero(s.is_open), 0, (0.0, 0.0, 0.0, 0.0)
    while done <= shakes and len(doors) > 0:
        is_first = done == 0
        dirty = s.is_open.copy() if is_first else np.zeros(len(s.is_open), dtype=np.bool_)
        count, total = (0, nothing) if is_first else _scatter(c, s, doors, dirty)
        count, total = _settle(c, s, dirty, count, total)
        if _compare(c, total) > 0:
            _undo(c, s, count)
        done += 0 if is_first and count + 2 > len(s.changed) else 1


@bare
def _scatter(c: County, s: Stand, doors: IntArray, dirty: BoolArray) -> tuple[int, Change]:
    """Send a few units that could go to some site to any open school of theirs; the journal and the change."""
    count, total = 0, (0.0, 0.0, 0.0, 0.0)
    j = doors[np.random.randint(len(doors))]  # noqa: NPY002
    most = 1 + np.random.randint(5)  # noqa: NPY002
    for _ in range(most if c.door_start[j] < c.door_start[j + 1] else 0):
        i = c.unit[c.door[np.random.randint(c.door_start[j], c.door_start[j + 1])]]  # noqa: NPY002
        a = np.random.randint(c.start[i], c.start[i + 1])  # noqa: NPY002
        if s.arc[i] >= 0 and a != s.arc[i] and s.is_open[c.site[a]]:
            total = _sum(total, _shifted(c, s, i, a, _gone(c, s, i)))
            dirty[c.site[s.arc[i]]] = dirty[c.site[a]] = True
            count = go(c, s, a, count)
    return count, total
