"""The whole way on paper: births and groups to ages, to pupils, an estate on top, seats, and a new school's fill."""

from __future__ import annotations

import numpy as np
import pytest
import townships
from hypothesis import given
from hypothesis import strategies as st

from siting.demand.ages import AGES, joined
from siting.demand.balance import SeatsThere, balance
from siting.demand.births import ages_from_births, births_of_units
from siting.demand.classes import Capacity
from siting.demand.enrolment import Enrolment, Pupils, pupils, with_count
from siting.demand.estates import Phases, estate_pupils, move_in
from siting.demand.outlook import VARIANTS, Variant, steady_outlook
from siting.demand.projection import Vintage, project, project_variants
from siting.demand.shares import ages_from_shares
from siting.demand.sprague import ages_from_groups
from siting.demand.viability import Opened, viability

PRIMARY = Capacity("primary", 45.0, (12, 18, 24))
UNITS = townships.units()
BIRTHS = townships.births([[40.0] * 7, [20.0] * 7], 2018)


def ahead(variant: Variant = "middle") -> Pupils:
    """T1 has 40 births a year, T2 20; those over five were 60 of each age in T1 (15 in a, 45 in b), 30 in T2."""
    groups = np.array([[75.0] * 6, [225.0] * 6, [150.0] * 6, [0.0] * 6])
    ages = joined(ages_from_births(BIRTHS, UNITS, 2024), ages_from_groups(UNITS, groups, 2024))
    outlook = steady_outlook(2025, 2025, 15, low=-0.05, high=0.0)
    every = project_variants(ages, births_of_units(BIRTHS, UNITS), outlook, 15)
    return pupils(every[variant], Enrolment())


def test_births_fallen_by_a_third_reach_primary_school_year_by_year() -> None:
    """b in 2024: six ages of 45; the 30 a year since 2018 come in one age a year: 255 in 2025, 180 from 2030 on."""
    told = ahead()
    assert told.count["primary"][1, [0, 1, 2, 6, 15]].tolist() == pytest.approx([270.0, 255.0, 240.0, 180.0, 180.0])
    assert told.count["kindergarten"][1, 0] == pytest.approx(90.0 * 0.92)
    assert told.vintage == Vintage(2024, 2024, 2025, "middle")


def test_an_estate_empties_the_villages_it_fills_from() -> None:
    """1000 homes in d (nobody lives there) from August 2026, 20 pupils per 100, 70 % from a, b and c.

    2030, the fifth year, has 90 %: 180 pupils; 126 leave a, b and c, of 60 + 180 + 120 = 360: 35 %.
    Seats: T1 has 240 - 84 = 156 left, 4 classes; T2 120 - 42 + 180 = 258, 6 classes.
    """
    told = ahead()
    one = np.array([1000.0])
    day = np.array(["2026-08-01"], dtype="datetime64[D]")
    phases = Phases(("新苑",), ("",), np.array([3]), one, day, np.array([2.9]), np.array([0.7]))
    theirs = estate_pupils(phases, told.year, np.array([20.0]))
    moved = move_in(phases, told.year, theirs, told.count["primary"])
    after = with_count(told, "primary", moved.count)
    assert after.count["primary"][:, 6].tolist() == pytest.approx([39.0, 117.0, 78.0, 180.0])
    there = SeatsThere(("一小",), ("T1",), np.full((1, 16), 540.0))
    seats = balance(UNITS.planning_unit, after.count["primary"], after.year, there, PRIMARY)
    assert seats.needed_seats[:, 6].tolist() == [180.0, 270.0]
    assert seats.seat_gap[:, 6].tolist() == [0.0, 270.0]
    assert seats.spare_seats[:, 6].tolist() == [360.0, 0.0]
    assert seats.added_classes[:, 6].tolist() == [0.0, 12.0]


def test_a_school_sized_for_today_is_a_third_empty_in_ten_years() -> None:
    """90 + 270 + 180 pupils of today fill 540 seats; from 2030 on 360 are left."""
    told = ahead()
    everybody = told.count["primary"].sum(axis=0, keepdims=True)
    opened = Opened(
        ("新小学",),
        np.array([540.0]),
        np.array([2024]),
        told.year,
        everybody,
        np.array([6000.0]),
        np.array([7000.0]),
        np.array([20_000.0]),
    )
    verdict = viability(opened, PRIMARY)[0]
    assert (verdict.is_compliant, verdict.is_viable, verdict.is_crowded) == (False, True, False)
    assert verdict.evidence.en.endswith("filled 100% on opening, 100% at the peak (2024), 67% ten years on.")


def test_the_variants_part_in_kindergarten_first() -> None:
    """Children of 2025 are three in 2028: until then all variants agree."""
    told = {variant: ahead(variant).count for variant in VARIANTS}
    assert told["low"]["kindergarten"][1, 3] == pytest.approx(told["high"]["kindergarten"][1, 3])
    assert told["low"]["kindergarten"][1, 4] < told["middle"]["kindergarten"][1, 4]
    assert told["low"]["primary"][1, 6] == pytest.approx(told["middle"]["primary"][1, 6])


@given(st.lists(st.floats(0.0, 9000.0), min_size=4, max_size=4), st.integers(0, 3), st.floats(0.0, 2000.0))
def test_more_residents_never_need_fewer_seats(residents: list[float], at: int, more: float) -> None:
    needed = []
    for added in (0.0, more):
        people = [*residents]
        people[at] += added
        places = townships.units(people)
        told = pupils(project(ages_from_shares(places, np.full(AGES, 0.008), 2024), None, 5), Enrolment())
        there = SeatsThere((), (), np.zeros((0, 6)))
        needed.append(balance(places.planning_unit, told.count["primary"], told.year, there, PRIMARY).needed_seats)
    assert ((needed[1] >= needed[0]) | np.isnan(needed[0])).all()
    assert not np.isnan(needed[0][:, 0]).any()
