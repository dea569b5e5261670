from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
from county import STUDY, VILLAGES, area_of, remarks_of, said, write_county
from shapely import box

HEADER = "村代码,村名,所属乡镇,常住人口,城乡分类,经度,纬度\n"


def test_villages_as_they_stand(tmp_path: Path) -> None:
    units = area_of(write_county(tmp_path)).units
    assert units.id == ("139001100201", "139001100202", "139001101201", "139001001001")
    assert units.name == ("甲村", "乙村", "丙村", "东街社区")
    assert units.township == ("留早镇", "留早镇", "清风店镇", "南城区街道")
    assert units.township_id == units.township  # no code of a township is given
    assert units.area == ("rural", "rural", "town", "city")
    assert units.kind == ("village", "village", "village", "community")
    assert units.planning_unit == units.township
    assert units.part_of == units.id
    assert units.residents.tolist() == [1234, 2000, 900, 5000]
    assert units.polygon == (None,) * 4
    assert dict(units.children) == {}


def test_children_and_planning_units(tmp_path: Path) -> None:
    villages = (
        "村名,乡镇,人口,3-5岁,小学适龄（人）,规划单元,城乡,lon,lat\n甲,留早镇,1000,30,,东片区,rural,114.95,38.5\n"
    )
    villages += "乙,留早镇,2000,60,150,,乡村,114.97,38.5\n"
    units = area_of(write_county(tmp_path, villages)).units
    assert units.children["kindergarten"].tolist() == [30, 60]
    assert np.array_equal(units.children["primary"], [np.nan, 150], equal_nan=True)
    assert units.planning_unit == ("东片区", "留早镇")


def test_leading_zeros_stay(tmp_path: Path) -> None:
    assert area_of(write_county(tmp_path, VILLAGES.replace("139001", "0139001"))).units.id[0] == "0139001100201"


def test_townships_from_village_codes_and_both_prefixes(tmp_path: Path) -> None:
    """130682 and 139001 are one county: villages 1 and 2 are of one township, named as the file first spells it."""
    villages = HEADER.replace("所属乡镇", "乡镇代码").replace(",城乡分类", "")
    villages += "130682100201,甲村,130682100,10,114.95,38.5\n139001100202,乙村,139001100000,10,114.96,38.5\n"
    villages += "139001101201,丙村,,10,114.97,38.5\n"
    units = area_of(write_county(tmp_path, villages)).units
    assert units.township_id == ("130682100", "130682100", "139001101")
    assert units.id == ("130682100201", "139001100202", "139001101201")


def test_one_village_under_both_prefixes_is_there_twice(tmp_path: Path) -> None:
    villages = VILLAGES + "130682100201,甲村新,留早镇,10,220,114.95,38.5\n"
    zh, en = said(write_county(tmp_path, villages))
    assert "2 of 5 rows share a code: 甲村 (139001100201), 甲村新 (130682100201)." in en
    assert "villages.csv: 5 行中 2 行的代码重复" in zh


def test_names_stand_in_for_codes(tmp_path: Path) -> None:
    villages = "村名,乡镇,人口,lon,lat\n甲,留早镇,1,114.95,38.5\n乙,留早镇,1,114.96,38.5\n甲,清风店镇,1,114.97,38.5\n"
    area = area_of(write_county(tmp_path, villages))
    assert area.units.id == ("甲#2", "乙", "甲#4")
    assert "3 rows have no id; their names serve" in remarks_of(area)


def test_codes_stand_in_for_names_and_the_study_for_a_township(tmp_path: Path) -> None:
    area = area_of(write_county(tmp_path, "id,population,lon,lat\na1,10,114.95,38.5\nb2,20,114.96,38.5\n"))
    assert area.units.name == ("a1", "b2")
    assert area.units.township == ("小县", "小县")
    assert "the ids serve as names" in remarks_of(area)
    assert "every unit is counted to '小县'" in remarks_of(area)


