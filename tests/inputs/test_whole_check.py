"""What only shows once a study is whole: places that do not fit the roads, by the file that is at fault."""

import json
from pathlib import Path

import numpy as np
import pytest
from county import STUDY, write_county

from siting.errors import Fault
from siting.inputs.coordinates import gcj02_to_bd09, wgs84_to_gcj02
from siting.run import Study, check_study

SEATS = np.column_stack((np.linspace(114.9, 115.1, 40), 38.5 + np.random.default_rng(7).uniform(-0.1, 0.1, 40)))
"""Forty villages, and one road from each to the next."""

DEMAND = "[demand]\npupils_per_1000 = { kindergarten = 20 }\n"


def checked(folder: Path, lonlat: np.ndarray, crs: str = "cgcs2000") -> tuple[Study | None, tuple[Fault, ...]]:
    rows = [f"村{at:02d},留早镇,1000,乡村,{lon:.6f},{lat:.6f}" for at, (lon, lat) in enumerate(lonlat)]
    line = {"type": "LineString", "coordinates": SEATS.tolist()}
    roads = {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": line}]}
    return check_study(
        write_county(
            folder,
            villages="\n".join(("村名,乡镇,人口,城乡,经度,纬度", *rows, "")),
            study=STUDY.replace('"villages.csv"\ncrs = "cgcs2000"', f'"villages.csv"\ncrs = "{crs}"') + DEMAND,
            roads_geojson=json.dumps(roads),
            schools="学校代码,学校名称,学段,办学性质,班数,学位,经度,纬度\n01,甲园,幼儿园,公办,3,90,"
            + ",".join(map(str, lonlat[0]))
            + "\n",
        )
    )


def doubts(study: Study | None) -> list[str]:
    assert study is not None
    return [remark.what.zh for remark in study.area.remarks if "坐标系可能写错" in remark.what.zh]


def test_villages_as_stated_raise_no_doubt(tmp_path: Path) -> None:
    study, faults = checked(tmp_path, SEATS)
    assert not faults
    assert not doubts(study)


@pytest.mark.parametrize(
    ("held", "stated", "better"),
    [
        (wgs84_to_gcj02(SEATS), "cgcs2000", "gcj02"),
        (gcj02_to_bd09(wgs84_to_gcj02(SEATS)), "gcj02", "bd09"),
        (SEATS, "gcj02", "cgcs2000"),
        (wgs84_to_gcj02(SEATS), "EPSG:4490", "gcj02"),
    ],
)
def test_degrees_of_another_chinese_map(tmp_path: Path, held: np.ndarray, stated: str, better: str) -> None:
    """In the right system every seat lies on the road."""
    study, faults = checked(tmp_path, held, stated)
    assert not faults
    (doubt,) = doubts(study)
    assert f"按所写的 {stated}，各点到道路平均 " in doubt
    assert f"若是 {better}，平均 0 米" in doubt


def test_a_few_places_prove_nothing(tmp_path: Path) -> None:
    study, _ = checked(tmp_path, wgs84_to_gcj02(SEATS)[:29])
    assert not doubts(study)


def test_one_village_far_from_every_road_is_named(tmp_path: Path) -> None:
    """0.2 degrees of 111 km each north of where the road ends."""
    far = SEATS.copy()
    far[39, 1] += 0.2
    study, (fault,) = checked(tmp_path, far)
    assert study is not None
    assert fault.file == "villages.csv"
    assert fault.what.zh.startswith("40 处中有 1 处距任何道路超过 1000 米：村39 (")


def test_roads_of_another_place_are_said_once(tmp_path: Path) -> None:
    """A degree north, 111 km, and up to 0.2 less from where the road is highest: one file is wrong, not 40 villages."""
    _, faults = checked(tmp_path, SEATS + np.array([0.0, 1.0]))
    (fault,) = [fault for fault in faults if fault.file == "roads.geojson"]
    assert "多数村（社区）距道路超过 1000 米（中位 99" in fault.what.zh
    assert not [fault for fault in faults if "距任何道路" in fault.what.zh]


def test_an_unknown_rulebook_is_the_study_file_s_fault(tmp_path: Path) -> None:
    study = write_county(tmp_path, study=STUDY.replace("dingzhou-2021", "dingzhou2021"))
    _, faults = check_study(study)
    (fault,) = [fault for fault in faults if "规则集" in fault.what.zh]
    assert fault.file == "study.toml"


def test_schools_that_may_grow_nobody_knows_how_far(tmp_path: Path) -> None:
    """The table of these schools has no column for the most classes; the plain one has."""
    silent, _ = checked(tmp_path / "silent", SEATS)
    told, _ = check_study(write_county(tmp_path / "told", study=STUDY + DEMAND))
    assert silent is not None and told is not None
    (remark,) = [one.what.zh for one in silent.area.remarks if "可扩至班数" in one.what.zh]
    assert remark == "所有幼儿园都没有填“可扩至班数”，方案只会新建、不会扩建；要考虑扩建请补填（max_classes）。"
    assert not [one for one in told.area.remarks if "可扩至班数" in one.what.zh]
