"""In which unit a school or a plot lies: the unit a row names by code, else the polygon around it, else the nearest."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from siting.inputs.notes import Notes
from siting.inputs.population import unit_around
from siting.inputs.values import Bools, one_code, some_rows, texts
from siting.study import FloatArray, IntArray, Units
from siting.words import Phrase

OUTSIDE_LIMIT_M = 5000.0
"""A school or plot farther than this from every unit is a fault."""


def located(frame: gpd.GeoDataFrame, units: Units, called: Phrase, notes: Notes) -> IntArray:
    """(N,) position of each row's unit. Rows too far from every unit, or naming one that is not there, are faults."""
    xy = frame[["x", "y"]].to_numpy(dtype=np.float64)
    unit, away_m = _where(xy, units)
    _say_outside(frame, away_m, called, notes)
    named = _named(frame, units, notes)
    return np.where(named >= 0, named, unit)


def _where(xy: FloatArray, units: Units) -> tuple[IntArray, FloatArray]:
    """Unit and metres to it (0 in its polygon)."""
    unit = unit_around(xy, units)
    away_m = np.zeros(len(xy))
    outside = np.flatnonzero(unit < 0)
    shapes = [_seat_or_polygon(units, at) for at in range(len(units))]
    nearest, metres = shapely.STRtree(shapes).query_nearest(
        shapely.points(xy[outside]), all_matches=False, return_distance=True
    )
    unit[outside[nearest[0]]], away_m[outside[nearest[0]]] = nearest[1], metres
    return unit, away_m


def _seat_or_polygon(units: Units, at: int) -> shapely.Geometry:
    polygon = units.polygon[at]
    return shapely.Point(units.x[at], units.y[at]) if polygon is None else polygon


def _say_outside(frame: gpd.GeoDataFrame, away_m: FloatArray, called: Phrase, notes: Notes) -> None:
    is_outside: Bools = away_m > OUTSIDE_LIMIT_M
    if not is_outside.any():
        return
    rows = some_rows(frame, is_outside, [f"{metres:.0f} m" for metres in away_m])
    notes.fault(
        Phrase(
            f"{len(frame)} 行中 {is_outside.sum()} 个{called.zh}距各村（社区）超过 {OUTSIDE_LIMIT_M:.0f} m："
            f"{rows.zh}。",
            f"{is_outside.sum()} of {len(frame)} {called.en} lie more than {OUTSIDE_LIMIT_M:.0f} m "
            f"from every unit: {rows.en}.",
        ),
        Phrase(
            "请更正坐标或 crs，或删去县外的行。",
            "Correct the coordinates or `crs`, or remove what is not in the county.",
        ),
    )


def _named(frame: gpd.GeoDataFrame, units: Units, notes: Notes) -> IntArray:
    """Position of the unit whose code a row states, -1 where it states none."""
    place = {one_code(unit_id): at for at, unit_id in enumerate(units.id)} | {"": -1}
    stated = texts(frame, "unit")
    found = [place.get(one_code(code)) for code in stated]
    is_unknown = np.array([at is None for at in found], dtype=bool)
    if is_unknown.any():
        rows = some_rows(frame, is_unknown, stated)
        notes.fault(
            Phrase(
                f"{len(frame)} 行中 {is_unknown.sum()} 行的村代码不在村庄表中：{rows.zh}。",
                f"{is_unknown.sum()} of {len(frame)} rows name a unit that the villages do not have: {rows.en}.",
            ),
            Phrase("请更正村代码；留空则按坐标确定。", "Correct the code; left blank, the coordinates decide."),
        )
    return np.array([-1 if at is None else at for at in found], dtype=np.int64)
