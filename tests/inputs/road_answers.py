"""What the tests of road files ask of an answer."""

from __future__ import annotations

from pathlib import Path

import networkx as nx

from siting.errors import Fault
from siting.inputs.roads import read_roads
from siting.project import Layer
from siting.study import Remark, Roads

METRES = "EPSG:4547"
"""CGCS2000, 3-degree zone at 114 E: the tests' study CRS. x of its axis is 500,000 m."""


def roads_of(file: Path, crs: str = "", **kwargs: object) -> tuple[Roads, list[Remark]]:
    """Roads of a file without faults."""
    faults: list[Fault] = []
    remarks: list[Remark] = []
    roads = read_roads(Layer(file, crs, **kwargs), METRES, faults, remarks)
    assert not faults
    assert roads is not None
    return roads, remarks


def faults_of(file: Path, crs: str = "") -> str:
    """What a file that cannot be read is refused with, in English and Chinese."""
    faults: list[Fault] = []
    assert read_roads(Layer(file, crs), METRES, faults, []) is None
    return "\n".join(fault.said_in(language) for fault in faults for language in ("en", "zh"))


def graph_of(roads: Roads) -> nx.Graph:
    """The network with its lengths; no two edges share both ends, none is a loop or without length."""
    graph = nx.Graph()
    graph.add_nodes_from(range(len(roads.x)))
    graph.add_weighted_edges_from(zip(roads.tail, roads.head, roads.length_m, strict=True))
    assert graph.number_of_edges() == len(roads.tail)
    assert (roads.tail != roads.head).all()
    assert (roads.length_m > 0).all()
    return graph


def pieces(roads: Roads) -> int:
    """The number of connected pieces."""
    return nx.number_connected_components(graph_of(roads))


def at(roads: Roads, x: float, y: float) -> int:
    """The node within a centimetre of a place; fails where there is none or more than one."""
    (node,) = ((roads.x - x) ** 2 + (roads.y - y) ** 2 < 1e-4).nonzero()[0]
    return int(node)


def metres_between(roads: Roads, start: tuple[float, float], end: tuple[float, float]) -> float:
    """The road between two nodes."""
    return nx.dijkstra_path_length(graph_of(roads), at(roads, *start), at(roads, *end))
