"""Roads with a piece more or a piece less; the roads given are never touched."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from shapely.geometry.base import BaseGeometry

from siting.study import LINK, FloatArray, IntArray, Roads

SAME_PLACE_M = 1e-3
"""A place this near a node is the node."""

BoolArray = NDArray[np.bool_]


def noded(roads: Roads, x: float, y: float, on_links: bool = False) -> tuple[Roads, int, float]:
    """The roads with a node at their place nearest to x, y; its number, and the metres to it.

    An edge is split there unless it ends there: its length is shared out. Links are passed over unless on_links.
    """
    lines = _lines(roads)
    open_to = np.flatnonzero((roads.road_class != LINK) | on_links)
    place = shapely.Point(x, y)
    edge = int(open_to[np.argmin(shapely.distance(lines[open_to], place))])
    share = float(shapely.line_locate_point(lines[edge], place, normalized=True))
    away_m = float(shapely.distance(lines[edge], place))
    span_m = float(shapely.length(lines[edge]))
    for node, from_end_m in ((roads.tail[edge], share * span_m), (roads.head[edge], (1.0 - share) * span_m)):
        if from_end_m <= SAME_PLACE_M:
            return roads, int(node), away_m
    split = _split(roads, edge, share)
    return split, len(roads.x), away_m


def _lines(roads: Roads) -> NDArray[np.object_]:
    ends = np.stack((roads.tail, roads.head), axis=1)
    return np.asarray(shapely.linestrings(np.stack((roads.x[ends], roads.y[ends]), axis=2)), dtype=object)


def _split(roads: Roads, edge: int, share: float) -> Roads:
    """One edge as two with a new node between, the last of all; the second half is the last edge."""
    tail, head, new = int(roads.tail[edge]), int(roads.head[edge]), len(roads.x)
    heads, metres = roads.head.copy(), roads.length_m.copy()
    heads[edge], metres[edge] = new, share * roads.length_m[edge]
    return Roads(
        x=np.append(roads.x, roads.x[tail] + share * (roads.x[head] - roads.x[tail])),
        y=np.append(roads.y, roads.y[tail] + share * (roads.y[head] - roads.y[tail])),
        tail=np.append(roads.tail, new),
        head=np.append(heads, head),
        length_m=np.append(metres, (1.0 - share) * roads.length_m[edge]),
        road_class=np.append(roads.road_class, roads.road_class[edge]),
    )


def linked(roads: Roads, first: int, bends: FloatArray, last: int) -> Roads:
    """The roads with a link from node first over bends (B, 2) to node last; it meets no other road on its way."""
    new = len(roads.x) + np.arange(len(bends))
    way = np.concatenate(([first], new, [last])).astype(np.int64)
    x, y = np.concatenate((roads.x, bends[:, 0])), np.concatenate((roads.y, bends[:, 1]))
    tail, head = way[:-1], way[1:]
    return Roads(
        x=x,
        y=y,
        tail=np.concatenate((roads.tail, tail)),
        head=np.concatenate((roads.head, head)),
        length_m=np.concatenate((roads.length_m, np.hypot(x[head] - x[tail], y[head] - y[tail]))),
        road_class=np.concatenate((roads.road_class, np.full(len(tail), LINK, dtype=np.int8))),
    )


def shortest_way(roads: Roads, first: int, last: int) -> IntArray:
    """Edges of the shortest way between two nodes; none where no road leads."""
    best = _quickest_edges(roads)
    ends = (roads.tail[best], roads.head[best])
    graph = coo_array((roads.length_m[best], ends), shape=(len(roads.x),) * 2).tocsr()
    _, way_back = dijkstra(graph, directed=False, indices=np.array([first]), return_predecessors=True)
    before = way_back[0]
    edge_of = {frozenset((a, b)): k for k, a, b in zip(best.tolist(), *(end.tolist() for end in ends), strict=True)}
    edges, node = [], last
    while before[node] >= 0:
        edges.append(edge_of[frozenset((node, int(before[node])))])
        node = int(before[node])
    return np.array(edges if node == first else [], dtype=np.int64)


def _quickest_edges(roads: Roads) -> IntArray:
    """Of edges between the same two nodes the shortest, of equals the first."""
    low, high = np.minimum(roads.tail, roads.head), np.maximum(roads.tail, roads.head)
    order = np.lexsort((roads.length_m, high, low))
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = (np.diff(low[order]) != 0) | (np.diff(high[order]) != 0)
    return np.sort(order[is_first])


def without_edges(roads: Roads, gone: IntArray | BoolArray) -> Roads:
    """The roads without some edges, and without nodes that no road is left at."""
    stays = np.ones(len(roads.tail), dtype=bool)
    stays[gone] = False
    used, place = np.unique(np.concatenate((roads.tail[stays], roads.head[stays])), return_inverse=True)
    tail, head = np.split(place.astype(np.int64), 2)
    return Roads(roads.x[used], roads.y[used], tail, head, roads.length_m[stays], roads.road_class[stays])


def cut_out(roads: Roads, ground: BaseGeometry) -> tuple[Roads, float]:
    """The roads outside a polygon, and the metres of road that were within."""
    lines = _lines(roads)
    touched = np.flatnonzero(shapely.intersects(lines, ground))
    within_m, opened = 0.0, roads
    for edge in touched.tolist():
        for share in _crossings(lines[edge], ground):
            opened = _opened(opened, lines[edge], share)
    lines = _lines(opened)
    gone = shapely.covers(ground.buffer(SAME_PLACE_M), lines)
    within_m = float(opened.length_m[gone].sum())
    return without_edges(opened, gone), within_m


def _crossings(line: BaseGeometry, ground: BaseGeometry) -> list[float]:
    """Shares along a line at which it enters or leaves a polygon."""
    places = shapely.points(shapely.get_coordinates(line.intersection(ground.boundary)))
    return sorted({float(share) for share in np.atleast_1d(shapely.line_locate_point(line, places, normalized=True))})


def _opened(roads: Roads, line: BaseGeometry, share: float) -> Roads:
    place = line.interpolate(share, normalized=True)
    return noded(roads, place.x, place.y, on_links=True)[0]
