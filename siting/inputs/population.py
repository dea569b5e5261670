"""Where people live: a population grid, or points and cells, spread over the units.

The count of a village is authoritative; the grid only says where in the village its people live.
"""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from siting.inputs.grid import Cells, Extent, read_grid
from siting.inputs.notes import Notes
from siting.project import Layer
from siting.study import DemandPoints, FloatArray, IntArray, Units
from siting.words import Phrase, name_some

SEAT_REACH_M = 5000.0
"""Without polygons a cell belongs to the nearest seat, if that is no farther than this."""

NOTABLE_SHARE = 0.2
"""A unit whose grid and count differ by more than this share of the count is named."""

NO_CELLS = Cells(np.empty((0, 2)), np.empty(0), float("nan"))


def read_points(
    layer: Layer | None,
    frame: gpd.GeoDataFrame | None,
    units: Units,
    crs: str,
    boundary: BaseGeometry | None,
    notes: Notes,
) -> tuple[Units, DemandPoints] | None:
    """Units with a count each, and the points their residents live at; None, with every fault noted, if that fails.

    frame holds the layer's rows where it is a table or a vector layer: geometry in the study's CRS and a column
    ``residents``; None where the layer is a GeoTIFF. Units that nobody counted (nan) take the grid's sum.
    Without a layer every unit has one point, at its seat.
    """
    cells = _cells(layer, frame, units, crs, boundary, notes)
    if cells is None:
        return None
    cells, unit = _in_units(_inside(cells, boundary, notes), units, notes)
    in_grid = np.bincount(unit, weights=cells.residents, minlength=len(units)).astype(np.float64)
    if layer:
        _remark_differences(notes, units, in_grid)
    if _lacks_count(units, in_grid, notes):
        return None
    counted = _counted(units, in_grid, notes)
    return counted, _spread(counted, cells, unit, in_grid)


# --- cells -----------------------------------------------------------------------------------------------------


def _cells(
    layer: Layer | None,
    frame: gpd.GeoDataFrame | None,
    units: Units,
    crs: str,
    boundary: BaseGeometry | None,
    notes: Notes,
) -> Cells | None:
    if layer is None:
        return NO_CELLS
    cells = _grid(layer, _extent(units, boundary), crs, notes) if frame is None else _cells_of(frame, notes)
    if cells is not None and not len(cells):
        _say_empty(notes)
        return None
    return cells


def _grid(layer: Layer, extent: Extent, crs: str, notes: Notes) -> Cells | None:
    if layer.file.is_file():
        return read_grid(layer, extent, crs, notes)
    notes.fault(
        Phrase(f"人口文件不存在（{layer.file}）。", f"the population file does not exist ({layer.file})."),
        Phrase("请更正 [layers.population] 的 file。", "Correct `file` in [layers.population]."),
    )
    return None


def _extent(units: Units, boundary: BaseGeometry | None) -> Extent:
    """The boundary's box, or else the box of all seats and polygons with room for what may belong to a seat."""
    if boundary is not None:
        return boundary.bounds
    shapes = [*shapely.points(units.x, units.y), *(polygon for polygon in units.polygon if polygon is not None)]
    west, south, east, north = shapely.total_bounds(shapes)
    return west - SEAT_REACH_M, south - SEAT_REACH_M, east + SEAT_REACH_M, north + SEAT_REACH_M


def _cells_of(frame: gpd.GeoDataFrame, notes: Notes) -> Cells:
    """The rows of a layer as places: points where they are, polygons at their middle."""
    shapes = frame.geometry.to_numpy()
    residents = frame["residents"].to_numpy(dtype=np.float64, na_value=np.nan)
    is_counted = (residents >= 0) & ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    if not is_counted.all():
        _remark_uncounted(notes, int((~is_counted).sum()), len(frame))
    shapes, residents = shapes[is_counted & (residents > 0)], residents[is_counted & (residents > 0)]
    return Cells(shapely.get_coordinates(shapely.centroid(shapes)), residents, _spacing_m(shapes))


