"""What stands against a place: every constraint that a layer can answer, the others said to be unchecked.

Distances and sources: GB 50099 4.1, the railway, road and electricity protection rules, and the national land controls.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from siting.filing.dossier import VERDICT_ORDER, Finding
from siting.study import ROAD_CLASSES, TIERS, StudyArea, Tier
from siting.words import Phrase

RAILWAY_M, EXPRESSWAY_M, ARTERIAL_M = 300.0, 80.0, 80.0
"""Metres to classrooms below which sound measures are needed."""

NOISY = (
    (Phrase("铁路", "railway"), ("铁路", "高铁", "rail"), RAILWAY_M),
    (Phrase("高速公路", "expressway"), ("高速", "expressway", "motorway"), EXPRESSWAY_M),
)
"""Barriers known by words in their names, and how near they may come."""

NOISE, CONTROL = "GB 50099 4.1.6", "三区三线、文物保护法"

COMPOUND_M = 100.0
"""A school nearer than this stands on the same or the next plot."""

CONTROLS = (
    (Phrase("永久基本农田", "permanent farmland"), ("基本农田", "farmland")),
    (Phrase("生态保护红线", "ecological red line"), ("生态", "ecolog")),
    (Phrase("文物保护范围", "heritage protection"), ("文物", "古城", "历史", "heritage")),
)
"""Land controls, and the words by which a protected area's name is known for one."""

UNLAYERED = (
    (Phrase("土地权属与规划用途", "ownership and planned use"), "国土空间规划、地籍"),
    (Phrase("城镇开发边界", "urban growth boundary"), "三区三线"),
    (Phrase("高压线、油气管线", "high-voltage lines, gas and oil pipes"), "GB 50099 4.1.8"),
    (Phrase("易燃易爆场所", "flammable and explosive places"), "GB 50016、GB 50156"),
    (Phrase("地质灾害、洪涝、污染场地", "geological hazard, flood, polluted soil"), "GB 50099 4.1.2、土壤污染防治法"),
    (Phrase("集贸市场、殡仪馆、传染病院", "markets, funeral homes, infectious hospitals"), "GB 50099 4.1.3"),
)
"""Constraints no layer of a study speaks of."""


@dataclass(frozen=True, slots=True)
class _Layer:
    """Shapes with their names, found by place; empty where no layer was given that has any."""

    what: Phrase
    names: tuple[str, ...]
    tree: shapely.STRtree

    def nearest(self, shape: BaseGeometry) -> tuple[str, float]:
        """The name of the nearest, and metres to it: 0 where it is touched."""
        (row,), (metres,) = self.tree.query_nearest(shape, return_distance=True, all_matches=False)
        return self.names[int(row)], float(metres)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What constraints are looked at in."""

    area: StudyArea
    schools: cKDTree | None
    controls: tuple[_Layer, ...]
    noisy: tuple[tuple[_Layer, float], ...]
    arterials: _Layer


def surroundings(area: StudyArea) -> Surroundings:
    """The layers of a study area, indexed once."""
    there = cKDTree(np.column_stack((area.schools.x, area.schools.y))) if len(area.schools) else None
    controls = [_named(what, area.protected, words) for what, words in CONTROLS]
    other = _unnamed(area.protected, [word for _, words in CONTROLS for word in words])
    noisy = tuple((_named(what, area.barriers, words), limit_m) for what, words, limit_m in NOISY)
    return Surroundings(area, there, (*controls, *other), noisy, _arterials(area))


def _named(what: Phrase, layer: gpd.GeoDataFrame, words: Collection[str]) -> _Layer:
    """The shapes whose name holds one of the words."""
    return _layer(what, layer[_has(layer, words)])


def _unnamed(layer: gpd.GeoDataFrame, words: Collection[str]) -> Iterator[_Layer]:
    """The shapes whose name holds none of the words, where there are any."""
    rest = layer[~_has(layer, words)]
    if not rest.empty:
        yield _layer(Phrase("其他保护用地", "other protected land"), rest)


def _has(layer: gpd.GeoDataFrame, words: Collection[str]) -> NDArray[np.bool_]:
    """Rows whose name holds one of the words."""
    return np.array([any(word in str(name).casefold() for word in words) for name in layer["name"]], dtype=bool)


def _layer(what: Phrase, layer: gpd.GeoDataFrame) -> _Layer:
    return _Layer(what, tuple(str(name) for name in layer["name"]), shapely.STRtree(layer.geometry.to_numpy()))


def _arterials(area: StudyArea) -> _Layer:
    rows = np.flatnonzero(area.roads.road_class == ROAD_CLASSES.index("trunk"))
    ends = np.stack((area.roads.tail[rows], area.roads.head[rows]), axis=1)
    lines = shapely.linestrings(np.stack((area.roads.x[ends], area.roads.y[ends]), axis=2)) if len(rows) else []
    name = "干道"
    return _Layer(Phrase("国道、城市主干道", "trunk road"), (name,) * len(rows), shapely.STRtree(lines))


def findings(around: Surroundings, shape: BaseGeometry, tier: Tier) -> tuple[Finding, ...]:
    """Every constraint of a plot or point in the study's CRS, what is against it first."""
    controls = (_control(layer, shape) for layer in around.controls)
    noisy = (_noise(layer, shape, limit_m) for layer, limit_m in around.noisy)
    unseen = (_unchecked(what, source) for what, source in UNLAYERED)
    every = (*controls, *noisy, _arterial(around, shape), *_compound(around, shape, tier), *unseen)
    return tuple(sorted(every, key=lambda one: VERDICT_ORDER.index(one.verdict)))


