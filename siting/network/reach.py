"""Which units have a site within reach, and how far their residents live from it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from siting.network.distances import ROUNDING_M
from siting.network.graph import BoundedDistances, UnitReach
from siting.study import DemandPoints, FloatArray, IntArray


def unit_reach(points: DemandPoints, units: int, distances: BoundedDistances, radius_m: float) -> UnitReach:
    """Every unit and site with all the unit's populated points within the distances' cutoff.

    A unit without residents counts by its points: all must be within the cutoff, metres is their plain mean,
    covered is 0. A point on the radius is covered.
    """
    weight = _weights(points, units)
    unit, site, starts, pairs = _grouped(points, units, distances, weight > 0)
    person, metres = weight[distances.point[pairs]], distances.metres[pairs]
    residents = points.residents[distances.point[pairs]]
    walked = np.add.reduceat(person * metres, starts) / np.add.reduceat(person, starts)
    covered = np.add.reduceat(np.where(metres <= radius_m + ROUNDING_M, residents, 0.0), starts)
    farthest_m = np.maximum.reduceat(metres, starts)
    whole = np.diff(starts, append=len(pairs)) == _populated(points, units, weight)[unit]
    order = np.flatnonzero(whole)
    order = order[np.lexsort((site[order], walked[order], unit[order]))]
    return UnitReach(
        unit[order], site[order], walked[order], covered[order], farthest_m[order], radius_m, distances.cutoff_m
    )


def _weights(points: DemandPoints, units: int) -> FloatArray:
    """What each point counts for: its residents, or 1 where nobody lives in the whole unit; 0 in no unit."""
    total = np.bincount(points.unit[points.unit >= 0], points.residents[points.unit >= 0], minlength=units)
    weight = np.where(total[points.unit] > 0, points.residents, 1.0)
    return np.where(points.unit >= 0, weight, 0.0)


def _populated(points: DemandPoints, units: int, weight: FloatArray) -> IntArray:
    """How many points count in each unit (U,)."""
    return np.bincount(points.unit[weight > 0], minlength=units)


def _grouped(
    points: DemandPoints, units: int, distances: BoundedDistances, counts: NDArray[np.bool_]
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """The pairs of counting points, ordered by site and unit: unit and site of each group, its start, the pairs."""
    site = np.repeat(np.arange(len(distances.start) - 1), np.diff(distances.start))
    pairs = np.flatnonzero(counts[distances.point])
    key = site[pairs] * units + points.unit[distances.point[pairs]]
    order = np.argsort(key, kind="stable")
    starts = np.flatnonzero(np.diff(key[order], prepend=-1))
    group = key[order[starts]]
    return group % units, group // units, starts, pairs[order]
