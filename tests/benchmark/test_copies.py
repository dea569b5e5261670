from __future__ import annotations

import csv
import json
import shutil
import tomllib
from pathlib import Path

import numpy as np
import openpyxl
import osmium
import pytest
import rasterio
from copies import METRIC, write_copies
from pyproj import Transformer

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "dingzhou"


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with hardly any roads: three nodes, a bridge and a track."""
    folder = tmp_path_factory.mktemp("sample") / "one"
    shutil.copytree(SAMPLE, folder)
    (folder / "roads_synthetic.osm.pbf").unlink()
    with osmium.SimpleWriter(str(folder / "roads_synthetic.osm.pbf")) as file:
        for number, lon in enumerate((115.0, 115.01, 115.02), 1):
            file.add_node(osmium.osm.mutable.Node(id=number, location=(lon, 38.5)))
        for number, kind in enumerate(("bridge", "tunnel"), 1):
            file.add_way(osmium.osm.mutable.Way(id=number, nodes=[number, number + 1], tags={kind: "yes"}))
    return folder


@pytest.fixture(scope="module")
def five(one: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample five times: a row of four counties, and one to the north of the first."""
    return write_copies(one, tmp_path_factory.mktemp("five"), 5).parent


def villages(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((folder / "villages_synthetic.csv").read_text(encoding="utf-8-sig").splitlines()))


def test_every_county_has_the_villages_of_the_first_under_ids_of_its_own(five: Path) -> None:
    first, every = villages(SAMPLE), villages(five)
    assert len(every) == 5 * len(first) and len({row["代码"] for row in every}) == len(every)
    assert [row["代码"] for row in every[: len(first)]] == [row["代码"] for row in first]
    assert len({row["规划单元"] for row in every}) == 5 * len({row["规划单元"] for row in first})
    assert [row["常住人口"] for row in every] == 5 * [row["常住人口"] for row in first]


def test_counties_lie_side_by_side_as_they_are(five: Path) -> None:
    to_metres = Transformer.from_crs("EPSG:4490", METRIC, always_xy=True)
    lonlat = np.array([[float(row["经度"]), float(row["纬度"])] for row in villages(five)])
    county = np.column_stack(to_metres.transform(*lonlat.T)).reshape(5, -1, 2)
    moved = county - county[0]
    wanted = [(0, 0), (-45_000, 0), (-90_000, 0), (-135_000, 0), (0, 52_000)]
    assert np.allclose(moved, np.array(wanted, dtype=float)[:, None, :], atol=0.1)
    assert np.ptp(county[0], axis=0)[0] < 45_000 and np.ptp(county[0], axis=0)[1] < 52_000


def test_roads_are_joined_to_their_own_county(five: Path) -> None:
    file = five / "roads_synthetic.osm.pbf"
    nodes = [node.id for node in osmium.FileProcessor(file, osmium.osm.NODE)]
    ways = [
        (way.id, [node.ref for node in way.nodes], dict(way.tags)) for way in osmium.FileProcessor(file, osmium.osm.WAY)
    ]
    assert nodes == list(range(1, 16))
    assert ways[:4] == [
        (1, [1, 2], {"bridge": "yes"}),
        (2, [2, 3], {"tunnel": "yes"}),
        (3, [4, 5], {"bridge": "yes"}),
        (4, [5, 6], {"tunnel": "yes"}),
    ]
    assert len(ways) == 10


def test_schools_people_and_lines_are_there_five_times(five: Path) -> None:
    def schools(folder: Path) -> int:
        return int(openpyxl.load_workbook(folder / "schools_synthetic.xlsx").active.max_row) - 1

    def people(folder: Path) -> float:
        with rasterio.open(folder / "population_synthetic.tif") as raster:
            return float(raster.read(1).sum(dtype=np.float64))

    def lines(folder: Path) -> int:
        return len(json.loads((folder / "barriers_synthetic.geojson").read_text(encoding="utf-8"))["features"])

    assert schools(five) == 5 * schools(SAMPLE)
    assert people(five) == pytest.approx(5 * people(SAMPLE))
    assert lines(five) == 5 * lines(SAMPLE)


def test_budgets_and_time_are_those_of_five_counties(five: Path) -> None:
    study = tomllib.loads((five / "study.toml").read_text(encoding="utf-8"))
    budgets = [programme.get("budget", "") for programme in study["programme"]]
    assert budgets == ["", "new <= 30, extend <= 5", "new <= 25, extend <= 50", "new <= 20, extend <= 10"]
    assert study["limits"]["seconds"] == 900
    rules = tomllib.loads((five / "rules.toml").read_text(encoding="utf-8"))["rule"]
    assert [rule["upper"] for rule in rules if rule["kind"] == "project_count"] == [30, 5, 25, 50, 20, 10]
    assert [rule["value"] for rule in rules if rule["id"] == "KG-R-REACH"] == [1500]
