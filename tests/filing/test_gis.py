from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import ezdxf
import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely
from filed_villages import filed_villages
from pyproj import Transformer
from six_villages import X0, Y0

from siting.errors import InputError
from siting.filing.dossier import Dossier
from siting.filing.fonts import one_line
from siting.filing.gis import write_gis
from siting.filing.gis.fields import FIELDS
from siting.filing.works import works
from siting.frames import assignments_frame, catchments_frame, schools_frame, sites_frame
from siting.inputs.shapefiles import read_shapefile
from siting.plan import Plan
from siting.study import StudyArea
from siting.words import Language, Phrase

HOSTILE = {
    "V0": "<img src=x onerror=alert(1)>",
    "V1": "${alert(1)} `tick` \\back\\slash",
    "V2": "=cmd()|' /C calc'!A0",
    "V3": "第一行\n第二行\t#let x\x07",
    "V4": "%%c \\U+2205 {\\P} ^J, @",
    "V5": "长" * 300,
    "C6": "𠮷村—·€",
}
"""Names of units that mean something to some format, are too long for it, or not in its encoding."""

Draw = Callable[[StudyArea], StudyArea]


def _as_it_is(area: StudyArea) -> StudyArea:
    return area


def _dossier(draw: Draw = _as_it_is, **settings: object) -> Dossier:
    """The six villages as a dossier, with a boundary and two estates, drawn otherwise where asked."""
    first = filed_villages()
    square = shapely.box(X0 - 1500, Y0 - 2000, X0 + 8000, Y0 + 2000)
    estates = gpd.GeoDataFrame(
        {"name": ["东园", "西园"], "dwellings": [1200.0, np.nan], "delivery_year": [2027.0, np.nan]},
        geometry=[shapely.box(X0, Y0 + 300, X0 + 200, Y0 + 500), shapely.Point(X0 + 900, Y0 - 300)],
        crs="EPSG:4547",
    )
    area = draw(replace(first.result.area, boundary=square, estates=estates))
    result = replace(first.result, area=area, plan=replace(first.result.plan, crs=area.crs))
    return _refiled(replace(first, result=result), **settings)


def _refiled(dossier: Dossier, **settings: object) -> Dossier:
    told = replace(dossier.settings, prepared_by="六村教育局", **settings)
    return replace(dossier, works=works(dossier.result, {}), settings=told)


def _called(area: StudyArea) -> StudyArea:
    """The same with hostile names."""
    return replace(area, units=replace(area.units, name=tuple(HOSTILE[unit] for unit in area.units.id)))


def _hostile(**settings: object) -> Dossier:
    dossier = _dossier(_called, **settings)
    part = dossier.result.plan.parts[0]
    sites = tuple(replace(site, name=HOSTILE[site.unit_id]) for site in part.sites)
    plan: Plan = replace(dossier.result.plan, parts=(replace(part, sites=sites),))
    return _refiled(replace(dossier, result=replace(dossier.result, plan=plan)), **settings)


def _moved(crs: str, east_m: float = 0.0) -> Draw:
    """Coordinates that are said to be in another CRS."""

    def move(area: StudyArea) -> StudyArea:
        return replace(area, crs=crs, estates=area.estates.set_crs(crs, allow_override=True))

    return move


