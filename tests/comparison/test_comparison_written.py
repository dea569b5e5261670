from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
import two_plans
from openpyxl.worksheet.worksheet import Worksheet
from rich.console import Console

from siting.comparison import compare
from siting.console import comparison_tables, firm
from siting.edge import Edge
from siting.export import COMPARISON_EXPORTERS, Compared, write_comparison
from siting.export.compared import changes_line
from siting.verify.comparison import verify_comparison
from siting.words import Language


def compared(folder: Path, language: Language = "zh") -> Compared:
    base, other = (two_plans.result(made, folder) for made in (two_plans.base(), two_plans.other()))
    return Compared(compare(base, other, ("现方案", "=新小区")), base, other, language)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("compared")
    write_comparison(compared(made), made / "out")
    return made / "out"


@pytest.fixture(scope="module")
def book(folder: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(folder / "comparison.xlsx")


def test_a_comparison_is_written_whole_and_again(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == set(COMPARISON_EXPORTERS)
    write_comparison(compared(folder.parent), folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["files"]) == set(COMPARISON_EXPORTERS) - {"manifest.json"}
    assert manifest["compared"]["base"]["programmes"][0]["programme"] == "kindergarten-rural"


def test_what_is_written_is_verified(folder: Path) -> None:
    text = (folder / "comparison.json").read_text(encoding="utf-8")
    assert all(check.kept for check in verify_comparison(text, two_plans.base(), two_plans.other()))


def _rows(sheet: Worksheet) -> list[dict[str, object]]:
    heads = [str(cell.value).replace("\n", "") for cell in sheet[3]]
    return [dict(zip(heads, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=4)]


def test_every_sheet_has_frozen_heads_filters_and_the_notice(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == [
        "说明", "指标对比", "目标与下界", "公平性", "学校变化", "换校", "可达变化", "最远的村", "单方单元",
    ]  # fmt: skip
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "C4"
        assert sheet.auto_filter.ref
        assert "合成数据" in str(sheet["A1"].value)


def test_measures_stand_in_three_rows_and_all_programmes_below(book: openpyxl.Workbook) -> None:
    rows = _rows(book["指标对比"])
    assert [row["方案"] for row in rows] == ["现方案", "=新小区", "差值"] * 2
    assert [row["新建（所）"] for row in rows[:3]] == [1, 1, 0]
    assert rows[3]["项目类别"] == "全部项目"
    assert rows[2]["新增学位（个）"] == rows[5]["新增学位（个）"] == -45
    share = next(cell for cell in book["指标对比"][3] if cell.value == "覆盖率")
    assert book["指标对比"].cell(4, share.column).number_format == "0.0%"


def test_sums_stand_below_what_moves(book: openpyxl.Workbook) -> None:
    *rows, total = _rows(book["可达变化"])
    assert [row["村、社区"] for row in rows] == ["第7村", "第3村", "第2村"]
    assert (total["项目类别"], total["新进入服务半径（人）"], total["离开服务半径（人）"]) == ("合计", 1700, 2500)
    assert _rows(book["换校"])[-1]["常住人口（人）"] == 1700 + 1600 + 1300 + 1200 + 1100


def test_a_name_that_begins_with_a_sign_stays_text(book: openpyxl.Workbook) -> None:
    cell = book["指标对比"]["B5"]
    assert (cell.value, cell.data_type) == ("=新小区", "s")


def test_english_on_choice(tmp_path: Path) -> None:
    COMPARISON_EXPORTERS["comparison.xlsx"](compared(tmp_path, "en"), tmp_path)
    book = openpyxl.load_workbook(tmp_path / "comparison.xlsx")
    assert book.sheetnames[:2] == ["About", "Measures"]
    assert _rows(book["Reach"])[-1]["programme"] == "Total"
    COMPARISON_EXPORTERS["comparison.html"](compared(tmp_path, "en"), tmp_path)
    assert "two school siting plans" in (tmp_path / "comparison.html").read_text(encoding="utf-8")


def test_the_console_shows_both_plans_and_what_moves(tmp_path: Path) -> None:
    made = compared(tmp_path)
    console = Console(width=140, record=True, file=(tmp_path / "out.txt").open("w", encoding="utf-8"))
    for table in comparison_tables(made.comparison, "zh"):
        console.print(firm(table))
    said = console.export_text()
    console.file.close()
    assert "84.26%" in said and "73.45%" in said and "-10.81%" in said
    assert "1,700" in said and "2,500" in said


def test_what_moves_in_a_sentence(tmp_path: Path) -> None:
    (one,) = compared(tmp_path).comparison.programmes
    assert changes_line(one).zh == (
        "学校增加 1 所、取消 1 所、调整 1 所、不变 1 所；5 个单元换校；1,700 人进入、2,500 人离开服务半径。"
    )


def test_machines_get_the_whole_comparison_as_one_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = compared(tmp_path)
    Edge("zh", as_json=True).show_comparison(made, tmp_path)
    said = json.loads(capsys.readouterr().out)
    assert (said["exit_code"], said["format"], said["other_name"]) == (0, "siting comparison", "=新小区")
    Edge("en", as_json=False).show_comparison(made, tmp_path)
    assert "comparison.html" in capsys.readouterr().out