def _spacing_m(shapes: NDArray[np.object_]) -> float:
    """The middle one of the cells' sides, or of the distances from each point to its nearest; nan below two points."""
    area_m2 = shapely.area(shapes)
    if len(shapes) and (area_m2 > 0).all():
        return float(np.sqrt(np.median(area_m2)))
    if len(shapes) < 2:
        return float("nan")
    xy = shapely.get_coordinates(shapely.centroid(shapes))
    to_next, _ = cKDTree(xy).query(xy, k=[2])
    return float(np.median(to_next))


def _inside(cells: Cells, boundary: BaseGeometry | None, notes: Notes) -> Cells:
    """The cells within the boundary; how many people are left out is remarked."""
    if boundary is None:
        return cells
    shapely.prepare(boundary)
    is_inside = shapely.intersects_xy(boundary, *cells.xy.T)
    _remark_left_out(notes, cells.residents[~is_inside], Phrase("在边界以外", "lie outside the boundary"))
    return cells.only(is_inside)


# --- which unit ------------------------------------------------------------------------------------------------


def _in_units(cells: Cells, units: Units, notes: Notes) -> tuple[Cells, IntArray]:
    """The cells that belong to a unit, and its position; how many people belong to none is remarked."""
    unit = unit_around(cells.xy, units)
    homeless = np.flatnonzero(unit < 0)
    unit[homeless] = _unit_nearby(cells.xy[homeless], units)
    _remark_left_out(
        notes,
        cells.residents[unit < 0],
        Phrase("不属于任何村（社区）", f"belong to no unit (in no polygon, or over {SEAT_REACH_M:.0f} m from a seat)"),
    )
    return cells.only(unit >= 0), unit[unit >= 0]


def unit_around(xy: FloatArray, units: Units) -> IntArray:
    """The first unit whose polygon holds each place; -1 where none does."""
    polygons = np.array([*units.polygon, None], dtype=object)[:-1]
    place, found = shapely.STRtree(polygons).query(shapely.points(xy), predicate="intersects")
    unit = np.full(len(xy), len(units), dtype=np.int64)
    np.minimum.at(unit, place, found)
    return np.where(unit < len(units), unit, -1)


def _unit_nearby(xy: FloatArray, units: Units) -> IntArray:
    """The unit without polygon whose seat is nearest to each place; -1 beyond SEAT_REACH_M."""
    open_units = np.array([place for place, polygon in enumerate(units.polygon) if polygon is None], dtype=np.int64)
    if not len(open_units) or not len(xy):
        return np.full(len(xy), -1, dtype=np.int64)
    seats = cKDTree(np.column_stack((units.x, units.y))[open_units])
    _, nearest = seats.query(xy, distance_upper_bound=SEAT_REACH_M)
    return np.append(open_units, -1)[nearest]


# --- reconciliation --------------------------------------------------------------------------------------------


def _lacks_count(units: Units, in_grid: FloatArray, notes: Notes) -> bool:
    """True, and a fault, where a unit has neither a count nor cells."""
    uncounted = [units.name[place] for place in np.flatnonzero(np.isnan(units.residents) & (in_grid == 0.0))]
    if not uncounted:
        return False
    names = name_some(uncounted)
    notes.fault(
        Phrase(
            f"{len(units)} 个村（社区）中 {len(uncounted)} 个既无常住人口，也无人口格网：{names.zh}。",
            f"{len(uncounted)} of {len(units)} units have neither a count nor populated cells: {names.en}.",
        ),
        Phrase("请补填常住人口；确无人居住的填 0。", "Fill in their residents; 0 where nobody lives."),
    )
    return True


def _counted(units: Units, in_grid: FloatArray, notes: Notes) -> Units:
    """The units, those without a count with the grid's sum."""
    nobody_counted = np.isnan(units.residents)
    if not nobody_counted.any():
        return units
    names = name_some([units.name[place] for place in np.flatnonzero(nobody_counted)])
    total = in_grid[nobody_counted].sum()
    notes.remark(
        Phrase(
            f"{nobody_counted.sum()} 个村（社区）无常住人口，按格网取值，共 {total:.0f} 人：{names.zh}。",
            f"{nobody_counted.sum()} units have no count and take the grid's, {total:.0f} people: {names.en}.",
        )
    )
    return replace(units, residents=np.where(nobody_counted, in_grid, units.residents))


