"""The sample as files: the same bytes from the same numbers."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import openpyxl
import rasterio
from rasterio.transform import from_origin

from sample.births import Births
from sample.facts import CRS, degrees
from sample.layers import Features, as_geojson
from sample.people import County, Grid
from sample.places import CELL_M
from sample.schools import School

VILLAGE_HEADERS = (
    *("代码", "名称", "乡镇代码", "乡镇", "城乡", "类型", "规划单元"),
    *("常住人口", "3-5岁", "6-11岁", "12-14岁", "经度", "纬度"),
)
BIRTH_HEADERS = ("乡镇代码", "乡镇", "年份", "出生人数")
SCHOOL_HEADERS = (
    *("学校代码", "学校名称", "学段", "办学性质", "班数", "学位", "在校生数", "可扩至班数", "开办年份"),
    *("经度", "纬度"),
)

_SOME_DAY = (2021, 10, 10, 0, 0, 0)


def village_table(county: County) -> str:
    """villages_synthetic.csv: one line per village or community, in the order of the codes."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(VILLAGE_HEADERS)
    table.writerows(_village_rows(county))
    return text.getvalue()


def _village_rows(county: County) -> Iterable[Sequence[object]]:
    places = degrees(county.seats).tolist()
    for at, unit in enumerate(county.facts.units):
        township = county.facts.townships[unit.township]
        planning = f"{township}区" if county.area[at] == "镇区" else township
        kind = "community" if unit.is_community else "village"
        yield (
            *(unit.code, unit.name, unit.township, township, county.area[at], kind, planning),
            *(int(county.residents[at]), *county.children[at].tolist()),
            *(f"{degree:.6f}" for degree in places[at]),
        )


def write_villages(file: Path, county: County) -> None:
    """The table as spreadsheets in China open it: UTF-8 with a byte order mark."""
    file.write_bytes(village_table(county).encode("utf-8-sig"))


def births_table(county: County, births: Births) -> str:
    """births_synthetic.csv: one line per township and year, in the order of the codes."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(BIRTH_HEADERS)
    for at, (code, name) in enumerate(county.facts.townships.items()):
        table.writerows(
            (code, name, births.first_year + ahead, count) for ahead, count in enumerate(births.count[at].tolist())
        )
    return text.getvalue()


def write_births(file: Path, county: County, births: Births) -> None:
    """The table as spreadsheets in China open it."""
    file.write_bytes(births_table(county, births).encode("utf-8-sig"))


def write_schools(file: Path, schools: Sequence[School]) -> None:
    """The schools as one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "学校（合成）"
    sheet.append(SCHOOL_HEADERS)
    for one, (lon, lat) in zip(schools, degrees(np.array([one.place for one in schools])).tolist(), strict=True):
        said = (one.code, one.name, one.tier, one.operator, one.classes, one.seats, one.enrolment, one.max_classes)
        sheet.append((*said, one.opened_year, lon, lat))
    packed = io.BytesIO()
    book.save(packed)
    file.write_bytes(_undated(packed))


def _undated(packed: io.BytesIO) -> bytes:
    """A workbook without the time it was saved."""
    plain = io.BytesIO()
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(plain, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2021-10-10T00:00:00Z", old.read(name))
            new.writestr(zipfile.ZipInfo(name, _SOME_DAY), data, zipfile.ZIP_DEFLATED)
    return plain.getvalue()


def write_grid(file: Path, grid: Grid) -> None:
    """People per 100 m cell as GeoTIFF, 0 where nobody lives."""
    west, south = np.floor(grid.xy.min(axis=0) / CELL_M) * CELL_M
    east, north = np.ceil(grid.xy.max(axis=0) / CELL_M) * CELL_M
    people = np.zeros((round((north - south) / CELL_M), round((east - west) / CELL_M)), dtype=np.float32)
    row, column = ((north - grid.xy[:, 1]) // CELL_M).astype(int), ((grid.xy[:, 0] - west) // CELL_M).astype(int)
    people[row, column] = grid.people
    profile = {
        **{"driver": "GTiff", "width": people.shape[1], "height": people.shape[0], "count": 1, "dtype": "float32"},
        **{"crs": CRS, "transform": from_origin(west, north, CELL_M, CELL_M), "nodata": 0.0, "compress": "deflate"},
    }
    with rasterio.open(file, "w", **profile) as raster:
        raster.write(people, 1)
        raster.update_tags(notice="合成数据 synthetic")


def write_features(file: Path, features: Features) -> None:
    """A layer as GeoJSON in CGCS2000 degrees."""
    text = json.dumps(as_geojson(features), ensure_ascii=False, separators=(",", ":"))
    file.write_text(text + "\n", encoding="utf-8")
