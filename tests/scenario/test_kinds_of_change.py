"""Each kind of change on six villages, with what follows worked out by hand; see ``six_villages`` for the base."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import scenario_cases as cases
from scenario_cases import X0, Y0, actions, changed, planned, values

from siting.scenario.kinds import KINDS
from siting.verify import verify

FORBID = '[[change]]\nkind = "forbid_site"\nsite = "N4"\ntier = "kindergarten"\nreason = "sold"\n'
REQUIRE = FORBID.replace("forbid_site", "require_site")
BUDGET = '[[change]]\nkind = "change_budget"\nprogramme = "kindergarten-rural"\nbudget = "{}"\n'


def test_a_kind_is_a_module_of_its_own() -> None:
    assert len(KINDS) == 14


def test_the_base_is_never_touched(tmp_path: Path) -> None:
    base, before = cases.base(), cases.base()
    changes = (
        f'{FORBID}[[change]]\nkind = "change_births"\nfactor = 0.5\n[[change]]\nkind = "close_school"\nschool = "S1"\n'
    )
    changed(tmp_path, changes + 'reason = "few"\n', of=base)
    for name in ("units", "points", "schools", "candidates", "roads"):
        assert cases.same(getattr(base.area, name), getattr(before.area, name))
    assert base.project == before.project


def test_a_scenario_without_changes_is_the_base(tmp_path: Path) -> None:
    base = cases.base()
    scenario = replace(cases.scenario(tmp_path, FORBID), changes=())
    assert cases.applied(base, scenario) is base


def test_a_forbidden_plot_is_left_empty(tmp_path: Path) -> None:
    """Without N4 nobody covers V3, 1800 m and more from S5 and S1: 1200 people."""
    plan = planned(changed(tmp_path, FORBID))
    assert actions(plan) == {"S1": "keep", "S5": "extend"}
    assert values(plan)["uncovered"] == 1200.0


def test_a_forbidden_school_does_not_grow(tmp_path: Path) -> None:
    """S5 has 90 seats for the 126 children of V5: 36 stay without."""
    plan = planned(changed(tmp_path, FORBID.replace("N4", "S5")))
    assert actions(plan)["S5"] == "keep"
    assert values(plan)["over"] == pytest.approx(36.0)


def test_a_required_plot_is_built_and_counted(tmp_path: Path) -> None:
    """Coverage last and cost first, the base builds nothing; required, N4 costs its 3 points in value and bound."""
    goals = '[[change]]\nkind = "change_goals"\norder = ["cost", "uncovered", "over", "under", "walk"]\n'
    free, bound = planned(changed(tmp_path, goals)), changed(tmp_path, goals + REQUIRE)
    plan = planned(bound)
    assert actions(free) == {"S1": "keep", "S5": "keep"}
    assert actions(plan) == {"S1": "keep", "S5": "keep", "N4": "new"}
    stages = {stage.goal: stage for stage in plan.parts[0].stages}
    assert (stages["cost"].value, stages["cost"].bound, stages["cost"].gap) == (3.0, 3.0, 0.0)
    assert "规定建设：sold" in next(site.reason.zh for site in plan.parts[0].sites if site.id == "N4")


def test_what_is_required_passes_the_verifier_and_what_is_not_built_does_not(tmp_path: Path) -> None:
    base = changed(tmp_path, REQUIRE)
    checks = verify(planned(base), base.area, base.project, base.book)
    assert [check.rule for check in checks if check.kept is False] == []
    assert "PLAN-LOCKS" in {check.rule for check in checks}
    without = verify(planned(cases.base()), base.area, changed(tmp_path, FORBID).project, base.book)
    assert [check.where for check in without if check.rule == "PLAN-LOCKS"] == [("N4",)]


COST_FIRST = '[[change]]\nkind = "change_goals"\norder = ["cost", "uncovered", "over", "under", "walk"]\n'
GROW = REQUIRE.replace("N4", "S5")


def test_a_required_extension_is_done_and_counted(tmp_path: Path) -> None:
    """Cost first, the base does nothing. S5 extended has 180 seats, room for 180 / 0.021 = 8571 people: V4 and V5,
    7900, fit, and V4 walks 1000 m to it where else it would walk 3000 to S1 (S5 holds 5000, and V5 fills it alone)."""
    base = changed(tmp_path, COST_FIRST + GROW)
    plan = planned(base)
    assert actions(plan) == {"S1": "keep", "S5": "extend"}
    stages = {stage.goal: stage for stage in plan.parts[0].stages}
    assert (stages["cost"].value, stages["cost"].bound, stages["cost"].gap) == (1.0, 1.0, 0.0)
    site = next(site for site in plan.parts[0].sites if site.id == "S5")
    assert (site.classes_before, site.classes, site.seats) == (3.0, 6.0, 180.0)
    assert {"V4", "V5"} <= set(site.units) and stages["over"].value == 0.0
    assert site.reason.zh.startswith("规定扩建：sold。服务 ") and site.clause.startswith("KG-")
    checks = verify(plan, base.area, base.project, base.book)
    assert [check.rule for check in checks if check.rule.startswith("PLAN-") and not check.kept] == []


def test_a_required_extension_is_more_classes_than_today_even_for_nobody(tmp_path: Path) -> None:
    """Births at a tenth: S5 has 90 seats for 13 children, and grows to 4 classes, the next size, all the same."""
    births = '[[change]]\nkind = "change_births"\nfactor = 0.1\n'
    assert actions(planned(changed(tmp_path, births)))["S5"] == "keep"
    (part,) = planned(changed(tmp_path, births + GROW)).parts
    assert [(site.action, site.classes) for site in part.sites if site.id == "S5"] == [("extend", 4.0)]


def test_a_required_extension_uses_up_the_budget(tmp_path: Path) -> None:
    for budget in ("new <= 1, extend <= 1", "new <= 1, extend = 1"):
        base = changed(tmp_path, BUDGET.format(budget) + GROW)
        plan = planned(base)
        assert plan.parts[0].count("extend") == 1 and plan.parts[0].shortfalls == ()
        assert values(plan) == values(planned(cases.base()))
        assert [check.rule for check in verify(plan, base.area, base.project, base.book) if check.kept is False] == []
    assert cases.faults_of(tmp_path, BUDGET.format("new <= 1, extend <= 0") + GROW) == [
        "case.toml: [[change]] 2: require_site: 1 extensions are required, and the budget of kindergarten-rural is 0. "
        "Require fewer, or raise it with change_budget, in a phase with `budget`."
    ]


def test_a_plan_that_leaves_out_a_required_extension_is_caught(tmp_path: Path) -> None:
    base = changed(tmp_path, GROW)
    without = planned(changed(tmp_path, FORBID.replace("N4", "S5")))
    (told,) = (check for check in verify(without, base.area, base.project, base.book) if check.rule == "PLAN-LOCKS")
    assert (told.kept, told.where) == (False, ("S5",))
    assert told.evidence.zh == "S5 规定扩建，方案却没有扩建（sold）。"


def test_a_required_plot_uses_up_the_budget(tmp_path: Path) -> None:
    base = changed(tmp_path, BUDGET.format("new = 1") + REQUIRE)
    assert planned(base).parts[0].count("new") == 1
    assert cases.faults_of(tmp_path, BUDGET.format("new <= 0") + REQUIRE) == [
        "case.toml: [[change]] 2: require_site: 1 new builds are required, and the budget of kindergarten-rural is 0. "
        "Require fewer, or raise it with change_budget, in a phase with `budget`."
    ]


def test_a_locked_site_stays_as_the_base_has_it(tmp_path: Path) -> None:
    lock, base_plan = FORBID.replace("forbid_site", "lock_site"), planned(cases.base())
    (built,) = changed(tmp_path, lock, base_plan).project.locks
    (kept,) = changed(tmp_path, lock.replace("N4", "S1"), base_plan).project.locks
    (grown,) = changed(tmp_path, lock.replace("N4", "S5"), base_plan).project.locks
    assert (built.word, kept.word, grown.word) == ("require", "forbid", "require")
    again = planned(changed(tmp_path, lock + lock.replace("N4", "S5"), base_plan))
    assert (actions(again), values(again)) == (actions(base_plan), values(base_plan))


def test_a_closed_school_is_gone_and_needs_a_hearing(tmp_path: Path) -> None:
    """V0, V1 and V2 lose S1; N4 takes them at 3900, 3000 and 2000 m, all beyond 1500 m: 3500 people."""
    base = changed(tmp_path, '[[change]]\nkind = "close_school"\nschool = "S1"\nreason = "few pupils"\n')
    assert "S1" not in base.area.schools.id
    assert [remark.what.zh for remark in base.area.remarks] == ["撤并 S1（few pupils）：须先听证。"]
    assert values(planned(base))["uncovered"] == 3500.0


def test_a_converted_school_changes_tier(tmp_path: Path) -> None:
    convert = '[[change]]\nkind = "convert_school"\nschool = "S1"\ntier = "kindergarten"\nto = "primary"\nclasses = 6\n'
    schools = changed(tmp_path, f'{convert}reason = "few"\n').area.schools
    row = schools.id.index("S1")
    assert (schools.tier[row], schools.classes[row], schools.max_classes[row]) == ("primary", 6.0, 6.0)
    assert np.isnan(schools.seats[row])


def test_births_scale_the_pupils_of_the_tiers_named(tmp_path: Path) -> None:
    """Half of 126 children fit the 90 seats of S5: no extension, cost 3."""
    base = changed(tmp_path, '[[change]]\nkind = "change_births"\nfactor = 0.5\ntiers = ["幼儿园"]\n')
    assert base.project.pupils_per_1000 == {"kindergarten": 10.5}
    assert values(planned(base))["cost"] == 3.0
    other = '[[change]]\nkind = "change_births"\nfactor = 0.5\ntiers = ["primary"]\n'
    assert "no programme plans for primary" in cases.faults_of(tmp_path, other)[0]


def test_enrolment_of_a_township_is_written_down(tmp_path: Path) -> None:
    base = changed(tmp_path, '[[change]]\nkind = "change_enrolment"\nfactor = 2\ntownships = ["留早镇"]\n')
    assert base.area.units.children["kindergarten"][0] == pytest.approx(2 * 21.0)
    assert base.project.pupils_per_1000 == {"kindergarten": 21.0}


def test_migration_moves_people_and_their_places(tmp_path: Path) -> None:
    area = changed(tmp_path, '[[change]]\nkind = "change_migration"\nfactor = 1.5\n').area
    assert area.units.residents.sum() == pytest.approx(1.5 * 16_600.0)
    assert area.points.residents.sum() == pytest.approx(1.5 * 16_600.0)


def test_a_rule_gets_another_number(tmp_path: Path) -> None:
    rule = '[[change]]\nkind = "change_rule"\nrule = "KG-R-REACH"\nparameter = "value"\nvalue = 1900\n'
    base = changed(tmp_path, rule)
    changed_rule = next(rule for rule in base.book.rules if rule.id == "KG-R-REACH")
    assert changed_rule.value == 1900.0 and "情景" in changed_rule.says.zh
    assert planned(base).parts[0].radius_m == 1900.0


def test_a_bridge_shortens_the_walk_and_no_house_stands_on_it(tmp_path: Path) -> None:
    """V0 lies 100 m beside the road's beginning. The bridge over the fields passes its door, and it does not use it."""
    bridge = f"[[{X0}, {Y0 + 5}], [{X0 + 500}, {Y0 + 100}], [{X0 + 1000}, {Y0 + 5}]]"
    base = changed(tmp_path, f'[[change]]\nkind = "add_road"\nline = {bridge}\ncrs = "EPSG:4547"\n')
    assert len(base.area.roads.tail) == 6 + 4
    assert values(planned(base))["walk"] == 3_300_000.0


