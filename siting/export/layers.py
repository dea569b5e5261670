"""plan.gpkg: the plan as layers a GIS opens."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd

from siting.export.result import Result
from siting.frames import (
    assignments_frame,
    catchments_frame,
    points_frame,
    schools_frame,
    sites_frame,
    uncovered_frame,
)
from siting.plan import TierPlan
from siting.study import StudyArea

FILE = "plan.gpkg"


def write_layers(result: Result, folder: Path) -> None:
    """Layers sites, units, catchments, uncovered (one row per programme), schools and demand."""
    for layer, frame in _layers(result).items():
        frame.to_file(folder / FILE, layer=layer, driver="GPKG", VERSION="1.3", append=layer != "sites")


def _layers(result: Result) -> dict[str, gpd.GeoDataFrame]:
    return {
        "sites": sites_frame(result.plan),
        "units": _every_programme(assignments_frame, result),
        "catchments": _every_programme(catchments_frame, result),
        "uncovered": _every_programme(uncovered_frame, result),
        "schools": schools_frame(result.area),
        "demand": points_frame(result.area),
    }


def _every_programme(frame: Callable[[TierPlan, StudyArea], gpd.GeoDataFrame], result: Result) -> gpd.GeoDataFrame:
    frames = [frame(part, result.area) for part in result.plan.parts]
    return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=result.area.crs)
