from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import six_villages
from location.brute import all_values, best

from siting.blocks import divide
from siting.location import solve
from siting.network.build import build_network
from siting.network.snapping import snap
from siting.plan import TierPlan
from siting.programme import Ground, plan_programme
from siting.programme.question import ask
from siting.programme.sizes import fitting, largest_extension, largest_new
from siting.progress import quietly
from siting.project import Budget, Lock, Programme
from siting.rules.book import read_rulebook
from siting.rules.gather import terms_for
from siting.rules.terms import Terms
from siting.study import StudyArea
from siting.verify import verify
from siting.words import both

PROJECT = six_villages.project()
RURAL = PROJECT.programmes[0]
BOOK = read_rulebook("dingzhou-2021")


def _ground(area: StudyArea) -> Ground:
    network = build_network(area.roads)
    return Ground(area, network, snap(network, area.points.x, area.points.y))


def _planned(area: StudyArea, programme: Programme = RURAL) -> TierPlan:
    return plan_programme(_ground(area), programme, PROJECT, BOOK, 10.0, quietly)


def _serves(part: TierPlan) -> dict[str, set[str]]:
    return {site.id: set(site.units) for site in part.sites}


def test_six_villages_are_planned_as_on_paper() -> None:
    """See six_villages: every number there is worked out by hand."""
    part = _planned(six_villages.study_area())
    assert _serves(part) == {school: set(units) for school, units in six_villages.MEMBERS.items()}
    values = {stage.goal: (stage.value, stage.bound) for stage in part.stages}
    assert values["uncovered"] == (0.0, 0.0)
    assert values["over"] == (0.0, 0.0)
    assert values["cost"] == (4.0, 4.0)
    assert values["walk"] == pytest.approx((3_300_000.0, 3_300_000.0))
    assert {site.id: (site.action, site.classes) for site in part.sites} == {
        "S1": ("keep", 4.0),
        "S5": ("extend", 6.0),
        "N4": ("new", 3.0),
    }


def test_what_is_planned_passes_the_verifier() -> None:
    area = six_villages.study_area()
    plan = replace(six_villages.plan(), parts=(_planned(area),))
    assert [check.rule for check in verify(plan, area, PROJECT, BOOK) if check.kept is False] == []


def test_a_new_school_says_why_and_what_is_lost_without_it() -> None:
    new = next(site for site in _planned(six_villages.study_area()).sites if site.action == "new")
    # S5 at 5000 m covers V4 (1000 m away) and nobody of V3 (1800 and 2200 m); S1 covers neither: V3 is 1800 m off.
    assert "服务 2 个单元 3,100 人" in new.reason.zh
    assert "1,200 人现状 1500 米内无校" in new.reason.zh
    assert "不建则 1,200 人在 1500 米内无校" in new.reason.zh
    assert new.clause == "KG-R-REACH"


def test_a_new_school_where_no_distance_is_promised() -> None:
    """C6 is the only unit in town; its kindergarten made private, it has none: a clause, but no radius."""
    area = six_villages.study_area()
    area = replace(area, schools=replace(area.schools, operator=("private",) * len(area.schools)))
    plot = replace(
        area.candidates, id=("N6",), name=("城东",), unit=np.array([6]), x=area.units.x[6:], y=area.units.y[6:]
    )
    urban = replace(RURAL, key="kg-urban", area="urban")
    (new,) = _planned(replace(area, candidates=plot), urban).sites
    assert "服务 1 个单元 4,000 人" in new.reason.zh
    assert "其中 4,000 人现状在可分配的距离内无校。" in new.reason.zh
    assert "inf" not in new.reason.zh + new.reason.en
    assert new.clause.startswith("KG-U-")


def test_no_new_builds_names_the_clause_that_gives_way() -> None:
    part = _planned(six_villages.study_area(), replace(RURAL, budget=Budget(new=0)))
    told = " ".join(said.zh for said in part.shortfalls)
    assert "KG-R-REACH 让步：1 个单元 1,200 人在 1500 米以外：V3（1,200 人）" in told
    assert "可由增加新建名额（现 0 所）覆盖" in told


def test_an_exact_count_that_cannot_be_had_is_answered() -> None:
    part = _planned(six_villages.study_area(), replace(RURAL, budget=Budget(new=3, new_exact=True)))
    assert part.count("new") == 1
    assert any("要求新建 3 所，可行的只有 1 所" in said.zh for said in part.shortfalls)


