"""A whole page: the scene of a plan, or of what exists, drawn by Folium without a network."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
from pyproj import CRS
from shapely import MultiPoint

from siting.mapping.ground import ground_layers
from siting.mapping.offline import OfflineMap
from siting.mapping.programmes import programme_theme, tier_theme
from siting.mapping.scene import MapLayer, Scene, Theme, in_degrees, scene_data
from siting.mapping.villages import village_layers
from siting.plan import Plan, TierPlan
from siting.rules.verdict import Check
from siting.shapes import unit_shapes
from siting.study import TIERS, StudyArea
from siting.words import Language, Phrase, name_some


def draw_plan(plan: Plan, area: StudyArea, language: Language = "zh", checks: tuple[Check, ...] = ()) -> str:
    """The plan as one HTML page that needs no network: a theme per programme, the first one shown."""
    units = unit_shapes(area)
    themes = tuple(programme_theme(part, area, units, checks) for part in plan.parts)
    title = Phrase(f"{area.name}学校布局规划图", f"{area.name}: school siting plan")
    return page_of(scene_of(area, title, Phrase("规划项目", "Programme"), themes, _shared(area, plan.parts)), language)


def draw_audit(area: StudyArea, language: Language = "zh", uncovered: gpd.GeoDataFrame | None = None) -> str:
    """What exists, without a plan: a theme per tier that has schools.

    uncovered are the units that an audit found beyond the radius (``Audit.uncovered``).
    """
    themes = tuple(tier_theme(tier, area, uncovered) for tier in TIERS if tier in area.schools.tier)
    title = Phrase(f"{area.name}学校现状图", f"{area.name}: existing schools")
    return page_of(scene_of(area, title, Phrase("学段", "Tier"), themes, _shared(area, ())), language)


def _shared(area: StudyArea, parts: tuple[TierPlan, ...]) -> tuple[MapLayer, ...]:
    return *ground_layers(area), *village_layers(area, parts)


def scene_of(
    area: StudyArea, title: Phrase, choice: Phrase, themes: tuple[Theme, ...], shared: tuple[MapLayer, ...]
) -> Scene:
    """A map of a place: its themes over the layers they share."""
    return Scene(
        title=title,
        choice=choice,
        notice=area.notice,
        sources=_sources(area),
        bounds=_bounds(area),
        themes=themes,
        shared=shared,
    )


def _sources(area: StudyArea) -> Phrase:
    """The coordinates and the files a map is drawn from."""
    crs = CRS(area.crs)
    known = crs.geodetic_crs.name if crs.geodetic_crs else crs.name
    datum = {"China Geodetic Coordinate System 2000": "CGCS2000"}.get(known, known)
    said = Phrase(f"坐标系 {datum}（{area.crs}）", f"coordinates {datum} ({area.crs})")
    if not area.sources:
        return said
    files = name_some(sorted({file for file, _ in area.sources.values()}), most=2)
    return Phrase(f"{said.zh}；资料 {files.zh}", f"{said.en}; data {files.en}")


def _bounds(area: StudyArea) -> tuple[float, float, float, float]:
    """South, west, north, east of the boundary, or of where people live."""
    shown = area.boundary or MultiPoint(list(zip(area.points.x, area.points.y, strict=True)))
    west, south, east, north = in_degrees([shown], area.crs).total_bounds.tolist()
    return south, west, north, east


_WORDS = {
    "legend": Phrase("图例", "Legend"),
    "themeLayers": Phrase("专题图层", "Its layers"),
    "groundLayers": Phrase("基础图层", "Common layers"),
    "unmet": Phrase("未能满足的要求", "Wishes not met:"),
    "north": Phrase("北", "N"),
    "zoomIn": Phrase("放大", "Zoom in"),
    "zoomOut": Phrase("缩小", "Zoom out"),
}


def page_of(scene: Scene, language: Language, words: Mapping[str, Phrase] | None = None) -> str:
    """The page of a scene in one language. words stand in for the usual ones of the panels."""
    said = {key: phrase.said_in(language) for key, phrase in {**_WORDS, **(words or {})}.items()}
    return OfflineMap(scene.title.said_in(language), {**scene_data(scene, language), "words": said}).to_html()
