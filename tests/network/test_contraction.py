from __future__ import annotations

import numpy as np
import pytest
from network.road_cases import by_networkx, random_places, random_roads, roads
from numpy.testing import assert_allclose
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from siting.network import distances
from siting.network.build import build_network
from siting.network.distances import all_distances, bounded_distances, nearest
from siting.network.graph import RoadNetwork, Snapped
from siting.network.streets import placed, streets_of
from siting.study import Roads


def _place(edge: int, along_m: float, leg_m: float = 0.0) -> Snapped:
    return Snapped(np.array([edge]), np.array([along_m]), np.array([leg_m]))


def _bent(rng: np.random.Generator, crossings: int, lanes: int) -> Roads:
    """Random roads whose edges have up to four bends each, in either direction, some of no length; shuffled."""
    plain = random_roads(rng, crossings, lanes)
    x, y, edges = plain.x.tolist(), plain.y.tolist(), []
    for tail, head in zip(plain.tail.tolist(), plain.head.tolist(), strict=True):
        bends = list(range(len(x), len(x) + int(rng.integers(0, 5))))
        for share in (np.arange(len(bends)) + 1) / (len(bends) + 1):
            x.append(x[tail] + share * (x[head] - x[tail]))
            y.append(y[tail] + share * (y[head] - y[tail]))
        edges += zip([tail, *bends], [*bends, head], strict=True)
    ends = rng.permuted(np.array(edges), axis=1)[rng.permutation(len(edges))]
    bent = roads(list(zip(x, y, strict=True)), [(a, b) for a, b in ends.tolist()])
    bent.length_m[rng.random(len(edges)) < 0.1] = 0.0
    return bent


def _renumbered(roads: Roads, order: np.ndarray) -> Roads:
    """The same roads with the nodes in another order."""
    number = np.argsort(order)
    return Roads(
        roads.x[order], roads.y[order], number[roads.tail], number[roads.head], roads.length_m, roads.road_class
    )


def _matrix(network: RoadNetwork, sites: Snapped, points: Snapped, cutoff_m: float) -> np.ndarray:
    found = bounded_distances(network, sites, points, cutoff_m)
    metres = np.full((len(sites), len(points)), np.inf)
    metres[np.repeat(np.arange(len(sites)), np.diff(found.start)), found.point] = found.metres
    return metres


# --- streets ---------------------------------------------------------------------------------------------------


def test_edges_between_two_junctions_are_one_street() -> None:
    """A lane 0-1-2-3 of 100, 200 and 300 m, the middle edge against it, ends at a road 4-3-5: three streets."""
    places = [(0, 0), (100, 0), (300, 0), (600, 0), (600, 50), (600, -50)]
    network = build_network(roads(places, [(0, 1), (2, 1), (2, 3), (4, 3), (3, 5)]))
    streets = streets_of(network)
    assert sorted(streets.length_m.tolist()) == [50.0, 50.0, 600.0]
    assert len(set(streets.street_of[:3].tolist())) == 1
    assert sorted(streets.junction.tolist()) == [0, 3, 4, 5]


def test_a_place_keeps_its_distance_from_both_ends() -> None:
    """50 m along the edge from 2 to 1 of that lane: 250 m from node 0 and 350 m from node 3, whichever is the tail."""
    places = [(0, 0), (100, 0), (300, 0), (600, 0), (600, 50), (600, -50)]
    network = build_network(roads(places, [(0, 1), (2, 1), (2, 3), (4, 3), (3, 5)]))
    streets = streets_of(network)
    place = placed(streets, _place(1, 50.0))
    street = place.street[0]
    from_end = {
        streets.junction[streets.tail[street]]: place.along_m[0],
        streets.junction[streets.head[street]]: 600.0 - place.along_m[0],
    }
    assert from_end == {0: 250.0, 3: 350.0}


def test_a_ring_without_junctions_is_walked_both_ways() -> None:
    """A square of 400 m: from 10 m after a corner to 10 m before the same corner are 20 m, to the opposite side 200."""
    ring = build_network(roads([(0, 0), (100, 0), (100, 100), (0, 100)], [(0, 1), (1, 2), (2, 3), (3, 0)]))
    site, points = _place(0, 10.0), Snapped(np.array([3, 2]), np.array([90.0, 90.0]), np.zeros(2))
    assert _matrix(ring, site, points, 1000.0).tolist() == [[20.0, 120.0]]
    assert all_distances(ring, site, points).tolist() == [[20.0, 120.0]]
    assert nearest(ring, site, points)[1].tolist() == [20.0, 120.0]


def test_a_loop_at_the_end_of_a_lane() -> None:
    """From 30 m before a loop of 100 m to its middle: 30 + 50; from loop to loop the shorter way round: 10 + 10."""
    lane = roads([(0, 0), (200, 0), (230, 20), (230, -20)], [(0, 1), (1, 2), (2, 3), (3, 1)])
    lane.length_m[1:] = (40.0, 20.0, 40.0)
    network = build_network(lane)
    points = Snapped(np.array([2, 3]), np.array([10.0, 30.0]), np.zeros(2))
    assert all_distances(network, _place(0, 170.0), points).tolist() == [[80.0, 40.0]]
    assert _matrix(network, _place(1, 10.0), points, 60.0).tolist() == [[40.0, 20.0]]


