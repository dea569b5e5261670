"""Searches along streets from one or many sites: loops compiled by numba, and the desk they write on."""

from __future__ import annotations

import math
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from siting.compiled import compiled, within
from siting.network.streets import Doors, Numbers, Placed, Streets
from siting.study import FloatArray, IntArray

# numba keeps a compiled loop until its own file changes: loops that call one another stay in one file.

BUCKETS = 4096
"""At most so many buckets for the junctions that wait."""

SHARE_OF_STREET = 0.25
"""Width of a bucket: shorter than most streets, so that few junctions are looked at twice."""

_T = TypeVar("_T", np.int32, np.float64)

WORD = 64
ONE = np.uint64(1)
LAST = np.uint64(WORD - 1)
_SPREAD = np.uint64(0x03F79D71B4CB0A89)
_PLACE = np.zeros(WORD, dtype=np.int64)
_PLACE[[(int(_SPREAD) << k) % 2**WORD >> 58 for k in range(WORD)]] = np.arange(WORD)
"""The place of a single bit, by six leading bits of a product. Source: Leiserson, Prokop and Randall (1998)."""


class Desk(NamedTuple):
    """What a search writes on. Of junctions (J,): reached metres (inf: not), owner, settled ones in order; and which
    wait: link (J, 3) holds the next and the previous one in the same bucket and the bucket, -1 for none.

    Of points (N,): best metres, and noted, one bit each.
    """

    reached: FloatArray
    owner: Numbers
    settled: Numbers
    link: NDArray[np.int32]
    bucket: Numbers
    per_m: float
    best: FloatArray
    noted: NDArray[np.uint64]


class Rows(NamedTuple):
    """Points and metres to them of some sites, one after the other, each row from start (B+1,); then spare room."""

    start: IntArray
    point: Numbers
    metres: FloatArray


def no_rows() -> Rows:
    """Rows of no sites, with no room."""
    return Rows(np.zeros(1, dtype=np.int64), np.empty(0, dtype=np.int32), np.empty(0))


