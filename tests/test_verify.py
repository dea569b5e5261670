"""The verifier is tested by damage: a right plan is all green, and every spoiled one is caught with its sentence."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import six_villages
from shapely import box

from siting.plan import Plan, Site, TierPlan
from siting.project import Budget, Project
from siting.rules.book import read_rulebook
from siting.rules.verdict import Check
from siting.study import StudyArea
from siting.verify import verify

BOOK = read_rulebook("dingzhou-2021")
AREA = six_villages.study_area()
PROJECT = six_villages.project()
PART = six_villages.part()


def _verify(plan: Plan, area: StudyArea = AREA, project: Project = PROJECT) -> dict[str, Check]:
    return {check.rule: check for check in verify(plan, area, project, BOOK)}


def _broken(plan: Plan, area: StudyArea = AREA, project: Project = PROJECT) -> dict[str, str]:
    return {rule: check.evidence.en for rule, check in _verify(plan, area, project).items() if check.kept is False}


def _plan(part: TierPlan) -> Plan:
    return replace(six_villages.plan(), parts=(part,))


def _with_site(site_id: str, **changes: Any) -> Plan:
    sites = tuple(replace(site, **changes) if site.id == site_id else site for site in PART.sites)
    return _plan(replace(PART, sites=sites))


def _with_sites(*sites: Site) -> Plan:
    return _plan(replace(PART, sites=sites))


def _with_unit(unit: str, **changes: Any) -> Plan:
    given = tuple(replace(one, **changes) if one.unit_id == unit else one for one in PART.assignments)
    return _plan(replace(PART, assignments=given))


def _with_stage(named: str, **changes: Any) -> Plan:
    stages = tuple(replace(stage, **changes) if stage.goal == named else stage for stage in PART.stages)
    return _plan(replace(PART, stages=stages))


def test_the_right_plan_is_all_green() -> None:
    checks = _verify(six_villages.plan())
    assert _broken(six_villages.plan()) == {}
    kept = {rule for rule, check in checks.items() if check.kept}
    assert {"PLAN-PROGRAMMES", "PLAN-UNITS", "PLAN-SITES", "PLAN-NUMBERS", "PLAN-STAGES"} <= kept
    assert {"KG-R-REACH", "KG-R-POP-LOWER", "KG-R-POP-UPPER", "KG-R-OWN", "KG-R-JOINT", "KG-CLASS", "KG-MENU"} <= kept
    assert {check.programme for check in checks.values()} == {"all", "kindergarten-rural"}


def test_one_check_for_every_rule_that_speaks() -> None:
    rules = [check.rule for check in verify(six_villages.plan(), AREA, PROJECT, BOOK)]
    spoken = [rule.id for rule in BOOK.of("kindergarten", "rural")]
    assert rules == ["PLAN-PROGRAMMES", "PLAN-UNITS", "PLAN-SITES", "PLAN-NUMBERS", "PLAN-STAGES", *spoken]


def test_the_evidence_is_measured_anew() -> None:
    checks = _verify(six_villages.plan())
    assert checks["KG-R-REACH"].measured == pytest.approx(1200.0)  # V3's farther place: 4000 - 2800
    assert checks["KG-R-POP-LOWER"].measured == 3100.0
    assert checks["KG-R-JOINT"].evidence.en.endswith("farthest 1200 m.")
    assert "S5 with 6,000: extended, seats suffice" in checks["KG-R-POP-UPPER"].evidence.en
    assert checks["KG-I"].measured == pytest.approx(97.5)  # 120 + 90 + 180 of 400 seats, P2 has the other 10


def _drop(plan_part: TierPlan, unit: str) -> Plan:
    kept = tuple(one for one in plan_part.assignments if one.unit_id != unit)
    return _plan(replace(plan_part, assignments=kept))


def _also(**changes: Any) -> Plan:
    """One assignment more: V0's, changed."""
    return _plan(replace(PART, assignments=(*PART.assignments, replace(PART.assignments[0], **changes))))


S1, N4, S5 = PART.sites

