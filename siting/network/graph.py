"""The road network in compact arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from siting.study import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class RoadNetwork:
    """An undirected walking network: nodes x, y (V,); edges tail, head, length_m (E,), straight lines.

    component (V,) numbers the connected pieces by falling size, 0 the largest. is_fragment (V,) marks nodes of pieces
    so small that nothing is snapped to them; usable are the other edges without links, and tree is the spatial index
    of those.
    """

    x: FloatArray
    y: FloatArray
    tail: IntArray
    head: IntArray
    length_m: FloatArray
    component: IntArray
    is_fragment: NDArray[np.bool_]
    usable: IntArray
    tree: shapely.STRtree


@dataclass(frozen=True, slots=True)
class Snapped:
    """Places on the network (P): the edge, metres along it from its tail, and the off-road leg to it."""

    edge: IntArray
    along_m: FloatArray
    leg_m: FloatArray

    def __len__(self) -> int:
        return len(self.edge)


@dataclass(frozen=True, slots=True)
class BoundedDistances:
    """Exact road metres from sites (rows, J) to points within a cutoff, legs included.

    start (J+1,); point, metres (K,) sorted by point within a row. Pairs beyond the cutoff
    are absent.
    """

    start: IntArray
    point: NDArray[np.int32]
    metres: FloatArray
    cutoff_m: float


@dataclass(frozen=True, slots=True)
class UnitReach:
    """Pairs of units and sites (A) whose every resident's road is within the limit.

    metres: mean over the unit's residents; covered: residents whose own point lies within radius_m;
    farthest_m: its farthest populated point. Sorted by unit, then metres.
    """

    unit: IntArray
    site: IntArray
    metres: FloatArray
    covered: FloatArray
    farthest_m: FloatArray
    radius_m: float
    limit_m: float
