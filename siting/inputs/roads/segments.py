"""From nodes and straight segments, as any road file gives them, to Roads."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from siting.inputs.coordinates import crs_of
from siting.inputs.notes import Notes
from siting.inputs.placing import box_of, lies_between_meridians, lies_within, way_out
from siting.study import FloatArray, IntArray, Roads
from siting.words import Phrase


def fits(xy: FloatArray, system: str, notes: Notes) -> bool:
    """True if coordinates (V, 2) lie where their system is used (metres: in its zone). Else False, and a fault."""
    is_plane = crs_of(system).is_projected
    beyond = ~(lies_between_meridians(xy, system) if is_plane else lies_within(xy, system))
    if not beyond.any():
        return True
    x, y = xy[beyond][0]
    west, south, east, north = box_of(system)
    notes.fault(
        Phrase(
            f"{len(xy)} 个坐标中 {beyond.sum()} 个（首个 {x:.7g}, {y:.7g}）不在 {system} 的范围"
            f"（经度 {west:.0f} 至 {east:.0f}，纬度 {south:.0f} 至 {north:.0f}）。",
            f"{beyond.sum()} of {len(xy)} coordinates (first {x:.7g}, {y:.7g}) lie outside {system} "
            f"(longitude {west:.0f} to {east:.0f}, latitude {south:.0f} to {north:.0f}).",
        ),
        way_out(xy[beyond], system),
    )
    return False


def connect(xy: FloatArray, tail: IntArray, head: IntArray, road_class: NDArray[np.int8]) -> Roads:
    """Roads of nodes xy (V, 2) and segments (E,): each pair of nodes once, nodes at one place joined, none unused.

    Of segments between the same two nodes the one of the higher road class stays; their lengths are equal.
    """
    length_m = np.hypot(*(xy[head] - xy[tail]).T)
    place = joined(len(xy), tail[length_m == 0.0], head[length_m == 0.0])
    ends = np.sort(np.column_stack((place[tail], place[head])), axis=1)
    kept = _one_of_each(ends, road_class)
    used, renumbered = np.unique(ends[kept], return_inverse=True)
    tail, head = renumbered.reshape(-1, 2).T
    xy = xy[used]
    return Roads(
        x=xy[:, 0].copy(),
        y=xy[:, 1].copy(),
        tail=tail.astype(np.int64),
        head=head.astype(np.int64),
        length_m=np.hypot(*(xy[head] - xy[tail]).T),
        road_class=road_class[kept].astype(np.int8),
    )


def _one_of_each(ends: IntArray, road_class: NDArray[np.int8]) -> IntArray:
    """Positions of the segments to keep, sorted by their ends; segments from a node to itself are dropped."""
    order = np.lexsort((road_class, ends[:, 1], ends[:, 0]))
    order = order[ends[order, 0] != ends[order, 1]]
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = (ends[order[1:]] != ends[order[:-1]]).any(axis=1)
    return order[is_first]


def joined(count: int, first: IntArray, second: IntArray) -> IntArray:
    """For each of count nodes the first node it is joined with through the given pairs (itself where there is none)."""
    pairs = coo_array((np.ones(len(first), dtype=np.int8), (first, second)), shape=(count, count))
    _, group = connected_components(pairs, directed=False)
    _, foremost = np.unique(group, return_index=True)
    return foremost[group]
