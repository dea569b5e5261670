"""Covering: the fewest sites that reach everybody, and p sites that reach most.

Sources: location set covering, Toregas, Swain, ReVelle and Bergman (1971); maximal covering, Church and ReVelle (1974).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from siting.errors import SolverError
from siting.location import highs
from siting.location.classics import cover_fewest, cover_most
from siting.location.classics.checks import column, count, positions
from siting.location.classics.cover_program import program
from siting.location.classics.cover_sets import covered, opened, pairs_within
from siting.location.classics.pairs import Pairs, nearest_open
from siting.location.classics.solution import CLOSED, SMALL, Incumbent, Search, Solution
from siting.location.instance import BoolArray
from siting.location.program import Effort
from siting.study import FloatArray, IntArray


def set_covering(within: BoolArray | Pairs, *, fixed: Iterable[int] = (), seconds: float = 60.0) -> Solution:
    """The fewest open sites such that every unit is within reach of one.

    within: boolean (I, J), or pairs. fixed sites are open and count. Every unit goes to the nearest open site, where
    within is a matrix to the first. If some unit has no pair the problem is infeasible; whoever wants the others
    covered leaves that unit out. Raises InputError on arguments that make no sense, SolverError where two methods
    disagree.
    Source: Toregas, Swain, ReVelle and Bergman (1971).
    """
    pairs = pairs_within(within)
    stay = positions("fixed", fixed, pairs.sites)
    search = Search(pairs.units, seconds, is_whole=True)
    if (np.diff(pairs.start) == 0).any():
        search.prove(float("inf"))
        return search.solution()
    rest = opened(covered(pairs, np.ones(pairs.units)), stay)

    def offer(sites: IntArray) -> None:
        is_open = _mask(pairs.sites, stay, sites)
        assigned = nearest(pairs, is_open)
        if (assigned >= 0).all():
            search.offer(np.flatnonzero(is_open), assigned, float(is_open.sum()))

    cover_fewest.solve(rest, search, len(stay), offer)
    _second_opinion("set_covering", pairs, np.ones(pairs.units), None, stay, search)
    return search.solution()


def maximal_covering(
    within: BoolArray | Pairs, weight: FloatArray, p: int, *, fixed: Iterable[int] = (), seconds: float = 60.0
) -> Solution:
    """p open sites within reach of as much weight as possible; the value is the weight covered, the bound is no less.

    within: boolean (I, J), or pairs. weight (I,). fixed sites are open and count. Every covered unit goes to the
    nearest open site, where within is a matrix to the first; the others to -1. Raises InputError on arguments that
    make no sense, SolverError where two methods disagree.
    Source: Church and ReVelle (1974).
    """
    pairs = pairs_within(within)
    weight = column("weight", weight, pairs.units)
    stay = positions("fixed", fixed, pairs.sites)
    p = count(p, stay, pairs.sites)
    search = Search(pairs.units, seconds, is_whole=bool((weight == np.round(weight)).all()))
    rest = opened(covered(pairs, weight), stay)
    base = float(weight.sum() - rest.weight.sum())

    def offer(sites: IntArray) -> None:
        is_open = _mask(pairs.sites, stay, sites)
        is_open[np.flatnonzero(~is_open)[: p - is_open.sum()]] = True
        assigned = nearest(pairs, is_open)
        search.offer(np.flatnonzero(is_open), assigned, -float(weight[assigned >= 0].sum()))

    cover_most.solve(rest, search, p - len(stay), base, offer)
    _second_opinion("maximal_covering", pairs, weight, p, stay, search)
    return _turned(search.solution())


def nearest(pairs: Pairs, is_open: BoolArray) -> IntArray:
    """The open site (J,) that stands first in every unit's row, -1 where there is none."""
    pair = nearest_open(pairs.start, pairs.site, is_open)
    assigned = np.full(pairs.units, -1, dtype=np.int64)
    assigned[pair >= 0] = pairs.site[pair[pair >= 0]]
    return assigned


def _mask(sites: int, stay: IntArray, chosen: IntArray) -> BoolArray:
    is_open = np.zeros(sites, dtype=bool)
    is_open[stay] = True
    is_open[chosen] = True
    return is_open


def _turned(said: Solution) -> Solution:
    """An answer to a problem that maximises, searched as one that minimises."""
    better = tuple(Incumbent(one.seconds, 0.0 - one.value) for one in said.incumbents)
    return Solution(said.open, said.assigned, 0.0 - said.value, 0.0 - said.bound, said.status, better)


def _second_opinion(
    problem: str, pairs: Pairs, weight: FloatArray, p: int | None, stay: IntArray, search: Search
) -> None:
    """Where the whole problem is small, what one plain program says of it. Raises SolverError if it disagrees."""
    if len(pairs) > SMALL or search.left <= 0:
        return
    plain = program(covered(pairs, weight), p)
    lower = plain.lower.copy()
    lower[stay] = 1.0
    said = highs.solve(plain.with_bounds(lower, plain.upper), Effort(seconds=search.left))
    shift = 0.0 if p is None else float(weight.sum())
    value, bound = said.value - shift, said.bound - shift
    slack = CLOSED * max(1.0, abs(search.value)) + 1e-6 * shift
    if value < search.bound - slack or bound > search.value + slack:
        raise SolverError(
            f"{problem}: worth {search.value} at a bound of {search.bound}, but a second method says "
            f"{value} at a bound of {bound}"
        )
