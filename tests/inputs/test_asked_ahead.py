"""The keys of [demand] that ask about the years ahead."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from county import STUDY, write_county

from siting.project import OVERALL, Ahead
from siting.project_file import load_project

EVERYTHING = """
[layers.ages]
file = "villages.csv"
counted = 2024-12-31

[demand]
year = 2030
births = "low"
estates = true
enrolment = { kindergarten = 0.95 }
migration = { "留早镇" = -20, "139001001" = 120.5 }
"""


def test_everything_is_read(tmp_path: Path) -> None:
    project, faults = load_project(write_county(tmp_path, study=STUDY + EVERYTHING))
    assert not faults
    assert project is not None
    assert project.ahead == Ahead(
        2030, "low", {"kindergarten": 0.95}, {"留早镇": -20.0, "139001001": 120.5}, estates=True
    )
    assert project.layers["ages"].counted == date(2024, 12, 31)


def test_nothing_asked_is_nothing(tmp_path: Path) -> None:
    project, _ = load_project(write_county(tmp_path))
    assert project is not None
    assert project.ahead == Ahead()


def test_one_number_is_the_migration_of_the_whole_county(tmp_path: Path) -> None:
    project, faults = load_project(write_county(tmp_path, study=f"{STUDY}\n[demand]\nmigration = -300\n"))
    assert not faults
    assert project is not None
    assert project.ahead.migration == {OVERALL: -300.0}


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("year = 2030", 'year = "2030"', "year = '2030' should be a year such as 2030"),
        ("year = 2030", "year = 30", "year = 30 should be a year such as 2030"),
        ('"low"', '"低"', "Did you mean 'low'?"),
        ("0.95", "95", "not per cent"),
        ("kindergarten = 0.95", "kindergarden = 0.95", "Did you mean 'kindergarten'?"),
        ("-20", '"-20"', "people a year who come less those who go"),
        ("estates = true", 'estates = "yes"', "true or false"),
        ("estates = true", "estate = true", "Did you mean 'estates'?"),
        ("counted = 2024-12-31", "", "`counted` is missing"),
        ("counted = 2024-12-31", 'counted = "去年"', "a date such as 2024-12-31"),
        ("counted = 2024-12-31", 'counted = "2024-13-01"', "a date such as 2024-12-31"),
        ("counted = 2024-12-31", "count = 2024", "Did you mean 'counted'?"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    _, faults = load_project(write_county(tmp_path, study=STUDY + EVERYTHING.replace(right, wrong)))
    assert said in "\n".join(fault.said_in("en") for fault in faults)


def test_births_and_ages_need_no_coordinate_system(tmp_path: Path) -> None:
    study = STUDY + '\n[layers.births]\nfile = "births.csv"\n'
    _, faults = load_project(write_county(tmp_path, study=study, births_csv="a\n"))
    assert not faults
