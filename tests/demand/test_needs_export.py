"""What the years ahead need, as files."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import openpyxl
from small_place import area, births, book, estates, project
from test_needs import plan

from siting.demand.ahead import looked_ahead
from siting.export import Result, see_ahead, write_needs
from siting.export.fill_rates import fill_rate_tables
from siting.export.needs import YearsAhead


def seen(folder: Path) -> YearsAhead:
    file = folder / "study.toml"
    file.write_text('[study]\nname = "小县"\n', encoding="utf-8")
    asked = replace(project(year=2027), file=file)
    place, faults = looked_ahead(area(births=births(), estates=estates()), asked)
    assert not faults
    return see_ahead(place, asked, book(), plan())


def test_a_folder_with_workbook_lines_and_manifest(tmp_path: Path) -> None:
    ahead, out = seen(tmp_path), tmp_path / "out"
    write_needs(ahead, out)
    write_needs(ahead, out)
    assert sorted(file.name for file in out.iterdir()) == ["manifest.json", "needs.csv", "needs.xlsx"]
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["forecast"]["year"] == 2027
    book_ = openpyxl.load_workbook(out / "needs.xlsx")
    assert book_.sheetnames == [
        "说明", "附表2 学龄人口预测", "附表3 学位供需平衡", "附表7 新建小区配套", "学校使用率", "指标", "责任单位",
    ]  # fmt: skip
    assert any("规划年 2027" in str(cell.value) for cell in book_["说明"]["B"])


def test_the_lines_say_what_the_table_says(tmp_path: Path) -> None:
    """T1 in 2025: 180 children, 165.6 pupils, 180 seats needed, 90 there, 90 lacking: 3 classes."""
    ahead, out = seen(tmp_path), tmp_path / "out"
    write_needs(ahead, out)
    with (out / "needs.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2 * 16
    assert rows[0] == {
        "序号": "1",
        "片区": "T1",
        "学段": "幼儿园",
        "年份": "2025",
        "适龄人口（人）": "180.0",
        "入学（园）率": "0.92",
        "学生数（人）": "165.6",
        "需求学位（个）": "180.0",
        "现有学位（个）": "90.0",
        "缺口（个）": "90.0",
        "富余（个）": "0.0",
        "需增班数（班）": "3.0",
    }


def test_the_plans_workbook_gains_a_sheet_only_where_the_study_looks_ahead(tmp_path: Path) -> None:
    ahead = seen(tmp_path)
    result = Result(plan(), ahead.area, ahead.project, ahead.book, (), 1.0)
    (table,) = fill_rate_tables(result)
    assert table.tab == "学校使用率"
    assert table.rows[0][1:4] == ("NB", "农村幼儿园", "新建")
    assert fill_rate_tables(replace(result, area=area())) == ()
