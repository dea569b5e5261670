"""Who lives where: residents of every unit, children of three ages, and the 100 m grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import cKDTree
from scipy.special import ndtri
from shapely.geometry.base import BaseGeometry

from sample.facts import Facts, Floats, Ints
from sample.ground import Ground
from sample.places import (
    Settlement,
    blob,
    cells_in,
    make_city,
    make_town,
    name_villages,
    nearest,
    part_at,
    urban_units,
    village_seats,
)

CITY_RESIDENTS = 340_000

TOWN_M = 1400.0
"""Radius of a town of 11,000."""

MEDIAN_RURAL = 1775.0
TOWN_RANGE = (6500.0, 14800.0)

NEIGHBOUR_M = 1000.0
COMPACT_M = (470.0, 420.0, 560.0)
LOOSE_M = (925.0, 800.0, 980.0)
"""Radius of villages with a neighbour and of those alone in their fields: the median one's, the least and the most."""

FARTHEST_M = 1230.0
"""East and north together, from a seat to its people: streets run about so, and the way must stay below 1500 m."""

PER_1000 = {"城区": (21.0, 70.0, 42.5), "镇区": (20.0, 68.0, 42.0), "乡村": (19.0, 65.0, 42.0)}
"""Children of 3-5, 6-11 and 12-14 among 1000 residents, at the births of recent years."""


@dataclass(frozen=True, slots=True)
class County:
    """All units in the order of the facts (U): seat, area, residents, children (U, 3), grounds; and the built-up
    places, city first. rural are the positions of villages."""

    facts: Facts
    ground: Ground
    settlements: tuple[Settlement, ...]
    seats: Floats
    area: tuple[str, ...]
    residents: Ints
    children: Ints
    grounds: tuple[BaseGeometry, ...]

    @property
    def rural(self) -> Ints:
        """Positions of the units that are villages in the country."""
        return np.flatnonzero(np.array(self.area) == "乡村")


@dataclass(frozen=True, slots=True)
class Grid:
    """Populated 100 m cells (N): middles (N, 2), people before any count is rounded, and the unit of each."""

    xy: Floats
    people: Floats
    unit: Ints


def make_county(facts: Facts, ground: Ground, rng: np.random.Generator) -> County:
    """Everything about units: the part of the sample that villages_synthetic.csv shows."""
    towns = _town_residents(facts, rng)
    settlements = _settlements(facts, ground, towns, rng)
    seats, named = _seats(facts, ground, settlements, rng)
    residents: Ints = np.zeros(len(facts.units), dtype=np.int64)
    residents[named] = rng.permutation(log_normal(len(named), MEDIAN_RURAL, facts.residents - facts.urban))
    grounds = _grounds(seats, residents, settlements, named, ground, rng)
    for place, people in zip(settlements, (CITY_RESIDENTS, *towns.values()), strict=True):
        residents[list(place.units)] = _urban_residents(place, people, ground, rng)
    area = _areas(len(facts.units), settlements)
    return County(facts, ground, settlements, seats, area, residents, _children(residents, area, rng), grounds)


def _settlements(
    facts: Facts, ground: Ground, towns: Mapping[str, int], rng: np.random.Generator
) -> tuple[Settlement, ...]:
    """The city, and the towns, each as wide as its people need."""
    city = make_city(facts, ground, rng)
    radius_m = {code: TOWN_M * np.sqrt(people / 11_000) for code, people in towns.items()}
    return (city, *(make_town(code, facts, ground, radius_m[code], rng) for code in towns))


def _seats(
    facts: Facts, ground: Ground, settlements: tuple[Settlement, ...], rng: np.random.Generator
) -> tuple[Floats, list[int]]:
    """Seats of all units (U, 2), and which of them are villages in the country, in the order these were settled."""
    seats = np.empty((len(facts.units), 2))
    for place in settlements:
        seats[list(place.units)] = place.seats
    built_up = shapely.union_all([place.ground for place in settlements])
    rural = len(facts.units) - sum(len(place.units) for place in settlements)
    villages = village_seats(facts, ground, built_up, rural, rng)
    named = list(name_villages(facts, villages))
    seats[named] = villages
    return seats, named


def _areas(count: int, settlements: tuple[Settlement, ...]) -> tuple[str, ...]:
    built_up = {at: place.area for place in settlements for at in place.units}
    return tuple(built_up.get(at, "乡村") for at in range(count))


# --- counts ----------------------------------------------------------------------------------------------------


def log_normal(count: int, median: float, total: int) -> Ints:
    """Whole numbers (count,) spread log-normally around a median, as wide as makes them add up to total."""
    normal = ndtri((np.arange(count) + 0.5) / count)
    low, high = 0.0, 2.0
    for _ in range(60):
        sigma = (low + high) / 2
        low, high = (sigma, high) if (median * np.exp(sigma * normal)).sum() < total else (low, sigma)
    return whole(median * np.exp(low * normal), total)


def whole(shares: Floats, total: int) -> Ints:
    """Shares (K,) as whole numbers that add up to total: the largest remainders are rounded up."""
    exact = shares / shares.sum() * total
    floor: Ints = np.floor(exact).astype(np.int64)
    short = total - int(floor.sum())
    floor[np.argsort(floor - exact, kind="stable")[:short]] += 1
    return floor


