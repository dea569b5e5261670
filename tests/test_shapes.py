from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
import small_county
from shapely.geometry import box

from siting.shapes import NEAR_M, STEP_M, catchment_shapes, unit_shapes
from siting.study import StudyArea

PIXEL_AREA = STEP_M**2


@pytest.fixture
def area() -> StudyArea:
    return small_county.study_area()


def test_every_unit_has_a_shape_in_the_order_of_the_units(area: StudyArea) -> None:
    shapes = unit_shapes(area)
    assert shapes["unit_id"].tolist() == list(area.units.id)
    assert shapes.crs == "EPSG:4547"
    assert shapes.is_valid.all()
    assert not shapes.is_empty.any()


def test_land_belongs_to_the_nearest_village_within_a_kilometre(area: StudyArea) -> None:
    """Villages 1 km apart on a line: V3 holds the strip of 500 m either side, cut from a disc of 1 km."""
    shape = unit_shapes(area).geometry[3]
    west, south, east, north = shape.bounds
    x, y = area.units.x[3], area.units.y[3]
    assert (west - x, east - x) == pytest.approx((-500, 500), abs=STEP_M)
    assert (south - y, north - y) == pytest.approx((-NEAR_M, NEAR_M), abs=STEP_M)


def test_shapes_do_not_overlap_and_neighbours_touch(area: StudyArea) -> None:
    shapes = unit_shapes(area).geometry
    assert shapes.area.sum() == pytest.approx(shapes.union_all().area, rel=1e-6)
    assert all(shapes[k].intersection(shapes[k + 1]).length > NEAR_M for k in range(7))


def test_shapes_stay_within_the_boundary(area: StudyArea) -> None:
    boundary = box(area.units.x[0] - 300, area.units.y[0] - 300, area.units.x[-1] + 300, area.units.y[0] + 300)
    shapes = unit_shapes(replace(area, boundary=boundary)).geometry
    assert shapes.union_all().difference(boundary.buffer(STEP_M)).is_empty


def test_given_polygons_are_kept_as_they_are(area: StudyArea) -> None:
    squares = tuple(box(x - 400, y - 400, x + 400, y + 400) for x, y in zip(area.units.x, area.units.y, strict=True))
    whole = replace(area, units=replace(area.units, polygon=squares))
    partly = replace(area, units=replace(area.units, polygon=(*squares[:-1], None)))
    assert unit_shapes(whole).geometry.tolist() == list(squares)
    assert unit_shapes(partly).geometry.tolist()[:-1] == list(squares[:-1])
    assert unit_shapes(partly).geometry[7].area > 1e6


def test_two_units_counted_at_one_place_both_have_a_shape(area: StudyArea) -> None:
    x = area.points.x.copy()
    x[1] = x[0]
    crowded = replace(
        area, points=replace(area.points, x=x), units=replace(area.units, x=np.where(area.units.x == x[0], x[0], x))
    )
    assert (unit_shapes(crowded).area >= PIXEL_AREA).all()


def test_a_catchment_is_its_units_together(area: StudyArea) -> None:
    units = unit_shapes(area)
    catchments = catchment_shapes(small_county.tier_plan(), units)
    land = units.set_index("unit_id").area
    assert set(catchments) == {"S0", "N2", "S5"}
    assert catchments["N2"].area == pytest.approx(land[["V1", "V2", "V3"]].sum())
    assert shapely.get_num_geometries(catchments["N2"]) == 1


def test_a_school_without_units_has_no_catchment_and_a_unit_without_school_is_in_none(area: StudyArea) -> None:
    part = small_county.tier_plan()
    stranded = tuple(replace(one, site_id="" if one.site_id == "S5" else one.site_id) for one in part.assignments)
    catchments = catchment_shapes(replace(part, assignments=stranded), unit_shapes(area))
    assert set(catchments) == {"S0", "N2"}


def test_a_plan_of_nothing_has_no_catchments(area: StudyArea) -> None:
    nothing = replace(small_county.tier_plan(), sites=(), assignments=())
    assert len(catchment_shapes(nothing, unit_shapes(area))) == 0
