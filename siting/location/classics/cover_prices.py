"""Bounds on covering from what each unit pays for being covered: any prices give a valid one, good ones come by steps.

Sources: Caprara, Fischetti and Toth (1999) for covering all; Galvão and ReVelle (1996) for covering most.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from siting.compiled import compiled, within
from siting.location.classics.cover_sets import Cover
from siting.location.instance import BoolArray
from siting.study import FloatArray, IntArray

PATIENCE = 10
"""Steps without a better bound after which they become shorter."""

SHORTER = 0.7

INERTIA = 0.7
"""Share of the last step's direction in the next."""

NEAR = 1e-6
"""A bound this near to the target, relative to it, is good enough."""


@dataclass(frozen=True, slots=True)
class Priced:
    """A bound, and how much it worsens at least if a site (S,) is opened or closed: 0 where that agrees."""

    bound: float
    if_opened: FloatArray
    if_closed: FloatArray


def fewest_bound(cover: Cover, target: float, steps: int) -> Priced:
    """No fewer sites than the bound cover everybody; target is a number of sites that do."""
    least = np.minimum.reduceat(1.0 / np.diff(cover.first)[cover.by], cover.start[:-1])
    _, price = _steps_up(cover.start, cover.by, least, len(cover.site), target, steps)
    left = 1.0 - cover.table.T @ price
    bound = float(price.sum() + np.minimum(left, 0.0).sum())
    return Priced(bound, np.maximum(left, 0.0), np.maximum(-left, 0.0))


def most_bound(cover: Cover, p: int, target: float, steps: int, begin: FloatArray) -> Priced:
    """No p sites cover more weight than the bound; target is a weight that p sites cover, p < S; begin
    are prices (U,), from 0 to the weight."""
    _, price = _steps_down(cover.start, cover.by, cover.weight, (len(cover.site), p), target, begin, steps)
    worth = cover.table.T @ price
    order = np.argsort(-worth, kind="stable")
    bound = float((cover.weight - price).sum() + worth[order[:p]].sum())
    is_in = np.zeros(len(worth), dtype=bool)
    is_in[order[:p]] = True
    last, next_one = worth[order[p - 1]], worth[order[p]]
    return Priced(bound, np.where(is_in, 0.0, last - worth), np.where(is_in, worth - next_one, 0.0))


@within
def _paid(start: IntArray, by: IntArray, price: FloatArray, worth: FloatArray) -> None:
    """What every site is paid by those it covers."""
    worth[:] = 0.0
    for i in range(len(price)):
        for a in range(start[i], start[i + 1]):
            worth[by[a]] += price[i]


@within
def _excess(start: IntArray, by: IntArray, is_open: BoolArray, excess: FloatArray) -> None:
    """How often more than once every unit is covered."""
    for i in range(len(excess)):
        excess[i] = -1.0
        for a in range(start[i], start[i + 1]):
            if is_open[by[a]]:
                excess[i] += 1.0


@within
def _moved(price: FloatArray, most: FloatArray, excess: FloatArray, way: FloatArray, distance: float) -> None:
    """Prices moved against the excess: distance is what the bound lacks. way keeps part of the last direction."""
    size = 0.0
    for i in range(len(price)):
        is_held = (excess[i] > 0 and price[i] <= 0) or (excess[i] < 0 and price[i] >= most[i])
        way[i] = INERTIA * way[i] + (1 - INERTIA) * (0.0 if is_held else excess[i])
        size += way[i] * way[i]
    for i in range(len(price)):
        price[i] = min(max(price[i] - distance / max(size, 1e-12) * way[i], 0.0), most[i])


@compiled
def _steps_up(
    start: IntArray, by: IntArray, begin: FloatArray, sites: int, target: float, steps: int
) -> tuple[float, FloatArray]:
    """The best bound on covering everybody over so many steps, and its prices."""
    price, kept, best, length, waited = begin.copy(), begin.copy(), -np.inf, 1.0, 0
    worth, excess, way, most = np.zeros(sites), np.zeros(len(begin)), np.zeros(len(begin)), np.ones(len(begin))
    for _ in range(steps):
        _paid(start, by, price, worth)
        bound = price.sum() + np.minimum(1.0 - worth, 0.0).sum()
        waited += 1
        if bound > best + NEAR * target:
            waited = 0
        if bound > best:
            best = bound
            kept[:] = price
        if target - best <= NEAR * target:
            break
        if waited > PATIENCE:
            length, waited = length * SHORTER, 0
            price[:], way[:] = kept, 0.0
            continue
        _excess(start, by, worth > 1.0, excess)
        _moved(price, most, excess, way, length * (target - bound))
    return best, kept


@compiled
def _steps_down(
    start: IntArray,
    by: IntArray,
    weight: FloatArray,
    size: tuple[int, int],
    target: float,
    begin: FloatArray,
    steps: int,
) -> tuple[float, FloatArray]:
    """The best bound on covering most over so many steps, and its prices; size: sites, and how many are open."""
    price, kept, best, length, waited = begin.copy(), begin.copy(), np.inf, 1.0, 0
    worth, excess, way = np.zeros(size[0]), np.zeros(len(begin)), np.zeros(len(begin))
    is_open = np.zeros(size[0], dtype=np.bool_)
    for _ in range(steps):
        _paid(start, by, price, worth)
        order = np.argsort(-worth, kind="mergesort")
        is_open[:] = False
        is_open[order[: size[1]]] = True
        bound = (weight - price).sum() + worth[order[: size[1]]].sum()
        waited += 1
        if bound < best - NEAR * target:
            waited = 0
        if bound < best:
            best = bound
            kept[:] = price
        if best - target <= NEAR * target:
            break
        if waited > PATIENCE:
            length, waited = length * SHORTER, 0
            price[:], way[:] = kept, 0.0
            continue
        _excess(start, by, is_open, excess)
        _moved(price, weight, excess, way, length * (bound - target))
    return best, kept
