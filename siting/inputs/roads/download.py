"""Roads fetched from OpenStreetMap by place or boundary, for those online; written as GraphML, read like any file.

The servers are OSMnx's: set ``osmnx.settings.overpass_url`` and ``nominatim_url`` for others.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import networkx as nx
import osmnx
import requests
from shapely.geometry.base import BaseGeometry

from siting.errors import Fault, InputError
from siting.inputs.roads.walking import ONLY_IF_ALLOWED, OPEN
from siting.words import Phrase

_ASKED_FOR = f'["highway"~"^({"|".join((*OPEN, *ONLY_IF_ALLOWED))})$"]'
"""Every way that somebody may walk; what each one's tags forbid is judged when the file is read."""

_TAGS = ("highway", "foot", "access", "motorroad", "area")
"""Tags the walking rules read; ways that differ in one of them are not merged."""

_NOT_THERE = (ValueError, TypeError)
"""OSMnx's errors for an unknown place, a place without an outline, an outline without roads, and a refusal."""


def download_roads(place: str | None, boundary: BaseGeometry | None, out: Path) -> Path:
    """The GraphML file, written to out, of all roads of a place, or within a boundary in degrees (WGS84).

    The boundary counts where both are given. Raises InputError where neither is, where no server answers, and
    where the servers know no such place or no road in it.
    """
    where = place if boundary is None else str(boundary.bounds)
    if where is None:
        raise InputError((_nowhere(out),))
    try:
        graph = _downloaded(place, boundary)
    except requests.RequestException as silence:
        raise InputError((_no_answer(out, silence),)) from silence
    except _NOT_THERE as refusal:
        raise InputError((_no_roads(out, where, refusal),)) from refusal
    return _written(graph, out)


def _downloaded(place: str | None, boundary: BaseGeometry | None) -> nx.MultiDiGraph:
    """The walking network, both ways along every edge, bends kept in the edges, detached pieces kept too."""
    with _our_settings():
        if boundary is None:
            boundary = osmnx.geocode_to_gdf(str(place)).union_all()
        _knock()
        graph = osmnx.graph_from_polygon(
            boundary, network_type="walk", custom_filter=_ASKED_FOR, simplify=False, retain_all=True
        )
    return osmnx.simplify_graph(graph, edge_attrs_differ=_TAGS)


@contextmanager
def _our_settings() -> Iterator[None]:
    """OSMnx keeps the tags the walking rules read and leaves no cache behind, for as long as this lasts."""
    said = osmnx.settings
    before = said.useful_tags_way, said.use_cache
    said.useful_tags_way, said.use_cache = [*before[0], *_TAGS], False
    try:
        yield
    finally:
        said.useful_tags_way, said.use_cache = before


def _knock() -> None:
    """Ask the Overpass server for its status: OSMnx itself waits a minute before it finds that nobody is there."""
    said = osmnx.settings
    requests.get(f"{said.overpass_url.rstrip('/')}/status", timeout=said.requests_timeout, **said.requests_kwargs)


def _written(graph: nx.MultiDiGraph, out: Path) -> Path:
    """The file, there whole or not at all."""
    unfinished = out.with_name(f"{out.name}.part")
    osmnx.save_graphml(graph, unfinished)
    return unfinished.replace(out)


def _nowhere(out: Path) -> Fault:
    return Fault(
        out.name,
        Phrase("没有说明下载哪里的道路。", "nothing says where to download roads for."),
        Phrase("请给出地名或边界。", "Name a place or give a boundary."),
    )


def _no_answer(out: Path, silence: requests.RequestException) -> Fault:
    asked = str(silence.request.url) if silence.request else osmnx.settings.overpass_url
    host = urlsplit(asked).hostname or asked
    return Fault(
        out.name,
        Phrase(
            f"无法连接 {host}，道路未下载（{type(silence).__name__}）。",
            f"no answer from {host}; no road was downloaded ({type(silence).__name__}).",
        ),
        Phrase(
            "请检查网络或代理，或改用已下载的 .osm.pbf 文件。",
            "Check the network or proxy, or use an .osm.pbf file that you have.",
        ),
    )


def _no_roads(out: Path, where: str, refusal: Exception) -> Fault:
    return Fault(
        out.name,
        Phrase(
            f"“{where}”没有可下载的道路（{refusal}）。", f"there are no roads to download for '{where}' ({refusal})."
        ),
        Phrase("请核对地名（如“定州市, 河北省”），或给出边界。", "Check the name, or give a boundary."),
    )
