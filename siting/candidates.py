"""Where a school could be built: places the planner names, else village seats, school compounds, built-up places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from siting.project import Programme, areas_of
from siting.study import TIER_NAMES, TIERS, Candidates, FloatArray, IntArray, StudyArea, Tier, stacked, taken

APART_M = 100.0
"""Generated places nearer to each other than this are one place."""

SPACINGS: Mapping[Tier, float] = {"kindergarten": 1.0, "primary": 1.0, "junior": 2.0, "senior": 3.0}
"""Places in towns are so many spacings apart: a school that serves more people can stand farther from the next."""

BoolArray = NDArray[np.bool_]


class _Places(NamedTuple):
    """Places (P): coordinates and the unit each lies in."""

    x: FloatArray
    y: FloatArray
    unit: IntArray


def candidate_places(area: StudyArea, programme: Programme, spacing_m: float) -> Candidates:
    """The study's own candidates for a programme; where it names none, generated ones beside those of new estates.

    In villages those are the seats and the compounds of schools of higher tiers, whose plots are larger; in towns the
    compounds and populated places spacing_m (more for higher tiers) apart, the most crowded first. Nothing is generated
    on protected land.
    """
    is_here = np.isin(np.array(area.units.area), list(areas_of(programme.area)))
    given = area.candidates
    rows = [row for row, tiers in enumerate(given.tiers) if programme.tier in tiers and is_here[given.unit[row]]]
    of_estates = area.forecast.delivered if area.forecast else {}
    if any(given.id[row] not in of_estates for row in rows):
        return taken(given, rows)
    return _beside(taken(given, rows), _generated(area, programme.tier, is_here, spacing_m))


def _beside(given: Candidates, generated: Candidates) -> Candidates:
    """The given places, and the generated ones that are not one with them."""
    if not len(given):
        return generated
    near, _ = cKDTree(np.column_stack((given.x, given.y))).query(np.column_stack((generated.x, generated.y)))
    apart = taken(generated, np.flatnonzero(near >= APART_M).tolist())
    return stacked(given, apart)


def _generated(area: StudyArea, tier: Tier, is_here: BoolArray, spacing_m: float) -> Candidates:
    is_rural = np.array([word == "rural" for word in area.units.area])
    found = [
        _seats(area, is_here & is_rural),
        _compounds(area, tier, is_here),
        _built_up(area, is_here & ~is_rural, spacing_m * SPACINGS[tier]),
    ]
    places = _Places(*(np.concatenate(parts) for parts in zip(*found, strict=True)))
    kept = free_land(area, places.x, places.y)
    kept = kept[_spaced(places.x[kept], places.y[kept], APART_M)]
    return _labelled(area, tier, _Places(places.x[kept], places.y[kept], places.unit[kept]))


def _seats(area: StudyArea, of: BoolArray) -> _Places:
    unit = np.flatnonzero(of)
    return _Places(area.units.x[unit], area.units.y[unit], unit)


def _compounds(area: StudyArea, tier: Tier, is_here: BoolArray) -> _Places:
    schools = area.schools
    own = {school for school, its in zip(schools.id, schools.tier, strict=True) if its == tier}
    higher = TIERS[TIERS.index(tier) + 1 :]
    row = np.array(
        [
            k
            for k, (school, its) in enumerate(zip(schools.id, schools.tier, strict=True))
            if its in higher and school not in own and is_here[schools.unit[k]]
        ],
        dtype=np.int64,
    )
    return _Places(schools.x[row], schools.y[row], schools.unit[row])


def _built_up(area: StudyArea, of: BoolArray, spacing_m: float) -> _Places:
    points = area.points
    lived_in = np.flatnonzero(of[points.unit] & (points.unit >= 0) & (points.residents > 0))
    crowded = lived_in[np.argsort(-points.residents[lived_in], kind="stable")]
    kept = crowded[_spaced(points.x[crowded], points.y[crowded], spacing_m)]
    return _Places(points.x[kept], points.y[kept], points.unit[kept])


def free_land(area: StudyArea, x: FloatArray, y: FloatArray) -> IntArray:
    """Positions of places (P,) outside protected land."""
    if area.protected.empty:
        return np.arange(len(x))
    land = shapely.union_all(area.protected.geometry.to_numpy())
    shapely.prepare(land)
    return np.flatnonzero(~shapely.contains_xy(land, x, y))


def _spaced(x: FloatArray, y: FloatArray, apart_m: float) -> IntArray:
    """Positions of places in their order, each dropped that lies nearer than apart_m to one kept before it."""
    if not len(x):
        return np.zeros(0, dtype=np.int64)
    near = cKDTree(np.column_stack((x, y))).query_ball_point(np.column_stack((x, y)), apart_m)
    is_free, kept = np.ones(len(x), dtype=bool), []
    for place, others in enumerate(near):
        if is_free[place]:
            kept.append(place)
            is_free[others] = False
    return np.array(kept, dtype=np.int64)


def _labelled(area: StudyArea, tier: Tier, places: _Places) -> Candidates:
    """Ids from the unit a place lies in, names from its village or community, numbered where one has several."""
    of = places.unit.tolist()
    ids = _numbered([f"{tier[0].upper()}-{area.units.id[unit]}" for unit in of])
    names = _numbered([f"{area.units.village(unit)}拟建{TIER_NAMES[tier].zh}" for unit in of])
    tiers = (frozenset({tier}),) * len(ids)
    unknown = np.full(len(ids), np.nan)
    return Candidates(ids, names, tiers, places.unit.astype(np.int64), places.x, places.y, unknown)


def _numbered(words: list[str]) -> tuple[str, ...]:
    """Words that occur several times with their number behind them."""
    times, seen = Counter(words), Counter[str]()
    for place, word in enumerate(list(words)):
        seen[word] += 1
        words[place] = f"{word}({seen[word]})" if times[word] > 1 else word
    return tuple(words)
