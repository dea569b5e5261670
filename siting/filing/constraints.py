"""What stands against a place: every constraint that a layer can answer, the others said to be unchecked.

Distances and sources: GB 50099 4.1, the railway, road and electricity protection rules, and the national land controls.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from siting.filing.dossier import Finding, Verdict
from siting.filing.plots import Land
from siting.study import ROAD_CLASSES, TIERS, StudyArea, Tier
from siting.words import Phrase

RAILWAY_M, EXPRESSWAY_M, ARTERIAL_M = 300.0, 80.0, 80.0
"""Metres to classrooms below which sound measures are needed."""

NOISY = (
    (Phrase("铁路", "railway"), ("铁路", "高铁", "rail"), RAILWAY_M),
    (Phrase("高速公路", "expressway"), ("高速", "expressway", "motorway"), EXPRESSWAY_M),
)
"""Barriers known by words in their names, and how near they may come."""

NOISE = "GB 50099 4.1.6"

COMPOUND_M = 100.0
"""A school nearer than this stands on the same or the next plot."""

CONTROLS = (
    (Phrase("永久基本农田", "permanent farmland"), ("基本农田",)),
    (Phrase("生态保护红线", "ecological red line"), ("生态",)),
    (Phrase("文物保护范围", "heritage protection"), ("文物", "古城", "历史")),
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
class Surroundings:
    """What constraints are looked at in."""

    area: StudyArea
    land: Land
    schools: cKDTree | None
    main: shapely.STRtree


def surroundings(area: StudyArea, land: Land) -> Surroundings:
    """The layers of a study area, indexed once."""
    there = cKDTree(np.column_stack((area.schools.x, area.schools.y))) if len(area.schools) else None
    rows = np.flatnonzero(area.roads.road_class == ROAD_CLASSES.index("trunk"))
    ends = np.stack((area.roads.tail[rows], area.roads.head[rows]), axis=1)
    lines = shapely.linestrings(np.stack((area.roads.x[ends], area.roads.y[ends]), axis=2)) if len(rows) else []
    return Surroundings(area, land, there, shapely.STRtree(lines))


def findings(around: Surroundings, shape: BaseGeometry, tier: Tier) -> tuple[Finding, ...]:
    """Every constraint of a plot or point in the study's CRS, what is against it first."""
    found = (*_controls(around, shape), *_barriers(around, shape), _arterial(around, shape))
    unseen = (_unchecked(what, source) for what, source in UNLAYERED)
    every = (*found, *_compound(around, shape, tier), *unseen)
    return tuple(sorted(every, key=lambda one: _ORDER.index(one.verdict)))


_ORDER: tuple[Verdict, ...] = ("prohibit", "mitigate", "inform", "clear", "unchecked")


def _unchecked(what: Phrase, source: str) -> Finding:
    return Finding(what, "unchecked", Phrase("未提供图层", "no layer was given"), source)


def _controls(around: Surroundings, shape: BaseGeometry) -> Iterator[Finding]:
    """Protected land by kind; what no kind's word names is looked at together."""
    layer, source = around.area.protected, "三区三线、文物保护法"
    names = [str(name) for name in layer["name"]]
    rest = [not any(word in name for _, words in CONTROLS for word in words) for name in names]
    for what, words in CONTROLS:
        mine = layer[[any(word in name for word in words) for name in names]]
        yield _unchecked(what, source) if mine.empty else _within(what, mine, shape, source)
    if any(rest):
        yield _within(Phrase("其他保护用地", "other protected land"), layer[rest], shape, source)


def _within(what: Phrase, layer: gpd.GeoDataFrame, shape: BaseGeometry, source: str) -> Finding:
    metres = layer.geometry.distance(shape).to_numpy()
    at = int(np.argmin(metres))
    name = str(layer["name"].iloc[at])
    if metres[at] <= 0:
        return Finding(what, "prohibit", Phrase(f"压占{name}", f"lies on {name}"), source)
    return Finding(what, "clear", _away(name, float(metres[at])), source)


def _away(name: str, metres: float) -> Phrase:
    return Phrase(f"距{name} {metres:,.0f} 米", f"{metres:,.0f} m from {name}")


def _barriers(around: Surroundings, shape: BaseGeometry) -> Iterator[Finding]:
    layer = around.area.barriers
    names = [str(name) for name in layer["name"]]
    for what, words, limit_m in NOISY:
        mine = layer[[any(word in name.casefold() for word in words) for name in names]]
        yield _unchecked(what, NOISE) if mine.empty else _near(what, mine, shape, limit_m)


def _near(what: Phrase, layer: gpd.GeoDataFrame, shape: BaseGeometry, limit_m: float) -> Finding:
    metres = layer.geometry.distance(shape).to_numpy()
    at = int(np.argmin(metres))
    return _beyond(what, _away(str(layer["name"].iloc[at]), float(metres[at])), (float(metres[at]), limit_m))


def _beyond(what: Phrase, said: Phrase, metres: tuple[float, float]) -> Finding:
    """Clear from the limit on; nearer, sound measures are needed."""
    away_m, limit_m = metres
    if away_m >= limit_m:
        return Finding(what, "clear", said, NOISE)
    zh = f"{said.zh}，不足 {limit_m:g} 米，须采取隔声措施"
    en = f"{said.en}, less than {limit_m:g} m: sound measures needed"
    return Finding(what, "mitigate", Phrase(zh, en), NOISE)


def _arterial(around: Surroundings, shape: BaseGeometry) -> Finding:
    what = Phrase("国道、城市主干道", "trunk road")
    if not len(around.main.geometries):
        return Finding(what, "clear", Phrase("路网中没有干道", "the roads given have none"), NOISE)
    metres = float(around.main.query_nearest(shape, return_distance=True, all_matches=False)[1][0])
    said = Phrase(f"距干道 {metres:,.0f} 米", f"{metres:,.0f} m from one")
    return _beyond(what, said, (metres, ARTERIAL_M))


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
            yield Finding(Phrase("邻近学校", "school beside"), "inform", said, "县域实践：利用富余校舍")