def _write(dossier: Dossier, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    write_gis(dossier, folder)
    return folder / "gis"


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _write(_dossier(), tmp_path_factory.mktemp("zh"))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _write(_hostile(), tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def hostile_gbk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _write(_hostile(encoding="gbk"), tmp_path_factory.mktemp("gbk"))


# --- what is written -------------------------------------------------------------------------------------------

LAYERS = {
    "建设项目": 2,
    "备选地点": 2,
    "选址地块示意": 3,
    "规划学校": 3,
    "现状学校": 4,
    "未覆盖_农村幼儿园": 0,
    "村社区分配_农村幼儿园": 6,
    "新建居住区": 1,
    "新建居住区_点": 1,
    "学区_农村幼儿园": 3,
    "规划范围": 1,
}


def _layers(file: Path) -> dict[str, gpd.GeoDataFrame]:
    names = [name for name, kind in pyogrio.list_layers(file) if kind is not None]
    return {name: pyogrio.read_dataframe(file, layer=name) for name in names}


def test_the_geopackage_has_every_layer_by_its_chinese_name(filed: Path) -> None:
    layers = _layers(filed / "学校布局.gpkg")
    assert {name: len(frame) for name, frame in layers.items()} == LAYERS
    assert {frame.crs.to_epsg() for frame in layers.values()} == {4547}
    project = layers["建设项目"].iloc[0]
    assert (project["项目编号"], project["建设性质"], project["项目类别"]) == ("KR-001", "新建", "农村幼儿园")
    assert (project["新增学位"], project["用地面积_亩"], project["投资估算_万元"]) == (90, 2.02, 384.3)
    assert (project.geometry.x, project.geometry.y) == (X0 + 4000, Y0)
    assert pd.isna(layers["建设项目"].iloc[1]["用地面积_亩"])


def test_layers_hold_what_the_plan_holds(filed: Path) -> None:
    layers, plan = _layers(filed / "学校布局.gpkg"), _dossier().result.plan
    planned = layers["规划学校"]
    frame = sites_frame(plan)
    assert planned["学校代码"].tolist() == frame["site_id"].tolist()
    assert planned["服务人口"].tolist() == frame["service_population"].round().tolist()
    assert planned["最远路程_m"].tolist() == frame["farthest_m"].round().tolist()
    catchments = layers["学区_农村幼儿园"]
    assert catchments["服务范围"].tolist() == ["V0、V1、V2", "V3、V4", "V5"]
    assert catchments["服务人口"].tolist() == [3500, 3100, 6000]
    assert layers["村社区分配_农村幼儿园"]["是否覆盖"].tolist() == ["是"] * 6


def test_constraints_are_a_table_of_their_own(filed: Path) -> None:
    told = pyogrio.read_dataframe(filed / "学校布局.gpkg", layer="约束核查")
    assert set(told["地点编号"]) == {"KR-001", "KR-001-1", "KR-001-2", "KR-002"}
    assert {"未核查"} <= set(told["约束核查"])


def test_every_layer_has_its_default_style(filed: Path) -> None:
    styles = pyogrio.read_dataframe(filed / "学校布局.gpkg", layer="layer_styles")
    assert styles["f_table_name"].tolist() == list(LAYERS)
    assert styles["useAsDefault"].all() and set(styles["f_geometry_column"]) == {"geom"}
    for layer, style in zip(styles["f_table_name"], styles["styleQML"], strict=True):
        assert style == (filed / "样式" / f"{layer}.qml").read_text(encoding="utf-8")


def test_styles_name_columns_and_values_that_are_there(filed: Path) -> None:
    for file, frame in [*_shapefiles(filed).items(), *_geojson(filed).items()]:
        style = ElementTree.fromstring(file.with_suffix(".qml").read_text(encoding="utf-8"))
        renderer, settings = style.find("renderer-v2"), style.find("labeling/settings/text-style")
        assert renderer is not None
        symbols = {symbol.get("name") for symbol in renderer.findall("symbols/symbol")}
        assert {category.get("symbol") for category in renderer.findall("categories/category")} <= symbols
        if renderer.get("type") == "categorizedSymbol":
            known = {category.get("value") for category in renderer.findall("categories/category")}
            assert {str(value) for value in frame.get(renderer.get("attr"), [])} <= known
        assert settings is None or not len(frame) or settings.get("fieldName") in frame.columns


def test_new_builds_and_extensions_differ_in_shape_and_colour(filed: Path) -> None:
    style = ElementTree.parse(filed / "样式" / "建设项目.qml")
    shapes = [prop.get("v") for prop in style.iter("prop") if prop.get("k") == "name"]
    colours = [prop.get("v") for prop in style.iter("prop") if prop.get("k") == "color"]
    assert shapes == ["star", "triangle"] and colours[0] != colours[1]


def _shapefiles(home: Path) -> dict[Path, pd.DataFrame]:
    return {file: read_shapefile(file, "") for file in sorted((home / "shp").glob("*.shp"))}


def _geojson(home: Path) -> dict[Path, gpd.GeoDataFrame]:
    return {file: pyogrio.read_dataframe(file) for file in sorted((home / "geojson").glob("*.geojson"))}


# --- Shapefiles ------------------------------------------------------------------------------------------------


def test_codes_fit_a_shapefile_and_are_unique() -> None:
    codes = [field.code for field in FIELDS.values()]
    assert len(set(codes)) == len(codes) and all(re.fullmatch("[A-Z]{1,10}", code) for code in codes)
    assert len({field.zh for field in FIELDS.values()}) == len(FIELDS)


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_shapefiles_hold_what_the_geopackage_holds(tmp_path: Path, encoding: str) -> None:
    home = _write(_dossier(encoding=encoding), tmp_path)
    layers = _layers(home / "学校布局.gpkg")
    stems = _stems(home)
    assert len(stems) == len(layers)
    for name, frame in layers.items():
        file = home / "shp" / f"{stems[name]}.shp"
        read, codes = pyogrio.read_dataframe(file), {field.zh: field.code for field in FIELDS.values()}
        assert read.crs.name.replace("_", " ") == frame.crs.name.replace("_", " ") or read.crs.to_epsg() == 4547
        assert file.with_suffix(".cpg").read_text() == {"utf-8": "UTF-8", "gbk": "936"}[encoding]
        for column in frame.columns.drop("geometry"):
            _assert_same(frame[column].tolist(), read[codes[column]].tolist())
        assert [one.equals(other) for one, other in zip(read.geometry, frame.geometry, strict=True)] == [True] * len(
            read
        )


def _assert_same(full: list[object], held: list[object]) -> None:
    """Cells are equal, or cut and marked so."""
    for one, other in zip(full, held, strict=True):
        if isinstance(other, str) and other.endswith("…"):
            assert str(one).startswith(other[:-1]) and len(str(one).encode("gbk")) > len(other)
        else:
            assert one == other or (pd.isna(one) and pd.isna(other)) or (one == "" and other is None)


def _stems(home: Path) -> dict[str, str]:
    sheet = openpyxl.load_workbook(home / "shp" / "字段说明.xlsx")["字段说明"]
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    return {str(row[1]): str(row[0]).removesuffix(".shp") for row in rows}


def test_names_are_text_in_every_format(hostile: Path) -> None:
    names = [one_line(HOSTILE[unit]) for unit in ("V0", "V1", "V2", "V3", "V4", "V5")]
    assert _layers(hostile / "学校布局.gpkg")["村社区分配_农村幼儿园"]["村社区名称"].tolist() == names
    assert _geojson(hostile)[hostile / "geojson" / "村社区分配_农村幼儿园.geojson"]["村社区名称"].tolist() == names
    read = _shapefiles(hostile)[hostile / "shp" / "CSFP_kindergarten_rural.shp"]["CSMC"].tolist()
    assert read[:5] == names[:5]
    assert read[5] == "长" * 83 + "…" and len(read[5].encode()) == 252


def test_what_is_cut_stands_in_full_beside(hostile: Path) -> None:
    sheet = openpyxl.load_workbook(hostile / "shp" / "字段说明.xlsx")["全文"]
    told = {(row[0], row[1], row[2]): (row[3], row[4]) for row in sheet.iter_rows(min_row=4, values_only=True)}
    why, full = told["CSFP_kindergarten_rural.shp", 6, "CSMC"]
    assert (why, full) == ("超过 254 字节，已截短", "长" * 300)
    assert "已截短" in (hostile / "说明.txt").read_text(encoding="utf-8-sig")


def test_gbk_spells_letters_it_lacks(hostile_gbk: Path) -> None:
    file = hostile_gbk / "shp" / "XZXX.shp"
    assert file.with_suffix(".dbf").read_bytes()[29] == 0x4D
    schools = pyogrio.read_dataframe(file).set_index("XXDM")
    assert schools.loc["S6", "SZC"] == "[U+20BB7]村—·[U+20AC]"
    assert read_shapefile(file, "").set_index("XXDM").loc["S6", "SZC"] == "[U+20BB7]村—·[U+20AC]"
    sheet = openpyxl.load_workbook(hostile_gbk / "shp" / "字段说明.xlsx")["全文"]
    assert any("𠮷=[U+20BB7]" in str(row[3]) and row[4] == "𠮷村—·€" for row in sheet.iter_rows(values_only=True))
    assert "𠮷 €" in (hostile_gbk / "说明.txt").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("home", ["hostile", "hostile_gbk"])
def test_gdal_reads_names_in_both_encodings(home: str, request: pytest.FixtureRequest) -> None:
    if shutil.which("ogr2ogr") is None:
        pytest.skip("GDAL's programs are not installed")
    file = request.getfixturevalue(home) / "shp" / "CSFP_kindergarten_rural.shp"
    told = subprocess.run(
        ["ogr2ogr", "-f", "GeoJSON", "/vsistdout/", str(file)], capture_output=True, text=True, check=True
    )
    names = [one["properties"]["CSMC"] for one in json.loads(told.stdout)["features"]]
    assert names[:3] == [one_line(HOSTILE[unit]) for unit in ("V0", "V1", "V2")]


def test_what_nobody_counted_is_blank(filed: Path) -> None:
    schools = _layers(filed / "学校布局.gpkg")["现状学校"]
    assert schools["在校生数"].isna().all() and schools["班数"].tolist() == [4, 3, 1, 6]
    record = (filed / "shp" / "XZXX.dbf").read_bytes()
    assert b"nan" not in record.lower()


def test_no_road_is_said_and_not_a_number(tmp_path: Path) -> None:
    dossier = _dossier()
    part = dossier.result.plan.parts[0]
    given = (replace(part.assignments[0], metres=float("inf"), covered=0.0), *part.assignments[1:])
    plan = replace(dossier.result.plan, parts=(replace(part, assignments=given),))
    home = _write(replace(dossier, result=replace(dossier.result, plan=plan)), tmp_path)
    first = _layers(home / "学校布局.gpkg")["村社区分配_农村幼儿园"].iloc[0]
    assert pd.isna(first["路网距离_m"])
    assert (first["备注"], first["是否覆盖"]) == ("无路可达", "否")
    assert _layers(home / "学校布局.gpkg")["未覆盖_农村幼儿园"]["未覆盖人口"].tolist() == [1000]


# --- GeoJSON ---------------------------------------------------------------------------------------------------


def test_geojson_is_longitude_first_in_few_decimals(filed: Path) -> None:
    text = (filed / "geojson" / "建设项目.geojson").read_text(encoding="utf-8")
    longitude, latitude = json.loads(text)["features"][0]["geometry"]["coordinates"]
    expected = Transformer.from_crs("EPSG:4547", "EPSG:4326", always_xy=True).transform(X0 + 4000, Y0)
    assert (longitude, latitude) == pytest.approx(expected, abs=1e-7)
    assert 113 < longitude < 115 and 38 < latitude < 39
    assert "crs" not in json.loads(text)
    assert not re.search(r"\d\.\d{8}", text.split('"coordinates"')[1])
    assert '"新建"' in text


# --- drawing ---------------------------------------------------------------------------------------------------


def test_the_drawing_is_sound_and_in_metres(filed: Path) -> None:
    doc = ezdxf.readfile(filed / "学校布局.dxf")
    assert not doc.audit().has_errors and not doc.audit().has_fixes
    assert (doc.dxfversion, doc.header["$INSUNITS"]) == ("AC1024", 6)
    assert doc.styles.get("CHINESE").get_extended_font_data()[0] == "SimHei"
    kinds = {(one.dxftype(), one.dxf.layer) for one in doc.modelspace()}
    assert {("INSERT", "规划新建"), ("INSERT", "规划扩建"), ("INSERT", "现状学校"), ("INSERT", "备选地点")} <= kinds
    assert {("LWPOLYLINE", "学区_农村幼儿园"), ("LWPOLYLINE", "规划范围"), ("TEXT", "界址点_示意")} <= kinds
    plot = doc.modelspace().query('LWPOLYLINE[layer=="地块_推荐方案_示意"]')[0]
    assert plot.closed and shapely.Polygon(plot.get_points("xy")).area == pytest.approx(1350.0)
    new = doc.modelspace().query('INSERT[layer=="规划新建"]')[0]
    assert tuple(new.dxf.insert)[:2] == (X0 + 4000, Y0)
    assert {one.dxf.tag: one.dxf.text for one in new.attribs} == {"CODE": "KR-001", "NAME": "新建N4"}


def test_a_drawing_program_finds_no_codes_in_names(hostile: Path) -> None:
    doc = ezdxf.readfile(hostile / "学校布局.dxf")
    texts = [one.plain_text() for one in doc.modelspace().query('TEXT[layer=="村社区"]')]
    assert texts[:4] == [one_line(HOSTILE[unit]) for unit in ("V0", "V1", "V2", "V3")]
    assert texts[4] == "％％c ＼U+2205 {\\P} ^J, @"
    assert texts[6] == HOSTILE["C6"]
    assert not doc.audit().has_errors


# --- corners of plots ------------------------------------------------------------------------------------------


def _parsed(file: Path) -> tuple[dict[str, str], list[tuple[list[str], list[list[str]]]]]:
    """The header, and each plot's line with its corners' lines, as a land office's program reads them."""
    raw = file.read_bytes()
    assert raw.count(b"\n") == raw.count(b"\r\n") and raw.endswith(b"\r\n")
    head, body = raw.decode("gbk").split("[地块坐标]\r\n")
    header = dict(line.split("=", 1) for line in head.splitlines()[1:])
    plots: list[tuple[list[str], list[list[str]]]] = []
    for line in body.splitlines():
        cells = line.split(",")
        if cells[-1] == "@":
            plots.append((cells, []))
        else:
            plots[-1][1].append(cells)
    return header, plots


def _ring(corners: list[list[str]]) -> shapely.LinearRing:
    return shapely.LinearRing([(float(east), float(north)) for _, _, north, east in corners])


def test_corners_read_back_as_the_stated_hectares(filed: Path) -> None:
    header, plots = _parsed(filed / "地块坐标_推荐方案.txt")
    assert list(header) == [
        "格式版本号", "数据产生单位", "数据产生日期", "坐标系", "几度分带", "投影类型", "计量单位", "带号", "精度",
        "转换参数",
    ]  # fmt: skip
    assert (header["数据产生单位"], header["数据产生日期"], header["带号"]) == ("六村教育局", "2026-11-26", "38")
    ((line, corners),) = plots
    assert line[2:] == ["KR-001", "新建N4（示意）", "面", "", "幼儿园用地", "080404", "@"]
    assert int(line[0]) == len(corners) == 5
    assert [corner[0] for corner in corners] == ["J1", "J2", "J3", "J4", "J1"] and corners[0] == corners[-1]
    ring = _ring(corners)
    assert not ring.is_ccw
    assert shapely.Polygon(ring).area / 1e4 == pytest.approx(float(line[1]), abs=5e-5) == 0.135
    assert shapely.Polygon(ring).centroid.distance(shapely.Point(38e6 + X0 + 4000, Y0)) < 0.01
    assert all(re.fullmatch(r"\d{7}\.\d{3}", north) and re.fullmatch(r"38\d{6}\.\d{3}", east)
               for _, _, north, east in corners)  # fmt: skip


def test_alternatives_have_a_file_of_their_own(filed: Path) -> None:
    _, plots = _parsed(filed / "地块坐标_备选方案.txt")
    assert [line[2] for line, _ in plots] == ["KR-001-1", "KR-001-2"]


def test_a_study_in_utm_gets_the_zone_it_lies_in(tmp_path: Path) -> None:
    """500,000 m east in UTM zone 50 is 117 E: zone 39, easting 39,500,000; scale 1 instead of 0.9996."""
    home = _write(_dossier(_moved("EPSG:32650")), tmp_path)
    header, plots = _parsed(home / "地块坐标_推荐方案.txt")
    assert header["带号"] == "39"
    line, corners = plots[0]
    ring = _ring(corners)
    assert ring.centroid.x == pytest.approx(39_500_000 + 4000 / 0.9996, abs=1.0)
    assert shapely.Polygon(ring).area / 1e4 == pytest.approx(float(line[1]), abs=5e-5)
    assert float(line[1]) == pytest.approx(0.135 / 0.9996**2, abs=1e-4)
    assert {frame.crs.to_epsg() for frame in _layers(home / "学校布局.gpkg").values()} == {4548}


def test_outside_china_there_are_no_corners_and_it_is_said(tmp_path: Path) -> None:
    home = _write(_dossier(_moved("EPSG:32633")), tmp_path)
    assert not list(home.glob("地块坐标*"))
    assert "未写地块坐标文件" in (home / "说明.txt").read_text(encoding="utf-8-sig")
    assert {frame.crs.to_epsg() for frame in _layers(home / "学校布局.gpkg").values()} == {32633}


def test_marks_of_the_format_in_names_are_wide(hostile: Path) -> None:
    _, plots = _parsed(hostile / "地块坐标_推荐方案.txt")
    ((line, _),) = plots
    assert line[3] == "新建%%c \\U+2205 {\\P} ^J， ＠（示意）" and len(line) == 9


# --- coordinate systems ----------------------------------------------------------------------------------------


def test_degrees_may_be_asked_for(tmp_path: Path) -> None:
    home = _write(_dossier(gis_crs="EPSG:4490"), tmp_path)
    layers = _layers(home / "学校布局.gpkg")
    assert {frame.crs.to_epsg() for frame in layers.values()} == {4490}
    place = layers["建设项目"].geometry[0]
    assert (place.x, place.y) == pytest.approx((114.0458, 38.3829), abs=1e-4)
    assert ezdxf.readfile(home / "学校布局.dxf").modelspace().query("INSERT")[0].dxf.insert.x > 400_000


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("EPSG:3857", "是网络地图坐标，不能量距离和面积"),
        ("gcj02", "是网络地图坐标"),
        ("EPSG:2383", "西安80坐标系"),
        ("定州独立坐标系", "不认识"),
    ],
)
def test_systems_nobody_can_measure_in_are_refused(tmp_path: Path, asked: str, said: str) -> None:
    with pytest.raises(InputError) as flaw:
        write_gis(_dossier(gis_crs=asked), tmp_path)
    assert said in flaw.value.faults[0].said_in("zh") and "[filing] crs" in flaw.value.faults[0].file
    assert not list(tmp_path.iterdir())


