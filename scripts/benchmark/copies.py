"""A study laid side by side with copies of itself: the same county so many times, moved, with ids of their own."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import openpyxl
import osmium
import rasterio
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio import Affine

BOOKS = Path(__file__).resolve().parents[2] / "siting" / "rules" / "books"

METRIC = "EPSG:4547"
STEP_M = (-45_000.0, 52_000.0)
"""From one county to the next, west and north; whole cells of the population grid."""

COLUMNS = 4
NAMED = ("代码", "名称", "乡镇代码", "乡镇", "规划单元", "学校代码", "学校名称")

Floats = NDArray[np.float64]
Move = Callable[[Floats], Floats]


def write_copies(sample: Path, out: Path, copies: int) -> Path:
    """The sample's folder (a study.toml and its layers) as a study of so many counties; its study file.

    Budgets and time are those of one county so many times. The first county stays as it is.
    """
    out.mkdir(parents=True, exist_ok=True)
    (out / "villages_synthetic.csv").write_text(_villages(sample, copies), encoding="utf-8-sig")
    _write_schools(sample, out, copies)
    _write_roads(sample, out, copies)
    _write_population(sample, out, copies)
    for name in ("urban_area", "estates", "barriers", "protected"):
        _write_features(sample / f"{name}_synthetic.geojson", out / f"{name}_synthetic.geojson", copies)
    _write_features(sample / "facts" / "outline.geojson", out / "outline.geojson", copies)
    study = (sample / "study.toml").read_text(encoding="utf-8").replace("facts/outline", "outline")
    study = re.sub(r'rulebook = "(.*)"', 'rulebook = "rules.toml"', _times(study, r"<= (\d+)", copies))
    file = out / "study.toml"
    file.write_text(f"{study}\n[limits]\nseconds = {180 * copies}\n", encoding="utf-8")
    book = (BOOKS / "dingzhou-2021.toml").read_text(encoding="utf-8")
    book = _times(book, r'kind = "project_count"[^\[]*?(?:upper|value) = (\d+)', copies)
    (out / "rules.toml").write_text(book, encoding="utf-8")
    return file


def _times(text: str, pattern: str, copies: int) -> str:
    """The text with the number a pattern finds so many times as large, wherever it occurs."""
    return re.sub(pattern, lambda hit: f"{hit[0][: -len(hit[1])]}{int(hit[1]) * copies}", text)


def shift(k: int) -> tuple[float, float]:
    """Metres east and north of copy k."""
    return (k % COLUMNS) * STEP_M[0], (k // COLUMNS) * STEP_M[1]


def _moved(k: int) -> Move:
    """Degrees (N, 2) of a place in the first county, as degrees of the same place in copy k."""
    there, back = (
        Transformer.from_crs(*ends, always_xy=True) for ends in (("EPSG:4490", METRIC), (METRIC, "EPSG:4490"))
    )

    def move(lonlat: Floats) -> Floats:
        x, y = there.transform(*lonlat.T)
        return np.column_stack(back.transform(x + shift(k)[0], y + shift(k)[1]))

    return move


def _renamed(cells: Sequence[object], headers: Sequence[str], k: int) -> list[object]:
    """A row of copy k: its ids and names with the copy's number."""
    return [f"{cell}-{k + 1}" if k and header in NAMED else cell for header, cell in zip(headers, cells, strict=True)]


def _placed(rows: Sequence[Sequence[object]], headers: Sequence[str], copies: int) -> Iterator[list[object]]:
    """Rows with 经度 and 纬度, for every copy."""
    lon, lat = headers.index("经度"), headers.index("纬度")
    lonlat = np.array([[row[lon], row[lat]] for row in rows], dtype=np.float64)
    for k in range(copies):
        for row, place in zip(rows, _moved(k)(lonlat).tolist(), strict=True):
            own = _renamed(row, headers, k)
            own[lon], own[lat] = (round(degree, 7) for degree in place)
            yield own


