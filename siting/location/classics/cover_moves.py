"""Good answers by moves: a site out, a site in, again and again.

Sources: annealing, Kirkpatrick, Gelatt and Vecchi (1983); unicost covering by row weights, Gao, Weise and Li (2015).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from siting.compiled import bare, compiled, within
from siting.location.classics.cover_sets import Cover
from siting.location.instance import BoolArray
from siting.project import SEED
from siting.study import FloatArray, IntArray

WARM, COLD = 0.02, 0.002
"""First and last temperature of annealing, as shares of what an open site covers on average."""

BENT = 2.0
"""Power of chance by which the likeliest sites are tried most."""


class _Sets(NamedTuple):
    """Rows per unit and per site as in Cover, and the weight of units."""

    start: IntArray
    by: IntArray
    first: IntArray
    covers: IntArray
    weight: FloatArray


class _Open(NamedTuple):
    """Open sites: chosen, ranked first (S,), and each one's rank; times each unit is covered and the sum of the sites
    that cover it (U,); score (S,): what an open site alone covers, what a closed one would cover anew."""

    chosen: IntArray
    rank: IntArray
    times: IntArray
    sole: IntArray
    score: FloatArray


class _Course(NamedTuple):
    """First and last temperature; steps; sites (S,) by which they are tried, and how much rather the first."""

    heat: tuple[float, float]
    steps: int
    likely: IntArray
    bent: float


def fewest(cover: Cover, steps: int) -> IntArray:
    """Sites, by place, that cover everybody: few of them, not provably the fewest."""
    return np.flatnonzero(_fewest(_sets(cover), steps, _dice(SEED)))


def most(
    cover: Cover, steps: int, begin: IntArray, seed: int, likely: IntArray | None = None, warm: float = WARM
) -> IntArray:
    """As many sites as begin (p,), by place, that cover much weight: swaps from begin, from warm ever colder.

    likely (S,): sites by place, those most worth trying first; without it all are tried alike.
    """
    heat = float(cover.weight.sum()) / max(len(begin), 1)
    order, bent = (np.arange(len(cover.site)), 1.0) if likely is None else (likely, BENT)
    course = _Course((warm * heat, COLD * heat), steps, order, bent)
    return np.asarray(_annealed(_sets(cover), np.asarray(begin, dtype=np.int64), course, _dice(seed)))


def greedy(cover: Cover, p: int) -> IntArray:
    """p sites, by place, each the one that covers most weight not yet covered."""
    return np.asarray(_greedy(_sets(cover), p))


def _sets(cover: Cover) -> _Sets:
    return _Sets(cover.start, cover.by, cover.first, cover.covers, cover.weight)


def _dice(seed: int) -> NDArray[np.uint64]:
    return np.array([seed * 2 + 1], dtype=np.uint64)


@bare
def _thrown(dice: NDArray[np.uint64]) -> float:
    """A number from 0 to below 1 by chance. Source: xorshift of Marsaglia (2003)."""
    bits = dice[0]
    bits ^= bits << np.uint64(13)
    bits ^= bits >> np.uint64(7)
    bits ^= bits << np.uint64(17)
    dice[0] = bits
    return np.float64(bits >> np.uint64(11)) / 9007199254740992.0


@within
def _none_open(sets: _Sets) -> _Open:
    units, sites = len(sets.start) - 1, len(sets.first) - 1
    score = np.zeros(sites)
    for j in range(sites):
        for a in range(sets.first[j], sets.first[j + 1]):
            score[j] += sets.weight[sets.covers[a]]
    zeros = np.zeros(units, dtype=np.int64)
    return _Open(np.arange(sites), np.arange(sites), zeros, zeros.copy(), score)


@bare
def _placed(plan: _Open, j: int, rank: int) -> None:
    """Site j changes its rank with the site that has the rank."""
    other, old = plan.chosen[rank], plan.rank[j]
    plan.chosen[rank], plan.chosen[old] = j, other
    plan.rank[j], plan.rank[other] = rank, old


@bare
def _enter(sets: _Sets, plan: _Open, j: int) -> None:
    """Open site j as far as open sites' scores are concerned."""
    plan.score[j] = 0.0
    for a in range(sets.first[j], sets.first[j + 1]):
        i = sets.covers[a]
        if plan.times[i] == 0:
            plan.score[j] += sets.weight[i]
        elif plan.times[i] == 1:
            plan.score[plan.sole[i]] -= sets.weight[i]
        plan.times[i] += 1
        plan.sole[i] += j


