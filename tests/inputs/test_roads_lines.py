from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from road_answers import METRES, faults_of, metres_between, pieces, roads_of
from shapely import LineString, MultiLineString, Point
from shapely.geometry.base import BaseGeometry

from siting.inputs.coordinates import converter, wgs84_to_gcj02
from siting.inputs.roads.lines import highway_of
from siting.study import ROAD_CLASSES

EAST = LineString([(499990, 0), (500010, 0)])
NORTH = LineString([(500000, -10), (500000, 10)])


def saved(folder: Path, shapes: list[BaseGeometry | None], name: str = "roads.gpkg", **columns: list[object]) -> Path:
    frame = gpd.GeoDataFrame(columns or {"n": range(len(shapes))}, geometry=shapes, crs=METRES)
    frame.to_file(folder / name, engine="pyogrio")
    return folder / name


@pytest.mark.parametrize(
    "columns",
    [
        {"bridge": ["F", "T"]},
        {"桥": ["否", "是"]},
        {"是否隧道": ["", "1"]},
        {"layer": [0, -1]},
        {"tunnel": [None, "yes"]},
    ],
)
def test_bridges_and_tunnels_by_their_columns(tmp_path: Path, columns: dict[str, list[object]]) -> None:
    roads, _ = roads_of(saved(tmp_path, [EAST, NORTH], **columns), METRES)
    assert pieces(roads) == 2


def test_without_such_columns_lines_cross_at_grade(tmp_path: Path) -> None:
    roads, _ = roads_of(saved(tmp_path, [EAST, NORTH]), METRES)
    assert pieces(roads) == 1
    assert metres_between(roads, (499990, 0), (500000, 10)) == pytest.approx(20.0)


def test_columns_named_in_the_study_file(tmp_path: Path) -> None:
    file = saved(tmp_path, [EAST, NORTH], 跨越=["", "是"], dj=["省道", "村道"])
    roads, _ = roads_of(file, METRES, columns={"bridge": "跨越", "highway": "dj"})
    assert pieces(roads) == 2
    assert [ROAD_CLASSES[k] for k in roads.road_class] == ["primary", "local"]


@pytest.mark.parametrize(
    ("word", "highway"),
    [
        ("G4京港澳高速公路", "motorway"),
        ("国道", "trunk"),
        ("省道S335", "primary"),
        ("县道", "secondary"),
        ("乡道", "tertiary"),
        ("村道", "unclassified"),
        ("城市快速路", "trunk"),
        ("x", "secondary"),
        ("track_grade3", "track"),
        ("Residential", "residential"),
        ("construction", "construction"),
        ("在建国道", "construction"),
        ("京广铁路", "railway"),
        ("", "road"),
        ("甲类", "road"),
    ],
)
def test_classes_in_chinese_english_and_letters(word: str, highway: str) -> None:
    assert highway_of(word) == highway


def test_expressways_and_what_is_closed_on_foot_are_left_out(tmp_path: Path) -> None:
    """The expressway crosses the street but neither is walked nor cuts it in two; the private lane is out."""
    lane = LineString([(499995, -10), (499995, 10)])
    file = saved(tmp_path, [EAST, NORTH, lane], 等级=["街道", "高速公路", "村道"], access=["", "", "private"])
    roads, _ = roads_of(file, METRES)
    assert (len(roads.x), len(roads.tail)) == (2, 1)
    assert [ROAD_CLASSES[k] for k in roads.road_class] == ["local"]


def test_unknown_classes_are_remarked_by_name(tmp_path: Path) -> None:
    _, remarks = roads_of(saved(tmp_path, [EAST, NORTH], 等级=["甲类", "国道"]), METRES)
    assert [remark.what.en for remark in remarks] == [
        "1 lines have a class we do not know and are read as local roads: 甲类."
    ]


def test_multilines_heights_empty_rows_and_repetitions(tmp_path: Path) -> None:
    """Two parts of a multiline with heights, one of them drawn again backwards, an empty row and no row at all."""
    multi = MultiLineString([[(500000, 0, 5), (500010, 0, 6)], [(500010, 0, 6), (500010, 10, 7)]])
    again = LineString([(500010, 0), (500000, 0)])
    roads, _ = roads_of(saved(tmp_path, [multi, again, LineString(), None], bridge=["1", "1", "", ""]), METRES)
    assert roads.length_m.tolist() == pytest.approx([10.0, 10.0])
    assert pieces(roads) == 1


def test_a_street_under_an_expressway_drawn_with_it_stays(tmp_path: Path) -> None:
    """Two rows of one shape: the first may not be walked, the second may."""
    roads, _ = roads_of(saved(tmp_path, [EAST, EAST], 等级=["高速", "街道"]), METRES)
    assert roads.length_m.tolist() == [20.0]


def test_the_named_layer_of_a_geopackage(tmp_path: Path) -> None:
    for name, shape in (("railways", NORTH), ("roads", EAST)):
        gpd.GeoDataFrame({"n": [1]}, geometry=[shape], crs=METRES).to_file(tmp_path / "r.gpkg", layer=name)
    roads, _ = roads_of(tmp_path / "r.gpkg", METRES, sheet="roads")
    assert sorted(roads.x) == [499990.0, 500010.0]


