from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from network.road_cases import random_roads, roads

from siting.network.build import build_network


def test_parallel_edges_keep_their_own_lengths() -> None:
    both = roads([(0, 0), (100, 0)], [(0, 1), (1, 0)])
    both.length_m[1] = 130.0
    network = build_network(both)
    assert (network.tail.tolist(), network.length_m.tolist()) == ([0, 1], [100.0, 130.0])


def test_pieces_are_numbered_by_falling_size_then_by_first_node() -> None:
    """Nodes 0-1, 2-3 and 4-5-6: the three are 0, then the pair of node 0, then that of node 2."""
    network = build_network(roads([(k, 0) for k in range(7)], [(0, 1), (2, 3), (4, 5), (5, 6)]))
    assert network.component.tolist() == [1, 1, 2, 2, 0, 0, 0]
    assert not network.is_fragment.any()


@pytest.mark.parametrize(("street", "is_fragment"), [(198, False), (199, True)])
def test_a_piece_below_one_percent_is_a_fragment(street: int, is_fragment: bool) -> None:
    """2 of 200 nodes are 1 %, 2 of 201 are less."""
    edges = [*((k, k + 1) for k in range(street - 1)), (street, street + 1)]
    network = build_network(roads([(k, 0) for k in range(street + 2)], edges))
    assert network.is_fragment.tolist() == [False] * street + [is_fragment] * 2


def test_the_largest_piece_is_never_a_fragment() -> None:
    """250 roads of two nodes: each holds 0.4 %, the first is used."""
    network = build_network(roads([(k, 0) for k in range(500)], [(2 * k, 2 * k + 1) for k in range(250)]))
    assert np.flatnonzero(~network.is_fragment).tolist() == [0, 1]


@pytest.mark.parametrize("seed", range(10))
def test_pieces_are_those_of_networkx(seed: int) -> None:
    rng = np.random.default_rng(seed)
    given = random_roads(rng, 40, 30)
    network = build_network(given)
    graph = nx.Graph(list(zip(given.tail.tolist(), given.head.tolist(), strict=True)))
    graph.add_nodes_from(range(40))
    expected = sorted(nx.connected_components(graph), key=lambda nodes: (-len(nodes), min(nodes)))
    found = [set(np.flatnonzero(network.component == number).tolist()) for number in range(len(expected))]
    assert found == expected
