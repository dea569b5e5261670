"""New estates in a study area: each becomes a unit with places to live and, where land is offered, a candidate site.

The layer of estates has a row for each phase: ``name`` of the estate, ``phase``, ``dwellings``, ``delivered`` (day the
homes are handed over), ``persons_per_dwelling`` and ``inside_share`` (nan: the usual ones), ``school_tiers``,
``school_max_classes`` and ``school_opens`` of the school that land is offered for, and ``is_asked``, true for estates a
what-if adds: these fill whether or not the study asks for its estates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from siting.demand.estates import Phases
from siting.demand.figures import INTERNAL_SHARE, PERSONS_PER_DWELLING
from siting.project import Ahead
from siting.study import Candidates, DemandPoints, FloatArray, IntArray, StudyArea, Tier, UnitKind, Units, stacked

SPACING_M = 100.0
"""Places to live stand so far apart in an estate where the study has no grid."""


@dataclass(frozen=True, slots=True)
class NewEstate:
    """An estate somebody wants to look at: its place in the study's CRS; dwellings and day of delivery of each phase.

    inside_share is the share of families who live in the county already. school_tiers are those land is offered for,
    school_max_classes what the plot can hold (nan: nobody said), school_opens the day a school is promised for.
    """

    name: str
    shape: BaseGeometry
    phases: tuple[tuple[float, date], ...]
    persons_per_dwelling: float = PERSONS_PER_DWELLING.value
    inside_share: float = INTERNAL_SHARE.value
    school_tiers: frozenset[Tier] = field(default_factory=frozenset)
    school_max_classes: float = float("nan")
    school_opens: date | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """A study area whose estates are units that nobody lives in yet, their phases, and the first unit of an estate."""

    area: StudyArea
    phases: Phases
    first: int


def with_estate(area: StudyArea, estate: NewEstate) -> StudyArea:
    """The study area with one more estate, which fills as soon as somebody looks ahead (``siting.run.prepared``)."""
    rows = [
        {
            "name": estate.name,
            "phase": f"{number}期" if len(estate.phases) > 1 else "",
            "dwellings": dwellings,
            "delivery_year": float(day.year),
            "delivered": np.datetime64(day, "D"),
            "persons_per_dwelling": estate.persons_per_dwelling,
            "inside_share": estate.inside_share,
            "school_tiers": estate.school_tiers,
            "school_max_classes": estate.school_max_classes,
            "school_opens": np.datetime64(estate.school_opens or "NaT", "D"),
            "is_asked": True,
        }
        for number, (dwellings, day) in enumerate(estate.phases, 1)
    ]
    added = gpd.GeoDataFrame(rows, geometry=[estate.shape] * len(rows), crs=area.crs)
    if area.estates.empty:
        return replace(area, estates=added)
    before = area.estates.assign(is_asked=_asked(area.estates))
    return replace(area, estates=gpd.GeoDataFrame(pd.concat([before, added], ignore_index=True), crs=area.crs))


def asked_estates(area: StudyArea, asked: Ahead) -> gpd.GeoDataFrame:
    """The rows of the estates that fill: all the study has where it asks for them or for a year, and those a what-if
    has added."""
    estates = area.estates
    is_all = asked.estates or asked.year is not None
    return estates if is_all or estates.empty else estates[_asked(estates)]


def settled(area: StudyArea, rows: gpd.GeoDataFrame) -> Settled:
    """The study area with a unit, places to live and candidates for each estate, empty yet; rows as asked for.

    An estate belongs to the township and planning unit of the people who live nearest to it.
    """
    shapes = _shapes(rows)
    x, y = shapely.get_coordinates(shapely.point_on_surface(np.array(list(shapes.values()), dtype=object))).T
    host, first = _hosts(area, x, y), len(area.units)
    of = {name: first + at for at, name in enumerate(shapes)}
    known = replace(
        area,
        units=_units(area.units, shapes, host, x, y),
        points=_points(area.points, shapes, first),
        candidates=_candidates(area.candidates, rows, of, x, y),
    )
    return Settled(known, _phases(area, rows, of), first)


def settled_phases(area: StudyArea, rows: gpd.GeoDataFrame) -> Phases:
    """The phases of estates that are units of the study area already, each in the first of its units."""
    first = {unit: at for at, unit in reversed(list(enumerate(area.units.part_of)))}
    return _phases(area, rows, {name: first[estate_id(name)] for name in rows["name"]})


def estate_id(name: str) -> str:
    """The id of an estate's unit."""
    return f"estate:{name}"


