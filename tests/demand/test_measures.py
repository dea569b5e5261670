from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from siting.demand import measures
from siting.demand.classes import Capacity
from siting.demand.figures import ENROLMENT_RATE, RECURRENT_YUAN, SEATS_PER_1000
from siting.demand.indicators import INDICATORS
from siting.demand.measures import Attended
from siting.errors import InputError

KINDERGARTEN = Capacity("kindergarten", 30.0)


def schools() -> Attended:
    """Three kindergartens and four schools; k3 and p3 are private, p2 is a small rural school."""
    return Attended(
        name=("k1", "k2", "k3", "p1", "p2", "p3", "j1"),
        tier=("kindergarten", "kindergarten", "kindergarten", "primary", "primary", "primary", "junior"),
        operator=("public", "inclusive", "private", "public", "public", "private", "public"),
        area=("city", "rural", "city", "city", "rural", "city", "city"),
        classes=np.array([9.0, 6.0, 6.0, 12.0, 6.0, 12.0, 12.0]),
        pupils=np.array([200.0, 100.0, 100.0, 500.0, 60.0, 400.0, 600.0]),
        migrants=np.array([0.0, 0.0, 0.0, 100.0, 0.0, 60.0, 40.0]),
        bought=np.array([np.nan, np.nan, np.nan, np.nan, np.nan, 30.0, np.nan]),
    )


def test_migrant_pupils_in_public_schools() -> None:
    """140 of 200 are in p1 and j1; with 30 bought places of p3 170 of 200, reported beside it."""
    told = measures.migrant_share(schools())
    assert (told.value, told.is_reached, told.where) == (0.7, False, ("p3",))
    both = measures.migrant_share_with_bought(schools())
    assert (both.value, both.is_reached) == (0.85, None)


def test_children_and_kindergartens_that_are_inclusive() -> None:
    """300 of 400 children, two of three kindergartens."""
    told = measures.inclusive_share(schools())
    assert (told.value, told.is_reached, told.where) == (0.75, False, ("k3",))
    assert measures.inclusive_sites(schools()).value == pytest.approx(2 / 3)


def test_spare_classes_take_in_under_threes() -> None:
    """k1: 9 classes less 7 (200/30), two spare; k2: 6 less 4, two spare; k3 is not inclusive. 4 x 20 for 10,000: 8."""
    told = measures.childcare_places(schools(), KINDERGARTEN, 10_000.0)
    assert (told.value, told.is_reached, told.where) == (8.0, True, ("k1", "k2"))
    assert math.isnan(measures.childcare_places(schools(), KINDERGARTEN, 0.0).value)


def test_small_rural_schools_are_named() -> None:
    told = measures.small_rural_schools(schools())
    assert (told.value, told.where, told.is_reached) == (1.0, ("p2",), None)


def test_what_nobody_counted_is_left_out_by_name() -> None:
    pupils = schools().pupils.copy()
    pupils[[1, 4]] = np.nan
    unknown = replace(schools(), pupils=pupils)
    assert measures.inclusive_share(unknown).left_out == ("k2",)
    assert measures.inclusive_share(unknown).value == pytest.approx(200 / 300)
    assert measures.small_rural_schools(unknown).left_out == ("p2",)
    assert measures.childcare_places(unknown, KINDERGARTEN, 10_000.0).left_out == ("k2",)
    assert measures.recurrent_per_pupil(unknown).left_out == ("k2", "p2")


def test_beds_for_those_who_live_far() -> None:
    """2000 m (a) is near, 2001 m (b) and no road (c) are far: 20 + 10 pupils, half of them in grades that may board."""
    names, pupils = ("a", "b", "c", "d", "e"), np.array([50.0, 20.0, 10.0, 5.0, np.nan])
    distance = np.array([2000.0, 2001.0, np.inf, np.nan, 9000.0])
    told = measures.boarding_need(names, pupils, distance, "primary")
    assert (told.value, told.where, told.left_out) == (15.0, ("b", "c"), ("d", "e"))
    assert measures.boarding_need(names, pupils, distance, "junior").value == 30.0
    assert measures.boarding_need(names, pupils, distance, "kindergarten").value == 0.0


def test_recurrent_money_keeps_small_rural_schools() -> None:
    """400 children x 400 = 160,000; p1 and p3 900 x 720 = 648,000; p2 100 x 720 for its 60; j1 600 x 940 = 564,000.

    Together 1,444,000 for 1960 pupils.
    """
    assert measures.recurrent_yuan(schools())[4] == pytest.approx(72_000.0)
    told = measures.recurrent_per_pupil(schools())
    assert told.value == pytest.approx(1_444_000 / 1960)
    assert told.where == ("p2",)
    assert measures.recurrent_yuan(schools(), {"kindergarten": 1.0, "primary": 2.0, "junior": 3.0})[6] == 1800.0


def test_no_schools_at_all_measure_nothing() -> None:
    nothing = np.zeros(0)
    none = Attended((), (), (), (), nothing, nothing, nothing, nothing)
    assert math.isnan(measures.migrant_share(none).value)
    assert math.isnan(measures.inclusive_share(none).value)
    assert measures.small_rural_schools(none).value == 0.0


def test_more_migrants_than_pupils_are_refused() -> None:
    wrong = replace(schools(), migrants=np.where(np.arange(7) == 4, 61.0, schools().migrants), pupils=-schools().pupils)
    with pytest.raises(InputError) as refused:
        measures.migrant_share(wrong)
    assert "k1 (-200)" in str(refused.value)
    with pytest.raises(InputError, match=r"1 of 7 rows have more migrant pupils than pupils: p2 \(61 / 60\)"):
        measures.migrant_share(replace(wrong, pupils=schools().pupils))


def test_every_indicator_says_what_it_is_and_where_from() -> None:
    for indicator in INDICATORS.values():
        assert indicator.name.zh
        assert indicator.formula.en
        assert indicator.source
        assert indicator.unit
    assert INDICATORS["inclusive_share"].verify is False
    assert INDICATORS["boarding_need"].verify is True
    assert INDICATORS["migrant_share"].target == 0.9


def test_figures_of_the_plan_are_sure_and_those_from_memory_are_not() -> None:
    assert ENROLMENT_RATE["kindergarten"].verify is False
    assert RECURRENT_YUAN["primary"].verify is True
    assert all(seats.verify and seats.lower < seats.upper for seats in SEATS_PER_1000.values())
