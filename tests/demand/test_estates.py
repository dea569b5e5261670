from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siting.demand.estates import (
    Phases,
    estate_pupils,
    estate_residents,
    gap_months,
    lacking_seats,
    lived_in,
    move_in,
    years_since,
)
from siting.demand.yields import yield_curve
from siting.errors import InputError

YEARS = np.arange(2026, 2033)


def phases() -> Phases:
    """锦园: 1000 homes handed over in June 2026 and 500 in October 2028, in unit 0; 柳园: 100 homes in unit 1."""
    return Phases(
        estate=("锦园", "锦园", "柳园"),
        phase=("一期", "二期", "一期"),
        unit=np.array([0, 0, 1]),
        dwellings=np.array([1000.0, 500.0, 100.0]),
        delivered=np.array(["2026-06-30", "2028-10-01", "2026-08-31"], dtype="datetime64[D]"),
        persons_per_dwelling=np.array([2.9, 2.9, 3.0]),
        internal_share=np.array([0.7, 0.7, 0.0]),
    )


def test_years_count_from_delivery_to_31_august() -> None:
    """June 2026 is there in 2026; October 2028 only in 2029; 31 August itself is in time."""
    assert years_since(phases(), YEARS).tolist() == [
        [0, 1, 2, 3, 4, 5, 6],
        [-3, -2, -1, 0, 1, 2, 3],
        [0, 1, 2, 3, 4, 5, 6],
    ]


def test_homes_fill_by_the_ramp() -> None:
    told = lived_in(phases(), YEARS)
    assert told[0].tolist() == pytest.approx([200.0, 450.0, 650.0, 800.0, 900.0, 900.0, 900.0])
    assert told[1].tolist() == pytest.approx([0.0, 0.0, 0.0, 100.0, 225.0, 325.0, 400.0])
    assert estate_residents(phases(), YEARS)[2, 0] == pytest.approx(60.0)


def test_pupils_are_homes_lived_in_by_the_yield_of_their_age() -> None:
    """200 homes x 10, 450 x 20 and 650 x 30 per 100; the last yield stays."""
    told = estate_pupils(phases(), YEARS, np.array([10.0, 20.0, 30.0]))
    assert told[0, :4].tolist() == pytest.approx([20.0, 90.0, 195.0, 240.0])
    assert told[1].tolist() == pytest.approx([0.0, 0.0, 0.0, 10.0, 45.0, 97.5, 120.0])


def test_yields_rise_to_a_peak_and_fade() -> None:
    """10 per 100 homes anywhere, 15 in years 4 to 8, 12.5 half way up and down; junior five years later."""
    curve = yield_curve(10.0, "primary", youth=1.5)
    assert curve[[0, 2, 4, 8, 13, 18, 30]].tolist() == pytest.approx([10.0, 12.5, 15.0, 15.0, 12.5, 10.0, 10.0])
    junior = yield_curve(10.0, "junior", youth=1.5)
    assert junior[[9, 13]].tolist() == pytest.approx([15.0, 15.0])
    assert junior[4] < 15.0


def test_movers_leave_where_they_lived() -> None:
    """100 pupils come to unit 0, 70 of them from units 1 and 2 as 300 to 50; nobody leaves unit 0."""
    one = replace(phases(), **{name: getattr(phases(), name)[:1] for name in ROWS})
    theirs, home = np.array([[100.0]]), np.array([[200.0], [300.0], [50.0]])
    told = move_in(one, np.array([2026]), theirs, home, np.array([0.0, 1.0, 1.0]))
    assert told.came_from[:, 0].tolist() == pytest.approx([0.0, 60.0, 10.0])
    assert told.count[:, 0].tolist() == pytest.approx([300.0, 240.0, 40.0])


def test_units_nobody_counted_leave_the_year_open() -> None:
    """Unit 1 is unknown in 2027: nobody can say whom to take away where."""
    one = replace(phases(), **{name: getattr(phases(), name)[:1] for name in ROWS})
    told = move_in(one, np.array([2026, 2027]), np.full((1, 2), 10.0), np.array([[20.0, 20.0], [20.0, np.nan]]))
    assert told.count[:, 0].tolist() == pytest.approx([26.5, 16.5])
    assert np.isnan(told.count[:, 1]).all()


