"""Layers every map has: population, streets, roads, boundary, land, villages and the names of townships."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from siting.mapping import looks
from siting.mapping.degrees import coded, in_degrees
from siting.mapping.rasters import paint_population, paint_streets
from siting.mapping.scene import Feature, Look, MapLayer
from siting.study import FloatArray, Roads, StudyArea
from siting.words import Phrase

MAIN_CLASSES = 4
"""The first classes of ROAD_CLASSES, trunk to tertiary, are drawn as lines; the others as a picture."""

WATER_WORDS = ("河", "江", "渠", "水", "沟", "湖", "river", "canal", "stream", "creek")
RAILWAY_WORDS = ("铁", "京广", "朔黄", "rail")

ROAD_TOLERANCE_M = 15.0
EDGE_TOLERANCE_M = 30.0


def ground_layers(area: StudyArea, has_pictures: bool = True) -> tuple[MapLayer, ...]:
    """What lies below everything else, from the bottom up; layers without anything to show are left out.

    has_pictures: whether population and village streets are painted, the heaviest of all.
    """
    layers = (
        _land("boundary", Phrase("规划范围", "Study area"), looks.BOUNDARY, [area.boundary], area.crs),
        *(_population(area) if has_pictures else ()),
        _land("urban", Phrase("城镇建成区", "Urban area"), looks.URBAN_AREA, [area.urban_area], area.crs),
        _land("protected", Phrase("保护用地", "Protected land"), looks.PROTECTED, area.protected.geometry, area.crs),
        *(_streets(area) if has_pictures else ()),
        _main_roads(area.roads, area.crs),
        _barriers(area),
        _estates(area),
    )
    return tuple(layer for layer in layers if layer.features or layer.picture)


def _population(area: StudyArea) -> tuple[MapLayer, ...]:
    if np.isnan(area.points.cell_m):
        return ()
    picture = paint_population(area.points, area.crs, np.asarray(looks.POPULATION_BREAKS), looks.POPULATION_COLOURS)
    title = Phrase("人口网格", "Population grid")
    steps = looks.population_looks()
    return (MapLayer("grid", title, steps, picture=picture, pane="pictures", scale=looks.POPULATION_SCALE),)


def _streets(area: StudyArea) -> tuple[MapLayer, ...]:
    is_minor = area.roads.road_class >= MAIN_CLASSES
    if not is_minor.any():
        return ()
    picture = paint_streets(area.roads, is_minor, area.crs, looks.STREET_COLOUR)
    title = Phrase("村庄街道", "Streets")
    return (MapLayer("streets", title, looks.STREETS, picture=picture, pane="pictures"),)


def _main_roads(roads: Roads, crs: str) -> MapLayer:
    features = [Feature(coded(line), look=k) for k in reversed(range(MAIN_CLASSES)) for line in _merged(roads, k, crs)]
    return MapLayer("roads", Phrase("公路与主要道路", "Main roads"), looks.MAIN_ROADS, tuple(features), pane="backdrop")


def _merged(roads: Roads, road_class: int, crs: str) -> gpd.GeoSeries:
    """Segments of one class as one multi-line; empty without any."""
    chosen = roads.road_class == road_class
    if not chosen.any():
        return gpd.GeoSeries([])
    ends = np.stack([_nodes(roads, roads.tail[chosen]), _nodes(roads, roads.head[chosen])], axis=1)
    merged = shapely.line_merge(shapely.multilinestrings(shapely.linestrings(ends)))
    return in_degrees([merged.simplify(ROAD_TOLERANCE_M)], crs)


def _nodes(roads: Roads, node: NDArray[np.int64]) -> FloatArray:
    return np.column_stack([roads.x[node], roads.y[node]])


def _land(key: str, title: Phrase, look: tuple[Look, ...], shapes: Iterable[BaseGeometry | None], crs: str) -> MapLayer:
    """Shapes deaf to the mouse, the study area's own as paper under the pictures."""
    known = [shape.simplify(EDGE_TOLERANCE_M) for shape in shapes if shape is not None and not shape.is_empty]
    features = tuple(Feature(coded(shape)) for shape in in_degrees(known, crs).explode(ignore_index=True))
    return MapLayer(key, title, look, features, pane="paper" if key == "boundary" else "backdrop")


def _barriers(area: StudyArea) -> MapLayer:
    """Rivers, railways and other barriers, told apart by their names."""
    places = in_degrees(area.barriers.geometry.simplify(ROAD_TOLERANCE_M), area.crs)
    features = tuple(
        Feature(coded(place), _barrier_look(str(name)), str(name))
        for place, name in zip(places, area.barriers["name"], strict=True)
    )
    return MapLayer("barriers", Phrase("河流、铁路", "Rivers, railways"), looks.BARRIERS, features, pane="backdrop")


def _barrier_look(name: str) -> int:
    """Position in looks.BARRIERS."""
    kinds = (RAILWAY_WORDS, WATER_WORDS)
    named = (k for k, words in enumerate(kinds) if any(word in name.casefold() for word in words))
    return next(named, len(kinds))


def _estates(area: StudyArea) -> MapLayer:
    estates = area.estates
    unknown = [None] * len(estates)
    rows = zip(
        in_degrees(estates.geometry, area.crs),
        estates["name"],
        estates.get("dwellings", unknown),
        estates.get("delivery_year", unknown),
        strict=True,
    )
    features = tuple(
        Feature(coded(place), int(place.geom_type != "Point"), str(name), (_plain(homes, ","), _plain(year, "")))
        for place, name, homes, year in rows
    )
    columns = (Phrase("户数", "Dwellings"), Phrase("交付年份", "Delivery year"))
    return MapLayer("estates", Phrase("新建居住区", "New estates"), looks.ESTATES, features, columns=columns, level=3)


def _plain(value: float | str | None, thousands: str) -> str | None:
    """A number of a table without decimals, None where the cell is empty."""
    return None if pd.isna(value) else f"{float(value):{thousands}.0f}"
