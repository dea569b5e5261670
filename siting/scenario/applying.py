"""A base with a scenario's changes made: another base, the first untouched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from siting.candidates import candidate_places
from siting.errors import InputError
from siting.inputs.notes import Notes
from siting.plan import Plan
from siting.run import Base, divided
from siting.scenario.world import Scenario, World
from siting.study import Candidates


def applied(base: Base, scenario: Scenario, plan: Plan | None = None) -> Base:
    """The base as a scenario has it. A scenario without changes gives the base itself.

    A what-if chooses among the places the base chooses among, and those that its new estates offer: generated
    candidates are written down before anything is changed. plan is the base's own, for what is locked as it is there.
    Raises InputError with every fault of every change.
    """
    if not scenario.changes:
        return base
    notes = Notes(scenario.file.name)
    world = World(replace(base, area=replace(base.area, candidates=_places(base))), plan)
    for change in scenario.changes:
        world = change.applied(world, notes)
    if notes.faults:
        raise InputError(tuple(notes.faults))
    files = {f"scenario {name}": (name, sha256) for name, sha256 in scenario.sources.items()}
    area = replace(world.area, sources={**world.area.sources, **files})
    return replace(world.base, area=area)


def _places(base: Base) -> Candidates:
    """Every place some programme of the base chooses among, in the units of its files; those of estates, which are no
    units yet, are left to them."""
    place = divided(base)
    position = {unit: at for at, unit in enumerate(base.area.units.id)}
    found = [candidate_places(place, one, base.project.limits.spacing_m) for one in base.project.programmes]
    of = [[position.get(place.units.part_of[unit], -1) for unit in places.unit.tolist()] for places in found]
    kept = list(_once(found, of))
    given = base.area.candidates
    rest = [row for row in range(len(given)) if given.id[row] not in {found[part].id[row] for part, row in kept}]
    return _joined(base.area.candidates, rest, [(found[part], row, of[part][row]) for part, row in kept])


def _once(found: list[Candidates], of: list[list[int]]) -> Iterator[tuple[int, int]]:
    """Part and row of every place in a unit of the files, each id once."""
    seen: set[str] = set()
    for part, places in enumerate(found):
        for row, site in enumerate(places.id):
            if site not in seen and of[part][row] >= 0:
                seen.add(site)
                yield part, row


def _joined(given: Candidates, rest: list[int], kept: list[tuple[Candidates, int, int]]) -> Candidates:
    """The kept places with their units, then those of the given that no programme asks about."""
    rows = [*kept, *((given, row, int(given.unit[row])) for row in rest)]
    return Candidates(
        id=tuple(places.id[row] for places, row, _ in rows),
        name=tuple(places.name[row] for places, row, _ in rows),
        tiers=tuple(places.tiers[row] for places, row, _ in rows),
        unit=np.array([unit for _, _, unit in rows], dtype=np.int64),
        x=np.array([places.x[row] for places, row, _ in rows], dtype=np.float64),
        y=np.array([places.y[row] for places, row, _ in rows], dtype=np.float64),
        max_classes=np.array([places.max_classes[row] for places, row, _ in rows], dtype=np.float64),
    )
