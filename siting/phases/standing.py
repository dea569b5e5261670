"""What stands when a phase begins: the schools of the files, what earlier phases opened, what was changed so far."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from siting.demand.ahead import is_cohort, looked_ahead
from siting.errors import Fault, InputError
from siting.finished import Made
from siting.phases.allowance import Counts, Promised, allowance
from siting.phases.asked import Asked
from siting.plan import Site, TierPlan
from siting.programme.sizes import largest_new
from siting.rules.gather import terms_for
from siting.run import Base
from siting.scenario.applying import changed
from siting.scenario.kinds.close_school import CloseSchool
from siting.scenario.kinds.convert_school import ConvertSchool
from siting.study import Operator, Schools, StudyArea, Tier, stacked
from siting.words import Phrase


@dataclass(frozen=True, slots=True)
class Opened:
    """A school that a phase has built or enlarged. village is the id of the village, community or estate it lies in."""

    programme: str
    id: str
    name: str
    tier: Tier
    operator: Operator
    village: str
    x: float
    y: float
    is_new: bool
    classes: float
    seats: float
    max_classes: float


@dataclass(frozen=True, slots=True)
class Gone:
    """A tier of a school that a phase closes; to: what it becomes, None where it is closed."""

    id: str
    name: str
    tier: Tier
    to: Tier | None
    operator: Operator
    village: str
    x: float
    y: float
    reason: Phrase


@dataclass(frozen=True, slots=True)
class Stand:
    """A base as earlier phases leave it. opened are their schools, in order; converted the ids of schools that were
    turned into another tier, which needs a hearing."""

    base: Base
    opened: tuple[Opened, ...] = ()
    converted: frozenset[str] = frozenset()
    villages: Mapping[str, str] = field(default_factory=dict)

    @property
    def counts(self) -> Counts:
        """Projects opened so far."""
        found: dict[tuple[str, str], int] = {}
        for one in self.opened:
            word = (one.programme, "new" if one.is_new else "extend")
            found[word] = found.get(word, 0) + 1
        return found  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Begun:
    """A phase put to the planner: the stand with the phase's changes, the base that is planned, what was closed."""

    stand: Stand
    base: Base
    gone: tuple[Gone, ...]


def begun(stand: Stand, at: Asked, every: Sequence[Asked], promised: Promised) -> Begun:
    """A phase after its changes. Raises InputError with every fault of them, messages beginning with the phase."""
    own = {programme.key: programme.budget for programme in stand.base.project.programmes}
    budgeted = _without_met(_budgeted(stand, at, every, promised), stand.opened)
    after = _without_met(changed(budgeted, at.scenario), stand.opened)
    gone = tuple(_gone(stand, after, at))
    restored = tuple(replace(one, budget=own[one.key]) for one in after.project.programmes)
    turned = stand.converted | {one.id for one in gone if one.to}
    left = replace(stand, base=replace(after, project=replace(after.project, programmes=restored)), converted=turned)
    return Begun(left, _looking_ahead(after, left, at), gone)


def _budgeted(stand: Stand, at: Asked, every: Sequence[Asked], promised: Promised) -> Base:
    base, project = stand.base, stand.base.project
    programmes = tuple(
        replace(one, budget=allowance(base.book, one, at, every, stand.counts, promised)) for one in project.programmes
    )
    return replace(base, project=replace(project, programmes=programmes))


def _without_met(base: Base, opened: Iterable[Opened]) -> Base:
    """The base without locks that require what has been opened."""
    done = {(one.id, one.tier) for one in opened}
    left = (lock for lock in base.project.locks if lock.word != "require" or (lock.site, lock.tier) not in done)
    return replace(base, project=replace(base.project, locks=tuple(left)))


def _looking_ahead(base: Base, stand: Stand, at: Asked) -> Base:
    """The base in the last year of the phase, its schools on the land of estates in those estates' units."""
    project = replace(base.project, name=f"{base.project.name}　{at.name.said_in(base.project.language)}")
    if is_cohort(base.area, project.ahead):
        project = replace(project, ahead=replace(project.ahead, year=at.phase.last))
    area, faults = looked_ahead(base.area, project)
    if faults:
        raise InputError(tuple(in_phase(fault, at) for fault in faults))
    return replace(base, project=project, area=_in_units(area, stand.villages))


def in_phase(fault: Fault, at: Asked) -> Fault:
    """A fault told with its phase."""
    what = Phrase(f"{at.where}{fault.what.zh}", f"{at.where}{fault.what.en}")
    return replace(fault, what=what)


def _in_units(area: StudyArea, villages: Mapping[str, str]) -> StudyArea:
    place = {unit: at for at, unit in enumerate(area.units.id)}
    unit = [
        place.get(villages.get(school, ""), at) if at < 0 else at
        for school, at in zip(area.schools.id, area.schools.unit.tolist(), strict=True)
    ]
    return replace(area, schools=replace(area.schools, unit=np.array(unit, dtype=np.int64)))


