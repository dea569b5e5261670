"""Corners of plots as land offices write them, and what is said of the coordinate system of a sheet."""

from __future__ import annotations

import numpy as np
from pyproj import CRS, Transformer

from siting.filing.gis.systems import zone_of
from siting.inputs.coordinates import crs_of
from siting.study import FloatArray, StudyArea
from siting.words import Phrase, both

CGCS2000 = 4490


def survey_corners(corners: FloatArray, area: StudyArea) -> FloatArray:
    """X (north) and Y (east, with the zone's number before it) of corners (N, 2), metres to a thousandth, in the
    3-degree zone of CGCS2000; outside China, where there is none, north and east in the study's CRS."""
    zone = zone_of(area)
    if zone is None:
        east, north = corners.T
    else:
        east, north = Transformer.from_crs(crs_of(area.crs), zone.prefixed, always_xy=True).transform(*corners.T)
    rounded: FloatArray = np.round(np.column_stack([north, east]), 3)
    return rounded


def corners_note(area: StudyArea) -> Phrase:
    """Which system the corners are in."""
    zone = zone_of(area)
    if zone is None:
        return Phrase(f"界址点坐标系：{area.crs}，单位米", f"corners in {area.crs}, metres")
    return Phrase(
        f"界址点坐标：CGCS2000 3度带第{zone.number}带，X 为北，Y 为东（含带号），单位米",
        f"corners: CGCS2000 3-degree zone {zone.number}, X north, Y east with the zone's number, metres",
    )


def system_note(area: StudyArea) -> Phrase:
    """The coordinate system of the maps, truly named."""
    crs, zone = crs_of(area.crs), zone_of(area)
    if not is_cgcs2000(crs):
        return Phrase(f"坐标系：{crs.name}（{area.crs}），非 CGCS2000", f"CRS: {crs.name} ({area.crs}), not CGCS2000")
    if zone is not None and crs_of(zone.crs).to_epsg() == crs.to_epsg():
        middle = 3 * zone.number
        return Phrase(
            f"坐标系：CGCS2000，3度带高斯-克吕格投影，中央经线 {middle}°E（{area.crs}）",
            f"CRS: CGCS2000, 3-degree Gauss-Krueger, central meridian {middle}°E ({area.crs})",
        )
    return Phrase(f"坐标系：CGCS2000，{crs.name}（{area.crs}）", f"CRS: CGCS2000, {crs.name} ({area.crs})")


def is_cgcs2000(crs: CRS) -> bool:
    """Whether a CRS stands on CGCS2000."""
    return crs.geodetic_crs is not None and crs.geodetic_crs.to_epsg() == CGCS2000


def corner_rows(corners: FloatArray, area: StudyArea) -> list[tuple[Phrase, str, str]]:
    """J1 ..., X and Y with three decimals."""
    at = survey_corners(corners, area).tolist()
    return [(both(f"J{k}"), f"{north:.3f}", f"{east:.3f}") for k, (north, east) in enumerate(at, 1)]
