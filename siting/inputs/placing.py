"""Where rows lie: shapes or coordinate columns, checked against the stated system, in metres of the study's CRS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from siting.inputs.coordinates import WEB_MAPS, Shapes, between, converter, crs_of, moved
from siting.inputs.notes import Notes
from siting.inputs.values import Bools, numbers, some_rows
from siting.study import FloatArray
from siting.words import Phrase

_WORLD = (-180.0, -90.0, 180.0, 90.0)
_CHINA = (70.0, 3.0, 138.0, 57.0)
"""West, south, east, north in degrees, with room to spare."""

_CHINESE = frozenset({"cgcs2000", "gcj02", "bd09", "EPSG:4490"})
_MARGIN_DEG = 3.0
"""A projection is used beyond its zone, but not farther than the next one."""

SEAT_LIMIT_M = 2000.0
"""A seat's own coordinates count if they are no farther than this from the polygon."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where rows lie (N): shapes in the study's CRS (None where unknown), and one point each, nan where unknown."""

    shapes: Shapes
    x: FloatArray
    y: FloatArray


def place_rows(frame: pd.DataFrame, stated: str, study_crs: str, notes: Notes) -> Places:
    """Places of rows from ``geometry``, else from columns lon and lat, else x and y, all in the stated system.

    Rows without coordinates, and coordinates that cannot be in that system, are faults by name.
    """
    seats = _columns_xy(frame, notes)
    if "geometry" in frame and not shapely.is_missing(frame["geometry"].to_numpy()).all():
        return _places_of_shapes(frame, seats, stated, study_crs, notes)
    xy = _checked(frame, _straight(frame, seats, stated, notes), stated, notes)
    metres = _converted(xy, stated, study_crs)
    points = _only(shapely.points(np.nan_to_num(metres)), _is_known(metres))
    return Places(points, metres[:, 0].copy(), metres[:, 1].copy())


def has_places(frame: pd.DataFrame) -> bool:
    """True if rows have shapes or columns of coordinates."""
    return "geometry" in frame or {"lon", "lat"} <= set(frame) or {"x", "y"} <= set(frame)


def _columns_xy(frame: pd.DataFrame, notes: Notes) -> FloatArray:
    """(N, 2) as the coordinate columns have them, nan where there are none."""
    east, north = ("lon", "lat") if {"lon", "lat"} <= set(frame) else ("x", "y")
    if not {east, north} <= set(frame):
        return np.full((len(frame), 2), np.nan)
    called = {
        east: Phrase("横坐标（经度）", "easting or longitude"),
        north: Phrase("纵坐标（纬度）", "northing or latitude"),
    }
    return np.column_stack([numbers(frame, column, name, notes) for column, name in called.items()])


# --- shapes ----------------------------------------------------------------------------------------------------


def _places_of_shapes(frame: pd.DataFrame, seats: FloatArray, stated: str, study_crs: str, notes: Notes) -> Places:
    raw = frame["geometry"].to_numpy(dtype=object)
    middle = _checked(frame, _middles(_only(raw, ~shapely.is_empty(raw))), stated, notes)
    shapes = _mended(frame, _only(raw, _is_known(middle)), notes)
    shapes = moved(shapes, converter(stated, study_crs))
    within = shapely.point_on_surface(shapes)
    xy = np.column_stack((shapely.get_x(within), shapely.get_y(within)))
    xy = _at_seats(xy, shapes, seats, stated, study_crs)
    return Places(shapes, xy[:, 0].copy(), xy[:, 1].copy())


def _only(shapes: Shapes, which: Bools) -> Shapes:
    """The shapes that are meant, None for the others."""
    kept = shapes.copy()
    kept[~which] = None
    return kept


def _is_known(xy: FloatArray) -> Bools:
    return np.asarray(~np.isnan(xy).any(axis=1), dtype=np.bool_)


def _middles(shapes: Shapes) -> FloatArray:
    """(N, 2) the middle of each shape in the file's coordinates, nan for none."""
    middle = shapely.centroid(shapes)
    return np.column_stack((shapely.get_x(middle), shapely.get_y(middle)))


def _mended(frame: pd.DataFrame, shapes: Shapes, notes: Notes) -> Shapes:
    """The shapes with self-crossing outlines mended, which is remarked."""
    is_bad = ~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)
    if not is_bad.any():
        return shapes
    rows = some_rows(frame, is_bad)
    notes.remark(
        Phrase(
            f"{is_bad.sum()} 个图形自相交，已修复：{rows.zh}。",
            f"{is_bad.sum()} outlines cross themselves and were mended: {rows.en}.",
        )
    )
    return np.where(is_bad, shapely.make_valid(shapes, method="structure", keep_collapsed=False), shapes)