# --- what a phase closes ---------------------------------------------------------------------------------------


def _gone(stand: Stand, after: Base, at: Asked) -> Iterator[Gone]:
    """Tiers of schools that stood before the changes and do not any more."""
    before, left = stand.base.area.schools, after.area.schools
    stay = set(zip(left.id, left.tier, strict=True))
    for row in range(len(before)):
        if (before.id[row], before.tier[row]) not in stay:
            change = _change_of(at, before, row)
            yield Gone(
                id=before.id[row],
                name=before.name[row],
                tier=before.tier[row],
                to=change.to if isinstance(change, ConvertSchool) else None,
                operator=before.operator[row],
                village=_village(stand, before, row),
                x=float(before.x[row]),
                y=float(before.y[row]),
                reason=change.reason,
            )


def _village(stand: Stand, schools: Schools, row: int) -> str:
    unit = int(schools.unit[row])
    return stand.base.area.units.id[unit] if unit >= 0 else stand.villages.get(schools.id[row], "")


def _change_of(at: Asked, schools: Schools, row: int) -> CloseSchool | ConvertSchool:
    """The change that closes or converts a tier of a school."""
    called = (schools.id[row], schools.name[row])
    return next(
        change
        for change in at.scenario.changes
        if isinstance(change, CloseSchool | ConvertSchool)
        and change.school in called
        and change.tier in (None, schools.tier[row])
    )


# --- what a phase opens ----------------------------------------------------------------------------------------


def opened_at(made: Made, part: TierPlan, site: Site) -> Opened:
    """A site of a plan as a school that stands from now on; made is what was planned, its units divided.

    A new school can grow to what its plot holds, or to the largest of the menu where nobody said.
    """
    terms = terms_for(made.book, next(one for one in made.project.programmes if one.key == part.programme))
    units, places = made.area.units, made.area.candidates
    limits = dict(zip(places.id, places.max_classes.tolist(), strict=True))
    most = limits.get(site.id, math.nan)
    return Opened(
        programme=part.programme,
        id=site.id,
        name=site.name,
        tier=part.tier,
        operator=site.operator,
        village=units.part_of[units.id.index(site.unit_id)],
        x=site.x,
        y=site.y,
        is_new=site.action == "new",
        classes=site.classes,
        seats=site.seats,
        max_classes=most if most == most else largest_new(terms, most),
    )


def with_opened(stand: Stand, opened: Sequence[Opened]) -> Stand:
    """The stand with the schools of a phase."""
    area = stand.base.area
    schools = stacked(area.schools, _built(area, [one for one in opened if one.is_new]))
    schools = _enlarged(schools, [one for one in opened if not one.is_new])
    villages = {**stand.villages, **{one.id: one.village for one in opened if one.is_new}}
    base = replace(stand.base, area=replace(area, schools=schools))
    return replace(stand, base=base, opened=(*stand.opened, *opened), villages=villages)


def _built(area: StudyArea, opened: Sequence[Opened]) -> Schools:
    place = {unit: at for at, unit in enumerate(area.units.id)}
    return Schools(
        id=tuple(one.id for one in opened),
        name=tuple(one.name for one in opened),
        tier=tuple(one.tier for one in opened),
        operator=tuple(one.operator for one in opened),
        unit=np.array([place.get(one.village, -1) for one in opened], dtype=np.int64),
        x=np.array([one.x for one in opened], dtype=np.float64),
        y=np.array([one.y for one in opened], dtype=np.float64),
        classes=np.array([one.classes for one in opened], dtype=np.float64),
        seats=np.array([one.seats for one in opened], dtype=np.float64),
        enrolment=np.full(len(opened), np.nan),
        max_classes=np.array([one.max_classes for one in opened], dtype=np.float64),
        opened_year=np.full(len(opened), np.nan),
        migrants=np.full(len(opened), np.nan),
        bought=np.full(len(opened), np.nan),
    )


def _enlarged(schools: Schools, opened: Sequence[Opened]) -> Schools:
    classes, seats = schools.classes.copy(), schools.seats.copy()
    row = {one: at for at, one in enumerate(zip(schools.id, schools.tier, strict=True))}
    for one in opened:
        classes[row[one.id, one.tier]], seats[row[one.id, one.tier]] = one.classes, one.seats
    return replace(schools, classes=classes, seats=seats)


def stamp_with(stamp: str, at: Asked, opened: Iterable[Opened]) -> str:
    """A stamp of what a phase's plan is made from: that of the study, the phase, and what earlier phases opened."""
    built = [(one.id, one.tier, one.is_new, one.classes, one.x, one.y) for one in opened]
    return hashlib.sha256(json.dumps([stamp, at.number, built], ensure_ascii=False).encode()).hexdigest()
