"""A back-test: goal by goal what was really built is worth, what the best plan is, and what lies between them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from siting.comparison.changes import reach_changes
from siting.comparison.records import ReachChange
from siting.comparison.views import View, views
from siting.finished import Finished
from siting.plan import Site, Stage, TierPlan
from siting.study import Tier

ROUNDING = 1e-6
"""Values that differ by a smaller part are one."""


@dataclass(frozen=True, slots=True)
class GoalRegret:
    """One goal. real, best: its value in the plan with the sites that were really built, and in the best plan found;
    each bound is the least that any plan can reach, with those sites or with any, that keeps the goals before it.

    regret = real - best. at_least and at_most enclose what the best choice of sites would really have saved: no plan
    with the real sites is below real_bound and none at all below best_bound. They are nan behind the first goal in
    which the plans differ, where the two bounds answer different questions. A large village keeps to a real school in
    it, as to any that stands; to one that is only a choice it is not tied, which no cover depends on.
    """

    goal: str
    real: float
    real_bound: float
    best: float
    best_bound: float
    regret: float
    at_least: float
    at_most: float


@dataclass(frozen=True, slots=True)
class BuiltSite:
    """A place one of the plans builds on; year is when the real school opened, None for other places. Residents served
    in the plan with the real sites and in the best one, nan in one that does not build there."""

    id: str
    name: str
    township: str
    year: int | None
    real_residents: float
    best_residents: float


@dataclass(frozen=True, slots=True)
class Backtest:
    """One programme looked back on. unknown: schools whose opening year nobody knows, left standing. shared: places
    that both plans build on; real_only, best_only: where they differ. gained, lost: people who come within the radius
    of their school in the best plan, or fall out of it, against the real sites; reach: by village.
    """

    programme: str
    tier: Tier
    area: str
    radius_m: float
    since: int
    built: int
    unknown: int
    goals: tuple[GoalRegret, ...]
    shared: tuple[BuiltSite, ...]
    real_only: tuple[BuiltSite, ...]
    best_only: tuple[BuiltSite, ...]
    gained: float
    lost: float
    reach: tuple[ReachChange, ...]

    @property
    def decisive(self) -> GoalRegret | None:
        """The first goal in which the plans differ; None where they are worth the same."""
        return next((one for one in self.goals if not _is_one(one.real, one.best)), None)


def backtest_of(since: int, place: Mapping[str, int], unknown: int, real: Finished, best: Finished) -> Backtest:
    """The back-test from both plans; place maps the ids of real places to years."""
    before, after = _only(real), _only(best)
    reach = reach_changes(before, after)
    shared, real_only, best_only = _sites(before.part, after.part, place)
    return Backtest(
        programme=before.part.programme,
        tier=before.part.tier,
        area=before.part.area,
        radius_m=before.part.radius_m,
        since=since,
        built=len(place),
        unknown=unknown,
        goals=tuple(_regrets(before.part, after.part)),
        shared=shared,
        real_only=real_only,
        best_only=best_only,
        gained=sum(one.gained for one in reach),
        lost=sum(one.lost for one in reach),
        reach=reach,
    )


def _only(finished: Finished) -> View:
    (view,) = views(finished).values()
    return view


def _regrets(real: TierPlan, best: TierPlan) -> Iterator[GoalRegret]:
    is_same_question = True
    for one, other in zip(real.stages, best.stages, strict=True):
        at_least, at_most = _saved(one, other) if is_same_question else (math.nan, math.nan)
        yield GoalRegret(
            goal=one.goal,
            real=one.value,
            real_bound=one.bound,
            best=other.value,
            best_bound=other.bound,
            regret=one.value - other.value,
            at_least=at_least,
            at_most=at_most,
        )
        is_same_question &= _is_one(one.value, other.value)


def _saved(real: Stage, best: Stage) -> tuple[float, float]:
    """What the best sites would have saved, at least and at most; never less than nothing, as they may be the real."""
    return max(0.0, real.bound - best.value), max(0.0, real.value - best.bound)


def _is_one(value: float, other: float) -> bool:
    return math.isclose(value, other, rel_tol=ROUNDING, abs_tol=ROUNDING)


def _sites(
    real: TierPlan, best: TierPlan, place: Mapping[str, int]
) -> tuple[tuple[BuiltSite, ...], tuple[BuiltSite, ...], tuple[BuiltSite, ...]]:
    """Places built on in both plans, only in the real one, only in the best one."""
    before, after = _built(real), _built(best)

    def told(id_: str) -> BuiltSite:
        site = before.get(id_) or after[id_]
        return BuiltSite(
            id=id_,
            name=site.name,
            township=site.township,
            year=place.get(id_),
            real_residents=before[id_].service_population if id_ in before else math.nan,
            best_residents=after[id_].service_population if id_ in after else math.nan,
        )

    return (
        tuple(told(id_) for id_ in before if id_ in after),
        tuple(told(id_) for id_ in before if id_ not in after),
        tuple(told(id_) for id_ in after if id_ not in before),
    )


def _built(part: TierPlan) -> Mapping[str, Site]:
    return {site.id: site for site in part.sites if site.action == "new"}
