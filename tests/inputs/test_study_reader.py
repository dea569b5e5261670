from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import osmnx
import pyogrio
import pytest
import rasterio
from county import SCHOOLS, STUDY, VILLAGES, area_of, read, remarks_of, said, write_county
from rasterio.transform import Affine
from shapely import LineString, Point, box
from test_roads_download import Asked, served

from siting.inputs.coordinates import converter, wgs84_to_gcj02
from siting.words import Phrase


def more(name: str, file: str, crs: str = "cgcs2000") -> str:
    return f'[layers.{name}]\nfile = "{file}"\ncrs = "{crs}"\n'


def test_a_county_from_its_files(tmp_path: Path) -> None:
    study = write_county(tmp_path, study=STUDY.replace('crs = "EPSG:4547"', 'crs = "EPSG:4547"\nnotice = "合成数据"'))
    area = area_of(study)
    assert (area.name, area.crs, area.notice) == ("小县", "EPSG:4547", Phrase("合成数据", "合成数据"))
    assert len(area.units) == 4
    assert area.points.unit.tolist() == [0, 1, 2, 3]
    assert area.points.residents.tolist() == [1234, 2000, 900, 5000]
    assert len(area.roads.x) == 3
    assert len(area.candidates) == len(area.estates) == len(area.barriers) == len(area.protected) == 0
    assert area.boundary is None
    assert set(area.sources) == {"villages", "schools", "roads"}
    assert area.sources["schools"][0] == "schools.csv"


def test_sources_tell_one_file_from_another(tmp_path: Path) -> None:
    """The SHA-256 of "a\\n" is 87428fc5...; a Shapefile's covers its table too."""
    first = area_of(write_county(tmp_path)).sources
    second = area_of(write_county(tmp_path, VILLAGES.replace(",1234,", ",1235,"))).sources
    assert first["villages"] != second["villages"]
    assert first["schools"] == second["schools"]
    roads = gpd.GeoDataFrame({"class": ["县道"]}, geometry=[LineString([(114.95, 38.5), (115.0, 38.52)])], crs=4326)
    pyogrio.write_dataframe(roads, tmp_path / "r.shp")
    study = write_county(tmp_path, study=STUDY.replace("roads.geojson", "r.shp"))
    before = area_of(study).sources["roads"]
    pyogrio.write_dataframe(roads.assign(**{"class": "乡道"}), tmp_path / "r.shp")
    after = area_of(study).sources["roads"]
    assert before[0] == after[0] == "r.shp"
    assert before[1] != after[1]


def test_a_grid_spreads_the_villages(tmp_path: Path) -> None:
    """Two cells of 100 m with 1 and 3 people at 甲村's seat share its 1,234 residents as 308.5 and 925.5."""
    ((x, y),) = converter("cgcs2000", "EPSG:4547")(np.array([[114.95, 38.50]]))
    with rasterio.open(
        tmp_path / "people.tif",
        "w",
        driver="GTiff",
        width=2,
        height=1,
        count=1,
        dtype="float32",
        crs="EPSG:4547",
        transform=Affine(100, 0, x - 100, 0, -100, y + 50),
    ) as file:
        file.write(np.array([[[1, 3]]], dtype=np.float32))
    study = f'{STUDY}[layers.population]\nfile = "people.tif"\n'
    area = area_of(write_county(tmp_path, study=study))
    assert area.points.unit.tolist() == [0, 0, 1, 2, 3]
    assert area.points.residents.tolist() == pytest.approx([308.5, 925.5, 2000, 900, 5000])
    assert area.points.cell_m == pytest.approx(100.0)
    assert "people.tif: the grid counts 4 people and the units themselves 9134" in remarks_of(area)


def test_points_count_villages_that_nobody_counted(tmp_path: Path) -> None:
    """No column of residents, but points: 300 + 100 people at 甲村, 50 at each of the others."""
    people = "人口,经度,纬度\n300,114.95,38.50\n100,114.951,38.50\n50,114.97,38.50\n50,114.99,38.51\n50,115.00,38.52\n"
    villages = VILLAGES.replace("常住人口（人）", "x1")
    area = area_of(write_county(tmp_path, villages, study=STUDY + more("population", "p.csv"), p_csv=people))
    assert area.units.residents.tolist() == [400, 50, 50, 50]
    assert area.points.residents.tolist() == [300, 100, 50, 50, 50]


def test_population_without_people(tmp_path: Path) -> None:
    study = write_county(tmp_path, study=STUDY + more("population", "p.csv"), p_csv="n,lon,lat\n3,114.95,38.5\n")
    assert "p.csv: has no column for residents; its headers are n, lon, lat." in said(study)[1]


