"""More or fewer people than in the base, because they come or go."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from siting.inputs.notes import Notes
from siting.inputs.stated import Stated
from siting.project import OVERALL
from siting.scenario.kinds.kind import Kind
from siting.scenario.kinds.people import Scaling, grows_up, read_scaled, with_ahead, with_residents
from siting.scenario.world import World, fault, township_units
from siting.words import Phrase


@dataclass(frozen=True, slots=True)
class NetMigration:
    """People a year who come less those who go, of each township named, or of the whole county."""

    where: str
    people: float
    townships: tuple[str, ...]

    def applied(self, world: World, notes: Notes) -> World:
        """With that many a year, where the study follows people through the years."""
        if not grows_up(world):
            what = Phrase("研究没有逐年推算。", "the study does not follow people through the years.")
            cure = Phrase(
                "请写 factor，或在研究文件 [demand] 中写 year。", "Write `factor`, or `year` in [demand] of the study."
            )
            fault(notes, self.where, what, cure)
            return world
        township_units(world, self.townships, self.where, notes)
        ahead = world.base.project.ahead
        asked = dict.fromkeys(self.townships or (OVERALL,), self.people)
        return with_ahead(world, replace(ahead, migration={**ahead.migration, **asked}))


@dataclass(frozen=True, slots=True)
class ChangeMigration(Scaling):
    """So many times the residents, in some townships or everywhere; children come and go with their families."""

    def applied(self, world: World, notes: Notes) -> World:
        """With the residents scaled, and their children."""
        factor = np.ones(len(world.area.units))
        factor[township_units(world, self.one.townships, self.where, notes)] = self.one.factor
        return with_residents(world, factor)


def _read(table: Stated, folder: Path) -> ChangeMigration | NetMigration:
    if "people_a_year" not in table.held:
        return ChangeMigration(read_scaled(table))
    if "factor" in table.held:
        table.refuse("factor", Phrase("（已写 people_a_year，不再写它）", "left out beside `people_a_year`"))
    people = table.number("people_a_year", 0.0, least=-np.inf)
    return NetMigration(table.where, people, table.texts("townships"))


KIND = Kind(("factor", "people_a_year", "townships"), _read)
