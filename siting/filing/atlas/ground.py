"""What lies below every sheet: the study area's edge, built-up land, water, railways and roads, and its townships."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from siting.filing.atlas import looks
from siting.filing.atlas.frame import Frame
from siting.filing.atlas.ink import Ink, shape
from siting.filing.atlas.labels import Label
from siting.filing.atlas.legend import Key, area_key, line_key
from siting.mapping.ground import MAIN_CLASSES, RAILWAY_WORDS, WATER_WORDS
from siting.shapes import unit_shapes
from siting.study import LINK, ROAD_CLASSES, FloatArray, Roads, StudyArea
from siting.words import Phrase

NEAR = 60_000.0
"""At this scale and larger ones every street is drawn, at smaller ones main roads only."""

PATH = ROAD_CLASSES.index("path")


class Ground:
    """A study area as every sheet draws it; roads are merged and units shaped once, when they are first asked for."""

    def __init__(self, area: StudyArea) -> None:
        self.area = area
        self._lines: dict[Frame, tuple[str, ...]] = {}

    @cached_property
    def units(self) -> gpd.GeoDataFrame:
        """Shapes of the units (U), as ``unit_shapes`` gives them."""
        return unit_shapes(self.area)

    @cached_property
    def edge(self) -> BaseGeometry:
        """The boundary, or what the units cover where none is given."""
        given = self.area.boundary
        return given if given is not None and not given.is_empty else shapely.union_all(self.units.geometry.to_numpy())

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the edge and of everybody who lives outside it."""
        x, y = self.area.points.x, self.area.points.y
        west, south, east, north = self.edge.bounds
        return min(west, x.min()), min(south, y.min()), max(east, x.max()), max(north, y.max())

    @cached_property
    def centre(self) -> tuple[float, float, float, float] | None:
        """Bounds of the largest built-up land, else of the units in the city; None without, or where it is most of
        the study area anyway."""
        found = self._built_up()
        if found is None:
            return None
        west, south, east, north = self.bounds
        is_small = max((found[2] - found[0]) / (east - west), (found[3] - found[1]) / (north - south)) < 0.5
        return found if is_small else None

    def _built_up(self) -> tuple[float, float, float, float] | None:
        urban, units = self.area.urban_area, self.area.units
        if urban is not None and not urban.is_empty:
            west, south, east, north = max(shapely.get_parts(urban), key=lambda part: part.area).bounds
            return west, south, east, north
        city = np.flatnonzero(np.asarray(units.area) == "city")
        if len(city) < 2:
            return None
        x, y = units.x[city], units.y[city]
        return float(x.min()), float(y.min()), float(x.max()), float(y.max())

    @cached_property
    def main_roads(self) -> tuple[BaseGeometry, ...]:
        """Merged lines of each main class, trunk first."""
        rows = (np.flatnonzero(self.area.roads.road_class == kind) for kind in range(MAIN_CLASSES))
        return tuple(_merged(_ends(self.area.roads, row)) for row in rows)

    @cached_property
    def _minor(self) -> tuple[FloatArray, FloatArray, np.ndarray]:
        """Ends (E, 2, 2), boxes (E, 4) and classes of the streets that only near scales draw."""
        roads = self.area.roads
        rows = np.flatnonzero((roads.road_class >= MAIN_CLASSES) & (roads.road_class != LINK))
        ends = _ends(roads, rows)
        return ends, np.column_stack([ends.min(axis=1), ends.max(axis=1)]), roads.road_class[rows]

    def streets(self, frame: Frame, is_path: bool) -> BaseGeometry:
        """Streets, or paths, that a window shows, merged."""
        ends, box, kind = self._minor
        west, south, east, north = frame.bounds
        seen = (box[:, 0] <= east) & (box[:, 2] >= west) & (box[:, 1] <= north) & (box[:, 3] >= south)
        return _merged(ends[seen & ((kind == PATH) == is_path)])

    def lines(self, frame: Frame) -> tuple[str, ...]:
        """What ``lines`` draws in a window; that of the windows of whole sheets is drawn once."""
        if frame.scale <= NEAR:
            return tuple(lines(self, frame))
        if frame not in self._lines:
            self._lines[frame] = tuple(lines(self, frame))
        return self._lines[frame]

    @cached_property
    def barriers(self) -> tuple[BaseGeometry, BaseGeometry, BaseGeometry]:
        """Railways, water and other barriers, told apart by their names."""
        kinds: tuple[list[BaseGeometry], ...] = ([], [], [])
        for name, place in zip(self.area.barriers["name"], self.area.barriers.geometry, strict=True):
            kinds[_barrier_kind(str(name))].append(place)
        rail, water, other = (shapely.union_all(places) for places in kinds)
        return rail, water, other

    @cached_property
    def towns(self) -> tuple[tuple[str, float, float], ...]:
        """Townships with the middle of their residents, the most people first."""
        units = self.area.units
        weight = np.nan_to_num(units.residents) + 1.0
        table = {"town": units.township, "weight": weight, "x": weight * units.x, "y": weight * units.y}
        middle = pd.DataFrame(table).groupby("town").sum().sort_values("weight", ascending=False, kind="stable")
        rows = zip(middle.index, middle["x"] / middle["weight"], middle["y"] / middle["weight"], strict=True)
        return tuple((str(town), float(x), float(y)) for town, x, y in rows if town)


