import gzip
import os
from pathlib import Path

import numpy as np
import pytest
from road_answers import at, faults_of, graph_of, metres_between, pieces, roads_of

from siting.inputs.coordinates import converter
from siting.study import ROAD_CLASSES

DEGREES = {1: (115.000, 38.500), 2: (115.001, 38.500), 3: (115.002, 38.500), 4: (115.001, 38.501), 5: (115.001, 38.499)}


def osm(*ways: str) -> str:
    nodes = "".join(f'<node id="{i}" version="1" lon="{lon}" lat="{lat}"/>' for i, (lon, lat) in DEGREES.items())
    return f'<?xml version="1.0"?><osm version="0.6" generator="test">{nodes}{"".join(ways)}</osm>'


def way(name: int, nodes: list[int], **tags: str) -> str:
    refs = "".join(f'<nd ref="{node}"/>' for node in nodes)
    said = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
    return f'<way id="{name}" version="1">{refs}{said}</way>'


def written(folder: Path, text: str, name: str = "town.osm") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def metres(node: int) -> tuple[float, float]:
    x, y = converter("wgs84", "EPSG:4547")(np.array([DEGREES[node]]))[0]
    return float(x), float(y)


def test_a_cross_of_two_ways_with_a_shared_node(tmp_path: Path) -> None:
    """Nodes 1-2-3 and 4-2-5 meet in 2: five nodes, four segments, one piece."""
    file = written(
        tmp_path, osm(way(1, [1, 2, 3], highway="primary", oneway="yes"), way(2, [4, 2, 5], highway="footway"))
    )
    roads, _ = roads_of(file)
    assert (len(roads.x), len(roads.tail), pieces(roads)) == (5, 4, 1)
    assert sorted(ROAD_CLASSES[k] for k in roads.road_class) == ["path", "path", "primary", "primary"]
    x, y = np.array(metres(3)) - metres(4)
    around = np.hypot(*np.subtract(metres(3), metres(2))) + np.hypot(*np.subtract(metres(2), metres(4)))
    assert metres_between(roads, metres(3), metres(4)) == pytest.approx(around, abs=1e-6)
    assert around > np.hypot(x, y)


def test_ways_that_cross_without_a_shared_node_do_not_meet(tmp_path: Path) -> None:
    file = written(tmp_path, osm(way(1, [1, 3], highway="primary"), way(2, [4, 5], highway="footway")))
    roads, _ = roads_of(file)
    assert (len(roads.x), len(roads.tail), pieces(roads)) == (4, 2, 2)


def test_forbidden_ways_are_left_out_and_counted(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        osm(
            way(1, [1, 2], highway="residential"),
            way(2, [2, 3], highway="motorway"),
            way(3, [2, 4], highway="service", access="private"),
            way(4, [2, 5], railway="rail"),
        ),
    )
    roads, remarks = roads_of(file)
    assert (len(roads.x), len(roads.tail)) == (2, 1)
    assert "1 of 3 ways" in remarks[0].what.en
    assert "3 条道路中 1 条可步行" in remarks[0].what.zh


def test_a_segment_drawn_twice_comes_once_and_a_spot_is_no_segment(tmp_path: Path) -> None:
    file = written(tmp_path, osm(way(1, [1, 2, 2], highway="path"), way(2, [2, 1], highway="tertiary")))
    roads, _ = roads_of(file)
    assert [ROAD_CLASSES[k] for k in roads.road_class] == ["tertiary"]


def test_two_nodes_at_one_place_are_one(tmp_path: Path) -> None:
    """1-2 and 6-3 hang together by the segment 2-6 of no length."""
    text = osm(way(1, [1, 2, 6, 3], highway="path")).replace(
        "<way", '<node id="6" version="1" lon="115.001" lat="38.5"/><way', 1
    )
    roads, _ = roads_of(written(tmp_path, text))
    assert (len(roads.x), len(roads.tail), pieces(roads)) == (3, 2, 1)


