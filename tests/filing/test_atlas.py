from __future__ import annotations

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from filed_villages import filed_villages, foreseen

from siting.demand.needs import EstateNeeds
from siting.filing.atlas import Atlas, make_atlas, picture_of_programme, picture_of_work, write_atlas
from siting.filing.atlas.balance import gap_grid, seat_balance, signed
from siting.filing.atlas.book import KINDS as SHEETS
from siting.filing.atlas.classes import class_of, class_words, density_limits, metre_limits
from siting.filing.atlas.corners import corners_note, survey_corners, system_note
from siting.filing.atlas.existing import children_of, density_grid, shaded
from siting.filing.atlas.frame import Frame, around, bar_metres, fitted, nice_scale
from siting.filing.atlas.grids import Column, Grid, flowed
from siting.filing.atlas.ground import Ground
from siting.filing.atlas.ink import PLAIN, width_of, wrapped
from siting.filing.atlas.labels import Label, Paper
from siting.filing.atlas.legend import scale_bar
from siting.filing.atlas.pages import Page, pages
from siting.filing.atlas.pictures import Pictures
from siting.filing.atlas.projects import pupils_grid
from siting.filing.dossier import Dossier
from siting.words import Phrase, both

HOSTILE = "<img src=x onerror=alert(1)>${alert(1)}\\`#let x = 1\n=cmd()&amp;]]>"
SHOWN = "<img src=x onerror=alert(1)>${alert(1)}\\`#let x = 1 =cmd()&amp;]]>"
CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def drawn(dossier: Dossier) -> tuple[tuple[Page, ...], tuple[str, ...]]:
    made = Pictures(dossier)
    return pages(made, tuple(sheet for kind in SHEETS for sheet in kind(made)))


def said(page: Page) -> list[str]:
    """Every text of a page, as a reader of SVG sees it."""
    return [text.text or "" for text in ET.fromstring(page.svg).iter("{http://www.w3.org/2000/svg}text")]


@pytest.fixture(scope="module")
def dossier() -> Dossier:
    return filed_villages()


@pytest.fixture(scope="module")
def atlas(dossier: Dossier) -> Atlas:
    return make_atlas(dossier)


@pytest.fixture(scope="module")
def book(dossier: Dossier) -> tuple[Page, ...]:
    return drawn(dossier)[0]


def test_sheets_come_in_the_order_of_the_bureaus_atlas(atlas: Atlas) -> None:
    kinds = [re.split("[（　]", title)[0] for title in atlas.titles]
    assert list(dict.fromkeys(kinds)) == [
        "现状学校分布图", "现状服务覆盖图", "学龄人口密度图", "供需缺口图", "规划布局图", "学区划分图",
        "近期建设项目分布图", "选址地块图",
    ]  # fmt: skip


def test_the_cover_and_the_list_come_first(book: tuple[Page, ...], atlas: Atlas) -> None:
    assert "六村教育设施布局规划图集" in said(book[0])
    listed = said(book[1])
    assert [title for title in listed if title in atlas.titles] == list(atlas.titles)
    assert [page.title for page in book[2:]] == list(atlas.titles)


def test_every_sheet_has_what_a_sheet_must_have(book: tuple[Page, ...], atlas: Atlas) -> None:
    for number, page in enumerate(book[2:], 1):
        texts = said(page)
        assert f"{number:02d} / {len(atlas.titles):02d}" in texts
        assert page.title in texts
        assert "制图日期：2026年11月26日" in texts
        assert "内部资料　供审批使用" in texts
        assert "北" in texts
        assert any(text.startswith("制图单位：＿") for text in texts)
        assert any("CGCS2000" in text and "114°E" in text for text in texts)
        assert any(text.startswith("比例尺 1:") for text in texts)
        assert not any(text.startswith("nan") for text in texts)


def test_what_settings_say_is_printed(dossier: Dossier) -> None:
    named = replace(dossier.settings, prepared_by="定州市教育局", is_internal=False, day=date(2027, 3, 1))
    area = replace(dossier.result.area, notice=Phrase("合成数据", "synthetic"))
    pages_, _ = drawn(replace(dossier, settings=named, result=replace(dossier.result, area=area)))
    for page in pages_[2:]:
        assert "制图单位：定州市教育局" in said(page)
        assert "制图日期：2027年3月1日" in said(page)
        assert "合成数据" in said(page)
        assert not any("内部资料" in text for text in said(page))


