"""Whom schools reach before and after each phase, measured again on the streets; who lost one that closed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from siting.plan import Site
from siting.project import areas_of
from siting.rules.kinds.kind import TOLERANCE
from siting.study import FloatArray
from siting.verify.flaws import Flaw, said_of
from siting.verify.phase_sums import name_of
from siting.verify.phase_view import Held, Seen, is_open, site_of
from siting.verify.stated import Side, Stated, unlike
from siting.verify.streets import Placed, Streets, lay_out, metres_within, put_on

FINE = 1e-6
"""Tolerance of shares."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The streets of a phase, its demand points on them, and the radius of a programme."""

    streets: Streets
    points: Placed
    radius_m: float

    def within(self, x: float, y: float) -> np.ndarray:
        """Positions of the demand points within the radius of a gate, which are never beyond it in a straight line."""
        near = np.flatnonzero(np.hypot(self.points.x - x, self.points.y - y) <= self.radius_m + TOLERANCE)
        if not len(near):
            return near
        gate = put_on(self.streets, np.array([x]), np.array([y]))
        metres = metres_within(self.streets, gate, self.points.take(near), self.radius_m + TOLERANCE)
        return near[metres <= self.radius_m + TOLERANCE]


def reach_flaws(one: Seen) -> Iterator[Flaw]:
    """Units that had a school within the radius before it was closed, and have none that serves as many of them."""
    closed = one.gone
    if not closed:
        return
    ground = _ground(one)
    for side in one.sides.values():
        own = [held for held in closed if _is_of(held, side)]
        if own and math.isfinite(side.part.radius_m):
            yield from _losers(one, side, own, _with_radius(ground, side))


def _ground(one: Seen) -> Ground:
    area = one.result.area
    streets = lay_out(area.roads)
    return Ground(streets, put_on(streets, area.points.x, area.points.y), math.inf)


def _with_radius(ground: Ground, side: Side) -> Ground:
    return Ground(ground.streets, ground.points, side.part.radius_m)


def _is_of(held: Held, side: Side) -> bool:
    operators = side.terms.operators
    is_counted = not operators or held.operator in operators
    return held.tier == side.part.tier and is_counted and held.area in areas_of(side.part.area)


def _losers(one: Seen, side: Side, closed: Sequence[Held], ground: Ground) -> Iterator[Flaw]:
    left = [people for site in _after(one, side) for people in [_people(one, ground.within(site.x, site.y))]]
    for held in closed:
        had = _people(one, ground.within(held.x, held.y))
        best = np.max([np.zeros_like(had), *left], axis=0)
        units = one.result.area.units
        for unit in np.flatnonzero(had - best > FINE * np.maximum(1.0, units.residents)):
            if units.area[unit] in areas_of(side.part.area):
                radius = f"{side.part.radius_m:g}"
                zh = f"因 {held.name} 撤并，{radius} 米内有学校的居民由 {had[unit]:,.0f} 人减为 {best[unit]:,.0f} 人"
                en = f"had {had[unit]:,.0f} residents within {radius} m of {held.name}, and has {best[unit]:,.0f} now"
                yield said_of(units.name[unit], zh, en)


def _after(one: Seen, side: Side) -> list[Site]:
    """Sites of a programme that stand after the phase."""
    waits = {its["site"] for its in one.projects if its["programme"] == side.part.programme and not is_open(its)}
    return [site for site in side.part.sites if site.action != "new" or site.id not in waits]


def _people(one: Seen, points: np.ndarray) -> FloatArray:
    """Residents of every unit (U,) at some demand points."""
    held, units = one.result.area.points, len(one.result.area.units)
    unit = held.unit[points]
    return np.bincount(unit[unit >= 0], held.residents[points][unit >= 0], minlength=units).astype(np.float64)


# --- indicators ------------------------------------------------------------------------------------------------


def indicator_flaws(one: Seen) -> Iterator[Flaw]:
    """What is said of a programme at the end of a phase, and of who waits for its projects in the last year."""
    told = {its["programme"]: its for its in one.stated["indicators"]}
    needs_streets = any(math.isfinite(side.part.radius_m) for side in one.sides.values())
    ground = _ground(one) if needs_streets else None
    for key, side in one.sides.items():
        if key not in told:
            yield said_of(key, "没有分期指标", "has no indicators")
            continue
        yield from _sum_flaws(one, side, told[key])
        yield from _cover_flaws(one, side, told[key], None if ground is None else _with_radius(ground, side))


