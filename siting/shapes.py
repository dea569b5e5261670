"""Shapes of units and catchments: given polygons where there are any, else the land nearest to where people live."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.features import rasterize, shapes
from rasterio.transform import Affine
from scipy.spatial import KDTree
from shapely.geometry.base import BaseGeometry

from siting.latest import kept_for_latest
from siting.plan import TierPlan
from siting.study import IntArray, StudyArea

NEAR_M = 1000.0
"""Land farther than this from every populated place belongs to no unit's drawn shape."""

STEP_M = 50.0
MOST_PIXELS = 1_000_000
NOBODY = -1


@kept_for_latest
def unit_shapes(area: StudyArea) -> gpd.GeoDataFrame:
    """Columns unit_id, geometry (U) in the study's CRS, in the order of the units; never empty shapes.

    A unit without a polygon gets the land nearer to its demand points than to any other unit's, within NEAR_M and
    the boundary, drawn from a lattice of STEP_M (coarser for very large areas) and smoothed so that neighbours
    still share their border.
    """
    given = np.asarray([*area.units.polygon, None], dtype=object)[:-1]
    drawn = given if not shapely.is_missing(given).any() else _drawn(area, given)
    return gpd.GeoDataFrame({"unit_id": area.units.id}, geometry=drawn, crs=area.crs)


def catchment_shapes(part: TierPlan, units: gpd.GeoDataFrame) -> dict[str, BaseGeometry]:
    """The assigned units of each school as one shape, by site id; schools nobody is assigned to are absent."""
    site_of = {given.unit_id: given.site_id for given in part.assignments if given.site_id}
    site = np.array([site_of.get(unit, "") for unit in units["unit_id"]], dtype=np.str_)
    return _united(units.geometry.to_numpy()[site != ""], site[site != ""])


def _united(shapes: NDArray[np.object_], group: NDArray[Any]) -> dict[Any, BaseGeometry]:
    """The shapes (N,) of each group (N,) as one, groups in order."""
    order = np.argsort(group, kind="stable")
    groups, first = np.unique(group[order], return_index=True)
    parts = np.split(shapes[order], first[1:]) if len(groups) else []
    return {name: shapely.union_all(part) for name, part in zip(groups.tolist(), parts, strict=True)}


def _drawn(area: StudyArea, given: NDArray[np.object_]) -> NDArray[np.object_]:
    has_polygon = ~shapely.is_missing(given)
    around = _nearest_land(area)
    around[has_polygon] = given[has_polygon]
    return around


def _nearest_land(area: StudyArea) -> NDArray[np.object_]:
    lattice, shape = _lattice(area)
    nearest = _nearest_unit(area, lattice, shape)
    land = _by_unit(nearest, lattice, len(area.units))
    unseen = shapely.is_missing(land)
    land[unseen] = shapely.buffer(shapely.points(area.units.x, area.units.y)[unseen], lattice.a)
    return land


def _lattice(area: StudyArea) -> tuple[Affine, tuple[int, int]]:
    """Pixels over the populated places and NEAR_M around them: their transform and (rows, columns)."""
    x, y = area.points.x, area.points.y
    west, north = x.min() - NEAR_M, y.max() + NEAR_M
    width, height = np.ptp(x) + 2 * NEAR_M, np.ptp(y) + 2 * NEAR_M
    step = max(STEP_M, float(np.sqrt(width * height / MOST_PIXELS)))
    return Affine(step, 0, west, 0, -step, north), (int(height / step) + 1, int(width / step) + 1)


def _nearest_unit(area: StudyArea, lattice: Affine, shape: tuple[int, int]) -> IntArray:
    """The unit of the nearest demand point at each pixel's centre, NOBODY beyond NEAR_M or the boundary."""
    rows, columns = np.indices(shape)
    x, y = lattice.c + lattice.a * (columns + 0.5), lattice.f + lattice.e * (rows + 0.5)
    tree = KDTree(np.column_stack([area.points.x, area.points.y]))
    point = tree.query(np.column_stack([x.ravel(), y.ravel()]), distance_upper_bound=NEAR_M, workers=-1)[1]
    unit = np.append(area.points.unit, NOBODY)[point].reshape(shape)
    return np.where(_within(area.boundary, lattice, shape), unit, NOBODY)


def _within(boundary: BaseGeometry | None, lattice: Affine, shape: tuple[int, int]) -> NDArray[np.bool_]:
    if boundary is None:
        return np.ones(shape, dtype=bool)
    return rasterize([boundary], out_shape=shape, transform=lattice).astype(bool)


def _by_unit(nearest: IntArray, lattice: Affine, count: int) -> NDArray[np.object_]:
    """One smoothed shape per unit (U), None where no pixel is nearest to it."""
    found = list(shapes(nearest.astype(np.int32), mask=nearest != NOBODY, transform=lattice))
    pieces = np.array([shapely.geometry.shape(piece) for piece, _ in found], dtype=object)
    united = _united(pieces, np.array([unit for _, unit in found], dtype=np.int64))
    land = np.full(count, None, dtype=object)
    if united:
        land[list(united)] = shapely.coverage_simplify(list(united.values()), 1.5 * lattice.a)
    return land