def _unchecked(what: Phrase, source: str) -> Finding:
    return Finding(what, "unchecked", Phrase("未提供图层", "no layer was given"), source)


def _control(layer: _Layer, shape: BaseGeometry) -> Finding:
    if not layer.names:
        return _unchecked(layer.what, CONTROL)
    name, metres = layer.nearest(shape)
    if metres > 0:
        return Finding(layer.what, "clear", _away(name, metres), CONTROL)
    return Finding(layer.what, "prohibit", Phrase(f"压占{name}", f"lies on {name}"), CONTROL)


def _away(name: str, metres: float) -> Phrase:
    return Phrase(f"距{name} {metres:,.0f} 米", f"{metres:,.0f} m from {name}")


def _noise(layer: _Layer, shape: BaseGeometry, limit_m: float) -> Finding:
    if not layer.names:
        return _unchecked(layer.what, NOISE)
    name, metres = layer.nearest(shape)
    return _beyond(layer.what, _away(name, metres), (metres, limit_m))


def _beyond(what: Phrase, said: Phrase, metres: tuple[float, float]) -> Finding:
    """Clear from the limit on; nearer, sound measures are needed."""
    away_m, limit_m = metres
    if away_m >= limit_m:
        return Finding(what, "clear", said, NOISE)
    zh = f"{said.zh}，不足 {limit_m:g} 米，须采取隔声措施"
    en = f"{said.en}, less than {limit_m:g} m: sound measures needed"
    return Finding(what, "mitigate", Phrase(zh, en), NOISE)


def _arterial(around: Surroundings, shape: BaseGeometry) -> Finding:
    layer = around.arterials
    if not layer.names:
        return Finding(layer.what, "clear", Phrase("路网中没有干道", "the roads given have none"), NOISE)
    _, metres = layer.nearest(shape)
    said = Phrase(f"距干道 {metres:,.0f} 米", f"{metres:,.0f} m from one")
    return _beyond(layer.what, said, (metres, ARTERIAL_M))


def _compound(around: Surroundings, shape: BaseGeometry, tier: Tier) -> Iterator[Finding]:
    """Schools of higher tiers on the same or the next plot: a place for both."""
    if around.schools is None:
        return
    schools, centre = around.area.schools, shape.centroid
    higher = TIERS[TIERS.index(tier) + 1 :]
    for row in around.schools.query_ball_point((centre.x, centre.y), COMPOUND_M):
        if schools.tier[row] in higher:
            name = schools.name[row]
            said = Phrase(f"与{name}相邻或同址，可合并建设", f"beside {name}: both could share the site")
            yield Finding(Phrase("邻近学校", "school beside"), "inform", said, "")
