from __future__ import annotations

import math

from siting.project import Programme, areas_of, goal_name, programme_name


def test_what_is_not_covered_depends_on_what_was_promised() -> None:
    assert goal_name("uncovered", 1500.0).zh == "服务半径外人口"
    assert goal_name("uncovered", math.inf).zh == "没有学校可去的人口"
    assert goal_name("walk", math.inf) == goal_name("walk", 1500.0)


def test_a_programme_is_called_by_its_area_and_tier() -> None:
    assert programme_name(Programme("k", "kindergarten", "rural")).zh == "农村幼儿园"
    assert programme_name(Programme("j", "junior", "urban")).en == "urban junior middle school"


def test_urban_is_city_and_town() -> None:
    assert areas_of("urban") == {"city", "town"}
    assert areas_of("all") == areas_of("urban") | areas_of("rural")
