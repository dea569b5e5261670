"""Births by township and year, residents by age: as bureaus send them, and one fault each."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openpyxl
import pytest
from county import STUDY, area_of, said, write_county

BIRTHS = """乡镇（街道）,年份,出生人数（人）
留早镇,2024,20
留早镇,2023,22
清风店镇,2023,9
清风店镇,2024,8
南城区街道,2023,41
南城区街道,2024,43
合计,,143
"""
WITH_BIRTHS = STUDY + '\n[layers.births]\nfile = "births.csv"\n'
WITH_AGES = STUDY + '\n[layers.ages]\nfile = "ages.csv"\ncounted = 2024-08-31\n'

SINGLE = "代码,名称," + ",".join(f"{age}岁" for age in range(18)) + "\n"
GROUPS = "名称," + ",".join(f"{first}-{first + 4}岁" for first in range(0, 30, 5)) + "\n"


def single(**changed: str) -> str:
    """Ages of the four villages, 10 children of each age in the first, 20 in the second, ..."""
    ids = ("139001100201", "139001100202", "139001101201", "139001001001")
    names = ("甲村", "乙村", "丙村", "东街社区")
    rows = {name: f"{ids[k]},{name}," + ",".join([f"{10 + 10 * k}"] * 18) for k, name in enumerate(names)}
    return SINGLE + "\n".join((rows | changed).values()) + "\n"


def with_births(folder: Path, births: str = BIRTHS) -> Path:
    return write_county(folder, study=WITH_BIRTHS, births_csv=births)


def with_ages(folder: Path, ages: str, study: str = WITH_AGES) -> Path:
    return write_county(folder, study=study, ages_csv=ages)


def test_births_come_in_the_order_of_the_townships_and_years_without_the_row_of_totals(tmp_path: Path) -> None:
    area = area_of(with_births(tmp_path))
    assert area.births is not None
    assert area.births.township == ("留早镇", "清风店镇", "南城区街道")
    assert area.births.first_year == 2023
    assert area.births.count.tolist() == [[22, 20], [9, 8], [41, 43]]
    assert area.sources["births"][0] == "births.csv"


def test_births_of_codes_in_english_in_a_workbook(tmp_path: Path) -> None:
    study = write_county(tmp_path, study=WITH_BIRTHS.replace("births.csv", "births.xlsx"), births_xlsx="")
    book = openpyxl.Workbook()
    rows = (("130682100", 5), ("139001101000", 6), ("139001001", 7))
    for row in (("township_id", "year", "births"), *((code, 2024, count) for code, count in rows)):
        book.worksheets[0].append(row)
    book.save(tmp_path / "births.xlsx")
    births = area_of(study).births
    assert births is not None
    assert births.count.tolist() == [[5], [6], [7]]


SPOILED = [
    ("清风店镇,2024", "清风镇,2024", "清风镇 2024", "townships without units"),
    ("留早镇,2024", "留早镇,2023", "留早镇 2023", "share township and year"),
    ("留早镇,2024", "留早镇,24", "留早镇 24", "have no year from 1990 to 2100"),
    ("清风店镇,2024,8\n", "", "清风店镇 (2024)", "lack births in 2023-2024"),
    ("清风店镇,2024,8", "清风店镇,2024,-8", "清风店镇 2024 (-8)", "negative births"),
    ("清风店镇,2024,8", "清风店镇,2024,少", "清风店镇 2024 (少)", "no number"),
    ("清风店镇,2024,8", "清风店镇,2024,80", "清风店镇 (89‰)", "more than 60 births a year per 1000"),
    ("出生人数（人）", "总数", "总数", "has no column for births"),
]


@pytest.mark.parametrize(("right", "wrong", "row", "what"), SPOILED, ids=[what for *_, what in SPOILED])
def test_a_table_of_births_spoiled_in_one_place(tmp_path: Path, right: str, wrong: str, row: str, what: str) -> None:
    zh, en = said(with_births(tmp_path, BIRTHS.replace(right, wrong)))
    assert row in zh
    assert row in en
    assert what in en
    assert en.startswith("births.csv: ")
    assert en.count("\n") == 0


def test_a_township_misspelt_is_proposed(tmp_path: Path) -> None:
    zh, _ = said(with_births(tmp_path, BIRTHS.replace("清风店镇", "清风镇")))
    assert "是否为“清风店镇”？" in zh


def test_single_ages_are_in_the_order_of_the_villages(tmp_path: Path) -> None:
    lines = single().splitlines()
    shuffled = "\n".join((lines[0], *reversed(lines[1:])))
    ages = area_of(with_ages(tmp_path, shuffled)).ages
    assert ages is not None
    assert (ages.span, ages.year, ages.month) == (1, 2024, 8)
    assert ages.count[:, 0].tolist() == [10, 20, 30, 40]


@pytest.mark.parametrize(
    ("counted", "when"),
    [("2020-11-01", (2020, 10)), ("2024-12-31", (2024, 12)), ('"2023年6月"', (2023, 6)), ("2022", (2022, 12))],
)
def test_groups_of_a_census_on_its_day(tmp_path: Path, counted: str, when: tuple[int, int]) -> None:
    ages = GROUPS + "\n".join(f"{name},50,60,70,60,50,40" for name in ("甲村", "乙村", "丙村", "东街社区"))
    read = area_of(with_ages(tmp_path, ages, WITH_AGES.replace("2024-08-31", counted))).ages
    assert read is not None
    assert (read.span, read.year, read.month) == (5, *when)
    assert np.array_equal(read.count[0], [50, 60, 70, 60, 50, 40])


SPOILED_AGES = [
    (single(丙村=""), "丙村", "1 of 4 units have no row"),
    (single(丙村="139001101201,丙村" + ",30" * 17 + ","), "丙村", "have ages nobody counted"),
    (single(丙村="139001100202,乙村" + ",1" * 18), "乙村", "are there more than once"),
    (single(戊村="9,戊村" + ",1" * 18), "戊村", "are no units"),
    (single(丙村="139001101201,丙村" + ",80" * 18), "丙村 (1440 > 900)", "more people of these ages than residents"),
    (single().replace("17岁", "十七"), "17", "lacks the ages 17"),
    ("代码,名称,人口\n1,甲村,2\n", "人口", "has no column for age_0 or age_0_4"),
]


@pytest.mark.parametrize(("ages", "row", "what"), SPOILED_AGES, ids=[what for *_, what in SPOILED_AGES])
def test_a_table_of_ages_spoiled_in_one_place(tmp_path: Path, ages: str, row: str, what: str) -> None:
    zh, en = said(with_ages(tmp_path, ages))
    assert row in zh
    assert row in en
    assert what in en
    assert all(line.startswith("ages.csv: ") for line in en.splitlines())


def test_at_the_end_of_a_year_the_age_of_eighteen_is_needed_too(tmp_path: Path) -> None:
    _, en = said(with_ages(tmp_path, single(), WITH_AGES.replace("2024-08-31", "2024-12-31")))
    assert "lacks the ages 18" in en
