"""What locks and vetoes cost: coverage, metres and money against the plan that is free of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from siting.comparison.figures import METRES, RESIDENTS, WAN_YUAN, cost_points, money_wan_yuan, pair, worst_m
from siting.comparison.records import BASE_PLAN, LockPrice, Pair
from siting.comparison.views import View, views
from siting.finished import Finished
from siting.plan import METRES_WALKED
from siting.project import Lock
from siting.words import Phrase

Locked = tuple[Lock, ...]
"""One lock, or several that are lifted together."""


def own_locks(base: Finished, other: Finished) -> Locked:
    """Locks of a scenario that its base does not have."""
    return tuple(lock for lock in other.project.locks if lock not in base.project.locks)


def differ_only_in_locks(base: Finished, other: Finished) -> bool:
    """Whether two studies ask the same of the same place, locks aside."""
    one, two = base.project, other.project
    is_same_question = (one.programmes, one.pupils_per_1000, base.book) == (
        two.programmes,
        two.pupils_per_1000,
        other.book,
    )
    return is_same_question and _are_equal(_facts(base), _facts(other))


def _are_equal(some: tuple[np.ndarray, ...], others: tuple[np.ndarray, ...]) -> bool:
    return len(some) == len(others) and all(map(np.array_equal, some, others))


def _facts(finished: Finished) -> tuple[np.ndarray, ...]:
    """What of a place decides a plan: people, children, schools, candidates and roads."""
    area = finished.area
    units, schools, roads = area.units, area.schools, area.roads
    return (
        np.array(units.id), area.points.residents, area.points.x, area.points.y,
        *(np.nan_to_num(units.children[tier]) for tier in sorted(units.children)),
        np.array(schools.id), schools.x, schools.y, np.nan_to_num(schools.seats), np.nan_to_num(schools.max_classes),
        np.array(area.candidates.id), area.candidates.x, area.candidates.y,
        roads.x, roads.y, roads.tail, roads.head, roads.length_m,
    )  # fmt: skip


def lock_prices(base: Finished, other: Finished, without: Mapping[Locked, Finished]) -> tuple[LockPrice, ...]:
    """The price of locks in every programme of their tiers. without: plans of the same study free of them."""
    free = free_plans(base, without)
    return tuple(price for name, (locks, plan) in free for price in _prices(other, (name, plan), locks))


def free_plans(base: Finished, without: Mapping[Locked, Finished]) -> tuple[tuple[str, tuple[Locked, Finished]], ...]:
    """What the plans free of locks are called: BASE_PLAN the base's own, the others by their number."""
    others = [plan for plan in without.values() if plan is not base]
    name = {id(plan): f"without_{number}.json" for number, plan in enumerate(others, 1)}
    return tuple((name.get(id(plan), BASE_PLAN), (locks, plan)) for locks, plan in without.items())


def _prices(other: Finished, named: tuple[str, Finished], locks: Locked) -> Iterator[LockPrice]:
    name, free = named
    before, after = views(free), views(other)
    tiers = {lock.tier for lock in locks}
    said = [_said(lock, other) for lock in locks]
    reasons = [lock.reason for lock in locks if lock.reason.zh or lock.reason.en]
    reason = Phrase("；".join(one.zh for one in reasons), "; ".join(one.en for one in reasons))
    what = Phrase("；".join(one.zh for one in said), "; ".join(one.en for one in said))
    for key, view in after.items():
        if view.part.tier in tiers and key in before:
            yield LockPrice(what, reason, key, name, _measures(before[key], view))


def _said(lock: Lock, other: Finished) -> Phrase:
    name = _name(lock, other)
    if lock.word == "forbid":
        return Phrase(f"不得在{name}新建、扩建", f"nothing may be built at {name}")
    schools = zip(other.area.schools.id, other.area.schools.tier, strict=True)
    if (lock.site, lock.tier) in schools:
        return Phrase(f"必须扩建{name}", f"{name} must be extended")
    return Phrase(f"必须在{name}建设", f"{name} must be built")


def _name(lock: Lock, other: Finished) -> str:
    """The name of a locked site as the study or the plan has it, else its id."""
    schools, candidates = other.area.schools, other.area.candidates
    planned = ((site.id, site.name) for part in other.plan.parts if part.tier == lock.tier for site in part.sites)
    known = {**dict(zip(candidates.id, candidates.name, strict=True)), **dict(planned)}
    known |= dict(zip(schools.id, schools.name, strict=True))
    return known.get(lock.site, lock.site)


def _measures(free: View, locked: View) -> tuple[Pair, ...]:
    def measured(key: str, name: Phrase, unit: Phrase, values: tuple[float, float]) -> Pair:
        return pair(key, name, unit, *values)

    return (
        measured(
            "uncovered",
            Phrase("服务半径外人口", "residents beyond the radius"),
            RESIDENTS,
            (_left(free), _left(locked)),
        ),
        measured("walk", Phrase("就学路程", "walk to school"), METRES_WALKED, (_walk(free), _walk(locked))),
        measured("worst_m", Phrase("最远居民", "farthest resident"), METRES, (worst_m(free), worst_m(locked))),
        measured(
            "cost_points",
            Phrase("建设项目计分", "projects, weighed"),
            Phrase("分", "points"),
            (cost_points(free), cost_points(locked)),
        ),
        measured(
            "money_wan_yuan",
            Phrase("投资估算，不含土地", "estimated money without land"),
            WAN_YUAN,
            (money_wan_yuan(free), money_wan_yuan(locked)),
        ),
    )


def _left(view: View) -> float:
    """Residents beyond the radius of their school, or without one."""
    return float(np.nansum(view.everybody())) - sum(given.covered for given in view.given.values())


def _walk(view: View) -> float:
    """Resident-metres of those who have a school."""
    metres, residents = view.metres(), view.everybody()
    goes = np.isfinite(metres) & (residents > 0)
    return float((metres[goes] * residents[goes]).sum())