def _asked(estates: gpd.GeoDataFrame) -> np.ndarray:
    if "is_asked" not in estates:
        return np.zeros(len(estates), dtype=bool)
    return np.array([asked is True or asked is np.True_ for asked in estates["is_asked"]], dtype=bool)


def _shapes(rows: gpd.GeoDataFrame) -> Mapping[str, BaseGeometry]:
    """Every estate's ground, in order of its first phase."""
    grounds: dict[str, list[BaseGeometry]] = {}
    for name, shape in zip(rows["name"], rows.geometry, strict=True):
        grounds.setdefault(name, []).append(shape)
    return {name: shapely.union_all(parts) for name, parts in grounds.items()}


def _hosts(area: StudyArea, x: FloatArray, y: FloatArray) -> IntArray:
    """The unit whose people live nearest to each place."""
    lived = np.flatnonzero(area.points.unit >= 0)
    tree = cKDTree(np.column_stack((area.points.x[lived], area.points.y[lived])))
    nearest = np.asarray(tree.query(np.column_stack((x, y)))[1], dtype=np.int64)
    host: IntArray = area.points.unit[lived][nearest]
    return host


def _units(units: Units, shapes: Mapping[str, BaseGeometry], host: IntArray, x: FloatArray, y: FloatArray) -> Units:
    ids, kind = tuple(estate_id(name) for name in shapes), ("estate",) * len(shapes)
    estate: tuple[UnitKind, ...] = tuple("estate" for _ in kind)
    polygons = tuple(shape if shape.area > 0.0 else None for shape in shapes.values())
    nobody = np.zeros(len(shapes))
    return Units(
        id=(*units.id, *ids),
        name=(*units.name, *shapes),
        township_id=(*units.township_id, *(units.township_id[unit] for unit in host)),
        township=(*units.township, *(units.township[unit] for unit in host)),
        area=(*units.area, *(units.area[unit] for unit in host)),
        kind=(*units.kind, *estate),
        planning_unit=(*units.planning_unit, *(units.planning_unit[unit] for unit in host)),
        part_of=(*units.part_of, *ids),
        x=np.concatenate((units.x, x)),
        y=np.concatenate((units.y, y)),
        residents=np.concatenate((units.residents, nobody)),
        children={tier: np.concatenate((counted, nobody)) for tier, counted in units.children.items()},
        polygon=(*units.polygon, *polygons),
    )


def _points(points: DemandPoints, shapes: Mapping[str, BaseGeometry], first: int) -> DemandPoints:
    spacing_m = points.cell_m if points.cell_m > 0 else SPACING_M
    homes = [_homes(shape, spacing_m) for shape in shapes.values()]
    xy = np.concatenate(homes)
    unit = np.repeat(first + np.arange(len(homes)), [len(places) for places in homes])
    return DemandPoints(
        unit=np.concatenate((points.unit, unit)).astype(np.int64),
        x=np.concatenate((points.x, xy[:, 0])),
        y=np.concatenate((points.y, xy[:, 1])),
        residents=np.concatenate((points.residents, np.zeros(len(xy)))),
        cell_m=points.cell_m,
    )


def _homes(shape: BaseGeometry, spacing_m: float) -> FloatArray:
    """Places (H, 2) in an estate, spacing_m apart; one where it is no larger than that."""
    west, south, east, north = shape.bounds
    x, y = (np.arange(low + spacing_m / 2.0, high + 1e-6, spacing_m) for low, high in ((west, east), (south, north)))
    grid = np.array([(one, other) for one in x for other in y]).reshape(-1, 2)
    inside: FloatArray = grid[shapely.contains_xy(shape, grid[:, 0], grid[:, 1])]
    return inside if len(inside) else shapely.get_coordinates(shapely.point_on_surface(shape))


