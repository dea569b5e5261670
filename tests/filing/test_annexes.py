"""附表1-9 read back with openpyxl against the plan: N4 is built in V4, S5 extended by 3 classes, S1 kept."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import shapely
from filed_villages import filed_villages, foreseen
from openpyxl.worksheet.worksheet import Worksheet
from shapely import box
from six_villages import X0, Y0

from siting.filing.annex import write_annexes
from siting.filing.dossier import Dossier
from siting.filing.ground import grounds
from siting.plan import Assignment
from siting.study import MU_M2, SchoolFacts

TABS = (
    "附表1 现状学校", "附表2 学龄人口预测", "附表3 学位供需平衡", "附表4 规划学校", "附表5 近期建设项目库",
    "附表6 服务覆盖评价", "附表7 新建小区配套", "附表8 学区划分", "附表9 选址方案比选",
)  # fmt: skip

HEADERS = {
    "附表1 现状学校": (
        "序号|学校名称|学校代码|学段|办学性质|所在乡镇（街道）|所在村（社区）|校区类型|现状班数（班）|"
        "在校生数（人）|平均班额（人/班）|核定学位（个）|寄宿生数（人）|用地面积（亩）|建筑面积（㎡）|"
        "生均用地（㎡/生）|专任教师（人）|建校年份|经度（°）|纬度（°）|备注"
    ),
    "附表2 学龄人口预测": (
        "乡镇（街道）|年份|学段|适龄人口（人）|入学（园）率|随迁|新建居住区增量（人）|需求学位（个）|方案（高/中/低）"
    ),
    "附表3 学位供需平衡": (
        "片区|学段|现状学位（个）|在建（个）|规划新增（个）|需求（2025）（个）|需求（2030）（个）|"
        "需求（2035）（个）|需求（规划年：本方案）（个）|缺口（+）/富余（-）|是否达标"
    ),
    "附表4 规划学校": (
        "序号|学校名称|所在乡镇（街道）|建设性质|学段|办学规模（班）|学位数（个）|新增学位（个）|"
        "用地面积（亩）|建筑面积（㎡）|服务范围|服务人口（人）|服务半径（m）|投资估算（万元）|资金来源|"
        "建设年限|责任单位|备注"
    ),
    "附表5 近期建设项目库": (
        "序号|项目名称|项目代码|建设性质|建设地点|建设规模及主要建设内容|起止年限|总投资（万元）|"
        "年度投资（万元）|资金来源|前期进展|责任单位|联系人"
    ),
    "附表6 服务覆盖评价": (
        "行政村（社区）|乡镇|常住人口（人）|适龄儿童（人）|最近学校|路网距离（m）|直线距离（m）|是否覆盖|"
        "分配学校|障碍穿越|项目类别|至分配学校路程（m）|至分配学校直线（m）|覆盖人口（人）|"
        "未覆盖人口（人）"
    ),
    "附表7 新建小区配套": (
        "序号|小区名称|地块|总户数（户）|规划人口（人）|分期交付时间|幼儿园学位需求（个）|"
        "小学学位需求（个）|初中学位需求（个）|配建学校|规模（班）|交付时间|同步情况"
    ),
    "附表8 学区划分": (
        "序号|学校|服务范围（社区/村/路段）|四至|适龄人口（人）|学位（个）|利用率|飞地（有/无）|项目类别|"
        "所在乡镇（街道）|村（社区）数|服务人口（人）"
    ),
    "附表9 选址方案比选": (
        "方案|位置|用地现状与权属|规划用途|约束核查|服务人口（人）|平均距离（m）|覆盖率|投资（万元）|结论"
    ),
}


@pytest.fixture(scope="module")
def dossier() -> Dossier:
    return filed_villages()


@pytest.fixture(scope="module")
def book(dossier: Dossier, tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    return _book(dossier, tmp_path_factory.mktemp("annexes"))


def _book(dossier: Dossier, folder: Path) -> openpyxl.Workbook:
    write_annexes(dossier, folder)
    name = "附表1-9.xlsx" if dossier.settings.language == "zh" else "annex_tables.xlsx"
    return openpyxl.load_workbook(folder / name)


def _rows(sheet: Worksheet) -> list[dict[str, object]]:
    headers = [str(cell.value).replace("\n", "") for cell in sheet[3]]
    return [dict(zip(headers, values, strict=True)) for values in sheet.iter_rows(min_row=4, values_only=True)]


def test_sheets_and_columns_are_those_of_the_bureau_in_their_order(book: openpyxl.Workbook) -> None:
    assert tuple(book.sheetnames) == ("说明", *TABS, "资料来源", "字段说明")
    for tab, headers in HEADERS.items():
        assert [str(cell.value).replace("\n", "") for cell in book[tab][3]] == headers.split("|"), tab


def test_schools_as_they_stand(dossier: Dossier, book: openpyxl.Workbook) -> None:
    *rows, total = _rows(book["附表1 现状学校"])
    schools = dossier.result.area.schools
    assert [row["核定学位（个）"] for row in rows] == schools.seats.tolist()
    assert total["核定学位（个）"] == sum(schools.seats)
    assert [row["校区类型"] for row in rows] == ["乡村", "乡村", "乡村", "城区"]
    assert {row["在校生数（人）"] for row in rows} == {None}
    # 500,000 m east of the zone's start is its central meridian, 114 E
    assert rows[0]["经度（°）"] == pytest.approx(114.0 + 1000.0 / 87_300.0, abs=2e-4)
    assert rows[0]["纬度（°）"] == pytest.approx(38.385, abs=5e-3)


def test_what_the_table_of_schools_says_besides_is_repeated(dossier: Dossier, tmp_path: Path) -> None:
    facts = {("S1", "kindergarten"): SchoolFacts("13068200X", 12.0, 3 * MU_M2, 1500.0, 9.0, "危房已除")}
    area = replace(dossier.result.area, school_facts=facts)
    book = _book(replace(dossier, result=replace(dossier.result, area=area)), tmp_path)
    *rows, total = _rows(book["附表1 现状学校"])
    said = [
        rows[0][key]
        for key in ("学校代码", "寄宿生数（人）", "用地面积（亩）", "建筑面积（㎡）", "专任教师（人）", "备注")
    ]
    assert said == ["13068200X", 12, pytest.approx(3.0), 1500, 9, "危房已除"]
    assert rows[1]["用地面积（亩）"] is None
    assert total["用地面积（亩）"] == pytest.approx(3.0)
    assert book["附表1 现状学校"]["N4"].number_format == "#,##0.00"
    kept = next(row for row in _rows(book["附表4 规划学校"]) if row["学校名称"] == "S1")
    assert (kept["用地面积（亩）"], kept["建筑面积（㎡）"]) == (pytest.approx(3.0), 1500)


def test_without_a_forecast_the_tables_say_what_is_missing(book: openpyxl.Workbook) -> None:
    """21 children per 1000 of 16,600 residents are 348.6, in 12 classes of 30; 120 + 90 + 10 + 180 seats are there, 90
    + 90 are added."""
    sheet = book["附表3 学位供需平衡"]
    row, total = _rows(sheet)[:2]
    assert [row[f"需求（{year}）（个）"] for year in (2025, 2030, 2035)] == [None, None, None]
    assert (row["需求（规划年：本方案）（个）"], row["现状学位（个）"], row["规划新增（个）"]) == (360, 400, 180)
    assert (row["缺口（+）/富余（-）"], row["是否达标"], total["缺口（+）/富余（-）"]) == (-220, "达标", -220)
    said = " ".join(str(cell.value) for cell in sheet["A"])
    assert "2025、2030、2035 年的数字留空" in said
    assert "[layers.births]" in said
    children, total = _rows(book["附表2 学龄人口预测"])[:2]
    assert children["适龄人口（人）"] == pytest.approx(348.6)
    assert (children["年份"], children["需求学位（个）"], total["需求学位（个）"]) == (None, 360, 360)
    assert "没有新建居住区图层" in str(book["附表7 新建小区配套"]["A4"].value)


def test_with_a_forecast_years_are_told(dossier: Dossier, tmp_path: Path) -> None:
    """2026: 0.02 x 16,600 = 332 children, 360 seats; four years on 0.8 of them, 265.6, 270 seats; 2035: 182.6, 210."""
    book = _book(foreseen(dossier), tmp_path)
    rows = {row["年份"]: row for row in _rows(book["附表2 学龄人口预测"]) if row["年份"]}
    assert {year: row["适龄人口（人）"] for year, row in rows.items()} == {
        2026: pytest.approx(332.0), 2030: pytest.approx(265.6), 2035: pytest.approx(182.6), 2040: pytest.approx(99.6),
    }  # fmt: skip
    assert [row["需求学位（个）"] for row in rows.values()] == [360, 270, 210, 120]
    assert {row["方案（高/中/低）"] for row in rows.values()} == {"中方案"}
    supply = _rows(book["附表3 学位供需平衡"])[0]
    assert [supply[f"需求（{year}）（个）"] for year in (2025, 2030, 2035)] == [None, 270, 210]
    assert supply["缺口（+）/富余（-）"] == 360 - 400 - 180


def test_planned_schools_equal_the_plan(dossier: Dossier, book: openpyxl.Workbook) -> None:
    """N4: 90 seats, 90 x 15 m2 of land; S5 has 90 seats more; what the extension's plot holds nobody said."""
    *rows, total = _rows(book["附表4 规划学校"])
    by_name, (part,) = {row["学校名称"]: row for row in rows}, dossier.result.plan.parts
    works = {work.site.id: work for work in dossier.works}
    for site in part.sites:
        row = by_name[site.name]
        assert row["服务人口（人）"] == site.service_population
        assert (row["学位数（个）"], row["办学规模（班）"]) == (site.seats, site.classes)
        money = works[site.id].money_wan if site.id in works else None
        assert row["投资估算（万元）"] == (None if money is None else pytest.approx(money))
    assert [by_name[name]["新增学位（个）"] for name in ("N4", "S5", "S1")] == [90, 90, 0]
    assert by_name["N4"]["用地面积（亩）"] == pytest.approx(90 * 15.0 / MU_M2)
    assert by_name["S5"]["用地面积（亩）"] is by_name["S5"]["建筑面积（㎡）"] is None
    assert (by_name["N4"]["建设性质"], by_name["S1"]["建设性质"]) == ("新建", "保留")
    assert total["服务人口（人）"] == 12_600
    assert total["投资估算（万元）"] == pytest.approx(sum(work.money_wan for work in dossier.works))
    assert {row["资金来源"] for row in rows} == {None}


