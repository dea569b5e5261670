"""Good answers crossed: around some site as one of two says, elsewhere as the other, then annealed from less heat.

Source: crossover of neighbouring facilities, Hosage and Goodchild (1986) and later genetic searches in location.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from siting.compiled import compiled
from siting.location.classics.cover_moves import WARM, most
from siting.location.classics.cover_sets import Cover
from siting.study import IntArray

FIRST = 0.25
"""Share of all swaps that the first answers have."""

MILD = 0.4
"""Heat of crossed answers, relative to that of first ones."""

Offer = Callable[[IntArray], None]


class Crossing(NamedTuple):
    """How many answers are crossed with each other, how often two of them are, with so many swaps over all."""

    answers: int
    times: int
    swaps: int
    seed: int


def crossed(
    cover: Cover, begin: IntArray, likely: IntArray, how: Crossing, offer: Offer, goes_on: Callable[[], bool]
) -> None:
    """Offer answers as large as begin (p,), by place. likely (S,): sites by place, those most worth trying first."""
    pool, chance, first = list[tuple[float, IntArray]](), np.random.default_rng(how.seed), int(FIRST * how.swaps)
    for place in range(how.answers):
        if goes_on():
            pool.append(_kept(cover, most(cover, first // how.answers, begin, how.seed + place, likely), offer))
    for turn in range(how.times):
        if not goes_on() or len(pool) < 2:
            return
        one, two = chance.permutation(len(pool))[:2]
        child = _child(cover, pool[one][1], pool[two][1], chance)
        steps = int((1 - FIRST) * how.swaps) // how.times
        child = most(cover, steps, child, how.seed + how.answers + turn, likely, MILD * WARM)
        worse = min(one, two, key=lambda place: (pool[place][0], place))
        found = _kept(cover, child, offer)
        if found[0] > pool[worse][0] and all(found[0] != value for value, _ in pool):
            pool[worse] = found


def _kept(cover: Cover, places: IntArray, offer: Offer) -> tuple[float, IntArray]:
    """An answer with the weight that it covers, offered."""
    offer(cover.site[places])
    return float(cover.weight[cover.table[:, places].sum(axis=1) > 0].sum()), places


def _child(cover: Cover, one: IntArray, two: IntArray, chance: np.random.Generator) -> IntArray:
    """As many sites as in each of two answers: those of one around one of its sites, of two farther away."""
    p = len(one)
    rank = _ranks(cover.start, cover.by, cover.first, cover.covers, int(chance.choice(one)))
    share = int(chance.integers(p // 5, max(4 * p // 5, p // 5 + 1) + 1))
    near, far = one[np.argsort(rank[one], kind="stable")][:share], two[np.argsort(rank[two], kind="stable")][share:]
    both = np.union1d(near, far)
    more = np.setdiff1d(np.union1d(one, two), both)
    return np.concatenate([both, chance.permutation(more)[: p - len(both)]])


@compiled
def _ranks(start: IntArray, by: IntArray, first: IntArray, covers: IntArray, site: int) -> IntArray:
    """Sites (S,) in the order in which they are met from a site by units that two sites cover."""
    sites = len(first) - 1
    rank, seen, queue = np.full(sites, sites), np.zeros(len(start) - 1, dtype=np.bool_), np.zeros(sites, dtype=np.int64)
    queue[0], rank[site], count, head = site, 0, 1, 0
    while head < count:
        for i in covers[first[queue[head]] : first[queue[head] + 1]]:
            if seen[i]:
                continue
            seen[i] = True
            for j in by[start[i] : start[i + 1]]:
                if rank[j] == sites:
                    rank[j], queue[count] = count, j
                    count += 1
        head += 1
    return rank
