"""Units and services as the page's script reads them: columns of plain numbers, land once for all tables."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from siting.mapping.degrees import Coded, coded, in_degrees, points_in_degrees
from siting.mapping.service import CUTOFFS_M, SCHOOL_FIGURES, Served, Service
from siting.project import AREA_NAMES
from siting.study import Forecast, StudyArea
from siting.words import Language

TOLERANCE_M = 60.0
NO_ROAD = -1
LAND = "Land"

Land = tuple[str, Coded]


@dataclass(frozen=True, slots=True, eq=False)
class UnitTable:
    """The units of a study area (U), the land of each in degrees, and those that only this one of two plans has."""

    area: StudyArea
    land: tuple[Land, ...]
    alone: tuple[int, ...] = ()


def thinned(units: gpd.GeoDataFrame, tolerance_m: float = TOLERANCE_M) -> gpd.GeoDataFrame:
    """Land of units as it is drawn: neighbours still share their borders."""
    return units.set_geometry(units.geometry.simplify_coverage(tolerance_m))


def unit_table(area: StudyArea, units: gpd.GeoDataFrame, alone: Iterable[str] = ()) -> UnitTable:
    """The table of an area whose units are drawn already; alone are ids."""
    land = tuple(coded(shape) for shape in in_degrees(units.geometry, str(units.crs)))
    only = set(alone)
    return UnitTable(area, land, tuple(k for k, unit in enumerate(area.units.id) if unit in only))


def land_of(table: int, row: int) -> Land:
    """The place of a feature that is the land of a unit: a table of the scene and a row of it."""
    return LAND, [table, row]


def tables_data(tables: Sequence[UnitTable], language: Language) -> dict[str, object]:
    """Tables, the land they share, and the years all of them look at (None where one of them does not)."""
    land = {repr(shape): shape for table in tables for shape in table.land}
    number = {key: k for k, key in enumerate(land)}
    return {
        "shapes": list(land.values()),
        "tables": _once([_table_data(table, number, language) for table in tables]),
        "years": _years_data([table.area.forecast for table in tables]),
        "figures": [figure.said_in(language) for figure in SCHOOL_FIGURES],
        "cutoffs": CUTOFFS_M,
    }


def _once(tables: list[dict[str, object]]) -> list[dict[str, object] | None]:
    """None for a second table that says what the first does."""
    return [None if k and table == tables[0] else table for k, table in enumerate(tables)]


def _table_data(table: UnitTable, number: dict[str, int], language: Language) -> dict[str, object]:
    units = table.area.units
    return {
        "name": units.name,
        "township": units.township,
        "where": [AREA_NAMES[word].said_in(language) for word in units.area],
        "residents": _whole(units.residents),
        "at": [at for _, at in points_in_degrees(units.x, units.y, table.area.crs)],
        "shape": [number[repr(land)] for land in table.land],
        "alone": table.alone,
    }


def _years_data(ahead: Sequence[Forecast | None]) -> dict[str, object] | None:
    years = [None if one is None else (one.year.tolist(), one.year_planned) for one in ahead]
    if not years or years[0] is None or any(one != years[0] for one in years):
        return None
    return {"year": years[0][0], "planned": years[0][1]}


def service_data(service: Service, language: Language, has_figures: bool = True) -> dict[str, object]:
    """A service: members, ways and people as columns, schools one by one, with their figures where they are shown.

    Shares are None where every unit goes whole to one school, pupils where nobody counted any.
    """
    at = points_in_degrees([one.x for one in service.schools], [one.y for one in service.schools], service.area.crs)
    return {
        "isAssigned": service.is_assigned,
        "radius": None if np.isinf(service.radius_m) else service.radius_m,
        "cutoffs": service.cutoffs,
        "unit": service.member.tolist(),
        "metres": _whole(np.where(np.isinf(service.metres), NO_ROAD, service.metres)),
        "within": [_whole(people) for people in service.within],
        "links": {
            "unit": service.links.unit.tolist(),
            "school": service.links.school.tolist(),
            "share": None if (service.links.share == 1).all() else service.links.share.round(3).tolist(),
        },
        "pupils": None if np.isnan(service.pupils).all() else [_tenths(pupils) for pupils in service.pupils],
        "schools": [
            _school_data(one, place, language if has_figures else None)
            for one, (_, place) in zip(service.schools, at, strict=True)
        ],
    }


def _school_data(school: Served, at: Coded, language: Language | None) -> dict[str, object]:
    return {
        "id": school.id,
        "name": school.name,
        "at": at,
        "seats": _whole([school.seats])[0],
        "pupils": _whole([school.pupils])[0],
        "now": _whole(school.now),
        "figures": [figure and figure.said_in(language) for figure in school.figures] if language else [],
    }


def _whole(numbers: Iterable[float]) -> list[int | None]:
    """Whole numbers, None where nobody counted."""
    return [None if math.isnan(number) else round(number) for number in map(float, numbers)]


def _tenths(numbers: Iterable[float]) -> list[float | None]:
    return [None if math.isnan(number) else round(number, 1) for number in map(float, numbers)]
