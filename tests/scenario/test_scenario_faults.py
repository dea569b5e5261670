"""What is wrong with a scenario, all of it at once, each with a way out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import scenario_cases as cases
from scenario_cases import X0, Y0, faults_of

from siting.errors import InputError
from siting.project_file import load_project
from siting.scenario import read_scenario


def test_every_fault_of_a_file_comes_at_once(tmp_path: Path) -> None:
    found = faults_of(
        tmp_path,
        'wieght = 2\n[[change]]\nkind = "forbid"\n[[change]]\nkind = "change_births"\nfactr = 0.8\n'
        '[[change]]\nkind = "add_road"\nline = [[1, 2]]\ncrs = "EPSG:4547"\n',
    )
    told = "\n".join(found)
    assert len(found) == 5
    for said in ("'weight'", "forbid_site", "'factor'", "`factor` is missing", "at least 2 pairs"):
        assert said in told
    assert all(one.startswith("case.toml: ") for one in found)


def test_faults_of_every_change_come_at_once_and_nothing_is_applied(tmp_path: Path) -> None:
    found = faults_of(
        tmp_path,
        '[[change]]\nkind = "forbid_site"\nsite = "N5"\ntier = "kindergarten"\nreason = "x"\n'
        '[[change]]\nkind = "close_school"\nschool = "S9"\nreason = "x"\n'
        '[[change]]\nkind = "change_rule"\nrule = "KG-R-REACHES"\nparameter = "value"\nvalue = 1\n'
        '[[change]]\nkind = "change_budget"\nprogramme = "kindergarten-urban"\nbudget = "new <= 1"\n'
        '[[change]]\nkind = "change_migration"\nfactor = 1\ntownships = ["留旱镇"]\n',
    )
    assert len(found) == 5
    for said, one in zip(
        ("Nearest: S5, N4", "Nearest: S", "KG-R-REACH", "kindergarten-rural", "留早镇"), found, strict=True
    ):
        assert said in one


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ('kind = "require_site"\nsite = "S1"\ntier = "kindergarten"\nreason = "x"', "classes and can grow to 4"),
        ('kind = "require_site"\nsite = "P2"\ntier = "kindergarten"\nreason = "x"', "is private, which kindergarten-"),
        ('kind = "require_site"\nsite = "S6"\ntier = "kindergarten"\nreason = "x"', "no programme plans"),
        ('kind = "forbid_site"\nsite = "N4"\ntier = "primary"\nreason = "x"', "no primary school site 'N4'"),
        ('kind = "lock_site"\nsite = "N4"\ntier = "kindergarten"\nreason = "x"', "the base has to have a plan first"),
        ('kind = "forbid_site"\nsite = "S6"\ntier = "kindergarten"\nreason = "x"', "no programme plans"),
        ('kind = "forbid_site"\nsite = "N4"\ntier = "kindergarten"', "`reason` is missing"),
        ('kind = "change_births"\nfactor = 11', "at most 10"),
        ('kind = "change_births"\nvariant = "low"', "does not follow births"),
        ('kind = "change_migration"\npeople_a_year = 10', "does not follow people"),
        ('kind = "change_rule"\nrule = "KG-R-REACH"\nparameter = "lower"\nvalue = 1', "states no lower"),
        ('kind = "change_rule"\nrule = "KG-R-REACH"\nparameter = "value"\nvalue = [1, 2]', "cannot be (1, 2)"),
        ('kind = "change_budget"\nprogramme = "kindergarten-rural"\nbudget = "new < 6"', '"new <= 6'),
        ('kind = "change_goals"\norder = ["cost", "speed"]', "a list of"),
        (f'kind = "add_road"\nline = [[{X0}, {Y0}], [{X0 + 9}, {Y0 + 500}]]\ncrs = "EPSG:4547"', "lies 500 m from"),
        (f'kind = "add_road"\nline = [[{X0}, {Y0}], [{X0}, {Y0 + 1}]]\ncrs = "EPSG:4547"', "meet the roads at one"),
        ('kind = "add_road"\nline = [[115, 38], [116, 38]]', "`crs` is missing"),
        ('kind = "add_road"\nfile = "none.geojson"\ncrs = "wgs84"', "cannot be read"),
        (f'kind = "remove_road"\nfrom = [{X0}, {Y0 + 60}]\nto = [{X0}, {Y0}]\ncrs = "EPSG:4547"', "an end lies 60 m"),
        ('kind = "remove_road"\ncrs = "EPSG:4547"', "Give both ends"),
        ('kind = "add_estate"\nname = "V1"\nx = 500000\ny = 4250000\ncrs = "EPSG:4547"\nphases = []', "a list like"),
    ],
)
def test_one_fault_and_what_is_said(tmp_path: Path, change: str, said: str) -> None:
    found = faults_of(tmp_path, f"[[change]]\n{change}\n")
    assert any(said in one for one in found), found


@pytest.mark.parametrize(
    ("column", "number", "said"),
    [
        ("max_classes", np.nan, "states no classes, or no max_classes"),
        ("classes", np.nan, "states no classes, or no max_classes"),
        ("seats", 200.0, "has 200 seats, and 6 classes have 180"),
    ],
)
def test_a_school_that_cannot_grow_says_why(tmp_path: Path, column: str, number: float, said: str) -> None:
    base = cases.base()
    schools = base.area.schools
    numbers = np.where(np.array(schools.id) == "S5", number, getattr(schools, column))
    base = replace(base, area=replace(base.area, schools=replace(schools, **{column: numbers})))
    found = faults_of(
        tmp_path, '[[change]]\nkind = "require_site"\nsite = "S5"\ntier = "kindergarten"\nreason = "x"\n', base
    )
    assert found == [
        f"case.toml: [[change]] 1: require_site: 'S5' cannot grow: it {said}. "
        "Check the table of schools, or choose another school."
    ]


def test_an_estate_far_away_or_twice_is_refused(tmp_path: Path) -> None:
    estate = (
        '[[change]]\nkind = "add_estate"\nname = "{}"\nx = {}\ny = 4250000\ncrs = "EPSG:4547"\n'
        'phases = [{{ delivered = "2027-09", dwellings = 10 }}]\n'
    )
    found = faults_of(tmp_path, estate.format("V1", X0) + estate.format("E", X0 + 20_000.0))
    assert ["is called 'V1' already" in found[0], "14,000 m from the nearest village" in found[1]] == [True, True]


def test_a_protected_school_stays(tmp_path: Path) -> None:
    base = cases.base()
    base = replace(base, project=replace(base.project, protected_schools=frozenset({"S1"})))
    found = faults_of(tmp_path, '[[change]]\nkind = "close_school"\nschool = "S1"\nreason = "x"\n', base)
    assert found == [
        "case.toml: [[change]] 1: close_school: 'S1' is protected and stays what it is. Choose another school; "
        "`protected_schools` in the study file lists those."
    ]


def test_a_file_that_is_no_toml(tmp_path: Path) -> None:
    file = tmp_path / "broken.toml"
    file.write_text("name = “x”", encoding="utf-8")
    with pytest.raises(InputError, match=r"broken\.toml"):
        read_scenario(file)


def test_the_study_file_lists_protected_schools(tmp_path: Path) -> None:
    study = tmp_path / "study.toml"
    study.write_text('[study]\nname = "x"\nprotected_schools = ["S1", "晏阳初中学"]\n', encoding="utf-8")
    project, _ = load_project(study)
    assert project is not None and project.protected_schools == {"S1", "晏阳初中学"}
    study.write_text('[study]\nname = "x"\nprotected_schools = "S1"\n', encoding="utf-8")
    assert any("a list of texts in quotes" in fault.what.en for fault in load_project(study)[1])
