"""Lines that become streets: grids in every place, lanes between villages, county and trunk roads, field tracks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import Delaunay
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from sample.facts import Floats, Ints
from sample.ground import course_of, smooth
from sample.people import County
from sample.places import Settlement

RANK = ("trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "track")
"""What a road is, the most important first."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines (L) with rank (positions in RANK) and name; "" for the many that have none."""

    line: list[BaseGeometry]
    rank: list[int]
    name: list[str]

    def add(self, word: str, lines: list[BaseGeometry], name: str = "") -> None:
        """More lines of one rank and name."""
        self.line.extend(lines)
        self.rank.extend([RANK.index(word)] * len(lines))
        self.name.extend([name] * len(lines))


_TRUNKS: tuple[tuple[str, str, str], ...] = (
    ("trunk", "107国道", "114.80 38.375, 114.90 38.455, 114.984 38.508, 115.040 38.592, 115.075 38.640"),
    ("trunk", "337国道", "114.80 38.520, 114.90 38.521, 114.987 38.5065, 115.08 38.512, 115.17 38.470, 115.27 38.472"),
    ("primary", "515国道", "114.87 38.640, 114.96 38.605, 114.995 38.520, 115.02 38.420, "
     "115.07 38.350, 115.13 38.275, 115.19 38.230"),
    ("primary", "234省道", "115.16 38.655, 115.135 38.590, 115.15 38.480, 115.12 38.410, 115.17 38.330, 115.19 38.250"),
    ("primary", "382省道", "114.85 38.445, 114.91 38.425, 115.02 38.418, 115.12 38.408, 115.20 38.420, 115.26 38.414"),
    ("primary", "335省道", "114.89 38.270, 114.945 38.318, 115.00 38.348, 115.07 38.338, 115.13 38.320, 115.24 38.300"),
)  # fmt: skip
"""Main roads by their real numbers, drawn by hand: where they run is made up."""

_CITY_STREETS = ("中山路", "兴华路", "博陵街", "清风街", "中兴路", "长安路", "兴定路", "商城街", "花园街", "永康街")


def make_lines(county: County, rng: np.random.Generator) -> Lines:
    """All roads of the county, not yet cut where they meet."""
    outline = shapely.buffer(county.facts.outline, -30.0)
    lines = Lines([], [], [])
    for word, name, course in _TRUNKS:
        lines.add(word, _within([smooth(course_of(course), 200.0)], outline), name)
    lines.add("secondary", _within(_county_roads(county, rng), outline))
    lines.add("unclassified", _within(_lanes(county, rng), outline))
    grounds = [place.ground for place in county.settlements] + [county.grounds[at] for at in county.rural]
    for place, ground in zip([*county.settlements, *county.rural.tolist()], grounds, strict=True):
        _add_streets(lines, place, ground, rng)
    built_up = shapely.union_all(grounds)
    fields = shapely.difference(shapely.difference(outline, built_up), shapely.buffer(county.ground.gap, 20.0))
    lines.add("track", _tracks(fields, rng))
    return lines


def _within(lines: list[BaseGeometry], ground: BaseGeometry) -> list[BaseGeometry]:
    inside = shapely.get_parts(shapely.intersection(np.array(lines, dtype=object), ground))
    return list(inside[shapely.length(inside) > 1.0])


# --- streets ---------------------------------------------------------------------------------------------------


def _add_streets(lines: Lines, place: Settlement | int, ground: BaseGeometry, rng: np.random.Generator) -> None:
    """A turned grid on a place's ground and a road around it; in the city every fourth street is a main one."""
    is_city = isinstance(place, Settlement) and place.area == "城区"
    block_m = rng.uniform(120.0, 150.0) if isinstance(place, Settlement) else rng.uniform(130.0, 165.0)
    grid = _grid(ground, block_m, np.radians(rng.normal(2.0, 4.0)), rng)
    lines.add("residential", [shapely.boundary(part) for part in shapely.get_parts(ground)])
    lines.add("residential", _within([line for line, _ in grid], ground))
    if isinstance(place, Settlement):
        every = 4 if is_city else 5
        names = iter(_CITY_STREETS if is_city else ())
        for line, number in grid:
            if number % every == 0:
                lines.add("tertiary", _within([line], ground), next(names, "") if abs(number) <= 8 else "")


def _grid(ground: BaseGeometry, block_m: float, turn: float, rng: np.random.Generator) -> list[tuple[LineString, int]]:
    """Both families of parallel streets over a ground, slightly crooked, each with its number from the middle."""
    west, south, east, north = ground.bounds
    middle, half = np.array([west + east, south + north]) / 2, np.hypot(east - west, north - south) / 2
    ahead, aside = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    count = int(half / block_m) + 1
    at = np.linspace(-half, half, max(2, int(half / (2 * block_m)) + 1))
    streets = []
    for along, across in ((ahead, aside), (aside, ahead)):
        for number in range(-count, count + 1):
            crooked = (number + rng.normal(0.0, 0.06, len(at))) * block_m
            streets.append((LineString(middle + at[:, None] * along + crooked[:, None] * across), number))
    return streets


