"""Road metres from many sites to many points: exact shortest paths, the legs to the road included."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np

from siting.compiled import compiled
from siting.network.graph import BoundedDistances, RoadNetwork, Snapped
from siting.study import FloatArray, IntArray

ROUNDING_M = 1e-6
"""A path may miss a limit by so much through rounding alone."""

THREADS = min(2, os.cpu_count() or 1)


class _Rows(NamedTuple):
    """Metres to something, in rows: start (R+1,), what, metres (K,)."""

    start: IntArray
    what: IntArray
    metres: FloatArray


class _Desk(NamedTuple):
    """What one search writes on, wiped when it ends: metres and label of nodes (V,), metres of points (N,)."""

    reached: FloatArray
    label: IntArray
    settled: IntArray
    best: FloatArray
    touched: IntArray


class _Seeds(NamedTuple):
    """Where a search begins: nodes, the metres already walked there, and whose they are."""

    node: IntArray
    metres: FloatArray
    label: IntArray


def bounded_distances(network: RoadNetwork, sites: Snapped, points: Snapped, cutoff_m: float) -> BoundedDistances:
    """Exact road metres from sites (J) to all points within a cutoff, which is itself within; legs are included.

    No sites or no points give no pairs.
    """
    streets, doors = _streets(network), _doors(network, points)
    seeds, beside = _seeds(network, sites), _beside(sites, points)

    def rows(first: int) -> list[tuple[IntArray, FloatArray]]:
        desk = _desk(len(network.x), len(points))
        return [
            _row(streets, doors, _seeds_of(seeds, site), _row_of(beside, site), cutoff_m + ROUNDING_M, desk)
            for site in range(first, len(sites), THREADS)
        ]

    with ThreadPoolExecutor(THREADS) as threads:
        shares = list(threads.map(rows, range(THREADS)))
    found = [shares[site % THREADS][site // THREADS] for site in range(len(sites))]
    return _joined(found, cutoff_m)


def nearest(network: RoadNetwork, sites: Snapped, points: Snapped) -> tuple[IntArray, FloatArray]:
    """The nearest site of every point (N,) and the road metres to it, legs included; -1 and inf where no road leads.

    Of sites equally near, the first.
    """
    desk = _desk(len(network.x), 0)
    _spread(_streets(network), _seeds(network, sites), np.inf, desk)
    doors, beside = _doors(network, points), _beside(sites, points)
    node = np.repeat(np.arange(len(network.x)), np.diff(doors.start))
    site = np.repeat(np.arange(len(sites)), np.diff(beside.start))
    return _first_of(
        np.concatenate((doors.what, beside.what)),
        np.concatenate((desk.reached[node] + doors.metres, beside.metres)),
        np.concatenate((desk.label[node], site)),
        len(points),
    )


def _first_of(point: IntArray, metres: FloatArray, site: IntArray, points: int) -> tuple[IntArray, FloatArray]:
    """Of every point's ways the shortest, of equals that to the first site."""
    order = np.lexsort((site, metres, point))
    _, first = np.unique(point[order], return_index=True)
    best = order[first]
    return np.where(np.isinf(metres[best]), -1, site[best]), metres[best]


def _streets(network: RoadNetwork) -> _Rows:
    return _Rows(network.start, network.neighbour, network.metres)


def _doors(network: RoadNetwork, points: Snapped) -> _Rows:
    """The points on the edges of every node, and the metres from the node to each, the leg included."""
    node, metres = _ends(network, points)
    order = np.argsort(node, kind="stable")
    start = np.searchsorted(node[order], np.arange(len(network.x) + 1))
    return _Rows(start, np.tile(np.arange(len(points)), 2)[order], metres[order])


def _seeds(network: RoadNetwork, sites: Snapped) -> _Seeds:
    node, metres = _ends(network, sites)
    return _Seeds(node, metres, np.tile(np.arange(len(sites)), 2))


def _ends(network: RoadNetwork, places: Snapped) -> tuple[IntArray, FloatArray]:
    """Both ends of every place's edge, tails (P,) then heads (P,), and the metres to them, the leg included."""
    node = np.concatenate((network.tail[places.edge], network.head[places.edge]))
    onward_m = network.length_m[places.edge] - places.along_m
    return node, np.concatenate((places.along_m, onward_m)) + np.tile(places.leg_m, 2)


