"""Where people settle: a city, a compact town per township, villages in loose clusters between the barriers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.optimize import linear_sum_assignment
from scipy.spatial import cKDTree
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from sample.facts import Facts, Floats, Ints, Unit, metres
from sample.ground import Ground

CELL_M = 100.0

CITY_M = 4550.0
"""Mean radius of the city."""

TOWN_SHARE = 0.425
"""Of a township's units so many, the first in the list, are its built-up seat."""

RURAL_OF_STREET = {"130682001": 6, "130682002": 0, "130682003": 5, "130682004": 16}
"""Outlying villages of the city's districts: the last in the list; in 长安路 Zhaocun and all that are no 社区."""

STREET_FOCUS = {
    "130682001": (600, -2200), "130682002": (900, 2200), "130682003": (-2600, -300), "130682004": (-2200, 2600),
}  # fmt: skip
"""Where the city districts lie, metres from the middle of the city."""

CENTRES = {
    "130682001": (114.995, 38.458), "130682003": (114.915, 38.505), "130682004": (114.917, 38.557),
    "130682100": (115.070, 38.476), "130682101": (115.037, 38.590), "130682105": (115.020, 38.414),
    "130682106": (115.135, 38.477), "130682107": (115.165, 38.548), "130682108": (115.120, 38.400),
    "130682110": (115.065, 38.345), "130682111": (115.125, 38.325), "130682112": (115.188, 38.303),
    "130682203": (115.192, 38.440), "130682204": (115.140, 38.597), "130682205": (115.082, 38.521),
    "130682206": (114.905, 38.598), "130682208": (115.165, 38.351),
}  # fmt: skip
"""Middles of townships GeoNames does not have, drawn by hand; of city districts, the middle of their villages."""

ANCHORS = {
    "130682102": "庞村镇", "130682103": "砖路镇", "130682104": "明月店镇", "130682109": "高蓬镇",
    "130682113": "小油村乡", "130682115": "周村乡", "130682116": "息冢乡",
}  # fmt: skip
"""Townships whose seat GeoNames has; its name for them may be an older one."""

ZHAOCUN = "130682004200"

_GENERIC = frozenset({"家庄", "辛庄", "家店", "家营"})
_TOWARDS = {"东": (1.0, 0.0), "西": (-1.0, 0.0), "南": (0.0, -1.0), "北": (0.0, 1.0)}


@dataclass(frozen=True, slots=True)
class Settlement:
    """A built-up place: its ground, its units (positions in the facts) and their seats (K, 2). One is the city."""

    name: str
    area: str
    middle: Floats
    ground: BaseGeometry
    units: tuple[int, ...]
    seats: Floats


def urban_units(facts: Facts) -> Mapping[str, list[int]]:
    """Positions of the units of each township that are built up: the city's districts, and the towns."""
    of_township: dict[str, list[int]] = defaultdict(list)
    for at, unit in enumerate(facts.units):
        of_township[unit.township].append(at)
    return {code: _built_up(code, members, facts.units) for code, members in of_township.items()}


def _built_up(code: str, members: list[int], units: Sequence[Unit]) -> list[int]:
    if code == "130682004":
        return [at for at in members if "社区" in units[at].official and units[at].code != ZHAOCUN]
    if code in RURAL_OF_STREET:
        return members[: len(members) - RURAL_OF_STREET[code]]
    return members[: round(TOWN_SHARE * len(members))]


def centre(code: str, facts: Facts) -> Floats:
    """The middle of a township."""
    return facts.places[ANCHORS[code]] if code in ANCHORS else metres([CENTRES[code]])[0]


def blob(middle: Floats, radius_m: float, rng: np.random.Generator, wobble: float = 0.10) -> Polygon:
    """A round place with a wavy edge of 36 corners, never wider than radius_m * (1 + 2 wobble)."""
    turn = np.linspace(0.0, 2 * np.pi, 36, endpoint=False)
    first, second = rng.uniform(0.0, 2 * np.pi, 2)
    radius = radius_m * (1 + wobble * (np.sin(2 * turn + first) + np.sin(3 * turn + second)))
    return Polygon(middle + np.column_stack((np.cos(turn), np.sin(turn))) * radius[:, None])


def cells_in(ground: BaseGeometry) -> Floats:
    """Middles (N, 2) of the 100 m cells whose middle lies on a ground."""
    west, south, east, north = (np.floor(edge / CELL_M) for edge in ground.bounds)
    x, y = np.meshgrid(np.arange(west, east + 1), np.arange(south, north + 1))
    middles = (np.column_stack((x.ravel(), y.ravel())) + 0.5) * CELL_M
    shapely.prepare(ground)
    inside: Floats = middles[shapely.contains_xy(ground, middles)]
    return inside