def test_optional_layers(tmp_path: Path) -> None:
    estates = "小区名称,户数,交付时间,lon,lat\n新城,1200,2027年6月,114.99,38.51\n南苑,,,114.98,38.51\n"
    pyogrio.write_dataframe(
        gpd.GeoDataFrame({"名称": ["唐河", ""]}, geometry=[LineString([(114.9, 38.5), (115.1, 38.5)])] * 2, crs=4490),
        tmp_path / "rivers.gpkg",
    )
    pyogrio.write_dataframe(
        gpd.GeoDataFrame({"name": ["农田"]}, geometry=[box(114.9, 38.4, 115, 38.5)], crs=4490), tmp_path / "p.geojson"
    )
    pyogrio.write_dataframe(
        gpd.GeoDataFrame(geometry=[box(114.9, 38.4, 114.995, 38.6), Point(1, 1).buffer(0)], crs=4490)[:1],
        tmp_path / "b.geojson",
    )
    study = STUDY + more("estates", "e.csv") + more("barriers", "rivers.gpkg")
    study += more("protected", "p.geojson") + more("boundary", "b.geojson")
    area = area_of(write_county(tmp_path, study=study, e_csv=estates))
    assert area.estates["name"].tolist() == ["新城", "南苑"]
    assert np.array_equal(area.estates["dwellings"], [1200, np.nan], equal_nan=True)
    assert np.array_equal(area.estates["delivery_year"], [2027, np.nan], equal_nan=True)
    assert area.barriers["name"].tolist() == ["唐河", "#2"]
    assert area.barriers.crs.to_epsg() == 4547
    assert area.protected["name"].tolist() == ["农田"]
    assert area.boundary is not None
    assert area.boundary.area == pytest.approx(0.095 * 87_300 * 0.2 * 111_000, rel=0.01)
    assert "villages.csv: 1 of 4 units lie outside the boundary: 东街社区." in remarks_of(area)


def test_one_county_in_many_formats_is_one_county(tmp_path: Path) -> None:
    """Villages in GBK, schools in Excel and GCJ-02: the same places within a metre."""

    plain = area_of(write_county(tmp_path / "a"))
    rows = [line.split(",") for line in SCHOOLS.splitlines()]
    for row in rows[1:]:
        row[-2:] = [str(degrees) for degrees in wgs84_to_gcj02(np.array([[float(row[-2]), float(row[-1])]]))[0]]
    study = write_county(
        tmp_path / "b", study=STUDY.replace('schools.csv"\ncrs = "cgcs2000', 'schools.xlsx"\ncrs = "gcj02')
    )
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "b" / "schools.xlsx")
    (tmp_path / "b" / "villages.csv").write_bytes(VILLAGES.encode("gbk"))
    other = area_of(study)
    assert other.units.name == plain.units.name
    assert other.schools.id == plain.schools.id
    assert np.column_stack((other.schools.x, other.schools.y)) == pytest.approx(
        np.column_stack((plain.schools.x, plain.schools.y)), abs=0.01
    )


# --- downloads -------------------------------------------------------------------------------------------------

DOWNLOAD = STUDY.replace('file = "roads.geojson"\ncrs = "wgs84"', 'file = "roads.graphml"\nplace = "定州"')


def point_at(server: str, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(osmnx.settings, "overpass_url", f"{server}/api")
    patch.setattr(osmnx.settings, "nominatim_url", f"{server}/")
    patch.setattr(osmnx.settings, "requests_timeout", 5)


def test_roads_are_downloaded_once_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked()
    study = write_county(tmp_path, study=DOWNLOAD)
    with served(asked) as server:
        point_at(server, monkeypatch)
        first, second = area_of(study), area_of(study)
    assert asked.places == ["定州"]
    assert len(asked.queries) == 1
    assert len(first.roads.tail) == len(second.roads.tail) == 3
    assert first.sources["roads"] == second.sources["roads"]
    assert (tmp_path / "roads.graphml").is_file()


def test_roads_are_downloaded_within_the_boundary_where_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Asked()
    county = gpd.GeoDataFrame({"name": ["小县"]}, geometry=[box(114.9, 38.4, 115.1, 38.6)], crs=4326)
    county.to_file(tmp_path / "outline.geojson")
    study = write_county(tmp_path, study=DOWNLOAD + more("boundary", "outline.geojson", "wgs84"))
    with served(asked) as server:
        point_at(server, monkeypatch)
        area_of(study)
    assert asked.places == [], "nobody had to be asked where the place is"
    assert "38.4" in asked.queries[0]


def test_a_failed_download_is_a_fault_among_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = write_county(tmp_path, VILLAGES.replace(",1234,", ",-1,"), study=DOWNLOAD)
    with served(Asked()) as server:
        point_at(server, monkeypatch)
    area, faults = read(study)
    assert area is None
    assert [fault.file for fault in faults] == ["villages.csv", "roads.graphml"]
    assert "无法连接 127.0.0.1，道路未下载" in faults[1].what.zh
    assert not (tmp_path / "roads.graphml").exists()
