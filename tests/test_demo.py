"""The main job at full size: the embedded sample from files to a plan, a verdict and a map."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from siting.cli import DEMO
from siting.plan import Assignment, Plan, Site, Stage, TierPlan
from siting.plan_file import read_plan
from siting.run import Study, read_study, verify_plan

MIB = 2**20


@dataclass(frozen=True)
class Demo:
    """What `siting demo` said and wrote."""

    exit_code: int
    facts: dict[str, Any]
    out: Path
    progress: str


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    out = tmp_path_factory.mktemp("demo") / "dingzhou"
    command = [sys.executable, "-m", "siting.cli", "demo", "--out", str(out), "--json"]
    done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8")
    return Demo(done.returncode, json.loads(done.stdout), out, done.stderr)


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study(DEMO)


@pytest.fixture(scope="module")
def plan(demo: Demo) -> Plan:
    return read_plan(demo.out / "plan.json")


def test_no_must_is_broken(demo: Demo) -> None:
    broken = [check for check in demo.facts["checks"] if check["kept"] is False and check["strength"] == "must"]
    assert broken == []
    assert demo.exit_code == 0


def test_every_tier_is_planned_and_every_stage_has_value_bound_and_gap(demo: Demo) -> None:
    programmes = {programme["programme"]: programme["stages"] for programme in demo.facts["programmes"]}
    assert list(programmes) == ["kindergarten-rural", "kindergarten-urban", "primary-urban", "junior-urban"]
    for stages in programmes.values():
        assert [stage["goal"] for stage in stages] == ["uncovered", "over", "cost", "under", "walk"]
        for stage in stages:
            assert 0.0 <= stage["bound"] <= stage["value"] + 1e-6 * max(stage["value"], 1.0)
            assert stage["gap"] == pytest.approx((stage["value"] - stage["bound"]) / max(stage["value"], 1.0), abs=1e-9)


def test_rural_kindergartens_are_proved(demo: Demo) -> None:
    rural = demo.facts["programmes"][0]
    assert {stage["status"] for stage in rural["stages"]} == {"optimal"}


def test_progress_names_stage_incumbent_and_bound(demo: Demo) -> None:
    assert "农村幼儿园：建设项目  当前" in demo.progress
    assert "下界" in demo.progress


def test_every_file_is_there_and_the_map_is_small(demo: Demo) -> None:
    found = {file.name for file in demo.out.iterdir()}
    assert found == {"plan.json", "plan.gpkg", "plan.xlsx", "map.html", "manifest.json"}
    assert (demo.out / "map.html").stat().st_size <= 2 * MIB
    assert "合成" in (demo.out / "map.html").read_text(encoding="utf-8")


# --- ten spoiled plans -----------------------------------------------------------------------------------------

Spoil = Callable[[Plan, Study], Plan]


def _part(plan: Plan, programme: str, **changes: Any) -> Plan:
    parts = tuple(replace(part, **changes) if part.programme == programme else part for part in plan.parts)
    return replace(plan, parts=parts)


def _of(plan: Plan, programme: str) -> TierPlan:
    return next(part for part in plan.parts if part.programme == programme)


def _moved(part: TierPlan, unit_id: str, to: str) -> dict[str, Any]:
    """A unit sent to another school, in the assignments and in both schools' lists."""

    def listed(site: Site) -> Site:
        without = tuple(unit for unit in site.units if unit != unit_id)
        return replace(site, units=(*without, unit_id) if site.id == to else without)

    def given(one: Assignment) -> Assignment:
        return replace(one, site_id=to) if one.unit_id == unit_id else one

    return {"sites": tuple(map(listed, part.sites)), "assignments": tuple(map(given, part.assignments))}


def _farthest_away(plan: Plan, study: Study) -> Plan:
    """The first village sent to the kindergarten farthest from it."""
    part = _of(plan, "kindergarten-rural")
    unit = part.assignments[0].unit_id
    x, y = (getattr(study.area.units, word)[study.area.units.id.index(unit)] for word in ("x", "y"))
    far = max(part.sites, key=lambda site: (site.x - x) ** 2 + (site.y - y) ** 2)
    return _part(plan, part.programme, **_moved(part, unit, far.id))


