"""A county of four villages as files: what a planner would put into a folder, and what comes out of it."""

from __future__ import annotations

import json
from pathlib import Path

from siting.errors import Fault
from siting.inputs.reader import read_area
from siting.project_file import load_project
from siting.study import StudyArea

VILLAGES = """村代码,村名,所属乡镇,常住人口（人）,城乡分类,经度,纬度
139001100201,甲村,留早镇,1234,220,114.95,38.50
139001100202,乙村,留早镇,2000,220,114.97,38.50
139001101201,丙村,清风店镇,900,121,114.99,38.51
139001001001,东街社区,南城区街道,5000,111,115.00,38.52
"""
SCHOOLS = """学校代码,学校名称,学段,办学性质,现状班数（班）,在校生数,核定学位,可扩至班数,经度,纬度
01,甲村幼儿园,幼儿园,公办,3,60,90,6,114.951,38.501
02,东街小学,小学,公办,18,700,810,,115.001,38.521
"""
ROADS = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"highway": "residential"},
            "geometry": {"type": "LineString", "coordinates": [[114.95, 38.5], [114.97, 38.5], [115.0, 38.52]]},
        }
    ],
}
STUDY = """
[study]
name = "小县"
rulebook = "dingzhou-2021"
crs = "EPSG:4547"

[layers.villages]
file = "villages.csv"
crs = "cgcs2000"

[layers.schools]
file = "schools.csv"
crs = "cgcs2000"

[layers.roads]
file = "roads.geojson"
crs = "wgs84"

[[programme]]
tier = "kindergarten"
area = "rural"
"""


def write_county(
    folder: Path, villages: str = VILLAGES, schools: str = SCHOOLS, study: str = STUDY, **files: str
) -> Path:
    """The study file of a county in a folder; any part may be given anew, and more files by name with _ for the dot."""
    folder.mkdir(exist_ok=True)
    contents = {"villages.csv": villages, "schools.csv": schools, "study.toml": study}
    contents |= {"roads.geojson": json.dumps(ROADS)}
    contents |= {".".join(name.rsplit("_", 1)): text for name, text in files.items()}
    for name, text in contents.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "study.toml"


def read(study: Path) -> tuple[StudyArea | None, tuple[Fault, ...]]:
    project, faults = load_project(study)
    if project is None:
        return None, faults
    area, more = read_area(project)
    return area, (*faults, *more)


def area_of(study: Path) -> StudyArea:
    area, faults = read(study)
    assert not faults, [fault.said_in("en") for fault in faults]
    assert area is not None
    return area


def said(study: Path) -> tuple[str, str]:
    """Every fault in Chinese and in English; there must be one, and no area."""
    area, faults = read(study)
    assert area is None
    assert faults
    return "\n".join(fault.said_in("zh") for fault in faults), "\n".join(fault.said_in("en") for fault in faults)


def remarks_of(area: StudyArea) -> str:
    return "\n".join(f"{remark.file}: {remark.what.en} {remark.what.zh}" for remark in area.remarks)
