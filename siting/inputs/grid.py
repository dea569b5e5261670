"""Population grids (GeoTIFF): every cell with people in it becomes a place in metres."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from rasterio.errors import NotGeoreferencedWarning, RasterioIOError
from rasterio.windows import Window

from siting.inputs.coordinates import crs_of, why_not_readable, why_refused
from siting.inputs.notes import Notes
from siting.inputs.placing import lies_within, way_out
from siting.project import Layer
from siting.study import FloatArray, IntArray
from siting.words import Phrase

GRID_FILES = (".tif", ".tiff")

_ROWS_AT_A_TIME = 1024

Floats = NDArray[np.floating[Any]]

Extent = tuple[float, float, float, float]
"""West, south, east, north in metres of the study's CRS."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Populated places (N): xy (N, 2) metres in the study's CRS and residents (N,), all above 0.

    cell_m is their spacing, nan where there is none to speak of.
    """

    xy: FloatArray
    residents: FloatArray
    cell_m: float

    def __len__(self) -> int:
        """The number of places."""
        return len(self.residents)

    def only(self, which: NDArray[np.bool_]) -> Cells:
        """Some of the places."""
        return Cells(self.xy[which], self.residents[which], self.cell_m)


def read_grid(layer: Layer, extent: Extent, crs: str, notes: Notes) -> Cells | None:
    """The grid's populated cells within an extent, at their centres; None, and a fault, if it cannot be read.

    Cells without data, not a number or not above 0 hold nobody. Only the first band is read.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(layer.file) as grid:
                return _cells(grid, layer.crs, extent, crs, notes)
    except RasterioIOError as flaw:
        notes.fault(
            Phrase(f"不是可读的栅格（{flaw}）。", f"is not a readable raster ({flaw})."),
            Phrase("请重新导出为 GeoTIFF。", "Export it again as GeoTIFF."),
        )
        return None


def _cells(grid: Any, stated: str, extent: Extent, crs: str, notes: Notes) -> Cells | None:
    own = _crs_of_grid(grid, stated, notes)
    if own is None:
        return None
    window = _window(grid, Transformer.from_crs(crs_of(crs), own, always_xy=True).transform_bounds(*extent))
    if not (window.width and window.height):
        _say_elsewhere(notes, grid, "" if grid.crs else stated)
        return None
    to_study = Transformer.from_crs(own, crs_of(crs), always_xy=True)
    row, col, residents = _populated(grid, window)
    return Cells(_metres(grid, to_study, col + 0.5, row + 0.5), residents, _spacing_m(grid, to_study, window))


def _crs_of_grid(grid: Any, stated: str, notes: Notes) -> CRS | None:
    """What the grid says itself, else what the study file says of it; None, and a fault, where neither will do."""
    unstated = why_not_readable(stated) if stated else _NO_CRS
    wrong = why_refused(CRS.from_user_input(grid.crs)) if grid.crs else unstated
    if wrong:
        notes.fault(*wrong)
        return None
    return CRS.from_user_input(grid.crs) if grid.crs else crs_of(stated)


_NO_CRS = (
    Phrase("栅格没有坐标系。", "the raster has no coordinate system."),
    Phrase(
        "请在 GIS 中写入坐标系，或在 [layers.population] 中写 crs。",
        "Write it into the raster, or state crs in [layers.population].",
    ),
)


def _window(grid: Any, bounds: Extent) -> Window:
    """The part of the grid that covers bounds in its own CRS; empty (no width or height) where it lies elsewhere."""
    west, south, east, north = bounds
    corners = np.array([(west, south), (west, north), (east, south), (east, north)])
    size = np.array([[grid.width], [grid.height]])
    cells = np.clip(np.nan_to_num(_laid(~grid.transform, *corners.T)), 0, size)
    (left, top), (right, bottom) = np.floor(cells.min(axis=1)).astype(int), np.ceil(cells.max(axis=1)).astype(int)
    return Window(int(left), int(top), int(right - left), int(bottom - top))


def _populated(grid: Any, window: Window) -> tuple[IntArray, IntArray, FloatArray]:
    """Row, column and residents of every populated cell in a window, read a strip at a time."""
    strips = [_strip(grid, window, top) for top in range(0, window.height, _ROWS_AT_A_TIME)]
    row, col, residents = (np.concatenate(parts) for parts in zip(*strips, strict=True))
    return row, col, residents


def _strip(grid: Any, window: Window, top: int) -> tuple[IntArray, IntArray, FloatArray]:
    height = min(_ROWS_AT_A_TIME, window.height - top)
    part = Window(window.col_off, window.row_off + top, window.width, height)
    people = grid.read(1, window=part, masked=True).astype(np.float64).filled(0.0)
    row, col = np.nonzero(np.isfinite(people) & (people > 0.0))
    return row + part.row_off, col + part.col_off, people[row, col]


def _metres(grid: Any, to_study: Transformer, col: Floats, row: Floats) -> FloatArray:
    return np.column_stack(to_study.transform(*_laid(grid.transform, col, row)))


def _laid(transform: Any, first: Floats, second: Floats) -> FloatArray:
    """Two rows: places carried over by an affine transform."""
    return np.stack(
        (
            transform.a * first + transform.b * second + transform.c,
            transform.d * first + transform.e * second + transform.f,
        )
    )


def _spacing_m(grid: Any, to_study: Transformer, window: Window) -> float:
    """The side of a square as large as the cell in the middle of a window."""
    col, row = window.col_off + window.width / 2, window.row_off + window.height / 2
    at = _metres(grid, to_study, col + np.array([0.0, 1.0, 0.0]), row + np.array([0.0, 0.0, 1.0]))
    (a, b), (c, d) = at[1:] - at[0]
    return float(np.sqrt(abs(a * d - b * c)))


def _say_elsewhere(notes: Notes, grid: Any, stated: str) -> None:
    """A fault; where the study file states the grid's system, what its corners look like instead."""
    west, south, east, north = (f"{edge:.7g}" for edge in grid.bounds)
    corners = np.array([grid.bounds[:2], grid.bounds[2:]])
    is_foreign = bool(stated) and not lies_within(corners, stated).any()
    check = Phrase("请检查文件和坐标系。", "Check the file and its coordinate system.")
    notes.fault(
        Phrase(
            f"栅格范围（{west}, {south} 至 {east}, {north}）与研究范围不重叠。",
            f"the raster ({west}, {south} to {east}, {north}) does not meet the study area.",
        ),
        way_out(corners, stated) if is_foreign else check,
    )
