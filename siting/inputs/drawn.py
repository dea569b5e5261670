"""A shape written into a TOML table: a place, a line or a polygon, in its own coordinates or in a file beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from shapely.geometry.base import BaseGeometry

from siting.inputs.coordinates import converter, moved, why_not_readable
from siting.inputs.hashes import sha256_of
from siting.inputs.notes import Notes
from siting.inputs.roads.segments import fits
from siting.inputs.stated import Stated
from siting.words import Phrase

Shape = Literal["place", "line", "polygon"]
_CALLED: dict[Shape, Phrase] = {
    "place": Phrase("一个点", "a point"),
    "line": Phrase("一条线", "a line"),
    "polygon": Phrase("一个面", "a polygon"),
}
_WITHIN: dict[Shape, tuple[str, ...]] = {
    "place": ("Point",),
    "line": ("LineString", "MultiLineString"),
    "polygon": ("Polygon", "MultiPolygon"),
}

WHICH_CRS = Phrase(
    "请写 wgs84、cgcs2000、gcj02（高德、腾讯）、bd09（百度）或 EPSG 代码（如 EPSG:4547）；程序不猜。",
    "Write wgs84, cgcs2000, gcj02 (Amap, Tencent), bd09 (Baidu) or an EPSG code such as EPSG:4547; we do not guess.",
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A shape in coordinates of a system; file and sha256 are those of the file it came from, "" where it is written
    in the table itself."""

    shape: BaseGeometry
    crs: str
    file: str = ""
    sha256: str = ""

    def in_metres(self, study_crs: str) -> BaseGeometry:
        """The shape in the study's CRS."""
        shapes = moved(np.array([self.shape], dtype=object), converter(self.crs, study_crs))
        one: BaseGeometry = shapes[0]
        return one


def crs_stated(table: Stated) -> str:
    """The table's coordinate system; "", and a fault, where it is missing or unknown."""
    table.need("crs", WHICH_CRS)
    stated = table.text("crs")
    wrong = why_not_readable(stated) if stated else None
    if wrong:
        table.notes.fault(Phrase(f"{table.where}{wrong[0].zh}", f"{table.where}{wrong[0].en}"), wrong[1])
    return "" if wrong else stated


def place_at(table: Stated, keys: tuple[str, str] = ("x", "y")) -> Drawn | None:
    """The point of two keys; None, and a fault, where it is none."""
    crs, before = crs_stated(table), len(table.notes.faults)
    for key in keys:
        table.need(key, Phrase("请写坐标。", "State the coordinates."))
    xy = [table.number(key, np.nan, least=-np.inf) for key in keys]
    return _checked(shapely.Point(xy), crs, table.notes) if crs and len(table.notes.faults) == before else None


def shape_of(table: Stated, key: str, shape: Shape, folder: Path) -> Drawn | None:
    """The shape a key writes down as [[x, y], ...], or that of ``file``; None, and a fault, where it is none."""
    crs = crs_stated(table)
    if "file" in table.held:
        return _from_file(table, folder, shape, crs) if crs else None
    if key not in table.held:
        what = _CALLED[shape]
        table.need(key, Phrase(f"请写{what.zh} [[x, y], …]，或 file。", f"Write {what.en} [[x, y], ...], or `file`."))
        return None
    return written(table, key, shape, crs) if crs else None


def written(table: Stated, key: str, shape: Shape, crs: str) -> Drawn | None:
    """The shape a key writes down: [x, y] for a place, else [[x, y], ...]."""
    value, least = table.held[key], {"place": 1, "line": 2, "polygon": 3}[shape]
    pairs = [value] if shape == "place" else value
    if not isinstance(pairs, list) or len(pairs) < least or not all(_is_pair(pair) for pair in pairs):
        form = Phrase(" [x, y]", "[x, y]") if shape == "place" else Phrase(" [[x, y], …]", "[[x, y], ...]")
        few = Phrase(f"{form.zh}，至少 {least} 对数字", f"{form.en}, at least {least} pairs of numbers")
        table.refuse(key, few)
        return None
    made = {"place": lambda: shapely.Point(pairs[0]), "line": lambda: shapely.LineString(pairs)}
    built = made[shape]() if shape in made else shapely.Polygon(pairs)
    return _checked(built, crs, table.notes)


def _is_pair(pair: object) -> bool:
    return (
        isinstance(pair, Sequence)
        and len(pair) == 2
        and all(isinstance(value, int | float) and not isinstance(value, bool) for value in pair)
    )


def _checked(shape: BaseGeometry, crs: str, notes: Notes, file: str = "", sha256: str = "") -> Drawn | None:
    sound = shape if shape.is_valid else shapely.make_valid(shape)
    return Drawn(sound, crs, file, sha256) if fits(shapely.get_coordinates(shape), crs, notes) else None


def _from_file(table: Stated, folder: Path, shape: Shape, crs: str) -> Drawn | None:
    name = table.text("file").replace("\\", "/")
    file, what = folder / name, _CALLED[shape]
    cure = Phrase(f"请给出只含{what.zh}的图层文件。", f"Give a layer that holds {what.en}.")
    try:
        frame = pyogrio.read_dataframe(file)
        sha256 = sha256_of(file)
    except (DataSourceError, DataLayerError, OSError) as flaw:
        said = Phrase(f"{table.where}无法读取 {file}（{flaw}）。", f"{table.where}{file} cannot be read ({flaw}).")
        table.notes.fault(said, cure)
        return None
    shapes = [one for one in frame.geometry if one is not None and one.geom_type in _WITHIN[shape]]
    if not shapes or (shape != "polygon" and len(shapes) > 1):
        found = Phrase(
            f"{table.where}{name} 有 {len(frame)} 行，应为{what.zh}。",
            f"{table.where}{name} has {len(frame)} rows and should hold {what.en}.",
        )
        table.notes.fault(found, cure)
        return None
    whole = shapely.union_all(shapes) if shape == "polygon" else shapely.line_merge(shapes[0])
    return _checked(whole, crs, table.notes, name, sha256)
