"""The walk of everybody in a programme's area to the nearest of its existing schools, by road and as the crow flies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from siting.demand.pupils import knows_pupils, unit_pupils
from siting.network.distances import ROUNDING_M, bounded_distances, nearest
from siting.network.graph import RoadNetwork, Snapped
from siting.network.snapping import snap
from siting.project import Programme, areas_of
from siting.rules.terms import Terms
from siting.study import DemandPoints, FloatArray, IntArray, StudyArea, Tier

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ground:
    """What every programme stands on: the study area, its roads, its demand points on them, children per 1000."""

    area: StudyArea
    network: RoadNetwork
    points: Snapped
    pupils_per_1000: Mapping[Tier, float]


@dataclass(frozen=True, slots=True)
class Walks:
    """Who walks how far to which school, for one programme.

    radius_m is nan where the rules promise no distance. members (M,): positions of the area's units.
    unit, residents, children (N,): of every demand point in them, children nan where nobody counted.
    by_road, by_air (N,): row in the study area of the nearest school the rules count, -1 for none; road_m, straight_m
    (N,): metres to it, inf without one. school (S,): rows of all schools there; is_counted (S,): by the rules;
    within (S,): residents within the radius of each school that is counted, nan else.
    """

    area: StudyArea
    programme: Programme
    radius_m: float
    members: IntArray
    unit: IntArray
    residents: FloatArray
    children: FloatArray
    by_road: IntArray
    road_m: FloatArray
    by_air: IntArray
    straight_m: FloatArray
    school: IntArray
    is_counted: BoolArray
    within: FloatArray

    def covered(self, metres: FloatArray) -> FloatArray:
        """1 for every demand point (N,) within the radius, itself included, else 0; nan where there is no radius."""
        if np.isnan(self.radius_m):
            return np.full(len(metres), np.nan)
        return (metres <= self.radius_m + ROUNDING_M).astype(np.float64)


def walk(ground: Ground, programme: Programme, terms: Terms) -> Walks:
    """Everybody's walk in one programme. Schools count where they stand in its area, as they do in a plan."""
    area = ground.area
    members = np.flatnonzero(np.isin(np.array(area.units.area), list(areas_of(programme.area))))
    here = np.flatnonzero(np.isin(area.points.unit, members))
    homes = Snapped(ground.points.edge[here], ground.points.along_m[here], ground.points.leg_m[here])
    school, is_counted = _schools(area, programme, terms, members)
    counted = school[is_counted]
    gates = snap(ground.network, area.schools.x[counted], area.schools.y[counted])
    by_road, road_m = nearest(ground.network, gates, homes)
    by_air, straight_m = _by_air(area, counted, here)
    radius_m = terms.radius_m if np.isfinite(terms.radius_m) else np.nan
    within = np.full(len(school), np.nan)
    within[is_counted] = _within(ground.network, gates, homes, area.points.residents[here], radius_m)
    return Walks(
        area=area,
        programme=programme,
        radius_m=radius_m,
        members=members,
        unit=area.points.unit[here],
        residents=area.points.residents[here],
        children=_children(ground, programme.tier)[here],
        by_road=_row_of(counted, by_road),
        road_m=road_m,
        by_air=_row_of(counted, by_air),
        straight_m=straight_m,
        school=school,
        is_counted=is_counted,
        within=within,
    )


def _schools(area: StudyArea, programme: Programme, terms: Terms, members: IntArray) -> tuple[IntArray, BoolArray]:
    """Rows of the tier's schools standing in the members (S,), and whether the rules count each."""
    is_tier = np.array([tier == programme.tier for tier in area.schools.tier], dtype=bool)
    school = np.flatnonzero(is_tier & np.isin(area.schools.unit, members))
    words = [area.schools.operator[row] for row in school.tolist()]
    return school, np.array([not terms.operators or word in terms.operators for word in words], dtype=bool)


def _by_air(area: StudyArea, counted: IntArray, here: IntArray) -> tuple[IntArray, FloatArray]:
    """Position among the counted schools of the one nearest in a straight line, -1 for none, and the metres."""
    if not len(counted):
        return np.full(len(here), -1), np.full(len(here), np.inf)
    tree = cKDTree(np.column_stack((area.schools.x[counted], area.schools.y[counted])))
    metres, position = tree.query(np.column_stack((area.points.x[here], area.points.y[here])))
    return np.asarray(position, dtype=np.int64), np.asarray(metres)


def _row_of(counted: IntArray, position: IntArray) -> IntArray:
    return np.append(counted, -1)[position]


def _within(network: RoadNetwork, gates: Snapped, homes: Snapped, residents: FloatArray, radius_m: float) -> FloatArray:
    """Residents within the radius of each gate; reaches overlap, so they do not add up. nan without a radius."""
    if np.isnan(radius_m):
        return np.full(len(gates), np.nan)
    reach = bounded_distances(network, gates, homes, radius_m)
    gate = np.repeat(np.arange(len(gates)), np.diff(reach.start))
    return np.bincount(gate, residents[reach.point], minlength=len(gates)).astype(np.float64)


def _children(ground: Ground, tier: Tier) -> FloatArray:
    """Children at every demand point of the study area: the unit's, spread as its residents are. nan if unknown."""
    area = ground.area
    if not knows_pupils(area, tier, ground.pupils_per_1000):
        return np.full(len(area.points), np.nan)
    of_unit = np.append(unit_pupils(area, tier, ground.pupils_per_1000), 0.0)
    return of_unit[area.points.unit] * _share(area.points, len(area.units))


def _share(points: DemandPoints, units: int) -> FloatArray:
    """The share of its unit each point holds (N,): by residents, evenly where nobody lives in the unit."""
    inside = points.unit >= 0
    people = np.bincount(points.unit[inside], points.residents[inside], minlength=units + 1)
    count = np.bincount(points.unit[inside], minlength=units + 1)
    is_empty = people[points.unit] == 0
    return np.where(is_empty, 1.0, points.residents) / np.where(people == 0, np.maximum(count, 1), people)[points.unit]
