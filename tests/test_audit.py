from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import six_villages
import small_county
from mapping import drawn_county
from network.road_cases import by_networkx

from siting.audit import Audit, audit, audited
from siting.demand.pupils import knows_pupils, unit_pupils
from siting.edge import Edge
from siting.export.facts import audit_facts
from siting.network.build import build_network
from siting.network.snapping import snap
from siting.progress import Step
from siting.rules.base import RuleBook
from siting.rules.book import read_rulebook
from siting.study import DemandPoints, Roads, Schools, StudyArea
from siting.words import Language

DINGZHOU = read_rulebook("dingzhou-2021")


@pytest.fixture
def county(tmp_path: Path) -> Audit:
    return _audit(small_county.study_area(), tmp_path)


def _audit(area: StudyArea, folder: Path, book: RuleBook | None = None) -> Audit:
    return audit(area, small_county.project(folder), book or small_county.book())


def _only(frame: pd.DataFrame) -> pd.Series:
    assert len(frame) == 1
    return frame.iloc[0]


# --- coverage --------------------------------------------------------------------------------------------------


def test_covered_are_those_within_the_radius_of_the_nearest_school(county: Audit) -> None:
    """Metres of villages 0-7: 0, 1000, 2000 to S0; 2000, 1000, 0, 1000, 2000 to S5. Beyond 1500 m are 2, 3 and 7.

    Covered: 1000 + 1100 + 1400 + 1500 + 1600 = 6600 of 10800. Children: 20 + 21 + 24 + 25 + 26 = 116 of 188.
    """
    row = _only(county.coverage)
    assert (row["programme"], row["radius_m"]) == ("kindergarten-rural", 1500)
    assert (row["residents"], row["covered_residents"]) == (10800, 6600)
    assert row["covered_share"] == pytest.approx(6600 / 10800)
    assert (row["children"], row["covered_children"]) == (188, 116)


def test_metres_are_those_of_residents(county: Audit) -> None:
    """1000 m: 1100 + 1400 + 1600 = 4100 people; 2000 m: 1200 + 1300 + 1700 = 4200; 0 m: 2500, the other half at 1000.

    Mean: (4.1 + 8.4) million / 10800.
    """
    row = _only(county.coverage)
    assert row["mean_m"] == pytest.approx(12.5e6 / 10800)
    assert (row["median_m"], row["p95_m"], row["farthest_m"]) == (1000, 2000, 2000)
    assert row["no_road_residents"] == 0


def test_seats_and_enrolment_are_the_known_ones(county: Audit) -> None:
    """S0 has 60 children on 90 seats; the seats of S5, with 81 children, nobody counted."""
    row = _only(county.coverage)
    assert (row["schools"], row["seats"], row["enrolment"]) == (2, 90, 141)
    assert row["fill_share"] == pytest.approx(60 / 90)


def test_a_village_is_covered_by_the_people_who_live_near(tmp_path: Path) -> None:
    """Half of village 2 lives 1400 m from S0, half 2400 m from S5: 600 of 1200 are covered, the mean is 1900 m."""
    area = small_county.study_area()
    points = area.points
    x, residents = points.x.copy(), points.residents.copy()
    x[2], residents[2] = small_county.X0 + 1400, 600
    split = DemandPoints(
        np.append(points.unit, 2),
        np.append(x, small_county.X0 + 2600),
        np.append(points.y, small_county.Y0),
        np.append(residents, 600.0),
        np.nan,
    )
    found = _audit(replace(area, points=split), tmp_path)
    assert _only(found.coverage)["covered_residents"] == pytest.approx(6600 + 600)
    assert _only(found.coverage)["covered_children"] == pytest.approx(116 + 22 / 2)
    village = found.uncovered.set_index("unit_id").loc["V2"]
    assert (village["residents"], village["uncovered_residents"]) == (1200, 600)
    assert (village["mean_m"], village["farthest_m"]) == pytest.approx((1900, 2400))


