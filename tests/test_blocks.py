from __future__ import annotations

from dataclasses import replace

import numpy as np
import six_villages

from siting.blocks import divide
from siting.study import DemandPoints, StudyArea


def _with_town(cells: int = 20) -> StudyArea:
    """Six villages whose city community C6 lives in cells 50 m apart in a row eastwards, 200 people each."""
    area = six_villages.study_area()
    points = area.points
    x = np.concatenate((points.x[:-1], six_villages.X0 + 6000 + 50.0 * np.arange(cells)))
    residents = np.concatenate((points.residents[:-1], np.full(cells, 4000.0 / cells)))
    unit = np.concatenate((points.unit[:-1], np.full(cells, 6)))
    return replace(area, points=DemandPoints(unit, x, np.full(len(x), six_villages.Y0), residents, 50.0))


def _limits(area: StudyArea, of_city: float) -> np.ndarray:
    return np.array([of_city if word == "city" else np.inf for word in area.units.area])


def test_a_large_unit_becomes_equal_blocks_in_a_row() -> None:
    """4000 people at 1500 a block: ceil(4000 / 1500) = 3 blocks. 20 cells of 200: first 7 (1400), then 7 and 6."""
    area = _with_town()
    divided = divide(area, _limits(area, 1500.0))
    assert divided.units.id[6:] == ("C6-01", "C6-02", "C6-03")
    assert divided.units.name[6:] == ("C6·01", "C6·02", "C6·03")
    assert divided.units.part_of[6:] == ("C6", "C6", "C6")
    assert divided.units.kind[6:] == ("block", "block", "block")
    assert sorted(divided.units.residents[6:].tolist()) == [1200.0, 1400.0, 1400.0]
    ranges = [np.ptp(divided.points.x[divided.points.unit == unit]) for unit in (6, 7, 8)]
    assert max(ranges) <= 6 * 50.0, "a block is a stretch of the row, not a mixture"


def test_nothing_else_changes() -> None:
    area = _with_town()
    divided = divide(area, _limits(area, 1500.0))
    assert divided.units.id[:6] == area.units.id[:6]
    assert np.array_equal(divided.units.residents[:6], area.units.residents[:6])
    assert divided.units.residents.sum() == area.units.residents.sum()
    assert np.array_equal(divided.points.unit[:7], area.points.unit[:7])


def test_units_within_their_limit_give_the_same_area() -> None:
    area = _with_town()
    assert divide(area, _limits(area, 4000.0)) is area


def test_a_unit_is_cut_no_finer_than_its_points() -> None:
    area = six_villages.study_area()
    assert divide(area, _limits(area, 1500.0)).units.id == area.units.id


def test_children_go_with_the_people_and_unknown_stays_unknown() -> None:
    area = _with_town()
    counted = np.array([np.nan] * 6 + [80.0])
    area = replace(area, units=replace(area.units, children={"primary": counted}))
    children = divide(area, _limits(area, 1500.0)).units.children["primary"]
    # 80 children of 4000 people: 28 to a block of 1400, 24 to one of 1200.
    assert sorted(children[6:].tolist()) == [24.0, 28.0, 28.0]
    assert np.isnan(children[:6]).all()


def test_a_school_stays_in_the_block_nearest_to_it() -> None:
    area = _with_town()
    divided = divide(area, _limits(area, 1500.0))
    school = divided.schools.unit[area.schools.id.index("S6")]
    first_cell = divided.points.unit[np.flatnonzero(divided.points.x == six_villages.X0 + 6000)[0]]
    assert school == first_cell
    assert divided.schools.unit[:3].tolist() == area.schools.unit[:3].tolist()


def test_a_seat_is_a_demand_point_of_its_block() -> None:
    area = _with_town()
    divided = divide(area, _limits(area, 1500.0))
    for unit in (6, 7, 8):
        assert divided.units.x[unit] in divided.points.x[divided.points.unit == unit]