@bare
def _leave(sets: _Sets, plan: _Open, j: int) -> None:
    """Close site j as far as open sites' scores are concerned."""
    for a in range(sets.first[j], sets.first[j + 1]):
        i = sets.covers[a]
        plan.times[i] -= 1
        plan.sole[i] -= j
        if plan.times[i] == 1:
            plan.score[plan.sole[i]] += sets.weight[i]


@bare
def _spread(sets: _Sets, plan: _Open, j: int, but: int, more: float) -> None:
    """The sites that cover the units of j which are covered by it alone, except one, score more."""
    for a in range(sets.first[j], sets.first[j + 1]):
        i = sets.covers[a]
        if plan.times[i] == 1:
            for b in range(sets.start[i], sets.start[i + 1]):
                if sets.by[b] != but:
                    plan.score[sets.by[b]] += more * sets.weight[i]


@compiled
def _greedy(sets: _Sets, p: int) -> IntArray:
    plan = _none_open(sets)
    for q in range(p):
        j = plan.chosen[q]
        for k in plan.chosen[q + 1 :]:
            if plan.score[k] > plan.score[j] or (plan.score[k] == plan.score[j] and k < j):
                j = k
        _placed(plan, j, q)
        _enter(sets, plan, j)
        _spread(sets, plan, j, j, -1.0)
    return plan.chosen[:p]


@bare
def _gain(sets: _Sets, plan: _Open, j: int, shared: FloatArray) -> float:
    """What site j would cover anew; shared (S,) becomes what it would also take over from those that cover it alone."""
    gain = 0.0
    for a in range(sets.first[j], sets.first[j + 1]):
        i = sets.covers[a]
        if plan.times[i] == 0:
            gain += sets.weight[i]
        elif plan.times[i] == 1:
            shared[plan.sole[i]] += sets.weight[i]
    return gain


@bare
def _unshared(sets: _Sets, plan: _Open, j: int, shared: FloatArray) -> None:
    for a in range(sets.first[j], sets.first[j + 1]):
        if plan.times[sets.covers[a]] == 1:
            shared[plan.sole[sets.covers[a]]] = 0.0


@bare
def _least(plan: _Open, p: int, shared: FloatArray) -> int:
    """The open site that is missed least."""
    best, least = plan.chosen[0], np.inf
    for q in range(p):
        k = plan.chosen[q]
        if plan.score[k] - shared[k] < least:
            best, least = k, plan.score[k] - shared[k]
    return best


@compiled
def _annealed(sets: _Sets, begin: IntArray, course: _Course, dice: NDArray[np.uint64]) -> IntArray:
    plan, p = _none_open(sets), len(begin)
    shared = np.zeros(len(plan.score))
    for q in range(p):
        _placed(plan, begin[q], q)
        _enter(sets, plan, begin[q])
    best = begin.copy()
    _cool(sets, plan, shared, course, best, dice)
    return best


@bare
def _cool(
    sets: _Sets, plan: _Open, shared: FloatArray, course: _Course, best: IntArray, dice: NDArray[np.uint64]
) -> None:
    """Exchange sites at random, likely ones first; best becomes the best met."""
    heat, steps, likely, bent = course
    p, value, best_value = len(best), 0.0, 0.0
    for step in range(steps):
        j = likely[int(_thrown(dice) ** bent * len(likely))]
        if plan.rank[j] < p:
            continue
        gain = _gain(sets, plan, j, shared)
        k = _least(plan, p, shared)
        change = gain - plan.score[k] + shared[k]
        _unshared(sets, plan, j, shared)
        if change >= 0.0 or _thrown(dice) < np.exp(change / (heat[0] * (heat[1] / heat[0]) ** (step / steps))):
            _placed(plan, j, plan.rank[k])
            _leave(sets, plan, k)
            _enter(sets, plan, j)
            value += change
            if value > best_value + 1e-9 * abs(best_value):
                best_value = value
                for q in range(p):
                    best[q] = plan.chosen[q]


class _Weighing(NamedTuple):
    """What weighing units needs besides: when each site last moved, whether it may enter (S,), the uncovered units
    ranked first (U,), each one's rank, and how many sites are open and units uncovered."""

    moved: IntArray
    may: BoolArray
    bare: IntArray
    place: IntArray
    tally: IntArray


