from __future__ import annotations

import base64
import io
import json
import re
from dataclasses import replace
from typing import Any

import drawn_county
import geopandas as gpd
import numpy as np
import pytest
import small_county
import test_comparison_browser
from PIL import Image
from shapely.geometry import LineString, MultiPolygon, Point, Polygon

from siting.audit import audit
from siting.mapping import draw_audit, draw_plan
from siting.mapping.degrees import coded
from siting.mapping.offline import script_json
from siting.mapping.rasters import paint_population, paint_streets
from siting.study import DemandPoints, Roads, StudyArea
from siting.words import Language

HOSTILE = "<img src=x onerror=alert(1)>{{ 7 * 7 }}{% raw %}</script><!--"


def scene_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="scene">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    scene: dict[str, Any] = json.loads(found.group(1))
    return scene


def small_scene(language: Language = "zh", area: StudyArea | None = None) -> dict[str, Any]:
    return scene_of(
        draw_plan(small_county.plan(), area or small_county.study_area(), language, (small_county.check(),))
    )


def layer(scene: dict[str, Any], key: str) -> dict[str, Any]:
    layers = [*scene["shared"], *scene["themes"][0]["layers"]]
    return next(one for one in layers if one["key"] == key)


def card(of: dict[str, Any], name: str) -> dict[str, str]:
    feature = next(one for one in of["features"] if one["properties"]["name"] == name)
    return dict(zip(of["columns"], feature["properties"]["values"], strict=True))


@pytest.fixture(scope="module")
def county() -> StudyArea:
    return drawn_county.county(name=HOSTILE)


@pytest.fixture(scope="module")
def page(county: StudyArea) -> str:
    return draw_plan(drawn_county.plan_for(county), county)


def test_nothing_in_the_page_is_fetched(page: str) -> None:
    markup = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert re.findall(r'(?:src|href)="([^"]*)"', markup) == ["data:,"]
    assert not re.findall(r"<script[^>]+src", page)
    assert not re.findall(r"@import|sourceMappingURL", page)
    assert set(re.findall(r"url\([^)]*\)", markup)) == set()


def test_the_same_plan_gives_the_same_page(county: StudyArea, page: str) -> None:
    assert draw_plan(drawn_county.plan_for(county), county) == page


def test_text_from_data_stays_text(page: str) -> None:
    assert HOSTILE in scene_of(page)["tables"][0]["name"]
    assert "<img" not in page
    assert page.count("</script>") == page.count("<script")


def test_a_hostile_study_name_stays_text_in_the_title(county: StudyArea) -> None:
    page = draw_audit(replace(county, name=HOSTILE))
    assert "<img" not in page
    assert "<title>&lt;img src=x" in page
    assert scene_of(page)["title"] == f"{HOSTILE}学校现状图"


@pytest.mark.parametrize("text", ["</script>", "<!--", "]]>", "a\u2028b\u2029c", "&amp;"])
def test_json_in_a_script_says_the_same_without_dangerous_signs(text: str) -> None:
    said = script_json([text])
    assert json.loads(said) == [text]
    assert not set("<>&\u2028\u2029") & set(said)


def test_a_theme_for_every_programme_in_order(page: str) -> None:
    titles = [theme["title"] for theme in scene_of(page)["themes"]]
    assert titles == ["农村幼儿园", "城镇幼儿园", "全域小学", "全域初级中学"]


def test_the_notice_of_synthetic_data_and_the_coordinates_stand_on_the_map() -> None:
    scene = small_scene()
    assert scene["notice"] == "合成数据，仅供演示"
    assert scene["sources"] == "坐标系 CGCS2000（EPSG:4547）；资料 villages.csv"


def test_facts_count_actions_coverage_proof_and_rules() -> None:
    """1700 of 10800 residents live beyond the radius: 9100 / 10800 = 84.3 % within. Walk: 0.09 of 9 is open: 1 %."""
    assert dict(small_scene()["themes"][0]["facts"]) == {
        "新建": "1 所",
        "扩建": "1 所",
        "保留": "1 所",
        "半径内人口": "84.3%",
        "方案证明": "最大差距 1.00%",
        "条款核查": "0 条符合，1 条不符",
    }


def test_what_could_not_be_met_is_said_with_the_clause_it_breaks() -> None:
    assert small_scene()["themes"][0]["sentences"] == [
        "第7村 1700 人在 1.5 公里以外。",
        "定发〔2021〕40号 三(三)：第7村 1700 人，最远 2000 米",
    ]


def test_a_proposed_school_says_what_whom_how_far_why_and_how_sure() -> None:
    proposed = layer(small_scene(), "proposed")
    assert card(proposed, "第2村幼儿园") == {
        "建设性质": "新建",
        "所在乡镇": "留早镇",
        "办学性质": "公办",
        "班数": "6",
        "学位": "180",
        "服务人口": "3,600 人",
        "适龄儿童": "66 人",
        "最远路程": "1,000 米",
        "服务村（社区）": "第1村、第2村、第3村",
        "依据条款": "定发〔2021〕40号 三(三) KG-R-REACH",
        "理由": "1.5 公里内没有其他公办园。",
        "方案证明": "最大差距 1.00%",
    }
    assert card(proposed, "第5村幼儿园")["班数"] == "3 → 6"