ROWS = ("estate", "phase", "unit", "dwellings", "delivered", "persons_per_dwelling", "internal_share")


@given(
    st.lists(st.lists(st.floats(0.0, 50.0), min_size=7, max_size=7), min_size=3, max_size=3),
    st.lists(st.lists(st.floats(200.0, 500.0), min_size=7, max_size=7), min_size=2, max_size=5),
    st.floats(0.0, 1.0),
)
def test_the_county_grows_by_those_from_outside(theirs: list[object], home: list[object], share: float) -> None:
    come, there = np.array(theirs, dtype=np.float64), np.array(home, dtype=np.float64)
    told = move_in(replace(phases(), internal_share=np.full(3, share)), YEARS, come, there)
    grown = told.count.sum(axis=0) - there.sum(axis=0)
    assert grown == pytest.approx((1.0 - share) * come.sum(axis=0), abs=1e-6)
    assert (told.count >= -1e-9).all()
    assert told.came_from.sum(axis=0) == pytest.approx(share * come.sum(axis=0), abs=1e-6)


def test_more_movers_than_people_are_refused_by_year() -> None:
    with pytest.raises(InputError, match=r"1 of 7 rows have more movers .*: 2032 \(700 / 600\)"):
        theirs = np.zeros((3, 7))
        theirs[0, 6] = 1000.0
        move_in(phases(), YEARS, theirs, np.full((2, 7), 300.0))
    with pytest.raises(InputError, match=r"2026 \(70 / 600\)"):
        move_in(phases(), YEARS, np.full((3, 7), 100.0) * [[1.0], [0.0], [0.0]], np.full((2, 7), 300.0), np.zeros(2))


def test_faults_of_estates_come_together_by_name() -> None:
    wrong = replace(
        phases(),
        dwellings=np.array([1000.0, -5.0, np.nan]),
        internal_share=np.array([70.0, 0.7, 0.7]),
        delivered=np.array(["2026-06-30", "NaT", "2026-08-31"], dtype="datetime64[D]"),
    )
    with pytest.raises(InputError) as refused:
        lived_in(wrong, YEARS)
    assert [fault.what.en for fault in refused.value.faults] == [
        "1 of 3 rows have no day of delivery: 锦园二期.",
        "1 of 3 rows have dwellings out of range (has to be at least 0): 锦园二期 (-5).",
        "1 of 3 rows have no dwellings: 柳园一期.",
        "1 of 3 rows have internal shares out of range (has to be between 0 and 1): 锦园一期 (70).",
    ]
    with pytest.raises(InputError, match="1 of 3 rows lie in no unit: 柳园一期"):
        move_in(replace(phases(), unit=np.array([0, 0, -1])), YEARS, np.zeros((3, 7)), np.ones((2, 7)))


def test_months_between_the_first_families_and_the_school() -> None:
    """锦园: first homes on 30 June 2026, school on 1 September 2028: 26 months to 30 August, and one begun: 27."""
    told = gap_months(phases(), {"锦园": date(2028, 9, 1)})
    assert told["锦园"] == 27.0
    assert np.isnan(told["柳园"])
    assert gap_months(phases(), {"柳园": date(2026, 5, 31)})["柳园"] == -3.0
    assert gap_months(phases(), {"柳园": date(2026, 8, 31)})["柳园"] == 0.0
    assert gap_months(phases(), {"锦园": date(2026, 7, 31)})["锦园"] == 2.0


def test_seats_of_the_estates_own_school_by_phase() -> None:
    """锦园 has 20, 90, 195 pupils and seats for 100 from 2027 on; 柳园 has no school."""
    theirs = np.array([[20.0, 90.0, 195.0], [0.0, 0.0, 10.0], [5.0, 5.0, 5.0]])
    told = lacking_seats(phases(), theirs, {"锦园": np.array([0.0, 100.0, 100.0])})
    assert told["锦园"].tolist() == [20.0, 0.0, 105.0]
    assert told["柳园"].tolist() == [5.0, 5.0, 5.0]