def test_a_home_on_the_radius_is_covered(tmp_path: Path) -> None:
    """Village 7 moved to 1500 m from S5 and 1700 more are covered; 1 mm farther and they are not."""
    area = small_county.study_area()
    for beyond, covered in ((0.0, 6600 + 1700), (0.001, 6600)):
        x = area.points.x.copy()
        x[7] = small_county.X0 + 6500 + beyond
        moved = replace(area, points=replace(area.points, x=x))
        assert _only(_audit(moved, tmp_path).coverage)["covered_residents"] == covered


def test_places_add_up_to_the_programme() -> None:
    found = audit(drawn_county.county(11), six_villages.project(), DINGZHOU)
    summed = ["residents", "covered_residents", "schools", "seats", "straight_covered_residents"]
    whole = found.coverage.set_index("programme")[summed]
    for parts in (found.areas, found.townships):
        assert parts["programme"].value_counts().max() > 1 or parts is found.areas
        assert np.allclose(parts.groupby("programme")[summed].sum(min_count=1).loc[whole.index], whole, equal_nan=True)


def test_everybody_walks_the_shortest_way_networkx_knows() -> None:
    area = drawn_county.county(5)
    found = audit(area, six_villages.project(), DINGZHOU)
    network, units, schools = build_network(area.roads), area.units, area.schools
    homes = snap(network, area.points.x, area.points.y)
    counted = [
        row
        for row in range(len(schools))
        if schools.tier[row] == "kindergarten"
        and units.area[schools.unit[row]] == "rural"
        and schools.operator[row] != "private"
    ]
    exact = by_networkx(network, snap(network, schools.x[counted], schools.y[counted]), homes).min(axis=0)
    is_rural = np.array(units.area)[area.points.unit] == "rural"
    residents, metres = area.points.residents[is_rural], exact[is_rural]
    row = found.coverage.set_index("programme").loc["kindergarten-rural"]
    assert row["counted_schools"] == len(counted) > 2
    assert row["covered_residents"] == pytest.approx(residents[metres <= 1500].sum())
    assert row["mean_m"] == pytest.approx(np.average(metres, weights=residents))
    people = np.sort(np.repeat(metres, np.round(residents * 9).astype(int)))
    assert row["median_m"] == pytest.approx(people[(len(people) + 1) // 2 - 1], abs=1e-6)
    assert row["p95_m"] == pytest.approx(people[int(np.ceil(0.95 * len(people))) - 1], abs=1e-6)


# --- straight lines --------------------------------------------------------------------------------------------


def river_county() -> StudyArea:
    """Village 0 and its school face each other over a river 300 m wide, whose only bridge is 850 m upstream.

    By road 850 + 300 + 850 = 2000 m. Village 1, with 1100 people, lies 500 m downstream of the school; V0 has 1000.
    """
    area = small_county.study_area()
    x = small_county.X0 + np.array([0.0, 0.0, 300.0, 300.0, 300.0])
    y = small_county.Y0 + np.array([0.0, 850.0, 850.0, 0.0, -500.0])
    units = area.units
    two = replace(
        units,
        **{key: getattr(units, key)[:2] for key in units.__dataclass_fields__ if key not in ("children", "x", "y")},
        children={"kindergarten": np.array([20.0, 21.0])},
        x=x[[0, 4]],
        y=y[[0, 4]],
    )
    length_m = np.array([850.0, 300.0, 850.0, 500.0])
    return replace(
        area,
        units=two,
        points=DemandPoints(np.arange(2), two.x, two.y, two.residents, np.nan),
        schools=_first_school(area.schools, x[3], y[3]),
        roads=Roads(x, y, np.arange(4), np.arange(1, 5), length_m, np.full(4, 4, dtype=np.int8)),
    )


def _first_school(schools: Schools, x: float, y: float) -> Schools:
    first = {key: getattr(schools, key)[:1] for key in schools.__dataclass_fields__}
    return Schools(**first | {"x": np.array([x]), "y": np.array([y])})


def test_a_straight_line_over_a_river_misleads(tmp_path: Path) -> None:
    """By road 1100 of 2100 are covered, in straight lines all: overstated by 1000 / 1100."""
    found = _audit(river_county(), tmp_path)
    row = _only(found.coverage)
    assert (row["covered_residents"], row["straight_covered_residents"]) == (1100, 2100)
    assert row["overstates_share"] == pytest.approx(1000 / 1100)
    assert row["straight_mean_m"] == pytest.approx((1000 * 300 + 1100 * 500) / 2100)
    village = _only(found.uncovered)
    assert (village["name"], village["school"]) == ("第0村", "第0村幼儿园")
    assert (village["mean_m"], village["straight_m"]) == pytest.approx((2000, 300))


# --- schools ---------------------------------------------------------------------------------------------------


def test_loads_are_the_people_a_school_is_nearest_for(county: Audit) -> None:
    """S0 is nearest for villages 0-2: 3300 people, 63 children on 90 seats; 2100 live within 1500 m.

    S5 is nearest for 3-7: 7500; within 1500 m live 1400 + 1500 + 1600 = 4500.
    """
    schools = county.schools.set_index("school_id")
    assert schools["nearest_residents"].to_dict() == {"S0": 3300, "S5": 7500}
    assert schools["within_residents"].to_dict() == {"S0": 2100, "S5": 4500}
    assert schools.loc["S0", "children_per_seat"] == pytest.approx(63 / 90)
    assert schools.loc["S0", "fill_share"] == pytest.approx(60 / 90)
    assert np.isnan(schools.loc["S5", "children_per_seat"])
    assert schools.geometry["S5"].x == small_county.X0 + 5000


def test_a_school_the_rules_do_not_count_covers_nobody() -> None:
    """P2 in V2 is private. V3, whose homes are 1800 m from S1 and S5, is not covered though P2 is 800 m away."""
    found = audit(six_villages.study_area(), six_villages.project(), DINGZHOU)
    schools = found.schools.set_index("school_id")
    assert schools["is_counted"].to_dict() == {"S1": True, "S5": True, "P2": False, "S6": True}
    assert np.isnan(schools.loc["P2", "nearest_residents"])
    assert found.uncovered["unit_id"].tolist() == ["V3"]
    row = found.coverage.iloc[0]
    assert (row["schools"], row["counted_schools"], row["seats"]) == (3, 2, 210)


# --- planning units --------------------------------------------------------------------------------------------


def test_planning_units_are_held_against_the_rule() -> None:
    """One public kindergarten per 3000-12000 residents: C6 with 4000 needs 1 and may have 1; S6 is there."""
    found = audit(six_villages.study_area(), six_villages.project(), DINGZHOU)
    row = found.planning_units.set_index("programme").loc["kindergarten-urban"]
    assert (row["rule"], row["planning_unit"], row["residents"]) == ("KG-U-COUNT", "T", 4000)
    assert (row["schools"], row["fewest"], row["most"], row["missing"], row["surplus"]) == (1, 1, 1, 0, 0)


@pytest.mark.parametrize(
    ("residents", "operator", "expected"),
    [
        (30000.0, "public", (1, 3, 10, 2, 0)),  # ceil(30000 / 12000) = 3, floor(30000 / 3000) = 10
        (4000.0, "private", (0, 1, 1, 1, 0)),  # the rule counts public kindergartens
    ],
)
def test_missing_schools_of_a_planning_unit(
    residents: float, operator: str, expected: tuple[int, int, int, int, int]
) -> None:
    area = six_villages.study_area()
    people, operators = area.units.residents.copy(), (*area.schools.operator[:3], operator)
    people[6] = residents
    other = replace(
        area, units=replace(area.units, residents=people), schools=replace(area.schools, operator=operators)
    )
    found = audit(other, six_villages.project(), DINGZHOU)
    row = found.planning_units.set_index("programme").loc["kindergarten-urban"]
    assert tuple(row[["schools", "fewest", "most", "missing", "surplus"]]) == expected


def test_schools_are_counted_where_no_rule_says_how_many(county: Audit) -> None:
    row = _only(county.planning_units)
    assert (row["rule"], row["planning_unit"], row["schools"]) == ("", "T1", 2)
    assert row[["fewest", "most", "missing", "surplus"]].isna().all()


# --- uncovered -------------------------------------------------------------------------------------------------


def test_uncovered_villages_are_named_the_most_people_first(county: Audit) -> None:
    assert county.uncovered["name"].tolist() == ["第7村", "第3村", "第2村"]
    assert county.uncovered["uncovered_residents"].tolist() == [1700, 1300, 1200]
    assert county.uncovered["school"].tolist() == ["第5村幼儿园", "第5村幼儿园", "第0村幼儿园"]
    assert county.uncovered.crs == "EPSG:4547"


def test_without_a_promise_there_are_distances_and_no_coverage() -> None:
    """Urban kindergartens have no radius in the Dingzhou plan; C6 is 0 m from S6."""
    found = audit(six_villages.study_area(), six_villages.project(), DINGZHOU)
    row = found.coverage.set_index("programme").loc["kindergarten-urban"]
    assert row[["radius_m", "covered_residents", "covered_share", "overstates_share"]].isna().all()
    assert row["mean_m"] == 0
    assert "kindergarten-urban" not in found.uncovered["programme"].tolist()


def test_without_schools_nobody_is_covered_and_no_road_leads_anywhere(tmp_path: Path) -> None:
    area = small_county.study_area()
    none = Schools(**{key: getattr(area.schools, key)[:0] for key in area.schools.__dataclass_fields__})
    found = _audit(replace(area, schools=none), tmp_path)
    row = _only(found.coverage)
    assert (row["covered_residents"], row["no_road_residents"], row["schools"]) == (0, 10800, 0)
    assert np.isnan(row["mean_m"])
    assert len(found.uncovered) == 8
    assert set(found.uncovered["school"]) == {""}
    assert np.isinf(found.uncovered["mean_m"]).all()
    assert found.schools.empty


def test_a_village_without_a_road_to_a_school_is_not_covered(tmp_path: Path) -> None:
    """The road between villages 6 and 7 is missing and another, of two nodes, begins at 7: 1700 have no road."""
    area = small_county.study_area()
    x, y = np.append(area.roads.x, area.roads.x[7] + 50), np.append(area.roads.y, area.roads.y[7])
    head = area.roads.head.copy()
    tail = area.roads.tail.copy()
    tail[6], head[6] = 7, 8
    length_m = area.roads.length_m.copy()
    length_m[6] = 50
    cut = replace(area, roads=replace(area.roads, x=x, y=y, tail=tail, head=head, length_m=length_m))
    found = _audit(cut, tmp_path)
    assert _only(found.coverage)["no_road_residents"] == 1700
    assert _only(found.coverage)["mean_m"] == pytest.approx((12.5e6 - 1700 * 2000) / (10800 - 1700))
    village = found.uncovered.iloc[0]
    assert (village["unit_id"], village["school"], village["mean_m"]) == ("V7", "", np.inf)
    assert (village["straight_m"], village["straight_school"]) == (2000, "第5村幼儿园")


# --- what is audited -------------------------------------------------------------------------------------------


def _asked(area: StudyArea, book: RuleBook) -> list[str]:
    return [programme.key for programme in audited(area, six_villages.project(), book)]


def test_areas_a_study_leaves_out_are_audited_too() -> None:
    assert _asked(six_villages.study_area(), DINGZHOU) == ["kindergarten-rural", "kindergarten-urban"]


def test_tiers_with_schools_are_audited_by_the_areas_their_rules_tell_apart() -> None:
    """Rules for primary schools in the Dingzhou plan are urban or rural; the small county's book has none."""
    area = six_villages.study_area()
    nine_year = replace(area, schools=replace(area.schools, tier=("kindergarten", "primary", "primary", "primary")))
    assert _asked(nine_year, DINGZHOU)[2:] == ["primary-urban", "primary-rural"]
    assert _asked(nine_year, small_county.book())[2:] == ["primary-all"]


def test_the_audit_tells_what_it_is_at(tmp_path: Path) -> None:
    told: list[Step] = []
    audit(small_county.study_area(), small_county.project(tmp_path), small_county.book(), told.append)
    assert [step.task.zh for step in told] == ["现状评价：农村幼儿园"]


# --- children --------------------------------------------------------------------------------------------------


def test_children_are_counted_or_at_the_rate() -> None:
    """Village 0 has 1000 residents and nobody counted its children: 21 per 1000."""
    area = small_county.study_area()
    counted = area.units.children["kindergarten"].copy()
    counted[0] = np.nan
    some = replace(area, units=replace(area.units, children={"kindergarten": counted}))
    assert unit_pupils(some, "kindergarten", {"kindergarten": 21.0}).tolist() == [21, 21, 22, 23, 24, 25, 26, 27]
    assert unit_pupils(some, "primary", {}).tolist() == [0] * 8
    assert knows_pupils(some, "kindergarten", {"kindergarten": 21.0})
    assert not knows_pupils(some, "kindergarten", {})


def test_children_nobody_counted_are_not_nought(tmp_path: Path) -> None:
    area = small_county.study_area()
    uncounted = replace(area, units=replace(area.units, children={}))
    found = audit(uncounted, replace(small_county.project(tmp_path), pupils_per_1000={}), small_county.book())
    assert np.isnan(_only(found.coverage)["children"])
    assert found.schools["nearest_children"].isna().all()


# --- said ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("农村幼儿园", "61.11%", "66.67%", "未覆盖的村（社区）：3 个", "第7村", "合成数据，仅供演示")),
        ("en", ("rural kindergarten", "61.11%", "Villages not fully covered: 3", "Synthetic data")),
    ],
)
def test_tables_say_who_is_not_served(
    county: Audit, language: Language, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    Edge(language, as_json=False).show_audit(county)
    said = capsys.readouterr().out
    assert [word for word in words if word not in said] == []


def test_tables_with_nothing_to_name_are_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A radius of 2000 m covers everybody."""
    book = small_county.book()
    wide = replace(book, rules=(replace(book.rules[0], value=2000.0),))
    Edge("zh", as_json=False).show_audit(_audit(small_county.study_area(), tmp_path, wide))
    said = capsys.readouterr().out
    assert "100.00%" in said
    assert "未覆盖" not in said


def test_planning_units_that_lack_schools_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    area = six_villages.study_area()
    private = replace(area, schools=replace(area.schools, operator=("public", "public", "private", "private")))
    Edge("en", as_json=False).show_audit(audit(private, six_villages.project(), DINGZHOU))
    assert "Planning units with too few or many schools: 1" in capsys.readouterr().out


def test_a_long_list_says_how_long_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    found = audit(drawn_county.county(8), six_villages.project(), DINGZHOU)
    Edge("en", as_json=False).show_audit(found)
    assert f"Villages not fully covered: {len(found.uncovered)}, the first 15 shown" in capsys.readouterr().out


def test_json_holds_every_row_and_no_nan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    area = small_county.study_area()
    none = Schools(**{key: getattr(area.schools, key)[:0] for key in area.schools.__dataclass_fields__})
    for found in (_audit(area, tmp_path), _audit(replace(area, schools=none), tmp_path)):
        Edge("zh", as_json=True).show_audit(found)
        facts = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
        assert facts["exit_code"] == 0
        assert facts["coverage"][0]["residents"] == 10800
        assert len(facts["uncovered"]) == len(found.uncovered)
    assert facts["uncovered"][0]["mean_m"] == "inf"
    assert facts["coverage"][0]["mean_m"] is None


def test_facts_leave_shapes_out(county: Audit) -> None:
    schools = audit_facts(county)["schools"]
    assert isinstance(schools, list)
    assert schools[0]["name"] == "第0村幼儿园"
    assert "geometry" not in schools[0]
