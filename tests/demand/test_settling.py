"""New estates as units: who moves in, from where, what is offered, and whether the school is there in time."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from shapely import Point, box
from small_place import area, births, book, estates, project

from siting.candidates import candidate_places
from siting.demand.ahead import looked_ahead
from siting.demand.needs import estate_needs
from siting.demand.settling import NewEstate, estate_id, with_estate
from siting.inputs.notes import Notes
from siting.inputs.places import read_estates
from siting.inputs.tables import read_table
from siting.project import Layer, Project
from siting.run import Base, divided
from siting.study import StudyArea


def ahead(place: StudyArea, asked: Project) -> StudyArea:
    seen, faults = looked_ahead(place, asked)
    assert not faults, [fault.said_in("en") for fault in faults]
    return seen


def test_an_estate_is_a_unit_of_the_township_of_the_people_nearest_to_it() -> None:
    seen = ahead(area(births=births(), estates=estates()), project(year=2031))
    assert seen.units.id[4:] == ("estate:锦绣园",)
    assert seen.units.kind[4] == "estate"
    assert seen.units.township_id[4] == seen.units.planning_unit[4] == "T2"
    assert seen.units.polygon[4] is not None
    assert (seen.units.x[4], seen.units.y[4]) == (1950.0, 250.0)


def test_its_homes_fill_by_the_ramp() -> None:
    """Handed over on 31 August 2027: 20 % lived in then, 90 % four years on: 1000 x 0.9 x 2.5 people at nine places."""
    seen = ahead(area(births=births(), estates=estates()), project(year=2031))
    assert seen.forecast is not None
    assert seen.forecast.residents[4, :8] == pytest.approx([0, 0, 500, 1125, 1625, 2000, 2250, 2250])
    assert seen.units.residents[4] == pytest.approx(2250.0)
    assert (seen.points.unit == 4).sum() == 9
    assert seen.points.residents[seen.points.unit == 4] == pytest.approx(np.full(9, 250.0))
    assert seen.units.residents[:4] == pytest.approx(area().units.residents)


def test_it_has_the_children_of_any_other_place_times_what_estates_have_more() -> None:
    """90 births and 6000 residents: 45 children of 3 to 5 per 1000; 1.35 times as many four years after delivery."""
    seen = ahead(area(births=births(), estates=estates()), project(year=2031, enrolment={"kindergarten": 1.0}))
    assert seen.units.children["kindergarten"][4] == pytest.approx(2250.0 * 0.045 * 1.35)


def test_families_from_inside_are_taken_from_where_they_lived() -> None:
    asked = project(year=2031, enrolment={"kindergarten": 1.0})
    still = ahead(area(births=births()), asked)
    seen = ahead(area(births=births(), estates=estates(inside=0.6)), asked)
    came = seen.units.residents[4]
    assert seen.units.residents.sum() == pytest.approx(6000.0 + 0.4 * came)
    assert seen.units.residents[:4] == pytest.approx(np.array([1000.0, 3000, 2000, 0]) * (1 - 0.6 * came / 6000.0))
    theirs = seen.units.children["kindergarten"][4]
    together = seen.units.children["kindergarten"].sum()
    assert together == pytest.approx(still.units.children["kindergarten"].sum() + 0.4 * theirs)
    assert seen.points.residents.sum() == pytest.approx(seen.units.residents.sum())


def test_who_moved_in_before_the_newest_data_is_counted_already() -> None:
    """Handed over in 2024, 450 homes are lived in by 2025 and 900 from 2028: 450 more."""
    seen = ahead(area(births=births(), estates=estates(delivered="2024-08-31")), project(year=2031))
    assert seen.units.residents[4] == pytest.approx((900 - 450) * 2.5)


def test_phases_of_one_name_are_one_estate() -> None:
    place = with_estate(
        area(births=births()),
        NewEstate("新城", Point(1500.0, 300.0), ((500.0, date(2026, 6, 30)), (1500.0, date(2029, 9, 30)))),
    )
    seen = ahead(place, project(year=2030))
    assert seen.units.id[4:] == ("estate:新城",)
    # on 31 August 2030 the first phase is in its fifth year (90 %), the second in its first (20 %)
    assert seen.units.residents[4] == pytest.approx((500 * 0.9 + 1500 * 0.2) * 2.9)
    assert seen.forecast is not None
    assert seen.forecast.delivered == {"estate:新城": date(2026, 6, 30)}


def test_an_estate_a_what_if_adds_fills_although_the_study_asks_for_none() -> None:
    """Nothing is known of births: the counts stay, the year is that in which the last home is lived in."""
    place = with_estate(area(estates=estates()), NewEstate("新城", Point(2500.0, 0.0), ((100.0, date(2030, 8, 31)),)))
    seen = ahead(place, project(per_1000=20.0))
    assert seen.units.name[4:] == ("新城",)
    assert seen.forecast is not None
    assert seen.forecast.year_planned == 2034
    # 70 % of 100 x 0.9 x 2.9 people come from inside; 20 children per 1000 people, 1.35 times as many four years on
    assert seen.units.residents[4] == pytest.approx(261.0)
    assert seen.units.children["kindergarten"][4] == pytest.approx(261.0 * 0.020 * 1.35)
    assert seen.units.children["kindergarten"].sum() == pytest.approx(120.0 + 0.3 * 261.0 * 0.020 * 1.35)


def test_offered_land_is_a_candidate_beside_generated_ones() -> None:
    offered = frozenset({"kindergarten"})
    place = with_estate(
        area(births=births()),
        NewEstate("新城", box(1700, 100, 2000, 400), ((900.0, date(2026, 6, 30)),), 2.9, 0.7, offered, 9.0),
    )
    asked = project(year=2030)
    seen = divided(Base(asked, book(), place))
    places = candidate_places(seen, asked.programmes[0], 800.0)
    assert places.id[0] == estate_id("新城")
    assert places.max_classes[0] == 9.0
    assert seen.units.part_of[places.unit[0]] == estate_id("新城")
    assert len(places) > 1
    far = [k for k in range(1, len(places)) if np.hypot(places.x[k] - 1850, places.y[k] - 250) < 100]
    assert not far


def test_a_promised_school_that_is_late_is_named_with_the_months() -> None:
    opens = np.array(["2028-08-31"], dtype="datetime64[D]")
    place = area(births=births(), estates=estates(school_opens=opens[0]))
    seen = ahead(place, project(year=2031))
    said = [remark.what for remark in seen.remarks]
    assert any("锦绣园：配套学校比首期交付晚 12 个月开办" in what.zh for what in said)
    assert any("opens 12 months after its first homes" in what.en for what in said)


def test_the_table_of_estates() -> None:
    seen = ahead(area(births=births(), estates=estates()), project(year=2031))
    (one,) = estate_needs(seen, project(year=2031))
    assert (one.name, one.township, one.dwellings, one.residents) == ("锦绣园", "乡镇T2", 1000.0, 2250.0)
    assert np.isnan(one.gap_months)
    assert one.peak_pupils["kindergarten"] == pytest.approx(2250.0 * 0.045 * 1.35 * 0.92)


def test_the_layer_of_estates_says_phases_days_and_what_is_offered(tmp_path: Path) -> None:
    file = tmp_path / "estates.csv"
    file.write_text(
        "小区名称,分期,户数,交付时间,户均人口,县内迁入比例,配建学校,配建班数,学校交付时间,x,y\n"
        "新城,一期,300,2026年6月,2.7,0.5,幼儿园、小学,12,2027-09-01,500000,4250000\n"
        "新城,二期,200,2028,,,,,,500100,4250000\n",
        encoding="utf-8",
    )
    notes = Notes("estates.csv")
    frame = read_table(Layer(file, "EPSG:4547"), "estates", "EPSG:4547", notes)
    assert frame is not None
    read = read_estates(frame, notes)
    assert not notes.faults
    assert read["phase"].tolist() == ["一期", "二期"]
    assert [str(day)[:10] for day in read["delivered"]] == ["2026-06-28", "2028-08-31"]
    assert read["school_tiers"].tolist() == [frozenset({"kindergarten", "primary"}), frozenset()]
    assert str(read["school_opens"].iloc[0])[:10] == "2027-09-01"
    assert read["school_max_classes"].iloc[0] == 12
