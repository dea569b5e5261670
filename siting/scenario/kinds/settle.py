"""What the kinds that settle a site beforehand have in common."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from siting.inputs.notes import Notes
from siting.inputs.stated import Stated
from siting.programme.sizes import largest_extension
from siting.project import Lock
from siting.rules.gather import terms_for
from siting.scenario.kinds.kind import needed_text, reason_of, tier_of
from siting.scenario.world import World, candidate_row, fault, nearest, programme_at, site_names
from siting.study import OPERATOR_NAMES, TIER_NAMES, Tier
from siting.words import Phrase

KEYS = ("site", "tier", "reason")


@dataclass(frozen=True, slots=True)
class Settled:
    """A site of a tier, why something is settled about it, and how messages begin."""

    where: str
    site: str
    tier: Tier
    reason: Phrase


@dataclass(frozen=True, slots=True)
class AtSite:
    """A change that settles something about a site."""

    one: Settled

    @property
    def where(self) -> str:
        """How messages begin."""
        return self.one.where


def read_settled(table: Stated) -> Settled:
    """The keys that say which site, and why."""
    site = needed_text(table, "site", Phrase("请写校址的编号或名称。", "Name the site, or its id."))
    return Settled(table.where, site, tier_of(table), reason_of(table))


@dataclass(frozen=True, slots=True)
class Found:
    """A site as the world has it: its id, the unit it lies in, the row of the school that stands there, -1 for a
    candidate."""

    id: str
    unit: int
    school: int = -1


def find(world: World, one: Settled, notes: Notes) -> Found | None:
    """The site that is meant; None, and a fault, where there is none in any programme of the tier."""
    area = world.area
    row = candidate_row(world, one.site, one.tier)
    found = Found(area.candidates.id[row], int(area.candidates.unit[row])) if row >= 0 else _school(world, one)
    name = TIER_NAMES[one.tier]
    if found is None:
        what = Phrase(f"没有{name.zh}校址“{one.site}”。", f"there is no {name.en} site '{one.site}'.")
        fault(notes, one.where, what, nearest(one.site, site_names(world, one.tier)))
    elif programme_at(world, one.tier, found.unit) is None:
        what = Phrase(f"“{one.site}”所在区域没有{name.zh}项目。", f"no programme plans the {name.en} at '{one.site}'.")
        cure = Phrase("请在研究文件中加 [[programme]]。", "Add a [[programme]] to the study file.")
        fault(notes, one.where, what, cure)
        return None
    return found


def _school(world: World, one: Settled) -> Found | None:
    schools = world.area.schools
    rows = [row for row, tier in enumerate(schools.tier) if tier == one.tier]
    named = [row for row in rows if schools.id[row] == one.site] or [r for r in rows if schools.name[r] == one.site]
    return Found(schools.id[named[0]], int(schools.unit[named[0]]), named[0]) if len(named) == 1 else None


def required(world: World, one: Settled, found: Found, notes: Notes) -> World:
    """The world in which a candidate is built in any case, or a school extended; a fault where that cannot be."""
    if found.school >= 0 and not _can_grow(world, one, found, notes):
        return world
    return locked(world, one, found, Lock(found.id, one.tier, "require", one.reason), notes)


def _can_grow(world: World, one: Settled, found: Found, notes: Notes) -> bool:
    """Whether an extension brings a school seats; a fault that says why not."""
    programme, schools, row = programme_at(world, one.tier, found.unit), world.area.schools, found.school
    assert programme is not None
    terms = terms_for(world.base.book, programme)
    classes, most, seats = float(schools.classes[row]), float(schools.max_classes[row]), float(schools.seats[row])
    largest = largest_extension(terms, classes, most)
    if terms.operators and schools.operator[row] not in terms.operators:
        kind = OPERATOR_NAMES[schools.operator[row]]
        why = Phrase(f"是{kind.zh}学校，{programme.key} 不计入", f"is {kind.en}, which {programme.key} does not count")
    elif math.isnan(classes) or math.isnan(most):
        why = Phrase("没有班数或可扩至班数", "states no classes, or no max_classes")
    elif math.isnan(largest):
        menu = "/".join(map(str, terms.menu)) or "…"
        why = Phrase(
            f"现有 {classes:g} 班，可扩至 {most:g} 班，其间没有更大的规模（{menu}）",
            f"has {classes:g} classes and can grow to {most:g}, with no larger size between ({menu})",
        )
    elif largest * terms.class_size <= seats:
        more = largest * terms.class_size
        why = Phrase(
            f"现有学位 {seats:g} 个，扩至 {largest:g} 班只有 {more:g} 个",
            f"has {seats:g} seats, and {largest:g} classes have {more:g}",
        )
    else:
        return True
    cure = Phrase("请核对学校表，或改选别的学校。", "Check the table of schools, or choose another school.")
    fault(
        notes, one.where, Phrase(f"“{one.site}”不能扩建：{why.zh}。", f"'{one.site}' cannot grow: it {why.en}."), cure
    )
    return False


def locked(world: World, one: Settled, found: Found, lock: Lock, notes: Notes) -> World:
    """The world with a lock more; as it is, with a fault noted, where that contradicts another lock or a budget."""
    project = world.base.project
    other = next((old for old in project.locks if (old.site, old.tier) == (lock.site, lock.tier)), None)
    if other is not None:
        what = Phrase(f"“{one.site}”已另有规定。", f"something else is settled about '{one.site}' already.")
        fault(notes, one.where, what, Phrase("请只留一条。", "Keep one of the two."))
        return world
    settled = replace(project, locks=(*project.locks, lock))
    after = replace(world, base=replace(world.base, project=settled))
    if lock.word == "require" and _is_too_many(after, one, found, notes):
        return world
    return after


def _is_too_many(world: World, one: Settled, found: Found, notes: Notes) -> bool:
    """Whether more new builds, or extensions, are required than the programme's budget allows; a fault if so."""
    programme = programme_at(world, one.tier, found.unit)
    assert programme is not None
    terms, is_school = terms_for(world.base.book, programme), found.school >= 0
    places = world.area.schools if is_school else world.area.candidates
    unit_of = dict(zip(places.id, places.unit.tolist(), strict=True))
    locks = [lock.site for lock in world.base.project.locks if (lock.word, lock.tier) == ("require", one.tier)]
    here = [site for site in locks if programme_at(world, one.tier, unit_of.get(site, -1)) == programme]
    most = terms.extend if is_school else terms.new
    if most is None or len(here) <= most:
        return False
    what = Phrase("扩建", "extensions") if is_school else Phrase("新建", "new builds")
    fault(
        notes,
        one.where,
        Phrase(
            f"规定{what.zh} {len(here)} 所，{programme.key} 的{what.zh}名额只有 {most} 所。",
            f"{len(here)} {what.en} are required, and the budget of {programme.key} is {most}.",
        ),
        Phrase(
            "请减少规定的校址，或增加名额（情景中用 change_budget，分期中写 budget）。",
            "Require fewer, or raise it with change_budget, in a phase with `budget`.",
        ),
    )
    return True
