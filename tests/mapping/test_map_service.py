"""Who lives within which distance, and pupils by year, on the county of paper."""

from __future__ import annotations

from dataclasses import replace

import drawn_county
import numpy as np
import pytest
import small_county
import test_comparison_browser

from siting.audit import audit
from siting.demand.needs import pupils_of
from siting.mapping.service import Service, assigned, nearest_by_road
from siting.network.ground import ground_of


@pytest.fixture(scope="module")
def service() -> Service:
    return assigned(small_county.tier_plan(), ground_of(small_county.study_area()))


def test_people_within_a_distance_are_those_of_the_assigned_school(service: Service) -> None:
    """500 m: villages 0, 2, 5 have their school: 1000 + 1200 + 1500. 1 km and 1.5 km: all but village 7 (1700)."""
    assert service.cutoffs == (500, 1000, 1500, 2000, 3000)
    assert service.within.sum(axis=1).tolist() == [3700, 9100, 9100, 10800, 10800]


def test_at_the_rules_radius_they_are_those_the_plan_covers(service: Service) -> None:
    covered = [given.covered for given in small_county.tier_plan().assignments]
    assert service.within[service.cutoffs.index(1500)].tolist() == covered


def test_a_radius_that_is_a_cutoff_already_stands_once() -> None:
    part = replace(small_county.tier_plan(), radius_m=2000.0)
    assert assigned(part, ground_of(small_county.study_area())).cutoffs == (500, 1000, 2000, 3000)


def test_a_unit_without_a_school_is_within_no_distance() -> None:
    part = small_county.tier_plan()
    lost = replace(part.assignments[7], site_id="", metres=np.nan, covered=0.0)
    made = assigned(replace(part, assignments=(*part.assignments[:7], lost)), ground_of(small_county.study_area()))
    assert made.within[:, 7].tolist() == [0, 0, 0, 0, 0]
    assert 7 not in made.links.unit


def test_pupils_follow_the_years_and_add_up_to_those_of_the_schools() -> None:
    area, part = drawn_county.with_forecast(small_county.study_area()), small_county.tier_plan()
    made = assigned(part, ground_of(area))
    assert made.pupils[3].tolist() == [46, 23, 11.5]
    assert area.forecast is not None
    by_school = [made.pupils[made.links.unit[made.links.school == k]].sum(axis=0) for k in range(len(part.sites))]
    assert np.allclose(by_school, pupils_of(list(part.sites), part.tier, area, area.forecast))
    assert [pupils[1] for pupils in by_school] == [site.pupils for site in part.sites]


def test_an_audits_shares_add_up_to_what_it_counted() -> None:
    area = drawn_county.county()
    area = replace(area, units=replace(area.units, children={"primary": np.arange(16.0)}))
    of = test_comparison_browser.made(area, drawn_county.plan_for(area))
    found = audit(area, of.project, of.book)
    programme = next(one for one in found.programmes if one.tier == "primary")
    made = nearest_by_road(programme, programme.key, found, ground_of(area))
    load = np.bincount(
        made.links.school, made.links.share * made.pupils[made.links.unit, 0], minlength=len(made.schools)
    )
    assert load == pytest.approx([school.pupils for school in made.schools], abs=1e-6)
    assert np.bincount(made.links.unit, made.links.share) == pytest.approx(np.ones(len(made.member)))
