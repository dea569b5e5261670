from __future__ import annotations

import math
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
import six_villages
from six_villages import X0, Y0

from siting.export import Result
from siting.filing.constraints import findings, surroundings
from siting.filing.dossier import Work
from siting.filing.norms import norms
from siting.filing.plots import land_of, plot_at
from siting.filing.works import works
from siting.network.build import build_network
from siting.rules.book import read_rulebook


def _result() -> Result:
    book = read_rulebook("dingzhou-2021")
    return Result(six_villages.plan(), six_villages.study_area(), six_villages.project(), book, (), 0.0)


@pytest.fixture(scope="module")
def both() -> tuple[Work, ...]:
    return works(_result(), {("kindergarten-rural", "N4"): 2027.0})


def test_new_builds_come_first_and_are_numbered(both: tuple[Work, ...]) -> None:
    assert [(work.number, work.code, work.site.id) for work in both] == [(1, "KR-001", "N4"), (2, "KR-002", "S5")]
    assert [work.name.zh for work in both] == ["新建N4", "扩建S5"]


def test_estimates_follow_from_seats(both: tuple[Work, ...]) -> None:
    """N4: 90 seats, 90 x 15 = 1350 m2 of land, 90 x 12.2 = 1098 m2 of floor, 90 x 4.27 = 384.3. S5 adds 180 - 90."""
    new, extension = both
    assert (new.land_m2, new.floor_m2) == (1350.0, pytest.approx(1098.0))
    assert new.money_wan == pytest.approx(384.3)
    assert (new.money_low_wan, new.money_high_wan) == (pytest.approx(269.01), pytest.approx(499.59))
    assert math.isnan(extension.land_m2)
    assert (extension.seats_added, extension.classes_added) == (90.0, 3.0)
    assert (new.year, math.isnan(extension.year)) == (2027.0, True)


def test_the_plans_own_place_fares_as_the_plan_says(both: tuple[Work, ...]) -> None:
    own = both[0].recommended
    assert (own.residents, own.covered) == (3100.0, 3100.0)
    assert (own.mean_m, own.farthest_m) == (pytest.approx(both[0].site.mean_m), 1200.0)
    assert own.lost.zh == ""


def test_alternatives_say_what_is_lost(both: tuple[Work, ...]) -> None:
    """V3's places lie at 3200 and 2800. At 3200: V3 (400 + 0) / 2, V4 800: (1200 x 200 + 1900 x 800) / 3100 = 567.7,
    181 more than 1,200,000 / 3100 = 387.1. At 2800: V4 1200: (240,000 + 2,280,000) / 3100 = 812.9; all within 1500."""
    first, second = both[0].alternatives
    assert (first.x - X0, second.x - X0) == (3200.0, 2800.0)
    assert first.mean_m == pytest.approx(567.74, abs=0.01)
    assert second.mean_m == pytest.approx(812.90, abs=0.01)
    assert first.lost.zh == "平均路程增加 181 米。"
    assert (first.name, second.name) == ("V3-1", "V3-2")


def test_beyond_the_radius_fewer_are_covered() -> None:
    """Within 1000 m of 3200 live V3 and V4 (800 m); of 2800 only V3: 1900 fewer."""
    result = _result()
    part = replace(result.plan.parts[0], radius_m=1000.0)
    said = works(replace(result, plan=replace(result.plan, parts=(part,))), {})[0].alternatives
    assert [place.lost.zh.split("，")[0] for place in said] == ["1000 米内多覆盖 600 人", "1000 米内少覆盖 1,300 人"]


def test_a_catchment_of_one_place_has_no_alternative(both: tuple[Work, ...]) -> None:
    assert both[1].alternatives == ()
    assert "没有其他可比地点" in both[1].why_none.zh


