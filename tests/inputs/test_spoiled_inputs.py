"""One fault each, and what the planner is told: file, rows by name, value, limit, way out."""

from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
from county import ROADS, SCHOOLS, STUDY, VILLAGES, area_of, read, said, write_county
from shapely import LineString

BEFORE = {"villages": VILLAGES, "schools": SCHOOLS, "study": STUDY}

SPOILED = [
    pytest.param(
        "villages",
        ("139001100202,乙村", "139001100201,乙村"),
        "villages.csv: 4 行中 2 行的代码重复：甲村 (139001100201)、乙村 (139001100201)。 请更正，每行一个。",
        "villages.csv: 2 of 4 rows share a code: 甲村 (139001100201), 乙村 (139001100201). Give each row its own.",
        id="villages_two_same_ids",
    ),
    pytest.param(
        "villages",
        (",1234,", ",-1234,"),
        "villages.csv: 4 行中 1 行的常住人口为负：甲村 (-1234)。 请改为 0 或正数；没有统计的留空。",
        "villages.csv: 1 of 4 rows have negative residents: 甲村 (-1234). "
        "Write 0 or more; leave blank what nobody counted.",
        id="villages_negative_residents",
    ),
    pytest.param(
        "villages",
        (",1234,", ",约300,"),
        "villages.csv: 4 行中 1 行的常住人口不是数：甲村 (约300)。 请改为数字；没有统计的留空。",
        "villages.csv: 1 of 4 rows have residents that are no number: 甲村 (约300). "
        "Write numbers; leave blank what nobody counted.",
        id="villages_residents_in_words",
    ),
    pytest.param(
        "villages",
        (",220,114.95", ",成区,114.95"),
        "villages.csv: 4 行中 1 行的城乡分类不认识：甲村 (成区)。 可用：城区、镇区、乡村（或统计代码 111、220 等）。",
        "villages.csv: 1 of 4 rows have an unknown urban or rural class: 甲村 (成区). Known here: city, town, rural",
        id="villages_unknown_urban_class",
    ),
    pytest.param(
        "villages",
        ("114.95,38.50", ","),
        "villages.csv: 4 行中 1 行没有坐标：甲村。 请补填坐标，或删去这些行。",
        "villages.csv: 1 of 4 rows have no coordinates: 甲村. Fill them in, or remove the rows.",
        id="villages_without_coordinates",
    ),
    pytest.param(
        "villages",
        (",甲村,", ",,"),
        "villages.csv: 4 行中 1 行没有名称：139001100201。 请补填名称。",
        "villages.csv: 1 of 4 rows have no name: 139001100201. Fill it in.",
        id="villages_without_name",
    ),
    pytest.param(
        "villages",
        ("139001100201,甲村,留早镇", "A1,甲村,"),
        "villages.csv: 4 行中 1 行没有所在乡镇（街道）：甲村。 请补填乡镇名称或代码；合并的单元格请拆分填满。",
        "villages.csv: 1 of 4 rows have no township: 甲村. Fill in its name or code, merged cells too.",
        id="villages_without_township",
    ),
    pytest.param(
        "villages",
        ("139001100201", "1.39001E+11"),
        "villages.csv: 4 行中 1 行的代码成了科学计数（如 1.39001E+11）：甲村。 "
        "末几位已经丢失：请从原始数据把该列设为文本格式后重新导出。",
        "villages.csv: 1 of 4 rows have codes rounded by a spreadsheet: 甲村. The last digits are gone:",
        id="villages_codes_rounded_by_a_spreadsheet",
    ),
    pytest.param(
        "villages",
        ("常住人口（人）", "居民"),
        "villages.csv: 没有常住人口列；表头有：村代码、村名、所属乡镇、居民、城乡分类、经度、纬度。",
        'or write columns = { residents = "header" } in [layers.villages].',
        id="villages_without_residents",
    ),
    pytest.param(
        "villages",
        ("村名", "村名,村名"),
        "villages.csv: 表头重复：村名。 请改名或删去多余的列。",
        "villages.csv: has the same header twice: 村名.",
        id="villages_header_twice",
    ),
    pytest.param(
        "villages",
        ("38.50\n", "38.50,7\n"),
        "villages.csv: 4 行中 2 行的格数多于表头的 7 列，行号：2、3。",
        "villages.csv: 2 of 4 rows have more cells than the header's 7: lines 2, 3.",
        id="villages_a_comma_too_many",
    ),
    pytest.param(
        "villages",
        (",1234,", ",,"),
        "villages.csv: 4 个村（社区）中 1 个既无常住人口，也无人口格网：甲村。 请补填常住人口；确无人居住的填 0。",
        "1 of 4 units have neither a count nor populated cells: 甲村.",
        id="villages_nobody_counted",
    ),
    pytest.param(
        "schools",
        ("114.951,38.501", "115.951,38.501"),
        "schools.csv: 2 行中 1 个学校距各村（社区）超过 5000 m：甲村幼儿园 (829",
        "Correct the coordinates or `crs`, or remove what is not in the county.",
        id="schools_outside_every_unit",
    ),
    pytest.param(
        "schools",
        ("公办,3,", "公办,-3,"),
        "schools.csv: 2 行中 1 行的班数为负：甲村幼儿园 (-3)。",
        "schools.csv: 1 of 2 rows have negative classes: 甲村幼儿园 (-3).",
        id="schools_negative_classes",
    ),
    pytest.param(
        "schools",
        ("小学,公办", "小学,公伴"),
        "schools.csv: 2 行中 1 行的办学性质不认识：东街小学 (公伴)。",
        "schools.csv: 1 of 2 rows have an unknown operator: 东街小学 (公伴).",
        id="schools_unknown_operator",
    ),
    pytest.param(
        "schools",
        ("02,东街小学,小学", "01,甲村幼儿园,幼儿园"),
        "schools.csv: 2 行中 2 行的代码和学段重复：甲村幼儿园 (01)",
        "schools.csv: 2 of 2 rows share an id and a tier:",
        id="schools_twice",
    ),
    pytest.param(
        "study",
        ('"schools.csv"\ncrs = "cgcs2000"', '"schools.csv"'),
        "study.toml: [layers.schools] 缺少 crs。 请写 wgs84、cgcs2000、gcj02（高德、腾讯）、bd09（百度）或 EPSG 代码",
        "study.toml: [layers.schools] `crs` is missing. Write wgs84, cgcs2000, gcj02 (Amap, Tencent), bd09 (Baidu)",
        id="study_layer_without_crs",
    ),
    pytest.param(
        "study",
        ('"schools.csv"\ncrs = "cgcs2000"', '"schools.csv"\ncrs = "EPSG:4547"'),
        "schools.csv: 2 行中 2 行的坐标不在 EPSG:4547 的范围",
        "甲村幼儿园 (114.951, 38.501), 东街小学 (115.001, 38.521). These are degrees; state wgs84,",
        id="study_degrees_called_metres",
    ),
]


