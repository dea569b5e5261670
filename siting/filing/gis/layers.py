"""Every layer of the GIS files: what stands, what is planned, who goes where, who is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from siting.filing.dossier import Dossier
from siting.filing.gis import signs
from siting.filing.gis.layer import Geometry, GisLayer, Style, layer_frame, road_remark
from siting.filing.gis.projects import project_layers
from siting.frames import SOMEBODY, assignments_frame, schools_frame, sites_frame, uncovered_frame
from siting.mapping.programmes import neighbour_colours
from siting.plan import ACTION_NAMES, Site, TierPlan
from siting.project import AREA_NAMES, programme_name
from siting.shapes import catchment_shapes, unit_shapes
from siting.study import OPERATOR_NAMES, TIER_NAMES, StudyArea
from siting.words import Phrase


def gis_layers(dossier: Dossier) -> tuple[GisLayer, ...]:
    """Every layer, the uppermost first, as layers are listed in a GIS. Estates and a boundary only where given."""
    parts, area = dossier.result.plan.parts, dossier.result.area
    grounds = unit_shapes(area)
    return (
        *project_layers(dossier),
        _planned(dossier),
        _existing(dossier),
        *(_assigned(dossier, part, uncovered_frame(part, area), _UNCOVERED) for part in parts),
        *(_assigned(dossier, part, assignments_frame(part, area), _UNITS) for part in parts),
        *_estates(dossier),
        *(_catchments(dossier, part, grounds) for part in parts),
        *_boundary(dossier),
    )


def _existing(dossier: Dossier) -> GisLayer:
    area = dossier.result.area
    columns = (
        "school_id", "school_name", "tier", "operator", "township", "village", "classes", "seats", "enrolment",
        "max_classes", "opened_year",
    )  # fmt: skip
    frame = schools_frame(area)
    rows = [_school_row(row, dossier, unit) for row, unit in zip(_rows(frame), area.schools.unit, strict=True)]
    for row, opened in zip(rows, area.schools.opened_year, strict=True):
        row["opened_year"] = opened
    return GisLayer(
        "existing_schools",
        "XZXX",
        Phrase("现状学校", "existing_schools"),
        Phrase("现状学校，每校每学段一行", "schools as they stand, a row for each school and tier"),
        "Point",
        signs.EXISTING,
        layer_frame(columns, rows, frame.geometry, area.crs),
    )


def _school_row(row: dict[str, Any], dossier: Dossier, unit: int) -> dict[str, Any]:
    units = dossier.result.area.units
    return row | {
        "school_name": row["name"],
        "tier": dossier.said(TIER_NAMES[row["tier"]]),
        "operator": dossier.said(OPERATOR_NAMES[row["operator"]]),
        "township": units.township[unit] if unit >= 0 else "",
        "village": units.village(unit) if unit >= 0 else "",
    }


def _planned(dossier: Dossier) -> GisLayer:
    result = dossier.result
    columns = (
        "school_id", "school_name", "programme", "tier", "action", "operator", "township", "classes_before", "classes",
        "seats", "service_population", "pupils", "unit_count", "mean_m", "farthest_m", "clause", "reason", "remark",
    )  # fmt: skip
    frame = sites_frame(result.plan)
    parts = {part.programme: part for part in result.plan.parts}
    rows = [_site_row(row, dossier, parts[row["programme"]]) for row in _rows(frame)]
    return GisLayer(
        "planned_schools",
        "GHXX",
        Phrase("规划学校", "planned_schools"),
        Phrase("规划后的全部学校，按项目类别各一行", "every school of the plan, a row for each programme"),
        "Point",
        signs.PLANNED,
        layer_frame(columns, rows, frame.geometry, result.area.crs),
    )


def _site_row(row: dict[str, Any], dossier: Dossier, part: TierPlan) -> dict[str, Any]:
    language = dossier.settings.language
    return row | {
        "school_id": row["site_id"],
        "school_name": row["name"],
        "programme": dossier.said(programme_name(part)),
        "tier": dossier.said(TIER_NAMES[part.tier]),
        "action": dossier.said(ACTION_NAMES[row["action"]]),
        "operator": dossier.said(OPERATOR_NAMES[row["operator"]]),
        "unit_count": len(row["units"].split(";")) if row["units"] else 0,
        "reason": row[f"reason_{language}"],
        "remark": road_remark(language, row["mean_m"], row["farthest_m"]),
    }


# --- a layer for each programme --------------------------------------------------------------------------------


class _Named(NamedTuple):
    """What the layers of one kind are called, whatever the programme, what they show, and how."""

    stem: str
    name: Phrase
    what: Phrase
    style: Style


_UNITS = _Named(
    "CSFP",
    Phrase("村社区分配", "units"),
    Phrase("每个村（社区）分配到的学校与路程", "units with the school each is assigned to, and how far"),
    signs.UNITS,
)
_UNCOVERED = _Named(
    "WFG",
    Phrase("未覆盖", "uncovered"),
    Phrase("有居民在服务半径外的村（社区）", "units with residents beyond the radius"),
    signs.UNCOVERED,
)


def _assigned(dossier: Dossier, part: TierPlan, frame: gpd.GeoDataFrame, named: _Named) -> GisLayer:
    columns = (
        "unit_id", "unit_name", "township", "area", "residents", "programme", "school_id", "school_name", "distance_m",
        "radius_m", "covered_residents", "uncovered_residents", "is_covered", "remark",
    )  # fmt: skip
    is_ground = _is_ground(frame)
    rows = [_assigned_row(row, dossier, part) for row in _rows(frame)]
    shapes = _multi(frame.geometry) if is_ground else frame.geometry
    return GisLayer(
        _key(named.name.en, part),
        _stem(named.stem, part),
        _titled(named.name, part),
        named.what,
        "MultiPolygon" if is_ground else "Point",
        signs.on_ground(named.style) if is_ground else named.style,
        layer_frame(columns, rows, shapes, dossier.result.area.crs),
    )


def _is_ground(frame: gpd.GeoDataFrame) -> bool:
    return bool(len(frame)) and not bool((frame.geom_type == "Point").any())


def _assigned_row(row: dict[str, Any], dossier: Dossier, part: TierPlan) -> dict[str, Any]:
    return row | {
        "unit_name": row["name"],
        "area": dossier.said(AREA_NAMES[row["area"]]),
        "programme": dossier.said(programme_name(part)),
        "school_id": row["site_id"],
        "school_name": row["site_name"],
        "radius_m": part.radius_m,
        "is_covered": dossier.said(_covered_word(row)),
        "remark": road_remark(dossier.settings.language, row["distance_m"]) if row["site_id"] else "",
    }


def _covered_word(row: Mapping[str, Any]) -> Phrase:
    if not row["site_id"]:
        return signs.UNASSIGNED
    if row["uncovered_residents"] <= SOMEBODY:
        return signs.COVERED
    return signs.PARTLY if row["covered_residents"] > SOMEBODY else signs.BEYOND


def _catchments(dossier: Dossier, part: TierPlan, units: gpd.GeoDataFrame) -> GisLayer:
    columns = (
        "school_id", "school_name", "programme", "action", "township", "seats", "unit_count", "service_population",
        "pupils", "served", "colour",
    )  # fmt: skip
    shapes = catchment_shapes(part, units)
    served = [site for site in part.sites if site.id in shapes]
    grounds = gpd.GeoSeries([shapes[site.id] for site in served], crs=units.crs)
    rows = [
        _catchment_row(site, dossier, part) | {"colour": colour + 1}
        for site, colour in zip(served, neighbour_colours(grounds), strict=True)
    ]
    return GisLayer(
        _key("catchments", part),
        _stem("XQ", part),
        _titled(Phrase("学区", "catchments"), part),
        Phrase("各校学区（招生服务区），由分配的村（社区）合成", "catchments: the units assigned to each school"),
        "MultiPolygon",
        signs.CATCHMENTS,
        layer_frame(columns, rows, _multi(grounds), dossier.result.area.crs),
    )


def _catchment_row(site: Site, dossier: Dossier, part: TierPlan) -> dict[str, Any]:
    units = dossier.result.area.units
    names = dict(zip(units.id, units.name, strict=True))
    return {
        "school_id": site.id,
        "school_name": site.name,
        "programme": dossier.said(programme_name(part)),
        "action": dossier.said(ACTION_NAMES[site.action]),
        "township": site.township,
        "seats": site.seats,
        "unit_count": len(site.units),
        "service_population": site.service_population,
        "pupils": site.pupils,
        "served": dossier.said(Phrase("、", ", ")).join(names[unit] for unit in site.units),
    }


def _titled(name: Phrase, part: TierPlan) -> Phrase:
    return Phrase(f"{name.zh}_{programme_name(part).zh}", _key(name.en, part))


def _key(name: str, part: TierPlan) -> str:
    return f"{name}_{_plain(part.programme)}"


def _stem(code: str, part: TierPlan) -> str:
    return f"{code}_{_plain(part.programme)}"


def _plain(programme: str) -> str:
    """A programme's key as every program takes it in the name of a layer."""
    return re.sub(r"[^0-9A-Za-z]+", "_", programme)


