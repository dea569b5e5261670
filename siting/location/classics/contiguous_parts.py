"""A few neighbouring catchments drawn anew by a program; what it cuts off is fenced, and it tries again.

Load outside the limits is allowed at a price, so that overloaded catchments find their way back.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from siting.location import highs
from siting.location.classics.contiguous_ground import Ground
from siting.location.classics.contiguous_prices import Fence, add_fences, cut_off
from siting.location.program import Effort, Program, Rows
from siting.study import FloatArray, IntArray

NEAREST = 3
"""Sites among which a unit chooses, beside its own."""

ROUNDS = 8
"""How often a program is asked again with what it cut off fenced."""

PART = Effort(nodes=100, seconds=5.0, gap=1e-4)


@dataclass(frozen=True, slots=True)
class Part:
    """Units (U,) and sites (K,) of a part; column (U, K): where a pair stands among the columns, -1 for none."""

    units: IntArray
    sites: IntArray
    column: IntArray

    @property
    def pairs(self) -> tuple[IntArray, IntArray]:
        """Unit and site of every pair (A,), as positions in the part."""
        unit, site = np.nonzero(self.column >= 0)
        return unit, site


def part_of(ground: Ground, assigned: IntArray, sites: IntArray) -> Part:
    """The catchments of some sites: each unit with its own site and the nearest ones, each home with its own."""
    units = np.flatnonzero(np.isin(assigned, sites))
    cost = ground.cost[np.ix_(units, sites)]
    rank = np.argsort(np.argsort(cost, axis=1, kind="stable"), axis=1)
    may = ((rank < NEAREST) & np.isfinite(cost)) | (assigned[units][:, None] == sites[None, :])
    homes = np.searchsorted(units, ground.home[sites])
    may[homes] = np.eye(len(sites), dtype=bool)
    return Part(units, sites, np.where(may, np.cumsum(may).reshape(may.shape) - 1, -1))


def redrawn(
    ground: Ground, beside: list[list[int]], assigned: IntArray, sites: IntArray, price: float, effort: Effort = PART
) -> IntArray:
    """The catchments of some sites drawn anew (I,), contiguous; the same ones where nothing better was found."""
    part = part_of(ground, assigned, sites)
    start = _start(ground, part, assigned)
    fences: list[Fence] = _first_fences(ground, part, beside)
    until = time.perf_counter() + effort.seconds
    for _ in range(ROUNDS):
        left = until - time.perf_counter()
        if left <= 0:
            break
        program = _program(ground, part, price, fences)
        worth = float(program.cost @ start)
        outcome = highs.solve(program, replace(effort, seconds=left), start)
        if outcome.x is None or outcome.value >= worth - 1e-7 * max(1.0, abs(worth)):
            return assigned
        found = assigned.copy()
        unit, site = part.pairs
        used = outcome.x[: len(unit)] > 0.5
        found[part.units[unit[used]]] = part.sites[site[used]]
        more = _fences(ground, part, beside, found)
        if not more:
            return found
        fences += more
    return assigned


def _start(ground: Ground, part: Part, assigned: IntArray) -> FloatArray:
    """The catchments as they are, as a solution of the program."""
    own = np.searchsorted(part.sites, assigned[part.units])
    x = np.zeros(int(part.column.max()) + 1 + 2 * len(part.sites))
    x[part.column[np.arange(len(own)), own]] = 1.0
    load = np.bincount(own, weights=ground.demand[part.units], minlength=len(part.sites))
    x[-2 * len(part.sites) : -len(part.sites)] = np.maximum(0.0, load - ground.capacity[part.sites])
    x[-len(part.sites) :] = np.maximum(0.0, ground.lower[part.sites] - load)
    return x


def _program(ground: Ground, part: Part, price: float, fences: list[Fence]) -> Program:
    """Everybody goes to one site; loads within limits or at a price; fenced units only with one of those around."""
    unit, site = part.pairs
    pair, count = np.arange(len(unit)), len(part.sites)
    width, one = len(unit) + 2 * count, np.ones(len(unit))
    rows, k = Rows(width), np.arange(count)
    load = (site, pair, ground.demand[part.units[unit]])
    rows.add("assign", [str(i) for i in part.units], [(unit, pair, one)], 1.0, 1.0)
    over, under = (k, len(unit) + k, -np.ones(count)), (k, len(unit) + count + k, np.ones(count))
    rows.add("capacity", [str(j) for j in part.sites], [load, over], -np.inf, ground.capacity[part.sites])
    if ground.lower[part.sites].any():
        rows.add("lower load", [str(j) for j in part.sites], [load, under], ground.lower[part.sites], np.inf)
    add_fences(rows, fences)
    whole = np.arange(width) < len(unit)
    program = rows.program(np.zeros(width), np.where(whole, 1.0, np.inf), whole)
    cost = ground.cost[part.units[unit], part.sites[site]]
    return program.with_cost(np.concatenate([cost, np.full(2 * count, price)]))


def _first_fences(ground: Ground, part: Part, beside: list[list[int]]) -> list[Fence]:
    """Nobody goes to a site without a neighbour, the home's neighbours apart."""
    place = {int(i): k for k, i in enumerate(part.units)}
    fences = []
    for unit, site in zip(*part.pairs, strict=True):
        i, home = int(part.units[unit]), int(ground.home[part.sites[site]])
        if i != home and home not in beside[i]:
            around = [int(part.column[place[k], site]) for k in beside[i] if k in place]
            fences.append((int(part.column[unit, site]), [a for a in around if a >= 0]))
    return fences


def _fences(ground: Ground, part: Part, beside: list[list[int]], found: IntArray) -> list[Fence]:
    """What catchments cut off: each unit of a piece needs one of the units around the piece."""
    place = {int(i): k for k, i in enumerate(part.units)}
    fences = []
    for k, j in enumerate(part.sites):
        for piece, border in cut_off(beside, int(ground.home[j]), set(np.flatnonzero(found == j).tolist())):
            around = [int(part.column[place[i], k]) for i in sorted(border) if i in place]
            fences += [(int(part.column[place[i], k]), [a for a in around if a >= 0]) for i in sorted(piece)]
    return fences
