"""Two plans of a county small enough for paper; what each sum is made of stands in two_plans."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
import two_plans

from siting.comparison import Comparison, compare, comparison_to_json
from siting.comparison.records import ProgrammeComparison
from siting.plan import Site
from siting.study import StudyArea


@pytest.fixture(scope="module")
def made() -> Comparison:
    return compare(two_plans.base(), two_plans.other(), ("现方案", "新小区"))


@pytest.fixture(scope="module")
def one(made: Comparison) -> ProgrammeComparison:
    (programme,) = made.programmes
    return programme


def test_every_figure_in_both_plans(one: ProgrammeComparison) -> None:
    found = {pair.key: (pair.base, pair.other) for pair in one.figures}
    assert found["uncovered"] == (1700, 3000)
    assert found["uncovered_bound"] == (1700, 2000)
    assert found["cost"] == (4, 3)
    assert found["covered_share"] == pytest.approx((9100 / 10800, 8300 / 11300))
    assert found["residents"] == (10800, 11300)
    assert found["pupils"] == (20 + 66 + 102, 63 + 72 + 63)
    assert found["schools"] == (3, 3)
    assert (found["new"], found["extend"], found["cost_points"]) == ((1, 1), (1, 0), (4, 3))
    assert found["seats"] == (90 + 180 + 180, 90 + 180 + 90)
    assert found["seats_added"] == (180 + 45, 180)
    assert found["money_wan_yuan"] == pytest.approx((225 * 4.27, 180 * 4.27))
    assert found["fill_share"] == pytest.approx((188 / 450, 198 / 360))
    assert found["pupils_per_school"] == pytest.approx((188 / 3, 66))
    assert found["below_band"] == (1, 0)
    assert found["above_band"] == (1, 0)
    assert all(pair.difference == pair.other - pair.base for pair in one.figures)


def test_equity_in_both_plans(one: ProgrammeComparison) -> None:
    """Base: 3700 people walk nothing, 5400 a kilometre, 1700 two.
    Other: 1000 + 1500 + 1600 nothing, 1100 + 1400 + 1700 a kilometre, 1200 + 1300 + 500 two."""
    found = {pair.key: (pair.base, pair.other) for pair in one.equity}
    assert found["mean_m"] == pytest.approx((8800 / 10.8, 10200 / 11.3))
    assert found["median_m"] == (1000, 1000)
    assert found["p90_m"] == (2000, 2000)
    assert found["worst_m"] == (2000, 2000)
    assert found["beyond_share"] == pytest.approx((1700 / 10800, 3000 / 11300))


def test_sites_gained_lost_changed_and_kept(one: ProgrammeComparison) -> None:
    assert [(site.change, site.base_id, site.other_id) for site in one.sites] == [
        ("gained", "", "N6"), ("lost", "N2", ""), ("changed", "S5", "S5"), ("kept", "S0", "S0"),
    ]  # fmt: skip
    changed = one.sites[2]
    assert (changed.base_action, changed.other_action) == ("extend", "keep")
    assert (changed.base_classes, changed.other_classes, changed.moved_m) == (6, 3, 0)
    assert (changed.base_residents, changed.other_residents) == (6200, 4200)


def test_units_that_change_school(one: ProgrammeComparison) -> None:
    found = {unit.unit_id: (unit.base_site, unit.other_site, unit.base_m, unit.other_m) for unit in one.units}
    assert found == {
        "V7": ("S5", "N6", 2000, 1000),
        "V6": ("S5", "N6", 1000, 0),
        "V3": ("N2", "S5", 1000, 2000),
        "V2": ("N2", "S0", 0, 2000),
        "V1": ("N2", "S0", 1000, 1000),
    }
    assert [unit.residents for unit in one.units] == sorted((unit.residents for unit in one.units), reverse=True)


def test_people_gaining_and_losing_reach_by_village(one: ProgrammeComparison) -> None:
    found = {village.village_id: (village.gained, village.lost) for village in one.reach}
    assert found == {"V7": (1700, 0), "V3": (0, 1300), "V2": (0, 1200)}


def test_an_estate_is_told_apart_and_is_no_change(one: ProgrammeComparison) -> None:
    assert [(unit.unit_id, unit.residents, unit.where) for unit in one.apart] == [("E8", 500, "other")]
    assert "E8" not in {unit.unit_id for unit in one.units} | {village.village_id for village in one.reach}


def test_the_worst_served_by_name(one: ProgrammeComparison) -> None:
    assert [village.village_id for village in one.base_worst[:2]] == ["V7", "V1"]
    assert [village.name for village in one.other_worst[:3]] == ["新苑小区", "第2村", "第3村"]


def test_totals_of_one_programme_are_its_own(made: Comparison, one: ProgrammeComparison) -> None:
    figures = {pair.key: pair for pair in one.figures}
    assert made.totals
    assert all(total == figures[total.key] for total in made.totals)


def test_a_plan_compared_with_itself_differs_in_nothing() -> None:
    (one,) = compare(two_plans.base(), two_plans.base()).programmes
    assert {site.change for site in one.sites} == {"kept"}
    assert (one.units, one.reach, one.apart) == ((), (), ())
    assert all(pair.difference == 0 or math.isnan(pair.difference) for pair in (*one.figures, *one.equity))


def test_the_other_way_round_gained_is_lost(one: ProgrammeComparison) -> None:
    (back,) = compare(two_plans.other(), two_plans.base()).programmes
    assert (back.count("gained"), back.count("lost")) == (one.count("lost"), one.count("gained"))
    assert {unit.unit_id for unit in back.units} == {unit.unit_id for unit in one.units}
    assert sum(village.lost for village in back.reach) == sum(village.gained for village in one.reach)


def _with_site(made: two_plans.Made, old: str, **changes: object) -> two_plans.Made:
    (part,) = made.plan.parts

    def altered(site: Site) -> Site:
        return replace(site, **changes) if site.id == old else site  # type: ignore[arg-type]

    new = str(changes.get("id", old))
    given = tuple(replace(one, site_id=new) if one.site_id == old else one for one in part.assignments)
    part = replace(part, sites=tuple(map(altered, part.sites)), assignments=given)
    return replace(made, plan=replace(made.plan, parts=(part,)))


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"id": "N2-b", "x": two_plans.X0 + 2003.0}, 3),
        ({"id": "N2-b", "x": two_plans.X0 + 2030.0}, 2),
        ({"x": two_plans.X0 + 2150.0}, 3),
        ({"x": two_plans.X0 + 2400.0}, 2),
    ],
    ids=["3 m away under another id", "30 m away under another id", "150 m away, same id", "400 m away, same id"],
)
def test_candidates_are_one_by_id_or_within_a_few_metres(changes: dict[str, object], kept: int) -> None:
    (one,) = compare(two_plans.base(), _with_site(two_plans.base(), "N2", **changes)).programmes
    assert one.count("kept") == kept
    assert len(one.units) == (0 if kept == 3 else 3)


def test_a_unit_without_a_school_has_changed_school() -> None:
    base = two_plans.base()
    (part,) = base.plan.parts
    given = tuple(
        replace(one, site_id="", metres=math.inf, covered=0.0) if one.unit_id == "V0" else one
        for one in part.assignments
    )
    other = replace(base, plan=replace(base.plan, parts=(replace(part, assignments=given),)))
    (one,) = compare(base, other).programmes
    assert [(unit.unit_id, unit.other_site, unit.other_m) for unit in one.units] == [("V0", "", math.inf)]
    assert {pair.key: pair.other for pair in one.equity}["worst_m"] == math.inf


def _divided(area: StudyArea, village: str) -> StudyArea:
    """The place with its first two units called blocks of one village."""
    units = area.units
    return replace(area, units=replace(units, part_of=(village, village, *units.part_of[2:])))


def test_a_community_divided_otherwise_has_no_blocks_in_common() -> None:
    base, other = two_plans.base(), two_plans.other()
    other = replace(other, area=_divided(other.area, "V0"))
    (one,) = compare(base, other).programmes
    assert {(unit.unit_id, unit.where) for unit in one.apart} == {
        ("E8", "other"), ("V0", "base"), ("V0", "other"), ("V1", "base"), ("V1", "other"),
    }  # fmt: skip
    assert "V1" not in {unit.unit_id for unit in one.units}


def test_people_gained_are_counted_with_the_residents_of_the_other_plan() -> None:
    """Half as many people everywhere: who gains and loses are half as many, and fewer people are no loss of reach."""
    base, other = two_plans.base(), two_plans.other()
    units = replace(other.area.units, residents=other.area.units.residents / 2)
    (part,) = other.plan.parts
    part = replace(part, assignments=tuple(replace(one, covered=one.covered / 2) for one in part.assignments))
    half = replace(other, area=replace(other.area, units=units), plan=replace(other.plan, parts=(part,)))
    (one,) = compare(base, half).programmes
    assert {village.village_id: (village.gained, village.lost) for village in one.reach} == {
        "V7": (850, 0), "V3": (0, 650), "V2": (0, 600),
    }  # fmt: skip


def test_a_programme_of_one_plan_only_is_named() -> None:
    base, other = two_plans.base(), two_plans.other()
    made = compare(replace(base, plan=replace(base.plan, parts=())), other)
    assert (made.programmes, made.base_only, made.other_only) == ((), (), ("kindergarten-rural",))


def test_the_file_is_the_same_for_the_same_comparison_and_says_what_nobody_counted(made: Comparison) -> None:
    again = compare(two_plans.base(), two_plans.other(), ("现方案", "新小区"))
    text = comparison_to_json(made)
    assert text == comparison_to_json(again)
    content = json.loads(text)
    assert (content["format"], content["version"]) == ("siting comparison", 1)
    gained = content["programmes"][0]["sites"][0]
    assert (gained["other_id"], gained["moved_m"]) == ("N6", None)


def test_neither_plan_nor_place_is_touched() -> None:
    base, other = two_plans.base(), two_plans.other()
    residents = other.area.units.residents.copy()
    compare(base, other)
    assert (base.plan, other.plan) == (two_plans.base().plan, two_plans.other().plan)
    assert np.array_equal(other.area.units.residents, residents)
