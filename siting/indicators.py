"""The few numbers people ask for first."""

from __future__ import annotations

import math

from siting.plan import Plan, TierPlan
from siting.rules.verdict import Check
from siting.study import StudyArea


def covered_share(part: TierPlan, area: StudyArea) -> float:
    """Share of a programme's residents who live within the radius of the school they are assigned to.

    No promise of distance, or no residents at all, gives nan.
    """
    if math.isinf(part.radius_m):
        return math.nan
    residents = dict(zip(area.units.id, area.units.residents.tolist(), strict=True))
    everybody = sum(residents[given.unit_id] for given in part.assignments)
    return sum(given.covered for given in part.assignments) / everybody if everybody > 0 else math.nan


def breaks_a_must(checks: tuple[Check, ...]) -> bool:
    """Whether some rule that must be kept is broken."""
    return any(check.kept is False and check.strength == "must" for check in checks)


def is_unsolved(plan: Plan) -> bool:
    """Whether some programme ended without a plan: nobody in it is assigned to a school, and it is not proved that
    nobody can be."""
    return any(_is_unsolved(part) for part in plan.parts)


def _is_unsolved(part: TierPlan) -> bool:
    is_proved = bool(part.stages) and all(stage.status == "optimal" for stage in part.stages)
    return not is_proved and not any(given.site_id for given in part.assignments)
