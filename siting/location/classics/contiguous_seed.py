"""Where contiguous catchments are drawn first: at the sites that are best when catchments may lie in pieces, and at
sets of sites that differ from them by one."""

from __future__ import annotations

import time
from typing import NamedTuple

import numpy as np

from siting.location.classics.load_moves import settled
from siting.location.classics.loads import Loads
from siting.location.classics.solution import Solution
from siting.study import IntArray


class Answer(NamedTuple):
    """What an answer is worth, its sites (P,) and the site of every unit (I,)."""

    value: float
    open: IntArray
    assigned: IntArray


def without_contiguity(loads: Loads, seconds: float) -> Solution:
    """The answer of the same instance whose catchments may lie in pieces; its bound holds for contiguous ones too."""
    from siting.location.classics.capacitated import solve_loads

    return solve_loads(loads, seconds)


def near_sets(loads: Loads, sites: IntArray) -> list[IntArray]:
    """Sets of sites with one exchanged, or where their number is free, one more or one less."""
    rest = np.setdiff1d(np.arange(loads.pairs.sites), sites)
    loose = sites[~loads.is_fixed[sites]]
    found = [np.sort(np.append(np.setdiff1d(sites, j), k)) for j in loose for k in rest]
    if loads.p is None:
        found += [np.setdiff1d(sites, j) for j in loose] + [np.sort(np.append(sites, k)) for k in rest]
    return found


def drawn_near(loads: Loads, first: Solution, seconds: float) -> list[Answer]:
    """Answers at sets of sites near the best one, catchments in pieces, the cheapest first; from every better one that
    is found its own near sets, until there is none or the seconds are over."""
    until = time.perf_counter() + seconds
    pool = {first.open.tobytes(): Answer(first.value, first.open, first.assigned)}
    seen: set[bytes] = set()
    while time.perf_counter() < until:
        best = min(pool.values(), key=lambda answer: answer.value)
        if best.open.tobytes() in seen:
            break
        seen.add(best.open.tobytes())
        for near in near_sets(loads, best.open):
            if near.tobytes() not in pool and time.perf_counter() < until:
                pool[near.tobytes()] = _answer(loads, near)
    return sorted((answer for answer in pool.values() if np.isfinite(answer.value)), key=lambda answer: answer.value)


def _answer(loads: Loads, sites: IntArray) -> Answer:
    """Everybody settled at a set of sites; worth inf where that fails."""
    assigned = settled(loads, sites, np.zeros(loads.pairs.sites), 0)
    if assigned is None or not loads.is_held(sites, assigned):
        return Answer(np.inf, sites, np.full(loads.pairs.units, -1, dtype=np.int64))
    return Answer(loads.value(sites, assigned), sites, assigned)
