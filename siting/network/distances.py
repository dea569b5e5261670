"""Road metres from many sites to many points: exact shortest paths, the legs to the road included."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from siting.compiled import compiled
from siting.network.graph import BoundedDistances, RoadNetwork, Snapped
from siting.network.search import Rows, desk_for, nearest_of, no_rows, rows_within
from siting.network.streets import Placed, doors, per_street, placed, streets_of
from siting.network.sweep import ends, ladder, sweep
from siting.study import FloatArray, IntArray

T = TypeVar("T", np.int32, np.float64)

ROUNDING_M = 1e-6
"""A path may miss a limit by so much through rounding alone."""

THREADS = min(4, os.cpu_count() or 1)

PLENTY, SOME_MORE = 1.5, 1.05
"""Room is made for so many times the pairs that are expected: at first, when it costs nothing, and later."""

BLOCK = 64
"""Sites that one thread takes at a time."""


def bounded_distances(network: RoadNetwork, sites: Snapped, points: Snapped, cutoff_m: float) -> BoundedDistances:
    """Exact road metres from sites (J) to all points within a cutoff, which is itself within; legs are included.

    No sites or no points give no pairs.
    """
    streets = streets_of(network)
    gates, homes = placed(streets, sites), placed(streets, points)
    beside, limit = doors(streets, homes), cutoff_m + ROUNDING_M
    desks, spare = [desk_for(streets, gates, len(points)) for _ in range(THREADS)], list[Rows]()

    def search(order: IntArray) -> Rows:
        desk = desks.pop()
        rows: Rows = rows_within(streets, beside, gates, order, limit, desk, spare.pop() if spare else no_rows())
        desks.append(desk)
        return rows

    return BoundedDistances(*_joined(_blocks(gates), search, spare), cutoff_m)


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


def _joined(
    orders: list[IntArray], search: Callable[[IntArray], Rows], spare: list[Rows]
) -> tuple[IntArray, NDArray[np.int32], FloatArray]:
    """The rows of all sites in order. What is copied becomes spare, so that memory holds little twice."""
    start = np.zeros(sum(map(len, orders)) + 1, dtype=np.int64)
    point, metres = np.empty(0, dtype=np.int32), np.empty(0)
    for order, rows in zip(orders, _in_turn(search, orders), strict=True):
        first, last = order.min(), order.max() + 1
        start[order + 1] = np.diff(rows.start)
        start[first + 1 : last + 1] = start[first] + start[first + 1 : last + 1].cumsum()
        if start[last] > len(point):
            room = int(start[last] / last * (len(start) - 1)) + 1
            point, metres = _longer(point, room), _longer(metres, room)
        _copy(rows, start[order], point, metres)
        spare.append(rows)
    point.resize(start[-1], refcheck=False)
    metres.resize(start[-1], refcheck=False)
    return start, point, metres


def _in_turn(search: Callable[[IntArray], Rows], orders: list[IntArray]) -> Iterator[Rows]:
    """What is found, block after block; threads are only a block ahead of what is taken."""
    ahead = deque[Future[Rows]]()
    with ThreadPoolExecutor(THREADS) as threads:
        for order in orders:
            ahead.append(threads.submit(search, order))
            if len(ahead) > THREADS:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def _longer(values: NDArray[T], expected: int) -> NDArray[T]:
    """The same values with room for as many as are expected, and some more: plenty as long as none of it is held yet.

    A system that can, lengthens an array where it is.
    """
    if not len(values):
        return np.empty(int(PLENTY * expected), dtype=values.dtype)
    values.resize(int(SOME_MORE * expected), refcheck=False)
    return values


@compiled
def _copy(rows: Rows, to: IntArray, point: NDArray[np.int32], metres: FloatArray) -> None:
    """Copy every row to where it begins."""
    start, from_point, from_metres = rows.start, rows.point, rows.metres
    for k in range(len(to)):
        shift = to[k] - start[k]
        for a in range(start[k], start[k + 1]):
            point[a + shift], metres[a + shift] = from_point[a], from_metres[a]
