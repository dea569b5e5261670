from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString

import siting
from siting.errors import InputError

X0, Y0 = 580_000.0, 4_250_000.0
RURAL = {"tier": "kindergarten", "area": "rural", "budget": "new <= 2", "goals": ["uncovered", "cost"]}
STUDY = {"name": '三村 "甲"', "crs": "EPSG:4547", "rulebook": "dingzhou-2021"}


def _frames() -> dict[str, gpd.GeoDataFrame]:
    """Three villages 1 km apart on one road, the first with a kindergarten."""
    at = gpd.points_from_xy(X0 + 1000.0 * np.arange(3), np.full(3, Y0))
    villages = gpd.GeoDataFrame(
        {"code": ["001", "002", "003"], "name": ["甲村", "乙村", "丙村"], "pop": [1000, 1200, 900]},
        geometry=at,
        crs="EPSG:4547",
    )
    schools = gpd.GeoDataFrame(
        {"学校名称": ["甲村幼儿园"], "学段": ["幼儿园"], "办学性质": ["公办"], "班数": [3], "学位": [90]},
        geometry=at[:1],
        crs="EPSG:4547",
    ).to_crs("EPSG:4490")
    roads = gpd.GeoDataFrame(
        {"highway": ["tertiary"]}, geometry=[LineString([(X0, Y0), (X0 + 2000, Y0)])], crs="EPSG:4547"
    )
    return {"villages": villages, "schools": schools, "roads": roads}


def _written(folder: Path, frames: dict[str, gpd.GeoDataFrame], **words: object) -> Path:
    return siting.write_study(
        folder,
        frames,
        [RURAL],
        STUDY,
        {"kindergarten": 21.0},
        {"villages": {"residents": "pop"}},
        **words,  # type: ignore[arg-type]
    )


def test_frames_in_a_plan_out(tmp_path: Path) -> None:
    study = siting.read_study(_written(tmp_path / "study", _frames()))
    assert study.project.name == '三村 "甲"'
    assert study.area.units.id == ("001", "002", "003")
    assert study.area.units.residents.tolist() == [1000.0, 1200.0, 900.0]
    assert study.area.schools.x == pytest.approx([X0], abs=1e-3), "the schools came in degrees"
    part = siting.make_plan(study).parts[0]
    # 丙村, 2 km from 甲村, needs a kindergarten; 乙村 is 1 km from either.
    assert part.count("new") == 1
    assert [stage.goal for stage in part.stages] == ["uncovered", "cost"]
    assert part.stages[0].value == 0.0


def test_roads_may_be_a_graph(tmp_path: Path) -> None:
    graph = nx.MultiDiGraph(crs="EPSG:4547")
    for node in range(3):
        graph.add_node(node, x=X0 + 1000.0 * node, y=Y0)
    for node in range(2):
        graph.add_edge(node, node + 1, highway="tertiary", length=1000.0, osmid=node)
    study = siting.read_study(_written(tmp_path / "study", {**_frames(), "roads": graph}))
    assert study.area.roads.length_m.tolist() == pytest.approx([1000.0, 1000.0])


def test_a_folder_with_files_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="the folder is not empty"):
        _written(tmp_path, _frames())
    assert (tmp_path / "study.toml").read_text(encoding="utf-8") == "mine"
    _written(tmp_path, _frames(), overwrite=True)
    assert siting.read_study(tmp_path / "study.toml").area.name == STUDY["name"]


def test_every_fault_of_the_frames_is_named(tmp_path: Path) -> None:
    frames = _frames()
    nowhere = frames["villages"].set_crs(None, allow_override=True)
    with pytest.raises(InputError) as refused:
        _written(tmp_path / "new", {"villages": nowhere, "shools": frames["schools"]})
    said = str(refused.value)
    assert "villages: has no CRS" in said
    assert "shools: is not the name of a layer. Did you mean 'schools'?" in said
    assert not (tmp_path / "new").exists()


def test_frames_as_they_come_from_other_files(tmp_path: Path) -> None:
    """GeoPackages leave fid behind, joins leave equal labels and second geometries, sums leave numbers of NumPy."""
    frames = _frames()
    villages = frames["villages"].assign(fid=[7, 7, 7], seat=frames["villages"].geometry).set_index(pd.Index([0, 0, 0]))
    frames["villages"] = villages.rename_geometry("geom")
    frames["schools"] = frames["schools"].rename_axis("FID")
    programme = RURAL | {"assign_limit_m": np.int64(3000), "large_village": None}
    file = siting.write_study(
        tmp_path / "s", frames, [programme], STUDY | {"crs": villages.crs}, {"kindergarten": np.float64(21)}
    )
    study = siting.read_study(file)
    assert study.area.units.id == ("001", "002", "003")
    assert study.project.programmes[0].assign_limit_m == 3000.0


def test_codes_in_a_named_index_are_kept(tmp_path: Path) -> None:
    frames = _frames()
    frames["villages"] = frames["villages"].set_index("code")
    assert siting.read_study(_written(tmp_path / "s", frames)).area.units.id == ("001", "002", "003")


def test_villages_drawn_as_lines(tmp_path: Path) -> None:
    frames = _frames()
    frames["villages"] = frames["villages"].set_geometry([LineString([(X0, Y0), (X0 + 10, Y0)])] * 3)
    with pytest.raises(InputError, match="3 of 3 rows are drawn as lines: 甲村, 乙村, 丙村"):
        siting.read_study(_written(tmp_path / "s", frames))


def test_what_cannot_be_written_is_refused_before_anything_is(tmp_path: Path) -> None:
    frames = _frames() | {"candidates": pd.DataFrame({"name": ["甲"]})}
    with pytest.raises(InputError) as refused:
        siting.write_study(tmp_path / "s", frames, RURAL, STUDY, columns={"vilages": {"residents": "pop"}})
    said = [(fault.file, fault.what.en) for fault in refused.value.faults]
    assert said == [
        ("candidates", "is a DataFrame, not a GeoDataFrame."),
        ("vilages", "is a layer of `columns` that has no frame."),
        ("programmes", "has to be a list of dictionaries."),
    ]
    assert not (tmp_path / "s").exists()