def _candidates(
    given: Candidates, rows: gpd.GeoDataFrame, of: Mapping[str, int], x: FloatArray, y: FloatArray
) -> Candidates:
    """The candidates and those land is offered for in an estate."""
    offered = _offered(rows)
    at = np.array([of[name] - min(of.values(), default=0) for name in offered], dtype=np.int64)
    offers = Candidates(
        id=tuple(estate_id(name) for name in offered),
        name=tuple(f"{name}配建学校" for name in offered),
        tiers=tuple(tiers for tiers, _ in offered.values()),
        unit=np.array([of[name] for name in offered], dtype=np.int64),
        x=x[at],
        y=y[at],
        max_classes=np.array([most for _, most in offered.values()], dtype=np.float64),
    )
    return stacked(given, offers)


def _offered(rows: gpd.GeoDataFrame) -> Mapping[str, tuple[frozenset[Tier], float]]:
    """Tiers and classes of each estate that offers land: all tiers of its phases, the most classes of one."""
    offered: dict[str, tuple[frozenset[Tier], float]] = {}
    tiers = rows["school_tiers"] if "school_tiers" in rows else [None] * len(rows)
    for name, stated, most in zip(rows["name"], tiers, _numbers(rows, "school_max_classes"), strict=True):
        held, largest = offered.get(name, (frozenset[Tier](), float("nan")))
        own = stated if isinstance(stated, frozenset) else frozenset[Tier]()
        offered[name] = (held | own, float(np.fmax(largest, most)))
    return {name: said for name, said in offered.items() if said[0]}


def _phases(area: StudyArea, rows: gpd.GeoDataFrame, of: Mapping[str, int]) -> Phases:
    persons, inside = _numbers(rows, "persons_per_dwelling"), _numbers(rows, "inside_share")
    return Phases(
        estate=tuple(rows["name"]),
        phase=tuple(rows["phase"].fillna("")) if "phase" in rows else ("",) * len(rows),
        unit=np.array([of[name] for name in rows["name"]], dtype=np.int64),
        dwellings=_numbers(rows, "dwellings"),
        delivered=_days(rows, "delivered"),
        persons_per_dwelling=np.where(np.isnan(persons), PERSONS_PER_DWELLING.value, persons),
        internal_share=np.where(np.isnan(inside), INTERNAL_SHARE.value, inside),
        file=area.sources["estates"][0] if "estates" in area.sources else "estates",
    )


def promised(rows: gpd.GeoDataFrame) -> Mapping[str, date]:
    """The day an estate's school is promised for, the first of its phases'; estates without a day are left out."""
    days: dict[str, date] = {}
    for name, day in _each_day(rows, "school_opens"):
        days[name] = min(days.get(name, day), day)
    return days


def handed_over(phases: Phases) -> Mapping[str, date]:
    """The day each estate's first homes are handed over, by the estate's unit."""
    days: dict[str, date] = {}
    for name, day in zip(phases.estate, phases.delivered.astype("datetime64[D]").tolist(), strict=True):
        days[estate_id(name)] = min(days.get(estate_id(name), day), day)
    return days


def _each_day(rows: gpd.GeoDataFrame, column: str) -> Iterator[tuple[str, date]]:
    for name, day in zip(rows["name"], _days(rows, column).tolist(), strict=True):
        if day is not None:
            yield name, day


def _numbers(rows: gpd.GeoDataFrame, column: str) -> FloatArray:
    if column not in rows:
        return np.full(len(rows), np.nan)
    return np.array(rows[column], dtype=np.float64)


def _days(rows: gpd.GeoDataFrame, column: str) -> np.ndarray:
    """Days of a column; where a layer has only ``delivery_year``, its 31 August."""
    if column in rows:
        return np.array(rows[column], dtype="datetime64[D]")
    if column == "delivered" and "delivery_year" in rows:
        years = _numbers(rows, "delivery_year")
        return np.array([f"{year:.0f}-08-31" if year == year else "NaT" for year in years], dtype="datetime64[D]")
    return np.full(len(rows), np.datetime64("NaT", "D"))