def _villages(sample: Path, copies: int) -> str:
    table = list(csv.reader((sample / "villages_synthetic.csv").read_text(encoding="utf-8-sig").splitlines()))
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([table[0], *_placed(table[1:], table[0], copies)])
    return text.getvalue()


def _write_schools(sample: Path, out: Path, copies: int) -> None:
    old = openpyxl.load_workbook(sample / "schools_synthetic.xlsx").active
    headers, *rows = [list(row) for row in old.iter_rows(values_only=True)]
    book = openpyxl.Workbook()
    book.active.append(headers)
    for row in _placed(rows, headers, copies):
        book.active.append(row)
    book.save(out / "schools_synthetic.xlsx")


def _write_roads(sample: Path, out: Path, copies: int) -> None:
    nodes, lonlat, ways = list[int](), list[tuple[float, float]](), list[tuple[int, list[int], dict[str, str]]]()
    for one in osmium.FileProcessor(sample / "roads_synthetic.osm.pbf"):
        if isinstance(one, osmium.osm.Node):
            nodes.append(one.id)
            lonlat.append((one.location.lon, one.location.lat))
        elif isinstance(one, osmium.osm.Way):
            ways.append((one.id, [node.ref for node in one.nodes], dict(one.tags)))
    span, way_span = max(nodes), max(number for number, _, _ in ways)
    with osmium.SimpleWriter(str(out / "roads_synthetic.osm.pbf"), overwrite=True) as file:
        for k in range(copies):
            for number, place in zip(nodes, _moved(k)(np.array(lonlat)).tolist(), strict=True):
                file.add_node(osmium.osm.mutable.Node(id=number + k * span, location=tuple(place)))
        for k in range(copies):
            for number, its, tags in ways:
                own = [node + k * span for node in its]
                file.add_way(osmium.osm.mutable.Way(id=number + k * way_span, nodes=own, tags=tags))


def _write_population(sample: Path, out: Path, copies: int) -> None:
    with rasterio.open(sample / "population_synthetic.tif") as raster:
        people, profile, ground = raster.read(1), raster.profile, raster.transform
    cell = ground.a
    places = [(round(shift(k)[0] / cell), round(shift(k)[1] / cell)) for k in range(copies)]
    west, north = min(east for east, _ in places), max(up for _, up in places)
    height, width = people.shape
    whole = np.zeros((height + north, width - west), dtype=people.dtype)
    for east, up in places:
        whole[north - up : north - up + height, east - west : east - west + width] += people
    corner = Affine(cell, 0.0, ground.c + west * cell, 0.0, -cell, ground.f + north * cell)
    sizes = {"width": whole.shape[1], "height": whole.shape[0], "transform": corner}
    profile = {key: value for key, value in profile.items() if not key.startswith("block")}
    with rasterio.open(out / "population_synthetic.tif", "w", **{**profile, **sizes}) as raster:
        raster.write(whole, 1)


def _write_features(old: Path, new: Path, copies: int) -> None:
    layer = json.loads(old.read_text(encoding="utf-8"))
    features = layer["features"]
    layer["features"] = [
        {**one, "geometry": {**one["geometry"], "coordinates": _moved_deep(one["geometry"]["coordinates"], _moved(k))}}
        for k in range(copies)
        for one in features
    ]
    new.write_text(json.dumps(layer, ensure_ascii=False), encoding="utf-8")


def _moved_deep(coordinates: list[object], move: Move) -> list[object]:
    """Nested lists of places, moved."""
    if isinstance(coordinates[0], int | float):
        return list(move(np.array([coordinates[:2]], dtype=np.float64))[0].tolist())
    if isinstance(coordinates[0], list) and isinstance(coordinates[0][0], int | float):
        return list(move(np.array(coordinates, dtype=np.float64)[:, :2]).tolist())
    return [_moved_deep(one, move) for one in coordinates if isinstance(one, list)]
