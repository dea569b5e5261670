"""Road metres from many sites to many points: exact shortest paths, the legs to the road included."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeVar

import numpy as np

from siting.compiled import compiled
from siting.network.graph import BoundedDistances, RoadNetwork, Snapped
from siting.network.search import Rows, desk_for, nearest_of, rows_within
from siting.network.streets import Doors, Placed, Streets, doors, per_street, placed, streets_of
from siting.study import FloatArray, IntArray

_T = TypeVar("_T")
_R = TypeVar("_R")

ROUNDING_M = 1e-6
"""A path may miss a limit by so much through rounding alone."""

THREADS = min(4, os.cpu_count() or 1)

BLOCK = 128
"""Sites that one thread takes at a time."""


class _Block(NamedTuple):
    """What some sites reach, in the order in which they were searched."""

    site: IntArray
    rows: Rows


def bounded_distances(network: RoadNetwork, sites: Snapped, points: Snapped, cutoff_m: float) -> BoundedDistances:
    """Exact road metres from sites (J) to all points within a cutoff, which is itself within; legs are included.

    No sites or no points give no pairs.
    """
    streets = streets_of(network)
    gates, homes = placed(streets, sites), placed(streets, points)
    return _joined(_searched(streets, doors(streets, homes), gates, cutoff_m + ROUNDING_M), len(sites), cutoff_m)


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


def _searched(streets: Streets, homes: Doors, gates: Placed, limit: float) -> list[list[_Block]]:
    """What the sites reach, by thread and block; within a block neighbours follow one another."""
    firsts = iter(range(0, len(gates.street), BLOCK))

    def share(_: int) -> list[_Block]:
        desk, blocks = desk_for(streets, gates, len(homes.point)), []
        for first in firsts:
            site = first + np.argsort(gates.street[first : first + BLOCK], kind="stable")
            blocks.append(_Block(site, rows_within(streets, homes, gates, site, limit, desk)))
        return blocks

    return _on_threads(share, range(THREADS))


def _joined(shares: list[list[_Block]], sites: int, cutoff_m: float) -> BoundedDistances:
    """The rows of all sites in order; a block goes as soon as it is copied, so that memory holds little twice."""
    count = np.zeros(sites + 1, dtype=np.int64)
    for block in itertools.chain(*shares):
        count[block.site + 1] = np.diff(block.rows.start)
    start = count.cumsum()
    point, metres = np.empty(start[-1], dtype=np.int64), np.empty(start[-1])

    def copy(share: list[_Block]) -> None:
        while share:
            block = share.pop()
            _copy(block.rows, start[block.site], point, metres)

    _on_threads(copy, shares)
    return BoundedDistances(start, point, metres, cutoff_m)


def _on_threads(work: Callable[[_T], _R], parts: Iterable[_T]) -> list[_R]:
    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(work, parts))


@compiled
def _copy(rows: Rows, to: IntArray, point: IntArray, metres: FloatArray) -> None:
    """Copy every row to where it begins."""
    for k in range(len(to)):
        shift = to[k] - rows.start[k]
        for a in range(rows.start[k], rows.start[k + 1]):
            point[a + shift], metres[a + shift] = rows.point[a], rows.metres[a]
