"""From files to the needs of the years ahead, and a plan for one of them, by the command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from county import STUDY, write_county
from test_births_and_ages import BIRTHS, WITH_BIRTHS
from typer.testing import CliRunner

from siting.cli import app
from siting.run import check_study, make_plan, read_study

ESTATES = """名称,户数,交付年份,配建学校,经度,纬度
东园,400,2026,幼儿园,114.975,38.503
"""
LONG = (
    BIRTHS.splitlines()[0]
    + "\n"
    + "\n".join(
        f"{town},{year},{count}"
        for town, count in (("留早镇", 20), ("清风店镇", 9), ("南城区街道", 40))
        for year in range(2008, 2025)
    )
)
LOOKING = (
    WITH_BIRTHS
    + '\n[layers.estates]\nfile = "estates.csv"\ncrs = "cgcs2000"\n\n[demand]\nyear = 2030\n'
    + "enrolment = { kindergarten = 0.9 }\n"
)


def county(folder: Path, study: str = LOOKING) -> Path:
    return write_county(folder, study=study, births_csv=LONG, estates_csv=ESTATES)


def test_from_births_to_needs(tmp_path: Path) -> None:
    study = county(tmp_path / "in")
    answer = CliRunner().invoke(app, ["demand", str(study), "--out", str(tmp_path / "out"), "--json"])
    assert answer.exit_code == 0, answer.output
    facts = json.loads(answer.stdout)
    assert facts["year_planned"] == 2030
    assert facts["files"] == ["manifest.json", "needs.csv", "needs.xlsx"]
    assert [one["year"] for one in facts["needs"]] == list(range(2024, 2040))
    # 69 births a year are 207 children of three ages
    assert facts["needs"][0]["children"] == pytest.approx(207.0)
    assert facts["needs"][0]["pupils"] == pytest.approx(186.3)
    (estate,) = facts["estates"]
    assert (estate["name"], estate["delivered"], estate["school_opens"]) == ("东园", "2026-08-31", None)
    # 60 children in the only kindergarten, which is public; nobody counted migrants in the primary school
    shares = {one["indicator"]: (one["value"], one["is_reached"]) for one in facts["indicators"]}
    assert (shares["inclusive_share"], shares["migrant_share"]) == ((1.0, True), (None, None))
    said = CliRunner().invoke(app, ["demand", str(study), "--out", str(tmp_path / "out"), "--lang", "en"])
    assert "births moved forward" in said.output
    assert "children in inclusive" in said.output


def test_the_same_county_planned_for_2030(tmp_path: Path) -> None:
    study = county(tmp_path / "in")
    made = CliRunner().invoke(app, ["plan", str(study), "--out", str(tmp_path / "plan"), "--json"])
    assert made.exit_code in (0, 1), made.output
    structure = [check for check in json.loads(made.stdout)["checks"] if check["rule"].startswith("PLAN-")]
    assert structure
    assert all(check["kept"] for check in structure)
    options = ["--out", str(tmp_path / "needs"), "--plan", str(tmp_path / "plan"), "--json"]
    facts = json.loads(CliRunner().invoke(app, ["demand", str(study), *options]).stdout)
    assert all(one["opens"] == 2030 for one in facts["proposals"])
    told = json.loads((tmp_path / "plan" / "ahead.json").read_text(encoding="utf-8"))
    assert told["proposals"] == facts["proposals"]
    verified = CliRunner().invoke(app, ["verify", str(study), str(tmp_path / "plan"), "--json"])
    ahead = [check for check in json.loads(verified.stdout)["checks"] if check["rule"].startswith("AHEAD-")]
    assert len(ahead) == 6
    assert all(check["kept"] for check in ahead)
    file = tmp_path / "plan" / "ahead.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"opens": 2030', '"opens": 2031'), encoding="utf-8")
    spoiled = CliRunner().invoke(app, ["verify", str(study), str(file), "--json"])
    broken = [check["rule"] for check in json.loads(spoiled.stdout)["checks"] if not check["kept"]]
    assert (spoiled.exit_code, broken) == (1, ["AHEAD-PROPOSALS"])


def test_an_estate_whose_school_is_built_after_it_is_named_with_the_months(tmp_path: Path) -> None:
    """First homes by 31 August 2026, a kindergarten built for them in autumn 2030: 48 months."""
    (part,) = make_plan(read_study(county(tmp_path))).parts
    assert any("estate:东园" in site.units for site in part.sites if site.action == "new")
    said = [wish for wish in part.shortfalls if "同步交付" in wish.zh]
    assert ["东园（48 个月）" in wish.zh and "东园 (48 months)" in wish.en for wish in said] == [True]


def test_a_study_that_looks_at_today_only_is_told_what_to_add(tmp_path: Path) -> None:
    study = write_county(tmp_path / "in", study=f"{STUDY}\n[demand]\npupils_per_1000 = {{ kindergarten = 21 }}\n")
    answer = CliRunner().invoke(app, ["demand", str(study), "--out", str(tmp_path / "out"), "--json"])
    assert answer.exit_code == 2
    assert "[layers.births]" in json.loads(answer.stdout)["faults"][0]["cure"]
    assert not (tmp_path / "out").exists()


def test_births_serve_where_nobody_counted_children(tmp_path: Path) -> None:
    """Neither a column of children nor a rate: births alone tell, and a tier they do not reach is not asked for."""
    study, faults = check_study(county(tmp_path))
    assert study is not None
    assert not faults
    assert study.area.forecast is not None
    assert study.area.units.name[-1] == "东园"


def test_a_year_that_cannot_be_reached_is_a_fault_beside_the_others(tmp_path: Path) -> None:
    study, faults = check_study(county(tmp_path, LOOKING.replace("2030", "2050")))
    said = "\n".join(fault.said_in("en") for fault in faults)
    assert "[demand] year = 2050 is not within 2024-2039" in said
    assert study is not None
