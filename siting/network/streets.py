"""Roads contracted to streets: edges in a row between two junctions, however many bends lie between, are one street."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from siting.compiled import compiled
from siting.latest import kept_for_latest
from siting.network.graph import RoadNetwork, Snapped
from siting.study import FloatArray, IntArray

Numbers = NDArray[np.int32]

HALVINGS = 16
"""The ground is halved so often, each way, to tell which junctions are neighbours."""


class Streets(NamedTuple):
    """Streets (S) between junctions (J): tail, head, length_m, those with the same tail in a row from first (J+1,).

    start (J+1,), neighbour, metres, street are the ways on from every junction; no way leads round and back to it or
    into a dead end. street_of, at_m, onward (E,) say of an edge on which street it lies, how far along its tail is, and
    whether it runs with the street, 1, or against it, -1. junction (J,): the node it is in the network.
    """

    tail: Numbers
    head: Numbers
    length_m: FloatArray
    first: Numbers
    start: Numbers
    neighbour: Numbers
    metres: FloatArray
    street: Numbers
    street_of: Numbers
    at_m: FloatArray
    onward: NDArray[np.int8]
    junction: Numbers


class Placed(NamedTuple):
    """Places on streets (P): the street, metres along it from its tail, and the off-road leg."""

    street: Numbers
    along_m: FloatArray
    leg_m: FloatArray


class Doors(NamedTuple):
    """Points in rows per street: start (S+1,); which, metres from the street's tail, leg (N,); and, the leg included,
    metres from the tail and from the head, and which junction that is. Those on streets with the same tail are in a row
    from first (J+1,).
    """

    start: Numbers
    first: Numbers
    point: Numbers
    along_m: FloatArray
    leg_m: FloatArray
    ahead_m: FloatArray
    back_m: FloatArray
    head: Numbers


@kept_for_latest
def streets_of(network: RoadNetwork) -> Streets:
    """The streets of a network; those of the last are kept. A ring without a junction is a street from its first node
    back to it."""
    node = np.column_stack((network.tail, network.head)).astype(np.int32).ravel()
    start, end = _in_rows(node, len(network.x))
    junction = _junctions(network, np.diff(start))
    tail, head, length_m, (street_of, at_m, onward) = _walked(node, start, end, network.length_m, junction)
    first = np.searchsorted(tail, np.arange(len(junction) + 1)).astype(np.int32)
    start, neighbour, metres, street = _ways(tail, head, length_m, len(junction))
    return Streets(tail, head, length_m, first, start, neighbour, metres, street, street_of, at_m, onward, junction)


def placed(streets: Streets, snapped: Snapped) -> Placed:
    """Places on edges as places on streets."""
    along_m = streets.at_m[snapped.edge] + streets.onward[snapped.edge] * snapped.along_m
    return Placed(streets.street_of[snapped.edge], along_m, snapped.leg_m)


def doors(streets: Streets, points: Placed) -> Doors:
    """The points on every street, by number."""
    start, point = per_street(streets, points)
    street, along_m, leg_m = points.street[point], points.along_m[point], points.leg_m[point]
    back_m = streets.length_m[street] - along_m + leg_m
    return Doors(start, start[streets.first], point, along_m, leg_m, along_m + leg_m, back_m, streets.head[street])


def per_street(streets: Streets, places: Placed) -> tuple[Numbers, Numbers]:
    """Places sorted by street: where each street's begin (S+1,), and which they are (P,)."""
    start, place = _in_rows(places.street, len(streets.tail))
    return start, place


def _junctions(network: RoadNetwork, ends: Numbers) -> Numbers:
    """The nodes where not just two road ends meet, and the first of every ring; neighbours together, dead ends last."""
    crossing = np.concatenate((np.flatnonzero(ends > 2), _on_rings(network, ends)))
    order = np.argsort(curve(network.x[crossing], network.y[crossing]), kind="stable")
    return np.concatenate((crossing[order], np.flatnonzero(ends == 1))).astype(np.int32)


def _on_rings(network: RoadNetwork, ends: Numbers) -> IntArray:
    """The first node of every piece in which all nodes join two road ends."""
    others = np.bincount(network.component, ends != 2)
    first = np.empty(len(others), dtype=np.int64)
    first[network.component[::-1]] = np.arange(len(ends))[::-1]
    return first[others == 0]


