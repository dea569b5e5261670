"""What is really known of Dingzhou: names, codes, totals, nine places, the outline. Degrees end here."""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry import Polygon

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

CRS = "EPSG:4547"
_TO_METRES = Transformer.from_crs("EPSG:4490", CRS, always_xy=True)
_TO_DEGREES = Transformer.from_crs(CRS, "EPSG:4490", always_xy=True)


@dataclass(frozen=True, slots=True)
class Unit:
    """A village or community: its code, its official name, the code of its township."""

    code: str
    official: str
    township: str

    @property
    def name(self) -> str:
        """The name people use: 中心街社区居民委员会 is 中心街社区, 牛村村民委员会 牛村."""
        stem = self.official.removesuffix("居民委员会").removesuffix("村民委员会")
        return stem if stem.endswith(("村", "社区")) else f"{stem}村"

    @property
    def is_community(self) -> bool:
        """Whether a residents' committee runs it."""
        return self.official.endswith("居民委员会")


@dataclass(frozen=True, slots=True)
class Facts:
    """townships maps codes to names; places maps names to metres (2,); outline is in metres of CRS."""

    townships: Mapping[str, str]
    units: tuple[Unit, ...]
    places: Mapping[str, Floats]
    outline: Polygon
    residents: int
    urban: int


def read_facts(folder: Path) -> Facts:
    """The committed facts of data/dingzhou/facts."""
    census = tomllib.loads((folder / "facts.toml").read_text(encoding="utf-8"))["census_2020"]
    places = _rows(folder / "places_geonames.csv")
    return Facts(
        townships={row["code"]: row["name"] for row in _rows(folder / "townships.csv")},
        units=tuple(Unit(row["code"], row["name"], row["township_code"]) for row in _rows(folder / "villages.csv")),
        places={row["name_zh"]: metres([(float(row["lon"]), float(row["lat"]))])[0] for row in places},
        outline=_outline(folder / "outline.geojson"),
        residents=census["residents"],
        urban=census["urban"],
    )


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def _outline(file: Path) -> Polygon:
    feature = json.loads(file.read_text(encoding="utf-8"))["features"][0]
    return Polygon(metres(feature["geometry"]["coordinates"][0]))


def metres(lonlat: Floats | list[tuple[float, float]]) -> Floats:
    """(N, 2) degrees as metres east and north, to the decimetre."""
    return np.round(np.column_stack(_TO_METRES.transform(*np.asarray(lonlat, dtype=float).T)), 1)


def degrees(xy: Floats) -> Floats:
    """(N, 2) metres as longitude and latitude, to six decimals (a decimetre)."""
    return np.round(np.column_stack(_TO_DEGREES.transform(*np.asarray(xy, dtype=float).T)), 6)
