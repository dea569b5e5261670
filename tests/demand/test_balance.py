from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siting.demand.balance import SeatsThere, balance
from siting.demand.classes import Capacity, classes_for, menu_classes, seat_demand, seats_for
from siting.errors import InputError

PRIMARY = Capacity("primary", 45.0, (12, 18, 24, 30, 36))
KINDERGARTEN = Capacity("kindergarten", 30.0, (6, 9, 12))
NOTHING = SeatsThere((), (), np.zeros((0, 1)))


def test_a_child_more_than_a_full_class_opens_another() -> None:
    assert classes_for(np.array([0.0, 1.0, 45.0, 46.0, np.nan]), PRIMARY).tolist()[:4] == [0.0, 1.0, 1.0, 2.0]
    assert seats_for(np.array([[46.0]]), PRIMARY).tolist() == [[90.0]]
    assert classes_for(np.array([(0.1 + 0.2) * 150.0]), PRIMARY).tolist() == [1.0]
    assert np.isnan(classes_for(np.array([np.nan]), PRIMARY)).all()


def test_whole_schools_of_the_menu() -> None:
    """20 classes take 24, 40 take 42 = 12 + 30, 61 take 66; of 6/9/12 ten take 12 and 13 take 15 = 6 + 9."""
    assert menu_classes(np.array([0.0, 1.0, 20.0, 40.0, 61.0]), PRIMARY).tolist() == [0.0, 12.0, 24.0, 42.0, 66.0]
    assert menu_classes(np.array([[10.0, 13.0]]), KINDERGARTEN).tolist() == [[12.0, 15.0]]
    assert menu_classes(np.array([7.0]), Capacity("primary", 45.0)).tolist() == [7.0]
    assert np.isnan(menu_classes(np.array([np.nan, 3.0]), PRIMARY)).tolist() == [True, False]


@given(st.lists(st.integers(1, 9), min_size=1, max_size=3), st.integers(0, 40))
def test_no_fewer_classes_of_the_menu_would_do(menu: list[int], needed: int) -> None:
    """Every sum of up to 40 schools, by hand."""
    sums = {0}
    for _ in range(40):
        sums |= {total + size for total in sums for size in menu if total + size <= 60}
    told = menu_classes(np.array([float(needed)]), Capacity("primary", 45.0, tuple(menu)))[0]
    assert told == min(total for total in sums if total >= needed)


def test_needed_there_lacking_and_to_spare() -> None:
    """East: 100 + 80 pupils need 4 classes, 180 seats, in 2025 and 40 + 40 need 90 in 2030. West: 10 need 45."""
    there = SeatsThere(("E1", "W1"), ("east", "west"), np.array([[90.0, 180.0], [45.0, 0.0]]))
    pupils = np.array([[100.0, 40.0], [10.0, 10.0], [80.0, 40.0]])
    told = balance(["east", "west", "east"], pupils, np.array([2025, 2030]), there, PRIMARY)
    assert told.planning_unit == ("east", "west")
    assert told.pupils.tolist() == [[180.0, 80.0], [10.0, 10.0]]
    assert told.needed_seats.tolist() == [[180.0, 90.0], [45.0, 45.0]]
    assert told.seat_gap.tolist() == [[90.0, 0.0], [0.0, 45.0]]
    assert told.spare_seats.tolist() == [[0.0, 90.0], [0.0, 0.0]]
    assert told.added_classes.tolist() == [[12.0, 0.0], [0.0, 12.0]]


def test_a_school_nobody_counted_leaves_the_balance_open() -> None:
    there = SeatsThere(("E1",), ("east",), np.array([[np.nan]]))
    told = balance(["east"], np.array([[10.0]]), np.array([2025]), there, PRIMARY)
    assert np.isnan(told.seat_gap).all()
    assert told.needed_seats.tolist() == [[45.0]]


def test_faults_by_name() -> None:
    there = SeatsThere(("E1", "N1"), ("east", "north"), np.array([[-5.0], [45.0]]))
    with pytest.raises(InputError) as refused:
        balance(["east"], np.array([[10.0]]), np.array([2025]), there, PRIMARY)
    assert [fault.what.en for fault in refused.value.faults] == [
        "1 of 2 rows have seats out of range (has to be at least 0): E1 (-5).",
        "1 of 2 rows are in planning units without units: N1 (north).",
    ]
    with pytest.raises(InputError, match="is 0; it has to be above 0"):
        classes_for(np.ones(1), Capacity("primary", 0.0))
    with pytest.raises(InputError, match="numbers of classes"):
        menu_classes(np.ones(1), Capacity("primary", 45.0, (0, 12)))


def test_three_ways_to_ask_for_seats() -> None:
    """1000 residents at 70 seats per 1000; 36 pupils are what births of 6 per 1000 leave of it."""
    pupils, residents = np.array([[36.0]]), np.array([[1000.0]])
    asked = [seat_demand(mode, pupils, residents, 70.0)[0, 0] for mode in ("cohort", "indicator", "larger")]
    assert asked == [36.0, 70.0, 70.0]


@given(
    st.lists(st.tuples(st.sampled_from("ABC"), st.floats(0.0, 5000.0)), min_size=1, max_size=8),
    st.integers(0, 7),
    st.floats(0.0, 500.0),
)
def test_more_people_never_need_fewer_seats(rows: list[tuple[str, float]], at: int, more: float) -> None:
    places = [place for place, _ in rows]
    pupils = np.array([[many] for _, many in rows])
    added = pupils.copy()
    added[at % len(rows)] += more
    year = np.array([2025])
    before, after = (balance(places, count, year, NOTHING, PRIMARY) for count in (pupils, added))
    assert (after.needed_seats >= before.needed_seats).all()
    assert (after.seat_gap >= before.seat_gap).all()
    assert (after.added_classes >= before.added_classes).all()
    assert (before.needed_seats - before.pupils < PRIMARY.class_size + 1e-6).all()
    assert (before.needed_seats >= before.pupils - 1e-6).all()