def test_a_shorter_way_is_used(tmp_path: Path) -> None:
    """The road cut between V1 and V2 and bridged again, no walk is longer than before."""
    cut = f'[[change]]\nkind = "remove_road"\nfrom = [{X0 + 1400}, {Y0}]\nto = [{X0 + 1600}, {Y0}]\ncrs = "EPSG:4547"\n'
    link = f'[[change]]\nkind = "add_road"\nline = [[{X0 + 1400}, {Y0}], [{X0 + 1600}, {Y0}]]\ncrs = "EPSG:4547"\n'
    alone, again = planned(changed(tmp_path, cut)), planned(changed(tmp_path, cut + link))
    assert values(again)["walk"] == pytest.approx(3_300_000.0)
    assert values(alone)["walk"] > 3_300_000.0


def test_a_road_within_a_polygon_is_gone(tmp_path: Path) -> None:
    """Of each of two edges 300 m lie within: 600 m of 6000 m."""
    ground = f"[[{X0 + 700}, {Y0 - 9}], [{X0 + 1300}, {Y0 - 9}], [{X0 + 1300}, {Y0 + 9}], [{X0 + 700}, {Y0 + 9}]]"
    roads = changed(tmp_path, f'[[change]]\nkind = "remove_road"\npolygon = {ground}\ncrs = "EPSG:4547"\n').area.roads
    assert roads.length_m.sum() == pytest.approx(5400.0)
    assert roads.x.min() == X0 and len(roads.x) == 8


def test_an_estate_brings_people_and_a_plot(tmp_path: Path) -> None:
    """800 homes x 2.9 x 90 % = 2088 people; 70 % come from the county, which grows by 626."""
    base = changed(tmp_path, ESTATE)
    study, faults = cases.prepared(base)
    assert faults == ()
    units = study.area.units
    row = units.name.index("新城")
    assert units.residents[row] == pytest.approx(2088.0)
    assert units.residents.sum() == pytest.approx(16_600.0 + 0.3 * 2088.0)
    assert "estate:新城" in study.area.candidates.id


ESTATE = f"""[[change]]
kind = "add_estate"
name = "新城"
x = {X0 + 2500}
y = {Y0 + 50}
crs = "EPSG:4547"
phases = [{{ delivered = "2027-09", dwellings = 500 }}, {{ delivered = 2028-06-01, dwellings = 300 }}]
land = {{ tiers = ["幼儿园"], max_classes = 9, opens = "2028-09" }}
"""
