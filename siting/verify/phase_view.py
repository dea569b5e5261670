"""One phase as its verifier sees it: what the file states, what its plan does, what stood before and was closed."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from siting.finished import Finished, Made
from siting.plan import Site
from siting.project import Phase
from siting.study import Area, Operator, StudyArea, Tier
from siting.verify.stated import Side, Stated, number, sides


@dataclass(frozen=True, slots=True)
class Held:
    """A tier of a school that stood before a phase; area is that of the unit it lies in, None in no unit."""

    id: str
    name: str
    tier: Tier
    operator: Operator
    x: float
    y: float
    area: Area | None


@dataclass(frozen=True, slots=True)
class Seen:
    """A phase. before are the schools that stood when it began, by id and tier; turned the ids of those that were made
    schools of another tier, in it or earlier."""

    phase: Phase
    is_last: bool
    stated: Stated
    result: Finished
    sides: Mapping[str, Side]
    before: Mapping[tuple[str, str], Held]
    turned: frozenset[str]

    @property
    def projects(self) -> Sequence[Stated]:
        """The projects that the file tells of."""
        told: Sequence[Stated] = self.stated["projects"]
        return told

    @property
    def chosen(self) -> Sequence[Stated]:
        """Those that are the plan's own, and known to it."""
        return [one for one in self.projects if one["state"] != "fixed" and site_of(self, one) is not None]

    @property
    def _added(self) -> set[tuple[str, str]]:
        """Schools of its plan that did not stand when it began, by id and tier."""
        schools = self.result.area.schools
        return {(one, str(tier)) for one, tier in zip(schools.id, schools.tier, strict=True)} - self.before.keys()

    @property
    def turned_now(self) -> Collection[tuple[str, str]]:
        """Schools that its changes turned into another tier."""
        known = {school for school, _ in self.before}
        return {one for one in self._added if one[0] in known}

    @property
    def strangers(self) -> Collection[str]:
        """Schools of its plan that nobody opened."""
        return {school for school, _ in self._added - set(self.turned_now)}

    @property
    def gone(self) -> Sequence[Held]:
        """Tiers of schools that were closed or converted."""
        schools = self.result.area.schools
        left = set(zip(schools.id, schools.tier, strict=True))
        return [held for key, held in self.before.items() if key not in left]


def site_of(seen: Seen, one: Stated) -> Site | None:
    """The site of the plan that a project is about."""
    side = seen.sides.get(one["programme"])
    return None if side is None else next((site for site in side.part.sites if site.id == one["site"]), None)


def is_open(one: Stated) -> bool:
    """Whether a project has a year."""
    return not math.isnan(number(one["year"]))


def seen_of(stated: Stated, results: Sequence[Finished], base: Made) -> tuple[Seen, ...]:
    """Every phase, in order."""
    found, before, turned = list[Seen](), dict(_held(base.area)), frozenset[str]()
    for place, (told, result, phase) in enumerate(zip(stated["phases"], results, base.project.phases, strict=True), 1):
        seen = Seen(phase, place == len(results), told, result, sides(result), before, turned)
        turned |= {school for school, _ in seen.turned_now}
        found.append(replace(seen, turned=turned))
        before = {**dict(_held(result.area)), **dict(_opened(seen))}
    return tuple(found)


def _held(area: StudyArea) -> Iterator[tuple[tuple[str, str], Held]]:
    schools, of = area.schools, (*area.units.area, None)
    for row in range(len(schools)):
        yield (
            (schools.id[row], schools.tier[row]),
            Held(
                schools.id[row], schools.name[row], schools.tier[row], schools.operator[row], float(schools.x[row]),
                float(schools.y[row]), of[int(schools.unit[row])],
            ),
        )  # fmt: skip


def _opened(seen: Seen) -> Iterator[tuple[tuple[str, str], Held]]:
    """New schools that a phase has opened."""
    units = seen.result.area.units
    of = dict(zip(units.id, units.area, strict=True))
    for one in seen.chosen:
        site = site_of(seen, one)
        if site is not None and is_open(one) and site.action == "new":
            tier = seen.sides[one["programme"]].part.tier
            yield (site.id, tier), Held(site.id, site.name, tier, site.operator, site.x, site.y, of.get(site.unit_id))
