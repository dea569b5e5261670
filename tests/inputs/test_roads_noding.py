import networkx as nx
import numpy as np
import pytest
import shapely
from road_answers import graph_of, metres_between, pieces
from shapely import LineString

from siting.inputs.roads.noding import node_lines
from siting.study import Roads

Line = list[tuple[float, float]]


def noded(*lines: Line, raised: tuple[int, ...] = ()) -> Roads:
    is_raised = np.isin(np.arange(len(lines)), raised)
    shapes = np.array([LineString(line) for line in lines], dtype=object)
    return node_lines(shapes, is_raised, np.arange(len(lines), dtype=np.int8))


EAST: Line = [(-10, 0), (10, 0)]
NORTH: Line = [(0, -10), (0, 10)]


def test_a_cross_at_grade() -> None:
    roads = noded(EAST, NORTH)
    assert (len(roads.x), len(roads.tail), pieces(roads)) == (5, 4, 1)
    assert metres_between(roads, (-10, 0), (0, 10)) == pytest.approx(20.0)


def test_a_bridge_over_a_road_does_not_meet_it() -> None:
    roads = noded(EAST, NORTH, raised=(1,))
    assert (len(roads.x), len(roads.tail), pieces(roads)) == (4, 2, 2)


def test_a_bridge_with_a_bend_right_above_a_bend_of_the_road() -> None:
    roads = noded([(-10, 0), (0, 0), (10, 0)], [(0, -10), (0, 0), (0, 10)], raised=(1,))
    assert pieces(roads) == 2


def test_a_bridge_meets_at_its_own_ends() -> None:
    """The road 0-20 runs onto a bridge 20-40, which ends on the middle of a street; a lane passes below."""
    roads = noded([(0, 0), (20, 0)], [(20, 0), (40, 0)], [(40, -10), (40, 10)], [(30, -10), (30, 10)], raised=(1,))
    assert pieces(roads) == 2
    assert metres_between(roads, (0, 0), (40, 10)) == pytest.approx(50.0)


def test_a_road_that_ends_under_a_bridge_does_not_meet_it() -> None:
    assert pieces(noded(EAST, [(0, -10), (0, 0)], raised=(0,))) == 2


def test_two_tunnels_meet_end_to_end_and_not_where_they_cross() -> None:
    roads = noded(EAST, NORTH, [(10, 0), (20, 0)], raised=(0, 1, 2))
    assert pieces(roads) == 2
    assert metres_between(roads, (-10, 0), (20, 0)) == pytest.approx(30.0)


@pytest.mark.parametrize("gap", [0.0, 0.4, -0.4])
def test_a_side_road_ends_on_the_middle_of_a_road(gap: float) -> None:
    """A gap or an overshoot of 0.4 m is a junction; what hangs over is no road of its own."""
    roads = noded(EAST, [(0, gap), (0, 10)])
    assert (len(roads.x), len(roads.tail), pieces(roads)) == (4, 3, 1)
    assert metres_between(roads, (-10, 0), (10, 0)) == pytest.approx(20.0, abs=0.02)


def test_a_gap_of_60_cm_is_a_gap() -> None:
    assert pieces(noded(EAST, [(0, 0.6), (0, 10)])) == 2


def test_ends_that_nearly_touch_are_joined() -> None:
    roads = noded(EAST, [(10.3, 0.1), (20, 0)])
    assert (len(roads.x), len(roads.tail), pieces(roads)) == (3, 2, 1)


def test_bends_that_nearly_touch_are_not_joined() -> None:
    """Two roads 20 cm apart at their bends: only ends were meant to touch."""
    assert pieces(noded([(-10, 5), (0, 0.1), (10, 5)], [(-10, -5), (0, -0.1), (10, -5)])) == 2


def test_a_bend_on_a_line_is_a_junction() -> None:
    assert pieces(noded(EAST, [(-10, 10), (0, 0), (10, 10)])) == 1


def test_lines_over_each_other_come_once() -> None:
    """0-20 and 10-30 share 10-20: 30 m in all, drawn as the first line's class."""
    roads = noded([(0, 0), (20, 0)], [(10, 0), (30, 0)])
    assert roads.length_m.sum() == pytest.approx(30.0)
    assert sorted(roads.road_class) == [0, 0, 1]


def test_a_line_that_crosses_itself_meets_itself() -> None:
    """A loop: along 20 m, back over itself. The crossing (10, 0) makes a ring of three sides and two tails."""
    roads = noded([(0, 0), (20, 0), (20, 10), (10, 10), (10, -10)])
    assert nx.number_of_edges(graph_of(roads)) == 6
    assert metres_between(roads, (0, 0), (10, -10)) == pytest.approx(20.0)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_lines_are_noded_as_by_shapely(seed: int) -> None:
    """60 lines within 100 km, so that no end is near another line: the same pieces and metres as their union."""
    ends = np.random.default_rng(seed).uniform(0, 1e5, (60, 2, 2))
    lines = np.array([LineString(line) for line in ends], dtype=object)
    roads = node_lines(lines, np.zeros(60, dtype=bool), np.zeros(60, dtype=np.int8))
    union = shapely.get_parts(shapely.union_all(lines))
    assert len(roads.tail) == len(union) > 500
    assert np.sort(roads.length_m) == pytest.approx(np.sort(shapely.length(union)), abs=1e-6)
    known = nx.Graph(shapely.STRtree(lines).query(lines, predicate="intersects").T.tolist())
    assert pieces(roads) == nx.number_connected_components(known)