@pytest.mark.parametrize(("part", "change", "zh", "en"), SPOILED)
def test_spoiled_inputs(tmp_path: Path, part: str, change: tuple[str, str], zh: str, en: str) -> None:
    assert change[0] in BEFORE[part]
    study = write_county(tmp_path, **{part: BEFORE[part].replace(*change)})
    found_zh, found_en = said(study)
    assert zh in found_zh
    assert en in found_en
    assert len(read(study)[1]) == 1  # one fault is said once


def test_more_children_than_residents(tmp_path: Path) -> None:
    """20 + 90 = 110 children among 100 people."""
    villages = "村名,乡镇,人口,城乡,3-5岁,6-11岁,lon,lat\n甲,留早镇,100,乡村,20,90,114.95,38.5\n"
    zh, en = said(
        write_county(tmp_path, villages, SCHOOLS.splitlines()[0] + "\n01,甲园,幼儿园,公办,3,,,,114.95,38.5\n")
    )
    assert zh == "villages.csv: 1 行中 1 行的适龄儿童多于常住人口：甲 (110 > 100)。 请核对两列。"
    assert en == "villages.csv: 1 of 1 rows have more children than residents: 甲 (110 > 100). Check both columns."


def test_boundary_that_is_a_line(tmp_path: Path) -> None:
    line = gpd.GeoDataFrame(geometry=[LineString([(114.9, 38.4), (115.1, 38.6)])], crs=4490)
    pyogrio.write_dataframe(line, tmp_path / "b.geojson")
    study = f'{STUDY}[layers.boundary]\nfile = "b.geojson"\ncrs = "cgcs2000"\n'
    zh, en = said(write_county(tmp_path, study=study))
    assert zh == "b.geojson: 1 行中没有一个面。 范围须为面图层。"
    assert en == "b.geojson: holds no polygon in its 1 rows. An outline has to be a layer of polygons."


def test_every_fault_of_every_file_in_one_go(tmp_path: Path) -> None:
    """One in the study file, one in the villages, two in the schools, one in the roads."""
    study = write_county(
        tmp_path,
        VILLAGES.replace(",1234,", ",-1,"),
        SCHOOLS.replace("公办,3,", "公伴,-3,"),
        STUDY + "[limits]\nsnap_limit = 5\n",
        roads_geojson=str(ROADS).replace("'", '"').replace("residential", "motorway"),
    )
    _, faults = read(study)
    assert [fault.file for fault in faults] == [
        "study.toml",
        "villages.csv",
        "schools.csv",
        "schools.csv",
        "roads.geojson",
    ]
    assert area_of(write_county(tmp_path)).name == "小县"