def _sum_flaws(one: Seen, side: Side, its: Stated) -> Iterator[Flaw]:
    key, projects = side.part.programme, [p for p in one.chosen if p["programme"] == side.part.programme]
    added = {p["site"]: float(side.site[p["site"]]["added"]) for p in projects}
    seats = math.fsum(s.seats for s in side.part.sites if s.seats == s.seats) - math.fsum(added.values())
    after = seats + math.fsum(added[p["site"]] for p in projects if is_open(p))
    pupils = math.fsum(site.pupils for site in side.part.sites)
    stage = side.part.stages[0]
    expected = {
        "residents": float(side.units["residents"].sum()),
        "schools": float(len(_after(one, side))),
        "pupils": pupils,
        "seats_before": seats,
        "seats_after": after,
        "value": stage.value,
        "bound": stage.bound,
    }
    for word, value in expected.items():
        yield from unlike(key, word, value, its[word])
    for word, there in (("fill_before", seats), ("fill_after", after)):
        yield from unlike(key, word, pupils / there if there > 0 else math.nan, its[word], FINE)
    if its["goal"] != stage.goal:
        yield said_of(key, f"的首要目标应为 {stage.goal}", f"has {stage.goal} for its leading goal")


def _cover_flaws(one: Seen, side: Side, its: Stated, ground: Ground | None) -> Iterator[Flaw]:
    """Shares of residents with a school within the radius, and people who wait for the phase's new ones."""
    key, everybody = side.part.programme, float(side.units["residents"].sum())
    before, after = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    near: dict[str, np.ndarray] = {}
    if ground is not None and math.isfinite(ground.radius_m):
        near = {site.id: ground.within(site.x, site.y) for site in side.part.sites}
        before = _union([near[site.id] for site in side.part.sites if site.action != "new"])
        after = _union([near[site.id] for site in _after(one, side)])
        yield from unlike(key, "covered_before", _share(one, side, before, everybody), its["covered_before"], FINE)
        yield from unlike(key, "covered_after", _share(one, side, after, everybody), its["covered_after"], FINE)
        covered = float(side.units["covered"].sum())
        yield from unlike(
            key, "covered_if_all", covered / everybody if everybody > 0 else math.nan, its["covered_if_all"], FINE
        )
    if _knows_last_year(one):
        for project in (p for p in one.chosen if p["programme"] == key and p["waiting"]):
            yield from _who_waits(one, side, project, near, before)


def _knows_last_year(one: Seen) -> bool:
    """Whether the plan's own year is the last of the phase, so that its residents and pupils are that year's."""
    ahead = one.result.area.forecast
    return ahead is None or ahead.year_planned == one.phase.last


def _who_waits(
    one: Seen, side: Side, project: Stated, near: dict[str, np.ndarray], before: np.ndarray
) -> Iterator[Flaw]:
    site = site_of(one, project)
    assert site is not None
    had = site.seats - float(side.site[site.id]["added"])
    pupils = 0.0 if math.isnan(had) else max(0.0, site.pupils - had)
    people = 0.0
    if site.action == "new" and near:
        by_unit = _people(one, np.setdiff1d(near[site.id], before))
        ids = one.result.area.units.id
        people = math.fsum(float(by_unit[ids.index(unit)]) for unit in site.units)
    yield from unlike(name_of(project), f"waiting {one.phase.last}", people + pupils, project["waiting"][-1])


def _union(parts: Sequence[np.ndarray]) -> np.ndarray:
    return np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *parts]))


def _share(one: Seen, side: Side, points: np.ndarray, everybody: float) -> float:
    by_unit = _people(one, points)
    row = {unit: at for at, unit in enumerate(one.result.area.units.id)}
    here = math.fsum(float(by_unit[row[str(unit)]]) for unit in side.units.index)
    return here / everybody if everybody > 0 else math.nan
