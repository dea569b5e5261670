"""One programme as a question to the optimiser: who lives there, which sites there are, what the rules allow."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from siting.candidates import candidate_places
from siting.demand.pupils import unit_pupils
from siting.location import Arcs, Budget, Decision, Instance
from siting.location.instance import BoolArray
from siting.network.distances import bounded_distances
from siting.network.graph import Snapped, UnitReach
from siting.network.ground import Ground
from siting.network.reach import unit_reach
from siting.network.snapping import snap
from siting.programme.sizes import largest_extension, largest_new
from siting.project import Lock, Programme, Project, areas_of
from siting.rules.terms import Terms
from siting.study import DemandPoints, FloatArray, IntArray, Operator, StudyArea, Tier, taken

ASSIGN_M: dict[Tier, float] = {"kindergarten": 2000.0, "primary": 3000.0, "junior": 5000.0, "senior": 15000.0}
"""The longest road a unit is assigned over where no rule promises a distance."""

WIDER, WIDEST = 2.0, 10.0
"""The search for sites goes so many times farther than the longest road, so that one far hut does not cut off its
village; and for units that are still without any, so many times."""

NEAREST = 3
"""Sites a unit may go to where none is within the longest road."""


@dataclass(frozen=True, slots=True)
class Sites:
    """Existing schools, then candidates (J). school: row of the study area's schools, -1 for a candidate.

    classes and seats are those of today (0 for candidates, nan where nobody counted). largest: classes it can be
    extended to, or built with; nan where it cannot grow or nobody said. is_required (J,): candidates that are built in
    any case, and schools that are extended in any case.
    """

    id: tuple[str, ...]
    name: tuple[str, ...]
    operator: tuple[Operator, ...]
    school: IntArray
    unit: IntArray
    x: FloatArray
    y: FloatArray
    classes: FloatArray
    seats: FloatArray
    largest: FloatArray
    is_required: BoolArray

    def __len__(self) -> int:
        """The number of sites."""
        return len(self.id)

    @property
    def is_built_anyway(self) -> BoolArray:
        """Candidates that are required (J,)."""
        return self.is_required & (self.school < 0)

    @property
    def is_grown_anyway(self) -> BoolArray:
        """Schools whose extension is required (J,)."""
        return self.is_required & (self.school >= 0)


@dataclass(frozen=True, slots=True)
class Question:
    """A programme put to the optimiser. unit (I,): positions of its units in the study area; farthest_m (A,): road of
    the farthest resident of every allowed pair; locks: what was settled before, of its tier."""

    area: StudyArea
    programme: Programme
    terms: Terms
    unit: IntArray
    sites: Sites
    instance: Instance
    farthest_m: FloatArray
    locks: tuple[Lock, ...] = ()

    def is_extended(self, decision: Decision) -> BoolArray:
        """Schools that a decision extends, and those that are extended in any case (J,)."""
        return decision.is_extended | self.sites.is_grown_anyway


def ask(ground: Ground, programme: Programme, terms: Terms, project: Project) -> Question:
    """The question a programme asks. An area without units, or without any place for a school, asks about nothing."""
    area = ground.area
    unit = np.flatnonzero(np.isin(np.array(area.units.area), list(areas_of(programme.area))))
    locks = tuple(lock for lock in project.locks if lock.tier == programme.tier)
    sites = _settled(_sites(area, programme, terms, unit, project.limits.spacing_m), terms, locks)
    reach = _reach(ground, unit, sites, terms, _limit_m(programme, terms))
    keep = _in_own_village(area, unit, sites, reach, terms)
    pupils = unit_pupils(area, programme.tier, project.pupils_per_1000)[unit]
    instance = _instance(area, programme, terms, (unit, pupils), sites, _arcs(area, unit, reach, keep))
    return Question(area, programme, terms, unit, sites, instance, reach.farthest_m[keep], locks)


# --- sites -----------------------------------------------------------------------------------------------------


def _sites(area: StudyArea, programme: Programme, terms: Terms, unit: IntArray, spacing_m: float) -> Sites:
    schools, rows = area.schools, counted_schools(area, programme, terms, unit)
    places = candidate_places(area, programme, spacing_m)
    most = np.array([largest_new(terms, limit) for limit in places.max_classes.tolist()])
    built = [k for k in range(len(places)) if most[k] != 0 and places.id[k] not in schools.id]
    grown = [largest_extension(terms, float(schools.classes[r]), float(schools.max_classes[r])) for r in rows]
    nothing = np.zeros(len(built))
    public: Operator = "public"
    return Sites(
        id=(*(schools.id[r] for r in rows), *(places.id[k] for k in built)),
        name=(*(schools.name[r] for r in rows), *(places.name[k] for k in built)),
        operator=(*(schools.operator[r] for r in rows), *(public for _ in built)),
        school=np.array([*rows, *(-1 for _ in built)], dtype=np.int64),
        unit=np.concatenate((schools.unit[rows], places.unit[built])).astype(np.int64),
        x=np.concatenate((schools.x[rows], places.x[built])),
        y=np.concatenate((schools.y[rows], places.y[built])),
        classes=np.concatenate((schools.classes[rows], nothing)),
        seats=np.concatenate((schools.seats[rows], nothing)),
        largest=np.concatenate((np.array(grown, dtype=float), most[built])),
        is_required=np.zeros(len(rows) + len(built), dtype=bool),
    )


def _settled(sites: Sites, terms: Terms, locks: tuple[Lock, ...]) -> Sites:
    """The sites without forbidden candidates, forbidden schools unable to grow, what is required marked as far as it
    can be."""
    word = {lock.site: lock.word for lock in locks}
    said = np.array([word.get(site, "") for site in sites.id], dtype=object)
    is_forbidden, is_school = said == "forbid", sites.school >= 0
    marked = replace(
        sites,
        largest=np.where(is_forbidden & is_school, np.nan, sites.largest),
        is_required=(said == "require") & (~is_school | np.isfinite(_seats_grown(sites, terms))),
    )
    return taken(marked, np.flatnonzero(~is_forbidden | is_school))


def _seats_grown(sites: Sites, terms: Terms) -> FloatArray:
    """Seats of schools after their largest extension (J,), nan where that brings none."""
    seats = sites.largest * terms.class_size
    return np.where((sites.school >= 0) & (seats > sites.seats), seats, np.nan)


def counted_schools(area: StudyArea, programme: Programme, terms: Terms, unit: IntArray) -> list[int]:
    """Rows of the schools of the programme's tier, in its units (positions), that the rules count."""
    schools = area.schools
    is_here = np.isin(schools.unit, unit)
    return [
        row
        for row, tier in enumerate(schools.tier)
        if tier == programme.tier and is_here[row] and (not terms.operators or schools.operator[row] in terms.operators)
    ]