def test_the_file_is_a_pdf_and_holds_the_names(dossier: Dossier, tmp_path: Path) -> None:
    write_atlas(dossier, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["图集.pdf"]
    assert (tmp_path / "图集.pdf").read_bytes().startswith(b"%PDF")
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext")
    read = subprocess.run(["pdftotext", "-layout", tmp_path / "图集.pdf", "-"], capture_output=True, check=True)
    text = read.stdout.decode()
    assert text.count("\f") == 2 + len(make_atlas(dossier).titles)
    for words in ("选址地块图", "KR-001", "留早镇", "38504", "比例尺"):
        assert words in text


# --- scale and coordinates -------------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [500.0, 3000.0, 75_000.0, 200_000.0, 750_000.0])
@pytest.mark.parametrize("width", [44.0, 80.0, 268.0])
def test_the_scale_bar_is_as_long_as_it_says(scale: float, width: float) -> None:
    """On a map 1:75000 a bar of 2000 m is 26.67 mm long."""
    frame = Frame(0.0, 0.0, width, 100.0, scale)
    marks, taken, _ = scale_bar(frame, "zh")
    bars = [float(long) for long in re.findall(r'<rect x="[^"]*" y="4.6" width="([0-9.]+)"', marks)]
    assert len(bars) == 4
    assert sum(bars) == pytest.approx(bar_metres(frame) * 1000.0 / scale, abs=0.01)
    assert f"1:{scale:,.0f}".replace(",", " ") in marks
    assert taken < width


def test_places_are_drawn_where_the_scale_puts_them() -> None:
    """1:50000: 1 km is 20 mm; the window's middle is at 50, 40 mm."""
    frame = around(500_000.0, 4_250_000.0, 100.0, 80.0, 50_000.0)
    at = frame.at(np.array([[500_000.0, 4_250_000.0], [501_000.0, 4_250_500.0]]))
    np.testing.assert_allclose(at, [[50.0, 40.0], [70.0, 30.0]])


@pytest.mark.parametrize("n", [3.0, 501.0, 1251.0, 193_000.0, 740_000.0, 9_999_999.0])
def test_a_nice_scale_shows_no_less(n: float) -> None:
    assert n <= nice_scale(n) <= max(500.0, 1.34 * n)


def test_a_fitted_window_holds_its_bounds_and_the_margin() -> None:
    frame = fitted((0.0, 0.0, 39_000.0, 48_000.0), 270.0, 250.0, 3.0)
    assert frame.scale == 200_000.0
    corners = frame.at(np.array([[0.0, 0.0], [39_000.0, 48_000.0]]))
    assert (corners > 3.0 - 1e-9).all() and (corners < np.array([267.0 + 1e-9, 247.0 + 1e-9])).all()


def test_corners_are_those_of_the_plot(dossier: Dossier, book: tuple[Page, ...]) -> None:
    plot = dossier.works[0].recommended.plot
    assert plot is not None
    found = survey_corners(plot.corners, dossier.result.area)
    np.testing.assert_allclose(found[:, 0], plot.corners[:, 1], atol=0.0006)
    np.testing.assert_allclose(found[:, 1] - 38_000_000.0, plot.corners[:, 0], atol=0.0006)
    texts = said(book[-1])
    for north, east in found.tolist():
        assert f"{north:.3f}" in texts
        assert f"{east:.3f}" in texts
    for bound in plot.bounds:
        assert bound.zh in "".join(texts)
    assert {"J1", "J2", "J3", "J4", "示意"} <= set(texts)


def test_another_system_is_named_as_what_it_is(dossier: Dossier) -> None:
    said_ = system_note(replace(dossier.result.area, crs="EPSG:32650"))
    assert "WGS 84" in said_.zh and "非 CGCS2000" in said_.zh and "not CGCS2000" in said_.en


def test_outside_china_corners_are_in_the_studys_own_system(dossier: Dossier) -> None:
    units = dossier.result.area.units
    elsewhere = replace(dossier.result.area, crs="EPSG:32633", units=replace(units, y=units.y + 1_000_000.0))
    found = survey_corners(np.array([[500_000.1234, 5_250_000.0]]), elsewhere)
    assert found.tolist() == [[5_250_000.0, 500_000.123]]
    assert "EPSG:32633" in corners_note(elsewhere).zh


# --- names -----------------------------------------------------------------------------------------------------


def test_hostile_names_are_text_and_nothing_else() -> None:
    found, _ = drawn(filed_villages(names={"N4": HOSTILE, "S1": HOSTILE}))
    tags = {"svg", "defs", "clipPath", "g", "rect", "path", "circle", "text"}
    for page in found:
        elements = list(ET.fromstring(page.svg).iter())
        assert {each.tag.rpartition("}")[2] for each in elements} <= tags
        assert not any(name.startswith("on") for each in elements for name in each.attrib)
    assert any(SHOWN in text for page in found for text in said(page))
    assert make_atlas(filed_villages(names={"N4": HOSTILE})).pdf.startswith(b"%PDF")


def test_the_english_atlas_is_english_but_for_names() -> None:
    english = filed_villages("en")
    names = {"六村", "留早镇"}
    for page in drawn(english)[0]:
        for text in [page.title, *said(page)]:
            left = text
            for name in names:
                left = left.replace(name, "")
            assert not CHINESE.search(left), text


def test_the_english_file_is_called_in_english(tmp_path: Path) -> None:
    write_atlas(filed_villages("en"), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["atlas.pdf"]


def test_characters_without_a_shape_are_named_on_the_list() -> None:
    rare = filed_villages(names={"N4": "\U00020bb7家庄"})
    made = make_atlas(rare)
    assert made.lacking == ("\U00020bb7",)
    assert "U+20BB7" in "".join(said(drawn(rare)[0][1]))


def test_all_characters_of_the_sample_have_a_shape(atlas: Atlas) -> None:
    assert atlas.lacking == ()


# --- labels, tables, classes -----------------------------------------------------------------------------------


def test_names_do_not_lie_over_each_other() -> None:
    """Eight names fit around one place, and a ninth is left out; one that must stand is set all the same."""
    paper = Paper(100.0, 100.0)
    labels = [Label(f"第{k}村", 50.0, 50.0, gap=2.0) for k in range(12)]
    assert 1 <= paper.set(labels).count("<text") <= 8
    assert paper.set([Label("必须", 50.0, 50.0, gap=2.0, must=True)]).count("<text") == 1


def test_names_stay_on_the_paper() -> None:
    assert Paper(20.0, 20.0).set([Label("一个很长很长很长的名字", 10.0, 10.0, PLAIN, 2.0)]) == ""


def test_lines_hold_all_words_and_no_more_than_their_room() -> None:
    text = "按路网距离量算，规则未规定服务半径的学段不计覆盖率。Where the rules promise no distance nobody counts."
    lines = wrapped(text, 2.0, 40.0)
    assert len(lines) > 2
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width_of(line, 2.0) <= 44.0 for line in lines)
    assert not any(line[0] in "，。" for line in lines)


def _numbered(count: int) -> Grid:
    return Grid(both("表"), (Column(both("号"), 20.0, True),), tuple((str(k),) for k in range(count)))


@pytest.mark.parametrize("count", [0, 1, 7, 40, 41, 500])
def test_no_row_of_a_table_is_lost(count: int) -> None:
    grid, seen = _numbered(count), []
    left: Grid | None = grid
    while left is not None:
        made = flowed(left, "zh", 70.0, 60.0)
        seen += [int(number) for number in re.findall(r">(\d+)</text>", made.marks)]
        assert made.height <= 60.0
        left = made.rest
    assert seen == list(range(count))


def test_class_limits_are_round_and_ascend() -> None:
    values = np.array([np.nan, 0.0, *np.geomspace(3.0, 9000.0, 200)])
    limits = density_limits(values)
    assert list(limits) == sorted(set(limits)) and len(limits) == 4
    assert all(float(f"{limit:.0e}") == limit for limit in limits)
    assert density_limits(np.full(3, np.nan)) and density_limits(np.full(3, 7.0))
    assert metre_limits(np.array([np.inf]), 1500.0) == (750.0, 1500.0, 2250.0, 3000.0)


def test_a_value_on_a_limit_belongs_below_it() -> None:
    assert class_of(np.array([750.0, 750.1, 3000.0, 3000.1]), (750.0, 1500.0, 2250.0, 3000.0)).tolist() == [0, 1, 3, 4]
    assert class_words((750.0, 1500.0), Phrase("米", "m"))[1].zh == "750–1,500 米"


def test_who_was_not_counted_is_hatched_and_said(dossier: Dossier) -> None:
    ground = Ground(dossier.result.area)
    frame = fitted(ground.bounds, 100.0, 80.0, 3.0)
    plain, hatched = (list(shaded(ground, frame, np.full(7, value), (1.0, 2.0), "abc", [0])) for value in (1.0, np.nan))
    assert plain[0].count("<path") == 1 and hatched[0].count("<path") == 2
    project = replace(dossier.result.project, pupils_per_1000={})
    unknown = children_of(dossier.result.area, project, "kindergarten")
    assert np.isnan(unknown).all()
    assert density_grid(dossier.result.area, unknown, "合计").rows[-1] == ("合计", "16,600", "", "")


# --- seats -----------------------------------------------------------------------------------------------------


def test_todays_gap_by_hand(dossier: Dossier) -> None:
    """21 per 1000 of 16600 residents are 348.6 children: 12 classes of 30, 360 seats; 120 + 90 + 10 + 180 stand."""
    found, year = seat_balance(dossier, "kindergarten")
    assert gap_grid(found, year, "合计").rows[-1] == ("合计", "349", "360", "400", "0", "40")


def test_a_study_that_looks_ahead_shows_the_year_planned_for(dossier: Dossier) -> None:
    found, year = seat_balance(foreseen(dossier), "kindergarten")
    assert int(found.year[year]) == 2026
    assert found.pupils[0, year] == pytest.approx(0.02 * 16_600)


def test_gaps_carry_their_sign() -> None:
    assert [signed(value) for value in (1200.0, -40.0, 0.0, float("nan"))] == ["+1,200", "−40", "0", ""]


# --- estates and pictures --------------------------------------------------------------------------------------


def test_estates_have_a_sheet_where_there_are_some(dossier: Dossier) -> None:
    ground = gpd.GeoDataFrame(
        {"name": ["新苑"], "dwellings": [1200.0], "delivery_year": [2028.0]},
        geometry=[shapely.box(502_000.0, 4_250_100.0, 502_300.0, 4_250_400.0)],
        crs="EPSG:4547",
    )
    area = replace(dossier.result.area, estates=ground)
    found, _ = drawn(replace(dossier, result=replace(dossier.result, area=area)))
    sheet = next(page for page in found if page.title == "新建居住区配套图")
    assert {"新苑", "1,200", "2028"} <= set(said(sheet))


def test_estates_that_fill_are_listed_with_their_pupils(dossier: Dossier) -> None:
    """Nobody promised a day for the school: the months it comes late stay blank."""
    filled = foreseen(dossier)
    assert filled.ahead is not None and pupils_grid(filled) is None
    one = EstateNeeds("新苑", "留早镇", 1200.0, 3600.0, {"kindergarten": 88.4}, date(2028, 8, 31), None, float("nan"))
    table = pupils_grid(replace(filled, ahead=replace(filled.ahead, estates=(one,))))
    assert table is not None and table.rows == (("新苑", "3,600", "88", ""),)


def test_pictures_are_svg_of_150_by_110_mm(dossier: Dossier) -> None:
    part, work = dossier.result.plan.parts[0], dossier.works[0]
    for picture in (picture_of_programme(dossier, part), picture_of_work(dossier, work)):
        root = ET.fromstring(picture)
        assert (root.attrib["width"], root.attrib["height"]) == ("150mm", "110mm")
        assert any("比例尺" in (text.text or "") for text in root.iter())
    assert "推荐" in picture_of_work(dossier, work)
    assert picture_of_work(dossier, work) == picture_of_work(dossier, work)


def test_the_same_dossier_gives_the_same_file(dossier: Dossier, atlas: Atlas) -> None:
    assert make_atlas(dossier).pdf == atlas.pdf


def test_a_plan_without_projects_has_no_project_sheets(dossier: Dossier) -> None:
    titles = make_atlas(replace(dossier, works=())).titles
    assert not any(title.startswith(("近期建设", "选址地块图")) for title in titles)