# --- the ground ------------------------------------------------------------------------------------------------


def _estates(dossier: Dossier) -> Iterator[GisLayer]:
    """Estates drawn as grounds and estates that are only points, each where there are any."""
    estates = dossier.result.area.estates
    kinds: tuple[tuple[str, str, Phrase, Geometry, Style], ...] = (
        ("estates", "XJXQ", Phrase("新建居住区", "estates"), "MultiPolygon", signs.ESTATE_GROUNDS),
        ("estate_points", "XJXQD", Phrase("新建居住区_点", "estate_points"), "Point", signs.ESTATE_POINTS),
    )
    for key, stem, name, geometry, style in kinds:
        ours = estates[[shape is not None and _SORTS.get(shape.geom_type) == geometry for shape in estates.geometry]]
        if len(ours):
            what = Phrase("新建居住区，每期一行", "new estates, a row for each phase")
            yield GisLayer(key, stem, name, what, geometry, style, _estate_frame(ours, geometry, dossier.result.area))


_SORTS: Mapping[str, Geometry] = {"Point": "Point", "Polygon": "MultiPolygon", "MultiPolygon": "MultiPolygon"}
"""In which geometry a layer holds a shape."""


def _estate_frame(estates: gpd.GeoDataFrame, geometry: Geometry, area: StudyArea) -> gpd.GeoDataFrame:
    unknown: dict[str, object] = {"phase": "", "dwellings": np.nan, "delivery_year": np.nan}
    rows = [unknown | row for row in _rows(estates)]
    shapes = _multi(estates.geometry) if geometry == "MultiPolygon" else estates.geometry
    return layer_frame(("name", *unknown), rows, shapes, area.crs)


def _boundary(dossier: Dossier) -> Iterator[GisLayer]:
    area = dossier.result.area
    if area.boundary is None:
        return
    row = {"name": area.name, "area_km2": area.boundary.area / 1e6, "remark": dossier.said(area.notice)}
    shapes = _multi(gpd.GeoSeries([area.boundary]))
    yield GisLayer(
        "boundary",
        "GHFW",
        Phrase("规划范围", "boundary"),
        Phrase("规划范围", "boundary of the study"),
        "MultiPolygon",
        signs.BOUNDARY,
        layer_frame(tuple(row), [row], shapes, area.crs),
    )


def _multi(shapes: gpd.GeoSeries) -> list[shapely.MultiPolygon]:
    """Areas as shapes of one geometry; lines and points that a union left over are dropped."""
    return [shapely.MultiPolygon([part for part in _parts(shape) if part.geom_type == "Polygon"]) for shape in shapes]


def _parts(shape: shapely.Geometry) -> list[shapely.Geometry]:
    flat = shapely.get_parts(shapely.force_2d(shape)).tolist()
    return [part for one in flat for part in shapely.get_parts(one).tolist()]


def _rows(frame: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    return frame.drop(columns="geometry").to_dict("records")