def test_a_dead_end_is_left_the_way_it_was_entered() -> None:
    """A site 20 m inside a dead end of 50 m, a home at its very end and one 40 m down the road: 30 and 20 + 40."""
    network = build_network(roads([(0, 0), (100, 0), (200, 0), (100, 50)], [(0, 1), (1, 2), (1, 3)]))
    points = Snapped(np.array([2, 1]), np.array([50.0, 40.0]), np.zeros(2))
    assert _matrix(network, _place(2, 20.0), points, 100.0).tolist() == [[30.0, 60.0]]
    assert _matrix(network, _place(2, 20.0), points, 59.9).tolist() == [[30.0, np.inf]]
    assert all_distances(network, _place(2, 20.0), points).tolist() == [[30.0, 60.0]]


# --- by others -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(25))
def test_bent_roads_equal_to_networkx(seed: int) -> None:
    rng = np.random.default_rng(seed)
    network = build_network(_bent(rng, 12, int(rng.integers(6, 24))))
    sites, points = random_places(rng, network, 9), random_places(rng, network, 40)
    exact, cutoff = by_networkx(network, sites, points), float(rng.uniform(100, 2500))
    assert all_distances(network, sites, points) == pytest.approx(exact, abs=1e-6)
    assert _matrix(network, sites, points, cutoff) == pytest.approx(np.where(exact <= cutoff, exact, np.inf), abs=1e-6)
    assert nearest(network, sites, points)[1] == pytest.approx(exact.min(axis=0), abs=1e-6)


@pytest.mark.parametrize("cutoff_m", [400.0, 2500.0, np.inf])
def test_a_grid_equal_to_scipy(cutoff_m: float) -> None:
    """900 crossings, 150 of them sites, more than one block; every node of the grid is a point."""
    rng, number = np.random.default_rng(2), np.arange(900).reshape(30, 30)
    across, along = (number[:, :-1], number[:, 1:]), (number[:-1], number[1:])
    edges = [(a, b) for tail, head in (across, along) for a, b in zip(tail.ravel(), head.ravel(), strict=True)]
    network = build_network(roads([(100.0 * a, 100.0 * b) for a in range(30) for b in range(30)], edges))
    network.length_m[:] *= rng.uniform(1.0, 1.5, len(edges))
    points = _at_nodes(network)
    site = rng.choice(900, 150, replace=False)
    sites = Snapped(points.edge[site], points.along_m[site], points.leg_m[site])
    graph = csr_array((network.length_m, (network.tail, network.head)), shape=(900, 900))
    exact = dijkstra(graph, directed=False, indices=site)
    assert_allclose(all_distances(network, sites, points), exact, atol=1e-6)
    within = np.where(exact <= cutoff_m, exact, np.inf)
    assert_allclose(_matrix(network, sites, points, cutoff_m), within, atol=1e-6)
    assert_allclose(nearest(network, sites, points)[1], exact.min(axis=0), atol=1e-6)


def _at_nodes(network: RoadNetwork) -> Snapped:
    edge = np.empty(len(network.x), dtype=np.int64)
    edge[network.tail] = edge[network.head] = np.arange(len(network.tail))
    is_head = network.head[edge] == np.arange(len(edge))
    return Snapped(edge, np.where(is_head, network.length_m[edge], 0.0), np.zeros(len(edge)))


# --- the same again --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_renumbered_nodes_change_no_distance(seed: int) -> None:
    rng = np.random.default_rng(seed)
    plain = _bent(rng, 40, 60)
    one, two = build_network(plain), build_network(_renumbered(plain, rng.permutation(len(plain.x))))
    sites, points = random_places(rng, one, 20), random_places(rng, one, 90)
    assert _matrix(two, sites, points, 1500.0) == pytest.approx(_matrix(one, sites, points, 1500.0), abs=1e-9)
    assert all_distances(two, sites, points) == pytest.approx(all_distances(one, sites, points), abs=1e-9)


def test_threads_and_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """One thread with all sites at once, three threads with five at a time: the same to the last bit."""
    rng = np.random.default_rng(4)
    network = build_network(_bent(rng, 60, 100))
    sites, points = random_places(rng, network, 43), random_places(rng, network, 300)
    answers = []
    for threads, block in ((1, 1000), (3, 5)):
        monkeypatch.setattr(distances, "THREADS", threads)
        monkeypatch.setattr(distances, "BLOCK", block)
        found = bounded_distances(network, sites, points, 1200.0)
        answers.append((found.start.tolist(), found.point.tolist(), found.metres.tolist()))
    assert len(answers[0][1]) > 500
    assert answers[0] == answers[1]


def test_a_point_on_the_cutoff_is_within() -> None:
    """Three bends: 100 + 100 + 100 + 50 = 350 m."""
    network = build_network(roads([(100 * k, 0) for k in range(6)], [(k, k + 1) for k in range(5)]))
    home = _place(3, 50.0)
    assert bounded_distances(network, _place(0, 0.0), home, 350.0).metres.tolist() == [350.0]
    assert bounded_distances(network, _place(0, 0.0), home, 349.9).metres.tolist() == []


def test_many_rows_come_in_the_order_of_the_sites() -> None:
    """Dense sites first, then lonely ones: room made for the pairs expected at first is too much, then the reverse."""
    rng = np.random.default_rng(6)
    network = build_network(random_roads(rng, 400, 700))
    points, few = random_places(rng, network, 900), random_places(rng, network, 300)
    far = few.leg_m + np.where(np.arange(300) < 150, 0.0, 5000.0)
    for leg_m in (far, far[::-1]):
        sites = Snapped(few.edge, few.along_m, leg_m)
        whole = all_distances(network, sites, points)
        assert_allclose(_matrix(network, sites, points, 800.0), np.where(whole <= 800.0, whole, np.inf), atol=1e-6)