SPOILED: list[tuple[str, Plan, str, str]] = [
    ("a unit left out", _drop(PART, "V3"), "PLAN-UNITS", "unit V3 is missing"),
    ("a unit given twice", _also(), "PLAN-UNITS", "unit V0 is assigned 2 times"),
    ("a unit nobody knows", _also(unit_id="V99"), "PLAN-UNITS", "there is no unit V99"),
    ("a unit of the city", _also(unit_id="C6"), "PLAN-UNITS", "unit C6 lies outside this programme's area"),
    ("a closed school", _with_unit("V0", site_id="S9"), "PLAN-UNITS", "unit V0 is assigned to S9, which is not open"),
    (
        "a school's list",
        _with_site("S1", units=("V0", "V1")),
        "PLAN-UNITS",
        "the units S1 lists are not those assigned",
    ),
    ("a school closed", _with_sites(S1, N4), "PLAN-SITES", "existing school S5 is not in the plan"),
    ("a school twice", _with_sites(S1, N4, S5, N4), "PLAN-SITES", "N4 appears 2 times"),
    ("a school invented", _with_site("N4", action="keep"), "PLAN-SITES", "N4 is no existing school of this programme"),
    (
        "a private school taken in",
        _with_sites(*PART.sites, replace(S1, id="P2", units=())),
        "PLAN-SITES",
        "P2 is no existing school",
    ),
    ("a school moved", _with_site("S1", x=S1.x + 30.0), "PLAN-SITES", "S1 was moved by 30.00 m"),
    ("a school sold", _with_site("S1", operator="private"), "PLAN-SITES", "S1 is public, not private"),
    ("a school elsewhere", _with_site("S1", unit_id="V2"), "PLAN-SITES", "S1 does not lie in unit V2"),
    ("a school's past", _with_site("S5", classes_before=2.0), "PLAN-SITES", "S5 has 3 classes now, not 2"),
    ("a kept school grown", _with_site("S1", classes=6.0), "PLAN-SITES", "S1 is kept and cannot change to 6 classes"),
    ("a kept school's seats", _with_site("S1", seats=150.0), "PLAN-SITES", "cannot change to 4 classes, 150 seats"),
    (
        "an extension of nothing",
        _with_site("S5", classes=3.0, seats=90.0),
        "PLAN-SITES",
        "S5 is extended to 3 classes, no more than now",
    ),
    (
        "an extension too large",
        _with_site("S5", classes=9.0, seats=270.0),
        "PLAN-SITES",
        "S5 is extended to 9 classes, 6 at most",
    ),
    ("an odd size", _with_site("N4", classes=5.0, seats=150.0), "PLAN-SITES", "N4 has 5 classes, not 1/2/3/4/6/9/12"),
    ("an odd size, by the rule", _with_site("N4", classes=5.0, seats=150.0), "KG-MENU", "N4 (5 classes)"),
    ("seats from nowhere", _with_site("N4", seats=100.0), "PLAN-SITES", "N4 states 100 seats, not 90"),
    (
        "an existing school built",
        _with_site("S5", action="new"),
        "PLAN-SITES",
        "S5 is an existing school and cannot be built new",
    ),
    (
        "a new school's past",
        _with_site("N4", classes_before=2.0),
        "PLAN-SITES",
        "N4 is new and had no 2 classes before",
    ),
    ("a small plot", _with_site("N4", classes=9.0, seats=270.0), "PLAN-SITES", "N4 is built with 9 classes, 6 at most"),
    ("a place nowhere", _with_site("N4", unit_id="V44"), "PLAN-SITES", "N4 lies in unit V44, which does not exist"),
    ("a clause nobody wrote", _with_site("N4", clause="KG-X"), "PLAN-SITES", "N4 rests on KG-X"),
    (
        "people added",
        _with_site("S1", service_population=3600.0),
        "PLAN-NUMBERS",
        "S1 states 3,600.0 residents, which are 3,500.0",
    ),
    (
        "a wider promise",
        _plan(replace(PART, radius_m=3000.0)),
        "PLAN-NUMBERS",
        "kindergarten-rural states 3,000.0 metres of radius, which are 1,500.0",
    ),
    ("children added", _with_site("S1", pupils=80.0), "PLAN-NUMBERS", "S1 states 80.0 pupils, which are 73.5"),
    ("a shorter mean", _with_site("N4", mean_m=300.0), "PLAN-NUMBERS", "N4 states 300.0 mean metres, which are 387.1"),
    ("a shorter way", _with_site("N4", farthest_m=1000.0), "PLAN-NUMBERS", "states 1,000.0 farthest metres, which are"),
    ("a shorter walk", _with_unit("V0", metres=1000.0), "PLAN-NUMBERS", "V0 states 1,000.0 metres, which are 1,100.0"),
    (
        "cover lost",
        _with_unit("V0", covered=900.0),
        "PLAN-NUMBERS",
        "V0 states 900.0 residents covered, which are 1,000",
    ),
    ("a school renamed", _with_site("S1", name="S5"), "PLAN-SITES", "S1 is called S1, not S5"),
    ("a school nowhere", _with_site("S1", x=math.nan), "PLAN-SITES", "S1 was moved by nan m"),
    ("a plot moved", _with_site("N4", x=N4.x + 200.0), "PLAN-SITES", "N4 was moved by 200.00 m"),
    ("a plot of another village", _with_site("N4", unit_id="V5"), "PLAN-SITES", "N4 does not lie in unit V5"),
    (
        "a size unknown",
        _with_site("N4", classes=math.nan, seats=math.nan),
        "PLAN-SITES",
        "N4 is built with nan classes",
    ),
    (
        "uncovered",
        _with_stage("uncovered", value=5.0),
        "PLAN-STAGES",
        "uncovered is stated as 5.00 and adds up to 0.00",
    ),
    ("over", _with_stage("over", value=5.0), "PLAN-STAGES", "over is stated as 5.00 and adds up to 0.00"),
    ("cost", _with_stage("cost", value=3.0, bound=3.0), "PLAN-STAGES", "cost is stated as 3.00 and adds up to 4.00"),
    ("under", _with_stage("under", value=5.0), "PLAN-STAGES", "under is stated as 5.00 and adds up to 0.00"),
    ("walk", _with_stage("walk", value=3e6), "PLAN-STAGES", "adds up to 3,300,000.00"),
    (
        "a goal unheard of",
        _with_stage("under", goal="beauty"),
        "PLAN-STAGES",
        "goals are uncovered, over, cost, beauty",
    ),
    (
        "a bound too high",
        _with_stage("cost", bound=5.0),
        "PLAN-STAGES",
        "cost has a bound of 5.00 above its value 4.00",
    ),
    (
        "a gap belittled",
        _with_stage("cost", bound=3.0, gap=0.1, status="stopped early"),
        "PLAN-STAGES",
        "cost states a gap of 0.100000, which should be 0.250000",
    ),
    ("a proof claimed", _with_stage("cost", bound=3.0, gap=0.25), "PLAN-STAGES", "cost claims to be proved with a gap"),
    (
        "a goal left out",
        _plan(replace(PART, stages=PART.stages[1:])),
        "PLAN-STAGES",
        "goals are over, cost, under, walk",
    ),
    ("no goals at all", _plan(replace(PART, stages=())), "PLAN-STAGES", "asked uncovered, over, cost, under, walk"),
    (
        "a proof without a bound",
        _with_stage("cost", bound=math.nan, gap=math.nan),
        "PLAN-STAGES",
        "cost claims to be proved with a gap of nan",
    ),
    (
        "a value though infeasible",
        _with_stage("cost", value=3.0, bound=math.nan, gap=math.nan, status="infeasible"),
        "PLAN-STAGES",
        "cost is stated as 3.00 and adds up to 4.00",
    ),
    ("goals in another order", _plan(replace(PART, stages=PART.stages[::-1])), "PLAN-STAGES", "goals are walk, under"),
    ("too far", _with_unit("V0", site_id="N4"), "KG-R-REACH", "V0 (1,000 residents, 4100 m)"),
    ("nowhere to go", _with_unit("V0", site_id=""), "KG-R-REACH", "V0 (1,000 residents, no road or no school)"),
    ("too few", _with_unit("V2", site_id="N4"), "KG-R-POP-LOWER", "S1 (2,500 residents)"),
    ("too many", _with_unit("V4", site_id="S1"), "KG-R-POP-UPPER", "S1 (5,400 residents)"),
    ("villages shared badly", _with_unit("V2", site_id="N4"), "KG-R-JOINT", "S1 shared by V0, V1: 2,500 residents"),
    (
        "a large village without",
        _with_site("S5", id="S7", action="new", unit_id="V4"),
        "KG-R-OWN",
        "V5 (6,000 residents)",
    ),
    ("full classes", _with_unit("V5", site_id="N4"), "KG-CLASS", "N4 (63.7 per class)"),  # 9100 x 0.021 / 3
    ("a private new build", _with_site("N4", operator="private"), "KG-R-PUBLIC", "N4 (private)"),
    (
        "another rulebook",
        replace(six_villages.plan(), rulebook="x"),
        "PLAN-PROGRAMMES",
        "the plan follows x, the check",
    ),
    ("another CRS", replace(six_villages.plan(), crs="EPSG:4326"), "PLAN-PROGRAMMES", "the plan is in EPSG:4326"),
    ("a programme lost", replace(six_villages.plan(), parts=()), "PLAN-PROGRAMMES", "kindergarten-rural is missing"),
    (
        "another tier",
        _plan(replace(PART, tier="primary")),
        "PLAN-PROGRAMMES",
        "programme kindergarten-rural asks for kindergarten rural, the plan says primary rural",
    ),
    (
        "another area",
        _plan(replace(PART, area="urban")),
        "PLAN-PROGRAMMES",
        "programme kindergarten-rural asks for kindergarten rural, the plan says kindergarten urban",
    ),
    (
        "a programme twice",
        replace(six_villages.plan(), parts=(PART, PART)),
        "PLAN-PROGRAMMES",
        "programme kindergarten-rural appears more than once",
    ),
    (
        "a programme nobody asked for",
        replace(six_villages.plan(), parts=(PART, replace(PART, programme="junior-rural"))),
        "PLAN-PROGRAMMES",
        "the study has no programme junior-rural",
    ),
]


