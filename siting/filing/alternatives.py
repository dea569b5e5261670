"""Other places for a project: how its catchment would fare, were the school there and all else as planned."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from siting.candidates import candidate_places, free_land
from siting.network.distances import bounded_distances
from siting.network.graph import UnitReach
from siting.network.ground import Ground
from siting.network.reach import unit_reach
from siting.network.snapping import snap
from siting.plan import Site, TierPlan
from siting.project import Programme, Project
from siting.study import FloatArray, IntArray, StudyArea
from siting.words import Phrase

APART_M = 200.0
"""An alternative lies at least so far from the plan's own place, and from another alternative."""

LOOKED_AT = 8
"""Places looked at for each project, of candidates and of crowded places of its catchment each."""

SHOWN = 2
"""Alternatives that are filed."""

FARTHER, NEAREST_M, FARTHEST_M = 2.0, 1500.0, 6000.0
"""Residents are looked for so many times farther by road than any lives from a project of the part, within limits."""


@dataclass(frozen=True, slots=True)
class Fared:
    """How a catchment fares with its school at a place: residents, those within the radius, mean and farthest metres
    by road; inf where somebody is not reached."""

    residents: float
    covered: float
    mean_m: float
    farthest_m: float


@dataclass(frozen=True, slots=True)
class Spot:
    """A place looked at: id and name ("" where it is only a crowded place), its unit (position), x, y, how it fares."""

    id: str
    name: str
    unit: int
    x: float
    y: float
    fared: Fared


@dataclass(frozen=True, slots=True)
class _Pool:
    """Places (P) looked at; work is the project each is looked at for (its position)."""

    id: tuple[str, ...]
    name: tuple[str, ...]
    unit: IntArray
    x: FloatArray
    y: FloatArray
    work: IntArray


def spots(
    ground: Ground, programme: Programme, part: TierPlan, project: Project
) -> dict[str, tuple[Spot, tuple[Spot, ...]]]:
    """For every project of a part, by site id: the plan's own place, then at most SHOWN others, the best first.

    Better is who covers more residents, then who makes their mean road shorter. Candidates that the plan leaves open
    and crowded places of the catchment are looked at; places that a scenario forbids, and protected land, are not.
    """
    works = [site for site in part.sites if site.action != "keep" and site.units]
    if not works:
        return {}
    area = ground.area
    pool = _joined([_own(area, works), _candidates(area, programme, part, project, works), _crowded(area, works)])
    fared = _fared(ground, part, works, pool)
    return {site.id: _chosen(pool, fared, row) for row, site in enumerate(works)}


def _chosen(pool: _Pool, fared: Sequence[Fared], work: int) -> tuple[Spot, tuple[Spot, ...]]:
    rows = np.flatnonzero(pool.work == work).tolist()
    own, others = _spot(pool, fared, rows[0]), [_spot(pool, fared, row) for row in rows[1:]]
    reached = sorted((spot for spot in others if math.isfinite(spot.fared.mean_m)), key=_order)
    return own, tuple(_apart(reached))[:SHOWN]


def _order(spot: Spot) -> tuple[float, float, str, float]:
    return -round(spot.fared.covered), spot.fared.mean_m, spot.id, spot.x


def _apart(ordered: Sequence[Spot]) -> Iterator[Spot]:
    kept = list[Spot]()
    for spot in ordered:
        if all(math.hypot(spot.x - other.x, spot.y - other.y) >= APART_M for other in kept):
            kept.append(spot)
            yield spot


def _spot(pool: _Pool, fared: Sequence[Fared], row: int) -> Spot:
    at = float(pool.x[row]), float(pool.y[row])
    return Spot(pool.id[row], pool.name[row], int(pool.unit[row]), *at, fared[row])


# --- places to look at -----------------------------------------------------------------------------------------


def _joined(pools: Sequence[_Pool]) -> _Pool:
    arrays = (np.concatenate([getattr(one, name) for one in pools]) for name in ("unit", "x", "y", "work"))
    return _Pool(tuple(i for one in pools for i in one.id), tuple(n for one in pools for n in one.name), *arrays)


def _own(area: StudyArea, works: Sequence[Site]) -> _Pool:
    position = {unit_id: unit for unit, unit_id in enumerate(area.units.id)}
    return _Pool(
        tuple(site.id for site in works),
        tuple(site.name for site in works),
        np.array([position.get(site.unit_id, -1) for site in works], dtype=np.int64),
        np.array([site.x for site in works]),
        np.array([site.y for site in works]),
        np.arange(len(works)),
    )


def _candidates(
    area: StudyArea, programme: Programme, part: TierPlan, project: Project, works: Sequence[Site]
) -> _Pool:
    """The nearest candidates of each project that the plan leaves open."""
    places = candidate_places(area, programme, project.limits.spacing_m)
    taken = {site.id for site in part.sites} | {lock.site for lock in project.locks if lock.word == "forbid"}
    free = np.array([row for row, its in enumerate(places.id) if its not in taken], dtype=np.int64)
    pairs = list(_near(places.x[free], places.y[free], works))
    rows = free[[row for _, row in pairs]] if pairs else free[:0]
    return _Pool(
        tuple(places.id[row] for row in rows),
        tuple(places.name[row] for row in rows),
        places.unit[rows],
        places.x[rows],
        places.y[rows],
        np.array([work for work, _ in pairs], dtype=np.int64),
    )


