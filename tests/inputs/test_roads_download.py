import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import osmnx
import pytest
from road_answers import METRES, metres_between, pieces, roads_of
from shapely.geometry import box, mapping

from siting.errors import InputError
from siting.inputs.coordinates import converter
from siting.inputs.roads.download import download_roads
from siting.study import ROAD_CLASSES

TOWN = box(114.99, 38.49, 115.01, 38.51)
NODES = {1: (115.000, 38.500), 2: (115.001, 38.500), 3: (115.002, 38.501), 4: (115.003, 38.500), 5: (115.001, 38.502)}
WAYS: list[tuple[list[int], dict[str, str]]] = [
    ([1, 2], {"highway": "residential", "oneway": "yes"}),
    ([2, 3, 4], {"highway": "tertiary"}),
    ([2, 5], {"highway": "service", "access": "private"}),
    ([5, 4], {"highway": "motorway"}),
    ([1, 5], {"highway": "construction"}),
    ([1, 4], {"railway": "rail"}),
]
"""1-2-3-4 may be walked, both ways; the service road, the motorway, the building site and the railway may not."""


def overpass(query: str) -> dict[str, Any]:
    """Answer a query for ways by a pattern of their highway tag, with their nodes, as Overpass does."""
    (pattern,) = re.findall(r'way\["highway"~"([^"]+)"\]\(poly:', query)
    ways = [
        {"type": "way", "id": number, "nodes": nodes, "tags": tags}
        for number, (nodes, tags) in enumerate(WAYS)
        if re.search(pattern, tags.get("highway", "no highway"))
    ]
    used = sorted({node for way in ways for node in way["nodes"]})
    nodes = [{"type": "node", "id": node, "lon": NODES[node][0], "lat": NODES[node][1]} for node in used]
    return {"version": 0.6, "elements": [*ways, *nodes]}


def nominatim(name: str) -> list[dict[str, Any]]:
    """Two answers for our town, a point first; nothing for any other."""
    if name != "定州":
        return []
    common = {"boundingbox": ["38.49", "38.51", "114.99", "115.01"], "lat": "38.5", "lon": "115", "importance": 0.5}
    common |= {"osm_type": "relation", "osm_id": 1, "place_id": 1, "class": "boundary", "type": "administrative"}
    common |= {"place_rank": 12, "addresstype": "city", "name": name, "display_name": name}
    point = {"type": "Point", "coordinates": [115.0, 38.5]}
    return [{**common, "geojson": point}, {**common, "geojson": mapping(TOWN)}]


@dataclass
class Asked:
    """What the server was asked, in order."""

    queries: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)


def answering(asked: Asked) -> type[BaseHTTPRequestHandler]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            if url.path == "/search":
                asked.places += parse_qs(url.query)["q"]
                self.reply(json.dumps(nominatim(asked.places[-1])))
            else:
                self.reply(
                    "Connected as: 1\nCurrent time: now\nAnnounced endpoint: none\nRate limit: 2\n2 slots left\n"
                )

        def do_POST(self) -> None:
            assert urlsplit(self.path).path == "/api/interpreter"
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked.queries += parse_qs(body)["data"]
            self.reply(json.dumps(overpass(asked.queries[-1])))

        def reply(self, text: str) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
            pass

    return Answer


@contextmanager
def served(asked: Asked) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), answering(asked)) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def _at(server: str, folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(osmnx.settings, "overpass_url", f"{server}/api")
    patch.setattr(osmnx.settings, "nominatim_url", f"{server}/")
    patch.setattr(osmnx.settings, "cache_folder", folder / "cache")
    patch.setattr(osmnx.settings, "requests_timeout", 5)


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    kept = Asked()
    with served(kept) as server:
        _at(server, tmp_path, monkeypatch)
        yield kept


@pytest.fixture
def nobody_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(Asked()) as server:
        _at(server, tmp_path, monkeypatch)


def metres(node: int) -> tuple[float, float]:
    x, y = converter("wgs84", METRES)(np.array([NODES[node]]))[0]
    return float(x), float(y)


def test_roads_within_a_boundary(asked: Asked, tmp_path: Path) -> None:
    before = list(osmnx.settings.useful_tags_way), osmnx.settings.use_cache
    file = download_roads(None, TOWN, tmp_path / "town.graphml")
    roads, _ = roads_of(file)
    assert (len(roads.x), len(roads.tail), pieces(roads)) == (4, 3, 1)
    assert sorted(ROAD_CLASSES[k] for k in roads.road_class) == ["local", "tertiary", "tertiary"]
    along = [metres(node) for node in (4, 3, 2, 1)]
    total = sum(np.hypot(*np.subtract(a, b)) for a, b in pairwise(along))
    assert metres_between(roads, metres(4), metres(1)) == pytest.approx(total)
    assert len(asked.queries) == 1
    assert not asked.places
    assert (osmnx.settings.useful_tags_way, osmnx.settings.use_cache) == before
    assert [found.name for found in tmp_path.iterdir()] == ["town.graphml"]


def test_roads_of_a_place(asked: Asked, tmp_path: Path) -> None:
    roads, _ = roads_of(download_roads("定州", None, tmp_path / "town.graphml"))
    assert len(roads.tail) == 3
    assert asked.places == ["定州"]


def test_a_place_nobody_knows(asked: Asked, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no roads to download for '乌有' .*0 results") as caught:
        download_roads("乌有", None, tmp_path / "town.graphml")
    assert "“乌有”没有可下载的道路" in caught.value.faults[0].said_in("zh")
    assert not (tmp_path / "town.graphml").exists()
    assert not asked.queries


@pytest.mark.usefixtures("asked")
def test_a_boundary_without_roads(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no roads to download for"):
        download_roads(None, box(10, 10, 10.01, 10.01), tmp_path / "town.graphml")


@pytest.mark.usefixtures("nobody_there")
@pytest.mark.parametrize(("place", "boundary"), [("定州", None), (None, TOWN)])
def test_no_network_is_said_at_once(place: str | None, boundary: Any, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^town\.graphml: no answer from 127\.0\.0\.1; no road was") as caught:
        download_roads(place, boundary, tmp_path / "town.graphml")
    (fault,) = caught.value.faults
    assert "无法连接 127.0.0.1" in fault.said_in("zh")


def test_neither_place_nor_boundary(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing says where"):
        download_roads(None, None, tmp_path / "town.graphml")
