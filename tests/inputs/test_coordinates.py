import json
import os
from pathlib import Path

import numpy as np
import pytest
from pyproj import Geod

from siting.inputs.coordinates import (
    bd09_to_wgs84,
    converter,
    crs_of,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    wgs84_to_gcj02,
    why_not_metric,
    why_not_readable,
)
from siting.study import FloatArray

FOLDER = Path(os.environ.get("SITING_REFERENCE_DATA") or Path(__file__).parents[3] / "shared" / "data")
CITIES = FOLDER / "coordinates" / "china_cities_six_systems.json"
with_cities = pytest.mark.skipif(not CITIES.is_file(), reason="SITING_REFERENCE_DATA names no folder")
DINGZHOU = np.array([[114.99, 38.52]])


def cities(system: str) -> FloatArray:
    return np.array([city["coords"][system] for city in json.loads(CITIES.read_text(encoding="utf-8"))])


def metres_apart(one: FloatArray, other: FloatArray) -> FloatArray:
    return np.asarray(Geod(ellps="WGS84").inv(*one.T, *other.T)[2])


@with_cities
def test_wgs84_to_gcj02_at_664_cities() -> None:
    assert np.abs(wgs84_to_gcj02(cities("WGS84")) - cities("GCJ02")).max() < 1e-6


@with_cities
def test_back_from_web_maps_within_half_a_metre() -> None:
    assert metres_apart(gcj02_to_wgs84(cities("GCJ02")), cities("WGS84")).max() < 0.5
    assert metres_apart(bd09_to_wgs84(cities("BD09")), cities("WGS84")).max() < 0.5
    assert np.abs(gcj02_to_bd09(cities("GCJ02")) - cities("BD09")).max() < 1e-6


@with_cities
@pytest.mark.parametrize(("stated", "system"), [("gcj02", "GCJ02"), ("bd09", "BD09"), ("EPSG:3857", "EPSG3857")])
def test_every_system_leads_to_one_place(stated: str, system: str) -> None:
    near = np.abs(cities("WGS84")[:, 0] - 114.0) < 1.5
    there = converter("wgs84", "EPSG:4547")(cities("WGS84")[near])
    assert np.hypot(*(converter(stated, "EPSG:4547")(cities(system)[near]) - there).T).max() < 0.5


def test_web_maps_are_off_by_half_a_kilometre_at_dingzhou_and_come_back() -> None:
    """Amap's offset at Dingzhou is 527 to 541 m, Baidu's about 1,315 m; the way back is good to a millimetre."""
    amap = wgs84_to_gcj02(DINGZHOU)
    baidu = gcj02_to_bd09(amap)
    assert 527 < metres_apart(DINGZHOU, amap)[0] < 541
    assert metres_apart(DINGZHOU, baidu)[0] == pytest.approx(1315, abs=15)
    assert metres_apart(gcj02_to_wgs84(amap), DINGZHOU)[0] < 0.001
    assert metres_apart(bd09_to_wgs84(baidu), DINGZHOU)[0] < 0.001


def test_eastings_come_first() -> None:
    """Dingzhou's eastings in EPSG:4547 are 570 to 609 km, its northings 4,234 to 4,282 km, whatever the axis order."""
    ((x, y),) = converter("cgcs2000", "EPSG:4547")(DINGZHOU)
    assert 570e3 < x < 609e3
    assert 4234e3 < y < 4282e3
    assert converter("EPSG:4547", "wgs84")(np.array([[x, y]])) == pytest.approx(DINGZHOU, abs=1e-8)


@pytest.mark.parametrize("stated", ["", "wgs 84", "4547", "EPSG:0", "+proj=longlat"])
def test_systems_nobody_knows(stated: str) -> None:
    wrong = why_not_readable(stated)
    assert wrong is not None
    assert f"坐标系“{stated}”不认识。" in wrong[0].zh


@pytest.mark.parametrize(
    ("stated", "datum"), [("EPSG:2383", "西安80"), ("EPSG:4214", "北京54"), ("EPSG:2435", "北京54")]
)
def test_old_datums_need_the_countys_parameters(stated: str, datum: str) -> None:
    wrong = why_not_readable(stated)
    assert wrong is not None
    assert datum in wrong[0].zh
    assert "seven parameters" in wrong[0].en
    assert why_not_metric(stated) == wrong


def test_a_study_is_in_projected_metres() -> None:
    assert why_not_metric("EPSG:4547") is None
    assert why_not_metric("epsg:31983") is None
    assert crs_of("epsg:4547") == crs_of("EPSG:4547")
    for stated, unit in (("wgs84", "degree"), ("EPSG:2225", "US survey foot")):
        wrong = why_not_metric(stated)
        assert wrong is not None
        assert f"counts in {unit}, not metres" in wrong[0].en
