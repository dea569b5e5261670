"""A school that is closed; that needs a hearing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from siting.inputs.notes import Notes
from siting.inputs.stated import Stated
from siting.scenario.kinds.kind import MEANT, Kind, needed_text, reason_of
from siting.scenario.world import World, fault, school_rows
from siting.study import TIERS, Tier, taken
from siting.words import Phrase

HEARING = Phrase("须先听证", "needs a hearing")
"""Mergers, closures and conversions of rural schools need a hearing, a county study and a month's publication (Hebei
rule on the layout of rural schools, S; 国办发〔2012〕48号, K-H)."""


@dataclass(frozen=True, slots=True)
class CloseSchool:
    """A school, or one tier of it (tier None: all)."""

    where: str
    school: str
    tier: Tier | None
    reason: Phrase

    def applied(self, world: World, notes: Notes) -> World:
        """Without the school; its premises stay the candidate they were for other tiers."""
        rows = school_rows(world, self.school, self.tier, self.where, notes)
        if not rows or not may_change(world, rows[0], self.where, notes):
            return world
        schools, name = world.area.schools, world.area.schools.name[rows[0]]
        kept = np.setdiff1d(np.arange(len(schools)), rows)
        what = Phrase(
            f"撤并 {name}（{self.reason.zh}）：{HEARING.zh}。", f"{name} is closed ({self.reason.en}): {HEARING.en}."
        )
        area = replace(world.area, schools=taken(schools, kept))
        return world.with_area(area).remarked(notes.file, what)


def may_change(world: World, row: int, where: str, notes: Notes) -> bool:
    """Whether a school is free to be closed or converted; a fault where the study protects it."""
    schools, protected = world.area.schools, world.base.project.protected_schools
    if not {schools.id[row], schools.name[row]} & protected:
        return True
    name = schools.name[row]
    what = Phrase(f"“{name}”是受保护的学校，不得撤并或转型。", f"'{name}' is protected and stays what it is.")
    cure = Phrase("请改选别的学校。", "Choose another school; `protected_schools` in the study file lists those.")
    fault(notes, where, what, cure)
    return False


def _read(table: Stated, folder: Path) -> CloseSchool:
    school = needed_text(table, "school", Phrase("请写学校的编号或名称。", "Name the school, or its id."))
    tier = table.word("tier", TIERS, TIERS[0], MEANT) if "tier" in table.held else None
    return CloseSchool(table.where, school, tier, reason_of(table))


KIND = Kind(("school", "tier", "reason"), _read)
