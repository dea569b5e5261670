"""Roads made by seeded chance: a county's crooked lanes with their bends, and a bare grid without any."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from siting.network.build import build_network
from siting.network.graph import RoadNetwork
from siting.study import Roads

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

KM2 = 1_282.0
"""The land of Dingzhou."""

KEPT = 0.72
"""Of the lanes of a full grid so many are there: T-junctions and dead ends arise where others are missing."""

JUNCTIONS = 0.32
"""Of all nodes so many are crossings of the grid, the rest bends: three nodes of four join two edges, as on OSM roads
(70 % in the middle of São Paulo, 90 % in Liechtenstein)."""


def county_roads(nodes: int, seed: int = 7) -> RoadNetwork:
    """About so many nodes on the land of a county: lanes closer in some parts, a fifth of them bent; one piece."""
    chance = np.random.default_rng(seed)
    xy, lanes = _grid(int(np.sqrt(nodes * JUNCTIONS)), chance)
    lanes = lanes[chance.random(len(lanes)) < KEPT]
    bends = chance.geometric(len(lanes) / (len(lanes) + nodes - len(xy)), len(lanes)) - 1
    return _network(np.concatenate((xy, _bends(xy, lanes, bends, chance))), _edges(lanes, bends, len(xy)))


def bare_grid(nodes: int, seed: int = 7) -> RoadNetwork:
    """A whole grid of about so many nodes, all of them junctions: nothing can be contracted."""
    xy, lanes = _grid(int(np.sqrt(nodes)), np.random.default_rng(seed))
    return _network(xy, lanes)


def degrees(network: RoadNetwork) -> list[float]:
    """The share of nodes with 0, 1, 2, ... road ends."""
    ends = np.bincount(np.concatenate((network.tail, network.head)), minlength=len(network.x))
    return [round(float(share), 3) for share in np.bincount(ends) / len(ends)]


def _grid(side: int, chance: np.random.Generator) -> tuple[Floats, Whole]:
    """Crossings moved by up to a third of their distance and drawn together in parts; the lanes between neighbours."""
    number = np.arange(side * side).reshape(side, side)
    at = np.stack(np.divmod(np.arange(side * side), side), axis=1) + chance.uniform(-0.35, 0.35, (side * side, 2))
    share = at / side
    xy = (share + 0.06 * np.sin(4.0 * np.pi * share)) * np.sqrt(KM2) * 1_000.0
    across, along = (number[:, :-1], number[:, 1:]), (number[:-1], number[1:])
    return xy, np.concatenate([np.stack((a.ravel(), b.ravel()), axis=1) for a, b in (across, along)])


def _bends(xy: Floats, lanes: Whole, bends: Whole, chance: np.random.Generator) -> Floats:
    """Places of the bends, lane after lane, on a bow between its ends."""
    lane = np.repeat(np.arange(len(lanes)), bends)
    share = (np.arange(len(lane)) - np.repeat(bends.cumsum() - bends, bends) + 1) / (bends[lane] + 1)
    begin, run = xy[lanes[lane, 0]], xy[lanes[lane, 1]] - xy[lanes[lane, 0]]
    bow = chance.normal(0.0, 0.12, len(lanes))[lane] * np.sin(np.pi * share)
    beside = bow[:, None] * np.stack((-run[:, 1], run[:, 0]), axis=1)
    return np.asarray(begin + share[:, None] * run + beside)


def _edges(lanes: Whole, bends: Whole, crossings: int) -> Whole:
    """The edges of every lane from bend to bend."""
    lane = np.repeat(np.arange(len(lanes)), bends + 1)
    step = np.arange(len(lane)) - np.repeat((bends + 1).cumsum() - (bends + 1), bends + 1)
    bend = crossings + (bends.cumsum() - bends)[lane] + step
    tail = np.where(step == 0, lanes[lane, 0], bend - 1)
    return np.stack((tail, np.where(step == bends[lane], lanes[lane, 1], bend)), axis=1)


def _network(xy: Floats, edges: Whole) -> RoadNetwork:
    """The largest piece of these roads."""
    whole = build_network(_roads(xy, edges))
    is_in = whole.component == 0
    number = np.cumsum(is_in) - 1
    return build_network(_roads(xy[is_in], number[edges[is_in[edges[:, 0]]]]))


def _roads(xy: Floats, edges: Whole) -> Roads:
    (x, y), (tail, head) = xy.T.copy(), edges.T.copy()
    return Roads(x, y, tail, head, np.hypot(x[tail] - x[head], y[tail] - y[head]), np.full(len(tail), 4, dtype=np.int8))
