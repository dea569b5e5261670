import warnings
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pyogrio
import pytest
from shapely import Point, Polygon, box

from siting.errors import Fault
from siting.inputs.coordinates import converter
from siting.inputs.headers import plain
from siting.inputs.notes import Notes
from siting.inputs.tables import read_table
from siting.inputs.values import numbers
from siting.project import Layer, LayerName
from siting.study import Remark
from siting.words import Phrase

METRES = "EPSG:4547"
HEADER = "村代码,村名,常住人口,经度,纬度"
ROWS = "013900,甲村,1234,114.95,38.50\n013901,乙村,,114.97,38.51\n"
LONLAT = np.array([[114.95, 38.50], [114.97, 38.51]])
XY = converter("cgcs2000", METRES)(LONLAT)


def table(
    file: Path, crs: str = "cgcs2000", name: LayerName = "villages", **layer: Any
) -> tuple[gpd.GeoDataFrame | None, str, str]:
    """The rows, all faults and all remarks, in both languages."""
    faults: list[Fault] = []
    remarks: list[Remark] = []
    frame = read_table(Layer(file, crs, **layer), name, METRES, Notes(file.name, faults, remarks))
    said = "\n".join(f"{fault.said_in('en')} | {fault.said_in('zh')}" for fault in faults)
    return frame, said, "\n".join(f"{remark.what.en} | {remark.what.zh}" for remark in remarks)


def sound(file: Path, crs: str = "cgcs2000", name: LayerName = "villages", **layer: Any) -> gpd.GeoDataFrame:
    frame, said, _ = table(file, crs, name, **layer)
    assert not said
    assert frame is not None
    return frame


def is_the_two_villages(frame: gpd.GeoDataFrame) -> None:
    assert frame["id"].tolist() == ["013900", "013901"]
    assert frame["name"].tolist() == ["甲村", "乙村"]
    assert frame["residents"].tolist() == ["1234", ""]
    assert np.column_stack((frame["x"], frame["y"])) == pytest.approx(XY, abs=1e-3)
    assert frame.crs.to_epsg() == 4547


def written(file: Path, text: str, encoding: str = "utf-8") -> Path:
    file.write_bytes(text.encode(encoding))
    return file


# --- formats and encodings -------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_csv_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    is_the_two_villages(sound(written(tmp_path / "villages.csv", f"{HEADER}\n{ROWS}", encoding)))


@pytest.mark.parametrize(("delimiter", "name"), [("\t", "villages.tsv"), (";", "villages.csv"), ("\t", "v.txt")])
def test_tables_with_other_delimiters(tmp_path: Path, delimiter: str, name: str) -> None:
    text = f"{HEADER}\r\n{ROWS}".replace(",", delimiter)
    is_the_two_villages(sound(written(tmp_path / name, text)))


def test_a_stated_encoding_is_the_only_one_tried(tmp_path: Path) -> None:
    file = written(tmp_path / "villages.csv", f"{HEADER}\n{ROWS}", "gbk")
    is_the_two_villages(sound(file, encoding="gb2312"))
    _, said, _ = table(file, encoding="utf-8")
    assert "cannot be decoded as utf-8-sig" in said
    assert "不能按 utf-8-sig 解码。" in said
    assert 'encoding = "gbk"' in said


def test_a_title_above_the_header_and_blank_rows_are_passed_over(tmp_path: Path) -> None:
    text = f"附表1 村庄一览表,,,,\n\n{HEADER}\n,,,,\n{ROWS}合计,,,,\n"
    file = written(tmp_path / "villages.csv", text.replace("合计,", ",合计"))
    frame, said, remarks = table(file)
    assert not said
    assert frame is not None
    is_the_two_villages(frame)
    assert frame.index.tolist() == [5, 6]
    assert "rows of totals are left out: #7." in remarks


