"""A site stays as the base's own plan has it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from siting.inputs.notes import Notes
from siting.inputs.stated import Stated
from siting.project import Lock
from siting.scenario.kinds.kind import Kind
from siting.scenario.kinds.settle import KEYS, AtSite, find, locked, read_settled, required
from siting.scenario.world import World, fault
from siting.words import Phrase


@dataclass(frozen=True, slots=True)
class LockSite(AtSite):
    """What the base builds or extends there is built or extended, what it leaves is left."""

    def applied(self, world: World, notes: Notes) -> World:
        """Required where the base builds or extends it, else forbidden; a fault where the base has no plan."""
        found = find(world, self.one, notes)
        if found is None:
            return world
        if world.plan is None:
            what = Phrase("须先有基准方案。", "the base has to have a plan first.")
            fault(notes, self.where, what, Phrase("请用 siting whatif 运行。", "Run it with siting whatif."))
            return world
        parts = [part for part in world.plan.parts if part.tier == self.one.tier]
        action = next((site.action for part in parts for site in part.sites if site.id == found.id), "")
        if action in ("new", "extend"):
            return required(world, self.one, found, notes)
        return locked(world, self.one, found, Lock(found.id, self.one.tier, "forbid", self.one.reason), notes)


def _read(table: Stated, folder: Path) -> LockSite:
    return LockSite(read_settled(table))


KIND = Kind(KEYS, _read)
