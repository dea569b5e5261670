from __future__ import annotations

import numpy as np
import pytest
import townships
from hypothesis import given
from hypothesis import strategies as st

from siting.demand.ages import AGES, TIER_AGES, joined
from siting.demand.births import aged, ages_from_births, births_of_units
from siting.demand.register import ages_from_register
from siting.demand.shares import ages_from_shares, give_out
from siting.errors import InputError
from siting.study import TIERS


def test_a_third_was_born_the_year_before_and_two_thirds_that_year() -> None:
    """Three years old on 31 August 2024: a third of the 300 of 2020, two thirds of the 600 of 2021: 100 + 400."""
    born = townships.births([[300.0, 600.0]], 2020, ["T1"])
    assert aged(born, 3, 2024).tolist() == [500.0]
    assert np.isnan(aged(born, 4, 2024)).all()


def test_births_of_a_township_go_to_its_units_by_residents() -> None:
    """T1: 400 births to a and b as 1 : 3; T2: 50 to c, nobody lives in d."""
    shared = births_of_units(townships.births([[400.0], [50.0]], 2020), townships.units())
    assert shared.count[:, 0].tolist() == [100.0, 300.0, 50.0, 0.0]
    assert shared.place == ("a", "b", "c", "d")


def test_ages_from_births_know_what_births_reach() -> None:
    """Births of 2018 to 2024, 120 a year in T1: b has 90 of each age from 0 to 5, six-year-olds lack those of 2017."""
    ages = ages_from_births(townships.births([[120.0] * 7, [0.0] * 7], 2018), townships.units(), 2024)
    assert ages.count[1, :6].tolist() == pytest.approx([90.0] * 6)
    assert np.isnan(ages.count[:, 6:]).all()
    assert ages.method[5] == "births"
    assert ages.method[6] is None
    assert ages.year == 2024
    assert ages.of("kindergarten").tolist() == pytest.approx([90.0, 270.0, 0.0, 0.0])
    assert np.isnan(ages.of("primary")).all()


def test_deaths_thin_out_births() -> None:
    alive = np.full(AGES, 0.5)
    born = townships.births([[120.0] * 7, [0.0] * 7], 2018)
    assert ages_from_births(born, townships.units(), 2024, alive).count[0, 0] == pytest.approx(15.0)


def test_all_faults_of_births_are_told_at_once_with_rows_by_name() -> None:
    born = townships.births([[-4.0], [50.0], [7.0]], 2020, ["T1", "T3", "T4"])
    with pytest.raises(InputError) as refused:
        births_of_units(born, townships.units())
    told = [fault.said_in("en") for fault in refused.value.faults]
    assert told == [
        "births.csv: 1 of 3 rows have births out of range (has to be at least 0): 乡镇T1 (-4). "
        "Write a number at least 0.",
        "births.csv: 2 of 4 rows lie in a township without births: c (乡镇T2), d (乡镇T2). "
        "Add the township, or correct its code.",
        "births.csv: 2 of 3 rows have births and no village or community: 乡镇T3, 乡镇T4. "
        "Add its villages, or correct the township's code.",
    ]
    assert (
        refused.value.faults[0]
        .said_in("zh")
        .startswith("births.csv: 3 行中 1 行出生人数不在范围内（应不小于 0）：乡镇T1 (-4)。")
    )


def test_a_township_that_is_there_twice_is_refused() -> None:
    with pytest.raises(InputError, match="is there twice: 乡镇T1, 乡镇T1"):
        births_of_units(townships.births([[1.0], [2.0]], 2020, ["T1", "T1"]), townships.units([1.0], ["T1"]))


def test_a_register_of_august_is_taken_as_it_is() -> None:
    count = np.arange(4.0 * AGES).reshape(4, AGES)
    ages = ages_from_register(townships.units(), count, 2024)
    assert (ages.count == count).all()
    assert (ages.year, set(ages.method)) == (2024, {"register"})