def test_a_village_no_road_leads_to_is_named() -> None:
    area = six_villages.study_area()
    roads = area.roads
    # Cut the road between V2 and V3, and again between V4 and V5: V3 and V4 keep N4 alone; C6 stays with V5.
    kept = np.array([0, 1, 3, 5])
    cut = replace(roads, tail=roads.tail[kept], head=roads.head[kept], length_m=roads.length_m[kept],
                  road_class=roads.road_class[kept])  # fmt: skip
    away = replace(
        area, roads=cut, candidates=replace(area.candidates, x=area.candidates.x - 3000.0, unit=np.array([1]))
    )
    part = _planned(away)
    assert [given.unit_id for given in part.assignments if not given.site_id] == ["V3", "V4"]
    assert any("2 个单元没有可分配的学校：V4（1,900 人）、V3（1,200 人）" in said.zh for said in part.shortfalls)
    assert part.stages[0].value == 3100.0


def test_beyond_the_longest_road_the_nearest_sites_are_looked_for() -> None:
    """At 400 m only a village's own site is in reach; V0, V2 and V3 still get the nearest ones."""
    area = six_villages.study_area()
    one = ask(_ground(area), replace(RURAL, assign_limit_m=400.0), terms_for(BOOK, RURAL), PROJECT).instance
    reached = {one.unit_id[i]: [one.site_id[j] for j in one.arcs.site[one.arcs.unit == i]] for i in range(6)}
    assert reached["V1"] == ["S1"]
    assert reached["V4"] == ["N4"]
    assert reached["V0"] == ["S1"], "1100 m; N4 is 4100 m away, more than ten times the limit"
    assert reached["V3"] == ["N4", "S1", "S5"], "1000 m on average, then 2000 and 2000 m"


def test_one_far_hut_does_not_cut_off_its_village() -> None:
    """V4 has 1890 people at its seat and 10 in a hut 3500 m west: (10 x 3500) / 1900 = 18.4 m from N4 on average."""
    area = six_villages.study_area()
    points = area.points
    hut = replace(
        points,
        unit=np.append(points.unit, 4),
        x=np.append(points.x, six_villages.X0 + 500.0),
        y=np.append(points.y, six_villages.Y0),
        residents=np.append(np.where(points.unit == 4, 1890.0, points.residents), 10.0),
    )
    one = ask(_ground(replace(area, points=hut)), RURAL, terms_for(BOOK, RURAL), PROJECT).instance
    to_n4 = (one.arcs.unit == 4) & (one.arcs.site == 2)
    assert one.arcs.metres[to_n4] == pytest.approx(35_000 / 1900)
    assert one.arcs.uncovered[to_n4] == pytest.approx(10.0)


def test_a_large_village_keeps_to_its_own_school() -> None:
    """V5 (6000) could be covered by N4, 1000 m away; with S5 in it, it may only go there."""
    one = ask(_ground(six_villages.study_area()), RURAL, terms_for(BOOK, RURAL), PROJECT).instance
    arcs = one.arcs.unit == one.unit_id.index("V5")
    assert [one.site_id[j] for j in one.arcs.site[arcs]] == ["S5"]


def test_private_kindergartens_are_no_sites() -> None:
    one = ask(_ground(six_villages.study_area()), RURAL, terms_for(BOOK, RURAL), PROJECT).instance
    assert one.site_id == ("S1", "S5", "N4")
    assert one.upper.tolist() == [5000.0] * 3
    # S5 grows to 6 classes of 30: 180 seats, which at 21 children per 1000 are 180 / 0.021 = 8571 people.
    assert one.extended_seats[1] == 180.0
    assert one.extended_upper.tolist() == pytest.approx([5000.0, 180 / 0.021, 5000.0])


def _crowded(seed: int) -> StudyArea:
    """The six villages with other numbers of people; S1 can grow too."""
    area, draw = six_villages.study_area(), np.random.default_rng(seed)
    residents = draw.integers(3, 60, 7) * 100.0
    shares = area.points.residents / area.units.residents[area.points.unit]
    return replace(
        area,
        units=replace(area.units, residents=residents),
        points=replace(area.points, residents=shares * residents[area.points.unit]),
        schools=replace(area.schools, max_classes=np.array([9.0, 6, 1, 6])),
    )


@pytest.mark.parametrize("seed", range(12))
def test_a_required_extension_is_the_best_of_all_plans_that_have_it(seed: int) -> None:
    """Every decision of the free question tried; those that extend S5 are left. The budget counts it."""
    ground, terms = _ground(_crowded(seed)), terms_for(BOOK, RURAL)
    terms = replace(terms, new=1, extend=1 + seed % 2, extend_exact=seed % 3 == 0)
    promise = Lock("S5", "kindergarten", "require", both("promised"))
    free, bound = (ask(ground, RURAL, terms, replace(PROJECT, locks=locks)) for locks in ((), (promise,)))
    solution = solve(bound.instance, 60.0)
    values = all_values(free.instance, lambda grown: grown[free.sites.id.index("S5")])
    assert [stage.value for stage in solution.stages] == pytest.approx(best(values), rel=1e-6, abs=1e-3)
    assert {stage.status for stage in solution.stages} == {"optimal"}
    assert bound.is_extended(solution.decision)[bound.sites.id.index("S5")]


