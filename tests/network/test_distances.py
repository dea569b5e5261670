from __future__ import annotations

import numpy as np
import pytest
from network.road_cases import Floats, by_networkx, random_places, random_roads, roads

from siting.network.build import build_network
from siting.network.distances import all_distances, bounded_distances, nearest
from siting.network.graph import BoundedDistances, RoadNetwork, Snapped
from siting.network.snapping import snap


def _snap(network: RoadNetwork, *places: tuple[float, float]) -> Snapped:
    x, y = np.array(places, dtype=float).reshape(-1, 2).T
    return snap(network, x, y)


def _matrix(distances: BoundedDistances, points: int) -> Floats:
    """Sites by points; inf where no pair is given."""
    rows = len(distances.start) - 1
    metres = np.full((rows, points), np.inf)
    metres[np.repeat(np.arange(rows), np.diff(distances.start)), distances.point] = distances.metres
    return metres


def _river() -> RoadNetwork:
    """Two banks 1000 m long, 100 m apart, one bridge at their eastern end."""
    return build_network(roads([(0, 0), (1000, 0), (0, 100), (1000, 100)], [(0, 1), (2, 3), (1, 3)]))


def test_the_way_over_the_bridge() -> None:
    """Gate 10 m south of (200, 0); home 20 m north of (200, 100), 130 m away in a straight line.

    By road: 10 + 800 + 100 + 800 + 20 = 1730.
    """
    network = _river()
    distances = bounded_distances(network, _snap(network, (200, -10)), _snap(network, (200, 120)), 1730.0)
    assert (distances.point.tolist(), distances.metres.tolist()) == ([0], [1730.0])
    assert distances.start.tolist() == [0, 1]
    assert distances.cutoff_m == 1730.0


def test_what_lies_beyond_the_cutoff_is_absent() -> None:
    network = _river()
    distances = bounded_distances(network, _snap(network, (200, -10)), _snap(network, (200, 120)), 1729.9)
    assert (distances.start.tolist(), distances.point.tolist()) == ([0, 0], [])


def test_places_on_one_edge_walk_along_it() -> None:
    """On one edge, 300 m apart, legs 30 and 40; and the gate itself, out and in again."""
    network = _river()
    distances = bounded_distances(network, _snap(network, (200, -30)), _snap(network, (500, -40), (200, -30)), 400.0)
    assert distances.metres.tolist() == [370.0, 60.0]


def test_the_way_round_may_be_shorter_than_the_edge_itself() -> None:
    """A winding edge of 3000 m beside a straight one of 1000 m: from its ends inwards 300 + 1000 + 300."""
    loop = roads([(0, 0), (1000, 0)], [(0, 1), (0, 1)])
    loop.length_m[0] = 3000.0
    network = build_network(loop)
    gate, home = (Snapped(np.array([0]), np.array([metres]), np.zeros(1)) for metres in (300.0, 2700.0))
    assert bounded_distances(network, gate, home, 2000.0).metres.tolist() == [1600.0]


def test_no_sites_and_no_points_give_no_pairs() -> None:
    network = _river()
    nowhere, here = _snap(network), _snap(network, (200, 0))
    assert bounded_distances(network, nowhere, here, 100.0).start.tolist() == [0]
    assert bounded_distances(network, here, nowhere, 100.0).start.tolist() == [0, 0]
    assert [answer.tolist() for answer in nearest(network, nowhere, here)] == [[-1], [np.inf]]
    assert [answer.tolist() for answer in nearest(network, here, nowhere)] == [[], []]
    assert all_distances(network, nowhere, here).shape == (0, 1)
    assert all_distances(network, here, nowhere).shape == (1, 0)


@pytest.mark.parametrize("seed", range(60))
def test_equal_to_networkx(seed: int) -> None:
    """Detached pieces, loops, parallel edges, nodes at one place, many places on one edge."""
    rng = np.random.default_rng(seed)
    network = build_network(random_roads(rng, 30, int(rng.integers(10, 60))))
    sites, points = random_places(rng, network, 7), random_places(rng, network, 25)
    exact, cutoff = by_networkx(network, sites, points), float(rng.uniform(200, 3000))
    found = _matrix(bounded_distances(network, sites, points, cutoff), len(points))
    assert found == pytest.approx(np.where(exact <= cutoff, exact, np.inf), abs=1e-6)
    assert all_distances(network, sites, points) == pytest.approx(exact, abs=1e-6)
    site, metres = nearest(network, sites, points)
    assert metres == pytest.approx(exact.min(axis=0), abs=1e-6)
    assert ((site == -1) == np.isinf(metres)).all()
    assert exact[site, np.arange(len(points))] == pytest.approx(metres, abs=1e-6)


def test_rows_are_sorted_by_point_and_said_the_same_twice() -> None:
    rng = np.random.default_rng(5)
    network = build_network(random_roads(rng, 200, 300))
    sites, points = random_places(rng, network, 31), random_places(rng, network, 400)
    one, two = (bounded_distances(network, sites, points, 2000.0) for _ in range(2))
    for first, last in zip(one.start[:-1], one.start[1:], strict=True):
        assert (np.diff(one.point[first:last]) > 0).all()
    assert len(one.point) > 1000
    assert (one.point.tolist(), one.metres.tolist()) == (two.point.tolist(), two.metres.tolist())


def test_of_sites_equally_near_the_first_is_nearest() -> None:
    """Homes half way between two gates, at a gate that stands twice, and on the edge that two gates share."""
    network = build_network(roads([(0, 0), (500, 0), (1000, 0)], [(0, 1), (1, 2)]))
    sites = _snap(network, (1000, 0), (0, 0), (1000, 0), (600, 0), (800, 0))
    site, metres = nearest(network, sites, _snap(network, (300, 0), (1000, 0), (700, 0)))
    assert (site.tolist(), metres.tolist()) == ([1, 0, 3], [300.0, 0.0, 100.0])


def test_one_more_site_never_makes_the_nearest_farther() -> None:
    rng = np.random.default_rng(8)
    network = build_network(random_roads(rng, 60, 90))
    sites, points = random_places(rng, network, 12), random_places(rng, network, 80)
    fewer = Snapped(sites.edge[:-1], sites.along_m[:-1], sites.leg_m[:-1])
    assert (nearest(network, sites, points)[1] <= nearest(network, fewer, points)[1]).all()


def test_no_road_leads_there() -> None:
    """Two roads of two nodes that never meet."""
    network = build_network(roads([(0, 0), (100, 0), (0, 50), (100, 50)], [(0, 1), (2, 3)]))
    site, metres = nearest(network, _snap(network, (50, 0)), _snap(network, (50, 50), (90, 0)))
    assert (site.tolist(), metres.tolist()) == ([-1, 0], [np.inf, 40.0])
