"""Every set of sites in one scenario: the planner assigns people to it, and what each goal is worth is written down."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from siting.errors import InputError, SolverError
from siting.indicators import is_unsolved
from siting.plan import Plan
from siting.progress import quietly
from siting.robust.bound import least_leading
from siting.robust.locking import fits, with_sets
from siting.robust.sets import SiteSet
from siting.run import Base, Study, make_plan, prepared
from siting.scenario.memory import Memory
from siting.scenario.works import program
from siting.study import FloatArray

LOG = logging.getLogger(__name__)

Sets = Mapping[str, Sequence[SiteSet]]
"""The sets of every programme, by its key."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One scenario. By programme: value (P, G), of every set and goal, nan where the set is beyond the scenario's
    budget or no plan was found; own (G,), of the scenario's own plan; least, which no set's leading goal is below."""

    value: Mapping[str, FloatArray]
    own: Mapping[str, FloatArray]
    least: Mapping[str, float]


def tried(base: Base, free: Plan, sets: Sets, goals: Mapping[str, Sequence[str]], answers: Path) -> Trial:
    """Every set in a scenario whose own plan is free. Answers are kept in a folder, and found there again.

    Raises InputError as a plan does.
    """
    study, faults = prepared(base)
    if faults:
        raise InputError(faults)
    memory = Memory(answers, program())
    value = {key: np.full((len(some), len(goals[key])), np.nan) for key, some in sets.items()}
    for place in range(max(map(len, sets.values()))):
        chosen = {key: some[min(place, len(some) - 1)] for key, some in sets.items()}
        for key, row in _values(study, chosen, goals, memory).items():
            if place < len(sets[key]):
                value[key][place] = row
    asked = {programme.key: programme for programme in study.project.programmes}
    own = {
        part.programme: _row({one.goal: one.value for one in part.stages}, goals[part.programme]) for part in free.parts
    }
    least = {part.programme: least_leading(study, asked[part.programme], part) for part in free.parts}
    return Trial(value, own, least)


def _values(
    study: Study, chosen: Mapping[str, SiteSet], goals: Mapping[str, Sequence[str]], memory: Memory
) -> Mapping[str, FloatArray]:
    """What the sets are worth, by programme; those that fit the study's budget and have a plan."""
    try:
        made = make_plan(with_sets(study, chosen), quietly, memory.solve, workers=1)
    except SolverError as error:
        LOG.warning("a set of sites has no plan: %s", error)
        return {}
    asked = {programme.key: programme for programme in study.project.programmes}
    parts = [part for part in made.parts if fits(study, asked[part.programme], chosen[part.programme])]
    return {
        part.programme: _row({one.goal: one.value for one in part.stages}, goals[part.programme])
        for part in parts
        if not is_unsolved(Plan(made.name, made.rulebook, made.crs, made.notice, (part,)))
    }


def _row(value: Mapping[str, float], goals: Sequence[str]) -> FloatArray:
    return np.array([value.get(goal, np.nan) for goal in goals])
