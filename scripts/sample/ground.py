"""The ground of the sample: the outline, and rivers, railways and expressways drawn by hand about where they run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from scipy.interpolate import CubicSpline
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from sample.facts import Bools, Floats, metres

Kind = Literal["river", "railway", "motorway"]

GAP_M = {"river": 60.0, "railway": 30.0, "motorway": 40.0}
"""Half the strip along a barrier in which nobody lives and no street runs."""

MEANDER_M = {"river": 170.0, "railway": 0.0, "motorway": 0.0}

_COURSES: tuple[tuple[str, Kind, str], ...] = (
    ("唐河", "river", "114.82 38.652, 114.90 38.632, 114.95 38.637, 115.00 38.600, "
     "115.05 38.560, 115.12 38.535, 115.20 38.503, 115.27 38.495"),
    ("孟良河", "river", "114.79 38.503, 114.88 38.507, 114.95 38.482, 115.03 38.466, "
     "115.10 38.432, 115.17 38.415, 115.24 38.400"),
    ("沙河", "river", "114.88 38.358, 114.94 38.336, 115.00 38.325, 115.06 38.313, 115.12 38.288, 115.25 38.268"),
    ("京广铁路", "railway", "114.78 38.380, 114.84 38.430, 114.884 38.463, "
     "114.970 38.513, 115.022 38.592, 115.05 38.640"),
    ("京广高铁", "railway", "114.82 38.340, 114.92 38.400, 115.045 38.495, 115.092 38.565, 115.125 38.640"),
    ("朔黄铁路", "railway", "114.90 38.372, 114.95 38.376, 115.05 38.381, 115.15 38.375, 115.25 38.392"),
    ("京港澳高速", "motorway", "114.78 38.360, 114.89 38.432, 115.026 38.502, 115.066 38.570, 115.098 38.645"),
    ("曲港高速", "motorway", "114.79 38.492, 114.91 38.478, 115.03 38.447, 115.14 38.443, 115.27 38.458"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Barrier:
    """Something a child should not cross except where a way leads over or under it."""

    name: str
    kind: Kind
    line: BaseGeometry


@dataclass(frozen=True, slots=True)
class Ground:
    """The county and its barriers in metres; gap is the strip along all barriers, motorways that
    along the expressways, lines the barriers as one."""

    outline: Polygon
    barriers: tuple[Barrier, ...]
    gap: BaseGeometry
    motorways: BaseGeometry
    lines: BaseGeometry

    def is_cut(self, start: Floats, end: Floats) -> Bools:
        """Whether a barrier runs between places (N, 2) and (N, 2)."""
        crossed: Bools = shapely.intersects(self.lines, shapely.linestrings(np.stack((start, end), axis=1)))
        return crossed


def make_ground(outline: Polygon) -> Ground:
    """The ground within the real outline."""
    barriers = tuple(Barrier(name, kind, _course(course, kind, outline)) for name, kind, course in _COURSES)
    gap, motorways = _strip(barriers), _strip(tuple(one for one in barriers if one.kind == "motorway"))
    lines = shapely.union_all([one.line for one in barriers])
    shapely.prepare(gap)
    shapely.prepare(lines)
    return Ground(outline, barriers, gap, motorways, lines)


def _strip(barriers: tuple[Barrier, ...]) -> BaseGeometry:
    return shapely.union_all([shapely.buffer(one.line, GAP_M[one.kind]) for one in barriers])


def _course(course: str, kind: Kind, outline: Polygon) -> BaseGeometry:
    line = smooth(course_of(course), step_m=150.0, meander_m=MEANDER_M[kind])
    inside = shapely.intersection(shapely.simplify(line, 3.0), shapely.buffer(outline, 200.0))
    return shapely.set_precision(inside, 1.0)


def course_of(text: str) -> Floats:
    """Corners (N, 2) in metres of "114.82 38.65, 114.90 38.63"."""
    return metres([(float(lon), float(lat)) for lon, lat in (place.split() for place in text.split(","))])


def smooth(corners: Floats, step_m: float, meander_m: float = 0.0) -> LineString:
    """A curve through corners (N, 2), a vertex every step_m, swinging from side to side by meander_m."""
    along = np.concatenate(([0.0], np.hypot(*np.diff(corners, axis=0).T).cumsum()))
    curve = CubicSpline(along, corners, bc_type="natural")
    at = np.linspace(0.0, along[-1], max(2, int(along[-1] / step_m)))
    ahead = curve(at, 1)
    aside = np.column_stack((-ahead[:, 1], ahead[:, 0])) / np.hypot(*ahead.T)[:, None]
    swing = meander_m * (np.sin(at / 410.0) + 0.5 * np.sin(at / 173.0 + 1.0))
    return LineString(curve(at) + aside * swing[:, None])
