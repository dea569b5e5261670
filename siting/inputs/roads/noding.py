"""Lines drawn without topology made into a network: they meet where they cross, touch or nearly touch at grade.

A raised line (bridge, tunnel) meets others at its own two ends and nowhere else.
Positions in the arrays below are of points: first all vertices of all lines in order, then all crossings.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from siting.inputs.roads.segments import connect, joined
from siting.study import FloatArray, IntArray, Roads

END_REACH_M = 0.5
"""A line's end this near another line, or its end, was meant to touch it."""

SAME_PLACE_M = 0.01
"""Bends this near each other are one place."""

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Lines as drawn: vertices xy (V, 2) with their line, whether they end it, and whether others may join there.

    Segment k (M,) runs from vertex tail[k] to the next one; on_ground says whether others may cross or join it.
    """

    xy: FloatArray
    line: IntArray
    is_end: BoolArray
    is_open: BoolArray
    tail: IntArray
    on_ground: BoolArray


def node_lines(lines: NDArray[np.object_], is_raised: BoolArray, road_class: NDArray[np.int8]) -> Roads:
    """Roads of simple lines (L,) in metres, each with its class and whether it passes over or under the others."""
    drawn = _drawn(lines, is_raised)
    crossing, of_segment = _crossings(drawn)
    xy = np.concatenate((drawn.xy, crossing))
    node = _nodes(drawn, xy)
    segment, point = _breaks(drawn, of_segment)
    order = np.lexsort((_along(drawn, segment, point, xy[node[point]]), segment))
    segment, place = segment[order], node[point[order]]
    is_piece = segment[1:] == segment[:-1]
    pieces_line = drawn.line[drawn.tail[segment[1:][is_piece]]]
    return connect(xy, place[:-1][is_piece], place[1:][is_piece], road_class[pieces_line])


def _drawn(lines: NDArray[np.object_], is_raised: BoolArray) -> _Drawn:
    xy, line = shapely.get_coordinates(lines, return_index=True)
    goes_on = line[1:] == line[:-1]
    is_end = ~(np.append(goes_on, False) & np.append(False, goes_on))
    tail = np.flatnonzero(goes_on)
    return _Drawn(xy, line, is_end, is_end | ~is_raised[line], tail, ~is_raised[line[tail]])


def _shapes(drawn: _Drawn, segment: IntArray) -> NDArray[np.object_]:
    """The given segments as lines."""
    start = drawn.tail[segment]
    return np.asarray(shapely.linestrings(np.stack((drawn.xy[start], drawn.xy[start + 1]), axis=1)), dtype=object)


def _crossings(drawn: _Drawn) -> tuple[FloatArray, IntArray]:
    """Where the insides of two segments on the ground cross: (K, 2) metres and (K, 2) segments."""
    ground = np.flatnonzero(drawn.on_ground)
    shapes = _shapes(drawn, ground)
    first, second = shapely.STRtree(shapes).query(shapes, predicate="crosses")
    once = first < second
    first, second = first[once], second[once]
    points = shapely.get_coordinates(shapely.intersection(shapes[first], shapes[second]))
    return points, np.column_stack((ground[first], ground[second]))


def _nodes(drawn: _Drawn, xy: FloatArray) -> IntArray:
    """The node each point belongs to, named by the node's first point."""
    joins = np.append(drawn.is_open, np.ones(len(xy) - len(drawn.xy), dtype=bool))
    is_end = np.append(drawn.is_end, np.zeros(len(xy) - len(drawn.xy), dtype=bool))
    open_points = np.flatnonzero(joins)
    pairs = open_points[cKDTree(xy[open_points]).query_pairs(END_REACH_M, output_type="ndarray")]
    apart_m = np.hypot(*(xy[pairs[:, 0]] - xy[pairs[:, 1]]).T)
    pairs = pairs[is_end[pairs].any(axis=1) | (apart_m <= SAME_PLACE_M)]
    return joined(len(xy), *pairs.T)


def _breaks(drawn: _Drawn, of_segment: IntArray) -> tuple[IntArray, IntArray]:
    """Segments and the points on them: their own two ends, crossings, and vertices of lines that touch them."""
    every = np.arange(len(drawn.tail))
    crossing = len(drawn.xy) + np.arange(len(of_segment))
    touched, touching = _touches(drawn)
    segment = np.concatenate((every, every, of_segment[:, 0], of_segment[:, 1], touched))
    point = np.concatenate((drawn.tail, drawn.tail + 1, crossing, crossing, touching))
    return segment, point


def _touches(drawn: _Drawn) -> tuple[IntArray, IntArray]:
    """Segments on the ground and the open vertices that lie on them without being their ends."""
    ground, vertex = np.flatnonzero(drawn.on_ground), np.flatnonzero(drawn.is_open)
    reach = np.where(drawn.is_end[vertex], END_REACH_M, SAME_PLACE_M)
    tree = shapely.STRtree(_shapes(drawn, ground))
    found, on = tree.query(shapely.points(drawn.xy[vertex]), predicate="dwithin", distance=reach)
    segment, point = ground[on], vertex[found]
    is_own = (point == drawn.tail[segment]) | (point == drawn.tail[segment] + 1)
    return segment[~is_own], point[~is_own]


def _along(drawn: _Drawn, segment: IntArray, point: IntArray, at: FloatArray) -> FloatArray:
    """How far along its segment (0 to 1) each break lies; the segment's own ends come first and last."""
    start = drawn.tail[segment]
    step = drawn.xy[start + 1] - drawn.xy[start]
    length2 = np.maximum((step**2).sum(axis=1), np.finfo(np.float64).tiny)
    share = ((at - drawn.xy[start]) * step).sum(axis=1) / length2
    return np.select([point == start, point == start + 1], [-np.inf, np.inf], share)
