"""A programme of a plan added up anew: who goes where, how far, and how full the schools are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from siting.plan import Site, TierPlan
from siting.project import Programme, areas_of
from siting.rules.kinds.kind import TOLERANCE
from siting.rules.terms import Terms
from siting.rules.verdict import Evidence, Served
from siting.study import FloatArray, IntArray, StudyArea, Tier
from siting.verify.streets import Placed, Streets, metres_between, put_on


@dataclass(frozen=True, slots=True)
class Ground:
    """What every programme stands on: the study area, its streets, and its demand points placed on them."""

    area: StudyArea
    streets: Streets
    points: Placed
    pupils_per_1000: Mapping[Tier, float]


@dataclass(frozen=True, slots=True)
class Recount:
    """What a plan's part says, what it was asked (programme, terms), and what it does (evidence).

    The first schools of the evidence are the part's sites, in their order. unit (U,): positions in the study area
    of the evidence's units. metres (U,): mean of a unit's residents, nan without a school or residents; covered
    (U,): its residents within the radius. existing: rows of the tier's schools in the programme's area, by id.
    """

    area: StudyArea
    part: TierPlan
    programme: Programme
    terms: Terms
    unit: IntArray
    evidence: Evidence
    metres: FloatArray
    covered: FloatArray
    existing: Mapping[str, int]

    def is_counted(self, school_id: str) -> bool:
        """Whether the rules count an existing school."""
        return is_counted(self.area, self.terms, self.existing[school_id])


def is_counted(area: StudyArea, terms: Terms, row: int) -> bool:
    """Whether the rules count a row of the schools: its operator is one they speak of."""
    return not terms.operators or area.schools.operator[row] in terms.operators


def recount(ground: Ground, part: TierPlan, programme: Programme, terms: Terms) -> Recount:
    """A plan's part added up from the inputs. A unit or school given twice counts where it is given first."""
    area = ground.area
    unit = np.flatnonzero(np.isin(np.array(area.units.area), list(areas_of(programme.area))))
    existing = _existing(area, programme, unit)
    school = _school_of_units(area, part, unit)
    pupils = unit_pupils(area, programme.tier, ground.pupils_per_1000)[unit]
    served = [
        replace(_as_planned(area, site, terms, existing), **_load(area, unit[school == k], pupils[school == k]))
        for k, site in enumerate(part.sites)
    ]
    others = _uncounted(area, terms, existing, {site.id for site in part.sites})
    gates = _gates(ground, part, existing)
    claimed = [site.farthest_m for site in part.sites]
    evidence = _evidence(ground, programme, (unit, school, pupils), (*served, *others), gates, claimed)
    metres, covered = _per_unit(evidence, terms.radius_m)
    return Recount(area, part, programme, terms, unit, evidence, metres, covered, existing)


def unit_pupils(area: StudyArea, tier: Tier, pupils_per_1000: Mapping[Tier, float]) -> FloatArray:
    """Children of a tier in every unit (U,): as counted, else by the study's rate."""
    by_rate = area.units.residents * pupils_per_1000.get(tier, 0.0) / 1000.0
    counted = area.units.children.get(tier)
    return by_rate if counted is None else np.where(np.isnan(counted), by_rate, counted)


def _existing(area: StudyArea, programme: Programme, unit: IntArray) -> dict[str, int]:
    is_here = np.isin(area.schools.unit, unit)
    rows = [row for row, tier in enumerate(area.schools.tier) if tier == programme.tier and is_here[row]]
    return {area.schools.id[row]: row for row in rows}


def _school_of_units(area: StudyArea, part: TierPlan, unit: IntArray) -> IntArray:
    """Position in the part's sites of each unit's school (U,), -1 for none or one that is not there."""
    place = {site.id: k for k, site in reversed(list(enumerate(part.sites)))}
    given = {one.unit_id: place.get(one.site_id, -1) for one in reversed(part.assignments)}
    return np.array([given.get(area.units.id[u], -1) for u in unit], dtype=np.int64)


def _as_planned(area: StudyArea, site: Site, terms: Terms, existing: Mapping[str, int]) -> Served:
    """A site as the plan leaves it, without its load. What is known of an existing school is not the plan's to say."""
    if site.action == "new" or site.id not in existing:
        return _newly_built(area, site, terms)
    school = _standing(area, existing[site.id])
    if site.action == "keep":
        return school
    return replace(school, action="extend", classes=site.classes, seats=site.classes * terms.class_size)


