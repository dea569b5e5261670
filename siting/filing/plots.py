"""Illustrative plots: a rectangle of the land a school takes, along the nearest road, and what bounds it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely

from siting.filing.dossier import Plot
from siting.network.build import edge_tree
from siting.study import ROAD_CLASSES, FloatArray, IntArray, Roads
from siting.words import Phrase

LONG = 1.5
"""The long side of a plot over its short one."""

SEEN_M = 300.0
"""How far beyond a plot a road still bounds it."""

SIDES = (Phrase("东至", "east"), Phrase("南至", "south"), Phrase("西至", "west"), Phrase("北至", "north"))
_TOWARDS = ((1.0, 0.0), (0.0, -1.0), (-1.0, 0.0), (0.0, 1.0))

ROAD_NAMES = {
    "trunk": Phrase("国道、快速路", "trunk road"),
    "primary": Phrase("主干路（省道）", "primary road"),
    "secondary": Phrase("次干路（县道）", "secondary road"),
    "tertiary": Phrase("支路（乡道）", "tertiary road"),
    "local": Phrase("村路、街巷", "local street"),
    "path": Phrase("小路", "path"),
}


@dataclass(frozen=True, slots=True)
class Land:
    """Road segments of a study area, found by place; edges are their rows."""

    roads: Roads
    edges: IntArray
    tree: shapely.STRtree

    def line(self, row: int) -> FloatArray:
        """Both ends (2, 2) of a segment of the tree."""
        ends = [int(self.roads.tail[self.edges[row]]), int(self.roads.head[self.edges[row]])]
        return np.column_stack((self.roads.x[ends], self.roads.y[ends]))

    def class_of(self, row: int) -> str:
        """The class of a segment of the tree."""
        return ROAD_CLASSES[int(self.roads.road_class[self.edges[row]])]


def land_of(roads: Roads) -> Land:
    """The segments that are drawn as roads: links are only walked."""
    edges = np.flatnonzero(roads.road_class != ROAD_CLASSES.index("link"))
    return Land(roads, edges, edge_tree(roads, edges))


def plot_at(land: Land, x: float, y: float, area_m2: float) -> Plot:
    """A plot of so many square metres (> 0) around a place, its long side along the nearest road."""
    along = _direction(land, x, y)
    half = np.array([math.sqrt(area_m2 * LONG), math.sqrt(area_m2 / LONG)]) / 2.0
    turned = np.array([[-1, 1], [1, 1], [1, -1], [-1, -1]]) * half @ np.array([along, [-along[1], along[0]]])
    corners = _from_north_west(turned) + np.array([x, y])
    return Plot(corners, area_m2, _bounds(land, corners))


def _direction(land: Land, x: float, y: float) -> FloatArray:
    """The direction of the nearest road as a unit vector that points east, within 45 degrees of it or of north."""
    row = land.tree.nearest(shapely.Point(x, y)) if len(land.edges) else None
    if row is None:
        return np.array([1.0, 0.0])
    (tail, head) = land.line(int(row))
    way = head - tail
    length = float(np.hypot(*way))
    way = way / length if length > 0 else np.array([1.0, 0.0])
    return -way if (way[0], way[1]) < (0.0, 0.0) else way


def _from_north_west(corners: FloatArray) -> FloatArray:
    """Corners clockwise from the one farthest north-west; those given run clockwise already."""
    first = int(np.argmax(corners[:, 1] - corners[:, 0]))
    return np.roll(corners, -first, axis=0)


def _bounds(land: Land, corners: FloatArray) -> tuple[Phrase, Phrase, Phrase, Phrase]:
    east, south, west, north = (_bound(land, corners, side, way) for side, way in zip(SIDES, _TOWARDS, strict=True))
    return east, south, west, north


def _bound(land: Land, corners: FloatArray, side: Phrase, way: tuple[float, float]) -> Phrase:
    """What lies on one side of a plot: the first road within SEEN_M, or that none does."""
    centre, towards = corners.mean(axis=0), np.array(way)
    reach_m = float(((corners - centre) @ towards).max())
    ray = shapely.LineString([centre, centre + towards * (reach_m + SEEN_M)])
    rows = land.tree.query(ray, predicate="intersects")
    found = sorted((float(ray.project(_cut(ray, land.line(int(row))))), land.class_of(int(row))) for row in rows)
    beyond = [(metres, its) for metres, its in found if metres >= reach_m]
    if not beyond:
        zh, en = f"{SEEN_M:.0f}米内无道路，待现场核定", f"no road within {SEEN_M:.0f} m, to be settled on site"
        return Phrase(f"{side.zh}：{zh}", f"{side.en}: {en}")
    metres, its = beyond[0]
    name = ROAD_NAMES[its]
    return Phrase(
        f"{side.zh}：{name.zh}（距地块约{metres - reach_m:.0f}米）",
        f"{side.en}: {name.en} (about {metres - reach_m:.0f} m away)",
    )


def _cut(ray: shapely.LineString, segment: FloatArray) -> shapely.Point:
    return shapely.Point(shapely.get_coordinates(ray.intersection(shapely.LineString(segment)))[0])
