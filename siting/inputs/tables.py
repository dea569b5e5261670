"""One way to read any table or layer: its rows in file order, our column names, places in the study's CRS."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from siting.inputs.coordinates import crs_of
from siting.inputs.files import read_rows
from siting.inputs.headers import found_columns, say_no_column
from siting.inputs.notes import Notes
from siting.inputs.placing import PLACE_COLUMNS, has_places, place_rows
from siting.inputs.roads import OSM_FILES
from siting.inputs.values import fault_rows, plain_text
from siting.project import Layer, LayerName
from siting.words import Phrase, name_some

_TOTALS = ("合计", "总计", "小计", "总和", "total")
"""How cells of rows that add up others end; without coordinates these are no places."""


_OF_PLACES: tuple[LayerName, ...] = ("villages", "schools", "candidates", "population", "estates")
"""Layers whose rows are points or polygons."""


def read_table(layer: Layer, name: LayerName, crs: str, notes: Notes) -> gpd.GeoDataFrame | None:
    """The rows of a layer: text columns under our names, ``geometry`` in the study's CRS, ``x`` and ``y`` of its seat.

    Rows are labelled by their number in the file. A row that cannot be placed is a fault and has no geometry.
    ``attrs["headers"]`` lists the file's own headers. None, and a fault, where the file cannot be read or says
    nowhere where its rows lie.
    """
    rows = read_rows(layer, name, notes)
    if rows is None:
        return None
    headers = [str(header) for header in rows.columns if header != "geometry"]
    frame = _ours(rows, name, headers, layer, notes)
    if not has_places(frame):
        say_no_column(notes, name, _missing_place(frame, layer.crs), headers)
        return None
    frame = _without_totals(frame, rows, notes)
    if name in _OF_PLACES and _say_lines(frame, notes):
        return None
    stated = "wgs84" if layer.file.name.casefold().endswith(OSM_FILES) else layer.crs
    places = place_rows(frame, stated, crs, notes)
    kept = frame.drop(columns=[column for column in (*PLACE_COLUMNS, "geometry") if column in frame])
    read = gpd.GeoDataFrame(kept.assign(x=places.x, y=places.y), geometry=places.shapes, crs=crs)
    read.attrs["headers"] = headers
    return read


def read_plain(layer: Layer, name: LayerName, notes: Notes) -> pd.DataFrame | None:
    """The rows of a table that says nothing of places: text columns under our names, rows of totals left out.

    None, and a fault, where the file cannot be read. ``attrs["headers"]`` as above.
    """
    rows = read_rows(layer, name, notes)
    if rows is None:
        return None
    headers = [str(header) for header in rows.columns if header != "geometry"]
    frame = _without_totals(
        _ours(rows, name, headers, layer, notes).drop(columns="geometry", errors="ignore"), rows, notes
    )
    frame.attrs["headers"] = headers
    return frame


def _ours(rows: pd.DataFrame, name: LayerName, headers: list[str], layer: Layer, notes: Notes) -> pd.DataFrame:
    """The columns we know, under our names."""
    is_cut = layer.file.suffix.casefold() == ".shp"
    found = found_columns(name, headers, layer.columns or {}, is_cut, notes)
    frame = pd.DataFrame({ours: rows[header] for ours, header in found.items()}, index=rows.index)
    return frame.assign(geometry=rows["geometry"]) if "geometry" in rows else frame


def _say_lines(frame: pd.DataFrame, notes: Notes) -> bool:
    """True, and a fault, where places are drawn as lines."""
    is_line = np.zeros(len(frame), dtype=bool)
    if "geometry" in frame:
        is_line = shapely.get_dimensions(frame["geometry"].to_numpy(dtype=object)) == 1
    fault_rows(
        frame,
        is_line,
        Phrase("的图形是线", "are drawn as lines"),
        Phrase("须为点或面；请检查导出的图层。", "They have to be points or polygons; check which layer was exported."),
        notes,
    )
    return bool(is_line.any())


def _missing_place(frame: pd.DataFrame, stated: str) -> tuple[str, str]:
    """The pair of columns to ask for: the one that is half there, else what the stated system counts in."""
    is_plane = not {"lon", "lat"} & set(frame) and (bool({"x", "y"} & set(frame)) or crs_of(stated).is_projected)
    return ("x", "y") if is_plane else ("lon", "lat")


def _without_totals(frame: pd.DataFrame, rows: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """The rows without those that add up others and lie nowhere, which is remarked."""
    is_total = np.ones(len(frame), dtype=bool)
    for column in (column for column in (*PLACE_COLUMNS, "geometry") if column in frame):
        cells = frame[column].to_numpy(dtype=object)
        is_total &= (cells == "") | shapely.is_missing(cells)
    is_total[is_total] = [_adds_up(row) for row in rows[is_total].to_numpy(dtype=object).tolist()]
    if is_total.any():
        names = name_some([f"#{row}" for row in frame.index[is_total]])
        notes.remark(
            Phrase(f"合计行未计入：{names.zh}。", f"rows of totals are left out: {names.en}."),
        )
    return frame[~is_total]


def _adds_up(cells: list[object]) -> bool:
    return any(plain_text(str(cell)).replace(" ", "").endswith(_TOTALS) for cell in cells)
