"""A plan: what is decided, and how good that is provably."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from siting.study import Operator, Tier
from siting.words import Phrase

Status = Literal["optimal", "stopped early", "infeasible"]
Action = Literal["keep", "extend", "new"]

ACTION_NAMES: dict[Action, Phrase] = {
    "keep": Phrase("保留", "keep"),
    "extend": Phrase("扩建", "extend"),
    "new": Phrase("新建", "new build"),
}


METRES_WALKED = Phrase("人·米", "resident-metres")
"""What the walk is counted in."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One goal of the strict order: the value reached, the least that could be reached, and the gap between.

    unit is that of value and bound (residents, projects, residents and pupils, resident-metres).
    gap = (value - bound) / max(|value|, 1): 0 when proved. seconds is the time it took.
    """

    goal: str
    unit: Phrase
    value: float
    bound: float
    gap: float
    status: Status
    seconds: float


@dataclass(frozen=True, slots=True)
class Site:
    """One open school of a programme as the plan leaves it.

    id is the school's or candidate's. service_population is residents assigned; pupils children assigned;
    units their ids. classes_before is 0 for a new build, nan where nobody counted; seats nan likewise.
    clause is the id of the rule the action rests on; reason says in a sentence why.
    """

    id: str
    name: str
    action: Action
    operator: Operator
    x: float
    y: float
    unit_id: str
    township: str
    classes_before: float
    classes: float
    seats: float
    service_population: float
    pupils: float
    mean_m: float
    farthest_m: float
    units: tuple[str, ...]
    clause: str
    reason: Phrase


@dataclass(frozen=True, slots=True)
class Assignment:
    """One unit of a programme: its school ("" for none), the mean road metres of its residents, and how many
    of them live within the programme's radius of that school."""

    unit_id: str
    site_id: str
    metres: float
    covered: float


@dataclass(frozen=True, slots=True)
class TierPlan:
    """The plan of one programme (a tier in an area). radius_m is the distance promised to its residents (inf: none).

    shortfalls are the answers to impossible wishes: which clause gives way, where, by how much, what would cure it.
    """

    programme: str
    tier: Tier
    area: str
    radius_m: float
    stages: tuple[Stage, ...]
    sites: tuple[Site, ...]
    assignments: tuple[Assignment, ...]
    shortfalls: tuple[Phrase, ...]

    def count(self, action: Action) -> int:
        """Sites with an action."""
        return sum(site.action == action for site in self.sites)


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole plan: one part per programme, in the order of the study file. crs is that of the sites' x and y."""

    name: str
    rulebook: str
    crs: str
    notice: Phrase
    parts: tuple[TierPlan, ...]
