"""All metres at once: junctions left out one by one once and for all, then swept over for eight sites together.

A junction that is left out leaves shortcuts between its neighbours that are left. The way from a site then climbs to
junctions left out later and comes down again. Sources: George (1973) for the order in which few shortcuts arise,
Delling, Goldberg, Nowatzyk and Werneck (2011) for the sweep, Dibbelt, Strasser and Wagner (2014) for both together.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from siting.compiled import compiled, within
from siting.network.graph import RoadNetwork
from siting.network.streets import Doors, Numbers, Placed, Streets, curve
from siting.study import FloatArray, IntArray

SIDE_BY_SIDE = 8
"""Sites swept together: their metres to one junction fill a cache line."""


class Ladder(NamedTuple):
    """Junctions in the order in which they are left out: rank (J,) of each; and in rows per rank from start (J+1,) the
    higher ranks a street or a shortcut leads to, rising, and its metres."""

    rank: Numbers
    start: IntArray
    above: Numbers
    metres: FloatArray


class Ends(NamedTuple):
    """Of the street of every point (N,): the ranks of its tail and head, and metres from them, the leg included."""

    tail: Numbers
    head: Numbers
    ahead_m: FloatArray
    back_m: FloatArray


def ends(rungs: Ladder, streets: Streets, points: Placed) -> Ends:
    """Both ends of the points' streets."""
    tail, head = rungs.rank[streets.tail[points.street]], rungs.rank[streets.head[points.street]]
    back_m = streets.length_m[points.street] - points.along_m
    return Ends(tail, head, points.along_m + points.leg_m, back_m + points.leg_m)


def ladder(network: RoadNetwork, streets: Streets) -> Ladder:
    """The streets' ladder; quarters are left out before the lines that part them."""
    order = _order(network, streets)
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order))
    return Ladder(rank, *_climbs(streets, order.astype(np.int32), rank))


def _order(network: RoadNetwork, streets: Streets) -> IntArray:
    """The junctions, those first whose streets cross no line; a line through the whole ground comes last."""
    code = curve(network.x[streets.junction], network.y[streets.junction])
    here = np.repeat(np.arange(len(code)), np.diff(streets.start))
    across = np.flatnonzero(code[here] > code[streets.neighbour])
    _, line = np.frexp((code[here[across]] ^ code[streets.neighbour[across]]).astype(np.float64))
    highest = np.zeros(len(code), dtype=np.int64)
    np.maximum.at(highest, here[across], line)
    return np.lexsort((code, highest))


@compiled
def _climbs(streets: Streets, order: Numbers, rank: Numbers) -> tuple[IntArray, Numbers, FloatArray]:
    """Rows of the ladder: the shortest ways up over streets and over junctions left out before.

    Every row is merged from the rows below that lead to it: waiting (J,) is the first of those whose next way, turn
    (J,), does so, and then (J,) the one after each.
    """
    way, neighbour, length_m = streets.start, streets.neighbour, streets.metres
    start = np.zeros(len(order) + 1, dtype=np.int64)
    above, metres = np.empty(8 * len(order), dtype=np.int32), np.empty(8 * len(order))
    waiting, then = np.full(len(order), -1, dtype=np.int32), np.full(len(order), -1, dtype=np.int32)
    turn = np.zeros(len(order), dtype=np.int64)
    best, found = np.full(len(order), np.inf), np.empty(len(order), dtype=np.int32)
    for r in range(len(order)):
        count = 0
        for k in range(way[order[r]], way[order[r] + 1]):
            up = rank[neighbour[k]]
            if up > r:
                if best[up] == np.inf:
                    found[count] = up
                    count += 1
                best[up] = min(best[up], length_m[k])
        below = waiting[r]
        while below >= 0:
            after, k, end = then[below], turn[below], start[below + 1]
            count = _merge(best, found, count, above[k:end], metres[k:end])
            turn[below] = k + 1
            if k + 1 < end:
                then[below], waiting[above[k + 1]] = waiting[above[k + 1]], below
            below = after
        if start[r] + count > len(above):
            above, metres = _doubled(above, count), _doubled(metres, count)
        start[r + 1], turn[r] = start[r] + count, start[r]
        above[start[r] : start[r + 1]] = np.sort(found[:count])
        for k in range(start[r], start[r + 1]):
            metres[k], best[above[k]] = best[above[k]], np.inf
        if count:
            then[r], waiting[above[start[r]]] = waiting[above[start[r]]], r
    return start, above[: start[-1]].copy(), metres[: start[-1]].copy()


@within
def _merge(best: FloatArray, found: Numbers, count: int, above: Numbers, metres: FloatArray) -> int:
    """Note the ways that lead up over the first of a row's ways; how many places are noted then."""
    for other in range(1, len(above)):
        up = above[other]
        if best[up] == np.inf:
            found[count] = up
            count += 1
        best[up] = min(best[up], metres[0] + metres[other])
    return count


