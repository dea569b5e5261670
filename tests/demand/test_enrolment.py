from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import townships
from hypothesis import given
from hypothesis import strategies as st

from siting.demand.ages import AGES
from siting.demand.enrolment import Enrolment, pupils, with_count
from siting.demand.projection import Projection, project
from siting.errors import InputError
from siting.study import TIERS


def hundred_of_each_age() -> Projection:
    return project(townships.ages(np.full((1, AGES), 100.0)), None, 0)


def test_the_plans_rates() -> None:
    """300 x 0.92 = 276; all 600 and 300 of compulsory age; 300 x 0.95 x half = 142.5."""
    told = pupils(hundred_of_each_age(), Enrolment())
    assert [told.count[tier][0, 0] for tier in TIERS] == pytest.approx([276.0, 600.0, 300.0, 142.5])


def test_the_free_year_and_those_who_leave() -> None:
    """Ages 3 and 4 at 0.9, age 5 at 1: 280; a tenth goes to school elsewhere: 252."""
    enrolment = Enrolment({"kindergarten": 0.9}, at_age={5: 1.0}, leaving={"kindergarten": 0.1})
    told = pupils(hundred_of_each_age(), enrolment)
    assert told.count["kindergarten"][0, 0] == pytest.approx(252.0)
    assert np.isnan(told.count["primary"]).all()


def test_migrants_are_part_of_residents_and_come_on_top_of_the_registered() -> None:
    """A fifth are migrants: of 600 resident pupils 120; 600 registered pupils are four fifths of 750."""
    enrolment = Enrolment(migrant_share={"primary": 0.2})
    ages = townships.ages(np.full((1, AGES), 100.0))
    resident = pupils(project(ages, None, 0), enrolment)
    registered = pupils(project(replace(ages, basis="registered"), None, 0), enrolment)
    assert (resident.count["primary"][0, 0], resident.migrants["primary"][0, 0]) == pytest.approx((600.0, 120.0))
    assert (registered.count["primary"][0, 0], registered.migrants["primary"][0, 0]) == pytest.approx((750.0, 150.0))


def test_estates_change_one_tier_and_keep_the_share_of_migrants() -> None:
    before = pupils(hundred_of_each_age(), Enrolment(migrant_share={"primary": 0.2}))
    after = with_count(before, "primary", np.array([[650.0]]))
    assert after.migrants["primary"][0, 0] == pytest.approx(130.0)
    empty = np.vstack([np.full(AGES, 100.0), np.zeros(AGES)])
    two = pupils(project(townships.ages(empty), None, 0), Enrolment(migrant_share={"primary": 0.2}))
    assert with_count(two, "primary", np.array([[600.0], [50.0]])).migrants["primary"][1, 0] == pytest.approx(10.0)
    assert after.count["junior"] is before.count["junior"]


def test_rates_in_per_cent_are_refused() -> None:
    wrong = Enrolment({"kindergarten": 92.0}, {19: 1.0}, {"primary": -0.1}, {"junior": 0.99})
    with pytest.raises(InputError) as refused:
        pupils(hundred_of_each_age(), wrong)
    told = [fault.what.en for fault in refused.value.faults]
    assert "kindergarten (92)" in told[0]
    assert "primary (-0.1)" in told[1]
    assert "junior (0.99)" in told[2]
    assert "19 (19)" in told[3]
    assert refused.value.faults[0].cure.zh == "请改正，应在 0 至 1.5 之间；以 1 为总数，不用百分数。"


@given(
    st.lists(st.integers(0, 500), min_size=AGES, max_size=AGES),
    st.lists(st.integers(0, 500), min_size=AGES, max_size=AGES),
)
def test_more_children_never_make_fewer_pupils(count: list[int], more: list[int]) -> None:
    fewer = pupils(project(townships.ages([count]), None, 3), Enrolment())
    many = pupils(project(townships.ages([np.add(count, more)]), None, 3), Enrolment())
    for tier in ("primary", "junior", "senior"):
        assert (fewer.count[tier] <= many.count[tier] + 1e-9).all()
