"""GeoJSON by RFC 7946: degrees of WGS84, longitude first, seven decimals (a centimetre)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyogrio

from siting.filing.gis.fields import FIELDS
from siting.filing.gis.layer import GisLayer
from siting.filing.gis.qml import style_of
from siting.mapping.degrees import DEGREES
from siting.words import Language

DECIMALS = 7


def write_geojson(layers: Iterable[GisLayer], language: Language, folder: Path) -> None:
    """A file and its style for each layer, columns named as in the GeoPackage."""
    folder.mkdir()
    for layer in layers:
        _write(layer, language, folder / f"{layer.name.said_in(language)}.geojson")


def _write(layer: GisLayer, language: Language, file: Path) -> None:
    def named(key: str) -> str:
        return FIELDS[key].named_in(language)

    frame = layer.frame.to_crs(DEGREES).rename(columns={key: named(key) for key in layer.columns})
    pyogrio.write_dataframe(
        frame,
        file,
        driver="GeoJSON",
        geometry_type=layer.geometry,
        promote_to_multi=layer.geometry == "MultiPolygon",
        layer_options={"RFC7946": "YES", "COORDINATE_PRECISION": str(DECIMALS), "WRITE_NAME": "NO"},
    )
    file.with_suffix(".qml").write_text(style_of(layer, named, language), encoding="utf-8")
