"""Estates, barriers, protected land, the urban area and the boundary: layers that may be there or not."""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

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
    """New estates: ``name``, ``dwellings``, ``delivery_year``, nan where unknown."""
    years = [re.search(r"(19|20)\d\d", cell) for cell in texts(frame, "delivery_year")]
    return read_named(frame).assign(
        dwellings=counts(frame, "dwellings", Phrase("户数", "dwellings"), notes),
        delivery_year=np.array([float(year[0]) if year else np.nan for year in years], dtype=np.float64),
    )
