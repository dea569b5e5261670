"""The map as a browser shows it, with the network off."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import drawn_county
import pytest
import small_county
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from siting.mapping import draw_audit, draw_plan

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
HOSTILE = "<img src=x onerror=alert(1)>"
MIB = 2**20
LAPTOP = {"width": 1366, "height": 768}


def chromium() -> str | None:
    named = os.environ.get("SITING_CHROMIUM")
    return named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = chromium()
    if program is None and "CI" not in os.environ:
        pytest.skip("no Chromium found; name one in SITING_CHROMIUM")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield found
        found.close()


@pytest.fixture
def offline(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=LAPTOP, offline=True)
    yield context
    context.close()


@dataclass
class Shown:
    """A page as shown, with everything it asked for and complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def listen(self) -> None:
        self.page.on("request", self._ask)
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.complaints.append("a dialog opened"), dialog.dismiss()))

    def _ask(self, request: Request) -> None:
        if not request.url.startswith("data:"):
            self.requests.append(request.url)

    def painted_ms(self) -> int:
        self.page.wait_for_selector("html[data-painted]")
        return int(self.page.evaluate("document.documentElement.dataset.painted"))

    def settle(self) -> None:
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def show(context: BrowserContext, html: str, folder: Path) -> Shown:
    file = folder / "map.html"
    file.write_text(html, encoding="utf-8")
    shown = Shown(context.new_page())
    shown.listen()
    shown.page.goto(file.as_uri())
    shown.painted_ms()
    return shown


@pytest.fixture(scope="module")
def small_page() -> str:
    area = drawn_county.county(across=7, name=HOSTILE)
    return draw_plan(drawn_county.plan_for(area), area)


@pytest.fixture
def small(offline: BrowserContext, small_page: str, tmp_path: Path) -> Shown:
    return show(offline, small_page, tmp_path)