def test_projects_leave_blank_what_nobody_can_know(dossier: Dossier, book: openpyxl.Workbook) -> None:
    rows = [row for row in _rows(book["附表5 近期建设项目库"]) if isinstance(row["序号"], int)]
    assert [row["项目名称"] for row in rows] == [work.name.zh for work in dossier.works]
    assert [row["起止年限"] for row in rows] == ["近期", "近期"]
    assert all(row[key] is None for row in rows for key in ("项目代码", "年度投资（万元）", "前期进展", "联系人"))
    assert "90 个学位" in str(rows[0]["建设规模及主要建设内容"])
    assert "KR-001" in str(rows[0]["建设规模及主要建设内容"])


def test_a_project_with_a_year_says_so(tmp_path: Path) -> None:
    years = {("kindergarten-rural", "N4"): 2027.0}
    rows = _rows(_book(filed_villages(years=years), tmp_path)["附表5 近期建设项目库"])
    assert [row["起止年限"] for row in rows[:2]] == ["2027 年秋季启用", "近期"]


def test_coverage_tells_the_nearest_school_beside_the_assigned_one(dossier: Dossier, book: openpyxl.Workbook) -> None:
    """V3 lives 200 m before and behind its seat: 800 and 1200 m from N4, 1000 on average."""
    *rows, total = _rows(book["附表6 服务覆盖评价"])
    (part,) = dossier.result.plan.parts
    residents = dict(zip(dossier.result.area.units.id, dossier.result.area.units.residents.tolist(), strict=True))
    for row, given in zip(rows, part.assignments, strict=True):
        assert row["行政村（社区）"] == given.unit_id
        assert row["至分配学校路程（m）"] == given.metres
        assert row["常住人口（人）"] == residents[given.unit_id]
        assert row["未覆盖人口（人）"] == residents[given.unit_id] - given.covered
        assert float(str(row["路网距离（m）"])) <= given.metres + 1e-6
    by_unit = {row["行政村（社区）"]: row for row in rows}
    assert (by_unit["V3"]["最近学校"], by_unit["V3"]["路网距离（m）"]) == ("N4", pytest.approx(1000.0))
    assert by_unit["V0"]["直线距离（m）"] == pytest.approx(math.hypot(1000.0, 100.0))
    assert by_unit["V0"]["障碍穿越"] is None
    assert total["常住人口（人）"] == sum(residents[given.unit_id] for given in part.assignments)


