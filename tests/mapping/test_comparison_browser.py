"""The map of two plans as a browser shows it, with the network off."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

import drawn_county
import numpy as np
import pytest
import test_map_browser as pages
from playwright.sync_api import BrowserContext

from siting.comparison import compare
from siting.mapping import draw_comparison
from siting.plan import Plan, Site, TierPlan
from siting.project import Programme, Project
from siting.rules.base import RuleBook
from siting.rules.book import read_rulebook
from siting.study import StudyArea

browser, offline = pages.browser, pages.offline
HOSTILE = pages.HOSTILE


@dataclass(frozen=True, slots=True)
class Made:
    plan: Plan
    area: StudyArea
    project: Project
    book: RuleBook


def made(area: StudyArea, plan: Plan) -> Made:
    asked = tuple(Programme(f"{tier}-{where}", tier, where) for tier, where in drawn_county.PROGRAMMES)
    folder = Path()
    project = Project(
        folder, folder / "study.toml", "示例县", "dingzhou-2021", drawn_county.CRS, "zh", drawn_county.NOTICE, {},
        asked, {}, pages.small_county.Limits(),
    )  # fmt: skip
    return Made(plan, area, project, read_rulebook("dingzhou-2021"))


def fewer(area: StudyArea, part: TierPlan) -> TierPlan:
    """The part without every third new build; its units go to the nearest school left, covered within 1500 m."""
    lost = [site for site in part.sites if site.action == "new"][::3]
    left = [site for site in part.sites if site not in lost]
    row = {unit: k for k, unit in enumerate(area.units.id)}
    x, y = (np.array([getattr(site, axis) for site in left]) for axis in ("x", "y"))

    def anew(unit_id: str) -> drawn_county.Assignment:
        far = np.hypot(x - area.units.x[row[unit_id]], y - area.units.y[row[unit_id]])
        return drawn_county._assignment(area, row[unit_id], left[int(far.argmin())], float(far.min()))

    gone = {site.id for site in lost}
    given = tuple(anew(one.unit_id) if one.site_id in gone else one for one in part.assignments)
    return replace(part, sites=tuple(_serving(site, given) for site in left), assignments=given)


def _serving(site: Site, given: tuple[drawn_county.Assignment, ...]) -> Site:
    return replace(site, units=tuple(one.unit_id for one in given if one.site_id == site.id))


def page_of(area: StudyArea, names: tuple[str, str]) -> str:
    plan = drawn_county.plan_for(area)
    base, other = made(area, plan), made(area, replace(plan, parts=tuple(fewer(area, part) for part in plan.parts)))
    return draw_comparison(compare(base, other, names), base, other)


@pytest.fixture(scope="module")
def small_page() -> str:
    return page_of(drawn_county.county(across=7, name=HOSTILE), ("现方案", HOSTILE))


@pytest.fixture
def small(offline: BrowserContext, small_page: str, tmp_path: Path) -> pages.Shown:
    return pages.show(offline, small_page, tmp_path)


def bar_x(shown: pages.Shown) -> float:
    box = shown.page.locator(".swipe").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2


def test_a_county_of_full_size_is_small_and_asks_for_nothing(offline: BrowserContext, tmp_path: Path) -> None:
    """784 units, 70,560 cells, four programmes, twice."""
    html = page_of(drawn_county.county(across=28, cells=90, street_nodes=10), ("现方案", "对比"))
    assert len(html.encode()) <= pages.MIB * 2
    shown = pages.show(offline, html, tmp_path)
    assert shown.requests == [shown.page.url]
    assert shown.complaints == []


def test_names_that_are_markup_are_shown_and_not_run(small: pages.Shown) -> None:
    assert small.page.locator(".swipe .right").inner_text() == HOSTILE
    assert HOSTILE in small.page.locator(".heading").inner_text()
    small.page.locator(".heading summary").click()
    small.page.evaluate("void map_siting.setZoom(15, {animate: false})")
    small.settle()
    assert small.page.locator("img[src=x]").count() == 0
    assert small.complaints == []


def test_the_panel_says_both_plans_and_the_difference(small: pages.Shown) -> None:
    rows = [row.inner_text().split("\t") for row in small.page.locator(".heading tr").all()]
    assert rows[0][1:] == ["现方案", HOSTILE, "差值"]
    found = {row[0]: row[1:] for row in rows[1:]}
    base, other, difference = found["新建（所）"]
    assert int(other) - int(base) == int(difference) < 0


def clip(shown: pages.Shown, pane: str) -> list[float]:
    """West and east edge of what a pane shows, in pixels of the page."""
    style = shown.page.evaluate(f"map_siting.getPane('{pane}').style.clipPath")
    xs = [float(x) for x, _ in re.findall(r"(-?[\d.]+)px (-?[\d.]+)px", style)]
    shift = shown.page.evaluate("map_siting.layerPointToContainerPoint([0, 0]).x")
    return [min(xs) + shift, max(xs) + shift]


def test_the_bar_parts_the_plans_and_follows_the_mouse(small: pages.Shown) -> None:
    for to in (500, 900):
        box = small.page.locator(".swipe b").bounding_box()
        assert box is not None
        small.page.mouse.move(box["x"] + 18, box["y"] + 18)
        small.page.mouse.down()
        small.page.mouse.move(to, 400, steps=4)
        small.page.mouse.up()
        assert bar_x(small) == pytest.approx(to, abs=1)
        assert clip(small, "left") == pytest.approx([0, to], abs=1)
        assert clip(small, "right-marks") == pytest.approx([to, 1366], abs=1)
    small.page.evaluate("void map_siting.panBy([120, 40], {animate: false})")
    assert clip(small, "left") == pytest.approx([0, 900], abs=1)


def test_the_bar_follows_the_arrows(small: pages.Shown) -> None:
    before = bar_x(small)
    small.page.locator(".swipe").focus()
    small.page.keyboard.press("ArrowRight")
    assert bar_x(small) == pytest.approx(before + 0.02 * 1366, abs=1)


def test_a_lost_school_stands_left_of_the_bar_only(small: pages.Shown) -> None:
    signs = [small.page.locator(f".leaflet-{side}-marks-pane .sign.new").count() for side in ("left", "right")]
    assert signs[0] > signs[1] > 0


def test_a_click_says_where_people_go_in_both_plans(small: pages.Shown) -> None:
    """A village that has changed school, clicked left and right of the bar."""
    content = json.loads(re.search(r'id="scene">(.*?)</script>', small.page.content(), re.S)[1])  # type: ignore[index]
    left, right = content["themes"][0]["services"]
    schools = [[side["schools"][k]["name"] for k in side["links"]["school"]] for side in (left, right)]
    at = next(k for k, (before, after) in enumerate(zip(*schools, strict=True)) if before != after)
    table = content["tables"][1] or content["tables"][0]
    x, y = (one / 1e5 for one in table["at"][left["unit"][at]])
    for key in ("uncovered", "changes", "existing", "proposed"):
        small.page.locator(f".choice input[data-layer={key}]").uncheck()
    for arrow in ("ArrowLeft", "ArrowRight"):
        place = small.page.evaluate(
            "([y, x]) => { map_siting.setView([y, x], 15, {animate: false});"
            " return map_siting.latLngToContainerPoint([y, x]); }",
            [y, x],
        )
        small.page.keyboard.press("Escape")
        small.page.locator(".swipe").focus()
        for _ in range(30):
            small.page.keyboard.press(arrow)
        small.page.mouse.click(place["x"], place["y"])
        said = small.page.locator(".card").inner_text()
        assert schools[0][at] in said
        assert schools[1][at] in said
        assert "左侧方案 现方案" in said


def test_both_plans_share_switches_and_the_legend(small: pages.Shown) -> None:
    keys = small.page.locator(".choice input[data-layer]").evaluate_all("(all) => all.map((one) => one.dataset.layer)")
    assert len(keys) == len(set(keys))
    assert {"changes", "moved", "reach", "units", "catchments", "proposed"} <= set(keys)
    words = small.page.locator(".legend .entry").all_inner_texts()
    assert len(words) == len(set(words))
    assert "取消的学校" in words
    small.page.locator(".choice input[data-layer=proposed]").uncheck()
    assert small.page.locator(".sign").count() == 0


def test_names_of_a_plan_stand_on_its_side(small: pages.Shown) -> None:
    small.page.evaluate("void map_siting.setZoom(13, {animate: false})")
    small.settle()
    names = pages.boxes(small, ".tag.site")
    assert names
    assert not [pair for pair in itertools.combinations(pages.boxes(small, ".tag"), 2) if pages.collide(*pair)]


def test_panels_do_not_overlap_and_one_programme_is_shown_at_a_time(small: pages.Shown) -> None:
    panels = pages.boxes(small, ".panel, .leaflet-control-zoom, .leaflet-control-scale")
    assert not [pair for pair in itertools.combinations(panels, 2) if pages.collide(*pair)]
    small.page.get_by_label("全域小学").check()
    assert small.page.locator(".heading h2").inner_text() == "全域小学"
    assert small.complaints == []
