"""Who lives within the radius of which school, point by point; and who lost it with a school that went."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from siting.network.distances import bounded_distances
from siting.network.snapping import snap
from siting.project import areas_of
from siting.run import Study
from siting.study import FloatArray, IntArray, Units

FAR = 10.0
"""Whoever lost a school is looked for another within so many radii, to say how far it is."""

LOST = 1e-6
"""A smaller share of a unit's residents is rounding."""


@dataclass(frozen=True, slots=True)
class Place:
    """A school's gate."""

    x: float
    y: float


def points_within(study: Study, places: Sequence[Place], radius_m: float) -> tuple[IntArray, ...]:
    """The demand points within the radius of each place; no radius reaches nobody."""
    if math.isinf(radius_m) or not places:
        return tuple(np.zeros(0, dtype=np.int64) for _ in places)
    gates = snap(study.network, *_xy(places))
    found = bounded_distances(study.network, gates, study.points, radius_m)
    return tuple(found.point[found.start[j] : found.start[j + 1]].astype(np.int64) for j in range(len(places)))


def people_at(study: Study, points: IntArray) -> FloatArray:
    """Residents of every unit (U,) who live at some demand points."""
    held, unit = study.area.points, study.area.points.unit[points]
    is_in = unit >= 0
    people = np.bincount(unit[is_in], held.residents[points[is_in]], minlength=len(study.area.units))
    return people.astype(np.float64)


def union(within: Sequence[IntArray]) -> IntArray:
    """Demand points within the radius of any."""
    return np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *within]))


def units_of(units: Units, area: str) -> IntArray:
    """Positions of the units of a programme's area."""
    return np.flatnonzero(np.isin(np.array(units.area), list(areas_of(area))))


def best_share(study: Study, within: Sequence[IntArray]) -> FloatArray:
    """The largest share of each unit's residents (U,) whom one school has within the radius."""
    everybody = study.area.units.residents
    best = np.zeros(len(everybody))
    for points in within:
        best = np.maximum(best, people_at(study, points))
    share: FloatArray = np.divide(best, everybody, out=np.ones(len(everybody)), where=everybody > 0)
    return share


@dataclass(frozen=True, slots=True)
class Lost:
    """A unit some of whose residents lost the school they had: shares before and after, metres to what is left."""

    unit: int
    before: float
    after: float
    metres: float


def lost_reach(
    study: Study, gone: Sequence[Place], left: Sequence[Place], radius_m: float, area: str
) -> Iterator[Lost]:
    """Units of an area of whom fewer have a school within the radius now that some are gone."""
    here = units_of(study.area.units, area)
    without = points_within(study, left, radius_m)
    after = best_share(study, without)
    before = np.maximum(after, best_share(study, points_within(study, gone, radius_m)))
    losers = here[(before - after)[here] > LOST]
    metres = _nearest_m(study, losers, left, radius_m)
    for unit, far in zip(losers.tolist(), metres.tolist(), strict=True):
        yield Lost(unit, float(before[unit]), float(after[unit]), far)


def _nearest_m(study: Study, units: IntArray, left: Sequence[Place], radius_m: float) -> FloatArray:
    """Metres from units' residents on average to the nearest school each; inf where some have none within reach."""
    if not len(units) or not left:
        return np.full(len(units), np.inf)
    points = study.area.points
    nearest = np.full(len(points), np.inf)
    found = bounded_distances(study.network, snap(study.network, *_xy(left)), study.points, FAR * radius_m)
    np.minimum.at(nearest, found.point, found.metres)
    people = np.where(points.residents > 0, points.residents, 0.0)
    means = []
    for unit in units.tolist():
        lived = (points.unit == unit) & (people > 0)
        means.append(float(np.average(nearest[lived], weights=people[lived])) if lived.any() else math.nan)
    return np.array(means)


def _xy(places: Sequence[Place]) -> tuple[FloatArray, FloatArray]:
    return np.array([one.x for one in places]), np.array([one.y for one in places])
