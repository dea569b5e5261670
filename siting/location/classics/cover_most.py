"""p sites that cover most: equal units merged, dominated sites left out, swaps, prices, the rest by a whole program."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from siting.location import highs
from siting.location.classics.beside import beside
from siting.location.classics.cover_cross import Crossing, crossed
from siting.location.classics.cover_cuts import most_cut
from siting.location.classics.cover_moves import greedy, most
from siting.location.classics.cover_prices import Priced, most_bound
from siting.location.classics.cover_program import program
from siting.location.classics.cover_sets import Cover, merged, without_dominated_sites
from siting.location.classics.solution import Search
from siting.location.program import Effort
from siting.project import SEED
from siting.study import FloatArray, IntArray

Offer = Callable[[IntArray], None]

WORK = 300_000_000
"""Pairs looked at by swaps in one round, and as many by price steps."""

SWAPS = 1_000
"""Swaps for every site in one round at most."""

QUICK = 20
"""The first answer has so many times fewer swaps than the last."""

NODES = 20_000
"""Nodes of the tree at most."""

FIRST, BESIDE = (8, 150, 3), (24, 600, 24)
"""Answers that are crossed with each other, times two of them are, and times as many swaps as in a round: at first, and
beside the cuts, as far as these take that long."""

LARGE = 100_000
"""Problems of no more pairs are closed so soon that it would be chance which of several best answers is found."""

LATE = 0.5
"""Share of the time after which none are crossed at first."""

ROUNDS = 10
"""Linear programs with ever more cuts at most."""

CUTTING = 0.85
"""Share of the time left that they may take."""

START = 0.5
"""Share of its weight that a unit pays before the first step."""


def solve(cover: Cover, search: Search, p: int, base: float, offer: Offer) -> None:
    """Search for the p sites that cover most of the units' weight. base is covered already; offer takes sites by name.
    Bounds are proved as of minus the weight covered."""
    small = without_dominated_sites(merged(cover))
    if p >= len(small.site):
        offer(small.site)
        search.prove(-base - float(small.weight.sum()))
        return
    if p == 0:
        offer(np.zeros(0, dtype=np.int64))
        search.prove(-base)
        return
    best = greedy(small, p)
    offer(small.site[best])
    swaps = _swaps(small, p, search)
    best = _better(small, best, swaps // QUICK, SEED)
    offer(small.site[best])
    priced = _priced(small, p, -search.value - base, search)
    search.prove(-base - priced.bound)
    likely = np.argsort(priced.if_opened - priced.if_closed, kind="stable")

    def cross(how: tuple[int, int, int], seed: int, goes_on: Callable[[], bool]) -> None:
        answers, times, long = how
        crossed(small, best, likely, Crossing(answers, times, long * swaps, seed), offer, goes_on)

    cross(FIRST, SEED, lambda: not search.is_closed and search.left > LATE * search.seconds)
    if search.is_closed or search.left <= 0:
        return
    is_large = len(small.by) > LARGE
    with beside(lambda is_over: cross(BESIDE, SEED + 1, lambda: is_large and not is_over.is_set())):
        priced = _sharpened(small, p, priced, search)
        search.prove(-base - priced.bound)
        _close(small, priced, search, p, base, offer)


def _better(cover: Cover, places: IntArray, swaps: int, seed: int) -> IntArray:
    """Sites, by place, that cover no less than those given."""
    found = most(cover, swaps, places, seed)
    return max(places, found, key=lambda sites: float(cover.weight[cover.table[:, sites].sum(axis=1) > 0].sum()))


def _swaps(cover: Cover, p: int, search: Search) -> int:
    work = min(WORK, int(3e7 * max(search.left, 0.0)))
    return min(SWAPS * len(cover.site), work // (p + 1 + len(cover.by) // len(cover.site)))


def _priced(cover: Cover, p: int, value: float, search: Search) -> Priced:
    work = min(WORK, int(3e7 * max(search.left, 0.0)))
    steps = min(3_000, max(50, work // len(cover.by)))
    return most_bound(cover, p, value, steps, START * cover.weight)


def _sharpened(cover: Cover, p: int, priced: Priced, search: Search) -> Priced:
    """The better of a bound and one from linear programs with cuts."""
    if search.is_closed:
        return priced
    until = search.left * (1 - CUTTING)
    other = most_cut(cover, p, ROUNDS, lambda: search.left - until).priced
    return other if other.bound < priced.bound else priced


def _close(cover: Cover, priced: Priced, search: Search, p: int, base: float, offer: Offer) -> None:
    """Look for something better among what prices leave in doubt, by a whole program."""
    if search.is_closed or search.left <= 0:
        return
    limit = priced.bound + base + search.value - (1.0 if search.is_whole else 0.0) + 1e-6
    is_in, is_out = priced.if_closed > limit, priced.if_opened > limit
    units = cover.table @ is_in.astype(float) == 0
    sure = base + float(cover.weight[~units].sum())
    rest = merged(cover.keep(units, ~is_in & ~is_out))
    number = p - int(is_in.sum())
    if not 0 <= number <= len(rest.site):
        search.prove(search.value)
        return
    said = highs.solve(program(rest, number), Effort(nodes=NODES, seconds=search.left), _as_start(rest, search, number))
    if said.x is not None:
        offer(np.concatenate([cover.site[is_in], rest.site[said.x[: len(rest.site)] > 0.5]]))
    search.prove(min(search.value, said.bound - float(rest.weight.sum()) - sure))


def _as_start(rest: Cover, search: Search, number: int) -> FloatArray | None:
    """The best answer in the columns of the program, where it is one of its answers."""
    begin = np.isin(rest.site, search.open).astype(float)
    if begin.sum() != number:
        return None
    return np.concatenate([begin, rest.table @ begin == 0])