def test_ages_at_the_end_of_a_year_go_back_to_31_august() -> None:
    """Counted 31 December: two thirds of those aged 3 then were 3 on 31 August, with a third of those aged 4 then."""
    count = np.zeros((1, AGES + 1))
    count[0, 3:5] = 90.0, 30.0
    ages = ages_from_register(townships.units([1.0], ["T1"]), count, 2024, month=12)
    assert ages.count[0, 2:5].tolist() == pytest.approx([30.0, 70.0, 20.0])
    assert ages.year == 2024
    assert ages_from_register(townships.units([1.0], ["T1"]), count, 2024, month=6).year == 2023


def test_a_register_too_short_to_go_back_is_refused() -> None:
    with pytest.raises(InputError, match=r"holds 18 single ages; 19 \(0-18\) are needed"):
        ages_from_register(townships.units(), np.ones((4, AGES)), 2024, month=12)
    holes = np.ones((4, AGES))
    holes[2, 7], holes[1, 3] = np.nan, -2.0
    with pytest.raises(InputError) as refused:
        ages_from_register(townships.units(), holes, 2024)
    assert [fault.what.en for fault in refused.value.faults] == [
        "1 of 4 rows have counts of an age out of range (has to be at least 0): b (-2).",
        "1 of 4 rows have no count of some ages: c.",
    ]


def test_residents_by_shares_of_age() -> None:
    share = np.full(AGES, 0.01)
    ages = ages_from_shares(townships.units(), share, 2024)
    assert ages.of("primary").tolist() == pytest.approx([60.0, 180.0, 120.0, 0.0])
    with pytest.raises(InputError, match=r"add up to 1\.800"):
        ages_from_shares(townships.units(), share * 10.0, 2024)
    with pytest.raises(InputError, match="one for each age from 0 to 17"):
        ages_from_shares(townships.units(), share[:5], 2024)


def test_births_to_five_are_joined_to_a_register_from_six() -> None:
    young = ages_from_births(townships.births([[120.0] * 7, [0.0] * 7], 2018), townships.units(), 2024)
    old = ages_from_register(townships.units(), np.full((4, AGES), 7.0), 2024)
    both = joined(young, old)
    assert both.count[0].tolist() == pytest.approx([30.0] * 6 + [7.0] * 12)
    assert both.method == ("births",) * 6 + ("register",) * 12


def test_ages_of_other_years_units_and_bases_are_not_joined() -> None:
    one = ages_from_register(townships.units(), np.full((4, AGES), 7.0), 2024)
    other = ages_from_register(townships.units([1.0], ["T1"]), np.full((1, AGES), 7.0), 2023, basis="registered")
    with pytest.raises(InputError) as refused:
        joined(one, other)
    assert [fault.what.en for fault in refused.value.faults] == [
        "the two counts of ages are of different units (4 and 1).",
        "are of 2024 and 2023.",
        "one counts resident, the other registered children.",
    ]


def test_tiers_share_out_the_ages_from_three_to_seventeen() -> None:
    assert [age for tier in TIERS for age in TIER_AGES[tier]] == list(range(3, 18))


@given(
    st.lists(st.floats(0.0, 1e5), min_size=3, max_size=3),
    st.lists(st.tuples(st.integers(0, 2), st.floats(0.0, 1e5)), min_size=1, max_size=12),
)
def test_shares_given_out_add_up_to_what_was_there(totals: list[float], members: list[tuple[int, float]]) -> None:
    holder = np.array([at for at, _ in members])
    weight = np.array([much for _, much in members])
    given_out = give_out(np.array(totals)[:, None], holder, weight)[:, 0]
    for at in set(holder.tolist()):
        assert given_out[holder == at].sum() == pytest.approx(totals[at], rel=1e-9)
    assert (given_out >= 0).all()


@given(st.lists(st.floats(0.0, 1e4), min_size=4, max_size=4), st.lists(st.floats(0.0, 1e4), min_size=10, max_size=10))
def test_units_together_have_the_births_of_their_townships(residents: list[float], count: list[float]) -> None:
    born = townships.births([count[:5], count[5:]], 2020)
    shared = births_of_units(born, townships.units(residents))
    assert shared.count.sum(axis=0) == pytest.approx(born.count.sum(axis=0), rel=1e-9, abs=1e-9)