@bare
def _bared(state: _Weighing, i: int, is_bare: bool) -> None:
    """Unit i becomes uncovered, or covered."""
    last = state.tally[1] if is_bare else state.tally[1] - 1
    other, old = state.bare[last], state.place[i]
    state.bare[last], state.bare[old] = i, other
    state.place[i], state.place[other] = last, old
    state.tally[1] += 1 if is_bare else -1


@bare
def _opened(sets: _Sets, plan: _Open, state: _Weighing, j: int) -> None:
    """Open site j, all scores kept."""
    _placed(plan, j, state.tally[0])
    state.tally[0] += 1
    for a in range(sets.first[j], sets.first[j + 1]):
        i = sets.covers[a]
        if plan.times[i] == 0:
            _bared(state, i, False)
        for b in range(sets.start[i], sets.start[i + 1]):
            state.may[sets.by[b]] = True
    _enter(sets, plan, j)
    _spread(sets, plan, j, j, -1.0)


@bare
def _closed(sets: _Sets, plan: _Open, state: _Weighing, j: int) -> None:
    """Close site j, all scores kept."""
    _spread(sets, plan, j, j, 1.0)
    _leave(sets, plan, j)
    state.tally[0] -= 1
    _placed(plan, j, state.tally[0])
    for a in range(sets.first[j], sets.first[j + 1]):
        i = sets.covers[a]
        if plan.times[i] == 0:
            _bared(state, i, True)
        for b in range(sets.start[i], sets.start[i + 1]):
            state.may[sets.by[b]] = True
    state.may[j] = False


@bare
def _missed_least(plan: _Open, state: _Weighing, but: int) -> int:
    """The open site that covers least alone, of equal ones the one that stands longest; but one stays."""
    best = -1
    for q in range(state.tally[0]):
        k = plan.chosen[q]
        if k == but:
            continue
        if best < 0 or (plan.score[k], state.moved[k]) < (plan.score[best], state.moved[best]):
            best = k
    return best


@bare
def _wanted_most(sets: _Sets, plan: _Open, state: _Weighing, i: int) -> int:
    """The site that may enter, covers unit i and most besides, then the one that waits longest; -1 for none."""
    best = -1
    for b in range(sets.start[i], sets.start[i + 1]):
        k = sets.by[b]
        if not state.may[k]:
            continue
        if best < 0 or (-plan.score[k], state.moved[k]) < (-plan.score[best], state.moved[best]):
            best = k
    return best


@bare
def _weighed(sets: _Sets, plan: _Open, state: _Weighing) -> None:
    """Every uncovered unit weighs one more."""
    for u in range(state.tally[1]):
        i = state.bare[u]
        sets.weight[i] += 1.0
        for b in range(sets.start[i], sets.start[i + 1]):
            plan.score[sets.by[b]] += 1.0


@compiled
def _fewest(given: _Sets, steps: int, dice: NDArray[np.uint64]) -> BoolArray:
    """A cover from which a site leaves whenever nobody is uncovered; then sites change places until nobody is again."""
    sets = _Sets(given.start, given.by, given.first, given.covers, np.ones(len(given.weight)))
    plan, units, sites = _none_open(sets), len(given.weight), len(given.first) - 1
    state = _Weighing(
        np.zeros(sites, dtype=np.int64),
        np.ones(sites, dtype=np.bool_),
        np.arange(units),
        np.arange(units),
        np.array([0, units]),
    )
    best, entered = np.ones(sites, dtype=np.bool_), -1
    while state.tally[1] > 0:
        _opened(sets, plan, state, np.argmax(plan.score * (plan.rank >= state.tally[0])))
    for step in range(steps):
        while state.tally[1] == 0 and state.tally[0] > 0:
            best[:] = plan.rank < state.tally[0]
            _closed(sets, plan, state, _missed_least(plan, state, -1))
        if state.tally[0] <= 1:
            break
        out = _missed_least(plan, state, entered)
        _closed(sets, plan, state, out)
        entered = _wanted_most(sets, plan, state, state.bare[int(_thrown(dice) * state.tally[1])])
        state.moved[out] = step
        if entered >= 0:
            state.moved[entered] = step
            _opened(sets, plan, state, entered)
            _weighed(sets, plan, state)
    if state.tally[1] == 0:
        best[:] = plan.rank < state.tally[0]
    return best