def _town_residents(facts: Facts, rng: np.random.Generator) -> dict[str, int]:
    """Residents of every town, more where it has more villages, all within TOWN_RANGE."""
    units = {code: len(members) for code, members in urban_units(facts).items() if code > "130682099"}
    size = np.array(list(units.values())) ** 0.5 * rng.uniform(0.85, 1.18, len(units))
    total = facts.urban - CITY_RESIDENTS
    for _ in range(50):
        size = np.clip(size / size.sum() * total, *TOWN_RANGE)
    return dict(zip(units, whole(size, total).tolist(), strict=True))


def _urban_residents(place: Settlement, people: int, ground: Ground, rng: np.random.Generator) -> Ints:
    """Residents of a built-up place's units: what lives on the cells nearest to each seat, give or take."""
    cells = cells_in(place.ground)
    _, unit = nearest(place.seats, cells)
    lives = density(cells, place.middle, place.area) * ~ground.is_cut(place.seats[unit], cells)
    share = np.bincount(unit, lives, minlength=len(place.units))
    share = np.maximum(share, 0.4 * share.mean())
    return whole(share * np.exp(rng.normal(0.0, 0.22, len(share))), people)


def _children(residents: Ints, area: Sequence[str], rng: np.random.Generator) -> Ints:
    per_1000 = np.array([PER_1000[word] for word in area])
    noise = rng.normal(1.0, 0.05, per_1000.shape).clip(0.85, 1.15)
    children: Ints = np.rint(residents[:, None] * per_1000 * noise / 1000.0).astype(np.int64)
    return children


# --- grounds ---------------------------------------------------------------------------------------------------


def _grounds(
    seats: Floats,
    residents: Ints,
    settlements: tuple[Settlement, ...],
    named: list[int],
    ground: Ground,
    rng: np.random.Generator,
) -> tuple[BaseGeometry, ...]:
    """The ground of every unit: what is nearer to its seat than to any other, on its side of the barriers."""
    around = dict.fromkeys(range(len(seats)))
    for place in settlements:
        around.update(dict.fromkeys(place.units, place.ground))
    to_next = np.asarray(cKDTree(seats).query(seats, k=2)[0])[:, 1]
    for at in named:
        usual, least, most = COMPACT_M if to_next[at] < NEIGHBOUR_M else LOOSE_M
        radius = np.clip(usual * (residents[at] / MEDIAN_RURAL) ** 0.25, least, most)
        around[at] = shapely.difference(blob(seats[at], radius, rng, 0.08), ground.gap)
    nearer = _nearer(seats, ground.outline)
    grounds = [shapely.intersection(nearer[at], around[at]) for at in range(len(seats))]
    return tuple(part_at(one, seats[at]) for at, one in enumerate(grounds))


def _nearer(seats: Floats, outline: BaseGeometry) -> list[BaseGeometry]:
    """Within the outline, what is nearer to each seat than to any other."""
    polygons = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(seats), extend_to=shapely.buffer(outline, 5000.0))
    )
    seat, polygon = shapely.STRtree(polygons).query(shapely.points(seats), predicate="intersects")
    of_seat = dict(zip(seat.tolist(), polygon.tolist(), strict=True))
    return [shapely.intersection(polygons[of_seat[at]], outline) for at in range(len(seats))]


# --- the grid --------------------------------------------------------------------------------------------------


def density(cells: Floats, middle: Floats, area: str) -> Floats:
    """How crowded cells (N, 2) are, 1 in the middle of a place and falling outward."""
    off = np.hypot(*(cells - middle).T)
    fall_m = {"城区": 2300.0, "镇区": 620.0, "乡村": 260.0}[area]
    floor = {"城区": 0.12, "镇区": 0.06, "乡村": 0.03}[area]
    crowded: Floats = np.exp(-((off / fall_m) ** 1.3)) + floor
    return crowded


def make_grid(county: County, rng: np.random.Generator) -> Grid:
    """The populated cells. The sum is about two per cent off the census, as grids are."""
    parts = [_cells_of(county, at, rng) for at in range(len(county.seats))]
    unit = np.repeat(np.arange(len(parts)), [len(xy) for xy, _ in parts])
    people: Floats = np.maximum(np.concatenate([people for _, people in parts]) * 0.98, 0.05).round(2)
    return Grid(np.concatenate([xy for xy, _ in parts]), people, unit)


def _cells_of(county: County, at: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    seat, area = county.seats[at], county.area[at]
    cells = cells_in(county.grounds[at])
    is_far = np.abs(cells - seat).sum(axis=1) > FARTHEST_M
    cells = cells[~is_far & ~county.ground.is_cut(np.broadcast_to(seat, cells.shape), cells)]
    middle = seat if area == "乡村" else next(p.middle for p in county.settlements if at in p.units)
    weight = density(cells, middle, area) * np.exp(rng.normal(0.0, 0.3, len(cells)))
    return cells, weight / weight.sum() * county.residents[at] * rng.normal(1.0, 0.04)
