"""One GeoPackage with every layer and the style it opens in, and the same styles as .qml files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pandas as pd
import pyogrio

from siting.filing.dossier import Settings
from siting.filing.gis.fields import FIELDS
from siting.filing.gis.layer import GisLayer
from siting.filing.gis.qml import style_of
from siting.words import Language, Phrase

STYLES = "layer_styles"
"""The table in which QGIS looks for the styles of a GeoPackage."""

_SHAPE_COLUMN = "geom"


CONSTRAINTS = Phrase("约束核查", "constraints")
"""The table of every constraint looked at, which has no shapes."""


def write_geopackage(
    layers: Iterable[GisLayer], findings: pd.DataFrame, crs: str, settings: Settings, file: Path
) -> None:
    """Layers with their names and columns in the language of the settings, findings as a table, and styles."""
    language = settings.language
    listed = list(layers)
    with _writing(settings.day):
        for layer in listed:
            _write(layer, crs, language, file)
        table = findings.rename(columns=_names(findings.columns, language))
        pyogrio.write_dataframe(table, file, layer=CONSTRAINTS.said_in(language), driver="GPKG", append=True)
        pyogrio.write_dataframe(
            _styles(listed, settings), file, layer=STYLES, driver="GPKG", append=True, layer_options={"FID": "id"}
        )


def write_styles(layers: Iterable[GisLayer], language: Language, folder: Path) -> None:
    """A .qml for each layer of the GeoPackage, named after it."""
    folder.mkdir()
    for layer in layers:
        (folder / f"{layer.name.said_in(language)}.qml").write_text(_style(layer, language), encoding="utf-8")


def _write(layer: GisLayer, crs: str, language: Language, file: Path) -> None:
    frame = layer.frame.to_crs(crs).rename(columns=_names(layer.columns, language))
    pyogrio.write_dataframe(
        frame,
        file,
        layer=layer.name.said_in(language),
        driver="GPKG",
        append=file.exists(),
        geometry_type=layer.geometry,
        promote_to_multi=layer.geometry == "MultiPolygon",
        dataset_options={} if file.exists() else {"VERSION": "1.3"},
        layer_options={"GEOMETRY_NAME": _SHAPE_COLUMN, "DESCRIPTION": layer.what.said_in(language)},
    )


def _names(keys: Iterable[str], language: Language) -> dict[str, str]:
    return {key: FIELDS[key].named_in(language) for key in keys}


def _style(layer: GisLayer, language: Language) -> str:
    return style_of(layer, lambda key: FIELDS[key].named_in(language), language)


def _styles(layers: list[GisLayer], settings: Settings) -> pd.DataFrame:
    """Rows of layer_styles, one default for each layer."""
    names = [layer.name.said_in(settings.language) for layer in layers]
    return pd.DataFrame(
        {
            "f_table_catalog": "",
            "f_table_schema": "",
            "f_table_name": names,
            "f_geometry_column": _SHAPE_COLUMN,
            "styleName": names,
            "styleQML": [_style(layer, settings.language) for layer in layers],
            "styleSLD": "",
            "useAsDefault": True,
            "description": [layer.what.said_in(settings.language) for layer in layers],
            "owner": "",
            "ui": None,
            "update_time": pd.Timestamp(settings.day),
        }
    )


@contextmanager
def _writing(day: date) -> Iterator[None]:
    """The day the file says its layers were changed, so that the same dossier gives the same file; and no waiting for
    the disk after every layer, since the folder counts only when it is whole."""
    options = {"OGR_CURRENT_DATE": f"{day:%Y-%m-%d}T00:00:00.000Z", "OGR_SQLITE_SYNCHRONOUS": "OFF"}
    before = {name: pyogrio.get_gdal_config_option(name) for name in options}
    pyogrio.set_gdal_config_options(options)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)
