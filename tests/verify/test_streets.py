from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pytest

from siting.study import Roads
from siting.verify.streets import lay_out, metres_between, metres_within, put_on


def _roads(x: list[float], y: list[float], edges: list[tuple[int, int]], longer: float = 1.0) -> Roads:
    xs, ys = np.array(x, dtype=float), np.array(y, dtype=float)
    tail, head = (np.array([edge[k] for edge in edges], dtype=np.int64) for k in range(2))
    length = longer * np.hypot(xs[tail] - xs[head], ys[tail] - ys[head])
    return Roads(xs, ys, tail, head, length, np.full(len(edges), 4, dtype=np.int8))


def _metres(roads: Roads, gate: tuple[float, float], places: list[tuple[float, float]]) -> list[float]:
    streets = lay_out(roads)
    at = np.array([gate, *places], dtype=float)
    placed = put_on(streets, at[:, 0], at[:, 1])
    found = metres_between(streets, placed.take([0]), placed.take(np.arange(1, len(at))))
    return [float(metres) for metres in found]


def test_legs_and_road_add_up() -> None:
    """Gate 30 m above x = 100, home 20 m below x = 900: 30 + 800 + 20."""
    road = _roads([0, 1000], [0, 0], [(0, 1)])
    assert _metres(road, (100, 30), [(900, -20)]) == [pytest.approx(850.0)]


def test_round_the_corner() -> None:
    """From (100, 0) along 900 m to the corner and 500 m up."""
    road = _roads([0, 1000, 1000], [0, 0, 1000], [(0, 1), (1, 2)])
    assert _metres(road, (100, 0), [(1000, 500)]) == [pytest.approx(1400.0)]


def test_a_longer_road_than_it_looks_is_measured_at_its_length() -> None:
    road = _roads([0, 1000], [0, 0], [(0, 1)], longer=1.5)
    assert _metres(road, (100, 0), [(900, 0)]) == [pytest.approx(1200.0)]


def test_a_detour_far_beyond_the_first_guess_is_found() -> None:
    """Two banks 10 m apart joined by a bridge 20 km away: 20 + 10 + 20 km."""
    road = _roads([0, 20_000, 20_000, 0], [0, 0, 10, 10], [(0, 1), (1, 2), (2, 3)])
    assert _metres(road, (0, 0), [(0, 10)]) == [pytest.approx(40_010.0)]


def test_no_road_is_infinitely_far() -> None:
    road = _roads([0, 1000, 0, 1000], [0, 0, 500, 500], [(0, 1), (2, 3)])
    assert _metres(road, (0, 0), [(0, 500), (500, 0)]) == [np.inf, pytest.approx(500.0)]


def test_nothing_is_put_on_a_fragment() -> None:
    """A road of 301 nodes and, nearer to the home, a lonely track of 2 (less than 1 %)."""
    x = [10.0 * k for k in range(301)] + [500, 510]
    y = [0.0] * 301 + [40, 40]
    road = _roads(x, y, [*((k, k + 1) for k in range(300)), (301, 302)])
    assert _metres(road, (0, 0), [(505, 45)]) == [pytest.approx(505.0 + 45.0)]


def test_of_parallel_roads_the_shorter_counts() -> None:
    road = _roads([0, 1000, 2000], [0, 0, 0], [(0, 1), (1, 2), (1, 2)])
    long_way = Roads(road.x, road.y, road.tail, road.head, np.array([1000.0, 3000.0, 1000.0]), road.road_class)
    assert _metres(long_way, (0, 0), [(2000, 0)]) == [pytest.approx(2000.0)]


def test_no_places_at_all() -> None:
    streets = lay_out(_roads([0, 1000], [0, 0], [(0, 1)]))
    nowhere = put_on(streets, np.zeros(0), np.zeros(0))
    assert len(nowhere.edge) == 0
    assert len(metres_between(streets, put_on(streets, np.zeros(1), np.zeros(1)), nowhere)) == 0


def test_a_search_that_goes_no_farther_is_right_as_far_as_it_goes() -> None:
    """700 m along the road from a gate 30 m off it to a home 20 m off it are 750 m; 949 m are too many for 900."""
    streets = lay_out(_roads([0, 500, 1000], [0, 0, 0], [(0, 1), (1, 2)]))
    gate, homes = (put_on(streets, *np.array(at, dtype=float).T) for at in ([(100, 30)], [(800, -20), (999, 20)]))
    near, far = metres_within(streets, gate, homes, 900.0)
    assert near == pytest.approx(750.0)
    assert far > 900.0
    assert metres_between(streets, gate, homes) == pytest.approx([750.0, 949.0])


def test_a_gate_on_the_longer_of_parallel_roads_goes_round_by_the_shorter() -> None:
    """300 m from one end of a road of 1000 m, whose ends a road of 200 m joins too: 300 + 200 + 50 to a home beyond."""
    road = _roads([0, 500, 550], [0, 0, 0], [(0, 1), (0, 1), (1, 2)])
    length, roads = np.array([1000.0, 200.0, 50.0]), road
    both = Roads(roads.x, roads.y, roads.tail, roads.head, length, roads.road_class)
    assert _metres(both, (150, 0), [(550, 0)]) == [pytest.approx(550.0)]


def _split(roads: Roads, places: np.ndarray) -> nx.Graph:
    """The same streets with every place as a node: its foot breaks the nearest edge, found by trying all edges."""
    feet: dict[int, list[tuple[float, int]]] = {edge: [] for edge in range(len(roads.tail))}
    graph = nx.Graph()
    for place, (px, py) in enumerate(places):
        edge, share, leg = min((_foot(roads, edge, px, py) for edge in feet), key=lambda found: found[2])
        feet[edge].append((share, place))
        graph.add_edge(("home", place), ("foot", place), metres=leg)
    for edge, on_it in feet.items():
        length = float(roads.length_m[edge])
        stops = [
            (0.0, int(roads.tail[edge])),
            *((s, ("foot", p)) for s, p in sorted(on_it)),
            (1.0, int(roads.head[edge])),
        ]
        for (s, a), (t, b) in itertools.pairwise(stops):
            graph.add_edge(a, b, metres=(t - s) * length)
    return graph


def _foot(roads: Roads, edge: int, px: float, py: float) -> tuple[int, float, float]:
    a, b = int(roads.tail[edge]), int(roads.head[edge])
    dx, dy = roads.x[b] - roads.x[a], roads.y[b] - roads.y[a]
    share = float(np.clip(((px - roads.x[a]) * dx + (py - roads.y[a]) * dy) / (dx * dx + dy * dy), 0, 1))
    return edge, share, float(np.hypot(px - roads.x[a] - share * dx, py - roads.y[a] - share * dy))


@pytest.mark.parametrize("seed", range(20))
def test_random_streets_agree_with_streets_broken_at_every_place(seed: int) -> None:
    random = np.random.default_rng(seed)
    nodes = random.uniform(0, 2000, (12, 2))
    pairs = sorted({tuple(sorted(pair)) for pair in random.integers(0, 12, (18, 2)).tolist() if pair[0] != pair[1]})
    roads = _roads(nodes[:, 0].tolist(), nodes[:, 1].tolist(), [(a, b) for a, b in pairs])
    places = random.uniform(-100, 2100, (9, 2))
    expected = nx.single_source_dijkstra_path_length(_split(roads, places), ("home", 0), weight="metres")
    found = _metres(roads, tuple(places[0]), [tuple(place) for place in places[1:]])
    assert found == pytest.approx([expected.get(("home", k), np.inf) for k in range(1, 9)], abs=1e-6)
