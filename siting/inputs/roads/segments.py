"""From nodes and straight segments, as any road file gives them, to Roads."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from siting.inputs.coordinates import crs_of
from siting.inputs.notes import Notes
from siting.study import FloatArray, IntArray, Roads
from siting.words import Phrase


def fits(xy: FloatArray, system: str, notes: Notes) -> bool:
    """True if coordinates (V, 2) can be in a system: degrees end at 180 and 90. Else False, and a fault."""
    beyond = np.abs(xy) > (180.0, 90.0)
    if not (crs_of(system).is_geographic and beyond.any()):
        return True
    x, y = xy[beyond.any(axis=1)][0]
    notes.fault(
        Phrase(
            f"坐标（{x:.1f}, {y:.1f}）不是 {system} 的经纬度。",
            f"its coordinates ({x:.1f}, {y:.1f}) are not degrees of {system}.",
        ),
        Phrase("请写明投影坐标系，如 EPSG:4547。", "State the projected CRS they are in, for example EPSG:4547."),
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