# --- the rest --------------------------------------------------------------------------------------------------


def test_units_with_boundaries_are_areas(tmp_path: Path) -> None:
    def draw(area: StudyArea) -> StudyArea:
        squares = tuple(shapely.Point(x, y).buffer(400) for x, y in zip(area.units.x, area.units.y, strict=True))
        return replace(area, units=replace(area.units, polygon=squares))

    home = _write(_dossier(draw), tmp_path)
    units = _layers(home / "学校布局.gpkg")["村社区分配_农村幼儿园"]
    assert set(units.geom_type) == {"MultiPolygon"}
    style = (home / "样式" / "村社区分配_农村幼儿园.qml").read_text(encoding="utf-8")
    assert "SimpleFill" in style and "SimpleMarker" not in style


CHINESE = re.compile("[\u3400-\u9fff]+")
NAMES = {"六村", "留早镇", "六村教育局", "东园", "西园", "市教育局", "市发展改革局", "市财政局", "各乡镇", "街道"}
"""Names of places and bodies, which stay as they are."""


def test_the_english_edition_has_chinese_only_in_names(tmp_path: Path) -> None:
    home = _write(_dossier(language="en"), tmp_path)
    files = [file for file in home.rglob("*") if file.suffix in (".qml", ".csv", ".geojson", ".txt", ".cpg", ".prj")]
    told = {file: file.read_text(encoding="utf-8") for file in files if not file.name.startswith("plot_corners")}
    for file, frame in _layers(home / "schools.gpkg").items():
        told[Path(file)] = frame.drop(columns="geometry").to_csv()
    told[Path("names")] = " ".join(file.name for file in home.rglob("*"))
    doc = ezdxf.readfile(home / "schools.dxf")
    told[Path("drawing")] = " ".join(
        [one.dxf.text for one in doc.modelspace().query("TEXT")] + [layer.dxf.name for layer in doc.layers]
    )
    left = {name: set(CHINESE.findall(text)) - NAMES for name, text in told.items()}
    assert {name: words for name, words in left.items() if words} == {}
    _, plots = _parsed(home / "plot_corners_recommended.txt")
    assert plots[0][0][3] == "New kindergarten: N4 (illustrative)"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_readme_names_every_file(tmp_path: Path, language: Language) -> None:
    home = _write(_dossier(language=language), tmp_path)
    text = (home / Phrase("说明.txt", "README.txt").said_in(language)).read_text(encoding="utf-8-sig")
    for file in home.iterdir():
        assert file.name in text or file.name.startswith(("说明", "README"))
    for file in (home / "shp").glob("*.shp"):
        assert file.name in text
    assert "EPSG:4547" in text and "EPSG:4526" in text and "EPSG:4326" in text


def test_the_same_dossier_gives_the_same_files(filed: Path, tmp_path: Path) -> None:
    again = _write(_dossier(), tmp_path)
    for file in filed.rglob("*"):
        if file.is_file() and file.suffix not in (".dxf", ".xlsx"):
            assert file.read_bytes() == (again / file.relative_to(filed)).read_bytes(), file.name


def test_columns_of_plan_gpkg_are_named_in_the_same_list() -> None:
    """What plan.gpkg calls name is the school's or unit's; a site's id is a school's."""
    result = _dossier().result
    part = result.plan.parts[0]
    frames = (
        sites_frame(result.plan), schools_frame(result.area), assignments_frame(part, result.area),
        catchments_frame(part, result.area),
    )  # fmt: skip
    same = {"site_id": "school_id", "site_name": "school_name", "units": "served", "geometry": "name"}
    same |= {"reason_zh": "reason", "reason_en": "reason"}
    for frame in frames:
        assert {same.get(str(column), str(column)) for column in frame.columns} <= set(FIELDS)
