"""Road metres from many sites to many points: exact shortest paths, the legs to the road included."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from siting.compiled import compiled
from siting.network.graph import BoundedDistances, RoadNetwork, Snapped
from siting.network.search import Rows, desk_for, nearest_of, rows_within
from siting.network.streets import Placed, doors, per_street, placed, streets_of
from siting.network.sweep import ends, ladder, sweep
from siting.study import FloatArray, IntArray

ROUNDING_M = 1e-6
"""A path may miss a limit by so much through rounding alone."""

THREADS = min(4, os.cpu_count() or 1)

GROWTH = 8
"""Arrays that grow do so by one part in this many."""

BLOCK = 128
"""Sites that one thread takes at a time."""


def bounded_distances(network: RoadNetwork, sites: Snapped, points: Snapped, cutoff_m: float) -> BoundedDistances:
    """Exact road metres from sites (J) to all points within a cutoff, which is itself within; legs are included.

    No sites or no points give no pairs.
    """
    streets = streets_of(network)
    gates, homes = placed(streets, sites), placed(streets, points)
    beside, limit = doors(streets, homes), cutoff_m + ROUNDING_M
    desks = [desk_for(streets, gates, len(points)) for _ in range(THREADS)]

    def search(order: IntArray) -> Rows:
        desk = desks.pop()
        rows: Rows = rows_within(streets, beside, gates, order, limit, desk)
        desks.append(desk)
        return rows

    orders = _blocks(gates)
    with ThreadPoolExecutor(THREADS) as threads:
        start, point, metres = _joined(orders, threads.map(search, orders))
    return BoundedDistances(start, point, metres, cutoff_m)


def all_distances(network: RoadNetwork, sites: Snapped, points: Snapped) -> FloatArray:
    """Exact road metres from every site (row, J) to every point (column, N), legs included; inf where no road leads."""
    streets = streets_of(network)
    gates, homes = placed(streets, sites), placed(streets, points)
    rungs, beside = ladder(network, streets), doors(streets, homes)
    street_ends, metres = ends(rungs, streets, homes), np.empty((len(sites), len(points)))

    def fill(order: IntArray) -> None:
        sweep(rungs, streets, street_ends, beside, gates, order, metres)

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(fill, _blocks(gates)))
    return metres


def nearest(network: RoadNetwork, sites: Snapped, points: Snapped) -> tuple[IntArray, FloatArray]:
    """The nearest site of every point (N,) and the road metres to it, legs included; -1 and inf where no road leads.

    Of sites equally near, the first.
    """
    streets = streets_of(network)
    gates, homes = placed(streets, sites), placed(streets, points)
    found: tuple[IntArray, FloatArray] = nearest_of(
        streets, gates, homes, *per_street(streets, gates), desk_for(streets, gates, 0)
    )
    return found


def _blocks(gates: Placed) -> list[IntArray]:
    """Sites in blocks as they come, and within a block so that neighbours follow one another."""
    firsts = range(0, len(gates.street), BLOCK)
    return [first + np.argsort(gates.street[first : first + BLOCK], kind="stable") for first in firsts]


def _joined(orders: list[IntArray], found: Iterable[Rows]) -> tuple[IntArray, NDArray[np.int32], FloatArray]:
    """The rows of all sites in order, block after block in arrays that grow, so that memory holds little twice."""
    start = np.zeros(sum(map(len, orders)) + 1, dtype=np.int64)
    point, metres = np.empty(0, dtype=np.int32), np.empty(0)
    for order, rows in zip(orders, found, strict=True):
        first, last = order.min(), order.max() + 1
        start[order + 1] = np.diff(rows.start)
        start[first + 1 : last + 1] = start[first] + start[first + 1 : last + 1].cumsum()
        _make_room(point, start[last])
        _make_room(metres, start[last])
        _copy(rows, start[order], point, metres)
    point.resize(start[-1], refcheck=False)
    metres.resize(start[-1], refcheck=False)
    return start, point, metres


def _make_room(values: NDArray[np.generic], length: int) -> None:
    """Lengthen an array in place; by a little more than needed, so that this is seldom."""
    if length > len(values):
        values.resize(length + length // GROWTH, refcheck=False)


@compiled
def _copy(rows: Rows, to: IntArray, point: NDArray[np.int32], metres: FloatArray) -> None:
    """Copy every row to where it begins."""
    start, from_point, from_metres = rows.start, rows.point, rows.metres
    for k in range(len(to)):
        shift = to[k] - start[k]
        for a in range(start[k], start[k + 1]):
            point[a + shift], metres[a + shift] = from_point[a], from_metres[a]