def test_sizes_follow_the_menu() -> None:
    terms = Terms(menu=(3, 6, 9), class_size=30.0)
    assert largest_new(terms, math.nan) == 9.0
    assert largest_new(terms, 7.0) == 6.0
    assert largest_new(terms, 2.0) == 0.0, "a plot too small for any school"
    assert largest_extension(terms, 3.0, 6.0) == 6.0
    assert math.isnan(largest_extension(terms, 6.0, 8.0)), "no size between 6 and 8"
    assert math.isnan(largest_extension(terms, 3.0, math.nan)), "nobody said how far it can grow"
    assert fitting(terms, 90.0, 0.0, 9.0) == 3.0
    assert fitting(terms, 90.1, 0.0, 9.0) == 6.0
    assert fitting(terms, 10.0, 3.0, 9.0) == 6.0, "an extension has more classes than today"
    assert fitting(terms, 999.0, 0.0, 6.0) == 6.0, "the largest where none is enough"
    assert fitting(Terms(class_size=30.0), 95.0, 0.0, math.nan) == 4.0


def test_without_a_menu_no_school_is_built_larger_than_its_plot() -> None:
    """400 children per 1000: N4 would serve 1240 in 42 classes of 30, but its plot takes 6, and S5 grows to 6."""
    area, crowded = six_villages.study_area(), replace(PROJECT, pupils_per_1000={"kindergarten": 400.0})
    book = replace(BOOK, rules=tuple(rule for rule in BOOK.rules if rule.kind != "class_menu"))
    part = plan_programme(_ground(area), RURAL, crowded, book, 10.0, quietly)
    assert {site.id: site.classes for site in part.sites} == {"S1": 4.0, "S5": 6.0, "N4": 6.0}
    plan = replace(six_villages.plan(), parts=(part,))
    told = {check.rule: check.kept for check in verify(plan, area, crowded, book)}
    assert {rule for rule, kept in told.items() if rule.startswith("PLAN-") and not kept} == set()
    # 12,600 residents have 5040 children; S1 has 120 seats, S5 and N4 180 each: 4560 are without one.
    assert next(stage.value for stage in part.stages if stage.goal == "over") >= 0.4 * 12_600 - 480


def test_an_area_without_units_is_answered_with_nothing() -> None:
    area = six_villages.study_area()
    town = replace(RURAL, key="kindergarten-town", area="town")
    part = _planned(area, town)
    assert (part.sites, part.assignments) == ((), ())
    assert [(stage.value, stage.status) for stage in part.stages] == [(0.0, "optimal")] * 5
    asked = replace(PROJECT, programmes=(town,))
    checks = verify(replace(six_villages.plan(), parts=(part,)), area, asked, BOOK)
    assert [check.rule for check in checks if check.kept is False] == []


def test_whom_the_budget_leaves_without_a_school_can_be_cured_by_the_budget() -> None:
    """Within 400 m V4 has the plot N4 alone, and no new build is allowed."""
    area = six_villages.study_area()
    area = replace(area, schools=replace(area.schools, operator=("public", "private", "private", "public")))
    no_new = replace(RURAL, budget=Budget(new=0), assign_limit_m=400.0)
    part = _planned(area, no_new)
    assert [given.unit_id for given in part.assignments if not given.site_id] == ["V4"]
    told = " ".join(said.zh for said in part.shortfalls)
    assert "1 个单元附近只有备选地块，名额之内未建：V4（1,900 人）。可增加新建名额（现 0 所）。" in told
    assert "请核对道路" not in told


def test_blocks_of_a_divided_village_exceed_the_bound_together_for_planner_and_verifier() -> None:
    """V5 in two blocks of 3000 for the sake of another programme: at S5, which cannot grow, they are 1000 too many."""
    area = six_villages.study_area()
    points, schools = area.points, area.schools
    home = points.unit == 5
    people = np.where(home, 3000.0, points.residents)
    twice = replace(
        points,
        unit=np.append(points.unit, 5),
        x=np.append(points.x, points.x[home] + 50.0),
        y=np.append(points.y, points.y[home]),
        residents=np.append(people, 3000.0),
    )
    schools = replace(schools, classes=np.full(4, 6.0), max_classes=np.full(4, 6.0), seats=np.full(4, 180.0))
    limit = np.where(area.units.residents == 6000.0, 5000.0, np.inf)
    divided = divide(replace(area, points=twice, schools=schools), limit)
    part = _planned(divided)
    assert next(stage.value for stage in part.stages if stage.goal == "over") == 1000.0
    plan = replace(six_villages.plan(), parts=(part,))
    broken = {check.rule for check in verify(plan, divided, PROJECT, BOOK) if check.kept is False}
    assert broken & {"PLAN-UNITS", "PLAN-SITES", "PLAN-NUMBERS", "PLAN-STAGES"} == set()