def test_an_extract_ends_where_its_nodes_end(tmp_path: Path) -> None:
    """Node 99 is beyond the edge of the extract: 1-2 stays, 2-99-3 goes."""
    roads, _ = roads_of(written(tmp_path, osm(way(1, [1, 2, 99, 3], highway="path"))))
    assert len(roads.tail) == 1
    assert metres_between(roads, metres(1), metres(2)) == pytest.approx(
        np.hypot(*np.subtract(metres(1), metres(2))), abs=1e-6
    )


def test_zipped_xml_is_read(tmp_path: Path) -> None:
    file = tmp_path / "town.osm.gz"
    file.write_bytes(gzip.compress(osm(way(1, [1, 2], highway="path")).encode()))
    roads, _ = roads_of(file)
    assert at(roads, *metres(1)) != at(roads, *metres(2))


@pytest.mark.parametrize(
    ("stated", "remarked"), [("", 0), ("wgs84", 0), ("CGCS2000", 0), ("gcj02", 1), ("EPSG:4547", 1)]
)
def test_an_osm_file_is_in_wgs84_whatever_is_stated(tmp_path: Path, stated: str, remarked: int) -> None:
    roads, remarks = roads_of(written(tmp_path, osm(way(1, [1, 2], highway="path"))), stated)
    assert at(roads, *metres(1)) != at(roads, *metres(2))
    assert sum(f"the stated {stated} is not used" in remark.what.en for remark in remarks) == remarked


def test_only_forbidden_ways(tmp_path: Path) -> None:
    said = faults_of(written(tmp_path, osm(way(1, [1, 2], highway="motorway"))))
    assert "town.osm: has no walkable segment: 0 of 1 ways" in said
    assert "1 条道路中可步行的有 0 条" in said


def test_ways_without_their_nodes(tmp_path: Path) -> None:
    said = faults_of(written(tmp_path, osm(way(1, [77, 78], highway="path"))))
    assert "1 of 1 ways with a highway tag are walkable, none with two of its nodes" in said


@pytest.mark.parametrize("name", ["town.osm", "town.osm.pbf"])
def test_not_an_osm_file(tmp_path: Path, name: str) -> None:
    said = faults_of(written(tmp_path, "name,length\n", name))
    assert f"{name}: is not a readable OpenStreetMap file" in said
    assert "不是可读的 OpenStreetMap 文件" in said


def test_missing_file(tmp_path: Path) -> None:
    said = faults_of(tmp_path / "gone.osm.pbf")
    assert "gone.osm.pbf: the road file does not exist" in said
    assert "道路文件不存在" in said


def test_unknown_kind_of_file(tmp_path: Path) -> None:
    said = faults_of(written(tmp_path, "", "roads.dwg"))
    assert "不认识的文件类型“.dwg”。 请在 CAD 或 GIS 中导出为 Shapefile 或 GeoPackage。" in said
    assert "可用：.osm.pbf" in faults_of(written(tmp_path, "", "roads.csv"))


@pytest.mark.parametrize(
    ("path", "nodes", "largest"),
    [("sao_paulo/spo_osm.pbf", 19_900, 0.98), ("liechtenstein/liechtenstein.osm.pbf", 53_000, 0.98)],
)
def test_real_extracts(path: str, nodes: int, largest: float) -> None:
    """Walk nodes and the share of the largest piece as others counted them, within 4 % and 1 %."""
    folder = os.environ.get("SITING_REFERENCE_DATA")
    if not folder:
        pytest.skip("SITING_REFERENCE_DATA names no folder")
    import networkx as nx

    roads, _ = roads_of(Path(folder) / path)
    assert len(roads.x) == pytest.approx(nodes, rel=0.04)
    pieces_by_size = max(map(len, nx.connected_components(graph_of(roads))))
    assert pieces_by_size / len(roads.x) == pytest.approx(largest, abs=0.01)