def test_barriers_between_village_and_school_are_named(dossier: Dossier, tmp_path: Path) -> None:
    """A railway between V1 and V2, whose school is in V1."""
    line = shapely.LineString([(X0 + 1500, Y0 - 500), (X0 + 1500, Y0 + 500)])
    barriers = gpd.GeoDataFrame({"name": ["京广铁路"]}, geometry=[line], crs="EPSG:4547")
    area = replace(dossier.result.area, barriers=barriers)
    rows = _rows(_book(replace(dossier, result=replace(dossier.result, area=area)), tmp_path)["附表6 服务覆盖评价"])
    assert {row["行政村（社区）"]: row["障碍穿越"] for row in rows[:4]} == {
        "V0": "无", "V1": "无", "V2": "京广铁路", "V3": "无",
    }  # fmt: skip


def test_catchments_equal_the_plan_and_know_their_neighbours(dossier: Dossier, book: openpyxl.Workbook) -> None:
    """From west to east: S1 (V0-V2), N4 (V3, V4), S5 (V5), then the community C6 that nobody here serves."""
    *rows, total = _rows(book["附表8 学区划分"])
    (part,) = dossier.result.plan.parts
    by_name = {row["学校"]: row for row in rows}
    for site in part.sites:
        row = by_name[site.name]
        assert row["适龄人口（人）"] == pytest.approx(site.pupils)
        assert row["利用率"] == pytest.approx(site.pupils / site.seats)
        assert row["服务范围（社区/村/路段）"] == "、".join(site.units)
        assert row["飞地（有/无）"] == "无"
    assert by_name["N4"]["四至"] == "东至V5，南至规划范围外，西至V2，北至规划范围外"
    assert total["适龄人口（人）"] == pytest.approx(0.021 * 12_600)


