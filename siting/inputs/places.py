"""Estates, barriers, protected land, the urban area and the boundary: layers that may be there or not."""

from __future__ import annotations

import re
from datetime import date

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from siting.inputs.candidates import read_tiers
from siting.inputs.notes import Notes
from siting.inputs.values import counts, texts
from siting.words import Phrase


def read_area_shape(frame: gpd.GeoDataFrame, notes: Notes) -> BaseGeometry | None:
    """All polygons of a layer as one; None, and a fault, where it has none."""
    shapes = frame.geometry.to_numpy()
    polygons = shapes[shapely.area(shapes) > 0.0]
    if not len(polygons):
        notes.fault(
            Phrase(f"{len(shapes)} 行中没有一个面。", f"holds no polygon in its {len(shapes)} rows."),
            Phrase("范围须为面图层。", "An outline has to be a layer of polygons."),
        )
        return None
    return shapely.union_all(polygons)


def read_named(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Shapes with a ``name``, the row's number where none is given."""
    names = [name or f"#{row}" for name, row in zip(texts(frame, "name"), frame.index, strict=True)]
    return gpd.GeoDataFrame({"name": names}, geometry=frame.geometry.to_numpy(), crs=frame.crs)


def read_estates(frame: gpd.GeoDataFrame, notes: Notes) -> gpd.GeoDataFrame:
    """New estates, a row for each phase: ``name``, ``dwellings``, ``delivery_year``, nan where unknown; and as
    ``siting.demand.settling`` describes them, ``phase``, ``delivered``, ``persons_per_dwelling``, ``inside_share``,
    ``school_tiers``, ``school_max_classes`` and ``school_opens``."""
    years = [re.search(r"(19|20)\d\d", cell) for cell in texts(frame, "delivery_year")]
    return read_named(frame).assign(
        dwellings=counts(frame, "dwellings", Phrase("户数", "dwellings"), notes),
        delivery_year=np.array([float(year[0]) if year else np.nan for year in years], dtype=np.float64),
        phase=texts(frame, "phase"),
        delivered=_days(texts(frame, "delivery_year")),
        persons_per_dwelling=counts(frame, "persons_per_dwelling", Phrase("户均人口", "persons per dwelling"), notes),
        inside_share=counts(frame, "inside_share", Phrase("县内迁入比例", "share from inside the county"), notes),
        school_tiers=read_tiers(frame, "school_tiers", notes),
        school_max_classes=counts(frame, "school_max_classes", Phrase("配建班数", "classes"), notes),
        school_opens=_days(texts(frame, "school_opens")),
    )


_DAY = re.compile(r"((?:19|20)\d\d)(?:\s*[-./年]\s*(\d{1,2})(?:\s*[-./月]\s*(\d{1,2}))?)?")


def _days(cells: list[str]) -> np.ndarray:
    """Days (N,) of cells such as "2027-06-30", "2027年6月" (its 28th) or "2027" (its 31 August); NaT for others."""
    return np.array([_day(_DAY.search(cell)) for cell in cells], dtype="datetime64[D]")


def _day(found: re.Match[str] | None) -> str:
    if found is None:
        return "NaT"
    year, month, day = found.groups()
    stated = f"{year}-08-31" if month is None else f"{year}-{int(month):02d}-{int(day or 28):02d}"
    try:
        return date.fromisoformat(stated).isoformat()
    except ValueError:
        return "NaT"
