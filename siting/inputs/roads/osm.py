"""Roads from OpenStreetMap files (.osm.pbf, .osm, .osm.gz, .osm.bz2). Ways meet only where they share a node."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import osmium
from numpy.typing import NDArray

from siting.inputs.coordinates import converter
from siting.inputs.notes import Notes
from siting.inputs.roads.segments import connect
from siting.inputs.roads.walking import walked_as
from siting.study import FloatArray, IntArray, Roads
from siting.words import Phrase


@dataclass(frozen=True, slots=True)
class Ways:
    """Walkable ways in a file (W): the OSM nodes of all ways in a row, how many each has, and its road class.

    total counts the ways with a ``highway`` tag, walkable or not.
    """

    node: IntArray
    count: IntArray
    road_class: NDArray[np.int8]
    total: int

    def __len__(self) -> int:
        """The number of walkable ways."""
        return len(self.count)


def read_osm(file: Path, crs: str, notes: Notes) -> Roads | None:
    """The walkable ways of an OpenStreetMap file; None, and a fault, where it cannot be read or holds none."""
    try:
        ways = _walkable_ways(file)
        node, lonlat = _locations(file, np.unique(ways.node))
    except RuntimeError as refusal:  # osmium has one error for everything it cannot read
        _say_unreadable(notes, str(refusal))
        return None
    tail, head, road_class = _segments(ways, node)
    if not len(tail):
        _say_no_way(notes, ways)
        return None
    _remark_ways(notes, ways, len(tail))
    return connect(converter("wgs84", crs)(lonlat), tail, head, road_class)


def _walkable_ways(file: Path) -> Ways:
    nodes: list[list[int]] = []
    classes: list[int] = []
    total = 0
    for way in _highways(file):
        total += 1
        road_class = walked_as(way.tags)
        if road_class is not None:
            nodes.append([node.ref for node in way.nodes])
            classes.append(road_class)
    return Ways(
        node=np.fromiter(chain.from_iterable(nodes), dtype=np.int64),
        count=np.array([len(of_way) for of_way in nodes], dtype=np.int64),
        road_class=np.array(classes, dtype=np.int8),
        total=total,
    )


def _highways(file: Path) -> Iterator[osmium.osm.Way]:
    ways = osmium.FileProcessor(file, osmium.osm.WAY).with_filter(osmium.filter.KeyFilter("highway"))
    return (way for way in ways if isinstance(way, osmium.osm.Way))


def _locations(file: Path, wanted: IntArray) -> tuple[IntArray, FloatArray]:
    """OSM ids (V,), rising, and lon/lat (V, 2) of the wanted nodes that the file holds."""
    nodes = osmium.FileProcessor(file, osmium.osm.NODE).with_filter(osmium.filter.IdFilter(wanted.tolist()))
    found = {node.id: ((at := node.location).lon, at.lat) for node in nodes if isinstance(node, osmium.osm.Node)}
    node = np.array(sorted(found), dtype=np.int64)
    return node, np.array([found[one] for one in node.tolist()], dtype=np.float64).reshape(-1, 2)


def _segments(ways: Ways, known: IntArray) -> tuple[IntArray, IntArray, NDArray[np.int8]]:
    """Positions in known of both ends of every segment, and its class; nodes cut off by the extract end a way."""
    way = np.repeat(np.arange(len(ways)), ways.count)
    is_segment = way[1:] == way[:-1]
    is_known = np.isin(ways.node, known)
    is_segment &= is_known[1:] & is_known[:-1]
    position = np.searchsorted(known, ways.node)
    return position[:-1][is_segment], position[1:][is_segment], ways.road_class[way[:-1][is_segment]]


def _say_unreadable(notes: Notes, refusal: str) -> None:
    notes.fault(
        Phrase(f"不是可读的 OpenStreetMap 文件（{refusal}）。", f"is not a readable OpenStreetMap file ({refusal})."),
        Phrase("请重新下载 .osm.pbf 或 .osm 文件。", "Download the .osm.pbf or .osm file again."),
    )


def _say_no_way(notes: Notes, ways: Ways) -> None:
    notes.fault(
        Phrase(
            f"{ways.total} 条道路中可步行的有 {len(ways)} 条，文件中没有一段可步行且节点齐全的道路。",
            f"has no walkable segment: {len(ways)} of {ways.total} ways with a highway tag are walkable, "
            "none with two of its nodes in the file.",
        ),
        Phrase("请检查范围，或导出含道路及其节点的数据。", "Check the extent, or export the roads with their nodes."),
    )


def _remark_ways(notes: Notes, ways: Ways, segments: int) -> None:
    notes.remark(
        Phrase(
            f"{ways.total} 条道路中 {len(ways)} 条可步行，共 {segments} 段；其余（高速、禁行、在建等）未用。",
            f"{len(ways)} of {ways.total} ways may be walked ({segments} segments); the others are motorways, "
            "closed on foot or not built yet.",
        )
    )
