"""Who goes to which school in one programme, as a map asks for it: ways, people within a distance, pupils by year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from siting.audit import Audit
from siting.demand.needs import pupils_ahead
from siting.mapping.wording import metres, people
from siting.network.distances import ROUNDING_M, bounded_distances, nearest
from siting.network.ground import Ground
from siting.network.snapping import snap
from siting.plan import Site, TierPlan
from siting.project import Asked
from siting.study import FloatArray, IntArray, StudyArea
from siting.words import Phrase

CUTOFFS_M = (500.0, 1000.0, 2000.0, 3000.0)
"""Distances a reader may ask for beside the rule's own."""

NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Served:
    """A school of a programme: where it stands, its seats, and the pupils it is to take (nan: nobody counted).

    now is enrolment and seats as they are; figures are the values of SCHOOL_FIGURES, None where unknown.
    """

    id: str
    name: str
    x: float
    y: float
    seats: float
    pupils: float
    now: tuple[float, float] = (np.nan, np.nan)
    figures: tuple[Phrase | None, ...] = ()


SCHOOL_FIGURES = (
    Phrase("服务村（社区）数", "Units"),
    Phrase("服务人口", "Service population"),
    Phrase("适龄儿童", "Pupils"),
    Phrase("平均路程", "Mean distance"),
    Phrase("最远路程", "Farthest"),
)


@dataclass(frozen=True, slots=True)
class Links:
    """Which school (L,) takes which share (L,) of the residents of which unit (L,).

    unit holds positions among the members, school among the schools of a service; a unit's largest share comes first.
    """

    unit: IntArray
    school: IntArray
    share: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """Units of one programme (M) and the schools that serve them.

    is_assigned: by a plan; else by whichever school the rules count is nearest. member holds rows of the area's units.
    metres (M,) is the mean way of a unit's residents by road: inf where there is none, nan where nobody measured it.
    within (C, M) are the residents whose own way is at most each of the cutoffs; radius_m is the rule's, inf for none.
    pupils (M, Y) are those of the forecast's years, (M, 1) where there is none; nan where nobody counted.
    """

    area: StudyArea
    is_assigned: bool
    radius_m: float
    schools: tuple[Served, ...]
    member: IntArray
    metres: FloatArray
    cutoffs: tuple[float, ...]
    within: FloatArray
    links: Links
    pupils: FloatArray

    def residents(self) -> FloatArray:
        """Residents of the members (M,), none where nobody counted."""
        return np.nan_to_num(self.area.units.residents[self.member])


def cutoffs_with(radius_m: float) -> tuple[float, ...]:
    """The cutoffs and, where a rule promises another distance, the rule's."""
    promised = (radius_m,) if np.isfinite(radius_m) and radius_m not in CUTOFFS_M else ()
    return tuple(sorted((*CUTOFFS_M, *promised)))


# --- a plan's ---------------------------------------------------------------------------------------------------


def assigned(part: TierPlan, ground: Ground) -> Service:
    """What a plan decides for one programme; who lives within a distance is measured from everybody's own place."""
    area, row = ground.area, {unit: k for k, unit in enumerate(ground.area.units.id)}
    member = np.array([row[given.unit_id] for given in part.assignments], dtype=np.int64)
    seat = {site.id: k for k, site in enumerate(part.sites)}
    goes = np.array([seat.get(given.site_id, NOWHERE) for given in part.assignments], dtype=np.int64)
    cutoffs = cutoffs_with(part.radius_m)
    unit = np.flatnonzero(goes != NOWHERE)
    return Service(
        area=area,
        is_assigned=True,
        radius_m=part.radius_m,
        schools=tuple(_planned(site, area) for site in part.sites),
        member=member,
        metres=np.array([given.metres for given in part.assignments]),
        cutoffs=cutoffs,
        within=_within(ground, member, _own_way(ground, part.sites, member, goes, cutoffs[-1]), cutoffs),
        links=Links(unit, goes[unit], np.ones(len(unit))),
        pupils=_pupils(part, area, member, {}),
    )


def _planned(site: Site, area: StudyArea) -> Served:
    figures = (
        Phrase(f"{len(site.units)} 个", f"{len(site.units)}"),
        people(site.service_population),
        people(site.pupils),
        metres(site.mean_m),
        metres(site.farthest_m),
    )
    return Served(site.id, site.name, site.x, site.y, site.seats, site.pupils, figures=figures)


