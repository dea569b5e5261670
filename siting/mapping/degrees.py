"""Degrees, in which a page draws: shapes and points of a projected CRS, and how their coordinates are written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

Coded = Sequence["Coded"] | Sequence[int]

PER_DEGREE = 1e5
"""Coordinates are written in whole hundred-thousandths of a degree, about a metre."""

DEGREES = "EPSG:4326"


def in_degrees(shapes: Sequence[BaseGeometry | None] | gpd.GeoSeries, crs: str) -> gpd.GeoSeries:
    """Shapes of a projected CRS in degrees."""
    return gpd.GeoSeries(list(shapes), crs=crs).to_crs(DEGREES)


def points_in_degrees(x: Iterable[float], y: Iterable[float], crs: str) -> list[tuple[str, Coded]]:
    """Coded points of a projected CRS."""
    return [coded(point) for point in gpd.GeoSeries.from_xy(list(x), list(y), crs=crs).to_crs(DEGREES)]


def coded(shape: BaseGeometry) -> tuple[str, Coded]:
    """A shape's GeoJSON type and coordinates, each line or ring as one flat list: where it starts, then steps."""
    if isinstance(shape, shapely.Polygon):
        return "Polygon", _rings(shape)
    if isinstance(shape, shapely.MultiPolygon):
        return "MultiPolygon", [_rings(part) for part in shape.geoms]
    if isinstance(shape, shapely.MultiLineString):
        return "MultiLineString", [_steps(part) for part in shape.geoms]
    return shape.geom_type, _steps(shape)


def _rings(polygon: shapely.Polygon) -> list[list[int]]:
    return [_steps(ring) for ring in (polygon.exterior, *polygon.interiors)]


def _steps(line: BaseGeometry) -> list[int]:
    whole = np.rint(shapely.get_coordinates(line) * PER_DEGREE).astype(int)
    whole[1:] -= whole[:-1].copy()
    steps: list[int] = whole.ravel().tolist()
    return steps
