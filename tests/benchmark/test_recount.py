from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from answers import Row, read_rows
from benchmark.folders import every_form
from instances import files_of, read_instance
from recount import Claim, recount


@pytest.fixture
def rows(tmp_path: Path) -> dict[tuple[str, str], Row]:
    found, _ = read_rows(every_form(tmp_path))
    return {(row.name, row.problem): row for row in found}


def claim(row: Row, opened: str, assigned: str, is_contiguous: bool = False) -> Claim:
    """Sites of a word, and for every unit of the file's order its site or a dot."""
    units = read_instance(row).places.unit
    used = {unit: site for unit, site in zip(units, assigned, strict=True) if site != "."}
    plain = (row.problem, row.distance, row.p, row.radius_m)
    return Claim(files_of(row), *plain, is_contiguous, tuple(opened), used, row.value, row.part)


RIGHT = [
    ("town", "p_median", "cd", "cccd"),
    ("town", "capacitated_p_median", "cd", "cccd"),
    ("town", "uncapacitated_location", "cd", "cccd"),
    ("town", "set_covering", "cd", "cccd"),
    ("row1", "capacitated_location", "cd", "cccd"),
    ("graph", "p_median", "24", "2224"),
    ("many/1", "capacitated_p_median", "13", "113"),
    ("many/2", "capacitated_p_median", "12", "12"),
    ("corners", "capacitated_p_median", "1", "111"),
    ("points", "maximal_covering", "2", "22."),
    ("keywords", "maximal_covering", "1", "11."),
    ("t", "p_median", "23", "223"),
]


@pytest.mark.parametrize(("name", "problem", "opened", "assigned"), RIGHT)
def test_a_right_answer_of_every_form_is_found_right(
    rows: dict[tuple[str, str], Row], name: str, problem: str, opened: str, assigned: str
) -> None:
    row = rows[name, problem]
    found = recount(claim(row, opened, assigned))
    assert found.faults == () and found.value == row.value


def test_a_contiguous_answer_is_found_right(rows: dict[tuple[str, str], Row]) -> None:
    assert recount(claim(rows["row1", "capacitated_location"], "cd", "cccd", True)).faults == ()


@pytest.mark.parametrize(
    ("name", "problem", "opened", "assigned", "words"),
    [
        ("town", "p_median", "acd", "accd", "3 sites are open, not 2"),
        ("town", "p_median", "dd", "dddd", "a site is open twice"),
        ("graph", "p_median", "2", "2222", "1 sites are open, not 2"),
        ("points", "maximal_covering", "12", "11.", "2 sites are open, more than 1"),
        ("town", "capacitated_p_median", "cd", "cdcd", "site d holds 45, 60 are assigned to it"),
        ("many/1", "capacitated_p_median", "13", "133", "site 3 holds 6, 8 are assigned to it"),
        ("points", "maximal_covering", "2", "222", "unit 3 is 1400.0 from site 2, the radius is 800"),
        ("town", "set_covering", "cd", "cddd", "unit b is 7.0 from site d, the radius is 4"),
        ("town", "p_median", "cd", "accd", "unit a uses closed site a"),
        ("town", "p_median", "cd", ".ccd", "unit a is not assigned"),
        ("town", "set_covering", "cd", ".ccd", "unit a is not assigned"),
        ("town", "p_median", "bd", "bbbd", "there is no site b"),
        ("row1", "capacitated_location", "bcd", "bccd", "there is no site b"),
    ],
)
def test_a_spoiled_answer_is_found_out(
    rows: dict[tuple[str, str], Row], name: str, problem: str, opened: str, assigned: str, words: str
) -> None:
    faults = recount(claim(rows[name, problem], opened, assigned)).faults
    assert any(fault.startswith(words) for fault in faults), faults


@pytest.mark.parametrize(("name", "problem", "opened", "assigned"), RIGHT)
def test_a_wrong_sum_is_found_out(
    rows: dict[tuple[str, str], Row], name: str, problem: str, opened: str, assigned: str
) -> None:
    right = claim(rows[name, problem], opened, assigned)
    found = recount(replace(right, value=right.value * 1.0001 + 0.001))
    assert len(found.faults) == 1 and found.faults[0].startswith(f"the value is {found.value}, not ")


def test_a_catchment_in_two_parts_is_found_out(rows: dict[tuple[str, str], Row]) -> None:
    row = rows["row1", "capacitated_location"]
    # a and c without b between them; 40 + 140 + 0 + 0 km and three schools
    broken = recount(replace(claim(row, "cd", "cdcd", True), value=280.0))
    assert broken.faults == ("site d holds 45, 60 are assigned to it", "the catchment of c is in 2 parts",
                             "the catchment of d is in 2 parts")  # fmt: skip
    assert recount(replace(claim(row, "cd", "cdcd"), value=280.0)).faults == broken.faults[:1]


def test_a_site_outside_its_own_catchment_is_found_out(rows: dict[tuple[str, str], Row]) -> None:
    spoiled = claim(rows["row1", "capacitated_location"], "acd", "cccd", True)
    words = "the catchment of a does not hold the unit the site lies in"
    assert words in recount(spoiled).faults


def test_reader_and_recount_agree_on_every_choice_of_sites(rows: dict[tuple[str, str], Row]) -> None:
    for row in rows.values():
        if row.problem != "p_median":
            continue
        one = read_instance(row)
        for opened in combinations(range(len(one.places.site)), row.p or one.p or 0):
            nearest = np.array(opened)[one.metres[:, opened].argmin(axis=1)]
            value = float(one.places.weight @ one.metres[np.arange(len(nearest)), nearest])
            names = [one.places.site[j] for j in opened]
            used = {unit: one.places.site[j] for unit, j in zip(one.places.unit, nearest, strict=True)}
            said = Claim(files_of(row), row.problem, row.distance, row.p, None, False, names, used, value)
            assert recount(said).faults == ()