def _at_seats(xy: FloatArray, shapes: Shapes, seats: FloatArray, stated: str, study_crs: str) -> FloatArray:
    """Points (N, 2), moved to the seats that the coordinate columns state, where these lie at the shape."""
    known = _is_known(seats)
    known[known] = lies_within(seats[known], stated)
    stated_xy = _converted(np.where(known[:, None], seats, np.nan), stated, study_crs)
    away_m = shapely.distance(shapes, shapely.points(np.nan_to_num(stated_xy)))
    return np.where((known & (away_m <= SEAT_LIMIT_M))[:, None], stated_xy, xy)


# --- columns ---------------------------------------------------------------------------------------------------


def _straight(frame: pd.DataFrame, xy: FloatArray, stated: str, notes: Notes) -> FloatArray:
    """Easting and northing in this order: the Chinese survey calls the northing X, which the magnitudes show."""
    known = xy[_is_known(xy)]
    if {"lon", "lat"} <= set(frame) or not len(known):
        return xy
    if lies_within(known, stated).any() or not lies_within(known[:, ::-1], stated).all():
        return xy
    notes.remark(
        Phrase(
            f"X 列是纵坐标（北），Y 列是横坐标（东），按测量习惯对调"
            f"（首行 X = {known[0, 0]:.1f}，Y = {known[0, 1]:.1f}）。",
            f"column X holds northings and Y eastings, as Chinese surveys have it; they are swapped "
            f"(first row X = {known[0, 0]:.1f}, Y = {known[0, 1]:.1f}).",
        )
    )
    return xy[:, ::-1].copy()


def _converted(xy: FloatArray, stated: str, study_crs: str) -> FloatArray:
    known = _is_known(xy)
    metres = np.full(xy.shape, np.nan)
    metres[known] = converter(stated, study_crs)(xy[known])
    return metres


# --- checks ----------------------------------------------------------------------------------------------------


def _checked(frame: pd.DataFrame, xy: FloatArray, stated: str, notes: Notes) -> FloatArray:
    """The coordinates that can be in the stated system, nan for the others, which are faults."""
    is_missing = ~_is_known(xy)
    is_outside = ~is_missing & ~lies_within(np.nan_to_num(xy), stated)
    if is_missing.any():
        _say_without(frame, is_missing, notes)
    if is_outside.any():
        _say_outside(frame, is_outside, xy, stated, notes)
    return np.where(is_outside[:, None], np.nan, xy)


def lies_within(xy: FloatArray, stated: str) -> Bools:
    """(N,) True where coordinates lie in the part of the world their system is for."""
    _, south, _, north = box_of(stated)
    lat = _degrees(xy, stated)[:, 1]
    return np.asarray(lies_between_meridians(xy, stated) & (south <= lat) & (lat <= north))


def lies_between_meridians(xy: FloatArray, stated: str) -> Bools:
    """(N,) True where coordinates lie in the zone of their system, however far north or south."""
    west, _, east, _ = box_of(stated)
    lonlat = _degrees(xy, stated)
    lon = lonlat[:, 0]
    is_between = (west <= lon) & (lon <= east) if west <= east else (lon >= west) | (lon <= east)
    return np.asarray(np.isfinite(lonlat).all(axis=1) & is_between)


def _degrees(xy: FloatArray, stated: str) -> FloatArray:
    if not crs_of(stated).is_projected:
        return xy
    return np.column_stack(between(stated, "wgs84").transform(xy[:, 0], xy[:, 1]))


def box_of(stated: str) -> tuple[float, float, float, float]:
    """West, south, east, north in degrees: where places of a system can lie."""
    if stated in _CHINESE:
        return _CHINA
    use = crs_of(stated).area_of_use
    if use is None or crs_of(stated).is_geographic:
        return _WORLD
    return use.west - _MARGIN_DEG, use.south - _MARGIN_DEG, use.east + _MARGIN_DEG, use.north + _MARGIN_DEG


