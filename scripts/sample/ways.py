"""The road network as an OpenStreetMap file: segments of one kind drawn through as long as they go straight on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import numpy as np
import osmium
import shapely

from sample.facts import Bools, Floats, Ints, degrees
from sample.ground import Barrier
from sample.roads import Network
from sample.streets import RANK

STRAIGHT_ON = float(np.cos(np.radians(40.0)))
"""Segments that bend less than this at a node may be one way."""

LONGEST = 400
"""Nodes of a way at most."""

_CROSSING = {"": {}, "bridge": {"bridge": "yes", "layer": "1"}, "tunnel": {"tunnel": "yes", "layer": "-1"}}
_FOOTPATHS = 40
"""Of so many tracks one is a footpath."""


def write_roads(file: Path, network: Network, barriers: tuple[Barrier, ...]) -> None:
    """Roads, and expressways and railways beside them, as .osm.pbf in degrees."""
    header = osmium.io.Header()
    header.set("generator", "make_dingzhou_sample (synthetic)")
    others = [one for one in barriers if one.kind != "river"]
    corners = [shapely.get_coordinates(part) for one in others for part in shapely.get_parts(one.line)]
    tags = [_barrier_tags(one) for one in others for _ in shapely.get_parts(one.line)]
    lonlat = degrees(np.concatenate((network.xy, *corners)))
    with osmium.SimpleWriter(str(file), header=header, overwrite=True) as out:
        for number, (lon, lat) in enumerate(lonlat.tolist(), 1):
            out.add_node(osmium.osm.mutable.Node(id=number, location=(lon, lat)))
        first, number = len(network.xy) + 1, 0
        for number, (chain, at) in enumerate(_chains(network), 1):
            nodes = [node + 1 for node in chain]
            out.add_way(osmium.osm.mutable.Way(id=number, nodes=nodes, tags=_tags(network, at, number)))
        for line, its in zip(corners, tags, strict=True):
            number += 1
            out.add_way(osmium.osm.mutable.Way(id=number, nodes=range(first, first + len(line)), tags=its))
            first += len(line)


def _barrier_tags(barrier: Barrier) -> dict[str, str]:
    kind = {"highway": "motorway", "oneway": "no"} if barrier.kind == "motorway" else {"railway": "rail"}
    return {**kind, "name": barrier.name}


def _tags(network: Network, at: int, number: int) -> dict[str, str]:
    word = RANK[network.rank[at]]
    word = "footway" if word == "track" and number % _FOOTPATHS == 0 else word
    named = {"name": network.name[at]} if network.name[at] else {}
    return {"highway": word, **named, **_CROSSING[network.crossing[at]]}


def _chains(network: Network) -> Iterator[tuple[list[int], int]]:
    """Nodes of every way and its first segment; each segment is in one way."""
    mate, done = _mates(network), np.zeros(len(network.ends), dtype=bool)
    ends = network.ends.tolist()
    loose = np.flatnonzero(mate < 0)
    for half in np.concatenate((loose, np.arange(2 * len(ends)))).tolist():
        if not done[half // 2]:
            yield _walked(half, mate, ends, done), half // 2


def _walked(half: int, mate: Ints, ends: list[list[int]], done: Bools) -> list[int]:
    """Nodes from one end of a segment on and on; half 2 s + e is the end e of segment s."""
    chain = [ends[half // 2][half % 2]]
    while half >= 0 and not done[half // 2] and len(chain) < LONGEST:
        done[half // 2] = True
        chain.append(ends[half // 2][1 - half % 2])
        half = int(mate[half ^ 1])
    return chain


def _mates(network: Network) -> Ints:
    """For every end of a segment the end it goes straight on with, -1 where there is none."""
    node = network.ends.ravel()
    ahead = (network.xy[network.ends[:, ::-1]] - network.xy[network.ends]).reshape(-1, 2)
    ahead /= np.hypot(*ahead.T)[:, None]
    kind = np.repeat(_kinds(network), 2)
    mate = np.full(len(node), -1)
    order = np.lexsort((kind, node)).tolist()
    for _, group in groupby(order, key=lambda half: (node[half], kind[half])):
        _pair(list(group), ahead, mate)
    return mate


def _kinds(network: Network) -> Ints:
    """A number for each rank and name; bridges and tunnels are each of their own kind."""
    words = [
        (rank, name, at if crossing else -1)
        for at, (rank, name, crossing) in enumerate(
            zip(network.rank.tolist(), network.name, network.crossing, strict=True)
        )
    ]
    number = {word: at for at, word in enumerate(dict.fromkeys(words))}
    return np.array([number[word] for word in words])


def _pair(halves: list[int], ahead: Floats, mate: Ints) -> None:
    """Ends at one node, joined two by two, the straightest first."""
    pairs = [(float(ahead[a] @ ahead[b]), a, b) for at, a in enumerate(halves) for b in halves[at + 1 :]]
    for cosine, a, b in sorted(pairs):
        if cosine < -STRAIGHT_ON and mate[a] < 0 and mate[b] < 0:
            mate[a], mate[b] = b, a
