"""Small road networks for the tests of the network room, and distances by networkx to compare with."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from siting.network.graph import RoadNetwork, Snapped
from siting.study import Roads

Floats = NDArray[np.float64]


def roads(places: list[tuple[float, float]], edges: list[tuple[int, int]], longer: float = 1.0) -> Roads:
    x, y = np.array(places, dtype=float).reshape(-1, 2).T
    tail, head = np.array(edges, dtype=np.int64).reshape(-1, 2).T
    length = longer * np.hypot(x[tail] - x[head], y[tail] - y[head])
    return Roads(x.copy(), y.copy(), tail.copy(), head.copy(), length, np.full(len(tail), 4, dtype=np.int8))


def random_roads(rng: np.random.Generator, nodes: int, edges: int) -> Roads:
    """Nodes in a square kilometre, some at one place; edges at random: pieces, loops, parallel ones, detours."""
    x, y = rng.integers(0, 40, (2, nodes)) * 25.0
    tail, head = rng.integers(0, nodes, (2, edges))
    length = np.hypot(x[tail] - x[head], y[tail] - y[head]) * rng.choice([1.0, 1.0, 1.3], edges)
    return Roads(x, y, tail, head, length, np.full(edges, 4, dtype=np.int8))


def random_places(rng: np.random.Generator, network: RoadNetwork, count: int) -> Snapped:
    """Places on any edges, many on the same, some at its very ends, some without a leg."""
    edge = rng.integers(0, len(network.tail), count)
    along = rng.choice([0.0, 0.25, 0.5, 1.0, rng.random()], count) * network.length_m[edge]
    return Snapped(edge, along, rng.choice([0.0, 7.5, 120.0], count))


def by_networkx(network: RoadNetwork, sites: Snapped, points: Snapped) -> Floats:
    """Metres from every site (row) to every point (column), each place a node of its own on its split edge."""
    graph = nx.Graph()
    graph.add_nodes_from(range(len(network.x)))
    stops: list[list[tuple[float, object]]] = [
        [(0.0, int(tail)), (float(length), int(head))]
        for tail, head, length in zip(network.tail, network.head, network.length_m, strict=True)
    ]
    for kind, places in (("site", sites), ("point", points)):
        for k in range(len(places)):
            stops[places.edge[k]].append((float(places.along_m[k]), (kind, k)))
    for on_edge in stops:
        on_edge.sort(key=lambda stop: stop[0])
        for (here, a), (there, b) in pairwise(on_edge):
            known = graph.get_edge_data(a, b, {"metres": np.inf})["metres"]
            graph.add_edge(a, b, metres=min(known, there - here))
    metres = np.full((len(sites), len(points)), np.inf)
    for j in range(len(sites)):
        reached = nx.single_source_dijkstra_path_length(graph, ("site", j), weight="metres")
        metres[j] = [reached.get(("point", k), np.inf) for k in range(len(points))]
    return metres + sites.leg_m[:, None] + points.leg_m
