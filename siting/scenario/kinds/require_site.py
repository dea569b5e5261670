"""A candidate that is built, or a school that is extended, in any case."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from siting.inputs.notes import Notes
from siting.inputs.stated import Stated
from siting.scenario.kinds.kind import Kind
from siting.scenario.kinds.settle import KEYS, AtSite, find, read_settled, required
from siting.scenario.world import World


@dataclass(frozen=True, slots=True)
class RequireSite(AtSite):
    """A plot, or an extension, that has been promised."""

    def applied(self, world: World, notes: Notes) -> World:
        """With the project at the site required; a fault where a school that stands cannot grow."""
        found = find(world, self.one, notes)
        return world if found is None else required(world, self.one, found, notes)


def _read(table: Stated, folder: Path) -> RequireSite:
    return RequireSite(read_settled(table))


KIND = Kind(KEYS, _read)
