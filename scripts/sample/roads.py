"""From lines to a road network: cut where they meet, ranked, and bridges chosen."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from sample.facts import Floats, Ints
from sample.ground import Barrier, Ground
from sample.people import County
from sample.streets import RANK, Lines, make_lines, stray_paths

APART_M = {"river": 2100.0, "railway": 1500.0, "motorway": 1300.0}
IN_TOWN_M = {"river": 900.0, "railway": 750.0, "motorway": 1000.0}
"""How far apart crossings of a barrier are, in the country and where a place is built up on it."""


STRAY_NODES = 3
"""Nodes of a path that leads nowhere."""


@dataclass(frozen=True, slots=True)
class Network:
    """Nodes xy (V, 2) in metres, segments (E, 2) of nodes, their rank and name, and how each crosses a barrier:
    "", "bridge" or "tunnel"."""

    xy: Floats
    ends: Ints
    rank: Ints
    name: list[str]
    crossing: list[str]


def make_network(county: County, rng: np.random.Generator) -> Network:
    """The roads of the county. Nothing crosses a barrier but a chosen bridge or underpass."""
    lines = make_lines(county, rng)
    noded = shapely.get_parts(shapely.union_all(np.array(lines.line, dtype=object), grid_size=1.0))
    xy, ends = _segments(np.concatenate((noded, shapely.set_precision(list(stray_paths(county)), 1.0))))
    rank, name = _as_drawn(xy, ends, lines)
    crossing = _crossings(county, xy, ends, rank)
    kept = _joined_up(len(xy), ends, np.flatnonzero(crossing != "closed"))
    used, renumbered = np.unique(ends[kept], return_inverse=True)
    return Network(xy[used], renumbered.reshape(-1, 2), rank[kept], [name[at] for at in kept], crossing[kept].tolist())


def _joined_up(count: int, ends: Ints, kept: Ints) -> Ints:
    """The kept segments without stray bits of field track; the paths that are stray on purpose stay."""
    part = _parts(count, ends[kept])
    size = np.bincount(part)[part[ends[kept, 0]]]
    joined: Ints = kept[(size == size.max()) | (size == STRAY_NODES)]
    return joined


def _segments(lines: Ints) -> tuple[Floats, Ints]:
    """Places and the straight pieces between them, each once."""
    corners, of = shapely.get_coordinates(lines, return_index=True)
    xy, at = np.unique(np.round(corners, 1), axis=0, return_inverse=True)
    is_piece = (of[1:] == of[:-1]) & (at[1:] != at[:-1])
    ends = np.sort(np.column_stack((at[:-1], at[1:]))[is_piece], axis=1)
    return xy, np.unique(ends, axis=0)


def _as_drawn(xy: Floats, ends: Ints, lines: Lines) -> tuple[Ints, list[str]]:
    """Rank and name of every segment: those of the most important line it lies on."""
    order = np.argsort(lines.rank, kind="stable")
    tree = shapely.STRtree(np.array(lines.line, dtype=object)[order])
    third = xy[ends[:, 0]] + (xy[ends[:, 1]] - xy[ends[:, 0]]) * 0.45
    segment, line = tree.query(shapely.points(third), predicate="dwithin", distance=1.5)
    first = np.full(len(ends), len(order) - 1)
    np.minimum.at(first, segment, line)
    rank = np.array(lines.rank)[order][first]
    names = np.array(lines.name, dtype=object)[order][first]
    return rank, names.tolist()


# --- crossings -------------------------------------------------------------------------------------------------


def _crossings(county: County, xy: Floats, ends: Ints, rank: Ints) -> Ints:
    """For every segment "", or "bridge" or "tunnel" where it crosses a barrier at a chosen place, else "closed"."""
    over = _crossed(county.ground, xy, ends)
    open_ = _needed(len(xy), ends, over, rank)
    built_up = shapely.union_all([shapely.buffer(place.ground, 150.0) for place in county.settlements])
    shapely.prepare(built_up)
    middle = xy[ends].mean(axis=1)
    for at in sorted(over, key=lambda at: (rank[at], at)):
        if rank[at] <= RANK.index("unclassified") and _has_room(at, open_, over, middle, built_up):
            open_.append(at)
    kind: Ints = np.full(len(ends), "", dtype=object)
    kind[list(over)] = "closed"
    for at in open_:
        kind[at] = "bridge" if "river" in {one.kind for one in over[at]} or at % 2 else "tunnel"
    return kind


def _crossed(ground: Ground, xy: Floats, ends: Ints) -> dict[int, list[Barrier]]:
    """The segments that touch a barrier, and which."""
    pieces = shapely.linestrings(xy[ends])
    over: dict[int, list[Barrier]] = defaultdict(list)
    for barrier in ground.barriers:
        shapely.prepare(barrier.line)
        for at in np.flatnonzero(shapely.intersects(barrier.line, pieces)).tolist():
            over[at].append(barrier)
    return over


def _needed(count: int, ends: Ints, over: dict[int, list[Barrier]], rank: Ints) -> list[int]:
    """Crossings without which a part of the county of more than a few streets could not be reached."""
    free = np.setdiff1d(np.arange(len(ends)), list(over))
    chosen: list[int] = []
    part = _parts(count, ends[free])
    for at in sorted(over, key=lambda at: (rank[at], len(over[at]), at)):
        first, second = part[ends[at]]
        if first != second and min((part == first).sum(), (part == second).sum()) > 25:
            chosen.append(at)
            part[part == second] = first
    return chosen


def _parts(count: int, ends: Ints) -> Ints:
    _, part = connected_components(coo_array((np.ones(len(ends)), ends.T), shape=(count, count)), directed=False)
    return np.asarray(part)


def _has_room(
    at: int, open_: list[int], over: dict[int, list[Barrier]], middle: Floats, built_up: shapely.Geometry
) -> bool:
    """Whether no crossing of the same barrier is open nearby."""
    apart = IN_TOWN_M if shapely.contains_xy(built_up, *middle[at]) else APART_M
    for barrier in over[at]:
        others = [one for one in open_ if barrier in over[one]]
        if others and np.hypot(*(middle[others] - middle[at]).T).min() < apart[barrier.kind]:
            return False
    return True
