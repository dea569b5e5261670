"""Road distances once more: places put on the nearest edge by shapely, shortest paths by networkx."""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx
import numpy as np
import shapely
from numpy.typing import NDArray

from siting.latest import kept_for_latest
from siting.study import LINK, FloatArray, IntArray, Roads

LEAST_PIECE = 0.01
"""Pieces of network with a smaller share of the nodes are no place to start from."""

SLACK, FIRST_GUESS_M = 1.4, 500.0
"""Roads are guessed to be so much longer than the straight line where a plan does not say how long they are."""

HINT_SLACK_M = 1.0

GATE = -1


@dataclass(frozen=True, slots=True)
class Placed:
    """Places on the network (P): the edge, metres along it from tail and from head, and the leg to it."""

    x: FloatArray
    y: FloatArray
    edge: IntArray
    from_tail_m: FloatArray
    from_head_m: FloatArray
    leg_m: FloatArray

    def take(self, which: IntArray | NDArray[np.bool_] | list[int]) -> Placed:
        """Some of the places."""
        return Placed(
            self.x[which],
            self.y[which],
            self.edge[which],
            self.from_tail_m[which],
            self.from_head_m[which],
            self.leg_m[which],
        )


@dataclass(frozen=True, slots=True)
class Streets:
    """The roads as a networkx graph (attribute metres), the piece every node belongs to (V,), and the edges that
    places may be put on (usable, positions in roads) in a spatial index."""

    roads: Roads
    graph: nx.Graph
    piece: IntArray
    usable: IntArray
    lines: NDArray[np.object_]
    tree: shapely.STRtree


@kept_for_latest
def lay_out(roads: Roads) -> Streets:
    """The streets of a study area: all phases have the same, and a scenario mostly those of its base."""
    graph = _graph(roads)
    piece, is_large = _pieces(graph, len(roads.x))
    usable = np.flatnonzero(is_large[piece[roads.tail]] & (roads.road_class != LINK))
    ends = np.stack([roads.tail[usable], roads.head[usable]], axis=1)
    lines = shapely.linestrings(np.stack([roads.x[ends], roads.y[ends]], axis=2))
    return Streets(roads, graph, piece, usable, lines, shapely.STRtree(lines))


def _graph(roads: Roads) -> nx.Graph:
    """Of parallel edges the shortest counts."""
    graph = nx.Graph()
    graph.add_nodes_from(range(len(roads.x)))
    order = np.argsort(-roads.length_m, kind="stable")
    ends_and_metres = zip(
        roads.tail[order].tolist(), roads.head[order].tolist(), roads.length_m[order].tolist(), strict=True
    )
    graph.add_weighted_edges_from(ends_and_metres, weight="metres")
    return graph


def _pieces(graph: nx.Graph, nodes: int) -> tuple[IntArray, NDArray[np.bool_]]:
    """The piece of every node (V,), and whether a piece is large enough to put places on; the largest always is."""
    found = sorted(nx.connected_components(graph), key=len, reverse=True)
    piece = np.zeros(nodes, dtype=np.int64)
    for number, members in enumerate(found):
        piece[list(members)] = number
    is_large = np.array([len(members) >= LEAST_PIECE * nodes for members in found], dtype=bool)
    is_large[:1] = True
    return piece, is_large


def put_on(streets: Streets, x: FloatArray, y: FloatArray) -> Placed:
    """Places at the nearest point of the nearest edge; of edges equally near, the first."""
    places = shapely.points(x, y)
    asked, near = streets.tree.query_nearest(places, all_matches=True)
    order = np.lexsort((near, asked))
    _, first = np.unique(asked[order], return_index=True)
    nearest = near[order][first]
    lines, edge = streets.lines[nearest], streets.usable[nearest]
    share = shapely.line_locate_point(lines, places, normalized=True)
    share = np.where(np.isnan(share), 0.0, share)
    length = streets.roads.length_m[edge]
    return Placed(x, y, edge, share * length, (1.0 - share) * length, shapely.distance(lines, places))


def metres_between(streets: Streets, gate: Placed, places: Placed, claimed_m: float = np.nan) -> FloatArray:
    """Metres by road from one gate (a Placed of one) to places (P,), legs included; inf where no road leads.

    claimed_m, how far a plan says the farthest is, only sets how far the search begins by looking.
    """
    metres = np.full(len(places.x), np.inf)
    tail = streets.roads.tail
    is_connected = streets.piece[tail[places.edge]] == streets.piece[tail[gate.edge[0]]]
    if is_connected.any():
        metres[is_connected] = _within_piece(streets, gate, places.take(is_connected), claimed_m)
    return metres


def metres_within(streets: Streets, gate: Placed, places: Placed, most_m: float) -> FloatArray:
    """Metres by road from one gate to places (P,), legs included, right where they are at most most_m; elsewhere more
    than that. The search goes no farther."""
    return gate.leg_m[0] + _on_road(streets, gate, places, most_m) + places.leg_m


def _within_piece(streets: Streets, gate: Placed, places: Placed, claimed_m: float) -> FloatArray:
    """The search is widened until no unvisited node could shorten any way."""
    straight = np.hypot(places.x - gate.x[0], places.y - gate.y[0])
    guess = FIRST_GUESS_M + SLACK * float(straight.max())
    cutoff = claimed_m + HINT_SLACK_M if 0.0 <= claimed_m <= 4.0 * guess else guess
    while True:
        on_road = _on_road(streets, gate, places, cutoff)
        if (on_road <= cutoff).all():
            return gate.leg_m[0] + on_road + places.leg_m
        cutoff *= 2.0


def _on_road(streets: Streets, gate: Placed, places: Placed, cutoff: float) -> FloatArray:
    """Metres along the network; right where they are at most the cutoff."""
    reached = _reached(streets, gate, cutoff)
    tail, head = streets.roads.tail[places.edge].tolist(), streets.roads.head[places.edge].tolist()
    to_tail = np.array([reached.get(node, np.inf) for node in tail]) + places.from_tail_m
    to_head = np.array([reached.get(node, np.inf) for node in head]) + places.from_head_m
    same_edge = np.where(places.edge == gate.edge[0], np.abs(places.from_tail_m - gate.from_tail_m[0]), np.inf)
    return np.minimum(np.minimum(to_tail, to_head), same_edge)


def _reached(streets: Streets, gate: Placed, cutoff: float) -> dict[int, float]:
    """Metres from the gate's place on its edge to every node within the cutoff."""
    graph, edge = streets.graph, int(gate.edge[0])
    tail, head = int(streets.roads.tail[edge]), int(streets.roads.head[edge])
    ways = [(GATE, tail, float(gate.from_tail_m[0])), (GATE, head, float(gate.from_head_m[0]))]
    if tail == head:
        ways = [min(ways, key=lambda way: way[2])]
    graph.add_weighted_edges_from(ways, weight="metres")
    try:
        reached: dict[int, float] = nx.single_source_dijkstra_path_length(graph, GATE, cutoff=cutoff, weight="metres")
    finally:
        graph.remove_node(GATE)
    return reached