def test_gcj02_goes_back_to_where_the_road_is(tmp_path: Path) -> None:
    """A road drawn on an Amap background, moved back by about 500 m; the truth is known to 0.1 m."""
    lonlat = np.array([[114.99, 38.51], [115.00, 38.52]])
    line = LineString(wgs84_to_gcj02(lonlat))
    gpd.GeoDataFrame({"n": [1]}, geometry=[line], crs="EPSG:4326").to_file(tmp_path / "r.geojson", engine="pyogrio")
    roads, _ = roads_of(tmp_path / "r.geojson", "gcj02")
    truth = converter("cgcs2000", METRES)(lonlat)
    assert np.column_stack((roads.x, roads.y)) == pytest.approx(truth, abs=0.1)


@pytest.mark.parametrize("stated", ["gbk", ""])
def test_a_shapefile_in_gbk_without_cpg(tmp_path: Path, stated: str) -> None:
    frame = gpd.GeoDataFrame({"等级": ["高速公路", "国道"]}, geometry=[EAST, NORTH], crs=METRES)
    frame.to_file(tmp_path / "r.shp", engine="pyogrio", encoding="gbk")
    (tmp_path / "r.cpg").unlink(missing_ok=True)
    roads, _ = roads_of(tmp_path / "r.shp", METRES, encoding=stated)
    assert [ROAD_CLASSES[k] for k in roads.road_class] == ["trunk"]


def test_points_are_no_roads(tmp_path: Path) -> None:
    said = faults_of(saved(tmp_path, [Point(1, 1), Point(2, 2)]), METRES)
    assert "roads.gpkg: holds shapes that are not lines: Point 2 of 2." in said
    assert "2 行中有不是线的图形：Point 2。" in said


def test_a_layer_of_nothing(tmp_path: Path) -> None:
    said = faults_of(saved(tmp_path, [LineString()]), METRES)
    assert "roads.gpkg: holds no line in its 1 rows." in said
    assert "1 行中没有一条线" in said


def test_crs_not_stated(tmp_path: Path) -> None:
    said = faults_of(saved(tmp_path, [EAST]))
    assert "roads.gpkg: has no coordinate system stated." in said
    assert 'crs = "cgcs2000"' in said


def test_crs_unknown(tmp_path: Path) -> None:
    assert "Unknown coordinate system 'xian'" in faults_of(saved(tmp_path, [EAST]), "xian")


def test_the_file_itself_says_another_projection(tmp_path: Path) -> None:
    said = faults_of(saved(tmp_path, [EAST]), "cgcs2000")
    assert "roads.gpkg: says it is in CGCS2000 / 3-degree Gauss-Kruger CM 114E, and study.toml says cgcs2000" in said
    assert "文件自带坐标系" in said


def without_prj(folder: Path, line: LineString) -> Path:
    file = saved(folder, [line], "roads.shp")
    file.with_suffix(".prj").unlink()
    return file


def test_metres_called_degrees(tmp_path: Path) -> None:
    said = faults_of(without_prj(tmp_path, EAST), "cgcs2000")
    assert "2 of 2 coordinates (first 499990, 0) lie outside cgcs2000 (longitude 70 to 138, latitude 3 to 57)." in said
    assert "这些是以米为单位的坐标" in said


def test_eastings_with_the_zone_number(tmp_path: Path) -> None:
    said = faults_of(without_prj(tmp_path, LineString([(38570000, 4260000), (38570100, 4260000)])), "EPSG:4547")
    assert "2 个坐标中 2 个（首个 3.857e+07, 4260000）不在 EPSG:4547 的范围" in said
    assert "横坐标似乎带有带号 38" in said


def test_a_shapefile_copied_without_its_index(tmp_path: Path) -> None:
    file = without_prj(tmp_path, EAST)
    (tmp_path / "roads.shx").unlink()
    assert "roads.shp: 不完整：同一文件夹没有 roads.shx。" in faults_of(file, METRES)


def test_names_of_cad_layers_are_no_bridges(tmp_path: Path) -> None:
    """EAST and NORTH cross at grade: four segments of 10 m, and a remark that anything drawn was read as a road."""
    roads, remarks = roads_of(saved(tmp_path, [EAST, NORTH], Layer=["0", "DLSS-道路"]), METRES)
    assert sorted(roads.length_m) == pytest.approx([10.0] * 4)
    assert "没有道路等级，2 条线全部按可步行的道路处理；图层（layer）有：DLSS-道路。" in remarks[0].what.zh


def test_nothing_to_walk_on(tmp_path: Path) -> None:
    said = faults_of(saved(tmp_path, [EAST, NORTH], highway=["motorway", "proposed"]), METRES)
    assert "none of its 2 lines may be walked" in said
    assert "2 条线中没有一条可步行" in said


def test_not_a_layer(tmp_path: Path) -> None:
    (tmp_path / "roads.gpkg").write_text("x,y")
    said = faults_of(tmp_path / "roads.gpkg", METRES)
    assert "roads.gpkg: is not a readable vector layer" in said
    assert "不是可读的矢量图层" in said