def test_a_county_of_full_size_is_small_quick_and_asks_for_nothing(offline: BrowserContext, tmp_path: Path) -> None:
    """784 units, 70,560 cells, 78,400 road nodes, four programmes: more than Dingzhou has."""
    area = drawn_county.county(across=28, cells=90, street_nodes=10)
    html = draw_plan(drawn_county.plan_for(area), area)
    assert len(html.encode()) <= 2 * MIB
    shown = show(offline, html, tmp_path)
    assert (times := first_paints(shown, times=3)) and min(times) <= 1000, f"first painted after {times} ms"
    shown.page.context.new_cdp_session(shown.page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    assert (times := first_paints(shown, times=3)) and min(times) <= 3000, f"throttled: {times} ms"
    assert set(shown.requests) == {shown.page.url}
    assert len(shown.requests) == 7
    assert shown.complaints == []


def first_paints(shown: Shown, times: int) -> list[float]:
    """Milliseconds to the first paint of something, each time the page is opened anew."""
    found = []
    for _ in range(times):
        shown.page.reload()
        shown.painted_ms()
        (entry,) = shown.page.evaluate("performance.getEntriesByName('first-contentful-paint').map((p) => p.startTime)")
        found.append(entry)
    return found


def test_a_name_that_is_markup_is_shown_and_not_run(small: Shown) -> None:
    small.page.locator(".sign").first.wait_for()
    at = small.page.evaluate(
        """(name) => {
          let at;
          map_siting.eachLayer((one) => {
            const isIt = one.getLatLng && one.feature?.properties.name === name;
            if (isIt) at = map_siting.latLngToContainerPoint(one.getLatLng());
          });
          return at;
        }""",
        HOSTILE,
    )
    small.page.mouse.click(at["x"], at["y"])
    assert small.page.locator(".card h3").inner_text() == HOSTILE
    small.page.evaluate("void map_siting.setZoom(15, {animate: false})")
    small.settle()
    assert small.page.locator("img[src=x]").count() == 0
    assert small.complaints == []


def test_a_click_on_a_proposed_school_says_everything_about_it(offline: BrowserContext, tmp_path: Path) -> None:
    shown = show(offline, draw_plan(small_county.plan(), small_county.study_area()), tmp_path)
    shown.page.locator(".sign.new").click()
    card = shown.page.locator(".card")
    assert card.locator("h3").inner_text() == "第2村幼儿园"
    rows = dict(row.inner_text().split("\t") for row in card.locator("tr").all())
    assert rows["建设性质"] == "新建"
    assert rows["服务人口"] == "3,600 人"
    assert rows["服务村（社区）"] == "第1村、第2村、第3村"
    assert rows["最远路程"] == "1,000 米"


def legend_keys(shown: Shown) -> set[str]:
    entries = shown.page.locator(".legend [data-layer]")
    return set(entries.evaluate_all("(all) => all.map((one) => one.dataset.layer)"))


def test_the_legend_shows_a_layer_only_while_it_is_on(small: Shown) -> None:
    assert {"grid", "catchments", "proposed", "existing"} <= legend_keys(small)
    assert "spider" not in legend_keys(small)
    small.page.locator(".ground summary").click()
    for key in ("grid", "catchments", "proposed", "roads"):
        switch = small.page.locator(f".choice input[data-layer={key}]")
        switch.uncheck()
        assert key not in legend_keys(small)
        switch.check()
        assert key in legend_keys(small)
    small.page.locator(".choice input[data-layer=spider]").check()
    assert "spider" in legend_keys(small)


def test_a_layer_switched_off_is_gone_from_the_map(small: Shown) -> None:
    assert small.page.locator(".sign").count() > 0
    small.page.locator(".choice input[data-layer=proposed]").uncheck()
    assert small.page.locator(".sign").count() == 0
    small.page.locator(".ground summary").click()
    small.page.locator(".choice input[data-layer=grid]").uncheck()
    assert small.page.locator("img.grid").count() == 0


def test_villages_are_painted_on_canvas_and_only_proposed_schools_are_elements(small: Shown) -> None:
    assert small.page.locator(".leaflet-overlay-pane canvas").count() == 1
    assert small.page.locator(".leaflet-pane path.leaflet-interactive").count() == 0
    assert small.page.locator(".leaflet-marker-pane > *").count() == small.page.locator(".sign").count()


def test_one_programme_at_a_time_the_first_at_the_start(small: Shown) -> None:
    assert small.page.locator(".heading h2").inner_text() == "农村幼儿园"
    rural = small.page.locator(".sign").count()
    small.page.get_by_label("全域小学").check()
    assert small.page.locator(".heading h2").inner_text() == "全域小学"
    assert 0 < small.page.locator(".sign").count() != rural
    assert small.complaints == []


def test_a_choice_of_layers_outlives_a_change_of_programme(small: Shown) -> None:
    small.page.locator(".choice input[data-layer=catchments]").uncheck()
    small.page.get_by_label("全域小学").check()
    assert not small.page.locator(".choice input[data-layer=catchments]").is_checked()
    assert "catchments" not in legend_keys(small)


def boxes(shown: Shown, selector: str) -> list[tuple[float, float, float, float]]:
    found = [one.bounding_box() for one in shown.page.locator(selector).all()]
    return [(box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]) for box in found if box]


