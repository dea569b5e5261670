"""Existing schools stay what they are, extensions and new builds are what can be built."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

import shapely

from siting.plan import Site
from siting.rules.base import RuleBook
from siting.verify.flaws import Flaw, differ
from siting.verify.recount import Recount
from siting.verify.stages import most_classes
from siting.words import Phrase

NEAR_M = 1.0
"""Metres a school may stand outside the drawn boundary of its unit."""

MOVED_M = 0.01
"""Metres by which the place of a school or candidate may be rounded."""


def site_flaws(seen: Recount, book: RuleBook) -> Iterator[Flaw]:
    """What is wrong with the schools of a part."""
    yield from _missing_flaws(seen)
    clauses = {rule.id for rule in book.rules}
    for site in seen.part.sites:
        yield from _clause_flaws(site, clauses)
        if site.action == "new":
            yield from _new_flaws(seen, site)
        elif site.id in seen.existing and seen.is_counted(site.id):
            yield from _existing_flaws(seen, site)
        else:
            yield _flaw(site, "不是本项目现有的学校", "is no existing school of this programme")


def _flaw(site: Site, zh: str, en: str) -> Flaw:
    return Flaw(site.id, Phrase(f"{site.id} {zh}", f"{site.id} {en}"))


def _missing_flaws(seen: Recount) -> Iterator[Flaw]:
    times = Counter(site.id for site in seen.part.sites)
    for school in seen.existing:
        if seen.is_counted(school) and school not in times:
            yield Flaw(school, Phrase(f"现有学校 {school} 不在方案中", f"existing school {school} is not in the plan"))
    for site_id, count in times.items():
        if count > 1:
            yield Flaw(site_id, Phrase(f"{site_id} 出现 {count} 次", f"{site_id} appears {count} times"))


def _clause_flaws(site: Site, clauses: set[str]) -> Iterator[Flaw]:
    if site.clause and site.clause not in clauses:
        yield _flaw(
            site, f"依据的条款 {site.clause} 不在规则集中", f"rests on {site.clause}, which the rulebook does not have"
        )


def _existing_flaws(seen: Recount, site: Site) -> Iterator[Flaw]:
    schools, row = seen.area.schools, seen.existing[site.id]
    yield from _moved_flaws(site, float(schools.x[row]), float(schools.y[row]))
    if site.name != schools.name[row]:
        yield _flaw(site, f"名称应为 {schools.name[row]}", f"is called {schools.name[row]}, not {site.name}")
    if site.operator != schools.operator[row]:
        yield _flaw(site, "办学性质被改动", f"is {schools.operator[row]}, not {site.operator}")
    if site.unit_id != seen.area.units.id[schools.unit[row]]:
        yield _flaw(site, f"不在单元 {site.unit_id} 内", f"does not lie in unit {site.unit_id}")
    if differ(float(schools.classes[row]), site.classes_before):
        yield _flaw(
            site,
            f"现有 {schools.classes[row]:g} 班",
            f"has {schools.classes[row]:g} classes now, not {site.classes_before:g}",
        )
    yield from _kept_flaws(seen, site, row) if site.action == "keep" else _extended_flaws(seen, site, row)


def _moved_flaws(site: Site, x: float, y: float) -> Iterator[Flaw]:
    moved = math.hypot(site.x - x, site.y - y)
    if not moved <= MOVED_M:
        yield _flaw(site, f"被移动了 {moved:,.2f} 米", f"was moved by {moved:,.2f} m")


def _kept_flaws(seen: Recount, site: Site, row: int) -> Iterator[Flaw]:
    schools = seen.area.schools
    if differ(float(schools.classes[row]), site.classes) or differ(float(schools.seats[row]), site.seats):
        yield _flaw(
            site,
            f"保留的学校不得改动班数、学位：{site.classes:g} 班、{site.seats:g} 个学位",
            f"is kept and cannot change to {site.classes:g} classes, {site.seats:g} seats",
        )


def _extended_flaws(seen: Recount, site: Site, row: int) -> Iterator[Flaw]:
    now, most = float(seen.area.schools.classes[row]), float(seen.area.schools.max_classes[row])
    if not site.classes > now:
        yield _flaw(
            site, f"扩建后 {site.classes:g} 班并未增加", f"is extended to {site.classes:g} classes, no more than now"
        )
    if not site.classes <= most:
        yield _flaw(
            site,
            f"扩建到 {site.classes:g} 班，至多可到 {most:g} 班",
            f"is extended to {site.classes:g} classes, {most:g} at most",
        )
    yield from _size_flaws(seen, site)


def _new_flaws(seen: Recount, site: Site) -> Iterator[Flaw]:
    if site.id in seen.existing:
        yield _flaw(site, "是现有学校，不能新建", "is an existing school and cannot be built new")
    if site.classes_before != 0:
        yield _flaw(
            site,
            f"新建前不应有 {site.classes_before:g} 班",
            f"is new and had no {site.classes_before:g} classes before",
        )
    most = most_classes(seen, site.id)
    if math.isnan(site.classes) or site.classes > most:
        yield _flaw(
            site,
            f"新建 {site.classes:g} 班，至多 {most:g} 班",
            f"is built with {site.classes:g} classes, {most:g} at most",
        )
    yield from _size_flaws(seen, site)
    yield from _place_flaws(seen, site)


def _size_flaws(seen: Recount, site: Site) -> Iterator[Flaw]:
    menu, seats = seen.terms.menu, site.classes * seen.terms.class_size
    if menu and site.classes not in menu:
        sizes = "/".join(str(size) for size in menu)
        yield _flaw(site, f"{site.classes:g} 班不在 {sizes} 之内", f"has {site.classes:g} classes, not {sizes}")
    if differ(seats, site.seats):
        yield _flaw(
            site,
            f"{site.classes:g} 班应为 {seats:g} 个学位，写为 {site.seats:g}",
            f"states {site.seats:g} seats, not {seats:g}",
        )


def _place_flaws(seen: Recount, site: Site) -> Iterator[Flaw]:
    """A new school stands where the study's candidate of that id does, and lies in the unit it names, as far as that
    unit's boundary is known."""
    units, candidates = seen.area.units, seen.area.candidates
    if site.unit_id not in units.id:
        yield _flaw(site, f"所在单元 {site.unit_id} 不存在", f"lies in unit {site.unit_id}, which does not exist")
        return
    if site.id in candidates.id:
        row = candidates.id.index(site.id)
        yield from _moved_flaws(site, float(candidates.x[row]), float(candidates.y[row]))
        if site.unit_id != units.id[candidates.unit[row]]:
            yield _flaw(site, f"不在单元 {site.unit_id} 内", f"does not lie in unit {site.unit_id}")
            return
    polygon = units.polygon[units.id.index(site.unit_id)]
    if polygon is not None and polygon.distance(shapely.Point(site.x, site.y)) > NEAR_M:
        yield _flaw(site, f"不在单元 {site.unit_id} 内", f"does not lie in unit {site.unit_id}")