# --- who reaches whom ------------------------------------------------------------------------------------------


def _limit_m(programme: Programme, terms: Terms) -> float:
    """The longest road a unit may be assigned over: as the study file says, else twice the radius, else the tier's."""
    if not math.isnan(programme.assign_limit_m):
        return programme.assign_limit_m
    return 2.0 * terms.radius_m if math.isfinite(terms.radius_m) else ASSIGN_M[programme.tier]


def _reach(ground: Ground, unit: IntArray, sites: Sites, terms: Terms, limit_m: float) -> UnitReach:
    """Pairs of units (positions in unit) and sites whose mean road is within the limit; a unit's nearest where none is.

    A unit is as far from a site as its residents are on average.
    """
    gates = snap(ground.network, sites.x, sites.y)
    near = _within(ground, unit, gates, terms.radius_m, WIDER * limit_m)
    alone = np.setdiff1d(np.arange(len(unit)), near.unit)
    if len(alone) and len(sites):
        near = _merged(near, _within(ground, unit[alone], gates, terms.radius_m, WIDEST * limit_m), alone)
    is_near = near.metres <= limit_m
    has_near = np.bincount(near.unit[is_near], minlength=len(unit)) > 0
    return _only(near, is_near | (~has_near[near.unit] & (_rank(near.unit) < NEAREST)))


def _rank(unit: IntArray) -> IntArray:
    """The place of each row among the rows of its unit (A,), which stand together."""
    first = np.flatnonzero(np.diff(unit, prepend=-1))
    return np.arange(len(unit)) - np.repeat(first, np.diff(first, append=len(unit)))


def _within(ground: Ground, unit: IntArray, gates: Snapped, radius_m: float, limit_m: float) -> UnitReach:
    points, snapped = _points_of(ground, unit)
    return unit_reach(points, len(unit), bounded_distances(ground.network, gates, snapped, limit_m), radius_m)


def _points_of(ground: Ground, unit: IntArray) -> tuple[DemandPoints, Snapped]:
    """The demand points of some units, whose numbers become positions among those."""
    points, snapped = ground.area.points, ground.points
    place = np.full(len(ground.area.units) + 1, -1)
    place[unit] = np.arange(len(unit))
    here = np.flatnonzero(place[points.unit] >= 0)
    return (
        DemandPoints(place[points.unit[here]], points.x[here], points.y[here], points.residents[here], points.cell_m),
        Snapped(snapped.edge[here], snapped.along_m[here], snapped.leg_m[here]),
    )


def _only(reach: UnitReach, keep: np.ndarray) -> UnitReach:
    return replace(
        reach,
        unit=reach.unit[keep],
        site=reach.site[keep],
        metres=reach.metres[keep],
        covered=reach.covered[keep],
        farthest_m=reach.farthest_m[keep],
    )


