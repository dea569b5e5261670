"""Study areas and plans as GeoDataFrames, one row per thing, the unit of measure last in a column's name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from siting.plan import Assignment, Plan, Site, TierPlan
from siting.shapes import catchment_shapes, unit_shapes
from siting.study import FloatArray, StudyArea, Units


def units_frame(area: StudyArea) -> gpd.GeoDataFrame:
    """Units (U): their polygons where every unit has one, else their seats."""
    units = area.units
    return gpd.GeoDataFrame(
        _names_of(units) | {f"children_{tier}": counted for tier, counted in units.children.items()},
        geometry=_places_of(units),
        crs=area.crs,
    )


def _names_of(units: Units) -> dict[str, Sequence[str] | FloatArray]:
    return {
        "unit_id": units.id,
        "name": units.name,
        "township_id": units.township_id,
        "township": units.township,
        "area": units.area,
        "kind": units.kind,
        "planning_unit": units.planning_unit,
        "part_of": units.part_of,
        "residents": units.residents,
    }


def _places_of(units: Units) -> gpd.GeoSeries:
    if len(units) and all(polygon is not None for polygon in units.polygon):
        return gpd.GeoSeries(list(units.polygon))
    return gpd.GeoSeries.from_xy(units.x, units.y)


def points_frame(area: StudyArea) -> gpd.GeoDataFrame:
    """Demand points (N) with the unit they belong to."""
    points = area.points
    unit_id = np.asarray([*area.units.id, ""], dtype=object)
    return gpd.GeoDataFrame(
        {"unit_id": unit_id[points.unit], "residents": points.residents},
        geometry=gpd.points_from_xy(points.x, points.y),
        crs=area.crs,
    )


def schools_frame(area: StudyArea) -> gpd.GeoDataFrame:
    """Existing schools, one row per school and tier."""
    schools = area.schools
    unit_id = np.asarray([*area.units.id, ""], dtype=object)
    return gpd.GeoDataFrame(
        {
            "school_id": schools.id,
            "name": schools.name,
            "tier": schools.tier,
            "operator": schools.operator,
            "unit_id": unit_id[schools.unit],
            "classes": schools.classes,
            "seats": schools.seats,
            "enrolment": schools.enrolment,
            "max_classes": schools.max_classes,
        },
        geometry=gpd.points_from_xy(schools.x, schools.y),
        crs=area.crs,
    )


def sites_frame(plan: Plan) -> gpd.GeoDataFrame:
    """Every open school of every programme, as the plan leaves it."""
    rows = [_site_row(part, site) for part in plan.parts for site in part.sites]
    frame = pd.DataFrame(rows, columns=_SITE_COLUMNS)
    return gpd.GeoDataFrame(
        frame.drop(columns=["x", "y"]), geometry=gpd.points_from_xy(frame["x"], frame["y"]), crs=plan.crs
    )


_SITE_COLUMNS = [
    "programme", "tier", "site_id", "name", "action", "operator", "unit_id", "township", "classes_before", "classes",
    "seats", "service_population", "pupils", "mean_m", "farthest_m", "units", "clause", "reason_zh", "reason_en",
    "x", "y",
]  # fmt: skip


def _site_row(part: TierPlan, site: Site) -> tuple[object, ...]:
    return (
        part.programme, part.tier, site.id, site.name, site.action, site.operator, site.unit_id, site.township,
        site.classes_before, site.classes, site.seats, site.service_population, site.pupils, site.mean_m,
        site.farthest_m, ";".join(site.units), site.clause, site.reason.zh, site.reason.en, site.x, site.y,
    )  # fmt: skip


def assignments_frame(part: TierPlan, area: StudyArea) -> gpd.GeoDataFrame:
    """Units of one programme with the school each goes to ("" for none), over how far, and who is not covered."""
    frame = _assigned(part.assignments)
    units = units_frame(area).set_index("unit_id").loc[frame["unit_id"]]
    frame["programme"] = part.programme
    frame["site_name"] = frame["site_id"].map({site.id: site.name for site in part.sites}).fillna("")
    for column in ("name", "township", "area", "residents"):
        frame[column] = units[column].to_numpy()
    frame["uncovered_residents"] = frame["residents"] - frame["covered_residents"]
    return gpd.GeoDataFrame(frame[_ASSIGNMENT_COLUMNS], geometry=units.geometry.to_numpy(), crs=area.crs)


_ASSIGNMENT_COLUMNS = [
    "programme", "unit_id", "name", "township", "area", "residents", "site_id", "site_name", "distance_m",
    "covered_residents", "uncovered_residents",
]  # fmt: skip


def _assigned(assignments: Iterable[Assignment]) -> pd.DataFrame:
    rows = [(given.unit_id, given.site_id, given.metres, given.covered) for given in assignments]
    return pd.DataFrame(rows, columns=["unit_id", "site_id", "distance_m", "covered_residents"])


def uncovered_frame(part: TierPlan, area: StudyArea) -> gpd.GeoDataFrame:
    """Units of one programme where somebody lives beyond the radius, the most people first."""
    assigned = assignments_frame(part, area)
    somebody = assigned["uncovered_residents"] > SOMEBODY
    return assigned[somebody].sort_values(
        ["uncovered_residents", "unit_id"], ascending=[False, True], ignore_index=True
    )


SOMEBODY = 0.5
"""Residents below which a remainder is arithmetic, not a person: grids spread people in fractions."""


def catchments_frame(part: TierPlan, area: StudyArea) -> gpd.GeoDataFrame:
    """Catchments of one programme: the assigned units of each school as one shape."""
    shapes = catchment_shapes(part, unit_shapes(area))
    served = [site for site in part.sites if site.id in shapes]
    rows = [
        (part.programme, site.id, site.name, len(site.units), site.service_population, site.pupils) for site in served
    ]
    columns = ["programme", "site_id", "site_name", "unit_count", "service_population", "pupils"]
    frame = pd.DataFrame(rows, columns=columns)
    return gpd.GeoDataFrame(frame, geometry=[shapes[site.id] for site in served], crs=area.crs)