def workbook(file: Path, **sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(file)
    return file


CELLS: list[list[object]] = [
    ["村代码", "村名", "常住人口", "经度", "纬度"],
    ["013900", "甲村", 1234, 114.95, 38.5],
    ["013901", "乙村", None, 114.97, 38.51],
]


def test_excel(tmp_path: Path) -> None:
    is_the_two_villages(sound(workbook(tmp_path / "v.xlsx", 村庄=CELLS)))


def test_excel_sheets_by_name(tmp_path: Path) -> None:
    file = workbook(tmp_path / "v.xlsx", 说明=[["a", "b"], ["c", "d"]], 村庄=CELLS)
    is_the_two_villages(sound(file, sheet="村庄"))
    _, said, _ = table(file, sheet="村庄表")
    assert "has no sheet '村庄表'. Did you mean '村庄'?" in said
    frame, said, _ = table(file)
    assert frame is None
    assert "有 2 个工作表有数据（说明、村庄），没有写读哪一个。" in said
    assert "State one of them, for example sheet = " in said


def test_the_only_sheet_with_a_table_is_read(tmp_path: Path) -> None:
    """A title page and the empty sheets that Excel adds are no tables."""
    is_the_two_villages(sound(workbook(tmp_path / "v.xlsx", 封面=[["村庄表"]], 村庄=CELLS, Sheet3=[])))


@pytest.mark.parametrize("name", ["villages.xlsx", "villages.gpkg", "villages.geojson"])
def test_files_that_are_not_what_they_are_called(tmp_path: Path, name: str) -> None:
    frame, said, _ = table(written(tmp_path / name, "no such thing"))
    assert frame is None
    assert "is not a readable" in said
    assert "请重新导出" in said


def test_a_shapefile_copied_without_its_parts(tmp_path: Path) -> None:
    pyogrio.write_dataframe(layer(), tmp_path / "v.shp")
    (tmp_path / "v.dbf").unlink()
    frame, said, _ = table(tmp_path / "v.shp")
    assert frame is None
    assert "v.shp: 不完整：同一文件夹没有 v.dbf。" in said


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    """A folder stands for a file that another program holds: both are refused by the system."""
    (tmp_path / "villages.csv").mkdir()
    frame, said, _ = table(tmp_path / "villages.csv")
    assert frame is None
    assert "cannot be opened (" in said
    assert "请关闭正在使用它的程序（如 Excel）。" in said


def test_a_quote_that_is_never_closed(tmp_path: Path) -> None:
    frame, said, _ = table(written(tmp_path / "v.csv", f'{HEADER}\n1,"甲村,{"x" * 140_000}\n'))
    assert frame is None
    assert "is not a readable table (field larger than field limit (131072))." in said


def test_old_excel_and_unknown_files(tmp_path: Path) -> None:
    assert "unknown kind of file '.xls'. Save it as .xlsx." in table(written(tmp_path / "v.xls", ""))[1]
    assert "“.et”。 请另存为 .xlsx。" in table(written(tmp_path / "v.et", ""))[1]
    assert "“.dwg”。 请在 CAD 或 GIS 中导出为 Shapefile" in table(written(tmp_path / "v.dwg", ""))[1]
    assert "不认识的文件类型“.doc”。 可用：.csv、" in table(written(tmp_path / "v.doc", ""))[1]


def layer(shapes: list[Any] | None = None) -> gpd.GeoDataFrame:
    rows = {"村代码": ["013900", "013901"], "村名": ["甲村", "乙村"], "人口": [1234.0, np.nan]}
    return gpd.GeoDataFrame(rows, geometry=shapes or [Point(xy) for xy in LONLAT], crs="EPSG:4490")


@pytest.mark.parametrize("name", ["v.gpkg", "v.geojson", "v.fgb", "v.shp"])
def test_layers(tmp_path: Path, name: str) -> None:
    pyogrio.write_dataframe(layer(), tmp_path / name, **({"SPATIAL_INDEX": "NO"} if name == "v.fgb" else {}))
    is_the_two_villages(sound(tmp_path / name))


@pytest.mark.parametrize(
    ("encoding", "cpg", "driver"),
    [
        ("utf-8", "UTF-8", 0x00),
        ("gbk", "GBK", 0x00),
        ("gbk", "936", 0x57),
        ("gbk", "ANSI 936", 0x00),
        ("gbk", "", 0x4D),
        ("gbk", "", 0x57),
        ("gbk", "", 0x00),
        ("utf-8", "", 0x00),
        ("utf-8", "65001", 0x4D),
        ("gbk", "no such word", 0x4D),
    ],
)
def test_shapefiles_in_gbk_and_utf8(tmp_path: Path, encoding: str, cpg: str, driver: int) -> None:
    """What .cpg says counts, else the table's driver byte (0x4D is GBK; 0x00 and 0x57 say nothing), else a try."""
    file = tmp_path / "v.shp"
    pyogrio.write_dataframe(layer(), file, encoding=encoding)
    file.with_suffix(".cpg").unlink(missing_ok=True)
    if cpg:
        file.with_suffix(".cpg").write_text(cpg)
    dbf = bytearray(file.with_suffix(".dbf").read_bytes())
    dbf[29] = driver
    file.with_suffix(".dbf").write_bytes(dbf)
    is_the_two_villages(sound(file))


def test_a_shapefile_that_is_not_what_its_cpg_says(tmp_path: Path) -> None:
    file = tmp_path / "v.shp"
    pyogrio.write_dataframe(layer(), file, encoding="gbk")
    file.with_suffix(".cpg").write_text("UTF-8")
    frame, said, _ = table(file)
    assert frame is None
    assert "cannot be decoded as utf-8-sig" in said
    is_the_two_villages(sound(file, encoding="gbk"))


def test_layers_of_a_geopackage_are_named(tmp_path: Path) -> None:
    file = tmp_path / "county.gpkg"
    for name in ("villages", "schools"):
        pyogrio.write_dataframe(layer(), file, layer=name)
    is_the_two_villages(sound(file, sheet="villages"))
    frame, said, _ = table(file, sheet="vilages")
    assert frame is None
    assert "holds 2 layers, and `sheet` says ''." in table(file)[1]
    assert "holds 2 layers, and `sheet` says 'vilages'." in said
    assert "是否为“villages”？" in said


def test_a_layer_in_another_projection_than_stated(tmp_path: Path) -> None:
    pyogrio.write_dataframe(layer().to_crs("EPSG:4526"), tmp_path / "v.gpkg")
    is_the_two_villages(sound(tmp_path / "v.gpkg", "EPSG:4526"))
    _, said, _ = table(tmp_path / "v.gpkg", "EPSG:4547")
    assert "says it is in CGCS2000 / 3-degree Gauss-Kruger zone 38, and study.toml says EPSG:4547" in said
    _, said, _ = table(tmp_path / "v.gpkg", "cgcs2000")
    assert "study.toml 写的是 cgcs2000" in said


def test_polygons_have_a_seat_within(tmp_path: Path) -> None:
    """An L around (114.96, 38.50), whose middle lies outside: the seat is a place on it."""
    bent = Polygon(
        [(114.95, 38.50), (114.99, 38.50), (114.99, 38.504), (114.954, 38.504), (114.954, 38.54), (114.95, 38.54)]
    )
    pyogrio.write_dataframe(layer([bent, box(115.0, 38.5, 115.01, 38.51)]), tmp_path / "v.gpkg")
    frame = sound(tmp_path / "v.gpkg")
    assert not bent.contains(bent.centroid)
    assert all(shape.contains(Point(x, y)) for shape, x, y in zip(frame.geometry, frame["x"], frame["y"], strict=True))
    assert frame.geometry.area.iloc[1] == pytest.approx(1110 * 872, rel=0.01)  # 0.01 degrees north, 0.01 degrees east


def test_coordinate_columns_move_the_seat_of_a_polygon(tmp_path: Path) -> None:
    """The first seat is stated within its polygon; the second, 1 degree away, is not believed."""
    places = layer([box(114.94, 38.49, 114.96, 38.51), box(114.96, 38.50, 114.98, 38.52)])
    pyogrio.write_dataframe(places.assign(经度=[114.951, 115.97], 纬度=[38.502, 38.51]), tmp_path / "v.gpkg")
    frame = sound(tmp_path / "v.gpkg")
    expected = converter("cgcs2000", METRES)(np.array([[114.951, 38.502], [114.97, 38.51]]))
    assert np.column_stack((frame["x"], frame["y"])) == pytest.approx(expected, abs=1.0)


def test_outlines_that_cross_themselves_are_mended(tmp_path: Path) -> None:
    bow = Polygon([(114.95, 38.50), (114.96, 38.51), (114.96, 38.50), (114.95, 38.51)])
    pyogrio.write_dataframe(layer([bow, box(115.0, 38.5, 115.01, 38.51)]), tmp_path / "v.gpkg")
    frame, said, remarks = table(tmp_path / "v.gpkg")
    assert not said
    assert frame is not None
    assert frame.geometry.is_valid.all()
    assert "1 outlines cross themselves and were mended: 甲村." in remarks


OSM = """<?xml version="1.0"?><osm version="0.6">
<node id="1" version="1" lat="38.50" lon="114.95"><tag k="amenity" v="kindergarten"/><tag k="name" v="甲"/></node>
<node id="2" version="1" lat="38.51" lon="114.96"/><node id="3" version="1" lat="38.51" lon="114.98"/>
<node id="4" version="1" lat="38.53" lon="114.98"/><node id="5" version="1" lat="38.53" lon="114.96"/>
<node id="6" version="1" lat="38.50" lon="114.97"><tag k="place" v="village"/><tag k="population" v="900"/></node>
<node id="7" version="1" lat="38.50" lon="114.97"><tag k="amenity" v="cafe"/></node>
<way id="9" version="1"><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="5"/><nd ref="2"/>
<tag k="amenity" v="school"/><tag k="isced:level" v="1;2"/><tag k="operator:type" v="private"/>
<tag k="capacity" v="90"/></way></osm>"""


def test_schools_and_villages_of_openstreetmap(tmp_path: Path) -> None:
    """A kindergarten at a node, and a school of two tiers whose grounds are centred at 114.97, 38.52. No café."""
    file = written(tmp_path / "county.osm", OSM)
    schools = sound(file, "", "schools")
    assert schools["id"].tolist() == ["n1", "a18"]
    assert schools["name"].tolist() == ["甲", "a18"]
    assert schools["tier"].tolist() == ["kindergarten", "primary;junior"]
    assert schools["operator"].tolist() == ["", "private"]
    assert schools["seats"].tolist() == ["", "90"]
    expected = converter("wgs84", METRES)(np.array([[114.95, 38.50], [114.97, 38.52]]))
    assert np.column_stack((schools["x"], schools["y"])) == pytest.approx(expected, abs=0.1)
    villages = sound(file, "", "villages")
    assert (villages["id"].tolist(), villages["residents"].tolist()) == (["n6"], ["900"])
    assert "is an OpenStreetMap file, which has no estates for us." in table(file, "", "estates")[1]


def test_openstreetmap_without_schools(tmp_path: Path) -> None:
    file = written(tmp_path / "county.osm", '<?xml version="1.0"?><osm version="0.6"></osm>')
    assert "holds nothing tagged amenity = kindergarten or school." in table(file, "", "schools")[1]
    assert "不是可读的 OpenStreetMap 文件" in table(written(tmp_path / "bad.osm.pbf", "x"), "", "schools")[1]


# --- headers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("常住人口（人）", "常住人口"),
        (" 常住 人口(人) ", "常住人口"),
        ("Village_Name", "villagename"),
        ("ＮＡＭＥ", "name"),
        ("村（社区）代码", "村社区代码"),
        ("X 坐标 (m)", "x坐标"),
        ("乡镇/街道", "乡镇街道"),
        ("经度\n（°）", "经度"),
    ],
)
def test_headers_without_what_people_add(header: str, expected: str) -> None:
    assert plain(header) == expected