def is_elsewhere(frame: pd.DataFrame, system: str, notes: Notes) -> bool:
    """True, and a fault, where the file itself says another projection than the study file does."""
    own = frame.crs if isinstance(frame, gpd.GeoDataFrame) else None
    stated = crs_of(system)
    if own is None or not _is_other_plane(CRS.from_user_input(own), stated):
        return False
    notes.fault(
        Phrase(
            f"文件自带坐标系 {own.name}，study.toml 写的是 {system}（{stated.name}）。",
            f"says it is in {own.name}, and study.toml says {system} ({stated.name}).",
        ),
        Phrase("请更正 crs，或更正文件的坐标系定义。", "Correct `crs`, or the file's own definition."),
    )
    return True


def _is_other_plane(own: CRS, stated: CRS) -> bool:
    """True if one is projected and the other not, or if they are two projections. Degrees of web maps look alike."""
    if own.is_projected and stated.is_projected:
        return not own.equals(stated, ignore_axis_order=True) and own.to_epsg() not in (None, stated.to_epsg())
    return own.is_projected != stated.is_projected and own.is_projected


def misread(x: FloatArray, y: FloatArray, stated: str, study_crs: str) -> Mapping[str, FloatArray]:
    """Where places (N,) would lie, (N, 2) metres, were their degrees in another system of Chinese maps than stated.

    Nothing for systems in metres and for places outside China, where the systems are one.
    """
    plain = {"wgs84", "cgcs2000", "epsg:4326", "epsg:4490"}
    said = "cgcs2000" if stated.casefold() in plain else stated.casefold()
    if said not in WEB_MAPS or not len(x):
        return {}
    held = WEB_MAPS[said](_degrees(np.column_stack((x, y)), study_crs))
    if not lies_within(held, said).all():
        return {}
    return {word: converter(word, study_crs)(held) for word in WEB_MAPS if word != said}


def _say_without(frame: pd.DataFrame, which: Bools, notes: Notes) -> None:
    rows = some_rows(frame, which)
    notes.fault(
        Phrase(
            f"{len(frame)} 行中 {which.sum()} 行没有坐标：{rows.zh}。",
            f"{which.sum()} of {len(frame)} rows have no coordinates: {rows.en}.",
        ),
        Phrase("请补填坐标，或删去这些行。", "Fill them in, or remove the rows."),
    )


def _say_outside(frame: pd.DataFrame, which: Bools, xy: FloatArray, stated: str, notes: Notes) -> None:
    rows = some_rows(frame, which, [f"{x:.7g}, {y:.7g}" for x, y in xy])
    west, south, east, north = box_of(stated)
    notes.fault(
        Phrase(
            f"{len(frame)} 行中 {which.sum()} 行的坐标不在 {stated} 的范围"
            f"（经度 {west:.0f} 至 {east:.0f}，纬度 {south:.0f} 至 {north:.0f}）：{rows.zh}。",
            f"{which.sum()} of {len(frame)} rows have coordinates outside {stated} "
            f"(longitude {west:.0f} to {east:.0f}, latitude {south:.0f} to {north:.0f}): {rows.en}.",
        ),
        way_out(xy[which], stated),
    )


def way_out(xy: FloatArray, stated: str) -> Phrase:
    """What the coordinates look like instead."""
    x, y = xy.T
    if lies_within(xy[:, ::-1], stated).all():
        return Phrase("经度和纬度（X 和 Y）似乎对调了。", "Longitude and latitude (X and Y) seem to be swapped.")
    if crs_of(stated).is_geographic and (np.abs(xy).max(axis=1) > 1000.0).all():
        return Phrase(
            "这些是以米为单位的坐标，请写投影坐标系，如 EPSG:4547。",
            "These are metres; state the projected CRS they are in, for example EPSG:4547.",
        )
    if crs_of(stated).is_projected and (np.abs(x) <= 180.0).all() and (np.abs(y) <= 90.0).all():
        return Phrase(
            "这些是经纬度，请写 wgs84、cgcs2000、gcj02 或 bd09。",
            "These are degrees; state wgs84, cgcs2000, gcj02 or bd09.",
        )
    zone = int(np.median(x) // 1e6)
    if 13 <= zone <= 45:
        return Phrase(
            f"横坐标似乎带有带号 {zone}，请写带号的坐标系（38 带为 EPSG:4526）。",
            f"The eastings seem to carry the zone number {zone}; state the CRS with zone (EPSG:4526 for zone 38).",
        )
    return Phrase("请更正坐标或 crs。", "Correct the coordinates, or `crs`.")


PLACE_COLUMNS: Mapping[str, Phrase] = {
    "lon": Phrase("经度", "longitude"),
    "lat": Phrase("纬度", "latitude"),
    "x": Phrase("横坐标", "easting"),
    "y": Phrase("纵坐标", "northing"),
}
