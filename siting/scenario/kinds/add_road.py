"""A bridge, an underpass or a way between two roads that exist."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import shapely

from siting.inputs.drawn import Drawn, shape_of
from siting.inputs.notes import Notes
from siting.inputs.stated import Stated
from siting.scenario.kinds.kind import Kind
from siting.scenario.roadwork import linked, noded
from siting.scenario.world import World, fault
from siting.words import Phrase

SNAP_M = 50.0
"""How near a road an end has to lie."""


@dataclass(frozen=True, slots=True)
class AddRoad:
    """A line that meets the roads at its two ends and nowhere else; no house or school is put on it, so that it makes
    no walk longer."""

    where: str
    line: Drawn
    snap_m: float

    def applied(self, world: World, notes: Notes) -> World:
        """With the line, each end joined to the nearest place of a road; a fault for each end far from any."""
        xy = shapely.get_coordinates(self.line.in_metres(world.area.crs))
        roads, first, first_m = noded(world.area.roads, *xy[0])
        roads, last, last_m = noded(roads, *xy[-1])
        far = [metres for metres in (first_m, last_m) if metres > self.snap_m]
        for metres in far:
            _say_far(self.where, metres, self.snap_m, notes)
        if first == last:
            what = Phrase("两端接在同一处。", "both ends meet the roads at one place.")
            fault(notes, self.where, what, Phrase("请检查坐标与 crs。", "Check the coordinates and `crs`."))
        if far or first == last:
            return world
        bends = xy[int(first_m == 0.0) : len(xy) - int(last_m == 0.0)]
        return world.with_area(replace(world.area, roads=linked(roads, first, bends, last)))


def _say_far(where: str, metres: float, limit_m: float, notes: Notes) -> None:
    fault(
        notes,
        where,
        Phrase(
            f"一端距最近的道路 {metres:.0f} 米，超过 {limit_m:g} 米。",
            f"an end lies {metres:.0f} m from the nearest road, more than {limit_m:g} m.",
        ),
        Phrase("请画到道路上，或调大 snap_m。", "Draw it up to a road, or raise `snap_m`."),
    )


def _read(table: Stated, folder: Path) -> AddRoad | None:
    line = shape_of(table, "line", "line", folder)
    snap_m = table.number("snap_m", SNAP_M)
    return AddRoad(table.where, line, snap_m) if line is not None else None


KIND = Kind(("name", "line", "file", "crs", "snap_m"), _read)
