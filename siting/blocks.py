"""Units too large to go whole to one school, divided into compact blocks of whole demand points."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial import cKDTree

from siting.study import BLOCK_MARK, Candidates, DemandPoints, FloatArray, IntArray, Schools, StudyArea, Units


@dataclass(frozen=True, slots=True)
class _Cut:
    """Blocks (B): the unit each was cut from (B,), its number within it from 1, 0 for a unit left whole; and the
    block of every demand point (N,)."""

    unit: IntArray
    number: IntArray
    block: IntArray


def divide(area: StudyArea, most_residents: FloatArray) -> StudyArea:
    """The study area with every unit (U,) above its own limit cut into blocks of about equal population.

    most_residents (U,), inf for units that stay whole. A unit is cut no finer than into its demand points. A block
    is named after its unit and numbered; ``part_of`` says which unit it came from. Its children are its share of
    the unit's. No unit above its limit gives the same study area.
    """
    pieces = np.where(np.isfinite(most_residents), np.ceil(area.units.residents / most_residents), 1.0)
    if not (pieces > 1).any():
        return area
    cut = _cut(area.points, pieces, len(area.units))
    points = replace(area.points, unit=cut.block)
    units = _units(area.units, points, cut)
    return replace(
        area,
        units=units,
        points=points,
        schools=replace(area.schools, unit=_block_at(area.schools, points, cut)),
        candidates=replace(area.candidates, unit=_block_at(area.candidates, points, cut)),
    )


def _cut(points: DemandPoints, pieces: FloatArray, units: int) -> _Cut:
    order = np.argsort(points.unit, kind="stable")
    bounds = np.searchsorted(points.unit[order], np.arange(units + 1))
    block = np.full(len(points), -1, dtype=np.int64)
    unit_of: list[int] = []
    number: list[int] = []
    for unit in range(units):
        parts = _halved(points, order[bounds[unit] : bounds[unit + 1]], int(pieces[unit]))
        for place, members in enumerate(parts, 1):
            block[members] = len(unit_of)
            unit_of.append(unit)
            number.append(place if len(parts) > 1 else 0)
    return _Cut(np.array(unit_of, dtype=np.int64), np.array(number, dtype=np.int64), block)


def _halved(points: DemandPoints, members: IntArray, pieces: int) -> list[IntArray]:
    """Members in so many compact parts: cut across the longer side, again and again, at the share of the people."""
    pieces = min(pieces, len(members))
    if pieces <= 1:
        return [members]
    x, y = points.x[members], points.y[members]
    along, across = (x, y) if np.ptp(x) >= np.ptp(y) else (y, x)
    members = members[np.lexsort((members, across, along))]
    left = pieces // 2
    people = np.cumsum(points.residents[members])
    at = int(np.searchsorted(people, people[-1] * left / pieces)) + 1
    at = min(max(at, left), len(members) - (pieces - left))
    return [*_halved(points, members[:at], left), *_halved(points, members[at:], pieces - left)]


def _units(units: Units, points: DemandPoints, cut: _Cut) -> Units:
    is_part = cut.number > 0
    residents = np.bincount(points.unit[points.unit >= 0], points.residents[points.unit >= 0], minlength=len(cut.unit))
    share = np.divide(residents, units.residents[cut.unit], out=np.zeros(len(cut.unit)), where=is_part)
    share[~is_part] = 1.0
    x, y = _seats(points, cut)
    return Units(
        id=_labelled(units.id, cut, "-"),
        name=_labelled(units.name, cut, BLOCK_MARK),
        township_id=tuple(units.township_id[u] for u in cut.unit),
        township=tuple(units.township[u] for u in cut.unit),
        area=tuple(units.area[u] for u in cut.unit),
        kind=tuple("block" if part else units.kind[u] for u, part in zip(cut.unit, is_part, strict=True)),
        planning_unit=tuple(units.planning_unit[u] for u in cut.unit),
        part_of=tuple(units.part_of[u] for u in cut.unit),
        x=np.where(is_part, x, units.x[cut.unit]),
        y=np.where(is_part, y, units.y[cut.unit]),
        residents=np.where(is_part, residents, units.residents[cut.unit]),
        children={tier: counted[cut.unit] * share for tier, counted in units.children.items()},
        polygon=tuple(None if part else units.polygon[u] for u, part in zip(cut.unit, is_part, strict=True)),
    )


def _labelled(words: tuple[str, ...], cut: _Cut, sign: str) -> tuple[str, ...]:
    return tuple(
        f"{words[unit]}{sign}{number:02d}" if number else words[unit]
        for unit, number in zip(cut.unit, cut.number.tolist(), strict=True)
    )


def _seats(points: DemandPoints, cut: _Cut) -> tuple[FloatArray, FloatArray]:
    """The demand point of every block nearest to the middle of its people (B,)."""
    blocks = len(cut.unit)
    inside = points.unit >= 0
    unit, weight = points.unit[inside], np.maximum(points.residents[inside], 1e-9)
    total = np.bincount(unit, weight, minlength=blocks)
    middle_x = np.bincount(unit, weight * points.x[inside], minlength=blocks) / np.where(total > 0, total, 1.0)
    middle_y = np.bincount(unit, weight * points.y[inside], minlength=blocks) / np.where(total > 0, total, 1.0)
    off = np.hypot(points.x[inside] - middle_x[unit], points.y[inside] - middle_y[unit])
    first = np.lexsort((off, unit))
    place = first[np.searchsorted(unit[first], np.arange(blocks)).clip(max=max(len(first) - 1, 0))]
    return points.x[inside][place], points.y[inside][place]


def _block_at(places: Schools | Candidates, points: DemandPoints, cut: _Cut) -> IntArray:
    """The block of each place: of its old unit's blocks the one with the nearest demand point; -1 stays -1."""
    unit = places.unit
    first = np.searchsorted(cut.unit, np.arange(int(cut.unit.max(initial=-1)) + 1))
    block = np.where(unit >= 0, first[unit], -1).astype(np.int64)
    of_unit = np.where(points.unit >= 0, cut.unit[points.unit], -1)
    for part in np.unique(unit[(unit >= 0) & (cut.number[block] > 0)]):
        here, members = np.flatnonzero(unit == part), np.flatnonzero(of_unit == part)
        block[here] = points.unit[members[_nearest(points, members, places.x[here], places.y[here])]]
    return block


def _nearest(points: DemandPoints, members: IntArray, x: FloatArray, y: FloatArray) -> IntArray:
    tree = cKDTree(np.column_stack((points.x[members], points.y[members])))
    return np.asarray(tree.query(np.column_stack((x, y)))[1], dtype=np.int64)