def test_a_unit_behind_another_catchment_is_an_enclave(dossier: Dossier) -> None:
    """V0 goes to N4: V1 and V2 of S1 lie between. V0 has 1000 people, V3 and V4 3100."""
    (part,) = dossier.result.plan.parts
    sites = tuple(
        replace(site, units={"S1": ("V1", "V2"), "N4": ("V0", "V3", "V4")}.get(site.id, site.units))
        for site in part.sites
    )
    given = (Assignment("V0", "N4", 4100.0, 0.0), *part.assignments[1:])
    plan = replace(dossier.result.plan, parts=(replace(part, sites=sites, assignments=given),))
    found = {site: ground.enclaves for (_, site), ground in grounds(plan, dossier.result.area).items()}
    assert found == {"S1": (), "N4": ("V0",), "S5": ()}


def test_land_of_nobody_between_two_villages_makes_no_enclave(dossier: Dossier) -> None:
    """V0 is moved 30 km north, where nobody lives in between."""
    area, units = dossier.result.area, dossier.result.area.units
    x, y = area.points.x.copy(), area.points.y.copy()
    y[0] += 30_000.0
    far = replace(area, points=replace(area.points, x=x, y=y), units=replace(units, y=np.array([y[0], *units.y[1:]])))
    assert grounds(dossier.result.plan, far)["kindergarten-rural", "S1"].enclaves == ()


def test_sites_compared_are_those_of_the_dossier(dossier: Dossier, book: openpyxl.Workbook) -> None:
    rows = _rows(book["附表9 选址方案比选"])
    places = [(work, place) for work in dossier.works for place in (work.recommended, *work.alternatives)]
    assert len(rows) == len(places)
    for row, (work, place) in zip(rows, places, strict=True):
        assert str(row["方案"]).startswith(work.code)
        assert row["服务人口（人）"] == place.residents
        assert row["平均距离（m）"] == pytest.approx(place.mean_m)
        assert row["覆盖率"] == pytest.approx(place.covered_share)
        assert ("推荐" in str(row["结论"])) == (place is work.recommended)
        assert "未核查" in str(row["约束核查"])
        assert row["用地现状与权属"] is row["规划用途"] is None