def nearest(seats: Floats | list[Floats], places: Floats) -> tuple[Floats, Ints]:
    """How far the nearest seat is from every place (N, 2), and its position."""
    off, at = cKDTree(np.asarray(seats)).query(places)
    return np.asarray(off), np.asarray(at)


# --- the city and the towns ------------------------------------------------------------------------------------


def make_city(facts: Facts, ground: Ground, rng: np.random.Generator) -> Settlement:
    """The four districts around the real middle of the city."""
    middle = facts.places["定州"]
    this_side = part_at(shapely.difference(blob(middle, CITY_M, rng, 0.07), ground.motorways), middle)
    inside = _large_parts(shapely.difference(this_side, ground.gap), 1.2e6)
    of_district = {code: units for code, units in urban_units(facts).items() if code in RURAL_OF_STREET}
    seats = spread_seats(cells_in(inside), middle, sum(map(len, of_district.values())), ground, rng, fall_m=2600.0)
    district = _districts(seats - middle, {code: len(units) for code, units in of_district.items()})
    units = np.empty(len(seats), dtype=np.int64)
    for code, members in of_district.items():
        here = np.flatnonzero(district == list(of_district).index(code))
        units[here[np.argsort(np.hypot(*(seats[here] - middle).T), kind="stable")]] = members
    return Settlement("定州城区", "城区", middle, inside, tuple(units.tolist()), seats)


def _large_parts(ground: BaseGeometry, least_m2: float) -> BaseGeometry:
    parts = shapely.get_parts(ground)
    return shapely.union_all(parts[shapely.area(parts) >= least_m2])


def _districts(offset: Floats, sizes: Mapping[str, int]) -> Ints:
    """The district (position in sizes) of every seat, each district as many as it has units, all near its focus."""
    slots = np.repeat(np.arange(len(sizes)), list(sizes.values()))
    focus = np.array([STREET_FOCUS[code] for code in sizes], dtype=float)[slots]
    _, slot = linear_sum_assignment(((offset[:, None] - focus[None]) ** 2).sum(axis=2))
    district: Ints = slots[slot]
    return district


def make_town(code: str, facts: Facts, ground: Ground, radius_m: float, rng: np.random.Generator) -> Settlement:
    """The built-up seat of a township, on the side of the barriers its middle is on."""
    middle, units = centre(code, facts), urban_units(facts)[code]
    here = shapely.intersection(blob(middle, radius_m, rng, 0.06), shapely.buffer(ground.outline, -80.0))
    inside = part_at(shapely.difference(here, ground.gap), middle)
    seats = spread_seats(cells_in(inside), middle, len(units), ground, rng, fall_m=radius_m)
    seats = np.vstack((middle, seats[np.argsort(np.hypot(*(seats - middle).T), kind="stable")][1:]))
    return Settlement(f"{facts.townships[code]}区", "镇区", middle, inside, tuple(units), seats)


def part_at(ground: BaseGeometry, place: Floats) -> BaseGeometry:
    """The part of a ground nearest to a place."""
    parts = shapely.get_parts(ground)
    return parts[int(np.argmin(shapely.distance(parts, shapely.points(place))))]


def spread_seats(
    cells: Floats, middle: Floats, count: int, ground: Ground, rng: np.random.Generator, fall_m: float
) -> Floats:
    """So many seats (K, 2) among cells, denser towards the middle: a k-means of few rounds."""
    weight = np.exp(-np.hypot(*(cells - middle).T) / fall_m) + 0.1
    seats = cells[rng.choice(len(cells), count, replace=False, p=weight / weight.sum())]
    for _ in range(25):
        _, seat = nearest(seats, cells)
        people = np.maximum(np.bincount(seat, weight, minlength=count), 1e-9)
        seats = np.column_stack(
            [np.bincount(seat, weight * cells[:, axis], minlength=count) / people for axis in (0, 1)]
        )
    return cells[nearest(cells, seats)[1]] + rng.uniform(-30.0, 30.0, (count, 2)).round(1)


# --- villages --------------------------------------------------------------------------------------------------

_CLEAR_M = 300.0
_ALONE_M = 1500.0
_NEAR_M = (700.0, 880.0)
_CLUSTERED = 0.58