@within
def _doubled(values: NDArray[np.generic], more: int) -> NDArray[np.generic]:
    longer = np.empty(2 * len(values) + more, dtype=values.dtype)
    longer[: len(values)] = values
    return longer


@compiled
def sweep(
    rungs: Ladder, streets: Streets, homes: Ends, beside: Doors, gates: Placed, order: IntArray, metres: FloatArray
) -> None:
    """Fill the rows of some gates, in that order of gates, of metres (J, N) to all homes (N).

    The homes are also given per street. inf where no road leads; gates that are neighbours are best swept together.
    """
    desk, is_on = np.empty((len(rungs.rank), SIDE_BY_SIDE)), np.zeros(len(rungs.rank), dtype=np.bool_)
    for first in range(0, len(order), SIDE_BY_SIDE):
        sites = order[first : first + SIDE_BY_SIDE]
        desk[:] = np.inf
        for lane in range(len(sites)):
            _step_on(rungs, streets, gates, sites[lane], is_on, desk[:, lane])
        _climb(rungs.start, rungs.above, rungs.metres, is_on, desk)
        _descend(rungs.start, rungs.above, rungs.metres, desk)
        _go_in(homes, desk, sites, metres)
        for site in sites:
            _walk_beside(beside, gates, site, metres[site])


@within
def _step_on(
    rungs: Ladder, streets: Streets, gates: Placed, site: int, is_on: NDArray[np.bool_], reached: FloatArray
) -> None:
    """Metres from a site to both ends of its street; they and all rungs on the way up from there are marked."""
    rank, start, above = rungs.rank, rungs.start, rungs.above
    street, along_m, leg_m = gates.street[site], gates.along_m[site], gates.leg_m[site]
    for v, way_m in ((streets.tail[street], along_m), (streets.head[street], streets.length_m[street] - along_m)):
        rung = rank[v]
        reached[rung] = min(reached[rung], way_m + leg_m)
        while not is_on[rung]:
            is_on[rung] = True
            if start[rung] < start[rung + 1]:
                rung = above[start[rung]]


@within
def _climb(start: IntArray, above: Numbers, metres: FloatArray, is_on: NDArray[np.bool_], desk: FloatArray) -> None:
    """Metres from all sites side by side to the marked rungs, from the bottom up; the marks go."""
    here_m = np.empty(SIDE_BY_SIDE)
    for rung in range(len(is_on)):
        if is_on[rung]:
            is_on[rung] = False
            here_m[:] = desk[rung]
            for k in range(start[rung], start[rung + 1]):
                up, way_m = above[k], metres[k]
                for lane in range(SIDE_BY_SIDE):
                    over_m, known_m = here_m[lane] + way_m, desk[up, lane]
                    desk[up, lane] = over_m if over_m < known_m else known_m


@within
def _descend(start: IntArray, above: Numbers, metres: FloatArray, desk: FloatArray) -> None:
    """Metres from all sites side by side to every junction, from the top rung down."""
    here_m = np.empty(SIDE_BY_SIDE)
    for rung in range(len(start) - 2, -1, -1):
        here_m[:] = desk[rung]
        for k in range(start[rung], start[rung + 1]):
            up, way_m = above[k], metres[k]
            for lane in range(SIDE_BY_SIDE):
                over_m = desk[up, lane] + way_m
                here_m[lane] = over_m if over_m < here_m[lane] else here_m[lane]
        desk[rung] = here_m


@within
def _go_in(homes: Ends, desk: FloatArray, sites: IntArray, metres: FloatArray) -> None:
    """Metres to every home (N,) over the nearer end of its street."""
    tails, heads, aheads_m, backs_m = homes.tail, homes.head, homes.ahead_m, homes.back_m
    nearer_m = np.empty(SIDE_BY_SIDE)
    for p in range(len(tails)):
        tail, head, ahead_m, back_m = tails[p], heads[p], aheads_m[p], backs_m[p]
        for lane in range(SIDE_BY_SIDE):
            over_tail_m, over_head_m = desk[tail, lane] + ahead_m, desk[head, lane] + back_m
            nearer_m[lane] = over_tail_m if over_tail_m < over_head_m else over_head_m
        for lane in range(len(sites)):
            metres[sites[lane], p] = nearer_m[lane]


@within
def _walk_beside(beside: Doors, gates: Placed, site: int, metres: FloatArray) -> None:
    """Metres to the homes on a site's own street where the way along it is the shortest."""
    street = gates.street[site]
    for d in range(beside.start[street], beside.start[street + 1]):
        along_m = abs(beside.along_m[d] - gates.along_m[site])
        p = beside.point[d]
        metres[p] = min(metres[p], along_m + gates.leg_m[site] + beside.leg_m[d])
