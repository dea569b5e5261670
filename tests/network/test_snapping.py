from __future__ import annotations

import numpy as np
import pytest
from network.road_cases import random_roads, roads

from siting.network.build import build_network
from siting.network.graph import RoadNetwork, Snapped
from siting.network.snapping import detached, pieces, snap, snap_faults


def _snap(network: RoadNetwork, *places: tuple[float, float]) -> Snapped:
    x, y = np.array(places, dtype=float).reshape(-1, 2).T
    return snap(network, x, y)


def test_a_place_goes_to_the_edge_not_to_a_node() -> None:
    """Three villages by a road of 1000 m: beside it, on it, and beyond its end (3-4-5 triangle)."""
    snapped = _snap(build_network(roads([(0, 0), (1000, 0)], [(0, 1)])), (400, 30), (700, 0), (1300, 400))
    assert snapped.along_m.tolist() == [400.0, 700.0, 1000.0]
    assert snapped.leg_m.tolist() == [30.0, 0.0, 500.0]


def test_metres_along_a_winding_road_are_its_own() -> None:
    """A quarter of the way along a line of 1000 m that is 1500 m long."""
    snapped = _snap(build_network(roads([(0, 0), (1000, 0)], [(0, 1)], longer=1.5)), (250, 40))
    assert (snapped.along_m[0], snapped.leg_m[0]) == (375.0, 40.0)


def test_of_edges_equally_near_the_first_is_taken() -> None:
    """Between two streets 100 m apart, and at the corner of two streets."""
    streets = build_network(roads([(0, 100), (500, 100), (0, 0), (500, 0), (500, -90)], [(0, 1), (2, 3), (3, 4)]))
    assert _snap(streets, (250, 50), (560, 0)).edge.tolist() == [0, 1]


def test_an_edge_without_extent_is_a_place() -> None:
    network = build_network(roads([(10, 0), (10, 0)], [(0, 1)]))
    assert _snap(network, (13, 4)).leg_m.tolist() == [5.0]


def test_no_places_give_none() -> None:
    assert len(_snap(build_network(roads([(0, 0), (1, 0)], [(0, 1)])))) == 0


@pytest.mark.parametrize("seed", range(20))
def test_snapping_against_every_edge(seed: int) -> None:
    """Legs equal the least distance to any edge of the larger pieces, measured edge by edge on a fine walk along it."""
    rng = np.random.default_rng(seed)
    network = build_network(random_roads(rng, 150, 120))
    x, y = rng.uniform(-100, 1100, (2, 50))
    snapped = snap(network, x, y)
    usable = np.flatnonzero(~network.is_fragment[network.tail])
    legs = np.array([[_leg(network, edge, *place) for edge in usable] for place in zip(x, y, strict=True)])
    assert snapped.leg_m == pytest.approx(legs.min(axis=1), abs=1e-9)
    assert legs[np.arange(50), np.searchsorted(usable, snapped.edge)] == pytest.approx(legs.min(axis=1), abs=1e-9)
    assert _place(network, snapped) == pytest.approx(_feet(network, snapped.edge, x, y), abs=1e-6)


def _leg(network: RoadNetwork, edge: int, x: float, y: float) -> float:
    return abs(complex(x, y) - _foot(network, edge, x, y))


def _foot(network: RoadNetwork, edge: int, x: float, y: float) -> complex:
    """The foot of the perpendicular by complex division, or the nearer end."""
    tail, head = (complex(network.x[node], network.y[node]) for node in (network.tail[edge], network.head[edge]))
    if tail == head:
        return tail
    share = ((complex(x, y) - tail) / (head - tail)).real
    return tail if share < 0 else head if share > 1 else tail + share * (head - tail)


def _feet(network: RoadNetwork, edges: np.ndarray, x: np.ndarray, y: np.ndarray) -> list[complex]:
    return [_foot(network, *one) for one in zip(edges, x, y, strict=True)]