def village_seats(facts: Facts, ground: Ground, built_up: BaseGeometry, count: int, rng: np.random.Generator) -> Floats:
    """Seats (K, 2) outside the built-up places, the first at Zhaocun: evenly strewn, six in ten beside another."""
    allowed = shapely.difference(
        shapely.buffer(facts.outline, -350.0),
        shapely.union_all([shapely.buffer(built_up, 550.0), shapely.buffer(ground.lines, _CLEAR_M)]),
    )
    shapely.prepare(allowed)
    seats = [facts.places["赵村乡"]]
    while len(seats) < count:
        found = _beside(seats, allowed, ground, rng) if rng.random() < _CLUSTERED else _alone(seats, allowed, rng)
        seats.extend(found)
    placed: Floats = np.array(seats).round(1)
    return placed


def _alone(seats: list[Floats], allowed: BaseGeometry, rng: np.random.Generator) -> list[Floats]:
    """Of some random places the one farthest from all seats, if that is far enough."""
    west, south, east, north = allowed.bounds
    tries = rng.uniform((west, south), (east, north), (60, 2))
    tries = tries[shapely.contains_xy(allowed, tries)]
    if not len(tries):
        return []
    off, _ = nearest(seats, tries)
    best = int(np.argmax(off))
    return [tries[best]] if off[best] >= _ALONE_M else []


def _beside(seats: list[Floats], allowed: BaseGeometry, ground: Ground, rng: np.random.Generator) -> list[Floats]:
    beside = seats[int(rng.integers(len(seats)))]
    turn, off = rng.uniform(0.0, 2 * np.pi), rng.uniform(*_NEAR_M)
    place = beside + off * np.array([np.cos(turn), np.sin(turn)])
    is_free = shapely.contains_xy(allowed, *place) and nearest(seats, place[None])[0][0] >= _NEAR_M[0] - 1e-6
    return [place] if is_free and not ground.is_cut(beside[None], place[None])[0] else []


def name_villages(facts: Facts, seats: Floats) -> tuple[int, ...]:
    """The unit (position in the facts) of every village seat: townships keep together, namesakes are neighbours."""
    urban = {at for members in urban_units(facts).values() for at in members}
    rural = [at for at, unit in enumerate(facts.units) if at not in urban and unit.code != ZHAOCUN]
    township = [facts.units[at].township for at in rural]
    middle = np.array([centre(code, facts) for code in township])
    _, slot = linear_sum_assignment(((seats[1:, None] - middle[None]) ** 2).sum(axis=2))
    of_seat = np.array([township[at] for at in slot])
    named = np.empty(len(seats), dtype=np.int64)
    named[0] = next(at for at, unit in enumerate(facts.units) if unit.code == ZHAOCUN)
    for code in dict.fromkeys(township):
        here = 1 + np.flatnonzero(of_seat == code)
        members = [at for at in rural if facts.units[at].township == code]
        for seat, unit in _settled(here, members, seats, facts.units):
            named[seat] = unit
    return tuple(named.tolist())


def _settled(here: Ints, members: list[int], seats: Floats, units: Sequence[Unit]) -> list[tuple[int, int]]:
    """Seats of a township and who lives there: the largest family of namesakes first, each on the tightest seats."""
    free, placed = list(here), []
    for family in _families(members, units):
        spot = _tightest(free, len(family), seats)
        placed += _turned(spot, family, seats, units)
        free = [seat for seat in free if seat not in spot]
    return placed


def _families(members: list[int], units: Sequence[Unit]) -> list[list[int]]:
    """Units by the rest of their name after its first character: 东忽村 and 西忽村 are one family."""
    families: dict[str, list[int]] = defaultdict(list)
    for at in members:
        rest = units[at].name.removesuffix("社区").removesuffix("村")[1:]
        families[rest if rest and rest not in _GENERIC else units[at].code].append(at)
    return sorted(families.values(), key=lambda family: -len(family))


def _tightest(free: list[int], count: int, seats: Floats) -> list[int]:
    xy = seats[free]
    apart = np.sort(np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)), axis=1)[:, :count].sum(axis=1)
    first = int(np.argmin(apart)) if count > 1 else 0
    order = np.argsort(np.hypot(*(xy - xy[first]).T), kind="stable")[:count]
    return [free[at] for at in order]


def _turned(spot: list[int], family: list[int], seats: Floats, units: Sequence[Unit]) -> list[tuple[int, int]]:
    """A family on its seats: the eastern name in the east."""
    towards = np.array([_TOWARDS.get(units[at].name[0], (0.0, 0.0)) for at in family])
    offset = seats[spot] - seats[spot].mean(axis=0)
    seat, member = linear_sum_assignment(-(offset @ towards.T))
    return [(spot[at], family[who]) for at, who in zip(seat.tolist(), member.tolist(), strict=True)]