@pytest.mark.parametrize(("plan", "rule", "sentence"), [row[1:] for row in SPOILED], ids=[row[0] for row in SPOILED])
def test_a_spoiled_plan_is_caught(plan: Plan, rule: str, sentence: str) -> None:
    broken = _broken(plan)
    assert rule in broken
    assert sentence in broken[rule]


def _spoil_only(rule: str) -> list[Any]:
    return [pytest.param(row[1], id=row[0]) for row in SPOILED if row[2] == rule]


@pytest.mark.parametrize("plan", [*_spoil_only("PLAN-NUMBERS"), *_spoil_only("PLAN-STAGES")])
def test_a_wrong_number_breaks_nothing_else(plan: Plan) -> None:
    assert len(_broken(plan)) == 1


def test_the_budget_of_the_study_is_the_one_that_counts() -> None:
    tight = replace(PROJECT.programmes[0], budget=Budget(new=0, extend=1))
    broken = _broken(six_villages.plan(), project=replace(PROJECT, programmes=(tight,)))
    assert broken == {"STUDY-NEW": "1 new builds, at most 0 allowed."}


def test_an_exact_budget_is_broken_from_below_too() -> None:
    exact = replace(PROJECT.programmes[0], budget=Budget(new=2, new_exact=True))
    broken = _broken(six_villages.plan(), project=replace(PROJECT, programmes=(exact,)))
    assert broken == {"STUDY-NEW": "1 new builds, exactly 2 allowed."}