def test_new_and_extended_schools_have_different_signs_and_kept_ones_none() -> None:
    proposed = layer(small_scene(), "proposed")
    signs = {
        one["properties"]["name"]: proposed["looks"][one["properties"]["look"]]["shape"] for one in proposed["features"]
    }
    assert signs == {"第2村幼儿园": "new", "第5村幼儿园": "extend"}


def test_existing_schools_show_their_operator_and_what_the_plan_does() -> None:
    existing = layer(small_scene(), "existing")
    assert card(existing, "第0村幼儿园") == {
        "办学性质": "公办",
        "现有班数": "3",
        "现有学位": "90",
        "在校（园）人数": "60 人",
        "规划安排": "保留",
        "服务人口": "1,000 人",
    }
    assert card(existing, "第5村幼儿园")["现有学位"] is None


def test_a_rural_programme_shows_no_school_of_the_city() -> None:
    area = small_county.study_area()
    city = replace(area, units=replace(area.units, area=("city", *area.units.area[1:])))
    names = [one["properties"]["name"] for one in layer(small_scene(area=city), "existing")["features"]]
    assert names == ["第5村幼儿园"]


def test_a_village_says_who_it_is_and_where_it_goes() -> None:
    scene = small_scene()
    (table,), (service,) = scene["tables"], scene["themes"][0]["services"]
    at = table["name"].index("第3村")
    assert [table[column][at] for column in ("township", "residents", "where")] == ["留早镇", 1300, "农村"]
    assert goes(service, at) == ["第2村幼儿园"]
    assert service["metres"][at] == 1000
    assert service["cutoffs"] == [500, 1000, 1500, 2000, 3000]
    assert [people[at] for people in service["within"]] == [0, 1300, 1300, 1300, 1300]
    assert service["pupils"][at] == [23.0]


def goes(service: dict[str, Any], at: int) -> list[str]:
    links = service["links"]
    pairs = zip(links["unit"], links["school"], strict=True)
    return [service["schools"][school]["name"] for unit, school in pairs if unit == at]


def test_only_villages_beyond_the_radius_are_shown_uncovered() -> None:
    uncovered = layer(small_scene(), "uncovered")
    assert [one["properties"]["name"] for one in uncovered["features"]] == ["第7村"]
    assert card(uncovered, "第7村")["半径外人口"] == "1,700 人"


def test_a_village_without_a_school_looks_worse_than_one_too_far_away() -> None:
    plan = small_county.plan()
    part = plan.parts[0]
    lost = replace(part.assignments[-1], site_id="", metres=float("nan"), covered=0.0)
    stranded = replace(plan, parts=(replace(part, assignments=(*part.assignments[:-1], lost)),))
    scene = scene_of(draw_plan(stranded, small_county.study_area()))
    uncovered = layer(scene, "uncovered")
    assert uncovered["looks"][uncovered["features"][0]["properties"]["look"]]["words"] == "未分配学校"
    assert goes(scene["themes"][0]["services"][0], 7) == []
    assert card(uncovered, "第7村")["平均路程"] is None


def test_neighbouring_catchments_differ_in_colour() -> None:
    """S0, N2 and S5 lie in a row: the middle one differs from both."""
    catchments = layer(small_scene(), "catchments")["features"]
    colours = {one["properties"]["name"]: one["properties"]["look"] for one in catchments}
    assert colours["第2村幼儿园"] not in (colours["第0村幼儿园"], colours["第5村幼儿园"])


def test_layers_without_anything_to_show_are_left_out(page: str) -> None:
    assert {one["key"] for one in small_scene()["shared"]} == {"streets", "units", "townships"}
    everything = {"boundary", "grid", "urban", "protected", "streets", "roads", "barriers", "estates"}
    assert everything <= {one["key"] for one in scene_of(page)["shared"]}


def test_a_map_of_what_exists_has_a_theme_per_tier_and_no_proposals(county: StudyArea) -> None:
    scene = scene_of(draw_audit(county))
    assert [theme["title"] for theme in scene["themes"]] == ["幼儿园", "小学", "初级中学"]
    assert [one["key"] for one in scene["themes"][0]["layers"]] == ["existing"]
    assert scene["themes"][0]["services"] == []


def test_a_map_of_what_exists_shows_whom_an_audit_found_beyond_the_radius(county: StudyArea) -> None:
    made = test_comparison_browser.made(county, drawn_county.plan_for(county))
    found = audit(county, made.project, made.book)
    rural = found.uncovered[found.uncovered["programme"] == "kindergarten-rural"]
    theme = scene_of(draw_audit(county, audit=found))["themes"][0]
    assert theme["title"] == "农村幼儿园"
    assert [one["key"] for one in theme["layers"]] == ["uncovered", "existing", "spider", "fill"]
    assert ["服务半径外", f"{len(rural)} 村（社区）{rural['uncovered_residents'].sum():,.0f} 人"] in theme["facts"]
    assert not theme["services"][0]["isAssigned"]


