from __future__ import annotations

import numpy as np
import pytest
import townships
from hypothesis import given
from hypothesis import strategies as st

from siting.demand.national import national_births
from siting.demand.sprague import ages_from_groups, single_ages
from siting.errors import InputError

BEFORE_2003_WAN = (2067.0, 2038.0, 1991.0, 1909.0, 1778.0, 1702.0, 1647.0)
"""The nation's births from 1996, from general knowledge: those who are 23 to 29 at the end of 2025."""


def of_curve(power: int) -> tuple[np.ndarray, np.ndarray]:
    """Groups 0-4 to 25-29 and single ages 5 to 19 of the people below an age as a power of it."""
    below = (np.arange(31) / 30.0) ** power
    single = np.diff(below)
    return single.reshape(6, 5).sum(axis=1)[None, :], single[5:20]


@pytest.mark.parametrize("power", [1, 2, 3, 4])
def test_smooth_ages_come_back_exactly(power: int) -> None:
    """Sprague's curve runs through any people-below-an-age that is a polynomial of up to the fourth degree."""
    groups, single = of_curve(power)
    assert single_ages(groups)[0] == pytest.approx(single, abs=1e-4 * single.max())


@given(st.lists(st.lists(st.integers(0, 500), min_size=6, max_size=6), min_size=1, max_size=8))
def test_groups_keep_their_totals_and_no_age_is_negative(rows: list[list[int]]) -> None:
    groups = np.array(rows, dtype=np.float64)
    places = townships.units([1.0] * len(rows), ["T1"] * len(rows))
    try:
        ages = ages_from_groups(places, groups, 2020)
    except InputError as refused:
        assert "all units together divide to -" in str(refused)
        return
    assert (ages.count[:, 6:] >= -1e-9).all()
    assert ages.count[:, 10:15].sum(axis=1) == pytest.approx(groups[:, 2], abs=1e-6)
    assert np.isnan(ages.count[:, :6]).all()


def test_a_village_that_would_turn_negative_is_divided_as_the_county_is() -> None:
    """b's 10-14 stand between two crowds; the county is level, so b's ten are two of each age."""
    level = [600.0, 600.0, 600.0, 600.0, 600.0, 600.0]
    jumpy = [300.0, 300.0, 10.0, 300.0, 10.0, 10.0]
    many = townships.units([1.0] * 2, ["T1"] * 2)
    groups = np.array([level, jumpy])
    groups[0] -= groups[1]
    ages = ages_from_groups(many, groups, 2020)
    assert (single_ages(groups)[1] < 0).any()
    assert ages.count[1, 10:15] == pytest.approx([2.0] * 5)
    assert ages.remarks[0].what.zh == "1 个单元单独拆分会出现负数，按全部单元的比例拆分：b。"


def test_younger_than_six_is_refused_with_the_reason() -> None:
    with pytest.raises(InputError) as refused:
        ages_from_groups(townships.units(), np.ones((4, 6)), 2020, first_age=3)
    fault = refused.value.faults[0]
    assert "3-5 岁会多算约 15%" in fault.what.zh
    assert fault.cure.en == "Take ages 0-5 from births."


def test_groups_missing_or_negative_are_refused() -> None:
    with pytest.raises(InputError, match="Give 0-4, 5-9, 10-14, 15-19, 20-24, 25-29"):
        ages_from_groups(townships.units(), np.ones((4, 5)), 2020)
    groups = np.ones((4, 6))
    groups[0, 0], groups[3, 5] = -1.0, np.nan
    with pytest.raises(InputError, match="a \\(-1\\)"):
        ages_from_groups(townships.units(), groups, 2020)


def test_a_count_at_the_end_of_a_year_is_moved_to_august() -> None:
    """A level county: 100 of every age at any time of the year."""
    ages = ages_from_groups(townships.units(), np.full((4, 6), 500.0), 2020, month=11)
    assert ages.count[:, 6:] == pytest.approx(np.full((4, 12), 100.0))
    assert ages.method[6:] == ("groups",) * 12


AGES_3_AND_4 = np.array([[0.1200, 0.1360, -0.0720, 0.0160], [0.0704, 0.1968, -0.0848, 0.0176]])
"""Sprague's multipliers for the ages of the first group that we refuse."""


def test_across_the_fall_of_births_groups_fail_below_six_and_hold_above() -> None:
    """The nation at the end of 2025: 3-5 15 % too many; 6-11 0.8 % and 12-14 1.6 % too few."""
    born = np.concatenate([BEFORE_2003_WAN, national_births().count[0] / 10_000.0])
    true = born[::-1]
    groups = true.reshape(6, 5).sum(axis=1)[None, :]
    single = single_ages(groups)[0]
    young = (AGES_3_AND_4 @ groups[0, :4]).sum() + single[0]
    assert young / true[3:6].sum() - 1.0 == pytest.approx(0.15, abs=0.005)
    assert single[1:7].sum() / true[6:12].sum() - 1.0 == pytest.approx(-0.008, abs=0.001)
    assert single[7:10].sum() / true[12:15].sum() - 1.0 == pytest.approx(-0.016, abs=0.001)
