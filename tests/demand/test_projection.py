from __future__ import annotations

import numpy as np
import pytest
import townships
from hypothesis import given
from hypothesis import strategies as st

from siting.demand.ages import AGES
from siting.demand.births import Births, births_of_units
from siting.demand.outlook import BirthOutlook, births_ahead, steady_outlook
from siting.demand.projection import Change, Vintage, migration_rate, project, project_variants
from siting.errors import InputError

COUNTS = st.lists(st.lists(st.integers(0, 999), min_size=AGES, max_size=AGES), min_size=1, max_size=3)


def born(units: int = 1, years: int = 6, each: float = 30.0, first_year: int = 2019) -> Births:
    places = townships.units([1000.0] * units, ["T1"] * units)
    return births_of_units(townships.births([[each * units] * years], first_year, ["T1"]), places)


def test_everybody_grows_a_year_older() -> None:
    """Ages 0 to 17 count 0 to 17; a year on a third of 30 and two thirds of 60 are newly born: 50."""
    ages = townships.ages([list(range(AGES))])
    births = births_of_units(townships.births([[30.0, 60.0]], 2024, ["T1"]), townships.units([1000.0], ["T1"]))
    ahead = project(ages, births, 1)
    assert ahead.count[0, 1].tolist() == pytest.approx([50.0, *range(AGES - 1)])
    assert ahead.year.tolist() == [2024, 2025]
    assert (ahead.vintage.ages, ahead.vintage.births) == (2024, 2025)


def test_ages_of_a_year_ahead_know_where_they_come_from() -> None:
    """Two years on those under two are births, the six-year-olds were four when they were registered."""
    ahead = project(townships.ages([list(range(AGES))]), born(years=8), 2)
    then = ahead.in_year(2026)
    assert then.method == ("births",) * 2 + ("register",) * 16
    assert (then.year, then.count[0, 6]) == (2026, 4.0)
    for births in (None, born(years=6)):  # to 2024 only
        unknown = project(townships.ages([list(range(AGES))]), births, 2)
        assert unknown.in_year(2026).method[:2] == (None, None)
    with pytest.raises(IndexError, match="2027 is not among 2024-2026"):
        ahead.in_year(2027)


def test_a_forecast_says_what_it_knew() -> None:
    assert Vintage(2024).said().zh == "年龄数据 2024 年"
    told = Vintage(2024, 2025, 2026, "low").said()
    assert told.zh == "年龄数据 2024 年，出生数据至 2025 年，以后按 2026 年所作低方案"
    assert told.en == "ages of 2024, births to 2025, then the low variant of 2026"


@given(COUNTS)
def test_nought_years_change_nothing(count: list[list[int]]) -> None:
    ages = townships.ages(count)
    assert (project(ages, None, 0).count[:, 0] == ages.count).all()


@given(COUNTS, st.integers(0, 15), st.integers(0, 15))
def test_two_steps_are_one_long_step(count: list[list[int]], first: int, then: int) -> None:
    """Projecting to a year and from there on is projecting all the way; those not yet born stay unknown."""
    if first + then > 15:
        return
    ages = townships.ages(count)
    middle = project(ages, None, first)
    halfway = townships.ages(middle.count[:, -1], 2024 + first)
    np.testing.assert_array_equal(
        project(halfway, None, then).count[:, -1], project(ages, None, first + then).count[:, -1]
    )


def test_deaths_and_moves() -> None:
    """100 three-year-olds, 90 % alive, a tenth more move in: 100 x 0.9 x 1.1 = 99 are four."""
    count = np.zeros((1, AGES))
    count[0, 3] = 100.0
    change = Change(np.full(AGES - 1, 0.9), np.array(0.1))
    assert project(townships.ages(count), None, 1, change).count[0, 1, 4] == pytest.approx(99.0)


def test_moves_by_unit_and_year() -> None:
    """a loses a tenth of its children in the second year, b gains a tenth in the first."""
    rate = np.array([[[0.0], [-0.1]], [[0.1], [0.0]]])
    ahead = project(townships.ages(np.full((2, AGES), 100.0)), None, 2, Change(net_migration=rate))
    assert ahead.of("primary").tolist() == [pytest.approx([600.0, 600.0, 540.0]), pytest.approx([600.0, 660.0, 660.0])]


def test_movers_as_a_rate_of_residents() -> None:
    rate = migration_rate(np.array([[50.0], [5.0]]), np.array([1000.0, 0.0]), youth=1.2)
    assert rate[:, 0, 0].tolist() == pytest.approx([0.06, 0.0])


