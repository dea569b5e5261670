"""Tables as bureaus send them: titles, notes, headers in two lines, totals, and numbers that do not go together."""

from pathlib import Path

import openpyxl
import pytest
from county import SCHOOLS, STUDY, VILLAGES, area_of, remarks_of, said, write_county

from siting.inputs.headings import header_of, header_position

BOOK = STUDY.replace('"villages.csv"', '"villages.xlsx"')
TITLES: list[list[object]] = [
    ["小县村（社区）基本情况统计表"],
    ["填报单位：小县教育局", None, None, None, None, None, "单位：人"],
]
TWO_LINES: list[list[object]] = [
    ["序号", "村代码", "村名", "所属乡镇", "常住人口", "城乡分类", "坐标", None],
    [None, None, None, None, None, None, "经度", "纬度"],
]
ROWS = [[cell or None for cell in line.split(",")] for line in VILLAGES.splitlines()[1:]]


def written(folder: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / "villages.xlsx")
    return write_county(folder, study=BOOK)


def test_titles_and_a_header_in_two_lines(tmp_path: Path) -> None:
    numbered: list[list[object]] = [[at, *row] for at, row in enumerate(ROWS, start=1)]
    area = area_of(written(tmp_path, [*TITLES, *TWO_LINES, *numbered, ["合  计", None, None, None, 9134]]))
    assert area.units.name == ("甲村", "乙村", "丙村", "东街社区")
    assert area.units.residents.tolist() == [1234.0, 2000.0, 900.0, 5000.0]
    assert "rows of totals are left out: #9." in remarks_of(area)


def test_subtotals_of_townships_in_any_column(tmp_path: Path) -> None:
    villages = VILLAGES.replace("139001101201", "留早镇小计,,,3234,,,\n139001101201") + "全县合计,,,9134,,,\n"
    area = area_of(write_county(tmp_path, villages=villages))
    assert len(area.units) == 4
    assert "合计行未计入：#4、#7。" in remarks_of(area)


def test_a_line_about_the_form_is_no_header() -> None:
    """Rows of 1, 2, 5, 5 cells: the middle one of them is 3.5, half of it 1.75, and the header has to have more."""
    rows = [["表"], ["单位", "", "日期"], list("abcde"), list("12345")]
    assert header_position([*rows, list("12345")]) == 2
    assert header_position([["表"], [""]]) is None


@pytest.mark.parametrize(
    ("under", "last"),
    [
        (["", "", "经度", "纬度"], 1),  # names the nameless column: the second line of a header
        (["", "", "114.9", "38.5"], 0),  # numbers: a row of data
        (["1", "甲", "a", "b"], 0),  # begins in the first column: a row of data
        (["", "", "经度", ""], 0),  # names no nameless column
    ],
)
def test_the_second_line_of_a_header(under: list[str], last: int) -> None:
    header, line = header_of([["序号", "村名", "坐标", ""], under], 0)
    assert line == last
    assert header == (["序号", "村名", "经度", "纬度"] if last else ["序号", "村名", "坐标", ""])


def test_rounded_codes_are_not_called_twins_too(tmp_path: Path) -> None:
    villages = VILLAGES.replace("139001100201", "1.39001E+11").replace("139001100202", "1.39001E+11")
    zh, _ = said(write_county(tmp_path, villages=villages))
    assert zh.startswith("villages.csv: 4 行中 2 行的代码成了科学计数（如 1.39001E+11）：甲村、乙村。")
    assert "重复" not in zh


def test_two_villages_of_one_name_in_one_township(tmp_path: Path) -> None:
    """丙村 may also be the name of a village in another township; within one it is likely listed twice."""
    assert "同名" not in remarks_of(area_of(write_county(tmp_path, villages=VILLAGES.replace("丙村", "甲村"))))
    remarks = remarks_of(area_of(write_county(tmp_path, villages=VILLAGES.replace("乙村", "甲村"))))
    assert "2 个村（社区）与同一乡镇的别的村同名，可能是重复登记：甲村 (139001100201)、甲村 (139001100202)。" in remarks


@pytest.mark.parametrize(
    ("counted", "zh"),
    [
        ("3,60,90,6", ""),
        ("3,60,,6", ""),
        (",60,,6", "1 所学校没有学位数和班数，按容量不限处理，请补填：甲村幼儿园。"),
        ("3,60,0,6", "1 所学校学位为 0，不能接收学生：甲村幼儿园。"),
        ("3,60,900,6", "1 所学校学位与班数不相称（学位 / 班数）：甲村幼儿园 (900 / 3)。"),
        ("30,60,90,36", "1 所学校学位与班数不相称（学位 / 班数）：甲村幼儿园 (90 / 30)。"),
    ],
)
def test_sizes_of_schools_that_cannot_be_right(tmp_path: Path, counted: str, zh: str) -> None:
    """90 seats in 3 classes are 30 to a class; none, 300 and 3 are named."""
    schools = SCHOOLS.replace("3,60,90,6", counted)
    remarks = remarks_of(area_of(write_county(tmp_path, schools=schools)))
    assert (zh in remarks) if zh else ("学位" not in remarks)
