"""Roads from a GraphML file as OSMnx writes it: nodes with x and y, edges with ``geometry`` where they bend."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from itertools import pairwise, product
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.errors import ShapelyError

from siting.inputs.coordinates import converter, why_not_readable
from siting.inputs.notes import Notes
from siting.inputs.roads.segments import connect, fits
from siting.inputs.roads.walking import walked_as
from siting.study import ROAD_CLASSES, FloatArray, Roads
from siting.words import Phrase

if TYPE_CHECKING:
    import networkx as nx

_PERMISSIONS = ("highway", "foot", "access", "motorroad", "area")
_UNNAMED_ROAD = ROAD_CLASSES.index("local")
"""The class of an edge that does not say which highway it is."""


def read_graphml(file: Path, stated_crs: str, crs: str, notes: Notes) -> Roads | None:
    """The walkable edges of a graph; None, and a fault, where it cannot be read or holds none.

    stated_crs is what the study file says of the layer; where it says nothing the graph's own word holds,
    and a graph without one is in WGS84.
    """
    graph = _graph(file, notes)
    if graph is None:
        return None
    system = _system(str(graph.graph.get("crs", "")), stated_crs, notes)
    if system is None:
        return None
    try:
        return _roads(graph, system, crs, notes)
    except (KeyError, ValueError, ShapelyError) as flaw:
        _say_unreadable(notes, str(flaw))
        return None


def _graph(file: Path, notes: Notes) -> nx.MultiGraph | None:
    import networkx as nx  # here, because loading it is felt and few roads come as graphs

    try:
        return nx.read_graphml(file, force_multigraph=True)
    except (ParseError, nx.NetworkXError, KeyError, ValueError) as flaw:
        _say_unreadable(notes, str(flaw))
        return None


def _system(in_graph: str, in_study: str, notes: Notes) -> str | None:
    """The coordinate system of the nodes as a word or an EPSG code; None, and a fault, if we cannot read it."""
    system = in_study or _epsg_of(in_graph) or "wgs84"
    wrong = why_not_readable(system)
    if wrong:
        notes.fault(*wrong)
        return None
    return system


def _epsg_of(text: str) -> str:
    """The EPSG code of a CRS written in any way; empty where nothing is written, the text itself where none fits."""
    try:
        authority = CRS.from_user_input(text).to_authority() if text else None
    except CRSError:
        return text
    return ":".join(authority) if authority else text


def _roads(graph: nx.MultiGraph, system: str, crs: str, notes: Notes) -> Roads | None:
    """Nodes of the graph first, then the bends of every edge, each bend a node of its own."""
    position = {node: place for place, node in enumerate(graph.nodes)}
    xy = [(float(node["x"]), float(node["y"])) for _, node in graph.nodes(data=True)]
    ends: list[tuple[int, int]] = []
    road_class: list[int] = []
    for tail, head, bends, drawn_as in _edges(graph, position, xy):
        chain = [tail, *range(len(xy), len(xy) + len(bends)), head]
        xy.extend(bends)
        ends.extend(pairwise(chain))
        road_class.extend([drawn_as] * (len(chain) - 1))
    if not ends:
        _say_no_edge(notes, graph)
        return None
    if not fits(np.array(xy), system, notes):
        return None
    tail, head = np.array(ends, dtype=np.int64).T
    return connect(converter(system, crs)(np.array(xy)), tail, head, np.array(road_class, dtype=np.int8))


Bends = tuple[tuple[float, float], ...]


def _edges(
    graph: nx.MultiGraph, position: Mapping[Any, int], xy: list[tuple[float, float]]
) -> Iterator[tuple[int, int, Bends, int]]:
    """Walkable edges: both ends, the bends between, the road class. An edge and its way back come once."""
    seen: set[tuple[int, int, Bends]] = set()
    for tail, head, tags in graph.edges(data=True):
        drawn_as = _walked_as(tags)
        if drawn_as is None:
            continue
        edge = _one_way_round(position[tail], position[head], _bends(tags, xy[position[tail]]))
        if edge not in seen:
            seen.add(edge)
            yield *edge, drawn_as


def _bends(tags: Mapping[str, Any], start: tuple[float, float]) -> Bends:
    """The inner points of an edge's line, from its tail on, whichever way the line was drawn."""
    if "geometry" not in tags:
        return ()
    line: FloatArray = shapely.get_coordinates(shapely.from_wkt(tags["geometry"]))
    near, far = np.hypot(*(line[[0, -1]] - start).T)
    inner = line[1:-1] if near <= far else line[-2:0:-1]
    return tuple((float(x), float(y)) for x, y in inner)


def _one_way_round(tail: int, head: int, bends: Bends) -> tuple[int, int, Bends]:
    """The same for an edge and its way back."""
    return min((tail, head, bends), (head, tail, bends[::-1]))


def _walked_as(tags: Mapping[str, Any]) -> int | None:
    """The best road class a simplified edge may be walked as; its parts may have been several ways."""
    if "highway" not in tags:
        return _UNNAMED_ROAD
    said = {key: _each(tags[key]) for key in _PERMISSIONS if key in tags}
    readings = (dict(zip(said, together, strict=True)) for together in product(*said.values()))
    classes = [drawn_as for drawn_as in map(walked_as, readings) if drawn_as is not None]
    return min(classes, default=None)


def _each(value: Any) -> list[str]:
    """The values of an attribute: OSMnx writes several as "['residential', 'service']"."""
    text = str(value)
    return [str(one) for one in ast.literal_eval(text)] if text.startswith("[") else [text]


def _say_unreadable(notes: Notes, flaw: str) -> None:
    notes.fault(
        Phrase(f"不是可读的路网 GraphML（{flaw}）。", f"is not a readable road GraphML ({flaw})."),
        Phrase(
            "节点须有 x、y，弯曲的边须有 geometry；请用 OSMnx 重新保存。",
            "Nodes need x and y, bent edges a geometry; save it again with OSMnx.",
        ),
    )


def _say_no_edge(notes: Notes, graph: nx.MultiGraph) -> None:
    notes.fault(
        Phrase(
            f"{graph.number_of_edges()} 条边中没有一条可步行。",
            f"none of its {graph.number_of_edges()} edges may be walked.",
        ),
        Phrase("请按步行路网重新下载。", "Download it again as a walking network."),
    )