def _tracks(fields: BaseGeometry, rng: np.random.Generator) -> list[BaseGeometry]:
    """Field tracks about 480 m apart, one stretch in four missing."""
    kept = []
    for line, _ in _grid(fields, 480.0, 0.05, rng):
        bends = shapely.get_coordinates(line)
        steps = np.linspace(bends[:-1], bends[1:], 5, axis=1)
        ends = np.stack((steps[:, :-1], steps[:, 1:]), axis=2).reshape(-1, 2, 2)
        kept.append(shapely.linestrings(ends[rng.random(len(ends)) < 0.75]))
    stretches = np.concatenate(kept)
    shapely.prepare(fields)
    is_whole = shapely.contains(fields, stretches)
    at_edge = stretches[~is_whole & shapely.intersects(fields, stretches)]
    cut = shapely.get_parts(shapely.intersection(at_edge, fields))
    return [*stretches[is_whole], *cut[shapely.length(cut) > 60.0]]


# --- roads between places --------------------------------------------------------------------------------------

_LONGEST_LANE_M = 4200.0


def _lanes(county: County, rng: np.random.Generator) -> list[BaseGeometry]:
    """Lanes from every village to its nearest neighbours, none crossing another: a thinned triangulation."""
    of_place = np.arange(len(county.seats))
    for place in county.settlements:
        of_place[list(place.units)] = place.units[0]
    pairs = _triangle_sides(county.seats)
    pairs = pairs[of_place[pairs[:, 0]] != of_place[pairs[:, 1]]]
    length = np.hypot(*(county.seats[pairs[:, 0]] - county.seats[pairs[:, 1]]).T)
    kept = _in_tree(pairs, length, len(county.seats)) | (
        (_place_in_line(pairs, length) < 3) & (length < _LONGEST_LANE_M)
    )
    return [_winding(county.seats[a], county.seats[b], rng) for a, b in pairs[kept].tolist()]


def _county_roads(county: County, rng: np.random.Generator) -> list[BaseGeometry]:
    """Roads between the middles of neighbouring towns and the city."""
    middles = np.array([place.middle for place in county.settlements])
    pairs = _triangle_sides(middles)
    length = np.hypot(*(middles[pairs[:, 0]] - middles[pairs[:, 1]]).T)
    kept = _in_tree(pairs, length, len(middles)) | ((_place_in_line(pairs, length) < 3) & (length < 13_000.0))
    return [_winding(middles[a], middles[b], rng) for a, b in pairs[kept].tolist()]


def _triangle_sides(xy: Floats) -> Ints:
    """Pairs (P, 2) of places joined by the Delaunay triangulation, each once, in order."""
    corners = Delaunay(xy).simplices
    sides = np.sort(np.concatenate((corners[:, :2], corners[:, 1:], corners[:, ::2])), axis=1)
    pairs: Ints = np.unique(sides, axis=0)
    return pairs


def _in_tree(pairs: Ints, length: Floats, count: int) -> Ints:
    """Whether each pair belongs to the shortest tree over all places."""
    tree = minimum_spanning_tree(coo_array((length, pairs.T), shape=(count, count)).tocsr()).tocoo()
    in_tree = set(zip(tree.row.tolist(), tree.col.tolist(), strict=True))
    return np.array([(a, b) in in_tree for a, b in pairs.tolist()])


def _place_in_line(pairs: Ints, length: Floats) -> Ints:
    """How many shorter pairs the end of each pair has that likes it better."""
    best = np.full(len(pairs), len(pairs))
    for end in (0, 1):
        other = np.concatenate((pairs, pairs[:, ::-1]))[:, 0]
        both = np.concatenate((length, length))
        for at, (place, metres_) in enumerate(zip(pairs[:, end].tolist(), length.tolist(), strict=True)):
            best[at] = min(best[at], int(((other == place) & (both < metres_)).sum()))
    return best


def _winding(start: Floats, end: Floats, rng: np.random.Generator) -> LineString:
    """A road from place to place that bends a little every 300 m or so."""
    length = np.hypot(*(end - start))
    along = np.linspace(0.0, 1.0, max(3, int(length / 280.0)))
    aside = np.array([-(end - start)[1], (end - start)[0]]) * np.sin(np.pi * along)[:, None]
    wave = rng.uniform(-0.04, 0.04) * np.sin(2 * np.pi * along)
    swing = rng.uniform(-0.06, 0.06) + wave + rng.uniform(-30.0, 30.0, len(along)) / length
    return LineString(start + along[:, None] * (end - start) + aside * swing[:, None])


def stray_paths(county: County) -> Iterator[LineString]:
    """Two paths inside farmyards that lead nowhere: every real road file has some."""
    for at in county.rural[[20, 120]]:
        yield LineString(county.seats[at] + np.array([(37.0, 29.0), (46.0, 32.0), (49.0, 44.0)]))
