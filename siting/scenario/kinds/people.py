"""What the kinds that scale people or pupils have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from siting.demand.ahead import is_cohort
from siting.demand.pupils import unit_pupils
from siting.inputs.notes import Notes
from siting.inputs.stated import Stated
from siting.project import Ahead
from siting.scenario.kinds.kind import MEANT
from siting.scenario.world import World, fault, township_units
from siting.study import TIER_NAMES, TIERS, FloatArray, IntArray, Tier
from siting.words import Phrase

MOST = 10.0
"""A factor above this is a slip of the pen."""

SCALED_KEYS = ("factor", "tiers", "townships")


@dataclass(frozen=True, slots=True)
class Scaled:
    """A factor, and whom it is for: pupils of some tiers, in some townships (none named: all)."""

    where: str
    factor: float
    tiers: tuple[Tier, ...]
    townships: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scaling:
    """A change that makes people or pupils so many times as many."""

    one: Scaled

    @property
    def where(self) -> str:
        """How messages begin."""
        return self.one.where


def read_scaled(table: Stated) -> Scaled:
    """The keys that say how much, and whom for."""
    table.need("factor", Phrase("如 factor = 0.8（减少两成）。", "For example factor = 0.8, a fifth fewer."))
    factor = table.number("factor", 1.0, above=False)
    if factor > MOST:
        table.refuse("factor", Phrase(f"不超过 {MOST:g} 的倍数", f"a factor of at most {MOST:g}"))
    return Scaled(table.where, factor, _tiers(table), table.texts("townships"))


def _tiers(table: Stated) -> tuple[Tier, ...]:
    named = [MEANT.get(word, word) for word in table.texts("tiers")]
    return Stated(table.where, {"tiers": named}, table.notes).words("tiers", TIERS, TIERS) if named else TIERS


def grows_up(world: World) -> bool:
    """Whether children are moved forward year by year, from births and ages."""
    return is_cohort(world.area, world.base.project.ahead)


def with_ahead(world: World, ahead: Ahead) -> World:
    """The world with other questions about the years ahead."""
    return replace(world, base=replace(world.base, project=replace(world.base.project, ahead=ahead)))


def with_pupils(world: World, one: Scaled, notes: Notes) -> World:
    """The world with so many times as many pupils of the tiers. Where the whole county is meant, the rate per 1000 is
    scaled, and what was counted; in townships the pupils by rate are written down, scaled."""
    chosen, project = township_units(world, one.townships, one.where, notes), world.base.project
    asked = dict.fromkeys(programme.tier for programme in project.programmes)
    tiers = [tier for tier in asked if tier in one.tiers]
    if not tiers:
        zh, en = "、".join(TIER_NAMES[tier].zh for tier in one.tiers), ", ".join(one.tiers)
        what = Phrase(f"没有项目涉及{zh}。", f"no programme plans for {en}.")
        fault(notes, one.where, what, Phrase("请改 tiers。", "Change `tiers`."))
        return world
    columns = {tier: _written(world, tier, chosen, bool(one.townships)) for tier in tiers}
    known = {tier: column for tier, column in columns.items() if not np.isnan(column).all()}
    if not one.townships:
        rates = {tier: rate * (one.factor if tier in tiers else 1.0) for tier, rate in project.pupils_per_1000.items()}
        world = replace(world, base=replace(world.base, project=replace(project, pupils_per_1000=rates)))
    return _times(world, known, chosen, one.factor)


def _written(world: World, tier: Tier, chosen: IntArray, by_rate_too: bool) -> FloatArray:
    """What was counted of a tier (U,); at the chosen units, where so asked, what is reckoned by rate too."""
    area, rates = world.area, world.base.project.pupils_per_1000
    counted = area.units.children.get(tier, np.full(len(area.units), np.nan)).copy()
    if by_rate_too:
        counted[chosen] = unit_pupils(area, tier, rates)[chosen]
    return counted


def _times(world: World, columns: Mapping[Tier, FloatArray], chosen: IntArray, factor: float) -> World:
    times = np.ones(len(world.area.units))
    times[chosen] = factor
    units = world.area.units
    children = {**units.children, **{tier: column * times for tier, column in columns.items()}}
    return world.with_area(replace(world.area, units=replace(units, children=children)))


def with_residents(world: World, factor: FloatArray) -> World:
    """The world with so many times (U,) as many people in every unit: residents, those of its demand points, and the
    children that were counted."""
    area = world.area
    units, points = area.units, area.points
    in_unit = np.where(points.unit >= 0, factor[points.unit], 1.0)
    children = {tier: counted * factor for tier, counted in units.children.items()}
    units = replace(units, residents=units.residents * factor, children=children)
    return world.with_area(replace(area, units=units, points=replace(points, residents=points.residents * in_unit)))
