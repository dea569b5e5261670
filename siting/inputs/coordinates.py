"""Coordinates: from what a file states to metres in the study's CRS. Degrees and axis orders end here.

GCJ-02 and BD-09 are the offset systems of Chinese web maps; their formulas are public knowledge and written out
below. Places in them lie about 500 m (Amap, Tencent) and 1,300 m (Baidu) from the truth at Dingzhou.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from siting.study import FloatArray
from siting.words import Phrase

Shapes = NDArray[np.object_]
"""Shapely shapes, (N,)."""

DEGREE_SYSTEMS: Mapping[str, str] = {
    "wgs84": "EPSG:4326",
    "cgcs2000": "EPSG:4490",
    "gcj02": "EPSG:4490",
    "bd09": "EPSG:4490",
}
"""Words for systems in degrees, and the datum their places are on once the web-map offset is taken away."""

_REFUSED_DATUMS: Mapping[str, Phrase] = {
    "Xian 1980": Phrase("西安80", "Xi'an 1980"),
    "Beijing 1954": Phrase("北京54", "Beijing 1954"),
    "New Beijing": Phrase("新北京54", "New Beijing"),
}


@cache
def crs_of(stated: str) -> CRS:
    """The CRS a word or EPSG code stands for. Raises ``pyproj.exceptions.CRSError`` for anything else."""
    code = DEGREE_SYSTEMS.get(stated.casefold(), stated)
    if not re.fullmatch(r"EPSG:\d+", code, flags=re.IGNORECASE):
        raise CRSError(f"not a coordinate system: {stated}")
    return CRS.from_user_input(code.upper())


def why_not_readable(stated: str) -> tuple[Phrase, Phrase] | None:
    """What is wrong with a stated coordinate system and the way out; None if we can read it."""
    try:
        crs = crs_of(stated)
    except CRSError:
        return (
            Phrase(f"坐标系“{stated}”不认识。", f"Unknown coordinate system '{stated}'."),
            Phrase(
                "请写 wgs84、cgcs2000、gcj02、bd09 或 EPSG 代码（如 EPSG:4547）。",
                "Write wgs84, cgcs2000, gcj02, bd09 or an EPSG code such as EPSG:4547.",
            ),
        )
    return why_refused(crs)


def why_refused(crs: CRS) -> tuple[Phrase, Phrase] | None:
    """Why a CRS on an old Chinese datum is refused, and the way out; None for every other CRS."""
    old = _REFUSED_DATUMS.get(crs.geodetic_crs.name if crs.geodetic_crs else "")
    if old is None:
        return None
    return (
        Phrase(
            f"{crs.name} 属于{old.zh}坐标系，换算到 CGCS2000 需要当地七参数，不能用通用参数代替。",
            f"{crs.name} is on the {old.en} datum; it needs the county's own seven parameters to become CGCS2000.",
        ),
        Phrase(
            "请先由测绘部门转换为 CGCS2000，再写 cgcs2000 或 EPSG:4547 等。",
            "Have the survey office convert the file to CGCS2000 first, then state cgcs2000 or e.g. EPSG:4547.",
        ),
    )


def why_not_metric(stated: str) -> tuple[Phrase, Phrase] | None:
    """Why a CRS cannot be the study's: it must be projected, in metres; None if it can."""
    wrong = why_not_readable(stated)
    if wrong:
        return wrong
    crs = crs_of(stated)
    if crs.is_projected and all(axis.unit_name == "metre" for axis in crs.axis_info):
        return None
    unit = crs.axis_info[0].unit_name
    return (
        Phrase(
            f"计算坐标系 {stated}（{crs.name}）的单位是 {unit}，不是米。",
            f"The study CRS {stated} ({crs.name}) counts in {unit}, not metres.",
        ),
        Phrase(
            "请用以米为单位的投影坐标系，定州用 EPSG:4547。",
            "Name a projected CRS in metres, for example EPSG:4547 for Dingzhou.",
        ),
    )


@cache
def between(stated: str, wanted: str) -> Transformer:
    """From one system to another, x or longitude first. Kept: between two datums it takes a tenth of a second to make.

    Offsets of web maps stay as they are.
    """
    return Transformer.from_crs(crs_of(stated), crs_of(wanted), always_xy=True)


Convert = Callable[[FloatArray], FloatArray]


def converter(stated: str, study_crs: str) -> Convert:
    """A function from (N, 2) coordinates as the file holds them to (N, 2) metres in the study's CRS."""
    to_study = between(stated, study_crs)
    straighten = _STRAIGHTEN.get(stated.casefold(), _as_it_is)

    def convert(xy: FloatArray) -> FloatArray:
        return np.column_stack(to_study.transform(*straighten(xy).T))

    return convert


