"""A small contiguous problem as one program: what its answers cut off is fenced until they are contiguous."""

from __future__ import annotations

import numpy as np

from siting.location import highs
from siting.location.classics.adjacency import Adjacency
from siting.location.classics.contiguous_prices import Fence, add_fences, cut_off
from siting.location.classics.load_program import load_rows, plan_of, program_of
from siting.location.classics.loads import Loads
from siting.location.program import Effort
from siting.study import IntArray

ROUNDS = 200


def whole_program(
    loads: Loads, adjacency: Adjacency, seconds: float
) -> tuple[float, tuple[IntArray, IntArray] | None] | None:
    """The bound, inf where there is no answer, and the answer where it was found; None where it was stopped early."""
    columns, rows = load_rows(loads)
    start, near = adjacency.beside(loads.pairs.units)
    beside = [part.tolist() for part in np.split(near, start[1:-1])]
    place = {(int(i), int(j)): a for a, (i, j) in enumerate(zip(loads.pairs.unit, loads.pairs.site, strict=True))}
    at_home = [(columns.pairs + j, [place[int(h), j]]) for j, h in enumerate(adjacency.home) if (int(h), j) in place]
    add_fences(rows, at_home)
    for _ in range(ROUNDS):
        outcome = highs.solve(program_of(loads, rows), Effort(seconds=seconds))
        if outcome.status == "infeasible":
            return np.inf, None
        if outcome.status != "optimal" or outcome.x is None:
            return None
        open_sites, assigned = plan_of(loads, columns, outcome.x)
        fences = _torn(beside, adjacency, place, assigned)
        if not fences:
            return outcome.bound, (open_sites, assigned)
        add_fences(rows, fences)
    return None


def _torn(
    beside: list[list[int]], adjacency: Adjacency, place: dict[tuple[int, int], int], assigned: IntArray
) -> list[Fence]:
    """What catchments cut off: each unit of a piece needs one of the units around the piece."""
    fences = []
    for j in np.unique(assigned).tolist():
        members = set(np.flatnonzero(assigned == j).tolist())
        for piece, border in cut_off(beside, int(adjacency.home[j]), members):
            around = [place[k, j] for k in sorted(border) if (k, j) in place]
            fences += [(place[i, j], around) for i in sorted(piece)]
    return fences
