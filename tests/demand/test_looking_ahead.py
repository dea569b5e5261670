"""From what a county has to the children of the year planned for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_place import ages, area, births, book, estates, groups, project

from siting.demand.ahead import looked_ahead
from siting.demand.estates import months_between
from siting.demand.national import RESIDENTS_WAN, national_births, national_shares
from siting.demand.needs import needs
from siting.project import OVERALL, Project
from siting.study import BirthCounts, StudyArea


def ahead(place: StudyArea, asked: Project) -> StudyArea:
    seen, faults = looked_ahead(place, asked)
    assert not faults, [fault.said_in("en") for fault in faults]
    return seen


def said(place: StudyArea, asked: Project) -> str:
    seen, faults = looked_ahead(place, asked)
    assert seen is place
    return "\n".join(fault.said_in("en") for fault in faults)


def test_a_study_that_asks_nothing_stays_as_it_is() -> None:
    place = area(estates=estates())
    assert looked_ahead(place, project())[0] is place
    assert looked_ahead(place, project(per_1000=20.0, births="low", enrolment={"primary": 0.9}))[0] is place


def test_births_are_children_of_the_villages_by_residents() -> None:
    """60 births a year in T1 are 180 children of three ages, 0.92 of them pupils; b has three quarters of them."""
    seen = ahead(area(births=births()), project())
    assert seen.units.children["kindergarten"] == pytest.approx([41.4, 124.2, 82.8, 0.0])
    assert seen.units.children["primary"] == pytest.approx([90.0, 270.0, 180.0, 0.0])
    assert seen.forecast is not None
    assert seen.forecast.year_planned == 2025
    assert seen.forecast.year.tolist() == list(range(2025, 2041))
    assert "births moved forward" in seen.forecast.said.en
    assert np.array_equal(seen.units.residents, area().units.residents)
    assert np.array_equal(seen.points.residents, area().points.residents)


def test_looking_ahead_twice_is_looking_once() -> None:
    seen = ahead(area(births=births()), project())
    assert looked_ahead(seen, project())[0] is seen


def test_the_planned_year_is_that_of_the_children() -> None:
    """Nobody is born in 2025 and after, 60 a year before: in 2029 there are 60 children of 5, 20 of 4 and none of 3."""
    table = births().count.copy()
    born = BirthCounts(("T1", "T2"), ("乡镇T1", "乡镇T2"), 2005, np.hstack([table[:, :-1], table[:, :1] * 0.0]))
    seen = ahead(area(births=born), project(year=2029, enrolment={"kindergarten": 1.0}))
    # 5: 1/3 of 2023 + 2/3 of 2024 = 60; 4: 1/3 of 2024 + 2/3 of 2025 = 20; 3: 1/3 of 2025 + 2/3 of 2026 = 0
    assert seen.units.children["kindergarten"][:2] == pytest.approx([20.0, 60.0])


def test_variants_differ_only_in_births_to_come() -> None:
    low, middle, high = (
        ahead(area(births=births()), project(year=2035, births=variant)) for variant in ("low", "middle", "high")
    )
    kindergarten = [seen.units.children["kindergarten"].sum() for seen in (low, middle, high)]
    junior = [seen.units.children["senior"].sum() for seen in (low, middle, high)]
    assert kindergarten[0] < kindergarten[1] < kindergarten[2]
    assert junior[0] == junior[1] == junior[2]


def test_registered_ages_serve_where_no_births_reach() -> None:
    """Births from 2018 on reach ages 0 to 6 in 2025; older ones are those counted in 2024, a year older."""
    counted = ages()
    counted.count[:, 10] = 77.0
    seen = ahead(area(births=births(first=2018), ages=counted), project())
    assert seen.forecast is not None
    assert "ages 0-6 births moved forward, ages 7-17 single ages as registered" in seen.forecast.said.en
    # ages 6 (births: 60 a year), 7, 8, 9, 10 (10 each) and 11 (77) of village a: 15 + 40 + 77
    assert seen.units.children["primary"][0] == pytest.approx(15.0 + 40.0 + 77.0)


def test_groups_are_divided_from_six_on_and_shares_serve_the_youngest() -> None:
    seen = ahead(area(ages=groups()), project())
    assert seen.forecast is not None
    assert "ages 0-5 residents by shares of age, ages 6-17 five-year groups divided" in seen.forecast.said.en
    assert seen.units.children["primary"] == pytest.approx(np.full(4, 60.0))
    shares = national_shares(2024)[3:6].sum()
    assert seen.units.children["kindergarten"] == pytest.approx(area().units.residents * shares * 0.92)


def test_births_of_the_nation_are_measured_on_the_county_where_ages_are_counted() -> None:
    """As many children of 0 to 4 as the nation's times a factor: later births are the nation's times that factor."""
    seen = ahead(area(ages=ages(count=10.0)), project(year=2033, enrolment={"kindergarten": 1.0}))
    nation = national_births()
    per_person = nation.count[0] / (RESIDENTS_WAN.value * 1e4)
    of_year = dict(zip(range(nation.first_year, nation.vintage + 1), per_person.tolist(), strict=True))
    young = sum(of_year[2024 - age - 1] / 3 + of_year[2024 - age] * 2 / 3 for age in range(5))
    factor = 4 * 5 * 10.0 / (6000.0 * young)
    assert seen.units.children["kindergarten"].sum() == pytest.approx(3 * 6000.0 * of_year[2025] * factor)


def test_a_year_alone_takes_shares_corrected_to_the_children_that_are_counted() -> None:
    place = area()
    place = replace(place, units=replace(place.units, children={"kindergarten": np.array([30.0, 50, 40, 0])}))
    seen = ahead(place, project(year=2025))
    assert seen.units.children["kindergarten"] == pytest.approx(np.array([30.0, 50, 40, 0]) * 0.92)
    shares = national_shares(2025)
    assert seen.units.children["primary"] == pytest.approx(place.units.residents * shares[6:12].sum())
    assert any("taken for this year's" in remark.what.en for remark in seen.remarks)
    assert any("births of the nation" in remark.what.en for remark in seen.remarks)


def test_who_comes_brings_children_and_is_counted_as_resident() -> None:
    """120 a year are 2 % of 6000: after five years 1.02 ** 5 times as many, everywhere, and at every place."""
    asked = project(year=2030, migration={OVERALL: 120.0})
    still, seen = ahead(area(births=births()), project(year=2030)), ahead(area(births=births()), asked)
    assert seen.units.residents == pytest.approx(still.units.residents * 1.02**5)
    assert seen.points.residents == pytest.approx(still.points.residents * 1.02**5)
    assert seen.units.children["primary"] == pytest.approx(still.units.children["primary"] * 1.02**5)
    # 5 year olds are born five years before and moved five times, 3 year olds only three times
    kindergarten = still.units.children["kindergarten"] * (1.02**5 + 1.02**4 + 1.02**3) / 3
    assert seen.units.children["kindergarten"] == pytest.approx(kindergarten)


def test_who_leaves_one_township_leaves_the_other_alone() -> None:
    asked = project(year=2030, migration={"乡镇T1": -40.0})
    still, seen = ahead(area(births=births()), project(year=2030)), ahead(area(births=births()), asked)
    assert seen.units.children["primary"][2] == pytest.approx(still.units.children["primary"][2])
    assert seen.units.residents[:2] == pytest.approx(np.array([1000.0, 3000.0]) * 0.99**5)


FAULTS = [
    (area(births=births()), {"year": 2024}, "year = 2024 is not within 2025-2040"),
    (area(births=births()), {"year": 2041}, "year = 2041 is not within 2025-2040"),
    (area(births=births()), {"migration": {"乡镇T3": 5.0}}, "'乡镇T3' has no units"),
    (area(births=births()), {"migration": {"T2": -3000.0}}, "net migration out of range"),
    (area(births=births(), ages=ages(year=2005)), {}, "is of 2005, more than 15 years before the newest births (2025)"),
    (area(estates=estates(dwellings=np.nan)), {"estates": True}, "1 of 1 rows have no dwellings: 锦绣园"),
    (area(estates=estates(inside=7.0)), {"estates": True}, "锦绣园 (7)"),
    (area(births=births(), estates=estates(99_999.0, inside=1.0)), {"year": 2032}, "more movers than the places"),
]


@pytest.mark.parametrize(("place", "asked", "what"), FAULTS, ids=[what for *_, what in FAULTS])
def test_what_cannot_be_looked_at_is_said_and_nothing_is_changed(
    place: StudyArea, asked: dict[str, object], what: str
) -> None:
    assert what in said(place, project(**asked))


def test_an_estate_without_a_day_of_delivery_is_a_fault() -> None:
    rows = estates()
    rows["delivered"] = np.array(["NaT"], dtype="datetime64[D]")
    assert "have no day of delivery: 锦绣园" in said(area(estates=rows), project(estates=True))


def test_months_between_two_days() -> None:
    assert months_between(date(2027, 6, 30), date(2028, 8, 31)) == 15
    assert months_between(date(2028, 8, 31), date(2028, 8, 31)) == 0
    assert months_between(date(2028, 8, 31), date(2027, 8, 31)) == -12


# --- more people never need fewer seats --------------------------------------------------------------------------


def seats(place: StudyArea, asked: Project) -> np.ndarray:
    return needs(ahead(place, asked), asked, book())[0].balance.needed_seats


@given(
    t1=st.floats(0.0, 100.0),
    t2=st.floats(0.0, 100.0),
    more=st.floats(0.0, 100.0),
    year=st.integers(2025, 2040),
)
def test_more_births_never_need_fewer_seats(t1: float, t2: float, more: float, year: int) -> None:
    asked = project(year=year)
    few, many = seats(area(births=births(t1, t2)), asked), seats(area(births=births(t1 + more, t2)), asked)
    assert (many >= few).all()


@given(net=st.floats(-50.0, 50.0), more=st.floats(0.0, 100.0))
def test_more_newcomers_never_need_fewer_seats(net: float, more: float) -> None:
    few = seats(area(births=births()), project(migration={"T1": net}))
    assert (seats(area(births=births()), project(migration={"T1": net + more})) >= few).all()


@given(dwellings=st.floats(0.0, 3000.0), more=st.floats(0.0, 3000.0), inside=st.just(0.0))
def test_more_homes_for_people_from_outside_never_need_fewer_seats(
    dwellings: float, more: float, inside: float
) -> None:
    asked = project(year=2030, estates=True)
    few = seats(area(births=births(), estates=estates(dwellings, inside=inside)), asked)
    assert (seats(area(births=births(), estates=estates(dwellings + more, inside=inside)), asked) >= few).all()


@given(
    residents=st.lists(st.integers(0, 5000), min_size=4, max_size=4), more=st.integers(0, 5000), at=st.integers(0, 3)
)
def test_more_residents_never_need_fewer_seats_where_only_residents_are_known(
    residents: list[int], more: int, at: int
) -> None:
    few, many = np.array(residents, dtype=float), np.array(residents, dtype=float)
    many[at] += more
    place, asked = area(), project(year=2028)

    def with_people(people: np.ndarray) -> StudyArea:
        return replace(place, units=replace(place.units, residents=people))

    assert (seats(with_people(many), asked) >= seats(with_people(few), asked)).all()
