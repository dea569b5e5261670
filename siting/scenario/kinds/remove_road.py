"""A road that is closed: the way between two places on it, or all that lies within a polygon."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from siting.inputs.drawn import Drawn, crs_stated, shape_of, written
from siting.inputs.notes import Notes
from siting.inputs.stated import Stated
from siting.scenario.kinds.kind import Kind
from siting.scenario.roadwork import cut_out, noded, shortest_way, without_edges
from siting.scenario.world import World, fault
from siting.study import Roads
from siting.words import Phrase

NEAR_M = 50.0
"""How near a road the ends of the closed piece have to lie."""


@dataclass(frozen=True, slots=True)
class RemoveRoad:
    """The ends of a piece of road, or the ground within which roads go."""

    where: str
    ends: tuple[Drawn, Drawn] | None
    ground: Drawn | None

    def applied(self, world: World, notes: Notes) -> World:
        """Without the shortest way between the two ends, or without what lies in the polygon."""
        left = self._between(world, notes) if self.ends else self._within(world, notes)
        if left is None:
            return world
        if not len(left.tail):
            what = Phrase("所有道路都被去掉了。", "no road is left.")
            fault(notes, self.where, what, Phrase("请缩小范围。", "Draw a smaller polygon."))
            return world
        return world.with_area(replace(world.area, roads=left))

    def _between(self, world: World, notes: Notes) -> Roads | None:
        assert self.ends is not None
        roads, nodes = world.area.roads, list[int]()
        for end in self.ends:
            place = end.in_metres(world.area.crs)
            roads, node, away_m = noded(roads, place.x, place.y, on_links=True)
            nodes.append(node)
            if away_m > NEAR_M:
                what = Phrase(
                    f"一端距最近的道路 {away_m:.0f} 米，超过 {NEAR_M:g} 米。",
                    f"an end lies {away_m:.0f} m from the nearest road, more than {NEAR_M:g} m.",
                )
                fault(notes, self.where, what, Phrase("请写道路上的点。", "Give places on the road."))
                return None
        way = shortest_way(roads, *nodes)
        if not len(way):
            what = Phrase("两端之间没有路。", "no road leads from one end to the other.")
            fault(notes, self.where, what, Phrase("请检查坐标与 crs。", "Check the coordinates and `crs`."))
            return None
        return without_edges(roads, way)

    def _within(self, world: World, notes: Notes) -> Roads | None:
        assert self.ground is not None
        left, within_m = cut_out(world.area.roads, self.ground.in_metres(world.area.crs))
        if within_m > 0.0:
            return left
        what = Phrase("范围内没有道路。", "no road lies within the polygon.")
        fault(notes, self.where, what, Phrase("请检查坐标与 crs。", "Check the coordinates and `crs`."))
        return None


def _read(table: Stated, folder: Path) -> RemoveRoad | None:
    if "polygon" in table.held or "file" in table.held:
        ground = shape_of(table, "polygon", "polygon", folder)
        return None if ground is None else RemoveRoad(table.where, None, ground)
    crs = crs_stated(table)
    for key in ("from", "to"):
        table.need(key, Phrase("请写两端 from、to，或 polygon。", "Give both ends, `from` and `to`, or a `polygon`."))
    if not crs or not {"from", "to"} <= table.held.keys():
        return None
    first, last = written(table, "from", "place", crs), written(table, "to", "place", crs)
    return None if first is None or last is None else RemoveRoad(table.where, (first, last), None)


KIND = Kind(("name", "from", "to", "polygon", "file", "crs"), _read)
