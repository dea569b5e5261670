from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import small_county
from openpyxl.worksheet.worksheet import Worksheet

from siting.export import Result
from siting.export.tables import UNIT_NAMES
from siting.export.workbook import write_workbook
from siting.rules.kinds import KINDS
from siting.words import Phrase


@pytest.fixture
def result(tmp_path: Path) -> Result:
    checks = (small_county.check(True, "should"), small_county.check(None), small_county.check())
    return Result(
        small_county.plan(),
        small_county.study_area(),
        small_county.project(tmp_path),
        small_county.book(),
        checks,
        seconds=1.5,
    )


def _sheet(result: Result, folder: Path, tab: str) -> Worksheet:
    write_workbook(result, folder)
    return openpyxl.load_workbook(folder / "plan.xlsx")[tab]


def _rows(sheet: Worksheet) -> list[dict[str, object]]:
    headers = [str(cell.value).replace("\n", "") for cell in sheet[3]]
    return [dict(zip(headers, values, strict=True)) for values in sheet.iter_rows(min_row=4, values_only=True)]


def test_tabs_are_the_bureaus_annexes(result: Result, tmp_path: Path) -> None:
    write_workbook(result, tmp_path)
    assert openpyxl.load_workbook(tmp_path / "plan.xlsx").sheetnames == [
        "说明", "附表1 现状学校", "附表4 规划学校", "附表6 服务覆盖评价", "附表8 学区划分",
        "阶段与证明", "核查", "缺口与出路", "指标", "责任单位",
    ]  # fmt: skip


def test_planned_schools_list_new_builds_first_and_add_up(result: Result, tmp_path: Path) -> None:
    *rows, total = _rows(_sheet(result, tmp_path, "附表4 规划学校"))
    assert [row["建设性质"] for row in rows] == ["新建", "扩建", "保留"]
    assert rows[0]["服务范围"] == "第1村、第2村、第3村"
    assert rows[0]["责任单位"] == "市教育局、各乡镇（街道）"
    assert rows[0]["服务半径（m）"] == 1500
    assert (total["序号"], total["服务人口（人）"], total["办学规模（班）"]) == ("合计", 10800, 15)


def test_added_seats_are_blank_where_nobody_counted_the_old_ones(result: Result, tmp_path: Path) -> None:
    rows = _rows(_sheet(result, tmp_path, "附表4 规划学校"))
    # new: 6 classes x 30 = 180; extended: old seats unknown; kept: none added; the total counts what is known
    assert [row["新增学位（个）"] for row in rows] == [180, None, 0, 180]


def test_coverage_gives_road_and_straight_distance(result: Result, tmp_path: Path) -> None:
    *rows, total = _rows(_sheet(result, tmp_path, "附表6 服务覆盖评价"))
    last = rows[-1]
    assert (last["行政村（社区）"], last["至分配学校路程（m）"], last["至分配学校直线（m）"]) == ("第7村", 2000, 2000)
    assert [row["是否覆盖"] for row in rows] == ["是"] * 7 + ["否"]
    assert total["未覆盖人口（人）"] == 1700


def test_a_half_covered_village_says_so(result: Result, tmp_path: Path) -> None:
    part = result.plan.parts[0]
    half = replace(part.assignments[0], covered=400.0)
    plan = replace(result.plan, parts=(replace(part, assignments=(half, *part.assignments[1:])),))
    rows = _rows(_sheet(replace(result, plan=plan), tmp_path, "附表6 服务覆盖评价"))
    assert rows[0]["是否覆盖"] == "部分"


def test_no_road_is_written_in_words(result: Result, tmp_path: Path) -> None:
    part = result.plan.parts[0]
    cut_off = replace(part.assignments[-1], metres=float("inf"))
    plan = replace(result.plan, parts=(replace(part, assignments=(*part.assignments[:-1], cut_off)),))
    rows = _rows(_sheet(replace(result, plan=plan), tmp_path, "附表6 服务覆盖评价"))
    assert rows[-2]["至分配学校路程（m）"] == "无路可达"


def test_catchments_give_the_fill_of_each_school(result: Result, tmp_path: Path) -> None:
    rows = {row["学校"]: row for row in _rows(_sheet(result, tmp_path, "附表8 学区划分"))}
    # N2 takes villages 1-3 with 21 + 22 + 23 = 66 children in 180 seats
    assert rows["第2村幼儿园"]["利用率"] == pytest.approx(66 / 180)


