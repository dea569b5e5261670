from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import small_county
from shapely.geometry import box

from siting.frames import (
    assignments_frame,
    catchments_frame,
    points_frame,
    schools_frame,
    sites_frame,
    uncovered_frame,
    units_frame,
)
from siting.study import StudyArea


@pytest.fixture
def area() -> StudyArea:
    return small_county.study_area()


def test_units_carry_names_residents_and_children(area: StudyArea) -> None:
    frame = units_frame(area)
    assert frame["unit_id"].tolist() == [f"V{k}" for k in range(8)]
    assert frame["residents"].sum() == 10800
    assert frame["children_kindergarten"].iloc[3] == 23
    assert frame.crs == "EPSG:4547"


def test_units_stand_at_their_seats_unless_every_one_has_a_polygon(area: StudyArea) -> None:
    assert set(units_frame(area).geom_type) == {"Point"}
    squares = tuple(box(x - 500, y - 500, x + 500, y + 500) for x, y in zip(area.units.x, area.units.y, strict=True))
    drawn = replace(area, units=replace(area.units, polygon=squares))
    half_drawn = replace(area, units=replace(area.units, polygon=(*squares[:-1], None)))
    assert units_frame(drawn).area.sum() == 8e6
    assert set(units_frame(half_drawn).geom_type) == {"Point"}


def test_a_point_in_no_unit_has_an_empty_unit_id(area: StudyArea) -> None:
    unit = area.points.unit.copy()
    unit[0] = -1
    frame = points_frame(replace(area, points=replace(area.points, unit=unit)))
    assert frame["unit_id"].tolist()[:2] == ["", "V1"]
    assert frame["residents"].sum() == 10800


def test_uncounted_seats_stay_nan(area: StudyArea) -> None:
    frame = schools_frame(area)
    assert frame["seats"].iloc[0] == 90
    assert np.isnan(frame["seats"].iloc[1])
    assert frame["unit_id"].tolist() == ["V0", "V5"]


def test_sites_name_programme_action_and_units() -> None:
    frame = sites_frame(small_county.plan()).set_index("site_id")
    assert frame["action"].to_dict() == {"S0": "keep", "N2": "new", "S5": "extend"}
    assert frame.loc["N2", "units"] == "V1;V2;V3"
    assert frame.loc["N2", "service_population"] == 3600
    assert frame.geometry["N2"].x == small_county.X0 + 2000


def test_a_plan_without_sites_gives_an_empty_frame() -> None:
    plan = small_county.plan()
    frame = sites_frame(replace(plan, parts=(replace(plan.parts[0], sites=()),)))
    assert frame.empty
    assert "service_population" in frame


def test_assignments_name_the_school_and_who_is_beyond_the_radius(area: StudyArea) -> None:
    frame = assignments_frame(small_county.tier_plan(), area).set_index("unit_id")
    assert frame.loc["V1", "site_name"] == "第2村幼儿园"
    assert frame.loc["V1", "distance_m"] == 1000
    assert frame["uncovered_residents"].to_dict() == {f"V{k}": 1700.0 * (k == 7) for k in range(8)}


def test_a_unit_assigned_to_none_has_no_school_name(area: StudyArea) -> None:
    part = small_county.tier_plan()
    last = replace(part.assignments[-1], site_id="", metres=float("nan"), covered=0.0)
    frame = assignments_frame(replace(part, assignments=(*part.assignments[:-1], last)), area)
    assert frame["site_name"].iloc[-1] == ""


def test_uncovered_lists_the_largest_first(area: StudyArea) -> None:
    part = small_county.tier_plan()
    nobody = tuple(replace(given, covered=0.0) for given in part.assignments)
    assert uncovered_frame(part, area)["unit_id"].tolist() == ["V7"]
    assert uncovered_frame(replace(part, assignments=nobody), area)["unit_id"].tolist()[:3] == ["V7", "V6", "V5"]


def test_half_a_person_left_by_the_grid_is_not_uncovered(area: StudyArea) -> None:
    part = small_county.tier_plan()
    almost = tuple(replace(given, covered=1000.0 + 100.0 * k - 0.4) for k, given in enumerate(part.assignments))
    assert uncovered_frame(replace(part, assignments=almost), area).empty


def test_every_school_with_units_has_a_catchment(area: StudyArea) -> None:
    frame = catchments_frame(small_county.tier_plan(), area).set_index("site_id")
    assert frame["unit_count"].to_dict() == {"S0": 1, "N2": 3, "S5": 4}
    assert (frame.area > 0).all()
