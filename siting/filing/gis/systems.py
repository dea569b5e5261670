"""Which coordinate system a file is in, and the 3-degree zone of CGCS2000 that land offices ask for."""

from __future__ import annotations

from dataclasses import dataclass

from pyproj import CRS, Transformer

from siting.errors import Fault, InputError
from siting.filing.dossier import Dossier
from siting.inputs.coordinates import crs_of, why_not_metric, why_not_readable
from siting.study import StudyArea
from siting.words import Phrase

DEGREES = "EPSG:4490"
"""CGCS2000 in degrees."""

_FIRST_ZONE, _LAST_ZONE = 25, 45
_PREFIXED, _PLAIN = 4513, 4534
"""EPSG codes of zone 25, with the zone's number before the easting and without; the other zones follow in order."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A 3-degree Gauss-Krueger zone of CGCS2000; number 38 has its central meridian at 114 E."""

    number: int

    @property
    def crs(self) -> str:
        """Its CRS without the number before the easting."""
        return f"EPSG:{_PLAIN + self.number - _FIRST_ZONE}"

    @property
    def prefixed(self) -> str:
        """Its CRS with the number before the easting, as land offices write it."""
        return f"EPSG:{_PREFIXED + self.number - _FIRST_ZONE}"


def zone_of(area: StudyArea) -> Zone | None:
    """The zone of the study's CRS; where that is another system, the one the study area lies in; None outside China."""
    return _stated_zone(area.crs) or _zone_at(*_middle(area))


def _stated_zone(crs: str) -> Zone | None:
    code = crs_of(crs).to_epsg() or 0
    for first in (_PREFIXED, _PLAIN):
        number = code - first + _FIRST_ZONE
        if _FIRST_ZONE <= number <= _LAST_ZONE:
            return Zone(number)
    return None


def _zone_at(longitude: float, latitude: float) -> Zone | None:
    bounds = CRS.from_user_input(DEGREES).area_of_use
    if bounds is None or not (bounds.west <= longitude <= bounds.east and bounds.south <= latitude <= bounds.north):
        return None
    return Zone(round(longitude / 3.0))


def _middle(area: StudyArea) -> tuple[float, float]:
    """Longitude and latitude of the middle of the units."""
    to_degrees = Transformer.from_crs(crs_of(area.crs), DEGREES, always_xy=True)
    x, y = area.units.x, area.units.y
    longitude, latitude = to_degrees.transform((x.min() + x.max()) / 2.0, (y.min() + y.max()) / 2.0)
    return float(longitude), float(latitude)


def gis_crs(dossier: Dossier) -> str:
    """The CRS of GeoPackage and Shapefile: the one asked for, else the study's where that is of CGCS2000, else the zone
    the study area lies in, else the study's.

    Raises InputError where the one asked for is unknown, on an old datum, neither in degrees nor in metres, or the one
    of web maps, in which lengths are too long.
    """
    asked, area = dossier.settings.gis_crs, dossier.result.area
    if asked:
        _refuse(asked, dossier.result.project.file.name)
        return str(crs_of(asked).to_string())
    if _is_cgcs2000(crs_of(area.crs)):
        return area.crs
    zone = zone_of(area)
    return zone.crs if zone else area.crs


def _is_cgcs2000(crs: CRS) -> bool:
    return crs.geodetic_crs is not None and crs.geodetic_crs.to_epsg() == 4490


def _refuse(asked: str, file: str) -> None:
    wrong = _why_not(asked)
    if wrong:
        raise InputError((Fault(f"{file} [filing] crs", *wrong),))


def _why_not(asked: str) -> tuple[Phrase, Phrase] | None:
    if why_not_readable(asked) is not None:
        return why_not_readable(asked)
    if crs_of(asked).to_epsg() == 3857 or asked.casefold() in ("gcj02", "bd09"):
        return (
            Phrase(
                f"{asked} 是网络地图坐标，不能量距离和面积。", f"{asked} is of web maps; nothing can be measured in it."
            ),
            Phrase("请写 EPSG:4490 或 EPSG:4547 等 CGCS2000 坐标系。", "Name EPSG:4490 or, for example, EPSG:4547."),
        )
    return None if crs_of(asked).is_geographic else why_not_metric(asked)


def said(crs: str) -> str:
    """A CRS by its name and code."""
    return f"{crs_of(crs).name} ({crs})"