@pytest.mark.parametrize(
    ("words", "area"),
    [
        (("111", "112", "城区", "City"), "city"),
        (("121", "122", "123", "镇区", "town"), "town"),
        (("210", "220", "２２０", "乡村", "Rural"), "rural"),
    ],
)
def test_words_and_codes_of_urban_and_rural(tmp_path: Path, words: tuple[str, ...], area: str) -> None:
    for word in words:
        villages = VILLAGES.replace(",220,", f",{word},")
        assert area_of(write_county(tmp_path, villages)).units.area == (area, area, "town", "city")


def test_without_a_class_villages_are_rural(tmp_path: Path) -> None:
    area = area_of(write_county(tmp_path, VILLAGES.replace("城乡分类", "x1")))
    assert area.units.area == ("rural",) * 4
    assert "4 units have no urban or rural class; they are read as rural." in remarks_of(area)


def test_a_column_of_sizes_is_no_class(tmp_path: Path) -> None:
    """Layers often call the size of their polygons "area"; numbers that are no codes say nothing of urban or rural."""
    villages = VILLAGES.replace("城乡分类", "AREA").replace(",220,", ",1234567.8,").replace(",121,", ",2.5e6,")
    area = area_of(write_county(tmp_path, villages.replace(",111,", ",1000,")))
    assert area.units.area == ("rural",) * 4
    mixed = VILLAGES.replace("城乡分类", "AREA").replace(",121,", ",999,")
    assert "unknown urban or rural class: 丙村 (999)" in said(write_county(tmp_path, mixed))[1]


def test_without_a_class_the_urban_area_decides(tmp_path: Path) -> None:
    """A box around 东街社区 alone. 丙村 says that it is town and stays so."""
    pyogrio.write_dataframe(
        gpd.GeoDataFrame(geometry=[box(114.995, 38.515, 115.01, 38.53)], crs=4490), tmp_path / "u.geojson"
    )
    study = f'{STUDY}[layers.urban_area]\nfile = "u.geojson"\ncrs = "cgcs2000"\n'
    villages = VILLAGES.replace(",220,", ",,").replace(",111,", ",,")
    area = area_of(write_county(tmp_path, villages, study=study))
    assert area.units.area == ("rural", "rural", "town", "city")
    assert "the urban area decides (inside: city, outside: rural): 甲村, 乙村, 东街社区." in remarks_of(area)
    assert area.urban_area is not None


def test_registered_population_is_residents_only_if_the_planner_says_so(tmp_path: Path) -> None:
    villages = VILLAGES.replace("常住人口（人）", "户籍人口（人）")
    zh, en = said(write_county(tmp_path, villages))
    assert "只有“户籍人口（人）”，没有常住人口" in zh
    assert 'columns = { residents = "户籍人口（人）" } in [layers.villages]' in en
    study = STUDY.replace('"villages.csv"\n', '"villages.csv"\ncolumns = { residents = "户籍人口（人）" }\n')
    assert area_of(write_county(tmp_path, villages, study=study)).units.residents.sum() == 9134


def test_polygons_are_kept_and_hold_the_schools(tmp_path: Path) -> None:
    """The school of 甲村 stands nearer to the middle of the small 乙村, but within 甲村's long box."""
    rows = {"村名": ["甲村", "乙村"], "乡镇": ["留早镇"] * 2, "人口": [1000, 2000], "城乡": ["乡村"] * 2}
    shapes = [box(114.90, 38.49, 114.953, 38.51), box(114.953, 38.49, 114.96, 38.51)]
    pyogrio.write_dataframe(gpd.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4490"), tmp_path / "v.gpkg")
    schools = "学校名称,学段,经度,纬度\n甲村幼儿园,幼儿园,114.952,38.5\n"
    area = area_of(write_county(tmp_path, schools=schools, study=STUDY.replace("villages.csv", "v.gpkg")))
    assert area.schools.unit.tolist() == [0]
    assert all(shape is not None and shape.area > 1e6 for shape in area.units.polygon)


def test_villages_at_one_place_are_remarked(tmp_path: Path) -> None:
    area = area_of(write_county(tmp_path, VILLAGES.replace("114.97,38.50", "114.95,38.50")))
    assert "2 units lie where another does, perhaps copied and not changed: 甲村, 乙村." in remarks_of(area)
    assert "where another does" not in remarks_of(area_of(write_county(tmp_path)))