def test_the_study_file_names_columns_over_aliases(tmp_path: Path) -> None:
    file = written(tmp_path / "v.csv", "name,人口,pop_2024,lon,lat\n甲,1,2,114.95,38.5\n")
    assert sound(file)["residents"].tolist() == ["1"]
    assert sound(file, columns={"residents": "pop_2024"})["residents"].tolist() == ["2"]
    _, said, _ = table(file, columns={"residents": "pop_2025"})
    assert "has no column 'pop_2025', which `columns` names for residents. Did you mean 'pop_2024'?" in said


def test_shapefiles_cut_headers_short(tmp_path: Path) -> None:
    """Ten bytes hold three letters and a third: 常住人 can only be residents; 所属乡 may be a name or a code."""
    rows = {"村名": ["甲村"], "常住人口": ["12"], "所属乡镇代码": ["139001100"]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # pyogrio cannot decode GDAL's own warning of the cut
        pyogrio.write_dataframe(gpd.GeoDataFrame(rows, geometry=[Point(114.95, 38.5)], crs=4490), tmp_path / "v.shp")
    frame = sound(tmp_path / "v.shp")
    assert frame.attrs["headers"] == ["村名", "常住人", "所属乡"]
    assert frame["residents"].tolist() == ["12"]
    assert set(frame.columns) == {"name", "residents", "x", "y", "geometry"}
    named = sound(tmp_path / "v.shp", columns={"township_id": "所属乡"})
    assert named["township_id"].tolist() == ["139001100"]


def test_tables_are_not_cut(tmp_path: Path) -> None:
    file = written(tmp_path / "v.csv", "村名,常住人,lon,lat\n甲,1,114.95,38.5\n")
    assert "residents" not in sound(file)


def test_no_column_of_coordinates(tmp_path: Path) -> None:
    file = written(tmp_path / "v.csv", "村名,人口,经\n甲,1,2\n")
    frame, said, _ = table(file)
    assert frame is None
    assert "has no column for lon or lat; its headers are 村名, 人口, 经." in said
    assert "没有经度 / 纬度列；表头有：村名、人口、经。" in said
    assert 'columns = { lon = "header" } in [layers.villages]' in said


# --- numbers ---------------------------------------------------------------------------------------------------


def test_numbers_as_people_write_them(tmp_path: Path) -> None:
    file = written(
        tmp_path / "v.csv", f'{HEADER}\n1,甲,"1,234",114.95,38.5\n2,乙,１２３,114.95,38.5\n3,丙,—,114.95,38.5\n'
    )
    faults: list[Fault] = []
    values = numbers(sound(file), "residents", Phrase("人口", "residents"), Notes("v.csv", faults))
    assert not faults
    assert values[:2].tolist() == [1234.0, 123.0]
    assert np.isnan(values[2])


# --- coordinates -----------------------------------------------------------------------------------------------


def projected(folder: Path, x: str, y: str, rows: Any) -> Path:
    lines = [f"{name},{first},{second}" for name, (first, second) in zip("甲乙", rows, strict=True)]
    return written(folder / "v.csv", "\n".join((f"村名,{x},{y}", *lines, "")))


def test_metres(tmp_path: Path) -> None:
    frame = sound(projected(tmp_path, "X", "Y", XY), METRES)
    assert np.column_stack((frame["x"], frame["y"])) == pytest.approx(XY)


def test_the_chinese_survey_calls_the_northing_x(tmp_path: Path) -> None:
    frame, said, remarks = table(projected(tmp_path, "X", "Y", XY[:, ::-1]), METRES)
    assert not said
    assert frame is not None
    assert np.column_stack((frame["x"], frame["y"])) == pytest.approx(XY)
    assert "column X holds northings and Y eastings, as Chinese surveys have it; they are swapped" in remarks
    assert "X 列是纵坐标（北）" in remarks


def test_eastings_with_zone_number(tmp_path: Path) -> None:
    with_zone = XY + np.array([38e6, 0.0])
    frame = sound(projected(tmp_path, "横坐标", "纵坐标", with_zone), "EPSG:4526")
    assert np.column_stack((frame["x"], frame["y"])) == pytest.approx(XY, abs=1e-3)
    _, said, _ = table(projected(tmp_path, "横坐标", "纵坐标", with_zone), METRES)
    assert "横坐标似乎带有带号 38，请写带号的坐标系（38 带为 EPSG:4526）。" in said


@pytest.mark.parametrize(
    ("rows", "crs", "message"),
    [
        (
            LONLAT[:, ::-1],
            "cgcs2000",
            "2 of 2 rows have coordinates outside cgcs2000 (longitude 70 to 138, latitude 3 to 57)",
        ),
        (LONLAT[:, ::-1], "wgs84", "经度和纬度（X 和 Y）似乎对调了。"),
        (LONLAT[:, ::-1], "gcj02", "甲 (38.5, 114.95), 乙 (38.51, 114.97). Longitude and latitude"),
        (LONLAT, METRES, "These are degrees; state wgs84, cgcs2000, gcj02 or bd09."),
        (XY, "cgcs2000", "这些是以米为单位的坐标，请写投影坐标系，如 EPSG:4547。"),
        (LONLAT * (1, 0), "cgcs2000", "Correct the coordinates, or `crs`."),
    ],
)
def test_coordinates_that_cannot_be(tmp_path: Path, rows: Any, crs: str, message: str) -> None:
    frame, said, _ = table(projected(tmp_path, "经度", "纬度", rows), crs)
    assert message in said
    assert frame is not None
    assert frame.geometry.isna().all()


def test_layers_with_swapped_axes(tmp_path: Path) -> None:
    pyogrio.write_dataframe(layer([Point(y, x) for x, y in LONLAT]), tmp_path / "v.geojson")
    _, said, _ = table(tmp_path / "v.geojson")
    assert "甲村 (38.5, 114.95)" in said
    assert "seem to be swapped." in said