def _ends(roads: Roads, rows: np.ndarray) -> FloatArray:
    tail, head = roads.tail[rows], roads.head[rows]
    ends = np.stack([np.column_stack([roads.x[k], roads.y[k]]) for k in (tail, head)], axis=1)
    return ends.astype(np.float64)


def _merged(ends: FloatArray) -> BaseGeometry:
    if not len(ends):
        return shapely.MultiLineString()
    return shapely.line_merge(shapely.multilinestrings(shapely.linestrings(ends)))


def _barrier_kind(name: str) -> int:
    """0 for railways, 1 for water, 2 for others."""
    kinds = (RAILWAY_WORDS, WATER_WORDS)
    return next((k for k, words in enumerate(kinds) if any(word in name.casefold() for word in words)), len(kinds))


# --- drawing -----------------------------------------------------------------------------------------------------


def land(ground: Ground, frame: Frame) -> Iterator[str]:
    """The bottom: the study area, its built-up land, and on near maps protected land."""
    yield shape(ground.edge, frame, looks.LAND)
    if ground.area.urban_area is not None:
        yield shape(ground.area.urban_area, frame, looks.URBAN)
    if frame.scale <= NEAR:
        yield from (shape(place, frame, looks.PROTECTED) for place in ground.area.protected.geometry)


def lines(ground: Ground, frame: Frame) -> Iterator[str]:
    """Water, roads, railways and the edge, which lie over areas and under signs."""
    rail, water, other = ground.barriers
    yield shape(water, frame, looks.WATER)
    yield shape(other, frame, looks.OTHER_BARRIER)
    if frame.scale <= NEAR:
        yield shape(ground.streets(frame, is_path=True), frame, looks.PATH)
        yield shape(ground.streets(frame, is_path=False), frame, looks.STREET)
    for roads, ink in reversed(list(zip(ground.main_roads, looks.ROADS, strict=True))):
        yield shape(roads, frame, ink)
    yield shape(rail, frame, looks.RAIL)
    yield shape(rail, frame, looks.SLEEPERS)
    yield shape(ground.edge, frame, looks.EDGE)


def town_labels(ground: Ground, frame: Frame) -> Iterator[Label]:
    """Names of the townships the window shows."""
    for name, x, y in ground.towns:
        place = np.array([[x, y]])
        if frame.shows(place, margin_mm=2.0)[0]:
            at = frame.at(place)[0]
            yield Label(name, float(at[0]), float(at[1]), looks.TOWNS)


def ground_keys(ground: Ground, is_near: bool = False) -> Iterator[Key]:
    """What of the ground there is, for the legend."""
    area, (rail, water, other) = ground.area, ground.barriers
    yield area_key(looks.LAND, Phrase("规划范围", "study area"))
    if area.urban_area is not None and not area.urban_area.is_empty:
        yield area_key(looks.URBAN, Phrase("城镇建成区", "urban area"))
    if is_near and len(area.protected):
        yield area_key(looks.PROTECTED, Phrase("保护用地", "protected land"))
    has = [not roads.is_empty for roads in ground.main_roads]
    yield from _lines((looks.ROADS[0],), any(has[:2]), Phrase("干线、主要公路", "trunk, primary road"))
    yield from _lines((looks.ROADS[2],), any(has[2:]), Phrase("次要、乡村公路", "secondary, tertiary road"))
    yield from _lines((looks.STREET,), is_near, Phrase("村路、街巷", "street"))
    yield from _lines((looks.RAIL, looks.SLEEPERS), not rail.is_empty, Phrase("铁路", "railway"))
    yield from _lines((looks.WATER,), not water.is_empty, Phrase("河流、渠道", "river, canal"))
    yield from _lines((looks.OTHER_BARRIER,), not other.is_empty, Phrase("高速公路等其他阻隔", "other barrier"))


def _lines(inks: tuple[Ink, ...], is_there: bool, words: Phrase) -> Iterator[Key]:
    if is_there:
        yield line_key(inks, words)
