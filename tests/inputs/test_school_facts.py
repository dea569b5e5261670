"""What a bureau's table of schools says besides: it is repeated in 附表1 and changes no plan."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest

from siting.inputs.headers import ALIASES, named_columns
from siting.inputs.notes import Notes
from siting.inputs.school_facts import read_school_facts
from siting.study import MU_M2, SchoolFacts


def _read(notes: Notes, **columns: list[str]) -> dict[tuple[str, str], SchoolFacts]:
    rows = len(next(iter(columns.values())))
    frame = gpd.GeoDataFrame(columns, geometry=gpd.points_from_xy(np.zeros(rows), np.zeros(rows)))
    frame.attrs["headers"] = list(columns)
    return dict(read_school_facts(frame, notes))


def test_numbers_of_several_tiers_together_stand_with_the_first() -> None:
    found = _read(
        Notes("schools.xlsx"),
        id=["A1", "B2"],
        name=["甲校", "乙园"],
        tier=["九年一贯制", "幼儿园"],
        boarders=["120", ""],
        land_mu=["30", "4.5"],
        floor_m2=["8,000", ""],
        teachers=["64", "12"],
        remark=["", "租用"],
    )
    assert found["A1", "primary"] == SchoolFacts("A1", 120.0, 30 * MU_M2, 8000.0, 64.0, "")
    assert found["A1", "junior"].code == "A1"
    assert np.isnan(found["A1", "junior"].land_m2)
    garden = found["B2", "kindergarten"]
    assert (garden.land_m2, garden.teachers, garden.remark) == (pytest.approx(4.5 * MU_M2), 12.0, "租用")
    assert np.isnan([garden.boarders, garden.floor_m2]).all()


def test_a_school_without_a_code_has_none() -> None:
    assert _read(Notes("schools.csv"), name=["甲校"], tier=["小学"])["甲校", "primary"].code == ""


def test_land_without_a_unit_is_left_out_and_said() -> None:
    """30 may be mu or square metres."""
    notes = Notes("schools.csv")
    found = _read(notes, name=["甲校", "乙校"], tier=["小学", "小学"], land=["30", ""])
    assert np.isnan(found["甲校", "primary"].land_m2)
    assert not notes.faults
    assert [remark.what.en for remark in notes.remarks] == [
        "1 schools state land without a unit, which is left out: call the column land_mu or land_m2."
    ]


def test_what_is_no_number_is_a_fault_by_name() -> None:
    notes = Notes("schools.csv")
    _read(notes, name=["甲校"], tier=["小学"], teachers=["约20"])
    assert "甲校 (约20)" in notes.faults[0].what.zh


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("用地面积（亩）", "land_mu"),
        ("占地面积(㎡)", "land_m2"),
        ("用地面积（公顷）", "land_ha"),
        ("用地面积", "land"),
        ("建筑面积（㎡）", "floor_m2"),
        ("专任教师（人）", "teachers"),
        ("寄宿生数（人）", "boarders"),
        ("备注", "remark"),
        ("建校年份", "opened_year"),
    ],
)
def test_headers_of_the_bureaus_own_table_are_known(header: str, column: str) -> None:
    assert named_columns(ALIASES["schools"], [header]) == {column: header}
