from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from road_answers import METRES, faults_of, graph_of, metres_between, roads_of

from siting.study import ROAD_CLASSES


def square(crs: str = METRES) -> nx.MultiDiGraph:
    """Four corners of 100 m: 1-2 straight and drawn both ways, 2-3 with a bend 50 m out, 3-4 a motorway, 4-1 a path."""
    graph = nx.MultiDiGraph(crs=crs)
    for name, (x, y) in {1: (500000, 0), 2: (500100, 0), 3: (500100, 100), 4: (500000, 100)}.items():
        graph.add_node(name, x=str(float(x)), y=str(float(y)))
    graph.add_edge(1, 2, highway="residential", length="100.0")
    graph.add_edge(2, 1, highway="residential", length="100.0")
    graph.add_edge(2, 3, highway="['service', 'tertiary']", geometry="LINESTRING (500100 0, 500150 50, 500100 100)")
    graph.add_edge(3, 2, highway="['service', 'tertiary']", geometry="LINESTRING (500100 100, 500150 50, 500100 0)")
    graph.add_edge(3, 4, highway="motorway")
    graph.add_edge(4, 1, highway="path")
    return graph


def saved(graph: nx.Graph, folder: Path) -> Path:
    nx.write_graphml(graph, folder / "town.graphml")
    return folder / "town.graphml"


def test_a_graph_of_four_nodes(tmp_path: Path) -> None:
    """4-1-2-bend-3: 5 nodes, 4 segments; 100 + 100 + 2 x 50 x sqrt 2 = 341.42 m."""
    roads, _ = roads_of(saved(square(), tmp_path))
    assert (len(roads.x), len(roads.tail)) == (5, 4)
    assert sorted(ROAD_CLASSES[k] for k in roads.road_class) == ["local", "path", "tertiary", "tertiary"]
    assert metres_between(roads, (500000, 100), (500100, 100)) == pytest.approx(200 + 100 * np.sqrt(2))


def test_a_line_drawn_against_its_edge_is_turned(tmp_path: Path) -> None:
    """Bends of an edge 1-2 listed from 2: 30 + 40 + 30 m up, along and down, not a zigzag."""
    graph = nx.MultiDiGraph(crs=METRES)
    graph.add_node(1, x=500000.0, y=0.0)
    graph.add_node(2, x=500040.0, y=0.0)
    graph.add_edge(1, 2, geometry="LINESTRING (500040 0, 500040 30, 500000 30, 500000 0)")
    roads, _ = roads_of(saved(graph, tmp_path))
    assert metres_between(roads, (500000, 0), (500040, 0)) == pytest.approx(100.0)


def test_two_different_edges_between_the_same_nodes_both_stay(tmp_path: Path) -> None:
    graph = nx.MultiDiGraph(crs=METRES)
    graph.add_node(1, x=500000.0, y=0.0)
    graph.add_node(2, x=500040.0, y=0.0)
    graph.add_edge(1, 2, geometry="LINESTRING (500000 0, 500020 10, 500040 0)")
    graph.add_edge(1, 2, geometry="LINESTRING (500000 0, 500020 -10, 500040 0)")
    roads, _ = roads_of(saved(graph, tmp_path))
    assert (len(roads.x), len(roads.tail)) == (4, 4)


def test_a_loop_from_a_node_to_itself_is_kept_as_its_segments(tmp_path: Path) -> None:
    graph = nx.MultiDiGraph(crs=METRES)
    graph.add_node(1, x=500000.0, y=0.0)
    graph.add_edge(1, 1, geometry="LINESTRING (500000 0, 500010 10, 499990 10, 500000 0)")
    graph.add_edge(1, 1, geometry="LINESTRING (500000 0, 499990 10, 500010 10, 500000 0)")
    roads, _ = roads_of(saved(graph, tmp_path))
    assert (len(roads.x), len(roads.tail)) == (3, 3)


def test_a_graph_without_crs_is_in_degrees(tmp_path: Path) -> None:
    """One minute of longitude on the equator's parallel x cos 38.5 = about 1,455 m."""
    graph = nx.Graph()
    graph.add_node("a", x=114.0, y=38.5)
    graph.add_node("b", x=114.0 + 1 / 60, y=38.5)
    graph.add_edge("a", "b")
    roads, _ = roads_of(saved(graph, tmp_path))
    assert roads.x.min() == pytest.approx(500000.0, abs=1e-3)
    assert roads.length_m[0] == pytest.approx(1855.325 * np.cos(np.radians(38.5)), rel=0.002)
    assert graph_of(roads).number_of_edges() == 1


def test_stated_crs_holds_where_the_graph_says_none(tmp_path: Path) -> None:
    graph = square()
    del graph.graph["crs"]
    roads, _ = roads_of(saved(graph, tmp_path), crs=METRES)
    assert roads.length_m.sum() == pytest.approx(200 + 100 * np.sqrt(2))


def test_metres_called_degrees(tmp_path: Path) -> None:
    assert "5 of 5 coordinates (first 500000, 0) lie outside EPSG:4326" in faults_of(
        saved(square("epsg:4326"), tmp_path)
    )


def test_what_the_study_file_states_outweighs_the_graph(tmp_path: Path) -> None:
    """Saved as degrees by mistake: the study file knows better."""
    roads, _ = roads_of(saved(square("epsg:4326"), tmp_path), crs=METRES)
    assert roads.length_m.sum() == pytest.approx(200 + 100 * np.sqrt(2))


def test_no_walkable_edge(tmp_path: Path) -> None:
    graph = square()
    nx.set_edge_attributes(graph, "motorway", "highway")
    said = faults_of(saved(graph, tmp_path))
    assert "town.graphml: none of its 6 edges may be walked" in said
    assert "6 条边中没有一条可步行" in said


def test_a_node_without_place(tmp_path: Path) -> None:
    graph = square()
    del graph.nodes[3]["x"]
    assert "is not a readable road GraphML ('x')" in faults_of(saved(graph, tmp_path))


def test_a_broken_line(tmp_path: Path) -> None:
    graph = square()
    graph.edges[2, 3, 0]["geometry"] = "LINESTRING (500100 0, 5001"
    assert "is not a readable road GraphML" in faults_of(saved(graph, tmp_path))


def test_not_graphml(tmp_path: Path) -> None:
    (tmp_path / "town.graphml").write_text("x,y\n")
    said = faults_of(tmp_path / "town.graphml")
    assert "town.graphml: is not a readable road GraphML" in said
    assert "不是可读的路网 GraphML" in said


def test_an_unknown_crs(tmp_path: Path) -> None:
    assert "Unknown coordinate system 'moon'" in faults_of(saved(square("moon"), tmp_path))
