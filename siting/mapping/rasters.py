"""Population and streets as pictures: painted in Web Mercator, so that a browser only has to stretch them."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy.spatial import KDTree

from siting.inputs.coordinates import between
from siting.mapping.degrees import DEGREES
from siting.mapping.scene import Picture
from siting.study import DemandPoints, FloatArray, Roads

MERCATOR = "EPSG:3857"
MOST_PIXELS = 3_000_000
STREET_PIXEL_M = 20.0
SQUARE_METRES_PER_HECTARE = 1e4


@dataclass(frozen=True, slots=True)
class Canvas:
    """Pixels over a piece of Web Mercator: its west and north edge, metres per pixel, rows and columns."""

    west: float
    north: float
    pixel: float
    rows: int
    columns: int

    def centres(self) -> tuple[FloatArray, FloatArray]:
        """x, y of every pixel's centre (rows x columns,), row by row."""
        row, column = np.indices((self.rows, self.columns))
        x = self.west + self.pixel * (column.ravel() + 0.5)
        y = self.north - self.pixel * (row.ravel() + 0.5)
        return x.astype(np.float64), y.astype(np.float64)

    def bounds(self) -> tuple[float, float, float, float]:
        """South, west, north, east in degrees."""
        to_degrees = between(MERCATOR, DEGREES)
        east, south = self.west + self.pixel * self.columns, self.north - self.pixel * self.rows
        west, south, east, north = to_degrees.transform_bounds(self.west, south, east, self.north)
        return south, west, north, east


def paint_population(points: DemandPoints, crs: str, breaks: FloatArray, colours: list[str]) -> Picture:
    """Residents per hectare in classes between breaks (B), one colour each (B + 1); nothing where nobody lives.

    Every pixel takes the cell its centre lies in, so cells keep their shape whatever their CRS.
    """
    to_mercator = between(crs, MERCATOR)
    x, y = to_mercator.transform(points.x, points.y)
    canvas = _canvas_over(x, y, margin=2 * points.cell_m, pixel=points.cell_m / 1.5)
    seen = _cell_at(canvas, points, crs)
    per_hectare = points.residents / (points.cell_m**2 / SQUARE_METRES_PER_HECTARE)
    classes = np.append(1 + np.digitize(per_hectare, breaks), 0)
    return _picture(classes[seen].reshape(canvas.rows, canvas.columns).astype(np.uint8), colours, canvas)


def _cell_at(canvas: Canvas, points: DemandPoints, crs: str) -> NDArray[np.int64]:
    """The demand point whose cell holds each pixel's centre, their number where none does."""
    back = between(MERCATOR, crs)
    centres = np.column_stack(back.transform(*canvas.centres()))
    tree = KDTree(np.column_stack([points.x, points.y]))
    half = points.cell_m * 0.55
    return np.asarray(tree.query(centres, p=np.inf, distance_upper_bound=half, workers=-1)[1])


def paint_streets(roads: Roads, is_drawn: NDArray[np.bool_], crs: str, colour: str) -> Picture:
    """The segments chosen by is_drawn (E,) as thin lines, softened at their edges."""
    to_mercator = between(crs, MERCATOR)
    x, y = to_mercator.transform(roads.x, roads.y)
    canvas = _canvas_over(x, y, margin=STREET_PIXEL_M, pixel=STREET_PIXEL_M)
    fine = Image.new("L", (2 * canvas.columns, 2 * canvas.rows))
    column, row = 2 * (x - canvas.west) / canvas.pixel, 2 * (canvas.north - y) / canvas.pixel
    pen = ImageDraw.Draw(fine)
    ends = np.column_stack([column[roads.tail], row[roads.tail], column[roads.head], row[roads.head]])
    for line in ends[is_drawn].round(1).tolist():
        pen.line(line, fill=255, width=2)
    shade = np.asarray(fine.reduce(2)).astype(int)
    alphas = ("00", "55", "aa", "ff")
    return _picture((shade // 64).astype(np.uint8), [f"{colour}{alpha}" for alpha in alphas[1:]], canvas)


def _canvas_over(x: FloatArray, y: FloatArray, margin: float, pixel: float) -> Canvas:
    width, height = np.ptp(x) + 2 * margin, np.ptp(y) + 2 * margin
    step = max(pixel, float(np.sqrt(width * height / MOST_PIXELS)))
    return Canvas(x.min() - margin, y.max() + margin, step, int(height / step) + 1, int(width / step) + 1)


def _picture(classes: NDArray[np.uint8], colours: list[str], canvas: Canvas) -> Picture:
    """Class 0 is clear; class k has the k-th colour, #rrggbb or #rrggbbaa."""
    rgba = [bytes.fromhex(colour[1:].ljust(8, "f")) for colour in ("#00000000", *colours)]
    image = Image.fromarray(classes, mode=None).convert("P")
    image.putpalette(b"".join(rgba), rawmode="RGBA")
    file = BytesIO()
    image.save(file, format="PNG", optimize=True, bits=2 if len(rgba) <= 4 else 4)
    return Picture(f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}", canvas.bounds())