def test_a_new_school_outside_its_unit_is_caught_where_boundaries_are_known() -> None:
    def with_v4(polygon: object) -> StudyArea:
        polygons = tuple(polygon if unit == "V4" else None for unit in AREA.units.id)
        return replace(AREA, units=replace(AREA.units, polygon=polygons))

    around = box(N4.x - 400, N4.y - 400, N4.x + 400, N4.y + 400)
    beside = box(N4.x + 5, N4.y - 400, N4.x + 400, N4.y + 400)
    assert _broken(six_villages.plan(), with_v4(around)) == {}
    assert "N4 does not lie in unit V4" in _broken(six_villages.plan(), with_v4(beside))["PLAN-SITES"]


def test_counted_children_come_before_the_rate() -> None:
    """60 children counted in V0 instead of 21: S1 has 73.5 + 39 = 112.5."""
    counted = AREA.units.residents * math.nan
    counted[0] = 60.0
    area = replace(AREA, units=replace(AREA.units, children={"kindergarten": counted}))
    assert "S1 states 73.5 pupils, which are 112.5" in _broken(six_villages.plan(), area)["PLAN-NUMBERS"]


def test_goals_add_up_in_an_overfull_plan() -> None:
    """All of V0-V4 to S1: 6600 residents, 138.6 children on 120 seats; N4 stands empty.

    over = 6600 - 5000 + 138.6 - 120 = 1618.6; under = 3000 (N4). Beyond 1500 m of S1: V3 (1800 and 2200 m) and V4.
    """
    part = replace(PART, assignments=tuple(_to_s1(one) for one in PART.assignments))
    said = _broken(_plan(part))["PLAN-STAGES"]
    assert "over is stated as 0.00 and adds up to 1,618.60" in said
    assert "under is stated as 0.00 and adds up to 3,000.00" in said
    assert "uncovered is stated as 0.00 and adds up to 3,100.00" in said


def _to_s1(one: Any) -> Any:
    return replace(one, site_id="S1") if one.site_id == "N4" else one


def test_many_flaws_are_counted_and_a_few_told() -> None:
    check = _verify(_plan(replace(PART, assignments=())))["PLAN-UNITS"]
    assert check.measured == 9.0  # 6 units missing, 3 schools with lists of their own
    assert check.evidence.en.endswith("and 4 more.")


def _unsolved() -> Plan:
    stages = tuple(replace(s, value=math.nan, bound=math.nan, gap=math.nan, status="infeasible") for s in PART.stages)
    return _plan(replace(PART, stages=stages))


def test_a_stage_without_a_plan_has_no_value_to_add_up() -> None:
    assert "PLAN-STAGES" not in _broken(_unsolved())


def _check_all(spoil: Callable[[], Plan]) -> tuple[Check, ...]:
    return verify(spoil(), AREA, PROJECT, BOOK)


def test_the_same_plan_gives_the_same_verdict() -> None:
    first, second = _check_all(six_villages.plan), _check_all(six_villages.plan)
    assert [check.evidence for check in first] == [check.evidence for check in second]
