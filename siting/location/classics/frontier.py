"""The whole frontier: what each number of open sites is worth, neighbours lending each other answers and bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from siting.errors import SolverError
from siting.location.classics.solution import CLOSED, Solution
from siting.study import IntArray


def frontier(solve: Callable[[int], Solution], counts: Iterable[int]) -> tuple[Solution, ...]:
    """The solutions for several numbers of open sites, in the order of counts.

    solve(p) answers for one p, in a problem where one more open site never makes the best answer worse; it is called
    with p ascending, so that one that remembers, as `p_medians`, begins each p where the last one ended. An answer
    with fewer sites is one with more, any others open beside it; a bound with more sites is one with fewer.
    Raises SolverError where a bound disagrees with an answer that has fewer sites.
    """
    wanted = list(counts)
    ascending = sorted(set(wanted))
    found = [solve(p) for p in ascending]
    sign = -1.0 if any(one.bound > one.value for one in found) else 1.0
    for k in range(1, len(found)):
        found[k] = _answered(found[k], found[k - 1], ascending[k], sign)
    for k in reversed(range(len(found) - 1)):
        found[k] = _bounded(found[k], found[k + 1], sign)
    return tuple(found[ascending.index(p)] for p in wanted)


def _answered(one: Solution, fewer: Solution, p: int, sign: float) -> Solution:
    """A solution, or that with fewer sites and others beside it where it is better."""
    if not sign * fewer.value < sign * one.value:
        return one
    if sign * (one.bound - fewer.value) > CLOSED * max(1.0, abs(fewer.value)):
        raise SolverError(f"a bound of {one.bound} for {p} sites disagrees with an answer worth {fewer.value}")
    bound = sign * min(sign * one.bound, sign * fewer.value)
    return _stated(replace(fewer, open=_beside(fewer.open, p), bound=bound, incumbents=one.incumbents))


def _beside(open_sites: IntArray, p: int) -> IntArray:
    """The open sites and the first closed ones, p in all."""
    closed = np.setdiff1d(np.arange(p), open_sites)
    return np.sort(np.concatenate([open_sites, closed[: p - len(open_sites)]]))


def _bounded(one: Solution, more: Solution, sign: float) -> Solution:
    """A solution with the bound of more sites where that is better."""
    if not sign * more.bound > sign * one.bound:
        return one
    return _stated(replace(one, bound=more.bound))


def _stated(one: Solution) -> Solution:
    """A solution with the status its value and bound give it."""
    if one.bound == one.value == np.inf:
        return replace(one, status="infeasible")
    return replace(one, status="optimal" if one.gap <= CLOSED else "stopped early")