def test_a_forbidden_or_protected_place_is_no_alternative() -> None:
    result = _result()
    land = gpd.GeoDataFrame({"name": ["永久基本农田"]}, geometry=[shapely.box(X0 + 3100, Y0 - 50, X0 + 3300, Y0 + 50)])
    area = replace(result.area, protected=land)
    assert [place.x - X0 for place in works(replace(result, area=area), {})[0].alternatives] == [2800.0]


# --- plots -----------------------------------------------------------------------------------------------------


def test_a_plot_lies_along_its_road_with_the_area_asked_for() -> None:
    """1350 m2 at 3 : 2 is 45 x 30 m; the road runs east."""
    plot = plot_at(land_of(six_villages.study_area().roads), X0 + 4000, Y0, 1350.0)
    assert shapely.Polygon(plot.corners).area == pytest.approx(1350.0)
    assert plot.corners - np.array([X0 + 4000, Y0]) == pytest.approx(
        np.array([[-22.5, 15.0], [22.5, 15.0], [22.5, -15.0], [-22.5, -15.0]])
    )


def test_a_plot_is_bounded_by_the_road_beyond_it() -> None:
    """The place lies 100 m north of the road; half the plot's depth is 15 m."""
    plot = plot_at(land_of(six_villages.study_area().roads), X0 + 4500, Y0 + 100, 1350.0)
    assert [side.zh for side in plot.bounds] == [
        "东至：300米内无道路，待现场核定",
        "南至：村路、街巷（距地块约85米）",
        "西至：300米内无道路，待现场核定",
        "北至：300米内无道路，待现场核定",
    ]


# --- constraints -----------------------------------------------------------------------------------------------


def _looked(**layers: gpd.GeoDataFrame) -> dict[str, tuple[str, str]]:
    area = replace(six_villages.study_area(), **layers)
    found = findings(surroundings(area), shapely.Point(X0 + 4000, Y0), "kindergarten")
    return {one.constraint.zh: (one.verdict, one.evidence.zh) for one in found}


def _line(name: str, away_m: float) -> gpd.GeoDataFrame:
    line = shapely.LineString([(X0, Y0 + away_m), (X0 + 9000, Y0 + away_m)])
    return gpd.GeoDataFrame({"name": [name]}, geometry=[line])


def test_without_a_layer_nothing_is_called_clear() -> None:
    found = _looked()
    assert found["铁路"] == ("unchecked", "未提供图层")
    assert found["永久基本农田"][0] == "unchecked"
    assert found["高压线、油气管线"][0] == "unchecked"


def test_a_railway_nearer_than_300_m_needs_measures() -> None:
    assert _looked(barriers=_line("京广铁路", 299.0))["铁路"] == (
        "mitigate", "距京广铁路 299 米，不足 300 米，须采取隔声措施",
    )  # fmt: skip
    assert _looked(barriers=_line("京广铁路", 300.0))["铁路"] == ("clear", "距京广铁路 300 米")
    assert _looked(barriers=_line("唐河", 10.0))["铁路"][0] == "unchecked"


def test_protected_land_prohibits() -> None:
    land = gpd.GeoDataFrame(
        {"name": ["永久基本农田3", "水源地"]},
        geometry=[shapely.Point(X0 + 4000, Y0).buffer(50), shapely.Point(X0 + 4000, Y0 + 200).buffer(50)],
    )
    found = _looked(protected=land)
    assert found["永久基本农田"] == ("prohibit", "压占永久基本农田3")
    assert found["其他保护用地"] == ("clear", "距水源地 150 米")
    assert next(iter(found)) == "永久基本农田"


def test_norms_are_those_of_the_tiers_once() -> None:
    said = norms(["primary", "kindergarten", "primary"])
    assert [norm.name.zh for norm in said][:3] == [
        "小学新建用地", "小学建筑面积", "小学单位投资（估算，不含土地）",
    ]  # fmt: skip
    assert len(said) == 6


def test_the_network_of_links_is_not_drawn() -> None:
    area = six_villages.study_area()
    assert len(land_of(area.roads).edges) == len(build_network(area.roads).tail) == 6
