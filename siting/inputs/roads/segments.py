"""From nodes and straight segments, as any road file gives them, to Roads."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from siting.study import FloatArray, IntArray, Roads


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
