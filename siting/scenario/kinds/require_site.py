"""A candidate that is built in any case."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from siting.inputs.notes import Notes
from siting.inputs.stated import Stated
from siting.project import Lock
from siting.scenario.kinds.kind import Kind
from siting.scenario.kinds.settle import KEYS, AtSite, Settled, find, locked, read_settled
from siting.scenario.world import World, fault
from siting.words import Phrase


@dataclass(frozen=True, slots=True)
class RequireSite(AtSite):
    """A plot that has been promised."""

    def applied(self, world: World, notes: Notes) -> World:
        """With the candidate required. A school that stands already is a fault: it is kept anyway, and no extension can
        be required."""
        found = find(world, self.one, notes)
        if found is None:
            return world
        if found.is_school:
            say_stands(self.one, notes)
            return world
        return locked(world, self.one, found, Lock(found.id, self.one.tier, "require", self.one.reason), notes)


def say_stands(one: Settled, notes: Notes) -> None:
    """That an extension cannot be required."""
    fault(
        notes,
        one.where,
        Phrase(
            f"“{one.site}”是现有学校，总会保留；目前不能规定必须扩建。",
            f"'{one.site}' is a school that stands and is kept anyway; no extension can be required yet.",
        ),
        Phrase(
            "请在学校表中把班数改为扩建后的班数，作为已定项目。",
            "State its classes after the extension in the table of schools, as a project that is settled.",
        ),
    )


def _read(table: Stated, folder: Path) -> RequireSite:
    return RequireSite(read_settled(table))


KIND = Kind(KEYS, _read)
