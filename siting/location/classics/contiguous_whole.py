"""A small contiguous problem as one program: what its answers cut off is fenced until they are contiguous."""

from __future__ import annotations

import numpy as np

from siting.location import highs
from siting.location.classics.adjacency import Adjacency
from siting.location.classics.contiguous_prices import cut_off
from siting.location.classics.load_program import load_rows, plan_of
from siting.location.classics.loads import Loads
from siting.location.program import Effort, Rows
from siting.study import FloatArray, IntArray

ROUNDS = 200

Fence = tuple[int, list[int]]


def whole_program(
    loads: Loads, adjacency: Adjacency, seconds: float
) -> tuple[float, tuple[IntArray, IntArray] | None] | None:
    """The bound, inf where there is no answer, and the answer where it was found; None where it was stopped early."""
    columns, rows = load_rows(loads)
    start, near = adjacency.beside(loads.pairs.units)
    beside = [part.tolist() for part in np.split(near, start[1:-1])]
    place = {(int(i), int(j)): a for a, (i, j) in enumerate(zip(loads.pairs.unit, loads.pairs.site, strict=True))}
    at_home = [(columns.pairs + j, [place[int(h), j]]) for j, h in enumerate(adjacency.home) if (int(h), j) in place]
    _fence(rows, at_home)
    width = columns.pairs + columns.sites
    lower = np.concatenate([np.zeros(columns.pairs), loads.is_fixed.astype(float)])
    cost: FloatArray = np.concatenate([loads.cost, loads.fixed_cost])
    for _ in range(ROUNDS):
        program = rows.program(lower, np.ones(width), np.ones(width, dtype=bool)).with_cost(cost)
        outcome = highs.solve(program, Effort(seconds=seconds))
        if outcome.status == "infeasible":
            return np.inf, None
        if outcome.status != "optimal" or outcome.x is None:
            return None
        open_sites, assigned = plan_of(loads, columns, outcome.x)
        fences = _torn(beside, adjacency, place, assigned)
        if not fences:
            return outcome.bound, (open_sites, assigned)
        _fence(rows, fences)
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


def _fence(rows: Rows, fences: list[Fence]) -> None:
    row = np.repeat(np.arange(len(fences)), [len(around) for _, around in fences])
    around = np.array([a for _, some in fences for a in some], dtype=np.int64)
    lone = np.array([a for a, _ in fences], dtype=np.int64)
    entries = [(np.arange(len(fences)), lone, np.ones(len(lone))), (row, around, -np.ones(len(row)))]
    rows.add("connected", [""] * len(fences), entries, -np.inf, 0.0)