def curve(x: FloatArray, y: FloatArray) -> IntArray:
    """Places along a curve that fills the ground without leaving a quarter before it is full.

    Equal leading bits mean the same part of the ground. Source: Morton (1966).
    """
    if not len(x):
        return np.empty(0, dtype=np.int64)
    side = max(np.ptp(x), np.ptp(y), 1.0)
    return _spaced((x - x.min()) / side) | _spaced((y - y.min()) / side) << 1


def _spaced(share: FloatArray) -> IntArray:
    """Shares of the ground as whole numbers with a 0 before each of their bits."""
    bits = (share * (2**HALVINGS - 1)).astype(np.int64)
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        bits = (bits | bits << shift) & mask
    return bits


@compiled
def _in_rows(row: Numbers, rows: int) -> tuple[Numbers, Numbers]:
    """Things sorted by their row: where each row starts (R+1,), and the things."""
    start = np.zeros(rows + 1, dtype=np.int32)
    for r in row:
        start[r + 1] += 1
    for r in range(rows):
        start[r + 1] += start[r]
    place = start[:-1].copy()
    thing = np.empty(len(row), dtype=np.int32)
    for k in range(len(row)):
        thing[place[row[k]]] = k
        place[row[k]] += 1
    return start, thing


@compiled
def _walked(
    node: Numbers, start: Numbers, end: Numbers, length_m: FloatArray, junction: Numbers
) -> tuple[Numbers, Numbers, FloatArray, tuple[Numbers, FloatArray, NDArray[np.int8]]]:
    """Every street from its tail on: tail, head and length (S,); of the edges street, tail's place, direction (E,).

    Edge e ends at node[2e] and node[2e+1]; end holds these positions in rows per node.
    """
    number = np.full(len(start) - 1, -1, dtype=np.int32)
    for j in range(len(junction)):
        number[junction[j]] = j
    tail, head = np.empty(len(length_m), dtype=np.int32), np.empty(len(length_m), dtype=np.int32)
    walked_m, streets = np.empty(len(length_m)), 0
    street_of = np.full(len(length_m), -1, dtype=np.int32)
    at_m, onward = np.empty(len(length_m)), np.empty(len(length_m), dtype=np.int8)
    for v in junction:
        for k in end[start[v] : start[v + 1]]:
            if street_of[k >> 1] >= 0:
                continue
            metres = 0.0
            while True:
                edge, is_back = k >> 1, k & 1
                street_of[edge], onward[edge] = streets, 1 - 2 * is_back
                at_m[edge] = metres + is_back * length_m[edge]
                metres += length_m[edge]
                w = node[k ^ 1]
                if number[w] >= 0:
                    break
                k = end[start[w]] + end[start[w] + 1] - (k ^ 1)
            tail[streets], head[streets], walked_m[streets] = number[v], number[w], metres
            streets += 1
    return tail[:streets].copy(), head[:streets].copy(), walked_m[:streets].copy(), (street_of, at_m, onward)


@compiled
def _ways(
    tail: Numbers, head: Numbers, length_m: FloatArray, junctions: int
) -> tuple[Numbers, Numbers, FloatArray, Numbers]:
    """The streets a search goes along, in rows per junction: start (J+1,), neighbour, metres, street."""
    ends = np.zeros(junctions, dtype=np.int32)
    for s in range(len(tail)):
        ends[tail[s]] += 1
        ends[head[s]] += 1
    leads_on = np.zeros(len(tail), dtype=np.bool_)
    start = np.zeros(junctions + 1, dtype=np.int32)
    for s in range(len(tail)):
        leads_on[s] = tail[s] != head[s] and ends[tail[s]] > 1 and ends[head[s]] > 1
        start[tail[s] + 1] += leads_on[s]
        start[head[s] + 1] += leads_on[s]
    for j in range(junctions):
        start[j + 1] += start[j]
    place = start[:-1].copy()
    neighbour, street = np.empty(start[-1], dtype=np.int32), np.empty(start[-1], dtype=np.int32)
    metres = np.empty(start[-1])
    for s in range(len(tail)):
        if leads_on[s]:
            for here, there in ((tail[s], head[s]), (head[s], tail[s])):
                neighbour[place[here]], metres[place[here]], street[place[here]] = there, length_m[s], s
                place[here] += 1
    return start, neighbour, metres, street
