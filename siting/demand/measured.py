"""The indicators of a study area: who attends its schools today, and who would have to board."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from siting.demand import measures
from siting.demand.classes import Capacity
from siting.demand.figures import BOARDING_LIMIT_M
from siting.demand.measures import Attended, Measured
from siting.demand.pupils import unit_pupils
from siting.plan import Plan, TierPlan
from siting.project import Programme, Project
from siting.rules.base import RuleBook
from siting.rules.gather import terms_for
from siting.study import TIER_NAMES, FloatArray, StudyArea, Tier
from siting.words import Phrase


@dataclass(frozen=True, slots=True)
class Walked:
    """Rural units of one tier where somebody lives (U): pupils, and metres to their school, inf without one."""

    tier: Tier
    name: tuple[str, ...]
    pupils: FloatArray
    metres: FloatArray


def measured(area: StudyArea, book: RuleBook, walked: Sequence[Walked] = ()) -> tuple[Measured, ...]:
    """Every indicator, in the order of INDICATORS; boarding once for each tier that is walked and has a limit.

    Schools are as they stand, and attended as they are today. A school that lies in no unit is left out.
    """
    schools, everybody = attended(area), _residents_today(area)
    return (
        measures.migrant_share(schools),
        measures.migrant_share_with_bought(schools),
        measures.inclusive_share(schools),
        measures.inclusive_sites(schools),
        measures.childcare_places(schools, _kindergarten(book), everybody),
        measures.small_rural_schools(schools),
        *_boarding(book, walked),
        measures.recurrent_per_pupil(schools),
    )


def attended(area: StudyArea) -> Attended:
    """The schools of a study area that lie in one of its units."""
    schools = area.schools
    rows = np.flatnonzero(schools.unit >= 0).tolist()
    return Attended(
        name=tuple(schools.name[row] for row in rows),
        tier=tuple(schools.tier[row] for row in rows),
        operator=tuple(schools.operator[row] for row in rows),
        area=tuple(area.units.area[schools.unit[row]] for row in rows),
        classes=schools.classes[rows],
        pupils=schools.enrolment[rows],
        migrants=schools.migrants[rows],
        bought=schools.bought[rows],
    )


def _residents_today(area: StudyArea) -> float:
    """Residents of the first year that is known, which is that of the schools."""
    ahead = area.forecast
    return float(area.units.residents.sum() if ahead is None else ahead.residents[:, 0].sum())


def _kindergarten(book: RuleBook) -> Capacity:
    terms = terms_for(book, Programme("kindergarten-all", "kindergarten", "all"))
    return Capacity("kindergarten", terms.class_size)


# --- boarding --------------------------------------------------------------------------------------------------


def walks_of_plan(plan: Plan, area: StudyArea, project: Project) -> tuple[Walked, ...]:
    """The rural units of a plan's schools, tier by tier, with the way to the school they are assigned to.

    Pupils are those of the year planned for. Kindergartens are left out: nobody boards there.
    """
    every = [_walked(part, area, project) for part in plan.parts if part.tier != "kindergarten"]
    return tuple(one for one in every if one.name)


def _walked(part: TierPlan, area: StudyArea, project: Project) -> Walked:
    place = {unit: row for row, unit in enumerate(area.units.id)}
    rows = [(one, place[one.unit_id]) for one in part.assignments if one.unit_id in place]
    rural = [(one, row) for one, row in rows if area.units.area[row] == "rural" and area.units.residents[row] > 0]
    pupils = unit_pupils(area, part.tier, project.pupils_per_1000)
    return Walked(
        tier=part.tier,
        name=tuple(area.units.name[row] for _, row in rural),
        pupils=pupils[[row for _, row in rural]],
        metres=np.array([one.metres if one.site_id else np.inf for one, _ in rural], dtype=np.float64),
    )


def _boarding(book: RuleBook, walked: Sequence[Walked]) -> Iterator[Measured]:
    for one in walked:
        limit_m = _limit_m(book, one.tier)
        if np.isfinite(limit_m):
            told = measures.boarding_need(one.name, one.pupils, one.metres, one.tier, limit_m)
            yield replace(told, indicator=replace(told.indicator, name=_named(told, one.tier, limit_m)))


def _limit_m(book: RuleBook, tier: Tier) -> float:
    """Metres beyond which rural pupils board: what the rules promise, else the usual limit of primary schools; inf
    where nobody says."""
    promised = terms_for(book, Programme(f"{tier}-rural", tier, "rural")).radius_m
    return BOARDING_LIMIT_M.value if tier == "primary" and np.isinf(promised) else promised


def _named(told: Measured, tier: Tier, limit_m: float) -> Phrase:
    name, of = told.indicator.name, TIER_NAMES[tier]
    return Phrase(
        f"{name.zh}（农村{of.zh}，路程超过 {limit_m:,.0f} 米）", f"{name.en} (rural {of.en}, beyond {limit_m:,.0f} m)"
    )
