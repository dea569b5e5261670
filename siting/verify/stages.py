"""The stages of a plan: each value added up again from the decision, each bound and gap against its own arithmetic."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from siting.plan import Stage
from siting.rules.verdict import Served
from siting.verify.flaws import Flaw, differ
from siting.verify.recount import Recount
from siting.words import Phrase

PROVED = 1e-6
"""The gap up to which a stage may call itself optimal."""


def stage_flaws(seen: Recount) -> Iterator[Flaw]:
    """What is wrong with the stages of a part."""
    yield from _order_flaws(seen)
    for stage in seen.part.stages:
        if stage.status != "infeasible" or not math.isnan(stage.value):
            yield from _value_flaws(seen, stage)
            yield from _bound_flaws(stage)


def _order_flaws(seen: Recount) -> Iterator[Flaw]:
    asked, told = seen.programme.goals, [stage.goal for stage in seen.part.stages]
    if told != list(asked):
        yield Flaw(
            ", ".join(told),
            Phrase(
                f"目标次序应为 {'、'.join(asked)}，方案为 {'、'.join(told)}",
                f"goals are {', '.join(told)}, asked {', '.join(asked)}",
            ),
        )


def _value_flaws(seen: Recount, stage: Stage) -> Iterator[Flaw]:
    value = GOAL_VALUES[stage.goal](seen) if stage.goal in GOAL_VALUES else math.nan
    if differ(value, stage.value):
        yield Flaw(
            stage.goal,
            Phrase(
                f"{stage.goal} 写为 {stage.value:,.2f}，重算为 {value:,.2f}",
                f"{stage.goal} is stated as {stage.value:,.2f} and adds up to {value:,.2f}",
            ),
        )


def _bound_flaws(stage: Stage) -> Iterator[Flaw]:
    """A stage without a bound (nan) is not wrong, but proves nothing."""
    gap = (stage.value - stage.bound) / max(abs(stage.value), 1.0)
    if stage.status == "optimal" and not gap <= PROVED:
        yield Flaw(
            stage.goal,
            Phrase(
                f"{stage.goal} 称已证明最优，差距却有 {gap:.4%}",
                f"{stage.goal} claims to be proved with a gap of {gap:.4%}",
            ),
        )
    if math.isnan(stage.bound):
        return
    if stage.bound > stage.value + 1e-6 * max(1.0, abs(stage.value)):
        yield Flaw(
            stage.goal,
            Phrase(
                f"{stage.goal} 的下界 {stage.bound:,.2f} 高于结果 {stage.value:,.2f}",
                f"{stage.goal} has a bound of {stage.bound:,.2f} above its value {stage.value:,.2f}",
            ),
        )
    if not math.isclose(gap, stage.gap, rel_tol=1e-6, abs_tol=1e-6):
        yield Flaw(
            stage.goal,
            Phrase(
                f"{stage.goal} 的差距写为 {stage.gap:.6f}，应为 {gap:.6f}",
                f"{stage.goal} states a gap of {stage.gap:.6f}, which should be {gap:.6f}",
            ),
        )


def uncovered(seen: Recount) -> float:
    """Residents beyond the radius of their school, where there is a radius, and residents without a school."""
    residents, has_school = seen.evidence.residents, seen.evidence.school >= 0
    beyond = residents - seen.covered if math.isfinite(seen.terms.radius_m) else np.zeros_like(residents)
    return float(np.where(has_school, beyond, residents).sum())


def over(seen: Recount) -> float:
    """Residents above the upper bound of their school, and pupils above its seats."""
    return sum(_residents_over(seen, school) + _pupils_over(seen, school) for school in _planned(seen))


def cost(seen: Recount) -> float:
    """Projects, weighed as the programme weighs them."""
    part, asked = seen.part, seen.programme
    return asked.cost_new * part.count("new") + asked.cost_extend * part.count("extend")


def under(seen: Recount) -> float:
    """Residents that schools lack to the lower bound."""
    return sum(max(0.0, seen.terms.lower - school.residents) for school in _planned(seen))


def walk(seen: Recount) -> float:
    """Resident-metres from home to school."""
    goes = (seen.evidence.school >= 0) & (seen.evidence.residents > 0)
    return float((seen.evidence.residents * seen.metres)[goes].sum())


GOAL_VALUES: Mapping[str, Callable[[Recount], float]] = {
    "uncovered": uncovered,
    "over": over,
    "cost": cost,
    "under": under,
    "walk": walk,
}


def _planned(seen: Recount) -> tuple[Served, ...]:
    return seen.evidence.schools[: len(seen.part.sites)]


def _residents_over(seen: Recount, school: Served) -> float:
    return max(0.0, school.residents - max(seen.terms.upper, _own_village(seen, school), _by_seats(seen, school)))


def _pupils_over(seen: Recount, school: Served) -> float:
    seats = school.seats if school.action == "keep" else largest_seats(seen, school)
    return 0.0 if math.isnan(seats) else max(0.0, school.pupils - seats)


def _own_village(seen: Recount, school: Served) -> float:
    """Residents of the one village a school serves; 0 where it serves several, or no village runs a larger one.

    Where villages were divided, because a programme gives them a second school, a block counts as a village.
    """
    is_meant = math.isfinite(seen.terms.own_school_from) and seen.programme.large_village == "larger"
    return school.residents if is_meant and len(school.members) == 1 else 0.0


def _by_seats(seen: Recount, school: Served) -> float:
    """Residents whose children an extended school has seats for, by the programme's mean; 0 where not extended."""
    pupils = float(seen.evidence.pupils.sum())
    if school.action != "extend" or pupils == 0:
        return 0.0
    return largest_seats(seen, school) * float(seen.evidence.residents.sum()) / pupils


def largest_seats(seen: Recount, school: Served) -> float:
    """Seats of the largest size a new or extended school may have: of the menu, within what its plot allows."""
    limit, menu = most_classes(seen, school.id), seen.terms.menu
    sizes = [size for size in menu if math.isnan(limit) or size <= limit]
    return seen.terms.class_size * float(max(sizes, default=limit))


def most_classes(seen: Recount, site_id: str) -> float:
    """Classes a plot can be enlarged to: of an existing school, else of a known candidate; nan where nobody said."""
    if site_id in seen.existing:
        return float(seen.area.schools.max_classes[seen.existing[site_id]])
    candidates = seen.area.candidates
    if site_id in candidates.id:
        return float(candidates.max_classes[candidates.id.index(site_id)])
    return math.nan
