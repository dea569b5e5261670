"""A layer of the GIS files before any file is written, and how its values become what a column holds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from siting.filing.fonts import one_line
from siting.filing.gis.fields import FIELDS
from siting.mapping.scene import Look
from siting.words import Language, Phrase

Geometry = Literal["Point", "MultiPolygon"]


@dataclass(frozen=True, slots=True)
class Style:
    """How a layer opens: features of each value of the column ``by`` in a look of their own (by "": all alike).

    label is the column written beside a feature, down to the scale 1:label_scale; where two would collide the higher
    label_rank wins (0 to 10).
    """

    signs: tuple[tuple[Phrase, Look], ...]
    by: str = ""
    label: str = ""
    label_scale: int = 100_000
    label_rank: int = 5


@dataclass(frozen=True, slots=True)
class GisLayer:
    """One layer: key, the name of its Shapefile (ASCII), its name, what it shows, style and features.

    frame has columns of FIELDS in the study's CRS; its shapes are all of one geometry.
    """

    key: str
    stem: str
    name: Phrase
    what: Phrase
    geometry: Geometry
    style: Style
    frame: gpd.GeoDataFrame

    @property
    def columns(self) -> list[str]:
        """Keys of its fields, in order."""
        return [str(column) for column in self.frame.columns if column != "geometry"]


def layer_frame(columns: Sequence[str], rows: Iterable[Mapping[str, Any]], shapes: Any, crs: str) -> gpd.GeoDataFrame:
    """A table of rows with their shapes; see ``table_frame``."""
    return gpd.GeoDataFrame(table_frame(columns, rows), geometry=gpd.GeoSeries(list(shapes), crs=crs), crs=crs)


def table_frame(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows as columns of FIELDS: text on one line, whole numbers without decimals, nothing where nobody counted.

    What is infinite, because no road leads there, is left out too: say so in ``remark``.
    """
    frame = pd.DataFrame(list(rows), columns=list(columns), dtype=object)
    return pd.DataFrame({column: _column(frame[column], FIELDS[column].decimals) for column in columns})


def _column(values: pd.Series, decimals: int | None) -> pd.Series:
    if decimals is None:
        return pd.Series([one_line(str(value)) for value in values], dtype=object)
    numbers = values.astype(float).replace([np.inf, -np.inf], np.nan).round(decimals)
    return numbers.astype("Int64") if decimals == 0 else numbers


NO_ROAD = Phrase("无路可达", "no road")


def road_remark(language: Language, *metres: float) -> str:
    """What a remark says of distances: that no road leads there, or nothing."""
    return NO_ROAD.said_in(language) if any(math.isinf(one) for one in metres) else ""