def _standing(area: StudyArea, row: int) -> Served:
    schools, unit = area.schools, area.schools.unit[row]
    return Served(
        id=schools.id[row],
        name=schools.name[row],
        operator=schools.operator[row],
        action="keep",
        unit_id=area.units.id[unit],
        planning_unit=area.units.planning_unit[unit],
        classes_before=float(schools.classes[row]),
        classes=float(schools.classes[row]),
        seats=float(schools.seats[row]),
        **NO_LOAD,
    )


def _newly_built(area: StudyArea, site: Site, terms: Terms) -> Served:
    place = area.units.id.index(site.unit_id) if site.unit_id in area.units.id else None
    return Served(
        id=site.id,
        name=site.name,
        operator=site.operator,
        action=site.action,
        unit_id=site.unit_id,
        planning_unit="" if place is None else area.units.planning_unit[place],
        classes_before=0.0,
        classes=site.classes,
        seats=site.classes * terms.class_size,
        **NO_LOAD,
    )


NO_LOAD: Mapping[str, Any] = {"residents": 0.0, "pupils": 0.0, "members": ()}


def _load(area: StudyArea, members: IntArray, pupils: FloatArray) -> Mapping[str, Any]:
    return {
        "residents": float(area.units.residents[members].sum()),
        "pupils": float(pupils.sum()),
        "members": tuple(area.units.id[member] for member in members),
    }


def _uncounted(area: StudyArea, terms: Terms, existing: Mapping[str, int], planned: set[str]) -> list[Served]:
    """Schools that stay open and that the rules do not count, so that no unit is assigned to them."""
    rows = [row for school, row in existing.items() if school not in planned and not is_counted(area, terms, row)]
    return [_standing(area, row) for row in rows]


def _gates(ground: Ground, part: TierPlan, existing: Mapping[str, int]) -> Placed:
    """The gates of the part's sites on the streets; an existing school stands where the inputs say."""
    schools = ground.area.schools
    rows = [existing.get(site.id) if site.action != "new" else None for site in part.sites]
    x = [site.x if row is None else schools.x[row] for site, row in zip(part.sites, rows, strict=True)]
    y = [site.y if row is None else schools.y[row] for site, row in zip(part.sites, rows, strict=True)]
    return put_on(ground.streets, np.array(x, dtype=np.float64), np.array(y, dtype=np.float64))


def _evidence(
    ground: Ground,
    programme: Programme,
    who: tuple[IntArray, IntArray, FloatArray],
    served: tuple[Served, ...],
    gates: Placed,
    claimed: list[float],
) -> Evidence:
    """Evidence of units, their schools and pupils (who, each (U,)), and of the schools that serve them."""
    unit, school, pupils = who
    units, points = ground.area.units, ground.area.points
    place = np.full(len(units), -1)
    place[unit] = np.arange(len(unit))
    here = np.flatnonzero(place[points.unit] >= 0)
    return Evidence(
        tier=programme.tier,
        area=programme.area,
        unit_id=tuple(units.id[u] for u in unit),
        unit_name=tuple(units.name[u] for u in unit),
        unit_part_of=tuple(units.part_of[u] for u in unit),
        planning_unit=tuple(units.planning_unit[u] for u in unit),
        residents=units.residents[unit],
        pupils=pupils,
        school=school,
        point_unit=place[points.unit[here]],
        point_residents=points.residents[here],
        point_metres=_point_metres(ground, here, school[place[points.unit[here]]], gates, claimed),
        schools=served,
    )


def _point_metres(ground: Ground, here: IntArray, school: IntArray, gates: Placed, claimed: list[float]) -> FloatArray:
    """Metres from demand points (positions here) to the gate of their school (position, -1 for none: nan)."""
    metres = np.full(len(here), np.nan)
    for k in range(len(gates.x)):
        theirs = np.flatnonzero(school == k)
        if len(theirs):
            places = ground.points.take(here[theirs])
            metres[theirs] = metres_between(ground.streets, gates.take([k]), places, claimed[k])
    return metres


def _per_unit(seen: Evidence, radius_m: float) -> tuple[FloatArray, FloatArray]:
    """Mean metres of each unit's residents (U,), and how many of them live within the radius (U,)."""
    size, lives = len(seen.unit_id), seen.point_residents > 0
    unit, people, metres = seen.point_unit[lives], seen.point_residents[lives], seen.point_metres[lives]
    everybody = np.bincount(unit, people, minlength=size)
    with np.errstate(invalid="ignore"):
        mean = np.bincount(unit, people * metres, minlength=size) / everybody
    covered = np.bincount(unit, np.where(metres <= radius_m + TOLERANCE, people, 0.0), minlength=size)
    return mean, covered.astype(np.float64)