def desk_for(streets: Streets, sites: Placed, points: int) -> Desk:
    """A clean desk for searches from these sites."""
    junctions = len(streets.junction)
    farthest_m = streets.length_m.max(initial=0.0) + sites.leg_m.max(initial=0.0)
    mean_m = streets.length_m.mean() if len(streets.length_m) else 0.0
    width_m = max(SHARE_OF_STREET * mean_m, farthest_m / (BUCKETS - 3)) or 1.0
    return Desk(
        reached=np.full(junctions, np.inf),
        owner=np.full(junctions, -1, dtype=np.int32),
        settled=np.empty(junctions, dtype=np.int32),
        link=np.full((junctions, 3), -1, dtype=np.int32),
        bucket=np.full(1 << math.ceil(math.log2(farthest_m / width_m + 3)), -1, dtype=np.int32),
        per_m=1.0 / width_m,
        best=np.empty(points),
        noted=np.zeros(-(-points // WORD), dtype=np.uint64),
    )


@compiled
def rows_within(
    streets: Streets, doors: Doors, sites: Placed, order: IntArray, limit: float, desk: Desk, spare: Rows
) -> Rows:
    """The points within the limit of some sites, in that order of sites, by number; written over spare rows."""
    start = np.zeros(len(order) + 1, dtype=np.int64)
    point, metres = spare.point, spare.metres
    for k in range(len(order)):
        site = order[k : k + 1]
        settled = _spread(streets, _seeds(streets, sites, site), limit, desk)
        _note_ends(streets, doors, desk.settled[:settled], limit, desk)
        _note_beside(doors, sites, site[0], limit, desk)
        desk.reached[desk.settled[:settled]] = np.inf
        if start[k] + len(desk.best) > len(point):
            room = 2 * start[k] + len(desk.best)
            point, metres = _longer(point, start[k], room), _longer(metres, start[k], room)
        start[k + 1] = _take_notes(desk.noted, desk.best, point, metres, start[k])
    return Rows(start, point, metres)


@compiled
def nearest_of(
    streets: Streets, sites: Placed, points: Placed, start: Numbers, beside: Numbers, desk: Desk
) -> tuple[IntArray, FloatArray]:
    """The nearest site of every point (N,), of equals the first, and the metres; beside holds the sites per street."""
    _spread(streets, _seeds(streets, sites, np.arange(len(sites.street))), np.inf, desk)
    reached, owner, tail, head, length_m = desk.reached, desk.owner, streets.tail, streets.head, streets.length_m
    street_of, along, leg = points.street, points.along_m, points.leg_m
    best = np.full(len(points.street), -1, dtype=np.int64)
    metres = np.full(len(points.street), np.inf)
    for p in range(len(best)):
        street, along_m, leg_m = street_of[p], along[p], leg[p]
        for v, way_m in ((tail[street], along_m), (head[street], length_m[street] - along_m)):
            there_m = reached[v] + (way_m + leg_m)
            if there_m < metres[p] or (there_m == metres[p] and owner[v] < best[p]):
                best[p], metres[p] = owner[v], there_m
        for k in range(start[street], start[street + 1]):
            site = beside[k]
            there_m = abs(sites.along_m[site] - along_m) + sites.leg_m[site] + leg_m
            if there_m < metres[p] or (there_m == metres[p] and site < best[p]):
                best[p], metres[p] = site, there_m
    return best, metres


@within
def _seeds(streets: Streets, sites: Placed, which: IntArray) -> tuple[Numbers, FloatArray, Numbers]:
    """Where the ways from some sites begin: both ends of their streets, metres to them, and whose they are."""
    node, owner = np.empty(2 * len(which), dtype=np.int32), np.empty(2 * len(which), dtype=np.int32)
    metres = np.empty(2 * len(which))
    for k in range(len(which)):
        site = which[k]
        street, along_m, leg_m = sites.street[site], sites.along_m[site], sites.leg_m[site]
        node[2 * k], metres[2 * k] = streets.tail[street], along_m + leg_m
        node[2 * k + 1], metres[2 * k + 1] = streets.head[street], streets.length_m[street] - along_m + leg_m
        owner[2 * k : 2 * k + 2] = site
    return node, metres, owner


@within
def _spread(streets: Streets, seeds: tuple[Numbers, FloatArray, Numbers], limit: float, desk: Desk) -> int:
    """Metres from the nearest seed to all junctions within a limit, of equal ways that of the first owner; how many.

    Junctions wait in a ring of buckets by distance; one that is reached by a shorter way moves or waits again.
    Source: Dial (1969), Meyer and Sanders (2003).
    """
    start, neighbour, length_m = streets.start, streets.neighbour, streets.metres
    reached, owner, settled, link, bucket = desk.reached, desk.owner, desk.settled, desk.link, desk.bucket
    per_m, last = desk.per_m, len(bucket) - 1
    found, waiting, turn = 0, 0, 0
    for k in range(len(seeds[0])):
        v, m, own = seeds[0][k], seeds[1][k], seeds[2][k]
        if m <= limit and (m < reached[v] or (m == reached[v] and own < owner[v])):
            if reached[v] == np.inf:
                settled[found] = v
                found += 1
            reached[v], owner[v] = m, own
            waiting += _wait(link, bucket, v, int(m * per_m) & last)
    while waiting > 0:
        v = bucket[turn]
        if v < 0:
            turn = (turn + 1) & last
            continue
        _leave(link, bucket, v)
        waiting -= 1
        own = owner[v]
        for k in range(start[v], start[v + 1]):
            w, m = neighbour[k], reached[v] + length_m[k]
            if m <= limit and (m < reached[w] or (m == reached[w] and own < owner[w])):
                if reached[w] == np.inf:
                    settled[found] = w
                    found += 1
                reached[w], owner[w] = m, own
                waiting += _wait(link, bucket, w, int(m * per_m) & last)
    return found


@within
def _wait(link: NDArray[np.int32], bucket: Numbers, v: int, place: int) -> int:
    """Put a junction into a bucket, out of the one it is in; 1 if it was in none."""
    if link[v, 2] == place:
        return 0
    is_new = link[v, 2] < 0
    if not is_new:
        _leave(link, bucket, v)
    after = bucket[place]
    link[v, 0], link[v, 1], link[v, 2] = after, -1, place
    if after >= 0:
        link[after, 1] = v
    bucket[place] = v
    return 1 if is_new else 0


@within
def _leave(link: NDArray[np.int32], bucket: Numbers, v: int) -> None:
    """Take a junction out of its bucket."""
    after, before = link[v, 0], link[v, 1]
    if before >= 0:
        link[before, 0] = after
    else:
        bucket[link[v, 2]] = after
    if after >= 0:
        link[after, 1] = before
    link[v, 2] = -1


@within
def _note_ends(streets: Streets, doors: Doors, settled: Numbers, limit: float, desk: Desk) -> None:
    """Note the points on all streets that a search has reached, over the nearer of its ends."""
    start, neighbour, street, street_head = streets.start, streets.neighbour, streets.street, streets.head
    first, door, point = doors.first, doors.start, doors.point
    head, ahead_m, back_m = doors.head, doors.ahead_m, doors.back_m
    reached, best, noted = desk.reached, desk.best, desk.noted
    for v in settled:
        here_m = reached[v]
        for d in range(first[v], first[v + 1]):
            p, ahead, back = point[d], here_m + ahead_m[d], reached[head[d]] + back_m[d]
            m = ahead if ahead < back else back
            if m <= limit:
                best[p] = m
                noted[p >> 6] |= ONE << (np.uint64(p) & LAST)
        for k in range(start[v], start[v + 1]):
            if reached[neighbour[k]] == np.inf and street_head[street[k]] == v:
                for d in range(door[street[k]], door[street[k] + 1]):
                    p, m = point[d], here_m + back_m[d]
                    if m <= limit:
                        best[p] = m
                        noted[p >> 6] |= ONE << (np.uint64(p) & LAST)


@within
def _note_beside(doors: Doors, sites: Placed, site: int, limit: float, desk: Desk) -> None:
    """Note the points on a site's own street where the way along it is the shortest."""
    street = sites.street[site]
    for d in range(doors.start[street], doors.start[street + 1]):
        p = doors.point[d]
        m = abs(doors.along_m[d] - sites.along_m[site]) + sites.leg_m[site] + doors.leg_m[d]
        bit = ONE << (np.uint64(p) & LAST)
        if m <= limit and (not desk.noted[p >> 6] & bit or m < desk.best[p]):
            desk.best[p] = m
            desk.noted[p >> 6] |= bit


@within
def _take_notes(noted: NDArray[np.uint64], best: FloatArray, point: Numbers, metres: FloatArray, count: int) -> int:
    """Move what is noted to the end of a row, by number; how long the row is then."""
    for word in range(len(noted)):
        bits = noted[word]
        noted[word] = 0
        while bits:
            p = WORD * word + _PLACE[((bits & (~bits + ONE)) * _SPREAD) >> np.uint64(58)]
            point[count], metres[count] = p, best[p]
            count += 1
            bits &= bits - ONE
    return count


@within
def _longer(values: NDArray[_T], used: int, length: int) -> NDArray[_T]:
    """The same values with room for more."""
    longer = np.empty(length, dtype=values.dtype)
    longer[:used] = values[:used]
    return longer