def _place(network: RoadNetwork, snapped: Snapped) -> list[complex]:
    """Where the metres along each edge lead to."""
    length = network.length_m[snapped.edge]
    share = np.divide(snapped.along_m, length, out=np.zeros(len(snapped)), where=length > 0)
    nodes = network.x + 1j * network.y
    tail, head = nodes[network.tail[snapped.edge]], nodes[network.head[snapped.edge]]
    return (tail + share * (head - tail)).tolist()


def _street_and_track() -> RoadNetwork:
    """A street of 300 nodes along y = 0, and a lonely track of two nodes at y = 200: 2 of 302 are a fragment."""
    street = [(10.0 * k, 0.0) for k in range(300)]
    edges = [*((k, k + 1) for k in range(299)), (300, 301)]
    return build_network(roads([*street, (500, 200), (600, 200)], edges))


def test_nothing_is_put_on_a_fragment() -> None:
    """20 m from the track, 180 m from the street."""
    assert _snap(_street_and_track(), (550, 180)).leg_m.tolist() == [180.0]


def test_places_nearest_a_fragment_are_named_with_both_distances() -> None:
    """Ash is 20 m from the track and 180 m from the street; Birch is nearer the street and not named."""
    network = _street_and_track()
    x, y = np.array([550.0, 550.0]), np.array([180.0, 90.0])
    remark = detached(network, x, y, snap(network, x, y), ["Ash", "Birch"], "villages.csv")
    assert remark is not None
    assert remark.file == "villages.csv"
    assert remark.what.en == (
        "1 of 2 places lie nearest a detached road and were put on another instead: Ash (20 m, taken 180 m)."
    )
    assert "Ash（20 米，改接 180 米）" in remark.what.zh


def test_no_remark_where_nobody_was_put_elsewhere() -> None:
    x, y = np.array([550.0]), np.array([90.0])
    fragmented, whole = _street_and_track(), build_network(roads([(0, 0), (1000, 0)], [(0, 1)]))
    for network in (fragmented, whole):
        assert detached(network, x, y, snap(network, x, y), ["Birch"], "villages.csv") is None


def test_pieces_are_counted() -> None:
    """300 of 302 nodes are 99.3 %."""
    remark = pieces(_street_and_track(), "roads.osm.pbf")
    assert remark is not None
    assert remark.what.en == (
        "The roads fall into 2 pieces; the largest holds 99.3% of the nodes. Nothing is put on 1 fragments."
    )
    assert pieces(build_network(roads([(0, 0), (1000, 0)], [(0, 1)])), "roads.osm.pbf") is None


def test_places_too_far_from_any_road_are_named_worst_first() -> None:
    network = build_network(roads([(0, 0), (1000, 0)], [(0, 1)]))
    snapped = _snap(network, (0, 2310), (10, 1999), (500, 5400), (900, 2000))
    (fault,) = snap_faults(network, snapped, ["V017", "V018", "V208", "V399"], 2000.0, "villages.csv")
    assert fault.said_in("en") == (
        "villages.csv: 2 of 4 places lie more than 2000 m from any road: V208 (5400 m), V017 (2310 m). "
        "Move them, add the missing track, or raise `snap_limit_m` in study.toml (now 2000)."
    )
    assert fault.said_in("zh") == (
        "villages.csv: 4 处中有 2 处距任何道路超过 2000 米：V208 (5400 m)、V017 (2310 m)。 "
        "请更正位置，补上缺少的道路，或调大 study.toml 的 snap_limit_m（现为 2000）。"
    )


def test_joining_detached_roads_is_a_way_out_too() -> None:
    network = _street_and_track()
    (fault,) = snap_faults(network, _snap(network, (550, 180)), ["Ash"], 100.0, "villages.csv")
    assert "join the 1 detached pieces of road" in fault.cure.en


def test_no_fault_where_everybody_is_near() -> None:
    network = _street_and_track()
    assert snap_faults(network, _snap(network, (550, 180)), ["Ash"], 180.0, "villages.csv") == ()