def _own_way(ground: Ground, sites: Sequence[Site], member: IntArray, goes: IntArray, most_m: float) -> FloatArray:
    """Metres by road from every demand point (N,) to its unit's school, inf beyond the most."""
    school = np.full(len(ground.area.units) + 1, NOWHERE)
    school[member] = goes
    gates = snap(ground.network, np.array([site.x for site in sites]), np.array([site.y for site in sites]))
    found = bounded_distances(ground.network, gates, ground.points, most_m)
    gate = np.repeat(np.arange(len(sites)), np.diff(found.start))
    is_own = school[ground.area.points.unit[found.point]] == gate
    way = np.full(len(ground.points), np.inf)
    way[found.point[is_own]] = found.metres[is_own]
    return way


def _within(ground: Ground, member: IntArray, way: FloatArray, cutoffs: tuple[float, ...]) -> FloatArray:
    """Residents of the members (C, M) whose own way (N,) is at most each cutoff."""
    points, size = ground.area.points, len(ground.area.units) + 1
    near = [points.residents * (way <= cutoff + ROUNDING_M) for cutoff in cutoffs]
    return np.array([np.bincount(points.unit + 1, people, minlength=size)[member + 1] for people in near])


def _pupils(asked: Asked, area: StudyArea, member: IntArray, counted: Mapping[str, float]) -> FloatArray:
    ahead = area.forecast
    if ahead is not None and asked.tier in ahead.children:
        return pupils_ahead(asked.tier, area, ahead)[member]
    known = area.units.children.get(asked.tier, np.full(len(area.units), np.nan))
    return np.array([[counted.get(area.units.id[k], known[k])] for k in member.tolist()]).reshape(len(member), 1)


# --- what exists ------------------------------------------------------------------------------------------------


def nearest_by_road(asked: Asked, key: str, audit: Audit, ground: Ground) -> Service:
    """What an audit found for one programme: everybody on the way to the nearest school the rules count."""
    area, found = ground.area, audit.walks[audit.walks["programme"] == key]
    row = {unit: k for k, unit in enumerate(area.units.id)}
    member = np.array([row[unit] for unit in found["unit_id"]], dtype=np.int64)
    of = audit.schools[(audit.schools["programme"] == key) & audit.schools["is_counted"].astype(bool)]
    gates = snap(ground.network, of.geometry.x.to_numpy(), of.geometry.y.to_numpy())
    school, way = nearest(ground.network, gates, ground.points)
    radius_m = _radius(audit, key)
    cutoffs = cutoffs_with(radius_m)
    children = dict(zip(found["unit_id"], found["children"].astype(float), strict=True))
    return Service(
        area=area,
        is_assigned=False,
        radius_m=radius_m,
        schools=_standing(of),
        member=member,
        metres=found["mean_m"].to_numpy(dtype=np.float64),
        cutoffs=cutoffs,
        within=_within(ground, member, way, cutoffs),
        links=_shares(area, member, school),
        pupils=_pupils(asked, area, member, children),
    )


def _radius(audit: Audit, key: str) -> float:
    told = audit.coverage.loc[audit.coverage["programme"] == key, "radius_m"].to_numpy(dtype=np.float64)
    return float(told[0]) if len(told) and np.isfinite(told[0]) else np.inf


def _standing(of: object) -> tuple[Served, ...]:
    return tuple(
        Served(
            row.school_id,
            row.name,
            row.geometry.x,
            row.geometry.y,
            row.seats,
            row.nearest_children,
            now=(row.enrolment, row.seats),
            figures=(None, people(row.nearest_residents), people(row.nearest_children), None, None),
        )
        for row in of.itertuples(index=False)  # type: ignore[attr-defined]
    )


def _shares(area: StudyArea, member: IntArray, school: IntArray) -> Links:
    """The share of each unit's residents for whom each school (N,) is nearest; evenly where nobody lives."""
    at = np.full(len(area.units) + 1, NOWHERE)
    at[member] = np.arange(len(member))
    unit, weight = at[area.points.unit], area.points.residents + 1e-9
    is_served = (unit != NOWHERE) & (school != NOWHERE)
    pair, which = np.unique(np.column_stack([unit, school])[is_served], axis=0, return_inverse=True)
    people = np.bincount(which.ravel(), weight[is_served], minlength=len(pair))
    share = people / np.bincount(unit[unit != NOWHERE], weight[unit != NOWHERE], minlength=len(member))[pair[:, 0]]
    order = np.lexsort([-share, pair[:, 0]])
    return Links(pair[order, 0], pair[order, 1], share[order])