def test_a_map_in_english_says_nothing_of_ours_in_chinese() -> None:
    scene = small_scene("en")
    theme = scene["themes"][0]
    said = [theme["title"], theme["sentences"][0], *scene["words"].values(), scene["notice"]]
    said += [text for fact in theme["facts"] for text in fact]
    for one in [*scene["shared"], *theme["layers"]]:
        said += [one["title"], *one["columns"], *(look["words"] or "" for look in one["looks"])]
    assert not [text for text in said if re.search("[\u4e00-\u9fff]", text)]


def test_lines_and_rings_are_a_start_and_steps_in_hundred_thousandths_of_a_degree() -> None:
    square = Polygon([(0, 0), (1e-5, 0), (1e-5, 1e-5), (0, 0)])
    assert coded(Point(114.5, 38.25)) == ("Point", [11450000, 3825000])
    assert coded(LineString([(1, 2), (1.00001, 2.00003)])) == ("LineString", [100000, 200000, 1, 3])
    assert coded(square) == ("Polygon", [[0, 0, 1, 0, 0, 1, -1, -1]])
    assert coded(MultiPolygon([square])) == ("MultiPolygon", [[[0, 0, 1, 0, 0, 1, -1, -1]]])


def opened(uri: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(uri.removeprefix("data:image/png;base64,")))).convert("RGBA")


def test_population_is_painted_where_people_live_in_the_colour_of_their_density() -> None:
    """Two cells of 100 m, 300 m apart: 4 people per hectare in the west, 50 in the east."""
    points = DemandPoints(
        np.zeros(2, dtype=int), 500_050.0 + np.array([0.0, 300]), np.full(2, 4_250_050.0), np.array([4.0, 50]), 100.0
    )
    picture = paint_population(points, "EPSG:4547", np.array([10.0]), ["#112233", "#445566"])
    pixels = np.asarray(opened(picture.uri))
    west, east = np.array_split(np.where(pixels[..., 3] > 0, pixels[..., 0], 0), 2, axis=1)
    assert set(west.ravel().tolist()) == {0, 0x11}
    assert set(east.ravel().tolist()) == {0, 0x44}
    south, left, north, right = picture.bounds
    assert south < 38.383 < north
    assert left < 114.0006 < 114.004 < right


def test_a_street_is_painted_as_a_line_and_the_rest_is_clear() -> None:
    roads = Roads(
        500_000.0 + np.array([0.0, 2000, 0, 2000]),
        4_250_000.0 + np.array([0.0, 0, 2000, 2000]),
        np.array([0, 2]),
        np.array([1, 3]),
        np.full(2, 2000.0),
        np.array([4, 0], dtype=np.int8),
    )
    alpha = np.asarray(opened(paint_streets(roads, np.array([True, False]), "EPSG:4547", "#bab3a8").uri))[..., 3]
    rows = np.flatnonzero(alpha.any(axis=1))
    assert rows.min() > 0.9 * alpha.shape[0]
    assert alpha[rows].any(axis=0).mean() > 0.9


def test_a_programme_that_found_no_plan_is_still_drawn() -> None:
    plan = small_county.plan()
    part = plan.parts[0]
    nowhere = tuple(replace(one, site_id="", metres=float("nan"), covered=0.0) for one in part.assignments)
    idle = tuple(replace(site, units=()) for site in part.sites)
    empty = replace(plan, parts=(replace(part, sites=idle, assignments=nowhere, stages=()),))
    scene = scene_of(draw_plan(empty, small_county.study_area()))
    assert len(layer(scene, "uncovered")["features"]) == 8
    assert layer(scene, "catchments")["features"] == []
    assert dict(scene["themes"][0]["facts"])["方案证明"] == "无"


@pytest.mark.parametrize(
    ("gaps", "said"),
    [((0.0, 1e-9), "各目标均已证明最优"), ((0.0, 0.025), "最大差距 2.50%"), ((0.3, float("nan")), "有目标未得到下界")],
)
def test_the_proof_is_that_of_the_worst_goal(gaps: tuple[float, ...], said: str) -> None:
    plan = small_county.plan()
    part = plan.parts[0]
    stages = tuple(replace(stage, gap=gap) for stage, gap in zip(part.stages, gaps, strict=False))
    scene = scene_of(draw_plan(replace(plan, parts=(replace(part, stages=stages),)), small_county.study_area()))
    assert dict(scene["themes"][0]["facts"])["方案证明"] == said


def test_rivers_railways_and_other_barriers_look_different(county: StudyArea) -> None:
    names = ["唐河", "南水北调总干渠", "水峪铁路", "Rhine river", "京港澳高速"]
    lines = [LineString([(500_000, 4_262_000 + k * 500), (505_000, 4_262_000 + k * 500)]) for k in range(5)]
    area = replace(county, barriers=gpd.GeoDataFrame({"name": names}, geometry=lines, crs=county.crs))
    barriers = layer(scene_of(draw_audit(area)), "barriers")
    words = [barriers["looks"][one["properties"]["look"]]["words"] for one in barriers["features"]]
    assert words == ["河流、渠道", "河流、渠道", "铁路", "河流、渠道", "其他阻隔"]
