from __future__ import annotations

import math
from dataclasses import replace

import small_county

from siting.demand.seats import with_seats


def test_seats_follow_from_classes_where_nobody_counted_them() -> None:
    """S0 has 90 seats; S5 has 3 classes of 30 and no count: 90."""
    area = small_county.study_area()
    filled = with_seats(area, {"kindergarten": 30.0})
    assert filled.schools.seats.tolist() == [90.0, 90.0]
    assert filled.remarks[-1].what.zh == "1 所学校没有学位数，按班数 × 每班人数折算：第5村幼儿园。"


def test_a_count_is_left_alone_and_no_classes_give_no_seats() -> None:
    area = small_county.study_area()
    unknown = replace(area, schools=replace(area.schools, classes=area.schools.classes * math.nan))
    assert with_seats(unknown, {"kindergarten": 30.0}) is unknown
    counted = replace(area, schools=replace(area.schools, seats=area.schools.classes * 25.0))
    assert with_seats(counted, {"kindergarten": 30.0}) is counted


def test_tiers_nobody_asks_about_stay_unknown() -> None:
    assert math.isnan(with_seats(small_county.study_area(), {"primary": 45.0}).schools.seats[1])