def _as_it_is(xy: FloatArray) -> FloatArray:
    return xy


# --- web-map offsets -------------------------------------------------------------------------------------------

_AXIS_M = 6378245.0
_ECCENTRICITY2 = 0.00669342162296594323
"""Krasovsky 1940, as the GCJ-02 formula has it."""

_MORE_M = 0.475
"""What the map services add to the public formula, east and north: the same at 664 cities, within 0.07 m."""

_BD_TURN = np.pi * 3000.0 / 180.0
_INVERSE_ROUNDS = 12


def wgs84_to_gcj02(lonlat: FloatArray) -> FloatArray:
    """(N, 2) degrees as Amap and Tencent show them. The shift is a fixed sum of waves around 105 E, 35 N."""
    east, north = (lonlat - (105.0, 35.0)).T
    latitude = np.radians(lonlat[:, 1])
    bulge = 1.0 - _ECCENTRICITY2 * np.sin(latitude) ** 2
    per_degree_east = np.radians(_AXIS_M / np.sqrt(bulge) * np.cos(latitude))
    per_degree_north = np.radians(_AXIS_M * (1.0 - _ECCENTRICITY2) / bulge**1.5)
    shift = (
        (_shift_east_m(east, north) + _MORE_M) / per_degree_east,
        (_shift_north_m(east, north) + _MORE_M) / per_degree_north,
    )
    return lonlat + np.column_stack(shift)


def _shift_east_m(east: FloatArray, north: FloatArray) -> FloatArray:
    smooth = 300 + east + 2 * north + 0.1 * east**2 + 0.1 * east * north + 0.1 * np.sqrt(np.abs(east))
    return smooth + _waves(east, (6, 20), (2, 20), (1, 20), (1 / 3, 40), (1 / 12, 150), (1 / 30, 300))


def _shift_north_m(east: FloatArray, north: FloatArray) -> FloatArray:
    smooth = -100 + 2 * east + 3 * north + 0.2 * north**2 + 0.1 * east * north + 0.2 * np.sqrt(np.abs(east))
    waves = _waves(east, (6, 20), (2, 20)) + _waves(north, (1, 20), (1 / 3, 40), (1 / 12, 160), (1 / 30, 320))
    return smooth + waves


def _waves(along: FloatArray, *parts: tuple[float, float]) -> FloatArray:
    """Two thirds of a sum of sines; each part is half-turns per degree and height in metres."""
    return 2 / 3 * sum((height * np.sin(turns * np.pi * along) for turns, height in parts), np.zeros_like(along))


def gcj02_to_wgs84(lonlat: FloatArray) -> FloatArray:
    """(N, 2) degrees with the offset taken away, by fixed-point iteration (to about a millimetre)."""
    return _undone(wgs84_to_gcj02, lonlat)


def gcj02_to_bd09(lonlat: FloatArray) -> FloatArray:
    """(N, 2) degrees as Baidu shows them: GCJ-02 turned and shifted once more."""
    east, north = lonlat.T
    radius = np.hypot(east, north) + 0.00002 * np.sin(north * _BD_TURN)
    angle = np.arctan2(north, east) + 0.000003 * np.cos(east * _BD_TURN)
    return np.column_stack((radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006))


def bd09_to_wgs84(lonlat: FloatArray) -> FloatArray:
    """(N, 2) degrees with both of Baidu's offsets taken away."""
    return gcj02_to_wgs84(_undone(gcj02_to_bd09, lonlat))


def _undone(forward: Convert, lonlat: FloatArray) -> FloatArray:
    guess = lonlat
    for _ in range(_INVERSE_ROUNDS):
        guess = guess + lonlat - forward(guess)
    return guess


_STRAIGHTEN: Mapping[str, Convert] = {"gcj02": gcj02_to_wgs84, "bd09": bd09_to_wgs84}


WEB_MAPS: Mapping[str, Convert] = {
    "cgcs2000": _as_it_is,
    "gcj02": wgs84_to_gcj02,
    "bd09": lambda lonlat: gcj02_to_bd09(wgs84_to_gcj02(lonlat)),
}
"""True degrees (N, 2) as the systems of Chinese maps show them."""


# --- places ----------------------------------------------------------------------------------------------------


def moved(shapes: Shapes, convert: Convert) -> Shapes:
    """Shapes with every coordinate converted; missing shapes stay missing."""
    flat = shapely.force_2d(shapes)
    return np.asarray(shapely.transform(flat, convert), dtype=object)
