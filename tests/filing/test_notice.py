"""The enrolment notice of the six villages, and last year's catchments read back from it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import six_villages
from filed_villages import filed_villages
from shapely import box
from six_villages import X0, Y0

from siting.errors import InputError
from siting.filing.dossier import Dossier
from siting.filing.notice import write_notice
from siting.inputs.last_year import read_last_year
from siting.study import Units


@pytest.fixture
def units() -> Units:
    return six_villages.study_area().units


def _rows(dossier: Dossier, folder: Path, tab: str) -> list[dict[str, object]]:
    write_notice(dossier, folder)
    sheet = openpyxl.load_workbook(folder / "招生简章.xlsx")[tab]
    headers = [str(cell.value).replace("\n", "") for cell in sheet[3]]
    return [dict(zip(headers, values, strict=True)) for values in sheet.iter_rows(min_row=4, values_only=True)]


def _since(last: dict[str, str]) -> Dossier:
    dossier = filed_villages()
    return replace(dossier, settings=replace(dossier.settings, last_year={"kindergarten": last}))


def test_every_school_with_its_villages(tmp_path: Path) -> None:
    rows = {row["学校"]: row for row in _rows(filed_villages(), tmp_path, "招生服务区")}
    assert {name: rows[name]["服务村"] for name in ("S1", "N4", "S5")} == {
        "S1": "V0、V1、V2",
        "N4": "V3、V4",
        "S5": "V5",
    }
    assert rows["N4"]["适龄人口（人）"] == pytest.approx(65.1)
    assert rows["N4"]["学位（个）"] == 90
    assert rows["N4"]["比上年划入"] is None
    sheets = openpyxl.load_workbook(tmp_path / "招生简章.xlsx").sheetnames
    assert sheets == ["说明", "招生服务区", "各村学校"]


def test_gains_and_losses_name_school_and_people(tmp_path: Path) -> None:
    """Last year V3 (1200 people, 25 children) went to S5, everybody else where they go now; C6 is in no programme."""
    rows = {row["学校"]: row for row in _rows(_since({"V3": "S5", "V4": "N4", "V5": "S5"}), tmp_path, "招生服务区")}
    assert rows["N4"]["比上年划入"] == "自S5：V3（1,200 人，适龄 25 人）"
    assert rows["S5"]["比上年划出"] == "至N4：V3（1,200 人，适龄 25 人）"
    assert (rows["S1"]["比上年划入"], rows["S1"]["比上年划出"]) == ("无", "无")
    (move, total) = _rows(_since({"V3": "S5", "V4": "N4"}), tmp_path, "与上年相比")
    assert (move["村（社区）"], move["上年学校"], move["本年学校"], move["涉及常住人口（人）"]) == (
        "V3",
        "S5",
        "N4",
        1200,
    )
    assert total["涉及常住人口（人）"] == 1200


def test_a_school_that_is_gone_is_named_as_last_years(tmp_path: Path) -> None:
    rows = {row["学校"]: row for row in _rows(_since({"V0": "旧园"}), tmp_path, "招生服务区")}
    assert rows["S1"]["比上年划入"] == "自旧园：V0（1,000 人，适龄 21 人）"


def test_estates_are_named_where_they_lie(tmp_path: Path) -> None:
    dossier = filed_villages()
    estates = gpd.GeoDataFrame({"name": ["锦绣园"]}, geometry=[box(X0 + 3950, Y0, X0 + 4050, Y0 + 80)], crs="EPSG:4547")
    area = replace(dossier.result.area, estates=estates)
    rows = _rows(replace(dossier, result=replace(dossier.result, area=area)), tmp_path, "招生服务区")
    assert {row["学校"]: row["小区"] for row in rows[:3]} == {"S1": None, "N4": "锦绣园", "S5": None}


def test_blocks_of_a_community_are_named_once_where_all_go_to_one_school(tmp_path: Path) -> None:
    """V3 and V4 are blocks of one community, V0 and V5 of another, of which each goes elsewhere."""
    dossier = filed_villages()
    units = dossier.result.area.units
    blocks = {"V3": "甲社区·01", "V4": "甲社区·02", "V0": "乙社区·01", "V5": "乙社区·02"}
    divided = replace(
        units,
        name=tuple(blocks.get(unit, unit) for unit in units.id),
        part_of=tuple(blocks.get(unit, unit)[:1] if unit in blocks else unit for unit in units.id),
        kind=tuple("block" if unit in blocks else kind for unit, kind in zip(units.id, units.kind, strict=True)),
    )
    area = replace(dossier.result.area, units=divided)
    rows = _rows(replace(dossier, result=replace(dossier.result, area=area)), tmp_path, "招生服务区")
    assert {row["学校"]: (row["服务村"], row["服务社区"]) for row in rows[:3]} == {
        "S1": ("V1、V2", "乙社区·01"), "N4": (None, "甲社区"), "S5": (None, "乙社区·02"),
    }  # fmt: skip


def test_english(tmp_path: Path) -> None:
    write_notice(filed_villages("en"), tmp_path)
    book = openpyxl.load_workbook(tmp_path / "enrolment_notice.xlsx")
    texts = [cell.value for sheet in book.worksheets for row in sheet for cell in row if isinstance(cell.value, str)]
    left = [text for text in texts if any("一" <= sign <= "鿿" for sign in text)]
    assert {text.replace("六村", "").replace("留早镇", "") for text in left} <= {"", ": enrolment notice"}


# --- last year's catchments --------------------------------------------------------------------------------------


def test_a_notice_is_next_years_last_year(units: Units, tmp_path: Path) -> None:
    dossier = filed_villages()
    write_notice(dossier, tmp_path)
    last = read_last_year(tmp_path / "招生简章.xlsx", units)
    assert last == {"kindergarten": {"V0": "S1", "V1": "S1", "V2": "S1", "V3": "N4", "V4": "N4", "V5": "S5"}}
    again = replace(dossier, settings=replace(dossier.settings, last_year=last))
    assert _rows(again, tmp_path, "与上年相比") == []


def test_a_table_by_name_or_code(units: Units, tmp_path: Path) -> None:
    file = tmp_path / "last.csv"
    file.write_text("村（社区）,学段,学校名称\nV0,幼儿园,S1\nV1,幼儿园,旧园\n", encoding="gbk")
    assert read_last_year(file, units) == {"kindergarten": {"V0": "S1", "V1": "旧园"}}


def test_a_community_stands_for_its_blocks(units: Units, tmp_path: Path) -> None:
    blocks = {"V3": "甲社区·01", "V4": "甲社区·02"}
    divided = replace(
        units,
        name=tuple(blocks.get(unit, unit) for unit in units.id),
        part_of=tuple("K" if unit in blocks else unit for unit in units.id),
        kind=tuple("block" if unit in blocks else kind for unit, kind in zip(units.id, units.kind, strict=True)),
    )
    file = tmp_path / "last.csv"
    file.write_text("代码,村,学段,学校\nK,,小学,A\n,甲社区,幼儿园,B\n,甲社区·01,初中,C\n", encoding="utf-8")
    assert read_last_year(file, divided) == {
        "primary": {"V3": "A", "V4": "A"}, "kindergarten": {"V3": "B", "V4": "B"}, "junior": {"V3": "C"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("村,学段,学校\nV0,幼儿园,S1\nX9,幼儿园,S1\n", r"1 of 2 rows are no units.*X9"),
        ("村,学段,学校\nV0,大学,S1\n", r"unknown tier: V0 \(大学\)"),
        ("村,学段,学校\nV0,幼儿园,S1\nV0,幼儿园,S2\n", r"2 of 2 rows state a unit and tier.*V0, V0"),
        ("村,学段,学校\nV0,幼儿园,\n", r"1 of 1 rows name no school: V0"),
        ("村,学段\nV0,幼儿园\n", r"lacks school; its headers are 村, 学段"),
    ],
)
def test_what_is_wrong_with_a_table_is_said_by_name(units: Units, tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "last.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        read_last_year(file, units)


def test_all_faults_come_in_one_message(units: Units, tmp_path: Path) -> None:
    file = tmp_path / "last.csv"
    file.write_text("村,学段,学校\nX9,幼儿园,S1\nV0,大学,S1\n", encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_last_year(file, units)
    assert len(raised.value.faults) == 2
