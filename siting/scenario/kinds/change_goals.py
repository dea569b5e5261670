"""The order in which goals are pursued."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from siting.inputs.notes import Notes
from siting.inputs.stated import Stated
from siting.project import GOALS, Goal
from siting.scenario.kinds.change_budget import with_programmes
from siting.scenario.kinds.kind import Kind
from siting.scenario.world import World
from siting.words import Phrase


@dataclass(frozen=True, slots=True)
class ChangeGoals:
    """Goals in strict order, for one programme or for all (programme "")."""

    where: str
    programme: str
    order: tuple[Goal, ...]

    def applied(self, world: World, notes: Notes) -> World:
        """With the goals in that order."""
        keys = (self.programme,) if self.programme else ()
        return with_programmes(world, keys, lambda old: replace(old, goals=self.order), self.where, notes)


def _read(table: Stated, folder: Path) -> ChangeGoals:
    table.need("order", Phrase("请写目标次序。", f"Give the goals in order: {', '.join(GOALS)}."))
    return ChangeGoals(table.where, table.text("programme"), table.words("order", GOALS, GOALS))


KIND = Kind(("programme", "order"), _read)