def _spread(units: Units, cells: Cells, unit: IntArray, in_grid: FloatArray) -> DemandPoints:
    """Each unit's residents over its cells as the grid has them, or at its seat where the grid has nobody."""
    is_spread = (in_grid > 0.0) & (units.residents > 0.0)
    cells, unit = cells.only(is_spread[unit]), unit[is_spread[unit]]
    at_seat = np.flatnonzero(~is_spread)
    of = np.concatenate((unit, at_seat))
    in_cells = cells.residents * (units.residents[unit] / in_grid[unit])
    order = np.argsort(of, kind="stable")
    return DemandPoints(
        unit=of[order],
        x=np.concatenate((cells.xy[:, 0], units.x[at_seat]))[order],
        y=np.concatenate((cells.xy[:, 1], units.y[at_seat]))[order],
        residents=np.concatenate((in_cells, units.residents[at_seat]))[order],
        cell_m=cells.cell_m,
    )


# --- what the planner should know ------------------------------------------------------------------------------


def _remark_differences(notes: Notes, units: Units, in_grid: FloatArray) -> None:
    is_counted = ~np.isnan(units.residents)
    _remark_totals(notes, float(in_grid[is_counted].sum()), float(units.residents[is_counted].sum()))
    _remark_far_off(notes, units, in_grid)
    _remark_without_cells(notes, units, in_grid)


def _remark_totals(notes: Notes, grid: float, counted: float) -> None:
    if not counted:
        return
    more = grid - counted
    share = 100.0 * more / counted
    notes.remark(
        Phrase(
            f"格网合计 {grid:.0f} 人，各村（社区）合计 {counted:.0f} 人，相差 {more:+.0f} 人"
            f"（{share:+.1f}%）；以村为准，格网只作分布。",
            f"the grid counts {grid:.0f} people and the units themselves {counted:.0f}, a difference of {more:+.0f} "
            f"({share:+.1f} %). The units' counts hold; the grid spreads them.",
        )
    )


def _remark_far_off(notes: Notes, units: Units, in_grid: FloatArray) -> None:
    difference = np.abs(in_grid - units.residents)
    far_off = np.flatnonzero((in_grid > 0.0) & (difference > NOTABLE_SHARE * units.residents))
    if not len(far_off):
        return
    figures = [f"{units.name[place]} ({units.residents[place]:.0f} / {in_grid[place]:.0f})" for place in far_off]
    named = name_some(figures)
    notes.remark(
        Phrase(
            f"{len(far_off)} 个村（社区）的人口与格网相差超过 {NOTABLE_SHARE:.0%}（人口 / 格网）：{named.zh}。",
            f"{len(far_off)} units differ from the grid by more than {NOTABLE_SHARE:.0%} (count / grid): {named.en}.",
        )
    )


def _remark_without_cells(notes: Notes, units: Units, in_grid: FloatArray) -> None:
    bare = [units.name[place] for place in np.flatnonzero((in_grid == 0.0) & (units.residents > 0.0))]
    if not bare:
        return
    names = name_some(bare)
    notes.remark(
        Phrase(
            f"{len(bare)} 个村（社区）内没有人口格网，人口计在村址：{names.zh}。",
            f"{len(bare)} units have no populated cell; their residents are placed at their seats: {names.en}.",
        )
    )


def _remark_left_out(notes: Notes, residents: FloatArray, why: Phrase) -> None:
    if not len(residents):
        return
    notes.remark(
        Phrase(
            f"{len(residents)} 个人口点（{residents.sum():.0f} 人）{why.zh}，未计入。",
            f"{len(residents)} populated places ({residents.sum():.0f} people) {why.en} and are left out.",
        )
    )


def _remark_uncounted(notes: Notes, uncounted: int, rows: int) -> None:
    notes.remark(
        Phrase(
            f"{rows} 行中 {uncounted} 行没有人数、人数为负或没有位置，未计入。",
            f"{uncounted} of {rows} rows have no count, a negative one or no place and are left out.",
        )
    )


def _say_empty(notes: Notes) -> None:
    notes.fault(
        Phrase("研究范围内没有人口大于 0 的格网或点。", "no populated cell or point lies in the study area."),
        Phrase("请检查文件、坐标系和人口列。", "Check the file, its coordinate system and its population column."),
    )
