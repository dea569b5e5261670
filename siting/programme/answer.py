"""The optimiser's solution as the part of a plan: sites with sizes, assignments, stages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from siting.location import Decision, StagedSolution, StageResult
from siting.plan import METRES_WALKED, Action, Assignment, Site, Stage, TierPlan
from siting.programme.question import Question
from siting.programme.reasons import clause_of, reason_of
from siting.programme.shortfalls import shortfalls
from siting.programme.sizes import fitting
from siting.project import Programme
from siting.study import FloatArray, IntArray
from siting.words import Phrase

UNITS: Mapping[str, Phrase] = {
    "uncovered": Phrase("人", "residents"),
    "over": Phrase("人（含学生）", "residents and pupils"),
    "under": Phrase("人", "residents"),
    "walk": METRES_WALKED,
}
"""What each goal is counted in; projects are weighed as the programme weighs them."""


def _unit(goal: str, programme: Programme) -> Phrase:
    if goal != "cost":
        return UNITS[goal]
    new, extend = f"{programme.cost_new:g}", f"{programme.cost_extend:g}"
    return Phrase(f"分（新建 {new} 分、扩建 {extend} 分）", f"points ({new} a new build, {extend} an extension)")


@dataclass(frozen=True, slots=True)
class Served:
    """Whom one open site serves: positions of its units, its residents and pupils, how far they walk on average and
    at most (nan where nobody lives there)."""

    units: IntArray
    residents: float
    pupils: float
    mean_m: float
    farthest_m: float


def answer(question: Question, solution: StagedSolution) -> TierPlan:
    """The part of the plan that answers a programme."""
    programme, decision = question.programme, solution.decision
    sites = tuple(_site(question, decision, j) for j in np.flatnonzero(decision.is_open).tolist())
    return TierPlan(
        programme=programme.key,
        tier=programme.tier,
        area=programme.area,
        radius_m=question.terms.radius_m,
        stages=tuple(_stage(result, programme) for result in solution.stages),
        sites=sites,
        assignments=_assignments(question, decision),
        shortfalls=shortfalls(question, decision),
    )


def _stage(result: StageResult, programme: Programme) -> Stage:
    unit = _unit(result.goal, programme)
    return Stage(result.goal, unit, result.value, result.bound, result.gap, result.status, result.seconds)


def _site(question: Question, decision: Decision, j: int) -> Site:
    area, sites, served = question.area, question.sites, served_by(question, decision, j)
    action = action_of(question, decision, j)
    classes, seats = _size(question, action, served, j)
    unit = int(sites.unit[j])
    return Site(
        id=sites.id[j],
        name=sites.name[j],
        action=action,
        operator=sites.operator[j],
        x=float(sites.x[j]),
        y=float(sites.y[j]),
        unit_id=area.units.id[unit],
        township=area.units.township[unit],
        classes_before=float(sites.classes[j]),
        classes=classes,
        seats=seats,
        service_population=served.residents,
        pupils=served.pupils,
        mean_m=served.mean_m,
        farthest_m=served.farthest_m,
        units=tuple(question.instance.unit_id[i] for i in served.units.tolist()),
        clause=clause_of(question, decision, j),
        reason=reason_of(question, decision, j),
    )


def action_of(question: Question, decision: Decision, j: int) -> Action:
    """What happens at an open site."""
    if question.sites.school[j] < 0:
        return "new"
    return "extend" if question.is_extended(decision)[j] else "keep"


def _size(question: Question, action: Action, served: Served, j: int) -> tuple[float, float]:
    """Classes and seats of an open site."""
    sites, terms = question.sites, question.terms
    if action == "keep":
        return float(sites.classes[j]), float(sites.seats[j])
    classes = fitting(terms, served.pupils, float(sites.classes[j]), float(sites.largest[j]))
    return classes, classes * terms.class_size


def served_by(question: Question, decision: Decision, j: int) -> Served:
    """Whom a site serves."""
    one = question.instance
    units = np.flatnonzero(decision.site(one) == j)
    residents, pupils = one.residents[units], one.pupils[units]
    mean_m, farthest_m = _walk(
        residents, one.arcs.metres[decision.arc[units]], question.farthest_m[decision.arc[units]]
    )
    return Served(units, float(residents.sum()), float(pupils.sum()), mean_m, farthest_m)


def _walk(residents: FloatArray, metres: FloatArray, farthest_m: FloatArray) -> tuple[float, float]:
    lived_in = residents > 0
    if not lived_in.any():
        return np.nan, np.nan
    return float(np.average(metres[lived_in], weights=residents[lived_in])), float(farthest_m[lived_in].max())


def _assignments(question: Question, decision: Decision) -> tuple[Assignment, ...]:
    one, site = question.instance, decision.site(question.instance)
    given = decision.arc >= 0
    metres = np.full(len(one.unit_id), np.inf)
    metres[given] = one.arcs.metres[decision.arc[given]]
    covered = np.zeros(len(one.unit_id))
    covered[given] = one.residents[given] - one.arcs.uncovered[decision.arc[given]]
    return tuple(
        Assignment(one.unit_id[i], one.site_id[site[i]] if given[i] else "", float(metres[i]), float(covered[i]))
        for i in range(len(one.unit_id))
    )