def test_more_than_fifteen_years_are_refused_with_all_other_faults() -> None:
    change = Change(np.full(AGES - 1, 1.1))
    with pytest.raises(InputError) as refused:
        project(townships.ages(np.ones((2, AGES))), born(1), 16, change)
    told = [fault.what.en for fault in refused.value.faults]
    assert told[0] == "16 years ahead were asked for (to 2040); 0 to 15 are allowed."
    assert told[1] == "has births of a, not of the units (a, b)."
    assert told[2].startswith("17 of 17 rows have shares alive out of range (has to be between 0 and 1): 0 (1.1)")


def test_more_leave_than_live_there() -> None:
    with pytest.raises(InputError, match=r"net migration out of range \(has to be at least -1\): a \(-1\.5\)"):
        project(townships.ages(np.ones((1, AGES))), None, 2, Change(net_migration=np.array(-1.5)))


def test_steady_births_stay_as_they_last_were() -> None:
    """40 were born last: 40 a year; high grows by 10 %: 44, 48.4; low halves: 20, 10."""
    known = townships.births([[99.0, 20.0, 30.0, 40.0]], 2021, ["T1"])
    outlook = steady_outlook(2025, 2025, 2, low=-0.5, high=0.1)
    ahead = {variant: births_ahead(known, outlook, variant) for variant in ("low", "middle", "high")}
    assert ahead["middle"].count[0].tolist() == pytest.approx([99.0, 20.0, 30.0, 40.0, 40.0, 40.0])
    assert ahead["high"].count[0, 4:].tolist() == pytest.approx([44.0, 48.4])
    assert ahead["low"].count[0, 4:].tolist() == pytest.approx([20.0, 10.0])
    assert (ahead["low"].vintage, ahead["low"].variant, ahead["low"].last_year) == (2024, "low", 2026)
    assert ahead["low"].outlook == 2025


def test_small_places_share_births_as_in_three_years() -> None:
    """60 in both the last year; T1 had 60 of 180 in three years, T2 120: 20 and 40, not 10 and 50."""
    known = townships.births([[30.0, 20.0, 10.0], [30.0, 40.0, 50.0]], 2022)
    ahead = births_ahead(known, steady_outlook(2025, 2025, 1), "middle")
    assert ahead.count[:, 3].tolist() == pytest.approx([20.0, 40.0])
    nobody = births_ahead(townships.births([[0.0] * 3, [0.0] * 3], 2022), steady_outlook(2025, 2025, 1), "high")
    assert nobody.count.sum() == 0.0


def test_years_known_since_the_outlook_are_kept() -> None:
    """An outlook of 2023 to 2026 on births known to 2024 speaks of 2025 and 2026 only."""
    known = townships.births([[10.0] * 4], 2021, ["T1"])
    outlook = steady_outlook(2023, 2023, 4, low=-0.1, high=0.1)
    assert births_ahead(known, outlook, "high").count[0].tolist() == pytest.approx([10.0] * 4 + [13.31, 14.641])


def test_an_outlook_upside_down_is_refused() -> None:
    known = townships.births([[10.0, 10.0, np.nan]], 2022, ["T1"])
    factor = {"low": np.array([1.0, 1.2]), "middle": np.array([1.0, 1.1]), "high": np.array([1.0, 1.3])}
    with pytest.raises(InputError) as refused:
        births_ahead(known, BirthOutlook(2025, 2026, factor), "low")
    assert [fault.what.en for fault in refused.value.faults] == [
        "1 of 2 rows are not low <= middle <= high: 2027 (1.2, 1.1, 1.3).",
        "begins in 2026, while births end in 2024.",
        "1 of 1 rows have no count of births in 2022-2024: 乡镇T1.",
    ]
    with pytest.raises(InputError, match="lacks low, high"):
        births_ahead(known, BirthOutlook(2025, 2025, {"middle": np.ones(2)}), "middle")


def test_the_years_ahead_are_not_taken_for_known_ones() -> None:
    known = townships.births([[10.0] * 3], 2022, ["T1"])
    once = births_ahead(known, steady_outlook(2025, 2025, 5), "low")
    with pytest.raises(InputError, match="already holds the years ahead of the low variant"):
        births_ahead(once, steady_outlook(2025, 2030, 5), "low")


@given(COUNTS, st.floats(-0.2, 0.0), st.floats(0.0, 0.2), st.floats(-0.5, 0.5))
def test_low_is_never_above_middle_nor_middle_above_high(
    count: list[list[int]], low: float, high: float, moving: float
) -> None:
    ages = townships.ages(count)
    outlook = steady_outlook(2025, 2025, 15, low, high)
    births = born(len(count))
    ahead = project_variants(ages, births, outlook, 15, Change(net_migration=np.array(moving)))
    assert (ahead["low"].count <= ahead["middle"].count).all()
    assert (ahead["middle"].count <= ahead["high"].count).all()
    assert not np.isnan(ahead["low"].count).any()