def test_estates_tell_homes_and_land_kept(dossier: Dossier, tmp_path: Path) -> None:
    rows = {
        "name": ["锦绣园"] * 2,
        "phase": ["一期", "二期"],
        "dwellings": [500.0, 300.0],
        "delivery_year": [2027.0, 2029.0],
    }
    estates = gpd.GeoDataFrame(
        rows | {"school_tiers": [frozenset({"kindergarten"}), None], "school_max_classes": [9.0, np.nan]},
        geometry=[box(X0, Y0, X0 + 200, Y0 + 100)] * 2,
        crs="EPSG:4547",
    )
    area = replace(dossier.result.area, estates=estates)
    sheet = _book(replace(dossier, result=replace(dossier.result, area=area)), tmp_path)["附表7 新建小区配套"]
    row = _rows(sheet)[0]
    assert (row["总户数（户）"], row["分期交付时间"]) == (800, "一期 2027（500 户）；二期 2029（300 户）")
    assert (row["配建学校"], row["规模（班）"]) == ("预留幼儿园用地，本方案未建", 9)
    assert (row["地块"], row["规划人口（人）"], row["同步情况"]) == ("约 2.0 公顷", None, None)
    assert "[demand] estates = true" in str(sheet["A6"].value)


def test_sources_and_every_column_are_told(dossier: Dossier, book: openpyxl.Workbook) -> None:
    said = [tuple(str(cell) for cell in row[1:]) for row in book["资料来源"].iter_rows(min_row=4, values_only=True)]
    kinds = {row[0] for row in said}
    assert {"研究文件", "规则集", "条款", "估算指标", "最优性证明", "软件版本"} <= kinds
    assert any(dossier.result.book.sha256 in row[3] for row in said)
    assert any("未读原文" in row[3] for row in said if row[0] == "估算指标")
    columns = [(row["表名"], row["字段"]) for row in _rows(book["字段说明"])]
    for tab in TABS:
        headers = [str(cell.value).replace("\n", "") for cell in book[tab][3] if cell.value != "序号"]
        told = [name for of, name in columns if of == tab]
        assert len(told) == len(headers)
        assert all(header.startswith(str(name)) for name, header in zip(told, headers, strict=True))
    assert all(row["含义"] and row["来源"] for row in _rows(book["字段说明"]))


def test_every_sheet_prints_with_its_header(book: openpyxl.Workbook) -> None:
    wide = {tab for tab in TABS if len(HEADERS[tab].split("|")) > 11} | {"附表9 选址方案比选"}
    for sheet in book.worksheets[1:]:
        assert sheet.print_title_rows == "$3:$3"
        assert sheet.freeze_panes == "C4"
        paper = 8 if sheet.title in wide else 9
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", paper), sheet.title
        assert "第 &P 页" in sheet.oddFooter.center.text


def test_who_fills_in_and_when_is_what_the_settings_say(dossier: Dossier, tmp_path: Path) -> None:
    settings = replace(dossier.settings, prepared_by="定州市教育局")
    line = _book(replace(dossier, settings=settings), tmp_path)["附表4 规划学校"]["A2"].value
    assert line == "填表单位：定州市教育局　　填表时间：2026年11月26日"


@pytest.mark.parametrize("name", ["=cmd()", "+1", "-2", "@A1", "<img src=x onerror=alert(1)>", "a\x07b\\`${x}", "#let"])
def test_a_hostile_name_is_text_in_every_sheet(name: str, tmp_path: Path) -> None:
    book = _book(filed_villages(names={"N4": name}), tmp_path)
    shown, cells = name.replace("\x07", ""), [cell for sheet in book.worksheets for row in sheet for cell in row]
    assert sum(cell.value == shown for cell in cells) >= 3
    assert {cell.data_type for cell in cells if isinstance(cell.value, str)} == {"s"}


def test_the_english_edition_holds_no_chinese_but_names(tmp_path: Path) -> None:
    """The township and the sources of rules are Chinese."""
    book = _book(filed_villages("en"), tmp_path)
    assert book.sheetnames[1:5] == ["1 Existing schools", "2 Children ahead", "3 Seats", "4 Planned schools"]
    cells = [cell for sheet in book.worksheets for row in sheet for cell in row if isinstance(cell.value, str)]
    named = {f"{cell.parent.title}!{cell.coordinate}": cell.value for cell in cells if _chinese(cell.value)}
    left = {at: text for at, text in named.items() if _chinese(text.replace("留早镇", "").replace("六村", ""))}
    assert {at.split("!")[0] for at in left} <= {"Sources"}, left
    assert all(at.split("!")[1].startswith("E") for at in left), left
    assert all(sheet.oddFooter.center.text == "&A, page &P of &N" for sheet in book.worksheets)


def _chinese(text: str) -> bool:
    return any("一" <= sign <= "鿿" for sign in text)
