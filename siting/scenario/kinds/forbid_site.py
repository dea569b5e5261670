"""No project at a site: a candidate is not built, a school is not enlarged."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from siting.inputs.notes import Notes
from siting.inputs.stated import Stated
from siting.project import Lock
from siting.scenario.kinds.kind import Kind
from siting.scenario.kinds.settle import KEYS, AtSite, find, locked, read_settled
from siting.scenario.world import World


@dataclass(frozen=True, slots=True)
class ForbidSite(AtSite):
    """A plot that cannot be had, or a school that cannot grow."""

    def applied(self, world: World, notes: Notes) -> World:
        """With the site forbidden."""
        found = find(world, self.one, notes)
        if found is None:
            return world
        return locked(world, self.one, found, Lock(found.id, self.one.tier, "forbid", self.one.reason), notes)


def _read(table: Stated, folder: Path) -> ForbidSite:
    return ForbidSite(read_settled(table))


KIND = Kind(KEYS, _read)
