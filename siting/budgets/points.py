"""The points of a frontier: for every number of new builds what each goal is worth, and what is proved."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from siting.plan import TierPlan
from siting.study import Tier

LEADING = "uncovered"
"""The goal that a further new build never makes worse where it comes first: points lend each other what they know."""

SOMEBODY = 0.5
"""Fewer people than this are nobody."""


@dataclass(frozen=True, slots=True)
class Point:
    """The plan with exactly count new builds (fewer where there are no more places).

    value, bound: by goal, as the plan reports them. known: the least the frontier's goal is known to reach with so many
    builds; least: a bound on it. brings: by how much known falls from the point before, nan at the first.
    """

    count: int
    built: int
    extended: int
    goals: tuple[str, ...]
    value: tuple[float, ...]
    bound: tuple[float, ...]
    known: float
    least: float
    brings: float


@dataclass(frozen=True, slots=True)
class Frontier:
    """One programme's points, by rising count; announced: the budget's number of new builds (None: none).

    goal is the one that is looked at: the first in the strict order that is not nothing everywhere, projects aside. The
    goals before it are all at zero, so its bounds hold for every plan that keeps them there.
    """

    programme: str
    tier: Tier
    area: str
    radius_m: float
    announced: int | None
    goal: str
    points: tuple[Point, ...]

    @property
    def enough(self) -> int | None:
        """The first count at which the goal is reached whole; None where it never is."""
        return next((one.count for one in self.points if one.known < SOMEBODY), None)

    @property
    def is_enough_proved(self) -> bool:
        """Whether no plan with fewer new builds reaches it: each of those points has a bound above nobody."""
        enough = self.enough
        return enough is not None and all(one.least >= SOMEBODY for one in self.points if one.count < enough)


def frontier_of(announced: int | None, parts: Sequence[tuple[int, TierPlan]]) -> Frontier:
    """The frontier of one programme from its plans for rising counts.

    Where cover comes first, the best known of a point is that of any with fewer builds (the others are built beside),
    and its bound that of any with more; every other goal keeps its own.
    """
    first = parts[0][1]
    at = _looked_at([part for _, part in parts])
    values = [part.stages[at].value for _, part in parts]
    bounds = [min(part.stages[at].bound, part.stages[at].value) for _, part in parts]
    if at == 0 and first.stages[0].goal == LEADING:
        values = [min(values[: place + 1]) for place in range(len(values))]
        bounds = [max(bounds[place:]) for place in range(len(bounds))]
    points = tuple(
        Point(
            count=count,
            built=part.count("new"),
            extended=part.count("extend"),
            goals=tuple(stage.goal for stage in part.stages),
            value=tuple(stage.value for stage in part.stages),
            bound=tuple(stage.bound for stage in part.stages),
            known=values[place],
            least=bounds[place],
            brings=values[place - 1] - values[place] if place else math.nan,
        )
        for place, (count, part) in enumerate(parts)
    )
    goal = first.stages[at].goal
    return Frontier(first.programme, first.tier, first.area, first.radius_m, announced, goal, points)


def _looked_at(parts: Sequence[TierPlan]) -> int:
    """The position of the first goal that is not nothing in every plan, projects aside; 0 where there is none."""
    for at, stage in enumerate(parts[0].stages):
        if stage.goal != "cost" and any(part.stages[at].value >= SOMEBODY for part in parts):
            return at
    return 0