def _seeds_of(seeds: _Seeds, site: int) -> _Seeds:
    both = slice(site, None, len(seeds.node) // 2)
    return _Seeds(seeds.node[both], seeds.metres[both], seeds.label[both])


def _beside(sites: Snapped, points: Snapped) -> _Rows:
    """The points on the very edge of every site, and the metres along it, legs included."""
    order = np.argsort(points.edge, kind="stable")
    ranked = points.edge[order]
    first = np.searchsorted(ranked, sites.edge)
    count = np.searchsorted(ranked, sites.edge, side="right") - first
    start = np.concatenate(([0], count.cumsum()))
    site = np.repeat(np.arange(len(sites)), count)
    point = order[np.arange(start[-1]) - start[site] + first[site]]
    along_m = np.abs(points.along_m[point] - sites.along_m[site])
    return _Rows(start, point, sites.leg_m[site] + along_m + points.leg_m[point])


def _row_of(rows: _Rows, row: int) -> _Rows:
    here = slice(rows.start[row], rows.start[row + 1])
    return _Rows(rows.start[:1], rows.what[here], rows.metres[here])


def _desk(nodes: int, points: int) -> _Desk:
    return _Desk(
        reached=np.full(nodes, np.inf),
        label=np.full(nodes, -1),
        settled=np.empty(nodes, dtype=np.int64),
        best=np.full(points, np.inf),
        touched=np.empty(points, dtype=np.int64),
    )


def _joined(found: list[tuple[IntArray, FloatArray]], cutoff_m: float) -> BoundedDistances:
    count = np.array([len(point) for point, _ in found], dtype=np.int64)
    return BoundedDistances(
        start=np.concatenate(([0], count.cumsum())),
        point=np.concatenate([np.empty(0, dtype=np.int64), *(point for point, _ in found)]),
        metres=np.concatenate([np.empty(0), *(metres for _, metres in found)]),
        cutoff_m=cutoff_m,
    )


@compiled
def _row(
    streets: _Rows, doors: _Rows, seeds: _Seeds, beside: _Rows, limit: float, desk: _Desk
) -> tuple[IntArray, FloatArray]:
    """One site's points within the limit, by number, and their metres."""
    count = 0
    for k in range(len(beside.what)):
        count = _touch(desk, count, beside.what[k], beside.metres[k], limit)
    settled = _spread(streets, seeds, limit, desk)
    for node in desk.settled[:settled]:
        for k in range(doors.start[node], doors.start[node + 1]):
            count = _touch(desk, count, doors.what[k], desk.reached[node] + doors.metres[k], limit)
    point = np.sort(desk.touched[:count])
    metres = desk.best[point]
    desk.best[point] = np.inf
    desk.reached[desk.settled[:settled]] = np.inf
    desk.label[desk.settled[:settled]] = -1
    return point, metres


@compiled
def _touch(desk: _Desk, count: int, point: int, metres: float, limit: float) -> int:
    """Note a way to a point if it is the shortest so far; the number of points touched."""
    if metres > limit or metres >= desk.best[point]:
        return count
    if desk.best[point] == np.inf:
        desk.touched[count] = point
        count += 1
    desk.best[point] = metres
    return count


@compiled
def _spread(streets: _Rows, seeds: _Seeds, limit: float, desk: _Desk) -> int:
    """Dijkstra's search from all seeds up to a limit, of equal ways that of the lowest label; the nodes settled."""
    heap = [(np.inf, -1, -1)]
    for k in range(len(seeds.node)):
        _reach(desk, heap, seeds.metres[k], seeds.label[k], seeds.node[k], limit)
    count = 0
    while len(heap) > 1:
        metres, label, node = heappop(heap)
        if metres > desk.reached[node] or label > desk.label[node]:
            continue
        desk.settled[count] = node
        count += 1
        for k in range(streets.start[node], streets.start[node + 1]):
            _reach(desk, heap, metres + streets.metres[k], label, streets.what[k], limit)
    return count


@compiled
def _reach(desk: _Desk, heap: list[tuple[float, int, int]], metres: float, label: int, node: int, limit: float) -> None:
    """Note a way to a node if it is the best so far."""
    known = desk.reached[node]
    if metres > limit or metres > known or (metres == known and label >= desk.label[node]):
        return
    desk.reached[node] = metres
    desk.label[node] = label
    heappush(heap, (metres, label, node))