def _near(x: FloatArray, y: FloatArray, works: Sequence[Site]) -> Iterator[tuple[int, int]]:
    """(project, place): up to LOOKED_AT places nearest to each project, APART_M from it at least."""
    if not len(x):
        return
    tree = cKDTree(np.column_stack((x, y)))
    for work, site in enumerate(works):
        metres, rows = tree.query((site.x, site.y), k=min(len(x), 2 * LOOKED_AT))
        apart = np.atleast_1d(rows)[np.atleast_1d(metres) >= APART_M]
        yield from ((work, int(row)) for row in apart[:LOOKED_AT])


def _crowded(area: StudyArea, works: Sequence[Site]) -> _Pool:
    """The most crowded places of each catchment, APART_M from the plan's own."""
    points, position = area.points, {unit_id: unit for unit, unit_id in enumerate(area.units.id)}
    found = list[tuple[int, int]]()
    free = np.zeros(len(points), dtype=bool)
    free[free_land(area, points.x, points.y)] = True
    for work, site in enumerate(works):
        home = free & np.isin(points.unit, [position[unit] for unit in site.units])
        far = np.hypot(points.x - site.x, points.y - site.y) >= APART_M
        rows = np.flatnonzero(home & far & (points.residents > 0))
        found += [(work, int(row)) for row in rows[np.argsort(-points.residents[rows], kind="stable")][:LOOKED_AT]]
    rows = np.array([row for _, row in found], dtype=np.int64)
    blank = ("",) * len(rows)
    work_of = np.array([work for work, _ in found], dtype=np.int64)
    return _Pool(blank, blank, points.unit[rows], points.x[rows], points.y[rows], work_of)


# --- how they fare ---------------------------------------------------------------------------------------------


def _fared(ground: Ground, part: TierPlan, works: Sequence[Site], pool: _Pool) -> list[Fared]:
    """How the catchment of each place's project fares with its school there (P)."""
    units, cutoff_m = ground.area.units, _cutoff_m(works)
    gates = snap(ground.network, pool.x, pool.y)
    near = bounded_distances(ground.network, gates, ground.points, cutoff_m)
    reach = unit_reach(ground.area.points, len(units), near, part.radius_m)
    position = {unit_id: unit for unit, unit_id in enumerate(units.id)}
    served = [np.array([position[unit] for unit in site.units], dtype=np.int64) for site in works]
    order = np.argsort(reach.site, kind="stable")
    ends = np.searchsorted(reach.site[order], np.arange(len(pool.x) + 1))
    return [
        _of_place(ground.area, reach, order[ends[row] : ends[row + 1]], served[int(pool.work[row])])
        for row in range(len(pool.x))
    ]


def _cutoff_m(works: Sequence[Site]) -> float:
    farthest = max((site.farthest_m for site in works if math.isfinite(site.farthest_m)), default=0.0)
    return max(farthest, min(FARTHEST_M, max(NEAREST_M, FARTHER * farthest)))


def _of_place(area: StudyArea, reach: UnitReach, pairs: IntArray, served: IntArray) -> Fared:
    residents = area.units.residents[served]
    mine = pairs[np.isin(reach.unit[pairs], served)]
    if len(mine) < len(served):
        return Fared(float(residents.sum()), 0.0, math.inf, math.inf)
    weight = area.units.residents[reach.unit[mine]]
    mean_m = float(np.average(reach.metres[mine], weights=weight if weight.sum() > 0 else None))
    covered = float(reach.covered[mine].sum())
    return Fared(float(residents.sum()), covered, mean_m, float(reach.farthest_m[mine].max()))


def lost(own: Fared, other: Fared, radius_m: float) -> Phrase:
    """What is lost, or gained, if the school stands at the other place."""
    said = [*_reached(own, other, radius_m), *_walked(own, other)]
    if not said:
        return Phrase("与推荐方案相当。", "As good as the recommended place.")
    return Phrase("，".join(one.zh for one in said) + "。", ", ".join(one.en for one in said) + ".")


SAME_M = 5.0
"""Mean metres that make no difference."""


def _reached(own: Fared, other: Fared, radius_m: float) -> Iterator[Phrase]:
    if not math.isfinite(radius_m):
        return
    fewer = round(own.covered - other.covered)
    if fewer > 0:
        yield Phrase(f"{radius_m:g} 米内少覆盖 {fewer:,} 人", f"{fewer:,} fewer residents within {radius_m:g} m")
    elif fewer < 0:
        yield Phrase(f"{radius_m:g} 米内多覆盖 {-fewer:,} 人", f"{-fewer:,} more residents within {radius_m:g} m")


def _walked(own: Fared, other: Fared) -> Iterator[Phrase]:
    longer = other.mean_m - own.mean_m
    if longer >= SAME_M:
        yield Phrase(f"平均路程增加 {longer:.0f} 米", f"mean walk {longer:.0f} m longer")
    elif longer <= -SAME_M:
        yield Phrase(f"平均路程缩短 {-longer:.0f} 米", f"mean walk {-longer:.0f} m shorter")
