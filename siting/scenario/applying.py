"""A base with a scenario's changes made: another base, the first untouched."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from siting.candidates import candidate_places
from siting.errors import InputError
from siting.inputs.notes import Notes
from siting.plan import Plan
from siting.run import Base, divided
from siting.scenario.world import Scenario, World
from siting.study import Candidates, stacked, taken


def applied(base: Base, scenario: Scenario, plan: Plan | None = None) -> Base:
    """The base as a scenario has it. A scenario without changes gives the base itself.

    A what-if chooses among the places the base chooses among, and those that its new estates offer: generated
    candidates are written down before anything is changed. plan is the base's own, for what is locked as it is there.
    Raises InputError with every fault of every change.
    """
    return changed(with_places(base), scenario, plan) if scenario.changes else base


def with_places(base: Base) -> Base:
    """The base with every place that its programmes choose among written down; once for all scenarios."""
    return replace(base, area=replace(base.area, candidates=_places(base)))


def changed(placed: Base, scenario: Scenario, plan: Plan | None = None) -> Base:
    """``applied``, to a base with its places."""
    notes = Notes(scenario.file.name)
    world = World(placed, plan)
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
    place, position = divided(base), {unit: at for at, unit in enumerate(base.area.units.id)}
    of = np.array([position.get(unit, -1) for unit in place.units.part_of], dtype=np.int64)
    found = [candidate_places(place, one, base.project.limits.spacing_m) for one in base.project.programmes]
    in_files = [_kept(replace(places, unit=of[places.unit])) for places in found]
    every = stacked(*in_files, base.area.candidates)
    return taken(every, np.sort(np.unique(every.id, return_index=True)[1]))


def _kept(places: Candidates) -> Candidates:
    return taken(places, np.flatnonzero(places.unit >= 0))
