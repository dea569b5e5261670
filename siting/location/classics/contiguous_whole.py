"""A contiguous problem that is small, or whose sites are settled, as one program: what its answers cut off is fenced
until they are contiguous."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from siting.location import highs
from siting.location.classics.adjacency import Adjacency
from siting.location.classics.contiguous_prices import Fence, Separator, add_fences, cut_off
from siting.location.classics.load_program import load_rows, plan_of, program_of
from siting.location.classics.loads import Loads
from siting.location.program import Effort
from siting.study import IntArray

ROUNDS = 200
SHORTEST = 0.1
"""Seconds that a program is given at least."""


def whole_program(
    loads: Loads, adjacency: Adjacency, effort: Effort, above: float = np.inf, known: Sequence[Separator] = ()
) -> tuple[float, tuple[IntArray, IntArray] | None]:
    """The bound, inf where there is no answer worth less than above, and the best answer, if it was found. known: rows
    to begin with."""
    if (np.diff(loads.pairs.start) == 0).any():
        return np.inf, None
    until, bound = time.perf_counter() + effort.seconds, -np.inf
    columns, rows = load_rows(loads)
    start, near = adjacency.beside(loads.pairs.units)
    beside = [part.tolist() for part in np.split(near, start[1:-1])]
    place = {(int(i), int(j)): a for a, (i, j) in enumerate(zip(loads.pairs.unit, loads.pairs.site, strict=True))}
    at_home = [(columns.pairs + j, [place[int(h), j]]) for j, h in enumerate(adjacency.home) if (int(h), j) in place]
    add_fences(rows, at_home + _fences([*_lonely(beside, adjacency, place), *known], place))
    for _ in range(ROUNDS):
        left = max(until - time.perf_counter(), SHORTEST)
        outcome = highs.solve(program_of(loads, rows), replace(effort, seconds=left), above=above)
        bound = np.inf if outcome.status == "infeasible" else max(bound, outcome.bound)
        if outcome.x is None:
            return bound, None
        open_sites, assigned = plan_of(loads, columns, outcome.x)
        torn = _torn(beside, adjacency, assigned)
        if not torn:
            return bound, (open_sites, assigned)
        if until < time.perf_counter():
            break
        add_fences(rows, _fences(torn, place))
    return bound, None


def _lonely(beside: list[list[int]], adjacency: Adjacency, place: dict[tuple[int, int], int]) -> Iterator[Separator]:
    """Nobody goes to a site without a neighbour, the home apart and the units beside it, which have it."""
    for i, j in place:
        if adjacency.home[j] != i and adjacency.home[j] not in beside[i]:
            yield i, j, beside[i]


def _fences(separators: Sequence[Separator], place: dict[tuple[int, int], int]) -> list[Fence]:
    """Separators as rows, those of pairs that there are."""
    said = [(i, j, around) for i, j, around in separators if (i, j) in place]
    return [(place[i, j], [place[k, j] for k in around if (k, j) in place]) for i, j, around in said]


def _torn(beside: list[list[int]], adjacency: Adjacency, assigned: IntArray) -> list[Separator]:
    """What catchments cut off: each unit of a piece needs one of the units around the piece."""
    torn = list[Separator]()
    for j in np.unique(assigned).tolist():
        members = set(np.flatnonzero(assigned == j).tolist())
        for piece, border in cut_off(beside, int(adjacency.home[j]), members):
            torn += [(i, j, sorted(border)) for i in sorted(piece)]
    return torn
