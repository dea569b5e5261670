"""What the kinds that settle a site beforehand have in common."""

from __future__ import annotations

from dataclasses import dataclass, replace

from siting.inputs.notes import Notes
from siting.inputs.stated import Stated
from siting.project import Lock
from siting.rules.gather import terms_for
from siting.scenario.kinds.kind import needed_text, reason_of, tier_of
from siting.scenario.world import World, candidate_row, fault, nearest, programme_at, site_names
from siting.study import TIER_NAMES, Tier
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
    """A site as the world has it: its id, the unit it lies in, whether a school stands there."""

    id: str
    unit: int
    is_school: bool


def find(world: World, one: Settled, notes: Notes) -> Found | None:
    """The site that is meant; None, and a fault, where there is none in any programme of the tier."""
    area = world.area
    row = candidate_row(world, one.site, one.tier)
    found = Found(area.candidates.id[row], int(area.candidates.unit[row]), False) if row >= 0 else _school(world, one)
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
    return Found(schools.id[named[0]], int(schools.unit[named[0]]), True) if len(named) == 1 else None


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
    """Whether more new builds are required than the programme's budget allows; a fault if so."""
    programme = programme_at(world, one.tier, found.unit)
    assert programme is not None
    places = world.area.candidates
    unit_of = dict(zip(places.id, places.unit.tolist(), strict=True))
    required = [lock.site for lock in world.base.project.locks if (lock.word, lock.tier) == ("require", one.tier)]
    here = [site for site in required if programme_at(world, one.tier, unit_of.get(site, -1)) == programme]
    most = terms_for(world.base.book, programme).new
    if most is None or len(here) <= most:
        return False
    fault(
        notes,
        one.where,
        Phrase(
            f"规定新建 {len(here)} 所，{programme.key} 的新建名额只有 {most} 所。",
            f"{len(here)} new builds are required, and the budget of {programme.key} is {most}.",
        ),
        Phrase("请减少规定的校址，或用 change_budget 增加名额。", "Require fewer, or raise it with change_budget."),
    )
    return True
