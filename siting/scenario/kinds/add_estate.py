"""A new estate: homes handed over in phases, families that move in, land offered for a school."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from siting.demand.figures import INTERNAL_SHARE, PERSONS_PER_DWELLING
from siting.demand.settling import NewEstate, with_estate
from siting.inputs.drawn import Drawn, place_at, shape_of
from siting.inputs.notes import Notes
from siting.inputs.stated import Stated
from siting.scenario.kinds.kind import MEANT, Kind, needed_text
from siting.scenario.world import World, fault
from siting.study import TIER_NAMES, TIERS, StudyArea, Tier
from siting.words import Phrase

MOST_PERSONS = 10.0
OUTSIDE_M = 5000.0
"""An estate farther than this from every village is not in the county, where no boundary says where that ends."""

AUGUST = 8


@dataclass(frozen=True, slots=True)
class AddEstate:
    """An estate as written; the shape of estate is void, ground holds it in its own coordinates."""

    where: str
    estate: NewEstate
    ground: Drawn

    def applied(self, world: World, notes: Notes) -> World:
        """With the estate among those that fill; a fault where it cannot stand."""
        before, shape = len(notes.faults), self.ground.in_metres(world.area.crs)
        self._refuse_twin(world.area, notes)
        self._refuse_outside(world.area, shape, notes)
        self._refuse_land(world, shape, notes)
        if len(notes.faults) > before:
            return world
        return world.with_area(with_estate(world.area, replace(self.estate, shape=shape)))

    def _refuse_twin(self, area: StudyArea, notes: Notes) -> None:
        name = self.estate.name
        if name in area.units.name or name in set(area.estates["name"]):
            what = Phrase(f"已有叫“{name}”的村或小区。", f"a unit or an estate is called '{name}' already.")
            fault(notes, self.where, what, Phrase("请另取名。", "Give it another name."))

    def _refuse_outside(self, area: StudyArea, shape: BaseGeometry, notes: Notes) -> None:
        has_edge = area.boundary is not None
        seats = shapely.MultiPoint(np.column_stack((area.units.x, area.units.y)))
        away_m = shape.distance(area.boundary if has_edge else seats)
        if away_m > (0.0 if has_edge else OUTSIDE_M):
            of = Phrase("县界", "the boundary") if has_edge else Phrase("最近的村", "the nearest village")
            what = Phrase(f"在县外，距{of.zh} {away_m:,.0f} 米。", f"lies outside, {away_m:,.0f} m from {of.en}.")
            fault(notes, self.where, what, Phrase("请检查坐标与 crs。", "Check the coordinates and `crs`."))

    def _refuse_land(self, world: World, shape: BaseGeometry, notes: Notes) -> None:
        """Faults for land that is protected, or offered for a tier nobody plans."""
        asked = {programme.tier for programme in world.base.project.programmes}
        for tier in sorted(self.estate.school_tiers - asked):
            name = TIER_NAMES[tier]
            what = Phrase(f"没有项目规划{name.zh}。", f"no programme plans the {name.en}.")
            cure = Phrase(
                "请去掉该学段，或在研究文件中加 [[programme]]。", "Leave the tier out, or add a [[programme]]."
            )
            fault(notes, self.where, what, cure)
        protected = world.area.protected
        within = protected[protected.intersects(shape.representative_point())] if len(protected) else protected
        for name in within["name"].tolist():
            what = Phrase(f"在保护范围“{name}”内。", f"lies in the protected '{name}'.")
            fault(notes, self.where, what, Phrase("请另选地块。", "Choose another place."))


def _read(table: Stated, folder: Path) -> AddEstate | None:
    before = len(table.notes.faults)
    name = needed_text(table, "name", Phrase("请写小区名。", "Name the estate."))
    is_drawn = "polygon" in table.held or "file" in table.held
    ground = shape_of(table, "polygon", "polygon", folder) if is_drawn else place_at(table)
    phases = _phases(table)
    land = table.table("land")
    land.close(("tiers", "max_classes", "opens"))
    estate = NewEstate(
        name=name,
        shape=shapely.Point(),
        phases=phases,
        persons_per_dwelling=_at_most(table, "persons_per_dwelling", PERSONS_PER_DWELLING.value, MOST_PERSONS),
        inside_share=_at_most(table, "inside_share", INTERNAL_SHARE.value, 1.0),
        school_tiers=_tiers(land),
        school_max_classes=land.number("max_classes", float("nan")),
        school_opens=_day(land, "opens") if "opens" in land.held else None,
    )
    return AddEstate(table.where, estate, ground) if ground and len(table.notes.faults) == before else None


def _at_most(table: Stated, key: str, usual: float, most: float) -> float:
    value = table.number(key, usual, above=False)
    if value > most:
        table.refuse(key, Phrase(f"不超过 {most:g} 的数", f"a number of at most {most:g}"))
    return value


def _tiers(land: Stated) -> frozenset[Tier]:
    if not land.held:
        return frozenset()
    land.need("tiers", Phrase("请写供哪些学段用。", f"Say for which tiers: {', '.join(TIERS)}."))
    named = [MEANT.get(word, word) for word in land.texts("tiers")]
    return frozenset(Stated(land.where, {"tiers": named}, land.notes).words("tiers", TIERS, ()) if named else ())


def _phases(table: Stated) -> tuple[tuple[float, date], ...]:
    example = Phrase(
        ' [{ delivered = "2027-09", dwellings = 1500 }] 这样的列表',
        'a list like [{ delivered = "2027-09", dwellings = 1500 }]',
    )
    table.need("phases", Phrase("请写各期交付时间和户数。", "State when so many dwellings are handed over."))
    held = table.held.get("phases", [])
    if (
        not isinstance(held, list)
        or not all(isinstance(one, dict) for one in held)
        or (not held and "phases" in table.held)
    ):
        table.refuse("phases", example)
        return ()
    stated = (Stated(f"{table.where}phases {at}: ", one, table.notes) for at, one in enumerate(held, start=1))
    return tuple(_phase(one) for one in stated)


def _phase(phase: Stated) -> tuple[float, date]:
    phase.close(("delivered", "dwellings"))
    phase.need("dwellings", Phrase("请写户数。", "State how many."))
    phase.need("delivered", Phrase('如 "2027-09"。', 'For example "2027-09".'))
    return phase.number("dwellings", 0.0), _day(phase, "delivered")


def _day(table: Stated, key: str) -> date:
    """A day: a TOML date, "2027-09" (its first day) or 2027 (31 August)."""
    value = table.held.get(key, "")
    if type(value) is date:
        return value
    found = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?", str(value))
    if found and 1 <= int(found[2] or AUGUST) <= 12:
        return date(int(found[1]), int(found[2]), 1) if found[2] else date(int(found[1]), AUGUST, 31)
    if key in table.held:
        table.refuse(key, Phrase(' "2027-09" 这样的年月', 'a month such as "2027-09"'))
    return date(2000, 1, 1)


KEYS = ("name", "x", "y", "polygon", "file", "crs", "phases", "persons_per_dwelling", "inside_share", "land")
KIND = Kind(KEYS, _read, brings_places=True)