def test_stages_say_what_is_proved(result: Result, tmp_path: Path) -> None:
    rows = _rows(_sheet(result, tmp_path, "阶段与证明"))
    assert rows[0]["说明"] == "1,700 人，已证明没有更少的方案。"
    assert rows[2]["说明"] == "9,000 人·公里；任何方案都不会少于 8,910 人·公里，差距 1.00%。"
    assert [row["状态"] for row in rows] == ["已证明最优", "已证明最优", "提前停止"]


def test_broken_rules_come_first(result: Result, tmp_path: Path) -> None:
    rows = _rows(_sheet(result, tmp_path, "核查"))
    assert [row["结论"] for row in rows] == ["不符合", "未核查", "符合"]
    assert rows[0]["条文"] == "农村幼儿园服务半径1.5公里"


def test_shortfalls_are_told(result: Result, tmp_path: Path) -> None:
    rows = _rows(_sheet(result, tmp_path, "缺口与出路"))
    assert rows[0]["缺口与出路"] == "第7村 1700 人在 1.5 公里以外。"


@pytest.mark.parametrize("name", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)"])
def test_a_name_that_looks_like_a_formula_stays_text(result: Result, tmp_path: Path, name: str) -> None:
    part = result.plan.parts[0]
    sites = tuple(replace(site, name=name) for site in part.sites)
    plan = replace(result.plan, parts=(replace(part, sites=sites),))
    cell = _sheet(replace(result, plan=plan), tmp_path, "附表4 规划学校")["B4"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (name, "s", True)


def test_control_characters_are_dropped(result: Result, tmp_path: Path) -> None:
    part = replace(result.plan.parts[0], shortfalls=(Phrase("甲\x07村", "village"),))
    sheet = _sheet(replace(result, plan=replace(result.plan, parts=(part,))), tmp_path, "缺口与出路")
    assert sheet["C4"].value == "甲村"


def test_every_table_prints_in_landscape_with_its_header_on_every_page(result: Result, tmp_path: Path) -> None:
    """The schools as they stand, of 23 columns, on A3 (8), all others on A4 (9)."""
    write_workbook(result, tmp_path)
    for sheet in openpyxl.load_workbook(tmp_path / "plan.xlsx").worksheets[1:]:
        paper = 8 if sheet.title == "附表1 现状学校" else 9
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", paper)
        assert sheet.page_setup.fitToWidth == 1
        assert sheet.print_title_rows == "$3:$3"
        assert sheet.freeze_panes == "C4"


def test_synthetic_data_is_named_on_every_sheet(result: Result, tmp_path: Path) -> None:
    write_workbook(result, tmp_path)
    cover, *others = openpyxl.load_workbook(tmp_path / "plan.xlsx").worksheets
    assert "合成数据，仅供演示" in [cell.value for cell in cover["B"]]
    assert all("合成数据" in sheet["A1"].value for sheet in others)


def test_the_form_asks_who_filled_it_and_when(result: Result, tmp_path: Path) -> None:
    text = _sheet(result, tmp_path, "附表1 现状学校")["A2"].value
    assert text.startswith("填表单位：")
    assert "填表时间：" in text


def test_every_unit_a_rule_may_have_is_said_in_chinese() -> None:
    assert {unit for kind in KINDS.values() for unit in kind.units} == UNIT_NAMES.keys()


def test_the_title_of_the_cover_has_its_line_to_itself(result: Result, tmp_path: Path) -> None:
    cover = _sheet(result, tmp_path, "说明")
    assert cover["A1"].value == "小县　学校布局方案"
    assert cover["B1"].value is None
    assert not cover["A1"].alignment.wrap_text


def test_a_village_whose_every_block_is_served_is_named_once(result: Result, tmp_path: Path) -> None:
    """Villages 1 and 2 are blocks of one community, both with N2; 4 and 0 of another, with S5 and S0."""
    units = result.area.units
    names, part_of, kind = list(units.name), list(units.part_of), list(units.kind)
    for village, block in ((1, "甲社区·01"), (2, "甲社区·02"), (4, "乙社区·01"), (0, "乙社区·02")):
        names[village], kind[village] = block, "block"
        part_of[village] = block[:1]
    divided = replace(units, name=tuple(names), part_of=tuple(part_of), kind=tuple(kind))
    rows = _rows(_sheet(replace(result, area=replace(result.area, units=divided)), tmp_path, "附表4 规划学校"))
    assert [row["服务范围"] for row in rows[:2]] == ["甲社区、第3村", "乙社区·01、第5村、第6村、第7村"]
    rows = _rows(openpyxl.load_workbook(tmp_path / "plan.xlsx")["附表1 现状学校"])
    assert [row["所在村（社区）"] for row in rows[:2]] == ["乙社区", "第5村"]
