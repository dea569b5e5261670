"""How many projects a programme may do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from siting.inputs.asked_budget import stated_budget
from siting.inputs.notes import Notes
from siting.inputs.stated import Stated
from siting.project import Budget, Programme
from siting.scenario.kinds.kind import Kind, needed_text
from siting.scenario.world import World, fault, nearest
from siting.words import Phrase


@dataclass(frozen=True, slots=True)
class ChangeBudget:
    """A programme's key and its new budget."""

    where: str
    programme: str
    budget: Budget

    def applied(self, world: World, notes: Notes) -> World:
        """With the budget in the place of the study's, or of the rulebook's."""
        return with_programmes(
            world, (self.programme,), lambda old: replace(old, budget=self.budget), self.where, notes
        )


def with_programmes(
    world: World, keys: tuple[str, ...], change: Callable[[Programme], Programme], where: str, notes: Notes
) -> World:
    """The world with some programmes changed, all where no key is given; a fault for each key that is not there."""
    project = world.base.project
    known = [programme.key for programme in project.programmes]
    for key in keys:
        if key not in known:
            fault(notes, where, Phrase(f"没有项目“{key}”。", f"there is no programme '{key}'."), nearest(key, known))
    changed = tuple(change(old) if not keys or old.key in keys else old for old in project.programmes)
    return replace(world, base=replace(world.base, project=replace(project, programmes=changed)))


def _read(table: Stated, folder: Path) -> ChangeBudget:
    example = Phrase('如 programme = "primary-urban"。', 'For example programme = "primary-urban".')
    table.need(
        "budget", Phrase('如 budget = "new <= 6, extend <= 1"。', 'For example budget = "new <= 6, extend <= 1".')
    )
    return ChangeBudget(table.where, needed_text(table, "programme", example), stated_budget(table))


KIND = Kind(("programme", "budget"), _read)