def _merged(near: UnitReach, far: UnitReach, alone: IntArray) -> UnitReach:
    """Both as one, by unit and then metres; far's units are positions in alone."""
    unit = np.concatenate((near.unit, alone[far.unit]))
    metres = np.concatenate((near.metres, far.metres))
    site = np.concatenate((near.site, far.site))
    order = np.lexsort((site, metres, unit))
    both = replace(
        near,
        unit=unit,
        site=site,
        metres=metres,
        covered=np.concatenate((near.covered, far.covered)),
        farthest_m=np.concatenate((near.farthest_m, far.farthest_m)),
    )
    return _only(both, order)


def _in_own_village(area: StudyArea, unit: IntArray, sites: Sites, reach: UnitReach, terms: Terms) -> np.ndarray:
    """Pairs that are kept (A,): a large village uses sites of its own where one of them covers it as well as any other.

    Without a free hand to build, only a school that stands there or is built in any case counts.
    """
    village = np.array([area.units.part_of[u] for u in unit.tolist()], dtype=object)
    people = dict.fromkeys(village.tolist(), 0.0)
    for its, residents in zip(village.tolist(), area.units.residents[unit].tolist(), strict=True):
        people[its] += residents
    is_large = np.array([people[its] >= terms.own_school_from for its in village.tolist()], dtype=bool)
    home = np.array([area.units.part_of[u] for u in sites.unit.tolist()], dtype=object)
    is_own = is_large[reach.unit] & (village[reach.unit] == home[reach.site])
    if terms.new is not None:
        is_own &= (sites.school[reach.site] >= 0) | sites.is_required[reach.site]
    best = np.zeros(len(unit))
    np.maximum.at(best, reach.unit, reach.covered)
    best_own = np.full(len(unit), -1.0)
    np.maximum.at(best_own, reach.unit[is_own], reach.covered[is_own])
    stays_home = best_own >= best - 1e-6
    return is_own | ~stays_home[reach.unit]


def _arcs(area: StudyArea, unit: IntArray, reach: UnitReach, keep: np.ndarray) -> Arcs:
    beyond = area.units.residents[unit][reach.unit] - reach.covered
    return Arcs(reach.unit[keep], reach.site[keep], reach.metres[keep], np.where(beyond > 1e-6, beyond, 0.0)[keep])


# --- what the rules allow --------------------------------------------------------------------------------------


def _instance(
    area: StudyArea,
    programme: Programme,
    terms: Terms,
    demand: tuple[IntArray, FloatArray],
    sites: Sites,
    arcs: Arcs,
) -> Instance:
    unit, pupils = demand
    is_existing, is_grown = sites.school >= 0, sites.is_grown_anyway
    built = np.where(np.isnan(sites.largest), np.inf, sites.largest * terms.class_size)
    today = np.where(np.isnan(sites.seats), np.inf, sites.seats)
    grown, residents = _seats_grown(sites, terms), area.units.residents[unit]
    upper = _extended_upper(grown, residents, pupils, terms.upper)
    return Instance(
        unit_id=tuple(area.units.id[u] for u in unit),
        site_id=sites.id,
        residents=residents,
        pupils=pupils,
        is_existing=is_existing | sites.is_required,
        seats=np.where(is_grown, grown, np.where(is_existing, today, built)),
        extended_seats=np.where(is_grown, np.nan, grown),
        upper=np.where(is_grown, upper, terms.upper),
        extended_upper=upper,
        arcs=arcs,
        lower=terms.lower,
        is_alone_free=math.isfinite(terms.own_school_from) and programme.large_village == "larger",
        budget=_budget(terms, sites),
        goals=programme.goals,
        cost_new=programme.cost_new,
        cost_extend=programme.cost_extend,
        cost_fixed=float(programme.cost_new * sites.is_built_anyway.sum() + programme.cost_extend * is_grown.sum()),
    )


def _extended_upper(grown: FloatArray, residents: FloatArray, pupils: FloatArray, upper: float) -> FloatArray:
    """Residents an extended school may serve (J,): those whose children it has seats for, if that is more."""
    people_per_pupil = residents.sum() / pupils.sum() if pupils.sum() > 0 else 0.0
    return np.fmax(grown * people_per_pupil, upper)


def _budget(terms: Terms, sites: Sites) -> Budget:
    """What is left of the counts once what is required is done."""
    new = _left(terms.new, sites.is_built_anyway)
    return Budget(new, _left(terms.extend, sites.is_grown_anyway), terms.new_exact, terms.extend_exact)


def _left(count: int | None, is_done: BoolArray) -> float:
    return math.inf if count is None else max(0.0, float(count - is_done.sum()))