def collide(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def test_panels_leave_the_middle_of_a_laptop_to_the_map_and_do_not_overlap(small: Shown) -> None:
    panels = boxes(small, ".panel, .leaflet-control-zoom, .leaflet-control-scale, .leaflet-control-attribution")
    assert len(panels) == 9
    assert not [pair for pair in itertools.combinations(panels, 2) if collide(*pair)]
    middle = (310.0, 0.0, 1366.0 - 250, 715.0)
    assert not [panel for panel in panels if collide(panel, middle)]


def test_a_school_that_is_clicked_comes_out_from_under_the_panels(small: Shown) -> None:
    small.page.evaluate("void map_siting.setZoom(13.5, {animate: false})")
    sign = small.page.locator(".sign").first
    (west, north, *_), *_ = boxes(small, ".sign")
    small.page.evaluate(f"void map_siting.panBy([{west - 160}, {north - 300}], {{animate: false}})")
    sign.dispatch_event("click")
    small.page.wait_for_function("() => !map_siting._panAnim || !map_siting._panAnim._inProgress")
    small.settle()
    (school, *_) = boxes(small, ".sign")
    assert not [panel for panel in boxes(small, ".panel") if collide(school, panel)]


def test_names_do_not_collide(small: Shown) -> None:
    small.page.evaluate("void map_siting.setZoom(14, {animate: false})")
    small.settle()
    names = boxes(small, ".tag")
    assert len(names) > 5
    assert not [pair for pair in itertools.combinations(names, 2) if collide(*pair)]


def test_a_map_of_what_exists_opens_without_a_plan(offline: BrowserContext, tmp_path: Path) -> None:
    shown = show(offline, draw_audit(drawn_county.county(), "en"), tmp_path)
    assert shown.page.locator(".sign").count() == 0
    assert {"existing", "units", "grid"} <= legend_keys(shown)
    assert len(shown.requests) == 1
    assert shown.complaints == []


@pytest.fixture
def paper(offline: BrowserContext, tmp_path: Path) -> Shown:
    area = drawn_county.with_forecast(small_county.study_area())
    return show(offline, draw_plan(small_county.plan(), area), tmp_path)


def test_a_school_shows_its_capacity_its_land_and_its_units_until_escape(paper: Shown) -> None:
    """S5 serves four villages: 24 + 25 + 26 + 27 = 102 pupils on 180 seats."""
    paper.page.locator(".sign.extend").click()
    assert paper.page.locator(".card .capacity").inner_text() == "适龄儿童 2029 102 / 学位 180 (56.7%)"
    assert paper.page.locator(".leaflet-chosen-pane path").count() == 4 + 2 * 4 + 1
    paper.page.keyboard.press("Escape")
    assert not paper.page.locator(".card").is_visible()
    assert paper.page.locator(".leaflet-chosen-pane path").count() == 0
    paper.page.locator(".sign.extend").click()
    paper.page.locator(".sign.extend").click()
    assert not paper.page.locator(".card").is_visible()


def test_another_distance_changes_the_share_at_once(paper: Shown) -> None:
    """3700 and 9100 of 10800 residents live within 500 m and within the rule's 1500 m."""
    assert paper.page.locator(".share b").inner_text() == "84.3%"
    paper.page.get_by_role("radio", name="500 米").check(force=True)
    assert paper.page.locator(".share b").inner_text() == "34.3%"


def test_another_year_changes_pupils_and_how_full_schools_are(paper: Shown) -> None:
    paper.page.locator(".sign.extend").click()
    paper.page.locator(".years input").focus()
    paper.page.keyboard.press("ArrowLeft")
    assert paper.page.locator(".card .capacity").inner_text() == "适龄儿童 2028 204 / 学位 180 (113.3%)"
    assert "fill" in legend_keys(paper)


def test_the_worst_served_come_first_and_are_shown_where_they_live(paper: Shown) -> None:
    paper.page.locator(".worst summary").click()
    first = paper.page.locator(".worst .go").first
    assert first.inner_text().split("\n") == ["第7村", "2,000 米 \u00b7 距离外 1,700"]
    first.click()
    rows = dict(row.inner_text().split("\t") for row in paper.page.locator(".card tr").all())
    assert rows["分配学校"] == "第5村幼儿园"
    assert rows["平均路程（道路）"] == "2,000 米"
    assert rows["1.5 公里以内的居民"] == "0 / 1,700"
    assert paper.complaints == []


def test_without_a_forecast_there_is_no_year(small: Shown) -> None:
    assert small.page.locator(".years").count() == 0


def test_nothing_is_asked_of_the_network_before_a_base_map_is_chosen(small: Shown) -> None:
    small.page.locator(".online summary").click()
    small.page.get_by_label("天地图 矢量").check()
    assert small.requests == [small.page.url]
    small.page.locator(".key input").fill("a key")
    small.page.locator(".key button").click()
    small.settle()
    assert all("tianditu.gov.cn" in url and "tk=a%20key" in url for url in small.requests[1:])
    assert small.page.evaluate("localStorage.getItem('siting.tianditu.tk')") == "a key"