def _all_to_one(programme: str) -> Spoil:
    """Every unit of a programme sent to its first school."""

    def spoil(plan: Plan, study: Study) -> Plan:
        part = _of(plan, programme)
        first, everybody = part.sites[0].id, tuple(given.unit_id for given in part.assignments)
        sites = tuple(replace(site, units=everybody if site.id == first else ()) for site in part.sites)
        return _part(
            plan, programme, sites=sites, assignments=tuple(replace(given, site_id=first) for given in part.assignments)
        )

    return spoil


def _change_site(programme: str, action: str, **changes: Any) -> Spoil:
    def spoil(plan: Plan, study: Study) -> Plan:
        part = _of(plan, programme)
        spoiled = next(site for site in part.sites if site.action == action)
        sites = tuple(replace(site, **changes) if site is spoiled else site for site in part.sites)
        return _part(plan, programme, sites=sites)

    return spoil


def _closed(plan: Plan, study: Study) -> Plan:
    part = _of(plan, "primary-urban")
    kept = next(site for site in part.sites if site.action == "keep")
    return _part(plan, part.programme, sites=tuple(site for site in part.sites if site is not kept))


def _proof_claimed(plan: Plan, study: Study) -> Plan:
    part = _of(plan, "kindergarten-rural")
    last = part.stages[-1]
    claimed = Stage(last.goal, last.unit, last.value, last.value * 0.9, 0.0, "optimal", last.seconds)
    return _part(plan, part.programme, stages=(*part.stages[:-1], claimed))


def _one_more_built(plan: Plan, study: Study) -> Plan:
    """A copy of a new junior middle school beside it, under another name."""
    part = _of(plan, "junior-urban")
    new = next(site for site in part.sites if site.action == "new")
    return _part(plan, part.programme, sites=(*part.sites, replace(new, id="J-COPY", units=())))


def _unit_lost(plan: Plan, study: Study) -> Plan:
    part = _of(plan, "kindergarten-urban")
    return _part(plan, part.programme, assignments=part.assignments[1:])


def _programme_lost(plan: Plan, study: Study) -> Plan:
    return replace(plan, parts=plan.parts[:-1])


SPOILED: dict[str, tuple[Spoil, str]] = {
    "a village sent across the county": (_farthest_away, "KG-R-REACH"),
    "all villages in one kindergarten": (_all_to_one("kindergarten-rural"), "KG-R-POP-UPPER"),
    "the whole town in one primary school": (_all_to_one("primary-urban"), "PRI-POP-UPPER"),
    "the whole town in one junior middle school": (_all_to_one("junior-urban"), "JUN-POP-UPPER"),
    "a private new kindergarten": (_change_site("kindergarten-rural", "new", operator="private"), "KG-R-PUBLIC"),
    "one new build too many": (_one_more_built, "STUDY-NEW"),
    "an existing school closed": (_closed, "PLAN-SITES"),
    "people added up wrongly": (
        _change_site("primary-urban", "new", service_population=12_345.0),
        "PLAN-NUMBERS",
    ),
    "a proof that is none": (_proof_claimed, "PLAN-STAGES"),
    "a block left out": (_unit_lost, "PLAN-UNITS"),
    "a programme left out": (_programme_lost, "PLAN-PROGRAMMES"),
}


@pytest.mark.parametrize("name", SPOILED)
def test_a_spoiled_plan_is_caught_with_its_clause(name: str, plan: Plan, study: Study) -> None:
    spoil, rule = SPOILED[name]
    broken = {check.rule for check in verify_plan(spoil(plan, study), study) if check.kept is False}
    assert rule in broken


def test_the_plan_itself_breaks_none_of_these(plan: Plan, study: Study) -> None:
    broken = {check.rule for check in verify_plan(plan, study) if check.kept is False}
    assert broken.isdisjoint({rule for _, rule in SPOILED.values()})
